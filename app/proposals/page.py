"""What the page of a proposal shows: its lines beside the draft as it is now, day by day, and a small picture of each day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.agenda.models import Proposal
from app.agenda.plan import Plan
from app.agenda.rules import ProposalState
from app.database import DbSession
from app.proposals.merit import UNPLACED
from app.proposals.outcome import Fate, Line, Outcome, Standing, standings
from app.proposals.proposal import Hindrance
from app.proposals.wishes import Wishes
from app.proposals.words import FATES, RULES, Names, because, missed, names_of
from app.values.language import Translated
from app.web.languages import language
from app.workbench.deeds import whereabouts

A_MINUTE, A_ROOM, HEAD = 0.28, 46, 14
"""In the picture's own units."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A line in words."""

    line: Line
    title: Translated
    before: str
    after: str
    standing: Standing
    mark: str
    word: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """Who found no place, and why."""

    session: int
    title: Translated
    rules: str
    why: str


@dataclass(frozen=True, slots=True)
class Box:
    """A session in the picture."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    """`stays`, `moves` or `all`."""
    title: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A day as it would be if all that fits were taken."""

    day: date
    rooms: tuple[str, ...]
    boxes: tuple[Box, ...]
    height: float
    """With the heads of the rooms."""

    @property
    def width(self) -> float:
        return max(len(self.rooms), 1) * A_ROOM


@dataclass(frozen=True, slots=True)
class Page:
    outcome: Outcome
    days: dict[date | None, list[Shown]]
    """By the day proposed; under None what goes back to the unplaced."""
    left: list[Left]
    missed: list[str]
    pictures: list[Picture]

    @property
    def lines(self) -> list[Shown]:
        return [shown for own in self.days.values() for shown in own]

    def count(self, fate: Fate) -> int:
        return sum(shown.standing.fate is fate for shown in self.lines)

    @property
    def open(self) -> int:
        return sum(shown.standing.can_be_taken for shown in self.lines)

    @property
    def points(self) -> int:
        """Of what is placed: the price of what is not would hide it."""
        return self.outcome.points - UNPLACED * len(self.outcome.left)

    @property
    def bound(self) -> int:
        """No proposal that places as many has fewer points."""
        return max(0, round(self.outcome.bound) - UNPLACED * len(self.outcome.left))

    @property
    def above(self) -> int:
        """How many per cent it is above that."""
        return round(100 * (self.points - self.bound) / max(self.bound, 1))


def page_of(db: DbSession, row: Proposal, plan: Plan, *, at: datetime) -> Page | None:
    """None while there is no result."""
    if row.state not in (ProposalState.DONE, ProposalState.STOPPED) or not row.result:
        return None
    found = Outcome.from_json(row.result)
    now = standings(plan, Wishes.from_json(row.wishes), found.lines, at=at)
    titles = {session.id: session.title for session in plan.sessions}
    hindrances = [h for own in (*found.left.values(), *(s.hindrances for s in now.values())) for h in own]
    plain = {id_: title.best(language()).text for id_, title in titles.items()}
    names = names_of(db, row.edition_id, plain, hindrances)
    days: dict[date | None, list[Shown]] = {}
    for line in found.lines:
        if line.session in titles:
            days.setdefault(line.after.day, []).append(_shown(line, titles[line.session], now[line.session], names))
    left = [_left(session, titles[session], why, names) for session, why in found.left.items() if session in titles]
    told = [said for tally in found.tallies if (said := missed(tally))]
    return Page(found, days, left, told, _pictures(plan, found.lines, now, names))


def _shown(line: Line, title: Translated, standing: Standing, names: Names) -> Shown:
    mark, word = FATES[standing.fate]
    before, after = (whereabouts(placement, names.rooms) for placement in (line.before, line.after))
    return Shown(line, title, before, after, standing, mark, str(word), because(standing.hindrances, names))


def _left(session: int, title: Translated, why: Sequence[Hindrance], names: Names) -> Left:
    return Left(session, title, " · ".join(str(RULES[hindrance.rule]) for hindrance in why), because(why, names))


def _pictures(plan: Plan, lines: Sequence[Line], now: Mapping[int, Standing], names: Names) -> list[Picture]:
    """Of every day on which something is to move."""
    to = {line.session: line.after for line in lines if now[line.session].fate in (Fate.OPEN, Fate.MOVED, Fate.THERE)}
    stood = {session.id: to.get(session.id, session.placement) for session in plan.sessions if not session.is_cancelled}
    days = sorted({placement.day for placement in to.values() if placement.day})
    columns = {room.id: n for n, room in enumerate(plan.rooms)}
    pictures = []
    for day in days:
        there = {i: p for i, p in stood.items() if p.starts_at and p.ends_at and p.starts_at.date() == day}
        opens = min(_minute(p.starts_at) for p in there.values())
        boxes = []
        for id_, placement in there.items():
            top, minutes = HEAD + (_minute(placement.starts_at) - opens) * A_MINUTE, placement.minutes or 0
            column = columns.get(placement.room_id or 0)
            session = plan.session(id_)
            is_for_all = bool(session and session.for_all)
            if column is None and not is_for_all:
                continue
            kind = "moves" if id_ in to else "all" if is_for_all else "stays"
            x, width = (0, len(columns) * A_ROOM) if is_for_all or column is None else (column * A_ROOM, A_ROOM)
            boxes.append(
                Box(x + 1, top + 0.5, width - 2, max(minutes * A_MINUTE - 1, 1), kind, names.sessions.get(id_, ""))
            )
        height = max((box.y + box.height for box in boxes), default=HEAD) + 1
        pictures.append(
            Picture(day, tuple(names.rooms.get(room.id, "") for room in plan.rooms), tuple(boxes), round(height, 1))
        )
    return pictures


def _minute(at: datetime | None) -> int:
    return at.hour * 60 + at.minute if at else 0
