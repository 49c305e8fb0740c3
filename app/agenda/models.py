from datetime import date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.agenda.rules import Placement, ProposalState, SessionKind, SessionRole, SpeakingOrder
from app.database import Base, WallTime
from app.editions.models import Edition, Source
from app.people.models import Person
from app.speakers.models import Speaker
from app.values.language import Language, Translated


class Room(Base):
    """A place in the venue, of the draft. The public sees it as the last release shows it."""

    __tablename__ = "room"
    __table_args__ = (UniqueConstraint("edition_id", "slug"), CheckConstraint("capacity > 0", name="capacity_positive"), CheckConstraint("booths >= 0", name="booths_counted"))  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    slug: Mapped[str] = mapped_column(String(80))
    name: Mapped[Translated]
    detail: Mapped[Translated]
    """How to find it: "level 2"."""
    capacity: Mapped[int | None]
    site: Mapped[str] = mapped_column(String(80), default="")
    """The building, as organisers call it: between two of them people need time."""
    booths: Mapped[int] = mapped_column(default=0)
    """For interpreters: one for each language interpreted into."""
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
        CheckConstraint("expected > 0", name="expected_positive"),
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
    expected: Mapped[int | None]
    """How many people the organisers expect."""
    order: Mapped[SpeakingOrder] = mapped_column(default=SpeakingOrder.RANK)
    is_pinned: Mapped[bool] = mapped_column(default=False)
    """A proposal leaves it where it is."""
    stamp: Mapped[int] = mapped_column(default=0)
    """The agenda's number (`AgendaBook.number`) when this session last changed."""
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
    def placement(self) -> Placement:
        return Placement(self.day, self.starts_at, self.ends_at, self.room_id, self.is_pinned)

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


class AgendaBook(Base):
    """One row an edition: what its agenda is measured by, and how often it has changed.

    Its row is the agenda's lock: whoever changes a session takes the next number first
    (`agenda.actions.next_number`), so that two who do wait for each other in one order.
    """

    __tablename__ = "agenda_book"
    __table_args__ = (
        CheckConstraint("least_share BETWEEN 1 AND 50", name="least_share_of_a_side"),
        CheckConstraint("rest_after > 0 AND travel_minutes >= 0 AND abstract_most > 0", name="sensible_measures"),
    )

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(default=0)
    switched_off: Mapped[tuple[str, ...]]
    """Kinds of findings (`Problem`) nobody wants to hear of."""
    rest_after: Mapped[int] = mapped_column(default=120)
    """Minutes an interpreter may work in a row."""
    least_share: Mapped[int | None]
    """Per cent of a session's speakers that each side is to have; None: not asked."""
    travel_minutes: Mapped[int] = mapped_column(default=0)
    """Between rooms of two sites, where no other figure is given."""
    abstract_most: Mapped[int] = mapped_column(default=1200)
    """Characters that the print has room for; a Han character counts as two."""
    needs_languages: Mapped[bool] = mapped_column(default=False)
    """Nothing goes out before every text is there in all languages."""
    revision: Mapped[int] = mapped_column(default=1)


class Travel(Base):
    """Minutes between two rooms, in both directions; the smaller id stands first."""

    __tablename__ = "travel"
    __table_args__ = (CheckConstraint("a_id < b_id AND minutes >= 0", name="one_row_a_pair"),)

    a_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), primary_key=True)
    b_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), primary_key=True, index=True)
    minutes: Mapped[int]


class Waiver(Base):
    """A finding of one session that somebody looked at and lets stand, and why."""

    __tablename__ = "waiver"
    __table_args__ = (CheckConstraint("reason <> ''", name="has_a_reason"),)

    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), primary_key=True)
    problem: Mapped[str] = mapped_column(String(40), primary_key=True)
    """A `Problem` of `agenda/findings.py`."""
    reason: Mapped[str] = mapped_column(Text)
    waived_by: Mapped[str] = mapped_column(String(200))
    waived_at: Mapped[datetime]


class Step(Base):
    """One gesture of one organiser: what it changed, so that it can be taken back, also tomorrow."""

    __tablename__ = "step"
    __table_args__ = (Index("ix_step_edition_id_account_id_id", "edition_id", "account_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    deed: Mapped[str] = mapped_column(String(40))
    """A `Deed` of `workbench/gestures.py`."""
    changes: Mapped[list[Any]]
    """See `gestures.Change.to_json`."""
    key: Mapped[str] = mapped_column(String(36), unique=True)
    """The gesture's own number: sent twice, it is done once."""
    is_undone: Mapped[bool] = mapped_column(default=False)
    turned: Mapped[int] = mapped_column(default=0)
    """The agenda's number when it was last undone or redone: what was undone last is redone first."""
    turns: Mapped[tuple[str, ...]]
    """Numbers of the last requests that undid or redid it: sent twice, they too are done once."""
    done_at: Mapped[datetime]


class Onlooker(Base):
    """Who has the form of a session open at the workbench. Says so anew every few seconds; nothing is locked by it."""

    __tablename__ = "onlooker"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    seen_at: Mapped[datetime]


class Interpreter(Base):
    """A person who interprets at an edition. Known to organisers only."""

    __tablename__ = "interpreter"
    __table_args__ = (UniqueConstraint("edition_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), index=True)
    pairs: Mapped[tuple[str, ...]]
    """From and into: `zh-de`. Both directions are two pairs."""
    email: Mapped[str] = mapped_column(String(254), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[Language] = mapped_column(default=Language.EN)
    """Of mails to them."""
    uid: Mapped[str] = mapped_column(String(36), default=lambda: str(uuid4()), unique=True)
    """Their personal link is made of it and the house's secret."""
    briefed_at: Mapped[datetime | None]
    """When the link to their briefing was last sent."""
    revision: Mapped[int] = mapped_column(default=1)

    edition: Mapped[Edition] = relationship()
    person: Mapped[Person] = relationship()
    duties: Mapped[list["Duty"]] = relationship(back_populates="interpreter", cascade="all, delete-orphan")


class Duty(Base):
    """An interpreter at work in a session, for one language interpreted into."""

    __tablename__ = "duty"

    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), primary_key=True)
    interpreter_id: Mapped[int] = mapped_column(
        ForeignKey("interpreter.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    into: Mapped[Language]

    session: Mapped[Session] = relationship()
    interpreter: Mapped[Interpreter] = relationship(back_populates="duties")


class Proposal(Base):
    """An agenda the solver suggests, beside the draft and never over it. The row is the job, too."""

    __tablename__ = "proposal"
    __table_args__ = (Index("ix_proposal_edition_id_id", "edition_id", "id"), Index("ix_proposal_state", "state"))

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    state: Mapped[ProposalState] = mapped_column(default=ProposalState.WAITING)
    wishes: Mapped[dict[str, Any]]
    """What was asked: see `proposals/proposal.py`."""
    number: Mapped[int] = mapped_column(default=0)
    """The agenda's number it was reckoned from."""
    asked_by: Mapped[str] = mapped_column(String(200))
    asked_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    alive_at: Mapped[datetime | None]
    """When its worker last said so: one that fell silent is taken over."""
    finished_at: Mapped[datetime | None]
    stop_asked: Mapped[bool] = mapped_column(default=False)
    progress: Mapped[dict[str, Any]]
    result: Mapped[dict[str, Any]]
    trouble: Mapped[str] = mapped_column(Text, default="")
