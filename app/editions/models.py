from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, choice
from app.editions.rules import Claim, Kind, OrganisationPart, State, is_public, shown_days
from app.people.models import Organisation, Person
from app.values.language import Language, Translated
from app.values.time import DatePrecision, Days


class Series(Base):
    """A forum that returns. The installation has one."""

    __tablename__ = "series"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[Translated]
    name_translated: Mapped[tuple[str, ...]]
    short_name: Mapped[Translated]
    subject: Mapped[Translated]
    """Second line of the masthead: what the forum is about."""
    lead: Mapped[Translated]
    numbering: Mapped[Translated]
    """What is known of how editions are numbered."""
    organisers_note: Mapped[Translated]
    parent_name: Mapped[Translated]
    parent_website: Mapped[str] = mapped_column(String(500), default="")
    website: Mapped[str] = mapped_column(String(500), default="")
    home_zones: Mapped[tuple[str, ...]]
    """Where its people live: their times stand beside the venue's."""
    source_language: Mapped[Language] = mapped_column(default=Language.EN)
    """In which texts are first written; the others are translations, and stale once it changed after them."""
    sides: Mapped[tuple[str, ...]]
    """Countries (ISO 3166) between which speakers alternate and are counted, the host of the first edition first."""
    imprint: Mapped[Translated]
    privacy: Mapped[Translated]
    contact: Mapped[Translated]
    consent: Mapped[Translated]
    privacy_version: Mapped[str] = mapped_column(String(40), default="")
    uid_domain: Mapped[str] = mapped_column(String(253), default="")
    """Stored at the first publication; a different UID_DOMAIN later stops the start."""
    uid: Mapped[str] = mapped_column(String(36), default=lambda: str(uuid4()), unique=True)
    revision: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]

    milestones: Mapped[list["Milestone"]] = relationship(back_populates="series", order_by="Milestone.day")
    citations: Mapped[list["SeriesSource"]] = relationship(order_by="SeriesSource.position")

    @property
    def sources(self) -> list["Source"]:
        return [citation.source for citation in self.citations]


class Source(Base):
    """Where a fact is from."""

    __tablename__ = "source"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    publisher: Mapped[str] = mapped_column(String(300))
    published: Mapped[str] = mapped_column(String(20), default="")
    """As precise as known: `2023`, `2023-09`, `2023-09-08`."""
    url: Mapped[str] = mapped_column(Text, default="")


class SeriesSource(Base):
    """Where what is said of the series as a whole is from: its numbering, its organisers."""

    __tablename__ = "series_source"

    series_id: Mapped[int] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"), primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id", ondelete="RESTRICT"), primary_key=True, index=True)
    position: Mapped[int]

    source: Mapped[Source] = relationship()


class Milestone(Base):
    """Something on the way that was no edition."""

    __tablename__ = "milestone"

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id", ondelete="RESTRICT"), index=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    day: Mapped[date]
    """With precision year: the first of January, never shown."""
    last_day: Mapped[date | None]
    date_precision: Mapped[DatePrecision] = mapped_column(default=DatePrecision.DAY)
    country: Mapped[str | None] = mapped_column(String(2))
    place: Mapped[Translated]
    title: Mapped[Translated]
    title_translated: Mapped[tuple[str, ...]]
    summary: Mapped[Translated]

    series: Mapped[Series] = relationship(back_populates="milestones")
    people: Mapped[list["MilestonePerson"]] = relationship(order_by="MilestonePerson.position")
    citations: Mapped[list["MilestoneSource"]] = relationship(order_by="MilestoneSource.position")

    @property
    def sources(self) -> list[Source]:
        return [citation.source for citation in self.citations]

    @property
    def days(self) -> Days | None:
        return Days(self.day, self.last_day or self.day) if self.date_precision is DatePrecision.DAY else None


class MilestonePerson(Base):
    __tablename__ = "milestone_person"

    milestone_id: Mapped[int] = mapped_column(ForeignKey("milestone.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), primary_key=True, index=True)
    position: Mapped[int]
    role: Mapped[Translated]

    person: Mapped[Person] = relationship()
    milestone: Mapped[Milestone] = relationship(back_populates="people")


class MilestoneSource(Base):
    __tablename__ = "milestone_source"

    milestone_id: Mapped[int] = mapped_column(ForeignKey("milestone.id", ondelete="CASCADE"), primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id", ondelete="RESTRICT"), primary_key=True, index=True)
    position: Mapped[int]

    source: Mapped[Source] = relationship()


class Edition(Base):
    """One holding of the series. Public facts are live; the agenda goes out by releases."""

    __tablename__ = "edition"
    __table_args__ = (
        UniqueConstraint("series_id", "slug"),
        UniqueConstraint("series_id", "number"),
        CheckConstraint("(starts_on IS NULL) = (ends_on IS NULL) AND ends_on >= starts_on", name="days_in_order"),
        CheckConstraint("(parent_starts_on IS NULL) = (parent_ends_on IS NULL) AND parent_ends_on >= parent_starts_on", name="parent_days_in_order"),
        CheckConstraint("date_precision <> 'day' OR starts_on IS NOT NULL", name="day_known_where_claimed"),
        CheckConstraint("date_precision <> 'parent_event' OR parent_starts_on IS NOT NULL", name="parent_days_known_where_claimed"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id", ondelete="RESTRICT"), index=True)
    uid: Mapped[str] = mapped_column(String(36), default=lambda: str(uuid4()), unique=True)
    """Of its all-day event in the feeds; for life."""
    slug: Mapped[str] = mapped_column(String(80))
    number: Mapped[int | None]
    kind: Mapped[Kind] = mapped_column(default=Kind.FORUM)
    state: Mapped[State] = mapped_column(default=State.DRAFT)
    state_before: Mapped[State | None] = mapped_column(choice(State, "state_before"))
    """Before it was cancelled: where it goes back to."""
    reason: Mapped[Translated]
    """Why it is cancelled or postponed; the public reads it."""
    postponed: Mapped[bool] = mapped_column(default=False)
    """Announced without dates because the old ones fell away."""
    was_announced: Mapped[bool] = mapped_column(default=False)
    """Ever: from then on its slug stays, and its feeds answer even when it is a draft again."""
    is_sample: Mapped[bool] = mapped_column(default=False)
    """Invented, and says so on every page."""
    title: Mapped[Translated]
    title_translated: Mapped[tuple[str, ...]]
    """Languages whose title is our translation, not the source's."""
    theme: Mapped[Translated]
    theme_translated: Mapped[tuple[str, ...]]
    summary: Mapped[Translated]
    guest_of_honour: Mapped[Translated]
    city: Mapped[Translated]
    country: Mapped[str] = mapped_column(String(2))
    venue: Mapped[Translated]
    address: Mapped[Translated]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    zone: Mapped[str] = mapped_column(String(60))
    """IANA name. All wall times of the agenda are in it."""
    year: Mapped[int]
    date_precision: Mapped[DatePrecision]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    parent_name: Mapped[Translated]
    parent_theme: Mapped[Translated]
    parent_theme_translated: Mapped[tuple[str, ...]]
    parent_format: Mapped[Translated]
    parent_starts_on: Mapped[date | None]
    parent_ends_on: Mapped[date | None]
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    series: Mapped[Series] = relationship()
    organisations: Mapped[list["EditionOrganisation"]] = relationship(
        order_by="EditionOrganisation.position", cascade="all, delete-orphan"
    )
    citations: Mapped[list["EditionSource"]] = relationship(order_by="EditionSource.position")
    topics: Mapped[list["Topic"]] = relationship(order_by="Topic.position", cascade="all, delete-orphan")
    outcomes: Mapped[list["Outcome"]] = relationship(order_by="Outcome.position")

    @property
    def own_days(self) -> Days | None:
        return Days(self.starts_on, self.ends_on) if self.starts_on and self.ends_on else None

    @property
    def parent_days(self) -> Days | None:
        return (
            Days(self.parent_starts_on, self.parent_ends_on) if self.parent_starts_on and self.parent_ends_on else None
        )

    @property
    def days(self) -> Days | None:
        """The days to show: see `date_precision` for whether they are its own."""
        return shown_days(self.date_precision, self.own_days, self.parent_days)

    @property
    def is_public(self) -> bool:
        was_announced = self.state_before not in (None, State.DRAFT)
        return is_public(self.state, was_announced=was_announced)

    def organisations_as(self, part: OrganisationPart) -> list[Organisation]:
        return [entry.organisation for entry in self.organisations if entry.part is part]

    def sources_for(self, claim: Claim) -> list[Source]:
        return [citation.source for citation in self.citations if citation.claim is claim]


class EditionOrganisation(Base):
    __tablename__ = "edition_organisation"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="RESTRICT"), primary_key=True, index=True
    )
    part: Mapped[OrganisationPart] = mapped_column(primary_key=True)
    position: Mapped[int]

    edition: Mapped[Edition] = relationship(back_populates="organisations")
    organisation: Mapped[Organisation] = relationship()


class EditionSource(Base):
    """A source of an edition's record, and for which part of it."""

    __tablename__ = "edition_source"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id", ondelete="RESTRICT"), primary_key=True, index=True)
    claim: Mapped[Claim] = mapped_column(primary_key=True)
    position: Mapped[int]

    source: Mapped[Source] = relationship()


class Topic(Base):
    """Something an edition was about."""

    __tablename__ = "topic"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    text: Mapped[Translated]


class Outcome(Base):
    """What came of an edition."""

    __tablename__ = "outcome"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    text: Mapped[Translated]

    citations: Mapped[list["OutcomeSource"]] = relationship(order_by="OutcomeSource.position")

    @property
    def sources(self) -> list[Source]:
        return [citation.source for citation in self.citations]


class OutcomeSource(Base):
    __tablename__ = "outcome_source"

    outcome_id: Mapped[int] = mapped_column(ForeignKey("outcome.id", ondelete="CASCADE"), primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id", ondelete="RESTRICT"), primary_key=True, index=True)
    position: Mapped[int]

    source: Mapped[Source] = relationship()
