"""The rungs of protocol of a series: a head of government before a minister, a minister before an ambassador."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from app.audit.actions import record
from app.database import DbSession
from app.editions import queries as editions
from app.editions.models import Series
from app.errors import Conflict, NotFound, Stale
from app.speakers.models import Rank, Speaker
from app.translation.actions import note_change
from app.values.actor import Actor
from app.values.language import Translated
from app.values.text import slug_from


def ranks_of(db: DbSession, series_id: int) -> Sequence[Rank]:
    """The highest first."""
    return db.scalars(select(Rank).where(Rank.series_id == series_id).order_by(Rank.position, Rank.id)).all()


def speakers_by_rank(db: DbSession) -> dict[int | None, int]:
    """How many speakers, of all editions, hold each."""
    return dict(db.execute(select(Speaker.rank_id, func.count()).group_by(Speaker.rank_id)).all())


def create_rank(db: DbSession, name: Translated, *, actor: Actor, now: datetime, key: str = "") -> Rank:
    """Below those there are. Raises `Conflict` for a name that is there: a form sent twice makes one rank."""
    series = editions.locked_series(db)
    others = ranks_of(db, series.id)
    if any(rank.name == name for rank in others):
        raise Conflict("rank_is_there")
    rank = Rank(
        series_id=series.id,
        key=_free_key(key or slug_from(name.en or name.de) or "rank", {rank.key for rank in others}),
        name=name,
        position=max((rank.position for rank in others), default=0) + 1,
    )
    db.add(rank)
    db.flush()
    record(db, actor, "rank_created", kind="rank", subject_id=rank.id, now=now)
    return rank


def change_rank(db: DbSession, rank_id: int, name: Translated, *, revision: int, actor: Actor, now: datetime) -> Rank:
    rank = _locked(db, rank_id)
    if rank.revision != revision:
        raise Stale
    house = db.get_one(Series, rank.series_id).source_language
    note_change(db, "rank", rank.id, "name", rank.name, name, house=house, now=now)
    rank.name = name
    rank.revision += 1
    db.flush()
    record(db, actor, "rank_changed", kind="rank", subject_id=rank.id, now=now)
    return rank


def move_rank(db: DbSession, rank_id: int, by: int, *, actor: Actor, now: datetime) -> None:
    """One rung up (-1) or down (1); at an end it stays."""
    editions.locked_series(db)
    rank = _locked(db, rank_id)
    order = list(ranks_of(db, rank.series_id))
    at = order.index(rank)
    order.insert(min(max(at + by, 0), len(order) - 1), order.pop(at))
    for n, each in enumerate(order, 1):
        each.position = n
    db.flush()
    record(db, actor, "rank_changed", kind="rank", subject_id=rank.id, now=now)


def remove_rank(db: DbSession, rank_id: int, *, actor: Actor, now: datetime) -> None:
    """Raises `Conflict` while speakers of any edition hold it."""
    rank = _locked(db, rank_id)
    if holders := speakers_by_rank(db).get(rank_id, 0):
        raise Conflict("rank_in_use", speakers=holders)
    db.delete(rank)
    db.flush()
    record(db, actor, "rank_removed", kind="rank", subject_id=rank_id, now=now)


def _locked(db: DbSession, rank_id: int) -> Rank:
    rank = db.get(Rank, rank_id, with_for_update=True, populate_existing=True)
    if rank is None:
        raise NotFound
    return rank


def _free_key(wanted: str, taken: set[str]) -> str:
    numbered = (f"{wanted}-{n}" for n in range(2, len(taken) + 3))
    return wanted if wanted not in taken else next(key for key in numbered if key not in taken)
