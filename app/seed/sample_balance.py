"""What the balance of an invented edition is counted by: kinds, sectors, ranks, and the genders people chose to give."""

from collections.abc import Mapping

from app.database import DbSession
from app.editions import queries as editions
from app.people.rules import Gender, OrganisationKind, Sector
from app.seed.sample_words import Employer, Somebody
from app.speakers.ranks import ranks_of
from app.values.language import Translated

KINDS = {
    "authority": OrganisationKind.GOVERNMENT, "association": OrganisationKind.ASSOCIATION,
    "company": OrganisationKind.COMPANY, "transport": OrganisationKind.COMPANY, "office": OrganisationKind.COMPANY,
    "institute": OrganisationKind.RESEARCH, "university": OrganisationKind.RESEARCH, "press": OrganisationKind.MEDIA,
}  # fmt: skip
SECTORS = {
    "authority": (Sector.POLICY,), "association": (Sector.VEHICLES, Sector.POLICY), "institute": (Sector.SCIENCE,),
    "university": (Sector.SCIENCE,), "transport": (Sector.TRANSPORT,), "office": (Sector.SERVICES,),
    "company": (Sector.VEHICLES, Sector.BATTERIES, Sector.CHARGING, Sector.MATERIALS, Sector.DIGITAL, Sector.ENERGY),
}  # fmt: skip
RANKS = (
    ("vice-minister", ("Vice Minister", "State Secretary")), ("minister", ("Minister",)),
    ("association-president", ("President",)), ("director-general", ("Director General", "Director-General")),
    ("chief-executive", ("Chief Executive", "Chair", "Managing Director")), ("professor", ("Professor",)),
    ("head-of-department", ("Head of",)),
)  # fmt: skip
"""A rank's key, and how a role of it begins in English; the first that fits."""


def kind_of(employer: Employer) -> OrganisationKind:
    return KINDS.get(employer.kind, OrganisationKind.OTHER)


def sector_of(employer: Employer, n: int) -> Sector:
    choices = SECTORS.get(employer.kind, (Sector.UNKNOWN,))
    return choices[n % len(choices)]


def gender_of(somebody: Somebody, n: int) -> Gender:
    """Two of three chose to give it."""
    return Gender.UNSAID if n % 3 == 2 else Gender.WOMAN if somebody.gender == "f" else Gender.MAN


def rank_ids(db: DbSession) -> Mapping[str, int]:
    return {rank.key: rank.id for rank in ranks_of(db, editions.the_series(db).id)}


def rank_of(role: Translated, ids: Mapping[str, int]) -> int | None:
    fitting = (key for key, beginnings in RANKS if role.en.startswith(beginnings))
    return ids.get(next(fitting, ""))
