"""The organisers' rota of interpreters: who interprets what, where somebody is missing, and a proposal for it."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.agenda import queries
from app.agenda.manage import edition_of
from app.agenda.plan import Planned
from app.agenda.planning import plan_of
from app.agenda.rota import Objection, Offer, Rota, conflicts, fill, gaps, needs, rota_of, worst
from app.audit.models import AuditEntry
from app.database import DbSession
from app.editions.models import Edition
from app.errors import Conflict, NotFound
from app.extensions import database
from app.interpretation import duties
from app.interpretation.manage_crew import bp
from app.interpretation.roster import Filter, Lane, Scale, candidates, days_of, lanes, offer_of, parts, scale_of
from app.interpretation.words import against
from app.people.rules import Name
from app.values.actor import Right
from app.values.language import Language
from app.values.text import a_number
from app.web.access import actor, organiser
from app.web.clock import now
from app.web.languages import language
from app.web.messages import sentence
from app.web.transaction import transaction

__all__ = ["bp"]


@bp.get("/interpretation")
@organiser(Right.SEE)
def rota(edition: str) -> ResponseReturnValue:
    return _page(edition_of(edition))


@bp.post("/interpretation/give")
@organiser(Right.EDIT_AGENDA)
def duty_give(edition: str) -> ResponseReturnValue:
    """Nothing speaks so loud against it that an organiser could not do it; the page then says what does."""
    line, interpreter = request.form.get("line", ""), request.form.get("interpreter", "")
    if not interpreter:
        return _page(edition_of(edition), refused={line: _("Choose somebody.")}), 422
    offer, saw = _offer(line, interpreter), _numbers(request.form.get("saw", ""))
    edition_id = edition_of(edition).id
    return _acted(edition, line, lambda db: duties.give(db, edition_id, offer, saw=saw, actor=actor(), now=now()))


@bp.post("/interpretation/take-away")
@organiser(Right.EDIT_AGENDA)
def duty_take_away(edition: str) -> ResponseReturnValue:
    line = request.form.get("line", "")
    offer, edition_id = _offer(line, request.form.get("interpreter", "")), edition_of(edition).id
    return _acted(edition, line, lambda db: duties.take_away(db, edition_id, offer, actor=actor(), now=now()))


@bp.post("/interpretation/undo")
@organiser(Right.EDIT_AGENDA)
def duty_undo(edition: str) -> ResponseReturnValue:
    edition_id = edition_of(edition).id
    return _acted(edition, "", lambda db: duties.undo(db, edition_id, actor=actor(), now=now()))


@bp.get("/interpretation/fill")
@organiser(Right.EDIT_AGENDA)
def rota_fill(edition: str) -> ResponseReturnValue:
    """A proposal beside the rota. Nothing is stored."""
    return _proposal(edition_of(edition))


@bp.post("/interpretation/fill")
@organiser(Right.EDIT_AGENDA)
def rota_fill_take(edition: str) -> ResponseReturnValue:
    row = edition_of(edition)
    offers = [offer_of(text) for text in request.form.getlist("offer")[:5000]]
    known = [offer for offer in offers if offer]
    if not known or len(known) < len(offers):
        return _proposal(row, problem=_("Choose at least one duty.")), 422
    edition_id = row.id
    with transaction() as db:
        taken = duties.take(db, edition_id, known, actor=actor(), now=now())
    flash(_taken(len(taken), len(known)))
    return redirect(url_for(".rota", edition=edition), 303)


def _taken(taken: int, wanted: int) -> str:
    given = ngettext("%(num)s duty given.", "%(num)s duties given.", taken)
    if taken == wanted:
        return str(given)
    left = ngettext(
        "%(num)s of the proposal does not fit any more and was left out.",
        "%(num)s of the proposal do not fit any more and were left out.",
        wanted - taken,
    )
    return f"{given} {left}"


def _acted(edition: str, line: str, act: Callable[[DbSession], None]) -> ResponseReturnValue:
    """Back to the line it was about, in the same view of the page."""
    try:
        with transaction() as db:
            act(db)
    except Conflict as refused:
        return _page(edition_of(edition), refused={line: sentence(refused)}), 409
    wish: dict[str, Any] = {**Filter.of(request.args).active}
    return redirect(url_for(".rota", edition=edition, **wish, _anchor=f"line-{line}" if line else "undo"), 303)


def _offer(line: str, interpreter: str) -> Offer:
    """`line` is `session-language`. What no page of ours says is not found."""
    session, _dash, into = line.partition("-")
    offer = offer_of(f"{session}-{interpreter}-{into}")
    if offer is None:
        raise NotFound
    return offer


def _numbers(text: str) -> frozenset[int]:
    return frozenset(number for part in text.split(",") if (number := a_number(part)) is not None)


def _page(edition: Edition, refused: Mapping[str, str] | None = None) -> str:
    db, wish, known = database.session(), Filter.of(request.args), rota_of(plan_of(database.session(), edition.id))
    days, names = days_of(known.plan), _names(db, edition)
    day = _day(wish, days, known)
    everything = parts(known, day) if day else []
    shown = parts(known, day, wish) if day else []
    scale = scale_of(known, day) if day else None
    chosen = request.args.get("at", "") or next(iter(refused or {}), "")
    offered = candidates(known, [line for part in shown for line in part.lines], chosen)
    return render_template(
        "interpretation/rota.html", edition=edition, section="interpretation", wish=wish, day=day, days=days,
        parts=shown, total=everything, scale=scale, lanes=_in_order(names, known, day, scale), candidates=offered,
        chosen=chosen, refused=refused or {}, gaps_by_day=_gaps_by_day(known), gap_count=len(gaps(known.plan)),
        need_count=len(needs(known.plan)), troubles=list(conflicts(known)), worst=worst, act=_own_act(db, edition.id),
        may_edit=actor().may(Right.EDIT_AGENDA, edition.id), crew=names, **_words(db, edition, known),
    )  # fmt: skip


def _proposal(edition: Edition, problem: str = "") -> str:
    db = database.session()
    plan = plan_of(db, edition.id)
    before, after, offers = rota_of(plan), rota_of(plan), fill(plan)
    for offer in offers:
        after.take(after.sessions[offer.session], offer.interpreter)
    filled = {(offer.session, offer.into) for offer in offers}
    left = [gap for gap in gaps(plan) if (gap.session, gap.into) not in filled]
    return render_template(
        "interpretation/rota_fill.html", edition=edition, section="interpretation", offers=offers, left=left, before=before,
        after=after, problem=problem, crew=_names(db, edition), **_words(db, edition, before),
    )  # fmt: skip


def _words(db: DbSession, edition: Edition, known: Rota) -> dict[str, Any]:
    """What the pages speak of: rooms by id, and what speaks against somebody in words."""

    def reasons(objections: Iterable[Objection], session: Planned, into: Language) -> list[str]:
        return [against(objection, session, into, known.sessions) for objection in objections]

    return {"rooms": {room.id: room for room in queries.rooms_of(db, edition.id)}, "reasons": reasons}


def _names(db: DbSession, edition: Edition) -> dict[int, Name]:
    """By interpreter, in the order of the reader's language."""
    return {row.id: row.person.full_name for row in queries.crew_of(db, edition.id, language())}


def _in_order(names: Mapping[int, Name], known: Rota, day: date | None, scale: Scale | None) -> list[Lane]:
    found = {lane.who.id: lane for lane in lanes(known, day, scale)} if day and scale else {}
    return [found[interpreter] for interpreter in names if interpreter in found]


def _day(wish: Filter, days: list[date], known: Rota) -> date | None:
    """The one asked for; else the first on which something is to be interpreted."""
    asked = next((day for day in days if day.isoformat() == wish.day), None)
    busy = (day for day in days if parts(known, day))
    return asked or next(busy, days[0] if days else None)


def _gaps_by_day(known: Rota) -> dict[date, int]:
    found: dict[date, int] = {}
    for gap in gaps(known.plan):
        starts_at = known.sessions[gap.session].starts_at
        if starts_at:
            found[starts_at.date()] = found.get(starts_at.date(), 0) + 1
    return found


def _own_act(db: DbSession, edition_id: int) -> AuditEntry | None:
    """One's own last step, as long as nobody has done anything since."""
    last = duties.last_act(db, edition_id)
    mine = last is not None and last.account_id == actor().account_id and last.verb != duties.UNDONE
    return last if mine else None
