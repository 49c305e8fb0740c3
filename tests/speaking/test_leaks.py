"""What is the organisers' own, and what only waits, stands on no public address: no page, feed, search, image or JSON."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.database import DbSession
from app.editions.rules import State
from app.people.rules import Name
from app.speakers import corrections, materials, pipeline
from app.speakers.correcting import Field, name_json
from app.speakers.models import Speaker
from app.speakers.rules import Span, SpeakerState
from app.speakers.tokens import token_of
from app.values.actor import COMMAND
from app.values.language import Translated
from app.web import files
from app.web.transaction import transaction
from tests.conftest import NOW
from tests.factories.editions import make_edition, make_step
from tests.factories.publishing import plan_room, plan_session, plan_track, publish
from tests.factories.speakers import make_speaker
from tests.publishing.test_leaks import addresses
from tests.speakers.test_rules import at

SECRET = "zyxwvut"


@pytest.fixture
def world(app: Flask) -> str:
    """A speaker everybody sees, of whom the house knows much more; the digest of a picture of theirs that waits."""
    with app.app_context(), transaction() as db:
        edition = make_edition(db, state=State.ANNOUNCED)
        anna = make_speaker(
            db, edition, email=f"{SECRET}@speakers.test", private_note=SECRET, needs=SECRET, due_on=date(2027, 3, 3),
            role=Translated("Professor"), state=SpeakerState.INVITED,
        )  # fmt: skip
        room, track = plan_room(db, edition), plan_track(db, edition)
        plan_session(db, edition, "Opening", room_id=room.id, track_id=track.id, speakers=[anna])
        pipeline.move(db, anna.id, SpeakerState.CONFIRMED, saw=anna.state, note=SECRET, actor=COMMAND, now=NOW)
        _say(db, anna)
        publish(db, edition)
        return files.keep(f"{SECRET} picture".encode())


def _say(db: DbSession, anna: Speaker) -> None:
    for field, after in (
        (Field.NAME, name_json(Name(f"Anna {SECRET}"))),
        (Field.ROLE, Translated(SECRET, SECRET, SECRET).as_dict()),
        (Field.BIOGRAPHY, Translated(SECRET, SECRET, SECRET).as_dict()),
        (Field.PORTRAIT, {"digest": "e" * 64, "width": "4", "height": "3"}),
    ):
        corrections.propose(db, anna.id, field, after, now=NOW)
    materials.add_slides(
        db, anna.id, digest="f" * 64, name=f"{SECRET}.pdf", media="application/pdf", size=9, now=NOW
    )  # fmt: skip
    spans = [Span(at(9), at(11))]
    materials.say_when(db, anna.id, spans, None, revision=anna.revision, actor=COMMAND, now=NOW)


def test_no_public_address_tells_what_is_the_organisers_own(app: Flask, client: FlaskClient, world: str) -> None:
    asked, leaking, answered = list(addresses(app)), [], 0
    for address in asked:
        answer = client.get(address)
        told = answer.get_data().decode("utf-8", "replace") + str(answer.headers)
        if SECRET in told.replace(address, "").replace(address[3:], ""):
            leaking.append(address)
        answered += answer.status_code == 200 and b"Anna" in answer.data
    assert leaking == []
    assert answered > 10  # or the walk would prove nothing
    assert client.get(f"/portraits/{world}.webp").status_code == 404
    assert client.get(f"/en/search?q={SECRET[:5]}").text.count(SECRET) == 0


def test_once_taken_the_same_texts_are_public(app: Flask, client: FlaskClient, world: str) -> None:
    """The negative control: the walk would see them."""
    with app.app_context(), transaction() as db:
        anna = db.query(Speaker).one()
        for row in list(db.query(corrections.Correction)):
            if row.field == Field.ROLE:
                corrections.approve(db, row.id, saw=corrections.saw(row), actor=COMMAND, now=NOW)
        publish(db, anna.edition)
    assert SECRET in client.get("/en/editions/2027-haikou/speakers").text


def test_a_personal_page_shows_no_note_of_the_organisers(app: Flask, client: FlaskClient, world: str) -> None:
    with app.app_context(), transaction() as db:
        anna = db.query(Speaker).one()
        anna.needs, token = "", token_of(anna.uid, app.config["SECRET_KEY"])
        for row in list(db.query(corrections.Correction)):
            corrections.refuse(db, row.id, actor=COMMAND, now=NOW)
        materials.remove_slides(db, anna.id, 1, now=NOW)
        make_step(db, anna.edition, State.HELD)
    for then in ("", "/texts", "/time", "/portrait", "/slides", "/decline"):
        assert SECRET not in client.get(f"/en/speaking/{token}{then}").text
