"""The shape of what organisers say of somebody at an edition."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    EmailField,
    FieldList,
    Form,
    FormField,
    IntegerField,
    SelectField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Optional
from wtforms.widgets import HiddenInput

from app.speakers.rules import Part, Scope, Span, SpeakerFacts, SpeakerState
from app.speakers.words import PARTS, SCOPES
from app.values.language import Language
from app.values.time import WallKind, wall_kind
from app.web.fields import LANGUAGE_CHOICES, address, in_our_time, paragraphs, tongues
from app.web.places import countries

MINUTE = "%Y-%m-%dT%H:%M"
MOST_SPANS = 20


class SpeakerForm(FlaskForm):
    """What somebody is and does at this edition. Name, portrait and biography are the person's own record.

    Where they stand on their way from candidate to materials in is no field: see `pipeline.move`.
    """

    revision = IntegerField(widget=HiddenInput(), validators=[Optional()])
    role = tongues(_("Function then"), longest=300)
    organisation = SelectField(_("Organisation"), default="")
    country = SelectField(_("Country"), default="")
    topic = tongues(_("Topic"), longest=500)
    part = SelectField(_("Takes part as"), [DataRequired()], choices=list(PARTS.items()), default=Part.SPEAKER.value)
    scope = SelectField(_("Where"), [DataRequired()], choices=list(SCOPES.items()), default=Scope.FORUM.value)
    rank = SelectField(_("Rank of protocol"), default="")
    note = tongues(_("Note for the record"), longest=2000, rows=2)
    email = EmailField(_("E-mail"), [Optional(), address], render_kw={"spellcheck": "false", "maxlength": 254})
    language = SelectField(_("Language of letters"), default="")
    inviter = SelectField(_("Who invites"), default="")
    due_on = DateField(_("By when"), [Optional(), in_our_time])
    private_note = TextAreaField(_("Notes of the organisers"), [paragraphs(5000)], render_kw={"rows": 4})
    needs = TextAreaField(_("What they need"), [paragraphs(2000)], render_kw={"rows": 3})

    def __init__(self, *args: Any, choices: "Choices", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation.choices = [("", _("none")), *choices.organisations]
        self.country.choices = countries(none=str(_("Not known")))
        self.rank.choices = [("", _("none given")), *choices.ranks]
        self.inviter.choices = [("", _("nobody yet")), *choices.inviters]
        self.language.choices = [("", _("as the series is written")), *LANGUAGE_CHOICES]

    def read_texts_only(self, typed: Any) -> None:
        """Take the texts from what was sent, and nothing else: for translators."""
        for name in ("role", "topic", "note", "revision"):
            self[name].process(typed)

    def facts(self, state: SpeakerState) -> SpeakerFacts:
        return SpeakerFacts(
            scope=Scope(self.scope.data),
            part=Part(self.part.data),
            state=state,
            organisation_id=_number(self.organisation),
            country=self.country.data or None,
            role=self.role.form.translated,
            topic=self.topic.form.translated,
            note=self.note.form.translated,
            rank_id=_number(self.rank),
            email=self.email.data or "",
            language=Language(self.language.data) if self.language.data else None,
            inviter_id=_number(self.inviter),
            due_on=self.due_on.data,
            private_note=self.private_note.data or "",
            needs=self.needs.data or "",
        )


@dataclass(frozen=True, slots=True)
class Choices:
    """What the form's lists offer: pairs of an id as text and a name."""

    organisations: Sequence[tuple[str, str]] = ()
    ranks: Sequence[tuple[str, str]] = ()
    inviters: Sequence[tuple[str, str]] = ()


def speaker_data(facts: SpeakerFacts) -> dict[str, Any]:
    """Facts as the form takes them for its `data`."""
    return {
        "role": facts.role.as_dict(),
        "organisation": str(facts.organisation_id or ""),
        "country": facts.country or "",
        "topic": facts.topic.as_dict(),
        "part": facts.part.value,
        "scope": facts.scope.value,
        "rank": str(facts.rank_id or ""),
        "note": facts.note.as_dict(),
        "email": facts.email,
        "language": facts.language.value if facts.language else "",
        "inviter": str(facts.inviter_id or ""),
        "due_on": facts.due_on,
        "private_note": facts.private_note,
        "needs": facts.needs,
    }


def _number(field: SelectField) -> int | None:
    return int(field.data) if field.data else None


class SpanForm(Form):
    """A line of availability. An empty one says nothing."""

    starts = DateTimeLocalField(_("From"), [Optional(), in_our_time], format=[MINUTE, f"{MINUTE}:%S"])
    ends = DateTimeLocalField(_("Until"), [Optional(), in_our_time], format=[MINUTE, f"{MINUTE}:%S"])
    remove = BooleanField(_("Take this line away"))

    @property
    def says_something(self) -> bool:
        return bool((self.starts.data or self.ends.data) and not self.remove.data)

    @property
    def span(self) -> Span:
        return Span(self.starts.data, self.ends.data)

    def complain(self, zone: str) -> bool:
        """Whether something is wrong with it as a whole; says so beside the field."""
        for field in (self.starts, self.ends):
            if field.data is None:
                field.errors = [_("Give both, from and until.")]
                return True
            if wall_kind(field.data, zone) is WallKind.GAP:
                field.errors = [_("Clocks at the venue are put forward over this time: it does not exist there.")]
                return True
        if self.ends.data <= self.starts.data:
            self.ends.errors = [_("This is not after the start.")]
            return True
        return False


class TimeForm(FlaskForm):
    """When somebody can be there, as clocks at the venue show it. Lines are added and taken away without a script."""

    revision = IntegerField(widget=HiddenInput(), validators=[Optional()])
    spans = FieldList(FormField(SpanForm), max_entries=MOST_SPANS)

    @classmethod
    def of(cls, spans: Sequence[Span], **data: Any) -> Self:
        """What is stored, and an empty line below it."""
        lines = [{"starts": span.starts_at, "ends": span.ends_at} for span in spans]
        form = cls(formdata=None, data={"spans": lines, **data})
        form.one_more()
        return form

    def one_more(self) -> None:
        if len(self.spans) < MOST_SPANS:
            self.spans.append_entry()

    def good(self, zone: str) -> bool:
        """Validates the form with what only several fields together can get wrong."""
        valid = bool(self.validate())
        complaints = [line.form.complain(zone) for line in self.spans if line.form.says_something and not line.errors]
        return valid and not any(complaints)

    @property
    def said(self) -> tuple[Span, ...]:
        return tuple(line.form.span for line in self.spans if line.form.says_something)


class RankForm(FlaskForm):
    """A rung of protocol."""

    revision = IntegerField(widget=HiddenInput(), validators=[Optional()])
    name = tongues(_("Name"), longest=120)

    def validate(self, extra_validators: Any = None) -> bool:
        good = bool(super().validate(extra_validators))
        if good and not self.name.form.translated:
            field = self.name.form.en
            field.errors = [*field.errors, _("Give the name in at least one language.")]
            return False
        return good
