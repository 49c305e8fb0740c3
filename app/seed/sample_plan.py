"""An invented agenda and its people, drawn by lot. Pure: the same seed draws the same."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import count, islice
from random import Random

from app.agenda.rules import SessionKind, SessionRole
from app.seed.sample_words import Somebody, Topic, Words, filled
from app.values.language import Language, Translated

THURSDAY = 3
SHORTEST_NOTICE = timedelta(days=21)

BLOCKS = ((585, 675), (705, 780), (840, 930), (960, 1050))
"""When rooms run side by side: from and to, in minutes of the day."""
SPLITS: dict[int, tuple[tuple[int, ...], ...]] = {
    90: ((90,), (45, 45), (30, 30, 30)),
    75: ((75,), (45, 30)),
}
PAUSES = ((SessionKind.MEAL, 780, 840), (SessionKind.BREAK, 675, 705), (SessionKind.BREAK, 930, 960))
LONG = (SessionKind.PANEL, SessionKind.ROUNDTABLE, SessionKind.WORKSHOP)

CASTS: dict[SessionKind, tuple[SessionRole, ...]] = {
    SessionKind.OPENING: (SessionRole.SPEAKER, SessionRole.SPEAKER, SessionRole.HOST),
    SessionKind.KEYNOTE: (SessionRole.SPEAKER, SessionRole.CHAIR),
    SessionKind.CLOSING: (SessionRole.SPEAKER, SessionRole.SPEAKER, SessionRole.MODERATOR),
    SessionKind.TALK: (SessionRole.SPEAKER,),
    SessionKind.PANEL: (SessionRole.MODERATOR, *[SessionRole.PANELLIST] * 3),
    SessionKind.ROUNDTABLE: (SessionRole.CHAIR, *[SessionRole.PANELLIST] * 4),
    SessionKind.WORKSHOP: (SessionRole.HOST, SessionRole.SPEAKER),
}
FIRST_RANK = (SessionKind.OPENING, SessionKind.CLOSING)
SPOKEN = {"CN": Language.ZH, "DE": Language.DE}


class DoesNotFit(ValueError):
    """More sessions than these rooms and days can hold; says how many they can."""


@dataclass(frozen=True, slots=True)
class Size:
    days: int = 2
    rooms: int = 4
    sessions: int = 60
    speakers: int = 80


@dataclass(frozen=True, slots=True)
class Slot:
    """`room` is None where it is in all of them, or in none."""

    day: int
    starts: int
    ends: int
    room: int | None = None

    def times(self, first: date) -> tuple[datetime, datetime]:
        midnight = datetime.combine(first + timedelta(days=self.day), time())
        return midnight + timedelta(minutes=self.starts), midnight + timedelta(minutes=self.ends)


@dataclass(frozen=True, slots=True)
class Item:
    """A session: where it is, what it is about, who takes part (numbers of people) and as what."""

    slot: Slot
    topic: Topic
    for_all: bool = False
    cast: tuple[tuple[int, SessionRole], ...] = ()
    language: Language | None = None
    interpretation: tuple[Language, ...] = ()
    before: Slot | None = None
    """Where the first release has it."""
    falls_away: bool = False
    """The second release cancels it."""

    @property
    def can_change(self) -> bool:
        return self.topic.kind is SessionKind.TALK and not self.for_all


def begins(now: date) -> date:
    """The fourth Thursday of next September, with some weeks left to register."""
    this_year = _fourth_thursday(now.year)
    return this_year if this_year - now >= SHORTEST_NOTICE else _fourth_thursday(now.year + 1)


def _fourth_thursday(year: int) -> date:
    first = date(year, 9, 1)
    return first + timedelta(days=(THURSDAY - first.weekday()) % 7 + 21)


def capacity(size: Size) -> int:
    """How many sessions these days and rooms can hold."""
    in_rooms = sum(len(SPLITS[ends - starts]) for starts, ends in BLOCKS) * size.rooms
    return size.days * (in_rooms + len(PAUSES) + 2)


def people(words: Words, rng: Random) -> Iterator[Somebody]:
    """First those written down, then without end: half from China, most others from Germany."""
    yield from words.names.first
    known = {somebody.name.written for somebody in words.names.first}
    pools = [_endless(pool, rng) for pool in (words.names.chinese, words.names.german, words.names.others)]
    while True:
        somebody = next(rng.choices(pools, (48, 42, 10))[0])
        if somebody.name.written not in known:
            yield somebody


def _endless(pool: Sequence[Somebody], rng: Random) -> Iterator[Somebody]:
    """All of them in an order of its own, then all of them again."""
    while True:
        yield from rng.sample(pool, len(pool))


def agenda(size: Size, speakers: Sequence[Somebody], words: Words, rng: Random) -> list[Item]:
    """Exactly so many sessions, in order of time; raises `DoesNotFit`."""
    if size.sessions > capacity(size):
        raise DoesNotFit(capacity(size))
    frame = _frame(size, words)[: size.sessions]
    items = [*frame, *_parallel(size, size.sessions - len(frame), words, rng)]
    items.sort(key=lambda item: (item.slot.day, item.slot.starts, item.slot.room or 0))
    return _with_news(list(_with_cast(items, speakers, rng)), size, rng)


def _frame(size: Size, words: Words) -> list[Item]:
    """What is for everybody, the most needed first: beginnings, lunch, the end, coffee."""
    of = {kind: [topic for topic in words.topics if topic.kind is kind and not topic.track] for kind in SessionKind}
    keynotes, last = of[SessionKind.KEYNOTE], size.days - 1
    first: list[Item] = []
    meals: list[Item] = []
    ends: list[Item] = []
    breaks: list[Item] = []
    for day in range(size.days):
        plenary = of[SessionKind.OPENING][0] if day == 0 else keynotes[day % len(keynotes)]
        first.append(Item(Slot(day, 540, 585, 0), plenary, for_all=True))
        if day == last:
            ends.append(Item(Slot(day, 1050, 1080, 0), of[SessionKind.CLOSING][0], for_all=True))
        else:
            ends.append(Item(Slot(day, 1110, 1230), of[SessionKind.OTHER][0], for_all=True))
        for kind, starts, until in PAUSES:
            shelf = meals if kind is SessionKind.MEAL else breaks
            shelf.append(Item(Slot(day, starts, until), of[kind][0], for_all=True))
    return [*first, *meals, *reversed(ends), *breaks]


def _parallel(size: Size, wanted: int, words: Words, rng: Random) -> Iterator[Item]:
    """Spread evenly: no room has a second session in a block before all have a first."""
    cells = [
        (day, block, room) for day in range(size.days) for block in range(len(BLOCKS)) for room in range(size.rooms)
    ]
    filled_up: dict[tuple[int, int, int], int] = defaultdict(int)
    while wanted:
        for cell in rng.sample(cells, len(cells)):
            starts, ends = BLOCKS[cell[1]]
            if wanted and filled_up[cell] < len(SPLITS[ends - starts]):
                filled_up[cell] += 1
                wanted -= 1
    shelves = _Shelves(words, rng)
    for cell in cells:
        yield from _cell(cell, filled_up[cell], shelves, words)


def _cell(cell: tuple[int, int, int], number: int, shelves: "_Shelves", words: Words) -> Iterator[Item]:
    """One room between two pauses; what it holds there is of one track."""
    day, block, room = cell
    starts, ends = BLOCKS[block]
    track = words.tracks[(day * 2 + block + room) % len(words.tracks)].key
    for length in SPLITS[ends - starts][number - 1] if number else ():
        yield Item(Slot(day, starts, starts + length, room), shelves.take(track, long=length >= 75))
        starts += length


class _Shelves:
    """Topics by track and length, each used once; when all are used, once more with a number."""

    def __init__(self, words: Words, rng: Random) -> None:
        self.words, self.rng, self.parts = words, rng, count(2)
        self.shelves: dict[tuple[str, bool], list[Topic]] = defaultdict(list)
        self._fill([topic for topic in words.topics if topic.track])

    def _fill(self, topics: Sequence[Topic]) -> None:
        for topic in self.rng.sample(topics, len(topics)):
            self.shelves[topic.track, topic.kind in LONG].append(topic)

    def take(self, track: str, *, long: bool) -> Topic:
        others = [(other, as_long) for as_long in (long, not long) for other in (t.key for t in self.words.tracks)]
        for shelf in ((track, long), *others):
            if self.shelves[shelf]:
                return self.shelves[shelf].pop()
        number, template = next(self.parts), Translated.of(self.words.edition["numbered_title"])
        again = [topic for topic in self.words.topics if topic.track]
        self._fill([replace(topic, title=filled(template, title=topic.title, n=number)) for topic in again])
        return self.take(track, long=long)


def _with_cast(items: Sequence[Item], speakers: Sequence[Somebody], rng: Random) -> Iterator[Item]:
    """Everybody in turn, the first ones at both ends, and nobody in two places at once."""
    turn = list(range(len(speakers)))
    busy: dict[int, list[Slot]] = defaultdict(list)
    for item in items:
        roles = CASTS.get(item.topic.kind, ())
        if item.topic.kind is SessionKind.TALK and rng.random() < 0.3:
            roles = (*roles, SessionRole.SPEAKER)
        order = turn if item.topic.kind not in FIRST_RANK else sorted(turn)
        free = (person for person in order if not any(_overlap(item.slot, slot) for slot in busy[person]))
        chosen = list(islice(free, len(roles)))
        for person in chosen:
            turn.remove(person)
            turn.append(person)
            busy[person].append(item.slot)
        yield _in_languages(replace(item, cast=tuple(zip(chosen, roles, strict=False))), speakers, rng)


def _with_news(items: list[Item], size: Size, rng: Random) -> list[Item]:
    """One talk of the first day that moved to another time and room, one that falls away, where there are so many."""
    talks = [n for n, item in enumerate(items) if item.can_change and item.slot.day == 0]
    alone = [n for n in talks if len(items[n].cast) == 1]
    if len(talks) < 2 or not alone:
        return items
    fallen = rng.choice(alone)
    moved = rng.choice([n for n in talks if n != fallen])
    slot = items[moved].slot
    evening = 1080 if slot.day == size.days - 1 else 1050
    before = Slot(slot.day, evening, evening + slot.ends - slot.starts, ((slot.room or 0) + 1) % size.rooms)
    items[fallen], items[moved] = replace(items[fallen], falls_away=True), replace(items[moved], before=before)
    return items


def _overlap(a: Slot, b: Slot) -> bool:
    return a.day == b.day and a.starts < b.ends and b.starts < a.ends


def _in_languages(item: Item, speakers: Sequence[Somebody], rng: Random) -> Item:
    """In the language of whoever speaks first, mostly; the plenaries are interpreted into both others."""
    if not item.cast:
        return item
    spoken = SPOKEN.get(speakers[item.cast[0][0]].country, Language.EN)
    if not item.for_all and rng.random() < 0.2:
        spoken = Language.EN
    into = [language for language in (Language.ZH, Language.DE, Language.EN) if language is not spoken]
    if not item.for_all and rng.random() < 0.5:
        into = into[:1]
    return replace(item, language=spoken, interpretation=tuple(into))
