"""A proposal and real workers: one is killed, one is asked to end, and the next does what is left."""

import signal
import subprocess
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.agenda.models import Proposal
from app.agenda.rules import ProposalState
from app.editions.models import Edition
from app.extensions import database
from app.proposals import jobs as proposals
from app.proposals.jobs import SILENT
from app.proposals.outcome import Outcome
from app.proposals.wishes import Frame, Scope, Wishes
from app.values.actor import COMMAND
from app.web.clock import now
from app.web.transaction import transaction
from tests.factories.agenda import make_puzzle
from tests.races.conftest import Hall
from tests.servers import BIN, ROOT

pytestmark = pytest.mark.race
Open = Callable[..., Hall]
SESSIONS = 40


def ask(app: Flask) -> int:
    """For a minute's work."""
    with app.app_context(), transaction() as db:
        edition = db.scalars(select(Edition)).one()
        make_puzzle(db, edition, SESSIONS)
        assert edition.own_days is not None
        wishes = Wishes(Scope.UNPLACED, tuple(Frame(day) for day in edition.own_days), seconds=60)
        return proposals.ask(db, edition.id, wishes, actor=COMMAND, now=now()).id


def change(app: Flask, proposal_id: int, **values: Any) -> None:
    with app.app_context(), transaction() as db:
        db.execute(update(Proposal).where(Proposal.id == proposal_id).values(**values))


def row_of(app: Flask, proposal_id: int) -> Proposal:
    with app.app_context():
        row = database.session.get_one(Proposal, proposal_id)
        database.session.expunge(row)
        database.session.remove()
        return row


def worker(env: dict[str, str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [BIN / "flask", "--app", "wsgi", "mail", "work"], cwd=ROOT, env=env, stdout=subprocess.DEVNULL
    )


def until(condition: Callable[[], bool], seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_killed_workers_proposal_is_taken_over_and_an_ending_one_hands_it_back(hall: Open) -> None:
    app, env = hall(seats=1)
    proposal_id = ask(app)

    killed = worker(env)
    until(lambda: "placed" in row_of(app, proposal_id).progress)
    killed.kill()
    killed.wait()
    left = row_of(app, proposal_id)
    assert (left.state, left.progress["tries"]) == (ProposalState.RUNNING, 1)

    change(app, proposal_id, alive_at=now() - SILENT - timedelta(seconds=1))  # a while later
    ending = worker(env)
    until(lambda: row_of(app, proposal_id).progress["tries"] == 2)
    ending.send_signal(signal.SIGTERM)
    assert ending.wait(timeout=20) == 0
    handed_back = row_of(app, proposal_id)
    assert (handed_back.state, handed_back.progress) == (ProposalState.WAITING, {"tries": 1})

    change(app, proposal_id, wishes={**handed_back.wishes, "seconds": 2})
    both = [worker(env), worker(env)]
    until(lambda: row_of(app, proposal_id).state is ProposalState.DONE)
    for process in both:
        process.send_signal(signal.SIGTERM)
    assert [process.wait(timeout=20) for process in both] == [0, 0]
    done = row_of(app, proposal_id)
    assert done.progress["tries"] == 2
    assert len(Outcome.from_json(done.result).lines) == SESSIONS
