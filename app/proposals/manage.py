"""Proposals: what to ask for, how far the search is, and what of its result to take."""

from typing import Any
from uuid import uuid4

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app import freshness
from app.agenda.manage import edition_of, the_plan
from app.agenda.models import Proposal, Step
from app.agenda.words import KINDS
from app.editions import queries as editions
from app.editions.models import Edition
from app.errors import Conflict
from app.extensions import database
from app.mail import queries as mails
from app.proposals import jobs as proposals
from app.proposals.forms import WishesForm, wishes_form
from app.proposals.jobs import LIVING, is_silent
from app.proposals.merit import UNPLACED
from app.proposals.page import page_of
from app.proposals.proposal import problem_of
from app.proposals.wishes import Scope, Wishes, usual_wishes
from app.proposals.words import AIMS, SCOPES, STATES, TROUBLES
from app.values.actor import Right
from app.values.text import a_number
from app.values.time import wall
from app.web.access import actor, organiser
from app.web.clock import now
from app.web.languages import language
from app.web.messages import sentence
from app.web.transaction import transaction
from app.workbench import deeds, steps
from app.workbench.gestures import Deed

bp = Blueprint("proposals", __name__, url_prefix="/organise/editions/<edition>")


@bp.get("/agenda/propose")
@organiser(Right.EDIT_AGENDA)
def propose(edition: str) -> ResponseReturnValue:
    return _asking(edition_of(edition))


@bp.post("/agenda/propose")
@organiser(Right.EDIT_AGENDA)
def propose_ask(edition: str) -> ResponseReturnValue:
    row = edition_of(edition)
    edition_id, form = row.id, wishes_form((plan := the_plan(row.id)), usual_wishes(plan))
    if not form.validate():
        return _asking(row, form), 422
    wishes = form.wishes()
    if not problem_of(plan, wishes, at=wall(now(), plan.zone)).items:
        form.form_errors.append(_("There is nothing to place: everything that may be moved has its place."))
        return _asking(row, form), 422
    try:
        with transaction() as db:
            proposal = proposals.ask(db, edition_id, wishes, actor=actor(), now=now()).id
    except Conflict as refused:
        form.form_errors.append(sentence(refused))
        return _asking(edition_of(edition), form), 409
    return redirect(url_for(".proposal", edition=edition, proposal=proposal), 303)


@bp.get("/agenda/proposals/<int:proposal>")
@organiser(Right.SEE)
def proposal(edition: str, proposal: int) -> ResponseReturnValue:
    row = edition_of(edition)
    found = proposals.proposal_of(database.session(), row.id, proposal)
    return _progress(row, found) if request.args.get("part") == "progress" else _page(row, found)


@bp.post("/agenda/proposals/<int:proposal>/stop")
@organiser(Right.EDIT_AGENDA)
def proposal_stop(edition: str, proposal: int) -> ResponseReturnValue:
    proposals.proposal_of(database.session(), edition_of(edition).id, proposal)
    with transaction() as db:
        proposals.stop(db, proposal, actor=actor(), now=now())
    return redirect(url_for(".proposal", edition=edition, proposal=proposal), 303)


@bp.post("/agenda/proposals/<int:proposal>/take")
@organiser(Right.EDIT_AGENDA)
def proposal_take(edition: str, proposal: int) -> ResponseReturnValue:
    """What is ticked, or with `all` whatever fits."""
    row = edition_of(edition)
    edition_id = row.id
    found = proposals.proposal_of(database.session(), edition_id, proposal)
    chosen = _chosen(found)
    if not chosen:
        return _page(row, found, problem=_("Nothing is ticked, so nothing was taken.")), 422
    try:
        with transaction() as db:
            step, left = proposals.take(
                db, edition_id, proposals.proposal_of(db, edition_id, proposal), chosen, key=_key(), actor=actor(),
                now=now(), signed_up=current_app.extensions["signed_up"](db, edition_id),
            )  # fmt: skip
            step_id = step.id
    except Conflict as refused:
        row = edition_of(edition)
        found = proposals.proposal_of(database.session(), row.id, proposal)
        return _page(row, found, chosen=chosen, problem=deeds.refused(database.session(), refused).said), 409
    db = database.session()
    flash(deeds.told(db, [db.get_one(Step, step_id)])[0].said)
    if left:
        flash(ngettext("%(num)d does not fit any more and was left: its line says why.", "%(num)d do not fit any more and were left: their lines say why.", left), "error")  # fmt: skip
    return redirect(url_for(".proposal", edition=edition, proposal=proposal), 303)


def _chosen(row: Proposal) -> frozenset[int]:
    """Only sessions of the proposal: what else is sent is nobody's line."""
    lines = {session for session, _before, _after in row.result.get("lines", ())}
    if "all" in request.form:
        return frozenset(lines)
    return frozenset(lines & {a_number(text) for text in request.form.getlist("line")})


def _key() -> str:
    """The form's own number, so that sent twice it acts once."""
    sent = request.form.get("key", "")
    return sent if len(sent) == len(str(uuid4())) else str(uuid4())


def _asking(edition: Edition, form: WishesForm | None = None) -> str:
    db, plan = database.session(), the_plan(edition.id)
    usual = usual_wishes(plan)
    at = wall(now(), plan.zone)
    counts = {
        scope.value: len(problem_of(plan, Wishes(scope, usual.frames, lengths=usual.lengths), at=at).items)
        for scope in Scope
    }
    return render_template(
        "proposals/propose.html", edition=edition, section="agenda", form=form or wishes_form(plan, usual, None),
        plan=plan, counts=counts, running=proposals.living(db, edition.id), late=_late(), kinds=KINDS, aims=AIMS,
        earlier=[(row, Wishes.from_json(row.wishes)) for row in proposals.proposals_of(db, edition.id)],
        states=STATES, scopes=SCOPES, unplaced=UNPLACED,
    )  # fmt: skip


def _late() -> bool:
    """Other work of the worker waits for longer than it should, so this would, too."""
    db, at = database.session(), now()
    return mails.late_since(db, at) is not None or freshness.overdue(db, at - mails.LATE) is not None


def _progress(edition: Edition, row: Proposal) -> ResponseReturnValue:
    """Asked for every second while it runs, so the usual answer is 304."""
    beat = row.alive_at.timestamp() if row.alive_at else ""
    stamp = f"{row.id}-{row.state}-{beat}-{row.stop_asked}-{is_silent(row, now())}-{language()}"
    if stamp in request.if_none_match:
        answer = make_response("", 304)
    else:
        answer = make_response(render_template("proposals/_proposal_progress.html", **_told(edition, row)))
    answer.set_etag(stamp)
    return answer


def _told(edition: Edition, row: Proposal) -> dict[str, Any]:
    return {
        "edition": edition, "proposal": row, "wishes": Wishes.from_json(row.wishes), "living": row.state in LIVING,
        "silent": is_silent(row, now()), "states": STATES, "unplaced": UNPLACED,
    }  # fmt: skip


def _page(edition: Edition, row: Proposal, *, chosen: frozenset[int] | None = None, problem: str = "") -> str:
    db, plan = database.session(), the_plan(edition.id)
    may_edit = actor().may(Right.EDIT_AGENDA, edition.id)
    return render_template(
        "proposals/proposal.html", section="agenda", page=page_of(db, row, plan, at=wall(now(), plan.zone)), plan=plan,
        scopes=SCOPES, aims=AIMS, troubles=TROUBLES, chosen=chosen, problem=problem, key=str(uuid4()), may_edit=may_edit,
        undo=_undo(edition) if may_edit else None, homes=editions.the_series(db).home_zones, **_told(edition, row),
    )  # fmt: skip


def _undo(edition: Edition) -> deeds.Told | None:
    """One's own last step, if that was taking a proposal."""
    db, account = database.session(), actor().account_id
    own = steps.steps_of(db, edition.id, account) if account is not None else ()
    last = next((step for step in own if not step.is_undone), None)
    return deeds.told(db, [last])[0] if last is not None and last.deed == Deed.TAKE else None
