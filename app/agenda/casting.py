"""Who may stand in a session: the edition's speakers, and anybody else, who is then added as a candidate."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from werkzeug.datastructures import MultiDict

from app.agenda.forms import Cast, Part
from app.agenda.plan import Taking
from app.agenda.protocol import in_order
from app.agenda.rules import SessionRole, SpeakingOrder
from app.database import DbSession
from app.people import queries as people
from app.people.models import Person
from app.search.rules import terms
from app.speakers import actions as speaking
from app.speakers import queries as speakers
from app.speakers.models import Speaker
from app.speakers.rules import Scope, SpeakerFacts
from app.values.actor import Actor
from app.values.language import Language
from app.values.text import a_number

FOUND = 12


@dataclass(frozen=True, slots=True)
class Casting:
    """Everybody a form may name, and whom its search has found. The keys are `speaker-<id>` and `person-<id>`."""

    speakers: Mapping[str, Speaker]
    others: Mapping[str, Person]
    names: Mapping[str, str]
    found_speakers: Mapping[str, Speaker]
    found_others: Mapping[str, Person]
    roles: tuple[SessionRole, ...] = tuple(SessionRole)

    def person(self, who: str) -> Person | None:
        return self.speakers[who].person if who in self.speakers else self.others.get(who)


def casting(
    db: DbSession, edition_id: int, typed: MultiDict[str, str], language: Language, *, chosen: Cast = Cast()
) -> Casting:
    own = {f"speaker-{speaker.id}": speaker for speaker in speakers.speakers_of(db, edition_id)}
    others = _people(db, [value.split(":")[0] for value in typed.getlist("cast")] + [part.who for part in chosen])
    text = typed.get("find", "")
    already = {part.who for part in chosen}
    there = {speaker.person_id for speaker in own.values()} | {person.id for person in others.values()}
    found = people.search_people(db, text, FOUND + len(there)) if text else []
    strangers = {f"person-{person.id}": person for person in found if person.id not in there}
    others |= _people(db, [typed.get("act", "").removeprefix("add-")])
    names = {who: speaker.person.full_name.spoken(language) for who, speaker in own.items()}
    names |= {who: person.full_name.spoken(language) for who, person in others.items()}
    return Casting(
        speakers=own,
        others=others,
        names=names,
        found_speakers={who: own[who] for who in _found(own, text) if who not in already},
        found_others=dict(list(strangers.items())[:FOUND]),
    )


def _people(db: DbSession, whos: Iterable[str]) -> dict[str, Person]:
    wanted = [number for who in set(whos) if (number := a_number(who.removeprefix("person-"))) is not None]
    return {f"person-{person.id}": person for person in people.people(db, wanted)} if wanted else {}


def _found(speakers: Mapping[str, Speaker], text: str) -> list[str]:
    """By name, then by organisation; everybody for an empty text."""
    wanted = terms(text)
    by_name = [who for who, s in speakers.items() if all(term in s.person.findable for term in wanted)]
    by_organisation = [
        who for who, s in speakers.items() if s.organisation and all(term in s.organisation.findable for term in wanted)
    ]
    return list(dict.fromkeys([*by_name, *by_organisation]))


def by_protocol(cast: Cast, speakers: Mapping[str, Speaker], order: SpeakingOrder, sides: Sequence[str]) -> Cast:
    """The cast as protocol would have it, as far as those in it are the edition's speakers and hold a rank."""
    takings = [_taking(n, part, speakers.get(part.who)) for n, part in enumerate(cast)]
    return Cast(cast[taking.speaker] for taking in in_order(takings, order, sides))


def _taking(n: int, part: Part, speaker: Speaker | None) -> Taking:
    """Its number in the cast stands for the speaker: who is not at the edition yet has no other."""
    if speaker is None:
        return Taking(n, n, part.role)
    return Taking(n, n, part.role, speaker.rank.position if speaker.rank else None, speaker.country)


def enlisted(db: DbSession, edition_id: int, cast: Cast, *, actor: Actor, now: datetime) -> dict[str, int]:
    """`who` → speaker id, for all of the cast. Whoever does not take part in the edition yet is added as a candidate."""
    by_person = {s.person_id: s.id for s in speakers.speakers_of(db, edition_id) if s.scope is Scope.FORUM}
    ids: dict[str, int] = {}
    for part in cast:
        kind, _dash, number = part.who.partition("-")
        if kind == "speaker":
            ids[part.who] = int(number)
        elif int(number) in by_person:
            ids[part.who] = by_person[int(number)]
        else:
            added = speaking.add_speaker(db, edition_id, int(number), SpeakerFacts(), actor=actor, now=now)
            ids[part.who] = added.id
    return ids
