"""People and organisations, drafts too: these are for organisers. Who is public is `publishing`'s to say."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from app.database import DbSession
from app.errors import NotFound, Stale
from app.people.models import Organisation, Person, Portrait
from app.people.rules import OrganisationFacts, PersonFacts
from app.search import rules as search
from app.values.language import Language


def person_by_slug(db: DbSession, slug: str) -> Person | None:
    return db.scalar(select(Person).where(Person.slug == slug))


def organisation_by_slug(db: DbSession, slug: str) -> Organisation | None:
    return db.scalar(select(Organisation).where(Organisation.slug == slug))


def locked_person(db: DbSession, person_id: int, revision: int) -> Person:
    """The person as stored now, nobody else's to change. Raises `Stale` where somebody saved since `revision`."""
    person = db.get(Person, person_id, with_for_update=True, populate_existing=True)
    if person is None:
        raise NotFound
    if person.revision != revision:
        raise Stale
    return person


def locked_organisation(db: DbSession, organisation_id: int, revision: int) -> Organisation:
    organisation = db.get(Organisation, organisation_id, with_for_update=True, populate_existing=True)
    if organisation is None:
        raise NotFound
    if organisation.revision != revision:
        raise Stale
    return organisation


def person_facts(person: Person) -> PersonFacts:
    return PersonFacts(person.full_name, person.country, person.biography, person.gender)


def organisation_facts(organisation: Organisation) -> OrganisationFacts:
    o = organisation
    return OrganisationFacts(o.name, o.abbreviation, o.country, o.international, o.aliases, o.kind, o.sector)


def people(db: DbSession, ids: Iterable[int] | None = None, *, language: Language = Language.EN) -> Sequence[Person]:
    """All of them, or these, with portraits, in the order of that language."""
    key = Person.sort_zh if language is Language.ZH else Person.sort_latin
    query = select(Person).options(joinedload(Person.portrait)).order_by(key, Person.id)
    if ids is not None:
        query = query.where(Person.id.in_(list(ids)))
    return db.scalars(query).all()


def organisations(
    db: DbSession, ids: Iterable[int] | None = None, *, language: Language = Language.EN
) -> Sequence[Organisation]:
    key = {Language.EN: Organisation.sort_en, Language.DE: Organisation.sort_de, Language.ZH: Organisation.sort_zh}
    query = select(Organisation).order_by(key[language], Organisation.id)
    if ids is not None:
        query = query.where(Organisation.id.in_(list(ids)))
    return db.scalars(query).all()


def search_people(db: DbSession, text: str, limit: int) -> Sequence[Person]:
    """Whom a name or the beginning of one fits, in any script; nobody for an empty text."""
    terms = search.terms(text)
    if not terms:
        return []
    query = select(Person).where(*_holds(Person.findable, terms)).order_by(Person.sort_latin, Person.id)
    return db.scalars(query.options(joinedload(Person.portrait)).limit(limit)).all()


def search_organisations(db: DbSession, text: str, limit: int) -> Sequence[Organisation]:
    terms = search.terms(text)
    if not terms:
        return []
    query = select(Organisation).where(*_holds(Organisation.findable, terms))
    return db.scalars(query.order_by(Organisation.sort_en, Organisation.id).limit(limit)).all()


def _holds(column: InstrumentedAttribute[str], terms: Sequence[str]) -> list[Any]:
    return [column.contains(term, autoescape=True) for term in terms]


def portrait_by_digest(db: DbSession, digest: str) -> Portrait | None:
    return db.scalar(select(Portrait).where(Portrait.digest == digest))


def person_slug_taken(db: DbSession, slug: str) -> bool:
    return bool(db.scalar(select(exists().where(Person.slug == slug))))


def organisation_slug_taken(db: DbSession, slug: str) -> bool:
    return bool(db.scalar(select(exists().where(Organisation.slug == slug))))
