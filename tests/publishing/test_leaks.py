"""A draft exists for nobody outside: not on any public address, under no slug, in no feed, map or search."""

from collections.abc import Iterator
from itertools import product

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from app.agenda.rules import SessionRole
from app.database import DbSession
from app.editions.rules import State
from app.values.language import Translated
from app.web.access import Who, audience_of
from app.web.transaction import transaction
from tests.factories.editions import make_edition
from tests.factories.people import make_organisation, make_person
from tests.factories.publishing import (
    in_three,
    make_published,
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
"""What a searcher would type; pages may show it again, but not the rest."""
PUBLIC, DRAFT = "2027-haikou", "2028-draft"
SLUGS = {
    "lang": ["en", "de", "zh"],
    "edition": [PUBLIC, DRAFT],
    "session": ["opening", f"{SECRET}-talk", "published-in-draft"],
    "person": ["anna-schmidt", f"{SECRET}-person"],
    "organisation": [f"{SECRET}-institute"],
    "track": ["batteries", f"{SECRET}-track"],
    "room": ["coral-room", f"{SECRET}-room"],
}


@pytest.fixture
def world(app: Flask) -> None:
    """An announced edition whose draft has moved on since its release, and a draft with a release of its own."""
    with app.app_context(), transaction() as db:
        announced = make_published(db, make_speaker(db, make_edition(db, slug="1999-other", year=1999)))if False else None
        announced = make_edition(db, state=State.ANNOUNCED)
        opening = plan_session(
            db, announced, "Opening", room_id=plan_room(db, announced).id, track_id=plan_track(db, announced).id,
            speakers=[make_speaker(db, announced)],
        )  # fmt: skip
        publish(db, announced)
        _secrets(db, announced)
        facts = session_facts(f"Opening {SECRET}", abstract=in_three(SECRET), slug="opening")
        replan(db, opening, facts)
        draft = make_edition(db, slug=DRAFT, year=2028, title=in_three(SECRET), theme=in_three(SECRET))
        plan_session(db, draft, f"Published in draft {SECRET}", slug="published-in-draft")
        _secrets(db, draft)
        publish(db, draft, note=SECRET)


def _secrets(db: DbSession, edition: object) -> None:
    organisation = make_organisation(db, f"{SECRET} institute")
    person = make_person(db, f"Anna {SECRET}", slug=None)
    speaker = make_speaker(
        db, edition, person, organisation_id=organisation.id, role=Translated(SECRET), topic=Translated(SECRET)
    )
    room, track = plan_room(db, edition, f"{SECRET} room"), plan_track(db, edition, f"{SECRET} track")
    facts = {"room_id": room.id, "track_id": track.id, "speakers": [speaker]}
    plan_session(db, edition, f"{SECRET} talk", "12:00", "13:00", **facts)
