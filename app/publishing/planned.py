"""A release to come: an organiser says when, the worker publishes the draft as it is then."""

import hashlib
import json
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from app.accounts.models import Account
from app.audit.actions import record
from app.database import DbSession
from app.editions import queries as editions
from app.errors import Conflict, NotFound, Stale
from app.publishing import actions
from app.publishing.models import PlannedRelease
from app.publishing.rules import Refusal
from app.translation.actions import forget, note_change
from app.values.actor import Actor, Right
from app.values.language import Translated

log = structlog.get_logger()

KIND = "planned_release"
"""What its acts and its stale translations are kept under; its number is its edition's."""


def plan(
    db: DbSession, edition_id: int, at: datetime, *, note: Translated, seen: str, actor: Actor, now: datetime
) -> PlannedRelease:
    """Anew, or instead of the one there is. `seen` is the `token` of what the organiser saw.

    Raises `Conflict` for a time that is past, `Stale` where somebody else planned or withdrew meanwhile.
    """
    planned = _seen(db, edition_id, seen)
    if at <= now:
        raise Conflict(Refusal.PAST)
    if planned is None:
        planned = PlannedRelease(edition_id=edition_id, note=note)
    _tell(db, planned, note, now)
    planned.at, planned.trouble = at, ""
    planned.asked_by, planned.account_id, planned.asked_at = actor.name, actor.account_id, now
    db.add(planned)
    db.flush()
    _note(db, actor, "release_planned", edition_id, now)
    return planned


def withdraw(db: DbSession, edition_id: int, *, seen: str, actor: Actor, now: datetime) -> None:
    """Also how its trouble is cleared. Raises as `plan`, and `Conflict` where there is nothing to withdraw any more."""
    planned = _seen(db, edition_id, seen)
    if planned is None:
        raise Conflict(Refusal.GONE)
    _drop(db, planned)
    _note(db, actor, "release_withdrawn", edition_id, now)


def reword(db: DbSession, edition_id: int, note: Translated, *, actor: Actor, now: datetime) -> None:
    """Its note alone; who asked for it and when stays. Raises `NotFound` where nothing is planned any more."""
    planned = _locked(db, edition_id)
    if planned is None:
        raise NotFound
    if planned.note != note:
        _tell(db, planned, note, now)
        db.flush()
        _note(db, actor, "planned_note_changed", edition_id, now)


def token(planned: PlannedRelease | None) -> str:
    """What somebody saw who saw this one; for `seen`."""
    if planned is None:
        return ""
    told = json.dumps(planned.note.as_dict()).encode()
    return f"{planned.asked_at.isoformat()} {hashlib.sha256(told).hexdigest()[:16]}"


def publish_due(db: DbSession, now: datetime) -> int:
    """What the worker does: publish what is due, each at most once, for it goes in the transaction that publishes it.

    What is refused says why and is not tried again. How many went out.
    """
    due = select(PlannedRelease.edition_id).where(PlannedRelease.at <= now, PlannedRelease.trouble == "")
    return sum(
        _publish(db, edition_id, now) for edition_id in db.scalars(due.order_by(PlannedRelease.edition_id)).all()
    )


def _publish(db: DbSession, edition_id: int, now: datetime) -> bool:
    planned = _locked(db, edition_id)
    if planned is None or planned.at > now or planned.trouble:  # another worker was here, or an organiser
        return False
    actor = _asker(db, planned)
    try:
        if actor is None or not actor.may(Right.PUBLISH, edition_id):
            raise Conflict(Refusal.NOT_ALLOWED)
        with db.begin_nested():
            actions.publish(db, edition_id, note=planned.note, actor=actor, now=now)
            _drop(db, planned)
        return True
    except Conflict as refused:
        planned.trouble = refused.code
    except DBAPIError:  # the database's own trouble passes: tried again
        raise
    except Exception as unexpected:
        log.error("planned release stumbled", edition=edition_id, exc_info=unexpected)
        planned.trouble = Refusal.STUMBLED
    db.flush()
    _note(db, Actor(planned.account_id, planned.asked_by), "release_not_published", edition_id, now)
    return False


def _tell(db: DbSession, planned: PlannedRelease, note: Translated, now: datetime) -> None:
    house = editions.source_language(db)
    note_change(db, KIND, planned.edition_id, "note", planned.note, note, house=house, now=now)
    planned.note = note


def _drop(db: DbSession, planned: PlannedRelease) -> None:
    forget(db, KIND, planned.edition_id)
    db.delete(planned)
    db.flush()


def _asker(db: DbSession, planned: PlannedRelease) -> Actor | None:
    """Whoever asked for it, with the roles of now; None where they are switched off or gone."""
    account = db.get(Account, planned.account_id) if planned.account_id else None
    return Actor(account.id, account.shown_name, account.grants) if account and account.active else None


def _seen(db: DbSession, edition_id: int, seen: str) -> PlannedRelease | None:
    planned = _locked(db, edition_id)
    if token(planned) != seen:
        raise Stale
    return planned


def _locked(db: DbSession, edition_id: int) -> PlannedRelease | None:
    """After the edition, as whoever publishes by hand."""
    editions.locked_edition(db, edition_id)
    return db.get(PlannedRelease, edition_id, with_for_update=True, populate_existing=True)


def _note(db: DbSession, actor: Actor, verb: str, edition_id: int, now: datetime) -> None:
    record(db, actor, verb, kind=KIND, subject_id=edition_id, now=now, edition_id=edition_id)
