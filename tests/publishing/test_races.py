"""Two organisers press the button at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from flask import Flask
from sqlalchemy import select

from app.editions.models import Edition
from app.editions.rules import State
from app.errors import Conflict
from app.extensions import database
from app.publishing import planned
from app.publishing.models import Release
from app.values.actor import COMMAND, Actor, Role
from app.values.language import Translated
from app.web.transaction import transaction
from tests.conftest import NOW
from tests.factories.accounts import make_account
from tests.factories.editions import make_edition
from tests.factories.publishing import plan_session, publish

THREADS = 4


def test_parallel_publishers_number_their_releases_one_after_the_other(app: Flask) -> None:
    with app.app_context(), transaction() as db:
        make_edition(db, state=State.ANNOUNCED)
    start = Barrier(THREADS)

    def plan_and_publish(name: int) -> int:
        with app.app_context():
            start.wait()
            with transaction() as db:
                edition = db.scalars(select(Edition)).one()
                plan_session(db, edition, f"Talk {name}", f"{9 + name}:00".zfill(5), f"{9 + name}:45".zfill(5))
                return publish(db, edition).number

    with ThreadPoolExecutor(THREADS) as threads:
        numbers = list(threads.map(plan_and_publish, range(THREADS)))

    assert sorted(numbers) == [1, 2, 3, 4]
    with app.app_context():
        last = database.session.scalars(select(Release).order_by(Release.number.desc())).first()
        assert last is not None
        assert len(last.content["sessions"]) == 4


def test_of_two_who_publish_the_same_draft_one_is_told_that_nothing_is_left(app: Flask) -> None:
    with app.app_context(), transaction() as db:
        plan_session(db, make_edition(db, state=State.ANNOUNCED))
    start = Barrier(2)

    def press(_name: int) -> str:
        with app.app_context():
            start.wait()
            try:
                with transaction() as db:
                    return f"release {publish(db, db.scalars(select(Edition)).one()).number}"
            except Conflict as refused:
                return refused.code

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(press, range(2))) == ["release 1", "release_without_change"]


def test_of_two_workers_one_publishes_what_is_planned(app: Flask) -> None:
    with app.app_context(), transaction() as db:
        edition = make_edition(db, state=State.ANNOUNCED)
        plan_session(db, edition)
        account = make_account(db, role=Role.ORGANISER)
        actor = Actor(account.id, account.shown_name, account.grants)
        planned.plan(db, edition.id, NOW + timedelta(hours=1), note=Translated(), seen="", actor=actor, now=NOW)
    start = Barrier(THREADS)

    def work(_name: int) -> int:
        with app.app_context():
            start.wait()
            with transaction() as db:
                return planned.publish_due(db, NOW + timedelta(hours=1))

    with ThreadPoolExecutor(THREADS) as threads:
        assert sorted(threads.map(work, range(THREADS))) == [0, 0, 0, 1]
    with app.app_context():
        assert len(database.session.scalars(select(Release)).all()) == 1


def test_of_two_who_plan_at_once_the_second_is_told(app: Flask) -> None:
    with app.app_context(), transaction() as db:
        plan_session(db, make_edition(db, state=State.ANNOUNCED))
    start = Barrier(2)

    def press(hours: int) -> str:
        with app.app_context():
            start.wait()
            try:
                with transaction() as db:
                    edition, at = db.scalars(select(Edition)).one(), NOW + timedelta(hours=hours)
                    planned.plan(db, edition.id, at, note=Translated(), seen="", actor=COMMAND, now=NOW)
                    return "planned"
            except Conflict as refused:
                return refused.code

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(press, (1, 2))) == ["edited_meanwhile", "planned"]
