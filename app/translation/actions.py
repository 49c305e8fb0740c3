"""Remembering which translations are stale. Called by every action that changes a text; nothing here commits."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select

from app.database import DbSession
from app.translation.models import StaleText
from app.translation.rules import brought_up, left_behind, source_of
from app.values.language import Language, Translated


def note_change(
    db: DbSession,
    kind: str,
    subject_id: int,
    field: str,
    before: Translated,
    after: Translated,
    *,
    house: Language,
    now: datetime,
    translated: tuple[str, ...] = (),
) -> None:
    """Mark what a change leaves stale, and unmark what it brought up to date. `house`: the series' source language."""
    if before == after:
        return
    source = source_of(after, house=house, translated=translated)
    still_right(db, kind, subject_id, field, brought_up(before, after))
    marked = set(
        db.scalars(
            select(StaleText.language).where(
                StaleText.kind == kind, StaleText.subject_id == subject_id, StaleText.field == field
            )
        )
    )
    db.add_all(
        StaleText(
            kind=kind,
            subject_id=subject_id,
            field=field,
            language=language,
            source_before=before.exact(source),
            since=now,
        )
        for language in left_behind(before, after, source) - marked
    )
    db.flush()


def still_right(db: DbSession, kind: str, subject_id: int, field: str, languages: Iterable[Language]) -> None:
    """Somebody looked at these translations, or wrote them anew."""
    db.execute(
        delete(StaleText).where(
            StaleText.kind == kind,
            StaleText.subject_id == subject_id,
            StaleText.field == field,
            StaleText.language.in_(list(languages)),
        )
    )
