"""What is known of invented speakers beside their names, and how far they have come on their way to the edition."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from sqlalchemy import select

from app.accounts.models import Account
from app.database import DbSession
from app.editions.models import Edition
from app.people.rules import Name
from app.seed.reading import Entry, read
from app.seed.sample_plan import SPOKEN
from app.seed.sample_words import INVENTED
from app.speakers import corrections, materials, pipeline, queries
from app.speakers.correcting import Field
from app.speakers.models import Speaker
from app.speakers.rules import Span, SpeakerFacts, SpeakerState
from app.values.actor import Actor
from app.values.language import Language
from app.values.text import slug_from

SMALL, MANY = (1, 1, 1), (5, 5, 2)
"""Candidates, invited and declined, the last of the cast: of a middling one, and of a large one."""
WITHOUT_SLIDES = 6
"""So many of those who agreed were moved on by hand."""


def states_of(number: int) -> list[SpeakerState]:
    """Where each of so many stands in the end; the last of many have not said yes."""
    still_open = MANY if number >= 60 else SMALL if number >= 20 else (0, 0, 0)
    kinds = (SpeakerState.CANDIDATE, SpeakerState.INVITED, SpeakerState.DECLINED)
    last = [state for state, many in zip(kinds, still_open, strict=True) for _ in range(many)]
    return [SpeakerState.CONFIRMED] * (number - len(last)) + last


def known(facts: SpeakerFacts, n: int, name: Name, *, now: datetime) -> SpeakerFacts:
    """With an address that cannot exist, a language, and a day for whoever is not there yet. They begin as candidates."""
    said, is_open = read(INVENTED / "speakers.toml"), not facts.state.has_agreed
    return replace(
        facts,
        state=SpeakerState.CANDIDATE if is_open else facts.state,
        email=f"{slug_from(name.spoken(Language.EN)) or 'speaker'}.{n + 1}@speakers.test",
        language=SPOKEN.get(facts.country or "", Language.EN),
        due_on=now.date() + timedelta(days=n * 7 % 40 - 12) if is_open else None,
        private_note=said["notes"][n % 3] if is_open and n % 2 else "",
        needs=said["needs"][n % 4] if n % 11 == 5 else "",
    )


def go_their_way(
    db: DbSession, edition: Edition, states: Sequence[SpeakerState], *, actor: Actor, now: datetime
) -> None:
    """Invitations, answers, corrections, times; nothing of it changes what is published."""
    said, everybody = read(INVENTED / "speakers.toml"), queries.speakers_of(db, edition.id)
    inviter = db.scalar(select(Account.id).order_by(Account.id).limit(1))
    for n, (speaker, state) in enumerate(zip(everybody, states, strict=True)):
        if not state.has_agreed:
            speaker.inviter_id = inviter if n % 3 else None
            _open(db, speaker, state, said, n, actor=actor, now=now)
    agreed = [speaker for speaker in everybody if speaker.state.has_agreed]
    for speaker in agreed[WITHOUT_SLIDES : 2 * WITHOUT_SLIDES]:
        pipeline.move(
            db, speaker.id, SpeakerState.MATERIALS, saw=speaker.state, note=said["by_hand"], actor=actor, now=now
        )
    for entry in said["correction"]:
        if entry["who"] < len(agreed):
            _correct(db, agreed[entry["who"]], entry, now=now)
    for entry in said["there"]:
        if entry["who"] < len(agreed):
            _be_there(db, edition, agreed[entry["who"]], entry, now=now)


def _open(
    db: DbSession, speaker: Speaker, state: SpeakerState, said: Entry, n: int, *, actor: Actor, now: datetime
) -> None:
    if state is SpeakerState.CANDIDATE:
        return
    asked = now - timedelta(days=3 + n % 7 * 4)
    pipeline.move(db, speaker.id, SpeakerState.INVITED, saw=speaker.state, note="", actor=actor, now=asked)
    if state is SpeakerState.DECLINED:
        pipeline.answer(db, speaker.id, state, reason=said["reasons"][n % 2], now=asked + timedelta(days=2))


def _correct(db: DbSession, speaker: Speaker, entry: Entry, *, now: datetime) -> None:
    field = Field(entry["field"])
    stored = corrections.stored_value(speaker, field)
    after = stored | {language.value: entry[language.value] for language in Language if language.value in entry}
    corrections.propose(db, speaker.id, field, after, now=now)


def _be_there(db: DbSession, edition: Edition, speaker: Speaker, entry: Entry, *, now: datetime) -> None:
    assert edition.own_days is not None
    starts, ends = (
        datetime.combine(on + timedelta(days=day), time(hour))
        for on, (day, hour) in ((edition.own_days.first, entry["from"]), (edition.own_days.last, entry["until"]))
    )
    materials.say_when(db, speaker.id, [Span(starts, ends)], None, revision=speaker.revision, actor=None, now=now)
