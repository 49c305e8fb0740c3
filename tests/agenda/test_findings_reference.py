"""Every generated agenda's findings equal those of a slow, obvious reference."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.agenda.findings import Finding, Problem, Severity, findings
from app.agenda.plan import Duty, Interpreting, Measures, Place, Plan, Planned, Taking, Window
from app.agenda.rules import SessionKind, SessionRole, SpeakingOrder
from app.values.language import Language, Translated
from app.values.time import Days
from tests.agenda.reference import reference

SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)
"""Nights in which the clock in Berlin is changed: few hours of them make a crowded agenda with odd times."""
CREW = (
    Interpreting(1, 5, ("zh-de", "de-zh")),
    Interpreting(2, 6, ("zh-de", "en-de")),
    Interpreting(3, 7, ("zh-en", "en-zh", "de-en")),
)
ROOMS = (Place(1, 40, 0, "Fair"), Place(2, 100, 1, "Fair"), Place(3, None, 2, "Old town"))
LANGUAGES = st.lists(st.sampled_from([language.value for language in Language]), unique=True).map(sorted).map(tuple)
PROBLEMS = st.frozensets(st.sampled_from([problem.value for problem in Problem]), min_size=1, max_size=9)
TEXTS = st.builds(
    Translated, st.sampled_from(["", "a" * 11]), st.sampled_from(["", "ü" * 20]), st.sampled_from(["", "电池" * 5])
)


@st.composite
def times(draw: st.DrawFn, day: date) -> tuple[datetime | None, datetime | None]:
    """Between one and six in the morning, in steps of ten minutes; now and then none, or the wrong way round."""
    if draw(st.integers(0, 9)) == 0:
        return None, None
    start = datetime(day.year, day.month, day.day, 1) + timedelta(minutes=10 * draw(st.integers(0, 24)))
    return start, start + timedelta(minutes=10 * draw(st.sampled_from([-1, 1, 2, 3, 4, 5, 6, 7, 8])))


@st.composite
def takings(draw: st.DrawFn) -> tuple[Taking, ...]:
    speakers = draw(st.lists(st.integers(1, 9), unique=True, max_size=4))
    return tuple(
        Taking(
            speaker,
            person=min(speaker, 5),  # the last few are one person in several parts, who interprets too
            role=draw(st.sampled_from(SessionRole)),
            rank=draw(st.sampled_from([None, 1, 2])),
            side=draw(st.sampled_from([None, "CN", "DE", "PL"])),
            has_agreed=draw(st.booleans()),
            has_declined=draw(st.booleans()) and draw(st.booleans()),
        )
        for speaker in speakers
    )


@st.composite
def sessions(draw: st.DrawFn, id: int) -> Planned:
    day = draw(st.sampled_from([SPRING, SPRING, AUTUMN]))
    starts_at, ends_at = draw(times(day))
    language = draw(st.sampled_from([None, *Language]))
    on_duty = draw(st.lists(st.sampled_from(CREW), unique=True, max_size=2))
    duties = tuple(
        Duty(who.id, who.person, into := draw(st.sampled_from(Language)), language is None or f"{language}-{into}" in who.pairs)
        for who in on_duty
    )  # fmt: skip
    return Planned(
        id,
        draw(st.sampled_from(SessionKind)),
        draw(TEXTS),
        draw(TEXTS),
        day if starts_at else draw(st.sampled_from([None, day])),
        starts_at,
        ends_at,
        draw(st.sampled_from([None, 1, 2, 3])),
        for_all=draw(st.integers(0, 2)) == 0,
        is_cancelled=draw(st.integers(0, 9)) == 0,
        language=language,
        interpretation=draw(LANGUAGES),
        expected=draw(st.sampled_from([None, 40, 41, 300])),
        order=draw(st.sampled_from(SpeakingOrder)),
        cast=draw(takings()),
        duties=duties,
    )


@st.composite
def windows(draw: st.DrawFn) -> tuple[Window, ...]:
    hours = draw(st.lists(st.integers(0, 8), min_size=2, max_size=6, unique=True).map(sorted))
    starts = [datetime(2027, 3, 28, hour) for hour in hours]
    touching = pairwise(starts) if draw(st.booleans()) else zip(starts[::2], starts[1::2], strict=False)
    return tuple(Window(a, b) for a, b in touching)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    several: Callable[[int], st.SearchStrategy[Planned]] = sessions
    drawn = [draw(several(n)) for n in range(1, draw(st.integers(1, 7)) + 1)]
    minutes = st.sampled_from([0, 20, 45])
    return Plan(
        zone=draw(st.sampled_from(["Europe/Berlin", "Asia/Shanghai"])),
        days=draw(st.sampled_from([None, Days(SPRING, SPRING), Days(SPRING, AUTUMN)])),
        sessions=tuple(draw(st.permutations(drawn))),
        rooms=ROOMS,
        sides=draw(st.sampled_from([(), ("CN", "DE"), ("DE", "CN")])),
        interpreters=CREW,
        available=draw(st.dictionaries(st.integers(1, 7), windows(), max_size=3)),
        travel=draw(st.dictionaries(st.sampled_from([(1, 2), (1, 3), (2, 3)]), minutes)),
        measures=Measures(
            switched_off=draw(PROBLEMS) if draw(st.integers(0, 3)) == 0 else frozenset(),
            rest_after=draw(st.sampled_from([30, 60, 120])),
            least_share=draw(st.sampled_from([None, 30, 50])),
            travel_minutes=draw(minutes),
            abstract_most=draw(st.sampled_from([10, 19, 20, 100])),
        ),
        waived=draw(st.dictionaries(st.integers(1, 6), PROBLEMS, max_size=4)),
        signed_up=draw(st.sampled_from([None, 40, 41, 500])),
        is_over=draw(st.integers(0, 4)) == 0,
    )


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(plans())
def test_every_agendas_findings_are_those_of_the_reference(plan: Plan) -> None:
    assert Counter(findings(plan)) == Counter(reference(plan))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(plans())
def test_what_stands_comes_first_then_the_worst_then_the_order_of_the_agenda(plan: Plan) -> None:
    place = [session.id for session in plan.sessions]

    def key(finding: Finding) -> tuple[bool, int, int]:
        return finding.waived, list(Severity).index(finding.severity), place.index(finding.session)

    found = findings(plan)
    assert list(found) == sorted(found, key=key)
