"""Who takes part in an edition. None of it is public before a release shows it, so nothing public is touched here."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy.exc import IntegrityError

from app.accounts.models import Account
from app.audit import actions as audit
from app.database import DbSession
from app.editions import queries as editions
from app.editions.models import Edition
from app.errors import Conflict, NotFound
from app.people.models import Organisation, Person
from app.speakers import queries
from app.speakers.models import Rank, Speaker, SpeakerSource
from app.speakers.rules import SpeakerFacts
from app.translation.actions import forget, note_change
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
    record(db, speaker, "speaker_added", actor=actor, now=now)
    return speaker


def change_speaker(
    db: DbSession, speaker_id: int, facts: SpeakerFacts, *, revision: int, actor: Actor, now: datetime
) -> Speaker:
    """Raises `Stale` where somebody saved since that revision."""
    speaker = queries.locked_speaker(db, speaker_id, revision)
    _refuse_unknown(db, speaker.edition_id, speaker.person_id, facts)
    if queries.takes_part(db, speaker.edition_id, speaker.person_id, facts.scope, other_than=speaker.id):
        raise Conflict("speaker_already")
    for field in ("role", "topic", "note"):
        before, after, house = getattr(speaker, field), getattr(facts, field), speaker.edition.series.source_language
        note_change(db, "speaker", speaker.id, field, before, after, house=house, now=now)
    changed = put(speaker, as_values(facts))
    if changed:
        speaker.revision += 1
        speaker.changed_at = now
        db.flush()
        db.expire(speaker, ["organisation", "rank", "inviter"])
        record(db, speaker, "speaker_changed", actor=actor, now=now, fields=changed)
    return speaker


def remove_speaker(db: DbSession, speaker_id: int, *, actor: Actor, now: datetime) -> list[str]:
    """Digests of files that nobody needs any more, to be forgotten once this is committed.

    Raises `Conflict` while they stand in a session of the draft; earlier releases keep them.
    """
    speaker = queries.locked_speaker(db, speaker_id)
    files = queries.files_of(db, speaker_id)
    try:
        with db.begin_nested():
            db.delete(speaker)
    except IntegrityError as error:
        raise Conflict("speaker_in_session") from error
    forget(db, "speaker", speaker_id)
    record(db, speaker, "speaker_removed", actor=actor, now=now)
    return [digest for digest in files if not queries.is_kept(db, digest)]


def renew_link(db: DbSession, speaker_id: int, *, actor: Actor, now: datetime) -> None:
    """Their personal page has another address from now on, and the old one leads nowhere."""
    speaker = queries.locked_speaker(db, speaker_id)
    speaker.uid = str(uuid4())
    db.flush()
    record(db, speaker, "speaker_link_renewed", actor=actor, now=now)


def _refuse_unknown(db: DbSession, edition_id: int, person_id: int, facts: SpeakerFacts) -> None:
    """Ids come from forms: raises `NotFound` for what is not there."""
    if db.get(Edition, edition_id) is None or db.get(Person, person_id) is None:
        raise NotFound
    others = ((Organisation, facts.organisation_id), (Rank, facts.rank_id), (Account, facts.inviter_id))
    if any(key is not None and db.get(model, key) is None for model, key in others):
        raise NotFound


def record(db: DbSession, speaker: Speaker, verb: str, *, actor: Actor, now: datetime, **data: object) -> None:
    """A line in this speaker's history, under their name."""
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
