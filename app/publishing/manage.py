"""The organisers' releases: what would change, what stands against it, and sending it out."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.database import DbSession
from app.editions.models import Edition
from app.errors import Conflict, NotFound
from app.extensions import database
from app.publishing import actions, manage_planned, manage_rollback, queries, words
from app.publishing.content import Content
from app.publishing.desk import bp, edition_of, organisers_told, page
from app.publishing.difference import Difference, difference
from app.publishing.forms import ReleaseForm, agreement
from app.publishing.models import PlannedRelease, Release
from app.values.actor import Right
from app.web.access import actor, organiser
from app.web.clock import now
from app.web.messages import sentence
from app.web.transaction import transaction

__all__ = ["bp", "manage_planned", "manage_rollback"]

DRAFT = "draft"


@bp.get("")
@organiser(Right.SEE)
def index(edition: str) -> ResponseReturnValue:
    row = edition_of(edition)
    return page(row, ReleaseForm.of(database.session().get(PlannedRelease, row.id), row))


@bp.post("")
@organiser(Right.PUBLISH)
def publish(edition: str) -> ResponseReturnValue:
    """Asked once, with what will change in figures; sent out when the answer is to just that."""
    form = ReleaseForm(zone=edition_of(edition).zone)
    if not form.validate():
        return page(edition_of(edition), form), 422
    number = 0
    try:
        with transaction() as db:
            row = edition_of(edition)
            if form.agrees_to(*_next(db, row)[:2]):
                number = actions.publish(db, row.id, note=form.told, actor=actor(), now=now()).number
            waits = not row.is_public
        if not number:
            return _ask(edition_of(edition), form)
    except Conflict as refused:
        form.form_errors.append(sentence(refused))
        return page(edition_of(edition), form), 409
    text = (
        _("Release %(number)s is made and waits: the public sees it when the edition is announced.", number=number)
        if waits
        else _("Release %(number)s is out. Calendars take it up at their next visit.", number=number)
    )
    flash(text)
    return redirect(url_for(".index", edition=edition), 303)


@bp.get("/compare")
@organiser(Right.SEE)
def compare(edition: str) -> ResponseReturnValue:
    """Any two releases, or one and the draft, in any order; unasked, the last release and the draft."""
    db, row = database.session(), edition_of(edition)
    releases = queries.releases_of(db, row.id)
    if not releases:
        return redirect(url_for(".index", edition=edition), 303)
    before = _state(db, row, releases, request.args.get("from") or str(releases[0].number))
    after = _state(db, row, releases, request.args.get("to") or DRAFT)
    return render_template(
        "publishing/manage/compare.html", edition=row, section="releases", releases=releases, old=before, new=after,
        told=organisers_told(db, row, before.content, after.content), by=request.args.get("by", "session"), words=words,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class State:
    """One side of a comparison: a release, or the draft."""

    name: str
    content: Content
    release: Release | None = None


def _state(db: DbSession, row: Edition, releases: Sequence[Release], name: str) -> State:
    if name == DRAFT:
        return State(name, queries.draft_content(db, row.id))
    release = next((release for release in releases if str(release.number) == name), None)
    if release is None:
        raise NotFound
    return State(name, Content.from_json(release.content), release)


def _next(db: DbSession, row: Edition) -> tuple[int, Difference, Content]:
    """The next release's number, what it would change, and all of it."""
    last, draft = queries.current_release(db, row.id), queries.draft_content(db, row.id)
    before = Content.from_json(last.content) if last else None
    return (last.number + 1 if last else 1), difference(before, draft), draft


def _ask(row: Edition, form: ReleaseForm) -> ResponseReturnValue:
    """Raises `Conflict` rather than ask for what would be refused anyway."""
    number, changes, draft = _next(database.session(), row)
    actions.require_publishable(database.session(), row, draft, changes)
    again = bool(form.agreed.data)
    form.agreed.data = agreement(number, changes)
    asked = render_template(
        "publishing/manage/ask.html", edition=row, section="releases", form=form, number=number, difference=changes,
        again=again,
    )  # fmt: skip
    return asked, 409 if again else 200
