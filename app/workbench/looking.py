"""Who has the form of a session open just now, told to whoever opens it too. Nobody is kept out by it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from app.accounts.models import Account
from app.agenda.models import Onlooker, Session
from app.database import DbSession
from app.errors import NotFound

STAYS = timedelta(seconds=25)
"""Whoever has not said so for so long has gone."""


def look(db: DbSession, edition_id: int, session_id: int | None, *, account_id: int, now: datetime) -> None:
    """This account is at this session's form now, and at no other of the edition. None: it has closed it.

    Raises `NotFound` for a session of another edition.
    """
    of_edition = select(Session.id).where(Session.edition_id == edition_id)
    if session_id is not None and db.scalar(of_edition.where(Session.id == session_id)) is None:
        raise NotFound
    db.execute(delete(Onlooker).where(Onlooker.account_id == account_id, Onlooker.session_id.in_(of_edition)))
    if session_id is not None:
        db.add(Onlooker(session_id=session_id, account_id=account_id, seen_at=now))
    db.flush()


def onlookers(db: DbSession, session_id: int, *, but: int | None, now: datetime) -> Sequence[str]:
    """The names of the others, in the order of the alphabet."""
    query = (
        select(Account.name)
        .join(Onlooker, Onlooker.account_id == Account.id)
        .where(Onlooker.session_id == session_id, Onlooker.seen_at > now - STAYS, Account.id != but)
        .distinct()
        .order_by(Account.name)
    )
    return db.scalars(query).all()
