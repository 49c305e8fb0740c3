"""A proposal asked for in a browser, worked out by the real worker, taken in part, and taken back by one undo."""

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.agenda.models import Session
from app.agenda.rules import SessionKind
from app.extensions import database
from app.web.transaction import transaction
from tests.factories.agenda import make_puzzle, make_room, make_session, make_track
from tests.factories.editions import make_edition
from tests.factories.people import make_person
from tests.factories.speakers import make_speaker
from tests.journeys.addresses import app_of
from tests.journeys.conftest import House
from tests.journeys.test_accessibility import found_at_every_width

EASY, HARD = "2027-proposed", "2027-puzzle"
WAIT = 30_000


@pytest.fixture(scope="module")
def editions(house: House) -> None:
    """One with three sessions to place beside lunch, and one that takes longer than anybody waits."""
    app = app_of(house)
    with app.app_context(), transaction() as db:
        easy = make_edition(db, slug=EASY, starts_on=date(2027, 9, 23), ends_on=date(2027, 9, 24))
        coral, track = make_room(db, easy, "Coral Room", capacity=160), make_track(db, easy, "Batteries")
        make_room(db, easy, "Banyan Room", capacity=120)
        zha = make_speaker(db, easy, make_person(db, "Zha Siyuan", "Zha", country="CN"))
        make_session(db, easy, "Lunch", "2027-09-23 12:30", "2027-09-23 13:30", kind=SessionKind.MEAL, for_all=True)
        make_session(
            db, easy, "Labels", "2027-09-23 09:00", "2027-09-23 10:00", room=coral, speakers=(zha,), track=track
        )
        make_session(db, easy, "Cold-weather range", kind=SessionKind.TALK, speakers=(zha,), track=track)
        make_session(db, easy, "Poster walk", kind=SessionKind.WORKSHOP)
        make_session(db, easy, "Ministers’ hour", kind=SessionKind.PANEL, expected=900)
        hard = make_edition(db, slug=HARD, starts_on=date(2027, 9, 23), ends_on=date(2027, 9, 24))
        make_puzzle(db, hard)
    with app.app_context():
        database.engine.dispose()


@pytest.fixture
def organiser(page: Page, house: House, editions: None) -> Page:
    page.goto(house.sign_in_link())
    page.locator("main form button").click()
    expect(page.locator(".account")).to_be_visible()
    return page


def stands(house: House, title: str) -> str:
    """`23 10:30 Coral Room`, or `-`."""
    app = app_of(house)
    with app.app_context():
        rows = database.session.scalars(select(Session).where(Session.edition.has(slug=EASY))).all()
        [row] = [row for row in rows if row.title.en == title]
        found = f"{row.starts_at:%d %H:%M} {row.room.name.en if row.room else ''}" if row.starts_at else "-"
        database.session.remove()
        database.engine.dispose()
    return found


def test_a_proposal_is_taken_in_part_and_one_undo_takes_it_back(organiser: Page, house: House) -> None:
    page = organiser
    page.goto(f"/organise/editions/{EASY}/agenda/grid")
    page.get_by_role("link", name="Propose…").click()
    assert found_at_every_width(page, "asking") == []
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("button", name="Propose", exact=True).click()

    expect(page.get_by_role("heading", name="How good it is")).to_be_visible(timeout=WAIT)  # by itself
    assert found_at_every_width(page, "result") == []
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(page.get_by_text("2 of 3 sessions have a place.")).to_be_visible()
    expect(page.get_by_text("No room that is free has seats for so many.")).to_be_visible()
    talk = page.get_by_role("checkbox", name="Cold-weather range")
    posters = page.get_by_role("checkbox", name="Poster walk")
    expect(talk).to_be_checked()
    line = page.locator("li", has=talk)
    expect(line).to_contain_text("Coral Room")
    posters.uncheck()
    assert stands(house, "Cold-weather range") == "-"

    page.get_by_role("button", name="Take what is ticked").click()
    expect(page.locator(".flash")).to_contain_text("You took 1 place from a proposal.")
    assert re.fullmatch(r"23 1\d:\d\d Coral Room", stands(house, "Cold-weather range"))
    assert stands(house, "Poster walk") == "-"
    expect(posters).to_be_visible()
    expect(talk).to_have_count(0)

    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".flash")).to_contain_text("Taken back")
    assert stands(house, "Cold-weather range") == "-"
    page.go_back()
    page.reload()
    page.get_by_role("button", name="Take all 2").click()
    expect(page.locator(".flash")).to_contain_text("You took 2 places from a proposal.")
    assert "-" not in (stands(house, "Cold-weather range"), stands(house, "Poster walk"))


def test_a_long_search_counts_and_is_stopped_with_what_it_has(organiser: Page) -> None:
    page = organiser
    page.goto(f"/organise/editions/{HARD}/agenda/propose")
    page.get_by_label("Seconds to search").fill("120")
    page.get_by_role("button", name="Propose", exact=True).click()
    expect(page.get_by_text(re.compile(r"^40 of 40 sessions have a place\."))).to_be_visible(timeout=WAIT)
    expect(page.get_by_text(re.compile(r"^\d+ of at most 120 seconds$"))).to_be_visible()
    assert found_at_every_width(page, "running") == []
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("heading", name="How good it is")).to_be_visible(timeout=WAIT)
    expect(page.locator(".dateline")).to_contain_text("Stopped")
    expect(page.get_by_role("button", name="Take all 40")).to_be_visible()
