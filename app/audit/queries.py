from collections.abc import Sequence

from sqlalchemy import select

from app.audit.models import AuditEntry
from app.database import DbSession


def latest(db: DbSession, *, edition_id: int | None = None, limit: int = 10) -> Sequence[AuditEntry]:
    """The last changes, newest first; of one edition, or of everything."""
    query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
    if edition_id is not None:
        query = query.where(AuditEntry.edition_id == edition_id)
    return db.scalars(query).all()


def last_of(db: DbSession, kind: str, subject_id: int) -> AuditEntry | None:
    """Who touched this thing last, and how."""
    return db.scalar(
        select(AuditEntry)
        .where(AuditEntry.kind == kind, AuditEntry.subject_id == subject_id)
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )


def history_of(db: DbSession, kind: str, subject_id: int, *, limit: int = 50) -> Sequence[AuditEntry]:
    """What was done with this thing, newest first."""
    query = select(AuditEntry).where(AuditEntry.kind == kind, AuditEntry.subject_id == subject_id)
    return db.scalars(query.order_by(AuditEntry.id.desc()).limit(limit)).all()
