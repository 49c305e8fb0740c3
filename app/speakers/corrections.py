"""What speakers write of themselves waits here until an organiser takes or refuses it. The public sees none of it."""

import hashlib
import json
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from app.database import DbSession
from app.errors import Conflict, NotFound, Stale
from app.people import actions as people
from app.people import queries as people_queries
from app.people.portraits import Picture
from app.speakers import actions, pipeline, queries
from app.speakers.correcting import Field, Texts, merged, name_json, name_of, text_of
from app.speakers.models import Correction, Speaker
from app.speakers.rules import CorrectionState
from app.values.actor import Actor


def stored_value(speaker: Speaker, field: Field) -> dict[str, str]:
    """What stands in the house's own record now."""
    person = speaker.person
    if field is Field.NAME:
        return name_json(person.full_name)
    if field is Field.PORTRAIT:
        return {"digest": person.portrait.digest} if person.portrait else {}
    return (speaker.role if field is Field.ROLE else person.biography).as_dict()


def fingerprint(value: Texts) -> str:
    """Of what somebody saw when they decided."""
    return hashlib.sha256(json.dumps(dict(value), sort_keys=True).encode()).hexdigest()[:16]


def propose(db: DbSession, speaker_id: int, field: Field, after: Texts, *, now: datetime) -> Correction | None:
    """In place of what they proposed before. What is stored already needs no approval: None."""
    speaker = queries.locked_speaker(db, speaker_id)
    stored, pending = stored_value(speaker, field), queries.pending_of(db, speaker_id).get(field)
    if dict(after) == stored:
        if pending is not None:
            db.delete(pending)
            db.flush()
        return None
    if pending is not None and pending.after == dict(after):
        return pending
    if pending is None:
        pending = Correction(speaker_id=speaker_id, field=field.value)
        db.add(pending)
    pending.before, pending.after, pending.proposed_at = stored, dict(after), now
    db.flush()
    who = pipeline.themselves(speaker)
    actions.record(db, speaker, "correction_proposed", actor=who, now=now, field=field.value)
    pipeline.settle(db, speaker, now=now)
    return pending


def approve(
    db: DbSession, correction_id: int, *, saw: str, picture: Picture | None = None, actor: Actor, now: datetime
) -> Correction:
    """Write it into the record. Raises `Stale` where that is no longer what the organiser `saw`.

    The caller renews what is public of the person (`publishing.actions.renew_person`), and brings the `picture`.
    """
    correction = _locked(db, correction_id)
    speaker, field = correction.speaker, Field(correction.field)
    stored = stored_value(speaker, field)
    if fingerprint(stored | _proposed(correction)) != saw:
        raise Stale
    value = merged(field, before=correction.before, stored=stored, after=correction.after)
    if field is Field.ROLE:
        facts = replace(queries.speaker_facts(speaker), role=text_of(value))
        actions.change_speaker(db, speaker.id, facts, revision=speaker.revision, actor=actor, now=now)
    else:
        _write(db, speaker, field, value, picture, actor=actor, now=now)
    _decide(db, correction, CorrectionState.APPROVED, actor=actor, now=now)
    return correction


def refuse(db: DbSession, correction_id: int, *, actor: Actor, now: datetime) -> Correction:
    """What is stored stays, and nobody outside hears of it."""
    correction = _locked(db, correction_id)
    _decide(db, correction, CorrectionState.REFUSED, actor=actor, now=now)
    pipeline.settle(db, correction.speaker, taken_away=True, now=now)
    return correction


def saw(correction: Correction) -> str:
    """What whoever reads this page sees of it: what is stored, and what is proposed."""
    stored = stored_value(correction.speaker, Field(correction.field))
    return fingerprint(stored | _proposed(correction))


def _proposed(correction: Correction) -> dict[str, str]:
    """Under names of their own, so that they do not cover what is stored."""
    return {f"after {part}": value for part, value in correction.after.items()}


def _write(
    db: DbSession, speaker: Speaker, field: Field, value: Texts, picture: Picture | None, *, actor: Actor, now: datetime
) -> None:
    person = speaker.person
    if field is Field.PORTRAIT:
        if picture is None:
            raise Conflict("correction_without_file")
        people.set_portrait(db, person.id, picture, revision=person.revision, actor=actor, now=now)
        return
    facts = people_queries.person_facts(person)
    changed = replace(facts, name=name_of(value)) if field is Field.NAME else replace(facts, biography=text_of(value))
    house = speaker.edition.series.source_language
    people.change_person(db, person.id, changed, revision=person.revision, actor=actor, now=now, house=house)


def _decide(db: DbSession, correction: Correction, state: CorrectionState, *, actor: Actor, now: datetime) -> None:
    correction.state, correction.decided_at, correction.decided_by = state, now, actor.name
    db.flush()
    verb = "correction_approved" if state is CorrectionState.APPROVED else "correction_refused"
    actions.record(db, correction.speaker, verb, actor=actor, now=now, field=correction.field)


def _locked(db: DbSession, correction_id: int) -> Correction:
    """Behind its speaker's lock, so that it is not proposed anew meanwhile. Raises `Conflict` once it is decided."""
    speaker_id = db.scalar(select(Correction.speaker_id).where(Correction.id == correction_id))
    if speaker_id is None:
        raise NotFound
    queries.locked_speaker(db, speaker_id)
    correction = db.get(Correction, correction_id, with_for_update=True, populate_existing=True)
    if correction is None or correction.state is not CorrectionState.PENDING:
        raise Conflict("correction_decided")
    db.refresh(correction.speaker.person)
    return correction
