from app.database import DbSession
from app.people import actions
from app.people.models import Organisation, Person
from app.people.rules import Name, OrganisationFacts, PersonFacts
from app.values.actor import COMMAND
from app.values.language import Translated
from tests.conftest import NOW


def make_person(
    db: DbSession,
    name: str = "Anna Schmidt",
    family: str = "",
    *,
    second: str = "",
    second_family: str = "",
    country: str | None = "DE",
    biography: Translated = Translated(),
    slug: str | None = None,
) -> Person:
    """Without a family name given, the last word is it."""
    facts = PersonFacts(Name(name, family or name.split()[-1], second, second_family), country, biography)
    return actions.create_person(db, facts, actor=COMMAND, now=NOW, slug=slug)


def make_organisation(
    db: DbSession,
    name: str = "Institute of Batteries",
    *,
    de: str = "",
    zh: str = "",
    abbreviation: str = "",
    country: str | None = "DE",
    aliases: tuple[str, ...] = (),
    slug: str | None = None,
) -> Organisation:
    facts = OrganisationFacts(Translated(name, de, zh), abbreviation, country, aliases=aliases)
    return actions.create_organisation(db, facts, actor=COMMAND, now=NOW, slug=slug)
