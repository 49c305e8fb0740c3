"""An interpreter's briefing on paper, with the slides they will see behind it."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from io import BytesIO
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.agenda.words import KINDS, ROLES
from app.exports.saying import Said, in_all, in_scripts, say
from app.interpretation.briefing import Briefing, Engagement, TermKind, Voice
from app.interpretation.words import TERM_KINDS, pair_text
from app.values.language import Language
from app.values.time import in_zone
from app.web import dates
from app.web.languages import language
from app.web.templating import country_name

PDF = "application/pdf"


def briefing_paper(briefing: Briefing) -> dict[str, Any]:
    """What `briefing.typ` says: labels in the page's language, texts in every language they are written in."""
    lang = language()
    return {
        "languages": [lang.tag],
        "title": say((lang,), briefing.title),
        "sample": _line(_("Sample edition: everything here is invented.")) if briefing.is_sample else [],
        "name": in_scripts(briefing.name, lang),
        "heading": _line(_("Briefing")),
        "when": _line(dates.span(briefing.days)) if briefing.days else [],
        "where": say((lang,), briefing.venue, briefing.address, briefing.city),
        "pairs": [pair_text(pair) for pair in briefing.pairs],
        "note": briefing.note.splitlines(),
        "words": _words(),
        "sessions": [_engagement(briefing, one) for one in briefing.engagements],
        "terms": [
            {"kind": _line(str(TERM_KINDS[kind])), "rows": rows}
            for kind in TermKind
            if (rows := [_term(term.text, term.abbreviation) for term in briefing.terms if term.kind is kind])
        ],
        "tongues": [{"lang": lang.tag, "text": lang.own_name} for lang in Language],
        "draft": [],
    }


def _words() -> dict[str, Said]:
    words = {
        "note": _("Before you begin"),
        "sessions": _("Your sessions"),
        "voices": _("Whom you will hear"),
        "abstract": _("Abstract"),
        "session_note": _("Note"),
        "booth": _("In your booth"),
        "others": _("In the other booths"),
        "terms": _("Names and terms"),
        "cancelled": _("Cancelled"),
        "none": _("No session has been given to you yet."),
    }
    return {name: _line(word) for name, word in words.items()}


def _line(text: str) -> Said:
    return [{"lang": language().tag, "text": text}]


def _term(text: Any, short: str) -> list[str]:
    """One cell a language, the abbreviation behind the first."""
    cells: list[str] = [text.exact(lang) for lang in Language]
    first = next(n for n, cell in enumerate(cells) if cell)
    return [f"{cell} ({short})" if short and n == first else cell for n, cell in enumerate(cells)]


def _engagement(briefing: Briefing, one: Engagement) -> dict[str, Any]:
    lang = language()
    return {
        "kind": str(KINDS[one.kind.value]),
        "title": say((lang, *(other for other in Language if other is not lang)), one.title),
        "is_cancelled": one.is_cancelled,
        "day": dates.weekday(one.starts_at.date()) if one.starts_at else "",
        "times": list(_times(briefing, one)),
        "room": say((lang,), one.room, one.way),
        "track": say((lang,), one.track),
        "pair": pair_text(f"{one.spoken}-{one.into}") if one.spoken else f"→ {one.into.own_name}",
        "partners": [in_scripts(name, lang) for name in one.partners],
        "others": [{"name": in_scripts(c.name, lang), "into": c.into.own_name} for c in one.booths],
        "voices": [_voice(voice) for voice in one.voices],
        "open": _open(one.open),
        "abstract": _paragraphs(in_all(one.abstract)),
        "note": _paragraphs(in_all(one.note)),
    }


def _open(number: int) -> str:
    if not number:
        return ""
    return str(
        ngettext("%(num)s more person has not confirmed yet.", "%(num)s more people have not confirmed yet.", number)
    )


def _times(briefing: Briefing, one: Engagement) -> Iterable[str]:
    """Of the venue, then of every home where the clock shows another time."""
    if one.starts_at is None or one.ends_at is None:
        return
    yield f"{dates.clock(one.starts_at)}–{dates.clock(one.ends_at)} {briefing.city.best(language()).text}"
    for home in dates.home_zones(briefing.zone, one.starts_at, briefing.homes):
        start, end = (in_zone(at, briefing.zone, home) for at in (one.starts_at, one.ends_at))
        yield f"{dates.clock(start)}–{dates.clock(end)} {dates.city_of(home)}"


def _voice(voice: Voice) -> dict[str, Any]:
    short = f" ({voice.abbreviation})" if voice.abbreviation else ""
    return {
        "name": in_scripts(voice.name, language()),
        "reading": voice.reading,
        "role": ", ".join(filter(None, (str(ROLES[voice.role.value]), country_name(voice.country)))),
        "function": in_all(voice.function),
        "organisation": in_all(voice.organisation),
        "short": short,
        "topic": in_all(voice.topic),
        "slides": [handout.name for handout in voice.handouts],
    }


def _paragraphs(said: Said) -> list[dict[str, Any]]:
    return [{"lang": one["lang"], "paragraphs": [p for p in one["text"].splitlines() if p.strip()]} for one in said]


def slides_behind(paper: bytes, briefing: Briefing, fetch: Callable[[int], bytes | None]) -> bytes:
    """The paper, and behind it every speaker's slides that are PDF, each once, with a bookmark of their name."""
    import pikepdf

    with pikepdf.open(BytesIO(paper)) as pack:
        with pack.open_outline() as outline:
            for speaker, handout in _decks(briefing):
                content = fetch(handout)
                if content is None:
                    continue
                with suppress(pikepdf.PdfError), pikepdf.open(BytesIO(content)) as deck:  # a broken one stays out
                    outline.root.append(pikepdf.OutlineItem(speaker, len(pack.pages)))
                    pack.pages.extend(deck.pages)
        out = BytesIO()
        pack.save(out)
    return out.getvalue()


def _decks(briefing: Briefing) -> Iterable[tuple[str, int]]:
    """Speaker's name and the slides' id."""
    seen: set[int] = set()
    for one in briefing.engagements:
        for voice in one.voices:
            for handout in voice.handouts:
                if handout.media == PDF and handout.id not in seen and not one.is_cancelled:
                    seen.add(handout.id)
                    yield voice.name.spoken(language()), handout.id
