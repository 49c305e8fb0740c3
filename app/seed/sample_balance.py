"""What the balance of an invented edition is counted by: kinds, sectors, ranks, and the genders people chose to give."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from app.agenda import actions as agenda
from app.agenda import queries
from app.agenda.planning import plan_of
from app.agenda.protocol import in_order
from app.database import DbSession
from app.editions import queries as editions
from app.people.rules import Gender, OrganisationKind, Sector
from app.seed.sample_words import Employer, Somebody
from app.speakers.ranks import ranks_of
from app.values.actor import Actor
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


def put_in_order(db: DbSession, edition_id: int, *, actor: Actor, now: datetime, but: int = 1) -> None:
    """Every session's cast as protocol has it, but for the first few that differ: an organiser wants to see a finding."""
    plan, left = plan_of(db, edition_id), but
    for session in plan.sessions:
        wanted = in_order(session.cast, session.order, plan.sides)
        if wanted == session.cast:
            continue
        if left:
            left -= 1
            continue
        row = queries.session_of(db, edition_id, session.id)
        facts = replace(queries.facts_of(row), speakers=tuple((taking.speaker, taking.role) for taking in wanted))
        agenda.change_session(db, row.id, facts, revision=row.revision, actor=actor, now=now)
