"""The list of what is wrong, and letting a finding stand."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.agenda import queries
from app.agenda.models import AgendaBook, Waiver
from app.values.actor import Role
from tests.agenda.test_manage import HAIKOU, Place, as_role, counted, organiser, place, words, writing
from tests.factories.agenda import make_room, make_session
from tests.factories.editions import make_edition

__all__ = ["organiser", "place"]
LIST = f"{HAIKOU}/agenda/findings"


@pytest.fixture
def clash(app: Flask, place: Place) -> int:
    """Another session in the same room at the same time, without a title in German. Its id."""
    with writing(app) as db:
        first = queries.session_of(db, place.edition, place.session)
        other = make_session(db, first.edition, "Grids", "2027-09-23 09:30", "2027-09-23 11:00", room=first.room)
        make_session(
            db, first.edition, "Poster walk", expected=200, room=make_room(db, first.edition, "Studio", capacity=40)
        )
        return other.id


def rows(client: FlaskClient, query: str = "") -> list[str]:
    """What stands in the rows of the list."""
    html = client.get(f"{LIST}{query}").text
    body = html.partition("<tbody>")[2].partition("</tbody>")[0]
    return [words(row) for row in body.split("<tr>")[1:]]


def waivers(app: Flask) -> list[tuple[int, str, str, str]]:
    with writing(app) as db:
        return [(w.session_id, w.problem, w.reason, w.waived_by) for w in db.scalars(select(Waiver))]


def test_every_line_names_the_sessions_and_leads_to_the_grid_and_the_field(
    organiser: FlaskClient, place: Place, clash: int
) -> None:
    html = organiser.get(LIST).text
    assert "Solid-state cells and Grids are in Meilan Hall at once." in words(html)
    assert f'href="{HAIKOU}/agenda/grid?day=2027-09-23&amp;session={place.session}"' in html
    assert f'href="{place.address}#room"' in html


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Impossible", "Serious", "Worth a look"]),
        ("?severity=impossible", ["Impossible"]),
        ("?kind=room_small", ["Serious"]),
        ("?day=2027-09-23", ["Impossible"]),
        ("?room={room}", ["Impossible"]),
        ("?room=none", []),
        ("?severity=serious&day=2027-09-23", []),
        ("?person={speaker}", []),
        ("?kind=nonsense&page=99", []),
        ("?waived=1", []),
    ],
)
@pytest.mark.usefixtures("clash")
def test_the_list_shows_what_its_address_asks_for(
    organiser: FlaskClient, place: Place, query: str, found: list[str]
) -> None:
    marks = rows(organiser, query.format(room=place.room, speaker=place.speaker))
    assert [next(mark for mark in ("Impossible", "Serious", "Worth a look") if row.startswith(mark)) for row in marks] == found  # fmt: skip


@pytest.mark.usefixtures("clash")
def test_a_person_is_found_wherever_a_finding_names_them(app: Flask, organiser: FlaskClient, place: Place) -> None:
    with writing(app) as db:
        speaker = queries.session_of(db, place.edition, place.session).speakers[0].speaker
        person, edition = speaker.person_id, speaker.edition
        make_session(db, edition, "Talk", "2027-09-23 09:00", "2027-09-23 10:00", speakers=(speaker,), for_all=True)
    [row, *_none] = rows(organiser, f"?person={person}&kind=person_busy")
    assert "is in Solid-state cells and Talk at once." in row


@pytest.mark.usefixtures("clash")
def test_a_long_list_comes_in_pages(app: Flask, organiser: FlaskClient, place: Place) -> None:
    with writing(app) as db:
        edition = queries.session_of(db, place.edition, place.session).edition
        for n in range(103):
            make_session(db, edition, f"Poster {n}")
    assert len(rows(organiser)) == 100
    assert len(rows(organiser, "?page=2")) == 6
    assert "101 to 106 of 106" in words(organiser.get(f"{LIST}?page=2").text)


def test_an_agenda_without_a_fault_says_so(organiser: FlaskClient, place: Place) -> None:
    assert "Nothing is wrong" in words(organiser.get(LIST).text)
    assert place.session


def test_the_number_of_queries_does_not_grow_with_the_findings(
    app: Flask, organiser: FlaskClient, place: Place
) -> None:
    def asked() -> int:
        with counted(app) as statements:
            assert organiser.get(LIST).status_code == 200
        return len(statements)

    def add(n: int) -> None:
        with writing(app) as db:
            first = queries.session_of(db, place.edition, place.session)
            speaker = first.speakers[0].speaker
            for minute in range(n):
                make_session(
                    db, first.edition, f"Talk {minute}", f"2027-09-23 09:{minute:02}", "2027-09-23 10:00",
                    room=first.room, speakers=(speaker,),
                )  # fmt: skip

    add(3)
    few = asked()
    add(20)
    assert asked() == few


def test_a_finding_may_stand_with_a_reason_that_stays_visible(
    app: Flask, organiser: FlaskClient, place: Place, clash: int
) -> None:
    form = {"problem": "room_busy", "reason": "Two halves of one room.", "next": f"{LIST}?severity=impossible"}
    answer = organiser.post(f"{HAIKOU}/agenda/{clash}/waive", data=form)
    assert (answer.status_code, answer.location) == (303, f"{LIST}?severity=impossible")
    assert waivers(app) == [(clash, "room_busy", "Two halves of one room.", "Olga Organiser")]
    assert rows(organiser, "?severity=impossible") == []
    [row] = rows(organiser, "?waived=1")
    assert "Let stand by Olga Organiser, 1 March 2027" in row
    assert "Two halves of one room." in row
    for session in (clash, place.session):  # on the pages of both
        assert "Two halves of one room." in words(organiser.get(f"{HAIKOU}/agenda/{session}").text)
    assert "Impossible 1" not in words(organiser.get(f"{HAIKOU}/agenda").text)


def test_taken_back_it_counts_again(app: Flask, organiser: FlaskClient, clash: int) -> None:
    address = f"{HAIKOU}/agenda/{clash}"
    organiser.post(f"{address}/waive", data={"problem": "room_busy", "reason": "Two halves."})
    for _twice in range(2):
        answer = organiser.post(f"{address}/unwaive", data={"problem": "room_busy"})
        assert (answer.status_code, answer.location) == (303, f"{address}#findings")
    assert waivers(app) == []
    assert len(rows(organiser, "?severity=impossible")) == 1


def test_a_reason_outlives_its_finding_and_can_be_taken_back_then(
    app: Flask, organiser: FlaskClient, clash: int
) -> None:
    address = f"{HAIKOU}/agenda/{clash}"
    organiser.post(f"{address}/waive", data={"problem": "no_speaker", "reason": "An empty stage is meant."})
    assert "Not the case any more. Let stand by Olga Organiser" in words(organiser.get(address).text)
    organiser.post(f"{address}/unwaive", data={"problem": "no_speaker"})
    assert waivers(app) == []


@pytest.mark.parametrize("reason", ["", "   ", "\u200b", "x" * 501])
def test_without_a_reason_nothing_stands_and_what_was_typed_stays(
    app: Flask, organiser: FlaskClient, clash: int, reason: str
) -> None:
    answer = organiser.post(f"{HAIKOU}/agenda/{clash}/waive", data={"problem": "room_busy", "reason": reason})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert (answer.text.count('href="#reason"'), answer.text.count('id="reason"')) == (1, 1)
    assert reason.strip() in answer.text
    assert waivers(app) == []


def test_a_kind_that_is_none_is_refused(app: Flask, organiser: FlaskClient, clash: int) -> None:
    answer = organiser.post(f"{HAIKOU}/agenda/{clash}/waive", data={"problem": "nonsense", "reason": "Because."})
    assert answer.status_code == 422
    assert organiser.post(f"{HAIKOU}/agenda/{clash}/unwaive", data={"problem": "nonsense"}).status_code == 303
    assert waivers(app) == []


def test_a_second_reason_does_not_write_over_the_first(app: Flask, organiser: FlaskClient, clash: int) -> None:
    address = f"{HAIKOU}/agenda/{clash}/waive"
    organiser.post(address, data={"problem": "room_busy", "reason": "Two halves."})
    answer = organiser.post(address, data={"problem": "room_busy", "reason": "Never mind."})
    assert answer.status_code == 409
    assert "Olga Organiser has let this finding stand already." in words(answer.text)
    assert [reason for _id, _problem, reason, _who in waivers(app)] == ["Two halves."]


def test_whoever_has_the_grid_open_hears_of_it(app: Flask, organiser: FlaskClient, place: Place, clash: int) -> None:
    def stamps() -> tuple[int, int]:
        with writing(app) as db:
            session = queries.session_of(db, place.edition, clash)
            return db.get_one(AgendaBook, place.edition).number, session.stamp

    before = stamps()[0]
    organiser.post(f"{HAIKOU}/agenda/{clash}/waive", data={"problem": "room_busy", "reason": "Two halves."})
    assert stamps() == (before + 1, before + 1)


@pytest.mark.parametrize("role", [Role.TRANSLATOR, Role.VIEWER])
def test_who_may_only_look_sees_the_list_and_lets_nothing_stand(
    app: Flask, place: Place, clash: int, role: Role
) -> None:
    client = as_role(app, role, place.edition)
    page = client.get(LIST)
    assert page.status_code == 200
    assert "Let it stand" not in page.text
    for act in ("waive", "unwaive"):
        answer = client.post(f"{HAIKOU}/agenda/{clash}/{act}", data={"problem": "room_busy", "reason": "So."})
        assert answer.status_code == 404
    assert waivers(app) == []


def test_a_session_of_another_edition_is_not_there(app: Flask, organiser: FlaskClient, place: Place) -> None:
    with writing(app) as db:
        foreign = make_session(db, make_edition(db, slug="2028-bremen", year=2028)).id
    for act in ("waive", "unwaive"):
        answer = organiser.post(f"{HAIKOU}/agenda/{foreign}/{act}", data={"problem": "no_time", "reason": "So."})
        assert answer.status_code == 404
    assert waivers(app) == []
    assert place.session


def test_after_saving_one_never_lands_on_another_host(organiser: FlaskClient, clash: int) -> None:
    form = {"problem": "room_busy", "reason": "So.", "next": "//evil.example/x"}
    answer = organiser.post(f"{HAIKOU}/agenda/{clash}/waive", data=form)
    assert answer.location == f"{HAIKOU}/agenda/{clash}#findings"
