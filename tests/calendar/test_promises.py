from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event as events
from sqlalchemy import select

from app.calendar import queries
from app.calendar.actions import promise, promise_all, withdraw
from app.calendar.event import EventFacts, unfold
from app.calendar.models import CalendarEvent
from app.calendar.rules import EventStatus
from app.database import DbSession
from app.editions.models import Edition
from app.freshness import PublicDue
from app.values.language import Translated
from tests.conftest import NOW
from tests.factories.calendar import DOMAIN, UID, days_facts, promised, session_facts, texts
from tests.factories.editions import make_edition

LATER = NOW + timedelta(days=1)


def published(db: DbSession, edition: Edition, facts: EventFacts, now: datetime = NOW) -> CalendarEvent:
    return promise(db, edition.id, facts, domain=DOMAIN, now=now)


def value(event: CalendarEvent, name: str, language: str = "en") -> str:
    return next(line.partition(":")[2] for line in unfold(event.blocks[language]) if line.startswith(name))


def test_the_first_publication_has_sequence_zero(db: DbSession) -> None:
    event = published(db, make_edition(db), session_facts())

    assert (event.sequence, event.status, event.changed_at) == (0, EventStatus.CONFIRMED, NOW)
    assert value(event, "UID") == f"{UID}@{DOMAIN}"
    assert event.begins == "2027-09-23T01:00:00Z"
    assert event.last_day == date(2027, 9, 23)


def test_the_same_published_again_touches_no_row_and_no_byte(db: DbSession) -> None:
    edition = make_edition(db)
    promised(db, edition, [session_facts()])
    before = dict(db.get_one(CalendarEvent, UID).blocks)
    written: list[str] = []
    statements = lambda _c, _cur, statement, *_: written.append(statement)  # noqa: E731
    events.listen(db.get_bind(), "before_cursor_execute", statements)

    promise_all(db, edition.id, [days_facts(edition), session_facts()], domain=DOMAIN, now=LATER)
    db.flush()

    events.remove(db.get_bind(), "before_cursor_execute", statements)
    assert db.get_one(CalendarEvent, UID).blocks == before
    assert [s for s in written if "calendar_event" in s and not s.startswith("SELECT")] == []


def test_a_move_raises_sequence_by_one_however_many_edits_lie_between(db: DbSession) -> None:
    edition = make_edition(db)
    published(db, edition, session_facts())

    moved = session_facts(starts=datetime(2027, 9, 24, 14), ends=datetime(2027, 9, 24, 16), place="hall-b")
    event = published(db, edition, moved, LATER)

    assert event.sequence == 1
    assert value(event, "SEQUENCE") == "1"
    assert value(event, "DTSTART;TZID=Asia/Shanghai") == "20270924T140000"


def test_a_new_title_changes_the_stamp_and_not_the_sequence(db: DbSession) -> None:
    edition = make_edition(db)
    published(db, edition, session_facts())

    event = published(db, edition, session_facts(texts=texts(title="Batteries after sodium")), LATER)

    assert (event.sequence, event.changed_at) == (0, LATER)
    assert value(event, "DTSTAMP") == value(event, "LAST-MODIFIED") == "20270302T090000Z"
    assert value(event, "CREATED") == "20270301T090000Z"


def test_a_change_in_one_language_is_seen_in_the_stamp_of_all(db: DbSession) -> None:
    edition = make_edition(db)
    words = texts()
    published(db, edition, session_facts(texts=words))
    words = {
        language: replace(word, city="海口" if language == "zh" else word.city) for language, word in words.items()
    }

    event = published(db, edition, session_facts(texts=words), LATER)

    assert [value(event, "DTSTAMP", language) for language in ("en", "de", "zh")] == ["20270302T090000Z"] * 3


def test_a_cancelled_session_keeps_its_time_and_counts_one_step(db: DbSession) -> None:
    edition = make_edition(db)
    published(db, edition, session_facts())

    event = published(db, edition, session_facts(cancelled=True), LATER)

    assert (event.sequence, event.status, event.gone_at) == (1, EventStatus.CANCELLED, LATER)
    assert value(event, "DTSTART;TZID=Asia/Shanghai") == "20270923T090000"


def test_one_that_stays_cancelled_was_gone_since_the_first_time(db: DbSession) -> None:
    edition = make_edition(db)
    published(db, edition, session_facts(cancelled=True))

    event = published(db, edition, session_facts(cancelled=True, texts=texts(note="Flight")), LATER)

    assert (event.sequence, event.gone_at, event.changed_at) == (0, NOW, LATER)


def test_what_is_no_longer_published_becomes_a_tombstone_in_every_language(db: DbSession) -> None:
    edition = make_edition(db)
    promised(db, edition, [session_facts()])
    promised(db, edition, [], now=LATER)

    event = db.get_one(CalendarEvent, UID)
    assert (event.sequence, event.status, event.gone_at) == (1, EventStatus.CANCELLED, LATER)
    assert [value(event, "SUMMARY", language)[:3] for language in ("en", "de", "zh")] == ["Can", "Abg", "已取消"]
    assert value(event, "STATUS") == "CANCELLED"
    assert value(event, "DTSTART;TZID=Asia/Shanghai") == "20270923T090000"


def test_withdrawing_twice_changes_nothing_more(db: DbSession) -> None:
    published(db, make_edition(db), session_facts())

    assert withdraw(db, UID, now=LATER)
    assert not withdraw(db, UID, now=LATER + timedelta(days=1))
    assert not withdraw(db, "session-unknown", now=LATER)
    assert db.get_one(CalendarEvent, UID).changed_at == LATER


def test_a_tombstone_cancelled_by_the_organisers_as_well_is_the_same_promise(db: DbSession) -> None:
    edition = make_edition(db)
    published(db, edition, session_facts())
    withdraw(db, UID, now=LATER)

    event = published(db, edition, session_facts(cancelled=True), LATER + timedelta(days=1))

    assert (event.sequence, event.changed_at, event.gone_at) == (1, LATER, LATER)


def test_sequence_does_not_fall_when_a_session_is_reinstated(db: DbSession) -> None:
    edition = make_edition(db)
    published(db, edition, session_facts())
    withdraw(db, UID, now=LATER)

    event = published(db, edition, session_facts(), LATER + timedelta(days=1))

    assert (event.sequence, event.status, event.gone_at) == (2, EventStatus.CONFIRMED, None)
    assert value(event, "SUMMARY") == "Batteries after lithium"


def test_a_session_that_left_a_room_is_remembered_by_it(db: DbSession) -> None:
    edition = make_edition(db)
    published(db, edition, session_facts(people=("wan-gang",), track="policy"))

    event = published(db, edition, session_facts(room="hall-b", people=("anna-schmidt",)))

    assert event.once_with == (
        "person:anna-schmidt", "person:wan-gang", "room:hall-b", "room:meilan-hall", "track:policy",
    )  # fmt: skip
    assert (event.room, event.people, event.track) == ("hall-b", ("anna-schmidt",), "")


def test_the_titles_are_those_promised(db: DbSession) -> None:
    event = published(db, make_edition(db), session_facts(cancelled=True))

    assert event.titles == Translated(*["Batteries after lithium"] * 3)


def test_the_worker_is_asked_to_make_the_feeds_anew_when_only_time_changes_them(db: DbSession) -> None:
    edition = make_edition(db)
    promised(db, edition, [session_facts(cancelled=True)])

    begins, over, tombstone = queries.turning_points(db, edition.id)
    assert [at.isoformat() for at in (begins, over, tombstone)] == [
        "2027-09-22T16:00:00+00:00",
        "2027-09-24T16:00:00+00:00",
        "2027-10-23T02:00:00+00:00",
    ]
    assert {begins, over, tombstone} <= set(db.scalars(select(PublicDue.at)))


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("move"), st.integers(1, 20)),
        st.tuples(st.just("place"), st.sampled_from(["hall-a", "hall-b"])),
        st.tuples(st.just("rename"), st.sampled_from(["Opening", "Eröffnung", "开幕"])),
        st.tuples(st.just("cancel"), st.just(0)),
        st.tuples(st.just("reinstate"), st.just(0)),
        st.tuples(st.just("remove"), st.just(0)),
        st.tuples(st.just("publish"), st.integers(0, 3)),
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_organisers_do_in_whatever_order(db: DbSession, steps: list[tuple[str, Any]]) -> None:
    """Sequence never falls and rises by one exactly when a promise was broken; stamps grow exactly with the words."""
    edition = db.scalar(select(Edition)) or make_edition(db)
    uid = f"session-{uuid4()}"
    draft, removed, now = session_facts(uid), False, NOW
    last: tuple[Any, ...] | None = None
    for step, to in steps:
        if step == "move":
            draft = replace(draft, starts=datetime(2027, 9, 23, to), ends=datetime(2027, 9, 23, to, 50))
        elif step == "place":
            draft = replace(draft, place=to)
        elif step == "rename":
            draft = replace(draft, texts=texts(title=to))
        elif step in ("cancel", "reinstate"):
            draft = replace(draft, cancelled=step == "cancel")
        elif step == "remove":
            removed = not removed
        if step != "publish":
            continue
        now += timedelta(seconds=to)
        if removed:
            withdraw(db, uid, now=now)
        else:
            published(db, edition, draft, now)
        event = db.get(CalendarEvent, uid)
        if event is None:
            continue
        seen = (event.sequence, dict(event.promised), _words(event), event.changed_at)
        if last is not None:
            assert event.sequence == last[0] + (seen[1] != last[1])
            assert (event.changed_at > last[3]) == (seen[:3] != last[:3])
            assert value(event, "CREATED") == value(event, "CREATED", "zh")
        else:
            assert event.sequence == 0
        assert (event.gone_at is not None) == (event.status is EventStatus.CANCELLED)
        last = seen


def _words(event: CalendarEvent) -> list[str]:
    history = ("DTSTAMP", "LAST-MODIFIED", "SEQUENCE")
    return [line for _, text in sorted(event.blocks.items()) for line in unfold(text) if not line.startswith(history)]
