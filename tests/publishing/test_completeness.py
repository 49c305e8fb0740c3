"""Which texts keep a release back that waits for all languages."""

from dataclasses import replace

from app.agenda import actions as agenda
from app.agenda.rules import SessionKind
from app.database import DbSession
from app.publishing import queries
from app.publishing.completeness import Gap, incomplete
from app.publishing.content import Content, RoomContent, SessionContent, SpeakerContent, TrackContent
from app.values.actor import COMMAND
from app.values.language import Language, Translated
from tests.conftest import NOW
from tests.factories.editions import make_edition
from tests.factories.publishing import in_three, plan_room, plan_session, plan_track
from tests.factories.speakers import make_speaker

EN, DE, ZH = Language


def session(**texts: object) -> SessionContent:
    return SessionContent("uid", "slug", SessionKind.TALK, **{"title": in_three("Cells")} | texts)  # type: ignore[arg-type]


def test_what_is_there_in_every_language_leaves_no_gap() -> None:
    content = Content(
        (session(abstract=in_three("Much")),),
        (RoomContent("hall", in_three("Hall")),),
        (TrackContent("cells", in_three("Cells")),),
        (SpeakerContent(1, 1, role=in_three("President")),),
    )
    assert incomplete(content, frozenset()) == ()


def test_a_text_nobody_has_written_is_no_gap_and_one_half_written_is() -> None:
    content = Content(
        (session(abstract=Translated("Much", "", "多")),), rooms=(RoomContent("hall", Translated("Hall")),)
    )
    assert incomplete(content, frozenset()) == (
        Gap("room", "hall", "name", DE), Gap("room", "hall", "name", ZH), Gap("session", "uid", "abstract", DE),
    )  # fmt: skip


def test_a_stale_translation_is_a_gap_until_it_catches_up() -> None:
    content = Content((session(),), speakers=(SpeakerContent(7, 1, topic=in_three("Cells")),))
    stale = frozenset({("session", "uid", "title", ZH), ("speaker", 7, "topic", DE), ("session", "other", "title", DE)})
    assert incomplete(content, stale) == (
        Gap("session", "uid", "title", ZH, is_stale=True), Gap("speaker", 7, "topic", DE, is_stale=True),
    )  # fmt: skip


def test_of_a_cancelled_session_the_reason_counts_and_the_abstract_no_more() -> None:
    cancelled = session(is_cancelled=True, cancel_reason=Translated("Ill"), abstract=Translated("Much"))
    assert [gap.field for gap in incomplete(Content((cancelled,)), frozenset())] == ["cancel_reason"] * 2


def test_the_draft_names_its_stale_texts_as_a_release_does(db: DbSession) -> None:
    edition, other = make_edition(db), make_edition(db, slug="2028-bremen")
    by = {"actor": COMMAND, "now": NOW}
    for each in (edition, other):
        talk, hall, track = plan_session(db, each), plan_room(db, each), plan_track(db, each)
        agenda.reword_session(db, talk.id, {"title": replace(talk.title, en="Other words")}, **by)
    make_speaker(db, edition)
    agenda.change_room(db, hall.id, replace_room(hall), revision=1, **by)
    agenda.change_track(db, track.id, replace_track(track), revision=1, **by)
    ours, theirs = queries.stale_texts(db, edition.id), queries.stale_texts(db, other.id)
    assert {(kind, field) for kind, _subject, field, _language in ours} == {("session", "title")}
    assert {kind for kind, *_rest in theirs} == {"session", "room", "track"}
    gaps = incomplete(queries.draft_content(db, edition.id), ours)
    assert [(gap.kind, gap.language, gap.is_stale) for gap in gaps] == [("session", DE, True), ("session", ZH, True)]


def replace_room(room: object) -> agenda.RoomFacts:
    return agenda.RoomFacts(replace(room.name, en="Other hall"))  # type: ignore[attr-defined]


def replace_track(track: object) -> agenda.TrackFacts:
    return agenda.TrackFacts(replace(track.name, en="Other theme"))  # type: ignore[attr-defined]
