"""The organisers' pages of rooms and of tracks: every one a form of its own."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.agenda import actions, queries
from app.agenda.forms import RoomForm, TrackForm
from app.agenda.manage import bp, edition_of
from app.agenda.models import Room, Track
from app.agenda.rules import PALETTE, free_colour
from app.agenda.words import COLOURS
from app.audit import queries as audit
from app.editions.models import Edition
from app.errors import Conflict, Stale
from app.extensions import database
from app.values.actor import Right
from app.web.access import actor, organiser
from app.web.clock import now
from app.web.messages import sentence
from app.web.transaction import transaction
from app.web.versions import differences

__all__ = ["bp"]

WAYS = {"up": -1, "down": 1}
NEW = 0
"""Stands for the id of the one that is being added."""


@bp.get("/rooms")
@organiser(Right.SEE)
def rooms(edition: str) -> ResponseReturnValue:
    return _rooms_page(edition_of(edition))


@bp.post("/rooms")
@organiser(Right.EDIT_AGENDA)
def room_create(edition: str) -> ResponseReturnValue:
    row, form = edition_of(edition), RoomForm(prefix=_prefix(NEW))
    if not form.validate():
        return _rooms_page(row, changed={NEW: form}), 422
    edition_id = row.id
    with transaction() as db:
        actions.create_room(db, edition_id, form.facts(), actor=actor(), now=now())
    flash(_("Room added."))
    return redirect(url_for(".rooms", edition=edition), 303)


@bp.post("/rooms/<int:room>")
@organiser(Right.EDIT_TEXTS)
def room_save(edition: str, room: int) -> ResponseReturnValue:
    """Translators store names and ways to find it; seats, site and booths stay what they are."""
    row = edition_of(edition)
    stored = queries.room_of(database.session(), row.id, room)
    form = RoomForm(prefix=_prefix(room))
    if not actor().may(Right.EDIT_AGENDA, row.id):
        for field, value in ((form.capacity, stored.capacity), (form.site, stored.site), (form.booths, stored.booths)):
            field.data, field.raw_data = value, None
    if not form.validate():
        return _rooms_page(row, changed={room: form}), 422
    try:
        with transaction() as db:
            revision = form.revision.data or 0
            actions.change_room(db, room, form.facts(), revision=revision, actor=actor(), now=now())
    except Stale:
        row = edition_of(edition)
        stored = queries.room_of(database.session(), row.id, room)
        versions = _versions("room", room, form, _room_form(stored))
        return _rooms_page(row, changed={room: form}, versions={room: versions}), 409
    flash(_("Saved. The public sees it with the next release."))
    return redirect(url_for(".rooms", edition=edition), 303)


@bp.post("/rooms/<int:room>/move")
@organiser(Right.EDIT_AGENDA)
def room_move(edition: str, room: int) -> ResponseReturnValue:
    queries.room_of(database.session(), edition_of(edition).id, room)
    with transaction() as db:
        actions.move_room(db, room, WAYS.get(request.form.get("way", ""), 0), actor=actor(), now=now())
    return redirect(url_for(".rooms", edition=edition, _anchor=f"place-{room}"), 303)


@bp.post("/rooms/<int:room>/remove")
@organiser(Right.EDIT_AGENDA)
def room_remove(edition: str, room: int) -> ResponseReturnValue:
    queries.room_of(database.session(), edition_of(edition).id, room)
    try:
        with transaction() as db:
            actions.remove_room(db, room, actor=actor(), now=now())
    except Conflict as refused:
        return _rooms_page(edition_of(edition), problem=sentence(refused)), 409
    flash(_("Room removed."))
    return redirect(url_for(".rooms", edition=edition), 303)


@bp.get("/tracks")
@organiser(Right.SEE)
def tracks(edition: str) -> ResponseReturnValue:
    return _tracks_page(edition_of(edition))


@bp.post("/tracks")
@organiser(Right.EDIT_AGENDA)
def track_create(edition: str) -> ResponseReturnValue:
    row, form = edition_of(edition), TrackForm(prefix=_prefix(NEW))
    if not form.validate():
        return _tracks_page(row, changed={NEW: form}), 422
    edition_id = row.id
    with transaction() as db:
        actions.create_track(db, edition_id, form.facts(), actor=actor(), now=now())
    flash(_("Track added."))
    return redirect(url_for(".tracks", edition=edition), 303)


@bp.post("/tracks/<int:track>")
@organiser(Right.EDIT_TEXTS)
def track_save(edition: str, track: int) -> ResponseReturnValue:
    """Translators store the name; the colour stays what it is."""
    row = edition_of(edition)
    stored = queries.track_of(database.session(), row.id, track)
    form = TrackForm(prefix=_prefix(track))
    if not actor().may(Right.EDIT_AGENDA, row.id):
        form.colour.data, form.colour.raw_data = stored.colour, None
    if not form.validate():
        return _tracks_page(row, changed={track: form}), 422
    try:
        with transaction() as db:
            revision = form.revision.data or 0
            actions.change_track(db, track, form.facts(), revision=revision, actor=actor(), now=now())
    except Stale:
        row = edition_of(edition)
        stored = queries.track_of(database.session(), row.id, track)
        versions = _versions("track", track, form, _track_form(stored))
        return _tracks_page(row, changed={track: form}, versions={track: versions}), 409
    flash(_("Saved. The public sees it with the next release."))
    return redirect(url_for(".tracks", edition=edition), 303)


@bp.post("/tracks/<int:track>/move")
@organiser(Right.EDIT_AGENDA)
def track_move(edition: str, track: int) -> ResponseReturnValue:
    queries.track_of(database.session(), edition_of(edition).id, track)
    with transaction() as db:
        actions.move_track(db, track, WAYS.get(request.form.get("way", ""), 0), actor=actor(), now=now())
    return redirect(url_for(".tracks", edition=edition, _anchor=f"place-{track}"), 303)


@bp.post("/tracks/<int:track>/remove")
@organiser(Right.EDIT_AGENDA)
def track_remove(edition: str, track: int) -> ResponseReturnValue:
    queries.track_of(database.session(), edition_of(edition).id, track)
    try:
        with transaction() as db:
            actions.remove_track(db, track, actor=actor(), now=now())
    except Conflict as refused:
        return _tracks_page(edition_of(edition), problem=sentence(refused)), 409
    flash(_("Track removed."))
    return redirect(url_for(".tracks", edition=edition), 303)


def _prefix(place_id: int) -> str:
    """Several forms stand on one page; their fields need names of their own."""
    return f"place{place_id}"


def _room_form(room: Room) -> RoomForm:
    texts = {"name": room.name.as_dict(), "detail": room.detail.as_dict()}
    data = {**texts, "capacity": room.capacity, "site": room.site, "booths": room.booths, "revision": room.revision}
    return RoomForm(formdata=None, prefix=_prefix(room.id), data=data)


def _track_form(track: Track) -> TrackForm:
    data = {"name": track.name.as_dict(), "colour": track.colour, "revision": track.revision}
    return TrackForm(formdata=None, prefix=_prefix(track.id), data=data)


def _versions(kind: str, place_id: int, form: Any, stored: Any) -> dict[str, Any]:
    last = audit.last_of(database.session(), kind, place_id)
    rows = differences(form, stored)
    form.revision.data, form.revision.raw_data = stored.revision.data, None
    return {"rows": rows, "who": last.actor_name if last else ""}


def _rooms_page(edition: Edition, *, changed: dict[int, RoomForm] | None = None, **context: Any) -> str:
    db = database.session()
    rows, typed = queries.rooms_of(db, edition.id), changed or {}
    return render_template(
        "agenda/rooms.html", section="rooms", counts=queries.sessions_by_room(db, edition.id),
        forms=[(room, typed.get(room.id) or _room_form(room)) for room in rows],
        new=typed.get(NEW) or RoomForm(formdata=None, prefix=_prefix(NEW)), **_shared(edition, rows, typed, context),
    )  # fmt: skip


def _tracks_page(edition: Edition, *, changed: dict[int, TrackForm] | None = None, **context: Any) -> str:
    db = database.session()
    rows, typed = queries.tracks_of(db, edition.id), changed or {}
    free = {"colour": free_colour(tuple(track.colour for track in rows))}
    return render_template(
        "agenda/tracks.html", section="tracks", counts=queries.sessions_by_track(db, edition.id), palette=PALETTE, colours=COLOURS,
        forms=[(track, typed.get(track.id) or _track_form(track)) for track in rows],
        new=typed.get(NEW) or TrackForm(formdata=None, prefix=_prefix(NEW), data=free),
        **_shared(edition, rows, typed, context),
    )  # fmt: skip


def _shared(edition: Edition, rows: Sequence[Any], typed: dict[int, Any], context: dict[str, Any]) -> dict[str, Any]:
    acting = actor()
    return {
        "edition": edition,
        "rows": rows,
        "open": set(typed) if rows else {NEW},
        "versions": {},
        "problem": "",
        "may_edit": acting.may(Right.EDIT_AGENDA, edition.id),
        "may_write": acting.may(Right.EDIT_TEXTS, edition.id),
    } | context
