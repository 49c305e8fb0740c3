"""Who speaks when, by rank and by side."""

from hypothesis import given
from hypothesis import strategies as st

from app.agenda.plan import Taking
from app.agenda.protocol import in_order
from app.agenda.rules import SessionRole, SpeakingOrder

MINISTER, AMBASSADOR, PRESIDENT, CHIEF = range(1, 5)
SIDES = ("CN", "DE")

takings = st.lists(
    st.builds(
        Taking,
        speaker=st.integers(1, 10**6),
        person=st.integers(1, 10**6),
        role=st.sampled_from(SessionRole),
        rank=st.none() | st.integers(1, 5),
        side=st.sampled_from([None, "CN", "DE"]),
    ),
    max_size=9,
    unique_by=lambda taking: taking.speaker,
)
orders = st.sampled_from(SpeakingOrder)


def speaker(number: int, rank: int | None = None, side: str | None = None) -> Taking:
    return Taking(number, number, rank=rank, side=side)


def chair(number: int) -> Taking:
    return Taking(number, number, SessionRole.CHAIR)


def numbers(cast: tuple[Taking, ...]) -> list[int]:
    return [taking.speaker for taking in cast]


def test_a_minister_speaks_before_an_ambassador_and_both_before_who_has_no_rank() -> None:
    cast = (speaker(1), speaker(2, AMBASSADOR), speaker(3, MINISTER))
    assert numbers(in_order(cast, SpeakingOrder.RANK, SIDES)) == [3, 2, 1]


def test_equals_keep_the_order_an_organiser_gave_them() -> None:
    cast = (speaker(7, CHIEF), speaker(3, CHIEF), speaker(5), speaker(1))
    assert numbers(in_order(cast, SpeakingOrder.RANK, SIDES)) == [7, 3, 5, 1]


def test_the_chair_opens_whatever_the_ranks_say() -> None:
    cast = (chair(1), speaker(2), speaker(3, MINISTER))
    assert numbers(in_order(cast, SpeakingOrder.RANK, SIDES)) == [1, 3, 2]


def test_the_sides_take_turns_the_host_first_each_by_its_own_ranks() -> None:
    cast = (
        speaker(1, MINISTER, "DE"), speaker(2, PRESIDENT, "CN"), speaker(3, MINISTER, "CN"), speaker(4, CHIEF, "DE"),
        speaker(5, CHIEF, "CN"),
    )  # fmt: skip
    assert numbers(in_order(cast, SpeakingOrder.ALTERNATING, SIDES)) == [3, 1, 2, 4, 5]


def test_speakers_of_third_countries_follow_when_sides_alternate() -> None:
    cast = (speaker(1, MINISTER), speaker(2, CHIEF, "DE"), speaker(3, CHIEF, "CN"))
    assert numbers(in_order(cast, SpeakingOrder.ALTERNATING, SIDES)) == [3, 2, 1]


def test_by_hand_is_whatever_it_is() -> None:
    cast = (speaker(1), speaker(2, MINISTER))
    assert in_order(cast, SpeakingOrder.BY_HAND, SIDES) == cast


@given(takings, orders)
def test_nobody_is_lost_and_putting_in_order_twice_changes_nothing(cast: list[Taking], order: SpeakingOrder) -> None:
    once = in_order(cast, order, SIDES)
    assert sorted(numbers(once)) == sorted(taking.speaker for taking in cast)
    assert in_order(once, order, SIDES) == once


@given(takings)
def test_no_rank_ever_speaks_before_a_higher_one(cast: list[Taking]) -> None:
    floor = [
        t for t in in_order(cast, SpeakingOrder.RANK, SIDES) if t.role in (SessionRole.SPEAKER, SessionRole.PANELLIST)
    ]
    ranks = [taking.rank or 99 for taking in floor]
    assert ranks == sorted(ranks)
