"""What the organiser is told before a release, from made-up states of an agenda."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.agenda.rules import SessionKind
from app.publishing.content import Appearance, Content, RoomContent, SessionContent, SpeakerContent, TrackContent
from app.publishing.difference import Aspect, Difference, Listing, Move, Step, applied, difference, turns
from app.values.language import Language, Translated

DAY = date(2027, 9, 23)
NINE = datetime(2027, 9, 23, 9)
WORDS = st.builds(Translated, st.sampled_from(["", "One", "Two"]), st.sampled_from(["", "Eins"]))


@st.composite
def contents(draw: st.DrawFn) -> Content:
    rooms = draw(st.lists(st.sampled_from(["coral", "harbour", "banyan"]), unique=True))
    tracks = draw(st.lists(st.sampled_from(["law", "cells", "grids"]), unique=True))
    speakers = draw(st.lists(st.builds(SpeakerContent, st.integers(1, 4), st.just(1), role=WORDS), unique_by=_id))
    cast = st.lists(st.sampled_from([s.id for s in speakers]), unique=True) if speakers else st.just([])
    uids = draw(st.lists(st.sampled_from("abcd"), unique=True))
    return Content(
        sessions=tuple(draw(_session(uid, cast)) for uid in uids),
        rooms=tuple(RoomContent(slug, draw(WORDS)) for slug in rooms),
        tracks=tuple(TrackContent(slug, draw(WORDS)) for slug in tracks),
        speakers=tuple(speakers),
    )


def _id(speaker: SpeakerContent) -> int:
    return speaker.id


@st.composite
def _session(draw: st.DrawFn, uid: str, cast: st.SearchStrategy[list[int]]) -> SessionContent:
    starts = draw(st.sampled_from([None, NINE, NINE + timedelta(hours=1)]))
    return SessionContent(
        uid=uid,
        slug=uid,
        kind=draw(st.sampled_from(SessionKind)),
        title=draw(WORDS),
        abstract=draw(WORDS),
        day=DAY,
        starts_at=starts,
        ends_at=starts and starts + timedelta(minutes=45),
        room=draw(st.sampled_from([None, "coral", "harbour"])),
        track=draw(st.sampled_from([None, "law"])),
        language=draw(st.sampled_from([None, *Language])),
        interpretation=tuple(draw(st.lists(st.sampled_from(["de", "zh"]), unique=True))),
        speakers=tuple(Appearance(who) for who in draw(cast)),
        is_cancelled=draw(st.booleans()),
        cancel_reason=draw(WORDS),
        position=draw(st.integers(0, 1)),
    )


@given(contents())
def test_a_state_does_not_differ_from_itself(content: Content) -> None:
    assert difference(content, content) == Difference()
    assert not difference(content, content)


@given(contents(), contents())
def test_every_changed_session_is_named_and_no_other(before: Content, after: Content) -> None:
    earlier = {session.uid: session for session in before.sessions}
    later = {session.uid: session for session in after.sessions}
    changed = {uid for uid in earlier.keys() | later.keys() if earlier.get(uid) != later.get(uid)}
    silent = {uid for uid in changed & earlier.keys() & later.keys() if _read(earlier[uid]) == _read(later[uid])}

    assert difference(before, after).session_uids == changed - silent


def _read(session: SessionContent) -> SessionContent:
    """Nobody reads the reason of what takes place, nor an order among languages."""
    languages = tuple(sorted(session.interpretation))
    return replace(
        session, interpretation=languages, cancel_reason=session.cancel_reason if session.is_cancelled else Translated()
    )


@given(contents(), contents())
def test_the_differences_applied_to_the_old_give_the_new(before: Content, after: Content) -> None:
    assert applied(before, difference(before, after)) == after
    assert applied(Content(), difference(None, after)) == after


@given(contents(), contents())
def test_a_difference_and_the_one_back_are_inverses(before: Content, after: Content) -> None:
    there = applied(before, difference(before, after))

    assert applied(there, difference(after, before)) == before


@given(contents(), contents())
def test_nothing_new_to_say_means_nothing_changed(before: Content, after: Content) -> None:
    if not difference(before, after):
        assert _living(before) == _living(after)  # their order follows from time and room
        assert (before.rooms, before.tracks, before.speakers) == (after.rooms, after.tracks, after.speakers)


def _living(content: Content) -> dict[str, SessionContent]:
    return {session.uid: _read(session) for session in content.sessions if not session.is_cancelled}


@given(contents())
def test_a_release_read_back_is_the_release_written(content: Content) -> None:
    assert Content.from_json(content.to_json()) == content


@given(contents())
def test_without_a_release_before_everything_is_new(content: Content) -> None:
    assert difference(None, content).new == content.sessions


SESSION = SessionContent("a", "talk", SessionKind.TALK, Translated("Talk"), day=DAY, starts_at=NINE, room="coral")


def test_a_session_may_be_moved_and_renamed_at_once() -> None:
    moved = replace(SESSION, room="harbour", title=Translated("A better talk"))

    found = difference(Content((SESSION,)), Content((moved,)))

    assert found.moved == (Move(SESSION, moved),)
    assert [edit.aspects for edit in found.edited] == [(Aspect.TITLE,)]
    assert len(found) == 2


def test_another_order_of_speaking_is_no_change_of_cast() -> None:
    first = replace(SESSION, speakers=(Appearance(1), Appearance(2)))
    second = replace(SESSION, speakers=(Appearance(2), Appearance(1)))

    found = difference(Content((first,)), Content((second,)))

    assert [edit.aspects for edit in found.edited] == [(Aspect.ORDER_OF_SPEAKING,)]


def test_what_is_cancelled_and_what_comes_back() -> None:
    cancelled = replace(SESSION, is_cancelled=True)

    assert difference(Content((SESSION,)), Content((cancelled,))).cancelled == (cancelled,)
    assert difference(Content((cancelled,)), Content((SESSION,))).reinstated == (SESSION,)
    assert difference(Content((SESSION,)), Content()).removed == (SESSION,)


def test_rooms_renamed_and_reordered() -> None:
    coral, harbour = RoomContent("coral", Translated("Coral")), RoomContent("harbour", Translated("Harbour"))
    renamed = replace(coral, name=Translated("Big Coral"))

    found = difference(Content(rooms=(coral, harbour)), Content(rooms=(harbour, renamed)))

    assert found.rooms == (Step(coral, renamed),)
    assert found.reordered == (Listing.ROOMS,)


def test_the_same_changes_as_a_speaker_sees_them() -> None:
    cast = (SpeakerContent(1, 1), SpeakerContent(2, 2))
    before = Content((replace(SESSION, speakers=(Appearance(1),)),), speakers=cast[:1])
    later = replace(SESSION, starts_at=NINE + timedelta(hours=1), speakers=(Appearance(1), Appearance(2)))
    after = Content((later,), speakers=cast)
    changes = difference(before, after)

    first, second = turns(before, after, changes)

    assert (first.speaker_id, first.is_new, [move.after for move in first.moved]) == (1, False, [later])
    assert (second.speaker_id, second.is_new, second.gained, second.moved) == (2, True, (later,), ())
