"""One day as a grid: who stands where, and over how many rows."""

from dataclasses import replace
from datetime import date, datetime

from app.agenda.rules import SessionKind
from app.publishing.content import Content, RoomContent, SessionContent
from app.publishing.timetable import Choice, Day, day_to_show, days_of, lay_out, moved_from, neighbours
from app.values.language import Language, Translated

DAY = date(2027, 9, 23)
BEFORE = datetime(2027, 9, 1)
ROOMS = tuple(RoomContent(slug, Translated(slug)) for slug in ("coral", "harbour", "banyan"))


def at(clock: str, day: date = DAY) -> datetime:
    return datetime.fromisoformat(f"{day} {clock}")


def session(name: str, start: str, end: str, room: str | None = "coral", **overrides: object) -> SessionContent:
    plain = SessionContent(name, name, SessionKind.TALK, Translated(name), day=DAY, room=room)
    return replace(plain, starts_at=at(start), ends_at=at(end), **overrides)  # type: ignore[arg-type]


def laid_out(*sessions: SessionContent, now: datetime = BEFORE, choice: Choice = Choice()) -> Day:
    ordered = sorted(sessions, key=lambda s: (s.starts_at or BEFORE, [r.slug for r in ROOMS].index(s.room or "coral")))
    return lay_out(Content(tuple(ordered), ROOMS), DAY, choice=choice, now=now)


def cells(day: Day) -> list[tuple[str, int | None, int]]:
    return [(cell.session.slug, cell.column, cell.starts) for slot in day.slots for cell in slot.cells]


def test_each_distinct_start_is_a_slot_and_each_room_in_use_a_column() -> None:
    day = laid_out(
        session("a", "09:00", "10:00"), session("b", "09:00", "10:00", "banyan"), session("c", "10:00", "11:00")
    )

    assert [slot.at for slot in day.slots] == [at("09:00"), at("10:00")]
    assert [room.slug for room in day.rooms] == ["coral", "banyan"]
    assert cells(day) == [("a", 1, 1), ("b", 2, 1), ("c", 1, 1)]


def test_a_long_session_lasts_over_the_starts_before_its_end() -> None:
    day = laid_out(
        session("long", "09:00", "11:00"),
        session("b", "09:00", "10:00", "harbour"),
        session("c", "10:00", "11:00", "harbour"),
        session("d", "11:00", "12:00", "harbour"),
    )

    assert cells(day)[0] == ("long", 1, 2)


def test_what_is_for_all_runs_across_and_ends_what_was_longer() -> None:
    day = laid_out(
        session("long", "09:00", "11:00"),
        session("break", "10:00", "10:30", None, kind=SessionKind.BREAK),
        session("c", "10:30", "11:00", "harbour"),
    )

    assert cells(day) == [("long", 1, 1), ("break", None, 1), ("c", 2, 1)]


def test_a_cancelled_session_and_its_replacement_stand_below_each_other() -> None:
    day = laid_out(
        session("gone", "09:00", "10:00", is_cancelled=True),
        session("instead", "09:00", "10:00"),
        session("beside", "09:00", "10:30", "harbour"),
        session("later", "10:00", "10:30"),
    )

    assert cells(day) == [("gone", 1, 1), ("beside", 2, 3), ("instead", 1, 1), ("later", 1, 1)]


def test_now_and_next_during_the_day() -> None:
    sessions = [
        session("a", "09:00", "10:00"),
        session("gone", "09:00", "10:00", "harbour", is_cancelled=True),
        session("b", "10:00", "11:00"),
        session("c", "11:00", "12:00"),
    ]
    day = laid_out(*sessions, now=at("09:59"))
    assert {c.session.slug: (c.is_now, c.is_next) for slot in day.slots for c in slot.cells} == {
        "a": (True, False),
        "gone": (False, False),
        "b": (False, True),
        "c": (False, False),
    }
    ended = laid_out(*sessions, now=at("10:00"))
    assert [c.session.slug for slot in ended.slots for c in slot.cells if c.is_now] == ["b"]
    the_day_before = laid_out(*sessions, now=at("23:00", date(2027, 9, 22)))
    assert not any(c.is_now or c.is_next for slot in the_day_before.slots for c in slot.cells)


def test_a_filter_leaves_out_breaks_and_finds_interpreted_languages() -> None:
    chinese = session("a", "09:00", "10:00", language=Language.ZH, interpretation=("de",))
    english = session("b", "10:00", "11:00", language=Language.EN)
    pause = session("c", "11:00", "11:30", None, kind=SessionKind.BREAK)

    assert cells(laid_out(chinese, english, pause, choice=Choice(language=Language.DE))) == [("a", 1, 1)]
    assert len(cells(laid_out(chinese, english, pause))) == 3


def test_more_than_six_rooms_do_not_stand_side_by_side() -> None:
    rooms = tuple(RoomContent(f"room-{n}", Translated(str(n))) for n in range(7))
    sessions = tuple(session(f"s{n}", "09:00", "10:00", room.slug) for n, room in enumerate(rooms))

    assert not lay_out(Content(sessions, rooms), DAY, choice=Choice(), now=BEFORE).side_by_side
    assert lay_out(Content(sessions[:6], rooms), DAY, choice=Choice(), now=BEFORE).side_by_side


def test_the_day_to_show_is_the_one_asked_for_else_today_else_the_first() -> None:
    first, second = DAY, date(2027, 9, 24)
    days = days_of(Content((session("a", "09:00", "10:00"), replace(session("b", "09:00", "10:00"), day=second))))

    assert days == (first, second)
    assert day_to_show(days, second, BEFORE.date()) == second
    assert day_to_show(days, date(1999, 1, 1), second) == second
    assert day_to_show(days, None, BEFORE.date()) == first
    assert day_to_show((), None, BEFORE.date()) is None


def test_a_session_is_moved_where_a_reader_of_the_last_release_would_miss_it() -> None:
    before = session("a", "14:30", "15:15", "harbour")

    assert moved_from(before, replace(before, room="coral")) == before
    assert moved_from(before, replace(before, title=Translated("New words"))) is None
    assert moved_from(before, replace(before, room="coral", is_cancelled=True)) is None
    assert moved_from(None, before) is None


def test_before_and_after_in_the_room_pass_over_breaks_and_what_is_cancelled() -> None:
    a, b, c = session("a", "09:00", "10:00"), session("b", "10:00", "11:00"), session("c", "12:00", "13:00")
    content = Content(
        (
            a,
            session("x", "10:00", "11:00", is_cancelled=True),
            b,
            session("p", "11:00", "12:00", kind=SessionKind.BREAK),
            c,
        )
    )

    assert neighbours(content, b) == (a, c)
    assert neighbours(content, a) == (None, b)
    assert neighbours(content, replace(b, room=None)) == (None, None)
