"""Proposals as jobs: one row, taken up by one worker, kept alive, stopped, handed back and taken over."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, true

from app.agenda.models import Proposal
from app.agenda.rules import ProposalState, SessionKind
from app.database import DbSession
from app.errors import Conflict
from app.extensions import database
from app.proposals import jobs as proposals
from app.proposals import proposing
from app.proposals.jobs import SILENT, TRIES, Sign
from app.proposals.outcome import Outcome
from app.proposals.wishes import Frame, Scope, Wishes
from app.site.outlook import worker_late_since
from app.values.actor import COMMAND
from app.web.transaction import transaction
from tests.conftest import NOW
from tests.factories.agenda import make_puzzle, make_room, make_session
from tests.factories.editions import make_edition

LATER = NOW + timedelta(seconds=30)
DAY = datetime(2027, 9, 23, 9).date()
WISHES = Wishes(Scope.UNPLACED, (Frame(DAY),), seconds=1)


@contextmanager
def writing(app: Flask) -> Iterator[DbSession]:
    with app.app_context():
        with transaction() as db:
            yield db
        database.session.remove()


def asked(db: DbSession, edition_id: int, **overrides: Any) -> Proposal:
    row = proposals.ask(db, edition_id, WISHES, actor=COMMAND, now=NOW)
    for name, value in overrides.items():
        setattr(row, name, value)
    db.flush()
    return row


def state_of(app: Flask, proposal_id: int) -> ProposalState:
    with app.app_context():
        found = database.session.scalar(select(Proposal.state).where(Proposal.id == proposal_id))
        database.session.remove()
        assert found is not None
        return found


# the row is the job


def test_there_is_one_at_a_time_for_an_edition(db: DbSession) -> None:
    edition = make_edition(db)
    first = asked(db, edition.id)
    with pytest.raises(Conflict, match="proposal_running"):
        asked(db, edition.id)
    proposals.stop(db, first.id, actor=COMMAND, now=NOW)
    assert asked(db, edition.id).id != first.id


def test_a_worker_takes_it_up_keeps_it_alive_and_finishes_it(db: DbSession) -> None:
    row = asked(db, make_edition(db).id)
    assert proposals.to_do(db, NOW) == row.id
    assert proposals.claim(db, row.id, NOW) is row
    assert (row.state, row.progress) == (ProposalState.RUNNING, {"tries": 1})
    assert proposals.to_do(db, NOW) is None

    assert proposals.beat(db, row.id, NOW, {"placed": 2}, LATER) is Sign.GO_ON
    assert proposals.finish(db, row.id, NOW, Outcome(sessions=2), {"placed": 2}, LATER)
    db.refresh(row)
    assert (row.state, row.alive_at, row.finished_at) == (ProposalState.DONE, LATER, LATER)
    assert Outcome.from_json(row.result) == Outcome(sessions=2)


def test_of_two_workers_one_gets_it(db: DbSession) -> None:
    row = asked(db, make_edition(db).id)
    assert proposals.claim(db, row.id, NOW) is not None
    assert proposals.claim(db, row.id, NOW) is None


def test_who_fell_silent_is_taken_over_and_told_so(db: DbSession) -> None:
    row = asked(db, make_edition(db).id)
    proposals.claim(db, row.id, NOW)
    assert proposals.to_do(db, NOW + SILENT) is None
    much_later = NOW + SILENT + timedelta(seconds=1)
    assert proposals.to_do(db, much_later) == row.id
    assert proposals.claim(db, row.id, much_later) is not None

    assert proposals.beat(db, row.id, NOW, {}, much_later) is Sign.LOST
    assert not proposals.finish(db, row.id, NOW, Outcome(), {}, much_later)
    assert proposals.beat(db, row.id, much_later, {}, much_later) is Sign.GO_ON


def test_what_kills_its_worker_again_and_again_is_given_up(db: DbSession) -> None:
    row, at_ = asked(db, make_edition(db).id), NOW
    for _n in range(TRIES):
        assert proposals.claim(db, row.id, at_) is not None
        at_ += SILENT + timedelta(seconds=1)
    assert proposals.claim(db, row.id, at_) is None
    assert (row.state, row.trouble) == (ProposalState.FAILED, "workers_died")


def test_who_ends_politely_hands_it_back_and_that_was_no_try(db: DbSession) -> None:
    row = asked(db, make_edition(db).id)
    proposals.claim(db, row.id, NOW)
    proposals.hand_back(db, row.id, NOW, {"tries": 1, "placed": 9})
    db.refresh(row)
    assert (row.state, row.started_at, row.progress) == (ProposalState.WAITING, None, {"tries": 0})


def test_what_runs_is_asked_to_stop_and_keeps_what_it_has(db: DbSession) -> None:
    row = asked(db, make_edition(db).id)
    proposals.claim(db, row.id, NOW)
    proposals.stop(db, row.id, actor=COMMAND, now=NOW)
    assert proposals.beat(db, row.id, NOW, {}, NOW) is Sign.STOP
    proposals.finish(db, row.id, NOW, Outcome(sessions=3), {}, NOW)
    db.refresh(row)
    assert (row.state, row.result["sessions"]) == (ProposalState.STOPPED, 3)


def test_what_nobody_works_at_stops_at_once(db: DbSession) -> None:
    waiting = asked(db, make_edition(db).id)
    proposals.stop(db, waiting.id, actor=COMMAND, now=NOW)
    assert waiting.state is ProposalState.STOPPED
    silent = asked(db, waiting.edition_id)
    proposals.claim(db, silent.id, NOW)
    proposals.stop(db, silent.id, actor=COMMAND, now=NOW + SILENT)
    assert silent.state is ProposalState.STOPPED


def test_a_proposal_that_waits_for_minutes_makes_the_worker_late(db: DbSession) -> None:
    asked(db, make_edition(db).id)
    assert worker_late_since(db, NOW + timedelta(minutes=1)) is None
    assert worker_late_since(db, NOW + timedelta(minutes=3)) == NOW


@pytest.mark.parametrize("guarded", [True, False])
def test_of_many_workers_at_once_one_gets_it(app: Flask, monkeypatch: pytest.MonkeyPatch, guarded: bool) -> None:
    """Without the row's own condition, every one of them would."""
    if not guarded:
        monkeypatch.setattr(proposals, "_is_free", lambda _now: true())
    with writing(app) as db:
        proposal_id = asked(db, make_edition(db).id).id
    start, got = threading.Barrier(6), []

    def one() -> None:
        with app.app_context():
            start.wait()
            with transaction() as db:
                if proposals.claim(db, proposal_id, NOW):
                    got.append(threading.get_ident())
            database.session.remove()

    threads = [threading.Thread(target=one) for _n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(got) == 1) is guarded


# the thread beside the worker's loop


def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture
def hard(app: Flask) -> int:
    """A proposal that would take a minute."""
    with writing(app) as db:
        edition = make_edition(db)
        make_puzzle(db, edition)
        frames = (Frame(DAY), Frame(DAY + timedelta(days=1)))
        wishes = Wishes(Scope.UNPLACED, frames, seconds=60)
        return proposals.ask(db, edition.id, wishes, actor=COMMAND, now=NOW).id


def test_the_worker_works_it_out_beside_its_loop(app: Flask) -> None:
    with writing(app) as db:
        edition = make_edition(db)
        room = make_room(db, edition).id
        make_session(db, edition, "Poster walk", kind=SessionKind.TALK)
        proposal_id = asked(db, edition.id).id
    task = proposing.Proposing()
    task.turn(app)
    task.finish()
    with app.app_context():
        row = database.session.get_one(Proposal, proposal_id)
        assert (row.state, row.progress["placed"], row.progress["sessions"]) == (ProposalState.DONE, 1, 1)
        [line] = Outcome.from_json(row.result).lines
        assert (line.after.starts_at, line.after.room_id) == (datetime(2027, 9, 23, 9), room)


def test_stopped_it_ends_within_seconds_with_what_it_has(app: Flask, hard: int) -> None:
    task = proposing.Proposing()
    task.turn(app)
    with writing(app) as db:
        proposals.stop(db, hard, actor=COMMAND, now=NOW)
    until(lambda: state_of(app, hard) is ProposalState.STOPPED)
    with app.app_context():
        assert len(Outcome.from_json(database.session.get_one(Proposal, hard).result).lines) == 40
    task.end()


def test_a_worker_that_ends_hands_its_work_back_and_the_next_does_it(app: Flask, hard: int) -> None:
    task = proposing.Proposing()
    task.turn(app)
    task.end()
    assert state_of(app, hard) is ProposalState.WAITING
    with writing(app) as db:
        row = db.get_one(Proposal, hard)
        row.wishes = {**row.wishes, "seconds": 1}
    following = proposing.Proposing()
    following.turn(app)
    following.finish()
    assert state_of(app, hard) is ProposalState.DONE


def test_a_search_that_stumbles_says_so(app: Flask, hard: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(proposing, "solved", stumble)
    task = proposing.Proposing()
    task.turn(app)
    task.finish()
    with app.app_context():
        row = database.session.get_one(Proposal, hard)
        assert (row.state, row.trouble) == (ProposalState.FAILED, "ZeroDivisionError")
