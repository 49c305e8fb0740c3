from datetime import date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Account
from app.database import Base, WallTime
from app.editions.models import Edition, Series, Source
from app.people.models import Organisation, Person
from app.speakers.rules import CorrectionState, Part, Scope, SpeakerState
from app.values.language import Language, Translated


class Speaker(Base):
    """A person at an edition: their role and organisation then, and what they spoke about.

    A candidate exists for nobody outside; the public sees whom a release shows.
    """

    __tablename__ = "speaker"
    __table_args__ = (UniqueConstraint("edition_id", "person_id", "scope"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id", ondelete="RESTRICT"), index=True)
    scope: Mapped[Scope] = mapped_column(default=Scope.FORUM)
    part: Mapped[Part] = mapped_column(default=Part.SPEAKER)
    state: Mapped[SpeakerState] = mapped_column(default=SpeakerState.CANDIDATE)
    position: Mapped[int] = mapped_column(default=0)
    role: Mapped[Translated]
    """Their function then: "President", "Vice Minister"."""
    rank_id: Mapped[int | None] = mapped_column(ForeignKey("rank.id", ondelete="SET NULL"), index=True)
    country: Mapped[str | None] = mapped_column(String(2))
    topic: Mapped[Translated]
    note: Mapped[Translated]
    email: Mapped[str] = mapped_column(String(254), default="")
    """Where the invitation goes. This and what follows is the organisers' own, never part of a release."""
    language: Mapped[Language | None]
    """Of mails to them."""
    inviter_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    due_on: Mapped[date | None]
    """By when they are to be invited, or to answer."""
    private_note: Mapped[str] = mapped_column(Text, default="")
    needs: Mapped[str] = mapped_column(Text, default="")
    """What they asked for: food, access, visa, technology."""
    uid: Mapped[str] = mapped_column(String(36), default=lambda: str(uuid4()), unique=True)
    """Their personal link is made of it and the house's secret."""
    invited_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]

    edition: Mapped[Edition] = relationship()
    person: Mapped[Person] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    rank: Mapped["Rank | None"] = relationship()
    inviter: Mapped[Account | None] = relationship()
    citations: Mapped[list["SpeakerSource"]] = relationship(order_by="SpeakerSource.position")

    @property
    def sources(self) -> list[Source]:
        return [citation.source for citation in self.citations]


class SpeakerSource(Base):
    __tablename__ = "speaker_source"

    speaker_id: Mapped[int] = mapped_column(ForeignKey("speaker.id", ondelete="CASCADE"), primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id", ondelete="RESTRICT"), primary_key=True, index=True)
    position: Mapped[int]

    source: Mapped[Source] = relationship()


class Rank(Base):
    """A rung of protocol: who speaks and is listed before whom. The lowest position goes first."""

    __tablename__ = "rank"
    __table_args__ = (UniqueConstraint("series_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(60))
    name: Mapped[Translated]
    position: Mapped[int]
    revision: Mapped[int] = mapped_column(default=1)

    series: Mapped[Series] = relationship()


class Availability(Base):
    """A span of wall time in which somebody can be there. Who has none is taken to be there all the time."""

    __tablename__ = "availability"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index("ix_availability_edition_id_person_id", "edition_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime] = mapped_column(WallTime)
    ends_at: Mapped[datetime] = mapped_column(WallTime)


class Correction(Base):
    """What a speaker wrote of themselves, until an organiser takes or refuses it."""

    __tablename__ = "correction"
    __table_args__ = (
        Index(
            "uq_correction_pending", "speaker_id", "field", unique=True,
            sqlite_where=text("state = 'pending'"), postgresql_where=text("state = 'pending'"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    speaker_id: Mapped[int] = mapped_column(ForeignKey("speaker.id", ondelete="CASCADE"))
    field: Mapped[str] = mapped_column(String(40))
    before: Mapped[dict[str, Any]]
    """The value as it was when they wrote, as JSON."""
    after: Mapped[dict[str, Any]]
    state: Mapped[CorrectionState] = mapped_column(default=CorrectionState.PENDING)
    proposed_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(String(200), default="")

    speaker: Mapped[Speaker] = relationship()


class Slides(Base):
    """A file of a speaker's, kept by its digest in the house's file store."""

    __tablename__ = "slides"
    __table_args__ = (UniqueConstraint("speaker_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    speaker_id: Mapped[int] = mapped_column(ForeignKey("speaker.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    """As the speaker's own computer called it; shown, never a path."""
    media: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    """Bytes."""
    uploaded_at: Mapped[datetime]

    speaker: Mapped[Speaker] = relationship()


class LetterTemplate(Base):
    """What an edition writes to its speakers, with placeholders in braces from a fixed list."""

    __tablename__ = "letter_template"
    __table_args__ = (UniqueConstraint("edition_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(40))
    subject: Mapped[Translated]
    body: Mapped[Translated]
    revision: Mapped[int] = mapped_column(default=1)
