"""Organisers move sessions at the same moment, on two server processes: nobody's work is lost, nobody waits for ever."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.agenda.models import AgendaBook, Session, Step
from app.agenda.notation import as_seen
from app.audit.models import AuditEntry
from app.database import DbSession
from app.editions.models import Edition
from app.extensions import database
from app.web.transaction import transaction
from tests.factories.agenda import make_room, make_session
from tests.races.conftest import Hall
from tests.races.planners import Planner, Told, at_once, planners
from tests.servers import serving

pytestmark = pytest.mark.race
Open = Callable[..., Hall]
HANDS, ROUNDS = 8, 6


@contextmanager
def reading(app: Flask) -> Iterator[DbSession]:
    with app.app_context():
        yield database.session()
        database.session.remove()


def plan(app: Flask, count: int) -> tuple[int, int, list[int]]:
    """The edition, a room, and so many sessions one after the other from eight o'clock."""
    with app.app_context(), transaction() as db:
        edition = db.scalars(select(Edition)).one()
        room = make_room(db, edition, "Coral Room")
        times = [f"2027-09-23 {8 + n // 4:02}:{n % 4 * 15:02}" for n in range(count + 1)]
        sessions = [make_session(db, edition, f"Talk {n}", times[n], times[n + 1], room=room) for n in range(count)]
        return edition.id, room.id, [session.id for session in sessions]


def moved(session: int, clock: str, room: int, *, saw: str, minutes: int = 15) -> dict[str, object]:
    return {
        "key": str(uuid4()), "deed": "place", "session": session, "on": "2027-09-23", "start": clock,
        "minutes": minutes, "room": room, "saw": saw,
    }  # fmt: skip


def placed(app: Flask) -> dict[int, str]:
    with reading(app) as db:
        return {row.id: as_seen(row.placement) for row in db.scalars(select(Session))}


def fight(app: Flask, address: str, hands: list[Planner], session: int, room: int) -> list[list[Told]]:
    """Again and again all of them see the session where it stands and want it somewhere else, each elsewhere."""
    rounds = []
    for turn in range(ROUNDS):
        saw = placed(app)[session]
        clocks = [f"{9 + turn:02}:{5 * n:02}" for n in range(len(hands))]
        wishes = [
            (hand, "gestures", moved(session, clock, room, saw=saw)) for hand, clock in zip(hands, clocks, strict=True)
        ]
        told = at_once(address, wishes)
        rounds.append(told)
        check_fight(app, told, session, [f"2027-09-23T{clock}/15/{room}" for clock in clocks], hands)
    return rounds


def check_fight(app: Flask, told: list[Told], session: int, wished: list[str], hands: list[Planner]) -> None:
    """Exactly one has it; everybody else is told who, and where it stands."""
    assert Counter(one.status for one in told) == {200: 1, 409: len(told) - 1}
    winner = next(n for n, one in enumerate(told) if one.status == 200)
    assert placed(app)[session] == wished[winner]
    for one in told:
        if one.status == 409:
            assert (one.body["refused"], one.body["who"]) == ("moved_meanwhile", hands[winner].name)
            assert one.body["stored"]["starts_at"] == wished[winner].split("/")[0] + ":00"


def test_of_all_who_move_the_same_session_at_once_exactly_one_does(hall: Open) -> None:
    app, env = hall(seats=1)
    edition, room, (session, other) = plan(app, 2)
    hands = planners(app, edition, HANDS)

    with serving(env, workers=2) as server:
        fight(app, server.address, hands, session, room)

    with reading(app) as db:
        assert db.scalar(select(func.count()).select_from(Step)) == ROUNDS
        assert db.get_one(Session, other).revision == 1


def test_with_the_check_off_the_same_assertion_fails(hall: Open) -> None:
    app, env = hall(seats=1, unsafe="placement-check")
    edition, room, (session,) = plan(app, 1)
    hands = planners(app, edition, HANDS)

    with serving(env, workers=2) as server, pytest.raises(AssertionError):
        fight(app, server.address, hands, session, room)


def test_moves_of_different_sessions_all_land(hall: Open) -> None:
    app, env = hall(seats=1)
    edition, room, sessions = plan(app, HANDS * 3)
    hands, before = planners(app, edition, HANDS), placed(app)
    number = number_of(app, edition)

    with serving(env, workers=2) as server:
        for turn in range(3):
            mine = sessions[turn::3]
            wishes = [
                (hand, "gestures", moved(session, f"{16 + turn}:{5 * n:02}", room, saw=before[session]))
                for n, (hand, session) in enumerate(zip(hands, mine, strict=True))
            ]
            assert Counter(one.status for one in at_once(server.address, wishes)) == {200: HANDS}

    after = placed(app)
    assert [after[s] for s in sessions] == [
        f"2027-09-23T{16 + n % 3}:{5 * (n // 3):02}/15/{room}" for n in range(len(sessions))
    ]
    assert number_of(app, edition) == number + len(sessions)
    with reading(app) as db:
        assert sorted(db.scalars(select(Session.stamp))) == list(range(number + 1, number + len(sessions) + 1))
        assert db.scalar(select(func.count()).where(AuditEntry.verb == "session_moved")) == len(sessions)


def number_of(app: Flask, edition: int) -> int:
    with reading(app) as db:
        return db.get_one(AgendaBook, edition).number


@pytest.mark.parametrize("address", ["gestures", "undo"])
def test_a_request_sent_by_several_at_once_is_done_once(hall: Open, address: str) -> None:
    """A network that comes back sends what waited, and the reader presses the key again."""
    app, env = hall(seats=1)
    edition, _room, (session, *_rest) = plan(app, 4)
    (hand,) = planners(app, edition, 1)
    shift = {"deed": "shift", "on": "2027-09-23", "start": "08:00", "by": 5}

    with serving(env, workers=2) as server:
        for _ in range(3):
            told = at_once(server.address, [(hand, "gestures", shift | {"key": str(uuid4())})])
            assert [one.status for one in told] == [200]
        form = (shift if address == "gestures" else {}) | {"key": str(uuid4())}
        told = at_once(server.address, [(hand, address, form)] * HANDS)

    assert Counter(one.status for one in told) == {200: HANDS}
    assert placed(app)[session].startswith("2027-09-23T08:20" if address == "gestures" else "2027-09-23T08:10")
    with reading(app) as db:
        assert Counter(db.scalars(select(Step.is_undone))) == (
            {False: 4} if address == "gestures" else {False: 2, True: 1}
        )


def test_many_hands_at_everything_at_once_break_nothing(hall: Open) -> None:
    """Rows are locked in one order by all of them: on PostgreSQL another order would be a deadlock."""
    app, env = hall(seats=1)
    edition, room, sessions = plan(app, 6)
    hands = planners(app, edition, HANDS)
    first, last = sessions[0], sessions[-1]
    whole_day = {"deed": "shift", "on": "2027-09-23", "start": "00:00", "by": 5}
    deeds: list[dict[str, object]] = [
        whole_day, whole_day | {"by": -5},
        {"deed": "swap", "session": first, "other": last}, {"deed": "swap", "session": last, "other": first},
        {"deed": "create", "on": "2027-09-23", "start": "20:00", "minutes": 10, "room": room, "title": "Drawn"},
        {"deed": "duplicate", "session": last}, {"deed": "pin", "session": first, "pinned": "1"},
    ]  # fmt: skip
    typed = {"title-en": "Typed", "kind": "other", "act": "save"}

    with serving(env, workers=2) as server:
        told: list[Told] = []
        for _ in range(ROUNDS):
            wishes = [
                (hand, "gestures", deed | {"key": str(uuid4())}) for hand, deed in zip(hands, deeds, strict=False)
            ]
            told += at_once(server.address, [*wishes, (hands[-1], "new", typed | {"number": str(uuid4())})])
            told += at_once(server.address, [(hand, "undo", {"key": str(uuid4())}) for hand in hands])

    assert {one.status for one in told} <= {200, 303, 409, 422}
    with reading(app) as db:
        rows = {row.title.en: row for row in db.scalars(select(Session))}
        assert {"Typed", *(f"Talk {n}" for n in range(6))} <= {*rows}
        assert all(row.starts_at is None or row.placement.minutes in (10, 15) for row in rows.values())
        done = sum(one.status == 200 for one in told)
        assert db.scalar(select(func.count()).select_from(Step)) <= done


def test_forms_saved_while_others_move_break_nothing(hall: Open) -> None:
    """A form holds the agenda and looks its edition up; a gesture holds the edition and wants the agenda."""
    app, env = hall(seats=1)
    edition, _room, sessions = plan(app, HANDS)
    hands = planners(app, edition, HANDS)
    measures = {"rest_after": 120, "travel_minutes": 5, "abstract_most": 1200}
    typed = {"title-en": "Typed", "kind": "other", "act": "save"}

    with serving(env, workers=2) as server:
        told: list[Told] = []
        for turn in range(1, ROUNDS + 1):
            swap = {"deed": "swap", "session": sessions[0], "other": sessions[1]}
            wishes = [(hand, "gestures", swap | {"key": str(uuid4())}) for hand in hands[:3]]
            saved = zip(hands[3:6], sessions[3:6], strict=True)
            wishes += [(hand, f"{session}", typed | {"revision": turn}) for hand, session in saved]
            wishes += [(hand, "measures", measures | {"revision": turn}) for hand in hands[6:]]
            told += at_once(server.address, wishes)

    assert Counter(one.status for one in told) == {200: 3 * ROUNDS, 303: 4 * ROUNDS, 409: ROUNDS}
