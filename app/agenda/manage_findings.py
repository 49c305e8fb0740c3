"""What is wrong with the draft: the list with its filters, and letting a finding stand with a reason."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.agenda import measuring, queries
from app.agenda.findings import Finding, Problem, Severity, findings, tally
from app.agenda.listing import FindingWish
from app.agenda.manage import a_day, bp, edition_of, page_of, telling, the_plan
from app.agenda.measure_forms import WaiveForm
from app.agenda.models import Room
from app.agenda.naming import Names, names_for
from app.agenda.plan import Plan, Planned
from app.agenda.sentences import PROBLEMS
from app.agenda.words import FIELD_OF, SEVERITIES, WAYS_OUT
from app.errors import Conflict
from app.extensions import database
from app.values.actor import Right
from app.web.access import actor, organiser
from app.web.addresses import own_path
from app.web.clock import now
from app.web.dates import short_day
from app.web.languages import language
from app.web.messages import sentence
from app.web.transaction import transaction

PAGE = 100


@bp.get("/agenda/findings", endpoint="findings")
@organiser(Right.SEE)
def findings_page(edition: str) -> ResponseReturnValue:
    db, row, wish = database.session(), edition_of(edition), FindingWish.of(request.args)
    plan = the_plan(row.id)
    found = findings(plan)
    sessions = {session.id: session for session in plan.sessions}
    fitting = [finding for finding in found if wish.fits(finding, sessions)]
    last = max(-(-len(fitting) // PAGE), 1)
    at = min(max(request.args.get("page", 1, type=int), 1), last)
    shown = fitting[(at - 1) * PAGE : at * PAGE]
    names, rooms = names_for(db, plan, found), queries.rooms_of(db, row.id)
    return render_template(
        "agenda/findings.html", edition=row, section="agenda", wish=wish, found=found, fitting=fitting, shown=shown,
        at=at, first=(at - 1) * PAGE, last=last, counts=tally(found), sessions=sessions,
        waived=sum(finding.waived for finding in found), waivers=queries.waivers_of(db, row.id),
        known=telling(row, names), names=names, rooms=rooms, severities=SEVERITIES, problems=PROBLEMS,
        choices=_choices(found, sessions, names), active_words=_words(wish, rooms, names),
        ways_out={problem: WAYS_OUT[field] for problem, field in FIELD_OF.items()}, off=_switched_off(plan),
        may_edit=actor().may(Right.EDIT_AGENDA, row.id),
    )  # fmt: skip


@bp.post("/agenda/<int:session>/waive")
@organiser(Right.EDIT_AGENDA)
def finding_waive(edition: str, session: int) -> ResponseReturnValue:
    row, form = edition_of(edition), WaiveForm()
    stored = queries.session_of(database.session(), row.id, session)
    if not form.validate():
        return page_of(row, stored, waiving=form), 422
    try:
        with transaction() as db:
            problem, reason = Problem(form.problem.data), form.reason.data or ""
            measuring.waive(db, session, problem, reason, actor=actor(), now=now())
    except Conflict as refused:
        row = edition_of(edition)
        form.form_errors.append(sentence(refused))
        return page_of(row, queries.session_of(database.session(), row.id, session), waiving=form), 409
    flash(_("It may stand, with your reason beside it."))
    return redirect(_back(edition, session, form.next.data or ""), 303)


@bp.post("/agenda/<int:session>/unwaive")
@organiser(Right.EDIT_AGENDA)
def finding_unwaive(edition: str, session: int) -> ResponseReturnValue:
    queries.session_of(database.session(), edition_of(edition).id, session)
    problem = request.form.get("problem", "")
    if problem in list(Problem):
        with transaction() as db:
            measuring.take_back(db, session, Problem(problem), actor=actor(), now=now())
        flash(_("Taken back: it counts again."))
    return redirect(_back(edition, session, request.form.get("next", "")), 303)


def _back(edition: str, session: int, wished: str) -> str:
    """The list as it was filtered, or the session's own page."""
    return own_path(wished, otherwise=url_for(".session", edition=edition, session=session, _anchor="findings"))


def _choices(
    found: Sequence[Finding], sessions: Mapping[int, Planned], names: Names
) -> dict[str, list[tuple[str, str]]]:
    """What can be filtered by: only what occurs."""
    kinds = {finding.problem for finding in found}
    concerned = [sessions[id_] for finding in found for id_ in (finding.session, finding.other) if id_ is not None]
    people = sorted((name.spoken(language()), person) for person, name in names.people.items())
    return {
        "severity": [(severity.value, str(SEVERITIES[severity])) for severity in Severity],
        "kind": [(kind.value, str(PROBLEMS[kind])) for kind in Problem if kind in kinds],
        "day": [(day.isoformat(), short_day(day)) for day in sorted({s.day for s in concerned if s.day})],
        "person": [(str(person), name) for name, person in people],
    }


def _words(wish: FindingWish, rooms: Sequence[Room], names: Names) -> dict[str, str]:
    """Each active part of the filter as a person would say it."""
    of_room = {str(room.id): room.name.best(language()).text for room in rooms}
    of_person = {str(person): name.spoken(language()) for person, name in names.people.items()}
    day = a_day(wish.day)
    return {
        "severity": str(SEVERITIES.get(wish.severity, wish.severity)),
        "kind": str(PROBLEMS[Problem(wish.kind)]) if wish.kind in list(Problem) else wish.kind,
        "day": short_day(day) if day else wish.day,
        "room": of_room.get(wish.room, _("Room: %(room)s", room=_("none"))),
        "person": of_person.get(wish.person, wish.person),
        "waived": _("Let stand"),
    }


def _switched_off(plan: Plan) -> list[Any]:
    return [PROBLEMS[problem] for problem in Problem if problem in plan.measures.switched_off]
