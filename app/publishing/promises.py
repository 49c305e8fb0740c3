"""An edition and its sessions as calendar events, in the words of each language.

These words are stored with what was promised, long before anybody asks for them; so they stand here and not in
the catalogues, which belong to a request.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.agenda.rules import SessionKind, SessionRole
from app.calendar.event import EventFacts, EventTexts
from app.editions.models import Edition
from app.editions.rules import State
from app.people.models import Organisation, Person
from app.publishing.content import Appearance, Content, SessionContent
from app.values.language import Language, Translated
from app.values.time import CITIES, DatePrecision, in_zone, instant, zone

LANGUAGES = {
    "en": Translated("English", "Englisch", "英语"),
    "de": Translated("German", "Deutsch", "德语"),
    "zh": Translated("Chinese", "Chinesisch", "中文"),
}
ROLES = {
    SessionRole.SPEAKER: Translated(),
    SessionRole.MODERATOR: Translated("moderator", "Moderation", "主持人"),
    SessionRole.CHAIR: Translated("chair", "Vorsitz", "主席"),
    SessionRole.PANELLIST: Translated("panellist", "Podiumsgast", "讨论嘉宾"),
    SessionRole.HOST: Translated("host", "Gastgeber", "东道主"),
}
KINDS = {
    SessionKind.OPENING: Translated("Opening", "Eröffnung", "开幕式"),
    SessionKind.KEYNOTE: Translated("Keynote", "Hauptvortrag", "主旨演讲"),
    SessionKind.TALK: Translated("Talk", "Vortrag", "演讲"),
    SessionKind.PANEL: Translated("Panel", "Podium", "专题讨论"),
    SessionKind.ROUNDTABLE: Translated("Round table", "Gesprächsrunde", "圆桌会议"),
    SessionKind.WORKSHOP: Translated("Workshop", "Workshop", "研讨会"),
    SessionKind.REPORT_RELEASE: Translated("Report release", "Berichtsvorstellung", "报告发布"),
    SessionKind.CEREMONY: Translated("Ceremony", "Festakt", "仪式"),
    SessionKind.CLOSING: Translated("Closing", "Abschluss", "闭幕式"),
    SessionKind.BREAK: Translated("Break", "Pause", "茶歇"),
    SessionKind.MEAL: Translated("Meal", "Mahlzeit", "用餐"),
    SessionKind.OTHER: Translated(),
}
DAY_NOT_KNOWN = Translated(
    "Dates of the event it is part of; the forum’s own day within them is not known.",
    "Tage der Rahmenveranstaltung; der Tag des Forums selbst ist nicht bekannt.",
    "此为所属大会的日期，论坛本身的具体日期不详。",
)


@dataclass(frozen=True, slots=True)
class Cast:
    """The live facts that a release only points to."""

    people: Mapping[int, Person]
    organisations: Mapping[int, Organisation]


def edition_event(edition: Edition, *, base_url: str) -> EventFacts | None:
    """Its own days, or those of the event around it under that event's name. None where only a year is known.

    A cancelled edition's stays, cancelled, with the reason; so do its sessions.
    """
    if edition.days is None:
        return None
    own = edition.date_precision is DatePrecision.DAY
    title = edition.title if own or not edition.parent_name else edition.parent_name
    return EventFacts(
        uid=f"edition-{edition.uid}",
        starts=edition.days.first,
        ends=edition.days.last,
        zone=edition.zone,
        place=_place("", edition),
        texts={
            language: EventTexts(
                title=title.best(language).text,
                url=f"{base_url}/{language}/editions/{edition.slug}",
                venue=edition.venue.best(language).text,
                city=edition.city.best(language).text,
                note=_reason(edition, language) or ("" if own else DAY_NOT_KNOWN.exact(language)),
                abstract=edition.theme.best(language).text,
            )
            for language in Language
        },
        cancelled=edition.state is State.CANCELLED,
        latitude=edition.latitude,
        longitude=edition.longitude,
    )


def session_events(edition: Edition, content: Content, cast: Cast, *, base_url: str) -> Iterator[EventFacts]:
    """Those with a clock time; a past session without one is no event. None while the edition is without days."""
    if edition.days is None:  # postponed: the released times no longer hold
        return
    homes = edition.series.home_zones
    speakers = {speaker.id: speaker for speaker in content.speakers}
    for session in content.sessions:
        if session.starts_at is None or session.ends_at is None:
            continue
        people = [cast.people[speakers[entry.speaker_id].person_id] for entry in session.speakers]
        yield EventFacts(
            uid=f"session-{session.uid}",
            starts=session.starts_at,
            ends=session.ends_at,
            zone=edition.zone,
            place=_place(session.room or "", edition),
            texts={
                language: _texts(edition, content, session, cast, homes, language, base_url) for language in Language
            },
            cancelled=session.is_cancelled or edition.state is State.CANCELLED,
            latitude=edition.latitude,
            longitude=edition.longitude,
            session=session.slug,
            room=session.room or "",
            track=session.track or "",
            people=tuple(dict.fromkeys(person.slug for person in people)),
        )


def _reason(edition: Edition, language: Language) -> str:
    """Why nothing of it takes place."""
    return edition.reason.best(language).text if edition.state is State.CANCELLED else ""


def _place(room: str, edition: Edition) -> str:
    where = (room, edition.venue.best(Language.EN).text, edition.city.best(Language.EN).text)
    return ", ".join(part for part in where if part)


def _texts(
    edition: Edition,
    content: Content,
    session: SessionContent,
    cast: Cast,
    homes: tuple[str, ...],
    language: Language,
    base_url: str,
) -> EventTexts:
    room, track = content.room(session.room), content.track(session.track)
    words = (track.name if track else Translated(), KINDS[session.kind])
    assert session.starts_at is not None
    return EventTexts(
        title=session.title.best(language).text,
        url=f"{base_url}/{language}/editions/{edition.slug}/agenda/{session.slug}",
        room=room.name.best(language).text if room else "",
        venue=edition.venue.best(language).text,
        city=edition.city.best(language).text,
        note=session.cancel_reason.best(language).text if session.is_cancelled else _reason(edition, language),
        speakers=tuple(speaker_line(content, entry, cast, language) for entry in session.speakers),
        languages=languages_line(session, language),
        abstract=session.abstract.best(language).text,
        home_time=home_line(session.starts_at, edition.zone, homes, language),
        categories=tuple(word.best(language).text for word in words if word),
    )


def speaker_line(content: Content, entry: Appearance, cast: Cast, language: Language) -> str:
    """Wan Gang, CAST (moderator)"""
    speaker = content.speaker(entry.speaker_id)
    assert speaker is not None
    name = cast.people[speaker.person_id].full_name.spoken(language)
    organisation = cast.organisations.get(speaker.organisation_id or 0)
    parts = [name, organisation.name.best(language).text if organisation else speaker.role.best(language).text]
    comma, bracketed = ("，", "（{}）") if language is Language.ZH else (", ", " ({})")
    role = ROLES[entry.role].exact(language)
    return comma.join(part for part in parts if part) + (bracketed.format(role) if role else "")


def languages_line(session: SessionContent, language: Language) -> str:
    if session.language is None:
        return ""
    spoken = LANGUAGES[session.language].exact(language)
    into = [LANGUAGES[code].exact(language) for code in session.interpretation if code in LANGUAGES]
    if language is Language.ZH:
        return f"语言：{spoken}" + (f"，同声传译：{'、'.join(into)}" if into else "")
    if language is Language.DE:
        return f"Auf {spoken}" + (f", verdolmetscht ins {_and([word + 'e' for word in into], 'und')}" if into else "")
    return f"In {spoken}" + (f", interpreted into {_and(into, 'and')}" if into else "")


def _and(words: list[str], word: str) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {word} {words[-1]}"


def home_line(at: datetime, venue_zone: str, homes: tuple[str, ...], language: Language) -> str:
    """03:00 in Berlin; nothing where the clocks agree."""
    moment = instant(at, venue_zone)
    here = moment.astimezone(zone(venue_zone)).utcoffset()
    others = [home for home in homes if moment.astimezone(zone(home)).utcoffset() != here]
    return ("；" if language is Language.ZH else "; ").join(_home(at, venue_zone, home, language) for home in others)


def _home(at: datetime, venue_zone: str, home: str, language: Language) -> str:
    there = in_zone(at, venue_zone, home)
    city = CITIES.get(home, {}).get(language.value) or home.split("/")[-1].replace("_", " ")
    shift = (there.date() - at.date()).days
    if language is Language.ZH:
        return f"{city}时间{'次日' if shift > 0 else '前一日' if shift < 0 else ''}{there:%H:%M}"
    later, earlier = ("am Folgetag", "am Vortag") if language is Language.DE else ("the next day", "the day before")
    note = f", {later if shift > 0 else earlier}" if shift else ""
    return f"{there:%H:%M} in {city}{note}"
