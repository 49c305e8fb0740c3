"""How good a proposal is: points for each aim that it misses. Fewer are better; every aim is counted in things."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from app.proposals.proposal import MINUTES_A_DAY, Block, Item, Problem, Spot, Tally, block_of
from app.proposals.wishes import Aim

UNPLACED = 5000
"""More than a session costs wherever it is put, so leaving one out never pays."""
POINTS = {Aim.TOPIC: 1, Aim.ROOM: 20, Aim.PAUSE: 30, Aim.DAYS: 40, Aim.STAY: 10, Aim.EARLY: 1}
"""For a minute side by side, a further room, a missing pause, a further day, a change (of room, hour, day), an hour."""


def points(problem: Problem, aim: Aim) -> int:
    return POINTS[aim] * problem.wishes.weight(aim)


def tallies(problem: Problem, places: Mapping[int, Spot]) -> tuple[Tally, ...]:
    """What this placing costs, aim by aim: with what stands already, as far as it concerns the same tracks and people."""
    placed = [(item, places[item.id]) for item in problem.items if item.id in places]
    there = {item.id for item, _ in placed}
    blocks = [b for b in problem.blocks if b.session not in there] + [block_of(i, spot) for i, spot in placed]
    people = {person for item in problem.items for person in item.people}
    tracks = {item.track for item in problem.items if item.track is not None}
    amounts = {
        Aim.TOPIC: _minutes_side_by_side(blocks, tracks, problem.wishes.step),
        Aim.ROOM: _further_rooms(blocks, tracks),
        Aim.PAUSE: _missing_pauses(blocks, people, there, problem.wishes.pause),
        Aim.DAYS: _further_days(blocks, people),
        Aim.STAY: sum(changes(item, spot) for item, spot in placed),
        Aim.EARLY: sum(hours_late(problem, spot) for _, spot in placed),
    }
    left = len(problem.items) - len(placed)
    return (
        Tally(Aim.PLACED, left, left * UNPLACED),
        *(Tally(aim, amount, amount * points(problem, aim)) for aim, amount in amounts.items()),
    )


def total(problem: Problem, places: Mapping[int, Spot]) -> int:
    return sum(tally.points for tally in tallies(problem, places))


def changes(item: Item, spot: Spot) -> int:
    """How many of room, hour and day are others than now."""
    before = item.present
    if before is None:
        return 0
    hour = before.start % MINUTES_A_DAY != spot.start % MINUTES_A_DAY
    return (before.day != spot.day) + hour + (before.room is not None and before.room != spot.room)


def hours_late(problem: Problem, spot: Spot) -> int:
    """Whole hours from the day's beginning."""
    opens = min((f.opens for f in problem.wishes.frames if f.day.toordinal() == spot.day), default=0)
    return max(0, spot.start - spot.day * MINUTES_A_DAY - opens) // 60


def samples(start: int, end: int, step: int) -> range:
    """The moments at which we look what runs side by side: the step's multiples while it lasts."""
    return range(-(-start // step) * step, end, step)


def _minutes_side_by_side(blocks: Collection[Block], tracks: set[int], step: int) -> int:
    """For each moment and track the sessions beyond the first, each for one step."""
    running: defaultdict[tuple[int, int], int] = defaultdict(int)
    for block in blocks:
        if block.track in tracks:
            for moment in samples(block.start, block.end, step):
                running[block.track, moment] += 1
    return sum(count - 1 for count in running.values()) * step


def _further_rooms(blocks: Collection[Block], tracks: set[int]) -> int:
    rooms: defaultdict[tuple[int, int], set[int]] = defaultdict(set)
    for block in blocks:
        if block.track in tracks and block.room is not None:
            rooms[block.track, block.start // MINUTES_A_DAY].add(block.room)
    return sum(len(found) - 1 for found in rooms.values())


def _missing_pauses(blocks: Collection[Block], people: set[int], placed: set[int], pause: int) -> int:
    """How often somebody begins too soon after the session before, where one of the two is placed here."""
    missing = 0
    for own in _by_person(blocks, people).values():
        for second in own:
            missing += any(
                0 <= second.start - first.end < pause and {first.session, second.session} & placed for first in own
            )
    return missing


def _further_days(blocks: Collection[Block], people: set[int]) -> int:
    return sum(len({b.start // MINUTES_A_DAY for b in own}) - 1 for own in _by_person(blocks, people).values())


def _by_person(blocks: Collection[Block], people: set[int]) -> dict[int, list[Block]]:
    found: defaultdict[int, list[Block]] = defaultdict(list)
    for block in blocks:
        for person in block.people & people:
            found[person].append(block)
    return found
