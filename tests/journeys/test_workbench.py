"""The workbench in a real browser: a day planned by dragging alone and by keys alone, two organisers at once, undo."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import count, product
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect
from sqlalchemy import select

from app.agenda.models import Session
from app.agenda.rules import SessionKind
from app.database import DbSession
from app.extensions import database
from app.web.transaction import transaction
from tests.factories.agenda import make_room, make_session, make_track
from tests.factories.editions import make_edition
from tests.factories.people import make_person
from tests.factories.speakers import make_speaker
from tests.journeys.addresses import app_of
from tests.journeys.conftest import House
from tests.journeys.test_accessibility import found_at_every_width

DESK = {"width": 1280, "height": 1000}
PHONE = {"width": 390, "height": 844}
MAIN, OTHER = "organiser@forum.test", "annegret@forum.test"
NUMBERS = count(1)


@dataclass(frozen=True)
class Agenda:
    """An edition of two days and three rooms, made for one test."""

    house: House
    slug: str

    @property
    def address(self) -> str:
        return f"/organise/editions/{self.slug}/agenda/grid"

    def stands(self, title: str) -> str:
        """Where it is stored: `23 11:30-12:15 Coral Room`, or `-`."""
        with reading(self.house) as db:
            row = db.scalars(select(Session).where(Session.edition.has(slug=self.slug))).all()
            found = [session for session in row if session.title.en == title]
            assert len(found) == 1, f"{len(found)} sessions are called {title}"
            session = found[0]
            if session.starts_at is None or session.ends_at is None:
                return "-"
            room = session.room.name.en if session.room else "no room"
            return f"{session.starts_at:%d %H:%M}-{session.ends_at:%H:%M} {room}"


@contextmanager
def reading(house: House) -> Iterator[DbSession]:
    app = app_of(house)
    with app.app_context():
        yield database.session()
        database.session.remove()
        database.engine.dispose()


@pytest.fixture
def agenda(house: House) -> Agenda:
    slug = f"2027-bench-{next(NUMBERS)}"
    app = app_of(house)
    with app.app_context(), transaction() as db:
        _plan(db, slug)
    with app.app_context():
        database.engine.dispose()
    return Agenda(house, slug)


def _plan(db: DbSession, slug: str) -> None:
    edition = make_edition(db, slug=slug, starts_on=date(2027, 9, 23), ends_on=date(2027, 9, 24))
    hall, coral, banyan = (
        make_room(db, edition, name, capacity=seats)
        for name, seats in (("Meilan Hall", 420), ("Coral Room", 160), ("Banyan Room", 120))
    )
    track = make_track(db, edition, "Batteries and materials")
    zha = make_speaker(db, edition, make_person(db, "Zha Siyuan", "Zha", country="CN"))
    talk: dict[str, Any] = {"kind": SessionKind.TALK, "track": track}
    make_session(db, edition, "Opening", "2027-09-23 09:00", "2027-09-23 09:45", room=hall, kind=SessionKind.OPENING)
    make_session(
        db, edition, "Recycling black mass", "2027-09-23 10:00", "2027-09-23 10:45", room=coral, speakers=(zha,), **talk
    )
    make_session(
        db, edition, "Young researchers", "2027-09-23 11:00", "2027-09-23 12:00", room=banyan, speakers=(zha,), **talk
    )
    make_session(db, edition, "Lunch", "2027-09-23 12:30", "2027-09-23 13:30", kind=SessionKind.MEAL, for_all=True)
    make_session(db, edition, "Cold-weather range", **talk)
    make_session(db, edition, "Poster walk", kind=SessionKind.TALK)


@contextmanager
def signed_in(context: BrowserContext, house: House, email: str = MAIN) -> Iterator[Page]:
    """An organiser's page, which fails the test on any script error."""
    if email == OTHER:
        house.server.flask("accounts", "create", email, "--role", "administrator", "--name", "Annegret Löwenstein")
    page = context.new_page()
    trouble: list[str] = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.goto(house.server.flask("accounts", "link", email).strip().splitlines()[-1])
    page.locator("main form button").click()
    expect(page.locator(".account")).to_be_visible()
    yield page
    context.close()
    assert trouble == []


@pytest.fixture
def desk(browser: Browser, house: House) -> Iterator[Page]:
    context = browser.new_context(base_url=house.address, locale="en-GB", viewport=DESK)  # type: ignore[arg-type]
    with signed_in(context, house) as page:
        yield page


def slot(page: Page, title: str) -> Locator:
    return page.locator("#slots > li:not([hidden])", has=page.locator(".slot-title", has_text=title))


def waiting(page: Page, title: str) -> Locator:
    return page.locator("#tray li", has=page.locator(".slot-title", has_text=title))


def said(page: Page, text: str | re.Pattern[str]) -> None:
    expect(page.locator("#said")).to_have_text(text if isinstance(text, re.Pattern) else re.compile(re.escape(text)))


def point(page: Page, room: str, clock: str) -> tuple[float, float]:
    """Where on the screen this minute of this room is."""
    found: list[float] = page.evaluate(
        """([room, minutes]) => {
          const sheet = document.querySelector(".sheet"), ground = document.getElementById("ground");
          const heads = [...document.querySelectorAll(".room-head")];
          const column = heads.findIndex((head) => head.querySelector("b").textContent === room);
          const area = ground.getBoundingClientRect();
          const step = document.querySelector(".scale > li").getBoundingClientRect().height / 6;
          const x = area.left + (column + 0.5) * area.width / Number(sheet.dataset.columns);
          return [x, area.top + (minutes - sheet.dataset.from * 60) / 5 * step];
        }""",
        [room, int(clock[:2]) * 60 + int(clock[3:])],
    )
    return found[0], found[1]


def drag(page: Page, start: tuple[float, float], to: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + 3, start[1] + 6, steps=2)
    page.mouse.move(*to, steps=8)
    page.mouse.up()


def middle(of: Locator) -> tuple[float, float]:
    box = of.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def stored(page: Page) -> None:
    """Nothing is under way any more."""
    expect(page.locator("#slots [aria-busy=true]")).to_have_count(0)


def test_a_day_is_planned_by_dragging_alone(desk: Page, agenda: Agenda) -> None:
    desk.goto(agenda.address)
    start = middle(slot(desk, "Recycling black mass"))
    x, y = point(desk, "Meilan Hall", "10:00")
    drag(desk, start, (x, start[1] + 48))
    expect(slot(desk, "Recycling black mass")).to_have_attribute("data-at", str(10 * 12 + 6))
    said(desk, "Moved.")
    assert agenda.stands("Recycling black mass") == "23 10:30-11:15 Meilan Hall"

    drag(desk, middle(waiting(desk, "Cold-weather range")), point(desk, "Coral Room", "14:00"))
    said(desk, "Placed.")
    expect(waiting(desk, "Cold-weather range")).to_have_count(0)
    assert agenda.stands("Cold-weather range").startswith("23 14:00-14:30 Coral Room")

    x, y = point(desk, "Coral Room", "14:30")
    drag(desk, (x, y - 2), (x, y + 48))
    expect(slot(desk, "Cold-weather range")).to_have_attribute("data-for", "12")
    stored(desk)
    assert agenda.stands("Cold-weather range") == "23 14:00-15:00 Coral Room"

    drag(desk, point(desk, "Banyan Room", "09:00"), point(desk, "Banyan Room", "10:00"))
    title = desk.get_by_label("Title")
    expect(title).to_be_focused()
    title.fill("Megawatt charging")
    title.press("Enter")
    said(desk, "Added.")
    expect(slot(desk, "Megawatt charging").locator("a")).to_be_focused()
    assert agenda.stands("Megawatt charging") == "23 09:00-10:00 Banyan Room"

    drag(desk, middle(slot(desk, "Young researchers")), middle(desk.locator("#tray-title")))
    said(desk, "Back to the unplaced.")
    expect(waiting(desk, "Young researchers")).to_be_visible()
    assert agenda.stands("Young researchers") == "-"

    drag(desk, middle(slot(desk, "Opening")), middle(desk.locator("#day-tabs a").last))
    said(desk, "Moved.")
    expect(slot(desk, "Opening")).to_have_count(0)
    assert agenda.stands("Opening") == "24 09:00-09:45 Meilan Hall"


def test_a_drag_left_by_escape_changes_and_sends_nothing(desk: Page, agenda: Agenda) -> None:
    desk.goto(agenda.address)
    sent: list[str] = []
    desk.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    desk.mouse.move(*middle(slot(desk, "Recycling black mass")))
    desk.mouse.down()
    desk.mouse.move(*point(desk, "Banyan Room", "15:00"), steps=6)
    expect(slot(desk, "Recycling black mass").locator(".slot-where")).to_contain_text("Banyan Room")
    desk.keyboard.press("Escape")
    desk.mouse.up()
    expect(slot(desk, "Recycling black mass")).to_have_attribute("data-at", str(10 * 12))
    said(desk, "Left as it was.")
    assert (sent, agenda.stands("Recycling black mass")) == ([], "23 10:00-10:45 Coral Room")


def test_a_day_is_planned_by_keys_alone(desk: Page, agenda: Agenda) -> None:
    """What is asserted of focus and messages is what a screen reader gets."""
    desk.goto(agenda.address)
    expect(desk.get_by_role("region", name="Timetable of Thursday 23 September: 4 sessions")).to_be_visible()
    desk.get_by_role("link", name=re.compile("Opening")).focus()
    assert desk.locator("#slots a[tabindex='0']").count() == 1
    for _ in range(3):
        desk.keyboard.press("ArrowRight")
    focused = desk.locator(":focus")
    expect(focused).to_have_accessible_name(re.compile(r"11:00–12:00 .*Young researchers Banyan Room Zha Siyuan"))
    desk.keyboard.press("Home")
    desk.keyboard.press("ArrowRight")
    expect(focused).to_contain_text("Recycling black mass")

    desk.keyboard.press("Space")
    said(desk, "Picked up: Recycling black mass. Arrows move.")
    expect(focused).to_have_attribute("role", "application")
    desk.keyboard.press("Control+ArrowDown")
    desk.keyboard.press("Control+ArrowDown")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("ArrowLeft")
    said(
        desk,
        "11:05 to 11:50, Meilan Hall, 05:05 in Berlin. "
        "Impossible: Zha Siyuan is also in “Young researchers”, 11:00–12:00.",
    )
    assert agenda.stands("Recycling black mass") == "23 10:00-10:45 Coral Room"
    desk.keyboard.press("Enter")
    said(desk, re.compile(r"Moved\. .*Z takes it back\."))
    expect(focused).to_contain_text("Recycling black mass")
    assert agenda.stands("Recycling black mass") == "23 11:05-11:50 Meilan Hall"

    desk.keyboard.press("z")
    said(desk, "Taken back.")
    assert agenda.stands("Recycling black mass") == "23 10:00-10:45 Coral Room"
    desk.keyboard.press("Shift+z")
    said(desk, "Moved.")
    assert agenda.stands("Recycling black mass") == "23 11:05-11:50 Meilan Hall"

    desk.keyboard.press("Space")
    desk.keyboard.press("Shift+ArrowDown")
    desk.keyboard.press("PageDown")
    expect(desk.locator("#day-tabs [aria-current=page]")).to_contain_text("Friday")
    expect(focused).to_contain_text("Recycling black mass")
    desk.keyboard.press("Enter")
    said(desk, "Moved.")
    assert agenda.stands("Recycling black mass") == "24 11:05-11:55 Meilan Hall"

    desk.keyboard.press("u")
    expect(focused).to_contain_text("Cold-weather range")
    desk.keyboard.press("Space")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Escape")
    said(desk, "Left as it was.")
    assert agenda.stands("Cold-weather range") == "-"
    desk.keyboard.press("u")
    desk.keyboard.press("Space")
    desk.keyboard.press("ArrowRight")
    desk.keyboard.press("Enter")
    said(desk, "Placed.")
    assert agenda.stands("Cold-weather range") == "24 09:00-09:30 Coral Room"

    desk.keyboard.press("?")
    expect(desk.get_by_role("dialog", name="Keys of the grid")).to_be_visible()
    desk.keyboard.press("Escape")
    desk.keyboard.press("n")
    expect(desk.get_by_label("Title")).to_be_focused()
    expect(desk.get_by_label("Starts")).to_have_value("09:30")
    desk.keyboard.type("Standards committee")
    desk.keyboard.press("Enter")
    said(desk, "Added.")
    expect(focused).to_contain_text("Standards committee")
    desk.keyboard.press("Backspace")
    said(desk, "Back to the unplaced.")
    assert agenda.stands("Standards committee") == "-"


def test_letters_can_be_switched_off(desk: Page, agenda: Agenda) -> None:
    desk.goto(agenda.address)
    desk.locator("#slots a").first.focus()
    desk.keyboard.press("?")
    desk.get_by_label("Single letters act while the grid has the focus").uncheck()
    desk.keyboard.press("Escape")
    desk.locator("#slots a").first.focus()
    desk.keyboard.press("n")
    said(desk, "Letters are switched off; ? and the arrows still work.")
    expect(desk.get_by_label("Title")).to_have_count(0)


def test_what_another_organiser_does_appears_without_reload_and_a_conflict_asks(
    browser: Browser, house: House, desk: Page, agenda: Agenda
) -> None:
    theirs = browser.new_context(base_url=house.address, locale="en-GB", viewport=DESK)  # type: ignore[arg-type]
    with signed_in(theirs, house, OTHER) as annegret:
        desk.goto(agenda.address)
        annegret.goto(agenda.address)
        drag(annegret, middle(slot(annegret, "Young researchers")), point(annegret, "Coral Room", "15:30"))
        said(annegret, "Moved.")
        expect(desk.locator(".arrival")).to_contain_text(
            "Annegret Löwenstein moved “Young researchers” from 11:00, Banyan Room to"
        )
        expect(slot(desk, "Young researchers")).to_have_attribute("data-theirs", "")
        assert slot(desk, "Young researchers").get_attribute("data-at") == slot(
            annegret, "Young researchers"
        ).get_attribute("data-at")
        desk.get_by_role("button", name="Dismiss").click()

        desk.locator("#slots a").first.focus()
        for key in ("Home", "ArrowRight", "Space", "ArrowDown"):
            desk.keyboard.press(key)
        drag(annegret, middle(slot(annegret, "Recycling black mass")), point(annegret, "Banyan Room", "16:30"))
        said(annegret, "Moved.")
        theirs_now = agenda.stands("Recycling black mass")
        desk.keyboard.press("Enter")
        question = desk.locator(".question")
        expect(question).to_contain_text("Annegret Löwenstein moved “Recycling black mass”")
        expect(question).to_contain_text("You wanted: 10:05, Coral Room")
        expect(desk.locator(".ghost[data-kind=wish]")).to_be_visible()
        assert agenda.stands("Recycling black mass") == theirs_now
        question.get_by_role("button", name="Take mine").click()
        said(desk, "Moved.")
        assert agenda.stands("Recycling black mass") == "23 10:05-10:50 Coral Room"

        slot(annegret, "Lunch").locator("a").click()
        expect(annegret.locator("#form #start")).to_have_value("12:30")
        slot(desk, "Lunch").locator("a").click()
        expect(desk.locator("#open-too")).to_have_text("Annegret Löwenstein has this open too.")


def test_undo_outlives_a_reload(desk: Page, agenda: Agenda) -> None:
    desk.goto(agenda.address)
    drag(desk, middle(slot(desk, "Opening")), point(desk, "Banyan Room", "16:00"))
    said(desk, "Moved.")
    desk.reload()
    expect(desk.locator(".own-last")).to_contain_text("You moved “Opening” from 09:00, Meilan Hall")
    desk.get_by_role("button", name="Undo").click()
    said(desk, "Taken back.")
    assert agenda.stands("Opening") == "23 09:00-09:45 Meilan Hall"
    desk.reload()
    desk.get_by_role("button", name="Redo").click()
    said(desk, "Moved.")
    assert agenda.stands("Opening") != "23 09:00-09:45 Meilan Hall"


def test_without_a_network_it_stays_where_it_was_put_and_is_sent_again_with_the_same_key(
    desk: Page, agenda: Agenda
) -> None:
    desk.goto(agenda.address)
    keys: list[str] = []

    def away(route: Route) -> None:
        keys.append(re.findall(r"(?:^|&)key=([^&]+)", route.request.post_data or "")[0])
        if len(keys) < 3:
            route.abort()
        else:
            route.continue_()

    desk.route("**/agenda/gestures", away)
    drag(desk, middle(slot(desk, "Opening")), point(desk, "Banyan Room", "16:00"))
    expect(slot(desk, "Opening").locator(".slot-unsent")).to_have_text("not stored yet")
    expect(desk.locator("#questions")).to_contain_text("it is sent again by itself")
    expect(slot(desk, "Opening").locator(".slot-unsent")).to_have_count(0)
    expect(desk.locator("#questions .question")).to_have_count(0)
    assert len(keys) == 3
    assert len(set(keys)) == 1
    assert "Banyan Room" in agenda.stands("Opening")


def test_what_is_refused_glides_back_and_says_why(desk: Page, agenda: Agenda) -> None:
    desk.goto(agenda.address)
    why = {"refused": "session_start_in_gap", "said": "On this day the clock skips this hour."}
    desk.route("**/agenda/gestures", lambda route: route.fulfill(status=422, json=why))
    drag(desk, middle(slot(desk, "Opening")), point(desk, "Banyan Room", "15:00"))
    said(desk, "Not moved. On this day the clock skips this hour.")
    expect(desk.locator("#questions")).to_contain_text("On this day the clock skips this hour.")
    expect(slot(desk, "Opening")).to_have_attribute("data-at", str(9 * 12))
    stored(desk)
    assert agenda.stands("Opening") == "23 09:00-09:45 Meilan Hall"


def test_without_a_script_the_form_does_what_the_grid_does(browser: Browser, house: House, agenda: Agenda) -> None:
    context = browser.new_context(base_url=house.address, locale="en-GB", viewport=DESK, java_script_enabled=False)  # type: ignore[arg-type]
    with signed_in(context, house) as page:
        page.goto(agenda.address)
        slot(page, "Opening").locator("a").click()
        page.get_by_label("Starts").fill("10:15")
        page.locator("#room").select_option(label="Banyan Room, 120")
        page.get_by_role("button", name="Move").click()
        expect(page.locator(".flash")).to_contain_text(
            "You moved “Opening” from 09:00, Meilan Hall to 10:15, Banyan Room."
        )
        assert agenda.stands("Opening") == "23 10:15-11:00 Banyan Room"
        page.get_by_role("button", name="Unplace").click()
        assert agenda.stands("Opening") == "-"
        page.get_by_role("button", name="Undo").click()
        assert agenda.stands("Opening") == "23 10:15-11:00 Banyan Room"
        page.get_by_label("Starts").fill("25:99")
        page.get_by_role("button", name="Move").click()
        expect(page.get_by_label("Starts")).to_have_value("25:99")
        expect(page.locator("#start-error")).to_be_visible()


def test_a_finger_picks_up_after_a_while_and_scrolls_before(browser: Browser, house: House, agenda: Agenda) -> None:
    tablet = browser.new_context(
        base_url=house.address, locale="en-GB", viewport={"width": 1180, "height": 820}, has_touch=True
    )
    with signed_in(tablet, house) as page:
        page.goto(agenda.address)
        finger = tablet.new_cdp_session(page)

        def touch(kind: str, x: float, y: float) -> None:
            points = [] if kind == "touchEnd" else [{"x": x, "y": y}]
            finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        x, y = middle(slot(page, "Opening"))
        touch("touchStart", x, y)
        touch("touchMove", x, y - 60)
        touch("touchEnd", x, y - 60)
        page.wait_for_function("scrollY > 40")
        page.wait_for_timeout(800)
        page.evaluate("scrollTo({top: 0, behavior: 'instant'})")
        assert agenda.stands("Opening") == "23 09:00-09:45 Meilan Hall"

        x, y = middle(slot(page, "Opening"))
        touch("touchStart", x, y)
        expect(slot(page, "Opening")).to_have_class(re.compile("is-held"))
        to_x, _y = point(page, "Coral Room", "09:00")
        for n in range(1, 6):
            touch("touchMove", x + (to_x - x) * n / 5, y)
        touch("touchEnd", to_x, y)
        said(page, "Moved.")
        assert agenda.stands("Opening") == "23 09:00-09:45 Coral Room"


def test_on_a_phone_there_is_the_list_and_the_form(browser: Browser, house: House, agenda: Agenda) -> None:
    phone = browser.new_context(base_url=house.address, locale="en-GB", viewport=PHONE, has_touch=True)  # type: ignore[arg-type]
    with signed_in(phone, house) as page:
        page.goto(agenda.address)
        titles = page.locator("#slots .slot-title").all_text_contents()
        assert titles == ["Opening", "Recycling black mass", "Young researchers", "Lunch"]
        slot(page, "Recycling black mass").locator("a").tap()
        expect(page.get_by_role("heading", name="Recycling black mass")).to_be_in_viewport()
        page.get_by_label("Minutes", exact=True).fill("60")
        page.get_by_role("button", name="Move").tap()
        expect(page.locator(".own-last")).to_contain_text("60 minutes")
        assert agenda.stands("Recycling black mass") == "23 10:00-11:00 Coral Room"


@pytest.mark.parametrize("lang", ["en", "de", "zh"])
def test_axe_finds_nothing_while_somebody_works_at_the_grid(desk: Page, agenda: Agenda, lang: str) -> None:
    desk.goto(agenda.address)
    desk.locator(f'.languages button[value="{lang}"]').click()
    expect(desk.locator("html")).to_have_attribute("lang", "zh-Hans" if lang == "zh" else lang)
    try:
        for scheme, size in product(("light", "dark"), (DESK, PHONE)):
            desk.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            desk.set_viewport_size(size)  # type: ignore[arg-type]
            slot(desk, "Recycling black mass").locator("a").click()
            expect(desk.locator("#form #start")).to_be_visible()
            assert found_at_every_width(desk, f"{lang} {scheme} {size['width']}") == []
    finally:
        desk.set_viewport_size(DESK)  # type: ignore[arg-type]
        desk.locator('.languages button[value="en"]').click()
