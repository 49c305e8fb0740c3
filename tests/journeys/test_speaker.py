"""A speaker on a phone, from the letter to the released page; and an organiser who moves a card by hand."""

import re
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import SAMPLE, House
from tests.journeys.test_accessibility import found_at_every_width
from tests.journeys.test_story import PHONE, mail_to, signed_in

HAN = re.compile("[\u4e00-\u9fff·]+")
TOP = {"x": 60, "y": 12}
"""Of a column, in sight without scrolling."""
SPEAKERS = f"/organise/editions/{SAMPLE}/speakers"


@pytest.fixture
def portrait(tmp_path: Path) -> Path:
    path = tmp_path / "me.jpg"
    Image.new("RGB", (900, 1200), "teal").save(path, "JPEG")
    return path


@pytest.fixture
def slides(tmp_path: Path) -> Path:
    path, made, out = tmp_path / "Folien.pdf", pikepdf.new(), BytesIO()
    made.add_blank_page()
    made.save(out)
    path.write_bytes(out.getvalue())
    return path


def on_a_phone(browser: Browser, house: House) -> Page:
    context = browser.new_context(base_url=house.address, viewport=PHONE, has_touch=True, locale="en-GB")  # type: ignore[arg-type]
    return context.new_page()


def no_trouble(page: Page) -> None:
    assert found_at_every_width(page, page.url) == []
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]


def invited(page: Page, house: House) -> tuple[str, str]:
    """The first candidate of the list gets the invitation: their name in Latin letters, and the link in their letter."""
    page.goto(f"{SPEAKERS}?view=list&state=candidate")
    row = page.locator("tbody tr").first
    name = HAN.sub("", row.locator("th a").inner_text()).strip()
    row.locator('input[name="who"]').check()
    page.get_by_role("button", name="Invite…").click()
    expect(page.locator("h1")).to_contain_text("Invitation to 1 person")
    address = page.locator(".letter-head dd").first.inner_text()
    page.get_by_role("button", name="Send 1 letter").click()
    expect(page.locator(".undo")).to_contain_text("1 letter waits in the outbox")
    assert found_at_every_width(page, page.url) == []
    house.server.flask("mail", "work", "--once")  # nothing leaves within the half minute
    house_mail = mail_after_its_wait(house, address)
    found = re.search(r"https?://\S+/speaking/\S+", house_mail)
    assert found is not None, house_mail
    return name, found[0]


def mail_after_its_wait(house: House, address: str) -> str:
    for _ in range(5):
        try:
            body = mail_to(house, address).get_body(("plain",))
            assert body is not None
            return str(body.get_content())
        except AssertionError:
            continue
    raise AssertionError(f"no letter to {address}")


def test_a_speaker_accepts_on_a_phone_corrects_uploads_and_is_public_after_a_release(
    browser: Browser, house: House, portrait: Path, slides: Path
) -> None:
    organiser = signed_in(browser, house)
    name, link = invited(organiser, house)
    page = on_a_phone(browser, house)

    page.goto(re.sub(r"/(de|zh)/speaking/", "/en/speaking/", link))
    expect(page.locator(".invitation")).to_contain_text("You are invited to speak")
    no_trouble(page)
    page.get_by_role("button", name="Accept").tap()
    expect(page.locator(".flash")).to_contain_text("Thank you. We look forward to seeing you.")
    no_trouble(page)

    page.get_by_role("link", name="Correct", exact=True).tap()
    expect(page.locator("h1")).to_have_text("What we say about you")
    no_trouble(page)
    page.locator('[name="biography-en"]').fill("Listens to motors nobody hears.")
    page.get_by_role("button", name="Send to the organisers").tap()
    expect(page.locator("main")).to_contain_text("waits for the organisers")

    page.get_by_role("link", name="Send a portrait").last.tap()
    expect(page.locator("h1")).to_have_text("Your portrait")
    no_trouble(page)
    page.locator('[name="portrait"]').set_input_files(portrait)
    page.get_by_role("button", name="Send the picture").tap()
    expect(page.get_by_role("img", name="Your portrait")).to_be_visible()

    page.get_by_role("link", name="Send slides").first.tap()
    page.locator('[name="slides"]').set_input_files(slides)
    page.get_by_role("button", name="Send the file").tap()
    expect(page.locator("main")).to_contain_text("Everything is in. Thank you.")

    page.get_by_role("link", name="Say when, and what you need").tap()
    page.locator('[name="spans-0-starts"]').fill("2027-09-22T18:00")
    page.locator('[name="spans-0-ends"]').fill("2027-09-24T12:00")
    page.get_by_role("button", name="Another line").tap()
    expect(page.locator('[name="spans-1-starts"]')).to_be_visible()
    page.locator('[name="needs"]').fill("Vegetarian")
    no_trouble(page)
    page.get_by_role("button", name="Save").tap()
    expect(page.locator("main")).to_contain_text("Vegetarian")
    no_trouble(page)

    public = browser.new_context(base_url=house.address).new_page()
    public.goto(f"/en/editions/{SAMPLE}/speakers")
    expect(public.get_by_role("link", name=name, exact=True)).to_have_count(0)

    organiser.goto(f"{SPEAKERS}/corrections")
    block = organiser.locator("section.block", has_text="Listens to motors nobody hears.")
    assert found_at_every_width(organiser, organiser.url) == []
    block.get_by_role("button", name=re.compile("Take all 2 corrections")).click()
    expect(organiser.locator(".flash")).to_contain_text("2 corrections taken.")
    organiser.goto(f"/organise/editions/{SAMPLE}/releases")
    organiser.locator("main form").get_by_role("button", name=re.compile("Publish")).first.click()
    if organiser.get_by_role("button", name=re.compile("Publish")).count():
        organiser.get_by_role("button", name=re.compile("Publish")).last.click()

    public.wait_for_timeout(1100)  # so long an answer may come from memory
    public.goto(f"/en/editions/{SAMPLE}/speakers")
    public.get_by_role("link", name=name, exact=True).first.click()
    expect(public.locator("main")).to_contain_text("Listens to motors nobody hears.")
    expect(public.locator("img.portrait")).to_be_visible()


def test_a_card_is_dragged_to_another_column_and_put_back(browser: Browser, house: House) -> None:
    page = signed_in(browser, house)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(SPEAKERS)
    card = page.locator('[data-column="candidate"] li').first
    name = card.locator("a").first.inner_text()
    card.drag_to(page.locator('[data-column="invited"]'), target_position=TOP)
    expect(page.locator('[data-column="invited"]')).to_contain_text(name.split("\n")[0])
    expect(page.locator(".undo")).to_contain_text("from “Candidate” to “Invited”")
    assert found_at_every_width(page, page.url) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("button", name="Put back").click()
    expect(page.locator('[data-column="candidate"]')).to_contain_text(name.split("\n")[0])


def test_dropping_where_one_cannot_go_does_nothing_and_confirming_asks(browser: Browser, house: House) -> None:
    page = signed_in(browser, house)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(SPEAKERS)
    card = page.locator('[data-column="candidate"] li').first
    card.drag_to(page.locator('[data-column="materials"]'), target_position=TOP)
    expect(page).to_have_url(re.compile("speakers$"))
    page.locator('[data-column="candidate"] li').first.locator("summary").click()
    page.locator('[data-column="candidate"] li').first.get_by_role("button", name="Confirm").click()
    expect(page.get_by_label("How do you know?")).to_be_focused()
    assert found_at_every_width(page, page.url) == []
