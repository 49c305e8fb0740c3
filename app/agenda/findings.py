"""What is wrong with a draft agenda, and how wrong. A person may know better: nothing here refuses anything."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import chain

from app.agenda.findings_people import of_people
from app.agenda.findings_rooms import of_rooms
from app.agenda.findings_sessions import of_sessions
from app.agenda.plan import Plan
from app.agenda.problems import OF_THE_RECORD, Finding, Problem, Severity

__all__ = ["Finding", "Problem", "Severity", "findings", "marks", "of_session", "tally", "worst"]

RANK = {severity: n for n, severity in enumerate(Severity)}
PLACE = {problem: n for n, problem in enumerate(Problem)}


def findings(plan: Plan) -> tuple[Finding, ...]:
    """Everything worth saying, the worst first, then in the order of the agenda; what was waved through stands last.

    Cancelled sessions are in nobody's way and need nothing. Kinds that the edition switched off are left out,
    and of a past edition what was never recorded.
    """
    living = replace(plan, sessions=tuple(session for session in plan.sessions if not session.is_cancelled))
    off = plan.measures.switched_off
    heard = {problem for problem in Problem if problem not in off and (problem in OF_THE_RECORD or not plan.is_over)}
    found = chain(of_sessions(living), of_rooms(living), of_people(living))
    marked = [_marked(finding, plan) for finding in found if finding.problem in heard]
    place = {session.id: n for n, session in enumerate(living.sessions)}
    return tuple(sorted(marked, key=lambda finding: _key(finding, place)))


def of_session(found: Iterable[Finding], session: int) -> tuple[Finding, ...]:
    return tuple(finding.seen_from(session) for finding in found if finding.concerns(session))


def worst(found: Iterable[Finding]) -> Severity | None:
    """Of what still stands: None where all of it was waved through."""
    return min((finding.severity for finding in found if not finding.waived), key=RANK.__getitem__, default=None)


def tally(found: Iterable[Finding]) -> Counter[Severity]:
    """How many of each severity, without what was waved through."""
    return Counter(finding.severity for finding in found if not finding.waived)


def marks(found: Iterable[Finding]) -> dict[int, Severity]:
    """The worst of every session that has something, for a grid or a list of all of them."""
    each: dict[int, Severity] = {}
    for finding in found:
        for session in (finding.session, finding.other):
            if session is None or finding.waived:
                continue
            each[session] = min(each.get(session, finding.severity), finding.severity, key=RANK.__getitem__)
    return each


def _marked(finding: Finding, plan: Plan) -> Finding:
    """What stands between two sessions is waved through at either of them."""
    concerned = [id_ for id_ in (finding.session, finding.other) if id_ in plan.waived]
    is_waived = any(finding.problem in plan.waived[id_] for id_ in concerned if id_ is not None)
    return replace(finding, waived=True) if is_waived else finding


def _key(finding: Finding, place: dict[int, int]) -> tuple[bool, int, int, int, int, int]:
    other = place[finding.other] if finding.other is not None else -1
    return (
        finding.waived,
        RANK[finding.severity],
        place[finding.session],
        PLACE[finding.problem],
        other,
        finding.person or 0,
    )
