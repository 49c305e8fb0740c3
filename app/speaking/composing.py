"""A letter to one speaker, in their language: the organiser's words, and what stands for each placeholder."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from app.agenda.models import Session
from app.editions.models import Edition
from app.speakers.models import Speaker
from app.speakers.rules import Material
from app.speaking.queries import OwnSession
from app.speaking.rules import Letter, best_letter
from app.speaking.words import MATERIALS, Words
from app.values.language import Language
from app.values.time import in_zone
from app.web import dates


@dataclass(frozen=True, slots=True)
class Composed:
    """Everything the outbox needs to know of it."""

    speaker_id: int
    to: str
    language: Language
    """In which it really is: the recipient's own, or the next best that is written."""
    data: dict[str, Any]
    """`words` are the organiser's; all other texts may come from strangers, and the mail makes no links of them."""


def language_of(speaker: Speaker) -> Language:
    """As somebody said, else the series' own."""
    return speaker.language or speaker.edition.series.source_language


def compose(
    letter: Letter,
    words: Words,
    speaker: Speaker,
    sessions: Sequence[OwnSession],
    *,
    missing: Collection[Material],
    sender: str,
) -> Composed:
    """The personal link is not in it: it is made when the mail is."""
    subject, body = best_letter(words.subject, words.body, language_of(speaker))
    language, edition = body.language, speaker.edition
    data = {
        "words": {"subject": subject, "body": body.text},
        "name": speaker.person.full_name.spoken(language),
        "edition": edition.title.best(language).text,
        "place": _place(edition, language),
        "days": dates.span(edition.own_days, language) if edition.own_days else "",
        "sessions": _sessions(edition, sessions, language),
        "answer_by": dates.day_text(speaker.due_on, language) if speaker.due_on else "",
        "missing": _missing(missing, language),
        "inviter": speaker.inviter.shown_name if speaker.inviter else sender,
        "letter": letter.value,
        "uid": speaker.uid,
        "speaker": speaker.id,
        "was": speaker.state.value,
        "invited_at": speaker.invited_at.isoformat() if speaker.invited_at else None,
    }
    return Composed(speaker.id, speaker.email, language, data)


def _place(edition: Edition, language: Language) -> str:
    comma = "，" if language is Language.ZH else ", "
    return comma.join(text for text in (edition.venue.best(language).text, edition.city.best(language).text) if text)


def _missing(missing: Collection[Material], language: Language) -> str:
    with force_locale(language.locale):
        words = [str(MATERIALS[material.value]) for material in missing]
    return ("、" if language is Language.ZH else ", ").join(words)


def _sessions(edition: Edition, sessions: Sequence[OwnSession], language: Language) -> str:
    living = [one.session for one in sessions if not one.session.is_cancelled]
    with force_locale(language.locale):
        return "\n".join(_line(edition, session, language) for session in living)


def _line(edition: Edition, session: Session, language: Language) -> str:
    """Thursday 23 September, 09:00 Haikou / 03:00 Berlin: Opening, Meilan Hall"""
    title = session.title.best(language).text
    what = _("%(title)s, %(room)s", title=title, room=session.room.name.best(language).text) if session.room else title
    if session.starts_at is None:
        when = dates.weekday(session.day, language) if session.day else _("time to be agreed")
    else:
        homes = dates.home_zones(edition.zone, session.starts_at, edition.series.home_zones)
        clocks = [f"{dates.clock(session.starts_at)} {edition.city.best(language).text}"]
        clocks += [
            f"{dates.clock(in_zone(session.starts_at, edition.zone, home))} {dates.city_of(home, language)}"
            for home in homes
        ]
        when = _("%(day)s, %(time)s", day=dates.weekday(session.starts_at.date(), language), time=" / ".join(clocks))
    return str(_("%(when)s: %(what)s", when=when, what=what))
