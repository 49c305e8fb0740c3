from functools import cache
from uuid import uuid4

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    EmailField,
    Field,
    Form,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError
from wtforms.widgets import HiddenInput, html_params

from app.people.rules import pinyin
from app.registrations.models import Category, Registration
from app.registrations.rules import Applicant, CategoryFacts
from app.values.language import Language
from app.values.time import WallKind, instant, wall, wall_kind
from app.web.fields import LANGUAGE_CHOICES, Required, address, in_our_time, line, own_number, paragraphs, tongues
from app.web.languages import language
from app.web.places import OFTEN, countries

MOST_SEATS = 100_000
MINUTE = "%Y-%m-%dT%H:%M"


@cache
def _countries(of: Language) -> dict[str, str]:
    """Named and in order once per language; Chinese names by their pinyin. The first is the empty choice."""
    choices = countries()
    if of is Language.ZH:
        head = 1 + len(OFTEN)
        choices = [*choices[:head], *sorted(choices[head:], key=lambda choice: pinyin(choice[1]))]
    return dict(choices)


@cache
def _options(of: Language) -> Markup:
    """Made once: to make two hundred and fifty options anew takes longer than all the rest of the page."""
    return Markup().join(Markup('<option value="{}">{}</option>').format(*choice) for choice in _countries(of).items())


class CountryField(StringField):
    """A select of all countries and regions, those of the forum first."""

    def pre_validate(self, _form: Form) -> None:
        if self.data not in _countries(language()):
            raise ValidationError(gettext("Choose a country or region from the list."))

    @staticmethod
    def widget(field: "CountryField", **attributes: object) -> Markup:
        attributes = {"id": field.id, "name": field.name, **attributes, "required": field.flags.required}
        options = _options(language())
        chosen = f'value="{field.data}"' if field.data in _countries(language()) else 'value=""'
        opening = Markup("<select {}>").format(Markup(html_params(**attributes)))
        return opening + Markup(options.replace(Markup(chosen), Markup(f"{chosen} selected"), 1)) + Markup("</select>")


class DetailsForm(FlaskForm):
    """What a person may say and later correct."""

    class Meta:
        csrf = False  # no session: see `app/web/access.py` for how these forms are guarded

    name = StringField(_("Full name"), [Required(), line(200)], render_kw={"autocomplete": "name"})
    second_name = StringField(_("Name in a second script"), [line(200)], render_kw={"autocomplete": "off"})
    email = EmailField(
        _("E-mail"),
        [Required(), address],
        render_kw={"autocomplete": "email", "inputmode": "email", "spellcheck": "false", "maxlength": 254},
    )
    organisation = StringField(_("Organisation"), [Required(), line(200)], render_kw={"autocomplete": "organization"})
    role = StringField(_("Function"), [Required(), line(200)], render_kw={"autocomplete": "organization-title"})
    country = CountryField(_("Country or region"), [Required()], render_kw={"autocomplete": "country"})
    language = SelectField(_("Language you prefer"), [Required()], choices=LANGUAGE_CHOICES)
    remarks = TextAreaField(_("Remarks"), [paragraphs(2000)], render_kw={"rows": 3})

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if not self.language.data:
            self.language.data = language().value

    def applicant(self, email: str) -> Applicant:
        return Applicant(
            name=self.name.data or "",
            email=email,
            country=self.country.data or "",
            language=Language(self.language.data),
            second_name=self.second_name.data or "",
            organisation=self.organisation.data or "",
            role=self.role.data or "",
            remarks=self.remarks.data or "",
        )


class RegisterForm(DetailsForm):
    """Shape only. Whether there is a seat is not a form's business."""

    consent = BooleanField(_("Consent"), [InputRequired(_("Without your consent we cannot keep your details."))])
    consent_version = HiddenField()
    """The version of the text that stood beside the box."""
    submission = HiddenField()
    """The form's own number, so that sending it twice is registering once."""

    def number(self) -> None:
        """A fresh number: for a new form, and for one that was refused and may be sent again."""
        self.submission.data = str(uuid4())
        self.submission.raw_data = None

    @property
    def own_number(self) -> str | None:
        return own_number(self.submission)

    def wants(self) -> Applicant:
        return self.applicant(self.email.data or "")

    def agreed_to(self, version: str) -> bool:
        """What was ticked is the text in force. If it has changed meanwhile, it must be read again."""
        if self.consent_version.data in (version, "", None):
            return True
        self.consent_version.data, self.consent_version.raw_data, self.consent.data = version, None, False
        self.consent.errors = [gettext("The privacy notice has just changed. Please read it and tick the box again.")]
        return False


class CorrectForm(DetailsForm):
    email = None  # it is what the link went to
    revision = IntegerField(widget=HiddenInput(), validators=[Optional()])

    @classmethod
    def of(cls, registration: Registration) -> "CorrectForm":
        return cls(obj=registration, language=registration.language.value)


class CategoryForm(FlaskForm):
    """Seats and times. Times are typed as clocks at the venue show them."""

    name = tongues(_("Name of the category"), longest=100)
    capacity = IntegerField(
        _("Seats"), [InputRequired(), NumberRange(0, MOST_SEATS)], render_kw={"inputmode": "numeric"}
    )
    opens = DateTimeLocalField(_("Opens"), [InputRequired(), in_our_time], format=[MINUTE, f"{MINUTE}:%S"])
    closes = DateTimeLocalField(_("Closes"), [InputRequired(), in_our_time], format=[MINUTE, f"{MINUTE}:%S"])
    paused = BooleanField(_("Paused: nobody can register for the time being"))
    knowingly = BooleanField(_("I know that there are fewer seats than people confirmed"))
    revision = IntegerField(widget=HiddenInput(), validators=[Optional()])

    def __init__(self, *args: object, zone: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    @classmethod
    def of(cls, category: Category | None, zone: str, **kwargs: object) -> "CategoryForm":
        if category is None:
            return cls(zone=zone, **kwargs)
        return cls(
            zone=zone,
            data={
                "name": category.name.as_dict(),
                "capacity": category.capacity,
                "opens": wall(category.opens_at, zone),
                "closes": wall(category.closes_at, zone),
                "paused": category.paused,
                "revision": category.revision,
            },
            **kwargs,
        )

    def validate_opens(self, field: Field) -> None:
        self._exists(field)

    def validate_closes(self, field: Field) -> None:
        self._exists(field)
        if self.opens.data and field.data and field.data <= self.opens.data:
            raise ValidationError(gettext("It must close after it opens."))

    def _exists(self, field: Field) -> None:
        if field.data and wall_kind(field.data, self.zone) is WallKind.GAP:
            raise ValidationError(
                gettext("Clocks at the venue are put forward over this time: it does not exist there.")
            )

    def facts(self) -> CategoryFacts:
        return CategoryFacts(
            name=self.name.form.translated,
            opens_at=instant(self.opens.data, self.zone),
            closes_at=instant(self.closes.data, self.zone),
            capacity=self.capacity.data,
            paused=self.paused.data,
        )
