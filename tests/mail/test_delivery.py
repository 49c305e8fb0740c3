"""From the outbox to the other side, whatever the other side does."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import database
from app.mail import actions, queries, rules
from app.mail.cli import Worker
from app.mail.delivery import deliver
from app.mail.models import OutgoingMail
from app.mail.rules import MailState
from app.values.language import Language
from app.web import clock
from app.web.transaction import transaction
from tests.conftest import NOW
from tests.mail.post_office import PostOffice, open_office, sends_to
from tests.servers import free_port

DATA = {"name": "Anna", "edition": "Haikou Forum 2027", "days": ["2027-09-23", "2027-09-24"], "place": "Haikou",
        "uid": "3f2a91bc-07de-4d4e-8a53-000000000001"}  # fmt: skip


@pytest.fixture
def office(app: Flask) -> Iterator[PostOffice]:
    with open_office(app) as opened:
        yield opened


def write(app: Flask, *to: str, template: str = "registrations/confirmed", language: Language = Language.EN) -> None:
    with app.app_context(), transaction() as db:
        for address in to or ("anna@x.example",):
            actions.queue(db, template, to=address, language=language, now=NOW, **DATA)


def work(app: Flask, at: datetime = NOW) -> int:
    with clock.stopped(at), app.app_context():
        return deliver(app)


def mails(app: Flask) -> list[OutgoingMail]:
    with app.app_context():
        return list(database.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


def test_a_mail_arrives_once_and_what_it_said_is_forgotten(app: Flask, office: PostOffice) -> None:
    write(app)

    assert work(app) == 1
    assert work(app) == 0

    [mail] = mails(app)
    assert (mail.state, mail.sent_at, mail.data) == (MailState.SENT, NOW, {})
    assert office.ids == [mail.message_id]


def test_while_the_server_is_down_mail_waits_without_wearing_out(app: Flask) -> None:
    write(app)
    at = NOW
    with sends_to(app, f"smtp://127.0.0.1:{free_port()}"):
        for _ in range(30):
            work(app, at)
            at += timedelta(minutes=2)

    [waiting] = mails(app)
    assert (waiting.state, waiting.tries) == (MailState.WAITING, 0)
    assert "refused" in waiting.trouble
    with open_office(app) as office:
        work(app, at)
        assert office.ids == [waiting.message_id]


def test_after_a_lost_acknowledgement_it_comes_again_under_the_same_message_id(app: Flask, office: PostOffice) -> None:
    office.loses_acknowledgement = 1
    write(app)

    work(app)
    assert mails(app)[0].state is MailState.WAITING
    work(app, NOW + timedelta(minutes=2))

    assert len(office.ids) == 2
    assert len(set(office.ids)) == 1
    assert office.arrived[0].as_bytes() == office.arrived[1].as_bytes()
    assert mails(app)[0].state is MailState.SENT


def test_a_connection_lost_over_one_mail_costs_the_others_no_try(app: Flask, office: PostOffice) -> None:
    office.loses_acknowledgement = 1
    write(app, "a@x.example", "b@x.example", "c@x.example")

    work(app)
    work(app)

    assert [(mail.state, mail.tries) for mail in mails(app)] == [
        (MailState.WAITING, 1), (MailState.SENT, 0), (MailState.SENT, 0),
    ]  # fmt: skip


@pytest.mark.parametrize("at", ["at_rcpt", "at_data"])
def test_a_mail_refused_for_good_is_shown_and_blocks_nobody(app: Flask, office: PostOffice, at: str) -> None:
    getattr(office, at)["gone@x.example"] = "550 5.1.1 No such mailbox"
    write(app, "gone@x.example", "anna@x.example")

    work(app)

    gone, anna = mails(app)
    assert (gone.state, anna.state) == (MailState.REFUSED, MailState.SENT)
    assert gone.trouble == "550 5.1.1 No such mailbox"
    assert [mail["To"] for mail in office.arrived] == ["anna@x.example"]


def test_a_mail_refused_for_now_is_tried_again_ever_more_rarely_and_given_up_in_the_end(
    app: Flask, office: PostOffice
) -> None:
    office.at_rcpt["full@x.example"] = "452 4.2.2 Mailbox full"
    write(app, "full@x.example")
    at, waits = NOW, []

    while (mail := mails(app)[0]).state is MailState.WAITING:
        waits.append(mail.due_at - at)
        at = mail.due_at
        work(app, at)

    assert waits[1:6] == list(rules.WAITS)
    assert waits[6:] == [rules.WAITS[-1]] * (rules.GIVE_UP_AFTER - 6)
    assert (mail.state, mail.tries) == (MailState.REFUSED, rules.GIVE_UP_AFTER)


def test_a_refused_mail_is_tried_again_when_an_organiser_says_so(app: Flask, office: PostOffice) -> None:
    office.at_rcpt["anna@x.example"] = "550 no"
    write(app)
    work(app)
    office.at_rcpt.clear()

    with app.app_context(), transaction() as db:
        actions.try_again(db, mails(app)[0].id, NOW)
    work(app)

    assert mails(app)[0].state is MailState.SENT


def test_a_slow_server_is_waited_for(app: Flask, office: PostOffice) -> None:
    office.delay = 0.3
    write(app, "a@x.example", "b@x.example")

    work(app)

    assert len(office.arrived) == 2


def test_what_a_crashed_worker_had_in_hand_another_takes_over_later(app: Flask, office: PostOffice) -> None:
    write(app)
    with app.app_context(), transaction() as db:
        claimed = [mail.message_id for mail in actions.claim(db, NOW, limit=5)]  # and then it is killed

    assert work(app, NOW + timedelta(minutes=1)) == 0
    assert work(app, NOW + rules.LEASE) == 1
    assert office.ids == claimed


def test_a_worker_told_to_stop_finishes_the_mail_in_hand_and_leaves_the_rest(app: Flask, office: PostOffice) -> None:
    write(app, *(f"p{n}@x.example" for n in range(5)))
    worker = Worker(app)

    with app.app_context():
        deliver(app, stopping=lambda: len(office.arrived) >= 2)

    assert len(office.arrived) == 2
    assert [mail.state for mail in mails(app)].count(MailState.SENT) == 2
    worker.stop()
    worker.run()
    assert len(office.arrived) == 2
    work(app)
    assert len(set(office.ids)) == len(office.ids) == 5


def test_a_mail_nobody_can_make_a_letter_of_blocks_nobody(app: Flask, office: PostOffice) -> None:
    write(app, "a@x.example", template="registrations/no_such_mail")
    write(app, "b@x.example")

    work(app)

    broken, fine = mails(app)
    assert (broken.state, broken.tries, fine.state) == (MailState.WAITING, 1, MailState.SENT)


def test_without_a_server_in_production_mail_waits(app: Flask) -> None:
    write(app)
    with sends_to(app, ""):
        object.__setattr__(app.config["LUNTAN"], "mail_folder", None)
        assert work(app) == 0

    with app.app_context():
        assert queries.late_since(database.session(), NOW + timedelta(minutes=1)) is None
        assert queries.late_since(database.session(), NOW + timedelta(minutes=3)) == NOW


def test_in_development_a_mail_is_a_file(app: Flask) -> None:
    write(app)

    work(app)

    path = app.config["LUNTAN"].mail_folder / f"{mails(app)[0].id}.eml"
    assert b"Haikou Forum 2027" in path.read_bytes()


def test_the_worker_does_the_chores_too(app: Flask) -> None:
    done: list[datetime] = []
    chores = app.extensions["chores"]
    app.extensions["chores"] = [*chores, lambda _db, at: done.append(at)]
    try:
        Worker(app).turn()
    finally:
        app.extensions["chores"] = chores

    assert done == [NOW]


def test_one_command_sends_what_is_due(app: Flask, office: PostOffice) -> None:
    write(app, *(f"p{n}@x.example" for n in range(25)))

    result = app.test_cli_runner().invoke(args=["mail", "work", "--once"])

    assert result.exit_code == 0, result.output
    assert len(office.arrived) == 25
