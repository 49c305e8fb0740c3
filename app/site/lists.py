"""Long lists of organisers: people and organisations by page, and what a search over everything finds."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, contains_eager, joinedload

from app.agenda.models import Session
from app.database import DbSession
from app.editions.models import Edition, EditionOrganisation
from app.people.models import Organisation, Person
from app.registrations.models import Category, Registration
from app.search import rules as search
from app.speakers.models import Speaker
from app.values.language import Language
from app.values.text import folded

PAGE = 50
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    rows: Sequence[Row]
    number: int
    """From 1."""
    total: int

    @property
    def first(self) -> int:
        return (self.number - 1) * PAGE + 1 if self.rows else 0

    @property
    def last(self) -> int:
        return (self.number - 1) * PAGE + len(self.rows)

    @property
    def before(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def after(self) -> int | None:
        return self.number + 1 if self.last < self.total else None


def people_page(db: DbSession, text: str, number: int, language: Language) -> Page[Person]:
    """Whom every word fits, all of them for an empty text; in the order of that language."""
    key = Person.sort_zh if language is Language.ZH else Person.sort_latin
    wanted = _holds_all(Person.findable, search.terms(text))
    query = select(Person).where(*wanted).options(joinedload(Person.portrait)).order_by(key, Person.id)
    total = db.scalar(select(func.count()).select_from(Person).where(*wanted)) or 0
    return Page(db.scalars(query.limit(PAGE).offset((number - 1) * PAGE)).all(), number, total)


def organisations_page(db: DbSession, text: str, number: int, language: Language) -> Page[Organisation]:
    keys = {Language.EN: Organisation.sort_en, Language.DE: Organisation.sort_de, Language.ZH: Organisation.sort_zh}
    wanted = _holds_all(Organisation.findable, search.terms(text))
    query = select(Organisation).where(*wanted).order_by(keys[language], Organisation.id)
    total = db.scalar(select(func.count()).select_from(Organisation).where(*wanted)) or 0
    return Page(db.scalars(query.limit(PAGE).offset((number - 1) * PAGE)).all(), number, total)


def likely_people(db: DbSession, text: str, *, limit: int = 12) -> list[Person]:
    """Who may be meant: with any of the words in any script, those with most of them first."""
    terms = search.terms(text)
    if not terms:
        return []
    query = select(Person).where(_holds_any(Person.findable, terms)).order_by(Person.sort_latin, Person.id).limit(300)
    found = db.scalars(query.options(joinedload(Person.portrait))).all()
    return sorted(found, key=lambda person: -_hits(person.findable, terms))[:limit]


def likely_organisations(db: DbSession, text: str, *, limit: int = 12) -> list[Organisation]:
    terms = search.terms(text)
    if not terms:
        return []
    query = select(Organisation).where(_holds_any(Organisation.findable, terms)).limit(300)
    found = db.scalars(query.order_by(Organisation.sort_en, Organisation.id)).all()
    return sorted(found, key=lambda organisation: -_hits(organisation.findable, terms))[:limit]


def namesakes(db: DbSession, *names: str) -> list[Person]:
    """Exactly these words as a name, in either script and any order."""
    wanted = {tuple(sorted(folded(name).split())) for name in names if name}
    found = {person.id: person for name in names if name for person in likely_people(db, name, limit=300)}
    return [
        person
        for person in found.values()
        if wanted & {tuple(sorted(folded(name).split())) for name in (person.name, person.second_name) if name}
    ]


def organisation_namesakes(db: DbSession, names: Collection[str]) -> list[Organisation]:
    wanted = {folded(name) for name in names if name}
    found = {o.id: o for name in names if name for o in likely_organisations(db, name, limit=300)}
    return [o for o in found.values() if wanted & {folded(n) for n in (*o.name.as_dict().values(), *o.aliases) if n}]


def editions_of_people(db: DbSession, ids: Collection[int], visible: Collection[int]) -> dict[int, list[Edition]]:
    """In which of the visible editions each takes part, newest first."""
    rows = db.execute(
        select(Speaker.person_id, Edition)
        .join(Speaker.edition)
        .where(Speaker.person_id.in_(ids), Speaker.edition_id.in_(visible))
        .distinct()
        .order_by(Edition.year.desc(), Edition.id.desc())
    )
    return _grouped(rows.all())


def editions_of_organisations(
    db: DbSession, ids: Collection[int], visible: Collection[int]
) -> dict[int, list[Edition]]:
    """Behind which editions each stands, or for which its people speak."""
    behind = select(EditionOrganisation.organisation_id, EditionOrganisation.edition_id)
    speaking = select(Speaker.organisation_id, Speaker.edition_id).where(Speaker.organisation_id.is_not(None))
    pairs = behind.union(speaking).subquery()
    rows = db.execute(
        select(pairs.c.organisation_id, Edition)
        .join(Edition, Edition.id == pairs.c.edition_id)
        .where(pairs.c.organisation_id.in_(ids), Edition.id.in_(visible))
        .order_by(Edition.year.desc(), Edition.id.desc())
    )
    return _grouped(rows.all())


def sessions_with(db: DbSession, text: str, visible: Collection[int], *, limit: int = 20) -> list[Session]:
    """By title, in any language. Titles are folded here, not in the database: there are hundreds, not millions."""
    terms = search.terms(text)
    if not terms:
        return []
    query = select(Session).join(Session.edition).options(contains_eager(Session.edition))
    rows = db.scalars(query.where(Session.edition_id.in_(visible)).order_by(Edition.year.desc(), Session.id)).all()
    hits = (s for s in rows if all(term in f" {folded(' '.join(s.title.as_dict().values()))} " for term in terms))
    return [session for session, _n in zip(hits, range(limit), strict=False)]


def registrations_with(
    db: DbSession, text: str, visible: Collection[int], *, limit: int = 20
) -> Sequence[Registration]:
    terms = search.terms(text)
    if not terms:
        return []
    return db.scalars(
        select(Registration)
        .join(Registration.category)
        .options(contains_eager(Registration.category).joinedload(Category.edition))
        .where(Category.edition_id.in_(visible), *_holds_all(Registration.findable, terms))
        .order_by(Registration.sort_name, Registration.id)
        .limit(limit)
    ).all()


def _grouped(pairs: Sequence[tuple[int, Edition]]) -> dict[int, list[Edition]]:
    found: dict[int, list[Edition]] = defaultdict(list)
    for owner, edition in pairs:
        found[owner].append(edition)
    return found


def _holds_all(column: InstrumentedAttribute[str], terms: Sequence[str]) -> list[ColumnElement[bool]]:
    return [column.contains(term, autoescape=True) for term in terms]


def _holds_any(column: InstrumentedAttribute[str], terms: Sequence[str]) -> ColumnElement[bool]:
    return or_(*_holds_all(column, terms))


def _hits(findable: str, terms: Sequence[str]) -> int:
    return sum(term in findable for term in terms)
