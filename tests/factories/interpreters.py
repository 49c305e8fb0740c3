"""Interpreters with their duties, and what speakers hand out."""

from datetime import datetime

from app.agenda.models import Interpreter, Session
from app.agenda.plan import Window
from app.agenda.rota import InterpreterFacts, Offer
from app.database import DbSession
from app.editions.models import Edition
from app.interpretation import crew, duties
from app.people.models import Person
from app.speakers.models import Slides, Speaker
from app.values.actor import COMMAND
from app.values.language import Language
from app.web import files
from tests.conftest import NOW
from tests.factories.people import make_person

PDF = "application/pdf"


def window(starts: str, ends: str) -> Window:
    """Times as "2027-09-23 09:00"."""
    return Window(datetime.fromisoformat(starts), datetime.fromisoformat(ends))


def make_interpreter(
    db: DbSession,
    edition: Edition,
    name: str | Person = "Ida Töpfer",
    pairs: tuple[str, ...] = ("en-zh", "en-de"),
    *,
    email: str = "",
    note: str = "",
    language: Language = Language.EN,
    available: tuple[Window, ...] = (),
) -> Interpreter:
    person = name if isinstance(name, Person) else make_person(db, name)
    facts = InterpreterFacts(pairs=pairs, email=email, language=language, note=note, available=available)
    return crew.add_interpreter(db, edition.id, person.id, facts, actor=COMMAND, now=NOW)


def give(db: DbSession, session: Session, interpreter: Interpreter, into: Language = Language.ZH) -> None:
    offer = Offer(session.id, interpreter.id, into)
    duties.give(db, session.edition_id, offer, actor=COMMAND, now=NOW)


def hand_out(db: DbSession, speaker: Speaker, name: str = "Folien.pdf", content: bytes = b"%PDF-1.7 slides") -> Slides:
    """Within an application context: the file is put into its store."""
    digest = files.keep(content)
    slides = Slides(speaker_id=speaker.id, digest=digest, name=name, media=PDF, size=len(content), uploaded_at=NOW)
    db.add(slides)
    db.flush()
    return slides
