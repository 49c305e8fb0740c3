from datetime import datetime

from app.audit.models import AuditEntry
from app.database import DbSession
from app.values.actor import Actor


def record(
    db: DbSession,
    actor: Actor,
    verb: str,
    *,
    kind: str,
    subject_id: int | None,
    now: datetime,
    edition_id: int | None = None,
    **data: object,
) -> None:
    """Note in the caller's transaction who did what. `data` must be plain JSON and free of attendees' details."""
    db.add(
        AuditEntry(
            at=now,
            account_id=actor.account_id,
            actor_name=actor.name,
            verb=verb,
            kind=kind,
            subject_id=subject_id,
            edition_id=edition_id,
            data=data,
        )
    )
