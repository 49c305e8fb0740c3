from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base
from app.search.rules import Kind
from app.values.language import Translated


class SearchEntry(Base):
    """One public thing that can be found, with all its texts folded into one."""

    __tablename__ = "search_entry"
    __table_args__ = (
        UniqueConstraint("kind", "key"),
        Index("ix_search_entry_owner", "owner"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind]
    key: Mapped[str] = mapped_column(String(200))
    """What its address is made of: a slug, or `edition-slug/session-slug`."""
    owner: Mapped[str] = mapped_column(String(100))
    """Whose entries are replaced together: an edition's slug, `people`, `organisations`."""
    title: Mapped[Translated]
    detail: Mapped[Translated]
    """Shown under the title: a date and place, a role and organisation."""
    folded_title: Mapped[str] = mapped_column(Text)
    folded: Mapped[str] = mapped_column(Text)
    """Title and all else, words apart, with a blank at both ends."""
