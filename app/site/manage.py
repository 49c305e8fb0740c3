"""The cockpit of an edition: how it stands, what the public sees of it, and its way from draft to archive."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.database import DbSession
from app.editions import actions
from app.editions.forms import StepForm
from app.editions.models import Edition
from app.editions.rules import STEPS, State, may_step
from app.errors import Conflict
from app.extensions import database
from app.publishing import actions as publishing
from app.site import changes, manage_edition, manage_people, manage_series, manage_start, outlook
from app.site.desk import KINDS, PHASES, SHOWN, STATES, bp, edition_of
from app.site.texts import Text, TextKind, counts, texts_of
from app.values.actor import Right
from app.values.language import Language
from app.web.access import actor, organiser
from app.web.clock import now
from app.web.messages import sentence
from app.web.transaction import transaction

__all__ = ["bp", "manage_edition", "manage_people", "manage_series", "manage_start"]

PER_PAGE = 100


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
    found = outlook.outlooks(db, [row], at)[0]
    entries = outlook.recent(db, [row.id], limit=20)
    forward = next((to for to in STEPS[row.state] if to is not State.CANCELLED and _is_later(row.state, to)), None)
    back = [
        to for to in STEPS[row.state] if _may(row, to) and not _is_later(row.state, to) and to is not State.CANCELLED
    ]
    return render_template(
        "site/manage/overview.html", edition=row, section="overview", outlook=found, states=STATES, shown=SHOWN,
        phases=PHASES, kinds=KINDS, days_to=outlook.days_to(row, at), at=at, State=State,
        changes=changes.sentences(db, entries)[:8], ahead=outlook.ahead(found, at),
        difference=outlook.unreleased(db, row.id), forward=forward, back=back,
        form=form or StepForm(formdata=None, data={"revision": row.revision}),
    )  # fmt: skip


def _may(row: Edition, to: State) -> bool:
    return may_step(row.state, to, before_cancelling=row.state_before)


ORDER = (State.DRAFT, State.ANNOUNCED, State.HELD, State.ARCHIVED)


def _is_later(state: State, to: State) -> bool:
    return state in ORDER and to in ORDER and ORDER.index(to) > ORDER.index(state)


@bp.get("/editions/<edition>/languages")
@organiser(Right.SEE)
def languages(edition: str) -> ResponseReturnValue:
    """Every text and the languages it lacks; filters in the address."""
    db = database.session()
    row = edition_of(db, edition)
    texts = texts_of(db, [row.id]).get(row.id, [])
    kind, lang = request.args.get("kind", ""), request.args.get("language", "")
    everything = request.args.get("state") == "all"
    shown = [text for text in texts if _wanted(text, kind, lang, everything=everything)]
    page = max(1, min(request.args.get("page", 1, type=int), 10**6))
    return render_template(
        "site/manage/languages.html", edition=row, section="languages", counts=counts(texts), kinds=KINDS,
        kind=kind, lang=lang, everything=everything, total=len(shown), page=page, per_page=PER_PAGE,
        texts=shown[(page - 1) * PER_PAGE : page * PER_PAGE], TextKind=TextKind,
    )  # fmt: skip


def _wanted(text: Text, kind: str, lang: str, *, everything: bool) -> bool:
    if kind and text.kind != kind:
        return False
    if everything:
        return True
    return Language(lang) in text.missing if lang in list(Language) else bool(text.missing)
