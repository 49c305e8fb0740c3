"""The organisers' page of ranks: the table of protocol, for the whole series."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.audit import queries as audit
from app.editions import queries as editions
from app.errors import Conflict, Stale
from app.extensions import database
from app.speakers import ranks
from app.speakers.forms import RankForm
from app.speakers.models import Rank
from app.values.actor import Right
from app.web.access import actor, organiser
from app.web.clock import now
from app.web.messages import sentence
from app.web.transaction import transaction
from app.web.versions import differences

bp = Blueprint("ranks_manage", __name__, url_prefix="/organise/ranks")
WAYS = {"up": -1, "down": 1}
NEW = 0
"""Stands for the id of the one that is being added."""


@bp.get("")
@organiser(Right.SEE, somewhere=True)
def index() -> ResponseReturnValue:
    return _page()


@bp.post("")
@organiser(Right.ADMINISTER)
def create() -> ResponseReturnValue:
    form = RankForm(prefix=_prefix(NEW))
    if not form.validate():
        return _page(changed={NEW: form}), 422
    try:
        with transaction() as db:
            ranks.create_rank(db, form.name.form.translated, actor=actor(), now=now())
    except Conflict as refused:
        return _page(changed={NEW: form}, problem=sentence(refused)), 409
    flash(_("Rank added."))
    return redirect(url_for(".index"), 303)


@bp.post("/<int:rank>")
@organiser(Right.ADMINISTER)
def save(rank: int) -> ResponseReturnValue:
    form = RankForm(prefix=_prefix(rank))
    if not form.validate():
        return _page(changed={rank: form}), 422
    name, revision = form.name.form.translated, form.revision.data or 0
    try:
        with transaction() as db:
            ranks.change_rank(db, rank, name, revision=revision, actor=actor(), now=now())
    except Stale:
        return _page(changed={rank: form}, versions={rank: _versions(rank, form)}), 409
    flash(_("Saved."))
    return redirect(url_for(".index"), 303)


@bp.post("/<int:rank>/move")
@organiser(Right.ADMINISTER)
def move(rank: int) -> ResponseReturnValue:
    with transaction() as db:
        ranks.move_rank(db, rank, WAYS.get(request.form.get("way", ""), 0), actor=actor(), now=now())
    return redirect(url_for(".index", _anchor=f"rank-{rank}"), 303)


@bp.post("/<int:rank>/remove")
@organiser(Right.ADMINISTER)
def remove(rank: int) -> ResponseReturnValue:
    try:
        with transaction() as db:
            ranks.remove_rank(db, rank, actor=actor(), now=now())
    except Conflict as refused:
        return _page(problem=sentence(refused)), 409
    flash(_("Rank removed."))
    return redirect(url_for(".index"), 303)


def _prefix(rank_id: int) -> str:
    """Several forms stand on one page; their fields need names of their own."""
    return f"rank{rank_id}"


def _stored(rank: Rank) -> RankForm:
    data = {"name": rank.name.as_dict(), "revision": rank.revision}
    return RankForm(formdata=None, prefix=_prefix(rank.id), data=data)


def _versions(rank_id: int, form: RankForm) -> dict[str, Any]:
    db = database.session()
    stored, last = db.get_one(Rank, rank_id), audit.last_of(db, "rank", rank_id)
    rows = differences(form, _stored(stored))
    form.revision.data, form.revision.raw_data = stored.revision, None
    return {"rows": rows, "who": last.actor_name if last else ""}


def _page(*, changed: dict[int, RankForm] | None = None, **context: Any) -> str:
    db, typed = database.session(), changed or {}
    rows = ranks.ranks_of(db, editions.the_series(db).id)
    return render_template(
        "speakers/ranks.html", section="series", rows=rows, holders=ranks.speakers_by_rank(db),
        forms=[(rank, typed.get(rank.id) or _stored(rank)) for rank in rows],
        new=typed.get(NEW) or RankForm(formdata=None, prefix=_prefix(NEW)), open=set(typed) if rows else {NEW},
        may_edit=actor().may(Right.ADMINISTER), **({"versions": {}, "problem": ""} | context),
    )  # fmt: skip
