"""The programme on paper: every glyph there, nothing over the edge, only what its reader may see."""

import re
import time
from collections.abc import Iterator
from io import BytesIO
from itertools import permutations

import pikepdf
import pytest
import typst
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from app.exports.imposition import PAGES_A_SHEET, folded, sheets, sides
from app.seed import sample
from app.seed.sample import Wanted
from app.seed.sample_plan import Size
from app.values.actor import COMMAND, Role
from app.web import typesetting
from app.web.transaction import transaction
from app.web.typesetting import missing_fonts
from tests.conftest import NOW
from tests.factories.accounts import make_account, sign_in
from tests.factories.agenda import make_session
from tests.factories.editions import make_edition
from tests.seed.test_seed import load

PAIRS = [("en", ""), ("de", ""), ("zh", ""), *permutations(("en", "de", "zh"), 2)]
PUBLIC = "/{lang}/editions/sample-2027/programme.pdf"


@pytest.fixture(scope="module")
def hard_names() -> str:
    """Letters that subsets of fonts lack: of Polish, Czech and Hungarian names, and of Chinese given names."""
    return "Łucja Šimůnková, Győző Őry, 喆堃玥芃珺昇 and 𠮷"


@pytest.fixture
def published(app: Flask, client: FlaskClient, hard_names: str) -> FlaskClient:
    """A sample with one session of hard names in its draft, too."""
    with app.app_context(), transaction() as db:
        load(db, actor=COMMAND, now=NOW)
        size = Size(days=2, rooms=4, sessions=44, speakers=30)
        edition = sample.make(db, Wanted("sample-2027", size, registrations=0), actor=COMMAND, now=NOW)
        make_session(db, edition, hard_names)
        account = make_account(db, role=Role.VIEWER).id
    sign_in(client, account)
    return client


def glyphs(pdf: bytes) -> Iterator[int]:
    """The codes of every glyph shown, as the two-byte fonts of typst number them: 0 is the empty box."""
    with pikepdf.open(BytesIO(pdf)) as document:
        for page in document.pages:
            for stream in (page, *(form for form in page.get("/Resources", {}).get("/XObject", {}).values())):
                if stream is not page and stream.get("/Subtype") != "/Form":
                    continue
                for operands, operator in pikepdf.parse_content_stream(stream):
                    if str(operator) in ("Tj", "TJ"):
                        texts = operands[0] if str(operator) == "TJ" else [operands[0]]
                        for text in texts:
                            if isinstance(text, pikepdf.String):
                                raw = bytes(text)
                                yield from (raw[n] << 8 | raw[n + 1] for n in range(0, len(raw) - 1, 2))


@pytest.mark.parametrize("paper", ["a4", "a6"])
@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_every_glyph_is_there_in_every_pair_of_languages(
    published: FlaskClient, first: str, second: str, paper: str
) -> None:
    answer = published.get(PUBLIC.format(lang=first), query_string={"and": second, "format": paper})
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    shown = list(glyphs(answer.data))
    assert len(shown) > 2000
    assert shown.count(0) == 0


def test_hard_names_are_set_too_and_a_letter_no_font_has_would_be_noticed(published: FlaskClient) -> None:
    draft = published.get("/organise/editions/sample-2027/programme.pdf").data
    assert list(glyphs(draft)).count(0) == 0
    unknown = typst.compile(b'#set text(font: "Noto Sans", fallback: false)\n\xe5\x96\x86')
    assert list(glyphs(unknown)).count(0) == 1


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_nothing_is_printed_over_the_edge_of_a_page(
    published: FlaskClient, monkeypatch: pytest.MonkeyPatch, first: str, second: str
) -> None:
    """Four millimetres all around stay blank on each page, as a printer needs them."""
    drawn: list[bytes] = []
    original = typst.compile

    def as_pictures(*args: object, **kwargs: object) -> object:
        pages = original(*args, format="png", ppi=72, **kwargs)  # type: ignore[call-overload]
        drawn.extend(pages if isinstance(pages, list) else [pages])
        return original(*args, **kwargs)  # type: ignore[call-overload]

    monkeypatch.setattr(typst, "compile", as_pictures)
    for paper in ("a4", "a6"):
        published.get(PUBLIC.format(lang=first), query_string={"and": second, "format": paper})
    assert len(drawn) > 12
    assert [n for n, picture in enumerate(drawn) if _inked_edge(picture, margin=11)] == []


def _inked_edge(picture: bytes, *, margin: int) -> bool:
    with Image.open(BytesIO(picture)) as page:
        grey = page.convert("L")
        width, height = grey.size
        edges = (
            (0, 0, width, margin),
            (0, height - margin, width, height),
            (0, 0, margin, height),
            (width - margin, 0, width, height),
        )
        return any(grey.crop(edge).getextrema()[0] < 200 for edge in edges)


def test_the_public_programme_is_of_the_release_and_the_draft_stays_inside(app: Flask, published: FlaskClient) -> None:
    public = published.get(PUBLIC.format(lang="en")).data
    draft = published.get("/organise/editions/sample-2027/programme.pdf").data
    released = published.get("/organise/editions/sample-2027/programme.pdf?release=2").data
    counts = [len(list(glyphs(pdf))) for pdf in (public, released, draft)]
    assert counts[0] == counts[1]
    assert counts[2] > counts[0]


@pytest.mark.parametrize("paper", ["a4", "a6"])
def test_the_same_release_gives_the_same_bytes_whichever_process_makes_them(
    app: Flask, published: FlaskClient, paper: str
) -> None:
    made = set()
    for second in (0, 1):
        app.extensions["shelf"].forget()
        made.add(published.get(PUBLIC.format(lang="en"), query_string={"format": paper}).data)
        time.sleep(1.1 - second)
    assert len(made) == 1


def test_before_the_first_release_there_is_no_public_programme(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as db:
        make_session(db, make_edition(db, slug="2028-berlin"), "Secret plan")
    assert client.get("/en/editions/2028-berlin/programme.pdf").status_code == 404


@pytest.mark.parametrize("query", ["?format=a3", "?and=fr", "?and=en", "?and=%00&format=%F0%9F%98%80"])
def test_whatever_is_asked_of_the_address_gives_a_programme(published: FlaskClient, query: str) -> None:
    assert published.get(PUBLIC.format(lang="en") + query).status_code == 200


@pytest.mark.parametrize("number", ["99", "x", "-1", "9" * 30])
def test_a_release_that_is_not_there_is_not_found(published: FlaskClient, number: str) -> None:
    assert published.get(f"/organise/editions/sample-2027/programme.pdf?release={number}").status_code == 404


def test_what_somebody_typed_is_text_and_never_typesetting(app: Flask, published: FlaskClient) -> None:
    with app.app_context(), transaction() as db:
        make_session(db, make_edition(db, slug="2028-berlin"), '#panic("no") $x^2$ *bold* \\ "quoted" ]')
    assert published.get("/organise/editions/2028-berlin/programme.pdf").status_code == 200


def test_without_its_fonts_the_server_says_which_to_install(
    published: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert missing_fonts(frozenset({"Noto Sans"})) == ("Noto Sans CJK SC",)
    monkeypatch.setattr(typesetting, "families", lambda: frozenset({"DejaVu Sans"}))
    answer = published.get("/organise/editions/sample-2027/programme.pdf")
    assert answer.status_code == 409
    assert "Noto Sans CJK SC" in answer.text


def test_the_papers_page_offers_every_release(published: FlaskClient) -> None:
    page = published.get("/organise/editions/sample-2027/papers").text
    assert re.findall(r'<option value="(\d+)"', page) == ["2", "1"]


@given(st.integers(1, 80))
def test_every_page_of_a_booklet_lies_on_its_sheets_once(pages: int) -> None:
    panels = [panel for side in sides(pages) for panel in side]
    assert sorted(panel.page for panel in panels) == list(range(sheets(pages) * PAGES_A_SHEET))


@given(st.integers(1, 80))
def test_the_back_of_a_leaf_follows_its_front(pages: int) -> None:
    """Turned on the long edge, left becomes right: behind each page lies the one before or after it."""
    for front, back in zip(*[iter(sides(pages))] * 2, strict=True):
        for panel in front:
            behind = next(other for other in back if (other.column, other.row) == (1 - panel.column, panel.row))
            assert abs(behind.page - panel.page) == 1
            assert behind.page // 2 == panel.page // 2
            assert behind.is_turned is panel.is_turned


def test_a_booklet_of_nine_pages_takes_two_sheets_printed_on_both_sides() -> None:
    with pikepdf.new() as small:
        for _ in range(9):
            small.add_blank_page(page_size=(297.64, 420.94))
        out = BytesIO()
        small.save(out)
    with pikepdf.open(BytesIO(folded(out.getvalue()))) as sheet:
        assert [len(page.Resources.XObject) for page in sheet.pages] == [2, 2, 3, 2]
