"""Gestures done, undone and done again. Each is one transaction and one `Step` of one person; none of it commits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, select

from app.agenda.models import Session, Step
from app.agenda.notation import as_seen
from app.agenda.rules import Placement, SessionFacts, misfit
from app.database import DbSession, house
from app.errors import Conflict, NotFound
from app.values.actor import Actor
from app.workbench import gestures, moving
from app.workbench.gestures import Change, Create, Duplicate, Gesture, inverse
from app.workbench.moving import Hand, hand_on

KEPT = 50
"""So many steps of one person at one edition can be taken back."""
REMEMBERED = 8
"""So many requests to undo or redo one step are known again when they come twice."""


def perform(
    db: DbSession, edition_id: int, gesture: Gesture, *, key: str, actor: Actor, now: datetime, force: bool = False
) -> Step:
    """Do it, and remember how to take it back. The same key again gives the step that is there already.

    Raises `NotFound` for a session or room of another edition; `Conflict` with the code of a `Misfit` or a
    `Refusal`, or `moved_meanwhile` where a session does not stand where the gesture saw it: its data are the
    session, where it stands now (`stored`), where it was to go (`wanted`) and `who` moved it last.
    `force` takes one's own wish.
    """
    hand = hand_on(db, edition_id, actor, now)
    again = db.scalar(select(Step).where(Step.key == key))
    if again is not None:
        return _own(again, hand)
    rows = moving.locked_for(db, hand, gesture)
    changes = gestures.changes_of(gesture, {row.id: moving.planned(row) for row in rows.values()})
    if not force and house(db).placement_check:
        _require_unmoved(db, hand, gestures.moved_meanwhile(gesture, changes))
    _require_possible(db, hand, gesture, changes)
    if isinstance(gesture, Create | Duplicate):
        done = [moving.add(db, hand, _facts_of_new(db, hand, gesture, changes[0]), uid=key)]
    else:
        done = moving.move(db, hand, [(change, rows[change.session_id or 0]) for change in changes])
    deed = gestures.DEEDS[type(gesture)]
    return _remembered(db, hand, Step(deed=deed, changes=[change.to_json() for change in done], key=key))


def undo(
    db: DbSession, edition_id: int, *, key: str, actor: Actor, now: datetime, step_id: int | None = None,
    force: bool = False,
) -> Step:  # fmt: skip
    """Take back one's last step, or the one named. The same key again changes nothing.

    Raises `Conflict` with `nothing_to_undo`; with `moved_meanwhile` (data as of `perform`) or `session_gone` where
    somebody has been there since, unless by `force`; with `session_published` or `session_changed_since` where a
    session that was added has more to it by now: those stay, whatever is wished.
    """
    hand = hand_on(db, edition_id, actor, now)
    steps = steps_of(db, edition_id, hand.account_id)
    if again := _turned_by(steps, key):
        return again
    step = _named(steps, step_id) or max((s for s in steps if not s.is_undone), key=lambda s: s.id, default=None)
    if step is None:
        raise Conflict("nothing_to_undo")
    return _turn(db, hand, step, key, back=True, force=force)


def redo(
    db: DbSession, edition_id: int, *, key: str, actor: Actor, now: datetime, step_id: int | None = None,
    force: bool = False,
) -> Step:  # fmt: skip
    """Do again what was undone last, or the step named; else as `undo`. What was added comes back with its UID."""
    hand = hand_on(db, edition_id, actor, now)
    steps = steps_of(db, edition_id, hand.account_id)
    if again := _turned_by(steps, key):
        return again
    step = _named(steps, step_id) or max((s for s in steps if s.is_undone), key=lambda s: s.turned, default=None)
    if step is None:
        raise Conflict("nothing_to_redo")
    return _turn(db, hand, step, key, back=False, force=force)


def steps_of(db: DbSession, edition_id: int, account_id: int, limit: int = KEPT) -> Sequence[Step]:
    """This person's at this edition, the newest first, the undone ones among them."""
    query = select(Step).where(Step.edition_id == edition_id, Step.account_id == account_id)
    return db.scalars(query.order_by(Step.id.desc()).limit(limit)).all()


def changes_in(db: DbSession, steps: Iterable[Step]) -> dict[int, tuple[Change, ...]]:
    """By step: what it changed, with the ids its sessions have today; None for those that are gone. One query."""
    noted = {step.id: [Change.from_json(change) for change in step.changes] for step in steps}
    uids = {change.uid for changes in noted.values() for change in changes}
    ids = dict(db.execute(select(Session.uid, Session.id).where(Session.uid.in_(uids))).all())
    return {
        step: tuple(replace(change, session_id=ids.get(change.uid)) for change in changes)
        for step, changes in noted.items()
    }


def touched(step: Step) -> list[int]:
    """The sessions it has just changed, those that are gone by it among them."""
    return [change["session"] for change in step.changes]


def _own(step: Step, hand: Hand) -> Step:
    if (step.edition_id, step.account_id) != (hand.edition_id, hand.account_id):
        raise Conflict
    return step


def _turned_by(steps: Iterable[Step], key: str) -> Step | None:
    return next((step for step in steps if key in step.turns), None)


def _named(steps: Iterable[Step], step_id: int | None) -> Step | None:
    if step_id is None:
        return None
    found = next((step for step in steps if step.id == step_id), None)
    if found is None:
        raise NotFound
    return found


def _require_unmoved(db: DbSession, hand: Hand, moved: Sequence[Change]) -> None:
    for change in moved:
        assert change.session_id is not None
        stored, wanted = change.before or Placement(), change.after or Placement()
        raise moving.moved_meanwhile(db, hand, change.session_id, stored=stored, wanted=wanted)


def _require_possible(db: DbSession, hand: Hand, gesture: Gesture, changes: Sequence[Change]) -> None:
    """By the same rules as the form's, and within one day."""
    if refused := gestures.refusal(gesture, changes, zone=hand.zone):
        named = min(gestures.sessions_of(gesture), default=None)
        raise Conflict(refused.why, session=refused.session_id or named)
    if not moving.rooms_are_there(db, hand, changes):
        raise NotFound


def _facts_of_new(db: DbSession, hand: Hand, gesture: Create | Duplicate, change: Change) -> SessionFacts:
    if isinstance(gesture, Duplicate):
        return moving.facts_of_copy(db, hand, gesture.session)
    to = change.after or Placement()
    return SessionFacts(gesture.kind, gesture.title, day=to.day, starts_at=to.starts_at, ends_at=to.ends_at, room_id=to.room_id)  # fmt: skip


def _remembered(db: DbSession, hand: Hand, step: Step) -> Step:
    """What was undone cannot be done again after something new, and only the last steps are kept."""
    mine = select(Step.id, Step.is_undone).where(Step.edition_id == hand.edition_id, Step.account_id == hand.account_id)
    found = db.execute(mine.order_by(Step.id.desc())).all()
    kept = [id_ for id_, is_undone in found if not is_undone][: KEPT - 1]
    if gone := {id_ for id_, _undone in found} - {*kept}:
        db.execute(delete(Step).where(Step.id.in_(gone)))
    step.edition_id, step.account_id, step.done_at, step.turns = hand.edition_id, hand.account_id, hand.now, ()
    db.add(step)
    db.flush()
    return step


def _turn(db: DbSession, hand: Hand, step: Step, key: str, *, back: bool, force: bool) -> Step:
    """Back or forth. A step that is there already stays there, whatever key it was sent with."""
    if step.is_undone is back:
        return step
    changes = changes_in(db, [step])[step.id]
    if back:
        changes = inverse(changes)
    rows = moving.locked_by_uid(db, hand, changes)
    if not force:
        _require_untouched(db, hand, changes, rows)
    _require_still_possible(db, hand, changes)
    turned = [_come_or_gone(db, hand, change, rows.get(change.uid)) for change in changes]
    moving.move(db, hand, [(change, rows[change.uid]) for change in changes if _moves_now(change, rows)])
    if not back:
        step.changes = [change.to_json() for change in turned]
    step.is_undone, step.turned, step.turns = back, hand.number, (*step.turns, key)[-REMEMBERED:]
    db.flush()
    return step


def _come_or_gone(db: DbSession, hand: Hand, change: Change, row: Session | None) -> Change:
    """What was added goes, what went comes back; where it has done so already, all is as wished."""
    if row is None and change.before is None:
        return moving.bring_back(db, hand, change)
    if row is not None and change.after is None:
        moving.take_away(db, hand, change, row)
    return change


def _moves_now(change: Change, rows: Mapping[str, Session]) -> bool:
    """It is there before and after, and does not stand there already."""
    if change.before is None or change.after is None or change.uid not in rows:
        return False
    stored = rows[change.uid].placement
    return change.onto(stored) != stored


def _require_untouched(db: DbSession, hand: Hand, changes: Iterable[Change], rows: Mapping[str, Session]) -> None:
    """Each session stands where the step left it, as far as time and room are concerned, or where it is to go."""
    for change in changes:
        if change.before is None or change.after is None:
            continue
        if change.uid not in rows:
            raise Conflict("session_gone")
        row = rows[change.uid]
        stored = row.placement
        if change.moves and as_seen(stored) not in (as_seen(change.before), as_seen(change.after)):
            raise moving.moved_meanwhile(db, hand, row.id, stored=stored, wanted=change.after)


def _require_still_possible(db: DbSession, hand: Hand, changes: Sequence[Change]) -> None:
    """It stood like that once, but the zone and the rooms may be others by now."""
    for to in (change.after for change in changes if change.after is not None and change.moves):
        if why := misfit(day=to.day, starts_at=to.starts_at, ends_at=to.ends_at, zone=hand.zone):
            raise Conflict(why)
    if not moving.rooms_are_there(db, hand, changes):
        raise Conflict("session_cannot_return")
