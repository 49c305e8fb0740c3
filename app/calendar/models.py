from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.calendar.rules import EventStatus
from app.database import Base
from app.values.language import Translated


class CalendarEvent(Base):
    """One published VEVENT: what was promised under its UID, and its bytes in each language."""

    __tablename__ = "calendar_event"
    __table_args__ = (
        CheckConstraint("sequence >= 0", name="sequence_not_negative"),
        Index("ix_calendar_event_edition_id_begins", "edition_id", "begins"),
    )

    uid: Mapped[str] = mapped_column(String(100), primary_key=True)
    """Without the domain: `session-<uuid>` or `edition-<uuid>`."""
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    session_slug: Mapped[str] = mapped_column(String(80), default="")
    """Empty for the edition's own day."""
    begins: Mapped[str] = mapped_column(String(40))
    """Sorts as the start does: UTC, or the date of an all-day event."""
    last_day: Mapped[date]
    """The last day it touches, where it is held."""
    zone: Mapped[str] = mapped_column(String(60))
    """Its TZID; empty for an all-day event, and where times are written in UTC."""
    titles: Mapped[Translated]
    """As promised. What the public may still read of an edition that went back to draft."""
    room: Mapped[str] = mapped_column(String(80), default="")
    track: Mapped[str] = mapped_column(String(80), default="")
    people: Mapped[tuple[str, ...]]
    """Slugs, to choose by: the feeds of a room, a track, a speaker."""
    once_with: Mapped[tuple[str, ...]]
    """Every `room:`, `track:` and `person:` it was ever published with: their feeds do not vanish under subscribers."""
    sequence: Mapped[int]
    status: Mapped[EventStatus]
    promised: Mapped[dict[str, Any]]
    """Start, end, place and status as last published: what SEQUENCE compares."""
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    """LAST-MODIFIED and DTSTAMP."""
    gone_at: Mapped[datetime | None]
    """Since when it is cancelled; 30 days after this or its end it may leave the feeds."""
    blocks: Mapped[dict[str, Any]]
    """By language, the VEVENT's text with folded lines and CRLF."""
