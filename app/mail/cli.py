"""`flask mail work`: the worker. It delivers mail and does the chores; one is enough, two do no harm."""

import signal
import time
from collections.abc import Callable
from datetime import datetime
from types import FrameType
from typing import Protocol

import click
import structlog
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError

from app.database import DbSession
from app.extensions import database
from app.mail.delivery import deliver
from app.web.clock import now
from app.web.transaction import transaction

log = structlog.get_logger()
cli = AppGroup("mail", help="The outbox and its worker.")
Chore = Callable[[DbSession, datetime], object]
PAUSE = 0.5
LONGEST_PAUSE = 15.0


class Beside(Protocol):
    """Work too long for the loop, in a thread of its own: looked after at each turn, ended with the worker."""

    def turn(self, app: Flask) -> None: ...

    def finish(self) -> None: ...

    def end(self) -> None: ...


class Worker:
    """One loop. SIGTERM ends it after the mail in hand."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.stopped = False
        self.beside: list[Beside] = app.extensions.get("beside", [])

    def stop(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        self.stopped = True

    def run(self) -> None:
        pause = PAUSE
        while not self.stopped:
            try:
                busy = self.turn()
                pause = PAUSE
            except DBAPIError as away:
                log.warning("database unavailable", kind=type(away.orig).__name__, pause=pause)
                pause, busy = min(pause * 2, LONGEST_PAUSE), 0
            except Exception as unexpected:
                log.error("worker stumbled", exc_info=unexpected)
                pause, busy = min(pause * 2, LONGEST_PAUSE), 0
            if not busy:
                self._rest(pause)
        for task in self.beside:
            task.end()

    def turn(self) -> int:
        """A batch of mail and all chores; how many mails were in hand."""
        for task in self.beside:
            task.turn(self.app)
        with self.app.app_context():
            do_chores(self.app)
            return deliver(self.app, stopping=lambda: self.stopped)

    def _rest(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self.stopped and time.monotonic() < until:
            time.sleep(0.1)


def do_chores(app: Flask) -> None:
    """Each in a transaction of its own: one that fails undoes nothing of the others."""
    chores: list[Chore] = app.extensions.get("chores", [])
    for chore in chores:
        with transaction() as db:
            chore(db, now())
    database.session.remove()


@cli.command("work")
@click.option("--once", is_flag=True, help="Send what is due now, do the chores, and end.")
def work(once: bool) -> None:
    """Deliver the outbox and do the chores, until told to stop."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    worker = Worker(app)
    if once:
        while worker.turn():
            pass
        for task in worker.beside:
            task.finish()
        return
    signal.signal(signal.SIGTERM, worker.stop)
    signal.signal(signal.SIGINT, worker.stop)
    worker.run()
