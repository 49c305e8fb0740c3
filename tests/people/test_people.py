import pytest

from app.audit import queries as audit
from app.database import DbSession
from app.errors import Conflict, Stale
from app.freshness import PublicStamp
from app.people import actions, queries
from app.people.rules import Name, OrganisationFacts, PersonFacts
from app.values.actor import COMMAND
from app.values.language import Language, Translated
from tests.conftest import NOW
from tests.factories.people import make_organisation, make_person

MUELLER = PersonFacts(Name("Hildegard Müller", "Müller", "穆希雅"), "DE")


def slugs(found: object) -> list[str]:
    return [row.slug for row in found]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        (Name("Hildegard Müller", "Müller", "穆希雅"), "hildegard-mueller"),
        (Name("万钢", "万", "Wan Gang", "Wan"), "wan-gang"),
        (Name("单霁翔", "单"), "shan-ji-xiang"),
        (Name("Ола", "Ола"), "person"),
    ],
)
def test_the_address_is_made_of_the_latin_name(db: DbSession, name: Name, slug: str) -> None:
    assert actions.create_person(db, PersonFacts(name), actor=COMMAND, now=NOW).slug == slug


def test_two_people_of_one_name_have_two_addresses(db: DbSession) -> None:
    assert [make_person(db, "Li Wei", "Li").slug for _ in range(3)] == ["li-wei", "li-wei-2", "li-wei-3"]


def test_a_given_address_that_is_taken_is_refused(db: DbSession) -> None:
    make_person(db, slug="anna")
    with pytest.raises(Conflict) as refused:
        make_person(db, slug="anna")
    assert refused.value.code == "slug_taken"


def test_people_sort_by_family_name_in_latin_and_by_pinyin_in_chinese(db: DbSession) -> None:
    make_person(db, "Hildegard Müller", second="穆希雅", slug="mueller")
    make_person(db, "翟谦", "翟", second="Zhai Qian", second_family="Zhai", slug="zhai")
    make_person(db, "Herbert Diess", slug="diess")
    make_person(db, "单霁翔", "单", slug="shan")

    assert slugs(queries.people(db)) == ["diess", "mueller", "shan", "zhai"]
    assert slugs(queries.people(db, language=Language.ZH)) == ["diess", "mueller", "shan", "zhai"]


@pytest.mark.parametrize("typed", ["Müller", "muller", "MUELLER", "mül", "hildegard mull", "穆希", "muxiya"])
def test_a_returning_person_is_found_however_one_types_her(db: DbSession, typed: str) -> None:
    make_person(db, "Hildegard Müller", second="穆希雅", slug="mueller")
    make_person(db, "Oliver Blume", slug="blume")
    assert slugs(queries.search_people(db, typed, 10)) == ["mueller"]


def test_nothing_typed_finds_nobody(db: DbSession) -> None:
    make_person(db)
    assert slugs(queries.search_people(db, " - ", 10)) == []


@pytest.mark.parametrize("typed", ["VDA", "automobilindustrie", "Automotive", "汽车工业", "Verband d"])
def test_an_organisation_is_found_by_every_name(db: DbSession, typed: str) -> None:
    make_organisation(
        db, "Association of the Automotive Industry", de="Verband der Automobilindustrie", zh="德国汽车工业协会",
        abbreviation="VDA", slug="vda",
    )  # fmt: skip
    make_organisation(db, "Institute of Batteries", slug="batteries")
    assert slugs(queries.search_organisations(db, typed, 10)) == ["vda"]


def test_organisations_sort_as_the_reader_reads_them(db: DbSession) -> None:
    make_organisation(db, "China Society", zh="中国学会", slug="society")
    make_organisation(db, "Beijing Institute", zh="北京研究院", slug="institute")
    make_organisation(db, "Ministry", de="Amt", zh="部委", slug="ministry")

    assert slugs(queries.organisations(db, language=Language.EN)) == ["institute", "society", "ministry"]
    assert slugs(queries.organisations(db, language=Language.DE)) == ["ministry", "institute", "society"]
    assert slugs(queries.organisations(db, language=Language.ZH)) == ["institute", "ministry", "society"]


def test_a_change_is_noted_with_what_changed_and_seen_by_the_public(db: DbSession) -> None:
    person = make_person(db, "Hildegard Muller", country="DE")
    stamp = db.get_one(PublicStamp, 1).number

    actions.change_person(db, person.id, MUELLER, revision=1, actor=COMMAND, now=NOW)

    entry = audit.last_of(db, "person", person.id)
    assert entry is not None
    assert (entry.verb, entry.actor_name) == ("person_changed", "command line")
    assert {"name", "family_name", "second_name"} <= set(entry.data["fields"])
    assert (person.revision, person.slug) == (2, "hildegard-muller")
    assert db.get_one(PublicStamp, 1).number == stamp + 1


def test_saving_without_a_change_leaves_no_trace(db: DbSession) -> None:
    person = actions.create_person(db, MUELLER, actor=COMMAND, now=NOW)
    actions.change_person(db, person.id, MUELLER, revision=1, actor=COMMAND, now=NOW)
    entry = audit.last_of(db, "person", person.id)
    assert entry is not None
    assert (entry.verb, person.revision) == ("person_created", 1)


def test_the_second_of_two_organisers_is_told(db: DbSession) -> None:
    person, organisation = make_person(db), make_organisation(db)
    actions.change_person(db, person.id, MUELLER, revision=1, actor=COMMAND, now=NOW)
    facts = OrganisationFacts(Translated("Institute"))
    actions.change_organisation(db, organisation.id, facts, revision=1, actor=COMMAND, now=NOW)

    with pytest.raises(Stale):
        actions.change_person(db, person.id, PersonFacts(Name("Eve")), revision=1, actor=COMMAND, now=NOW)
    with pytest.raises(Stale):
        actions.change_organisation(db, organisation.id, facts, revision=1, actor=COMMAND, now=NOW)
    assert person.name == "Hildegard Müller"
