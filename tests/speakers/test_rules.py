"""Who may move whom, what is asked of whom, and when somebody can be there."""

from datetime import date, datetime, timedelta
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.speakers.rules import (
    ANSWERS,
    MOVES,
    Material,
    Part,
    Refusal,
    Span,
    SpeakerState,
    is_overdue,
    joined,
    lacking,
    needs_a_note,
    refusal,
    settled,
)

CANDIDATE, INVITED, CONFIRMED, DECLINED, MATERIALS = SpeakerState
EVERYTHING = frozenset(Material)
ALLOWED = {
    (CANDIDATE, INVITED), (CANDIDATE, CONFIRMED), (CANDIDATE, DECLINED),
    (INVITED, CANDIDATE), (INVITED, CONFIRMED), (INVITED, DECLINED),
    (CONFIRMED, INVITED), (CONFIRMED, MATERIALS), (CONFIRMED, DECLINED),
    (MATERIALS, CONFIRMED), (MATERIALS, DECLINED),
    (DECLINED, CANDIDATE), (DECLINED, INVITED), (DECLINED, CONFIRMED),
}  # fmt: skip


@pytest.mark.parametrize(("before", "to"), list(product(SpeakerState, SpeakerState)))
def test_the_table_of_moves_is_just_this(before: SpeakerState, to: SpeakerState) -> None:
    refused = refusal(before, to, note="said so", missing=())
    assert refused == (None if (before, to) in ALLOWED else Refusal.NO_SUCH_MOVE)


def test_whoever_is_moved_by_mistake_can_be_put_back_at_once_or_over_one_step() -> None:
    for before, moves in MOVES.items():
        for to in moves:
            assert before in MOVES[to] or any(before in MOVES[over] for over in MOVES[to])


@pytest.mark.parametrize(
    ("before", "to", "missing", "wanted"),
    [
        (CANDIDATE, INVITED, (), False),
        (CANDIDATE, CONFIRMED, (), True),
        (INVITED, CONFIRMED, (), True),
        (INVITED, DECLINED, (), True),
        (CONFIRMED, DECLINED, (), True),
        (MATERIALS, CONFIRMED, (), False),  # a step back within a yes
        (CONFIRMED, MATERIALS, (), False),
        (CONFIRMED, MATERIALS, (Material.SLIDES,), True),
        (INVITED, CANDIDATE, (), False),
    ],
)
def test_answering_for_somebody_else_and_letting_things_pass_asks_for_a_note(
    before: SpeakerState, to: SpeakerState, missing: tuple[Material, ...], wanted: bool
) -> None:
    assert needs_a_note(before, to, missing) is wanted
    assert (refusal(before, to, note="", missing=missing) is Refusal.NOTE_MISSING) is wanted
    assert refusal(before, to, note="by telephone", missing=missing) is None


def test_a_candidate_has_nothing_to_answer_and_nobody_answers_with_a_state_of_the_organisers() -> None:
    assert CANDIDATE not in ANSWERS
    assert {to for answers in ANSWERS.values() for to in answers} == {CONFIRMED, DECLINED}


def test_slides_are_asked_of_who_speaks_and_nothing_of_who_is_named_as_present() -> None:
    assert lacking(Part.SPEAKER, ()) == (Material.PORTRAIT, Material.BIOGRAPHY, Material.SLIDES)
    assert lacking(Part.CHAIR, {Material.PORTRAIT}) == (Material.BIOGRAPHY,)
    assert lacking(Part.ATTENDEE, ()) == ()


@pytest.mark.parametrize(
    ("state", "part", "there", "taken_away", "to"),
    [
        (CONFIRMED, Part.SPEAKER, EVERYTHING, False, MATERIALS),
        (CONFIRMED, Part.SPEAKER, {Material.SLIDES}, False, CONFIRMED),
        (INVITED, Part.SPEAKER, EVERYTHING, False, INVITED),  # without a yes nothing is finished
        (CONFIRMED, Part.ATTENDEE, (), False, CONFIRMED),  # nothing was asked, so nothing came in
        (MATERIALS, Part.SPEAKER, {Material.PORTRAIT}, False, MATERIALS),  # moved on by hand, and stays
        (MATERIALS, Part.SPEAKER, {Material.PORTRAIT}, True, CONFIRMED),
        (MATERIALS, Part.SPEAKER, EVERYTHING, True, MATERIALS),  # one file of several
    ],
)
def test_materials_are_in_as_soon_as_nothing_of_what_was_asked_is_missing(
    state: SpeakerState, part: Part, there: frozenset[Material], taken_away: bool, to: SpeakerState
) -> None:
    assert settled(state, part, there, taken_away=taken_away) is to


def test_the_last_day_itself_is_not_overdue_and_nobody_is_who_has_answered() -> None:
    today = date(2027, 3, 1)
    assert is_overdue(INVITED, today - timedelta(days=1), today)
    assert not is_overdue(INVITED, today, today)
    assert not is_overdue(INVITED, None, today)
    assert not is_overdue(CONFIRMED, today - timedelta(days=1), today)


def at(hour: int) -> datetime:
    return datetime(2027, 9, 23) + timedelta(hours=hour)


SPANS = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 12)).map(lambda pair: Span(at(pair[0]), at(pair[0] + pair[1]))),
    max_size=8,
)


@settings(max_examples=150, deadline=None)
@given(SPANS)
def test_joining_spans_keeps_every_hour_and_adds_none(spans: list[Span]) -> None:
    whole = joined(spans)
    for hour in range(60):
        moment = at(hour) + timedelta(minutes=30)
        covered = any(span.starts_at <= moment < span.ends_at for span in spans)
        assert any(span.starts_at <= moment < span.ends_at for span in whole) is covered
    assert all(a.ends_at < b.starts_at for a, b in pairwise(whole))
    assert joined(whole) == whole
