"""Placements and facts in plain text and JSON: how a client says what it saw, and a step remembers what it did."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from app.agenda.rules import Placement, SessionFacts, SessionKind, SessionRole, SpeakingOrder
from app.values.language import Language, Translated

UNPLACED = "-"


def as_seen(placement: Placement) -> str:
    """`2027-09-23T11:30/45/3`, or `-` without a time: two are equal where time and room are."""
    if placement.starts_at is None:
        return UNPLACED
    return f"{placement.starts_at:%Y-%m-%dT%H:%M}/{placement.minutes}/{placement.room_id or ''}"


def from_seen(text: str) -> Placement:
    """The other way round, as far as it was said."""
    if text == UNPLACED:
        return Placement()
    start, minutes, room = text.split("/")
    starts_at = datetime.fromisoformat(start)
    ends_at = starts_at + timedelta(minutes=int(minutes))
    return Placement(starts_at.date(), starts_at, ends_at, int(room) if room else None)


def placement_to_json(placement: Placement) -> dict[str, Any]:
    day, start, end = placement.day, placement.starts_at, placement.ends_at
    return {
        "day": day and day.isoformat(),
        "starts_at": start and start.isoformat(),
        "ends_at": end and end.isoformat(),
        "room": placement.room_id,
        "pinned": placement.is_pinned,
    }


def placement_from_json(noted: Mapping[str, Any]) -> Placement:
    return Placement(
        day=_date(noted["day"]),
        starts_at=_time(noted["starts_at"]),
        ends_at=_time(noted["ends_at"]),
        room_id=noted["room"],
        is_pinned=noted["pinned"],
    )


def facts_to_json(facts: SessionFacts) -> dict[str, Any]:
    """Everything but where it stands: that is its placement's to say."""
    return {
        "kind": facts.kind.value,
        "title": facts.title.as_dict(),
        "title_translated": list(facts.title_translated),
        "abstract": facts.abstract.as_dict(),
        "note": facts.note.as_dict(),
        "slug": facts.slug,
        "part_of_day": facts.part_of_day,
        "track": facts.track_id,
        "for_all": facts.for_all,
        "language": facts.language and facts.language.value,
        "interpretation": list(facts.interpretation),
        "speakers": [[speaker, role.value] for speaker, role in facts.speakers],
        "position": facts.position,
        "expected": facts.expected,
        "order": facts.order.value,
    }


def facts_from_json(noted: Mapping[str, Any], placement: Placement) -> SessionFacts:
    return SessionFacts(
        kind=SessionKind(noted["kind"]),
        title=Translated.of(noted["title"]),
        title_translated=tuple(noted["title_translated"]),
        abstract=Translated.of(noted["abstract"]),
        note=Translated.of(noted["note"]),
        slug=noted["slug"],
        day=placement.day,
        part_of_day=noted["part_of_day"],
        starts_at=placement.starts_at,
        ends_at=placement.ends_at,
        room_id=placement.room_id,
        track_id=noted["track"],
        for_all=noted["for_all"],
        language=Language(noted["language"]) if noted["language"] else None,
        interpretation=tuple(noted["interpretation"]),
        speakers=tuple((speaker, SessionRole(role)) for speaker, role in noted["speakers"]),
        position=noted["position"],
        expected=noted["expected"],
        order=SpeakingOrder(noted["order"]),
        is_pinned=placement.is_pinned,
    )


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
