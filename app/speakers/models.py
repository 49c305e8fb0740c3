from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base
from app.editions.models import Edition, Source
from app.people.models import Organisation, Person
from app.speakers.rules import Part, Scope, SpeakerState
from app.values.language import Translated


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
    country: Mapped[str | None] = mapped_column(String(2))
    topic: Mapped[Translated]
    note: Mapped[Translated]
    revision: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]

    edition: Mapped[Edition] = relationship()
    person: Mapped[Person] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
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
