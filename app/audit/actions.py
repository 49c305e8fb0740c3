from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import insert

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


def record_each(
    db: DbSession,
    actor: Actor,
    entries: Sequence[tuple[str, int, Mapping[str, object]]],
    *,
    kind: str,
    now: datetime,
    edition_id: int | None = None,
) -> None:
    """Many things of a kind at once, each with its verb, its id and its data: one statement instead of one for each."""
    who = {"at": now, "account_id": actor.account_id, "actor_name": actor.name, "kind": kind, "edition_id": edition_id}
    rows = [{**who, "verb": verb, "subject_id": subject, "data": {**data}} for verb, subject, data in entries]
    if rows:
        db.execute(insert(AuditEntry), rows)
