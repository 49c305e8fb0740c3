"""The shape of what organisers say of an edition and of the series."""

import re
from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from itertools import zip_longest
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    Field,
    FloatField,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from app.editions.rules import EditionFacts, Kind, SeriesFacts, State
from app.values.language import Language, Translated
from app.values.time import YEARS, DatePrecision, zone_names
from app.web.fields import LANGUAGE_CHOICES, Required, in_our_time, line, paragraphs, tongues
from app.web.places import countries, zones

SLUG = re.compile("[a-z0-9]+(-[a-z0-9]+)*")
KINDS = [
    (Kind.FORUM.value, _("The forum")),
    (Kind.CONGRESS.value, _("A congress that stood for the forum")),
    (Kind.CONGRESS_SESSION.value, _("A session of a congress")),
]
PRECISIONS = [
    (DatePrecision.DAY.value, _("The edition’s own days")),
    (DatePrecision.PARENT_EVENT.value, _("Only the days of the parent event")),
    (DatePrecision.YEAR.value, _("Only the year")),
]


def complain(field: Field, message: object) -> None:
    """Add an error to a field after its own validation."""
    field.errors = [*field.errors, message]


def languages_of(label: Any) -> SelectMultipleField:
    """Which of the three languages, as boxes to tick."""
    return SelectMultipleField(
        label, choices=LANGUAGE_CHOICES, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )


class EditionForm(FlaskForm):
    """What an edition is called, where and when it is. Public when saved, once it is announced."""

    revision = IntegerField(widget=HiddenInput(), validators=[Optional()])
    slug = StringField(_("Address"), [Required(), line(80)])
    number = IntegerField(_("Number"), [Optional(), NumberRange(1, 999)])
    kind = SelectField(_("What it is"), [Required()], choices=KINDS)
    title = tongues(_("Title"), longest=200)
    title_translated = languages_of(_("Titles that are our translation, not the hosts’ own wording"))
    theme = tongues(_("Theme"), longest=300)
    theme_translated = languages_of(_("Themes that are our translation"))
    summary = tongues(_("Summary"), longest=5000, rows=5)
    guest_of_honour = tongues(_("Guest of honour"), longest=200)
    topics = tongues(_("Topics"), longest=5000, rows=4)
    city = tongues(_("City"), longest=120)
    country = SelectField(_("Country"), [Required()])
    zone = SelectField(_("Time zone"), [Required()])
    venue = tongues(_("Venue"), longest=200)
    address = tongues(_("Postal address"), longest=300)
    latitude = FloatField(_("Latitude"), [Optional(), NumberRange(-90, 90)])
    longitude = FloatField(_("Longitude"), [Optional(), NumberRange(-180, 180)])
    date_precision = SelectField(_("What is known of the dates"), [Required()], choices=PRECISIONS)
    starts_on = DateField(_("First day"), [Optional(), in_our_time])
    ends_on = DateField(_("Last day"), [Optional(), in_our_time])
    year = IntegerField(_("Year"), [Optional(), NumberRange(YEARS[0], YEARS[-1])])
    parent_name = tongues(_("Parent event"), longest=200)
    parent_starts_on = DateField(_("First day of the parent event"), [Optional(), in_our_time])
    parent_ends_on = DateField(_("Last day of the parent event"), [Optional(), in_our_time])
    parent_theme = tongues(_("Theme of the parent event"), longest=300)
    parent_theme_translated = languages_of(_("Parent event’s themes that are our translation"))
    parent_format = tongues(_("Form of the parent event"), longest=200)

    def __init__(self, *args: Any, home_zones: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country.choices = countries()
        self.zone.choices = zones(first=home_zones)

    def validate(self, extra_validators: Any = None) -> bool:
        good = bool(super().validate(extra_validators))
        for field, message in self._what_does_not_fit():
            complain(field, message)
            good = False
        return good

    def validate_slug(self, field: Field) -> None:
        if field.data and not SLUG.fullmatch(field.data):
            raise ValidationError(_("Use small letters, digits and hyphens only, such as 2027-haikou."))

    @property
    def topic_texts(self) -> tuple[Translated, ...]:
        """One per line; the same line of each language is the same topic, a lone dash none yet."""
        columns = [(sub.data or "").split("\n") for sub in self.topics.form]
        rows = zip_longest(*([_undashed(line) for line in column] for column in columns), fillvalue="")
        return tuple(Translated(*row) for row in rows if any(row))

    def _what_does_not_fit(self) -> list[tuple[Field, Any]]:
        wrong: list[tuple[Field, Any]] = []
        if not self.title.form.translated:
            wrong.append((self.title.form.en, _("Give the title in at least one language.")))
        if not self.city.form.translated:
            wrong.append((self.city.form.en, _("Give the city in at least one language.")))
        wrong += _wrong_days(self.starts_on, self.ends_on)
        wrong += _wrong_days(self.parent_starts_on, self.parent_ends_on)
        precision = self.date_precision.data
        if precision == DatePrecision.DAY and not (self.starts_on.data or self.starts_on.errors):
            wrong.append((self.starts_on, _("Give the first day, or say that it is not known yet.")))
        if precision == DatePrecision.PARENT_EVENT and not (self.parent_starts_on.data or self.parent_starts_on.errors):
            wrong.append((self.parent_starts_on, _("Give the first day of the parent event, or only the year.")))
        if precision == DatePrecision.YEAR and not (self.year.data or self.year.errors):
            wrong.append((self.year, _("Give the year.")))
        return wrong

    def facts(self, *, is_sample: bool = False) -> EditionFacts:
        """A single day may be given as the first alone. The year follows from the days where they are known."""
        own = _days(self.starts_on.data, self.ends_on.data)
        parent = _days(self.parent_starts_on.data, self.parent_ends_on.data)
        precision = DatePrecision(self.date_precision.data)
        known = {DatePrecision.DAY: own[0], DatePrecision.PARENT_EVENT: parent[0]}.get(precision)
        values = {name: _plain(self[name]) for name in PLAIN}
        return EditionFacts(
            **values,
            kind=Kind(self.kind.data),
            date_precision=precision,
            year=known.year if known else self.year.data,
            starts_on=own[0] if precision is DatePrecision.DAY else None,
            ends_on=own[1] if precision is DatePrecision.DAY else None,
            parent_starts_on=parent[0],
            parent_ends_on=parent[1],
            is_sample=is_sample,
        )


PLAIN = (
    "slug", "number", "title", "title_translated", "theme", "theme_translated", "summary", "guest_of_honour", "city",
    "country", "zone", "venue", "address", "latitude", "longitude", "parent_name", "parent_theme",
    "parent_theme_translated", "parent_format",
)  # fmt: skip


def _plain(field: Field) -> Any:
    if isinstance(field, FormField):
        return field.form.translated
    return tuple(field.data or ()) if isinstance(field, SelectMultipleField) else field.data


def _days(first: date | None, last: date | None) -> tuple[date | None, date | None]:
    return (first, last or first) if first else (None, None)


def _wrong_days(first: Field, last: Field) -> list[tuple[Field, Any]]:
    if last.data and not first.data and not first.errors:
        return [(first, _("Give the first day too."))]
    if first.data and last.data and last.data < first.data:
        return [(last, _("The last day is before the first."))]
    return []


def topics_data(topics: Iterable[Translated]) -> dict[str, str]:
    """Topics as the form's three columns."""
    texts = list(topics)
    return {
        language.value: "\n".join(text.exact(language) or "–" for text in texts)
        if any(text.exact(language) for text in texts)
        else ""
        for language in Language
    }


def _undashed(line: str) -> str:
    return "" if line.strip() in ("–", "-", "—") else line.strip()


def form_data(facts: object) -> dict[str, Any]:
    """Facts, or a row with the same names, as a form takes them for its `data`."""
    names = [field.name for field in fields(EditionFacts)]
    return {name: _as_typed(getattr(facts, name)) for name in names if hasattr(facts, name)}


def _as_typed(value: Any) -> Any:
    if isinstance(value, Translated):
        return value.as_dict()
    if isinstance(value, Kind | DatePrecision):
        return value.value
    return list(value) if isinstance(value, tuple) else value


class NewEditionForm(EditionForm):
    """A new edition, and what to take over from a past one. Of attendees there is nothing to take."""

    source = SelectField(_("Start from"), default="")
    take_organisations = BooleanField(_("Hosts, co-hosts and partners"))
    take_rooms = BooleanField(_("Rooms"))
    take_tracks = BooleanField(_("Tracks"))
    take_frame = BooleanField(_("Frame of the agenda: days and sessions, without speakers"))
    take_speakers = BooleanField(_("Speakers, as candidates"))

    def __init__(self, *args: Any, sources: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.source.choices = [("", _("Nothing: a blank edition")), *sources]

    @property
    def taken(self) -> frozenset[str]:
        names = ("organisations", "rooms", "tracks", "frame", "speakers")
        return frozenset(name for name in names if self[f"take_{name}"].data)


class StepForm(FlaskForm):
    """To which state, and why. Cancelling and postponing need a reason that the public reads."""

    revision = IntegerField(widget=HiddenInput(), validators=[Optional()])
    to = HiddenField()
    postponed = HiddenField()
    reason = tongues(_("Reason, as the public reads it"), longest=1000, rows=3)

    def validate(self, extra_validators: Any = None) -> bool:
        good = bool(super().validate(extra_validators))
        if self.to.data not in list(State) and not self.postponed.data:
            complain(self.to, _("There is no such state."))
            return False
        if good and self.needs_reason and not self.reason.form.translated:
            complain(self.reason.form.en, _("Give the reason in at least one language."))
            return False
        return good

    @property
    def needs_reason(self) -> bool:
        return self.to.data == State.CANCELLED or bool(self.postponed.data)


class SeriesForm(FlaskForm):
    """The series' own texts. Public when saved."""

    revision = IntegerField(widget=HiddenInput(), validators=[Optional()])
    name = tongues(_("Name"), longest=200)
    name_translated = languages_of(_("Names that are our translation"))
    short_name = tongues(_("Short name"), longest=80)
    subject = tongues(_("What it is about"), longest=120)
    lead = tongues(_("Lead"), longest=2000, rows=4)
    numbering = tongues(_("What is known of the numbering"), longest=3000, rows=4)
    organisers_note = tongues(_("What is known of the organisers"), longest=3000, rows=4)
    parent_name = tongues(_("Parent event"), longest=200)
    parent_website = StringField(_("Website of the parent event"), [line(500)])
    website = StringField(_("Website"), [line(500)])
    home_zones = TextAreaField(_("Home time zones"), [paragraphs(500)], render_kw={"rows": 3})
    source_language = SelectField(
        _("Language in which texts are first written"), choices=LANGUAGE_CHOICES, default="en"
    )
    first_side = SelectField(_("First country"), default="")
    second_side = SelectField(_("Second country"), default="")
    imprint = tongues(_("Imprint"), longest=20000, rows=8)
    privacy = tongues(_("Privacy notice"), longest=60000, rows=12)
    contact = tongues(_("Contact"), longest=5000, rows=5)
    consent = tongues(_("Consent when registering"), longest=3000, rows=4)
    privacy_version = StringField(_("Version of privacy notice and consent"), [Length(max=40), line(40)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first_side.choices = self.second_side.choices = countries(none=str(_("None")))

    def validate(self, extra_validators: Any = None) -> bool:
        good = bool(super().validate(extra_validators))
        if not self.name.form.translated:
            complain(self.name.form.en, _("Give the name in at least one language."))
            good = False
        return good

    def validate_second_side(self, field: Field) -> None:
        if field.data and field.data == self.first_side.data:
            raise ValidationError(_("The two countries are different ones."))

    def validate_website(self, field: Field) -> None:
        if field.data and not field.data.startswith(("https://", "http://")):
            raise ValidationError(_("An address begins with https://"))

    validate_parent_website = validate_website

    def validate_home_zones(self, field: Field) -> None:
        unknown = [name for name in self.zone_names if name not in zone_names()]
        if unknown:
            raise ValidationError(_("No such time zone: %(names)s", names=", ".join(unknown)))

    def facts(self) -> SeriesFacts:
        apart = ("home_zones", "source_language", "sides")
        values = {name: _plain(self[name]) for name in SeriesFacts.__dataclass_fields__ if name not in apart}
        sides = tuple(side for side in (self.first_side.data, self.second_side.data) if side)
        source_language = Language(self.source_language.data)
        return SeriesFacts(**values, home_zones=self.zone_names, source_language=source_language, sides=sides)

    @property
    def zone_names(self) -> tuple[str, ...]:
        return tuple(name.strip() for name in (self.home_zones.data or "").splitlines() if name.strip())


def series_data(series: Any) -> dict[str, Any]:
    """The series' row as its form takes it."""
    values = {name: _as_typed(getattr(series, name)) for name in SeriesFacts.__dataclass_fields__}
    first, second = (*series.sides, "", "")[:2]
    return {
        **values,
        "home_zones": "\n".join(series.home_zones),
        "source_language": series.source_language.value,
        "first_side": first,
        "second_side": second,
    }
