"""The shape of what organisers say of findings: why one may stand, what is measured, how long ways take."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, SelectMultipleField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, NumberRange, Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from app.agenda.plan import Measures
from app.agenda.problems import Problem
from app.agenda.sentences import PROBLEMS
from app.web.fields import Required, paragraphs

LONGEST_WAY = 600


class WaiveForm(FlaskForm):
    """Why a finding may stand. `next` is where to go back to."""

    problem = HiddenField(validators=[AnyOf(list(Problem), _("There is no such kind of finding."))])
    reason = TextAreaField(_("Why it may stand"), [Required(), paragraphs(500)], render_kw={"rows": 2})
    next = HiddenField()


class MeasuresForm(FlaskForm):
    """`heard` are the kinds that are looked for: what is ticked, not what is switched off."""

    revision = IntegerField(widget=HiddenInput(), validators=[Optional()])
    rest_after = IntegerField(_("Minutes an interpreter may work in a row"), [InputRequired(), NumberRange(10, 1440)])
    least_share = IntegerField(
        _("Per cent of a session’s speakers that each side is to have"), [Optional(), NumberRange(1, 50)]
    )
    travel_minutes = IntegerField(
        _("Minutes from one site to another, where no other figure is given"), [InputRequired(), NumberRange(0, LONGEST_WAY)]
    )  # fmt: skip
    abstract_most = IntegerField(_("Characters of an abstract that the print has room for"), [InputRequired(), NumberRange(100, 20000)])  # fmt: skip
    heard = SelectMultipleField(
        _("Kinds of findings to look for"),
        choices=list(PROBLEMS.items()),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def measures(self) -> Measures:
        return Measures(
            switched_off=frozenset(Problem) - {Problem(value) for value in self.heard.data or ()},
            rest_after=self.rest_after.data or 0,
            least_share=self.least_share.data,
            travel_minutes=self.travel_minutes.data or 0,
            abstract_most=self.abstract_most.data or 0,
        )


def measures_data(measures: Measures) -> dict[str, Any]:
    return {
        "rest_after": measures.rest_after,
        "least_share": measures.least_share,
        "travel_minutes": measures.travel_minutes,
        "abstract_most": measures.abstract_most,
        "heard": [problem.value for problem in Problem if problem not in measures.switched_off],
    }


class WaysForm(FlaskForm):
    """A field of minutes for each pair of rooms; made by `ways_form`, since every edition has rooms of its own."""

    revision = IntegerField(widget=HiddenInput(), validators=[Optional()])

    def ways(self) -> dict[tuple[int, int], int]:
        """What was given. An empty field falls back to the minutes between sites."""
        fields = {pair_of(field.short_name): field.data for field in self if field.short_name.startswith("way_")}
        return {pair: minutes for pair, minutes in fields.items() if minutes is not None}


def ways_form(rooms: Sequence[tuple[int, str]], *args: Any, **options: Any) -> WaysForm:
    """`rooms` are ids with names."""

    class OfThese(WaysForm):
        pass

    for (a, name_a), (b, name_b) in combinations(rooms, 2):
        label = _("From %(one)s to %(other)s", one=name_a, other=name_b)
        minutes = IntegerField(label, [Optional(), NumberRange(0, LONGEST_WAY)], render_kw={"inputmode": "numeric"})
        setattr(OfThese, way(a, b), minutes)
    return OfThese(*args, **options)


def ways_data(travel: Mapping[tuple[int, int], int]) -> dict[str, int]:
    return {way(a, b): minutes for (a, b), minutes in travel.items()}


def way(a: int, b: int) -> str:
    """A field's name: the same from either end."""
    return f"way_{min(a, b)}_{max(a, b)}"


def pair_of(name: str) -> tuple[int, int]:
    _way, a, b = name.split("_")
    return int(a), int(b)
