"""The two clocks of the next edition: what they show, and by how much they differ."""

from datetime import datetime, timedelta

from app.agenda.rules import SessionKind
from app.publishing.content import Content, SessionContent
from app.values.time import in_zone


def opening_of(content: Content) -> SessionContent | None:
    """The opening, else whatever begins first. None before any time is published."""
    timed = [session for session in content.sessions if session.starts_at and not session.is_cancelled]
    openings = [session for session in timed if session.kind is SessionKind.OPENING]
    return min(openings or timed, key=lambda session: str(session.starts_at), default=None)


def is_night(at: datetime) -> bool:
    """Which of the two clock faces: dark from seven in the evening to seven in the morning."""
    return at.hour < 7 or at.hour >= 19


def behind(at: datetime, zone: str, other: str) -> timedelta:
    """By how much a clock elsewhere is behind at that moment; negative where it is ahead."""
    return at - in_zone(at, zone, other)
