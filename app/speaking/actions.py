"""Letters to speakers: their words are stored, they go into the outbox with a hold, and can be taken back out of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from app.audit.actions import record
from app.database import DbSession
from app.editions import queries as editions
from app.errors import Conflict, Stale
from app.mail import actions as mail
from app.mail.models import OutgoingMail
from app.speakers import pipeline
from app.speakers.models import LetterTemplate, Speaker
from app.speakers.queries import locked_speaker
from app.speakers.rules import SpeakerState
from app.speaking import queries
from app.speaking.rules import TO, Letter, mail_of
from app.translation.actions import note_change
from app.values.actor import Actor
from app.values.language import Language, Translated

HOLD = timedelta(seconds=30)
"""So long a letter waits in the outbox, where it can be taken back."""


def store_letter(
    db: DbSession,
    edition_id: int,
    letter: Letter,
    subject: Translated,
    body: Translated,
    *,
    revision: int,
    actor: Actor,
    now: datetime,
) -> LetterTemplate:
    """Revision 0: nobody has stored one yet. Raises `Stale` where somebody has, or saved since."""
    editions.locked_edition(db, edition_id)
    template = queries.template_of(db, edition_id, letter)
    if (template.revision if template else 0) != revision:
        raise Stale
    if template is None:
        template = LetterTemplate(edition_id=edition_id, key=letter.value, subject=subject, body=body, revision=1)
        db.add(template)
    else:
        house = editions.source_language(db)
        for field, before, after in (("subject", template.subject, subject), ("body", template.body, body)):
            note_change(db, "letter", template.id, field, before, after, house=house, now=now)
        template.subject, template.body, template.revision = subject, body, template.revision + 1
    db.flush()
    record(db, actor, "letter_changed", kind="letter", subject_id=template.id, now=now, edition_id=edition_id)
    return template


def send(
    db: DbSession,
    edition_id: int,
    letter: Letter,
    composed: Sequence[tuple[int, str, Language, dict[str, object]]],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Into the outbox, all or none, each as it was shown. Raises `Conflict` where somebody moved on meanwhile.

    Two who write at once, or one who clicks twice, come one after the other: the second finds the letters on their way.
    """
    editions.locked_edition(db, edition_id)
    waiting = queries.on_their_way(db, edition_id, letter)
    if any(speaker_id in waiting for speaker_id, *_rest in composed):
        raise Conflict("letter_on_its_way")
    for speaker_id, to, language, data in sorted(composed, key=lambda one: one[0]):
        speaker = locked_speaker(db, speaker_id)
        if speaker.state not in TO[letter]:
            raise Conflict("letter_no_longer_for_them")
        mail.queue(
            db, mail_of(letter), to=to, language=language, now=now, edition_id=edition_id, wait=HOLD, **data
        )  # fmt: skip
        pipeline.wrote_to(db, speaker, letter.value, actor=actor, now=now)


def take_back(db: DbSession, edition_id: int, mail_ids: Sequence[int], *, actor: Actor, now: datetime) -> int:
    """How many had not left yet. Whoever was invited by one is a candidate again."""
    taken = mail.take_back(db, mail_ids, edition_id=edition_id)
    for letter in sorted(taken, key=lambda row: row.data["speaker"]):
        _undo(db, letter, actor=actor, now=now)
    return len(taken)


def _undo(db: DbSession, row: OutgoingMail, *, actor: Actor, now: datetime) -> None:
    if db.get(Speaker, row.data["speaker"]) is None:
        return  # taken out of the edition since
    invited_at = row.data["invited_at"]
    pipeline.letter_taken_back(
        db, locked_speaker(db, row.data["speaker"]), row.data["letter"], was=SpeakerState(row.data["was"]),
        invited_at=datetime.fromisoformat(invited_at) if invited_at else None, actor=actor, now=now,
    )  # fmt: skip
