"""A problem of placing as a linear model in whole numbers.

One column for each spot a session may have, and one for leaving it out. What cannot be twice (a room, a person,
something for all) is one row for each moment at which something may begin: of all that run at that moment at most
one is chosen. That says more than a row for each pair, and there are fewer. See docs/decisions/0005.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from app.proposals.merit import UNPLACED, changes, hours_late, points, samples
from app.proposals.proposal import MINUTES_A_DAY, Block, Item, Problem, Spot
from app.proposals.wishes import Aim

Key = TypeVar("Key", bound=Hashable)

ANYWHERE = -1
"""The room of a model that only asks when."""
Spots = Mapping[int, Sequence[Spot]]


@dataclass(frozen=True, slots=True)
class Option:
    """A column: this session there."""

    column: int
    item: Item
    spot: Spot

    @property
    def start(self) -> int:
        return self.spot.start

    @property
    def end(self) -> int:
        return self.spot.start + self.item.minutes


@dataclass(slots=True)
class Table:
    """Columns and rows as HiGHS takes them. A row says: at most so much; with `exactly`, neither more nor less."""

    costs: list[float] = field(default_factory=list)
    lowers: list[float] = field(default_factory=list)
    uppers: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    limits: list[float] = field(default_factory=list)
    least: list[float] = field(default_factory=list)
    """Of a row: below none, or its limit."""
    begins: list[int] = field(default_factory=lambda: [0])
    indices: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def column(self, cost: float, *, lower: float = 0, upper: float = 1, whole: bool = False) -> int:
        self.costs.append(cost)
        self.lowers.append(lower)
        self.uppers.append(upper)
        self.whole.append(whole)
        return len(self.costs) - 1

    def row(
        self, columns: Sequence[int], limit: float, *, times: Sequence[float] = (), minus: int | None = None,
        each: float = 1, exactly: bool = False,
    ) -> None:  # fmt: skip
        """The sum of these columns, each `times` its number, less one of them that counts so much `each`."""
        self.indices += columns
        self.values += times or [1.0] * len(columns)
        if minus is not None:
            self.indices.append(minus)
            self.values.append(-each)
        self.begins.append(len(self.indices))
        self.limits.append(limit)
        self.least.append(limit if exactly else float("-inf"))


class Model:
    """The table of a problem, and which of its columns mean what.

    Without `rooms` it only asks when, and counts rooms instead of naming them: far smaller, it allows more than
    can be, so that no proposal can cost less than its best.
    """

    def __init__(self, problem: Problem, spots: Spots, *, rooms: bool = True) -> None:
        self.problem, self.table, self.has_rooms = problem, Table(), rooms
        self.options: list[Option] = []
        self.left: dict[int, int] = {}
        for item in problem.items:
            self._place(item, spots[item.id])
        for_all = [option for option in self.options if option.item.for_all]
        if rooms:
            self._rooms_once(for_all)
            self._ways()
            self._tracks_in_one_room()
        else:
            self._rooms_counted(spots)
        self._alone(for_all)
        self._people_once()
        self._tracks_apart()
        self._pauses()
        self._few_days()

    def _place(self, item: Item, spots: Sequence[Spot]) -> None:
        """Its columns: one for each spot, one for none; exactly one of them is chosen."""
        cheapest: dict[Spot, int] = {}
        for spot in spots:
            kept, cost = spot if self.has_rooms else Spot(spot.start, ANYWHERE), self._cost(item, spot)
            cheapest[kept] = min(cost, cheapest.get(kept, cost))
        options = [Option(self.table.column(cost, whole=True), item, s) for s, cost in cheapest.items()]
        self.left[item.id] = self.table.column(UNPLACED, whole=True)
        self.table.row([*(option.column for option in options), self.left[item.id]], 1, exactly=True)
        self.options += options

    def _cost(self, item: Item, spot: Spot) -> int:
        late, moved = points(self.problem, Aim.EARLY), points(self.problem, Aim.STAY)
        return hours_late(self.problem, spot) * late + changes(item, spot) * moved

    def columns_of(self, places: Mapping[int, Spot]) -> list[int]:
        """The columns that are one in this placing. What has no column there is left out."""
        chosen = {}
        for option in self.options:
            there = places.get(option.item.id)
            if there is not None and option.start == there.start and option.spot.room in (there.room, ANYWHERE):
                chosen[option.item.id] = option.column
        return [chosen.get(item, left) for item, left in self.left.items()]

    def places_of(self, values: Sequence[float]) -> dict[int, Spot]:
        return {option.item.id: option.spot for option in self.options if values[option.column] > 0.5}

    # the rules

    def _rooms_once(self, for_all: Sequence[Option]) -> None:
        named = [option for option in self.options if option.spot.room is not None and not option.item.for_all]
        for own in _grouped(named, lambda option: option.spot.room).values():
            self._at_most_one([*own, *for_all])

    def _rooms_counted(self, spots: Spots) -> None:
        """At no moment more sessions than rooms; the same for those that only some rooms are good for."""
        wanted = {
            item.id: frozenset(s.room for s in spots[item.id] if s.room is not None) for item in self.problem.items
        }
        for rooms in {frozenset(self.problem.rooms), *wanted.values()} - {frozenset()}:
            own = [o for o in self.options if wanted[o.item.id] and (wanted[o.item.id] <= rooms)]
            for at, running in _by_moment(own).items():
                taken = {b.room for b in self.problem.blocks if b.start <= at < b.end}
                if len({option.item.id for option in running}) > len(rooms - taken):
                    self.table.row([option.column for option in running], len(rooms - taken))

    def _alone(self, for_all: Sequence[Option]) -> None:
        """Nothing beside what is for all, in whatever room."""
        if not for_all:
            return
        self._at_most_one(for_all)
        for own in _grouped(self.options, lambda option: option.item.id).values():
            if not own[0].item.for_all and (not self.has_rooms or own[0].spot.room is None):
                self._at_most_one([*own, *for_all])

    def _people_once(self) -> None:
        for own in self._by_person().values():
            self._at_most_one(own)

    def _ways(self) -> None:
        """Who comes from another room needs minutes to get there: those ending so shortly before count as running."""
        for own in self._by_person().values() if self.problem.travel else ():
            for room, there in _grouped(own, lambda option: option.spot.room).items():
                for at, running in _by_moment(there).items():
                    self._way(room, at, running, own)

    def _way(self, room: int | None, at: int, running: Sequence[Option], own: Sequence[Option]) -> None:
        near = [o for o in own if o.end <= at < o.end + self.problem.minutes_between(o.spot.room, room)]
        for elsewhere in _grouped(near, lambda option: option.item.id).values():
            others = [option for option in running if option.item.id != elsewhere[0].item.id]
            if others:
                self.table.row([option.column for option in (*others, *elsewhere)], 1)

    def _at_most_one(self, options: Sequence[Option]) -> None:
        """Two that meet do so at the moment when the later one begins."""
        for running in _by_moment(options).values():
            if len({option.item.id for option in running}) > 1:
                self.table.row([option.column for option in running], 1)

    # the aims

    def _tracks_apart(self) -> None:
        cost, step = points(self.problem, Aim.TOPIC), self.problem.wishes.step
        tracked = _grouped([o for o in self.options if o.item.track is not None], lambda option: option.item.track)
        for track, own in tracked.items() if cost else ():
            standing = self._standing(lambda block, track=track: block.track == track)  # type: ignore[misc]
            at_moment: dict[int, list[Option]] = defaultdict(list)
            for option in own:
                for at in samples(option.start, option.end, step):
                    at_moment[at].append(option)
            beside = dict.fromkeys(at_moment, 0) | Counter(at for b in standing for at in samples(b.start, b.end, step))
            for at, others in beside.items():
                running = at_moment.get(at, [])
                most = len({option.item.id for option in running})
                if most + others > 1:
                    excess = self.table.column(cost * step, lower=max(0, others - 1), upper=most + others)
                    self.table.row([option.column for option in running], 1 - others, minus=excess)

    def _tracks_in_one_room(self) -> None:
        cost = points(self.problem, Aim.ROOM)
        own = [o for o in self.options if o.item.track is not None and o.spot.room is not None]
        for (track, day), there in _grouped(own, lambda o: (o.item.track, o.spot.day)).items() if cost else ():
            rooms = {b.room for b in self._standing(lambda b, t=track: b.track == t) if _day(b) == day} - {None}  # type: ignore[misc]
            used = []
            for room, options in _grouped(there, lambda option: option.spot.room).items():
                if room not in rooms:
                    used.append(self.table.column(0))
                    for session in _grouped(options, lambda option: option.item.id).values():
                        self.table.row([option.column for option in session], 0, minus=used[-1])
            if len(used) + len(rooms) > 1:
                further = self.table.column(cost, lower=max(0, len(rooms) - 1), upper=len(used) + len(rooms))
                self.table.row(used, 1 - len(rooms), minus=further)

    def _pauses(self) -> None:
        """One column for each moment at which somebody may begin: whether they have just ended something else."""
        cost = points(self.problem, Aim.PAUSE) if self.problem.wishes.pause else 0
        for person, own in self._by_person(least=1).items() if cost else ():
            standing = self._standing(lambda block, person=person: person in block.people)  # type: ignore[misc]
            for at in sorted({option.start for option in own} | {block.start for block in standing}):
                self._pause(cost, at, own, standing)

    def _pause(self, cost: int, at: int, own: Sequence[Option], standing: Sequence[Block]) -> None:
        pause = self.problem.wishes.pause
        begin = _grouped([option for option in own if option.start == at], lambda option: option.item.id)
        ended = _grouped([o for o in own if at - pause < o.end <= at], lambda option: option.item.id)
        begins = any(block.start == at for block in standing)
        has_ended = any(at - pause < block.end <= at for block in standing)
        rows = []
        if has_ended and begin:
            rows.append(([o.column for options in begin.values() for o in options], 0))
        if begins and ended:
            rows += [([o.column for o in options], 0) for options in ended.values()]
        for session, options in ended.items():
            later = [o.column for i, those in begin.items() if i != session for o in those]
            if later:
                rows.append(([*later, *(o.column for o in options)], 1))
        if rows:
            missing = self.table.column(cost)
            for columns, limit in rows:
                self.table.row(columns, limit, minus=missing)

    def _few_days(self) -> None:
        cost = points(self.problem, Aim.DAYS)
        for person, own in self._by_person(least=1).items() if cost else ():
            days = {_day(b) for b in self._standing(lambda block, person=person: person in block.people)}  # type: ignore[misc]
            there = []
            for day, options in _grouped(own, lambda option: option.spot.day).items():
                if day not in days:
                    there.append(self.table.column(0))
                    for session in _grouped(options, lambda option: option.item.id).values():
                        self.table.row([option.column for option in session], 0, minus=there[-1])
            if len(there) + len(days) > 1:
                further = self.table.column(cost, lower=max(0, len(days) - 1), upper=len(there) + len(days))
                self.table.row(there, 1 - len(days), minus=further)

    def _by_person(self, least: int = 2) -> dict[int, list[Option]]:
        """The options of everybody who is in so many sessions at least."""
        sessions = Counter(person for item in self.problem.items for person in item.people)
        found: defaultdict[int, list[Option]] = defaultdict(list)
        for option in self.options:
            for person in option.item.people:
                if sessions[person] >= least:
                    found[person].append(option)
        return found

    def _standing(self, concerns: Callable[[Block], bool]) -> list[Block]:
        """What stands and concerns us, but for who only wants a room and stands here as an option."""
        return [block for block in self.problem.blocks if block.session not in self.left and concerns(block)]


def _day(block: Block) -> int:
    return block.start // MINUTES_A_DAY


def _grouped(options: Iterable[Option], by: Callable[[Option], Key]) -> dict[Key, list[Option]]:
    found: dict[Key, list[Option]] = {}
    for option in options:
        found.setdefault(by(option), []).append(option)
    return found


def _by_moment(options: Sequence[Option]) -> dict[int, list[Option]]:
    """For each moment at which one of them begins, those that run then."""
    moments = sorted({option.start for option in options})
    found: dict[int, list[Option]] = {at: [] for at in moments}
    for option in options:
        for at in moments[bisect_left(moments, option.start) : bisect_left(moments, option.end)]:
            found[at].append(option)
    return found
