"""The public calendar feeds: header, zones and the blocks kept since they were published. Nothing is written here.

What an edition once promised stays in its feeds: they exist as soon as it was announced and with days, and go on
for ever, whatever becomes of the edition. So they read what was promised and not what is planned; an edition that
is a draft again shows nothing newer than its promise, not even a title.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Response, current_app, render_template, url_for
from flask_babel import gettext as _

from app.calendar import queries as calendars
from app.calendar.feed import Entry, Head, calendar
from app.calendar.models import CalendarEvent
from app.calendar.rules import Phase
from app.database import DbSession
from app.editions import queries as editions
from app.editions.models import Edition
from app.errors import NotFound
from app.extensions import database
from app.people import queries as people
from app.publishing import queries
from app.publishing.content import Content
from app.publishing.views import bp
from app.values.language import Language, Translated
from app.web.access import public
from app.web.addresses import absolute, webcal
from app.web.published import as_of
from app.web.qr import qr

__all__ = ["bp"]

FRESH = "public, max-age=300, stale-while-revalidate=3600"
FRESH_PAST = "public, max-age=86400, stale-while-revalidate=3600"
IN_EDITION = "/<language:lang>/editions/<edition>"


@dataclass(frozen=True, slots=True)
class Promised:
    """An edition as its subscribers know it."""

    edition: Edition
    own: CalendarEvent
    events: Sequence[CalendarEvent]
    """Of all of it, its own days and tombstones included."""

    def title(self, lang: Language) -> str:
        text = self.edition.title if self.edition.is_public else self.own.titles
        return text.best(lang).text

    def page(self, lang: Language) -> str:
        has_agenda = any(event.session_slug for event in self.events)
        endpoint = "publishing.agenda" if has_agenda else "site.edition"
        return absolute(endpoint, lang=lang, edition=self.edition.slug)


def promised_by(db: DbSession, slug: str) -> Promised:
    """Raises `NotFound` for an edition that never promised anything: a draft, or one of which only the year is known."""
    edition = editions.edition_by_slug(db, slug)
    events = calendars.events_of(db, edition.id) if edition else ()
    own = next((event for event in events if not event.session_slug), None)
    if edition is None or own is None:
        raise NotFound
    return Promised(edition, own, events)


@bp.get(f"{IN_EDITION}/agenda.ics")
@public()
def agenda_feed(lang: Language, edition: str) -> Response:
    promised = promised_by(database.session(), edition)
    title = promised.title(lang)
    told = _("The agenda of %(edition)s. What moves or is cancelled changes here by itself.", edition=title)
    source = absolute("publishing.agenda_feed", lang=lang, edition=edition)
    return _feed(lang, promised, promised.events, "agenda", name=title, told=told, source=source)


@bp.get(f"{IN_EDITION}/tracks/<track>.ics")
@public()
def track_feed(lang: Language, edition: str, track: str) -> Response:
    source = absolute("publishing.track_feed", lang=lang, edition=edition, track=track)
    return _part(lang, edition, "track", track, source, lambda event: event.track == track)


@bp.get(f"{IN_EDITION}/rooms/<room>.ics")
@public()
def room_feed(lang: Language, edition: str, room: str) -> Response:
    source = absolute("publishing.room_feed", lang=lang, edition=edition, room=room)
    return _part(lang, edition, "room", room, source, lambda event: event.room == room)


@bp.get(f"{IN_EDITION}/speakers/<person>.ics")
@public()
def speaker_feed(lang: Language, edition: str, person: str) -> Response:
    source = absolute("publishing.speaker_feed", lang=lang, edition=edition, person=person)
    return _part(lang, edition, "person", person, source, lambda event: person in event.people)


def _part(
    lang: Language, slug: str, kind: str, part: str, source: str, belongs: Callable[[CalendarEvent], bool]
) -> Response:
    db = database.session()
    promised = promised_by(db, slug)
    released = _released_name(db, promised.edition, kind, part, lang)
    if released is None and not any(f"{kind}:{part}" in event.once_with for event in promised.events):
        raise NotFound
    title = promised.title(lang)
    name = f"{released} – {title}" if released else title
    told = _("A part of the agenda: %(part)s. What moves or is cancelled changes here by itself.", part=name)
    chosen = [event for event in promised.events if belongs(event)]
    return _feed(lang, promised, chosen, f"{kind}-{part}", name=name, told=told, source=source)


def _released_name(db: DbSession, edition: Edition, kind: str, part: str, lang: Language) -> str | None:
    """What the last release calls it. None where there is none, or the public may not see it (any more)."""
    content = queries.current_content(db, edition.id) if edition.is_public else None
    if content is None:
        return None
    if kind == "person":
        person = people.person_by_slug(db, part)
        return person.full_name.spoken(lang) if person and person.id in content.person_ids else None
    found = content.track(part) if kind == "track" else content.room(part)
    return found.name.best(lang).text if found else None


@bp.get(f"{IN_EDITION}/sessions/<session>.ics")
@public()
def session_feed(lang: Language, edition: str, session: str) -> Response:
    """To add once. Nobody comes back for it, so a cancelled one is told of without end."""
    promised = promised_by(database.session(), edition)
    chosen = [event for event in promised.events if event.session_slug == session]
    if not chosen:
        raise NotFound
    name = chosen[0].titles.best(lang).text
    source = absolute("publishing.session_feed", lang=lang, edition=edition, session=session)
    head = _head(lang, promised, f"session-{session}", name, promised.title(lang), source)
    response = _answer(head, [_entry(event, lang) for event in chosen], _phase(promised))
    response.headers["Content-Disposition"] = f'attachment; filename="{session}.ics"'
    return response


@bp.get("/<language:lang>/calendar.ics")
@public()
def series_feed(lang: Language) -> Response:
    db, at = database.session(), as_of()
    series = editions.the_series(db)
    own = calendars.own_events(db)
    events = [*own, *calendars.sessions_to_come(db, own, at)]
    entries = [_entry(event, lang) for event in events if calendars.in_feeds(event, at)]
    if not entries:
        raise NotFound
    during = any(calendars.phase_of(event, at) is Phase.DURING for event in own)
    phase = Phase.DURING if during else Phase.BEFORE
    head = Head(
        uid=f"series-{series.uid}-{lang}@{_domain(series.uid_domain)}",
        name=series.name.best(lang).text,
        told=_("Every edition with its days, and the agenda of those to come."),
        zone=series.home_zones[0] if series.home_zones else events[0].promised["zone"],
        refresh=phase.refresh,
        source=absolute("publishing.series_feed", lang=lang),
        url=absolute("site.series", lang=lang),
        changed_at=calendars.changed_at(events, at),
    )
    return _answer(head, entries, phase)


def _feed(
    lang: Language,
    promised: Promised,
    chosen: Sequence[CalendarEvent],
    kind: str,
    *,
    name: str,
    told: str,
    source: str,
) -> Response:
    """Its events but for tombstones whose time is over; where nothing is left, the edition's own days."""
    at = as_of()
    shown = [event for event in chosen if calendars.in_feeds(event, at)] or [promised.own]
    head = _head(lang, promised, kind, name, told, source)
    return _answer(head, [_entry(event, lang) for event in shown], _phase(promised))


def _head(lang: Language, promised: Promised, kind: str, name: str, told: str, source: str) -> Head:
    return Head(
        uid=f"{kind}-{promised.edition.uid}-{lang}@{_domain(promised.edition.series.uid_domain)}",
        name=name,
        told=told,
        zone=promised.own.promised["zone"],
        refresh=_phase(promised).refresh,
        source=source,
        url=promised.page(lang),
        changed_at=calendars.changed_at(promised.events, as_of()),
    )


def _phase(promised: Promised) -> Phase:
    return calendars.phase_of(promised.own, as_of())


def _domain(stored: str) -> str:
    return stored or str(current_app.config["LUNTAN"].uid_domain)


def _entry(event: CalendarEvent, lang: Language) -> Entry:
    return Entry(event.uid, event.begins, event.zone, event.blocks[lang.value])


def _answer(head: Head, entries: Sequence[Entry], phase: Phase) -> Response:
    response = Response(calendar(head, entries), content_type="text/calendar; charset=utf-8")
    response.last_modified = head.changed_at
    response.headers["Cache-Control"] = FRESH_PAST if phase is Phase.PAST else FRESH
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@dataclass(frozen=True, slots=True)
class Offer:
    """A feed of the table on a subscribe page."""

    name: Translated
    address: str
    colour: int | None = None
    page: str = ""


@bp.get(f"{IN_EDITION}/calendar", endpoint="calendar")
@public()
def calendar_page(lang: Language, edition: str) -> str:
    """How to subscribe. There is none where there is no feed."""
    db = database.session()
    found = editions.public_edition(db, edition)
    promised = promised_by(db, edition)
    content = queries.current_content(db, found.id) or Content()
    address = absolute("publishing.agenda_feed", lang=lang, edition=edition)
    return render_template(
        "publishing/calendar.html",
        section="calendar",
        edition=found,
        address=address,
        code=qr(webcal(address), label=_("The address as a QR code")),
        phase=_phase(promised),
        tracks=[
            Offer(track.name, absolute("publishing.track_feed", lang=lang, edition=edition, track=track.slug), track.colour)
            for track in content.tracks
        ],
        rooms=[
            Offer(room.name, absolute("publishing.room_feed", lang=lang, edition=edition, room=room.slug))
            for room in content.rooms
        ],
        everything=absolute("publishing.series_feed", lang=lang),
    )  # fmt: skip


@bp.get("/<language:lang>/calendar")
@public()
def series_calendar(lang: Language) -> str:
    """How to subscribe to all editions; those that have a feed of their own are listed, the next one first."""
    db = database.session()
    with_feed = {event.edition_id for event in calendars.own_events(db)}
    address = absolute("publishing.series_feed", lang=lang)
    return render_template(
        "publishing/series_calendar.html",
        section="calendar",
        address=address if with_feed else None,
        code=qr(webcal(address), label=_("The address as a QR code")),
        editions=[
            Offer(
                edition.title,
                absolute("publishing.agenda_feed", lang=lang, edition=edition.slug),
                page=url_for("publishing.calendar", lang=lang, edition=edition.slug),
            )
            for edition in editions.public_editions(db)
            if edition.id in with_feed
        ],
    )
