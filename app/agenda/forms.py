"""The shape of what organisers say of sessions, rooms and tracks."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    Field,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget, TextArea, TextInput

from app.agenda.rules import (
    PALETTE,
    Misfit,
    RoomFacts,
    SessionFacts,
    SessionKind,
    SessionRole,
    SpeakingOrder,
    TrackFacts,
    misfit,
)
from app.agenda.words import KINDS, ORDERS, PARTS_OF_DAY, ROLES
from app.values.language import Language, Translated
from app.values.text import LINE_BREAKS
from app.values.time import YEARS
from app.web.fields import LANGUAGE_CHOICES, in_our_time, line, tongues
from app.web.messages import sentence_for

SLUG = re.compile("[a-z0-9]+(-[a-z0-9]+)*")
CLOCK = re.compile(r"(\d{1,2})(?:\s*[:.：hH]\s*(\d{2})|(\d{2}))?\s*(?:[hH]|Uhr|点)?")
MIDNIGHT = time(0, 0)
Choices = Sequence[tuple[str, Any]]


def complain(field: Field, message: object) -> None:
    """Add an error to a field after its own validation."""
    field.errors = [*field.errors, message]


class ClockField(Field):
    """What a clock on the wall shows: 9:00, 0900, 9.00 or 9. Its data is "09:00", or empty."""

    widget = TextInput()
    data: str

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else self.data or ""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.data = ""
        if not text:
            return
        found = CLOCK.fullmatch(text)
        hour, minute = (int(found[1]), int(found[2] or found[3] or 0)) if found else (99, 0)
        if hour == 24 and minute == 0:
            hour = 0
        if hour > 23 or minute > 59:
            raise ValueError(self.gettext(str(_("Write a time such as 09:30."))))
        self.data = f"{hour:02}:{minute:02}"

    @property
    def time(self) -> time | None:
        return time.fromisoformat(self.data) if self.data else None


@dataclass(frozen=True, slots=True)
class Part:
    """One line of a session's cast: `who` is `speaker-<id>`, or `person-<id>` for somebody new to the edition."""

    who: str
    role: SessionRole
    name: str = ""


class Cast(tuple[Part, ...]):
    """Who takes part, in the order of speaking. Reads as words where two versions are compared."""

    __slots__ = ()

    def __str__(self) -> str:
        return "; ".join(f"{part.name}, {ROLES[part.role]}" for part in self)

    def named(self, names: Mapping[str, str]) -> "Cast":
        return Cast(replace(part, name=names.get(part.who, "?")) for part in self)

    def moved(self, n: int, by: int) -> "Cast":
        """The part at `n` one place up (-1) or down (1); at an end it stays."""
        if not (0 <= n < len(self) and 0 <= n + by < len(self)):
            return self
        parts = list(self)
        parts[n], parts[n + by] = parts[n + by], parts[n]
        return Cast(parts)

    def without(self, n: int) -> "Cast":
        return Cast(part for place, part in enumerate(self) if place != n)

    def joined(self, who: str) -> "Cast":
        there = any(part.who == who for part in self)
        return self if there else Cast((*self, Part(who, SessionRole.SPEAKER)))


WHO = re.compile(r"(speaker|person)-[1-9][0-9]{0,9}")


class CastField(Field):
    """Each value is `who:role`, so that one select of a line says both."""

    data: Cast

    def process_data(self, value: Any) -> None:
        self.data = Cast(value or ())

    def process_formdata(self, valuelist: list[str]) -> None:
        pairs = [text.split(":", 1) for text in valuelist]
        if not all(len(pair) == 2 and WHO.fullmatch(pair[0]) and pair[1] in list(SessionRole) for pair in pairs):
            raise ValueError(str(_("There is somebody in this list who is not known.")))
        roles = {who: SessionRole(role) for who, role in pairs}
        self.data = Cast(Part(who, role) for who, role in roles.items())


def languages_of(label: Any) -> SelectMultipleField:
    """Which of the three languages, as boxes to tick."""
    return SelectMultipleField(
        label, choices=LANGUAGE_CHOICES, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )


class SessionForm(FlaskForm):
    """All of a session. Whatever a person may know better than we is a finding, not an error here."""

    revision = IntegerField(widget=HiddenInput(), validators=[Optional()])
    number = HiddenField()
    """Of a new session's form: see `own_number` in `app/web/fields.py`."""
    title = tongues(_("Title"), longest=300)
    abstract = tongues(_("Abstract"), longest=5000, rows=6)
    kind = SelectField(_("Kind"), choices=list(KINDS.items()), default=SessionKind.TALK.value)
    day = DateField(_("Day"), [Optional(), in_our_time])
    starts = ClockField(_("Starts"))
    ends = ClockField(_("Ends"))
    room = SelectField(_("Room"), default="")
    track = SelectField(_("Track"), default="")
    for_all = BooleanField(_("For all: nothing else should run beside it"))
    language = SelectField(_("Spoken in"), default="")
    interpretation = languages_of(_("Interpreted into"))
    cast = CastField(_("Speakers, in the order of speaking"))
    expected = IntegerField(_("Audience expected"), [Optional(), NumberRange(1, 100000)])
    order = SelectField(_("Order of speaking"), choices=list(ORDERS.items()), default=SpeakingOrder.RANK.value)
    is_pinned = BooleanField(_("Pinned: a proposal leaves it where it is"))
    slug = StringField(_("Address"), [line(80)])
    note = tongues(_("Note for the record"), longest=2000, rows=2)
    title_translated = languages_of(_("Titles that are our translation, not the hosts’ own wording"))
    part_of_day = SelectField(_("Part of the day, where no time is recorded"), default="")

    def __init__(
        self, *args: Any, zone: str, rooms: Choices, tracks: Choices, names: Mapping[str, str], **kwargs: Any
    ) -> None:
        """`rooms` and `tracks` are the edition's; `names` of everybody who may stand in the cast, by `who`."""
        super().__init__(*args, **kwargs)
        self.zone, self.names = zone, names
        self.room.choices = [("", _("none yet")), *rooms]
        self.track.choices = [("", _("none")), *tracks]
        self.language.choices = [("", _("not said")), *LANGUAGE_CHOICES]
        self.part_of_day.choices = list(PARTS_OF_DAY.items())
        self.cast.data = (self.cast.data or Cast()).named(names)
        self._dress_titles()

    def read_texts_only(self, typed: Any) -> None:
        """Take title, abstract and note from what was sent, and nothing else: for translators."""
        for name in ("title", "abstract", "note", "revision"):
            self[name].process(typed)
        self._dress_titles()

    def _dress_titles(self) -> None:
        """As boxes in which a long one stays readable. A title is one line all the same: breaks become blanks."""
        for title in self.title.form:
            title.widget, title.render_kw = TextArea(), {"rows": 2}
            title.data = LINE_BREAKS.sub(" ", title.data or "")

    def validate(self, extra_validators: Any = None) -> bool:
        good = bool(super().validate(extra_validators))
        for field, message in self._what_does_not_fit():
            complain(field, message)
            good = False
        return good

    def validate_slug(self, field: Field) -> None:
        if field.data and not SLUG.fullmatch(field.data):
            raise ValidationError(_("Use small letters, digits and hyphens only, such as solid-state-cells."))

    def validate_cast(self, field: Field) -> None:
        if any(part.who not in self.names for part in field.data):
            raise ValidationError(_("There is somebody in this list who is not known."))

    def _what_does_not_fit(self) -> list[tuple[Field, Any]]:
        wrong: list[tuple[Field, Any]] = []
        if not self.title.form.translated and not any(sub.errors for sub in self.title.form):
            wrong.append((self.title.form.en, _("Give the title in at least one language.")))
        if self.day.errors or self.starts.errors or self.ends.errors:
            return wrong
        if why := self._misfit():
            field = {
                Misfit.TIME_WITHOUT_DAY: self.day,
                Misfit.START_IN_GAP: self.starts,
                Misfit.TIME_INCOMPLETE: self.ends if self.starts.time else self.starts,
            }.get(why, self.ends)
            wrong.append((field, sentence_for(why)))
        return wrong

    def _misfit(self) -> Misfit | None:
        if self.day.data is None and (self.starts.time or self.ends.time):
            return Misfit.TIME_WITHOUT_DAY
        if (self.starts.time is None) != (self.ends.time is None):
            return Misfit.TIME_INCOMPLETE
        return misfit(day=self.day.data, starts_at=self.starts_at, ends_at=self.ends_at, zone=self.zone)

    @property
    def starts_at(self) -> datetime | None:
        return _wall(self.day.data, self.starts.time)

    @property
    def ends_at(self) -> datetime | None:
        """On the same day; midnight is the end of it."""
        ends = _wall(self.day.data, self.ends.time)
        at_midnight = ends is not None and self.ends.time == MIDNIGHT and self.starts.time != MIDNIGHT
        return ends + timedelta(days=1) if ends is not None and at_midnight else ends

    def facts(self, speaker_ids: Mapping[str, int], *, position: int = 0) -> SessionFacts:
        """`speaker_ids` says who is which speaker by now: somebody new to the edition was added before."""
        return SessionFacts(
            kind=SessionKind(self.kind.data),
            title=self.title.form.translated,
            title_translated=tuple(self.title_translated.data or ()),
            abstract=self.abstract.form.translated,
            note=self.note.form.translated,
            slug=self.slug.data or "",
            day=self.day.data,
            part_of_day=self.part_of_day.data or "",
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            room_id=int(self.room.data) if self.room.data else None,
            track_id=int(self.track.data) if self.track.data else None,
            for_all=self.for_all.data,
            language=Language(self.language.data) if self.language.data else None,
            interpretation=tuple(self.interpretation.data or ()),
            speakers=tuple((speaker_ids[part.who], part.role) for part in self.cast.data),
            position=position,
            expected=self.expected.data,
            order=SpeakingOrder(self.order.data),
            is_pinned=self.is_pinned.data,
        )


def _wall(day: date | None, clock: time | None) -> datetime | None:
    """None of a year that nobody can reckon with: pages show a refused form too, with the times at home."""
    return datetime.combine(day, clock) if day and day.year in YEARS and clock else None


def session_data(facts: SessionFacts) -> dict[str, Any]:
    """Facts as the form takes them for its `data`."""
    return {
        "title": facts.title.as_dict(),
        "abstract": facts.abstract.as_dict(),
        "note": facts.note.as_dict(),
        "title_translated": list(facts.title_translated),
        "kind": facts.kind.value,
        "day": facts.day,
        "part_of_day": facts.part_of_day,
        "starts": f"{facts.starts_at:%H:%M}" if facts.starts_at else "",
        "ends": f"{facts.ends_at:%H:%M}" if facts.ends_at else "",
        "room": str(facts.room_id or ""),
        "track": str(facts.track_id or ""),
        "for_all": facts.for_all,
        "language": facts.language.value if facts.language else "",
        "interpretation": list(facts.interpretation),
        "cast": [Part(f"speaker-{speaker}", role) for speaker, role in facts.speakers],
        "expected": facts.expected,
        "order": facts.order.value,
        "is_pinned": facts.is_pinned,
        "slug": facts.slug,
    }


class CancelForm(FlaskForm):
    revision = IntegerField(widget=HiddenInput(), validators=[Optional()])
    reason = tongues(_("Reason, as the public reads it"), longest=1000, rows=2)

    def validate(self, extra_validators: Any = None) -> bool:
        good = bool(super().validate(extra_validators))
        if good and not self.reason.form.translated:
            complain(self.reason.form.en, sentence_for("reason_missing"))
            return False
        return good

    @property
    def translated(self) -> Translated:
        reason: Translated = self.reason.form.translated
        return reason


class RoomForm(FlaskForm):
    revision = IntegerField(widget=HiddenInput(), validators=[Optional()])
    name = tongues(_("Name"), longest=120)
    detail = tongues(_("How to find it"), longest=200)
    capacity = IntegerField(_("Seats"), [Optional(), NumberRange(1, 100000)])
    site = StringField(_("Site"), [line(80)])
    booths = IntegerField(_("Booths for interpreters"), [Optional(), NumberRange(0, 50)])

    def validate(self, extra_validators: Any = None) -> bool:
        return _named(self, bool(super().validate(extra_validators)))

    def facts(self) -> RoomFacts:
        return RoomFacts(
            self.name.form.translated,
            self.detail.form.translated,
            self.capacity.data,
            site=self.site.data or "",
            booths=self.booths.data or 0,
        )


class TrackForm(FlaskForm):
    revision = IntegerField(widget=HiddenInput(), validators=[Optional()])
    name = tongues(_("Name"), longest=120)
    colour = IntegerField(_("Colour"), [Optional(), NumberRange(PALETTE.start, PALETTE.stop - 1)])

    def validate(self, extra_validators: Any = None) -> bool:
        return _named(self, bool(super().validate(extra_validators)))

    def facts(self) -> TrackFacts:
        return TrackFacts(self.name.form.translated, self.colour.data)


def _named(form: RoomForm | TrackForm, good: bool) -> bool:
    if not form.name.form.translated and not any(sub.errors for sub in form.name.form):
        complain(form.name.form.en, _("Give the name in at least one language."))
        return False
    return good
