"""The organisers' agenda: the list with what is wrong in it, and the form of a session."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.agenda import actions, queries
from app.agenda.casting import Casting, by_protocol, casting, enlisted
from app.agenda.findings import Finding, findings, marks, of_session, tally
from app.agenda.forms import CancelForm, SessionForm, complain, session_data
from app.agenda.listing import NOWHERE, Wish, grouped
from app.agenda.models import Room, Session, Track
from app.agenda.naming import Names, names_for
from app.agenda.plan import Plan
from app.agenda.planning import plan_of
from app.agenda.rules import SpeakingOrder
from app.agenda.sentences import PROBLEMS, sentence_of
from app.agenda.words import FIELD_OF, KINDS, PARTS_OF_DAY, ROLES, SEVERITIES, STANDINGS
from app.audit import queries as audit
from app.database import DbSession
from app.editions import queries as editions
from app.editions.models import Edition
from app.editions.rules import State
from app.errors import Conflict, NotFound, Stale
from app.extensions import database
from app.speakers.words import STATES
from app.values.actor import Right
from app.values.text import a_number
from app.values.time import in_zone
from app.web.access import actor, organiser
from app.web.clock import now
from app.web.dates import home_zones, short_day
from app.web.fields import own_number
from app.web.languages import language
from app.web.messages import sentence
from app.web.transaction import transaction
from app.web.versions import differences

bp = Blueprint("agenda_manage", __name__, url_prefix="/organise/editions/<edition>")


def edition_of(slug: str) -> Edition:
    """The guard has checked the right; this only finds the row."""
    edition = editions.edition_by_slug(database.session(), slug)
    if edition is None:
        raise NotFound
    return edition


def the_plan(edition_id: int) -> Plan:
    """The draft with how many have signed up: the agenda stands left of registrations, so it is told by whom to ask."""
    db = database.session()
    return plan_of(db, edition_id, signed_up=current_app.extensions["signed_up"](db, edition_id))


@bp.get("/agenda")
@organiser(Right.SEE)
def index(edition: str) -> ResponseReturnValue:
    db, row, wish = database.session(), edition_of(edition), Wish.of(request.args)
    sessions = queries.sessions_of(db, row.id)
    found = findings(the_plan(row.id))
    badness = marks(found)
    shown = [session for session in sessions if wish.fits(session, badness.get(session.id))]
    rooms, tracks = queries.rooms_of(db, row.id), queries.tracks_of(db, row.id)
    return render_template(
        "agenda/index.html", edition=row, section="agenda", wish=wish, sessions=sessions, badness=badness,
        groups=grouped(shown, is_over=is_over(row)), shown=shown, rooms=rooms, tracks=tracks,
        days=days_of(row, sessions), kinds=KINDS, standings=STANDINGS, active_words=_words(wish, rooms, tracks),
        counts=tally(found), severities=SEVERITIES, parts_of_day=PARTS_OF_DAY, homes=_homes(),
        may_edit=actor().may(Right.EDIT_AGENDA, row.id),
    )  # fmt: skip


def _words(wish: Wish, rooms: Sequence[Room], tracks: Sequence[Track]) -> dict[str, str]:
    """Each active part of the filter as a person would say it."""
    none, day = _("none"), a_day(wish.day)
    room_names = {str(room.id): room.name.best(language()).text for room in rooms}
    track_names = {str(track.id): track.name.best(language()).text for track in tracks}
    return {
        "q": f"“{wish.q}”",
        "day": short_day(day) if day else _("Day: %(day)s", day=none if wish.day == NOWHERE else wish.day),
        "room": room_names.get(wish.room) or _("Room: %(room)s", room=none if wish.room == NOWHERE else wish.room),
        "track": track_names.get(wish.track)
        or _("Track: %(track)s", track=none if wish.track == NOWHERE else wish.track),
        "kind": str(KINDS.get(wish.kind, wish.kind)),
        "state": str(STANDINGS.get(wish.state, wish.state)),
    }


def a_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def is_over(edition: Edition) -> bool:
    return edition.state in (State.HELD, State.ARCHIVED)


def days_of(edition: Edition, sessions: Sequence[Session]) -> list[date]:
    """The edition's own days and any other that a session stands on."""
    own = set(edition.own_days or ())
    return sorted(own | {session.day for session in sessions if session.day})


def telling(edition: Edition, names: Names) -> dict[str, Any]:
    """What `agenda/_findings.html` needs to say findings: `told` is their sentence with links."""
    told = partial(sentence_of, names=names, address=partial(_address, edition.slug))
    return {"told": told, "severities": SEVERITIES, "edition": edition}


def _address(edition: str, session_id: int) -> str:
    return url_for("agenda_manage.session", edition=edition, session=session_id)


def _homes() -> tuple[str, ...]:
    return editions.the_series(database.session()).home_zones


@bp.get("/agenda/new")
@organiser(Right.EDIT_AGENDA)
def session_new(edition: str) -> ResponseReturnValue:
    row = edition_of(edition)
    first = row.own_days.first if row.own_days else None
    return _page(
        row,
        None,
        _form(row, data={"day": a_day(request.args.get("day", "")) or first, "number": str(uuid4())}, formdata=None),
    )


@bp.post("/agenda/new")
@organiser(Right.EDIT_AGENDA)
def session_create(edition: str) -> ResponseReturnValue:
    row = edition_of(edition)
    edition_id, form = row.id, _form(row)
    if act := _rehearsal():
        return _rehearsed(row, None, form, act)
    if not form.validate():
        return _page(row, None, form), 422
    try:
        with transaction() as db:
            ids = enlisted(db, edition_id, form.cast.data, actor=actor(), now=now())
            session_id = actions.create_session(
                db, edition_id, form.facts(ids), actor=actor(), now=now(), uid=own_number(form.number)
            ).id
    except Conflict as refused:
        return _refused(edition_of(edition), None, form, refused)
    flash(_("Added. The public sees it with the next release."))
    return redirect(url_for(".session", edition=edition, session=session_id), 303)


@bp.get("/agenda/<int:session>")
@organiser(Right.SEE)
def session(edition: str, session: int) -> ResponseReturnValue:
    row = edition_of(edition)
    stored = queries.session_of(database.session(), row.id, session)
    return page_of(row, stored)


@bp.post("/agenda/<int:session>")
@organiser(Right.EDIT_TEXTS)
def session_save(edition: str, session: int) -> ResponseReturnValue:
    """Every button of the form comes here; only saving stores anything. Translators store texts and nothing else."""
    row = edition_of(edition)
    stored = queries.session_of(database.session(), row.id, session)
    edition_id, may_move = row.id, actor().may(Right.EDIT_AGENDA, row.id)
    form = _form(row, stored) if may_move else _stored_form(row, stored)
    if not may_move:
        form.read_texts_only(request.form)
    elif act := _rehearsal():
        return _rehearsed(row, stored, form, act)
    if not form.validate():
        return _page(row, stored, form), 422
    try:
        with transaction() as db:
            _save(db, edition_id, session, form, may_move=may_move)
    except Stale:
        return _two_versions(edition, session, form)
    except Conflict as refused:
        row = edition_of(edition)
        return _refused(row, queries.session_of(database.session(), row.id, session), form, refused)
    flash(_("Saved. The public sees it with the next release."))
    return redirect(url_for(".session", edition=edition, session=session), 303)


def _save(db: DbSession, edition_id: int, session_id: int, form: SessionForm, *, may_move: bool) -> None:
    """What a form leaves out (and for a translator everything but texts) stays as it is stored now."""
    before = queries.facts_of(queries.session_of(db, edition_id, session_id))
    if may_move:
        ids = enlisted(db, edition_id, form.cast.data, actor=actor(), now=now())
        facts = form.facts(ids, position=before.position)
    else:
        title, abstract = form.title.form.translated, form.abstract.form.translated
        facts = replace(before, title=title, abstract=abstract, note=form.note.form.translated)
    actions.change_session(db, session_id, facts, revision=form.revision.data or 0, actor=actor(), now=now())


@bp.post("/agenda/<int:session>/cancel")
@organiser(Right.EDIT_AGENDA)
def session_cancel(edition: str, session: int) -> ResponseReturnValue:
    row, form = edition_of(edition), CancelForm()
    stored = queries.session_of(database.session(), row.id, session)
    if not form.validate():
        return page_of(row, stored, cancelling=form), 422
    try:
        with transaction() as db:
            revision = form.revision.data
            actions.cancel_session(db, session, form.translated, revision=revision, actor=actor(), now=now())
    except Conflict as refused:
        return _outdated(edition, session, refused, cancelling=form)
    flash(_("Cancelled. With the next release the public reads the reason, and calendars show it as cancelled."))
    return redirect(url_for(".session", edition=edition, session=session), 303)


@bp.post("/agenda/<int:session>/reinstate")
@organiser(Right.EDIT_AGENDA)
def session_reinstate(edition: str, session: int) -> ResponseReturnValue:
    queries.session_of(database.session(), edition_of(edition).id, session)
    try:
        with transaction() as db:
            revision = request.form.get("revision", type=int)
            actions.reinstate_session(db, session, revision=revision, actor=actor(), now=now())
    except Conflict as refused:
        return _outdated(edition, session, refused)
    flash(_("Takes place again. The public sees it with the next release."))
    return redirect(url_for(".session", edition=edition, session=session), 303)


@bp.post("/agenda/<int:session>/remove")
@organiser(Right.EDIT_AGENDA)
def session_remove(edition: str, session: int) -> ResponseReturnValue:
    queries.session_of(database.session(), edition_of(edition).id, session)
    try:
        with transaction() as db:
            actions.remove_session(db, session, actor=actor(), now=now())
    except Conflict as refused:
        return _outdated(edition, session, refused)
    flash(_("Removed. Nobody outside had seen it."))
    return redirect(url_for(".index", edition=edition), 303)


def _form(edition: Edition, stored: Session | None = None, **options: Any) -> SessionForm:
    """The form of this edition, with its rooms and tracks to choose from and everybody it may name."""
    db = database.session()
    form = SessionForm(
        zone=edition.zone,
        rooms=[(str(room.id), _room_label(room)) for room in queries.rooms_of(db, edition.id)],
        tracks=[(str(track.id), _track_label(track)) for track in queries.tracks_of(db, edition.id)],
        names=casting(db, edition.id, request.form, language()).names,
        **options,
    )
    if stored is not None and stored.was_published:
        form.slug.data = stored.slug
    return form


def _stored_form(edition: Edition, stored: Session) -> SessionForm:
    data = {**session_data(queries.facts_of(stored)), "revision": stored.revision}
    return _form(edition, stored, formdata=None, data=data)


def _room_label(room: Room) -> str:
    name = room.name.best(language()).text
    return _("%(room)s, %(seats)s seats", room=name, seats=room.capacity) if room.capacity else name


def _track_label(track: Track) -> str:
    return track.name.best(language()).text


def _rehearsal() -> str:
    """Which button was pressed, if it was one that only changes what the form shows."""
    act = request.form.get("act", "save")
    return "" if act == "save" else act


def _rehearsed(edition: Edition, stored: Session | None, form: SessionForm, act: str) -> str:
    """The same page with everything typed, and the cast changed as the button says. Nothing is stored."""
    verb, _dash, rest = act.partition("-")
    cast, place = form.cast.data, -1 if (number := a_number(rest)) is None else number
    if verb == "up":
        form.cast.data = cast.moved(place, -1)
    elif verb == "down":
        form.cast.data = cast.moved(place, 1)
    elif verb == "remove":
        form.cast.data = cast.without(place)
    elif verb == "order" and form.order.data in list(SpeakingOrder):
        speakers = casting(database.session(), edition.id, request.form, language()).speakers
        sides = the_plan(edition.id).sides
        form.cast.data = by_protocol(cast, speakers, SpeakingOrder(form.order.data), sides)
    elif verb == "add" and rest in form.names:
        form.cast.data = cast.joined(rest).named(form.names)
    return _page(edition, stored, form, finding=verb == "find")


def _refused(edition: Edition, stored: Session | None, form: SessionForm, refused: Conflict) -> ResponseReturnValue:
    if refused.code in ("slug_taken", "slug_is_public"):
        complain(form.slug, sentence(refused))
    else:
        form.form_errors.append(sentence(refused))
    return _page(edition, stored, form), 409


def _outdated(
    edition: str, session_id: int, refused: Conflict, cancelling: CancelForm | None = None
) -> ResponseReturnValue:
    """The session as it is now, with the reason why the button did nothing, and what was typed as a reason."""
    row = edition_of(edition)
    stored = queries.session_of(database.session(), row.id, session_id)
    form = _stored_form(row, stored)
    form.form_errors.append(sentence(refused))
    return _page(row, stored, form, cancelling=cancelling), 409


def _two_versions(edition: str, session_id: int, form: SessionForm) -> ResponseReturnValue:
    """Both beside each other, what was typed still in the form; saving again is then a choice."""
    db, row = database.session(), edition_of(edition)
    stored = queries.session_of(db, row.id, session_id)
    rows = differences(form, _stored_form(row, stored))
    last = audit.last_of(db, "session", session_id)
    form.revision.data, form.revision.raw_data = stored.revision, None
    return _page(row, stored, form, versions={"rows": rows, "who": last.actor_name if last else ""}), 409


def page_of(edition: Edition, stored: Session, **context: Any) -> str:
    """The session's page as it is stored."""
    return _page(edition, stored, _stored_form(edition, stored), **context)


def _page(edition: Edition, stored: Session | None, form: SessionForm, **context: Any) -> str:
    db, acting, plan = database.session(), actor(), the_plan(edition.id)
    found = of_session(findings(plan), stored.id) if stored else ()
    cast: Casting = casting(db, edition.id, request.form, language(), chosen=form.cast.data)
    context = {"cancelling": CancelForm(formdata=None), "versions": None, "finding": False, "waiving": None} | {
        name: value for name, value in context.items() if value is not None
    }
    return render_template(
        "agenda/session.html", edition=edition, session=stored, form=form, beside=_beside(found), section="agenda",
        known=telling(edition, names_for(db, plan, found)), found=found, casting=cast, roles=ROLES,
        speaker_states=STATES, **_let_stand(edition, stored, found),
        may_move=acting.may(Right.EDIT_AGENDA, edition.id), may_write=acting.may(Right.EDIT_TEXTS, edition.id),
        home_times=_home_times(edition, form), last=audit.last_of(db, "session", stored.id) if stored else None,
        free=queries.free_rooms_for(db, plan, stored.id) if stored else (), **context,
    )  # fmt: skip


def _let_stand(edition: Edition, stored: Session | None, found: Sequence[Finding]) -> dict[str, Any]:
    """Who let which finding stand, and at this session what is not even found any more."""
    waivers = queries.waivers_of(database.session(), edition.id) if stored else {}
    present = {finding.problem.value for finding in found}
    idle = [w for (id_, kind), w in waivers.items() if stored and id_ == stored.id and kind not in present]
    return {"waivers": waivers, "idle": idle, "problems": PROBLEMS, "severities": SEVERITIES}


def _beside(found: Sequence[Finding]) -> dict[str, list[Finding]]:
    """By field of the form. What was waved through is listed below it, and disturbs nobody there."""
    fields: dict[str, list[Finding]] = {}
    for finding in found:
        if not finding.waived:
            fields.setdefault(FIELD_OF[finding.problem], []).append(finding)
    return fields


def _home_times(edition: Edition, form: SessionForm) -> list[tuple[str, Any, Any]]:
    """Zone, start and end there, for each home whose clock differs from the venue's then."""
    starts, ends = form.starts_at, form.ends_at
    if starts is None or ends is None or ends < starts - timedelta(days=1):
        return []
    zone = edition.zone
    return [(h, in_zone(starts, zone, h), in_zone(ends, zone, h)) for h in home_zones(zone, starts, _homes())]
