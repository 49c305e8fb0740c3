"""Proposals in the worker: one at a time, in a thread of its own, so that mail goes on while HiGHS thinks.

HiGHS works outside Python's lock (measured: a thread beside it gets 99 of 100 wake-ups), so a thread is enough.
"""

import time
from datetime import datetime
from threading import Event, Thread
from typing import Any

import structlog
from flask import Flask
from sqlalchemy.exc import DBAPIError

from app.agenda.models import Proposal
from app.agenda.plan import Plan
from app.agenda.planning import plan_of
from app.editions.models import Edition
from app.extensions import database
from app.proposals import jobs as proposals
from app.proposals.jobs import Sign
from app.proposals.outcome import outcome
from app.proposals.proposal import problem_of
from app.proposals.solving import Progress, solved
from app.proposals.wishes import Wishes
from app.values.time import wall
from app.web.clock import now
from app.web.transaction import transaction

log = structlog.get_logger()
A_BEAT = 1.0
"""Seconds between two signs of life."""
PATIENCE = 10.0
"""Seconds that an ending worker waits for a search to give up: HiGHS looks up a few times a second."""


class Proposing:
    """What stands beside the worker's loop: looks for work at each turn, and ends when the worker does."""

    def __init__(self) -> None:
        self._thread: Thread | None = None
        self._ending = Event()

    def turn(self, app: Flask) -> None:
        """Take up what waits, unless busy. Returns at once."""
        if self._thread is not None and self._thread.is_alive():
            return
        with app.app_context():
            waiting = proposals.to_do(database.session(), now())
            if waiting is not None:
                self._take_up(app, waiting)
            database.session.remove()

    def finish(self) -> None:
        """Wait until what runs has come to its own end."""
        if self._thread is not None:
            self._thread.join()

    def end(self) -> None:
        """What runs gives up and goes back to those that wait."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join(PATIENCE)

    def _take_up(self, app: Flask, proposal_id: int) -> None:
        with transaction() as db:
            row = proposals.claim(db, proposal_id, now())
            job = Job(app, row, self._ending) if row else None
        if job is not None:
            self._thread = Thread(target=job.run, name=f"proposal {proposal_id}", daemon=True)
            self._thread.start()


class Job:
    """One search for one row."""

    def __init__(self, app: Flask, row: Proposal, ending: Event) -> None:
        assert row.started_at is not None
        self.app, self.id, self.claimed, self.ending = app, row.id, row.started_at, ending
        self.edition_id, self.wishes = row.edition_id, Wishes.from_json(row.wishes)
        self.progress: dict[str, Any] = dict(row.progress)
        self.began = self.beaten = time.monotonic()
        self.sign = Sign.GO_ON

    def run(self) -> None:
        with self.app.app_context():
            try:
                self._run()
            except Exception as unexpected:
                log.error("proposal failed", proposal=self.id, exc_info=unexpected)
                self._fail(type(unexpected).__name__)
            finally:
                database.session.remove()

    def _run(self) -> None:
        plan, at = self._draft()
        problem = problem_of(plan, self.wishes, at=at)
        found = outcome(plan, problem, solved(problem, heard=self._heard))
        with transaction() as db:
            if self.ending.is_set() and self.sign is not Sign.STOP:
                proposals.hand_back(db, self.id, self.claimed, self.progress)
            elif self.sign is not Sign.LOST:
                proposals.finish(db, self.id, self.claimed, found, self.progress, now())

    def _draft(self) -> tuple[Plan, datetime]:
        """As it is now, and the time there now. Nothing stays open while the search goes on."""
        db = database.session()
        plan = plan_of(db, self.edition_id, signed_up=self.app.extensions["signed_up"](db, self.edition_id))
        at = wall(now(), db.get_one(Edition, self.edition_id).zone)
        database.session.remove()
        return plan, at

    def _heard(self, done: Progress) -> bool:
        """Told by the search, many times a second: a sign of life once a second. Whether to stop."""
        seconds = time.monotonic() - self.began
        self.progress |= {
            "placed": done.placed, "sessions": done.sessions, "points": done.points, "bound": round(done.bound),
            "rounds": done.rounds, "seconds": round(seconds, 1),
        }  # fmt: skip
        if done.placed:
            self.progress.setdefault("first", round(seconds, 1))
        if time.monotonic() - self.beaten >= A_BEAT and not self.ending.is_set():
            self._beat()
            self.beaten = time.monotonic()
        return self.ending.is_set() or self.sign is not Sign.GO_ON

    def _beat(self) -> None:
        try:
            with transaction() as db:
                self.sign = proposals.beat(db, self.id, self.claimed, dict(self.progress), now())
        except DBAPIError as away:  # the search goes on; whoever takes over meanwhile takes it from us
            log.warning("database unavailable", kind=type(away.orig).__name__)
        finally:
            database.session.remove()

    def _fail(self, trouble: str) -> None:
        try:
            with transaction() as db:
                proposals.fail(db, self.id, self.claimed, trouble, now())
        except DBAPIError:  # it falls silent, and another worker takes it up
            log.warning("database unavailable", proposal=self.id)
