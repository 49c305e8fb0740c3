"""A release and its change page: moved, compared, published with notes, read by the public; planned; in one's own zone."""

import re
import time
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update

from app.editions.models import Edition
from app.extensions import database
from app.publishing.models import PlannedRelease
from app.web.clock import now
from app.web.transaction import transaction
from tests.journeys.addresses import app_of
from tests.journeys.conftest import SAMPLE, House
from tests.journeys.test_accessibility import found_at_every_width
from tests.journeys.test_story import signed_in

SLUG = "2027-releases"
RELEASES = f"/organise/editions/{SLUG}/releases"
CHANGES = f"editions/{SLUG}/changes"
ATOM = "{http://www.w3.org/2005/Atom}"
NOTE = {"en": "One talk is later.", "de": "Ein Vortrag beginnt später.", "zh": "一场演讲推迟。"}


@pytest.fixture(scope="module")
def small(house: House) -> str:
    """An edition of its own, so that nobody else's journey sees its releases."""
    house.server.flask(
        "sample", "--edition", SLUG, "--days", "1", "--rooms", "2", "--sessions", "8", "--speakers", "8",
        "--registrations", "0", "--seed", "7",
    )  # fmt: skip
    return SLUG


def move_a_session(page: Page, start: str, end: str) -> str:
    """The last that the public has a page of, by its form; its title."""
    agenda = page.request.get(f"/en/editions/{SLUG}/agenda").text()
    slug = re.findall(rf"/editions/{SLUG}/agenda/([a-z0-9-]+)", agenda)[-1]
    title = page.request.get(f"/en/editions/{SLUG}/agenda/{slug}").text().split("<h1>")[1].split("<")[0].strip()
    page.goto(f"/organise/editions/{SLUG}/agenda")
    page.get_by_role("link", name=title).first.click()
    page.locator('[name="starts"]').fill(start)
    page.locator('[name="ends"]').fill(end)
    page.locator('[name="ends"]').press("Enter")
    expect(page.locator(".flash")).to_be_visible()
    return title


def test_a_release_and_its_page_of_changes(browser: Browser, house: House, small: str) -> None:
    page = signed_in(browser, house)
    title = move_a_session(page, "20:10", "20:50")
    page.goto(f"{RELEASES}/compare")
    moved = page.locator(".difference li", has_text=title)
    expect(moved).to_contain_text(re.compile(r"moved from .* to .*20:10"))
    assert found_at_every_width(page, page.url) == []

    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(RELEASES)
    for language, text in NOTE.items():
        page.locator(f'[name="note-{language}"]').fill(text)
    page.get_by_role("button", name=re.compile("^Publish release")).click()
    expect(page.locator("h1")).to_contain_text("?")
    assert found_at_every_width(page, page.url) == []
    page.get_by_role("button", name=re.compile("^Publish")).click()
    expect(page.locator(".flash")).to_contain_text("is out")

    visitor = browser.new_context(base_url=house.address).new_page()
    for language, text in NOTE.items():
        visitor.goto(f"/{language}/{CHANGES}")
        newest = visitor.locator("main section.section").first
        expect(newest).to_contain_text(text)
        expect(newest).to_contain_text("20:10")
        assert found_at_every_width(visitor, visitor.url) == []
        feed = ElementTree.fromstring(visitor.request.get(f"/{language}/{CHANGES}.atom").body())
        entry = feed.find(f"{ATOM}entry")
        assert entry is not None
        assert entry.findtext(f"{ATOM}summary") == text
        assert "20:10" in (entry.findtext(f"{ATOM}content") or "")
    newest.get_by_role("link").first.click()
    expect(visitor.locator(".clock-time").first).to_contain_text("20:10")


def test_the_worker_publishes_what_is_planned(browser: Browser, house: House, small: str) -> None:
    page = signed_in(browser, house)
    move_a_session(page, "20:20", "20:55")
    page.goto(RELEASES)
    number = int(re.findall(r"\d+", page.locator("h1").inner_text())[0])
    page.locator('[name="note-en"]').fill("By itself")
    page.locator('[name="on"]').fill("2040-01-02")
    page.locator('[name="at"]').fill("9:00")
    page.get_by_role("button", name="Plan it for then").click()
    expect(page.locator(".note")).to_contain_text("Monday 2 January, 09:00 Haikou")
    assert found_at_every_width(page, page.url) == []

    _the_time_has_come(house)

    for _ in range(100):
        page.goto(RELEASES)
        if page.get_by_role("rowheader", name=f"Release {number}").count():
            break
        time.sleep(0.2)
    expect(page.get_by_role("row", name=re.compile("By itself"))).to_contain_text(f"Release {number}")
    expect(page.locator("main")).not_to_contain_text("goes out by itself")


def _the_time_has_come(house: House) -> None:
    with app_of(house).app_context():
        with transaction() as db:
            edition = select(Edition.id).where(Edition.slug == SLUG).scalar_subquery()
            db.execute(update(PlannedRelease).where(PlannedRelease.edition_id == edition).values(at=now()))
        database.engine.dispose()


def test_going_back_to_a_release_asks_first(browser: Browser, house: House, small: str) -> None:
    page = signed_in(browser, house)
    page.goto(RELEASES)
    page.get_by_role("link", name=re.compile("^take back as draft")).last.click()
    expect(page.locator("main")).to_contain_text("What becomes of the draft")
    assert found_at_every_width(page, page.url) == []
    page.get_by_role("button", name=re.compile("^Change the draft")).click()
    expect(page.locator(".flash")).to_contain_text("The draft is as release 1 was.")


@pytest.mark.parametrize("path", ["agenda", "agenda/session"])
def test_a_reader_sees_their_own_time_without_choosing(browser: Browser, house: House, path: str) -> None:
    """By script, without reload and without a trace: no cookie, nothing stored."""
    context = browser.new_context(base_url=house.address, timezone_id="America/New_York")
    page = context.new_page()
    page.goto(f"/en/editions/{SAMPLE}/agenda")
    if path != "agenda":
        page.locator(".session h4 a").first.click()
    second = page.locator("[data-second]").filter(has=page.locator("time")).first

    expect(second).to_contain_text("New York")
    expect(second).to_contain_text(re.compile(r"2[0-3]:\d\d"))
    expect(second).to_contain_text("day before")
    assert page.locator("[data-second]", has_text="Berlin").count() == 0
    assert context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert found_at_every_width(page, page.url) == []
    context.close()


@pytest.mark.parametrize(("zone", "city"), [("Asia/Calcutta", "New Delhi"), ("Europe/Vaduz", "Vaduz")])
def test_a_zone_is_called_by_its_city(browser: Browser, house: House, zone: str, city: str) -> None:
    context = browser.new_context(base_url=house.address, timezone_id=zone)
    page = context.new_page()
    page.goto(f"/en/editions/{SAMPLE}/agenda")

    expect(page.locator("#whose-times")).to_contain_text(f"{city} stands beside them")
    expect(page.locator("#zone option").first).to_have_text(f"Yours: {city}")
    context.close()


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/Berlin"])
def test_at_the_venue_and_at_home_nothing_is_changed(browser: Browser, house: House, zone: str) -> None:
    context = browser.new_context(base_url=house.address, timezone_id=zone)
    page = context.new_page()
    page.goto(f"/en/editions/{SAMPLE}/agenda")
    page.wait_for_load_state("networkidle")

    expect(page.locator("#whose-times")).to_contain_text("Berlin stands beside them")
    context.close()


@pytest.mark.parametrize("with_script", [True, False])
def test_a_zone_chosen_stays_in_the_address(browser: Browser, house: House, with_script: bool) -> None:
    context = browser.new_context(
        base_url=house.address, timezone_id="America/New_York", java_script_enabled=with_script
    )
    page = context.new_page()
    page.goto(f"/en/editions/{SAMPLE}/agenda")
    page.locator("#zone").select_option("Asia/Tokyo")
    page.locator("form.filters button").click()

    expect(page).to_have_url(re.compile("zone=Asia(/|%2F)Tokyo"))
    expect(page.locator(".slot-time").first).to_contain_text(re.compile(r"10:\d\d Tokyo"))
    page.locator(".days a").last.click()
    expect(page.locator(".slot-time").first).to_contain_text("Tokyo")
    page.locator(".session h4 a").first.click()
    expect(page.locator(".big-times")).to_contain_text("Tokyo")
    page.locator(".zone-choice summary").click()
    page.locator("#zone").select_option("none")
    page.locator(".zone-choice button").click()
    expect(page.locator("[data-second]")).to_have_count(0)
    assert page.locator('.languages a[lang="de"]').get_attribute("href", timeout=1000) is not None
    context.close()
