"""What the draft is measured by, and how long ways between rooms take: a form each, under one revision."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.agenda import measuring, queries
from app.agenda.findings import Problem, Severity
from app.agenda.manage import bp, edition_of, the_plan
from app.agenda.measure_forms import MeasuresForm, WaysForm, measures_data, way, ways_data, ways_form
from app.agenda.sentences import PROBLEMS
from app.agenda.words import SEVERITIES
from app.audit import queries as audit
from app.editions.models import Edition
from app.errors import Stale
from app.extensions import database
from app.values.actor import Right
from app.web.access import actor, organiser
from app.web.clock import now
from app.web.languages import language
from app.web.transaction import transaction
from app.web.versions import differences


@bp.get("/agenda/measures")
@organiser(Right.SEE)
def measures(edition: str) -> ResponseReturnValue:
    row = edition_of(edition)
    return _measures_page(row, _stored_measures(row))


@bp.post("/agenda/measures")
@organiser(Right.EDIT_AGENDA)
def measures_save(edition: str) -> ResponseReturnValue:
    row, form = edition_of(edition), MeasuresForm()
    if not form.validate():
        return _measures_page(row, form), 422
    edition_id, revision = row.id, form.revision.data or 0
    try:
        with transaction() as db:
            measuring.set_measures(db, edition_id, form.measures(), revision=revision, actor=actor(), now=now())
    except Stale:
        row = edition_of(edition)
        return _measures_page(row, form, versions=_versions(row, "measures_set", form, _stored_measures(row))), 409
    flash(_("Saved. The findings are counted by it from now on."))
    return redirect(url_for(".measures", edition=edition), 303)


@bp.get("/rooms/ways")
@organiser(Right.SEE)
def ways(edition: str) -> ResponseReturnValue:
    row = edition_of(edition)
    return _ways_page(row, _stored_ways(row))


@bp.post("/rooms/ways")
@organiser(Right.EDIT_AGENDA)
def ways_save(edition: str) -> ResponseReturnValue:
    row = edition_of(edition)
    form = ways_form(_rooms(row))
    if not form.validate():
        return _ways_page(row, form), 422
    edition_id, revision, given = row.id, form.revision.data or 0, form.ways()
    try:
        with transaction() as db:
            measuring.set_ways(db, edition_id, given, revision=revision, actor=actor(), now=now())
    except Stale:
        row = edition_of(edition)
        return _ways_page(row, form, versions=_versions(row, "ways_set", form, _stored_ways(row))), 409
    flash(_("Saved. The findings are counted by it from now on."))
    return redirect(url_for(".ways", edition=edition), 303)


def _stored_measures(edition: Edition) -> MeasuresForm:
    revision = queries.book_of(database.session(), edition.id).revision
    return MeasuresForm(formdata=None, data=measures_data(the_plan(edition.id).measures) | {"revision": revision})


def _stored_ways(edition: Edition) -> WaysForm:
    revision = queries.book_of(database.session(), edition.id).revision
    return ways_form(
        _rooms(edition), formdata=None, data=ways_data(the_plan(edition.id).travel) | {"revision": revision}
    )


def _rooms(edition: Edition) -> list[tuple[int, str]]:
    rooms = queries.rooms_of(database.session(), edition.id)
    return [(room.id, room.name.best(language()).text) for room in rooms]


def _versions(edition: Edition, verb: str, form: Any, stored: Any) -> dict[str, Any]:
    """Both forms count under one revision: where the other one was saved, nothing differs here, and that is said."""
    form.revision.data, form.revision.raw_data = stored.revision.data, None
    last = audit.last_of(database.session(), "edition", edition.id)
    return {"rows": differences(form, stored), "who": last.actor_name if last and last.verb == verb else ""}


def _measures_page(edition: Edition, form: MeasuresForm, **context: Any) -> str:
    boxes = {str(box.data): box for box in form.heard}
    kinds = {severity: [boxes[problem] for problem in Problem if problem.severity is severity] for severity in Severity}
    return render_template(
        "agenda/measures.html", edition=edition, section="agenda", form=form, kinds=kinds, severities=SEVERITIES,
        problems=PROBLEMS, may_edit=actor().may(Right.EDIT_AGENDA, edition.id), **{"versions": None} | context,
    )  # fmt: skip


def _ways_page(edition: Edition, form: WaysForm, **context: Any) -> str:
    plan, rooms = the_plan(edition.id), queries.rooms_of(database.session(), edition.id)
    usual = {(a.id, b.id): plan.measures.travel_minutes if a.site != b.site else 0 for a in rooms for b in rooms}
    return render_template(
        "agenda/ways.html", edition=edition, section="rooms", form=form, rooms=rooms, usual=usual, way=way,
        may_edit=actor().may(Right.EDIT_AGENDA, edition.id), **{"versions": None} | context,
    )  # fmt: skip
