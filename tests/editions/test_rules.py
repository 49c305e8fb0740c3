from datetime import UTC, date, datetime

import pytest

from app.editions.rules import STEPS, Refusal, State, is_over, is_public, may_step, refused_days
from app.values.time import DatePrecision, Days
from tests.factories.editions import edition_facts

SHANGHAI = "Asia/Shanghai"
DAYS = Days(date(2027, 9, 23), date(2027, 9, 24))


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_a_way_on_and_a_way_back(state: State) -> None:
    assert STEPS[state]
    if state is not State.CANCELLED:
        assert may_step(state, State.CANCELLED, before_cancelling=None)
        assert may_step(State.CANCELLED, state, before_cancelling=state)


def test_a_cancelled_edition_goes_back_to_where_it_was_and_nowhere_else() -> None:
    allowed = [to for to in State if may_step(State.CANCELLED, to, before_cancelling=State.HELD)]
    assert allowed == [State.HELD]


@pytest.mark.parametrize(
    ("state", "was_announced", "public"),
    [
        (State.DRAFT, False, False),
        (State.ANNOUNCED, False, True),
        (State.CANCELLED, True, True),
        (State.CANCELLED, False, False),  # nobody outside knew of it
    ],
)
def test_the_public_knows_what_was_announced(state: State, was_announced: bool, public: bool) -> None:
    assert is_public(state, was_announced=was_announced) is public


@pytest.mark.parametrize(
    ("at", "over"),
    [
        (datetime(2027, 9, 24, 15, 59, tzinfo=UTC), False),  # 23:59 in Haikou
        (datetime(2027, 9, 24, 16, 0, tzinfo=UTC), True),
    ],
)
def test_an_edition_is_over_at_midnight_where_it_is_held(at: datetime, over: bool) -> None:
    assert is_over(State.ANNOUNCED, DAYS, SHANGHAI, at=at) is over


def test_one_without_days_is_to_come_until_it_is_marked_as_held() -> None:
    late = datetime(2099, 1, 1, tzinfo=UTC)
    assert not is_over(State.ANNOUNCED, None, SHANGHAI, at=late)
    assert is_over(State.HELD, None, SHANGHAI, at=late)


@pytest.mark.parametrize(
    ("overrides", "refusal"),
    [
        ({}, None),
        ({"ends_on": date(2027, 9, 22)}, Refusal.DAYS_OUT_OF_ORDER),
        ({"ends_on": None}, Refusal.DAYS_OUT_OF_ORDER),
        ({"starts_on": None, "ends_on": None}, Refusal.DAYS_MISSING),
        ({"starts_on": None, "ends_on": None, "date_precision": DatePrecision.YEAR}, None),
        ({"date_precision": DatePrecision.PARENT_EVENT}, Refusal.PARENT_DAYS_MISSING),
    ],
)
def test_days_must_fit_each_other_and_what_is_claimed_of_them(
    overrides: dict[str, object], refusal: Refusal | None
) -> None:
    assert refused_days(edition_facts(**overrides)) is refusal
