"""A release at a time to come, and whether releases wait for translators."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.errors import Conflict, Stale
from app.extensions import database
from app.publishing import actions, planned
from app.publishing.desk import bp, edition_of, page
from app.publishing.forms import GateForm, ReleaseForm
from app.publishing.models import PlannedRelease
from app.values.actor import Right
from app.web.access import actor, organiser
from app.web.clock import now
from app.web.dates import instant_text
from app.web.messages import sentence
from app.web.transaction import transaction


@bp.post("/planned")
@organiser(Right.PUBLISH)
def plan(edition: str) -> ResponseReturnValue:
    """For the first time, or otherwise than before."""
    row = edition_of(edition)
    form = ReleaseForm(zone=row.zone)
    when = form.when if form.validate() else None
    if when is None:
        return page(row, form), 422
    try:
        with transaction() as db:
            planned.plan(
                db, edition_of(edition).id, when, note=form.told, seen=form.seen.data or "", actor=actor(), now=now()
            )
    except Conflict as refused:
        return _again(edition, form, refused), 409
    flash(_("The next release goes out by itself on %(when)s.", when=instant_text(when, edition_of(edition).zone)))
    return redirect(url_for(".index", edition=edition), 303)


@bp.post("/planned/withdraw")
@organiser(Right.PUBLISH)
def withdraw(edition: str) -> ResponseReturnValue:
    seen = request.form.get("seen", "")
    try:
        with transaction() as db:
            planned.withdraw(db, edition_of(edition).id, seen=seen, actor=actor(), now=now())
    except Conflict as refused:
        row = edition_of(edition)
        form = ReleaseForm.of(database.session().get(PlannedRelease, row.id), row)
        return _again(edition, form, refused), 409
    flash(_("Nothing goes out by itself any more."))
    return redirect(url_for(".index", edition=edition), 303)


@bp.post("/gate")
@organiser(Right.PUBLISH)
def gate(edition: str) -> ResponseReturnValue:
    waits = bool(GateForm().needs_languages.data)
    with transaction() as db:
        actions.wait_for_languages(db, edition_of(edition).id, waits, actor=actor(), now=now())
    flash(_("Releases now wait for all languages.") if waits else _("Releases no longer wait for all languages."))
    return redirect(url_for(".index", edition=edition), 303)


def _again(edition: str, form: ReleaseForm, refused: Conflict) -> str:
    """With what was typed; after somebody else was faster, sending it again is a choice."""
    row = edition_of(edition)
    form.form_errors.append(sentence(refused))
    if isinstance(refused, Stale):
        form.seen.data = planned.token(database.session().get(PlannedRelease, row.id))
    return page(row, form)
