"""An interpreter's briefing, as an organiser looks at it."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from app.agenda import queries
from app.agenda.manage import edition_of
from app.extensions import database
from app.interpretation.briefing import briefing_of
from app.interpretation.manage import bp
from app.interpretation.views import briefing_link, handed_out, words
from app.values.actor import Right
from app.web.access import actor, organiser

__all__ = ["bp"]


@bp.get("/interpretation/crew/<int:interpreter>/briefing")
@organiser(Right.SEE)
def briefing(edition: str, interpreter: int) -> ResponseReturnValue:
    """Whoever may change the agenda sees the personal link too: who has it can do nothing but read this."""
    db, row = database.session(), edition_of(edition)
    stored = queries.interpreter_of(db, row.id, interpreter)
    may_edit = actor().may(Right.EDIT_AGENDA, row.id)
    return render_template(
        "interpretation/briefing_manage.html", edition=row, section="interpretation", interpreter=stored, may_edit=may_edit,
        briefing=briefing_of(db, interpreter), link=briefing_link(stored.language, stored.uid) if may_edit else "",
        slides=lambda one: url_for(".briefing_slides", edition=edition, interpreter=interpreter, slides=one.id),
        **words(),
    )  # fmt: skip


@bp.get("/interpretation/crew/<int:interpreter>/briefing/slides/<int:slides>")
@organiser(Right.SEE)
def briefing_slides(edition: str, interpreter: int, slides: int) -> ResponseReturnValue:
    db = database.session()
    stored = queries.interpreter_of(db, edition_of(edition).id, interpreter)
    return handed_out(briefing_of(db, stored.id), slides)
