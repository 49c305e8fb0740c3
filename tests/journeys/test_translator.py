"""A translator's round trip in a real browser: take the sheet along, fill it in, send it back, and all is complete."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.exports.translations import filled_in
from tests.journeys.conftest import SAMPLE, House
from tests.journeys.test_accessibility import found_at_every_width

LANGUAGES = f"/organise/editions/{SAMPLE}/languages"
WORDS = {"Deutsch": "Übersetzt: Größe, Łódź, „so“", "中文": "译文：张喆堃，“如此”", "English": "Translated"}


@pytest.fixture(scope="module")
def lin(house: House) -> str:
    """Somebody who may change texts of the sample edition, and nothing else."""
    house.server.flask("accounts", "create", "lin@forum.test", "--role", "translator", "--edition", SAMPLE)
    return "lin@forum.test"


@pytest.fixture
def translator(page: Page, house: House, lin: str) -> Page:
    page.goto(house.server.flask("accounts", "link", lin).strip().splitlines()[-1])
    page.locator("main form button").click()
    page.locator('.languages button[value="en"]').click()
    return page


def test_a_sheet_goes_out_and_comes_back_and_every_text_is_there(translator: Page, tmp_path: Path) -> None:
    page = translator
    page.goto(LANGUAGES)
    expect(page.locator(".dateline").first).to_contain_text("missing or stale")
    page.get_by_role("link", name="Files for translators").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="XLSX, all languages").first.click()
    assert download.value.suggested_filename == f"{SAMPLE}-texts.xlsx"
    back = tmp_path / "back from Lin.xlsx"
    back.write_bytes(filled_in(download.value.path().read_bytes(), lambda row: WORDS[row[5]]))

    for lang in ("de", "zh", "en"):
        page.locator(f'.languages button[value="{lang}"]').click()
        page.locator("#file").set_input_files(back)
        page.locator("main form .button").click()
        expect(page.locator("ins").first).to_be_visible()
        assert found_at_every_width(page, page.url) == []
        page.goto(f"{LANGUAGES}/files")

    page.locator("#file").set_input_files(back)
    page.get_by_role("button", name="Look at what it would do").click()
    page.get_by_role("button", name=re.compile("^Take over")).click()
    expect(page.get_by_role("status")).to_contain_text("taken over")
    expect(page.locator(".dateline").first).to_contain_text("nothing missing or stale")
    expect(page.get_by_role("heading", name="Every text is there in all three languages")).to_be_visible()


def test_one_text_after_the_other_is_written_beside_its_source(translator: Page) -> None:
    """Emptied and written again with the keyboard alone, on a phone's width too."""
    page = translator
    page.goto(f"{LANGUAGES}?state=all&kind=session_abstract")
    page.locator(".texts tbody th a").first.click()
    box = page.get_by_role("textbox", name="Abstract, Deutsch")
    box.fill("")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#abstract .state[data-state=missing]")).to_have_text("missing")

    page.goto(LANGUAGES)
    page.get_by_role("link", name="Translate one after the other").click()
    page.set_viewport_size({"width": 390, "height": 844})
    source, field = page.locator("#abstract .wording").first, page.get_by_role("textbox", name="Abstract, Deutsch")
    above, below = source.bounding_box(), field.bounding_box()
    assert above is not None
    assert below is not None
    assert above["y"] + above["height"] <= below["y"]
    field.fill("Neu geschrieben.")
    field.press("Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("That was the last one of this list")
    expect(page.locator(".dateline").first).to_contain_text("nothing missing or stale")
