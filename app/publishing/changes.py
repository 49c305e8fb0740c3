"""What has changed for the public, release by release: a page, and an Atom feed of it.

An edition that is a draft again has no page. Its feed still answers, as its calendars do, or readers would drop it:
with one entry that says so under the title it was promised by, and nothing of what it had shown.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from flask import Response, render_template, url_for

from app.database import DbSession
from app.editions import queries as editions
from app.editions.models import Edition
from app.errors import NotFound
from app.extensions import database
from app.publishing import queries, words
from app.publishing.chronicle import Chapter, chronicle
from app.publishing.content import Content, SessionContent
from app.publishing.feeds import FRESH, bp, promised_by
from app.publishing.telling import Address, Told, names_for, told
from app.values.language import Language
from app.web.access import public
from app.web.addresses import absolute

__all__ = ["bp"]

IN_FEED = 20
"""The newest; a reader that comes by once in a while misses nothing that still matters."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One release, and what it changed; the first has nothing to compare with."""

    chapter: Chapter
    told: Told | None


@bp.get("/<language:lang>/editions/<edition>/changes")
@public()
def changes(lang: Language, edition: str) -> str:
    db = database.session()
    found = editions.public_edition(db, edition)

    def page_of(slug: str) -> str:
        return url_for("publishing.session", lang=lang, edition=edition, session=slug)

    entries = _entries(db, found, chronicle(db, found.id), _pages(db, found, page_of))
    return render_template("publishing/changes.html", section="agenda", edition=found, entries=entries, words=words)


@bp.get("/<language:lang>/editions/<edition>/changes.atom")
@public()
def changes_feed(lang: Language, edition: str) -> Response:
    db = database.session()
    found = editions.edition_by_slug(db, edition)
    if found is None or not found.was_announced:
        raise NotFound
    return _of_public(db, lang, found) if found.is_public else _withdrawn(db, lang, found)


def _of_public(db: DbSession, lang: Language, found: Edition) -> Response:
    def page_of(slug: str) -> str:
        return absolute("publishing.session", lang=lang, edition=found.slug, session=slug)

    chapters = chronicle(db, found.id, limit=IN_FEED)
    updated = chapters[0].at if chapters else found.changed_at
    entries = _entries(db, found, chapters, _pages(db, found, page_of))
    return _answer(lang, found, title=found.title.best(lang).text, updated=updated, entries=entries)


def _withdrawn(db: DbSession, lang: Language, found: Edition) -> Response:
    """Each time it happens it is an entry of its own."""
    own = promised_by(db, found.slug).own
    gone = _id(found, f"withdrawn/{own.sequence}/{lang}")
    return _answer(lang, found, title=own.titles.best(lang).text, updated=own.changed_at, entries=(), gone=gone)


def _answer(
    lang: Language, found: Edition, *, title: str, updated: datetime, entries: Sequence[Entry], gone: str = ""
) -> Response:
    feed = render_template(
        "publishing/changes.xml", edition=found, title=title, updated=updated, entries=entries, gone=gone, words=words,
        id=_id(found, f"changes/{lang}"), id_of=lambda chapter: _id(found, f"release/{chapter.number}/{lang}"),
        source=absolute("publishing.changes_feed", lang=lang, edition=found.slug),
        page=absolute("site.series", lang=lang) if gone else absolute("publishing.changes", lang=lang, edition=found.slug),
    )  # fmt: skip
    response = Response(feed, content_type="application/atom+xml; charset=utf-8")
    response.headers["Cache-Control"] = FRESH
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _id(found: Edition, name: str) -> str:
    """For life, whatever becomes of addresses: made of the edition's own number."""
    return uuid5(UUID(found.uid), name).urn


def _entries(db: DbSession, found: Edition, chapters: Sequence[Chapter], address: Address) -> list[Entry]:
    """Only people and organisations are named who are public today."""
    names = names_for(
        db,
        [content for chapter in chapters for content in (chapter.before, chapter.after)],
        people=queries.public_person_ids(db),
        organisations=queries.public_organisation_ids(db),
    )
    return [
        Entry(chapter, told(found, chapter.before, chapter.after, names, address=address) if chapter.before else None)
        for chapter in chapters
    ]


def _pages(db: DbSession, found: Edition, page_of: Callable[[str], str]) -> Address:
    """Of sessions that still have one."""
    shown = {session.uid: session.slug for session in (queries.current_content(db, found.id) or Content()).sessions}

    def address(session: SessionContent) -> str | None:
        return page_of(shown[session.uid]) if session.uid in shown and not session.kind.is_pause else None

    return address
