"""Two thousand people want one of a hundred seats at once, and the server may be killed meanwhile.

On the database the tests run on: once as they are, once with `--database=postgresql`.
"""

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import database
from app.mail.models import OutgoingMail
from app.registrations.models import Category, Registration
from app.registrations.rules import Seat
from tests.races.conftest import Hall
from tests.races.crowd import Told, crowd, overtakers, percentile, person
from tests.servers import serving

pytestmark = pytest.mark.race
Open = Callable[..., Hall]


def stored(app: Flask) -> tuple[Category, list[Registration], list[OutgoingMail]]:
    with app.app_context():
        db = database.session
        return (
            db.scalars(select(Category)).one(),
            list(db.scalars(select(Registration).order_by(Registration.position))),
            list(db.scalars(select(OutgoingMail))),
        )


def check(app: Flask, told: list[Told], *, people: int, seats: int) -> None:
    """Everything this house promises about a burst."""
    assert Counter(one.status for one in told) == {303: people}
    assert Counter(one.place == 0 for one in told) == {True: seats, False: people - seats}
    assert sorted(one.place or 0 for one in told if one.place) == list(range(1, people - seats + 1))
    assert overtakers(told) == []
    check_stored(app, seats=seats)
    _category, rows, _mails = stored(app)
    waiting = [row.email for row in rows if row.seat is Seat.WAITING]
    said = sorted((one for one in told if one.place), key=lambda one: one.place or 0)
    assert [one.email for one in said] == waiting


def check_stored(app: Flask, *, seats: int) -> None:
    """Counts and rows agree, no seat is sold twice, and everyone has one mail that says what is stored."""
    category, rows, mails = stored(app)
    states = Counter(row.seat for row in rows)
    assert states[Seat.CONFIRMED] <= seats
    assert (category.taken, category.queue) == (states[Seat.CONFIRMED], states[Seat.WAITING])
    assert len({row.email for row in rows}) == len(rows)
    assert [row.seat for row in rows] == sorted((row.seat for row in rows), key=lambda seat: seat is Seat.WAITING)
    assert {(mail.recipient, mail.template) for mail in mails} == {
        (row.email, f"registrations/{row.seat}") for row in rows
    }
    assert len(mails) == len(rows)


def test_two_thousand_people_and_a_hundred_seats(hall: Open) -> None:
    app, env = hall(seats=100)

    with serving(env, workers=2) as server:
        told = crowd(server.address, (person(n) for n in range(2000)), clients=64)

    check(app, told, people=2000, seats=100)
    waited = [one.answered - one.sent for one in told]
    print(
        f"\nburst: {2000 / (max(o.answered for o in told) - min(o.sent for o in told)):.0f} a second,",
        f"p50 {percentile(waited, 0.5):.3f} s, p95 {percentile(waited, 0.95):.3f} s, max {max(waited):.3f} s",
    )
    assert percentile(waited, 0.95) < 3


def test_with_the_lock_off_the_same_check_fails(hall: Open) -> None:
    app, env = hall(seats=20, unsafe="seat-lock")

    with serving(env, workers=2) as server:
        told = crowd(server.address, (person(n) for n in range(300)), clients=32)

    with pytest.raises(AssertionError):
        check(app, told, people=300, seats=20)


def test_the_same_form_sent_twice_at_once_is_one_registration(hall: Open) -> None:
    app, env = hall(seats=100)
    forms = [person(n) for n in range(40)]

    with serving(env, workers=2) as server:
        told = crowd(server.address, [form for form in forms for _ in range(3)], clients=30)

    assert Counter(one.status for one in told) == {303: 120}
    _category, rows, mails = stored(app)
    assert (len(rows), len(mails)) == (40, 40)


def test_killing_the_server_in_the_middle_loses_nothing_acknowledged(hall: Open) -> None:
    app, env = hall(seats=100)
    forms = [person(n) for n in range(800)]
    killed = threading.Event()

    with serving(env, workers=2) as server:
        killer = threading.Thread(target=_kill_after, args=(server.process.pid, 0.6, killed))
        killer.start()
        first = crowd(server.address, forms, clients=64, stop=killed.is_set)
        killer.join()
    acknowledged = {one.email for one in first if one.status == 303}
    assert 0 < len(acknowledged) < 800
    assert {one.status for one in first} <= {303, 0}
    _category, rows, _mails = stored(app)
    assert acknowledged <= {row.email for row in rows}
    check_stored(app, seats=100)

    with serving(env, workers=2) as server:
        again = crowd(server.address, [form for form in forms if form["email"] not in acknowledged], clients=32)

    assert Counter(one.status for one in again) == {303: 800 - len(acknowledged)}
    check_stored(app, seats=100)
    category, rows, _mails = stored(app)
    assert (len(rows), category.taken, category.queue) == (800, 100, 700)
    places = {row.email: place for place, row in enumerate((r for r in rows if r.seat is Seat.WAITING), 1)}
    for one in (*first, *again):
        assert one.place is None or one.place == places.get(one.email, 0)


def _kill_after(group: int, seconds: float, killed: threading.Event) -> None:
    time.sleep(seconds)
    os.killpg(group, signal.SIGKILL)
    killed.set()
