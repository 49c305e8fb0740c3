"""A draft exists for nobody outside: not on any public address, under no slug, in no feed, map or search."""

from collections.abc import Iterator
from itertools import product

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.database import DbSession
from app.editions.models import Edition
from app.editions.rules import State
from app.values.language import Translated
from app.web.access import Who, audience_of
from app.web.transaction import transaction
from tests.factories.editions import make_edition
from tests.factories.people import make_organisation, make_person
from tests.factories.publishing import (
    in_three,
    plan_room,
    plan_session,
    plan_track,
    publish,
    replan,
    session_facts,
)
from tests.factories.speakers import make_speaker

SECRET = "zyxwvut"
BEGINNING = SECRET[:5]
"""What a searcher may type. Pages show it again, but not the rest."""
PUBLIC, DRAFT = "2027-haikou", "2028-draft"
SLUGS = {
    "lang": ["en", "de", "zh"],
    "edition": [PUBLIC, DRAFT],
    "session": ["opening", f"{SECRET}-talk", f"{SECRET}-published-in-draft"],
    "person": ["anna-schmidt", f"anna-{SECRET}"],
    "organisation": [f"{SECRET}-institute"],
    "track": ["batteries", f"{SECRET}-track"],
    "room": ["coral-room", f"{SECRET}-room"],
    "digest": ["0" * 64],
    "receipt": ["none"],
}


@pytest.fixture
def world(app: Flask) -> None:
    """An announced edition whose draft has moved on since its release, and a draft with a release of its own."""
    with app.app_context(), transaction() as db:
        announced = make_edition(db, state=State.ANNOUNCED)
        room, track = plan_room(db, announced), plan_track(db, announced)
        anna = make_speaker(db, announced)
        opening = plan_session(db, announced, "Opening", room_id=room.id, track_id=track.id, speakers=[anna])
        publish(db, announced)
        replan(db, opening, session_facts(f"Opening {SECRET}", abstract=in_three(SECRET)))
        _plan_in_secret(db, announced)
        draft = make_edition(db, slug=DRAFT, year=2028, title=in_three(SECRET), theme=in_three(SECRET))
        plan_session(db, draft, f"{SECRET} published in draft")
        _plan_in_secret(db, draft)
        publish(db, draft, note=SECRET)


def _plan_in_secret(db: DbSession, edition: Edition) -> None:
    institute = make_organisation(db, f"{SECRET} institute")
    speaker = make_speaker(
        db, edition, make_person(db, f"Anna {SECRET}"), organisation_id=institute.id, role=in_three(SECRET)
    )
    room, track = plan_room(db, edition, f"{SECRET} room"), plan_track(db, edition, f"{SECRET} track")
    plan_session(
        db, edition, f"{SECRET} talk", "12:00", "13:00", room_id=room.id, track_id=track.id, speakers=[speaker],
        note=Translated(SECRET),
    )  # fmt: skip


def addresses(app: Flask) -> Iterator[str]:
    """Every public address there could be for these things, some with a search for them."""
    for rule in app.url_map.iter_rules():
        audience = audience_of(app, rule.endpoint)
        if audience is None or audience.who not in (Who.PUBLIC, Who.VISITOR, Who.MACHINE) or "GET" not in rule.methods:
            continue
        if rule.endpoint in ("asset_file", "static"):
            continue
        assert rule.arguments <= SLUGS.keys(), f"{rule}: say what to put into its address"
        for values in product(*(SLUGS[name] for name in sorted(rule.arguments))):
            with app.test_request_context():
                adapter = app.url_map.bind("forum.test")
                address = adapter.build(rule.endpoint, dict(zip(sorted(rule.arguments), values, strict=True)))
            yield address
            if "q" in audience.arguments:
                yield f"{address}?q={BEGINNING}"


def test_nothing_of_a_draft_is_on_any_public_address(app: Flask, client: FlaskClient, world: None) -> None:
    asked = list(addresses(app))
    leaking, answered = [], []
    for address in asked:
        answer = client.get(address)
        told = answer.get_data().decode(errors="replace") + str(answer.headers)  # a PDF's words: see tests/exports
        if SECRET in told.replace(address, "").replace(address[3:], ""):
            leaking.append(address)
        if answer.status_code == 200:
            answered.append(address)

    assert leaking == []
    shown = [f"/en/editions/{PUBLIC}/agenda", f"/en/editions/{PUBLIC}/agenda/opening", "/en/people/anna-schmidt"]
    assert [address for address in shown if address not in answered] == []  # or the walk would prove nothing
    assert [address for address in answered if DRAFT in address or f"/{SECRET}" in address] == []


def test_the_same_titles_are_public_once_they_are_released(app: Flask, client: FlaskClient, world: None) -> None:
    with app.app_context(), transaction() as db:
        edition = db.query(Edition).filter_by(slug=PUBLIC).one()
        publish(db, edition)

    for page in (f"/en/editions/{PUBLIC}/agenda", f"/en/editions/{PUBLIC}/speakers", f"/en/search?q={BEGINNING}"):
        assert SECRET in client.get(page).get_data(as_text=True), page
