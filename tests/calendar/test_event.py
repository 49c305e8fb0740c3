from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from app.calendar.event import EventTexts, Mark, address, block, cancelled, fold, one_line, text, unfold
from app.values.language import Language
from tests.factories.calendar import days_facts, session_facts, texts

AT = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
MARK = Mark("forum.test", 0, AT, AT)


def lines(facts=None, language: Language = Language.EN) -> list[str]:  # type: ignore[no-untyped-def]
    return unfold(block(facts or session_facts(), language, MARK))


def line(name: str, facts=None, language: Language = Language.EN) -> str:  # type: ignore[no-untyped-def]
    return next((found for found in lines(facts, language) if found.split(":")[0].split(";")[0] == name), "")


def test_a_session_reads_like_this_property_for_property() -> None:
    words = {
        "title": "Batteries after lithium",
        "room": "Meilan Hall",
        "venue": "Conference Centre",
        "city": "Haikou",
        "speakers": ("Wan Gang, CAST", "Anna Schmidt, VDI (moderator)"),
        "languages": "In Chinese, interpreted into English and German",
        "abstract": "What comes next; and when?",
        "home_time": "03:00 in Berlin",
        "categories": ("Batteries, materials", "Panel"),
    }
    facts = session_facts(texts=texts(**words), latitude=20.04, longitude=110.34)

    assert lines(facts) == [
        "BEGIN:VEVENT",
        "UID:session-11111111-2222-4333-8444-555555555555@forum.test",
        "DTSTAMP:20270301T090000Z",
        "LAST-MODIFIED:20270301T090000Z",
        "CREATED:20270301T090000Z",
        "SEQUENCE:0",
        "DTSTART;TZID=Asia/Shanghai:20270923T090000",
        "DTEND;TZID=Asia/Shanghai:20270923T100000",
        "SUMMARY:Batteries after lithium",
        "DESCRIPTION:Wan Gang\\, CAST\\nAnna Schmidt\\, VDI (moderator)\\nIn Chinese\\, interpreted into English and "
        "German\\nWhat comes next\\; and when?\\n03:00 in Berlin\\n\\nhttps://forum.test/en/agenda/batteries",
        "LOCATION:Meilan Hall\\, Conference Centre\\, Haikou",
        "GEO:20.040000;110.340000",
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
        "URL:https://forum.test/en/agenda/batteries",
        "CATEGORIES:Batteries\\, materials,Panel",
        "END:VEVENT",
    ]


def test_whole_days_end_on_the_day_after_the_last() -> None:
    assert line("DTSTART", days_facts()) == "DTSTART;VALUE=DATE:20270923"
    assert line("DTEND", days_facts()) == "DTEND;VALUE=DATE:20270925"


def test_a_single_day_ends_on_the_next_also_over_new_year() -> None:
    assert line("DTEND", days_facts(starts=date(2027, 12, 31), ends=date(2027, 12, 31))) == "DTEND;VALUE=DATE:20280101"


def test_times_are_in_utc_where_the_zone_has_no_yearly_rule() -> None:
    facts = session_facts(zone="Africa/Casablanca")

    assert line("DTSTART", facts) == "DTSTART:20270923T080000Z"
    assert facts.tzid == ""


def test_an_hour_shown_twice_is_the_first_of_the_two() -> None:
    facts = session_facts(
        zone="Europe/Berlin", starts=datetime(2027, 10, 31, 2, 30), ends=datetime(2027, 10, 31, 3, 30)
    )

    assert facts.begins == "2027-10-31T00:30:00Z"


@pytest.mark.parametrize(
    ("language", "title"),
    [(Language.EN, "Cancelled: Batteries"), (Language.DE, "Abgesagt: Batteries"), (Language.ZH, "已取消：Batteries")],
)
def test_a_cancelled_one_says_so_in_its_title(language: Language, title: str) -> None:
    facts = session_facts(texts=texts(title="Batteries"), cancelled=True)

    assert line("SUMMARY", facts, language) == f"SUMMARY:{title}"
    assert line("STATUS", facts, language) == "STATUS:CANCELLED"


def test_a_tombstone_made_of_the_block_alone_is_the_one_made_of_the_facts() -> None:
    words = texts(title="Cancelled, or not; " * 10, abstract="电池" * 100)
    alive, dead = session_facts(texts=words), session_facts(texts=words, cancelled=True)
    later = Mark("forum.test", 1, AT, datetime(2027, 4, 1, tzinfo=UTC))

    for language in Language:
        assert cancelled(block(alive, language, MARK), language, later) == block(dead, language, later)


def test_a_long_abstract_is_cut_between_words() -> None:
    told = Calendar.from_ical(block(session_facts(texts=texts(abstract="word " * 2000)), Language.EN, MARK))
    description = str(told["DESCRIPTION"])

    assert "word …\n\nhttps://" in description
    assert len(description) < 1600


def test_an_event_without_words_still_has_its_address() -> None:
    bare = {language: EventTexts(title="Break", url="https://forum.test/x") for language in Language}

    assert line("DESCRIPTION", session_facts(texts=bare)) == "DESCRIPTION:https://forum.test/x"
    assert line("LOCATION", session_facts(texts=bare)) == ""
    assert line("CATEGORIES", session_facts(texts=bare)) == ""


def test_lines_fold_at_75_octets_and_never_inside_a_character() -> None:
    for character in ("a", "ü", "电", "𠮷"):
        for shift in range(5):
            whole = "SUMMARY:" + "x" * shift + character * 300
            pieces = fold(whole).encode().split(b"\r\n")
            assert pieces.pop() == b""
            assert all(len(piece) <= 75 for piece in pieces)
            assert all(piece.startswith(b" ") for piece in pieces[1:])
            assert pieces[0].decode() + "".join(piece.decode()[1:] for piece in pieces[1:]) == whole
            assert unfold(fold(whole)) == [whole]


def test_a_line_of_exactly_75_octets_stays_whole() -> None:
    assert fold("x" * 75) == "x" * 75 + "\r\n"
    assert fold("x" * 76) == "x" * 75 + "\r\n x\r\n"


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("a\r\nb", "a b"),
        ("a\u2028b\u2029c\x85d\x0be", "a b c d e"),
        ("a\x00b\x1bc\x7f\x9f", "abc"),
        ("\u202eevil\u202c \u2066x\u2069", "evil x"),
        ("\ufeffBOM\ufffe", "BOM"),
        ("Mu\u0308ller", "M\u00fcller"),
        ("\ud800lone", "lone"),
        ("𠮷野家", "𠮷野家"),
    ],
)
def test_text_is_cleaned(raw: str, shown: str) -> None:
    assert one_line(raw) == shown


def test_an_address_holds_no_line_break() -> None:
    assert address("https://forum.test/\r\nBEGIN:VEVENT\u2028") == "https://forum.test/BEGIN:VEVENT"


@given(st.text(), st.text(), st.text())
def test_whatever_stands_in_a_text_icalendar_reads_it_back(title: str, room: str, abstract: str) -> None:
    facts = session_facts(texts=texts(title=title, room=room, abstract=abstract, categories=(title, room)))
    event = Calendar.from_ical(block(facts, Language.EN, MARK))

    assert str(event["SUMMARY"]) == one_line(title)
    assert [name for name in event if name not in ("LOCATION", "CATEGORIES")] == [
        "UID", "DTSTAMP", "LAST-MODIFIED", "CREATED", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION",
        "STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS", "URL",
    ]  # fmt: skip


@given(st.text())
def test_escaping_leaves_no_bare_separator_and_no_line(raw: str) -> None:
    written = text(raw)

    assert not set(written) & set("\r\n\x00\u2028\u202e")
    bare = written.replace("\\\\", "").replace("\\;", "").replace("\\,", "").replace("\\n", "")
    assert not set(bare) & set("\\;,")
