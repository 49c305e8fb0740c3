"""Does a session fit there? The hard rules of a proposal, one by one, beside everything that stands."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from app.proposals.proposal import MINUTES_A_DAY, Block, Hindrance, Item, Problem, Rule, Spot, block_of, moment
from app.values.time import WallKind, wall_kind


class Ground:
    """What stands, so kept that one can ask quickly what is in the way of a spot."""

    def __init__(self, problem: Problem, blocks: Iterable[Block] = ()) -> None:
        self.problem = problem
        self._of_room: dict[tuple[int, int], list[Block]] = defaultdict(list)
        self._of_person: dict[tuple[int, int], list[Block]] = defaultdict(list)
        self._of_day: dict[int, list[Block]] = defaultdict(list)
        self._for_all: dict[int, list[Block]] = defaultdict(list)
        self._starts: dict[int, list[int]] = {}
        self._kinds: dict[int, WallKind] = {}
        for block in (*problem.blocks, *blocks):
            self.add(block)

    def add(self, block: Block) -> None:
        for shelf in self._shelves(block):
            shelf.append(block)

    def _shelves(self, block: Block) -> Iterator[list[Block]]:
        for day in range(block.start // MINUTES_A_DAY, (block.end - 1) // MINUTES_A_DAY + 1):
            yield self._of_day[day]
            if block.for_all:
                yield self._for_all[day]
            if block.room is not None:
                yield self._of_room[block.room, day]
            for person in block.people:
                yield self._of_person[person, day]

    def spots(self, item: Item) -> tuple[Spot, ...]:
        """Every spot that no rule forbids, by time and then in the order of rooms."""
        return tuple(
            spot
            for start in self.starts(item)
            if next(self._when(item, start), None) is None
            for room in item.rooms or (None,)
            if next(self._where(item, spot := Spot(start, room)), None) is None
        )

    def among(self, item: Item, spots: Sequence[Spot]) -> tuple[Spot, ...]:
        """Those of these spots that no rule forbids."""
        free = {start: next(self._when(item, start), None) is None for start in {spot.start for spot in spots}}
        return tuple(s for s in spots if free[s.start] and next(self._where(item, s), None) is None)

    def hindrances(self, item: Item, spot: Spot) -> Iterator[Hindrance]:
        """Every rule that forbids it, and who or what is in the way."""
        yield from self._when(item, spot.start)
        yield from self._where(item, spot)

    def fits(self, item: Item, spot: Spot) -> bool:
        return next(self.hindrances(item, spot), None) is None

    def starts(self, item: Item) -> tuple[int, ...]:
        """When it might begin, before any rule is asked: where it is now is always among it."""
        if item.at is not None:
            return (item.at,)
        found = [start for frame in self.problem.wishes.frames for start in self._grid(frame.day.toordinal())]
        if item.present is not None and item.present.start not in found:
            found.append(item.present.start)
        return tuple(sorted(found))

    def _grid(self, day: int) -> list[int]:
        """Multiples of the step, the day's opening, and where something for all ends."""
        if day not in self._starts:
            step, midnight = self.problem.wishes.step, day * MINUTES_A_DAY
            frames = [frame for frame in self.problem.wishes.frames if frame.day.toordinal() == day]
            opens, closes = midnight + min(f.opens for f in frames), midnight + max(f.closes for f in frames)
            grid = {opens, *range(midnight + -(-(opens - midnight) // step) * step, closes, step)}
            grid |= {block.end for block in self._for_all[day] if opens < block.end < closes}
            self._starts[day] = sorted(grid)
        return self._starts[day]

    def _when(self, item: Item, start: int) -> Iterator[Hindrance]:
        """What forbids the time, in whatever room."""
        end = start + item.minutes
        if item.at is None:
            yield from self._hours(item, start, end)
        if start < self.problem.earliest:
            yield Hindrance(Rule.PAST)
        if WallKind.GAP in (self._kind(start), self._kind(end)):
            yield Hindrance(Rule.CLOCK)
        for person in sorted(item.people & self.problem.windows.keys()):
            if not any(a <= start and end <= b for a, b in self.problem.windows[person]):
                yield Hindrance(Rule.AVAILABLE, person)
        yield from self._others(item, start, end)

    def _others(self, item: Item, start: int, end: int) -> Iterator[Hindrance]:
        """What is for all, and where its people have to be."""
        day = start // MINUTES_A_DAY
        for block in self._of_day[day] if item.for_all else self._for_all[day]:
            if _overlap(block, start, end) and block.session != item.id:
                yield Hindrance(Rule.ALL, other=block.session)
        for person in sorted(item.people):
            for block in self._of_person[person, day]:
                if _overlap(block, start, end) and block.session != item.id:
                    yield Hindrance(Rule.PERSON, person, block.session)

    def _hours(self, item: Item, start: int, end: int) -> Iterator[Hindrance]:
        day = start // MINUTES_A_DAY
        frames = [frame for frame in self.problem.wishes.frames if frame.day.toordinal() == day]
        if not frames or (item.day is not None and item.day.toordinal() != day):
            yield Hindrance(Rule.DAY)
        elif not any(f.opens <= start - day * MINUTES_A_DAY and end - day * MINUTES_A_DAY <= f.closes for f in frames):
            yield Hindrance(Rule.FRAME)

    def _where(self, item: Item, spot: Spot) -> Iterator[Hindrance]:
        """What forbids the room at that time."""
        if spot.room is None:
            return
        room, end = self.problem.rooms[spot.room], spot.start + item.minutes
        if room.capacity is not None and item.expected > room.capacity:
            yield Hindrance(Rule.CAPACITY)
        if self.problem.has_booths and item.booths > room.booths:
            yield Hindrance(Rule.BOOTHS)
        for block in self._of_room[spot.room, spot.day]:
            if _overlap(block, spot.start, end) and block.session != item.id:
                yield Hindrance(Rule.ROOM, other=block.session)
        if self.problem.travel:
            yield from self._ways(item, spot, end)

    def _ways(self, item: Item, spot: Spot, end: int) -> Iterator[Hindrance]:
        for person in sorted(item.people):
            for block in self._of_person[person, spot.day]:
                way = self.problem.minutes_between(spot.room, block.room)
                is_near = block.start - way < end and spot.start < block.end + way
                if is_near and not _overlap(block, spot.start, end) and block.session != item.id:
                    yield Hindrance(Rule.TRAVEL, person, block.session)

    def _kind(self, minute: int) -> WallKind:
        if minute not in self._kinds:
            self._kinds[minute] = wall_kind(moment(minute), self.problem.zone)
        return self._kinds[minute]


def _overlap(block: Block, start: int, end: int) -> bool:
    return block.start < end and start < block.end


def holds(problem: Problem, places: Mapping[int, Spot]) -> bool:
    """Whether every rule is kept by every one of them."""
    items = [item for item in problem.items if item.id in places]
    ground = Ground(problem, [block_of(item, places[item.id]) for item in items])
    return all(ground.fits(item, places[item.id]) for item in items)


def prevented(ground: Ground, item: Item) -> tuple[Hindrance, ...]:
    """What keeps it from having a place: the fewest rules one would have to bend anywhere.

    Every spot is tried with every rule. Where several are equally near, the rule that most of them
    share is told, so that the one named is the one worth bending. Empty: there is a place after all.
    """
    nearest: list[tuple[Hindrance, ...]] = []
    fewest = 99
    for start in ground.starts(item):
        for room in item.rooms or (None,):
            found = tuple(ground.hindrances(item, Spot(start, room)))
            rules = len({hindrance.rule for hindrance in found})
            if rules < fewest:
                nearest, fewest = [], rules
            if rules == fewest:
                nearest.append(found)
    if not nearest:
        return (Hindrance(Rule.DAY),)
    return _most_frequent(nearest)


def _most_frequent(found: Sequence[tuple[Hindrance, ...]]) -> tuple[Hindrance, ...]:
    counts: dict[frozenset[Rule], int] = defaultdict(int)
    for hindrances in found:
        counts[frozenset(h.rule for h in hindrances)] += 1
    order = list(Rule)
    wanted = max(counts, key=lambda rules: (counts[rules], [-order.index(rule) for rule in sorted(rules)]))
    shown = min((f for f in found if frozenset(h.rule for h in f) == wanted), key=len)
    return tuple({h.rule: h for h in shown}.values())


def refitted(problem: Problem, places: Mapping[int, Spot]) -> tuple[dict[int, Spot], dict[int, tuple[Hindrance, ...]]]:
    """Which of these can be put there together, and what is in the way of the others.

    Who does not fit stays where it is, which may be in the way of the next: so it goes on until
    nothing is in anybody's way.
    """
    taken, refused = dict(places), dict[int, tuple[Hindrance, ...]]()
    items = {item.id: item for item in problem.items}
    while True:
        staying = [block_of(items[i], spot) for i in refused if (spot := items[i].present)]
        ground = Ground(problem, [*staying, *(block_of(items[i], spot) for i, spot in taken.items())])
        found = {i: tuple(ground.hindrances(items[i], spot)) for i, spot in taken.items()}
        worst = next((i for i in sorted(taken, key=lambda i: (_only_by(found[i], taken), i)) if found[i]), None)
        if worst is None:
            return taken, refused
        refused[worst] = found[worst]
        del taken[worst]


def _only_by(found: tuple[Hindrance, ...], taken: Mapping[int, Spot]) -> bool:
    """Whether nothing but others that are to move are in the way: they may be refused first."""
    return all(hindrance.other in taken for hindrance in found)
