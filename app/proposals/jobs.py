"""Proposals as rows that are jobs: asked for, taken up by one worker, kept alive, stopped, finished. None of it commits.

A worker owns the row as long as `started_at` is the instant at which it took the row up. See docs/decisions/0005.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.engine import CursorResult

from app.agenda.actions import locked_book
from app.agenda.models import Proposal, Step
from app.agenda.planning import plan_of
from app.agenda.rules import ProposalState
from app.audit.actions import record
from app.database import DbSession
from app.editions import queries as editions
from app.errors import Conflict, NotFound
from app.proposals.outcome import Fate, Outcome, standings, to_take
from app.proposals.wishes import Wishes
from app.values.actor import Actor
from app.values.time import wall
from app.workbench import steps
from app.workbench.gestures import Take

SILENT = timedelta(seconds=15)
"""After so long without a sign of life another worker takes over."""
TRIES = 3
"""A proposal whose worker died so often is given up: it may be what kills them."""
LIVING = (ProposalState.WAITING, ProposalState.RUNNING)


class Sign(StrEnum):
    """What a worker hears back when it says that it is alive."""

    GO_ON = "go_on"
    STOP = "stop"
    LOST = "lost"
    """The row is another's by now: whatever comes of this search, nobody wants it."""


def ask(db: DbSession, edition_id: int, wishes: Wishes, *, actor: Actor, now: datetime) -> Proposal:
    """One at a time for an edition: raises `Conflict` while another waits or runs."""
    book = locked_book(db, edition_id)
    if running := living(db, edition_id):
        raise Conflict("proposal_running", proposal=running.id)
    row = Proposal(
        edition_id=edition_id, wishes=wishes.to_json(), number=book.number, asked_by=actor.name, asked_at=now,
        progress={}, result={},
    )  # fmt: skip
    db.add(row)
    db.flush()
    record(db, actor, "proposal_asked", kind="edition", subject_id=edition_id, now=now, edition_id=edition_id)
    return row


def living(db: DbSession, edition_id: int) -> Proposal | None:
    return db.scalar(select(Proposal).where(Proposal.edition_id == edition_id, Proposal.state.in_(LIVING)))


def proposal_of(db: DbSession, edition_id: int, proposal_id: int) -> Proposal:
    found = db.scalar(select(Proposal).where(Proposal.id == proposal_id, Proposal.edition_id == edition_id))
    if found is None:
        raise NotFound
    return found


def proposals_of(db: DbSession, edition_id: int, *, limit: int = 20) -> Sequence[Proposal]:
    """The last first."""
    query = select(Proposal).where(Proposal.edition_id == edition_id).order_by(Proposal.id.desc()).limit(limit)
    return db.scalars(query).all()


def is_silent(row: Proposal, now: datetime) -> bool:
    """It should be worked at, and nobody says so."""
    since = row.alive_at or row.asked_at
    return row.state in LIVING and since <= now - SILENT


def stop(db: DbSession, proposal_id: int, *, actor: Actor, now: datetime) -> None:
    """What runs is asked to stop and keeps what it has found; what nobody works at ends at once. Twice is once."""
    row = db.get_one(Proposal, proposal_id, with_for_update=True, populate_existing=True)
    if row.state not in LIVING or row.stop_asked:
        return
    row.stop_asked = True
    if row.state is ProposalState.WAITING or is_silent(row, now):
        row.state, row.finished_at = ProposalState.STOPPED, now
    db.flush()
    record(db, actor, "proposal_stopped", kind="edition", subject_id=row.edition_id, now=now, edition_id=row.edition_id)


def take(
    db: DbSession, edition_id: int, row: Proposal, chosen: Collection[int], *, key: str, actor: Actor, now: datetime,
    signed_up: int | None = None,
) -> tuple[Step, int]:  # fmt: skip
    """Put these sessions where the proposal has them, as one step of one's own, and say how many were left.

    Every rule is asked again, under the agenda's lock and with only what is taken: who does not fit any more is
    left where it is. Raises `Conflict` with `proposal_fits_nowhere` if that is all of them.
    """
    again = db.scalar(select(Step).where(Step.key == key, Step.account_id == actor.account_id))
    if again is not None:
        return again, 0
    zone = editions.locked_edition(db, edition_id).zone
    locked_book(db, edition_id)
    lines = tuple(line for line in Outcome.from_json(row.result).lines if line.session in chosen)
    plan = plan_of(db, edition_id, signed_up=signed_up)
    found = standings(plan, Wishes.from_json(row.wishes), lines, at=wall(now, zone))
    fitting = to_take(lines, found)
    if not fitting:
        raise Conflict("proposal_fits_nowhere")
    gesture = Take({line.session: line.after for line in fitting})
    step = steps.perform(db, edition_id, gesture, key=key, actor=actor, now=now)
    return step, sum(found[line.session].fate is not Fate.THERE for line in lines) - len(fitting)


# the worker's side


def to_do(db: DbSession, now: datetime) -> int | None:
    """The id of the oldest that waits, or whose worker fell silent. Looks only; see `claim`."""
    return db.scalar(select(Proposal.id).where(_is_free(now)).order_by(Proposal.id).limit(1))


def claim(db: DbSession, proposal_id: int, now: datetime) -> Proposal | None:
    """Take it up, unless another did in the meantime: of two who try, the row's state lets one through."""
    took = _changed(db, update(Proposal).where(Proposal.id == proposal_id, _is_free(now)), {
        "state": ProposalState.RUNNING, "started_at": now, "alive_at": now,
    })  # fmt: skip
    row = db.get(Proposal, proposal_id, populate_existing=True) if took else None
    if row is None:
        return None
    tries = row.progress.get("tries", 0) + 1
    row.progress = {**row.progress, "tries": tries}
    if row.stop_asked:
        row.state, row.finished_at = ProposalState.STOPPED, now
    elif tries > TRIES:
        row.state, row.finished_at, row.trouble = ProposalState.FAILED, now, "workers_died"
    db.flush()
    return row if row.state is ProposalState.RUNNING else None


def beat(db: DbSession, proposal_id: int, claimed: datetime, progress: dict[str, Any], now: datetime) -> Sign:
    """Say that one is alive, and how far."""
    if not _changed(db, _own(proposal_id, claimed), {"alive_at": now, "progress": progress}):
        return Sign.LOST
    is_asked = db.scalar(select(Proposal.stop_asked).where(Proposal.id == proposal_id))
    return Sign.STOP if is_asked else Sign.GO_ON


def finish(
    db: DbSession, proposal_id: int, claimed: datetime, found: Outcome, progress: dict[str, Any], now: datetime
) -> bool:
    """False where the row is another's by now. Stopped in time it is stopped, with what was found by then."""
    row = db.get(Proposal, proposal_id, with_for_update=True, populate_existing=True)
    state = ProposalState.STOPPED if row and row.stop_asked else ProposalState.DONE
    return _changed(db, _own(proposal_id, claimed), {
        "state": state, "result": found.to_json(), "progress": progress, "alive_at": now, "finished_at": now,
    })  # fmt: skip


def fail(db: DbSession, proposal_id: int, claimed: datetime, trouble: str, now: datetime) -> None:
    failed = {"state": ProposalState.FAILED, "trouble": trouble, "finished_at": now}
    _changed(db, _own(proposal_id, claimed), failed)


def hand_back(db: DbSession, proposal_id: int, claimed: datetime, progress: dict[str, Any]) -> None:
    """The worker is ending and the work is not: the next one begins it anew. That was no try."""
    tries = max(0, progress.get("tries", 1) - 1)
    waiting = {"state": ProposalState.WAITING, "started_at": None, "alive_at": None, "progress": {"tries": tries}}
    _changed(db, _own(proposal_id, claimed), waiting)


def _is_free(now: datetime) -> ColumnElement[bool]:
    fell_silent = and_(Proposal.state == ProposalState.RUNNING, Proposal.alive_at < now - SILENT)
    return or_(Proposal.state == ProposalState.WAITING, fell_silent)


def _own(proposal_id: int, claimed: datetime) -> Any:
    return update(Proposal).where(
        Proposal.id == proposal_id, Proposal.state == ProposalState.RUNNING, Proposal.started_at == claimed
    )


def _changed(db: DbSession, which: Any, to: dict[str, Any]) -> bool:
    found: CursorResult[Any] = db.execute(which.values(to).execution_options(synchronize_session=False))  # type: ignore[assignment]
    return found.rowcount == 1
