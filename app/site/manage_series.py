"""The texts of the series itself: name, imprint, privacy, consent. Public when saved."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.editions import actions, queries
from app.editions.forms import SeriesForm, complain, series_data
from app.editions.models import Series
from app.editions.rules import SeriesFacts
from app.errors import Stale
from app.extensions import database
from app.site.desk import Versions, bp, versions
from app.values.actor import Right
from app.web.access import actor, organiser
from app.web.clock import now
from app.web.transaction import transaction


@bp.get("/series")
@organiser(Right.ADMINISTER)
def series() -> ResponseReturnValue:
    return _page(_stored(queries.the_series(database.session())))


@bp.post("/series")
@organiser(Right.ADMINISTER)
def save_series() -> ResponseReturnValue:
    row = queries.the_series(database.session())
    form = SeriesForm()
    if not form.validate() or not _is_versioned(form, row):
        return _page(form), 422
    try:
        with transaction() as db:
            actions.change_series(db, form.facts(), revision=form.revision.data or 0, actor=actor(), now=now())
    except Stale:
        row = queries.the_series(database.session())
        return _page(form, versions(database.session(), "series", row.id, typed=form, stored=_stored(row))), 409
    flash(_("Saved. The public sees it now."))
    return redirect(url_for(".series"), 303)


def _is_versioned(form: SeriesForm, row: Series) -> bool:
    """Whoever consented did so to a text with a version; other words need another one."""
    facts: SeriesFacts = form.facts()
    if (facts.privacy, facts.consent) == (row.privacy, row.consent) or facts.privacy_version != row.privacy_version:
        return True
    if form.revision.data != row.revision:
        return True  # somebody else saved meanwhile: that is said first
    complain(form.privacy_version, _("Privacy notice or consent have new words: give them a new version."))
    return False


def _stored(row: Series) -> SeriesForm:
    return SeriesForm(formdata=None, data={**series_data(row), "revision": row.revision})


def _page(form: SeriesForm, found: Versions | None = None) -> str:
    return render_template("site/manage/series.html", form=form, versions=found, section="series")
