from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.agenda.rules import SessionKind, SessionRole
from app.database import Base, WallTime
from app.editions.models import Edition, Source
from app.speakers.models import Speaker
from app.values.language import Language, Translated


class Room(Base):
    """A place in the venue, of the draft. The public sees it as the last release shows it."""

    __tablename__ = "room"
    __table_args__ = (UniqueConstraint("edition_id", "slug"), CheckConstraint("capacity > 0", name="capacity_positive"))

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    slug: Mapped[str] = mapped_column(String(80))
    name: Mapped[Translated]
    detail: Mapped[Translated]
    """How to find it: "level 2"."""
    capacity: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)


class Track(Base):
    """A theme running through sessions, of the draft."""

    __tablename__ = "track"
    __table_args__ = (
        UniqueConstraint("edition_id", "slug"),
        CheckConstraint("colour BETWEEN 1 AND 8", name="colour_in_palette"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    slug: Mapped[str] = mapped_column(String(80))
    name: Mapped[Translated]
    colour: Mapped[int]
    """1 to 8 of the accessible palette in `static/css/tokens.css`."""
    position: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)


class Session(Base):
    """One item of the agenda, as planned. The public sees the last release, never this row."""

    __tablename__ = "session"
    __table_args__ = (
        UniqueConstraint("edition_id", "slug"),
        CheckConstraint("(starts_at IS NULL) = (ends_at IS NULL) AND ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("starts_at IS NULL OR day IS NOT NULL", name="day_of_a_time"),
        Index("ix_session_edition_id_starts_at", "edition_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(36), default=lambda: str(uuid4()), unique=True)
    """For life: the calendar's UID is made of it."""
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    slug: Mapped[str] = mapped_column(String(80))
    kind: Mapped[SessionKind]
    title: Mapped[Translated]
    title_translated: Mapped[tuple[str, ...]]
    abstract: Mapped[Translated]
    note: Mapped[Translated]
    """What the record says about itself: a doubt, a reading of ours."""
    day: Mapped[date | None]
    part_of_day: Mapped[str] = mapped_column(String(20), default="")
    """`morning` or `afternoon`, where a past session's clock time is not recorded."""
    starts_at: Mapped[datetime | None] = mapped_column(WallTime)
    ends_at: Mapped[datetime | None] = mapped_column(WallTime)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id", ondelete="RESTRICT"), index=True)
    track_id: Mapped[int | None] = mapped_column(ForeignKey("track.id", ondelete="RESTRICT"), index=True)
    for_all: Mapped[bool] = mapped_column(default=False)
    """A plenary or a break: nothing else runs beside it."""
    language: Mapped[Language | None]
    interpretation: Mapped[tuple[str, ...]]
    is_cancelled: Mapped[bool] = mapped_column(default=False)
    cancel_reason: Mapped[Translated]
    was_published: Mapped[bool] = mapped_column(default=False)
    """From then on it is cancelled, never deleted."""
    position: Mapped[int] = mapped_column(default=0)
    """Order of those without a time."""
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    edition: Mapped[Edition] = relationship()
    room: Mapped[Room | None] = relationship()
    track: Mapped[Track | None] = relationship()
    speakers: Mapped[list["SessionSpeaker"]] = relationship(
        order_by="SessionSpeaker.position", cascade="all, delete-orphan", back_populates="session"
    )
    citations: Mapped[list["SessionSource"]] = relationship(
        order_by="SessionSource.position", cascade="all, delete-orphan"
    )

    @property
    def sources(self) -> list[Source]:
        return [citation.source for citation in self.citations]


class SessionSpeaker(Base):
    """Who takes part in a session, as what, in the order of speaking."""

    __tablename__ = "session_speaker"

    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), primary_key=True)
    speaker_id: Mapped[int] = mapped_column(ForeignKey("speaker.id", ondelete="RESTRICT"), primary_key=True, index=True)
    role: Mapped[SessionRole] = mapped_column(default=SessionRole.SPEAKER)
    position: Mapped[int]

    session: Mapped[Session] = relationship(back_populates="speakers")
    speaker: Mapped[Speaker] = relationship()


class SessionSource(Base):
    __tablename__ = "session_source"

    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id", ondelete="RESTRICT"), primary_key=True, index=True)
    position: Mapped[int]

    source: Mapped[Source] = relationship()
