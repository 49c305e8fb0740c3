"""The grid's gestures over HTTP: a script is answered in JSON, a form without a script by a page."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from app.agenda import actions
from app.agenda.models import Session, Step, Waiver
from app.agenda.notation import as_seen
from app.audit.models import AuditEntry
from app.database import DbSession
from app.extensions import database
from app.values.actor import COMMAND, Role
from app.values.language import Language
from app.web.transaction import transaction
from tests.conftest import NOW
from tests.factories.accounts import make_account, sign_in
from tests.factories.agenda import make_room, make_session
from tests.factories.editions import make_edition

HAIKOU = "/organise/editions/2027-haikou"
GESTURES, UNDO, REDO = (f"{HAIKOU}/agenda/{name}" for name in ("gestures", "undo", "redo"))
JSON = {"Accept": "application/json"}
AT_NINE = "2027-09-23T09:00/60/{room}"


@dataclass(frozen=True)
class Place:
    """An edition with two rooms and two sessions in the first, at nine and at eleven."""

    edition: int
    coral: int
    studio: int
    cells: int
    labels: int

    def moved(self, **changed: object) -> dict[str, object]:
        """The form of moving the first one to half past eleven, in the other room."""
        form = {
            "key": str(uuid4()), "deed": "place", "session": self.cells, "on": "2027-09-23", "start": "11:30",
            "minutes": 60, "room": self.studio, "saw": AT_NINE.format(room=self.coral),
        }  # fmt: skip
        return form | changed


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


def browser(app: Flask, place: Place, role: Role, name: str, language: Language = Language.EN) -> FlaskClient:
    with writing(app) as db:
        email = f"{role}{name[:2]}{language}@forum.test"
        account = make_account(db, email, role, edition_id=place.edition, name=name, language=language).id
    return sign_in(app.test_client(), account)


@pytest.fixture
def olga(app: Flask, place: Place) -> FlaskClient:
    return browser(app, place, Role.ORGANISER, "Olga Organiser")


@pytest.fixture
def anna(app: Flask, place: Place) -> FlaskClient:
    return browser(app, place, Role.AGENDA_EDITOR, "Annegret Löwenstein")


def stands(app: Flask, session_id: int) -> str:
    with app.app_context():
        session = database.session.get(Session, session_id)
        found = as_seen(session.placement) if session else "gone"
        database.session.remove()
        return found


def count(app: Flask, model: type[Any]) -> int:
    with app.app_context():
        found = len(database.session.scalars(select(model)).all())
        database.session.remove()
        return found


def words(answer: TestResponse) -> str:
    main = answer.text.split("<main", 1)[-1]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def flashed(client: FlaskClient, answer: TestResponse) -> str:
    assert answer.status_code == 303, answer.text
    return words(client.get(answer.location))


def test_a_move_by_script_is_answered_with_the_slot_its_findings_and_the_way_back(
    app: Flask, place: Place, olga: FlaskClient
) -> None:
    answer = olga.post(GESTURES, data=place.moved(room=place.coral, start="10:30"), headers=JSON)
    assert answer.status_code == 200
    told = answer.get_json()
    assert [(slot["id"], slot["saw"]) for slot in told["slots"] if slot["id"] == place.cells] == [
        (place.cells, f"2027-09-23T10:30/60/{place.coral}")
    ]
    assert "impossible" in {found["severity"] for found in told["findings"]}
    assert "Coral Room" in " ".join(found["text"] for found in told["findings"])
    assert told["said"] == "Moved. 1 new finding. Z takes it back."
    assert "You moved “Solid-state cells” from 09:00 to 10:30, Coral Room." in unescape(told["undo"])


def test_putting_right_what_was_wrong_is_said_too(place: Place, olga: FlaskClient) -> None:
    olga.post(GESTURES, data=place.moved(room=place.coral, start="10:30"), headers=JSON)
    saw = f"2027-09-23T10:30/60/{place.coral}"
    told = olga.post(GESTURES, data=place.moved(saw=saw), headers=JSON).get_json()
    assert told["said"] == "Moved. 1 finding solved. Z takes it back."
    told = olga.post(UNDO, data={"key": str(uuid4())}, headers=JSON).get_json()
    assert told["said"] == "Taken back. 1 new finding. Shift Z does it again."


def test_what_was_waved_through_is_nothing_new(app: Flask, place: Place, olga: FlaskClient) -> None:
    with writing(app) as db:
        db.add(
            Waiver(session_id=place.cells, problem="room_busy", reason="Both are short.", waived_by="", waived_at=NOW)
        )
    told = olga.post(GESTURES, data=place.moved(room=place.coral, start="10:30"), headers=JSON).get_json()
    assert told["said"] == "Moved. Z takes it back."


def test_who_is_refused_is_told_where_it_stands(place: Place, olga: FlaskClient) -> None:
    for wrong in ({"start": "23:30"}, {"start": "09:00", "room": place.coral}):
        told = olga.post(GESTURES, data=place.moved(**wrong), headers=JSON).get_json()
        assert (told["session"], told["stored"]["starts_at"]) == (place.cells, "2027-09-23T09:00:00")


def test_without_a_script_the_grid_comes_again_with_the_sentence(app: Flask, place: Place, olga: FlaskClient) -> None:
    answer = olga.post(GESTURES, data=place.moved(colour="kind"))
    assert answer.location == f"{HAIKOU}/agenda/grid?colour=kind&day=2027-09-23&session={place.cells}"
    assert "You moved “Solid-state cells” from 09:00, Coral Room to 11:30, Lighthouse Studio." in flashed(olga, answer)
    assert stands(app, place.cells) == f"2027-09-23T11:30/60/{place.studio}"


SENTENCES: list[tuple[dict[str, object], str]] = [
    ({"start": "11:30", "on": "2027-09-24"}, "You moved “Solid-state cells” from Thu 23 Sep, 09:00, Coral Room to Fri 24 Sep, 11:30, Lighthouse Studio"),
    ({"start": "09:00", "minutes": 75, "room": "coral"}, "You made “Solid-state cells” 75 minutes long."),
    ({"deed": "unplace"}, "You put “Solid-state cells” back to the unplaced."),
    ({"deed": "swap", "other": "labels"}, "You swapped “Solid-state cells” and “Labels”."),
    ({"deed": "shift", "start": "09:00", "by": 10}, "You moved 2 sessions 10 minutes later."),
    ({"deed": "shift", "start": "10:00", "by": -10}, "You moved 1 session 10 minutes earlier."),
    ({"deed": "duplicate"}, "You duplicated “Solid-state cells”."),
    ({"deed": "pin", "pinned": "1"}, "You pinned “Solid-state cells” where it stands."),
    (
        {"deed": "create", "title": "Coffee", "kind": "break", "room": "coral", "start": "10:00", "minutes": 30},
        "You added “Coffee”: Thu 23 Sep, 10:00, Coral Room.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("wish", "said"), SENTENCES, ids=[str(wish.get("deed", "place")) for wish, _ in SENTENCES])
def test_each_gesture_is_told_taken_back_and_done_again(
    app: Flask, place: Place, olga: FlaskClient, wish: dict[str, object], said: str
) -> None:
    named = {"coral": place.coral, "labels": place.labels}
    data = place.moved(**{name: named.get(str(value), value) for name, value in wish.items()})
    if wish.get("deed") == "shift":
        del data["room"]
    before = (stands(app, place.cells), count(app, Session))
    assert said in flashed(olga, olga.post(GESTURES, data=data))
    done = (stands(app, place.cells), count(app, Session))
    assert f"Taken back: {said}" in flashed(olga, olga.post(UNDO, data={"key": str(uuid4())}))
    assert (stands(app, place.cells), count(app, Session)) == before
    assert said in flashed(olga, olga.post(REDO, data={"key": str(uuid4())}))
    assert (stands(app, place.cells), count(app, Session)) == done


def test_a_script_is_told_what_is_gone_when_adding_is_taken_back(app: Flask, place: Place, olga: FlaskClient) -> None:
    drawn = place.moved(deed="create", title="Coffee", room=place.coral, start="14:00")
    told = olga.post(GESTURES, data=drawn, headers=JSON).get_json()
    (added,) = [slot["id"] for slot in told["slots"] if slot["title"] == "Coffee"]
    assert (told["gone"], told["said"].split(".")[0]) == ([], "Added")
    told = olga.post(UNDO, data={"key": str(uuid4())}, headers=JSON).get_json()
    assert told["gone"] == [added]
    asked = {"key": str(uuid4()), "since": told["number"]}
    told = olga.post(REDO, data=asked, headers=JSON).get_json()
    assert [slot["title"] for slot in told["slots"]] == ["Coffee"]


def test_steps_outlive_the_browser(app: Flask, place: Place, olga: FlaskClient) -> None:
    olga.post(GESTURES, data=place.moved())
    with writing(app) as db:
        account = db.scalars(select(Step.account_id)).one()
    again = sign_in(app.test_client(), account)
    again.post(UNDO, data={"key": str(uuid4())})
    assert stands(app, place.cells) == AT_NINE.format(room=place.coral)


def test_the_second_of_two_organisers_sees_both_and_chooses(
    app: Flask, place: Place, olga: FlaskClient, anna: FlaskClient
) -> None:
    anna.post(GESTURES, data=place.moved(start="14:30"))
    mine = place.moved(room=place.coral)
    answer = olga.post(GESTURES, data=mine, headers=JSON)
    assert answer.status_code == 409
    told = answer.get_json()
    assert (told["refused"], told["who"], told["session"]) == ("moved_meanwhile", "Annegret Löwenstein", place.cells)
    assert (told["stored"]["starts_at"], told["stored"]["room"]) == ("2027-09-23T14:30:00", place.studio)
    assert (told["wanted"]["starts_at"], told["wanted"]["room"]) == ("2027-09-23T11:30:00", place.coral)
    assert told["said"] == (
        "Meanwhile Annegret Löwenstein moved “Solid-state cells”: 14:30, Lighthouse Studio. "
        "You wanted: 11:30, Coral Room."
    )
    assert stands(app, place.cells) == f"2027-09-23T14:30/60/{place.studio}"
    assert olga.post(GESTURES, data=mine | {"force": "1"}, headers=JSON).status_code == 200
    assert stands(app, place.cells) == f"2027-09-23T11:30/60/{place.coral}"


def test_without_a_script_the_conflict_comes_with_all_that_was_typed(
    app: Flask, place: Place, olga: FlaskClient, anna: FlaskClient
) -> None:
    anna.post(GESTURES, data=place.moved(start="14:30"))
    answer = olga.post(GESTURES, data=place.moved(room=place.coral, minutes=55))
    assert answer.status_code == 409
    assert "Meanwhile Annegret Löwenstein moved “Solid-state cells”: 14:30, Lighthouse Studio." in words(answer)
    assert (
        "Stored now, Annegret Löwenstein 14:30, Lighthouse Studio Yours, not stored 11:30, Coral Room "
        "Take mine Keep theirs"
    ) in words(answer)
    stored = f"2027-09-23T14:30/60/{place.studio}"
    for field in ('value="11:30"', 'value="55"', f'name="saw" value="{stored}"'):
        assert field in answer.text
    assert insist(olga, answer).status_code == 303
    assert stands(app, place.cells) == f"2027-09-23T11:30/55/{place.coral}"


def insist(client: FlaskClient, answer: TestResponse) -> TestResponse:
    """Press “Take mine”."""
    form = re.search(
        r'<form method="post" action="([^"]+)" novalidate>\s*(<input.*?)<p class="actions">', answer.text, re.S
    )
    assert form is not None
    fields = re.findall(r'name="([^"]+)" value="([^"]*)"', form[2])
    return client.post(form[1], data={name: unescape(value) for name, value in fields})


INSISTED: list[tuple[dict[str, object], str]] = [
    ({"deed": "unplace"}, "-"),
    ({"deed": "swap", "other": "labels"}, "2027-09-23T11:00/60/{coral}"),
]


@pytest.mark.parametrize(("wish", "where"), INSISTED, ids=["unplace", "swap"])
def test_who_insists_without_a_script_has_the_very_gesture_done(
    app: Flask, place: Place, olga: FlaskClient, anna: FlaskClient, wish: dict[str, object], where: str
) -> None:
    anna.post(GESTURES, data=place.moved(start="14:30"))
    mine = place.moved(**{name: place.labels if value == "labels" else value for name, value in wish.items()})
    answer = olga.post(GESTURES, data=mine)
    assert answer.status_code == 409
    assert insist(olga, answer).status_code == 303
    assert stands(app, place.cells) == where.format(coral=place.coral)


def test_ones_own_other_window_is_no_other_person(app: Flask, place: Place, olga: FlaskClient) -> None:
    olga.post(GESTURES, data=place.moved(start="14:30"))
    told = olga.post(GESTURES, data=place.moved(), headers=JSON).get_json()
    assert told["said"].startswith("Meanwhile you moved “Solid-state cells” elsewhere: 14:30, Lighthouse Studio.")


def test_undo_asks_where_another_has_moved_it_since(
    app: Flask, place: Place, olga: FlaskClient, anna: FlaskClient
) -> None:
    olga.post(GESTURES, data=place.moved())
    anna.post(GESTURES, data=place.moved(start="16:00", saw=f"2027-09-23T11:30/60/{place.studio}"))
    answer = olga.post(UNDO, data={"key": str(uuid4())}, headers=JSON)
    assert (answer.status_code, answer.get_json()["who"]) == (409, "Annegret Löwenstein")
    page = olga.post(UNDO, data={"key": str(uuid4())})
    assert page.status_code == 409
    assert stands(app, place.cells) == f"2027-09-23T16:00/60/{place.studio}"
    assert insist(olga, page).status_code == 303
    assert stands(app, place.cells) == AT_NINE.format(room=place.coral)


def test_a_request_sent_twice_is_answered_alike_and_done_once(app: Flask, place: Place, olga: FlaskClient) -> None:
    shift = {"key": str(uuid4()), "deed": "shift", "on": "2027-09-23", "start": "08:00", "by": 30}
    first, again = (olga.post(GESTURES, data=shift, headers=JSON) for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert sorted(slot["saw"] for slot in again.get_json()["slots"]) == sorted(
        slot["saw"] for slot in first.get_json()["slots"]
    )
    assert (stands(app, place.cells), count(app, Step)) == (f"2027-09-23T09:30/60/{place.coral}", 1)


@pytest.mark.parametrize(
    ("wrong", "code", "said"),
    [
        ({"start": "23:30"}, "session_over_midnight", "That runs past midnight. A session ends on the day it begins."),
        ({"start": "25:99"}, "form", "Write a time such as 09:30."),
        ({"start": ""}, "form", "This field is required."),
        ({"minutes": "0"}, "form", "Number must be between 1 and 1440."),
        ({"on": ""}, "form", "Give the day too."),
        ({"on": "1066-10-14"}, "form", "The year must be between 1990 and 2200."),
        ({"deed": "explode"}, "form", "Not a valid choice."),
        ({"session": ""}, "form", "This field is required."),
        ({"key": "42"}, "form", "This form has no number of its own. Load the page again."),
        ({"saw": "yesterday"}, "form", "This form does not say where the session was seen. Load the page again."),
        ({"deed": "create", "title": " "}, "form", "Give the title in at least one language."),
        ({"deed": "shift", "by": "a lot"}, "form", "Not a valid integer value."),
        ({"room": "99999999999"}, "form", "Number must be between 1 and 2147483647."),
    ],
    ids=str,
)
def test_what_cannot_be_is_422_with_a_reason_and_changes_nothing(
    app: Flask, place: Place, olga: FlaskClient, wrong: dict[str, object], code: str, said: str
) -> None:
    noted = count(app, AuditEntry)
    answer = olga.post(GESTURES, data=place.moved(**wrong), headers=JSON)
    assert (answer.status_code, answer.get_json()["refused"], answer.get_json()["said"]) == (422, code, said)
    page = olga.post(GESTURES, data=place.moved(**wrong))
    assert page.status_code == 422
    assert said in words(page)
    assert (stands(app, place.cells), count(app, Step)) == (AT_NINE.format(room=place.coral), 0)
    assert count(app, AuditEntry) == noted


@pytest.mark.parametrize(("address", "said"), [(UNDO, "take back"), (REDO, "do again")])
def test_where_there_is_nothing_to_turn_it_says_so(olga: FlaskClient, address: str, said: str) -> None:
    answer = olga.post(address, data={"key": str(uuid4())}, headers=JSON)
    assert answer.status_code == 422
    assert answer.get_json()["said"] == f"There is nothing left to {said}."
    assert olga.post(address, data={"key": "x"}, headers=JSON).status_code == 422
    assert said in words(olga.post(address, data={"key": str(uuid4())}))


@pytest.mark.parametrize("role", [Role.VIEWER, Role.TRANSLATOR, Role.REGISTRATION_DESK, Role.CHECK_IN])
def test_who_may_not_plan_finds_nothing_there(app: Flask, place: Place, role: Role) -> None:
    client = browser(app, place, role, "Vera Viewer")
    for address in (GESTURES, UNDO, REDO):
        for headers in ({}, JSON):
            assert client.post(address, data=place.moved(), headers=headers).status_code == 404
    assert stands(app, place.cells) == AT_NINE.format(room=place.coral)


FOREIGN: dict[str, Callable[[Place, Place], dict[str, object]]] = {
    "session": lambda here, there: here.moved(session=there.cells, saw=""),
    "room": lambda here, there: here.moved(room=there.coral),
    "other": lambda here, there: here.moved(deed="swap", other=there.cells),
    "to unplace": lambda here, there: here.moved(deed="unplace", session=there.cells, saw=""),
    "to duplicate": lambda here, there: here.moved(deed="duplicate", session=there.cells),
    "to pin": lambda here, there: here.moved(deed="pin", session=there.cells, pinned="1"),
    "room of a new one": lambda here, there: here.moved(deed="create", title="A", room=there.coral),
}


@pytest.mark.parametrize("wish", FOREIGN.values(), ids=FOREIGN.keys())
def test_a_thing_of_another_edition_in_the_body_is_404(
    app: Flask, place: Place, olga: FlaskClient, wish: Callable[[Place, Place], dict[str, object]]
) -> None:
    with writing(app) as db:
        edition = make_edition(db, slug="2028-bremen", year=2028)
        room = make_room(db, edition)
        theirs = make_session(db, edition, "Theirs", "2027-09-23 09:00", "2027-09-23 10:00", room=room)
        there = Place(edition.id, room.id, room.id, theirs.id, theirs.id)
    assert olga.post(GESTURES, data=wish(place, there), headers=JSON).status_code == 404
    assert stands(app, there.cells) == AT_NINE.format(room=there.coral)
    assert (count(app, Step), count(app, Session)) == (0, 3)


def test_the_steps_of_another_are_not_mine_to_take_back(
    app: Flask, place: Place, olga: FlaskClient, anna: FlaskClient
) -> None:
    anna.post(GESTURES, data=place.moved())
    with writing(app) as db:
        step = db.scalars(select(Step.id)).one()
    assert olga.post(UNDO, data={"key": str(uuid4()), "step": step}, headers=JSON).status_code == 404
    assert anna.post(UNDO, data={"key": str(uuid4()), "step": step}, headers=JSON).status_code == 200


def test_the_changes_of_an_edition_say_from_where_to_where(app: Flask, place: Place, olga: FlaskClient) -> None:
    olga.post(GESTURES, data=place.moved())
    page = words(olga.get(f"{HAIKOU}/overview"))
    assert (
        "Olga Organiser moved Solid-state cells from Thu 23 Sep, 09:00–10:00, Coral Room "
        "to Thu 23 Sep, 11:30–12:30, Lighthouse Studio"
    ) in page


def test_sentences_are_in_the_readers_language(app: Flask, place: Place) -> None:
    """Dates and separators are; the words come with the catalogue."""
    client = browser(app, place, Role.ORGANISER, "Wan Gang", Language.ZH)
    answer = client.post(GESTURES, data=place.moved(on="2027-09-24"))
    assert "9月24日" in flashed(client, answer)


def test_a_gesture_asks_as_many_questions_with_many_sessions_as_with_few(
    app: Flask, place: Place, olga: FlaskClient
) -> None:
    few = questions(app, lambda: olga.post(GESTURES, data=place.moved(), headers=JSON))
    with writing(app) as db:
        edition = db.get_one(Session, place.cells).edition
        room = make_room(db, edition, "Third Room")
        for n in range(30):
            make_session(db, edition, f"Talk {n}", f"2027-09-24 {8 + n // 4:02}:00", "2027-09-24 17:00", room=room)
            make_session(db, edition, f"Unplaced {n}")
    saw = f"2027-09-23T11:30/60/{place.studio}"
    many = questions(app, lambda: olga.post(GESTURES, data=place.moved(start="12:00", saw=saw), headers=JSON))
    assert many <= few + 1  # the second gesture looks for steps to forget
    shift = {"deed": "shift", "on": "2027-09-24", "by": 5, "key": str(uuid4())}
    one = questions(app, lambda: olga.post(GESTURES, data=shift | {"start": "15:00"}, headers=JSON))
    all_ = shift | {"start": "08:00", "key": str(uuid4())}
    assert questions(app, lambda: olga.post(GESTURES, data=all_, headers=JSON)) <= one + 1


def questions(app: Flask, ask: Callable[[], TestResponse]) -> int:
    """How many statements a request sends; many rows of one kind are one."""
    asked: list[str] = []
    with app.app_context():
        engine = database.engine

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        answer = ask()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert answer.status_code == 200, answer.text
    return len(asked)


def test_the_form_and_the_gesture_refuse_a_time_the_clock_skips_alike(app: Flask) -> None:
    with writing(app) as db:
        edition = make_edition(db, zone="Europe/Berlin")
        room = make_room(db, edition)
        session = make_session(db, edition, "Night", room=room)
        berlin = Place(edition.id, room.id, room.id, session.id, session.id)
    client = browser(app, berlin, Role.ORGANISER, "Olga")
    skipped = berlin.moved(on="2027-03-28", start="02:30", saw="-")
    answer = client.post(GESTURES, data=skipped, headers=JSON)
    assert (answer.status_code, answer.get_json()["refused"]) == (422, "session_start_in_gap")


def test_a_session_removed_meanwhile_is_404_to_a_gesture_and_409_to_its_undoing(
    app: Flask, place: Place, olga: FlaskClient
) -> None:
    olga.post(GESTURES, data=place.moved())
    with writing(app) as db:
        actions.remove_session(db, place.cells, actor=COMMAND, now=NOW)
    assert olga.post(GESTURES, data=place.moved(), headers=JSON).status_code == 404
    answer = olga.post(UNDO, data={"key": str(uuid4())}, headers=JSON)
    assert (answer.status_code, answer.get_json()["refused"]) == (409, "session_gone")
