"""The search for a proposal: at once one that holds, then better ones until time is up, and how good any could be.

Everything is first put where it fits (`proposals/beginning.py`). HiGHS then says what no proposal can better, by the model
that only asks when. What time is left goes into parts of the
agenda that are taken out and solved anew, each to its best, while everything else stands. A small agenda at which
that gains nothing any more goes to HiGHS whole once again, to be proven best or bettered.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from random import Random

from app.proposals.beginning import day_by_day, first_come
from app.proposals.fitting import Ground, holds, prevented
from app.proposals.highs import Asks, Found, best
from app.proposals.merit import tallies, total
from app.proposals.milp import Model, Spots
from app.proposals.proposal import Answer, Item, Problem, Spot, block_of

Places = Mapping[int, Spot]
WHOLE = 12_000
"""So many spots are solved in one model."""
SMALLEST = 8
"""Sessions taken out at a time, to begin with."""
PATIENCE = 120
"""Parts in a row without gain after which nothing more is expected of them."""
A_PART = 2.0
"""Seconds for a part."""
FOR_DAYS, FOR_BOUND = 0.1, 0.2
"""Shares of the time."""
A_BOUND = 1.5
"""Seconds without which there is none."""
AT_ONCE = 60
"""Minutes: what begins so near each other may change places."""


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
    search = Search(problem, Random(seed), heard, clock)  # noqa: S311 nothing secret
    search.run()
    return search.answer()


class Over(Exception):
    """Time is up, somebody said stop, or nothing can be better."""


class Search:
    """One search: the best placing so far, and what is known about any."""

    def __init__(self, problem: Problem, lot: Random, heard: Heard, clock: Clock) -> None:
        self.problem, self.lot, self.heard, self.clock = problem, lot, heard, clock
        self.until = clock() + problem.wishes.seconds
        ground = Ground(problem)
        self.spots: Spots = {item.id: ground.spots(item) for item in problem.items}
        self.items = {item.id: item for item in problem.items}
        self.is_small = sum(map(len, self.spots.values())) <= WHOLE
        self.places: dict[int, Spot] = {}
        self.points, self.bound, self.rounds = total(problem, {}), 0.0, 0

    def run(self) -> None:
        try:
            self._take(first_come(self.problem, self.spots))
            self._by_days()
            self._bound()
            self._parts()
            if self.is_small:
                self._whole()
        except Over:
            pass

    def answer(self) -> Answer:
        """What still fits beside the best placing is put there, at the first place: time may have ended the search."""
        ground = Ground(self.problem, [block_of(self.items[i], spot) for i, spot in self.places.items()])
        for item in self.problem.items:
            if item.id not in self.places and (free := ground.among(item, self.spots[item.id])):
                self.places[item.id] = free[0]
                ground.add(block_of(item, free[0]))
        left = {item.id: prevented(ground, item) for item in self.problem.items if item.id not in self.places}
        found = tallies(self.problem, self.places)
        return Answer(self.places, left, found, max(0.0, min(self.bound, sum(tally.points for tally in found))))

    def _take(self, places: Places) -> bool:
        """Keep it unless it is worse, since another as good may lead further; and tell. Whether it is better."""
        before, found = self.points, total(self.problem, places)
        if found <= before and holds(self.problem, places):
            self.places, self.points = dict(places), found
        self._tell()
        return self.points < before

    def _tell(self) -> None:
        done = Progress(len(self.places), len(self.items), self.points, max(0.0, self.bound), self.rounds)
        if self.heard(done) or self.clock() >= self.until or self.points - self.bound < 1:
            raise Over

    def _is_over(self, _points: float, _bound: float) -> bool:
        """What HiGHS asks while it works."""
        try:
            self._tell()
        except Over:
            return True
        return False

    def _share(self, of_the_rest: float) -> float:
        return (self.until - self.clock()) * of_the_rest

    # the stages

    def _by_days(self) -> None:
        seconds, seed = self._share(FOR_DAYS), self.lot.randrange(1000)
        self._take(day_by_day(self.problem, self.spots, seconds=seconds, seed=seed, heard=self._is_over))

    def _bound(self) -> None:
        seconds = max(self._share(FOR_BOUND), min(A_BOUND, self._share(1)))
        heard = self._until_it_settles(seconds / 8)
        self._learn(*self._solve(self.problem, self.spots, seconds=seconds, rooms=False, heard=heard))

    def _until_it_settles(self, patience: float) -> Asks:
        """A bound that has hardly risen for a while hardly will: time is better spent on what can be taken."""
        risen, since = 0.0, self.clock()

        def heard(points: float, bound: float) -> bool:
            nonlocal risen, since
            if bound > risen * 1.005:
                risen, since = bound, self.clock()
            return self._is_over(points, bound) or (risen > 0 and self.clock() - since > patience)

        return heard

    def _whole(self) -> None:
        self._learn(*self._solve(self.problem, self.spots, seconds=self._share(1)))

    def _learn(self, model: Model, found: Found) -> None:
        self.bound = max(self.bound, found.bound)
        self._take(model.places_of(found.values) if found.values and model.has_rooms else self.places)

    def _parts(self) -> None:
        """Small parts while they gain, then larger ones as far as they can be solved quickly."""
        idle, size = 0, SMALLEST
        while idle < PATIENCE and self.places:
            began = self.clock()
            gained, is_best = self._part(size)
            idle = 0 if gained else idle + 1
            if not is_best or self.clock() - began > A_PART / 2:
                size = max(SMALLEST, size - 2)
            elif idle % 6 == 5:
                size = min(size + 1, len(self.items))

    def _part(self, size: int) -> tuple[bool, bool]:
        """Solve a part anew; whether the whole is better now, and whether the part is the best it can be."""
        freed = self._freed(size)
        problem = self.problem.around(freed, self.places)
        ground = Ground(problem)
        spots = {item.id: ground.among(item, self.spots[item.id]) for item in problem.items}
        model, found = self._solve(problem, spots, seconds=min(A_PART, self._share(1)))
        standing = {i: spot for i, spot in self.places.items() if i not in freed}
        self.rounds += 1
        return self._take(standing | (model.places_of(found.values) if found.values else {})), found.is_best

    def _solve(
        self, problem: Problem, spots: Spots, *, seconds: float, rooms: bool = True, heard: Asks | None = None
    ) -> tuple[Model, Found]:
        model = Model(problem, spots, rooms=rooms)
        begin = model.columns_of({i: self.places[i] for i in model.left if i in self.places})
        seed = self.lot.randrange(1000)
        found = best(
            model.table, begin=begin, seconds=seconds, seed=seed, heard=heard or self._is_over, only_bound=not rooms
        )
        return model, found

    # which part

    def _freed(self, size: int) -> frozenset[int]:
        """Some of those without a place, one that costs something, and who has most to do with it."""
        left = sorted(self.items.keys() - self.places.keys())
        freed = self.lot.sample(left, min(len(left), size // 3))
        placed = sorted(self.places)
        wandering = self._wandering()
        costly = [i for i in placed if self.items[i].people & wandering]
        first = self.lot.choice(costly if costly and self.lot.random() < 0.7 else placed)
        near = partial(self._nearness, self.items[first], [self.lot.random() for _ in range(7)])
        freed += sorted(placed, key=near, reverse=True)[: size - len(freed)]
        return frozenset(freed)

    def _wandering(self) -> frozenset[int]:
        """Who comes on more than one day."""
        days: defaultdict[int, set[int]] = defaultdict(set)
        for i, spot in self.places.items():
            for person in self.items[i].people:
                days[person].add(spot.day)
        return frozenset(person for person, own in days.items() if len(own) > 1)

    def _nearness(self, first: Item, lots: list[float], other: int) -> float:
        """What the two share, each kind of it as important as the lot says this time, and some chance."""
        item, here, there = self.items[other], self.places[first.id], self.places[other]
        is_that_day = here.day == there.day
        return (
            6 * lots[0] * len(first.people & item.people)
            + 2 * lots[1] * (first.track == item.track)
            + 1.5 * lots[2] * (is_that_day and here.room == there.room)
            + 2 * lots[3] * (abs(here.start - there.start) < AT_ONCE)
            + 1.5 * lots[4] * (first.minutes == item.minutes)
            + lots[5] * is_that_day
            + (0.3 + 2 * lots[6]) * self.lot.random()
        )
