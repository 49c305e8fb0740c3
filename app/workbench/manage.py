"""The workbench: the grid of a day with its form, what has changed in it since, and what a place would mean."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

from flask import Blueprint, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from app.agenda.findings import Finding, Severity, findings, of_session, worst
from app.agenda.manage import edition_of
from app.agenda.notation import as_seen
from app.agenda.plan import Plan, Planned
from app.agenda.words import FIELD_OF, KINDS, ROLES, SEVERITIES, WAYS_OUT
from app.editions.models import Edition
from app.errors import NotFound
from app.extensions import database
from app.values.actor import Right
from app.values.language import Language
from app.values.text import a_number
from app.web.access import actor, organiser
from app.web.clock import now
from app.web.languages import language
from app.web.transaction import transaction
from app.workbench import changes, looking
from app.workbench.board import Board, Look, board_of, foot_of, reply
from app.workbench.colours import COLOURED_BY
from app.workbench.deeds import No
from app.workbench.filling import a_start, form_of
from app.workbench.forms import MOST, GestureForm, TurnForm
from app.workbench.gestures import Deed
from app.workbench.sheet import free_starts

bp = Blueprint("workbench", __name__, url_prefix="/organise/editions/<edition>")

PARTS = {"side": "workbench/_bench_side.html", "findings": "workbench/_bench_findings.html"}
"""Parts of the page that a script asks for alone."""
LISTED = 40
"""So many findings stand below the grid; the list of findings has all of them, page by page."""


@bp.get("/agenda/grid")
@organiser(Right.SEE)
def bench(edition: str) -> ResponseReturnValue:
    return page(edition_of(edition), request.args)


def page(edition: Edition, asked: Mapping[str, str], *, form: TurnForm | None = None, no: No | None = None) -> str:
    """The grid as it is asked for. With the `form` of a gesture that was not made and the reason, as typed."""
    db, look = database.session(), Look.of(asked)
    if no and no.session:
        look = replace(look, session=no.session)
    board = board_of(db, edition, look)
    template = PARTS.get(asked.get("part", ""), "workbench/bench.html")
    typed = form if isinstance(form, GestureForm) else form_of(board.chosen, board.day, asked)
    return render_template(
        template, edition=edition, section="agenda", board=board, kinds=KINDS, severities=SEVERITIES, roles=ROLES,
        coloured_by=COLOURED_BY, foot=foot_of(db, edition), server_time=int(now().timestamp() * 1000),
        **_side(board, asked, typed, no), **_wrong(board, asked),
    )  # fmt: skip


def _side(board: Board, asked: Mapping[str, str], form: GestureForm, no: No | None) -> dict[str, Any]:
    """What the form beside the grid shows."""
    chosen = board.chosen
    return {
        "form": form,
        "no": no,
        "is_new": board.may_edit and ("new" in asked or asked.get("deed") == Deed.CREATE),
        "saw": _saw(board, no),
        "open_too": _open_too(chosen.id if chosen else None),
        "free": free_starts(board.plan, chosen) if chosen else (),
        "key": uuid4,
    }


def _wrong(board: Board, asked: Mapping[str, str]) -> dict[str, Any]:
    """What is wrong with anything on the day that is shown."""
    there = {session.id for session in board.plan.sessions if session.day == board.day}
    severity = asked.get("wrong", "")
    return {
        "found": [finding for finding in board.found if there & {finding.session, finding.other}],
        "severity": severity if severity in list(Severity) else "",
        "ways_out": WAYS_OUT,
        "field_of": FIELD_OF,
        "most": LISTED,
    }


def _saw(board: Board, no: No | None) -> str:
    """Where the chosen session stands as far as this page shows it: what is sent next is measured against that."""
    if no and no.stored:
        return as_seen(no.stored)
    return as_seen(board.chosen.placement) if board.chosen else ""


@bp.get("/agenda/state.json")
@organiser(Right.SEE)
def state(edition: str) -> ResponseReturnValue:
    """What has changed since the number the page knows. Asked every two seconds, so the usual answer is 304."""
    db = database.session()
    stamp = f"{changes.number_of(db, edition)}-{language()}"
    if stamp in request.if_none_match:
        answer = make_response("", 304)
    else:
        answer = jsonify(reply(db, edition_of(edition), since=a_number(request.args.get("since", "")) or 0))
    answer.set_etag(stamp)
    return answer


@bp.get("/agenda/grid/check")
@organiser(Right.SEE)
def check(edition: str) -> ResponseReturnValue:
    """What would be wrong with a session at another place: asked while it is held, so nothing is stored."""
    db, row = database.session(), edition_of(edition)
    board = board_of(db, row, Look.of(request.args))
    session = board.chosen
    wished = session and _elsewhere(session, request.args)
    if wished is None:
        return {"said": "", "worst": None}
    of_that_day = tuple(s for s in board.plan.sessions if s.day == wished.day and s.id != wished.id)
    plan: Plan = replace(board.plan, sessions=(*of_that_day, wished))
    found = [finding for finding in of_session(findings(plan), wished.id) if not finding.waived]
    there = replace(board, names=replace(board.names, plan=plan, sessions={s.id: s for s in plan.sessions}))
    return {"said": _said(there, found), "worst": worst(found)}


@bp.post("/agenda/look")
@organiser(Right.EDIT_AGENDA)
def look(edition: str) -> ResponseReturnValue:
    """Whose form is open here is told, and who else has it open is answered: asked again every few seconds."""
    row, me = edition_of(edition), actor().account_id
    edition_id, session = row.id, a_number(request.form.get("session", ""))
    if me is None:
        raise NotFound
    with transaction() as db:
        looking.look(db, edition_id, session, account_id=me, now=now())
    return {"said": _open_too(session)}


def _open_too(session: int | None) -> str:
    if session is None:
        return ""
    who = looking.onlookers(database.session(), session, but=actor().account_id, now=now())
    if not who:
        return ""
    names = ("、" if language() is Language.ZH else ", ").join(who)
    said: str = ngettext("%(names)s has this open too.", "%(names)s have this open too.", len(who), names=names)
    return said


def _elsewhere(session: Planned, asked: Mapping[str, str]) -> Planned | None:
    """The same session where the form says, as far as that makes a place."""
    start, minutes = a_start(asked), a_number(asked.get("minutes", ""))
    if start is None or minutes is None or not 0 < minutes <= MOST:
        return None
    ends, room = start + timedelta(minutes=minutes), a_number(asked.get("room", ""))
    return replace(session, day=start.date(), starts_at=start, ends_at=ends, room=room)


def _said(board: Board, found: list[Finding]) -> str:
    """The worst of it, in a sentence or a few: the rest is in the form once the session is put down."""
    grave: list[Any] = [finding for finding in found if finding.severity is Severity.IMPOSSIBLE] or found[:1]
    if not grave:
        return ""
    word = SEVERITIES[grave[0].severity]
    return f"{word}: " + " ".join(board.sentence(finding, here=True) for finding in grave)
