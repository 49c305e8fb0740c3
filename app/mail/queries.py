from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, exists, func, select

from app.database import DbSession
from app.mail.models import OutgoingMail
from app.mail.rules import MailState, is_claimed

LATE = timedelta(minutes=2)


def is_due(db: DbSession, now: datetime) -> bool:
    return bool(db.scalar(select(exists().where(_due(now)))))


def due_for_update(db: DbSession, now: datetime, *, limit: int) -> Sequence[OutgoingMail]:
    """The longest due first; what another worker is claiming at this moment is passed over."""
    return db.scalars(
        select(OutgoingMail)
        .where(_due(now))
        .order_by(OutgoingMail.due_at, OutgoingMail.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()


def waiting(db: DbSession, mail_ids: Sequence[int]) -> Sequence[OutgoingMail]:
    """Those of them that still wait, as they are now, and nobody else's to change."""
    return db.scalars(
        select(OutgoingMail)
        .where(OutgoingMail.id.in_(mail_ids), OutgoingMail.state == MailState.WAITING)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def untouched(db: DbSession, template: str, *, to: str, edition_id: int | None) -> list[OutgoingMail]:
    """Those no worker has begun with, locked."""
    mails = db.scalars(
        select(OutgoingMail)
        .where(
            OutgoingMail.recipient == to,
            OutgoingMail.template == template,
            OutgoingMail.edition_id.is_(None) if edition_id is None else OutgoingMail.edition_id == edition_id,
            OutgoingMail.state == MailState.WAITING,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return [mail for mail in mails if is_untouched(mail)]


def is_untouched(mail: OutgoingMail) -> bool:
    """No worker has begun with it."""
    return not is_claimed(queued_at=mail.queued_at, due_at=mail.due_at, tries=mail.tries)


def held_back(db: DbSession, edition_id: int, templates: Collection[str]) -> list[OutgoingMail]:
    """Mails of these kinds that could still be taken back, in the order in which they leave."""
    mails = db.scalars(
        select(OutgoingMail)
        .where(
            OutgoingMail.edition_id == edition_id,
            OutgoingMail.template.in_(templates),
            OutgoingMail.state == MailState.WAITING,
        )
        .order_by(OutgoingMail.due_at, OutgoingMail.id)
    )
    return [mail for mail in mails if is_untouched(mail)]


def refused_addresses(db: DbSession, edition_id: int) -> set[str]:
    """Addresses that refused a mail of ours because of this edition."""
    refused = (OutgoingMail.edition_id == edition_id) & (OutgoingMail.state == MailState.REFUSED)
    return set(db.scalars(select(OutgoingMail.recipient).where(refused)))


def late_since(db: DbSession, now: datetime) -> datetime | None:
    """Since when the oldest due mail waits for a worker; None while the worker keeps up."""
    return db.scalar(
        select(func.min(OutgoingMail.due_at)).where(
            OutgoingMail.state == MailState.WAITING, OutgoingMail.due_at < now - LATE
        )
    )


def count_to(db: DbSession, recipient: str, *, since: datetime, edition_id: int) -> int:
    """How many mails we have written to this address since then because of this edition."""
    return (
        db.scalar(
            select(func.count()).where(
                OutgoingMail.recipient == recipient,
                OutgoingMail.queued_at > since,
                OutgoingMail.edition_id == edition_id,
            )
        )
        or 0
    )


def mails_to(db: DbSession, recipient: str, *, edition_id: int) -> Sequence[OutgoingMail]:
    """Everything written to this address because of this edition, newest first."""
    return db.scalars(
        select(OutgoingMail)
        .where(OutgoingMail.recipient == recipient, OutgoingMail.edition_id == edition_id)
        .order_by(OutgoingMail.queued_at.desc(), OutgoingMail.id.desc())
        .limit(50)
    ).all()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an organiser looks for in the outbox. `editions`: those they may see; None for all."""

    editions: Collection[int] | None
    state: MailState | None = None
    text: str = ""
    before: int | None = None
    """Mails older than the one with this number."""


def visible(db: DbSession, mail_id: int, editions: Collection[int] | None) -> OutgoingMail | None:
    return db.scalar(_wanted(Wanted(editions)).where(OutgoingMail.id == mail_id))


def page_of(db: DbSession, wanted: Wanted, *, limit: int) -> Sequence[OutgoingMail]:
    """Newest first; one more than asked for, if there are more."""
    query = _wanted(wanted)
    if wanted.before is not None:
        query = query.where(OutgoingMail.id < wanted.before)
    return db.scalars(query.order_by(OutgoingMail.id.desc()).limit(limit + 1)).all()


def counts(db: DbSession, editions: Collection[int] | None) -> dict[MailState, int]:
    mails = _wanted(Wanted(editions)).subquery()
    rows = db.execute(select(mails.c.state, func.count().label("n")).group_by(mails.c.state))
    return {MailState.WAITING: 0, MailState.SENT: 0, MailState.REFUSED: 0} | {row.state: row.n for row in rows}


def _due(now: datetime) -> ColumnElement[bool]:
    return (OutgoingMail.state == MailState.WAITING) & (OutgoingMail.due_at <= now)


def _wanted(wanted: Wanted) -> Select[OutgoingMail]:
    query = select(OutgoingMail)
    if wanted.editions is not None:
        query = query.where(OutgoingMail.edition_id.in_(wanted.editions))
    if wanted.state is not None:
        query = query.where(OutgoingMail.state == wanted.state)
    if wanted.text:
        query = query.where(OutgoingMail.recipient.contains(wanted.text.lower(), autoescape=True))
    return query
