"""Proposals over HTTP: asked for, looked at beside the draft, taken in part, and taken back."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.agenda.models import Proposal, Session, Step
from app.agenda.rules import Placement, ProposalState
from app.database import DbSession
from app.extensions import database
from app.proposals import jobs as proposals
from app.proposals.jobs import SILENT
from app.proposals.outcome import Line, Outcome
from app.proposals.proposal import Hindrance, Rule, Tally
from app.proposals.wishes import Aim, Frame, Scope, Wishes
from app.values.actor import COMMAND, Role
from app.web.transaction import transaction
from tests.conftest import NOW
from tests.factories.accounts import make_account, sign_in
from tests.factories.agenda import make_room, make_session
from tests.factories.editions import make_edition

HAIKOU = "/organise/editions/2027-haikou"
PROPOSE = f"{HAIKOU}/agenda/propose"
LATER = NOW + timedelta(seconds=30)
DAY = datetime(2027, 9, 23, 9).date()
WISHES = Wishes(Scope.UNPLACED, (Frame(DAY),), seconds=10)


@dataclass(frozen=True)
class Place:
    """An edition with two rooms and two sessions in the first, at nine and at eleven."""

    edition: int
    coral: int
    studio: int
    cells: int
    labels: int


@contextmanager
def writing(app: Flask) -> Iterator[DbSession]:
    with app.app_context():
        with transaction() as db:
            yield db
        database.session.remove()


@pytest.fixture
def place(app: Flask) -> Place:
    with writing(app) as db:
        edition = make_edition(db)
        coral, studio = make_room(db, edition, "Coral Room"), make_room(db, edition, "Lighthouse Studio")
        cells = make_session(db, edition, "Solid-state cells", "2027-09-23 09:00", "2027-09-23 10:00", room=coral)
        labels = make_session(db, edition, "Labels", "2027-09-23 11:00", "2027-09-23 12:00", room=coral)
        return Place(edition.id, coral.id, studio.id, cells.id, labels.id)


def browser(app: Flask, place: Place, role: Role, name: str) -> FlaskClient:
    with writing(app) as db:
        account = make_account(db, f"{role}@forum.test", role, edition_id=place.edition, name=name).id
    return sign_in(app.test_client(), account)


@pytest.fixture
def olga(app: Flask, place: Place) -> FlaskClient:
    return browser(app, place, Role.ORGANISER, "Olga Organiser")


def at(hour: float) -> datetime:
    return datetime(2027, 9, 23, int(hour), round(hour % 1 * 60))


def placed(hour: float, room: int) -> Placement:
    return Placement(DAY, at(hour), at(hour + 1), room)


def asked(db: DbSession, edition_id: int, **overrides: Any) -> Proposal:
    row = proposals.ask(db, edition_id, WISHES, actor=COMMAND, now=NOW)
    for name, value in overrides.items():
        setattr(row, name, value)
    db.flush()
    return row


@dataclass(frozen=True)
class Ready:
    """A finished proposal: the first session to eleven o'clock in the studio, the second to nine there."""

    id: int
    address: str


@pytest.fixture
def ready(app: Flask, place: Place) -> Ready:
    with writing(app) as db:
        third = make_session(db, db.get_one(Session, place.cells).edition, "Poster walk").id
        lines = (
            Line(place.labels, placed(11, place.coral), placed(9, place.studio)),
            Line(place.cells, placed(9, place.coral), placed(11, place.studio)),
        )
        found = Outcome(
            lines, {third: (Hindrance(Rule.ROOM, other=place.cells),)},
            (Tally(Aim.PLACED, 1, 5000), Tally(Aim.TOPIC, 30, 60)), 5040.0, 3,
        )  # fmt: skip
        progress = {"placed": 2, "sessions": 3, "points": 5060, "bound": 5040}
        row = asked(db, place.edition, state=ProposalState.DONE, result=found.to_json(), progress=progress)
        return Ready(row.id, f"{HAIKOU}/agenda/proposals/{row.id}")


def words(answer: TestResponse) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text.partition('<main id="main"')[2])).split())


def wished(**changed: object) -> dict[str, object]:
    form: dict[str, object] = {
        "scope": "unfixed", "seconds": "5", "step": "15", "pause": "15", "use_20270923": "y", "opens_20270923": "9:00",
        "closes_20270923": "18:00", "use_20270924": "y", "opens_20270924": "9", "closes_20270924": "24:00",
    }  # fmt: skip
    form |= {f"weight_{aim}": "2" for aim in Aim if aim is not Aim.PLACED}
    return {name: value for name, value in (form | changed).items() if value is not None}


def test_the_form_begins_with_what_is_planned_and_the_row_has_what_was_asked(app: Flask, olga: FlaskClient) -> None:
    page = olga.get(PROPOSE)
    assert "0 sessions without a place · 2 that could be moved" in words(page)
    assert 'value="09:00"' in page.text
    answer = olga.post(PROPOSE, data=wished(weight_topic="4", opens_20270923="8.30"))
    assert answer.status_code == 303
    with app.app_context():
        row = database.session.scalars(select(Proposal)).one()
        asked_for = Wishes.from_json(row.wishes)
        assert (row.asked_by, asked_for.weight(Aim.TOPIC), asked_for.scope) == ("Olga Organiser", 4, Scope.UNFIXED)
        assert asked_for.frames == (Frame(DAY, 510, 1080), Frame(DAY + timedelta(days=1), 540, 1440))
        assert answer.location.endswith(f"/agenda/proposals/{row.id}")
    assert "A proposal is being worked out at this moment." in words(olga.get(PROPOSE))
    again = olga.post(PROPOSE, data=wished())
    assert again.status_code == 409
    assert "being worked out already" in words(again)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"use_20270923": None, "use_20270924": None}, "Tick at least one day."),
        ({"closes_20270923": "8:00"}, "The end is not after the start."),
        ({"opens_20270923": ""}, "This field is required."),
        ({"opens_20270923": "soon"}, "Write a time such as 09:30."),
        ({"seconds": "9999"}, "Number must be between 1 and 300."),
        ({"step": "7"}, "Not a valid choice."),
        ({"scope": "all"}, "Not a valid choice."),
        ({"scope": "unplaced"}, "There is nothing to place"),
    ],
)
def test_what_cannot_be_asked_is_said_and_the_rest_is_kept(
    app: Flask,
    olga: FlaskClient,
    changed: dict[str, Any],
    said: str,
) -> None:
    answer = olga.post(PROPOSE, data=wished(pause="25", **changed))
    assert answer.status_code == 422
    assert said in words(answer)
    assert 'value="25"' in answer.text
    with app.app_context():
        assert database.session.scalars(select(Proposal)).all() == []


def test_while_it_runs_the_page_counts_and_its_part_is_asked_for_cheaply(
    app: Flask, olga: FlaskClient, place: Place
) -> None:
    with writing(app) as db:
        id_ = asked(db, place.edition).id
        address = f"{HAIKOU}/agenda/proposals/{id_}"
        proposals.claim(db, id_, NOW)
        proposals.beat(
            db, id_, NOW, {"placed": 30, "sessions": 52, "points": 111_500, "bound": 900, "seconds": 4.2}, NOW
        )
    page = words(olga.get(address))
    assert "30 of 52 sessions have a place. 1,500 points; fewer are better." in page
    assert "4 of at most 10 seconds" in page
    part = olga.get(f"{address}?part=progress")
    assert "30 of 52" in part.text
    assert olga.get(f"{address}?part=progress", headers={"If-None-Match": part.headers["ETag"]}).status_code == 304
    with writing(app) as db:
        proposals.beat(db, id_, NOW, {"placed": 31, "sessions": 52, "points": 105_000, "bound": 0}, LATER)
    changed = olga.get(f"{address}?part=progress", headers={"If-None-Match": part.headers["ETag"]})
    assert (changed.status_code, "31 of 52" in changed.text) == (200, True)


def test_without_a_worker_the_page_says_so(app: Flask, olga: FlaskClient, place: Place) -> None:
    with writing(app) as db:
        id_ = asked(db, place.edition, asked_at=NOW - SILENT).id
        address = f"{HAIKOU}/agenda/proposals/{id_}"
    assert "Nobody has taken it up yet: is the worker running?" in words(olga.get(address))
    with writing(app) as db:
        proposals.claim(db, id_, NOW - SILENT - timedelta(seconds=1))
    assert "Its worker has not been heard of for a while." in words(olga.get(address))


def test_stop_is_a_button(app: Flask, olga: FlaskClient, place: Place) -> None:
    with writing(app) as db:
        row_id = asked(db, place.edition).id
    address = f"{HAIKOU}/agenda/proposals/{row_id}"
    assert olga.post(f"{address}/stop").status_code == 303
    assert "Stopped before it began" in words(olga.get(address))


def test_the_result_stands_beside_the_draft_in_words(app: Flask, olga: FlaskClient, place: Place, ready: Ready) -> None:
    page = words(olga.get(ready.address))
    assert "Labels : Thu 23 Sep, 11:00, Coral Room → to Thu 23 Sep, 09:00, Lighthouse Studio 03:00 in Berlin" in page
    assert "2 of 3 sessions have a place. No rule is broken." in page
    assert "Sessions of one track run side by side for 30 minutes." in page
    assert (
        "60 points; fewer are better. No proposal which places as many can have fewer than 40: this one is 50 % above"
        in page
    )
    assert "Poster walk No room free The rooms that would do are taken, such as by “Solid-state cells”." in page
    assert whereabouts(app, place.cells) == [(at(9), place.coral)]
    assert "2 of 3" in words(olga.get(PROPOSE))


def take(client: FlaskClient, ready: Ready, *lines: int, **more: object) -> TestResponse:
    return client.post(f"{ready.address}/take", data={"line": list(lines), "key": str(uuid4()), **more})


def whereabouts(app: Flask, *sessions: int) -> list[tuple[Any, Any]]:
    with app.app_context():
        rows = {row.id: row for row in database.session.scalars(select(Session))}
        return [(rows[i].starts_at, rows[i].room_id) for i in sessions]


def test_a_part_is_taken_and_one_undo_takes_it_back(app: Flask, olga: FlaskClient, place: Place, ready: Ready) -> None:
    assert take(olga, ready, place.cells).status_code == 303
    assert whereabouts(app, place.cells, place.labels) == [(at(11), place.studio), (at(11), place.coral)]
    page = olga.get(ready.address)
    assert "You took 1 place from a proposal." in words(page)
    assert re.search(rf'id="line-{place.cells}".*?Taken', page.text, re.S)
    assert f'id="take-{place.labels}"' in page.text
    step = re.search(r'name="step" value="(\d+)"', page.text)
    assert step is not None
    undone = olga.post(f"{HAIKOU}/agenda/undo", data={"key": str(uuid4()), "step": step[1]})
    assert undone.status_code == 303
    assert whereabouts(app, place.cells, place.labels) == [(at(9), place.coral), (at(11), place.coral)]
    assert f'id="take-{place.cells}"' in olga.get(ready.address).text


def test_all_of_it_is_one_step(app: Flask, olga: FlaskClient, place: Place, ready: Ready) -> None:
    assert take(olga, ready, all="1").status_code == 303
    assert whereabouts(app, place.cells, place.labels) == [(at(11), place.studio), (at(9), place.studio)]
    assert "You took 2 places from a proposal." in words(page := olga.get(ready.address))
    assert "There is nothing left to take." in words(page)
    with app.app_context():
        assert len(database.session.scalars(select(Step)).all()) == 1


def test_the_same_form_sent_twice_takes_once(app: Flask, olga: FlaskClient, place: Place, ready: Ready) -> None:
    key = str(uuid4())
    for _n in range(2):
        assert take(olga, ready, place.cells, key=key).status_code == 303
    with app.app_context():
        assert len(database.session.scalars(select(Step)).all()) == 1


def test_what_fits_no_more_is_left_and_said(app: Flask, olga: FlaskClient, place: Place, ready: Ready) -> None:
    with writing(app) as db:
        other = make_session(
            db, db.get_one(Session, place.cells).edition, "Dean’s hour", "2027-09-23 11:30", "2027-09-23 12:30"
        )
        other.room_id = place.studio
    page = olga.get(ready.address)
    assert "Does not fit any more The rooms that would do are taken, such as by “Dean’s hour”." in words(page)
    assert f'id="take-{place.cells}"' not in page.text
    answer = take(olga, ready, place.cells, place.labels)
    assert answer.status_code == 303
    assert whereabouts(app, place.cells, place.labels) == [(at(9), place.coral), (at(9), place.studio)]
    assert "1 does not fit any more and was left" in words(olga.get(ready.address))
    assert take(olga, ready, place.cells).status_code == 409
    assert "None of it fits any more" in words(take(olga, ready, place.cells))


def test_what_a_colleague_moved_is_not_ticked(app: Flask, olga: FlaskClient, place: Place, ready: Ready) -> None:
    with writing(app) as db:
        session = db.get_one(Session, place.cells)
        session.starts_at, session.ends_at = at(14), at(15)
    page = olga.get(ready.address)
    assert "Moved by somebody since" in words(page)
    assert re.search(rf'id="take-{place.cells}"[^>]*>', page.text)
    assert not re.search(rf'id="take-{place.cells}"[^>]* checked', page.text)
    assert re.search(rf'id="take-{place.labels}"[^>]* checked', page.text)


def test_nothing_ticked_is_nothing_taken(olga: FlaskClient, ready: Ready) -> None:
    answer = take(olga, ready)
    assert answer.status_code == 422
    assert "Nothing is ticked" in words(answer)


@pytest.mark.parametrize("line", ["9" * 5000, "²", "-1", "x"])
def test_a_line_that_is_no_line_is_nothing_taken(olga: FlaskClient, ready: Ready, line: str) -> None:
    answer = olga.post(f"{ready.address}/take", data={"line": line})
    assert answer.status_code == 422


def test_who_may_only_look_looks(app: Flask, place: Place, ready: Ready) -> None:
    viewer = browser(app, place, Role.VIEWER, "Vera Viewer")
    page = viewer.get(ready.address)
    assert page.status_code == 200
    assert "checkbox" not in page.text
    for answer in (take(viewer, ready, place.cells), viewer.post(f"{ready.address}/stop"), viewer.get(PROPOSE)):
        assert answer.status_code == 404


def test_another_editions_proposals_and_sessions_are_nobodys_here(
    app: Flask,
    olga: FlaskClient,
    place: Place,
    ready: Ready,
) -> None:
    with writing(app) as db:
        elsewhere = make_edition(db, slug="2028-bremen", year=2028)
        theirs = asked(db, elsewhere.id).id
        session = make_session(db, elsewhere, "Elsewhere").id
    for path in ("", "/stop", "/take"):
        address = f"{HAIKOU}/agenda/proposals/{theirs}{path}"
        assert (olga.post(address) if path else olga.get(address)).status_code == 404
    assert take(olga, ready, session).status_code == 422
    assert whereabouts(app, session) == [(None, None)]
