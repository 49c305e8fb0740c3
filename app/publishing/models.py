from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base
from app.editions.models import Edition
from app.values.language import Translated


class Release(Base):
    """A published state of the agenda, never changed; the highest number is what the public sees, once it may."""

    __tablename__ = "release"
    __table_args__ = (UniqueConstraint("edition_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    number: Mapped[int]
    note: Mapped[Translated]
    published_at: Mapped[datetime]
    published_by: Mapped[str] = mapped_column(String(200))
    content: Mapped[dict[str, Any]]
    """See `app/publishing/content.py`."""
    shown_at: Mapped[datetime | None]
    """Since when the public could see it; None for one that was replaced while the edition was a draft."""
    changes: Mapped[dict[str, Any] | None]
    """What it changed for the public, kept small: see `app/publishing/chronicle.py`."""

    edition: Mapped[Edition] = relationship()


class ReleasePerson(Base):
    """Who appears in a release; what makes a person public."""

    __tablename__ = "release_person"

    release_id: Mapped[int] = mapped_column(ForeignKey("release.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), primary_key=True, index=True)


class ReleaseOrganisation(Base):
    """Whose people appear in a release; what makes an organisation public, beside being a host or partner."""

    __tablename__ = "release_organisation"

    release_id: Mapped[int] = mapped_column(ForeignKey("release.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="RESTRICT"), primary_key=True, index=True
    )


class PlannedRelease(Base):
    """A release to come: the worker publishes the draft as it is then. One an edition."""

    __tablename__ = "planned_release"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime]
    note: Mapped[Translated]
    asked_by: Mapped[str] = mapped_column(String(200))
    account_id: Mapped[int | None]
    """Who may have lost the right meanwhile: asked again when the time has come. No foreign key, it outlives them."""
    asked_at: Mapped[datetime]
    trouble: Mapped[str] = mapped_column(String(80), default="")
    """The code of why it did not go out; then it is no longer tried."""
