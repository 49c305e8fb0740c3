from datetime import datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, choice
from app.values.language import Language


class StaleText(Base):
    """A translation whose source changed after it. Gone once somebody translates anew, or says it is still right."""

    __tablename__ = "stale_text"
    __table_args__ = (UniqueConstraint("kind", "subject_id", "field", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    """Whose text it is: `session`, `speaker`, `person`, `room`, `edition` …; see `SHAPES` in `app/site/matrix.py`."""
    subject_id: Mapped[int]
    field: Mapped[str] = mapped_column(String(40))
    language: Mapped[Language]
    """Of the translation."""
    source: Mapped[Language] = mapped_column(choice(Language, "source"))
    """In which the source was written then; another language may be the source by now."""
    source_before: Mapped[str] = mapped_column(Text)
    """What the source said when the translation was right."""
    since: Mapped[datetime]
