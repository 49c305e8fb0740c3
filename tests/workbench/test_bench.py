"""The workbench over HTTP: the page, what has changed since, what a place would mean, and who may see what of it."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.agenda.models import Session
from app.agenda.rules import SessionKind
from app.extensions import database
from app.values.actor import Role
from app.web import clock
from app.workbench.looking import STAYS
from scripts import places
from tests.agenda.test_manage import HAIKOU, as_role, counted, words, writing
from tests.conftest import NOW
from tests.factories.accounts import make_account, sign_in
from tests.factories.agenda import make_room, make_session, make_track
from tests.factories.editions import make_edition
from tests.factories.people import make_person
from tests.factories.speakers import make_speaker

GRID, STATE, CHECK = f"{HAIKOU}/agenda/grid", f"{HAIKOU}/agenda/state.json", f"{HAIKOU}/agenda/grid/check"
LOOK = f"{HAIKOU}/agenda/look"
KEY = "8f14e45f-ceea-467f-ab0b-{:012}"


@dataclass
class Bench:
    edition: int
    hall: int
    coral: int
    opening: int
    cells: int
    lunch: int
    posters: int


@pytest.fixture
def bench(app: Flask) -> Bench:
    """Two rooms, a plenary, a talk, lunch for all, and a talk without a time."""
    with writing(app) as db:
        edition = make_edition(db)
        hall, coral = (make_room(db, edition, name, capacity=160) for name in ("Meilan Hall", "Coral Room"))
        track = make_track(db, edition)
        zha = make_speaker(db, edition, make_person(db, "查思远", "查", second="Zha Siyuan", second_family="Zha"))
        first = make_session(db, edition, "Opening", "2027-09-23 09:00", "2027-09-23 09:45", room=hall)
        cells = make_session(
            db, edition, "Solid-state cells", "2027-09-23 10:00", "2027-09-23 10:47",
            room=coral, track=track, speakers=(zha,), kind=SessionKind.TALK,
        )  # fmt: skip
        lunch = make_session(
            db, edition, "Lunch", "2027-09-23 12:30", "2027-09-23 13:30", kind=SessionKind.MEAL, for_all=True
        )
        posters = make_session(db, edition, "Poster walk", kind=SessionKind.TALK)
        return Bench(edition.id, hall.id, coral.id, first.id, cells.id, lunch.id, posters.id)


@pytest.fixture
def organiser(app: Flask, bench: Bench) -> FlaskClient:
    return as_role(app, Role.ORGANISER, bench.edition)


def moved(client: FlaskClient, session: int, start: str, room: int, n: int = 1, since: int = 0) -> Any:
    form = {
        "deed": "place", "session": session, "on": "2027-09-23", "start": start, "minutes": 45, "room": room,
        "key": KEY.format(n), "since": since,
    }  # fmt: skip
    answer = client.post(f"{HAIKOU}/agenda/gestures", data=form, headers={"Accept": "application/json"})
    assert answer.status_code == 200, answer.text
    return answer.json


def test_the_day_is_one_list_by_time_with_room_people_and_both_times(organiser: FlaskClient, bench: Bench) -> None:
    html = organiser.get(GRID).text
    listed = html.split('id="slots"')[1].split("</ol>")[0]
    assert words(listed).split("Opening")[0].endswith("09:00 –09:45 Berlin 03:00 ")
    assert [listed.index(f'data-session="{id_}"') for id_ in (bench.opening, bench.cells, bench.lunch)] == sorted(
        listed.index(f'data-session="{id_}"') for id_ in (bench.opening, bench.cells, bench.lunch)
    )
    assert "Solid-state cells Coral Room Zha Siyuan" in words(listed)
    assert "Poster walk" not in words(listed)
    assert "Unplaced, 1 Poster walk Talk, 30 min" in words(html).replace("B Batteries: ", "")


def test_a_session_stands_by_attributes_to_the_minute(organiser: FlaskClient, bench: Bench) -> None:
    html = organiser.get(GRID).text
    tag = html.split(f'<li id="slot-{bench.cells}" ')[1].split(">")[0]
    for part in ('data-at="120"', 'data-for="9"', 'data-more="2"', 'data-column="2"', f'data-room="{bench.coral}"'):
        assert part in tag
    assert f'data-saw="2027-09-23T10:00/47/{bench.coral}"' in tag
    assert "data-across" in html.split(f'<li id="slot-{bench.lunch}" ')[1].split(">")[0]


def test_the_stylesheet_of_places_is_what_its_script_writes() -> None:
    assert places.TARGET.read_text(encoding="utf-8") == places.stylesheet()


def test_every_module_the_page_loads_is_there(organiser: FlaskClient, bench: Bench) -> None:
    """What a module imports is called by its own hash: one that has changed is never taken from a cache."""
    todo = re.findall(r'<script type="module" src="([^"]+)"', organiser.get(GRID).text)
    seen: set[str] = set()
    while todo:
        address = todo.pop()
        seen.add(address)
        answer = organiser.get(address)
        assert answer.status_code == 200, address
        found = {urljoin(address, imported) for imported in re.findall(r'from "([^"]+)"', answer.text)}
        todo += found - seen
    assert len(seen) == len([*(places.TARGET.parents[1] / "js").glob("bench*.js")])


def test_slots_carry_the_words_of_what_is_wrong_with_them(organiser: FlaskClient, bench: Bench) -> None:
    moved(organiser, bench.opening, "10:15", bench.coral)
    slot = organiser.get(GRID).text.split(f'id="slot-{bench.cells}"')[1].split("</li>")[0]
    assert 'data-worst="impossible"' in slot
    assert "Impossible: Coral Room is also used by “Opening”, 10:15–11:00." in words(slot)


@pytest.mark.parametrize(
    ("colour", "word"),
    [
        ("track", "Batteries"),
        ("kind", "Talk"),
        ("language", "Language not said"),
        ("state", "All have agreed"),
        ("balance", "Nobody from either country"),
    ],
)
def test_colours_never_come_without_a_letter_and_a_word(
    app: Flask, organiser: FlaskClient, bench: Bench, colour: str, word: str
) -> None:
    html = organiser.get(f"{GRID}?colour={colour}").text
    slot = html.split(f'id="slot-{bench.cells}"')[1].split("</li>")[0]
    assert f'<span class="hidden">{word}: </span>' in slot.replace(' lang="en"', "")
    assert word in words(html.split('<ul class="legend')[1].split("</ul>")[0])
    assert "track-mark" not in html.split(f'id="slot-{bench.lunch}"')[1].split("</li>")[0]


def test_the_address_chooses_day_session_and_colour_and_ignores_what_it_does_not_know(
    organiser: FlaskClient, bench: Bench
) -> None:
    assert "Friday 24 September" in words(organiser.get(f"{GRID}?day=2027-09-24").text)
    chosen = organiser.get(f"{GRID}?session={bench.posters}&colour=kind").text
    assert "Put it there" in words(chosen.split('id="form"')[1])
    assert f"session={bench.cells}" in chosen
    assert "colour=kind" in chosen
    for nonsense in ("day=never", "session=99999999", "session=x", "zoom=7", "colour=blue", "part=nothing"):
        assert organiser.get(f"{GRID}?{nonsense}").status_code == 200


def test_an_address_that_asks_for_what_no_clock_shows_is_answered(organiser: FlaskClient, bench: Bench) -> None:
    endless = "9" * 5000
    assert organiser.get(f"{GRID}?zoom={endless}&session={endless}&day={endless}").status_code == 200
    late = f"session={bench.cells}&on=9999-12-31&start=23:00&minutes=999999999&room={endless}"
    assert organiser.get(f"{GRID}/check?{late}").status_code == 200
    assert organiser.get(f"{GRID}?{late}").status_code == 200
    assert organiser.get(f"{GRID}/check?{late.replace('9999-12-31', '0001-01-01')}").status_code == 200


def test_parts_of_the_page_can_be_asked_for_alone(organiser: FlaskClient, bench: Bench) -> None:
    side = organiser.get(f"{GRID}?part=side&session={bench.cells}").text
    assert "<html" not in side
    assert "Solid-state cells" in side
    assert "<html" not in organiser.get(f"{GRID}?part=findings").text


def test_the_findings_of_the_day_can_be_filtered(organiser: FlaskClient, bench: Bench) -> None:
    moved(organiser, bench.opening, "10:15", bench.coral)
    everything = organiser.get(f"{GRID}?part=findings").text
    impossible = organiser.get(f"{GRID}?part=findings&wrong=impossible").text
    assert "are in Coral Room at once" in words(everything)
    assert "are in Coral Room at once" in words(impossible)
    assert "nobody speaks yet" not in words(impossible)


def test_nothing_changed_is_304_after_one_query(app: Flask, organiser: FlaskClient, bench: Bench) -> None:
    tag = organiser.get(STATE).headers["ETag"]
    with counted(app) as asked:
        answer = organiser.get(STATE, headers={"If-None-Match": tag})
    assert answer.status_code == 304
    assert sum("agenda_book" in statement for statement in asked) == 1
    assert not any("session_speaker" in statement for statement in asked)
    with counted(app) as full:
        organiser.get(f"{STATE}?since=99")
    assert len(full) > len(asked)


def test_the_state_tells_what_another_did_since_and_who(app: Flask, organiser: FlaskClient, bench: Bench) -> None:
    before = organiser.get(STATE).json["number"]
    with writing(app) as db:
        annegret = make_account(db, "al@forum.test", Role.AGENDA_EDITOR, name="Annegret Löwenstein").id
    moved(sign_in(app.test_client(), annegret), bench.cells, "14:30", bench.hall)
    state = organiser.get(f"{STATE}?since={before}&day=2027-09-23").json
    assert [(slot["id"], slot["by"], slot["room"]) for slot in state["slots"]] == [
        (bench.cells, "Annegret Löwenstein", bench.hall)
    ]
    assert state["slots"][0]["where"] == "Thu 23 Sep, 14:30, Meilan Hall"
    assert state["slots"][0]["saw"] == f"2027-09-23T14:30/45/{bench.hall}"
    assert "Annegret Löwenstein" in state["slots"][0]["html"]
    assert state["there"] == [bench.opening, bench.lunch, bench.cells]
    assert state["number"] > before
    assert organiser.get(f"{STATE}?since={state['number']}").json["slots"] == []


def test_a_gesture_of_ones_own_is_nobody_elses(organiser: FlaskClient, bench: Bench) -> None:
    before = organiser.get(STATE).json["number"]
    reply = moved(organiser, bench.cells, "11:00", bench.hall, since=before)
    assert [(slot["id"], slot["by"]) for slot in reply["slots"]] == [(bench.cells, "")]
    assert "Undo" in words(reply["undo"])
    assert reply["marks"].keys() == reply["words"].keys()


def test_a_session_taken_off_the_grid_is_in_the_tray_and_not_in_the_day(organiser: FlaskClient, bench: Bench) -> None:
    before = organiser.get(STATE).json["number"]
    form = {"deed": "unplace", "session": bench.cells, "key": KEY.format(5), "since": before}
    headers = {"Accept": "application/json"}
    reply = organiser.post(f"{HAIKOU}/agenda/gestures", data=form | {"day": "2027-09-23"}, headers=headers).json
    assert bench.cells not in reply["there"]
    assert "Solid-state cells" in reply["tray"]
    assert reply["slots"][0]["html"] == ""


def test_what_would_be_wrong_elsewhere_is_said_and_nothing_is_stored(
    app: Flask, organiser: FlaskClient, bench: Bench
) -> None:
    wish = {"session": bench.opening, "on": "2027-09-23", "start": "10:15", "minutes": 45, "room": bench.coral}
    found = organiser.get(CHECK, query_string=wish).json
    assert found["worst"] == "impossible"
    assert found["said"] == "Impossible: Coral Room is also used by “Solid-state cells”, 10:00–10:47."
    assert organiser.get(CHECK, query_string=wish | {"start": "never"}).json == {"said": "", "worst": None}
    with app.app_context():
        assert database.session.get_one(Session, bench.opening).room_id == bench.hall


def test_whoever_may_only_see_gets_no_handle_and_no_form(app: Flask, bench: Bench) -> None:
    viewer = as_role(app, Role.VIEWER, bench.edition)
    html = viewer.get(f"{GRID}?session={bench.cells}&new=1").text
    assert "Solid-state cells" in html
    for tool in ("data-edits", 'data-gesture="', "data-news", "data-turn", ">Unplace<"):
        assert tool not in html, tool
    assert viewer.get(STATE).status_code == 200


def test_a_draft_is_nobodys_who_has_no_role_here(app: Flask, client: FlaskClient, bench: Bench) -> None:
    with writing(app) as db:
        other = make_edition(db, slug="2028-bremen", year=2028)
        make_session(db, other, "Secret of Bremen", "2028-09-23 10:00", "2028-09-23 11:00")
        stranger = make_account(db, "foreign@forum.test", Role.ORGANISER, edition_id=other.id).id
    foreign = sign_in(app.test_client(), stranger)
    for address in (GRID, STATE, CHECK):
        assert client.get(address).status_code == 303
        assert foreign.get(address).status_code == 404


def test_a_session_of_another_edition_is_not_looked_into(app: Flask, organiser: FlaskClient, bench: Bench) -> None:
    with writing(app) as db:
        other = make_edition(db, slug="2028-bremen", year=2028)
        secret = make_session(db, other, "Secret of Bremen", "2028-09-23 10:00", "2028-09-23 11:00").id
    wish = {"session": secret, "on": "2027-09-23", "start": "10:15", "minutes": 45}
    assert organiser.get(CHECK, query_string=wish).json == {"said": "", "worst": None}
    assert "Secret of Bremen" not in organiser.get(f"{GRID}?session={secret}").text


def test_whoever_opens_a_form_hears_who_has_it_open_too_until_they_close_it(
    app: Flask, organiser: FlaskClient, bench: Bench
) -> None:
    with writing(app) as db:
        annegret = make_account(db, "al@forum.test", Role.AGENDA_EDITOR, name="Annegret Löwenstein").id
    theirs = sign_in(app.test_client(), annegret)
    assert theirs.post(LOOK, data={"session": bench.cells}).json == {"said": ""}
    assert organiser.post(LOOK, data={"session": bench.cells}).json == {
        "said": "Annegret Löwenstein has this open too."
    }
    assert organiser.post(LOOK, data={"session": bench.opening}).json == {"said": ""}
    assert "Annegret Löwenstein has this open too." in organiser.get(f"{GRID}?session={bench.cells}").text
    theirs.post(LOOK, data={"session": ""})
    assert organiser.post(LOOK, data={"session": bench.cells}).json == {"said": ""}


def test_who_fell_silent_is_not_named_any_more(app: Flask, organiser: FlaskClient, bench: Bench) -> None:
    with writing(app) as db:
        annegret = make_account(db, "al@forum.test", Role.AGENDA_EDITOR, name="Annegret Löwenstein").id
    sign_in(app.test_client(), annegret).post(LOOK, data={"session": bench.cells})
    with clock.stopped(NOW + STAYS):
        assert organiser.post(LOOK, data={"session": bench.cells}).json == {"said": ""}


def test_a_form_of_another_edition_is_not_there_to_be_open(app: Flask, organiser: FlaskClient, bench: Bench) -> None:
    with writing(app) as db:
        other = make_edition(db, slug="2028-bremen", year=2028)
        secret = make_session(db, other, "Secret of Bremen").id
    assert organiser.post(LOOK, data={"session": secret}).status_code == 404
    assert as_role(app, Role.VIEWER, bench.edition).post(LOOK, data={"session": bench.cells}).status_code == 404


@pytest.mark.parametrize("path", [GRID, f"{GRID}?part=findings", f"{STATE}?since=0"])
def test_one_session_or_three_or_sixty_cost_the_same_number_of_queries(
    app: Flask, organiser: FlaskClient, bench: Bench, path: str
) -> None:
    def add(n: int) -> None:
        with writing(app) as db:
            row = database.session.get_one(Session, bench.cells).edition
            room, track = make_room(db, row, f"Room {n}"), make_track(db, row, f"Track {n}")
            for i in range(n):
                speaker, hour = make_speaker(db, row, make_person(db, f"Person {n} {i}")), i % 10 + 8
                make_session(
                    db, row, f"Talk {n} {i}", f"2027-09-23 {hour:02}:00", f"2027-09-23 {hour:02}:50",
                    room=room, track=track, speakers=(speaker,),
                )  # fmt: skip

    costs = []
    for more in (1, 3, 60):
        add(more)
        with counted(app) as asked:
            assert organiser.get(path).status_code == 200
        costs.append(len(asked))
    assert len(set(costs)) == 1, costs


def test_a_gesture_costs_the_same_number_of_queries_with_sixty_sessions(
    app: Flask, organiser: FlaskClient, bench: Bench
) -> None:
    with counted(app) as few:
        moved(organiser, bench.cells, "11:00", bench.hall, 1)
    with writing(app) as db:
        row = database.session.get_one(Session, bench.cells).edition
        for i in range(60):
            make_session(db, row, f"Talk {i}", f"2027-09-24 {i % 10 + 8:02}:00", f"2027-09-24 {i % 10 + 8:02}:50")
    with counted(app) as many:
        moved(organiser, bench.cells, "11:30", bench.hall, 2)
    assert len(many) == len(few)


@pytest.mark.parametrize("role", [Role.ORGANISER, Role.VIEWER])
def test_without_days_or_rooms_the_page_says_what_to_do_next(app: Flask, role: Role) -> None:
    with writing(app) as db:
        make_edition(db, slug="2028-bremen", year=2028, starts_on=None, ends_on=None, date_precision="year")
        make_edition(db, slug="2029-xian", year=2029)
        account = make_account(db, "someone@forum.test", role).id
    client = sign_in(app.test_client(), account)
    without_days = words(client.get("/organise/editions/2028-bremen/agenda/grid").text)
    without_rooms = words(client.get("/organise/editions/2029-xian/agenda/grid").text)
    assert "The days are not known yet" in without_days
    assert ("Set the days" in without_days) is (role is Role.ORGANISER)
    assert "No agenda yet" in without_rooms
    assert ("Add rooms" in without_rooms) is (role is Role.ORGANISER)


def test_where_home_is_on_another_day_the_scale_says_so(app: Flask) -> None:
    """In New York the forum's morning is the afternoon in Berlin, and the night in Beijing."""
    with writing(app) as db:
        edition = make_edition(db, slug="2027-ny", zone="America/New_York", country="US")
        make_room(db, edition)
        account = make_account(db, "someone@forum.test", Role.ORGANISER).id
    html = sign_in(app.test_client(), account).get("/organise/editions/2027-ny/agenda/grid").text
    scale = html.split('<ol class="scale"')[1].split("</ol>")[0]
    assert "12:00 18:00 00:00 Fri 24 12:30" in words(scale)
    assert "18:00 00:00 Fri 24 06:00 18:30" in words(scale)
    assert words(scale).count("Fri 24") == 2
