"""What has changed in an agenda since somebody looked, and who changed it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from app.agenda.models import AgendaBook, Interpreter, Session
from app.audit.models import AuditEntry
from app.database import DbSession
from app.editions.models import Edition
from app.people.models import Person
from app.people.rules import Name
from app.speakers.models import Speaker


@dataclass(frozen=True, slots=True)
class Changer:
    account: int | None
    name: str


def number_of(db: DbSession, slug: str) -> int:
    """How often the agenda of the edition has changed: one query by one row, asked every two seconds."""
    return db.scalar(select(AgendaBook.number).join(Edition).where(Edition.slug == slug)) or 0


def changed_since(db: DbSession, edition_id: int, number: int) -> frozenset[int]:
    """Sessions that have changed since the agenda had this number. What was removed is not among them."""
    return frozenset(db.scalars(select(Session.id).where(Session.edition_id == edition_id, Session.stamp > number)))


def changers(db: DbSession, sessions: Collection[int]) -> Mapping[int, Changer]:
    """Who had their hands on each of these sessions last."""
    if not sessions:
        return {}
    query = (
        select(AuditEntry.subject_id, AuditEntry.account_id, AuditEntry.actor_name)
        .where(AuditEntry.kind == "session", AuditEntry.subject_id.in_(sessions))
        .order_by(AuditEntry.id)
    )
    return {session: Changer(account, name) for session, account, name in db.execute(query) if session is not None}


def names_of(db: DbSession, edition_id: int) -> dict[int, Name]:
    """Everybody who may stand in a sentence about the edition's draft: those who speak and those who interpret."""
    speaking = select(Speaker.person_id).where(Speaker.edition_id == edition_id)
    interpreting = select(Interpreter.person_id).where(Interpreter.edition_id == edition_id)
    query = select(Person.id, Person.name, Person.family_name, Person.second_name, Person.second_family_name).where(
        Person.id.in_(speaking.union(interpreting))
    )
    return {row[0]: Name(*row[1:]) for row in db.execute(query)}
