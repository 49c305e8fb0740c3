"""The cockpit of an edition: how it stands, what the public sees of it, and its way from draft to archive."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.agenda.findings import Severity, tally
from app.database import DbSession
from app.editions import actions
from app.editions.forms import StepForm
from app.editions.models import Edition
from app.editions.rules import STEPS, State, is_over, may_step
from app.errors import Conflict
from app.extensions import database
from app.publishing import actions as publishing
from app.site import (
    changes,
    manage_balance,
    manage_edition,
    manage_languages,
    manage_people,
    manage_series,
    manage_start,
    outlook,
)
from app.site.desk import PHASES, SHOWN, STATES, bp, edition_of
from app.site.words import KINDS
from app.speakers import queries as speakers
from app.speakers.rules import SpeakerState
from app.values.actor import Right
from app.web.access import actor, organiser
from app.web.clock import now
from app.web.messages import sentence
from app.web.transaction import transaction

__all__ = [
    "bp",
    "manage_balance",
    "manage_edition",
    "manage_languages",
    "manage_people",
    "manage_series",
    "manage_start",
]


@bp.get("/editions/<edition>/overview")
@organiser(Right.SEE)
def overview(edition: str) -> ResponseReturnValue:
    return _overview_page(edition_of(database.session(), edition))


@bp.post("/editions/<edition>/step")
@organiser(Right.EDIT_EDITION)
def step(edition: str) -> ResponseReturnValue:
    """Into another state, or out of its dates. What the public sees of it changes in the same transaction."""
    row = edition_of(database.session(), edition)
    form = StepForm()
    if not form.validate():
        return _overview_page(row, form), 422
    row_id = row.id
    try:
        with transaction() as db:
            _take(db, row_id, form)
            publishing.renew(db, row_id, now=now())
    except Conflict as refused:
        form.form_errors.append(sentence(refused))
        return _overview_page(edition_of(database.session(), edition), form), 409
    flash(_("Done. What the public sees has changed accordingly."))
    return redirect(url_for(".overview", edition=edition), 303)


def _take(db: DbSession, edition_id: int, form: StepForm) -> None:
    reason, who, at = form.reason.form.translated, actor(), now()
    if form.postponed.data:
        actions.postpone(db, edition_id, reason=reason, revision=form.revision.data or 0, actor=who, now=at)
    else:
        actions.step(db, edition_id, State(form.to.data), reason=reason, actor=who, now=at)


def _overview_page(row: Edition, form: StepForm | None = None) -> str:
    db, at = database.session(), now()
    found = outlook.look_closer(db, outlook.outlooks(db, [row], at)[0])
    entries = outlook.recent(db, [row.id], limit=200)
    forward = next((to for to in STEPS[row.state] if to is not State.CANCELLED and _is_later(row.state, to)), None)
    back = [
        to for to in STEPS[row.state] if _may(row, to) and not _is_later(row.state, to) and to is not State.CANCELLED
    ]
    return render_template(
        "site/manage/overview.html", edition=row, section="overview", outlook=found, states=STATES, shown=SHOWN,
        phases=PHASES, kinds=KINDS, days_to=outlook.days_to(row, at), at=at, State=State,
        changes=changes.sentences(db, entries)[:8], ahead=outlook.ahead(found, at),
        difference=outlook.unreleased(db, row.id), forward=forward, back=back,
        decisions=_decisions(found) + _corrections(db, row),
        is_over=is_over(row.state, row.days, row.zone, at=at),
        form=form or StepForm(formdata=None, data={"revision": row.revision}),
    )  # fmt: skip


def _decisions(found: outlook.Outlook) -> list[tuple[str, str, str]]:
    """What cannot wait: (mark, sentence, where). The findings themselves are explained in the agenda."""
    slug = found.edition.slug
    counted = tally(found.findings)
    decisions: list[tuple[str, str, str]] = []
    if n := counted[Severity.IMPOSSIBLE]:
        decisions.append(
            (
                "impossible",
                ngettext("%(num)s thing in the agenda cannot stand", "%(num)s things in the agenda cannot stand", n),
                url_for("agenda_manage.findings", edition=slug, severity="impossible"),
            )
        )
    if n := counted[Severity.SERIOUS]:
        decisions.append(
            (
                "serious",
                ngettext("%(num)s serious finding in the agenda", "%(num)s serious findings in the agenda", n),
                url_for("agenda_manage.findings", edition=slug, severity="serious"),
            )
        )
    if found.planned and found.planned.trouble:
        decisions.append(
            ("serious", _("The planned release did not go out"), url_for("publishing_manage.index", edition=slug))
        )
    if n := found.refused_mails:
        decisions.append(
            (
                "serious",
                ngettext("%(num)s mail was refused", "%(num)s mails were refused", n),
                url_for("mail_manage.index"),
            )
        )
    if n := found.speakers[SpeakerState.CANDIDATE]:
        candidates = ngettext("%(num)s candidate waits for a decision", "%(num)s candidates wait for a decision", n)
        decisions.append(("look", candidates, url_for("speakers_manage.index", edition=slug)))
    return decisions


def _corrections(db: DbSession, row: Edition) -> list[tuple[str, str, str]]:
    """What speakers wrote of themselves, for whoever may decide on it."""
    number = len(speakers.pending_in(db, row.id)) if actor().may(Right.EDIT_AGENDA, row.id) else 0
    if not number:
        return []
    words = ngettext("%(num)s correction by a speaker", "%(num)s corrections by speakers", number)
    return [("look", words, url_for("speakers_manage.corrections_index", edition=row.slug))]


def _may(row: Edition, to: State) -> bool:
    return may_step(row.state, to, before_cancelling=row.state_before)


ORDER = (State.DRAFT, State.ANNOUNCED, State.HELD, State.ARCHIVED)


def _is_later(state: State, to: State) -> bool:
    return state in ORDER and to in ORDER and ORDER.index(to) > ORDER.index(state)
