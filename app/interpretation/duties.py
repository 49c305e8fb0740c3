"""Giving duties to interpreters and taking them back. Each act is a line of the audit from which it can be undone."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, select

from app.agenda.models import Duty, Interpreter, Session
from app.agenda.planning import plan_of
from app.agenda.rota import Offer, asked, objections, rota_of
from app.audit.actions import record
from app.audit.models import AuditEntry
from app.database import DbSession
from app.errors import Conflict, NotFound
from app.interpretation.crew import stir
from app.values.actor import Actor
from app.values.language import Language

GIVEN, TAKEN, UNDONE = "duties_given", "duties_taken", "duties_undone"


def give(
    db: DbSession, edition_id: int, offer: Offer, *, saw: frozenset[int] | None = None, actor: Actor, now: datetime
) -> None:
    """Whatever speaks against it: the rota says so, and an organiser may know better.

    `saw`: who the organiser saw at work in this session; raises `Conflict` where it is somebody else by now,
    where nobody asks for this language any more, and for somebody in another of its booths.
    """
    session = _stirred(db, edition_id, offer)
    there = _duties(db, offer.session)
    if there.get(offer.interpreter) is offer.into:
        return
    if offer.interpreter in there:
        raise Conflict("duty_in_another_booth")
    if saw is not None and saw != frozenset(there):
        raise Conflict("duties_changed")
    if session.is_cancelled or offer.into not in session.interpretation or offer.into is session.language:
        raise Conflict("duty_not_asked")
    _add(db, [offer])
    _note(db, edition_id, GIVEN, [offer], actor=actor, now=now)


def take_away(db: DbSession, edition_id: int, offer: Offer, *, actor: Actor, now: datetime) -> None:
    """Nothing, where the duty is not there any more."""
    _stirred(db, edition_id, offer)
    if _duties(db, offer.session).get(offer.interpreter) is offer.into:
        _remove(db, [offer])
        _note(db, edition_id, TAKEN, [offer], actor=actor, now=now)


def take(db: DbSession, edition_id: int, offers: Sequence[Offer], *, actor: Actor, now: datetime) -> tuple[Offer, ...]:
    """Of proposed duties those that still fill a gap without a conflict, as the agenda is now; which these were."""
    stir(db, edition_id, {offer.session for offer in offers})
    taken = _still_good(db, edition_id, offers)
    _add(db, taken)
    if taken:
        _note(db, edition_id, GIVEN, taken, actor=actor, now=now)
    return tuple(taken)


def undo(db: DbSession, edition_id: int, *, actor: Actor, now: datetime) -> None:
    """Take back this person's own last act, if it still is the last of all. Raises `Conflict` if not."""
    last = last_act(db, edition_id)
    if last is None or last.account_id != actor.account_id or last.verb == UNDONE:
        raise Conflict("duties_undone_not")
    offers = offers_of(last)
    stir(db, edition_id, {offer.session for offer in offers})
    if last.verb == GIVEN:
        _remove(db, offers)
    else:
        _add(db, _possible(db, edition_id, offers))
    _note(db, edition_id, UNDONE, offers, actor=actor, now=now)


def last_act(db: DbSession, edition_id: int) -> AuditEntry | None:
    """Of anybody, on this edition's rota."""
    return db.scalar(
        select(AuditEntry)
        .where(AuditEntry.kind == "rota", AuditEntry.subject_id == edition_id)
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )


def offers_of(act: AuditEntry) -> tuple[Offer, ...]:
    return tuple(Offer(session, interpreter, Language(into)) for session, interpreter, into in act.data["duties"])


def _still_good(db: DbSession, edition_id: int, offers: Iterable[Offer]) -> list[Offer]:
    plan = plan_of(db, edition_id)
    rota, taken = rota_of(plan), list[Offer]()
    for offer in offers:
        session = rota.sessions.get(offer.session)
        if session is None or offer.interpreter not in rota.crew:
            raise NotFound
        busy = {duty.interpreter for duty in session.duties} | {o.interpreter for o in taken if o.session == session.id}
        done = {duty.into for duty in session.duties} | {o.into for o in taken if o.session == session.id}
        is_gap = session.slot is not None and offer.into in asked(session) and offer.into not in done
        if is_gap and offer.interpreter not in busy and not objections(rota, offer.interpreter, session, offer.into):
            rota.take(session, offer.interpreter)
            taken.append(offer)
    return taken


def _possible(db: DbSession, edition_id: int, offers: Iterable[Offer]) -> list[Offer]:
    """Those whose session and interpreter are still there, and who has no duty in it by now."""
    sessions = set(db.scalars(select(Session.id).where(Session.edition_id == edition_id)))
    crew = set(db.scalars(select(Interpreter.id).where(Interpreter.edition_id == edition_id)))
    of_crew = select(Duty.session_id, Duty.interpreter_id).where(Duty.interpreter_id.in_(crew))
    there = {(session, interpreter) for session, interpreter in db.execute(of_crew)}
    known = [o for o in offers if o.session in sessions and o.interpreter in crew]
    return [o for o in known if (o.session, o.interpreter) not in there]


def _stirred(db: DbSession, edition_id: int, offer: Offer) -> Session:
    """The session, under the agenda's lock. Raises `NotFound` for a session or an interpreter of another edition."""
    stir(db, edition_id, {offer.session})
    session = db.get(Session, offer.session, populate_existing=True)
    interpreter = db.get(Interpreter, offer.interpreter)
    if session is None or interpreter is None or {session.edition_id, interpreter.edition_id} != {edition_id}:
        raise NotFound
    return session


def _duties(db: DbSession, session_id: int) -> dict[int, Language]:
    rows = db.scalars(select(Duty).where(Duty.session_id == session_id).execution_options(populate_existing=True))
    return {duty.interpreter_id: duty.into for duty in rows}


def _add(db: DbSession, offers: Iterable[Offer]) -> None:
    db.add_all(Duty(session_id=o.session, interpreter_id=o.interpreter, into=o.into) for o in offers)
    db.flush()


def _remove(db: DbSession, offers: Iterable[Offer]) -> None:
    for offer in offers:
        mine = (Duty.session_id == offer.session) & (Duty.interpreter_id == offer.interpreter)
        db.execute(delete(Duty).where(mine, Duty.into == offer.into))
    db.flush()


def _note(db: DbSession, edition_id: int, verb: str, offers: Iterable[Offer], *, actor: Actor, now: datetime) -> None:
    duties = [[offer.session, offer.interpreter, offer.into.value] for offer in offers]
    record(
        db, actor, verb, kind="rota", subject_id=edition_id, now=now, edition_id=edition_id,
        duties=duties, number=len(duties),
    )  # fmt: skip
