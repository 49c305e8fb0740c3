"""What an interpreter gets to prepare from: their sessions with everybody who speaks in them, as planned now.

Whoever has not said yes to speaking exists for nobody outside, so an interpreter sees a number of them and no name.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import chain

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.agenda.models import Duty, Interpreter, Session, SessionSpeaker
from app.agenda.rules import SessionKind, SessionRole
from app.database import DbSession
from app.editions.models import Edition
from app.errors import NotFound
from app.people.rules import Name, pinyin
from app.speakers.models import Slides, Speaker
from app.speakers.rules import SpeakerState
from app.values.language import Language, Translated
from app.values.text import has_han
from app.values.time import Days


@dataclass(frozen=True, slots=True)
class Handout:
    """Slides of a speaker's."""

    id: int
    name: str
    media: str
    size: int
    uploaded_at: datetime


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody whom they will hear."""

    name: Name
    reading: str
    """Pinyin of what is Han in the name; empty where nothing is."""
    role: SessionRole
    function: Translated
    organisation: Translated
    abbreviation: str
    country: str | None
    topic: Translated
    handouts: tuple[Handout, ...]


@dataclass(frozen=True, slots=True)
class Colleague:
    """Another interpreter at work in the same session."""

    name: Name
    into: Language


@dataclass(frozen=True, slots=True)
class Engagement:
    """A session they interpret."""

    session: int
    kind: SessionKind
    title: Translated
    abstract: Translated
    note: Translated
    starts_at: datetime | None
    ends_at: datetime | None
    room: Translated
    way: Translated
    """How to find the room."""
    track: Translated
    spoken: Language | None
    into: Language
    is_cancelled: bool
    partners: tuple[Name, ...]
    """In the same booth."""
    booths: tuple[Colleague, ...]
    """In the others."""
    voices: tuple[Voice, ...]
    open: int
    """So many more who have not said yes."""


class TermKind(StrEnum):
    EDITION = "edition"
    TRACK = "track"
    ROOM = "room"
    ORGANISATION = "organisation"
    FUNCTION = "function"


@dataclass(frozen=True, slots=True)
class Term:
    """What is called how: written in two languages or all three."""

    kind: TermKind
    text: Translated
    abbreviation: str = ""


@dataclass(frozen=True, slots=True)
class Briefing:
    """Everything one interpreter is told, at one moment."""

    interpreter: int
    name: Name
    language: Language
    """They read best."""
    pairs: tuple[str, ...]
    note: str
    edition: int
    slug: str
    title: Translated
    city: Translated
    venue: Translated
    address: Translated
    zone: str
    homes: tuple[str, ...]
    days: Days | None
    is_sample: bool
    engagements: tuple[Engagement, ...]
    """By time; those without one last."""
    terms: tuple[Term, ...]

    def handout(self, slides_id: int) -> Handout | None:
        """Only of somebody they hear in a session that takes place or did."""
        voices = chain.from_iterable(engagement.voices for engagement in self.engagements)
        return next((h for voice in voices for h in voice.handouts if h.id == slides_id), None)


def briefing_of(db: DbSession, interpreter_id: int) -> Briefing:
    """From the draft. Ten queries, however much they interpret. Raises `NotFound` for somebody who is not there."""
    options = (joinedload(Interpreter.person), joinedload(Interpreter.edition).joinedload(Edition.series))
    who = db.scalar(select(Interpreter).where(Interpreter.id == interpreter_id).options(*options))
    if who is None:
        raise NotFound
    edition, duties, sessions = who.edition, _duties(db, interpreter_id), _sessions(db, interpreter_id)
    handouts = _handouts(db, sessions)
    return Briefing(
        interpreter=who.id,
        name=who.person.full_name,
        language=who.language,
        pairs=who.pairs,
        note=who.note,
        edition=edition.id,
        slug=edition.slug,
        title=edition.title,
        city=edition.city,
        venue=edition.venue,
        address=edition.address,
        zone=edition.zone,
        homes=edition.series.home_zones,
        days=edition.own_days,
        is_sample=edition.is_sample,
        engagements=tuple(_engagement(session, who.id, duties[session.id], handouts) for session in sessions),
        terms=tuple(_terms(edition, sessions)),
    )


def _sessions(db: DbSession, interpreter_id: int) -> Sequence[Session]:
    speaker = selectinload(Session.speakers).joinedload(SessionSpeaker.speaker)
    return db.scalars(
        select(Session)
        .where(Session.id.in_(select(Duty.session_id).where(Duty.interpreter_id == interpreter_id)))
        .order_by(Session.starts_at.is_(None), Session.starts_at, Session.id)
        .options(
            joinedload(Session.room),
            joinedload(Session.track),
            speaker.joinedload(Speaker.person),
            speaker.joinedload(Speaker.organisation),
        )
    ).all()


def _duties(db: DbSession, interpreter_id: int) -> dict[int, list[Duty]]:
    """Everybody's at work in the sessions of this one, their own first of all times."""
    theirs = select(Duty.session_id).where(Duty.interpreter_id == interpreter_id)
    rows = db.scalars(
        select(Duty)
        .where(Duty.session_id.in_(theirs))
        .order_by(Duty.session_id, Duty.interpreter_id)
        .options(joinedload(Duty.interpreter).joinedload(Interpreter.person))
    )
    found: defaultdict[int, list[Duty]] = defaultdict(list)
    for duty in rows:
        found[duty.session_id].append(duty)
    return found


def _handouts(db: DbSession, sessions: Sequence[Session]) -> Mapping[int, tuple[Handout, ...]]:
    """By speaker, the newest first."""
    speakers = {row.speaker_id for session in sessions for row in session.speakers}
    rows = db.scalars(select(Slides).where(Slides.speaker_id.in_(speakers)).order_by(Slides.id.desc()))
    found: defaultdict[int, tuple[Handout, ...]] = defaultdict(tuple)
    for row in rows:
        found[row.speaker_id] += (Handout(row.id, row.name, row.media, row.size, row.uploaded_at),)
    return found


def _engagement(
    session: Session, interpreter: int, duties: Sequence[Duty], handouts: Mapping[int, tuple[Handout, ...]]
) -> Engagement:
    into = next(duty.into for duty in duties if duty.interpreter_id == interpreter)
    others = [duty for duty in duties if duty.interpreter_id != interpreter]
    coming = [row for row in session.speakers if row.speaker.state.has_agreed]
    maybe = [row for row in session.speakers if row.speaker.state in (SpeakerState.CANDIDATE, SpeakerState.INVITED)]
    return Engagement(
        session=session.id,
        kind=session.kind,
        title=session.title,
        abstract=session.abstract,
        note=session.note,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        room=session.room.name if session.room else Translated(),
        way=session.room.detail if session.room else Translated(),
        track=session.track.name if session.track else Translated(),
        spoken=session.language,
        into=into,
        is_cancelled=session.is_cancelled,
        partners=tuple(duty.interpreter.person.full_name for duty in others if duty.into is into),
        booths=tuple(Colleague(d.interpreter.person.full_name, d.into) for d in others if d.into is not into),
        voices=tuple(_voice(row, handouts.get(row.speaker_id, ())) for row in coming),
        open=len(maybe),
    )


def _voice(row: SessionSpeaker, handouts: tuple[Handout, ...]) -> Voice:
    speaker, name, organisation = row.speaker, row.speaker.person.full_name, row.speaker.organisation
    return Voice(
        name=name,
        reading=reading(name),
        role=row.role,
        function=speaker.role,
        organisation=organisation.name if organisation else Translated(),
        abbreviation=organisation.abbreviation if organisation else "",
        country=speaker.country,
        topic=speaker.topic,
        handouts=handouts,
    )


def reading(name: Name) -> str:
    """How the Han of a name is read, whichever of the two scripts it is."""
    scripts = ((name.written, name.family), (name.second, name.second_family))
    return " ".join(pinyin(text, surname=family).title() for text, family in scripts if has_han(text))


def _terms(edition: Edition, sessions: Iterable[Session]) -> Iterator[Term]:
    """Each once, in the order of their kinds; what is written in one language only helps nobody."""
    seen: set[Term] = set()
    found = [Term(TermKind.EDITION, edition.title), Term(TermKind.EDITION, edition.theme)]
    found += chain.from_iterable(_terms_of(session) for session in sessions)
    for kind in TermKind:
        for term in found:
            languages = sum(1 for language in Language if term.text.exact(language))
            if term.kind is kind and languages > 1 and term not in seen:
                seen.add(term)
                yield term


def _terms_of(session: Session) -> Iterator[Term]:
    if session.track:
        yield Term(TermKind.TRACK, session.track.name)
    if session.room:
        yield Term(TermKind.ROOM, session.room.name)
    for row in session.speakers:
        if not row.speaker.state.has_agreed:
            continue
        yield Term(TermKind.FUNCTION, row.speaker.role)
        if organisation := row.speaker.organisation:
            yield Term(TermKind.ORGANISATION, organisation.name, organisation.abbreviation)
