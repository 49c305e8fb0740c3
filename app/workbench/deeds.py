"""What gestures are called afterwards, in the reader's language: as steps, as they are announced, and when refused."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import flask_babel
from sqlalchemy import select

from app.agenda.findings import Finding, findings
from app.agenda.models import Room, Session, Step
from app.agenda.notation import from_seen
from app.agenda.plan import Plan
from app.agenda.rules import Placement
from app.database import DbSession
from app.errors import Conflict
from app.values.language import Language, Translated
from app.web.dates import clock, short_day
from app.web.deeds import NAMELESS
from app.web.languages import language
from app.web.messages import sentence
from app.workbench.gestures import Change, Deed, inverse, rewound
from app.workbench.steps import changes_in

Rooms = Mapping[int, str]


def _(text: str, **words: object) -> str:
    return str(flask_babel.gettext(text, **words))


def ngettext(one: str, many: str, num: int, **words: object) -> str:
    return str(flask_babel.ngettext(one, many, num, **words))


@dataclass(frozen=True, slots=True)
class Told:
    """A step in words."""

    step: int
    said: str
    is_undone: bool
    day: date | None
    """Where to look: the day it led to, back to, or away from."""
    sessions: tuple[int, ...]
    """Those of its sessions that are there."""


@dataclass(frozen=True, slots=True)
class No:
    """A gesture that was not made, for the page and for the client."""

    code: str
    said: str
    session: int | None = None
    stored: Placement | None = None
    """Where the session stands now."""
    stored_said: str = ""
    wanted: Placement | None = None
    wanted_said: str = ""
    who: str = ""
    address: str = ""
    sent: tuple[tuple[str, str], ...] = ()
    """Where to and what was sent: once more with `force`, and it is done all the same."""

    @property
    def is_conflict(self) -> bool:
        """Somebody was there first, so there is a choice; otherwise it cannot be."""
        return self.code in ("moved_meanwhile", "session_gone", "session_changed_since", "session_published")


def told(db: DbSession, steps: Sequence[Step]) -> list[Told]:
    """Each step in a sentence. Three queries, however many there are."""
    changes = changes_in(db, steps)
    ends = (end for changed in changes.values() for change in changed for end in (change.before, change.after))
    rooms = rooms_named(db, (placement.room_id for placement in ends if placement is not None))
    titles = _titles(db, changes)
    return [_told(step, changes[step.id], titles, rooms) for step in steps]


def rooms_named(db: DbSession, ids: Iterable[int | None]) -> Rooms:
    """What these rooms are called. No query where there is none."""
    asked = {*ids} - {None}
    rows = db.execute(select(Room.id, Room.name).where(Room.id.in_(asked))) if asked else ()
    return {id_: _plain(name) for id_, name in rows}


def noted_in_words(db: DbSession, noted: Iterable[str]) -> dict[str, str]:
    """Places as the audit keeps them (`notation.as_seen`), each in words. One query."""
    every = {text: from_seen(text) for text in noted}
    rooms = rooms_named(db, (placement.room_id for placement in every.values()))
    return {text: whereabouts(placement, rooms, until=True) for text, placement in every.items()}


def announced(step: Step, changes: Sequence[Change], plan: Plan, found: Iterable[Finding]) -> str:
    """For the live region, as short as can be: what happened, what is newly wrong, and the key that takes it back.

    `plan` and `found` are those after it; how it was before is reckoned back from the changes.
    """
    said = [_briefly(Deed(step.deed), changes, back=step.is_undone)]
    fresh, solved = _outcome(plan, found, inverse(changes) if step.is_undone else changes)
    if fresh:
        said.append(ngettext("%(num)d new finding.", "%(num)d new findings.", fresh))
    elif solved:
        said.append(ngettext("%(num)d finding solved.", "%(num)d findings solved.", solved))
    said.append(_("Shift Z does it again.") if step.is_undone else _("Z takes it back."))
    return ("" if language() is Language.ZH else " ").join(said)


def _outcome(plan: Plan, found: Iterable[Finding], changes: Sequence[Change]) -> tuple[int, int]:
    """How many findings the changes brought, and how many they took away; those waved through count for nothing.

    Only the days they touch are looked at: what stands on another day is not in anybody's way.
    """
    moved = {change.session_id for change in changes}
    days = {end.day for change in changes for end in (change.before, change.after) if end is not None and end.day}
    near = replace(plan, sessions=tuple(s for s in plan.sessions if s.day in days or s.id in moved))
    there = {session.id for session in near.sessions}
    before, after = (
        {
            (f.problem, frozenset({f.session, f.other}), f.room, f.person)
            for f in some
            if not f.waived and f.session in there and (f.other is None or f.other in there)
        }
        for some in (findings(rewound(near, changes)), found)
    )
    return len(after - before), len(before - after)


def taken_back(step: Told) -> str:
    """After undoing, where the page is made anew."""
    return _("Taken back: %(step)s", step=step.said)


def refused(db: DbSession, error: Conflict) -> No:
    """Why not; where somebody was there first, with both places in words."""
    session, stored, wanted = (error.data.get(name) for name in ("session", "stored", "wanted"))
    session = session if isinstance(session, int) else None
    if not isinstance(stored, Placement) or not isinstance(wanted, Placement) or session is None:
        row = db.get(Session, session) if session is not None else None
        return No(error.code, sentence(error), session, row.placement if row else None)
    rooms = rooms_named(db, (stored.room_id, wanted.room_id))
    is_same_day = stored.day == wanted.day
    theirs, mine = (whereabouts(p, rooms, with_day=not is_same_day) for p in (stored, wanted))
    who = str(NAMELESS.get(str(error.data["who"]), error.data["who"])) or _("somebody")
    words = {"title": _title(db, session), "stored": theirs, "wanted": mine}
    if error.data["by_oneself"]:
        said = _("Meanwhile you moved “%(title)s” elsewhere: %(stored)s. This wanted: %(wanted)s.", **words)
    else:
        said = _("Meanwhile %(who)s moved “%(title)s”: %(stored)s. You wanted: %(wanted)s.", who=who, **words)
    return No(error.code, said, session, stored, theirs, wanted, mine, who)


def whereabouts(placement: Placement, rooms: Rooms, *, with_day: bool = True, until: bool = False) -> str:
    """“Thu 23 Sep, 11:30, Coral Room”, or that it has no time."""
    if placement.starts_at is None or placement.ends_at is None:
        return _("among the unplaced")
    start, end = clock(placement.starts_at), clock(placement.ends_at)
    parts = [
        short_day(placement.starts_at.date()) if with_day else "",
        f"{start}–{end}" if until else start,
        rooms.get(placement.room_id or 0, ""),
    ]
    return ("，" if language() is Language.ZH else ", ").join(part for part in parts if part)


def _told(step: Step, changes: Sequence[Change], titles: Mapping[str, str], rooms: Rooms) -> Told:
    ids = tuple(change.session_id for change in changes if change.session_id is not None)
    ends = [(c.before, c.after) if step.is_undone else (c.after, c.before) for c in changes]
    days = [placement.day for pair in ends for placement in pair if placement is not None and placement.day]
    return Told(step.id, _said(Deed(step.deed), changes, titles, rooms), step.is_undone, next(iter(days), None), ids)


def _said(deed: Deed, changes: Sequence[Change], titles: Mapping[str, str], rooms: Rooms) -> str:
    first, title = changes[0], titles[changes[0].uid]
    match deed:
        case Deed.CREATE:
            at = whereabouts(first.after or Placement(), rooms)
            return _("You added “%(title)s”: %(at)s.", title=title, at=at)
        case Deed.PLACE:
            return _said_of_place(title, first.before or Placement(), first.after or Placement(), rooms)
        case Deed.UNPLACE:
            return _("You put “%(title)s” back to the unplaced.", title=title)
        case Deed.SWAP:
            other = titles[changes[-1].uid]
            return _("You swapped “%(title)s” and “%(other)s”.", title=title, other=other)
        case Deed.SHIFT:
            return _said_of_shift(changes)
        case Deed.DUPLICATE:
            return _("You duplicated “%(title)s”.", title=title)
        case Deed.PIN if first.after is not None and first.after.is_pinned:
            return _("You pinned “%(title)s” where it stands.", title=title)
        case Deed.PIN:
            return _("You unpinned “%(title)s”.", title=title)
    return ngettext("You took %(num)d place from a proposal.", "You took %(num)d places from a proposal.", len(changes))


def _said_of_place(title: str, before: Placement, after: Placement, rooms: Rooms) -> str:
    if before.starts_at is None:
        return _("You placed “%(title)s”: %(to)s.", title=title, to=whereabouts(after, rooms))
    if (before.starts_at, before.room_id) == (after.starts_at, after.room_id):
        return _("You made “%(title)s” %(minutes)s minutes long.", title=title, minutes=after.minutes)
    other_day = before.day != after.day
    return _(
        "You moved “%(title)s” from %(before)s to %(to)s.", title=title,
        before=whereabouts(before, rooms if before.room_id != after.room_id else {}, with_day=other_day),
        to=whereabouts(after, rooms, with_day=other_day),
    )  # fmt: skip


def _said_of_shift(changes: Sequence[Change]) -> str:
    minutes = abs(by := _shifted_by(changes))
    if by > 0:
        return ngettext(
            "You moved %(num)d session %(minutes)s minutes later.",
            "You moved %(num)d sessions %(minutes)s minutes later.", len(changes), minutes=minutes,
        )  # fmt: skip
    return ngettext(
        "You moved %(num)d session %(minutes)s minutes earlier.",
        "You moved %(num)d sessions %(minutes)s minutes earlier.", len(changes), minutes=minutes,
    )  # fmt: skip


def _shifted_by(changes: Sequence[Change]) -> int:
    before, after = changes[0].before, changes[0].after
    if before is None or after is None or before.starts_at is None or after.starts_at is None:
        return 0
    return int((after.starts_at - before.starts_at).total_seconds() // 60)


def _briefly(deed: Deed, changes: Sequence[Change], *, back: bool) -> str:
    if back:
        return _("Taken back.")
    first = changes[0]
    match deed:
        case Deed.CREATE:
            return _("Added.")
        case Deed.PLACE if first.before is not None and first.before.starts_at is None:
            return _("Placed.")
        case Deed.UNPLACE:
            return _("Back to the unplaced.")
        case Deed.SWAP:
            return _("Swapped.")
        case Deed.DUPLICATE:
            return _("Duplicated: the copy is among the unplaced.")
        case Deed.PIN:
            return _("Pinned.") if first.after is not None and first.after.is_pinned else _("Unpinned.")
        case Deed.SHIFT | Deed.TAKE:
            return ngettext("%(num)d session moved.", "%(num)d sessions moved.", len(changes))
    return _("Moved.")


def _titles(db: DbSession, changes: Mapping[int, Sequence[Change]]) -> Mapping[str, str]:
    """By UID; of those that are gone as they were called when they were added."""
    all_changes = [change for changed in changes.values() for change in changed]
    uids = {change.uid for change in all_changes}
    there = dict(db.execute(select(Session.uid, Session.title).where(Session.uid.in_(uids))).all()) if uids else {}
    added = {change.uid: Translated.of(change.facts.get("title")) for change in all_changes if change.facts}
    titles = {uid: _plain(there.get(uid) or added.get(uid) or Translated()) for uid in uids}
    return {uid: title or _("a session that is gone") for uid, title in titles.items()}


def _title(db: DbSession, session_id: int) -> str:
    return _plain(db.scalar(select(Session.title).where(Session.id == session_id)) or Translated())


def _plain(text: Translated) -> str:
    return text.best(language()).text
