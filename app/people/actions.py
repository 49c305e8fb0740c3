"""Writing the record of people and organisations. Nothing here says who is public.

After a change the views call `publishing.actions.renew_person` or `renew_organisation`, which stand to the
right of this slice.
"""

from collections.abc import Callable
from datetime import datetime
from itertools import count
from typing import Any

from app import freshness
from app.audit import actions as audit
from app.database import DbSession
from app.errors import Conflict
from app.people import queries, rules
from app.people.models import Organisation, Person, Portrait
from app.people.portraits import Picture, digest_of
from app.people.rules import Name, OrganisationFacts, PersonFacts
from app.translation.actions import note_change
from app.values.actor import Actor
from app.values.facts import as_values, put
from app.values.language import Language
from app.values.text import folded, has_han, slug_from


def create_person(db: DbSession, facts: PersonFacts, *, actor: Actor, now: datetime, slug: str | None = None) -> Person:
    """A slug that is given and taken is refused; one made from the name gets a number instead.

    The stamp comes first: its row is the lock under which a free slug stays free.
    """
    freshness.touch(db, now)
    if slug is not None and queries.person_slug_taken(db, slug):
        raise Conflict("slug_taken")
    chosen = slug or _free(_person_slug(facts.name), lambda wish: queries.person_slug_taken(db, wish))
    person = Person(slug=chosen, changed_at=now, **_person_values(facts))
    db.add(person)
    db.flush()
    audit.record(db, actor, "person_created", kind="person", subject_id=person.id, now=now, name=person.name)
    return person


def change_person(
    db: DbSession,
    person_id: int,
    facts: PersonFacts,
    *,
    revision: int,
    actor: Actor,
    now: datetime,
    house: Language = Language.EN,
) -> Person:
    """Raises `Stale` where somebody saved since that revision. The slug stays: addresses are for ever.

    `house` is the series' source language, which this slice cannot know: it stands left of the series.
    """
    person = queries.locked_person(db, person_id, revision)
    note_change(db, "person", person.id, "biography", person.biography, facts.biography, house=house, now=now)
    _changed(db, person, put(person, _person_values(facts)), kind="person", label=person.name, actor=actor, now=now)
    return person


def create_organisation(
    db: DbSession, facts: OrganisationFacts, *, actor: Actor, now: datetime, slug: str | None = None
) -> Organisation:
    """As `create_person`."""
    freshness.touch(db, now)
    if slug is not None and queries.organisation_slug_taken(db, slug):
        raise Conflict("slug_taken")
    chosen = slug or _free(_organisation_slug(facts), lambda wish: queries.organisation_slug_taken(db, wish))
    organisation = Organisation(slug=chosen, changed_at=now, **_organisation_values(facts))
    db.add(organisation)
    db.flush()
    label = _label(facts)
    audit.record(
        db, actor, "organisation_created", kind="organisation", subject_id=organisation.id, now=now, name=label
    )
    return organisation


def change_organisation(
    db: DbSession,
    organisation_id: int,
    facts: OrganisationFacts,
    *,
    revision: int,
    actor: Actor,
    now: datetime,
    house: Language = Language.EN,
) -> Organisation:
    """As `change_person`."""
    organisation = queries.locked_organisation(db, organisation_id, revision)
    note_change(db, "organisation", organisation.id, "name", organisation.name, facts.name, house=house, now=now)
    changed = put(organisation, _organisation_values(facts))
    _changed(db, organisation, changed, kind="organisation", label=_label(facts), actor=actor, now=now)
    return organisation


def set_portrait(
    db: DbSession, person_id: int, picture: Picture, *, revision: int, actor: Actor, now: datetime
) -> None:
    """In place of the one there may be."""
    person = queries.locked_person(db, person_id, revision)
    if person.portrait is not None:
        person.portrait = None
        db.flush()
    digest = digest_of(picture, slug=person.slug)
    person.portrait = Portrait(digest=digest, image=picture.image, width=picture.width, height=picture.height)
    _changed(db, person, ["portrait"], kind="person", label=person.name, actor=actor, now=now)


def remove_portrait(db: DbSession, person_id: int, *, revision: int, actor: Actor, now: datetime) -> None:
    person = queries.locked_person(db, person_id, revision)
    removed = ["portrait"] if person.portrait is not None else []
    person.portrait = None
    _changed(db, person, removed, kind="person", label=person.name, actor=actor, now=now)


def _changed(
    db: DbSession, row: Person | Organisation, fields: list[str], *, kind: str, label: str, actor: Actor, now: datetime
) -> None:
    """Nothing is noted where nothing differs."""
    if not fields:
        return
    row.revision += 1
    row.changed_at = now
    db.flush()
    audit.record(db, actor, f"{kind}_changed", kind=kind, subject_id=row.id, now=now, name=label, fields=fields)
    freshness.touch(db, now)


def _person_values(facts: PersonFacts) -> dict[str, Any]:
    name = facts.name
    latin, han = rules.sort_keys(name)
    return {
        "name": name.written,
        "family_name": name.family,
        "second_name": name.second,
        "second_family_name": name.second_family,
        "country": facts.country,
        "biography": facts.biography,
        "sort_latin": latin[:300],
        "sort_zh": han[:300],
        "findable": rules.findable(name.written, name.second, *_spelt_out(name.written, name.second)),
    }


def _organisation_values(facts: OrganisationFacts) -> dict[str, Any]:
    keys = [key[:300] for key in rules.organisation_sort_keys(facts.name)]
    texts = [*facts.name.as_dict().values(), facts.abbreviation, *facts.aliases]
    return as_values(facts) | {
        "sort_en": keys[0],
        "sort_de": keys[1],
        "sort_zh": keys[2],
        "findable": rules.findable(*texts, *_spelt_out(*texts)),
    }


def _spelt_out(*texts: str) -> list[str]:
    """Mueller, where the name is Müller and folds to muller."""
    spelt = [slug_from(text).replace("-", " ") for text in texts]
    return [after for before, after in zip(texts, spelt, strict=True) if after and after != folded(before)]


def _person_slug(name: Name) -> str:
    latin = name.spoken(Language.EN)
    return slug_from(latin) or slug_from(rules.pinyin(name.written, surname=name.family)) or "person"


def _organisation_slug(facts: OrganisationFacts) -> str:
    name = facts.name.best(Language.EN).text
    return slug_from(rules.pinyin(name) if has_han(name) else name) or "organisation"


def _label(facts: OrganisationFacts) -> str:
    return facts.abbreviation or facts.name.best(Language.EN).text


def _free(wish: str, taken: Callable[[str], bool]) -> str:
    candidates = (wish if n == 1 else f"{wish}-{n}" for n in count(1))
    return next(candidate for candidate in candidates if not taken(candidate))
