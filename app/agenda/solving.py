"""The search for a proposal: at once one that holds, then better ones until time is up, and how good any could be.

First everything is put where it fits best, one after the other. A small agenda then goes to HiGHS whole. Of a large
one HiGHS is asked only when things happen, which says what no proposal can better. What time is left goes into parts
of the agenda that are taken out and solved anew, each to its best, while everything else stands.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from random import Random

from app.agenda.fitting import Ground, prevented
from app.agenda.highs import Found, best
from app.agenda.merit import changes, hours_late, points, samples, tallies, total
from app.agenda.milp import Model, Spots
from app.agenda.proposal import Answer, Item, Problem, Spot, block_of
from app.agenda.wishes import Aim

Places = Mapping[int, Spot]
WHOLE = 12_000
"""So many spots are solved in one model."""
SMALLEST = 8
"""Sessions taken out at a time, to begin with."""
PATIENCE = 120
"""Parts in a row without gain after which the search ends."""
A_PART = 2.0
"""Seconds for a part."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What there is so far, in things that can be counted."""

    placed: int
    sessions: int
    points: int
    bound: float
    rounds: int = 0


Heard = Callable[[Progress], bool]
"""Told of progress; answers whether to stop."""
Clock = Callable[[], float]


def solved(problem: Problem, *, seed: int = 1, heard: Heard = lambda _: False, clock: Clock = time.monotonic) -> Answer:
    """Always an answer. It breaks no rule, and what is not placed fits nowhere beside what is.

    The same seed gives the same answer wherever it is not time that ends the search.
    """
    search = Search(problem, Random(seed), heard, clock)
    search.run()
    return search.answer()


class Over(Exception):
    """Time is up, or somebody said stop."""


class Search:
    """One search: the best placing so far, and what is known about any."""

    def __init__(self, problem: Problem, lot: Random, heard: Heard, clock: Clock) -> None:
        self.problem, self.lot, self.heard, self.clock = problem, lot, heard, clock
        self.until = clock() + problem.wishes.seconds
        ground = Ground(problem)
        self.spots: Spots = {item.id: ground.spots(item) for item in problem.items}
        self.items = {item.id: item for item in problem.items}
        self.places: dict[int, Spot] = {}
        self.points, self.bound, self.rounds = total(problem, {}), 0.0, 0

    def run(self) -> None:
        try:
            self._take(first_come(self.problem, self.spots))
            if sum(map(len, self.spots.values())) <= WHOLE:
                self._whole()
            else:
                self._bound()
            self._parts()
        except Over:
            pass

    def answer(self) -> Answer:
        ground = Ground(self.problem, [block_of(self.items[i], spot) for i, spot in self.places.items()])
        left = {item.id: prevented(ground, item) for item in self.problem.items if item.id not in self.places}
        return Answer(self.places, left, tallies(self.problem, self.places), min(self.bound, self.points))

    def _take(self, places: Places) -> bool:
        """Keep it if it is better, and tell."""
        found = total(self.problem, places)
        is_better = found < self.points
        if found <= self.points:  # another as good leads elsewhere
            self.places, self.points = dict(places), found
        self._tell()
        return is_better

    def _tell(self) -> None:
        done = Progress(len(self.places), len(self.items), self.points, max(0, self.bound), self.rounds)
        if self.heard(done) or self.clock() >= self.until or self.points - self.bound < 1:
            raise Over

    def _solve(self, problem: Problem, spots: Spots, *, share: float, rooms: bool = True) -> tuple[Model, Found]:
        """The best of this model within so many seconds."""
        model = Model(problem, spots, rooms=rooms)
        begin = model.columns_of({i: self.places[i] for i in model.left if i in self.places})
        found = best(model.table, begin=begin, seconds=share, seed=self.lot.randrange(1000), heard=self._is_over)
        return model, found

    def _is_over(self, _points: float, _bound: float) -> bool:
        """What HiGHS asks while it works."""
        try:
            self._tell()
        except Over:
            return True
        return False

    def _whole(self) -> None:
        model, found = self._solve(self.problem, self.spots, share=(self.until - self.clock()) * 0.5)
        self.bound = max(self.bound, found.bound)
        self._take(model.places_of(found.values) if found.values else {})

    def _bound(self) -> None:
        _model, found = self._solve(self.problem, self.spots, share=(self.until - self.clock()) * 0.3, rooms=False)
        self.bound = max(self.bound, found.bound)
        self._tell()

    def _parts(self) -> None:
        """Small parts while they gain, then larger ones as far as they can be solved quickly."""
        idle, size = 0, SMALLEST
        while idle < PATIENCE:
            began = self.clock()
            gained, is_best = self._part(size)
            idle = 0 if gained else idle + 1
            if not is_best or self.clock() - began > A_PART / 2:
                size = max(SMALLEST, size - 2)
            elif idle and idle % 6 == 0:
                size += 1

    def _part(self, size: int) -> tuple[bool, bool]:
        """Solve a part anew; whether it is better now, and whether it is the best it can be."""
        freed = self._freed(size)
        problem = self.problem.around(freed, self.places)
        ground = Ground(problem)
        spots = {item.id: ground.among(item, self.spots[item.id]) for item in problem.items}
        model, found = self._solve(problem, spots, share=min(A_PART, self.until - self.clock()))
        standing = {i: spot for i, spot in self.places.items() if i not in freed}
        self.rounds += 1
        return self._take(standing | (model.places_of(found.values) if found.values else {})), found.is_best

    def _freed(self, size: int) -> frozenset[int]:
        """What to take out next: some of those without a place, and neighbours of some kind."""
        left = [i for i in self.items if i not in self.places]
        freed = set(self.lot.sample(left, min(len(left), size // 3)))
        choose = self.lot.choice((self._around_somebody, self._around_a_time, self._around_a_track))
        freed.update(islice(choose(), size - len(freed)))
        return frozenset(freed)

    def _around_a_time(self) -> Iterator[int]:
        """Who runs near some moment of some day, the nearest first."""
        at = self.lot.choice(list(self.places.values())).start if self.places else 0
        yield from sorted(self.places, key=lambda i: abs(self.places[i].start - at))

    def _around_a_track(self) -> Iterator[int]:
        """A track, and then whom it might change places with."""
        tracks = sorted({item.track for item in self.problem.items if item.track is not None}) or [None]
        track = self.lot.choice(tracks)
        own = [i for i in self.places if self.items[i].track == track]
        self.lot.shuffle(own)
        yield from own[:8]
        yield from self.lot.sample(sorted(self.places), len(self.places))

    def _around_somebody(self) -> Iterator[int]:
        """Everything somebody is in, and what runs beside it."""
        seen = Counter(person for item in self.problem.items for person in item.people)
        busy = sorted(person for person, count in seen.items() if count > 1)
        person = self.lot.choice(busy) if busy else None
        own = [i for i in self.places if person in self.items[i].people]
        yield from own
        starts = [self.places[i].start for i in own] or [0]
        yield from sorted(self.places, key=lambda i: min(abs(self.places[i].start - at) for at in starts))


def first_come(problem: Problem, spots: Spots) -> dict[int, Spot]:
    """One after the other where it costs least: what is there stays, then what has the fewest choices."""
    ground, places, shelf = Ground(problem), dict[int, Spot](), Shelf(problem)
    for item in sorted(problem.items, key=lambda item: (item.present is None, not item.for_all, len(spots[item.id]), -item.minutes, item.id)):
        free = ground.among(item, spots[item.id])
        if not free:
            continue
        spot = item.present if item.present in free else min(free, key=lambda spot: shelf.cost(item, spot))
        places[item.id] = spot
        ground.add(block_of(item, spot))
        shelf.add(item, spot)
    return places


class Shelf:
    """What was placed so far, so kept that the cost of one more is quickly reckoned; good enough to begin with."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.running: Counter[tuple[int | None, int]] = Counter()
        self.rooms: defaultdict[tuple[int | None, int], set[int | None]] = defaultdict(set)
        self.days: defaultdict[int, set[int]] = defaultdict(set)

    def add(self, item: Item, spot: Spot) -> None:
        self.running.update((item.track, at) for at in self._samples(item, spot))
        self.rooms[item.track, spot.day].add(spot.room)
        for person in item.people:
            self.days[person].add(spot.day)

    def cost(self, item: Item, spot: Spot) -> int:
        of, problem = points, self.problem
        cost = hours_late(problem, spot) * of(problem, Aim.EARLY) + changes(item, spot) * of(problem, Aim.STAY)
        if item.track is not None:
            beside = sum(self.running[item.track, at] > 0 for at in self._samples(item, spot))
            cost += beside * problem.wishes.step * of(problem, Aim.TOPIC)
            used = self.rooms[item.track, spot.day]
            cost += (bool(used) and spot.room not in used) * of(problem, Aim.ROOM)
        further = sum(bool(days) and spot.day not in days for days in (self.days[p] for p in item.people))
        return cost + further * of(problem, Aim.DAYS)

    def _samples(self, item: Item, spot: Spot) -> range:
        return samples(spot.start, spot.start + item.minutes, self.problem.wishes.step)
