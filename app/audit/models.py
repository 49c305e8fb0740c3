from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class AuditEntry(Base):
    """Who did what to which thing. Names no attendee: their entries carry a number, not a name."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_edition_id_id", "edition_id", "id"),
        Index("ix_audit_entry_kind_subject_id", "kind", "subject_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    account_id: Mapped[int | None]
    """No foreign key: the entry outlives the account."""
    actor_name: Mapped[str] = mapped_column(String(200))
    verb: Mapped[str] = mapped_column(String(60))
    """A code such as `session_changed`; its sentence is in `app/web/messages.py`."""
    kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int | None]
    edition_id: Mapped[int | None]
    data: Mapped[dict[str, Any]]
