"""What is said of each finding: whom, where, when, how many, and in words for a screen or for a script."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from app.agenda.findings import Finding, Problem
from app.agenda.naming import Names
from app.agenda.plan import Measures, Place, Plan, Window
from app.agenda.sentences import HERE, PROBLEMS, SENTENCES, sentence_of
from app.agenda.words import FIELD_OF, WAYS_OUT
from app.people.rules import Name
from app.values.language import Language, Translated
from tests.agenda.drafts import DAYS, at, planned

CELLS = planned(1, 9, 10, room=1, title=Translated("Cells", "Zellen", "电池"), language=Language.ZH)
GRIDS = planned(2, 9.5, 11, room=2, title=Translated("Grids & <grids>"))
PLAN = Plan(
    "Asia/Shanghai",
    DAYS,
    (CELLS, GRIDS),
    (Place(1), Place(2)),
    available={5: (Window(at(14), at(16)), Window(at(17), at(9) + timedelta(days=1)))},
    measures=Measures(least_share=30),
)
NAMES = Names(
    PLAN,
    {1: CELLS, 2: GRIDS},
    {1: Translated("Meilan Hall", "Meilan-Saal", "美兰厅"), 2: Translated("Coral Room")},
    {5: Name("查思远", "查", "Zha Siyuan", "Zha"), 6: Name("Anna Łukasiewicz", "Łukasiewicz")},
)
FOUND = {
    Finding(Problem.ROOM_BUSY, 1, 2, room=1): "“Cells” and “Grids & <grids>” are in Meilan Hall at once.",
    Finding(Problem.PERSON_BUSY, 1, 2, person=5): "Zha Siyuan is in “Cells” and “Grids & <grids>” at once.",
    Finding(Problem.END_BEFORE_START, 1): "“Cells” ends before it starts.",
    Finding(Problem.CLOCK_SKIPPED, 1): "“Cells”: the clock is put forward that night, and this time never comes.",
    Finding(Problem.TOO_FAR, 1, 2, person=5, count=5, limit=20): (
        "Zha Siyuan has 5 min between “Cells” in Meilan Hall and “Grids & <grids>” in Coral Room; the way takes 20 min."
    ),
    Finding(Problem.UNAVAILABLE, 1, person=5): (
        "“Cells”, 09:00–10:00: Zha Siyuan is available only Thu 23 Sep 14:00–16:00, Thu 23 Sep 17:00–Fri 24 Sep 09:00."
    ),
    Finding(Problem.OUTSIDE_DAYS, 1): "“Cells” is not within the days of the edition, 23–24 September 2027.",
    Finding(Problem.NO_ROOM, 1): "“Cells” has a time but no room.",
    Finding(Problem.ROOM_SMALL, 1, room=1, count=120, limit=100): "“Cells”: 120 expected, and Meilan Hall seats 100.",
    Finding(Problem.ROOM_SMALL_FOR_ALL, 1, room=1, count=120, limit=100): (
        "“Cells” is for all: 120 have signed up, and Meilan Hall seats 100."
    ),
    Finding(Problem.NO_BOOTH, 1, room=1, languages=(Language.EN, Language.DE), count=2, limit=1): (
        "“Cells” needs a booth each for English, German; Meilan Hall has 1."
    ),
    Finding(Problem.NO_INTERPRETER, 1, languages=(Language.DE,)): (
        "“Cells”, 09:00–10:00: nobody is free to interpret into German."
    ),
    Finding(Problem.UNABLE, 1, person=6, languages=(Language.DE,)): (
        "“Cells” is held in Chinese: Anna Łukasiewicz, on duty for German, does not interpret from the one into the other."
    ),
    Finding(Problem.NO_REST, 2, 1, person=6, count=150, limit=120): (
        "Anna Łukasiewicz interprets for 150 min without a rest from “Cells” on; in “Grids & <grids>” the limit of "
        "120 min is passed."
    ),
    Finding(Problem.NO_REST, 1, person=6, count=150, limit=120): (
        "Anna Łukasiewicz interprets “Cells” for 150 min without a rest; the limit is 120 min."
    ),
    Finding(Problem.OUT_OF_ORDER, 1, person=6, people=(5,)): (
        "“Cells”: by protocol Zha Siyuan speaks before Anna Łukasiewicz."
    ),
    Finding(Problem.DECLINED, 1, person=6): "“Cells”: Anna Łukasiewicz has declined.",
    Finding(Problem.NO_CHAIR, 1): "Nobody chairs or moderates “Cells”.",
    Finding(Problem.BESIDE_ALL, 2, 1): "“Grids & <grids>” runs at the same time as “Cells”, which is for all.",
    Finding(Problem.CLOCK_TWICE, 1): (
        "“Cells”: the clock is put back that night, so its time comes twice. The first is meant."
    ),
    Finding(Problem.NO_TIME, 1): "“Cells” has no time yet.",
    Finding(Problem.NO_SPEAKER, 1): "“Cells”: nobody speaks yet.",
    Finding(Problem.NOT_CONFIRMED, 1, people=(5, 6)): "“Cells”: not confirmed yet: Zha Siyuan, Anna Łukasiewicz.",
    Finding(Problem.SIDE_SHORT, 1, side="DE", count=1, limit=4): (
        "“Cells” has 1 of 4 speakers from Germany; at least 30 % are asked."
    ),
    Finding(Problem.UNSTAFFED, 1, languages=(Language.DE,), people=(6,)): (
        "“Cells”: nobody is on duty for German yet. Free then: Anna Łukasiewicz."
    ),
    Finding(Problem.TITLE_MISSING, 2, languages=(Language.DE, Language.ZH)): (
        "“Grids & <grids>”: the title is missing in German, Chinese."
    ),
    Finding(Problem.ABSTRACT_MISSING, 1, languages=(Language.ZH,)): "“Cells”: the abstract is missing in Chinese.",
    Finding(Problem.ABSTRACT_LONG, 1, languages=(Language.EN,), count=1300, limit=1200): (
        "“Cells”: the abstract is too long for print in English, with 1300 characters; 1200 fit."
    ),
}  # fmt: skip


@pytest.fixture
def english(app: Flask) -> Iterator[None]:
    with app.test_request_context("/organise/", headers={"Accept-Language": "en"}):
        yield


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(("finding", "sentence"), FOUND.items(), ids=[f.problem.value for f in FOUND])
def test_a_finding_names_what_it_speaks_of(finding: Finding, sentence: str) -> None:
    assert sentence_of(finding, NAMES) == sentence


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("finding", FOUND, ids=[f.problem.value for f in FOUND])
def test_on_a_page_the_sessions_are_links_and_nothing_typed_is_markup(finding: Finding) -> None:
    said = sentence_of(finding, NAMES, address=lambda session: f"/agenda/{session}")
    assert "<grids>" not in said
    assert f'<a href="/agenda/{finding.session}">' in said
    assert "%" not in said.replace(" % are asked", "")


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("finding", [f for f in FOUND if f.problem in HERE], ids=[f.problem.value for f in FOUND if f.problem in HERE])  # fmt: skip
def test_on_the_sessions_own_page_it_is_not_named_again(finding: Finding) -> None:
    said = sentence_of(finding, NAMES, here=True, address=lambda session: f"/agenda/{session}")
    assert f"/agenda/{finding.session}" not in said
    assert (finding.other is None) == ("/agenda/" not in said)


@pytest.mark.usefixtures("english")
def test_a_way_is_told_in_the_order_in_which_it_is_gone_from_either_side() -> None:
    late = Finding(Problem.TOO_FAR, 1, 2, person=5, count=5, limit=20)
    assert sentence_of(late.seen_from(2), NAMES, here=True) == sentence_of(late, NAMES)


@pytest.mark.usefixtures("english")
def test_somebody_who_is_gone_is_a_question_mark_and_no_error() -> None:
    nobody = replace(NAMES, people={})
    assert sentence_of(Finding(Problem.DECLINED, 1, person=6), nobody) == "“Cells”: ? has declined."


def test_every_problem_has_a_name_a_sentence_a_place_in_the_form_and_a_way_out() -> None:
    for table in (PROBLEMS, SENTENCES, FIELD_OF):
        assert set(table) == set(Problem)
    assert {finding.problem for finding in FOUND} == set(Problem)
    assert set(FIELD_OF.values()) <= set(WAYS_OUT)
