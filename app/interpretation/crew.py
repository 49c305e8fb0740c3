"""What organisers do with the interpreters of an edition. None of it is public, ever; none of it commits."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select, update

from app.agenda.actions import next_number
from app.agenda.models import Duty, Interpreter, Session
from app.agenda.plan import Window
from app.agenda.rota import InterpreterFacts
from app.audit.actions import record
from app.database import DbSession
from app.editions import queries as editions
from app.editions.models import Edition
from app.errors import Conflict, NotFound, Stale
from app.mail import actions as mail
from app.mail.queries import held_back
from app.people.models import Person
from app.speakers.models import Availability
from app.values.actor import Actor

BRIEFING = "agenda/briefing"
SECOND_THOUGHTS = timedelta(seconds=30)
"""A mail waits so long, so that it can be taken back."""


def add_interpreter(
    db: DbSession, edition_id: int, person_id: int, facts: InterpreterFacts, *, actor: Actor, now: datetime
) -> Interpreter:
    """Raises `Conflict` where this person interprets here already."""
    editions.locked_edition(db, edition_id)  # one after the other, or both would find the place free
    person = db.get(Person, person_id)
    if person is None:
        raise NotFound
    again = exists().where(Interpreter.edition_id == edition_id, Interpreter.person_id == person_id)
    if db.scalar(select(again)):
        raise Conflict("interpreter_already")
    next_number(db, edition_id)
    interpreter = Interpreter(edition_id=edition_id, person=person, **_columns(facts))
    db.add(interpreter)
    _be_there(db, edition_id, person_id, facts.available)
    _record(db, interpreter, "interpreter_added", actor=actor, now=now)
    return interpreter


def change_interpreter(
    db: DbSession, interpreter_id: int, facts: InterpreterFacts, *, revision: int, actor: Actor, now: datetime
) -> Interpreter:
    """Raises `Stale` where somebody saved since that revision. Their duties stay, able or not."""
    interpreter = _stirred(db, interpreter_id, revision)
    for name, value in _columns(facts).items():
        setattr(interpreter, name, value)
    interpreter.revision += 1
    _be_there(db, interpreter.edition_id, interpreter.person_id, facts.available)
    _record(db, interpreter, "interpreter_changed", actor=actor, now=now)
    return interpreter


def remove_interpreter(db: DbSession, interpreter_id: int, *, actor: Actor, now: datetime) -> None:
    """With all their duties, which are gaps again; the person's own record and their availability stay."""
    interpreter = _stirred(db, interpreter_id)
    _record(db, interpreter, "interpreter_removed", actor=actor, now=now)
    db.delete(interpreter)
    db.flush()


def letter_to(interpreter: Interpreter, edition: Edition) -> dict[str, object]:
    """All that the mail's template knows."""
    speaks, days = interpreter.language, edition.own_days
    return {
        "name": interpreter.person.full_name.spoken(speaks),
        "edition": edition.title.best(speaks).text,
        "place": edition.city.best(speaks).text,
        "days": [days.first.isoformat(), days.last.isoformat()] if days else None,
        "uid": interpreter.uid,
    }


def send_briefings(
    db: DbSession, edition_id: int, interpreter_ids: Collection[int], *, actor: Actor, now: datetime
) -> Sequence[Interpreter]:
    """The link to each one's briefing, by mail; to whom it goes. Whoever has no address is left out."""
    edition = editions.locked_edition(db, edition_id)
    rows = db.scalars(
        select(Interpreter)
        .where(Interpreter.edition_id == edition_id, Interpreter.id.in_(interpreter_ids), Interpreter.email != "")
        .order_by(Interpreter.id)
        .with_for_update()
    ).all()
    for row in rows:
        before = row.briefed_at.isoformat() if row.briefed_at else None
        mail.queue(
            db, BRIEFING, to=row.email, language=row.language, now=now, edition_id=edition_id, wait=SECOND_THOUGHTS,
            interpreter=row.id, before=before, **letter_to(row, edition),
        )  # fmt: skip
        row.briefed_at = now
    db.flush()
    if rows:
        _note(db, "briefings_sent", edition_id, len(rows), actor=actor, now=now)
    return rows


def withdraw_briefings(
    db: DbSession, edition_id: int, mail_ids: Collection[int], *, actor: Actor, now: datetime
) -> int:
    """Out of the outbox again, as far as they are still in it; how many that were."""
    ours = [row.id for row in held_back(db, edition_id, [BRIEFING]) if row.id in mail_ids]
    mails = mail.take_back(db, ours, edition_id=edition_id)
    for row in mails:
        interpreter, before = db.get(Interpreter, row.data["interpreter"]), row.data["before"]
        if interpreter is not None:
            interpreter.briefed_at = datetime.fromisoformat(before) if before else None
    db.flush()
    if mails:
        _note(db, "briefings_withdrawn", edition_id, len(mails), actor=actor, now=now)
    return len(mails)


def stir(db: DbSession, edition_id: int, session_ids: Collection[int]) -> None:
    """Count a change of the agenda, and stamp these sessions with it: who looks at them sees it."""
    number = next_number(db, edition_id)
    of_edition = (Session.edition_id == edition_id) & Session.id.in_(session_ids)
    db.execute(update(Session).where(of_edition).values(stamp=number))


def _stirred(db: DbSession, interpreter_id: int, revision: int | None = None) -> Interpreter:
    """The interpreter as stored now, nobody else's to change, all their sessions stamped."""
    edition_id = db.scalar(select(Interpreter.edition_id).where(Interpreter.id == interpreter_id))
    if edition_id is None:
        raise NotFound
    stir(db, edition_id, db.scalars(select(Duty.session_id).where(Duty.interpreter_id == interpreter_id)).all())
    interpreter = db.get(Interpreter, interpreter_id, with_for_update=True, populate_existing=True)
    if interpreter is None:
        raise NotFound
    if revision is not None and interpreter.revision != revision:
        raise Stale
    return interpreter


def _columns(facts: InterpreterFacts) -> dict[str, object]:
    return {name: getattr(facts, name) for name in ("pairs", "email", "language", "note")}


def _be_there(db: DbSession, edition_id: int, person_id: int, windows: Sequence[Window]) -> None:
    """These spans and no others. A speaker who interprets too has one availability for both."""
    theirs = (Availability.edition_id == edition_id) & (Availability.person_id == person_id)
    db.execute(delete(Availability).where(theirs))
    for window in windows:
        starts_at, ends_at = window.starts_at, window.ends_at
        db.add(Availability(edition_id=edition_id, person_id=person_id, starts_at=starts_at, ends_at=ends_at))
    db.flush()


def _record(db: DbSession, interpreter: Interpreter, verb: str, *, actor: Actor, now: datetime) -> None:
    record(
        db, actor, verb, kind="interpreter", subject_id=interpreter.id, now=now, edition_id=interpreter.edition_id,
        name=interpreter.person.name,
    )  # fmt: skip


def _note(db: DbSession, verb: str, edition_id: int, number: int, *, actor: Actor, now: datetime) -> None:
    record(db, actor, verb, kind="edition", subject_id=edition_id, now=now, edition_id=edition_id, number=number)
