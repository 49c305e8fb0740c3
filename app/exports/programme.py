"""The programme of an edition as data for typst: every text in the one or two languages asked for."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from app.agenda.rules import SessionRole
from app.agenda.words import ROLES
from app.exports.saying import Said, in_scripts, say, word
from app.publishing import timetable
from app.publishing.content import SessionContent, TrackContent
from app.publishing.queries import Billing, Released
from app.publishing.words import kind
from app.values.language import Language, Translated
from app.values.time import in_zone
from app.web import dates
from app.web.languages import language, tongue

MOST_ROOMS = 6
"""Side by side on one sheet of A4; more go on to the next."""
HALF_HOUR = 30


@dataclass(frozen=True, slots=True)
class Issue:
    """Which programme: of a release, or of the draft (None), in one or two languages."""

    released: Released
    languages: tuple[Language, ...]
    address: str
    """Of the public agenda."""
    homes: tuple[str, ...] = ()

    @property
    def is_draft(self) -> bool:
        return self.released.release is None


def programme(issue: Issue) -> dict[str, Any]:
    """Everything both templates (`programme.typ`, `leaflet.typ`) say."""
    shown, edition = issue.released, issue.released.edition
    days = timetable.days_of(shown.content)
    return {
        "languages": [lang.tag for lang in issue.languages],
        "is_draft": issue.is_draft,
        "series": say(issue.languages, edition.series.short_name, edition.series.subject),
        "title": say(issue.languages, edition.title),
        "theme": say(issue.languages, edition.theme),
        "when": word(issue.languages, lambda: dates.span(edition.days) if edition.days else str(edition.year)),
        "where": say(issue.languages, edition.venue, edition.city),
        "version": word(issue.languages, lambda: _version(shown)),
        "words": _words(issue),
        "sample": word(issue.languages, lambda: _("Sample edition: everything here is invented."))
        if edition.is_sample
        else [],
        "address": issue.address,
        "days": [_day(issue, day) for day in days],
        "undated": [_session(issue, session) for session in shown.content.sessions if not session.day],
        "speakers": _speakers(issue),
        "tracks": [
            {"colour": track.colour, "name": say(issue.languages, track.name)} for track in shown.content.tracks
        ],
    }


def _words(issue: Issue) -> dict[str, Said]:
    """What the templates themselves have to say."""
    makers: dict[str, Callable[[], str]] = {
        "programme": lambda: _("Programme"),
        "draft": lambda: _("Draft"),
        "speakers": lambda: _("Speakers"),
        "cancelled": lambda: _("Cancelled"),
        "no_day": lambda: _("Day not yet known"),
        "online": lambda: _("The programme as it is now"),
        "times": lambda: _times(issue),
    }
    return {name: word(issue.languages, make) for name, make in makers.items()}


def _times(issue: Issue) -> str:
    places = [dates.city_of(home) for home in issue.homes]
    here = issue.released.edition.city.best(language()).text
    if not places:
        return str(_("Times are those of %(place)s.", place=here))
    return str(_("Times are those of %(place)s; in grey, those of %(home)s.", place=here, home=places[0]))


def _version(shown: Released) -> str:
    if shown.release is None:
        return str(_("Draft, not for publication"))
    when = dates.instant_text(shown.release.published_at, shown.edition.zone)
    return str(_("Release %(number)s, %(when)s", number=shown.release.number, when=when))


def _day(issue: Issue, day: date) -> dict[str, Any]:
    sessions = [session for session in issue.released.content.sessions if session.day == day]
    return {
        "name": word(issue.languages, lambda: dates.weekday(day)),
        "sessions": [_session(issue, session) for session in sessions],
        "sheets": list(_sheets(issue, day, sessions)),
    }


def _sheets(issue: Issue, day: date, sessions: Sequence[SessionContent]) -> Iterator[dict[str, Any]]:
    """The grid of a day: at most six rooms side by side, what is for all on every sheet."""
    timed = [session for session in sessions if session.starts_at and session.ends_at and not session.is_cancelled]
    rooms = [room for room in issue.released.content.rooms if any(session.room == room.slug for session in timed)]
    if not timed:
        return
    first = min(_minute(session.starts_at, day) for session in timed) // HALF_HOUR * HALF_HOUR
    last = -(-max(_minute(session.ends_at, day) for session in timed) // HALF_HOUR) * HALF_HOUR
    for start in range(0, max(len(rooms), 1), MOST_ROOMS):
        part = rooms[start : start + MOST_ROOMS]
        columns = {room.slug: n for n, room in enumerate(part)}
        yield {
            "first": first,
            "last": last,
            "ticks": [_tick(issue, day, minute) for minute in range(first, last, HALF_HOUR)],
            "rooms": [say(issue.languages, room.name) for room in part],
            "slots": [
                _slot(issue, session, day, columns, timed)
                for session in timed
                if session.for_all or session.room is None or session.room in columns
            ],
        }


def _minute(at: datetime | None, day: date) -> int:
    """Minutes after midnight of that day."""
    assert at is not None
    return int((at - datetime.combine(day, datetime.min.time())).total_seconds() // 60)


def _tick(issue: Issue, day: date, minute: int) -> dict[str, Any]:
    at = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute)
    return {"at": minute, "here": dates.clock(at), "home": _home(issue, at)}


def _home(issue: Issue, at: datetime) -> str:
    if not issue.homes:
        return ""
    return dates.clock(in_zone(at, issue.released.edition.zone, issue.homes[0]))


def _slot(
    issue: Issue, session: SessionContent, day: date, columns: dict[str, int], timed: Sequence[SessionContent]
) -> dict[str, Any]:
    """A box of the grid. Where a room is used twice at once, the boxes stand beside each other."""
    across = session.for_all or session.room is None
    beside = [] if across else [s for s in timed if s.room == session.room and not s.for_all and _at_once(s, session)]
    return {
        "starts": _minute(session.starts_at, day),
        "ends": _minute(session.ends_at, day),
        "clock": dates.clock(session.starts_at) if session.starts_at else "",
        "column": -1 if across else columns[session.room or ""],
        "lane": beside.index(session) if beside else 0,
        "lanes": max(len(beside), 1),
        "title": say(issue.languages, session.title),
        "who": [in_scripts(billing.person.full_name, issue.languages[0]) for billing in issue.released.who(session)],
        "colour": _colour(issue, session),
        "is_pause": session.kind.is_pause,
    }


def _at_once(a: SessionContent, b: SessionContent) -> bool:
    return bool(a.starts_at and b.ends_at and b.starts_at and a.ends_at) and (
        a.starts_at < b.ends_at and b.starts_at < a.ends_at  # type: ignore[operator]
    )


def _track(issue: Issue, session: SessionContent) -> TrackContent | None:
    return issue.released.content.track(session.track)


def _colour(issue: Issue, session: SessionContent) -> int:
    track = _track(issue, session)
    return track.colour if track else 0


def _session(issue: Issue, session: SessionContent) -> dict[str, Any]:
    """An entry of the list."""
    room, track = issue.released.content.room(session.room), _track(issue, session)
    starts, ends = session.starts_at, session.ends_at
    return {
        "time": f"{dates.clock(starts)}–{dates.clock(ends)}" if starts and ends else "",
        "home": _home(issue, starts) if starts else "",
        "title": say(issue.languages, session.title),
        "kind": word(issue.languages, lambda: kind(session.kind)),
        "room": say(issue.languages, room.name) if room else [],
        "track": say(issue.languages, track.name) if track else [],
        "colour": _colour(issue, session),
        "languages": word(issue.languages, lambda: _languages(session)),
        "abstract": _paragraphs(issue, session.abstract),
        "who": [_billing(issue, billing) for billing in issue.released.who(session)],
        "is_cancelled": session.is_cancelled,
        "reason": say(issue.languages, session.cancel_reason),
        "is_pause": session.kind.is_pause,
    }


def _paragraphs(issue: Issue, text: Translated) -> list[dict[str, Any]]:
    return [
        {"lang": said["lang"], "paragraphs": [line for line in said["text"].splitlines() if line.strip()]}
        for said in say(issue.languages, text)
    ]


def _languages(session: SessionContent) -> str:
    if session.language is None or session.kind.is_pause:
        return ""
    spoken: str = tongue(session.language.value)
    if not session.interpretation:
        return str(_("In %(language)s", language=spoken))
    comma = "、" if language() is Language.ZH else ", "
    into = comma.join(tongue(code) for code in session.interpretation)
    return str(_("In %(language)s, interpreted into %(others)s", language=spoken, others=into))


def _billing(issue: Issue, billing: Billing) -> dict[str, Any]:
    role = billing.role
    return {
        "name": in_scripts(billing.person.full_name, issue.languages[0]),
        "part": word(
            issue.languages, lambda: str(ROLES[role.value]) if role and role is not SessionRole.SPEAKER else ""
        ),
        "role": say(
            issue.languages, billing.speaker.role, *([billing.organisation.name] if billing.organisation else [])
        ),
    }


def _speakers(issue: Issue) -> list[dict[str, Any]]:
    """Everybody who appears, in the order of the first language, with where they do."""
    shown = issue.released
    zh = issue.languages[0] is Language.ZH
    appearing: dict[int, list[SessionContent]] = {}
    for session in shown.content.sessions:
        for entry in session.speakers:
            appearing.setdefault(entry.speaker_id, []).append(session)
    speakers = [speaker for speaker in shown.content.speakers if speaker.id in appearing]
    people = shown.people
    speakers.sort(key=lambda s: people[s.person_id].sort_zh if zh else people[s.person_id].sort_latin)
    return [
        {
            **_billing(issue, shown.billing(speaker)),
            "sessions": [_where(issue, session) for session in appearing[speaker.id] if not session.is_cancelled],
        }
        for speaker in speakers
    ]


def _where(issue: Issue, session: SessionContent) -> dict[str, Any]:
    when = word(issue.languages, lambda: dates.short_day(session.day) if session.day else "")
    at = dates.clock(session.starts_at) if session.starts_at else ""
    return {"day": when[:1], "time": at, "title": say(issue.languages, session.title)[:1]}
