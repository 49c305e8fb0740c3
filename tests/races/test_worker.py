"""The worker as a process of its own: ended politely, killed in the middle, and two at once."""

import signal
import subprocess
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app.extensions import database
from app.mail import actions
from app.mail.models import OutgoingMail
from app.mail.rules import MailState
from app.values.language import Language
from app.web.clock import now
from app.web.transaction import transaction
from tests.mail.post_office import PostOffice, open_office
from tests.races.conftest import Hall
from tests.servers import BIN, ROOT

pytestmark = pytest.mark.race
Open = Callable[..., Hall]


def write(app: Flask, count: int) -> None:
    with app.app_context(), transaction() as db:
        for number in range(count):
            actions.queue(
                db, "registrations/cancelled", to=f"p{number}@x.example", language=Language.EN,
                now=now() - timedelta(seconds=1), name="Anna", edition="Forum", days=None, place="", by_organiser=False,
            )  # fmt: skip


def sent(app: Flask) -> int:
    with app.app_context():
        count = database.session.scalar(
            select(func.count()).select_from(OutgoingMail).where(OutgoingMail.state == MailState.SENT)
        )
        database.session.remove()
        return count or 0


def worker(env: dict[str, str], app: Flask) -> "subprocess.Popen[bytes]":
    url = app.config["LUNTAN"].smtp_url
    return subprocess.Popen([BIN / "flask", "--app", "wsgi", "mail", "work"], cwd=ROOT, env={**env, "SMTP_URL": url})


def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def arrived(office: PostOffice) -> set[str]:
    return set(office.ids)


def test_killed_in_the_middle_it_loses_nothing_and_ends_when_asked(hall: Open) -> None:
    app, env = hall(seats=1)
    write(app, 60)
    with open_office(app) as office:
        office.delay = 0.01
        first = worker(env, app)
        until(lambda: len(office.arrived) >= 15)
        first.kill()
        first.wait()
        assert sent(app) <= len(arrived(office)) < 60
        with app.app_context(), transaction() as db:  # ten minutes later
            db.execute(update(OutgoingMail).where(OutgoingMail.state == MailState.WAITING).values(due_at=now()))

        both = [worker(env, app), worker(env, app)]
        until(lambda: sent(app) == 60)
        for process in both:
            process.send_signal(signal.SIGTERM)

        assert [process.wait(timeout=10) for process in both] == [0, 0]
    assert len(arrived(office)) == 60
    assert len(office.ids) <= 61
