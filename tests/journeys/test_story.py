"""The whole story once through: plan the next edition from a past one, publish, register on a phone, follow the calendar."""

import re
import time
from email import message_from_bytes, policy
from email.message import EmailMessage

import icalendar
import pytest
from playwright.sync_api import Browser, Page, expect

from app.values.language import Language
from tests.journeys.conftest import SAMPLE, House
from tests.journeys.test_accessibility import found_at_every_width

PHONE = {"width": 390, "height": 844}
LETTERS = {
    "en": {"confirmed": "confirmed", "name": "Jana Große-Brömmelkamp", "second": ""},
    "de": {"confirmed": "bestätigt", "name": "Dr. Łucja Šimůnková", "second": ""},
    "zh": {"confirmed": "已确认", "name": "张喆堃", "second": "Zhang Zhekun"},
}


def signed_in(browser: Browser, house: House) -> Page:
    """An organiser's browser, by a one-time link."""
    page = browser.new_context(base_url=house.address, locale="en-GB").new_page()
    page.goto(house.sign_in_link())
    page.locator("main form button").click()
    expect(page.locator(".account")).to_be_visible()
    page.locator('.languages button[value="en"]').click()
    return page


def mail_to(house: House, address: str) -> EmailMessage:
    """The mail the worker has written to this address, waiting for it a little."""
    for _ in range(100):
        for file in sorted(house.mails.glob("*.eml"), reverse=True):
            mail = message_from_bytes(file.read_bytes(), policy=policy.default)
            if mail["To"] and address in mail["To"]:
                return mail  # type: ignore[return-value]
        time.sleep(0.1)
    raise AssertionError(f"no mail to {address}")


def own_link(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    found = re.search(r"https?://\S+/registrations/\S+", body.get_content())
    assert found is not None, body.get_content()
    return found[0]


def test_an_organiser_plans_the_next_edition_from_a_past_one_and_publishes_it(browser: Browser, house: House) -> None:
    page = signed_in(browser, house)
    page.goto(f"/organise/editions/new?from={SAMPLE}")
    for name, value in {
        "slug": "2028-muenchen", "title-en": "Forum 2028", "title-de": "Forum 2028", "title-zh": "2028年论坛",
        "city-en": "Munich", "city-de": "München", "city-zh": "慕尼黑",
        "starts_on": "2028-06-14", "ends_on": "2028-06-15",
    }.items():  # fmt: skip
        page.locator(f'[name="{name}"]').fill(value)
    page.locator('[name="number"]').fill("")
    page.locator('[name="country"]').select_option("DE")
    zone = page.locator('[name="zone"]')
    zone.select_option("Europe/Berlin") if zone.evaluate("e => e.tagName") == "SELECT" else zone.fill("Europe/Berlin")
    for box in ("take_rooms", "take_tracks", "take_frame"):
        page.locator(f'[name="{box}"]').check()
    page.locator('button[value="preview"]').click()
    expect(page.locator("main")).to_contain_text("14 June")
    page.locator('button[value="create"]').click()
    expect(page).to_have_url(re.compile("/2028-muenchen/"))

    assert browser.new_context(base_url=house.address).request.get("/en/editions/2028-muenchen").status == 404
    page.goto("/organise/editions/2028-muenchen/overview")
    page.get_by_role("button", name="Announce it").click()
    page.goto("/organise/editions/2028-muenchen/releases")
    page.locator("main form").get_by_role("button", name=re.compile("Publish")).click()
    if page.get_by_role("button", name=re.compile("Publish")).count():
        page.get_by_role("button", name=re.compile("Publish")).last.click()

    visitor = browser.new_context(base_url=house.address).new_page()
    visitor.goto("/de/editions/2028-muenchen/agenda")
    expect(visitor.locator(".slot-time").first).to_contain_text("09:00")
    expect(visitor.locator("main .session").first).to_be_visible()
    feed = visitor.request.get("/de/editions/2028-muenchen/agenda.ics")
    events = icalendar.Calendar.from_ical(feed.body()).walk("VEVENT")
    assert any(str(event["DTSTART"].params.get("TZID")) == "Europe/Berlin" for event in events)
    assert {int(event["SEQUENCE"]) for event in events} == {0}


@pytest.mark.parametrize("lang", list(Language))
def test_somebody_registers_on_a_phone_and_gets_a_mail_with_the_link(
    browser: Browser, house: House, lang: Language
) -> None:
    words, address = LETTERS[lang.value], f"guest-{lang}@ministry.example"
    page = browser.new_context(base_url=house.address, viewport=PHONE, locale=lang.value).new_page()  # type: ignore[arg-type]
    page.goto(f"/{lang}/")
    page.goto(f"/{lang}/editions/{SAMPLE}/register")
    page.locator('[name="name"]').fill(words["name"])
    page.locator('[name="second_name"]').fill(words["second"])
    page.locator('[name="email"]').fill("nonsense")
    page.locator("main form button").last.click()
    expect(page.locator("#problems")).to_be_visible()
    assert page.locator('[name="name"]').input_value() == words["name"]

    page.locator('[name="email"]').fill(address)
    page.locator('[name="organisation"]').fill("Bundesinstitut <b>&")
    page.locator('[name="role"]').fill("=1+1")
    page.locator('[name="country"]').select_option("DE")
    page.locator('[name="language"]').select_option(lang.value)
    page.locator('[name="consent"]').check()
    page.locator("main form button").last.click()
    expect(page.locator("main")).to_contain_text(words["confirmed"])
    assert "/registrations/" not in page.content()
    assert found_at_every_width(page, page.url) == []

    mail = mail_to(house, address)
    assert mail["Content-Language"].startswith(lang.value)
    page.goto(own_link(mail))
    expect(page.locator(".ticket-name")).to_contain_text(words["name"])
    data = page.request.get(f"{page.url.rstrip('/')}/data.json")
    if data.ok:
        assert data.json()["email"] == address


def test_a_past_edition_shows_no_clock_time_and_the_search_finds_any_script(page: Page) -> None:
    for slug in ("2020-haikou", "2021-haikou", "2022-beijing", "2023-munich", "2025-munich", "2025-haikou"):
        page.goto(f"/en/editions/{slug}")
        assert not re.search(r"\b\d{1,2}:\d{2}\b", page.locator("main").inner_text()), slug
    for query, found in {"电池": "SAMPLE", "Müller": "Müller", "muller": "Müller", "wangang": "Wan Gang"}.items():
        page.goto(f"/en/search?q={query}")
        if found != "SAMPLE":
            expect(page.locator("main")).to_contain_text(found)
        assert page.locator(".results li").count() > 0, query


def test_a_keyboard_alone_reaches_the_agenda_and_its_filter(page: Page) -> None:
    page.goto(f"/en/editions/{SAMPLE}/agenda")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    reached = set()
    for _ in range(30):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                "document.activeElement.name || document.activeElement.className || document.activeElement.tagName"
            )
        )
    assert {"q", "track", "room", "language"} <= reached
