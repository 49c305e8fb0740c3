"""From the outbox to the other side: at least once, under one Message-ID, one trouble never in the way of the rest."""

import smtplib
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

import structlog
from flask import Flask

from app.extensions import database
from app.mail import actions, queries
from app.mail.letter import message
from app.mail.models import OutgoingMail
from app.web.clock import now
from app.web.transaction import transaction

log = structlog.get_logger()
BATCH = 20
PATIENCE = 20
"""Seconds for the other side to answer; a batch of silence stays well within a lease."""


class Carrier(Protocol):
    def carry(self, mail: OutgoingMail, made: EmailMessage) -> None: ...


class Folder:
    """In development: every mail is a file, readable on an organiser's page."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def carry(self, mail: OutgoingMail, made: EmailMessage) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / f"{mail.id}.eml").write_bytes(made.as_bytes())


class Server:
    """A mail server spoken to over one connection for a batch."""

    def __init__(self, smtp: smtplib.SMTP) -> None:
        self.smtp = smtp

    def carry(self, mail: OutgoingMail, made: EmailMessage) -> None:
        self.smtp.send_message(made)


@contextmanager
def _server(url: str) -> Iterator[Carrier]:
    """`smtp://user:password@host:port`, `smtps://…`; `?starttls` insists on encryption."""
    parts = urlsplit(url)
    context = ssl.create_default_context()
    host, options = parts.hostname or "localhost", parse_qs(parts.query, keep_blank_values=True)
    if parts.scheme == "smtps":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=PATIENCE, context=context)
    else:
        smtp = smtplib.SMTP(host, parts.port or 25, timeout=PATIENCE)
    try:
        if "starttls" in options:
            smtp.starttls(context=context)
        if parts.username:
            smtp.login(unquote(parts.username), unquote(parts.password or ""))
        yield Server(smtp)
    finally:
        _hang_up(smtp)


def _hang_up(smtp: smtplib.SMTP) -> None:
    try:
        smtp.quit()
    except (smtplib.SMTPException, OSError):
        smtp.close()


@contextmanager
def carrier(app: Flask) -> Iterator[Carrier]:
    config = app.config["LUNTAN"]
    if config.smtp_url:
        with _server(config.smtp_url) as server:
            yield server
    else:
        yield Folder(config.mail_folder)


def can_deliver(app: Flask) -> bool:
    """In production without SMTP_URL mail waits, and `flask doctor` says so."""
    config = app.config["LUNTAN"]
    return bool(config.smtp_url or config.mail_folder)


def deliver(app: Flask, *, stopping: Callable[[], bool] = lambda: False) -> int:
    """Send what is due, one batch; how many were taken in hand. Asked to stop, it finishes the mail in hand only."""
    if not can_deliver(app):
        return 0
    due = queries.is_due(database.session(), now())
    database.session.rollback()
    if not due:
        return 0
    with transaction() as db:
        mails = actions.claim(db, now(), limit=BATCH)
        db.flush()
        db.expunge_all()
    try:
        with carrier(app) as chosen:
            left = _carry(app, chosen, mails, stopping)
    except (OSError, smtplib.SMTPException) as away:
        log.warning("mail server unavailable", kind=type(away).__name__)
        with transaction() as db:
            actions.postpone(db, [mail.id for mail in mails], now(), trouble=said(away))
        return 0
    if left:
        with transaction() as db:
            actions.release(db, left, now())
    return len(mails)


def _carry(app: Flask, chosen: Carrier, mails: Sequence[OutgoingMail], stopping: Callable[[], bool]) -> list[int]:
    """One after the other, while the connection holds; the numbers of those not begun."""
    left = [mail.id for mail in mails]
    for mail in mails:
        if stopping():
            break
        left.pop(0)
        if not _send(app, chosen, mail):
            break
    return left


def _send(app: Flask, chosen: Carrier, mail: OutgoingMail) -> bool:
    """One mail and what came of it. False when the connection was lost over it: it may have arrived or not."""
    try:
        made = message(app, mail)
    except Exception as broken:  # no letter can be made of it: the next one goes on
        log.error("mail not made", mail=mail.id, template=mail.template, exc_info=broken)
        _failed(mail, type(broken).__name__)
        return True
    try:
        chosen.carry(mail, made)
    except OSError as refused:  # all of smtplib's errors are
        _failed(mail, said(refused), for_good=_permanent(refused))
        return not _lost(refused)
    with transaction() as db:
        actions.sent(db, mail.id, now())
    return True


def _failed(mail: OutgoingMail, trouble: str, *, for_good: bool = False) -> None:
    with transaction() as db:
        actions.failed(db, [mail.id], now(), trouble=trouble, for_good=for_good)


def _permanent(error: Exception) -> bool:
    """The other side said no to this mail. A no to our sender is ours to mend: such mail waits."""
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return True
    answers = [] if isinstance(error, smtplib.SMTPSenderRefused) else _answers(error)
    return bool(answers) and all(500 <= code < 600 for code, _ in answers)


def _lost(error: Exception) -> bool:
    """The connection is gone or of no more use: silence, or 421, with which a server takes its leave."""
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return False
    answers = _answers(error)
    return not answers or any(code == 421 for code, _ in answers)


def _answers(error: Exception) -> list[tuple[int, str]]:
    """What the server said, as codes and words."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return [(code, _text(words)) for code, words in error.recipients.values()]
    if isinstance(error, smtplib.SMTPResponseException):
        return [(error.smtp_code, _text(error.smtp_error))]
    return []


def said(error: Exception) -> str:
    """For the organiser: the server's own words, or what kind of trouble it was."""
    answers = _answers(error)
    return "; ".join(f"{code} {words}" for code, words in answers) or f"{type(error).__name__}: {error}"


def _text(words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return " ".join(text.split())[:400]
