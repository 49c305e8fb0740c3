"""What is wrong with a session by itself: its time, its texts, who takes part in it."""

from collections import Counter
from collections.abc import Iterator

from app.agenda.plan import Plan, Planned
from app.agenda.problems import Finding, Problem
from app.agenda.protocol import in_order
from app.agenda.rules import Misfit, SessionKind, SessionRole, misfit
from app.values.language import Language
from app.values.text import HAN
from app.values.time import WallKind, wall_kind

TALKS = frozenset(
    {SessionKind.KEYNOTE, SessionKind.TALK, SessionKind.PANEL, SessionKind.ROUNDTABLE, SessionKind.WORKSHOP}
)
LED = frozenset({SessionKind.PANEL, SessionKind.ROUNDTABLE})
LEADERS = frozenset({SessionRole.CHAIR, SessionRole.MODERATOR})


def of_sessions(plan: Plan) -> Iterator[Finding]:
    for session in plan.sessions:
        yield from _time(session, plan)
        yield from _texts(session, plan.measures.abstract_most)
        yield from _cast(session)
        yield from _order(session, plan)
        yield from _sides(session, plan)


def _time(session: Planned, plan: Plan) -> Iterator[Finding]:
    """Without days of the edition's own, nothing is outside them."""
    if session.day is not None and plan.days is not None and session.day not in plan.days:
        yield Finding(Problem.OUTSIDE_DAYS, session.id)
    if session.starts_at is None or session.ends_at is None:
        yield Finding(Problem.NO_TIME, session.id)
        return
    why = misfit(day=session.day, starts_at=session.starts_at, ends_at=session.ends_at, zone=plan.zone)
    if why is Misfit.END_BEFORE_START:
        yield Finding(Problem.END_BEFORE_START, session.id)
    elif why in (Misfit.START_IN_GAP, Misfit.END_IN_GAP):
        yield Finding(Problem.CLOCK_SKIPPED, session.id)
    elif WallKind.OVERLAP in (wall_kind(session.starts_at, plan.zone), wall_kind(session.ends_at, plan.zone)):
        yield Finding(Problem.CLOCK_TWICE, session.id)


def _texts(session: Planned, most: int) -> Iterator[Finding]:
    """What nobody has written yet is missing in no language."""
    if missing := session.title.missing():
        yield Finding(Problem.TITLE_MISSING, session.id, languages=missing)
    if missing := session.abstract.missing():
        yield Finding(Problem.ABSTRACT_MISSING, session.id, languages=missing)
    long = {language: n for language in Language if (n := _breadth(session.abstract.exact(language), most)) > most}
    if long:
        yield Finding(Problem.ABSTRACT_LONG, session.id, languages=tuple(long), count=max(long.values()), limit=most)


def _breadth(text: str, most: int) -> int:
    """Characters as print counts them: a Han character takes the room of two. Not counted where it cannot matter."""
    return len(text) if text.isascii() or 2 * len(text) <= most else len(text) + len(HAN.findall(text))


def _cast(session: Planned) -> Iterator[Finding]:
    for person in sorted({taking.person for taking in session.cast if taking.has_declined}):
        yield Finding(Problem.DECLINED, session.id, person=person)
    open_ = {taking.person for taking in session.cast if not (taking.has_agreed or taking.has_declined)}
    if open_:
        yield Finding(Problem.NOT_CONFIRMED, session.id, people=tuple(sorted(open_)))
    if session.kind in TALKS and not session.cast:
        yield Finding(Problem.NO_SPEAKER, session.id)
    if session.kind in LED and session.cast and not any(taking.role in LEADERS for taking in session.cast):
        yield Finding(Problem.NO_CHAIR, session.id)


def _order(session: Planned, plan: Plan) -> Iterator[Finding]:
    """At the first place where they differ: `person` stands there, and `people` is who should."""
    if len(session.cast) < 2:
        return
    due = in_order(session.cast, session.order, plan.sides)
    for stands, should in zip(session.cast, due, strict=True):
        if stands != should:
            yield Finding(Problem.OUT_OF_ORDER, session.id, person=stands.person, people=(should.person,))
            return


def _sides(session: Planned, plan: Plan) -> Iterator[Finding]:
    """Of those who come from one of the sides and have not declined; two of them are the least to speak of shares."""
    share = plan.measures.least_share
    if share is None or len(plan.sides) < 2:
        return
    counted = Counter(taking.side for taking in session.cast if taking.side in plan.sides and not taking.has_declined)
    if (total := counted.total()) < 2:
        return
    for side in plan.sides:
        if 100 * counted[side] < share * total:
            yield Finding(Problem.SIDE_SHORT, session.id, side=side, count=counted[side], limit=total)
