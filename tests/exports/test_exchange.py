"""Which rows of a file may be taken, and why others may not. Pure."""

import pytest

from app.exports.exchange import Entry, Row, RowRefusal, dry_run, entries, language_of
from app.site.sieve import Sieve
from app.site.wishes import Verdict
from app.values.language import Language
from tests.exports.translations import DE, EN, ZH, by_key, text

TITLE = text(en="Dry cells", de="Zellen", zh="电池", stale=(DE,))
ABSTRACT = text("abstract", en="Much.", de="Viel.")


def row(words: str | None, *, of: object = TITLE, into: Language = DE, number: int = 7, **other: object) -> Row:
    entry = Entry(of, into)  # type: ignore[arg-type]
    facts = {"key": entry.key, "language": into.own_name, "mark": entry.mark} | other
    return Row(number, words=words, **facts)  # type: ignore[arg-type]


def test_what_is_open_goes_out_for_each_language_that_lacks_it() -> None:
    both = [TITLE, ABSTRACT]
    assert [(e.key, e.target) for e in entries(both, Sieve())] == [("session-1-title", DE), ("session-1-abstract", ZH)]
    assert [e.target for e in entries(both, Sieve(state="all"))] == [DE, ZH, DE, ZH]
    assert [e.key for e in entries(both, Sieve(state="all", language="zh", kind="session_title"))] == [
        "session-1-title"
    ]
    assert list(entries(both, Sieve(language="en"))) == []


def test_new_words_are_planned_and_normalised() -> None:
    planned = dry_run([row("  Trockene Zellen ")], by_key(TITLE)).planned
    assert [(p.number, p.wish.text, p.before, p.verdict) for p in planned] == [
        (7, "Trockene Zellen", "Zellen", Verdict.WRITE)
    ]


def test_the_same_words_again_say_that_a_stale_one_is_still_right() -> None:
    found = dry_run([row("Zellen"), row("电池", into=ZH)], by_key(TITLE))
    assert [p.verdict for p in found.planned] == [Verdict.STILL_RIGHT]
    assert found.unchanged == 1


def test_what_was_left_empty_and_what_stays_the_same_is_counted() -> None:
    found = dry_run([row(""), row(" \n "), row("电池", into=ZH)], by_key(TITLE))
    assert (found.empty, found.unchanged, found.planned, found.refused) == (2, 1, (), ())


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (row("Neu", key="session-2-title"), Verdict.FOREIGN),
        (row("Neu", key="nonsense"), Verdict.FOREIGN),
        (row("Neu", key=""), Verdict.FOREIGN),
        (row("Neu", language="Polski"), RowRefusal.LANGUAGE),
        (row("Neu", mark=""), RowRefusal.MARK),
        (row("Neu", mark="x-y"), RowRefusal.MARK),
        (row(None), RowRefusal.NOT_TEXT),
        (row("New", into=EN), Verdict.IS_SOURCE),
        (row("Neu", mark=f"{'0' * 16}-{Entry(TITLE, DE).mark[17:]}"), Verdict.SOURCE_CHANGED),
        (row("Neu", mark=f"{Entry(TITLE, DE).mark[:16]}-{'0' * 16}"), Verdict.CHANGED),
        (row("a\x07b"), "text_control"),
        (row("two\nlines"), "text_control"),
        (row("x" * 301), "text_too_long"),
        (row("\u202egnp"), "text_bidi"),
        (row("\u200b"), "text_invisible"),
    ],
)
def test_a_bad_row_is_refused_with_its_number_and_reason_and_the_others_are_taken(bad: Row, code: str) -> None:
    good = row("多", of=ABSTRACT, into=ZH, number=8)
    found = dry_run([bad, good], by_key(TITLE, ABSTRACT))
    assert [(refused.number, refused.code) for refused in found.refused] == [(7, code)]
    assert [planned.number for planned in found.planned] == [8]


def test_a_text_that_stands_there_twice_is_taken_once() -> None:
    found = dry_run([row("Neu"), row("Neuer", number=8)], by_key(TITLE))
    assert [p.wish.text for p in found.planned] == ["Neu"]
    assert [(r.number, r.code) for r in found.refused] == [(8, RowRefusal.TWICE)]


@pytest.mark.parametrize(
    ("name", "language"),
    [("de", DE), ("Deutsch", DE), ("de-AT", DE), ("中文", ZH), ("zh", ZH), ("zh-Hans", ZH), ("zh_CN", ZH), ("ZH-HANS-CN", ZH),
     ("en-GB", EN), ("zh-Hant", None), ("zh-TW", None), ("fr", None), ("", None)],
)  # fmt: skip
def test_a_language_goes_by_many_names(name: str, language: Language | None) -> None:
    assert language_of(name) is language
