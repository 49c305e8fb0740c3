"""The audit in sentences: who did what to what, equal acts in a row as one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape

from app.audit.models import AuditEntry
from app.database import DbSession
from app.editions import queries as editions
from app.site import outlook
from app.site.desk import STATES
from app.speakers.words import STATES as SPEAKER_STATES
from app.web.deeds import deed
from app.web.templating import foreign, plain
from app.workbench.deeds import noted_in_words

STATE_WORDS = {state.value: word for state, word in STATES.items()} | SPEAKER_STATES


@dataclass(frozen=True)
class Change:
    at: datetime
    text: Markup
    more: int
    """So many more of the same kind, by the same person, just before."""


def sentences(db: DbSession, entries: Sequence[AuditEntry]) -> list[Change]:
    """In the order given: newest first."""
    links, places = _links(db, entries), _places(db, entries)
    found = []
    for _key, group in groupby(entries, key=lambda e: (e.actor_name, e.verb, e.edition_id, _own(e))):
        same = list(group)
        first = same[0]
        data = {k: v for k, v in first.data.items() if k not in ("who", "what", "name", "fields")}
        what = links.get((first.kind, first.subject_id)) or _named(first)
        found.append(
            Change(first.at, deed(first.verb, who=first.actor_name, what=what, **_worded(data, places)), len(same) - 1)
        )
    return found


def _own(entry: AuditEntry) -> object:
    """Changes of one thing are one line, so are additions of many things."""
    if entry.verb == "edition_stepped":
        return entry.id
    many = entry.kind == "registration" or entry.verb.endswith(("_created", "_added"))
    return None if many else (entry.kind, entry.subject_id)


def _named(entry: AuditEntry) -> Markup | str:
    name = entry.data.get("name")
    return foreign(str(name)) if name else ""


def _worded(data: dict[str, object], places: Mapping[str, str]) -> dict[str, object]:
    """Only plain words and numbers; states by their names, places in the agenda as people say them."""
    words = {key: value for key, value in data.items() if isinstance(value, str | int)}
    return {key: STATE_WORDS.get(str(value)) or places.get(str(value), value) for key, value in words.items()}


def _places(db: DbSession, entries: Sequence[AuditEntry]) -> Mapping[str, str]:
    moves = [entry.data for entry in entries if entry.kind == "session" and "to" in entry.data]
    return noted_in_words(db, {str(data[end]) for data in moves for end in ("before", "to")})


def _links(db: DbSession, entries: Sequence[AuditEntry]) -> dict[tuple[str, int | None], Markup]:
    by_id = {edition.id: edition for edition in editions.editions(db)}
    found: dict[tuple[str, int | None], Markup] = {}
    for session in outlook.session_titles(db, entries).values():
        address = url_for("agenda_manage.session", edition=by_id[session.edition_id].slug, session=session.id)
        found["session", session.id] = _link(address, plain(session.title) or _("a session"))
    for person_id, slug in outlook.people_slugs(db, entries).items():
        name = next(str(e.data.get("name", "")) for e in entries if (e.kind, e.subject_id) == ("person", person_id))
        found["person", person_id] = _link(url_for("site_manage.person", person=slug), name)
    for edition in by_id.values():
        text = f"{plain(edition.city)} {edition.year}"
        found["edition", edition.id] = _link(url_for("site_manage.overview", edition=edition.slug), text)
    return found


def _link(address: str, text: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(address, foreign(text) if text else escape(address))
