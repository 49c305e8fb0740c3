"""Who gets the floor: counted once each, minutes divided, beside the last editions."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.agenda.rules import SessionKind
from app.people.rules import Gender
from app.site.balance import Aspect, Figure, Turn, by_kind, compared, plot, tally
from app.speakers.rules import SpeakerState
from app.values.actor import Role
from app.web.transaction import transaction
from tests.factories.accounts import make_account, sign_in
from tests.factories.agenda import make_session
from tests.factories.editions import make_edition
from tests.factories.people import make_person
from tests.factories.speakers import make_speaker


def turn(person: int, country: str = "", minutes: float | None = 30, kind: SessionKind = SessionKind.TALK) -> Turn:
    return Turn(person, kind, minutes, country=country)


def test_a_person_counts_once_and_keeps_all_their_minutes() -> None:
    turns = [turn(1, "CN"), turn(1, "CN"), turn(2, "DE", 15)]
    assert tally(turns, Aspect.COUNTRY) == (Figure("CN", 1, 60, 0.5), Figure("DE", 1, 15, 0.5))


def test_shares_are_of_those_who_are_known_and_the_unknown_come_last() -> None:
    turns = [turn(1, "CN"), turn(2, "DE"), turn(3, "DE"), turn(4)]
    assert [(figure.answer, round(figure.share, 2)) for figure in tally(turns, Aspect.COUNTRY)] == [
        ("DE", 0.67), ("CN", 0.33), ("", 0.25),
    ]  # fmt: skip


def test_sessions_of_one_kind_are_counted_apart() -> None:
    turns = [turn(1, "CN"), turn(1, "CN", kind=SessionKind.PANEL), turn(2, "DE", kind=SessionKind.PANEL)]
    assert by_kind(turns, Aspect.COUNTRY) == {
        SessionKind.TALK: {"CN": 1},
        SessionKind.PANEL: {"CN": 1, "DE": 1},
    }


def test_a_country_that_only_an_earlier_edition_had_stays_in_view() -> None:
    rows = compared([turn(1, "CN")], [[turn(2, "FR")]], Aspect.COUNTRY)
    assert [(row.figure.answer, row.figure.speakers, [f and f.speakers for f in row.before]) for row in rows] == [
        ("CN", 1, [None]),
        ("FR", 0, [1]),
    ]


def test_the_plot_draws_no_dot_for_what_nobody_gave() -> None:
    drawn = plot(compared([turn(1)], [[turn(2, "FR")]], Aspect.COUNTRY), str)
    assert [(line.name, line.now) for line in drawn.lines] == [("FR", None)]


@pytest.fixture
def planned(app: Flask, client: FlaskClient) -> FlaskClient:
    """Two from China, one of whom said no, one from Germany; a panel of an hour."""
    with app.app_context(), transaction() as db:
        edition = make_edition(db, slug="2027-haikou")
        people = [
            make_person(db, name=name, country=country) for name, country in (("Li", "CN"), ("Wu", "CN"), ("Ida", "DE"))
        ]
        people[2].gender = Gender.WOMAN
        states = (SpeakerState.CONFIRMED, SpeakerState.DECLINED, SpeakerState.CANDIDATE)
        speakers = [
            make_speaker(db, edition, person=p, state=s, country=p.country) for p, s in zip(people, states, strict=True)
        ]
        make_session(
            db,
            edition,
            "On cells",
            "2027-09-23 09:00",
            "2027-09-23 10:00",
            kind=SessionKind.PANEL,
            speakers=tuple(speakers),
        )
        account = make_account(db, role=Role.VIEWER).id
    sign_in(client, account)
    return client


def test_the_page_counts_candidates_but_nobody_who_declined(planned: FlaskClient) -> None:
    page = planned.get("/organise/editions/2027-haikou/balance").text
    assert "2 people in sessions of the draft" in page
    assert "60 minutes" in page
    assert [cell in page for cell in ('<th scope="row">China</th>', '<th scope="row">Woman</th>')] == [True, True]


def test_the_page_can_be_asked_for_one_kind_of_session(planned: FlaskClient) -> None:
    assert "Nobody is in a session yet" in planned.get("/organise/editions/2027-haikou/balance?kind=talk").text
    assert "Nobody is in a session yet" not in planned.get("/organise/editions/2027-haikou/balance?kind=panel").text
    assert planned.get("/organise/editions/2027-haikou/balance?kind=nonsense").status_code == 200
