"""What cannot happen at once, and what cannot be stored at all."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.agenda.rules import (
    Clash,
    Misfit,
    Over,
    Slot,
    clashes,
    free_colour,
    free_rooms,
    free_slug,
    misfit,
    overlap,
    overlapping,
    slug_of,
)
from app.values.language import Translated

DAY = datetime(2027, 9, 23)
CHINA, GERMANY = "Asia/Shanghai", "Europe/Berlin"


def at(hour: int, minute: int = 0) -> datetime:
    return DAY + timedelta(hours=hour, minutes=minute)


def slot(session: int, start: int, end: int, *, room: int | None = None, people: frozenset[int] = frozenset()) -> Slot:
    return Slot(session, at(start), at(end), room, people)


@st.composite
def slots(draw: st.DrawFn) -> Slot:
    start = draw(st.integers(0, 40))
    length = draw(st.integers(1, 12))
    return Slot(
        session=draw(st.integers(1, 10**6)),
        start=at(0) + timedelta(minutes=15 * start),
        end=at(0) + timedelta(minutes=15 * (start + length)),
        room=draw(st.none() | st.integers(1, 3)),
        people=frozenset(draw(st.sets(st.integers(1, 4), max_size=3))),
    )


@given(slots(), slots())
def test_whether_two_slots_overlap_does_not_depend_on_which_is_named_first(a: Slot, b: Slot) -> None:
    assert overlap(a, b) == overlap(b, a)


@given(slots())
def test_a_slot_overlaps_itself(a: Slot) -> None:
    assert overlap(a, a)


@given(slots(), st.integers(1, 12))
def test_slots_that_only_touch_do_not_clash(a: Slot, length: int) -> None:
    after = Slot(a.session + 1, a.end, a.end + timedelta(minutes=15 * length), a.room, a.people)
    assert not overlap(a, after)
    assert list(clashes([a, after])) == []


@given(st.lists(slots(), max_size=8, unique_by=lambda s: s.session))
def test_the_sweep_finds_every_pair_that_trying_all_would_find(all_of_them: list[Slot]) -> None:
    found = {frozenset((a.session, b.session)) for a, b in overlapping(all_of_them)}
    tried = {
        frozenset((a.session, b.session))
        for a in all_of_them
        for b in all_of_them
        if a.session < b.session and overlap(a, b)
    }
    assert found == tried


@given(st.lists(slots(), max_size=8, unique_by=lambda s: s.session), st.randoms())
def test_clashes_do_not_depend_on_the_order_in_which_sessions_are_given(some: list[Slot], chance: object) -> None:
    shuffled = list(some)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert list(clashes(some)) == list(clashes(shuffled))


@given(slots(), st.integers(1, 3), st.sets(st.integers(1, 9), min_size=1, max_size=3))
def test_one_pair_is_reported_for_the_room_and_for_each_person(a: Slot, room: int, people: set[int]) -> None:
    a = Slot(1, a.start, a.end, room, frozenset(people))
    b = Slot(2, a.start, a.end, room, frozenset(people))
    assert list(clashes([b, a])) == [
        Clash(a, b, Over.ROOM, room),
        *(Clash(a, b, Over.PERSON, person) for person in sorted(people)),
    ]


def test_two_sessions_without_a_room_do_not_fight_over_one() -> None:
    assert list(clashes([slot(1, 9, 10), slot(2, 9, 10)])) == []


def test_a_room_is_free_again_when_a_session_ends() -> None:
    others = [slot(1, 9, 10, room=1), slot(2, 9, 11, room=2), slot(3, 10, 11, room=3)]
    assert free_rooms(slot(3, 10, 11, room=3), others, [1, 2, 3]) == (1, 3)


@pytest.mark.parametrize(
    ("day", "starts", "ends", "zone", "why"),
    [
        (DAY.date(), at(9), at(10), CHINA, None),
        (None, None, None, CHINA, None),
        (DAY.date(), None, None, CHINA, None),
        (DAY.date(), at(10), at(9), CHINA, Misfit.END_BEFORE_START),
        (DAY.date(), at(9), at(9), CHINA, Misfit.END_BEFORE_START),
        (DAY.date(), at(9), None, CHINA, Misfit.TIME_INCOMPLETE),
        (None, at(9), at(10), CHINA, Misfit.TIME_WITHOUT_DAY),
        (date(2027, 9, 24), at(9), at(10), CHINA, Misfit.TIME_WITHOUT_DAY),
        (date(2027, 3, 28), datetime(2027, 3, 28, 2, 30), datetime(2027, 3, 28, 4), GERMANY, Misfit.START_IN_GAP),
        (date(2027, 3, 28), datetime(2027, 3, 28, 1), datetime(2027, 3, 28, 2, 30), GERMANY, Misfit.END_IN_GAP),
        (date(2027, 10, 31), datetime(2027, 10, 31, 2, 30), datetime(2027, 10, 31, 4), GERMANY, None),
    ],
)
def test_only_what_makes_no_sense_is_refused(
    day: date | None, starts: datetime | None, ends: datetime | None, zone: str, why: Misfit | None
) -> None:
    assert misfit(day=day, starts_at=starts, ends_at=ends, zone=zone) == why


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        (Translated("Solid-state cells", "Festkörper", "固态电池"), "solid-state-cells"),
        (Translated("", "Größe zählt", ""), "groesse-zaehlt"),
        (Translated("", "", "固态电池"), "gu-tai-dian-chi"),
        (Translated("?!"), "session"),
    ],
)
def test_an_address_is_made_of_the_title(name: Translated, slug: str) -> None:
    assert slug_of(name, otherwise="session") == slug


def test_the_second_of_the_same_name_gets_a_number() -> None:
    assert free_slug("opening", frozenset()) == "opening"
    assert free_slug("opening", frozenset({"opening", "opening-2"})) == "opening-3"


def test_a_new_track_gets_a_colour_nobody_has_while_there_is_one() -> None:
    assert free_colour((1, 2, 4)) == 3
    assert free_colour((1, 2, 3, 4, 5, 6, 7, 8, 1)) == 2
