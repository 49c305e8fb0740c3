from datetime import datetime
from uuid import uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, choice
from app.editions.models import Edition
from app.registrations.rules import Seat
from app.values.language import Language, Translated

LIVING = text("seat <> 'cancelled'")


class Category(Base):
    """A kind of attendee with seats of its own. Its row is the lock that guards them."""

    __tablename__ = "category"
    __table_args__ = (
        CheckConstraint("taken >= 0 AND queue >= 0 AND capacity >= 0", name="counts_not_negative"),
        CheckConstraint("taken <= capacity OR overbooked", name="never_oversold"),
        CheckConstraint("closes_at > opens_at", name="closes_after_opening"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), unique=True)
    name: Mapped[Translated]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    paused: Mapped[bool] = mapped_column(default=False)
    capacity: Mapped[int]
    overbooked: Mapped[bool] = mapped_column(default=False)
    """An organiser knowingly confirmed beyond the seats, or lowered them below what is taken."""
    taken: Mapped[int] = mapped_column(default=0)
    queue: Mapped[int] = mapped_column(default=0)
    last_position: Mapped[int] = mapped_column(default=0)
    """Counts arrivals; a place in the queue is kept for life and compared, never renumbered."""
    revision: Mapped[int] = mapped_column(default=1)

    edition: Mapped[Edition] = relationship()


class Registration(Base):
    """One person's seat, or place in the queue. A cancelled one stays, and frees the address."""

    __tablename__ = "registration"
    __table_args__ = (
        Index("ix_registration_category_id_seat_position", "category_id", "seat", "position"),
        Index("ix_registration_category_id_sort_name_id", "category_id", "sort_name", "id"),
        UniqueConstraint("category_id", "position"),
        Index(
            "uq_registration_living_address",
            "category_id",
            "email",
            unique=True,
            sqlite_where=LIVING,
            postgresql_where=LIVING,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(36), default=lambda: str(uuid4()), unique=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id", ondelete="RESTRICT"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    submission: Mapped[str | None] = mapped_column(String(36), unique=True)
    """The form's own number: the same form sent twice is one registration."""
    name: Mapped[str] = mapped_column(String(200))
    second_name: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(254))
    organisation: Mapped[str] = mapped_column(String(200), default="")
    role: Mapped[str] = mapped_column(String(200), default="")
    country: Mapped[str] = mapped_column(String(2))
    language: Mapped[Language]
    remarks: Mapped[str] = mapped_column(Text, default="")
    seat: Mapped[Seat]
    position: Mapped[int]
    registered_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    consent_version: Mapped[str] = mapped_column(String(40))
    consent_language: Mapped[Language] = mapped_column(choice(Language, "consent_language"))
    consented_at: Mapped[datetime]
    sort_name: Mapped[str] = mapped_column(String(300))
    findable: Mapped[str] = mapped_column(Text)
    """Name in both scripts, pinyin, organisation and address, folded, for the organisers' search."""
    revision: Mapped[int] = mapped_column(default=1)

    category: Mapped[Category] = relationship()
