"""What the hand does to the grid, as a rule: what moves, what stays, and that undoing is the exact inverse."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.agenda.notation import as_seen, facts_from_json, facts_to_json, from_seen
from app.agenda.plan import Plan, Planned
from app.agenda.rules import Misfit, Placement, SessionFacts, SessionKind, SessionRole, SpeakingOrder
from app.values.language import Language, Translated
from app.workbench.gestures import (
    DEEDS,
    Change,
    Create,
    Deed,
    Duplicate,
    Gesture,
    Pin,
    Place,
    Refusal,
    Refused,
    Shift,
    Swap,
    Take,
    Unplace,
    changes_of,
    inverse,
    moved_meanwhile,
    refusal,
    rewound,
    saw_of,
    sessions_of,
)

DAY = datetime(2027, 9, 23)
CHINA, GERMANY = "Asia/Shanghai", "Europe/Berlin"
Stood = dict[int, Placement]


def at(hour: int, minute: int = 0, *, day: int = 0) -> datetime:
    return DAY + timedelta(days=day, hours=hour, minutes=minute)


def stands(
    start: datetime | None = None, minutes: int = 60, room: int | None = 1, *, pinned: bool = False
) -> Placement:
    if start is None:
        return Placement(is_pinned=pinned)
    return Placement(start.date(), start, start + timedelta(minutes=minutes), room, pinned)


def planned(id_: int, where: Placement, **more: bool) -> Planned:
    return Planned(
        id_, SessionKind.TALK, day=where.day, starts_at=where.starts_at, ends_at=where.ends_at, room=where.room_id,
        is_pinned=where.is_pinned, **more,
    )  # fmt: skip


def world(*where: Placement) -> dict[int, Planned]:
    return {id_: planned(id_, one) for id_, one in enumerate(where, 1)}


def after(gesture: Gesture, sessions: Mapping[int, Planned]) -> dict[int, Placement | None]:
    """Where those stand that it moves."""
    return {change.session_id or 0: change.after for change in changes_of(gesture, sessions)}


def test_a_session_is_moved_to_another_time_and_room_and_keeps_its_pin() -> None:
    sessions = world(stands(at(9), pinned=True))
    assert after(Place(1, at(11, 30, day=1), 45, 2), sessions) == {
        1: stands(at(11, 30, day=1), 45, 2, pinned=True)
    }  # fmt: skip


def test_what_goes_back_to_the_unplaced_keeps_neither_room_nor_pin() -> None:
    assert after(Unplace(1), world(stands(at(9), pinned=True))) == {1: Placement()}


def test_two_that_are_swapped_keep_their_own_lengths_and_pins() -> None:
    sessions = world(stands(at(9), 90, 1, pinned=True), stands(at(14, day=1), 30, 2))
    assert after(Swap(1, 2), sessions) == {
        1: stands(at(14, day=1), 90, 2, pinned=True),
        2: stands(at(9), 30, 1),
    }


def test_one_without_a_time_takes_the_place_of_the_other_whole() -> None:
    sessions = world(stands(at(9), 90), stands())
    assert after(Swap(2, 1), sessions) == {1: Placement(), 2: stands(at(9), 90)}


def test_everything_from_a_time_on_is_shifted_pauses_too() -> None:
    sessions = world(stands(at(9)), stands(at(10)), stands(at(10), room=2), stands(at(11), room=None))
    sessions[4] = replace(sessions[4], kind=SessionKind.MEAL)
    sessions[5] = planned(5, stands(at(11, day=1)))
    assert after(Shift(at(10), 20), sessions) == {
        2: stands(at(10, 20)),
        3: stands(at(10, 20), room=2),
        4: stands(at(11, 20), room=None),
    }


def test_one_room_can_be_shifted_alone_and_earlier() -> None:
    sessions = world(stands(at(10)), stands(at(10), room=2))
    assert after(Shift(at(10), -15, room=2), sessions) == {2: stands(at(9, 45), room=2)}


def test_what_is_pinned_or_cancelled_is_not_shifted() -> None:
    sessions = world(stands(at(10), pinned=True), stands(at(10)), stands(at(11)))
    sessions[2] = replace(sessions[2], is_cancelled=True)
    assert after(Shift(at(9), 10), sessions) == {3: stands(at(11, 10))}


def test_a_copy_stands_nowhere_and_a_new_one_where_it_was_drawn() -> None:
    sessions = world(stands(at(9)))
    assert changes_of(Duplicate(1), sessions) == (Change(None, None, Placement()),)
    drawn = Create(at(9), 30, 2, Translated("Coffee"), SessionKind.BREAK)
    assert changes_of(drawn, {}) == (Change(None, None, stands(at(9), 30, 2)),)


def test_a_pin_moves_nothing() -> None:
    (change,) = changes_of(Pin(1), world(stands(at(9))))
    assert (change.moves, change.pins, change.after) == (False, True, stands(at(9), pinned=True))


def test_a_proposal_places_many_and_sets_no_pins() -> None:
    sessions = world(stands(), stands(at(9), pinned=True), stands(at(12)))
    taken = Take({1: stands(at(10)), 2: stands(at(11)), 3: stands(at(12))})
    assert after(taken, sessions) == {1: stands(at(10)), 2: stands(at(11), pinned=True)}


@pytest.mark.parametrize(
    ("gesture", "why"),
    [
        (Place(1, at(23), 61), Refused(Refusal.OVER_MIDNIGHT, 1)),
        (Shift(at(9), -9 * 60 - 1), Refused(Refusal.OVER_MIDNIGHT, 1)),
        (Shift(at(9), 14 * 60 + 1), Refused(Refusal.OVER_MIDNIGHT, 1)),
        (Swap(1, 2), Refused(Refusal.OVER_MIDNIGHT, 1)),
        (Place(1, at(10), 0), Refused(Misfit.END_BEFORE_START, 1)),
        (Place(1, at(10), -5), Refused(Misfit.END_BEFORE_START, 1)),
        (Create(at(23, 30), 31, None, Translated("Late")), Refused(Refusal.OVER_MIDNIGHT)),
        (Place(1, at(9), 60, 1), Refused(Refusal.NOTHING_MOVES)),
        (Unplace(3), Refused(Refusal.NOTHING_MOVES)),
        (Swap(1, 1), Refused(Refusal.NOTHING_MOVES)),
        (Shift(at(9), 0), Refused(Refusal.NOTHING_SHIFTS)),
        (Shift(at(23, 50), 5), Refused(Refusal.NOTHING_SHIFTS)),
        (Take({}), Refused(Refusal.NOTHING_MOVES)),
    ],
    ids=str,
)
def test_what_cannot_be_stored_is_refused_with_its_reason(gesture: Gesture, why: Refused) -> None:
    sessions = world(stands(at(9)), stands(at(23, 30), 30), stands())
    assert refusal(gesture, changes_of(gesture, sessions), zone=CHINA) == why


def test_a_session_may_end_at_midnight() -> None:
    late = Place(1, at(23), 60)
    assert refusal(late, changes_of(late, world(stands(at(9)))), zone=CHINA) is None


def test_a_time_the_clock_skips_is_refused_by_the_same_code_as_in_the_form() -> None:
    night = datetime(2027, 3, 28, 1)
    sessions = world(stands(night, 30))
    begins_in_it, ends_in_it = Shift(night, 80), Place(1, night, 90)
    assert refusal(begins_in_it, changes_of(begins_in_it, sessions), zone=GERMANY) == Refused(Misfit.START_IN_GAP, 1)
    assert refusal(ends_in_it, changes_of(ends_in_it, sessions), zone=GERMANY) == Refused(Misfit.END_IN_GAP, 1)
    assert refusal(begins_in_it, changes_of(begins_in_it, sessions), zone=CHINA) is None


def test_a_pin_is_set_even_where_no_clock_would_allow_the_place() -> None:
    skipped = stands(datetime(2027, 3, 28, 2, 30))
    assert refusal(Pin(1), changes_of(Pin(1), world(skipped)), zone=GERMANY) is None


def test_a_place_as_a_client_saw_it_says_time_and_room_and_nothing_of_the_pin() -> None:
    assert as_seen(stands(at(9, 5), 40, 3, pinned=True)) == "2027-09-23T09:05/40/3"
    assert as_seen(stands(at(9, 5), 40, None)) == "2027-09-23T09:05/40/"
    assert as_seen(Placement(date(2027, 9, 23), room_id=3)) == "-"
    for where in (stands(at(9, 5), 40, 3), stands(at(9), room=None), Placement()):
        assert from_seen(as_seen(where)) == where


@pytest.mark.parametrize(
    ("gesture", "outdated"),
    [
        (Place(1, at(10), 60, 1, saw="2027-09-23T09:00/60/1"), []),
        (Place(1, at(10), 60, 1), []),
        (Place(1, at(10), 60, 1, saw="2027-09-23T09:00/60/2"), [1]),
        (Place(1, at(10), 60, 1, saw="2027-09-23T09:00/55/1"), [1]),
        (Place(1, at(10), 60, 1, saw="-"), [1]),
        (Place(1, at(9), 60, 1, saw="-"), []),  # there it stands already: both wanted the same
        (Unplace(1, saw="2027-09-24T09:00/60/1"), [1]),
        (Swap(1, 2, saw="2027-09-23T09:00/60/1", saw_other="-"), [2]),
        (Take({1: stands(at(11)), 2: stands(at(12))}, saw={1: "-", 2: "2027-09-23T10:00/60/1"}), [1]),
    ],
    ids=str,
)
def test_who_saw_a_session_elsewhere_is_told_of_it(gesture: Gesture, outdated: list[int]) -> None:
    changes = changes_of(gesture, world(stands(at(9)), stands(at(10))))
    assert [change.session_id for change in moved_meanwhile(gesture, changes)] == outdated


def test_a_pin_taken_back_leaves_a_session_where_somebody_put_it_meanwhile() -> None:
    (change,) = inverse([Change(1, stands(at(9)), stands(at(9), pinned=True))])
    assert change.onto(stands(at(11), 30, 2, pinned=True)) == stands(at(11), 30, 2)


def test_a_move_taken_back_leaves_a_pin_somebody_set_meanwhile() -> None:
    (change,) = inverse([Change(1, stands(at(9)), stands(at(11)))])
    assert change.onto(stands(at(11), pinned=True)) == stands(at(9), pinned=True)


def test_a_plan_is_reckoned_back_to_before() -> None:
    now = Plan(CHINA, sessions=(planned(1, stands(at(9))), planned(2, stands(at(10))), planned(3, stands(at(11)))))
    changes = (Change(1, stands(at(15)), stands(at(9))), Change(2, None, stands(at(10))))
    assert [(s.id, s.placement) for s in rewound(now, changes).sessions] == [(3, stands(at(11))), (1, stands(at(15)))]


def test_every_gesture_has_a_name() -> None:
    assert sorted(DEEDS.values()) == sorted(Deed)


placements = st.one_of(
    st.builds(
        lambda step, length, room, pinned: stands(at(0, 5 * step), 5 * length, room, pinned=pinned),
        st.integers(12, 200), st.integers(1, 40), st.none() | st.integers(1, 3), st.booleans(),
    ),
    st.just(Placement()),
    st.builds(lambda room: Placement(DAY.date(), room_id=room), st.none() | st.integers(1, 3)),
)  # fmt: skip


@st.composite
def worlds(draw: st.DrawFn) -> dict[int, Planned]:
    found = world(*draw(st.lists(placements, min_size=2, max_size=6)))
    return {id_: replace(session, is_cancelled=draw(st.booleans())) for id_, session in found.items()}


ids, times = st.integers(1, 2), st.builds(lambda step: at(0, 5 * step), st.integers(0, 287))
lengths, rooms = st.integers(-5, 600), st.none() | st.integers(1, 3)
GESTURES: dict[Deed, st.SearchStrategy[Gesture]] = {
    Deed.CREATE: st.builds(Create, times, lengths, rooms, st.just(Translated("New"))),
    Deed.PLACE: st.builds(Place, ids, times, lengths, rooms),
    Deed.UNPLACE: st.builds(Unplace, ids),
    Deed.SWAP: st.builds(Swap, ids, ids),
    Deed.SHIFT: st.builds(Shift, times, st.integers(-300, 300), rooms),
    Deed.DUPLICATE: st.builds(Duplicate, ids),
    Deed.PIN: st.builds(Pin, ids, st.booleans()),
    Deed.TAKE: st.builds(Take, st.dictionaries(ids, placements)),
}
every_gesture = pytest.mark.parametrize("gestures", GESTURES.values(), ids=GESTURES.keys())


def carried_out(stood: Stood, changes: tuple[Change, ...]) -> Stood:
    """The slow, obvious way: one after the other, each where it is expected to be."""
    now = dict(stood)
    for change in changes:
        id_ = 99 if change.session_id is None else change.session_id
        assert now.get(id_) == change.before
        if change.after is None:
            del now[id_]
        else:
            now[id_] = change.after if change.before is None else change.onto(now[id_])
    return now


@every_gesture
@settings(max_examples=60, deadline=None)
@given(data=st.data(), sessions=worlds())
def test_undoing_is_the_inverse_and_redoing_gives_the_same(
    gestures: st.SearchStrategy[Gesture], data: st.DataObject, sessions: dict[int, Planned]
) -> None:
    gesture = data.draw(gestures)
    stood = {id_: session.placement for id_, session in sessions.items()}
    changes = changes_of(gesture, sessions)
    done = carried_out(stood, changes)
    assert carried_out(done, inverse(changes)) == stood
    assert carried_out(carried_out(done, inverse(changes)), inverse(inverse(changes))) == done
    assert [change.session_id for change in changes if change.before == change.after] == []


@every_gesture
@settings(max_examples=60, deadline=None)
@given(data=st.data(), sessions=worlds())
def test_what_is_not_refused_can_be_stored(
    gestures: st.SearchStrategy[Gesture], data: st.DataObject, sessions: dict[int, Planned]
) -> None:
    """Each on one day, ending after it begins, and touching only what the gesture names or the day holds."""
    gesture = data.draw(gestures)
    changes = changes_of(gesture, sessions)
    if refusal(gesture, changes, zone=CHINA) is not None:
        return
    named = sessions_of(gesture) | {None}
    for change in changes:
        assert isinstance(gesture, Shift) or change.session_id in named
        to = change.after or Placement()
        if to.starts_at is not None and to.ends_at is not None and change.moves:
            assert to.starts_at.date() == to.day == (to.ends_at - timedelta(seconds=1)).date()
            assert to.starts_at < to.ends_at


@every_gesture
@settings(max_examples=30, deadline=None)
@given(data=st.data(), sessions=worlds())
def test_a_change_survives_being_written_down(
    gestures: st.SearchStrategy[Gesture], data: st.DataObject, sessions: dict[int, Planned]
) -> None:
    changes = changes_of(data.draw(gestures), sessions)
    assert tuple(Change.from_json(change.to_json()) for change in changes) == changes


@settings(max_examples=60, deadline=None)
@given(sessions=worlds())
def test_swapping_twice_leaves_both_where_they_were(sessions: dict[int, Planned]) -> None:
    stood = {id_: session.placement for id_, session in sessions.items()}
    once = carried_out(stood, changes_of(Swap(1, 2), sessions))
    twice = carried_out(once, changes_of(Swap(2, 1), {id_: planned(id_, where) for id_, where in once.items()}))
    if stood[1].starts_at and stood[2].starts_at:  # one without takes the other’s length
        assert twice == stood


@pytest.mark.parametrize(
    "facts",
    [
        SessionFacts(SessionKind.TALK, Translated("A")),
        SessionFacts(
            SessionKind.PANEL, Translated("Cells", "Zellen", "电池"), ("de",), Translated("Long."), Translated("Note"),
            "cells", DAY.date(), "morning", at(9), at(10), 3, 4, for_all=True, language=Language.ZH,
            interpretation=("en", "de"), speakers=((5, SessionRole.CHAIR), (6, SessionRole.PANELLIST)), position=2,
            expected=120, order=SpeakingOrder.ALTERNATING, is_pinned=True,
        ),
    ],
)  # fmt: skip
def test_facts_survive_being_written_down_beside_their_placement(facts: SessionFacts) -> None:
    where = Placement(facts.day, facts.starts_at, facts.ends_at, facts.room_id, facts.is_pinned)
    assert facts_from_json(facts_to_json(facts), where) == facts


@pytest.mark.parametrize(
    ("gesture", "named", "saw"),
    [
        (Create(at(9), 30, None, Translated("A")), set(), {}),
        (Place(3, at(9), 30, saw="-"), {3}, {3: "-"}),
        (Swap(3, 4, saw="-"), {3, 4}, {3: "-"}),
        (Shift(at(9), 5), set(), {}),
        (Duplicate(3), {3}, {}),
        (Take({3: Placement()}, saw={3: "-"}), {3}, {3: "-"}),
    ],
    ids=str,
)
def test_a_gesture_says_what_it_names_and_where_it_saw_it(
    gesture: Gesture, named: set[int], saw: dict[int, str]
) -> None:
    assert (sessions_of(gesture), saw_of(gesture)) == (named, saw)
