"""The agenda as the public sees it: the last release, with the names of today."""

from datetime import date, datetime, time

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.editions import queries as editions
from app.errors import NotFound
from app.extensions import database
from app.publishing import queries, timetable, words
from app.publishing.content import SessionContent
from app.publishing.queries import Billing, Released
from app.publishing.second_time import second_time, without_unknown_zone
from app.publishing.timetable import Choice
from app.search.rules import terms
from app.speakers.rules import Part, Scope
from app.values.language import Language
from app.values.text import folded
from app.values.time import wall
from app.web.access import public
from app.web.published import as_of

bp = Blueprint("publishing", __name__)
bp.add_app_template_filter(words.in_line, "in_line")
bp.add_app_template_filter(words.weekday_name, "weekday_name")
bp.add_app_template_filter(words.month_name, "month_name")
bp.add_app_template_filter(words.month_and_year, "month_and_year")
bp.add_app_template_filter(words.rfc3339, "rfc3339")
ARGUMENTS = ("day", "track", "room", "language", "q", "zone")


@bp.get("/<language:lang>/editions/<edition>/agenda")
@public(*ARGUMENTS)
def agenda(lang: Language, edition: str) -> ResponseReturnValue:
    shown = _released(edition)
    if elsewhere := without_unknown_zone(shown.edition):
        return elsewhere
    now = wall(as_of(), shown.edition.zone)
    days = timetable.days_of(shown.content)
    day = timetable.day_to_show(days, _wished_day(), now.date())
    choice = _choice(shown)
    second = second_time(shown.edition, datetime.combine(day, time(12))) if day else None
    return render_template(
        "publishing/agenda.html",
        **_frame(shown),
        days=days,
        day=day,
        laid_out=timetable.lay_out(shown.content, day, choice=choice, now=now) if day else None,
        undated=[session for session in shown.content.sessions if not session.day and choice.takes(session)],
        choice=choice,
        elsewhere=_elsewhere(shown, choice, day),
        second=second,
        wish=second.wish if second else None,
    )


@bp.get("/<language:lang>/editions/<edition>/agenda/<session>")
@public("zone")
def session(lang: Language, edition: str, session: str) -> ResponseReturnValue:
    shown = _released(edition)
    found = shown.content.session(session)
    if found is None:
        raise NotFound
    if elsewhere := without_unknown_zone(shown.edition):
        return elsewhere
    before, after = timetable.neighbours(shown.content, found)
    sources = queries.sources_by_id(database.session(), found.sources)
    second = second_time(shown.edition, found.starts_at) if found.starts_at else None
    return render_template(
        "publishing/session.html",
        **_frame(shown),
        session=found,
        second=second,
        wish=second.wish if second else None,
        before=before,
        after=after,
        sources=[sources[source] for source in found.sources if source in sources],
    )


@bp.get("/<language:lang>/editions/<edition>/speakers")
@public()
def speakers(lang: Language, edition: str) -> ResponseReturnValue:
    shown = _released(edition)
    cited = {source for speaker in shown.content.speakers for source in speaker.sources}
    sources = queries.sources_by_id(database.session(), cited)
    billed = [shown.billing(speaker) for speaker in shown.content.speakers]
    everyone = sorted(billed, key=lambda billing: _sort_key(billing, lang))
    return render_template(
        "publishing/speakers.html",
        **_frame(shown),
        speakers=[b for b in everyone if b.speaker.scope is Scope.FORUM and b.speaker.part is not Part.ATTENDEE],
        present=[b for b in everyone if b.speaker.scope is Scope.FORUM and b.speaker.part is Part.ATTENDEE],
        at_congress=[b for b in everyone if b.speaker.scope is Scope.CONGRESS],
        sessions=_sessions_by_speaker(shown),
        sources=list(dict.fromkeys(sources[s] for b in everyone for s in b.speaker.sources if s in sources)),
        cited=lambda ids: [sources[source] for source in ids if source in sources],
    )


def _released(slug: str) -> Released:
    """Raises `NotFound` for an edition the public may not know of."""
    db = database.session()
    return queries.released(db, editions.public_edition(db, slug))


def _frame(shown: Released) -> dict[str, object]:
    """What all pages of a release need."""
    earlier = {session.uid: session for session in shown.before.sessions} if shown.before else {}
    return {
        "edition": shown.edition,
        "release": shown.release,
        "content": shown.content,
        "who": shown.who,
        "moved_from": lambda session: timetable.moved_from(earlier.get(session.uid), session),
        "room_before": lambda session: shown.before.room(session.room) if shown.before else None,
        "rooms": {room.slug: room for room in shown.content.rooms},
        "tracks": {track.slug: track for track in shown.content.tracks},
        "words": words,
    }


def _wished_day() -> date | None:
    try:
        return date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return None


def _choice(shown: Released) -> Choice:
    """The filters of the address; what is not there to choose is ignored."""
    track, room = request.args.get("track", ""), request.args.get("room", "")
    spoken = request.args.get("language", "")
    words_wanted = terms(request.args.get("q", ""))

    def finds(session: SessionContent) -> bool:
        text = _findable(shown, session)
        return all(term in text for term in words_wanted)

    return Choice(
        track=track if shown.content.track(track) else None,
        room=room if shown.content.room(room) else None,
        language=Language(spoken) if spoken in tuple(Language) else None,
        finds=finds if words_wanted else None,
    )


def _findable(shown: Released, session: SessionContent) -> str:
    texts = [*session.title.as_dict().values(), *session.abstract.as_dict().values()]
    for billing in shown.who(session):
        texts.append(billing.person.findable)
        texts += billing.organisation.name.as_dict().values() if billing.organisation else []
    return f" {folded(' '.join(texts))} "


def _elsewhere(shown: Released, choice: Choice, day: date | None) -> dict[date, int]:
    """How much of what is looked for is on other days."""
    found: dict[date, int] = {}
    for session in shown.content.sessions if choice else ():
        if session.day and session.day != day and choice.takes(session):
            found[session.day] = found.get(session.day, 0) + 1
    return found


def _sort_key(billing: Billing, lang: Language) -> tuple[str, int]:
    person = billing.person
    return (person.sort_zh if lang is Language.ZH else person.sort_latin, person.id)


def _sessions_by_speaker(shown: Released) -> dict[int, list[SessionContent]]:
    found: dict[int, list[SessionContent]] = {}
    for session in shown.content.sessions:
        for entry in session.speakers:
            found.setdefault(entry.speaker_id, []).append(session)
    return found
