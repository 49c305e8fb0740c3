"""All findings of a draft, worked out slowly and obviously: minute by minute, everybody against everybody.

Nothing here is shared with `app/agenda/findings*.py` but the values that go in and come out.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from zoneinfo import ZoneInfo

from app.agenda.plan import Plan, Planned, Taking
from app.agenda.problems import Finding, Problem
from app.agenda.rules import SessionKind, SessionRole, SpeakingOrder
from app.values.language import Language

MINUTE = timedelta(minutes=1)
NEEDS_SPEAKERS = ("keynote", "talk", "panel", "roundtable", "workshop")
NEEDS_CHAIR = ("panel", "roundtable")
STILL_SAID_OF_THE_PAST = (
    "room_busy", "person_busy", "end_before_start", "clock_skipped", "outside_days", "declined", "beside_all",
    "clock_twice", "title_missing",
)  # fmt: skip


def reference(plan: Plan) -> list[Finding]:
    """In no order."""
    sessions = [session for session in plan.sessions if not session.is_cancelled]
    said = []
    for finding in everything(plan, sessions):
        if finding.problem in plan.measures.switched_off:
            continue
        if plan.is_over and finding.problem not in STILL_SAID_OF_THE_PAST:
            continue
        waived = any(
            session in (finding.session, finding.other) and finding.problem in problems
            for session, problems in plan.waived.items()
        )
        said.append(replace(finding, waived=waived))
    return said


def everything(plan: Plan, sessions: list[Planned]) -> Iterator[Finding]:
    for session in sessions:
        yield from of_one(session, plan)
        yield from interpretation(session, sessions, plan)
    for a, b in permutations(sessions, 2):
        if first_of(a, b) is a:
            yield from of_two(a, b, sessions, plan)
    for interpreter in plan.interpreters:
        yield from rest(interpreter.person, sessions, plan)


# One session


def of_one(session: Planned, plan: Plan) -> Iterator[Finding]:
    yield from clock(session, plan)
    yield from texts(session, plan)
    yield from people(session, plan)
    yield from room(session, plan)


def clock(session: Planned, plan: Plan) -> Iterator[Finding]:
    if session.day and plan.days and not plan.days.first <= session.day <= plan.days.last:
        yield Finding(Problem.OUTSIDE_DAYS, session.id)
    if session.starts_at is None or session.ends_at is None:
        yield Finding(Problem.NO_TIME, session.id)
    elif session.ends_at <= session.starts_at:
        yield Finding(Problem.END_BEFORE_START, session.id)
    else:
        shown = [how_often(session.starts_at, plan.zone), how_often(session.ends_at, plan.zone)]
        if 0 in shown:
            yield Finding(Problem.CLOCK_SKIPPED, session.id)
        elif 2 in shown:
            yield Finding(Problem.CLOCK_TWICE, session.id)


def how_often(wall: datetime, zone: str) -> int:
    """At how many instants a clock there shows this time: every instant within a day is tried."""
    instants = [wall.replace(tzinfo=UTC) + timedelta(minutes=15 * n) for n in range(-96, 97)]
    return sum(instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wall for instant in instants)


def texts(session: Planned, plan: Plan) -> Iterator[Finding]:
    for problem, text in ((Problem.TITLE_MISSING, session.title), (Problem.ABSTRACT_MISSING, session.abstract)):
        empty = [language for language in Language if text.as_dict()[language] == ""]
        if 0 < len(empty) < 3:
            yield Finding(problem, session.id, languages=tuple(empty))
    most = plan.measures.abstract_most
    widths = {language: width(text) for language, text in session.abstract.as_dict().items()}
    long = tuple(language for language in Language if widths[language] > most)
    if long:
        yield Finding(Problem.ABSTRACT_LONG, session.id, languages=long, count=max(widths.values()), limit=most)


def width(text: str) -> int:
    return sum(2 if "\u4e00" <= character <= "\u9fff" else 1 for character in text)


def people(session: Planned, plan: Plan) -> Iterator[Finding]:
    cast = session.cast
    for person in {taking.person for taking in cast if taking.has_declined}:
        yield Finding(Problem.DECLINED, session.id, person=person)
    open_ = {taking.person for taking in cast if not taking.has_declined and not taking.has_agreed}
    if open_:
        yield Finding(Problem.NOT_CONFIRMED, session.id, people=tuple(sorted(open_)))
    if session.kind in NEEDS_SPEAKERS and len(cast) == 0:
        yield Finding(Problem.NO_SPEAKER, session.id)
    led = [taking for taking in cast if taking.role in ("chair", "moderator")]
    if session.kind in NEEDS_CHAIR and cast and not led:
        yield Finding(Problem.NO_CHAIR, session.id)
    yield from order(session, plan)
    yield from sides(session, plan)


def order(session: Planned, plan: Plan) -> Iterator[Finding]:
    leading = (SessionRole.CHAIR, SessionRole.MODERATOR, SessionRole.HOST)
    left = [taking for taking in session.cast if taking.role not in leading]
    turn = 0
    for stands in [taking for taking in session.cast if taking.role not in leading]:
        should, turn = next_to_speak(left, session.order, plan.sides, turn)
        if should is not stands:
            yield Finding(Problem.OUT_OF_ORDER, session.id, person=stands.person, people=(should.person,))
            return
        left.remove(should)


def next_to_speak(left: list[Taking], order: SpeakingOrder, sides: tuple[str, ...], turn: int) -> tuple[Taking, int]:
    """Of those who have not spoken, and whose side's turn it is after that."""
    if order is SpeakingOrder.BY_HAND:
        return left[0], turn
    if order is SpeakingOrder.ALTERNATING:
        for n in range(len(sides)):
            own = [taking for taking in left if taking.side == sides[(turn + n) % len(sides)]]
            if own:
                return highest(own), turn + n + 1
    return highest(left), turn


def highest(takings: list[Taking]) -> Taking:
    ranked = [taking for taking in takings if taking.rank is not None]
    best = min((taking.rank for taking in ranked if taking.rank is not None), default=None)
    return next(taking for taking in takings if taking.rank == best)


def sides(session: Planned, plan: Plan) -> Iterator[Finding]:
    known = [taking.side for taking in session.cast if not taking.has_declined and taking.side in plan.sides]
    if plan.measures.least_share is None or len(plan.sides) < 2 or len(known) < 2:
        return
    for side in plan.sides:
        if known.count(side) / len(known) * 100 < plan.measures.least_share - 1e-9:
            yield Finding(Problem.SIDE_SHORT, session.id, side=side, count=known.count(side), limit=len(known))


def room(session: Planned, plan: Plan) -> Iterator[Finding]:
    if session.room is None:
        is_pause = session.kind in (SessionKind.BREAK, SessionKind.MEAL)
        if session.starts_at and not session.for_all and not is_pause:
            yield Finding(Problem.NO_ROOM, session.id)
        return
    [place] = [place for place in plan.rooms if place.id == session.room]
    if place.capacity and session.expected and session.expected > place.capacity:
        yield Finding(Problem.ROOM_SMALL, session.id, room=place.id, count=session.expected, limit=place.capacity)
    if place.capacity and session.for_all and plan.signed_up and plan.signed_up > place.capacity:
        yield Finding(Problem.ROOM_SMALL_FOR_ALL, session.id, room=place.id, count=plan.signed_up, limit=place.capacity)
    into = asked(session)
    if len(into) > place.booths:
        yield Finding(Problem.NO_BOOTH, session.id, room=place.id, languages=into, count=len(into), limit=place.booths)


# Two sessions


def of_two(a: Planned, b: Planned, sessions: list[Planned], plan: Plan) -> Iterator[Finding]:
    """`a` begins before `b`, or has the smaller id."""
    if minutes(a) & minutes(b):
        if a.room is not None and a.room == b.room:
            yield Finding(Problem.ROOM_BUSY, a.id, b.id, room=a.room)
        for person in there(a) & there(b):
            yield Finding(Problem.PERSON_BUSY, a.id, b.id, person=person)
        if a.for_all:
            yield Finding(Problem.BESIDE_ALL, b.id, a.id)
        elif b.for_all:
            yield Finding(Problem.BESIDE_ALL, a.id, b.id)
    elif minutes(a) and minutes(b):
        gap = int((min(minutes(b)) - max(minutes(a))) / MINUTE) - 1
        way = plan.minutes_between(a.room, b.room)
        for person in there(a) & there(b):
            if gap < way and not any(is_between(a, c, b) and person in there(c) for c in sessions):
                yield Finding(Problem.TOO_FAR, a.id, b.id, person=person, count=gap, limit=way)


def first_of(a: Planned, b: Planned) -> Planned:
    return min(a, b, key=lambda session: (min(minutes(session), default=datetime(1990, 1, 1)), session.id))


def is_between(a: Planned, c: Planned, b: Planned) -> bool:
    return bool(minutes(c)) and max(minutes(a)) < min(minutes(c)) and max(minutes(c)) < min(minutes(b))


def minutes(session: Planned) -> set[datetime]:
    """Every minute it lasts; none without a sound time."""
    if session.starts_at is None or session.ends_at is None:
        return set()
    length = int((session.ends_at - session.starts_at) / MINUTE)
    return {session.starts_at + n * MINUTE for n in range(length)}


def there(session: Planned) -> set[int]:
    speaking = {taking.person for taking in session.cast if not taking.has_declined}
    return speaking | {duty.person for duty in session.duties}


# People over the days


def interpretation(session: Planned, sessions: list[Planned], plan: Plan) -> Iterator[Finding]:
    for person in there(session):
        if not is_available(person, session, plan):
            yield Finding(Problem.UNAVAILABLE, session.id, person=person)
    if not minutes(session):
        return
    for duty in session.duties:
        if not duty.is_able:
            yield Finding(Problem.UNABLE, session.id, person=duty.person, languages=(duty.into,))
    open_ = [into for into in asked(session) if into not in [duty.into for duty in session.duties]]
    free = {into: who_could(session, into, sessions, plan) for into in open_}
    nobody = tuple(into for into in open_ if not free[into])
    if nobody:
        yield Finding(Problem.NO_INTERPRETER, session.id, languages=nobody)
    somebody = tuple(into for into in open_ if free[into])
    if somebody:
        could = sorted(set().union(*(free[into] for into in somebody)))
        yield Finding(Problem.UNSTAFFED, session.id, languages=somebody, people=tuple(could))


def asked(session: Planned) -> tuple[Language, ...]:
    return tuple(Language(into) for into in session.interpretation if into != session.language)


def who_could(session: Planned, into: Language, sessions: list[Planned], plan: Plan) -> set[int]:
    return {
        interpreter.person
        for interpreter in plan.interpreters
        if any(goes(pair, session.language, into) for pair in interpreter.pairs)
        and not any(minutes(other) & minutes(session) for other in sessions if interpreter.person in there(other))
        and is_available(interpreter.person, session, plan)
    }


def goes(pair: str, spoken: Language | None, into: Language) -> bool:
    return pair.split("-")[1] == into and spoken in (None, pair.split("-")[0])


def is_available(person: int, session: Planned, plan: Plan) -> bool:
    if person not in plan.available:
        return True
    windows = plan.available[person]
    return all(any(w.starts_at <= m < w.ends_at for w in windows) for m in minutes(session))


def rest(person: int, sessions: list[Planned], plan: Plan) -> Iterator[Finding]:
    """Minute by minute until fifteen in a row are free."""
    at_work = [s for s in sessions if minutes(s) and person in [duty.person for duty in s.duties]]
    working = sorted(set().union(*(minutes(session) for session in at_work)))
    for stretch in stretches(working):
        begin, end = stretch[0], stretch[-1] + MINUTE
        most, length = plan.measures.rest_after, int((end - begin) / MINUTE)
        row = sorted((s for s in at_work if minutes(s) <= set(stretch)), key=lambda s: (min(minutes(s)), s.id))
        if length > most:
            passed = next(s for s in row if max(minutes(s)) + MINUTE - begin > most * MINUTE)
            began = None if passed is row[0] else row[0].id
            yield Finding(Problem.NO_REST, passed.id, began, person=person, count=length, limit=most)


def stretches(working: list[datetime]) -> list[list[datetime]]:
    rows: list[list[datetime]] = []
    for minute in working:
        if rows and minute - rows[-1][-1] <= 15 * MINUTE:
            rows[-1].append(minute)
        else:
            rows.append([minute])
    return rows
