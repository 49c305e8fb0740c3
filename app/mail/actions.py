"""The outbox: mails are put in, taken back, tried again. The worker sends them (`app/mail/delivery.py`)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import or_, update

from app.database import DbSession
from app.errors import Conflict
from app.mail import queries, rules
from app.mail.models import OutgoingMail
from app.mail.rules import MailState
from app.values.language import Language


def queue(
    db: DbSession,
    template: str,
    *,
    to: str,
    language: Language,
    now: datetime,
    edition_id: int | None = None,
    wait: timedelta = timedelta(),
    **data: object,
) -> None:
    """Put a mail into the outbox. It exists if, and only if, the caller's transaction commits.

    `data` must be plain JSON; it is all the template knows, and is emptied once the mail is sent.
    """
    db.add(
        OutgoingMail(
            message_id=f"<{uuid4()}@luntan>",
            recipient=to,
            template=template,
            language=language,
            data=data,
            queued_at=now,
            due_at=now + wait,
            edition_id=edition_id,
        )
    )


def withdraw(db: DbSession, template: str, *, to: str, edition_id: int | None, now: datetime) -> bool:
    """Take back what has not begun to leave the house. False if there was nothing left to take back."""
    mails = [mail for mail in queries.untouched(db, template, to=to, edition_id=edition_id) if mail.due_at > now]
    for mail in mails:
        db.delete(mail)
    db.flush()
    return bool(mails)


def take_back(db: DbSession, mail_ids: Sequence[int], *, edition_id: int) -> list[OutgoingMail]:
    """Out of the outbox again, as far as no worker has begun with them: the rows that are gone from it."""
    mails = [
        mail for mail in queries.waiting(db, mail_ids) if mail.edition_id == edition_id and queries.is_untouched(mail)
    ]
    for mail in mails:
        db.delete(mail)
    db.flush()
    return mails


def claim(db: DbSession, now: datetime, *, limit: int) -> Sequence[OutgoingMail]:
    """The mails to send next, ours for `rules.LEASE`: the due time moves on, so a crash hands them to the next worker."""
    mails = queries.due_for_update(db, now, limit=limit)
    for mail in mails:
        mail.due_at = now + rules.LEASE
    db.flush()
    return mails


def release(db: DbSession, mail_ids: Sequence[int], now: datetime) -> None:
    """Claimed and not begun: due again at once."""
    for mail in queries.waiting(db, mail_ids):
        mail.due_at = now
    db.flush()


def postpone(db: DbSession, mail_ids: Sequence[int], now: datetime, *, trouble: str) -> None:
    """The server is away, which is no mail's fault: all that is due waits a little, and no try is counted."""
    db.execute(
        update(OutgoingMail)
        .where(
            OutgoingMail.state == MailState.WAITING,
            or_(OutgoingMail.id.in_(mail_ids), OutgoingMail.due_at <= now),
        )
        .values(due_at=now + rules.AWAY, trouble=trouble[:1000])
    )


def sent(db: DbSession, mail_id: int, now: datetime) -> None:
    """The other side has it; what it said is no longer ours to keep."""
    mail = db.get(OutgoingMail, mail_id, with_for_update=True, populate_existing=True)
    if mail is not None:
        mail.state, mail.sent_at, mail.data, mail.trouble = MailState.SENT, now, {}, ""
        db.flush()


def failed(db: DbSession, mail_ids: Sequence[int], now: datetime, *, trouble: str, for_good: bool = False) -> None:
    """Try again later, or (refused for good, or tried too often) leave it to an organiser."""
    for mail in queries.waiting(db, mail_ids):
        mail.tries += 1
        mail.trouble = trouble[:1000]
        again = None if for_good else rules.next_try(mail.tries, now)
        if again is None:
            mail.state = MailState.REFUSED
        else:
            mail.due_at = again
    db.flush()


def try_again(db: DbSession, mail_id: int, now: datetime) -> OutgoingMail:
    """Of an organiser: a refused mail is due again, with all its tries."""
    mail = db.get(OutgoingMail, mail_id, with_for_update=True, populate_existing=True)
    if mail is None or mail.state is not MailState.REFUSED:
        raise Conflict("mail_not_refused")
    mail.state, mail.tries, mail.due_at = MailState.WAITING, 0, now
    db.flush()
    return mail
