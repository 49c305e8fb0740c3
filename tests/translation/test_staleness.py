"""Every text of an edition remembers which of its translations are stale."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.agenda import actions as agenda
from app.agenda.queries import facts_of
from app.agenda.rules import RoomFacts, TrackFacts
from app.database import DbSession
from app.editions import actions as editions
from app.editions.queries import edition_facts as stored_facts
from app.editions.rules import SeriesFacts, State, continued
from app.errors import NotFound
from app.people import actions as people
from app.people.queries import organisation_facts, person_facts
from app.publishing import planned
from app.publishing.models import PlannedRelease
from app.registrations import actions as registrations
from app.registrations.rules import CategoryFacts
from app.speakers import actions as speakers
from app.speakers.queries import speaker_facts
from app.speaking import actions as speaking
from app.speaking.rules import Letter
from app.translation.actions import still_right
from app.translation.queries import stale_marks
from app.translation.rules import Mark
from app.values.actor import COMMAND, Role
from app.values.language import Language, Translated
from tests.conftest import NOW
from tests.factories.accounts import make_account
from tests.factories.agenda import make_room, make_track
from tests.factories.editions import make_edition, make_series
from tests.factories.people import make_organisation, make_person
from tests.factories.publishing import in_three, plan_session
from tests.factories.registrations import make_category
from tests.factories.speakers import make_speaker

EN, DE, ZH = Language
BEFORE, AFTER = in_three("Cells"), replace(in_three("Cells"), en="Dry cells")
BOTH = {DE: Mark(EN, "Cells", NOW), ZH: Mark(EN, "Cells", NOW)}
BY = {"actor": COMMAND, "now": NOW}


def test_a_session_remembers_and_forgets(db: DbSession) -> None:
    session = plan_session(db, make_edition(db), BEFORE, abstract=BEFORE, note=BEFORE)
    facts = replace(facts_of(session), title=AFTER, abstract=AFTER)
    agenda.change_session(db, session.id, facts, revision=session.revision, **BY)
    assert stale_marks(db) == {("session", session.id, "title"): BOTH, ("session", session.id, "abstract"): BOTH}
    agenda.remove_session(db, session.id, **BY)
    assert stale_marks(db) == {}


def test_the_reason_of_a_cancelled_session_too(db: DbSession) -> None:
    session = plan_session(db, make_edition(db))
    agenda.cancel_session(db, session.id, BEFORE, **BY)
    agenda.reword_session(db, session.id, {"cancel_reason": AFTER}, **BY)
    assert stale_marks(db) == {("session", session.id, "cancel_reason"): BOTH}
    agenda.reinstate_session(db, session.id, **BY)
    assert stale_marks(db) == {}


def test_the_reason_of_a_cancelled_or_postponed_edition_too(db: DbSession) -> None:
    edition = make_edition(db, state=State.ANNOUNCED)
    editions.postpone(db, edition.id, reason=BEFORE, revision=1, **BY)
    editions.reword_reason(db, edition.id, AFTER, **BY)
    assert stale_marks(db) == {("edition", edition.id, "reason"): BOTH}
    facts = replace(stored_facts(edition), starts_on=NOW.date(), ends_on=NOW.date())
    editions.change_edition(db, edition.id, facts, revision=edition.revision, **BY)
    assert (edition.reason, stale_marks(db)) == (Translated(), {})
    editions.step(db, edition.id, State.CANCELLED, reason=BEFORE, **BY)
    editions.reword_reason(db, edition.id, AFTER, **BY)
    editions.step(db, edition.id, State.ANNOUNCED, **BY)
    assert (edition.reason, stale_marks(db)) == (Translated(), {})


def test_a_letter_remembers(db: DbSession) -> None:
    edition = make_edition(db)
    letter = speaking.store_letter(db, edition.id, Letter.REMINDER, BEFORE, BEFORE, revision=0, **BY)
    assert stale_marks(db) == {}
    speaking.store_letter(db, edition.id, Letter.REMINDER, AFTER, AFTER, revision=1, **BY)
    assert stale_marks(db) == {("letter", letter.id, field): BOTH for field in ("subject", "body")}
    speaking.store_letter(db, edition.id, Letter.REMINDER, BEFORE, AFTER, revision=2, **BY)
    assert set(stale_marks(db)) == {("letter", letter.id, "body")}


def test_the_note_of_a_planned_release_remembers_until_it_goes_out_or_is_withdrawn(db: DbSession) -> None:
    def plan_anew(note: Translated) -> None:
        seen = planned.token(db.get(PlannedRelease, edition.id))
        planned.plan(db, edition.id, NOW + timedelta(days=1), note=note, seen=seen, **BY)

    edition = make_edition(db)
    plan_session(db, edition)
    plan_anew(BEFORE)
    planned.reword(db, edition.id, AFTER, **BY)
    assert stale_marks(db) == {("planned_release", edition.id, "note"): BOTH}
    plan_anew(replace(AFTER, de="Trocken"))
    assert set(stale_marks(db)["planned_release", edition.id, "note"]) == {ZH}
    planned.withdraw(db, edition.id, seen=planned.token(db.get(PlannedRelease, edition.id)), **BY)
    assert stale_marks(db) == {}

    plan_anew(BEFORE)
    planned.reword(db, edition.id, AFTER, **BY)
    account = make_account(db, "o@forum.test", Role.ORGANISER)
    db.get_one(PlannedRelease, edition.id).account_id = account.id
    assert planned.publish_due(db, NOW + timedelta(days=2)) == 1
    assert stale_marks(db) == {}
    with pytest.raises(NotFound):
        planned.reword(db, edition.id, BEFORE, **BY)


def test_rooms_and_tracks_remember_and_forget(db: DbSession) -> None:
    edition = make_edition(db)
    room, track = make_room(db, edition), make_track(db, edition)
    agenda.change_room(db, room.id, RoomFacts(BEFORE, BEFORE), revision=1, **BY)
    agenda.change_room(db, room.id, RoomFacts(AFTER, AFTER), revision=2, **BY)
    agenda.change_track(db, track.id, TrackFacts(BEFORE), revision=1, **BY)
    agenda.change_track(db, track.id, TrackFacts(AFTER), revision=2, **BY)
    marks = stale_marks(db)
    assert {key: dict(marks[key]) for key in marks} == {
        ("room", room.id, "name"): BOTH, ("room", room.id, "detail"): BOTH, ("track", track.id, "name"): BOTH,
    }  # fmt: skip
    agenda.remove_room(db, room.id, **BY)
    agenda.remove_track(db, track.id, **BY)
    assert stale_marks(db) == {}


def test_what_somebody_is_at_an_edition_remembers_and_forgets(db: DbSession) -> None:
    speaker = make_speaker(db, make_edition(db), role=BEFORE, topic=BEFORE, note=BEFORE)
    facts = replace(speaker_facts(speaker), role=AFTER, topic=AFTER, note=AFTER)
    speakers.change_speaker(db, speaker.id, facts, revision=speaker.revision, **BY)
    assert set(stale_marks(db)) == {("speaker", speaker.id, field) for field in ("role", "topic", "note")}
    speakers.remove_speaker(db, speaker.id, **BY)
    assert stale_marks(db) == {}


def test_biographies_and_names_of_organisations_too(db: DbSession) -> None:
    person, organisation = make_person(db, biography=BEFORE), make_organisation(db, BEFORE.en, de="Zellen", zh="电池")
    people.change_person(db, person.id, replace(person_facts(person), biography=AFTER), revision=1, **BY)
    facts = replace(organisation_facts(organisation), name=Translated("Dry cells", "Zellen", "电池"))
    people.change_organisation(db, organisation.id, facts, revision=1, **BY)
    assert stale_marks(db) == {
        ("person", person.id, "biography"): BOTH, ("organisation", organisation.id, "name"): BOTH,
    }  # fmt: skip


def test_the_editions_own_texts_too_and_what_is_our_translation_is_no_source(db: DbSession) -> None:
    edition = make_edition(db, venue=BEFORE, theme=BEFORE, theme_translated=("en", "de"))
    facts = replace(stored_facts(edition), venue=AFTER, theme=replace(BEFORE, zh="干电池"))
    editions.change_edition(db, edition.id, facts, revision=1, **BY)
    mark = Mark(ZH, BEFORE.zh, NOW)
    assert stale_marks(db) == {
        ("edition", edition.id, "venue"): BOTH, ("edition", edition.id, "theme"): {EN: mark, DE: mark},
    }  # fmt: skip


def test_topics_outcomes_and_the_category_of_registration_too(db: DbSession) -> None:
    edition = make_edition(db)
    editions.set_topics(db, edition.id, [BEFORE], revision=1, **BY)
    topic = edition.topics[0].id
    editions.set_topics(db, edition.id, [AFTER], revision=2, **BY)
    outcome = editions.add_outcome(db, edition, BEFORE, [], **BY)
    editions.change_outcome(db, outcome.id, AFTER, **BY)
    category = make_category(db, edition)
    facts = CategoryFacts(BEFORE, category.opens_at, category.closes_at, category.capacity)
    registrations.change_category(db, category.id, facts, revision=1, **BY)
    registrations.change_category(db, category.id, replace(facts, name=AFTER), revision=2, **BY)
    assert stale_marks(db).keys() >= {
        ("topic", topic, "text"), ("outcome", outcome.id, "text"), ("category", category.id, "name"),
    }  # fmt: skip
    editions.set_topics(db, edition.id, [], revision=edition.revision, **BY)
    assert ("topic", topic, "text") not in stale_marks(db)


def test_a_topic_that_moves_up_stays_stale(db: DbSession) -> None:
    edition = make_edition(db)
    other = in_three("Grids")
    editions.set_topics(db, edition.id, [other, BEFORE], revision=1, **BY)
    moved = edition.topics[1].id
    editions.set_topics(db, edition.id, [other, AFTER], revision=2, **BY)
    editions.set_topics(db, edition.id, [AFTER, other], revision=3, **BY)
    db.expire_all()
    assert edition.topics[0].id == moved
    assert stale_marks(db) == {("topic", moved, "text"): BOTH}


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ([], [BEFORE], (None,)),
        ([BEFORE], [AFTER], (0,)),  # two languages stayed
        ([BEFORE, AFTER], [AFTER, BEFORE], (1, 0)),
        ([Translated("a"), Translated("b")], [Translated("c"), Translated("a")], (1, 0)),
        ([Translated("a"), Translated("b")], [Translated("b")], (1,)),
    ],
)
def test_which_topic_is_which(before: list[Translated], after: list[Translated], found: tuple[int | None, ...]) -> None:
    assert continued(before, after) == found


def test_a_second_change_keeps_what_the_source_said_when_the_translation_was_right(db: DbSession) -> None:
    session = plan_session(db, make_edition(db), BEFORE)
    for english in ("Dry cells", "Wet cells"):
        agenda.reword_session(db, session.id, {"title": replace(session.title, en=english)}, **BY)
    assert stale_marks(db) == {("session", session.id, "title"): BOTH}
    agenda.reword_session(db, session.id, {"title": BEFORE}, **BY)
    assert stale_marks(db) == {}


def test_one_language_may_catch_up_before_the_other_and_be_called_right(db: DbSession) -> None:
    session = plan_session(db, make_edition(db), BEFORE)
    agenda.reword_session(db, session.id, {"title": AFTER}, **BY)
    agenda.reword_session(db, session.id, {"title": replace(AFTER, de="Trockenzellen")}, **BY)
    assert stale_marks(db) == {("session", session.id, "title"): {ZH: BOTH[ZH]}}
    still_right(db, "session", session.id, "title", [ZH])
    assert stale_marks(db) == {}


def test_another_house_writes_first_in_another_language(db: DbSession) -> None:
    series = make_series(db)
    facts = SeriesFacts(**{name: getattr(series, name) for name in SeriesFacts.__dataclass_fields__})
    editions.change_series(db, replace(facts, source_language=DE), revision=series.revision, **BY)
    session = plan_session(db, make_edition(db), BEFORE)
    agenda.reword_session(db, session.id, {"title": replace(BEFORE, de="Trockenzellen")}, **BY)
    mark = Mark(DE, BEFORE.de, NOW)
    assert stale_marks(db) == {("session", session.id, "title"): {EN: mark, ZH: mark}}
