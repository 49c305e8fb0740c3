"""What a release keeps of its changes is small, and tells the same."""

from dataclasses import replace

from hypothesis import given, settings
from sqlalchemy import select

from app.database import DbSession
from app.editions.rules import State
from app.publishing import actions
from app.publishing.chronicle import chronicle, narrowed
from app.publishing.content import Content
from app.publishing.difference import Difference, difference, turns
from app.publishing.models import Release
from tests.conftest import NOW
from tests.factories.editions import make_edition, make_step
from tests.factories.publishing import make_published, plan_session, publish, replan, session_facts
from tests.publishing.test_difference import contents


@given(contents(), contents())
@settings(deadline=None)
def test_the_narrowed_states_differ_in_the_same_words(before: Content, after: Content) -> None:
    whole, part = difference(before, after), difference(*narrowed(before, after))

    assert _told(part) == _told(whole)
    assert turns(*narrowed(before, after), part) == turns(before, after, whole)


def _told(changes: Difference) -> Difference:
    """What somebody reads; where things stand among others is not told."""
    return replace(changes, orders=(), unseen=())


@given(contents())
def test_of_what_stays_nothing_is_kept(content: Content) -> None:
    assert narrowed(content, content) == (Content(), Content())


def test_a_release_tells_what_it_changed_against_the_one_before(db: DbSession) -> None:
    edition = make_published(db)
    plan_session(db, edition, "One more", "14:00", "15:00")
    publish(db, edition, "More")

    second, first = chronicle(db, edition.id)

    assert (first.number, first.before, len(first.after.sessions)) == (1, None, 1)
    assert (second.number, second.note.en, second.at) == (2, "More", NOW)
    assert second.before is not None
    assert [s.title.en for s in difference(second.before, second.after).new] == ["One more"]


def test_what_was_planned_anew_before_anybody_saw_it_is_told_to_nobody(db: DbSession) -> None:
    edition = make_edition(db)
    secret = plan_session(db, edition, "Secret")
    publish(db, edition)
    replan(db, secret, session_facts("Public"))
    publish(db, edition)
    assert chronicle(db, edition.id) == []

    make_step(db, edition, State.ANNOUNCED)
    actions.renew(db, edition.id, now=NOW)

    (only,) = chronicle(db, edition.id)
    assert (only.number, only.before, [s.title.en for s in only.after.sessions]) == (2, None, ["Public"])


def test_what_was_published_while_it_was_a_draft_again_is_told_as_one_step(db: DbSession) -> None:
    edition = make_published(db)
    make_step(db, edition, State.DRAFT)
    actions.renew(db, edition.id, now=NOW)
    for title in ("Second", "Third"):
        plan_session(db, edition, title, "14:00" if title == "Second" else "16:00", "17:00")
        publish(db, edition)
    make_step(db, edition, State.ANNOUNCED)
    actions.renew(db, edition.id, now=NOW)

    last, first = chronicle(db, edition.id)

    assert (last.number, first.number) == (3, 1)
    assert last.before is not None
    assert [s.title.en for s in difference(last.before, last.after).new] == ["Second", "Third"]


def test_shown_once_its_changes_stay_as_they_are(db: DbSession) -> None:
    edition = make_published(db)
    plan_session(db, edition, "One more", "14:00", "15:00")
    release = publish(db, edition)
    kept = release.changes

    actions.renew(db, edition.id, now=NOW)

    assert [row.shown_at for row in db.scalars(select(Release))] == [NOW, NOW]
    assert release.changes == kept
    assert kept is not None
    assert [len(kept["before"]["sessions"]), len(kept["after"]["sessions"])] == [0, 1]
