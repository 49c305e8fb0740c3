"""The shape of what organisers say of people and organisations."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, Field, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import HiddenInput

from app.people.models import Organisation, Person
from app.people.rules import Gender, Name, OrganisationFacts, OrganisationKind, PersonFacts, Sector
from app.people.words import GENDERS, ORGANISATION_KINDS, SECTORS
from app.values import text
from app.web.fields import Required, line, paragraphs, tongues
from app.web.places import countries


class PersonForm(FlaskForm):
    """Somebody's public record. The picture is looked at by `app/people/portraits.py`, not here."""

    revision = IntegerField(widget=HiddenInput(), validators=[Optional()])
    name = StringField(_("Name, as they write it"), [Required(), line(200)])
    family_name = StringField(_("Family name in it"), [line(100)])
    second_name = StringField(_("Name in a second script"), [line(200)])
    second_family_name = StringField(_("Family name in the second script"), [line(100)])
    country = SelectField(_("Country"), default="")
    gender = SelectField(_("Gender"), choices=list(GENDERS.items()), default=Gender.UNSAID.value)
    biography = tongues(_("Biography"), longest=5000, rows=6)
    portrait = FileField(_("Portrait"))
    remove_portrait = BooleanField(_("Remove the picture"))
    somebody_else = BooleanField(_("This is somebody else with the same name"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country.choices = countries(none=str(_("Not known")))

    def validate_family_name(self, field: Field) -> None:
        if field.data and field.data not in (self.name.data or ""):
            raise ValidationError(_("Write the family name just as it stands in the name."))

    def validate_second_family_name(self, field: Field) -> None:
        if field.data and field.data not in (self.second_name.data or ""):
            raise ValidationError(_("Write the family name just as it stands in the name."))

    @property
    def full_name(self) -> Name:
        return Name(
            self.name.data or "",
            self.family_name.data or "",
            self.second_name.data or "",
            self.second_family_name.data or "",
        )

    def facts(self) -> PersonFacts:
        biography, gender = self.biography.form.translated, Gender(self.gender.data)
        return PersonFacts(self.full_name, self.country.data or None, biography, gender)


def person_data(person: Person) -> dict[str, Any]:
    """The row as its form takes it."""
    return {
        "revision": person.revision,
        "name": person.name,
        "family_name": person.family_name,
        "second_name": person.second_name,
        "second_family_name": person.second_family_name,
        "country": person.country or "",
        "gender": person.gender.value,
        "biography": person.biography.as_dict(),
    }


class OrganisationForm(FlaskForm):
    """An organisation's public record."""

    revision = IntegerField(widget=HiddenInput(), validators=[Optional()])
    name = tongues(_("Name"), longest=300)
    abbreviation = StringField(_("Abbreviation"), [line(40)])
    country = SelectField(_("Country"), default="")
    kind = SelectField(_("Kind"), choices=list(ORGANISATION_KINDS.items()), default=OrganisationKind.UNKNOWN.value)
    sector = SelectField(_("Sector"), choices=list(SECTORS.items()), default=Sector.UNKNOWN.value)
    international = BooleanField(_("An international organisation, of no country"))
    aliases = TextAreaField(_("Other spellings, one per line"), [paragraphs(2000)], render_kw={"rows": 3})
    somebody_else = BooleanField(_("This is another organisation with the same name"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country.choices = countries(none=str(_("Not known")))

    def validate(self, extra_validators: Any = None) -> bool:
        good = bool(super().validate(extra_validators))
        if not self.name.form.translated:
            field = self.name.form.en
            field.errors = [*field.errors, _("Give the name in at least one language.")]
            good = False
        return good

    def validate_international(self, field: Field) -> None:
        if field.data and self.country.data:
            raise ValidationError(_("An international organisation has no country: choose one of the two."))

    def validate_aliases(self, field: Field) -> None:
        try:
            for alias in self.spellings:
                text.line(alias, longest=300)
        except text.BadText:
            raise ValidationError(_("Each spelling is one line of at most 300 characters.")) from None

    @property
    def spellings(self) -> tuple[str, ...]:
        return tuple(alias.strip() for alias in (self.aliases.data or "").splitlines() if alias.strip())

    def facts(self) -> OrganisationFacts:
        return OrganisationFacts(
            self.name.form.translated,
            self.abbreviation.data or "",
            self.country.data or None,
            bool(self.international.data),
            self.spellings,
            OrganisationKind(self.kind.data),
            Sector(self.sector.data),
        )


def organisation_data(organisation: Organisation) -> dict[str, Any]:
    """The row as its form takes it."""
    return {
        "revision": organisation.revision,
        "name": organisation.name.as_dict(),
        "abbreviation": organisation.abbreviation,
        "country": organisation.country or "",
        "international": organisation.international,
        "kind": organisation.kind.value,
        "sector": organisation.sector.value,
        "aliases": "\n".join(organisation.aliases),
    }
