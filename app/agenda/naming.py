"""What sentences about a draft speak of: its sessions, rooms and people, by id and not yet in any language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from app.agenda.models import Room
from app.agenda.plan import Plan, Planned
from app.agenda.problems import Finding
from app.database import DbSession
from app.people import queries as people
from app.people.rules import Name
from app.values.language import Translated


@dataclass(frozen=True, slots=True)
class Names:
    plan: Plan
    sessions: Mapping[int, Planned] = field(default_factory=dict)
    rooms: Mapping[int, Translated] = field(default_factory=dict)
    people: Mapping[int, Name] = field(default_factory=dict)


def names_for(db: DbSession, plan: Plan, found: Iterable[Finding]) -> Names:
    """Everything these findings mention. Two queries."""
    mentioned = {person for finding in found for person in (finding.person, *finding.people) if person is not None}
    rooms = db.execute(select(Room.id, Room.name).where(Room.id.in_([room.id for room in plan.rooms])))
    return Names(
        plan,
        sessions={session.id: session for session in plan.sessions},
        rooms={row.id: row.name for row in rooms},
        people={person.id: person.full_name for person in people.people(db, sorted(mentioned))} if mentioned else {},
    )
