"""The workbench's view of a draft: one day as a sheet, the unplaced beside it, what is wrong with each, in words."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property, partial
from typing import Any
from uuid import uuid4

from flask import get_template_attribute, render_template, request, url_for
from flask_babel import ngettext

from app.agenda import queries
from app.agenda.findings import Finding, Severity, findings, marks, tally
from app.agenda.manage import the_plan
from app.agenda.models import Room, Step, Track
from app.agenda.naming import Names
from app.agenda.notation import as_seen
from app.agenda.plan import Plan, Planned
from app.agenda.sentences import sentence_of
from app.agenda.words import SEVERITIES
from app.database import DbSession
from app.editions import queries as editions
from app.editions.models import Edition
from app.values.actor import Right
from app.values.language import Language
from app.values.text import a_number
from app.values.time import wall
from app.web.access import actor
from app.web.clock import now
from app.web.dates import in_words, weekday
from app.web.deeds import NAMELESS
from app.web.languages import language
from app.web.templating import plain, say
from app.workbench import changes
from app.workbench.colours import Colour, Shade, Shading, legend, shading
from app.workbench.deeds import Told, announced, told, whereabouts
from app.workbench.filling import a_day
from app.workbench.sheet import Spot, hours, spots
from app.workbench.steps import changes_in, steps_of
from app.workbench.tiles import There, Tile, there, tile

ZOOMS = range(60, 201, 20)
DAY_OVER_THERE = {Language.EN: "EEE d", Language.DE: "EEE d.", Language.ZH: "d日EEE"}
WEEKDAY = {Language.EN: "EEEE", Language.DE: "EEEE", Language.ZH: "EEEE"}
SHORT_WEEKDAY = {Language.EN: "EEE", Language.DE: "EEE", Language.ZH: "EEE"}
FEW_DAYS = 3
WIDEST = 6
"""With more rooms the sheet is a pane that scrolls on its own."""


@dataclass(frozen=True, slots=True)
class Look:
    """What the address asks for; what it does not know it ignores."""

    day: date | None = None
    colour: Colour = Colour.TRACK
    zoom: int = 100
    session: int | None = None

    @classmethod
    def of(cls, arguments: Mapping[str, str]) -> "Look":
        colour, zoom, session = (arguments.get(name, "") for name in ("colour", "zoom", "session"))
        return cls(
            a_day(arguments.get("day", "")),
            Colour(colour) if colour in list(Colour) else Colour.TRACK,
            int(zoom) if a_number(zoom) in ZOOMS else 100,
            a_number(session),
        )

    @property
    def kept(self) -> dict[str, str]:
        """What an address says of how the grid looks; the usual is not said."""
        usual = Look()
        colour = {} if self.colour is usual.colour else {"colour": self.colour.value}
        return colour | ({} if self.zoom == usual.zoom else {"zoom": str(self.zoom)})


@dataclass(frozen=True, slots=True)
class Mark:
    """A line of the scale."""

    at: int
    """Steps from the midnight that begins the day."""
    clock: datetime
    homes: tuple[There, ...]
    days: tuple[str, ...]
    """For each home which day it is there, where the line has to say so; else empty."""


@dataclass(frozen=True)
class Board:
    edition: Edition
    plan: Plan
    look: Look
    rooms: Sequence[Room]
    tracks: Sequence[Track]
    names: Names
    homes: Sequence[str]
    found: tuple[Finding, ...]
    may_edit: bool
    by: Mapping[int, str] = field(default_factory=dict)
    """Who else has just changed a session."""

    @cached_property
    def days(self) -> list[date]:
        """The edition's own and any other that something stands on."""
        return sorted({*(self.plan.days or ()), *(s.day for s in self.plan.sessions if s.day)})

    @cached_property
    def day(self) -> date | None:
        """The one asked for, else that of the session asked for, else today, else the first."""
        today = wall(now(), self.edition.zone).date()
        wishes = (self.look.day, self.chosen.day if self.chosen else None, today)
        return next((wish for wish in wishes if wish in self.days), next(iter(self.days), None))

    @cached_property
    def chosen(self) -> Planned | None:
        return self.plan.session(self.look.session) if self.look.session else None

    @cached_property
    def of_day(self) -> list[Planned]:
        return [s for s in self.plan.sessions if s.day == self.day and s.starts_at]

    @cached_property
    def unplaced(self) -> list[Planned]:
        return [s for s in self.plan.sessions if s.starts_at is None and not s.is_cancelled]

    @cached_property
    def counts_by_day(self) -> Mapping[date | None, int]:
        return _counted(s.day for s in self.plan.sessions if s.starts_at)

    @cached_property
    def spots(self) -> Mapping[int, Spot]:
        return spots(self.of_day, [room.id for room in self.rooms])

    @cached_property
    def columns(self) -> int:
        """A column behind the rooms stands for sessions of this day that have none."""
        return max([len(self.rooms), 1, *(spot.column for spot in self.spots.values())])

    @property
    def has_roomless(self) -> bool:
        return self.columns > len(self.rooms)

    def room_named(self, session: Planned) -> str:
        room = self.room_by_id.get(session.room or 0)
        return say(room.name) if room else ""

    @property
    def label(self) -> str:
        """What the sheet is called."""
        named: str = ngettext(
            "Timetable of %(day)s: %(num)s session", "Timetable of %(day)s: %(num)s sessions", len(self.of_day),
            day=weekday(self.day) if self.day else "",
        )  # fmt: skip
        return named

    @property
    def has_many_days(self) -> bool:
        return len(self.days) > FEW_DAYS

    def weekday_of(self, day: date) -> str:
        return in_words(day, SHORT_WEEKDAY if self.has_many_days else WEEKDAY)

    @property
    def shift_from(self) -> datetime | None:
        """What would make room behind the chosen session begins here: the next one in its room, else its own end."""
        if self.chosen is None or self.chosen.starts_at is None:
            return None
        start, room = self.chosen.starts_at, self.chosen.room
        behind = [s.starts_at for s in self.of_day if s.room == room and s.starts_at and s.starts_at > start]
        return min(behind, default=self.chosen.ends_at)

    @property
    def is_wide(self) -> bool:
        return self.columns > WIDEST

    @cached_property
    def hours(self) -> tuple[int, int]:
        return hours(self.of_day)

    @cached_property
    def scale(self) -> list[Mark]:
        """A line every half hour."""
        first, last = self.hours
        start = datetime.combine(self.day or date.min, time())
        clocks = [(half, start + timedelta(minutes=30 * half)) for half in range(2 * first, 2 * last)]
        before: dict[str, int] = {}
        found = []
        for half, clock in clocks:
            homes = there(clock, self.edition.zone, self.homes)
            days = tuple(_day_over_there(home, before.get(home.city, 0)) for home in homes)
            found.append(Mark(half * 6, clock, homes, days))
            before = {home.city: home.shift for home in homes}
        return found

    @cached_property
    def home_cities(self) -> list[str]:
        return [home.city for home in self.scale[0].homes] if self.scale else []

    @cached_property
    def shading(self) -> Shading:
        return shading(self.look.colour, self.plan, self.tracks)

    @cached_property
    def legend(self) -> list[Shade]:
        return legend(self.shading(session) for session in [*self.of_day, *self.unplaced])

    @cached_property
    def room_by_id(self) -> Mapping[int, Room]:
        return {room.id: room for room in self.rooms}

    @cached_property
    def track_by_id(self) -> Mapping[int, Track]:
        return {track.id: track for track in self.tracks}

    @cached_property
    def marks(self) -> Mapping[int, Severity]:
        return marks(self.found)

    @cached_property
    def counts(self) -> Mapping[Severity, int]:
        return tally(self.found)

    @cached_property
    def found_by_session(self) -> Mapping[int, list[Finding]]:
        by_session: defaultdict[int, list[Finding]] = defaultdict(list)
        for finding in self.found:
            for session in {finding.session, finding.other} - {None}:
                by_session[session or 0].append(finding.seen_from(session or 0))
        return by_session

    @cached_property
    def tiles(self) -> list[Tile]:
        """The sheet's, in the order of time and of the rooms."""
        in_order = sorted(self.of_day, key=lambda s: (self.spots[s.id].at, self.spots[s.id].column, s.id))
        return [self.tile(session) for session in in_order]

    def tile(self, session: Planned) -> Tile:
        return tile(
            session, spot=self.spots.get(session.id), shade=self.shading(session), rooms=self.room_by_id,
            names=self.names.people, zone=self.edition.zone, homes=self.homes, worst=self.marks.get(session.id),
            wrong=self.wrong(session.id), by=self.by.get(session.id, ""),
        )  # fmt: skip

    def wrong(self, session_id: int) -> str:
        return " ".join(self.sentence(f, here=True) for f in self.found_by_session.get(session_id, ()) if not f.waived)

    def sentence(self, finding: Finding, *, here: bool = False) -> str:
        return sentence_of(finding, self.names, here=here)

    def linked(self, finding: Finding, *, here: bool = False) -> str:
        """With every session in it a link to its place here."""
        address = partial(self.address, day=None, _anchor="form")
        return sentence_of(finding, self.names, here=here, address=lambda session: address(session=session))

    def address(self, **query: Any) -> str:
        """Of this page, looked at as it is now."""
        asked = {"day": self.day and self.day.isoformat(), **self.look.kept, **query}
        return url_for("workbench.bench", edition=self.edition.slug, **asked)


def board_of(db: DbSession, edition: Edition, look: Look, *, by: Mapping[int, str] | None = None) -> Board:
    """The same number of queries however much is planned."""
    plan, rooms = the_plan(edition.id), queries.rooms_of(db, edition.id)
    names = Names(
        plan, {s.id: s for s in plan.sessions}, {room.id: room.name for room in rooms}, changes.names_of(db, edition.id)
    )
    return Board(
        edition=edition,
        plan=plan,
        look=look,
        rooms=rooms,
        tracks=queries.tracks_of(db, edition.id),
        names=names,
        homes=editions.the_series(db).home_zones,
        found=findings(plan),
        may_edit=actor().may(Right.EDIT_AGENDA, edition.id),
        by=by or {},
    )


@dataclass(frozen=True, slots=True)
class Foot:
    """One's own steps at this edition: what was done last, what could be done again, and all of them."""

    done: Told | None = None
    undone: Told | None = None
    steps: Sequence[Told] = ()
    key: str = ""


def foot_of(db: DbSession, edition: Edition) -> Foot:
    account = actor().account_id
    if account is None or not actor().may(Right.EDIT_AGENDA, edition.id):
        return Foot()
    steps = steps_of(db, edition.id, account)
    words = {told_.step: told_ for told_ in told(db, steps)}
    done = next((words[step.id] for step in steps if not step.is_undone), None)
    undone = max((step for step in steps if step.is_undone), key=lambda step: step.turned, default=None)
    return Foot(done, words[undone.id] if undone else None, [words[step.id] for step in steps], str(uuid4()))


def reply(
    db: DbSession, edition: Edition, *, since: int, touched: Collection[int] = (), step: Step | None = None
) -> dict[str, Any]:
    """What a page that knew the agenda's number `since` has to change. Read after the commit, so others' are in it."""
    changed = changes.changed_since(db, edition.id, since)
    look, me = Look.of(request.values), actor().account_id
    hands = changes.changers(db, changed)
    others = {session: str(NAMELESS.get(hand.name, hand.name)) for session, hand in hands.items() if hand.account != me}
    board = board_of(db, edition, look, by={id_: name for id_, name in others.items() if id_ not in touched})
    shown = [session for session in board.plan.sessions if session.id in changed or session.id in touched]
    there = {session.id for session in board.plan.sessions}
    return {
        "number": board.plan.number,
        "slots": [slot(board, session) for session in shown],
        "there": [session.id for session in board.of_day],
        "tray": render_template("workbench/_bench_tray.html", board=board),
        "gone": [id_ for id_ in touched if id_ not in there],
        "marks": {session.id: board.marks[session.id] for session in board.of_day if session.id in board.marks},
        "words": {session.id: board.wrong(session.id) for session in board.of_day if session.id in board.marks},
        "days": {day.isoformat(): board.counts_by_day[day] for day in board.days},
        "label": board.label,
        "severities": {name: str(word) for name, word in SEVERITIES.items()},
        "counts": {severity.value: board.counts[severity] for severity in Severity},
        "findings": [
            {"session": finding.session, "severity": finding.severity, "text": board.sentence(finding)}
            for id_ in touched
            for finding in board.found_by_session.get(id_, ())
        ],
        "said": announced(step, changes_in(db, [step])[step.id], board.plan, board.found) if step else "",
        "undo": render_template("workbench/_bench_foot.html", foot=foot_of(db, edition), edition=edition),
    }


def slot(board: Board, session: Planned) -> dict[str, Any]:
    """One session for a page that has it already, or does not yet."""
    tile, render = board.tile(session), get_template_attribute("workbench/_slot.html", "slot")
    return {
        "id": session.id,
        "html": str(render(tile, board)) if tile.spot else "",
        "day": session.day and session.day.isoformat(),
        "at": tile.spot and tile.spot.at,
        "for": tile.spot and tile.spot.steps,
        "room": session.room,
        "pinned": session.is_pinned,
        "saw": as_seen(session.placement),
        "title": session.title.best(language()).text,
        "by": tile.by,
        "where": whereabouts(session.placement, {id_: plain(room) for id_, room in board.names.rooms.items()}),
    }


def _day_over_there(home: There, before: int) -> str:
    """Said where it is not the day that the line before it was on, or (at the first line) not the venue's."""
    return in_words(home.at.date(), DAY_OVER_THERE) if home.shift != before else ""


def _counted(days: Iterable[date | None]) -> Mapping[date | None, int]:
    found: defaultdict[date | None, int] = defaultdict(int)
    for day in days:
        found[day] += 1
    return found
