from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base
from app.mail.rules import MailState
from app.values.language import Language


class OutgoingMail(Base):
    """A mail to be sent, in the transaction of its cause. Its data is emptied once it is sent."""

    __tablename__ = "outgoing_mail"
    __table_args__ = (
        Index("ix_outgoing_mail_state_due_at", "state", "due_at"),
        Index("ix_outgoing_mail_recipient_queued_at", "recipient", "queued_at"),
        Index("ix_outgoing_mail_edition_id_id", "edition_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    """One for life, however often we try: the receiver may drop a second copy by it."""
    recipient: Mapped[str] = mapped_column(String(254))
    template: Mapped[str] = mapped_column(String(80))
    language: Mapped[Language]
    data: Mapped[dict[str, Any]]
    state: Mapped[MailState] = mapped_column(default=MailState.WAITING)
    queued_at: Mapped[datetime]
    due_at: Mapped[datetime]
    """When to try next; while a worker is sending it, when another may take over."""
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    trouble: Mapped[str] = mapped_column(Text, default="")
    """What the server said last, for the organiser."""
    edition_id: Mapped[int | None]
    """Of which edition, so that its organisers may see it. No foreign key: mail knows no editions."""
