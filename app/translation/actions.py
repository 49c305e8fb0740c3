"""Remembering which translations are stale. Called by every action that changes a text; nothing here commits."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select

from app.database import DbSession
from app.translation.models import StaleText
from app.translation.rules import Mark, has_caught_up, left_behind, source_of
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
    """Mark what a change leaves stale, and unmark what has caught up with it.

    `house` is the series' source language, `translated` what is said to be a translation after the change. What is
    stale already keeps its mark when the source changes once more: it was right for the oldest wording.
    """
    source = source_of(after, house=house, translated=translated)
    rows = {row.language: row for row in db.scalars(select(StaleText).where(*_is(kind, subject_id, field)))}
    for language, row in rows.items():
        if has_caught_up(language, Mark(row.source, row.source_before, row.since), before, after, source):
            db.delete(row)
    for language in left_behind(before, after, source) - rows.keys():
        was = before.exact(source)
        stale = StaleText(kind=kind, subject_id=subject_id, field=field, language=language, since=now)
        stale.source, stale.source_before = source, was
        db.add(stale)
    db.flush()


def still_right(db: DbSession, kind: str, subject_id: int, field: str, languages: Collection[Language]) -> None:
    """Somebody looked at these translations: they say what the source says now."""
    db.execute(
        delete(StaleText)
        .where(*_is(kind, subject_id, field), StaleText.language.in_(languages))
        .execution_options(synchronize_session="fetch")
    )


def forget(db: DbSession, kind: str, subject_id: int) -> None:
    """What the text belonged to is gone."""
    db.execute(
        delete(StaleText)
        .where(StaleText.kind == kind, StaleText.subject_id == subject_id)
        .execution_options(synchronize_session="fetch")
    )


def _is(kind: str, subject_id: int, field: str) -> tuple[ColumnElement[bool], ...]:
    return StaleText.kind == kind, StaleText.subject_id == subject_id, StaleText.field == field
