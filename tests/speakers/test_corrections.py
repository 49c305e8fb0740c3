"""What a speaker corrects waits, and is taken or refused by somebody who saw what it would change."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from app.database import DbSession
from app.errors import Conflict, Stale
from app.people import actions as people
from app.people import queries as people_queries
from app.people.rules import Name
from app.speakers import actions, corrections, queries
from app.speakers.correcting import Field, name_json
from app.speakers.models import Correction, Speaker
from app.speakers.rules import CorrectionState
from app.translation.models import StaleText
from app.values.actor import COMMAND, Actor
from app.values.language import Language, Translated
from tests.conftest import NOW
from tests.factories.editions import make_edition
from tests.factories.people import make_person
from tests.factories.speakers import make_speaker

OLGA = Actor(7, "Olga Organiser")


@pytest.fixture
def anna(db: DbSession) -> Speaker:
    person = make_person(db, "Anna Schmidt", biography=Translated("Old.", "Alt.", ""))
    return make_speaker(db, make_edition(db), person, role=Translated("Professor", "Professorin"))


def proposed(db: DbSession, speaker: Speaker, field: Field = Field.ROLE, **texts: str) -> Correction:
    after = corrections.stored_value(speaker, field) | texts
    row = corrections.propose(db, speaker.id, field, after, now=NOW)
    assert row is not None
    return row


def take(db: DbSession, row: Correction, saw: str = "") -> None:
    corrections.approve(db, row.id, saw=saw or corrections.saw(row), actor=OLGA, now=NOW)


def test_a_correction_changes_nothing_until_it_is_taken(db: DbSession, anna: Speaker) -> None:
    row = proposed(db, anna, en="Rector")
    assert anna.role == Translated("Professor", "Professorin")
    take(db, row)
    assert anna.role == Translated("Rector", "Professorin")
    assert (row.state, row.decided_by, row.decided_at) == (CorrectionState.APPROVED, "Olga Organiser", NOW)
    assert queries.pending_of(db, anna.id) == {}


def test_a_text_whose_source_was_corrected_leaves_its_translation_stale(db: DbSession, anna: Speaker) -> None:
    take(db, proposed(db, anna, Field.BIOGRAPHY, en="New."))
    assert anna.person.biography == Translated("New.", "Alt.")
    stale = db.scalars(select(StaleText)).one()
    assert (stale.kind, stale.subject_id, stale.language) == ("person", anna.person_id, Language.DE)


def test_a_name_is_corrected_in_the_record_over_all_editions(db: DbSession, anna: Speaker) -> None:
    after = name_json(Name("Anna Schmidt-Löwe", "Schmidt-Löwe", "安娜", "安"))
    row = corrections.propose(db, anna.id, Field.NAME, after, now=NOW)
    assert row is not None
    take(db, row)
    assert anna.person.full_name == Name("Anna Schmidt-Löwe", "Schmidt-Löwe", "安娜", "安")
    assert people_queries.search_people(db, "loewe", 5) == [anna.person]


def test_refused_it_leaves_everything_as_it_was(db: DbSession, anna: Speaker) -> None:
    row = proposed(db, anna, Field.BIOGRAPHY, zh="新。")
    corrections.refuse(db, row.id, actor=OLGA, now=NOW)
    assert anna.person.biography == Translated("Old.", "Alt.")
    assert row.state is CorrectionState.REFUSED


def test_a_second_thought_takes_the_place_of_the_first(db: DbSession, anna: Speaker) -> None:
    first = proposed(db, anna, en="Rector")
    second = proposed(db, anna, en="Dean")
    assert second is first
    assert first.after["en"] == "Dean"
    assert len(queries.pending_of(db, anna.id)) == 1


def test_who_writes_again_what_is_stored_has_nothing_to_approve(db: DbSession, anna: Speaker) -> None:
    proposed(db, anna, en="Rector")
    stored = corrections.stored_value(anna, Field.ROLE)
    assert corrections.propose(db, anna.id, Field.ROLE, stored, now=NOW) is None
    assert queries.pending_of(db, anna.id) == {}


def test_it_is_not_taken_over_what_somebody_wrote_after_the_organiser_looked(db: DbSession, anna: Speaker) -> None:
    row = proposed(db, anna, en="Rector")
    saw = corrections.saw(row)
    facts = replace(queries.speaker_facts(anna), role=Translated("Dean"))
    actions.change_speaker(db, anna.id, facts, revision=anna.revision, actor=COMMAND, now=NOW)
    with pytest.raises(Stale):
        take(db, row, saw)
    take(db, row)  # having looked again
    assert anna.role == Translated("Rector")


def test_it_is_not_taken_in_another_wording_than_the_organiser_read(db: DbSession, anna: Speaker) -> None:
    row = proposed(db, anna, en="Rector")
    saw = corrections.saw(row)
    proposed(db, anna, en="Emperor")
    with pytest.raises(Stale):
        take(db, row, saw)


def test_another_language_written_meanwhile_by_an_organiser_stays(db: DbSession, anna: Speaker) -> None:
    row = proposed(db, anna, Field.BIOGRAPHY, en="New.")
    facts = replace(people_queries.person_facts(anna.person), biography=Translated("Old.", "Alt.", "旧。"))
    people.change_person(db, anna.person_id, facts, revision=anna.person.revision, actor=COMMAND, now=NOW)
    take(db, row)
    assert anna.person.biography == Translated("New.", "Alt.", "旧。")


def test_what_is_decided_is_decided(db: DbSession, anna: Speaker) -> None:
    row = proposed(db, anna, en="Rector")
    take(db, row)
    for again in (lambda: take(db, row, "x"), lambda: corrections.refuse(db, row.id, actor=OLGA, now=NOW)):
        with pytest.raises(Conflict) as refused:
            again()
        assert refused.value.code == "correction_decided"


def test_a_picture_whose_file_is_gone_cannot_be_taken(db: DbSession, anna: Speaker) -> None:
    after = {"digest": "d" * 64, "width": "4", "height": "3"}
    row = corrections.propose(db, anna.id, Field.PORTRAIT, after, now=NOW)
    assert row is not None
    with pytest.raises(Conflict) as refused:
        take(db, row)
    assert refused.value.code == "correction_without_file"
