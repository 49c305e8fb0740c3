"""axe finds nothing on any page of the URL map (WCAG 2.2 AA), in light and dark; and no page scrolls sideways."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from app.web.access import Who
from tests.journeys.addresses import Address, every_page
from tests.journeys.conftest import House

AXE = next((Path(__file__).parents[1] / "vendor").glob("axe-core-*.min.js")).read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (320, 390, 768, 1280, 1920)


def violations(page: Page) -> list[str]:
    """The CSP of our pages forbids injected scripts, so axe comes in through the debugger."""
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [f"{v['id']}: {v['nodes'][0]['target']} {v['nodes'][0]['html'][:120]}" for v in found["violations"]]


def overflow(page: Page) -> int:
    return int(page.evaluate("document.scrollingElement.scrollWidth - document.documentElement.clientWidth"))


def visit(page: Page, path: str) -> None:
    answer = page.goto(path)
    assert answer is not None
    assert answer.status < 400, f"{path}: {answer.status}"


def found_at_every_width(page: Page, path: str) -> list[str]:
    """What axe finds on the page that is open, and where it scrolls sideways."""
    found = [f"{path}: {problem}" for problem in violations(page)]
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if (wide := overflow(page)) > 0:
            found.append(f"{path}: {wide}px too wide at {width}")
    return found


def problems(page: Page, addresses: list[Address], scheme: str) -> list[str]:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    found: list[str] = []
    own = "/".join(page.url.split("/")[:3])
    page.on("request", lambda request: None if request.url.startswith(own) else found.append(f"foreign: {request.url}"))
    page.on("pageerror", lambda error: found.append(f"script: {error}"))
    for address in addresses:
        visit(page, address.path)
        found += found_at_every_width(page, address.path)
    return found


@pytest.mark.parametrize(("lang", "scheme"), [("en", "light"), ("de", "dark"), ("zh", "light")])
def test_public_pages(browser: Browser, house: House, lang: str, scheme: str) -> None:
    page = browser.new_context(base_url=house.address).new_page()
    page.goto(f"/{lang}/")
    addresses = [a for a in every_page(house, lang) if a.audience.who in (Who.PUBLIC, Who.VISITOR, Who.HOLDER)]
    assert len(addresses) > 10
    assert "\n".join(problems(page, addresses, scheme)) == ""
    page.context.close()


@pytest.mark.parametrize(("lang", "scheme"), [("en", "dark"), ("de", "light"), ("zh", "dark")])
def test_organisers_pages(browser: Browser, house: House, lang: str, scheme: str) -> None:
    page = browser.new_context(base_url=house.address).new_page()
    page.goto(house.sign_in_link())
    page.locator("main form button").click()
    page.locator(f'.languages button[value="{lang}"]').click()
    assert page.locator("html").get_attribute("lang") == ("zh-Hans" if lang == "zh" else lang)
    addresses = [a for a in every_page(house, lang) if a.audience.who is Who.ORGANISER]
    assert len(addresses) > 15
    assert "\n".join(problems(page, addresses, scheme)) == ""
    page.context.close()


@pytest.mark.parametrize(("lang", "scheme"), [("en", "light"), ("de", "dark"), ("zh", "light")])
def test_the_pages_around_signing_in(browser: Browser, house: House, lang: str, scheme: str) -> None:
    page = browser.new_context(base_url=house.address, locale=lang).new_page()
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    for path in ("/organise/sign-in/", "/organise/sign-in/recover"):
        visit(page, path)
        assert page.locator("html").get_attribute("lang") == ("zh-Hans" if lang == "zh" else lang)
        assert found_at_every_width(page, path) == []
    visit(page, house.sign_in_link())  # from here on the account's language is spoken
    assert found_at_every_width(page, page.url) == []
    page.locator("main form button").click()
    assert found_at_every_width(page, page.url) == []
    page.context.close()


@pytest.mark.parametrize("path", ["/en/nowhere", "/de/editions/nothing/agenda", "/zh/registrations/unknown"])
def test_error_pages(browser: Browser, house: House, path: str) -> None:
    page = browser.new_context(base_url=house.address).new_page()
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 404
    assert violations(page) == []
    page.context.close()


def test_the_check_itself_finds_a_missing_label(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<html lang=en><title>x</title><main><h1>x</h1><input></main></html>")
    assert any(found.startswith("label") for found in violations(page))
    page.close()
