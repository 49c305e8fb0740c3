"""What goes out with a release, and what does not."""

import pytest
from sqlalchemy import select

from app.agenda import actions as agenda
from app.agenda.models import Session
from app.audit.models import AuditEntry
from app.calendar.models import CalendarEvent
from app.database import DbSession
from app.editions.models import Series
from app.editions.rules import State
from app.errors import Conflict
from app.freshness import PublicDue, PublicStamp
from app.people import actions as people
from app.people.queries import person_facts
from app.people.rules import Name, PersonFacts
from app.publishing import actions, queries
from app.publishing.content import Content
from app.search.models import SearchEntry
from app.speakers.rules import Scope, SpeakerState
from app.values.actor import COMMAND
from app.values.language import Language, Translated
from tests.conftest import NOW
from tests.factories.editions import make_edition, make_step
from tests.factories.people import make_organisation, make_person
from tests.factories.publishing import make_published, plan_room, plan_session, publish, replan, session_facts
from tests.factories.speakers import make_speaker


def events(db: DbSession) -> list[tuple[str, int, str]]:
    """Kind of event, SEQUENCE, status."""
    found = db.scalars(select(CalendarEvent).order_by(CalendarEvent.uid)).all()
    return [(event.uid.split("-")[0], event.sequence, event.status.value) for event in found]


def found_keys(db: DbSession) -> list[str]:
    return sorted(db.scalars(select(SearchEntry.key)))


def test_releases_are_numbered_from_one_and_the_draft_is_what_goes_out(db: DbSession) -> None:
    edition = make_edition(db, state=State.ANNOUNCED)
    plan_session(db, edition, "Opening")
    first = publish(db, edition, "First agenda")
    plan_session(db, edition, "Closing", "16:00", "17:00")
    second = publish(db, edition)

    assert [first.number, second.number] == [1, 2]
    assert [s.title.en for s in Content.from_json(first.content).sessions] == ["Opening"]
    assert [s.title.en for s in Content.from_json(second.content).sessions] == ["Opening", "Closing"]
    assert first.note.en == "First agenda"


def test_nothing_new_is_no_release(db: DbSession) -> None:
    edition = make_published(db)

    with pytest.raises(Conflict) as refused:
        publish(db, edition)

    assert refused.value.code == "release_without_change"


def test_an_empty_agenda_is_no_release_either(db: DbSession) -> None:
    with pytest.raises(Conflict) as refused:
        publish(db, make_edition(db))

    assert refused.value.code == "release_without_change"


def test_what_cannot_happen_does_not_go_out(db: DbSession) -> None:
    edition = make_edition(db, state=State.ANNOUNCED)
    room = plan_room(db, edition)
    plan_session(db, edition, "One", room_id=room.id)
    plan_session(db, edition, "Two", room_id=room.id)

    with pytest.raises(Conflict) as refused:
        publish(db, edition)

    assert (refused.value.code, refused.value.data) == ("release_impossible", {"findings": 1})
    assert queries.current_release(db, edition.id) is None


def test_a_published_session_can_no_longer_be_removed(db: DbSession) -> None:
    make_published(db)
    session = db.scalars(select(Session)).one()

    assert session.was_published
    with pytest.raises(Conflict):
        agenda.remove_session(db, session.id, actor=COMMAND, now=NOW)


def test_publishing_is_noted_and_touches_what_the_public_sees(db: DbSession) -> None:
    edition = make_edition(db, state=State.ANNOUNCED)
    plan_session(db, edition)
    before = db.scalars(select(PublicStamp.number)).one()

    publish(db, edition)

    assert db.scalars(select(PublicStamp.number)).one() > before
    assert [e.data for e in db.scalars(select(AuditEntry).where(AuditEntry.verb == "release_published"))] == [
        {"number": 1}
    ]


def test_starts_and_ends_of_sessions_change_the_pages_by_themselves(db: DbSession) -> None:
    make_published(db)

    at = {f"{due:%m-%d %H:%M}" for due in db.scalars(select(PublicDue.at))}

    assert {"09-23 01:00", "09-23 01:45", "09-22 16:00"} <= at  # 09:00, 09:45 and midnight in Haikou


def test_the_domain_of_uids_is_kept_at_the_first_publication(db: DbSession) -> None:
    make_published(db)

    assert db.scalars(select(Series.uid_domain)).one() == "forum.test"
    actions.check_uid_domain(db, "forum.test")
    with pytest.raises(Conflict) as refused:
        actions.check_uid_domain(db, "other.test")
    assert refused.value.data == {"stored": "forum.test", "domain": "other.test"}


def test_an_edition_in_draft_may_be_published_and_shows_when_it_is_announced(db: DbSession) -> None:
    edition = make_edition(db)
    person = make_speaker(db, edition).person
    plan_session(db, edition)
    publish(db, edition)

    assert (events(db), found_keys(db), queries.public_person_ids(db)) == ([], [], frozenset())

    make_step(db, edition, State.ANNOUNCED)
    actions.renew(db, edition.id, now=NOW)

    assert events(db) == [("edition", 0, "CONFIRMED"), ("session", 0, "CONFIRMED")]
    assert found_keys(db) == ["2027-haikou", "2027-haikou/sodium-ion-where-it-pays", "anna-schmidt"]
    assert queries.public_person_ids(db) == {person.id}


def test_back_in_draft_everything_is_cancelled_in_the_calendars_and_cannot_be_found(db: DbSession) -> None:
    edition = make_published(db)
    make_step(db, edition, State.DRAFT)
    actions.renew(db, edition.id, now=NOW)

    assert events(db) == [("edition", 1, "CANCELLED"), ("session", 1, "CANCELLED")]
    assert found_keys(db) == []

    make_step(db, edition, State.ANNOUNCED)
    actions.renew(db, edition.id, now=NOW)

    assert events(db) == [("edition", 2, "CONFIRMED"), ("session", 2, "CONFIRMED")]


def test_a_cancelled_edition_cancels_its_day_and_all_its_sessions_and_says_why(db: DbSession) -> None:
    edition = make_published(db)
    make_step(db, edition, State.CANCELLED)
    actions.renew(db, edition.id, now=NOW)

    assert events(db) == [("edition", 1, "CANCELLED"), ("session", 1, "CANCELLED")]
    blocks = [event.blocks["en"] for event in db.scalars(select(CalendarEvent))]
    assert ["The venue burnt down." in block for block in blocks] == [True, True]
    assert "2027-haikou" in found_keys(db)  # its pages stay, and say so


def test_five_edits_of_a_draft_cost_one_step_and_a_new_word_none(db: DbSession) -> None:
    edition = make_published(db)
    session = db.scalars(select(Session)).one()
    room = session.room_id
    for start in ("10:00", "10:30", "11:00"):
        replan(db, session, session_facts("Sodium-ion: where it pays", start, "11:45", room_id=room))
    publish(db, edition)
    assert events(db)[1] == ("session", 1, "CONFIRMED")

    replan(db, session, session_facts("Sodium-ion: where it really pays", "11:00", "11:45", room_id=room))
    publish(db, edition)
    assert events(db)[1] == ("session", 1, "CONFIRMED")


def test_a_candidate_exists_for_nobody_outside(db: DbSession) -> None:
    edition = make_edition(db, state=State.ANNOUNCED)
    cast = {
        state: make_speaker(db, edition, make_person(db, f"Anna {state.value.title()}"), state=state)
        for state in SpeakerState
    }
    plan_session(db, edition, speakers=cast.values())
    alone = make_speaker(db, edition, make_person(db, "Alone Invited"), state=SpeakerState.INVITED)
    publish(db, edition)

    content = queries.current_content(db, edition.id)
    assert content is not None
    said_yes = (SpeakerState.INVITED, SpeakerState.CONFIRMED, SpeakerState.MATERIALS)
    shown = {cast[state].id for state in said_yes}
    assert {speaker.id for speaker in content.speakers} == shown
    assert {entry.speaker_id for entry in content.sessions[0].speakers} == shown
    assert alone.person_id not in queries.public_person_ids(db)


def test_organisations_become_public_with_their_people(db: DbSession) -> None:
    edition = make_edition(db, state=State.ANNOUNCED)
    institute = make_organisation(db)
    make_speaker(db, edition, organisation_id=institute.id)
    assert queries.public_organisation_ids(db) == frozenset()

    publish(db, edition)

    assert queries.public_organisation_ids(db) == {institute.id}


def test_whoever_spoke_at_the_congress_is_public_but_kept_apart(db: DbSession) -> None:
    edition = make_edition(db, state=State.ANNOUNCED)
    speaker = make_speaker(db, edition, scope=Scope.CONGRESS)
    publish(db, edition)

    content = queries.current_content(db, edition.id)
    assert content is not None
    assert [s.scope for s in content.speakers] == [Scope.CONGRESS]
    assert queries.public_person_ids(db) == {speaker.person_id}


def test_a_new_name_is_in_calendars_and_search_without_a_release(db: DbSession) -> None:
    edition = make_edition(db, state=State.ANNOUNCED)
    speaker = make_speaker(db, edition)
    plan_session(db, edition, speakers=[speaker])
    publish(db, edition)
    person = speaker.person
    facts = PersonFacts(Name("Anna Köhler", "Köhler"), person_facts(person).country)

    people.change_person(db, person.id, facts, revision=person.revision, actor=COMMAND, now=NOW)
    actions.renew_person(db, person.id, now=NOW)

    session = db.scalars(select(CalendarEvent).where(CalendarEvent.session_slug != "")).one()
    assert "Anna Köhler" in session.blocks["en"]
    assert session.sequence == 0
    titles = {entry.title.best(Language.EN).text for entry in db.scalars(select(SearchEntry))}
    assert "Anna Köhler" in titles


def test_the_note_is_kept_in_all_languages(db: DbSession) -> None:
    edition = make_edition(db, state=State.ANNOUNCED)
    plan_session(db, edition)
    note = Translated("First agenda", "Erstes Programm", "首次发布")

    release = actions.publish(db, edition.id, note=note, actor=COMMAND, now=NOW)

    assert (release.note, release.published_by, release.published_at) == (note, "command line", NOW)
