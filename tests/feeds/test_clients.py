"""Both readers find the same events at the same instants."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest

from app.calendar.event import LONGEST_ABSTRACT, Mark, block
from app.calendar.feed import Entry, Head, calendar
from app.calendar.zones import has_rule
from app.values.language import Language
from tests.factories.calendar import UID, days_facts, session_facts, texts
from tests.feeds.conftest import Feeds
from tests.feeds.readers import by_ical_js, by_icalendar

AT = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
HOSTILE = {
    "carriage returns": "x\rBEGIN:VEVENT\rSUMMARY:injected",
    "line feeds": "x\nEND:VEVENT\nBEGIN:VEVENT\nUID:injected",
    "both": "x\r\nBEGIN:VALARM\r\n ACTION:AUDIO",
    "folded": "x\r\n \r\n\tATTENDEE:mailto:injected@example.org",
    "zero": "x\x00y\x07",
    "unicode lines": "x\u2028BEGIN:VEVENT\u2029y\x85z",
    "reordering": "\u202eSUMMARY\u202c\u2066\u2069",
    "four bytes": "𠮷野家𠀋" * 40,
    "very long": "长" * 10_000,
    "separators": "a,b;c:d=e\"f'g",
    "backslashes": "\\n\\\\N\\,\\;\\",
    "parameters": ';VALUE=URI:https://evil.example"',
    "half a character": "\ud800 \udfff",
    "no character": "\ufeff\ufffe\uffff",
    "empty": "",
    "none": "None",
}
NAMES = [
    "UID", "DTSTAMP", "LAST-MODIFIED", "CREATED", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION",
    "LOCATION", "STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS", "URL", "CATEGORIES",
]  # fmt: skip


def head(**changes: Any) -> Head:
    whole = Head(
        "feed@forum.test", "Forum", "What is on", "Asia/Shanghai", "PT1H", "https://f.test/a.ics", "https://f.test/", AT
    )
    return replace(whole, **changes)


def entry(facts: Any) -> Entry:
    return Entry(facts.uid, facts.begins, facts.tzid, block(facts, Language.EN, Mark("forum.test", 0, AT, AT)))


@pytest.mark.parametrize(
    ("zone", "starts", "instant"),
    [
        ("Europe/Berlin", datetime(2027, 1, 15, 9), datetime(2027, 1, 15, 8, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2027, 7, 15, 9), datetime(2027, 7, 15, 7, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2027, 9, 23, 9), datetime(2027, 9, 23, 7, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2027, 3, 28, 3), datetime(2027, 3, 28, 1, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2027, 10, 31, 3), datetime(2027, 10, 31, 2, tzinfo=UTC)),
        ("Asia/Shanghai", datetime(2027, 1, 15, 9), datetime(2027, 1, 15, 1, tzinfo=UTC)),
        ("Asia/Shanghai", datetime(2027, 7, 15, 9), datetime(2027, 7, 15, 1, tzinfo=UTC)),
        ("Africa/Casablanca", datetime(2027, 2, 20, 9), datetime(2027, 2, 20, 9, tzinfo=UTC)),
        ("Africa/Casablanca", datetime(2027, 7, 15, 9), datetime(2027, 7, 15, 8, tzinfo=UTC)),
    ],
)
def test_summer_and_winter_in_both_readers(feeds: Feeds, zone: str, starts: datetime, instant: datetime) -> None:
    feeds.publish(session_facts(zone=zone, starts=starts, ends=starts.replace(hour=starts.hour + 1)))
    text = feeds.text()

    (found,) = by_ical_js(text)
    seen = [event for event in found if event["uid"].startswith("session-")]
    read = [event for event in by_icalendar(text) if event["uid"].startswith("session-")]
    assert [event["starts"] for event in seen] == [event["starts"] for event in read] == [instant.timestamp()]
    assert [event["ends"] for event in seen] == [event["ends"] for event in read] == [instant.timestamp() + 3600]
    assert not any(event["floating"] for event in seen)


def test_every_zone_with_a_rule_in_both_readers() -> None:
    """The first of January, April, July and October at noon, all over the world."""
    zones = sorted(name for name in available_timezones() if "/" in name and has_rule(name, 2027))
    noons = [datetime(2027, month, 1, 12) for month in (1, 4, 7, 10)]
    wanted, feeds = [], []
    for zone in zones:
        facts = [
            session_facts(f"session-{n}", zone=zone, starts=at, ends=at.replace(hour=13)) for n, at in enumerate(noons)
        ]
        feeds.append(calendar(head(), [entry(each) for each in facts]).decode())
        wanted.append([at.replace(tzinfo=ZoneInfo(zone)).timestamp() for at in noons])

    assert [[event["starts"] for event in found] for found in by_ical_js(*feeds)] == wanted
    assert [[event["starts"] for event in by_icalendar(text)] for text in feeds] == wanted


def test_both_readers_find_the_same_words(feeds: Feeds) -> None:
    words = texts(
        title="Batteries, materials; and “what next”",
        abstract="One.\n\nTwo: 电池 𠮷 \\ done",
        categories=("Policy, standards", "Panel"),
    )
    feeds.publish(
        session_facts(texts=words), session_facts("session-2", cancelled=True, texts=words, latitude=1, longitude=2)
    )
    text = feeds.text()

    (found,) = by_ical_js(text)
    same = ("uid", "summary", "description", "location", "sequence", "status", "categories", "starts", "ends")
    assert [{name: event[name] for name in same} for event in found] == by_icalendar(text)
    assert [event["summary"] for event in found] == [
        "Haikou Forum 2027",
        "Batteries, materials; and “what next”",
        "Cancelled: Batteries, materials; and “what next”",
    ]
    assert found[1]["categories"] == ["Policy, standards", "Panel"]
    assert (found[0]["starts"], found[0]["ends"]) == ("2027-09-23", "2027-09-25")


@pytest.mark.parametrize(
    "field", ["title", "room", "venue", "city", "note", "languages", "abstract", "home_time", "url"]
)
def test_no_field_can_hold_a_line_of_its_own(field: str) -> None:
    facts = [
        session_facts(f"session-{n}", texts=texts(**{"categories": ("Panel",), field: raw}))
        for n, raw in enumerate(HOSTILE.values())
    ]
    _nothing_was_injected(facts)


@pytest.mark.parametrize("field", ["speakers", "categories"])
def test_no_list_can_hold_a_line_of_its_own(field: str) -> None:
    facts = [
        session_facts(f"session-{n}", texts=texts(**{"categories": ("Panel",), field: (raw, "Anna")}))
        for n, raw in enumerate(HOSTILE.values())
    ]
    _nothing_was_injected(facts)


def _nothing_was_injected(facts: list[Any]) -> None:
    octets = calendar(head(), [entry(each) for each in facts])
    text = octets.decode()

    assert all(len(line) <= 75 for line in octets.split(b"\r\n"))
    assert not set(text.replace("\r\n", "")) & set("\r\n\x00\x85\u2028\u2029\u202e\u202c\ufeff")
    (found,) = by_ical_js(text)
    assert sorted(event["uid"] for event in found) == sorted(f"{each.uid}@forum.test" for each in facts)
    for event in found:
        assert [name for name in NAMES if name.lower() in event["properties"]] == [
            n for n in NAMES if n != "LOCATION" or event["location"]
        ]
        assert {name.upper() for name in event["properties"]} <= set(NAMES)
        assert len(event["description"]) < LONGEST_ABSTRACT * 10
    assert [event["summary"] for event in by_icalendar(text)] == [event["summary"] for event in found]


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_name_of_a_calendar_can_hold_a_line_of_its_own(raw: str) -> None:
    text = calendar(head(name=raw, told=raw), [entry(days_facts())]).decode()

    (found,) = by_ical_js(text)
    assert [event["uid"] for event in found] == ["edition-x@forum.test"]
    assert [line.partition(":")[0] for line in text.replace("\r\n ", "").split("\r\n")[:17]] == [
        "BEGIN", "VERSION", "PRODID", "CALSCALE", "UID", "LAST-MODIFIED", "NAME", "X-WR-CALNAME", "DESCRIPTION",
        "X-WR-CALDESC", "X-WR-TIMEZONE", "REFRESH-INTERVAL;VALUE=DURATION", "X-PUBLISHED-TTL", "SOURCE;VALUE=URI",
        "URL", "COLOR", "BEGIN",
    ]  # fmt: skip


def test_there_is_no_calendar_without_a_component() -> None:
    with pytest.raises(ValueError, match="component"):
        calendar(head(), [])


def test_events_stand_by_start_and_then_by_uid() -> None:
    late, day = (
        session_facts("session-a", starts=datetime(2027, 9, 24, 9), ends=datetime(2027, 9, 24, 10)),
        days_facts(),
    )
    early = [session_facts("session-c"), session_facts(UID), session_facts("session-b")]
    text = calendar(head(), [entry(each) for each in (late, *early, day)]).decode()

    assert [event["uid"].removesuffix("@forum.test") for event in by_icalendar(text)] == [
        "edition-x", UID, "session-b", "session-c", "session-a",
    ]  # fmt: skip
