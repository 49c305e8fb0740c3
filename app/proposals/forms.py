"""What is asked of a proposal: a form with a line for each day and a length for each kind that has no time yet."""

from collections.abc import Iterator, Sequence
from datetime import date, time
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, IntegerField, RadioField, SelectField
from wtforms.validators import InputRequired, NumberRange

from app.agenda.forms import ClockField, complain
from app.agenda.plan import Plan
from app.agenda.rules import SessionKind
from app.agenda.words import KINDS
from app.proposals.wishes import CHOSEN, MINUTES, NORMAL, SECONDS, STEPS, Aim, Frame, Scope, Wishes
from app.proposals.words import AIMS, SCOPES, WEIGHTS

MIDNIGHT = 24 * 60
PAUSES = NumberRange(0, 120)
NUMERIC = {"inputmode": "numeric"}


class WishesForm(FlaskForm):
    """Made by `wishes_form`, since every edition has days of its own."""

    days: Sequence[date] = ()
    kinds: Sequence[SessionKind] = ()

    scope = RadioField(_("Which sessions"), choices=list(SCOPES.items()))
    seconds = IntegerField(
        _("Seconds to search"), [InputRequired(), NumberRange(SECONDS[0], SECONDS[-1])], render_kw=NUMERIC
    )
    step = SelectField(
        _("Sessions begin every"), [InputRequired()], choices=[(str(n), _("%(n)s minutes", n=n)) for n in STEPS]
    )
    pause = IntegerField(_("Minutes between two sessions of one speaker"), [InputRequired(), PAUSES], render_kw=NUMERIC)

    def wishes(self) -> Wishes:
        return Wishes(
            Scope(self.scope.data),
            tuple(_frame(day, opens, closes) for day, use, opens, closes in self.of_days() if use.data),
            seconds=self.seconds.data or 0,
            step=int(self.step.data),
            pause=self.pause.data or 0,
            lengths={kind: field.data for kind, field in self.of_kinds() if field.data},
            weights={aim: int(field.data) for aim, field in self.of_aims()},
        )

    def of_days(self) -> Iterator[tuple[date, Field, Field, Field]]:
        for day in self.days:
            yield day, self[_name("use", day)], self[_name("opens", day)], self[_name("closes", day)]

    def of_kinds(self) -> Iterator[tuple[SessionKind, Field]]:
        yield from ((kind, self[f"length_{kind}"]) for kind in self.kinds)

    def of_aims(self) -> Iterator[tuple[Aim, Field]]:
        yield from ((aim, self[f"weight_{aim}"]) for aim in CHOSEN)

    def validate(self, extra_validators: Any = None) -> bool:
        good = bool(super().validate(extra_validators))
        used = [(day, opens, closes) for day, use, opens, closes in self.of_days() if use.data]
        if not used:
            self.form_errors.append(_("Tick at least one day."))
        for day, opens, closes in used:
            for field in (opens, closes):
                if field.time is None and not field.errors:
                    complain(field, field.gettext("This field is required."))
            if (
                not (opens.errors or closes.errors)
                and _frame(day, opens, closes).opens >= _frame(day, opens, closes).closes
            ):
                complain(closes, _("The end is not after the start."))
        return good and not self.errors


def wishes_form(plan: Plan, usual: Wishes, *args: Any) -> WishesForm:
    """Filled with what is usual where nothing was sent."""

    class OfThese(WishesForm):
        days = tuple(plan.days or ())
        kinds = tuple(kind for kind in SessionKind if any(s.kind is kind and _has_no_length(s) for s in plan.sessions))

    for day in OfThese.days:
        setattr(OfThese, _name("use", day), BooleanField(_("Use this day")))
        setattr(OfThese, _name("opens", day), ClockField(_("From")))
        setattr(OfThese, _name("closes", day), ClockField(_("Until")))
    for kind in OfThese.kinds:
        checks = [InputRequired(), NumberRange(MINUTES[0], MINUTES[-1])]
        setattr(OfThese, f"length_{kind}", IntegerField(KINDS[kind.value], checks, render_kw=NUMERIC))
    for aim in CHOSEN:
        choices = [(str(weight), word) for weight, word in WEIGHTS.items()]
        setattr(OfThese, f"weight_{aim}", SelectField(AIMS[aim], choices=choices))
    return OfThese(*args, data=_data(usual, OfThese.days))


def _has_no_length(session: Any) -> bool:
    return session.starts_at is None and not (session.is_cancelled or session.is_pinned)


def _data(usual: Wishes, days: Sequence[date]) -> dict[str, Any]:
    frames = {frame.day: frame for frame in usual.frames}
    found: dict[str, Any] = {
        "scope": usual.scope.value, "seconds": usual.seconds, "step": str(usual.step), "pause": usual.pause,
    }  # fmt: skip
    for day in days:
        frame = frames.get(day)
        found[_name("use", day)] = frame is not None
        found[_name("opens", day)] = _clock((frame or Frame(day)).opens)
        found[_name("closes", day)] = _clock((frame or Frame(day)).closes)
    found |= {f"length_{kind}": minutes for kind, minutes in usual.lengths.items()}
    return found | {f"weight_{aim}": str(usual.weights.get(aim, NORMAL)) for aim in CHOSEN}


def _name(part: str, day: date) -> str:
    return f"{part}_{day:%Y%m%d}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def _frame(day: date, opens: Any, closes: Any) -> Frame:
    """Until 00:00 is until midnight."""
    return Frame(day, _minutes(opens.time), _minutes(closes.time) or MIDNIGHT)


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute
