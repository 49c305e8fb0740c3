"""Gestures on the draft: done once, taken back and done again, and nobody's work is lost meanwhile."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.accounts.models import Account
from app.agenda import actions, queries
from app.agenda.models import AgendaBook, Room, Session, Step
from app.agenda.notation import as_seen, facts_to_json
from app.agenda.rules import Placement, SessionKind, SessionRole
from app.audit.models import AuditEntry
from app.database import DbSession
from app.editions.models import Edition
from app.errors import Conflict, NotFound
from app.values.actor import COMMAND, Actor
from app.values.language import Language, Translated
from app.workbench import steps
from app.workbench.gestures import Create, Duplicate, Gesture, Pin, Place, Shift, Swap, Take, Unplace
from tests.conftest import NOW
from tests.factories.accounts import make_account
from tests.factories.agenda import make_room, make_session, make_track
from tests.factories.editions import make_edition
from tests.factories.people import make_person
from tests.factories.publishing import publish
from tests.factories.speakers import make_speaker

LUNCH = "2027-09-23 12:00"


class Bench:
    """An edition with two rooms and three sessions on a morning, and two who plan it."""

    def __init__(self, db: DbSession) -> None:
        self.db = db
        self.edition: Edition = make_edition(db)
        self.coral: Room = make_room(db, self.edition, "Coral Room")
        self.studio: Room = make_room(db, self.edition, "Lighthouse Studio")
        self.cells = make_session(
            db, self.edition, "Solid-state cells", "2027-09-23 09:00", "2027-09-23 10:00", room=self.coral
        )
        self.labels = make_session(
            db, self.edition, "Labels drivers read", "2027-09-23 10:30", "2027-09-23 11:00", room=self.studio
        )
        self.waiting = make_session(db, self.edition, "Poster walk")
        self.olga, self.anna = (_actor(make_account(db, f"{name}@forum.test", name=name)) for name in ("Olga", "Anna"))

    def do(self, gesture: Gesture, *, by: Actor | None = None, key: str = "", force: bool = False) -> Step:
        return steps.perform(
            self.db, self.edition.id, gesture, key=key or str(uuid4()), actor=by or self.olga, now=NOW, force=force
        )

    def undo(self, *, by: Actor | None = None, key: str = "", **more: Any) -> Step:
        return steps.undo(self.db, self.edition.id, key=key or str(uuid4()), actor=by or self.olga, now=NOW, **more)

    def redo(self, *, by: Actor | None = None, key: str = "", **more: Any) -> Step:
        return steps.redo(self.db, self.edition.id, key=key or str(uuid4()), actor=by or self.olga, now=NOW, **more)

    def move(self, start: str = "11:30", minutes: int = 60, *, saw: str | None = None) -> Place:
        return Place(self.cells.id, at(start), minutes, self.coral.id, saw)

    def everything(self) -> dict[str, object]:
        """By title: all that is stored of each session but when it changed."""
        self.db.expire_all()
        return {
            row.title.en + row.uid[:4]: (row.placement, facts_to_json(queries.facts_of(row)))
            for row in queries.sessions_of(self.db, self.edition.id)
        }

    def starts(self, session: Session) -> str:
        self.db.refresh(session)
        return f"{session.starts_at:%H:%M}" if session.starts_at else "-"

    def noted(self, *verbs: str) -> list[tuple[str, int | None, dict[str, Any]]]:
        """What the audit has of these verbs."""
        query = select(AuditEntry).where(AuditEntry.verb.in_(verbs)).order_by(AuditEntry.id)
        return [(entry.verb, entry.subject_id, entry.data) for entry in self.db.scalars(query)]

    def steps(self, by: Actor | None = None) -> list[tuple[str, bool]]:
        found = steps.steps_of(self.db, self.edition.id, (by or self.olga).account_id or 0)
        return [(step.deed, step.is_undone) for step in found]


def _actor(account: Account) -> Actor:
    return Actor(account.id, account.name)


def at(clock: str, day: str = "2027-09-23") -> datetime:
    return datetime.fromisoformat(f"{day} {clock}")


@pytest.fixture
def bench(db: DbSession) -> Bench:
    return Bench(db)


def code(act: Callable[[], object]) -> str:
    with pytest.raises(Conflict) as refused:
        act()
    return refused.value.code


GESTURES: dict[str, Callable[[Bench], Gesture]] = {
    "create": lambda b: Create(at("14:00"), 30, b.coral.id, Translated("Coffee"), SessionKind.BREAK),
    "place": lambda b: Place(b.waiting.id, at("14:00"), 45, b.studio.id),
    "move": lambda b: b.move("15:00"),
    "resize": lambda b: b.move("09:00", 90),
    "unplace": lambda b: Unplace(b.cells.id),
    "swap": lambda b: Swap(b.cells.id, b.labels.id),
    "swap with an unplaced one": lambda b: Swap(b.waiting.id, b.cells.id),
    "shift": lambda b: Shift(at("09:00"), 15),
    "duplicate": lambda b: Duplicate(b.cells.id),
    "pin": lambda b: Pin(b.cells.id),
    "take": lambda b: Take({b.waiting.id: Placement(at("16:00").date(), at("16:00"), at("17:00"), b.coral.id)}),
}


@pytest.mark.parametrize("gesture", GESTURES.values(), ids=GESTURES.keys())
def test_undo_brings_back_exactly_what_was_and_redo_what_was_done(
    bench: Bench, gesture: Callable[[Bench], Gesture]
) -> None:
    before = bench.everything()
    bench.do(gesture(bench))
    done = bench.everything()
    assert done != before
    bench.undo()
    assert bench.everything() == before
    bench.redo()
    assert bench.everything() == done
    bench.undo()
    assert bench.everything() == before


def test_a_move_is_stamped_counted_and_noted_with_from_and_to(bench: Bench) -> None:
    number, revision = bench.db.get_one(AgendaBook, bench.edition.id).number, bench.cells.revision
    bench.do(bench.move("11:30"))
    bench.db.refresh(bench.cells)
    assert (bench.cells.stamp, bench.cells.revision) == (number + 1, revision + 1)
    assert bench.db.get_one(AgendaBook, bench.edition.id).number == number + 1
    room = bench.coral.id
    assert bench.noted("session_moved") == [
        ("session_moved", bench.cells.id, {"before": f"2027-09-23T09:00/60/{room}", "to": f"2027-09-23T11:30/60/{room}"})
    ]  # fmt: skip


def test_each_kind_of_move_has_a_verb_of_its_own(bench: Bench) -> None:
    bench.do(Place(bench.waiting.id, at("14:00"), 45))
    bench.do(Unplace(bench.waiting.id))
    bench.do(Pin(bench.cells.id))
    bench.do(Pin(bench.cells.id, is_pinned=False))
    found = bench.noted("session_placed", "session_unplaced", "session_pinned", "session_unpinned")
    assert [verb for verb, _subject, _data in found] == [
        "session_placed", "session_unplaced", "session_pinned", "session_unpinned",
    ]  # fmt: skip


def test_a_gesture_sent_twice_is_done_once(bench: Bench) -> None:
    key = str(uuid4())
    first = bench.do(Shift(at("09:00"), 30), key=key)
    again = bench.do(Shift(at("09:00"), 30), key=key)
    assert again is first
    assert bench.starts(bench.cells) == "09:30"
    assert bench.steps() == [("shift", False)]


def test_a_session_drawn_twice_is_there_once_even_when_its_step_is_forgotten(bench: Bench) -> None:
    key, drawn = str(uuid4()), GESTURES["create"](bench)
    bench.do(drawn, key=key)
    bench.db.delete(steps.steps_of(bench.db, bench.edition.id, bench.olga.account_id or 0)[0])
    bench.do(drawn, key=key)
    assert [row.title.en for row in queries.sessions_of(bench.db, bench.edition.id)].count("Coffee") == 1


def test_undo_and_redo_sent_twice_are_done_once(bench: Bench) -> None:
    bench.do(bench.move("11:30"))
    bench.do(bench.move("12:30"))
    first, second = str(uuid4()), str(uuid4())
    bench.undo(key=first)
    bench.undo(key=first)
    assert bench.starts(bench.cells) == "11:30"
    bench.redo(key=second)
    bench.redo(key=second)
    bench.undo(key=first)
    assert bench.starts(bench.cells) == "12:30"


def test_somebody_elses_key_is_not_answered_with_their_step(bench: Bench) -> None:
    key = str(uuid4())
    bench.do(bench.move(), key=key)
    assert code(lambda: bench.do(bench.move("12:00"), key=key, by=bench.anna)) == "conflict"


def test_the_second_to_move_a_session_is_told_where_it_stands_and_who_was_there(bench: Bench) -> None:
    saw = as_seen(bench.cells.placement)
    bench.do(bench.move("14:30", saw=saw), by=bench.anna)
    with pytest.raises(Conflict) as refused:
        bench.do(bench.move("11:30", saw=saw))
    told = refused.value
    assert (told.code, told.data["session"], told.data["who"], told.data["by_oneself"]) == (
        "moved_meanwhile", bench.cells.id, "Anna", False,
    )  # fmt: skip
    assert (told.data["stored"].starts_at, told.data["wanted"].starts_at) == (at("14:30"), at("11:30"))
    assert bench.starts(bench.cells) == "14:30"
    assert bench.steps() == []


def test_the_one_who_moved_it_is_named_not_the_one_who_wrote_in_it_since(bench: Bench) -> None:
    saw = as_seen(bench.cells.placement)
    facts = replace(queries.facts_of(bench.cells), starts_at=at("08:00"), ends_at=at("09:00"))
    actions.change_session(bench.db, bench.cells.id, facts, revision=1, actor=bench.anna, now=NOW)
    facts = replace(facts, title=Translated("Other words"))
    eva = _actor(make_account(bench.db, "eva@forum.test", name="Eva"))
    actions.change_session(bench.db, bench.cells.id, facts, revision=2, actor=eva, now=NOW)
    with pytest.raises(Conflict) as refused:
        bench.do(bench.move("11:30", saw=saw))
    assert refused.value.data["who"] == "Anna"


def test_by_force_one_takes_ones_own_and_undo_brings_back_what_it_overrode(bench: Bench) -> None:
    saw = as_seen(bench.cells.placement)
    bench.do(bench.move("14:30", saw=saw), by=bench.anna)
    bench.do(bench.move("11:30", saw=saw), force=True)
    assert bench.starts(bench.cells) == "11:30"
    bench.undo()
    assert bench.starts(bench.cells) == "14:30"


def test_what_others_wrote_meanwhile_and_where_one_moved_it_both_stand(bench: Bench) -> None:
    saw = as_seen(bench.cells.placement)
    facts = replace(queries.facts_of(bench.cells), title=Translated("Other words"), expected=40)
    actions.change_session(bench.db, bench.cells.id, facts, revision=1, actor=bench.anna, now=NOW)
    bench.do(bench.move("11:30", saw=saw))
    bench.undo()
    bench.redo()
    bench.db.refresh(bench.cells)
    assert (bench.cells.title.en, bench.cells.expected, bench.starts(bench.cells)) == ("Other words", 40, "11:30")


def test_two_who_wanted_the_same_are_not_asked_to_choose(bench: Bench) -> None:
    saw = as_seen(bench.cells.placement)
    bench.do(bench.move("11:30", saw=saw), by=bench.anna)
    assert code(lambda: bench.do(bench.move("11:30", saw=saw))) == "nothing_moves"


def test_undo_asks_where_somebody_has_moved_it_since(bench: Bench) -> None:
    bench.do(bench.move("11:30"))
    bench.do(bench.move("14:00"), by=bench.anna)
    with pytest.raises(Conflict) as refused:
        bench.undo()
    assert (refused.value.code, refused.value.data["who"]) == ("moved_meanwhile", "Anna")
    assert (refused.value.data["stored"].starts_at, refused.value.data["wanted"].starts_at) == (
        at("14:00"),
        at("09:00"),
    )
    assert (bench.starts(bench.cells), bench.steps()) == ("14:00", [("place", False)])
    bench.undo(force=True)
    assert (bench.starts(bench.cells), bench.steps()) == ("09:00", [("place", True)])


def test_where_somebody_has_put_it_back_already_undo_asks_nothing(bench: Bench) -> None:
    bench.do(bench.move("11:30"))
    bench.do(bench.move("09:00"), by=bench.anna)
    assert bench.undo().is_undone
    assert bench.starts(bench.cells) == "09:00"


def test_redo_asks_as_well(bench: Bench) -> None:
    bench.do(bench.move("11:30"))
    bench.undo()
    bench.do(bench.move("14:00"), by=bench.anna)
    assert code(bench.redo) == "moved_meanwhile"
    bench.redo(force=True)
    assert bench.starts(bench.cells) == "11:30"


def test_undoing_a_pin_leaves_it_where_somebody_moved_it(bench: Bench) -> None:
    bench.do(Pin(bench.cells.id))
    bench.do(bench.move("14:00"), by=bench.anna)
    bench.undo()
    bench.db.refresh(bench.cells)
    assert (bench.starts(bench.cells), bench.cells.is_pinned) == ("14:00", False)


def test_a_step_in_the_middle_can_be_taken_back_by_its_number(bench: Bench) -> None:
    first = bench.do(bench.move("11:30")).id
    bench.do(Place(bench.labels.id, at("15:00"), 30, bench.studio.id))
    bench.undo(step_id=first)
    assert (bench.starts(bench.cells), bench.starts(bench.labels)) == ("09:00", "15:00")
    assert bench.steps() == [("place", False), ("place", True)]
    bench.redo(step_id=first)
    assert bench.starts(bench.cells) == "11:30"


def test_what_was_undone_last_is_redone_first(bench: Bench) -> None:
    first = bench.do(bench.move("11:30")).id
    bench.do(Place(bench.labels.id, at("15:00"), 30, bench.studio.id))
    bench.undo(step_id=first)
    bench.undo()
    bench.redo()
    assert (bench.starts(bench.cells), bench.starts(bench.labels)) == ("09:00", "15:00")


def test_a_step_that_is_undone_already_stays_so(bench: Bench) -> None:
    first = bench.do(bench.move("11:30")).id
    bench.do(bench.move("12:30"))
    bench.undo()
    bench.undo(step_id=first)
    bench.do(bench.move("16:00"), by=bench.anna)
    assert bench.undo(step_id=first).is_undone
    assert bench.starts(bench.cells) == "16:00"


def test_steps_are_a_persons_own(bench: Bench) -> None:
    theirs = bench.do(bench.move("11:30"), by=bench.anna).id
    assert code(bench.undo) == "nothing_to_undo"
    assert code(bench.redo) == "nothing_to_redo"
    with pytest.raises(NotFound):
        bench.undo(step_id=theirs)
    assert bench.starts(bench.cells) == "11:30"


def test_something_new_drops_what_was_undone(bench: Bench) -> None:
    bench.do(bench.move("11:30"))
    bench.undo()
    bench.do(bench.move("12:30"))
    assert bench.steps() == [("place", False)]
    assert code(bench.redo) == "nothing_to_redo"


def test_the_last_fifty_are_kept_of_each_person(bench: Bench) -> None:
    bench.do(Pin(bench.waiting.id), by=bench.anna)
    for number in range(steps.KEPT + 3):
        bench.do(bench.move("11:30" if number % 2 else "12:30"))
    assert len(bench.steps()) == steps.KEPT == bench.db.scalar(select(func.count()).select_from(Step)) - 1
    assert bench.steps(bench.anna) == [("pin", False)]
    for _ in range(steps.KEPT):
        bench.undo()
    assert code(bench.undo) == "nothing_to_undo"
    assert bench.starts(bench.cells) == "12:30"


def test_a_copy_has_everything_said_of_it_and_an_address_of_its_own(bench: Bench) -> None:
    db, speaker = bench.db, make_speaker(bench.db, bench.edition, make_person(bench.db, "Anna B"))
    facts = replace(
        queries.facts_of(bench.cells), abstract=Translated("Long."), language=Language.ZH, interpretation=("en",),
        speakers=((speaker.id, SessionRole.CHAIR),), track_id=make_track(db, bench.edition).id, expected=80,
        is_pinned=True,
    )  # fmt: skip
    actions.change_session(db, bench.cells.id, facts, revision=1, actor=COMMAND, now=NOW)
    publish(db, bench.edition)
    step = bench.do(Duplicate(bench.cells.id))
    copy = db.get_one(Session, steps.changes_in(db, [step])[step.id][0].session_id)
    assert queries.facts_of(copy) == replace(
        queries.facts_of(bench.cells), slug="solid-state-cells-2", day=None, starts_at=None, ends_at=None, room_id=None,
        is_pinned=False,
    )  # fmt: skip
    assert (copy.was_published, copy.is_cancelled, copy.uid != bench.cells.uid) == (False, False, True)


def test_what_was_added_comes_back_with_its_uid(bench: Bench) -> None:
    step = bench.do(GESTURES["create"](bench))
    uid = step.changes[0]["uid"]
    bench.undo()
    assert queries.session_by_uid(bench.db, uid) is None
    stranger = make_session(bench.db, bench.edition, "Coffee")
    again = bench.redo()
    back = queries.session_by_uid(bench.db, uid)
    assert back is not None
    assert steps.touched(again) == [back.id]
    assert (back.slug, stranger.slug, back.id != stranger.id) == ("coffee-2", "coffee", True)
    bench.undo()
    assert queries.session_by_uid(bench.db, uid) is None


def test_its_later_steps_find_it_again_whatever_its_number_is_by_then(bench: Bench) -> None:
    step = bench.do(GESTURES["create"](bench))
    (change,) = steps.changes_in(bench.db, [step])[step.id]
    bench.do(Place(change.session_id or 0, at("16:00"), 30, bench.coral.id))
    bench.undo()
    bench.undo()
    stranger = make_session(bench.db, bench.edition, "Lunch", LUNCH, "2027-09-23 13:00", room=bench.coral)
    bench.redo()
    bench.redo()
    back = queries.session_by_uid(bench.db, change.uid)
    assert back is not None
    assert (bench.starts(back), bench.starts(stranger)) == ("16:00", "12:00")


def test_what_was_added_stays_once_it_is_published_or_more_is_said_of_it(bench: Bench) -> None:
    bench.do(GESTURES["create"](bench))
    added = next(row for row in queries.sessions_of(bench.db, bench.edition.id) if row.title.en == "Coffee")
    facts = replace(queries.facts_of(added), abstract=Translated("With cake."))
    actions.change_session(bench.db, added.id, facts, revision=1, actor=bench.anna, now=NOW)
    assert code(bench.undo) == "session_changed_since"
    assert code(lambda: bench.undo(force=True)) == "session_changed_since"
    added.was_published = True
    assert code(lambda: bench.undo(force=True)) == "session_published"
    assert bench.steps() == [("create", False)]


def test_a_session_that_is_gone_is_said_to_be_and_the_rest_is_taken_back_by_force(bench: Bench) -> None:
    bench.do(Swap(bench.cells.id, bench.labels.id))
    actions.remove_session(bench.db, bench.labels.id, actor=bench.anna, now=NOW)
    assert code(bench.undo) == "session_gone"
    assert bench.starts(bench.cells) == "10:30"
    bench.undo(force=True)
    assert bench.starts(bench.cells) == "09:00"


def test_what_one_added_and_another_removed_is_undone_without_a_word(bench: Bench) -> None:
    step = bench.do(GESTURES["create"](bench))
    (change,) = steps.changes_in(bench.db, [step])[step.id]
    actions.remove_session(bench.db, change.session_id or 0, actor=bench.anna, now=NOW)
    assert bench.undo().is_undone


def test_a_room_that_is_gone_cannot_be_returned_to(bench: Bench) -> None:
    bench.do(Place(bench.labels.id, at("10:30"), 30, bench.coral.id))
    actions.remove_room(bench.db, bench.studio.id, actor=bench.anna, now=NOW)
    assert code(bench.undo) == "session_cannot_return"
    assert code(lambda: bench.undo(force=True)) == "session_cannot_return"


def test_what_had_a_track_that_is_gone_cannot_come_back(bench: Bench) -> None:
    track = make_track(bench.db, bench.edition)
    facts = replace(queries.facts_of(bench.cells), track_id=track.id)
    actions.change_session(bench.db, bench.cells.id, facts, revision=1, actor=COMMAND, now=NOW)
    bench.do(Duplicate(bench.cells.id))
    bench.undo()
    actions.change_session(bench.db, bench.cells.id, replace(facts, track_id=None), revision=2, actor=COMMAND, now=NOW)
    actions.remove_track(bench.db, track.id, actor=COMMAND, now=NOW)
    assert code(bench.redo) == "session_cannot_return"


def test_undo_is_checked_by_the_rules_of_the_day_it_is_made(bench: Bench) -> None:
    """The edition has moved to Germany meanwhile, where the clock skips that hour."""
    session = make_session(bench.db, bench.edition, "Night talk", "2027-03-28 02:15", "2027-03-28 02:45")
    bench.do(Unplace(session.id))
    bench.edition.zone = "Europe/Berlin"
    bench.db.flush()
    assert code(bench.undo) == "session_start_in_gap"
    assert bench.starts(session) == "-"


@pytest.mark.parametrize(
    ("gesture", "why"),
    [
        (lambda b: b.move("23:30"), "session_over_midnight"),
        (lambda b: b.move("09:00"), "nothing_moves"),
        (lambda b: Shift(at("11:30"), 5), "nothing_shifts"),
        (lambda b: Shift(at("09:00"), 14 * 60), "session_over_midnight"),
        (lambda b: b.move("09:30", saw="2027-09-23T08:00/60/"), "moved_meanwhile"),
        (lambda b: Create(at("23:50"), 30, None, Translated("Late")), "session_over_midnight"),
    ],
    ids=["over midnight", "same place", "nothing after", "one of many", "seen elsewhere", "new over midnight"],
)  # fmt: skip
def test_a_refused_gesture_changes_nothing_and_leaves_no_step(
    bench: Bench, gesture: Callable[[Bench], Gesture], why: str
) -> None:
    before, noted = bench.everything(), bench.db.scalar(select(func.count()).select_from(AuditEntry))
    assert code(lambda: bench.do(gesture(bench))) == why
    assert (bench.everything(), bench.steps()) == (before, [])
    assert bench.db.scalar(select(func.count()).select_from(AuditEntry)) == noted


FOREIGN: dict[str, Callable[[Bench, Session, Room], Gesture]] = {
    "place": lambda b, session, room: Place(session.id, at("11:00"), 30),
    "place in their room": lambda b, session, room: Place(b.cells.id, at("11:00"), 30, room.id),
    "unplace": lambda b, session, room: Unplace(session.id),
    "swap": lambda b, session, room: Swap(b.cells.id, session.id),
    "shift in their room": lambda b, session, room: Place(b.cells.id, at("11:00"), 30, room.id),
    "duplicate": lambda b, session, room: Duplicate(session.id),
    "pin": lambda b, session, room: Pin(session.id),
    "take": lambda b, session, room: Take({session.id: b.cells.placement}),
    "take into their room": lambda b, session, room: Take({b.waiting.id: replace(b.cells.placement, room_id=room.id)}),
    "create": lambda b, session, room: Create(at("11:00"), 30, room.id, Translated("A")),
}


@pytest.mark.parametrize("gesture", FOREIGN.values(), ids=FOREIGN.keys())
def test_what_belongs_to_another_edition_does_not_exist(
    bench: Bench, gesture: Callable[[Bench, Session, Room], Gesture]
) -> None:
    other = make_edition(bench.db, slug="2028-munich", year=2028)
    room = make_room(bench.db, other)
    theirs = make_session(bench.db, other, "Theirs", "2027-09-23 09:00", "2027-09-23 10:00", room=room)
    with pytest.raises(NotFound):
        bench.do(gesture(bench, theirs, room))
    assert bench.steps() == []


def test_a_shift_leaves_other_editions_alone(bench: Bench) -> None:
    other = make_edition(bench.db, slug="2028-munich", year=2028)
    theirs = make_session(bench.db, other, "Theirs", "2027-09-23 09:00", "2027-09-23 10:00")
    bench.do(Shift(at("09:00"), 30))
    assert (bench.starts(bench.cells), bench.starts(theirs)) == ("09:30", "09:00")


def test_steps_belong_to_an_account(bench: Bench) -> None:
    with pytest.raises(NotFound):
        bench.do(bench.move(), by=COMMAND)


ids, clocks = st.integers(0, 2), st.builds(lambda step: at("00:00").replace(hour=step // 4, minute=step % 4 * 15), st.integers(0, 95))  # fmt: skip
wishes = st.one_of(
    st.tuples(st.just("place"), ids, clocks, st.integers(1, 180)),
    st.tuples(st.just("unplace"), ids),
    st.tuples(st.just("swap"), ids, ids),
    st.tuples(st.just("shift"), clocks, st.integers(-90, 90)),
    st.tuples(st.just("duplicate"), ids),
    st.tuples(st.just("pin"), ids, st.booleans()),
    st.tuples(st.just("create"), clocks, st.integers(1, 180)),
)


def gesture_of(bench: Bench, wish: tuple[Any, ...]) -> Gesture:
    sessions = [bench.cells.id, bench.labels.id, bench.waiting.id]
    match wish:
        case "place", n, start, minutes:
            return Place(sessions[n], start, minutes, bench.studio.id)
        case "unplace", n:
            return Unplace(sessions[n])
        case "swap", a, b:
            return Swap(sessions[a], sessions[b])
        case "shift", start, by:
            return Shift(start, by)
        case "duplicate", n:
            return Duplicate(sessions[n])
        case "pin", n, is_pinned:
            return Pin(sessions[n], is_pinned)
    return Create(wish[1], wish[2], bench.coral.id, Translated("Drawn"))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wished=st.lists(wishes, min_size=1, max_size=8))
def test_any_row_of_gestures_is_taken_back_and_done_again_step_by_step(
    bench: Bench, wished: list[tuple[Any, ...]]
) -> None:
    """Those refused change nothing; each of the others is one step with one state before and one after."""
    states = [bench.everything()]
    for wish in wished:
        try:
            bench.do(gesture_of(bench, wish))
        except Conflict:
            assert bench.everything() == states[-1]
        else:
            states.append(bench.everything())
    for expected in reversed(states[:-1]):
        bench.undo()
        assert bench.everything() == expected
    for expected in states[1:]:
        bench.redo()
        assert bench.everything() == expected
    for _ in states[1:]:
        bench.undo()
    assert bench.everything() == states[0]
