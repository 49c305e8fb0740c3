"""Invented sessions that were proposed after the last release: they have no time yet, so that there is something to plan."""

from collections.abc import Sequence
from datetime import datetime

from app.agenda import actions, queries
from app.agenda.rules import SessionFacts, SessionKind, SessionRole
from app.database import DbSession
from app.editions.models import Edition
from app.seed.reading import uid
from app.seed.sample_words import words
from app.speakers import queries as speakers
from app.values.actor import Actor
from app.values.language import Language

ENOUGH = 40
"""Sessions that a draft has before there are late ones: one a track."""
LED = (SessionKind.PANEL, SessionKind.ROUNDTABLE)


def propose(db: DbSession, edition: Edition, *, actor: Actor, now: datetime) -> None:
    """What the draft does not talk of yet, each by one of the last who agreed; a small sample is left as it is."""
    sessions = queries.sessions_of(db, edition.id)
    if len(sessions) < ENOUGH:
        return
    tracks = {track.slug: track.id for track in queries.tracks_of(db, edition.id)}
    there = {session.title for session in sessions}
    free = {topic.track: topic for topic in words().topics if topic.track and topic.title not in there}
    for n, (topic, speaker) in enumerate(zip(free.values(), _those_who_can(db, edition), strict=False)):
        role = SessionRole.MODERATOR if topic.kind in LED else SessionRole.SPEAKER
        facts = SessionFacts(
            kind=topic.kind, title=topic.title, abstract=topic.abstract, track_id=tracks.get(topic.track),
            language=Language.EN, speakers=((speaker, role),), position=n,
        )  # fmt: skip
        key = uid("sample", edition.slug, edition.uid, f"late {n}")
        actions.create_session(db, edition.id, facts, actor=actor, now=now, uid=key)


def _those_who_can(db: DbSession, edition: Edition) -> Sequence[int]:
    agreed = [speaker.id for speaker in speakers.speakers_of(db, edition.id) if speaker.state.has_agreed]
    return sorted(agreed, reverse=True)
