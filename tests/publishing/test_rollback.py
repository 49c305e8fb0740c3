"""Back to a release as a new draft: what it had comes back, what came since is kept."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given as whatever
from hypothesis import settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.agenda import actions as agenda
from app.agenda.models import AgendaBook, Room, Session, Track
from app.agenda.rules import RoomFacts
from app.audit.models import AuditEntry
from app.database import DbSession
from app.editions.models import Edition
from app.editions.rules import State
from app.publishing import queries
from app.publishing.content import Content
from app.publishing.difference import difference
from app.publishing.rollback import Present, leftover, restored
from app.publishing.rolling_back import prospect, roll_back
from app.speakers import actions as speakers
from app.speakers.models import Speaker
from app.speakers.queries import speaker_facts
from app.speakers.rules import Scope, SpeakerState
from app.values.actor import COMMAND, Role
from app.values.language import Language, Translated
from tests.conftest import NOW
from tests.factories.accounts import make_account, sign_in
from tests.factories.editions import make_edition
from tests.factories.people import make_person
from tests.factories.publishing import (
    make_published,
    plan_room,
    plan_session,
    plan_track,
    publish,
    replan,
    session_facts,
)
from tests.factories.speakers import make_speaker
from tests.publishing.conftest import Given, said, words
from tests.publishing.test_difference import contents

RELEASES = "/organise/editions/2027-haikou/releases"
BACK = f"{RELEASES}/1/draft"
REASON = Translated("Taken back", "Zurückgenommen", "已撤回")


def the_edition(db: DbSession) -> Edition:
    return db.scalars(select(Edition)).one()


def first_release(db: DbSession) -> Content:
    release = queries.release_numbered(db, the_edition(db).id, 1)
    assert release is not None
    return Content.from_json(release.content)


def go_back(db: DbSession, number: int = 1) -> None:
    roll_back(db, the_edition(db).id, number, reason=REASON, actor=COMMAND, now=NOW)
    db.flush()
    db.expire_all()


def plan_edition(db: DbSession) -> Edition:
    """Two rooms, a track, two sessions with two people; published."""
    edition = make_edition(db, state=State.ANNOUNCED)
    coral, harbour, track = plan_room(db, edition), plan_room(db, edition, "Harbour Room"), plan_track(db, edition)
    anna = make_speaker(db, edition, role=Translated("Director", "Direktorin", "主任"))
    bo = make_speaker(db, edition, make_person(db, "Bo Braun"))
    plan_session(db, edition, "Anode", room_id=coral.id, track_id=track.id, speakers=[anna, bo])
    plan_session(db, edition, "Cathode", "10:00", "11:00", room_id=harbour.id, speakers=[bo])
    publish(db, edition)
    return edition


def change_everything(db: DbSession) -> None:
    """Texts, times, cast, rooms and their order; all of it only in the draft."""
    edition = the_edition(db)
    anode, cathode = db.scalars(select(Session).order_by(Session.id)).all()
    anna, bo = db.scalars(select(Speaker).order_by(Speaker.id)).all()
    replan(db, anode, session_facts("Anodes", "15:00", "16:00", room_id=cathode.room_id, speakers=[bo]))
    agenda.cancel_session(db, cathode.id, Translated("Ill"), actor=COMMAND, now=NOW)
    coral = db.scalars(select(Room).where(Room.edition_id == edition.id).order_by(Room.id)).all()[0]
    facts = RoomFacts(Translated("Big Coral"), capacity=5, site="North", booths=2, position=9)
    agenda.change_room(db, coral.id, facts, revision=coral.revision, actor=COMMAND, now=NOW)
    facts = replace(speaker_facts(anna), role=Translated("President"))
    speakers.change_speaker(db, anna.id, facts, revision=anna.revision, actor=COMMAND, now=NOW)


def test_the_draft_becomes_what_the_release_was(db: DbSession) -> None:
    edition = plan_edition(db)
    change_everything(db)
    assert len(difference(first_release(db), queries.draft_content(db, edition.id))) > 5

    go_back(db)

    assert queries.draft_content(db, edition.id) == first_release(db)


def test_what_only_organisers_see_stays(db: DbSession) -> None:
    plan_edition(db)
    change_everything(db)
    anode = db.scalars(select(Session).order_by(Session.id)).first()
    assert anode is not None
    anode.expected, anode.is_pinned = 80, True

    go_back(db)

    db.refresh(anode)
    assert (anode.expected, anode.is_pinned, anode.title.en) == (80, True, "Anode")
    coral = db.scalars(select(Room).order_by(Room.id)).first()
    assert coral is not None
    assert (coral.name.en, coral.capacity, coral.site, coral.booths) == ("Coral Room", 160, "North", 2)


def test_what_came_since_is_kept_without_a_place_or_cancelled(db: DbSession) -> None:
    edition = plan_edition(db)
    room, track = plan_room(db, edition, "Banyan Room"), plan_track(db, edition, "Grids")
    seen = plan_session(db, edition, "Seen", "12:00", "13:00", room_id=room.id, track_id=track.id)
    publish(db, edition)
    unseen = plan_session(db, edition, "Unseen", "14:00", "15:00", room_id=room.id, track_id=track.id)

    go_back(db)

    assert (seen.is_cancelled, seen.cancel_reason, seen.room_id) == (True, REASON, room.id)
    assert (unseen.day, unseen.starts_at, unseen.room_id, unseen.is_cancelled) == (None, None, None, False)
    assert [r.slug for r in queries.draft_content(db, edition.id).rooms] == [
        "coral-room",
        "harbour-room",
        "banyan-room",
    ]


def test_what_was_taken_away_since_comes_back(db: DbSession) -> None:
    edition = plan_edition(db)
    anode, cathode = db.scalars(select(Session).order_by(Session.id)).all()
    replan(db, anode, session_facts("Anode"))
    replan(db, cathode, session_facts("Cathode", "10:00", "11:00"))
    coral = db.scalars(select(Room).order_by(Room.id)).first()
    assert coral is not None
    agenda.remove_room(db, coral.id, actor=COMMAND, now=NOW)
    agenda.remove_track(db, db.scalars(select(Track.id)).one(), actor=COMMAND, now=NOW)
    bo = db.scalars(select(Speaker).order_by(Speaker.id.desc())).first()
    assert bo is not None
    speakers.remove_speaker(db, bo.id, actor=COMMAND, now=NOW)

    go_back(db)

    draft = queries.draft_content(db, edition.id)
    assert [room.slug for room in draft.rooms] == ["coral-room", "harbour-room"]
    assert [track.slug for track in draft.tracks] == ["batteries"]
    assert [session.room for session in draft.sessions] == ["coral-room", "harbour-room"]
    back = db.scalars(select(Speaker).order_by(Speaker.id.desc())).first()
    assert back is not None
    assert (back.state, back.person_id) == (SpeakerState.CANDIDATE, bo.person_id)  # only they can say whether they come
    assert [row.speaker_id for row in cathode.speakers] == [back.id]


def test_somebody_taken_out_and_added_again_is_the_same_person(db: DbSession) -> None:
    plan_edition(db)
    cathode = db.scalars(select(Session).where(Session.slug == "cathode")).one()
    anode = db.scalars(select(Session).where(Session.slug == "anode")).one()
    bo = db.scalars(select(Speaker).order_by(Speaker.id.desc())).first()
    assert bo is not None
    for session, hours in ((anode, ("09:00", "09:45")), (cathode, ("10:00", "11:00"))):
        replan(db, session, session_facts(session.title, *hours, room_id=session.room_id))
    speakers.remove_speaker(db, bo.id, actor=COMMAND, now=NOW)
    again = make_speaker(db, the_edition(db), bo.person)

    go_back(db)

    assert [row.speaker_id for row in cathode.speakers] == [again.id]
    assert again.state is SpeakerState.CONFIRMED


def test_who_declined_since_has_still_declined(db: DbSession) -> None:
    edition = plan_edition(db)
    bo = db.scalars(select(Speaker).order_by(Speaker.id.desc())).first()
    assert bo is not None
    bo.state = SpeakerState.DECLINED
    db.flush()

    go_back(db)

    assert bo.state is SpeakerState.DECLINED
    assert [len(session.speakers) for session in queries.draft_content(db, edition.id).sessions] == [1, 0]


def test_every_session_that_changes_gets_a_stamp_and_a_line_in_the_audit(db: DbSession) -> None:
    edition = plan_edition(db)
    change_everything(db)
    before = db.get_one(AgendaBook, edition.id).number

    go_back(db)

    stamps = {session.slug: session.stamp for session in db.scalars(select(Session))}
    assert all(stamp > before for stamp in stamps.values())
    verbs = set(db.scalars(select(AuditEntry.verb).where(AuditEntry.id > 0)))
    assert {"release_taken_back", "session_changed", "session_reinstated", "room_changed", "speaker_changed"} <= verbs


def test_a_draft_that_is_as_the_release_is_not_touched(db: DbSession) -> None:
    plan_edition(db)
    revisions = dict(db.execute(select(Session.id, Session.revision)).all())

    go_back(db)

    assert dict(db.execute(select(Session.id, Session.revision)).all()) == revisions


def test_translations_older_than_their_source_are_marked_again(db: DbSession) -> None:
    edition = make_published(db)
    session = db.scalars(select(Session)).one()
    newer = replace(session.title, en="Newer")
    replan(db, session, session_facts(newer, room_id=session.room_id))
    assert ("session", session.uid, "title", Language.DE) in queries.stale_texts(db, edition.id)

    go_back(db)

    assert session.title.en == "Sodium-ion: where it pays"


@pytest.mark.parametrize("plan", [change_everything, lambda db: _came_since(db)])
def test_what_is_foretold_is_what_happens(db: DbSession, plan: Any) -> None:
    edition = plan_edition(db)
    plan(db)
    release = queries.release_numbered(db, edition.id, 1)
    assert release is not None
    foretold = prospect(db, edition.id, release, reason=REASON).after

    go_back(db)

    assert difference(foretold, queries.draft_content(db, edition.id)).session_uids == frozenset()
    assert len(difference(foretold, queries.draft_content(db, edition.id))) == 0


def _came_since(db: DbSession) -> None:
    edition = the_edition(db)
    room = plan_room(db, edition, "Banyan Room")
    invited = make_speaker(db, edition, make_person(db, "Carla Invited"), state=SpeakerState.INVITED)
    plan_session(db, edition, "Seen", "12:00", "13:00", room_id=room.id, speakers=[invited])
    publish(db, edition)
    plan_session(db, edition, "Unseen", "14:00", "15:00", room_id=room.id, speakers=[invited])
    bo = db.scalars(select(Speaker).order_by(Speaker.id)).all()[1]
    bo.state = SpeakerState.DECLINED
    db.flush()


@whatever(contents(), contents(), st.booleans())
@settings(deadline=None)
def test_of_any_two_states_nothing_is_lost(draft: Content, release: Content, was_published: bool) -> None:
    """Whatever stood in either is in the draft afterwards; what the release had is as it was."""
    everyone = {speaker.id for content in (draft, release) for speaker in content.speakers}
    present = [Present(who, who, Scope.FORUM, SpeakerState.CONFIRMED) for who in sorted(everyone)]
    published = {session.uid for session in draft.sessions} if was_published else set[str]()

    after = restored(draft, release, published=published, present=present)

    known = {session.uid: session for session in release.sessions}
    assert {s.uid for s in after.sessions} == known.keys() | {s.uid for s in draft.sessions}
    for session in after.sessions:
        if session.uid in known:
            assert session == known[session.uid]
        else:
            assert session.is_cancelled if was_published else (session.day, session.room) == (None, None)
    assert {room.slug for room in after.rooms} == {room.slug for room in (*release.rooms, *draft.rooms)}
    assert {speaker.id for speaker in after.speakers} == everyone
    left = leftover(draft, release, published=published, present=present)
    assert len(left.unplaced) + len(left.cancelled) <= len(after.sessions) - len(known)
    assert (left.returning, left.left_out) == ((), ())


@pytest.fixture
def editor(app: Flask, given: Given) -> FlaskClient:
    given(plan_edition)
    return sign_in(app.test_client(), given(lambda db: make_account(db, "e@forum.test", Role.AGENDA_EDITOR).id))


def agreed(answer: Any) -> str:
    return str(answer.get_data(as_text=True).split('name="agreed" value="')[1].split('"')[0])


def test_the_consequences_are_told_in_figures_before_anything_is_done(editor: FlaskClient, given: Given) -> None:
    def since(db: DbSession) -> None:
        edition = the_edition(db)
        room = plan_room(db, edition, "Banyan Room")
        plan_session(db, edition, "Seen", "12:00", "13:00", room_id=room.id)
        publish(db, edition)
        plan_session(db, edition, "Unseen", "14:00", "15:00", room_id=room.id)

    given(since)

    page = words(editor, BACK)

    for told in (
        "Take release 1 back as the draft?",
        "1 session made since and never published: it stays, without time and room Unseen",
        "1 session published since: it is cancelled, since calendars hold it Seen",
        "1 room or track added since: it stays",
        "1 difference from the last release that only the draft holds",
        "Unseen has no time for now; it was Thu 23 Sep 14:00, Banyan Room.",
        "Seen will not take place; it was Thu 23 Sep 12:00, Banyan Room.",
        "Change the draft in 2 places",
    ):
        assert told in page


def test_it_is_done_when_the_answer_is_to_just_that(app: Flask, editor: FlaskClient, given: Given) -> None:
    given(change_everything)
    yes = agreed(editor.get(BACK))
    given(lambda db: plan_session(db, the_edition(db), "Late", "16:00", "17:00"))

    again = editor.post(BACK, data={"agreed": yes})
    assert again.status_code == 409
    assert "The draft has changed since you were asked." in said(again)
    done = editor.post(BACK, data={"agreed": agreed(again)})

    assert (done.status_code, done.location) == (303, RELEASES)
    page = words(editor, RELEASES)
    assert "The draft is as release 1 was." in page
    assert "Late, without a time" in page


def test_the_public_sees_nothing_of_it_before_the_next_release(app: Flask, editor: FlaskClient, given: Given) -> None:
    given(change_everything)
    given(lambda db: publish(db, the_edition(db)))
    public = app.test_client()
    before = public.get("/en/editions/2027-haikou/agenda").get_data()

    editor.post(BACK, data={"agreed": agreed(editor.get(BACK))})

    assert public.get("/en/editions/2027-haikou/agenda").get_data() == before
    given(lambda db: publish(db, the_edition(db)))
    assert "Anode" in public.get("/en/editions/2027-haikou/agenda").get_data(as_text=True)


def test_where_nothing_would_change_it_says_so(editor: FlaskClient) -> None:
    assert "Nothing would change" in words(editor, BACK)
    assert editor.get(f"{RELEASES}/9/draft").status_code == 404
    assert editor.post(f"{RELEASES}/9/draft", data={}).status_code == 404


def test_a_viewer_is_not_offered_it(app: Flask, editor: FlaskClient, given: Given) -> None:
    viewer = sign_in(app.test_client(), given(lambda db: make_account(db, "v@forum.test", Role.VIEWER).id))

    assert "take back as draft" not in words(viewer, RELEASES)
    assert viewer.get(BACK).status_code == 404
