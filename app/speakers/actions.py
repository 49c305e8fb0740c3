"""Who takes part in an edition. None of it is public before a release shows it, so nothing public is touched here."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from app.audit import actions as audit
from app.database import DbSession
from app.editions import queries as editions
from app.editions.models import Edition
from app.errors import Conflict, NotFound
from app.people.models import Organisation, Person
from app.speakers import queries
from app.speakers.models import Speaker, SpeakerSource
from app.speakers.rules import SpeakerFacts
from app.values.actor import Actor
from app.values.facts import as_values, put


def add_speaker(
    db: DbSession,
    edition_id: int,
    person_id: int,
    facts: SpeakerFacts,
    *,
    actor: Actor,
    now: datetime,
    source_ids: Sequence[int] = (),
) -> Speaker:
    """Behind those there are. Raises `Conflict` where the person takes part already, in the same scope."""
    editions.locked_edition(db, edition_id)  # one after the other, or both would find the place free
    _refuse_unknown(db, edition_id, person_id, facts)
    if queries.takes_part(db, edition_id, person_id, facts.scope):
        raise Conflict("speaker_already")
    position = queries.next_position(db, edition_id)
    speaker = Speaker(edition_id=edition_id, person_id=person_id, position=position, changed_at=now, **as_values(facts))
    speaker.citations = [SpeakerSource(source_id=source_id, position=n) for n, source_id in enumerate(source_ids)]
    db.add(speaker)
    db.flush()
    _record(db, speaker, "speaker_added", actor=actor, now=now)
    return speaker


def change_speaker(
    db: DbSession, speaker_id: int, facts: SpeakerFacts, *, revision: int, actor: Actor, now: datetime
) -> Speaker:
    """Raises `Stale` where somebody saved since that revision."""
    speaker = queries.locked_speaker(db, speaker_id, revision)
    _refuse_unknown(db, speaker.edition_id, speaker.person_id, facts)
    if queries.takes_part(db, speaker.edition_id, speaker.person_id, facts.scope, other_than=speaker.id):
        raise Conflict("speaker_already")
    changed = put(speaker, as_values(facts))
    if changed:
        speaker.revision += 1
        speaker.changed_at = now
        db.flush()
        db.expire(speaker, ["organisation"])
        _record(db, speaker, "speaker_changed", actor=actor, now=now, fields=changed)
    return speaker


def remove_speaker(db: DbSession, speaker_id: int, *, actor: Actor, now: datetime) -> None:
    """Raises `Conflict` while they stand in a session of the draft; earlier releases keep them."""
    speaker = queries.locked_speaker(db, speaker_id)
    try:
        with db.begin_nested():
            db.delete(speaker)
    except IntegrityError as error:
        raise Conflict("speaker_in_session") from error
    _record(db, speaker, "speaker_removed", actor=actor, now=now)


def _refuse_unknown(db: DbSession, edition_id: int, person_id: int, facts: SpeakerFacts) -> None:
    """Ids come from forms: raises `NotFound` for what is not there."""
    if db.get(Edition, edition_id) is None or db.get(Person, person_id) is None:
        raise NotFound
    if facts.organisation_id is not None and db.get(Organisation, facts.organisation_id) is None:
        raise NotFound


def _record(db: DbSession, speaker: Speaker, verb: str, *, actor: Actor, now: datetime, **data: object) -> None:
    person = db.get_one(Person, speaker.person_id)
    audit.record(
        db,
        actor,
        verb,
        kind="speaker",
        subject_id=speaker.id,
        edition_id=speaker.edition_id,
        now=now,
        name=person.name,
        **data,
    )
