"""What organisers do with the draft: nothing of it is public, everything of it is noted."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import select

from app.agenda import actions, queries
from app.agenda.findings import Problem
from app.agenda.models import Session
from app.agenda.rules import RoomFacts, SessionFacts, SessionKind, SessionRole, TrackFacts
from app.audit.models import AuditEntry
from app.database import DbSession
from app.errors import Conflict, NotFound, Stale
from app.freshness import PublicStamp
from app.values.actor import COMMAND
from app.values.language import Language, Translated
from tests.conftest import NOW
from tests.factories.agenda import make_room, make_session, make_track, session_facts
from tests.factories.editions import make_edition, make_source
from tests.factories.people import make_person
from tests.factories.speakers import make_speaker


def verbs(db: DbSession, kind: str) -> list[str]:
    return list(db.scalars(select(AuditEntry.verb).where(AuditEntry.kind == kind).order_by(AuditEntry.id)))


def test_a_session_keeps_all_that_was_said_of_it(db: DbSession) -> None:
    edition = make_edition(db)
    room, track = make_room(db, edition), make_track(db, edition)
    anna, ben = make_speaker(db, edition), make_speaker(db, edition, make_person(db, "Ben Blau"))
    facts = SessionFacts(
        kind=SessionKind.PANEL,
        title=Translated("Cells", "Zellen", "电池"),
        title_translated=("de",),
        abstract=Translated("Long."),
        note=Translated("A reading of ours."),
        slug="cells",
        day=date(2027, 9, 23),
        part_of_day="morning",
        starts_at=datetime(2027, 9, 23, 9),
        ends_at=datetime(2027, 9, 23, 10),
        room_id=room.id,
        track_id=track.id,
        for_all=True,
        language=Language.ZH,
        interpretation=("en", "de"),
        speakers=((ben.id, SessionRole.CHAIR), (anna.id, SessionRole.PANELLIST)),
        position=3,
    )
    session = actions.create_session(db, edition.id, facts, actor=COMMAND, now=NOW)
    db.expire_all()
    assert queries.facts_of(session) == facts


def test_a_given_uid_is_kept_and_sources_stand_in_order(db: DbSession) -> None:
    edition, a, b = make_edition(db), make_source(db, "a"), make_source(db, "b")
    session = actions.create_session(
        db, edition.id, session_facts(), actor=COMMAND, now=NOW, uid="deterministic", source_ids=(b.id, a.id)
    )
    db.expire_all()
    assert (session.uid, [source.key for source in session.sources]) == ("deterministic", ["b", "a"])


def test_each_of_two_equal_titles_has_an_address_of_its_own(db: DbSession) -> None:
    edition, other = make_edition(db), make_edition(db, slug="2028-munich", year=2028)
    slugs = [make_session(db, e, "Opening").slug for e in (edition, edition, other)]
    assert slugs == ["opening", "opening-2", "opening"]


def test_an_address_somebody_has_is_refused_and_one_that_was_public_stays(db: DbSession) -> None:
    edition = make_edition(db)
    make_session(db, edition, "Opening")
    session = make_session(db, edition, "Closing")
    with pytest.raises(Conflict, match="slug_taken"):
        actions.change_session(db, session.id, session_facts(slug="opening"), revision=1, actor=COMMAND, now=NOW)
    session.was_published = True
    with pytest.raises(Conflict, match="slug_is_public"):
        actions.change_session(db, session.id, session_facts(slug="end"), revision=1, actor=COMMAND, now=NOW)
    actions.change_session(db, session.id, session_facts("The end"), revision=1, actor=COMMAND, now=NOW)
    assert session.slug == "closing"


def test_whoever_comes_second_is_told_and_nothing_is_overwritten(db: DbSession) -> None:
    session = make_session(db, make_edition(db))
    actions.change_session(db, session.id, session_facts("First"), revision=1, actor=COMMAND, now=NOW)
    with pytest.raises(Stale):
        actions.change_session(db, session.id, session_facts("Second"), revision=1, actor=COMMAND, now=NOW)
    assert (session.title.en, session.revision) == ("First", 2)


def test_speakers_are_reordered_given_roles_and_taken_out_in_one_go(db: DbSession) -> None:
    edition = make_edition(db)
    anna, ben, eva = (make_speaker(db, edition, make_person(db, f"{n} B")) for n in ("Anna", "Ben", "Eva"))
    session = make_session(db, edition, speakers=(anna, ben))
    cast = ((eva.id, SessionRole.CHAIR), (anna.id, SessionRole.PANELLIST))
    facts = replace(queries.facts_of(session), speakers=cast)
    actions.change_session(db, session.id, facts, revision=1, actor=COMMAND, now=NOW)
    db.expire_all()
    assert queries.facts_of(session).speakers == cast


@pytest.mark.parametrize("kind", ["room", "track", "speaker"])
def test_what_belongs_to_another_edition_does_not_exist(db: DbSession, kind: str) -> None:
    edition, other = make_edition(db), make_edition(db, slug="2028-munich", year=2028)
    foreign: dict[str, Callable[[], SessionFacts]] = {
        "room": lambda: session_facts(room_id=make_room(db, other).id),
        "track": lambda: session_facts(track_id=make_track(db, other).id),
        "speaker": lambda: session_facts(speakers=((make_speaker(db, other).id, SessionRole.SPEAKER),)),
    }
    with pytest.raises(NotFound):
        actions.create_session(db, edition.id, foreign[kind](), actor=COMMAND, now=NOW)


def test_a_time_the_clock_skips_is_refused(db: DbSession) -> None:
    edition = make_edition(db, zone="Europe/Berlin")
    skipped = session_facts(starts_at=datetime(2027, 3, 28, 2, 30), ends_at=datetime(2027, 3, 28, 4))
    with pytest.raises(Conflict, match="session_start_in_gap"):
        actions.create_session(db, edition.id, skipped, actor=COMMAND, now=NOW)


def test_what_was_never_published_can_be_removed_and_anything_else_cannot(db: DbSession) -> None:
    edition, source = make_edition(db), make_source(db)
    speaker = make_speaker(db, edition)
    facts = session_facts(speakers=((speaker.id, SessionRole.SPEAKER),))
    session = actions.create_session(db, edition.id, facts, actor=COMMAND, now=NOW, source_ids=(source.id,))
    seen = make_session(db, edition, "Seen")
    seen.was_published = True
    actions.remove_session(db, session.id, actor=COMMAND, now=NOW)
    with pytest.raises(Conflict, match="session_published"):
        actions.remove_session(db, seen.id, actor=COMMAND, now=NOW)
    assert list(db.scalars(select(Session))) == [seen]


def test_cancelling_keeps_the_reason_and_can_be_taken_back(db: DbSession) -> None:
    session = make_session(db, make_edition(db))
    reason = Translated("Ill.", "Krank.", "病了。")
    actions.cancel_session(db, session.id, reason, actor=COMMAND, now=NOW)
    assert (session.is_cancelled, session.cancel_reason) == (True, reason)
    actions.reinstate_session(db, session.id, actor=COMMAND, now=NOW)
    assert (session.is_cancelled, session.cancel_reason) == (False, Translated())
    assert verbs(db, "session") == ["session_created", "session_cancelled", "session_reinstated"]


def test_a_room_in_use_stays_and_an_empty_one_goes(db: DbSession) -> None:
    edition = make_edition(db)
    used, empty = make_room(db, edition, "Coral Room"), make_room(db, edition, "Studio")
    make_session(db, edition, room=used)
    with pytest.raises(Conflict, match="room_in_use"):
        actions.remove_room(db, used.id, actor=COMMAND, now=NOW)
    actions.remove_room(db, empty.id, actor=COMMAND, now=NOW)
    assert [room.slug for room in queries.rooms_of(db, edition.id)] == ["coral-room"]
    assert verbs(db, "room") == ["room_created", "room_created", "room_removed"]


def test_a_track_in_use_stays_and_an_empty_one_goes(db: DbSession) -> None:
    edition = make_edition(db)
    used, empty = make_track(db, edition, "Policy"), make_track(db, edition, "Grids")
    make_session(db, edition, track=used)
    with pytest.raises(Conflict, match="track_in_use"):
        actions.remove_track(db, used.id, actor=COMMAND, now=NOW)
    actions.remove_track(db, empty.id, actor=COMMAND, now=NOW)
    assert [track.colour for track in queries.tracks_of(db, edition.id)] == [1]


def test_rooms_and_tracks_are_renamed_and_keep_their_address(db: DbSession) -> None:
    edition = make_edition(db)
    room, track = make_room(db, edition, "Coral"), make_track(db, edition, "Policy")
    actions.change_room(db, room.id, RoomFacts(Translated("Pearl"), capacity=80), revision=1, actor=COMMAND, now=NOW)
    actions.change_track(db, track.id, TrackFacts(Translated("Law"), colour=7), revision=1, actor=COMMAND, now=NOW)
    assert (room.name.en, room.capacity, room.slug, room.position) == ("Pearl", 80, "coral", 1)
    assert (track.name.en, track.colour, track.slug, track.position) == ("Law", 7, "policy", 1)
    with pytest.raises(Stale):
        actions.change_room(db, room.id, RoomFacts(Translated("Amber")), revision=1, actor=COMMAND, now=NOW)
    with pytest.raises(Stale):
        actions.change_track(db, track.id, TrackFacts(Translated("Rules")), revision=1, actor=COMMAND, now=NOW)


def test_a_room_moves_by_one_place_and_no_further_than_the_end(db: DbSession) -> None:
    edition = make_edition(db)
    a, _b, c = (make_room(db, edition, name) for name in "ABC")
    actions.move_room(db, c.id, -1, actor=COMMAND, now=NOW)
    actions.move_room(db, a.id, -1, actor=COMMAND, now=NOW)
    assert [room.name.en for room in queries.rooms_of(db, edition.id)] == ["A", "C", "B"]
    assert a.revision == 1


def test_a_draft_changes_nothing_for_the_public(db: DbSession) -> None:
    edition = make_edition(db)
    before = [(stamp.number, stamp.as_of) for stamp in db.scalars(select(PublicStamp))]
    session = make_session(db, edition, room=make_room(db, edition), track=make_track(db, edition))
    actions.cancel_session(db, session.id, Translated("Ill."), actor=COMMAND, now=NOW)
    assert [(stamp.number, stamp.as_of) for stamp in db.scalars(select(PublicStamp))] == before


def test_one_person_in_two_parts_is_still_one_person(db: DbSession) -> None:
    edition = make_edition(db)
    anna = make_speaker(db, edition)
    for name in ("Cells", "Grids"):
        make_session(db, edition, name, "2027-09-23 09:00", "2027-09-23 10:00", speakers=(anna,), for_all=False)
    found = queries.draft_findings(db, edition)
    assert [(f.problem, f.person) for f in found][:1] == [(Problem.PERSON_BUSY, anna.person_id)]
