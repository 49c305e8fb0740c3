"""Invented interpreters for an invented edition, and a rota that leaves something to do."""

from datetime import datetime, time, timedelta

from app.agenda.plan import Window
from app.agenda.planning import plan_of
from app.agenda.rota import InterpreterFacts, Offer, fill, rota_of
from app.agenda.rota import able as able_for
from app.database import DbSession
from app.editions.models import Edition
from app.interpretation import crew, duties
from app.people import actions as people
from app.people.rules import Name, PersonFacts
from app.seed.reading import Entry, read
from app.seed.sample_words import INVENTED
from app.values.actor import Actor
from app.values.language import Language
from app.values.text import slug_from

OPEN = 12
"""Of so many duties one is still to be given."""


def engage(db: DbSession, edition: Edition, *, actor: Actor, now: datetime) -> None:
    """The whole crew; most of the duties, without a conflict; and a partner where all are listening."""
    said = read(INVENTED / "crew.toml")
    for entry in said["interpreter"]:
        written, family, second, second_family, country = entry["name"]
        person = people.create_person(
            db, PersonFacts(Name(written, family, second, second_family), country), actor=actor, now=now
        )
        crew.add_interpreter(db, edition.id, person.id, _facts(edition, entry, said["note"]), actor=actor, now=now)
    offers = [offer for n, offer in enumerate(fill(plan_of(db, edition.id)), 1) if n % OPEN]
    duties.take(db, edition.id, offers, actor=actor, now=now)
    for offer in _partners(db, edition):
        duties.give(db, edition.id, offer, actor=actor, now=now)


def _facts(edition: Edition, entry: Entry, note: str) -> InterpreterFacts:
    written, _family, second, *_rest = entry["name"]
    return InterpreterFacts(
        pairs=tuple(entry["pairs"]),
        email=f"{slug_from(second or written) or 'interpreter'}@interpreters.test",
        language=Language(entry["language"]),
        note=note,
        available=tuple(_window(edition, *span) for span in entry.get("there", ())),
    )


def _window(edition: Edition, day: int, starts: int, ends: int) -> Window:
    assert edition.starts_on is not None
    on = edition.starts_on + timedelta(days=day)
    return Window(datetime.combine(on, time(starts)), datetime.combine(on, time(ends)))


def _partners(db: DbSession, edition: Edition) -> list[Offer]:
    """A second one in each booth of the opening, as far as somebody is free."""
    rota, found = rota_of(plan_of(db, edition.id)), list[Offer]()
    first = next((session for session in rota.plan.sessions if session.for_all and session.duties), None)
    if first is None:
        return []
    for into in {duty.into: None for duty in first.duties}:
        free = (one.interpreter for one in able_for(rota, first, into) if one.is_able)
        partner = next((who for who in free if all(offer.interpreter != who for offer in found)), None)
        if partner is not None:
            found.append(Offer(first.id, partner, into))
    return found
