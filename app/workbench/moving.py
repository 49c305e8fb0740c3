"""Sessions put where a gesture says, under the agenda's lock, each move noted. Nothing here commits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from app.agenda import actions, queries
from app.agenda.models import Room, Session
from app.agenda.notation import as_seen, facts_from_json, facts_to_json
from app.agenda.plan import Planned
from app.agenda.rules import Placement, SessionFacts
from app.audit import queries as audit
from app.audit.actions import record_each
from app.database import DbSession
from app.editions import queries as editions
from app.errors import Conflict, NotFound
from app.values.actor import Actor
from app.workbench.gestures import Change, Gesture, Shift, sessions_of


@dataclass(frozen=True, slots=True)
class Hand:
    """Whose gesture it is and when, in which edition and its zone, and the number the agenda gets by it."""

    edition_id: int
    account_id: int
    actor: Actor
    now: datetime
    number: int
    zone: str


def hand_on(db: DbSession, edition_id: int, actor: Actor, now: datetime) -> Hand:
    """The agenda is theirs until the transaction ends. Steps are an account's: without one there is no hand.

    The edition is locked first, as by whoever adds a session: two orders would be a deadlock.
    """
    if actor.account_id is None:
        raise NotFound
    zone = editions.locked_edition(db, edition_id).zone
    return Hand(edition_id, actor.account_id, actor, now, actions.next_number(db, edition_id), zone)


def rooms_are_there(db: DbSession, hand: Hand, changes: Iterable[Change]) -> bool:
    asked = {change.after.room_id for change in changes if change.after is not None} - {None}
    if not asked:
        return True
    there = db.scalars(select(Room.id).where(Room.edition_id == hand.edition_id, Room.id.in_(asked)))
    return asked <= {*there}


def locked_for(db: DbSession, hand: Hand, gesture: Gesture) -> dict[int, Session]:
    """The sessions it concerns. Raises `NotFound` for one of another edition."""
    if isinstance(gesture, Shift):
        return _locked(db, hand, Session.day == gesture.start.date())
    named = sessions_of(gesture)
    rows = _locked(db, hand, Session.id.in_(named)) if named else {}
    if rows.keys() != named:
        raise NotFound
    return rows


def locked_by_uid(db: DbSession, hand: Hand, changes: Iterable[Change]) -> dict[str, Session]:
    rows = _locked(db, hand, Session.uid.in_({change.uid for change in changes}))
    return {row.uid: row for row in rows.values()}


def _locked(db: DbSession, hand: Hand, which: Any) -> dict[int, Session]:
    """By ascending id, as everybody locks them."""
    query = select(Session).where(Session.edition_id == hand.edition_id, which).order_by(Session.id)
    rows = db.scalars(query.with_for_update().execution_options(populate_existing=True))
    return {row.id: row for row in rows}


def planned(row: Session) -> Planned:
    """As far as gestures ask: without texts and those who take part."""
    return Planned(
        id=row.id, kind=row.kind, day=row.day, starts_at=row.starts_at, ends_at=row.ends_at, room=row.room_id,
        is_cancelled=row.is_cancelled, is_pinned=row.is_pinned,
    )  # fmt: skip


def moved_meanwhile(db: DbSession, hand: Hand, session_id: int, *, stored: Placement, wanted: Placement) -> Conflict:
    """With what both have to know to choose: where it stands now, where it was to go, and who was there."""
    who, account_id = _last_mover(db, session_id)
    return Conflict(
        "moved_meanwhile", session=session_id, stored=stored, wanted=wanted, who=who,
        by_oneself=account_id == hand.account_id,
    )  # fmt: skip


def _last_mover(db: DbSession, session_id: int) -> tuple[str, int | None]:
    """Name and account of whoever put it where it is: by a gesture, by its form, or by adding it."""
    for entry in audit.history_of(db, "session", session_id):
        if "to" in entry.data or entry.verb == "session_created":
            return entry.actor_name, entry.account_id
    return "", None


def add(db: DbSession, hand: Hand, facts: SessionFacts, uid: str) -> Change:
    row = actions.create_session(db, hand.edition_id, facts, actor=hand.actor, now=hand.now, uid=uid)
    return Change(row.id, None, row.placement, row.uid, facts_to_json(queries.facts_of(row)))


def bring_back(db: DbSession, hand: Hand, change: Change) -> Change:
    """What was taken away, with the UID it had; its address is made anew, since another may have taken it."""
    facts = facts_from_json({**change.facts, "slug": ""}, change.after or Placement())
    try:
        return add(db, hand, facts, change.uid)
    except NotFound:
        raise Conflict("session_cannot_return") from None


def take_away(db: DbSession, hand: Hand, change: Change, row: Session) -> None:
    """What somebody added, unless the public has seen it or more has been said of it since."""
    untouched = facts_to_json(queries.facts_of(row)) == change.facts and row.placement == change.before
    if not row.was_published and not untouched:
        raise Conflict("session_changed_since", session=row.id)
    actions.remove_session(db, row.id, actor=hand.actor, now=hand.now)


def move(db: DbSession, hand: Hand, moves: Iterable[tuple[Change, Session]]) -> list[Change]:
    """What really came of each: see `Change.onto`. In two statements, however many are shifted."""
    done = [(_real(change, row), row) for change, row in moves]
    if done:
        db.execute(update(Session), [_columns(hand, change, row) for change, row in done])
    for _change, row in done:
        db.expire(row)
    noted = [_noted(change) for change, _row in done]
    record_each(db, hand.actor, noted, kind="session", now=hand.now, edition_id=hand.edition_id)
    return [change for change, _row in done]


def _real(change: Change, row: Session) -> Change:
    return Change(row.id, row.placement, change.onto(row.placement), row.uid)


def _columns(hand: Hand, change: Change, row: Session) -> dict[str, object]:
    to = change.after or Placement()
    return {
        "id": row.id, "day": to.day, "starts_at": to.starts_at, "ends_at": to.ends_at, "room_id": to.room_id,
        "is_pinned": to.is_pinned, "stamp": hand.number, "changed_at": hand.now, "revision": row.revision + 1,
    }  # fmt: skip


def _noted(change: Change) -> tuple[str, int, dict[str, str]]:
    before, after = change.before or Placement(), change.after or Placement()
    places = {"before": as_seen(before), "to": as_seen(after)} if change.moves else {}
    return _verb(before, after, moves=change.moves), change.session_id or 0, places


def _verb(before: Placement, after: Placement, *, moves: bool) -> str:
    if not moves:
        return "session_pinned" if after.is_pinned else "session_unpinned"
    if after.starts_at is None:
        return "session_unplaced"
    return "session_placed" if before.starts_at is None else "session_moved"


def facts_of_copy(db: DbSession, hand: Hand, session_id: int) -> SessionFacts:
    """Everything said of a session but where it stands and what it is called in addresses."""
    like = queries.facts_of(queries.session_of(db, hand.edition_id, session_id))
    return facts_from_json({**facts_to_json(like), "slug": "", "part_of_day": ""}, Placement())
