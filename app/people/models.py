from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base
from app.people.rules import Gender, Name, OrganisationKind, Sector
from app.values.language import Language, Translated


class Organisation(Base):
    """A public record over all editions."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[Translated]
    abbreviation: Mapped[str] = mapped_column(String(40), default="")
    country: Mapped[str | None] = mapped_column(String(2))
    """ISO 3166; None for an international organisation or where it is not known."""
    international: Mapped[bool] = mapped_column(default=False)
    kind: Mapped[OrganisationKind] = mapped_column(default=OrganisationKind.UNKNOWN)
    sector: Mapped[Sector] = mapped_column(default=Sector.UNKNOWN)
    aliases: Mapped[tuple[str, ...]]
    sort_en: Mapped[str] = mapped_column(String(300), index=True)
    sort_de: Mapped[str] = mapped_column(String(300), index=True)
    sort_zh: Mapped[str] = mapped_column(String(300), index=True)
    findable: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]


class Person(Base):
    """A public record over all editions. What someone was at one of them is in `Speaker`."""

    __tablename__ = "person"
    __table_args__ = (CheckConstraint("name <> ''", name="has_a_name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    family_name: Mapped[str] = mapped_column(String(100), default="")
    second_name: Mapped[str] = mapped_column(String(200), default="")
    second_family_name: Mapped[str] = mapped_column(String(100), default="")
    country: Mapped[str | None] = mapped_column(String(2))
    gender: Mapped[Gender] = mapped_column(default=Gender.UNSAID)
    """As they chose to give it; for sums only, never public."""
    biography: Mapped[Translated]
    sort_latin: Mapped[str] = mapped_column(String(300), index=True)
    sort_zh: Mapped[str] = mapped_column(String(300), index=True)
    findable: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]

    portrait: Mapped["Portrait | None"] = relationship(back_populates="person", cascade="all, delete-orphan")

    @property
    def full_name(self) -> Name:
        return Name(self.name, self.family_name, self.second_name, self.second_family_name)

    def shown(self, language: Language) -> tuple[str, str]:
        return self.full_name.shown(language)


class Portrait(Base):
    """A person's picture, decoded and encoded anew by us. Its digest is its address."""

    __tablename__ = "portrait"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    image: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    """WebP, at most 640 pixels a side."""
    width: Mapped[int]
    height: Mapped[int]

    person: Mapped[Person] = relationship(back_populates="portrait")
