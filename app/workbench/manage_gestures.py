"""What the grid and its form send: a gesture, its undoing and redoing. A script is answered in JSON, a form by a page."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from app.agenda.manage import edition_of
from app.agenda.models import Step
from app.agenda.notation import placement_to_json
from app.database import DbSession
from app.errors import Conflict
from app.extensions import database
from app.values.actor import Right
from app.values.text import a_number
from app.web.access import actor, organiser
from app.web.clock import now
from app.web.transaction import transaction
from app.workbench import board, deeds, steps
from app.workbench import manage as manage_bench
from app.workbench.forms import GestureForm, TurnForm, complaints
from app.workbench.manage import bp

__all__ = ["bp"]

Act = Callable[[DbSession, int], Step]
NOT_AGAIN = ("csrf_token", "force")
"""Fields of a refused form that are not taken over into the one that insists."""


@bp.post("/agenda/gestures")
@organiser(Right.EDIT_AGENDA)
def gesture(edition: str) -> ResponseReturnValue:
    form = GestureForm()
    if not form.validate():
        return _refused(edition, form, deeds.No("form", complaints(form)), 422)
    wished, key, force = form.gesture(), form.key.data, form.force.data
    return _done(
        edition, form,
        lambda db, id_: steps.perform(db, id_, wished, key=key, actor=actor(), now=now(), force=force),
    )  # fmt: skip


@bp.post("/agenda/undo")
@organiser(Right.EDIT_AGENDA)
def undo(edition: str) -> ResponseReturnValue:
    return _turned(edition, steps.undo)


@bp.post("/agenda/redo")
@organiser(Right.EDIT_AGENDA)
def redo(edition: str) -> ResponseReturnValue:
    return _turned(edition, steps.redo)


def _turned(edition: str, turn: Callable[..., Step]) -> ResponseReturnValue:
    form = TurnForm()
    if not form.validate():
        return _refused(edition, form, deeds.No("form", complaints(form)), 422)
    asked = {"key": form.key.data, "step_id": form.step.data, "force": form.force.data}
    return _done(edition, form, lambda db, id_: turn(db, id_, actor=actor(), now=now(), **asked))


def _done(edition: str, form: FlaskForm, act: Act) -> ResponseReturnValue:
    row = edition_of(edition)
    edition_id = row.id
    try:
        with transaction() as db:
            step_id = act(db, edition_id).id
    except Conflict as error:
        no = deeds.refused(database.session(), error)
        return _refused(edition, form, no, 409 if no.is_conflict else 422)
    return _answer(edition, step_id)


def _answer(edition: str, step_id: int) -> ResponseReturnValue:
    """Read after the commit, so that what others did meanwhile is in it."""
    db, row = database.session(), edition_of(edition)
    step = db.get_one(Step, step_id)
    if _wants_json():
        since = a_number(request.form.get("since", "")) or 0
        return jsonify(board.reply(db, row, since=since, touched=steps.touched(step), step=step))
    told = deeds.told(db, [step])[0]
    flash(deeds.taken_back(told) if step.is_undone else told.said)
    look = board.Look.of(request.form).kept
    where: dict[str, Any] = {**look, "day": told.day, "session": next(iter(told.sessions), None)}
    return redirect(url_for(".bench", edition=edition, **where), 303)


def _refused(edition: str, form: FlaskForm, no: deeds.No, status: int) -> ResponseReturnValue:
    if _wants_json():
        stored = no.stored and placement_to_json(no.stored)
        wanted = no.wanted and placement_to_json(no.wanted)
        answer = {
            "refused": no.code, "said": no.said, "session": no.session, "stored": stored, "wanted": wanted, "who": no.who,
        }  # fmt: skip
        return jsonify(answer), status
    sent = tuple((name, value) for name, value in request.form.items() if name not in NOT_AGAIN)
    no = replace(no, address=request.path, sent=sent)
    return manage_bench.page(edition_of(edition), request.form, form=form, no=no), status


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"
