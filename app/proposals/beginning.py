"""A first placing at once: one session after the other, each where it costs least.

What is hard to mend later is which day a session is on, since those of one person and of one track belong together.
So the second beginning asks HiGHS for the days alone, which is a small question, and then places day by day.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import partial

from app.proposals.fitting import Ground
from app.proposals.highs import Asks, best
from app.proposals.merit import UNPLACED, changes, hours_late, points, samples
from app.proposals.milp import Spots, Table
from app.proposals.proposal import MINUTES_A_DAY, Item, Problem, Spot, block_of
from app.proposals.wishes import Aim

ROOM_TO_MOVE = 0.95
"""How full a day is filled at most: sessions of many lengths leave gaps."""
A_SLICE = 5
"""Minutes; finer than that nobody needs to know how long a room is free."""


def first_come(problem: Problem, spots: Spots) -> dict[int, Spot]:
    """What stands somewhere stays if it can; then what has the fewest choices, and the longest."""
    return _placed(
        problem, sorted(problem.items, key=lambda i: (not i.for_all, len(spots[i.id]), -i.minutes, i.id)), spots
    )


def day_by_day(problem: Problem, spots: Spots, *, seconds: float, seed: int, heard: Asks) -> dict[int, Spot]:
    """As `first_come`, but first only on the day that suits the whole best."""
    days = _days(problem, spots, seconds=seconds, seed=seed, heard=heard)
    there = {i: [spot for spot in own if days.get(i) == spot.day] for i, own in spots.items()}
    order = sorted(problem.items, key=lambda i: (not i.for_all, len(there[i.id]) or MINUTES_A_DAY, -i.minutes, i.id))
    return _placed(problem, order, there, spots)


def _placed(problem: Problem, order: Iterable[Item], *choices: Spots) -> dict[int, Spot]:
    """By the first choices all that can be, the others then by the next."""
    ground, shelf = Ground(problem), Shelf(problem)
    for spots in choices:
        for item in sorted(order, key=lambda item: item.present is None):
            free = ground.among(item, spots[item.id]) if item.id not in shelf.places else ()
            if not free:
                continue
            spot = item.present if item.present in free else min(free, key=partial(shelf.cost, item))
            ground.add(block_of(item, spot))
            shelf.add(item, spot)
    return shelf.places


class Shelf:
    """What was placed so far, so kept that the cost of one more is quickly reckoned; good enough to begin with."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.places: dict[int, Spot] = {}
        self._running: Counter[tuple[int | None, int]] = Counter()
        self._rooms: defaultdict[tuple[int | None, int], set[int | None]] = defaultdict(set)
        self._days: defaultdict[int, set[int]] = defaultdict(set)

    def add(self, item: Item, spot: Spot) -> None:
        self.places[item.id] = spot
        self._running.update((item.track, at) for at in self._samples(item, spot))
        self._rooms[item.track, spot.day].add(spot.room)
        for person in item.people:
            self._days[person].add(spot.day)

    def cost(self, item: Item, spot: Spot) -> int:
        problem = self.problem
        cost = hours_late(problem, spot) * points(problem, Aim.EARLY) + changes(item, spot) * points(problem, Aim.STAY)
        further = sum(bool(days) and spot.day not in days for days in (self._days[p] for p in item.people))
        return cost + further * points(problem, Aim.DAYS) + (self._of_track(item, spot) if item.track else 0)

    def _of_track(self, item: Item, spot: Spot) -> int:
        beside = sum(self._running[item.track, at] > 0 for at in self._samples(item, spot))
        used = self._rooms[item.track, spot.day]
        further = bool(used) and spot.room not in used
        return beside * self.problem.wishes.step * points(self.problem, Aim.TOPIC) + further * points(
            self.problem, Aim.ROOM
        )

    def _samples(self, item: Item, spot: Spot) -> range:
        return samples(spot.start, spot.start + item.minutes, self.problem.wishes.step)


def _days(problem: Problem, spots: Spots, *, seconds: float, seed: int, heard: Asks) -> dict[int, int]:
    """For each session a day, so that all of them may find room, few people come twice and tracks do not crowd."""
    table, chosen = Table(), dict[tuple[int, int], int]()
    for item in problem.items:
        own = {day: table.column(0, whole=True) for day in sorted({spot.day for spot in spots[item.id]})}
        chosen |= {(item.id, day): column for day, column in own.items()}
        table.row([*own.values(), table.column(UNPLACED, whole=True)], 1, exactly=True)
    free = _free_minutes(problem)
    for day in sorted({day for _, day in chosen}):
        there = [item for item in problem.items if (item.id, day) in chosen]
        _fill(
            table,
            problem,
            spots,
            {item: chosen[item.id, day] for item in there},
            {r: free[r, day] for r in problem.rooms},
        )
    _together(table, problem, chosen)
    found = best(table, begin=(), seconds=seconds, seed=seed, heard=heard)
    return {i: day for (i, day), column in chosen.items() if found.values and found.values[column] > 0.5}


def _fill(table: Table, problem: Problem, spots: Spots, there: dict[Item, int], free: dict[int, int]) -> None:
    """No more on one day than its rooms have minutes for; the same for those that only some rooms are good for."""
    wanted = {item: frozenset(s.room for s in spots[item.id] if s.room is not None) for item in there}
    for rooms in {frozenset(free), *wanted.values()} - {frozenset()}:
        own = [item for item in there if wanted[item] and wanted[item] <= rooms]
        minutes = ROOM_TO_MOVE * sum(free[room] for room in rooms)
        table.row([there[i] for i in own], minutes, times=[float(i.minutes) for i in own])
    one = ROOM_TO_MOVE * max(free.values(), default=0)
    for track in sorted({item.track for item in there if item.track is not None}):
        own = [item for item in there if item.track == track]
        for cost, each in ((points(problem, Aim.TOPIC), 1.0), (points(problem, Aim.ROOM), max(one, 1.0))):
            beyond = table.column(cost, upper=float(MINUTES_A_DAY))
            table.row([there[i] for i in own], one, times=[float(i.minutes) for i in own], minus=beyond, each=each)


def _together(table: Table, problem: Problem, chosen: dict[tuple[int, int], int]) -> None:
    """Each further day that somebody comes on."""
    sessions: defaultdict[int, list[int]] = defaultdict(list)
    for item in problem.items:
        for person in sorted(item.people):
            sessions[person].append(item.id)
    for own in (own for own in sessions.values() if len(own) > 1):
        days = []
        for day in sorted({day for i, day in chosen if i in own}):
            days.append(table.column(0))
            for i in own:
                if (i, day) in chosen:
                    table.row([chosen[i, day]], 0, minus=days[-1])
        table.row(days, 1, minus=table.column(points(problem, Aim.DAYS), upper=float(len(days))))


def _free_minutes(problem: Problem) -> Counter[tuple[int, int]]:
    """By room and day, roughly."""
    free: Counter[tuple[int, int]] = Counter()
    for frame in problem.wishes.frames:
        day = frame.day.toordinal()
        for at in range(day * MINUTES_A_DAY + frame.opens, day * MINUTES_A_DAY + frame.closes, A_SLICE):
            running = [block for block in problem.blocks if block.start <= at < block.end]
            if not any(block.for_all for block in running):
                taken = {block.room for block in running}
                free.update({(room, day): A_SLICE for room in problem.rooms if room not in taken})
    return free
