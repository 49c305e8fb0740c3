"""From candidate to materials in, with a history that says who and why."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.audit import queries as audit
from app.database import DbSession
from app.editions.rules import State
from app.errors import Conflict, NotFound, Stale
from app.people import actions as people
from app.people.portraits import decoded
from app.speakers import actions, corrections, materials, pipeline, queries
from app.speakers.correcting import Field
from app.speakers.models import Availability, Speaker
from app.speakers.rules import Span, SpeakerState
from app.values.actor import COMMAND, Actor
from app.values.language import Translated
from tests.conftest import NOW
from tests.factories.editions import make_edition, make_step
from tests.factories.people import make_person
from tests.factories.speakers import make_speaker
from tests.people.test_portraits import picture
from tests.speakers.test_rules import at

CANDIDATE, INVITED, CONFIRMED, DECLINED, MATERIALS = SpeakerState
OLGA = Actor(7, "Olga Organiser")


@pytest.fixture
def anna(db: DbSession) -> Speaker:
    return make_speaker(db, make_edition(db), state=CANDIDATE)


def by_hand(db: DbSession, speaker: Speaker, to: SpeakerState, note: str = "by telephone") -> Speaker:
    return pipeline.move(db, speaker.id, to, saw=speaker.state, note=note, actor=OLGA, now=NOW)


def told(db: DbSession, speaker: Speaker) -> list[tuple[str, str, str | None]]:
    """Its history, the newest first: verb, who, note."""
    return [(e.verb, e.actor_name, e.data.get("note")) for e in audit.history_of(db, "speaker", speaker.id)]


def hand_in(db: DbSession, speaker: Speaker, digest: str = "a" * 64) -> int:
    return materials.add_slides(
        db, speaker.id, digest=digest, name="talk.pdf", media="application/pdf", size=9, now=NOW
    ).id  # fmt: skip


def write_biography(db: DbSession, speaker: Speaker, text: str = "Builds quiet motors.") -> None:
    corrections.propose(db, speaker.id, Field.BIOGRAPHY, Translated(text).as_dict(), now=NOW)


def send_portrait(db: DbSession, speaker: Speaker) -> None:
    after = {"digest": "b" * 64, "width": "9", "height": "9"}
    corrections.propose(db, speaker.id, Field.PORTRAIT, after, now=NOW)


def test_every_step_stands_in_the_history_with_who_and_why(db: DbSession, anna: Speaker) -> None:
    by_hand(db, anna, INVITED, note="")
    by_hand(db, anna, CONFIRMED, note="said yes at the fair")
    assert (anna.invited_at, anna.answered_at) == (NOW, NOW)
    assert told(db, anna)[:2] == [
        ("speaker_moved", "Olga Organiser", "said yes at the fair"),
        ("speaker_moved", "Olga Organiser", None),
    ]
    last = audit.last_of(db, "speaker", anna.id)
    assert last is not None
    assert (last.data["before"], last.data["to"], last.data["name"]) == ("invited", "confirmed", "Anna Schmidt")


def test_of_two_who_move_somebody_at_once_the_second_is_told(db: DbSession, anna: Speaker) -> None:
    by_hand(db, anna, INVITED)
    with pytest.raises(Conflict) as refused:
        pipeline.move(db, anna.id, DECLINED, saw=CANDIDATE, note="by mail", actor=OLGA, now=NOW)
    assert refused.value.code == "speaker_moved_meanwhile"
    assert pipeline.move(db, anna.id, INVITED, saw=CANDIDATE, note="", actor=OLGA, now=NOW).state is INVITED


def test_whoever_holds_an_old_form_of_somebody_moved_meanwhile_sees_both_versions(db: DbSession, anna: Speaker) -> None:
    revision, facts = anna.revision, queries.speaker_facts(anna)
    by_hand(db, anna, INVITED)
    with pytest.raises(Stale):
        actions.change_speaker(db, anna.id, facts, revision=revision, actor=OLGA, now=NOW)


def test_the_speaker_answers_under_their_own_name(db: DbSession, anna: Speaker) -> None:
    by_hand(db, anna, INVITED)
    later = NOW + timedelta(days=2)
    pipeline.answer(db, anna.id, CONFIRMED, now=later)
    pipeline.answer(db, anna.id, DECLINED, reason="a strike", now=later)
    assert (anna.state, anna.answered_at) == (DECLINED, later)
    assert told(db, anna)[:2] == [
        ("speaker_declined", "Anna Schmidt", "a strike"),
        ("speaker_accepted", "Anna Schmidt", None),
    ]


def test_accepting_twice_is_accepting_once(db: DbSession, anna: Speaker) -> None:
    by_hand(db, anna, INVITED)
    pipeline.answer(db, anna.id, CONFIRMED, now=NOW)
    before = told(db, anna)
    assert pipeline.answer(db, anna.id, CONFIRMED, now=NOW).state is CONFIRMED
    assert told(db, anna) == before


def test_a_candidate_cannot_answer_and_nobody_can_once_the_edition_is_over(db: DbSession, anna: Speaker) -> None:
    with pytest.raises(Conflict) as refused:
        pipeline.answer(db, anna.id, CONFIRMED, now=NOW)
    assert refused.value.code == "speaker_cannot_move_there"
    by_hand(db, anna, INVITED)
    for state in (State.ANNOUNCED, State.CANCELLED):
        make_step(db, anna.edition, state)
    with pytest.raises(Conflict) as refused:
        pipeline.answer(db, anna.id, CONFIRMED, now=NOW)
    assert refused.value.code == "speaker_edition_over"


def test_materials_are_in_with_the_last_thing_that_was_asked_for(db: DbSession, anna: Speaker) -> None:
    by_hand(db, anna, CONFIRMED)
    for hand_over in (hand_in, write_biography):
        hand_over(db, anna)
        assert anna.state is CONFIRMED
    send_portrait(db, anna)
    assert anna.state is MATERIALS


def test_an_invited_speaker_may_hand_in_first_and_accept_then(db: DbSession, anna: Speaker) -> None:
    by_hand(db, anna, INVITED)
    for hand_over in (hand_in, write_biography, send_portrait):
        hand_over(db, anna)
    assert anna.state is INVITED
    assert pipeline.answer(db, anna.id, CONFIRMED, now=NOW).state is MATERIALS


def test_by_hand_materials_pass_with_a_note_only(db: DbSession, anna: Speaker) -> None:
    by_hand(db, anna, CONFIRMED)
    with pytest.raises(Conflict) as refused:
        by_hand(db, anna, MATERIALS, note="")
    assert refused.value.code == "speaker_note_missing"
    assert by_hand(db, anna, MATERIALS, note="speaks freely").state is MATERIALS
    hand_in(db, anna)
    assert anna.state is MATERIALS


def test_taking_the_slides_back_is_a_step_back(db: DbSession, anna: Speaker) -> None:
    by_hand(db, anna, CONFIRMED)
    slides = hand_in(db, anna)
    write_biography(db, anna)
    send_portrait(db, anna)
    assert materials.remove_slides(db, anna.id, slides, now=NOW) == "a" * 64
    assert anna.state is CONFIRMED


def test_a_file_that_two_speakers_sent_is_not_forgotten_with_the_first(db: DbSession, anna: Speaker) -> None:
    ben = make_speaker(db, anna.edition, make_person(db, "Ben Blau"))
    first, _second = hand_in(db, anna), hand_in(db, ben)
    assert materials.remove_slides(db, anna.id, first, now=NOW) is None
    with pytest.raises(NotFound):
        materials.remove_slides(db, anna.id, first, now=NOW)


def test_the_same_file_sent_twice_is_there_once_and_there_is_an_end_to_files(db: DbSession, anna: Speaker) -> None:
    assert hand_in(db, anna) == hand_in(db, anna)
    for n in range(1, 10):
        hand_in(db, anna, digest=f"{n:064}")
    with pytest.raises(Conflict) as refused:
        hand_in(db, anna, digest="c" * 64)
    assert refused.value.code == "slides_too_many"


def test_when_somebody_can_be_there_is_kept_joined_and_belongs_to_the_person(db: DbSession, anna: Speaker) -> None:
    spans = [Span(at(9), at(12)), Span(at(11), at(14)), Span(at(30), at(33))]
    materials.say_when(db, anna.id, spans, "Vegetarian", revision=anna.revision, actor=None, now=NOW)
    assert queries.spans_of(db, anna.edition_id, anna.person_id) == (Span(at(9), at(14)), Span(at(30), at(33)))
    assert anna.needs == "Vegetarian"
    assert told(db, anna)[0] == ("speaker_time_said", "Anna Schmidt", None)
    materials.say_when(db, anna.id, [], None, revision=anna.revision, actor=OLGA, now=NOW)
    assert db.scalars(select(Availability)).all() == []
    assert anna.needs == "Vegetarian"
    with pytest.raises(Stale):
        materials.say_when(db, anna.id, [], "", revision=1, actor=OLGA, now=NOW)


def test_a_portrait_in_the_record_is_in_whoever_put_it_there(db: DbSession, anna: Speaker) -> None:
    people.set_portrait(db, anna.person_id, decoded(picture()), revision=1, actor=COMMAND, now=NOW)
    db.refresh(anna.person)
    assert {material.value for material in queries.materials_of(db, anna)} == {"portrait"}


def test_who_is_taken_out_leaves_no_file_behind(db: DbSession, anna: Speaker) -> None:
    hand_in(db, anna)
    send_portrait(db, anna)
    assert sorted(actions.remove_speaker(db, anna.id, actor=OLGA, now=NOW)) == ["a" * 64, "b" * 64]
