"""The series, its editions and milestones. Edition facts are live; agendas are `publishing`'s."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import selectinload

from app.database import DbSession
from app.editions.models import (
    Edition,
    EditionOrganisation,
    EditionSource,
    Milestone,
    MilestonePerson,
    MilestoneSource,
    Outcome,
    OutcomeSource,
    Series,
    Source,
)
from app.editions.rules import EditionFacts, SeriesFacts, State, is_over
from app.errors import NotFound, Stale
from app.values.language import Language


def series_if_any(db: DbSession) -> Series | None:
    """None in an installation that is still empty."""
    return db.scalar(select(Series).order_by(Series.id).limit(1))


def the_series(db: DbSession) -> Series:
    """Raises `NotFound` in an installation that is still empty."""
    series = series_if_any(db)
    if series is None:
        raise NotFound
    return series


def source_language(db: DbSession) -> Language:
    """In which texts are first written here."""
    return db.scalar(select(Series.source_language).order_by(Series.id).limit(1)) or Language.EN


def locked_series(db: DbSession, revision: int | None = None) -> Series:
    """As stored now, nobody else's to change. Raises `Stale` where somebody saved since `revision`."""
    series = db.scalar(select(Series).with_for_update().execution_options(populate_existing=True).limit(1))
    if series is None:
        raise NotFound
    if revision is not None and series.revision != revision:
        raise Stale
    return series


def edition_by_slug(db: DbSession, slug: str) -> Edition | None:
    """In any state: for organisers, and for whoever asks `is_public` next."""
    return db.scalar(select(Edition).where(Edition.slug == slug))


def public_edition(db: DbSession, slug: str) -> Edition:
    """Raises `NotFound` unless the public may know of it."""
    edition = edition_by_slug(db, slug)
    if edition is None or not edition.is_public:
        raise NotFound
    return edition


def editions(db: DbSession) -> list[Edition]:
    """All, drafts too, newest first; those without days of any kind before others of their year."""
    found = db.scalars(select(Edition)).all()
    return sorted(found, key=_when, reverse=True)


def public_editions(db: DbSession) -> list[Edition]:
    """Newest first."""
    return [edition for edition in editions(db) if edition.is_public]


def _when(edition: Edition) -> tuple[date, int]:
    return (edition.days.first if edition.days else date(edition.year, 12, 31), edition.id)


def next_edition(db: DbSession, at: datetime) -> Edition | None:
    """The first that is announced and not over; one without days comes after those with."""
    coming = [
        edition
        for edition in public_editions(db)
        if edition.state is State.ANNOUNCED and not is_over(edition.state, edition.days, edition.zone, at=at)
    ]
    return min(coming, key=_when, default=None)


def locked_edition(db: DbSession, edition_id: int, revision: int | None = None) -> Edition:
    """The edition as stored now, nobody else's to change. Raises `Stale` where somebody saved since `revision`.

    Rows that point to it may be written meanwhile, by those who hold the agenda's lock and not this one: PostgreSQL
    looks the edition up for them, and would let two wait for each other.
    """
    edition = db.get(Edition, edition_id, with_for_update={"key_share": True}, populate_existing=True)
    if edition is None:
        raise NotFound
    if revision is not None and edition.revision != revision:
        raise Stale
    return edition


def edition_facts(edition: Edition) -> EditionFacts:
    return EditionFacts(**{name: getattr(edition, name) for name in EditionFacts.__dataclass_fields__})


def series_facts(series: Series) -> SeriesFacts:
    return SeriesFacts(**{name: getattr(series, name) for name in SeriesFacts.__dataclass_fields__})


def slug_taken(db: DbSession, slug: str, *, other_than: int | None = None) -> bool:
    return bool(db.scalar(select(exists().where(Edition.slug == slug, Edition.id != (other_than or 0)))))


def number_taken(db: DbSession, number: int, *, other_than: int | None = None) -> bool:
    return bool(db.scalar(select(exists().where(Edition.number == number, Edition.id != (other_than or 0)))))


def source_by_key(db: DbSession, key: str) -> Source | None:
    return db.scalar(select(Source).where(Source.key == key))


def milestone_by_key(db: DbSession, key: str) -> Milestone | None:
    return db.scalar(select(Milestone).where(Milestone.key == key))


def milestones(db: DbSession) -> Sequence[Milestone]:
    """Newest first, with people and sources."""
    return db.scalars(
        select(Milestone)
        .options(
            selectinload(Milestone.people).joinedload(MilestonePerson.person),
            selectinload(Milestone.citations).joinedload(MilestoneSource.source),
        )
        .order_by(Milestone.day.desc(), Milestone.id)
    ).all()


def with_record(db: DbSession, found: Sequence[Edition]) -> None:
    """Load organisations, sources, topics and outcomes of these editions in a few queries rather than a few each."""
    ids = [edition.id for edition in found]
    db.scalars(
        select(Edition)
        .where(Edition.id.in_(ids))
        .options(
            selectinload(Edition.organisations).joinedload(EditionOrganisation.organisation),
            selectinload(Edition.citations).joinedload(EditionSource.source),
            selectinload(Edition.topics),
            selectinload(Edition.outcomes).selectinload(Outcome.citations).joinedload(OutcomeSource.source),
        )
        .execution_options(populate_existing=True)
    ).all()
