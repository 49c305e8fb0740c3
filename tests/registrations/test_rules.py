from datetime import timedelta

import pytest

from app.editions.rules import State
from app.registrations.rules import Answer, Refusal, Seat, answer_now, code_of, promotions, refusal, seat_for
from app.registrations.tokens import hashed, token_of
from tests.conftest import NOW

OPENS, CLOSES = NOW - timedelta(days=1), NOW + timedelta(days=1)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("now", "paused", "edition", "expected"),
    [
        (OPENS - SECOND, False, State.ANNOUNCED, Refusal.NOT_OPEN),
        (OPENS, False, State.ANNOUNCED, None),
        (CLOSES, False, State.ANNOUNCED, None),  # "until 18:00" includes 18:00
        (CLOSES + SECOND, False, State.ANNOUNCED, Refusal.CLOSED),
        (NOW, True, State.ANNOUNCED, Refusal.PAUSED),
        (CLOSES + SECOND, True, State.ANNOUNCED, Refusal.CLOSED),
        (NOW, False, State.CANCELLED, Refusal.CALLED_OFF),
        (NOW, False, State.HELD, Refusal.CLOSED),
    ],
)
def test_whether_one_may_register(now: object, paused: bool, edition: State, expected: Refusal | None) -> None:
    assert refusal(opens_at=OPENS, closes_at=CLOSES, paused=paused, now=now, edition=edition) is expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("taken", "queue", "seat"),
    [
        (0, 0, Seat.CONFIRMED),
        (9, 0, Seat.CONFIRMED),
        (10, 0, Seat.WAITING),
        (9, 1, Seat.WAITING),  # a seat came free, but someone was here first
        (11, 0, Seat.WAITING),  # knowingly overbooked
    ],
)
def test_seat_for_capacity_of_ten(taken: int, queue: int, seat: Seat) -> None:
    assert seat_for(taken=taken, capacity=10, queue=queue) is seat


def test_a_newcomer_is_told_the_place_behind_everyone() -> None:
    assert answer_now(taken=10, capacity=10, queue=4) == Answer(Seat.WAITING, 5)
    assert answer_now(taken=9, capacity=10, queue=0) == Answer(Seat.CONFIRMED, None)


@pytest.mark.parametrize(("taken", "queue", "expected"), [(10, 3, 0), (8, 3, 2), (8, 1, 1), (12, 3, 0), (0, 0, 0)])
def test_free_seats_go_to_the_queue_and_never_more_than_there_are(taken: int, queue: int, expected: int) -> None:
    assert promotions(taken=taken, capacity=10, queue=queue) == expected


def test_a_token_is_derived_long_and_told_apart_by_installation() -> None:
    token = token_of("3f2a91bc-07de-4d4e-8a53-000000000001", "secret")

    assert token == token_of("3f2a91bc-07de-4d4e-8a53-000000000001", "secret")
    assert token != token_of("3f2a91bc-07de-4d4e-8a53-000000000001", "other secret")
    assert len(token) * 6 >= 128
    assert token not in hashed(token)


def test_the_number_on_the_ticket_is_the_beginning_of_the_uid() -> None:
    assert code_of("3f2a91bc-07de-4d4e-8a53-000000000001") == "3F2A91BC-07DE"
