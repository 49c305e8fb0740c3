"""Drafts as plain values: a session with nothing wrong about it, and a plan to put it into."""

from datetime import date, datetime
from typing import Any

from app.agenda.findings import Finding, findings
from app.agenda.plan import Place, Plan, Planned, Taking
from app.agenda.rules import SessionKind
from app.values.language import Translated
from app.values.time import Days

DAY = date(2027, 9, 23)
DAYS = Days(DAY, date(2027, 9, 24))
IN_ALL = Translated("Cells", "Zellen", "电池")


def at(hour: float, day: date = DAY) -> datetime:
    """A wall time: 9.5 is half past nine."""
    return datetime(day.year, day.month, day.day, int(hour), round(hour % 1 * 60))


def planned(
    id: int = 1, start: float = 9, end: float = 10, *, people: tuple[int, ...] | None = None, **overrides: Any
) -> Planned:
    """A complete session on the first day, with nothing wrong about it. `people` speak in it."""
    facts: dict[str, Any] = {
        "kind": SessionKind.TALK,
        "title": IN_ALL,
        "day": DAY,
        "starts_at": at(start),
        "ends_at": at(end),
        "room": id,
        "cast": tuple(Taking(person, person) for person in ((id,) if people is None else people)),
    }
    return Planned(id, **facts | overrides)


def found(*sessions: Planned, **overrides: Any) -> list[Finding]:
    """Of these sessions alone, in an edition of two days in Haikou with a room for each."""
    rooms = tuple(Place(room) for room in range(1, 10))
    plan: dict[str, Any] = {"zone": "Asia/Shanghai", "days": DAYS, "sessions": sessions, "rooms": rooms}
    return list(findings(Plan(**plan | overrides)))
