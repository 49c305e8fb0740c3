import pytest
from sqlalchemy import text

from app.agenda.models import Session, SessionSpeaker
from app.agenda.rules import SessionKind, SessionRole
from app.database import DbSession
from app.errors import Conflict, NotFound, Stale
from app.speakers import actions, queries
from app.speakers.rules import Scope, SpeakerFacts, SpeakerState
from app.values.actor import COMMAND
from app.values.language import Translated
from tests.conftest import NOW
from tests.factories.editions import make_edition
from tests.factories.people import make_organisation, make_person
from tests.factories.speakers import make_speaker


def test_who_is_added_is_a_candidate_behind_those_there_are(db: DbSession) -> None:
    edition = make_edition(db)
    make_speaker(db, edition, make_person(db, "Anna"))
    eve = actions.add_speaker(db, edition.id, make_person(db, "Eve").id, SpeakerFacts(), actor=COMMAND, now=NOW)
    assert eve.state is SpeakerState.CANDIDATE
    assert [speaker.person.name for speaker in queries.speakers_of(db, edition.id)] == ["Anna", "Eve"]


def test_one_may_speak_at_the_congress_and_at_the_forum_but_at_each_once(db: DbSession) -> None:
    edition, person = make_edition(db), make_person(db)
    make_speaker(db, edition, person, scope=Scope.FORUM)
    congress = make_speaker(db, edition, person, scope=Scope.CONGRESS)
    with pytest.raises(Conflict) as refused:
        make_speaker(db, edition, person, scope=Scope.CONGRESS)
    assert refused.value.code == "speaker_already"
    with pytest.raises(Conflict):
        actions.change_speaker(db, congress.id, SpeakerFacts(), revision=1, actor=COMMAND, now=NOW)


def test_role_and_organisation_belong_to_the_edition_not_to_the_person(db: DbSession) -> None:
    person, vda, wnevc = make_person(db), make_organisation(db, "VDA"), make_organisation(db, "WNEVC")
    then = make_speaker(db, make_edition(db, slug="then"), person, organisation_id=vda.id, role=Translated("Chair"))
    make_speaker(db, make_edition(db, slug="now"), person, organisation_id=wnevc.id, role=Translated("President"))
    found = [(s.edition.slug, s.role.en, s.organisation) for s in queries.appearances_of(db, person.id)]
    assert found == [("now", "President", wnevc), ("then", "Chair", vda)]
    assert then.organisation is vda


def test_the_second_of_two_organisers_is_told(db: DbSession) -> None:
    speaker = make_speaker(db, make_edition(db))
    facts = SpeakerFacts(role=Translated("Minister"), state=SpeakerState.INVITED)
    actions.change_speaker(db, speaker.id, facts, revision=1, actor=COMMAND, now=NOW)
    with pytest.raises(Stale):
        actions.change_speaker(db, speaker.id, SpeakerFacts(), revision=1, actor=COMMAND, now=NOW)
    assert queries.speaker_facts(speaker) == facts


def test_ids_of_nothing_are_not_found(db: DbSession) -> None:
    edition, person = make_edition(db), make_person(db)
    for edition_id, person_id, organisation_id in ((999, person.id, None), (edition.id, 999, None),
                                                   (edition.id, person.id, 999)):  # fmt: skip
        facts = SpeakerFacts(organisation_id=organisation_id)
        with pytest.raises(NotFound):
            actions.add_speaker(db, edition_id, person_id, facts, actor=COMMAND, now=NOW)
    other = make_speaker(db, make_edition(db, slug="other"), person)
    with pytest.raises(NotFound):
        queries.speaker_of(db, edition.id, other.id)


def test_who_stands_in_a_session_is_not_removed_by_mistake(db: DbSession) -> None:
    edition = make_edition(db)
    speaker, other = make_speaker(db, edition), make_speaker(db, edition, make_person(db, "Eve"))
    session = Session(
        edition_id=edition.id, slug="opening", kind=SessionKind.OPENING, title=Translated("Opening"),
        created_at=NOW, changed_at=NOW,
    )  # fmt: skip
    session.speakers.append(SessionSpeaker(speaker_id=speaker.id, role=SessionRole.SPEAKER, position=0))
    db.add(session)
    db.flush()

    with pytest.raises(Conflict) as refused:
        actions.remove_speaker(db, speaker.id, actor=COMMAND, now=NOW)
    assert refused.value.code == "speaker_in_session"
    actions.remove_speaker(db, other.id, actor=COMMAND, now=NOW)
    assert queries.speakers_of(db, edition.id) == [speaker]
    assert db.scalar(text("SELECT count(*) FROM audit_entry WHERE verb = 'speaker_removed'")) == 1
