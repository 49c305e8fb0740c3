"""What stands in the form beside the grid: what the address wishes, else what is stored, else a sensible beginning."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from uuid import uuid4

from app.agenda.forms import CLOCK
from app.agenda.notation import as_seen
from app.agenda.plan import Planned
from app.agenda.rules import USUAL, SessionKind
from app.values.text import a_number
from app.values.time import YEARS
from app.workbench.forms import GestureForm


def form_of(session: Planned | None, day: date | None, asked: Mapping[str, str]) -> GestureForm:
    """For this session, or for a new one on that day."""
    kind = session.kind if session else SessionKind.TALK
    stored = {
        "session": session and session.id,
        "saw": session and as_seen(session.placement),
        "on": (session and session.day) or day,
        "start": f"{session.starts_at:%H:%M}" if session and session.starts_at else "",
        "minutes": (session and session.placement.minutes) or USUAL[kind],
        "room": session and session.room,
        "kind": kind.value,
    }
    return GestureForm(formdata=None, data=stored | _wished(asked) | {"key": str(uuid4())})


def _wished(asked: Mapping[str, str]) -> dict[str, Any]:
    """As far as it can be read."""
    found = {
        "on": a_day(asked.get("on", "")),
        "start": f"{start:%H:%M}" if (start := a_clock(asked.get("start", ""))) else None,
        "minutes": a_number(asked.get("minutes", "")),
        "room": a_number(asked.get("room", "")),
        "title": asked.get("title", "")[:300],
    }
    return {name: value for name, value in found.items() if value}


def a_day(text: str) -> date | None:
    """Of a year one can reckon with."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in YEARS else None


def a_clock(text: str) -> time | None:
    found = CLOCK.fullmatch(text)
    hour, minute = (int(found[1]), int(found[2] or found[3] or 0)) if found else (99, 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def a_start(asked: Mapping[str, str]) -> datetime | None:
    day, clock = a_day(asked.get("on", "")), a_clock(asked.get("start", ""))
    return datetime.combine(day, clock) if day and clock else None
