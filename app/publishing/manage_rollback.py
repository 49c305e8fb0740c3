"""Back to a release as a new draft: what it would do, in figures and in words, and doing it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.editions.models import Edition
from app.errors import Conflict, NotFound
from app.extensions import database
from app.publishing import queries, words
from app.publishing.content import Content
from app.publishing.desk import bp, edition_of, organisers_told
from app.publishing.difference import difference
from app.publishing.forms import RollbackForm, agreement
from app.publishing.rolling_back import prospect, roll_back
from app.values.actor import Right
from app.web.access import actor, organiser
from app.web.clock import now
from app.web.messages import sentence
from app.web.transaction import transaction


@bp.get("/<int:number>/draft")
@organiser(Right.EDIT_AGENDA)
def rollback(edition: str, number: int) -> ResponseReturnValue:
    return _page(edition_of(edition), number, RollbackForm(formdata=None))


@bp.post("/<int:number>/draft")
@organiser(Right.EDIT_AGENDA)
def take_back(edition: str, number: int) -> ResponseReturnValue:
    """Done only if the draft is still the one whose consequences were shown."""
    form = RollbackForm()
    if not form.validate():
        return _page(edition_of(edition), number, form), 422
    done = False
    try:
        with transaction() as db:
            row = edition_of(edition)
            release = queries.release_numbered(db, row.id, number)
            if release is None:
                raise NotFound
            found = prospect(db, row.id, release)
            if form.agrees_to(number, difference(found.draft, found.after)):
                roll_back(db, row.id, number, reason=form.told, actor=actor(), now=now())
                done = True
    except Conflict as refused:
        form.form_errors.append(sentence(refused))
        return _page(edition_of(edition), number, form), 409
    if not done:
        return _page(edition_of(edition), number, form, again=True), 409
    flash(_("The draft is as release %(number)s was. The public sees it only with the next release.", number=number))
    return redirect(url_for(".index", edition=edition), 303)


def _page(row: Edition, number: int, form: RollbackForm, *, again: bool = False) -> str:
    db = database.session()
    release = queries.release_numbered(db, row.id, number)
    if release is None:
        raise NotFound
    found, last = prospect(db, row.id, release), queries.current_release(db, row.id)
    changes = difference(found.draft, found.after)
    form.agreed.data = agreement(number, changes)
    return render_template(
        "publishing/manage/rollback.html", edition=row, section="releases", release=release, form=form, again=again,
        left=found.left, difference=changes, words=words, last=last,
        told=organisers_told(db, row, found.draft, found.after),
        unpublished=difference(Content.from_json(last.content), found.draft) if last else (),
        people=queries.people_by_id(db, {s.person_id for s in (*found.left.returning, *found.left.left_out)}),
    )  # fmt: skip
