"""Since when are the public pages as they are? One row, asked for at most once a second by each process.

Every action that changes something public calls `touch`; what only time will change asks with `due` to be
touched then, and the worker does it (`renew`). Public pages are rendered *as of* the row's instant, never of
the clock, so every process renders the same bytes from the same stamp.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, delete, exists, func, select
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, DbSession


class PublicStamp(Base):
    __tablename__ = "public_stamp"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    as_of: Mapped[datetime]


class PublicDue(Base):
    """An instant at which public pages change by themselves: registration opens, a session begins."""

    __tablename__ = "public_due"

    at: Mapped[datetime] = mapped_column(primary_key=True)


def touch(db: DbSession, now: datetime) -> None:
    """What the public sees has changed, or is about to in this transaction."""
    stamp = db.get(PublicStamp, 1, with_for_update=True, populate_existing=True)
    if stamp is None:
        db.add(PublicStamp(id=1, number=1, as_of=now))
    else:
        stamp.number += 1
        stamp.as_of = max(now, stamp.as_of)
    db.flush()


def due(db: DbSession, at: datetime, *, now: datetime) -> None:
    """Touch the public pages at that instant too, unless it is past."""
    if at > now and not db.scalar(select(exists().where(PublicDue.at == at))):
        db.add(PublicDue(at=at))
        db.flush()


def overdue(db: DbSession, now: datetime) -> datetime | None:
    """The earliest instant whose change is still to be made; None when the worker has kept up."""
    return db.scalar(select(func.min(PublicDue.at)).where(PublicDue.at <= now))


def renew(db: DbSession, now: datetime) -> bool:
    """Make the changes whose time has come. True if there were any."""
    if overdue(db, now) is None:
        return False
    db.execute(delete(PublicDue).where(PublicDue.at <= now))
    touch(db, now)
    return True
