"""What genders, kinds of organisations and sectors are called."""

from flask_babel import lazy_gettext as _

from app.people.rules import Gender, OrganisationKind, Sector

GENDERS = {
    Gender.UNSAID.value: _("Not given"),
    Gender.WOMAN.value: _("Woman"),
    Gender.MAN.value: _("Man"),
    Gender.DIVERSE.value: _("Diverse"),
}
ORGANISATION_KINDS = {
    OrganisationKind.UNKNOWN.value: _("Not known"),
    OrganisationKind.GOVERNMENT.value: _("Government or authority"),
    OrganisationKind.ASSOCIATION.value: _("Association"),
    OrganisationKind.COMPANY.value: _("Company"),
    OrganisationKind.RESEARCH.value: _("University or research"),
    OrganisationKind.INTERNATIONAL.value: _("International organisation"),
    OrganisationKind.FINANCE.value: _("Bank or investor"),
    OrganisationKind.MEDIA.value: _("Media"),
    OrganisationKind.OTHER.value: _("Other kind"),
}
SECTORS = {
    Sector.UNKNOWN.value: _("Not known"),
    Sector.VEHICLES.value: _("Vehicles"),
    Sector.BATTERIES.value: _("Batteries"),
    Sector.ENERGY.value: _("Energy and grids"),
    Sector.CHARGING.value: _("Charging"),
    Sector.MATERIALS.value: _("Materials and recycling"),
    Sector.DIGITAL.value: _("Software and data"),
    Sector.TRANSPORT.value: _("Transport and logistics"),
    Sector.POLICY.value: _("Policy and standards"),
    Sector.SCIENCE.value: _("Science and education"),
    Sector.SERVICES.value: _("Consulting and services"),
    Sector.OTHER.value: _("Other sector"),
}
