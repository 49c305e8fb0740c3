"""XLIFF 2.0 for translation programs: out, and back; and what strangers may not send."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from app.errors import Conflict
from app.exports import guarded, xliff
from app.exports.exchange import Entry, FileRefusal, RowRefusal, dry_run
from app.site.matrix import Text
from app.site.wishes import Verdict
from app.values.language import Language
from tests.exports.test_sheets import WORDS
from tests.exports.translations import DE, EN, XLIFF_WORDS, ZH, by_key, text

NS = {"x": xliff.NAMESPACE}
TITLE = text(en="Dry <cells> & “more”", de="Zellen", stale=(DE,))
ABSTRACT = text("abstract", en="One.\n\nTwo.", zh="一。")


def document(*texts: Text, target: Language = DE) -> bytes:
    entries = [Entry(each, target) for each in texts]
    return xliff.written(entries, source=EN, target=target, original="2027-haikou", words=XLIFF_WORDS)


def translated(raw: bytes, words: dict[str, str], *, state: str = "translated") -> bytes:
    """As another program writes it: targets filled in, and the state of what it looked at."""
    tree = etree.fromstring(raw)
    for unit in tree.iterfind(".//x:unit", NS):
        if unit.get("id") in words:
            segment = unit.find("x:segment", NS)
            target = segment.find("x:target", NS)
            target = etree.SubElement(segment, f"{{{xliff.NAMESPACE}}}target") if target is None else target
            target.text = words[unit.get("id")]
            segment.set("state", state)
    return bytes(etree.tostring(tree, xml_declaration=True, encoding="UTF-16"))


def test_a_document_says_its_languages_and_each_unit_its_key_context_and_state() -> None:
    root = etree.fromstring(document(TITLE, ABSTRACT, target=ZH))
    assert (root.tag, dict(root.attrib)) == (
        f"{{{xliff.NAMESPACE}}}xliff", {"version": "2.0", "srcLang": "en", "trgLang": "zh-Hans"}
    )  # fmt: skip
    assert root.find("x:file", NS).get("original") == "2027-haikou"
    units = {unit.get("id"): unit for unit in root.iterfind(".//x:unit", NS)}
    assert list(units) == ["session-1-title", "session-1-abstract"]
    notes = {n.get("category"): n.text for n in units["session-1-title"].iterfind(".//x:note", NS)}
    assert notes == {
        "whose": "Cells", "kind": "session_title: title", "limit": "At most 300.", "luntan-mark": Entry(TITLE, ZH).mark,
    }  # fmt: skip
    first, second = (units[key].find("x:segment", NS) for key in units)
    assert (first.get("state"), first.findtext("x:source", None, NS), first.find("x:target", NS)) == (
        "initial", "Dry <cells> & “more”", None,
    )  # fmt: skip
    assert (second.get("state"), second.findtext("x:source", None, NS), second.findtext("x:target", None, NS)) == (
        "final", "One.\n\nTwo.", "一。",
    )  # fmt: skip


def test_a_stale_translation_goes_out_with_its_words_and_says_that_it_is() -> None:
    segment = etree.fromstring(document(TITLE)).find(".//x:segment", NS)
    assert (segment.get("state"), segment.get("subState"), segment.findtext("x:target", None, NS)) == (
        "initial", "luntan:stale", "Zellen",
    )  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(WORDS, WORDS, WORDS), min_size=1, max_size=6))
def test_whatever_texts_hold_comes_back_as_it_went_out(texts: list[tuple[str, str, str]]) -> None:
    some = [text("abstract", n=n, en=en, de=de, stale=(DE,)) for n, (en, de, _new) in enumerate(texts, 1)]
    raw = document(*some)
    found = etree.fromstring(raw).findall(".//x:segment", NS)
    assert [(s.findtext("x:source", None, NS), s.findtext("x:target", None, NS)) for s in found] == [
        (en, de) for en, de, _new in texts
    ]
    new = {f"session-{n}-abstract": words for n, (_en, _de, words) in enumerate(texts, 1)}
    run = dry_run(xliff.read(translated(raw, new)), by_key(*some))
    assert run.refused == ()
    assert {str(p.wish.key): p.wish.text for p in run.planned} == new


def test_a_file_sent_back_untouched_does_nothing() -> None:
    run = dry_run(xliff.read(document(TITLE, ABSTRACT)), by_key(TITLE, ABSTRACT))
    assert (run.planned, run.refused, run.unchanged, run.empty) == ((), (), 1, 1)


@pytest.mark.parametrize("state", ["translated", "reviewed", "final"])
def test_a_stale_one_that_was_looked_at_is_still_right(state: str) -> None:
    run = dry_run(xliff.read(translated(document(TITLE), {"session-1-title": "Zellen"}, state=state)), by_key(TITLE))
    assert [(p.number, p.verdict) for p in run.planned] == [(1, Verdict.STILL_RIGHT)]


def unit(inside: str, key: str = "session-1-title", text: Text = TITLE) -> bytes:
    return (
        f'<xliff xmlns="{xliff.NAMESPACE}" version="2.0" srcLang="en" trgLang="de"><file id="f"><unit id="{key}">'
        f'<notes><note category="luntan-mark">{Entry(text, DE).mark}</note><note>Mine</note></notes>{inside}'
        "</unit></file></xliff>"
    ).encode()


def test_a_unit_cut_into_segments_is_one_text_again() -> None:
    cut = unit(
        "<segment state='final'><source>One.</source><target>Eins.</target></segment>"
        "<ignorable><source> </source></ignorable>"
        "<segment state='final'><source>Two.</source><target>Zwei <pc id='1'>groß</pc><mrk id='2'>!</mrk></target></segment>"
    )
    assert [(row.words, row.approves) for row in xliff.read(cut)] == [("Eins. Zwei groß!", True)]


def test_a_unit_of_which_a_part_is_still_open_is_left_open() -> None:
    half = unit(
        "<segment><source>One.</source><target>Eins.</target></segment><segment><source>Two.</source></segment>"
    )
    assert [row.words for row in xliff.read(half)] == [""]


def test_a_character_xml_cannot_hold_is_refused_at_its_row() -> None:
    run = dry_run(
        xliff.read(unit("<segment><source>a</source><target>b<cp hex='0001'/></target></segment>")), by_key(TITLE)
    )
    assert [(refused.number, refused.code) for refused in run.refused] == [(1, RowRefusal.NOT_TEXT)]


def test_what_other_programs_add_of_their_own_is_passed_over() -> None:
    extra = unit("<segment><source>a</source><target>b</target></segment><o:source xmlns:o='urn:other'>no</o:source>")
    assert [row.words for row in xliff.read(extra)] == ["b"]


def refusal(raw: bytes) -> str:
    with pytest.raises(Conflict) as refused:
        xliff.read(raw)
    return refused.value.code


BILLION = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>"""


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (BILLION + unit("&c;"), FileRefusal.DOCTYPE),
        (b'<!DOCTYPE x SYSTEM "file:///etc/passwd">' + unit(""), FileRefusal.DOCTYPE),
        (b'<!DOCTYPE x PUBLIC "a" "http://other.example/">' + unit(""), FileRefusal.DOCTYPE),
        (b"<!DOCTYPE x>" + unit(""), FileRefusal.DOCTYPE),
        (unit("&undeclared;"), FileRefusal.UNREADABLE),
        (b"<a>" * (guarded.DEEPEST + 1), FileRefusal.NOT_OURS),
        (unit("<segment>" * (guarded.DEEPEST + 1)), FileRefusal.TOO_LARGE),
        (b"<xliff version='2.0' trgLang='de'/>", FileRefusal.NOT_OURS),
        (b'<xliff xmlns="urn:oasis:names:tc:xliff:document:1.2" version="1.2"/>', FileRefusal.NOT_OURS),
        (f'<xliff xmlns="{xliff.NAMESPACE}" version="2.1" trgLang="de"/>'.encode(), FileRefusal.NOT_OURS),
        (f'<tmx xmlns="{xliff.NAMESPACE}" version="2.0" trgLang="de"/>'.encode(), FileRefusal.NOT_OURS),
        (f'<xliff xmlns="{xliff.NAMESPACE}" version="2.0"/>'.encode(), FileRefusal.LANGUAGE),
        (f'<xliff xmlns="{xliff.NAMESPACE}" version="2.0" trgLang="zh-Hant"/>'.encode(), FileRefusal.LANGUAGE),
        (unit("")[:-5], FileRefusal.UNREADABLE),
        (b"<?xml version='1.0' encoding='nonsense'?><x/>", FileRefusal.UNREADABLE),
        (b"<?xml version='1.0' encoding='gb18030'?><x/>", FileRefusal.UNREADABLE),
        (b"<\xff\xfe", FileRefusal.UNREADABLE),
        (b"<", FileRefusal.UNREADABLE),
    ],
)
def test_what_is_not_ours_or_made_to_do_harm_is_refused(raw: bytes, code: FileRefusal) -> None:
    assert refusal(raw) == code


def test_more_elements_than_any_edition_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarded, "MOST_ELEMENTS", 50)
    assert refusal(unit("<segment/>" * 50)) == FileRefusal.TOO_LARGE
    monkeypatch.setattr(xliff, "MOST_ROWS", 1)
    monkeypatch.setattr(guarded, "MOST_ELEMENTS", 1000)
    assert refusal(document(TITLE, ABSTRACT)) == FileRefusal.TOO_LARGE
