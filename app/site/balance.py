"""Who gets the floor, and for how long: counted by country, kind of organisation, sector and gender."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.agenda.rules import SessionKind

UNKNOWN = ""


class Aspect(StrEnum):
    COUNTRY = "country"
    ORGANISATION = "organisation"
    SECTOR = "sector"
    GENDER = "gender"


@dataclass(frozen=True, slots=True)
class Turn:
    """One person in one session. Its minutes are divided equally among all who take part; None without a time."""

    person: int
    kind: SessionKind
    minutes: float | None = None
    country: str = UNKNOWN
    organisation: str = UNKNOWN
    sector: str = UNKNOWN
    gender: str = UNKNOWN

    def said(self, aspect: Aspect) -> str:
        by: dict[Aspect, str] = {
            Aspect.COUNTRY: self.country,
            Aspect.ORGANISATION: self.organisation,
            Aspect.SECTOR: self.sector,
            Aspect.GENDER: self.gender,
        }
        return by[aspect]


@dataclass(frozen=True, slots=True)
class Figure:
    """Of one answer: how many people gave it, and the minutes they have."""

    answer: str
    speakers: int
    minutes: int
    share: float
    """Of the speakers whose answer is known, 0 to 1; of the unknown, of all."""


def tally(turns: Iterable[Turn], aspect: Aspect) -> tuple[Figure, ...]:
    """The most frequent answer first, what is not known last. A person counts once, however often they speak."""
    people: defaultdict[str, set[int]] = defaultdict(set)
    minutes: defaultdict[str, float] = defaultdict(float)
    for turn in turns:
        answer = turn.said(aspect)
        people[answer].add(turn.person)
        minutes[answer] += turn.minutes or 0
    known = sum(len(who) for answer, who in people.items() if answer != UNKNOWN)
    everybody = known + len(people.get(UNKNOWN, ()))
    figures = [
        Figure(answer, len(who), round(minutes[answer]), len(who) / (known if answer != UNKNOWN else everybody))
        for answer, who in people.items()
    ]
    return tuple(sorted(figures, key=lambda f: (f.answer == UNKNOWN, -f.speakers, -f.minutes, f.answer)))


def by_kind(turns: Sequence[Turn], aspect: Aspect) -> dict[SessionKind, dict[str, int]]:
    """Of each kind of session: how many people by answer, kinds in the order of their definition."""
    found = {kind: tally([turn for turn in turns if turn.kind is kind], aspect) for kind in SessionKind}
    return {kind: {figure.answer: figure.speakers for figure in figures} for kind, figures in found.items() if figures}


@dataclass(frozen=True, slots=True)
class Compared:
    """One answer now and at earlier editions, the latest first; None where an edition recorded nothing of the kind."""

    figure: Figure
    before: tuple[Figure | None, ...]


def compared(now: Sequence[Turn], earlier: Sequence[Sequence[Turn]], aspect: Aspect) -> tuple[Compared, ...]:
    """Answers of now first, then those only earlier editions had."""
    past = [{figure.answer: figure for figure in tally(turns, aspect)} for turns in earlier]
    current = {figure.answer: figure for figure in tally(now, aspect)}
    gone = sorted({answer for figures in past for answer in figures} - set(current))
    rows = [*current.values(), *(Figure(answer, 0, 0, 0.0) for answer in gone)]
    return tuple(Compared(row, tuple(figures.get(row.answer) for figures in past)) for row in rows)


LEFT, WIDTH, ROW, TOP, FOOT = 170.0, 520.0, 30.0, 16.0, 26.0


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    y: float
    now: float | None
    before: float | None
    """The last edition that recorded it."""


@dataclass(frozen=True, slots=True)
class Shares:
    """A dot plot of shares: filled now, open at the last edition before. Coordinates for the template to draw."""

    width: float
    height: float
    left: float
    ticks: tuple[tuple[int, float], ...]
    lines: tuple[Line, ...]


def plot(rows: Sequence[Compared], name_of: Callable[[str], str]) -> Shares:
    shown = [row for row in rows if row.figure.answer != UNKNOWN]
    lines = []
    for n, row in enumerate(shown):
        before = next((figure.share for figure in row.before if figure), None)
        now = _at(row.figure.share) if row.figure.speakers else None
        y = TOP + ROW * n
        lines.append(Line(name_of(row.figure.answer), y, now, None if before is None else _at(before)))
    ticks = tuple((percent, _at(percent / 100)) for percent in (0, 25, 50, 75, 100))
    return Shares(WIDTH, TOP + ROW * max(len(shown), 1) + FOOT, LEFT, ticks, tuple(lines))


def _at(share: float) -> float:
    return round(LEFT + 10 + share * (WIDTH - LEFT - 40), 1)
