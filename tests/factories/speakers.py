from typing import Any

from app.database import DbSession
from app.editions.models import Edition
from app.people.models import Person
from app.speakers import actions
from app.speakers.models import Speaker
from app.speakers.rules import SpeakerFacts, SpeakerState
from app.values.actor import COMMAND
from tests.conftest import NOW
from tests.factories.people import make_person


def make_speaker(
    db: DbSession, edition: Edition, person: Person | None = None, *, source_ids: tuple[int, ...] = (), **overrides: Any
) -> Speaker:
    """Somebody who has said yes."""
    person = person or make_person(db)
    facts = SpeakerFacts(**{"state": SpeakerState.CONFIRMED} | overrides)
    return actions.add_speaker(db, edition.id, person.id, facts, actor=COMMAND, now=NOW, source_ids=source_ids)
