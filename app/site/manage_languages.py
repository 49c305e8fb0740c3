"""The languages of an edition: how every text stands in each of them, and the page on which translations are written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.audit import queries as audit
from app.database import DbSession
from app.editions.models import Edition
from app.errors import NotFound, Stale
from app.extensions import database
from app.people import queries as people
from app.publishing import queries as publishing
from app.site.desk import Versions, bp, edition_of, name_of
from app.site.forms import TranslationForm, form_of
from app.site.matrix import Subject, Text, TextKind, counts, sums
from app.site.sieve import EVERYTHING, Sieve
from app.site.texts import texts_of
from app.site.translating import write_all
from app.site.walk import Walk
from app.site.words import FIELDS, KINDS, REACHES, STATES
from app.translation.redline import Piece, redline
from app.translation.rules import TextState
from app.values.actor import Right
from app.values.language import Language
from app.web.access import actor, organiser
from app.web.clock import now
from app.web.dates import instant_text
from app.web.deeds import NAMELESS
from app.web.languages import language
from app.web.transaction import transaction

PER_PAGE = 100
PAGES = {
    "edition": (".edit", Right.EDIT_EDITION), "topic": (".edit", Right.EDIT_EDITION),
    "room": ("agenda_manage.rooms", Right.SEE), "track": ("agenda_manage.tracks", Right.SEE),
    "category": ("registrations_manage.settings", Right.EDIT_REGISTRATIONS),
    "letter": ("speakers_manage.letters", Right.EDIT_AGENDA),
    "planned_release": ("publishing_manage.index", Right.PUBLISH),
}  # fmt: skip
"""Where the sources of the edition's own texts are written, and who may."""


@bp.get("/editions/<edition>/languages")
@organiser(Right.SEE)
def languages(edition: str) -> ResponseReturnValue:
    """Every text and how it stands in each language; filters in the address."""
    db, sieve = database.session(), Sieve.of(request.args)
    row = edition_of(db, edition)
    texts = texts_of(db, [row.id]).get(row.id, [])
    shown, by_language = sorted(sieve.sifted(texts), key=_by_kind), sums(texts)
    page = max(1, min(request.args.get("page", 1, type=int), 10**6))
    is_gated = publishing.waits_for_languages(db, row.id)
    gaps = publishing.gaps_of(db, row.id, publishing.draft_content(db, row.id)) if is_gated else ()
    return render_template(
        "site/manage/languages.html", edition=row, section="languages", sieve=sieve, counts=counts(texts),
        sums=by_language, open_texts=sum(one.open for one in by_language.values()), number=len(texts),
        everybody=_everybody(db, texts), total=len(shown), page=page, per_page=PER_PAGE,
        texts=shown[(page - 1) * PER_PAGE : page * PER_PAGE], first=Walk.of(texts, sieve).first,
        gaps=len(gaps), is_gated=is_gated, may_write=actor().may(Right.EDIT_TEXTS, row.id), **_words(),
    )  # fmt: skip


def _by_kind(text: Text) -> int:
    return list(TextKind).index(text.kind)


def _words() -> dict[str, object]:
    return {
        "kinds": KINDS, "fields": FIELDS, "states": STATES, "reaches": REACHES, "everything": EVERYTHING,
        "name_of": name_of, "TextState": TextState,
    }  # fmt: skip


def _everybody(db: DbSession, texts: Sequence[Text]) -> list[tuple[str, str]]:
    """Whom one may filter by: everybody whom some text is about."""
    ids = {person for text in texts for person in text.people}
    return [
        (str(person.id), person.full_name.spoken(language())) for person in people.people(db, ids, language=language())
    ]


@bp.get("/editions/<edition>/languages/<subject>")
@organiser(Right.SEE)
def translate(edition: str, subject: str) -> ResponseReturnValue:
    """All texts of one thing, each source with its translations beside it."""
    db = database.session()
    row = edition_of(db, edition)
    everything, own = _found(db, row, subject)
    return _editor(row, everything, own, form_of(own[0].key.subject.kind).showing(own))


@bp.post("/editions/<edition>/languages/<subject>")
@organiser(Right.EDIT_TEXTS)
def save_translations(edition: str, subject: str) -> ResponseReturnValue:
    db = database.session()
    row = edition_of(db, edition)
    everything, own = _found(db, row, subject)
    which, form = own[0].key.subject, form_of(own[0].key.subject.kind)()
    if not form.validate():
        return _editor(row, everything, own, form), 422
    onward, row_id = Walk.of(everything, Sieve.of(request.args)).after(which), row.id
    try:
        with transaction() as db:
            write_all(db, row_id, form.wishes(which), actor=actor(), now=now())
    except Stale:
        return _two_versions(edition, subject, form)
    if request.form.get("act") != "next":
        flash(_("Saved."))
        return redirect(url_for(".translate", edition=edition, subject=subject, **_sieved()), 303)
    if onward is None:
        flash(_("Saved. That was the last one of this list."))
        return redirect(url_for(".languages", edition=edition, **_sieved()), 303)
    flash(_("Saved. This is the next one."))
    return redirect(url_for(".translate", edition=edition, subject=onward, **_sieved()), 303)


def _sieved() -> dict[str, Any]:
    return Sieve.of(request.args).arguments


def _found(db: DbSession, row: Edition, subject: str) -> tuple[list[Text], list[Text]]:
    """All texts of the edition, and those of this thing in it, which must have some."""
    everything = texts_of(db, [row.id]).get(row.id, [])
    which = Subject.of(subject)
    own = [text for text in everything if text.key.subject == which]
    if not own:
        raise NotFound
    return everything, own


def _two_versions(edition: str, subject: str, form: TranslationForm) -> ResponseReturnValue:
    """What differs from what is stored now, the typed still in the form; saving again is then a choice."""
    db = database.session()
    row = edition_of(db, edition)
    everything, own = _found(db, row, subject)
    stored = {text.key.field: text for text in own}
    rows = [
        (f"{words.label.text}, {lang.own_name}", there, words.data or "")
        for field, lang, words in form.sent()
        if (there := stored[field].text.exact(lang) if field in stored else "") != (words.data or "")
    ]
    which = own[0].key.subject
    last = audit.last_of(db, which.kind, which.id)
    who = str(NAMELESS.get(last.actor_name, last.actor_name)) if last else ""
    if form.is_of_another_source(own):
        form.form_errors.append(_("The source changed while you were writing. It stands here as it is now."))
    form.see_again(own)
    found = Versions(rows, who, instant_text(last.at, row.zone) if last else "")
    return _editor(row, everything, own, form, versions=found), 409


def _editor(
    row: Edition,
    everything: Sequence[Text],
    own: Sequence[Text],
    form: TranslationForm,
    versions: Versions | None = None,
) -> str:
    which, sieve = own[0].key.subject, Sieve.of(request.args)
    walk = Walk.of(everything, sieve)
    return render_template(
        "site/manage/translate.html", edition=row, section="languages", texts=own, subject=which, form=form,
        sieve=sieve, walk=walk, onward=walk.after(which), versions=versions, rewordings=_rewordings,
        its_form=_its_form(row, own[0]), may_write=actor().may(Right.EDIT_TEXTS, row.id),
        zone=row.zone, **_words(),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rewording:
    """What changed in a source after these translations of it."""

    languages: tuple[Language, ...]
    since: datetime
    source: Language
    pieces: tuple[Piece, ...]


def _rewordings(text: Text) -> list[Rewording]:
    """Translations that were right for the same wording stand together. Where another language has become the source
    since, there is nothing to compare with, and all that can be shown is what the old one said.
    """
    wordings = dict.fromkeys((mark.source, mark.source_before) for mark in text.stale.values())
    found = []
    for source, before in wordings:
        marks = {lang: m for lang, m in text.stale.items() if (m.source, m.source_before) == (source, before)}
        pieces = redline(before, text.source_text) if source is text.source else (Piece(before),)
        found.append(Rewording(tuple(marks), max(mark.since for mark in marks.values()), source, pieces))
    return found


def _its_form(edition: Edition, text: Text) -> str | None:
    """Where the source itself is written; None where this person has nothing to do there."""
    slug, subject = edition.slug, text.key.subject
    match subject.kind:
        case "session":
            return url_for("agenda_manage.session", edition=slug, session=subject.id)
        case "speaker":
            return url_for("speakers_manage.edit", edition=slug, speaker=subject.id)
        case "person":
            return url_for(".person", person=text.slug)
        case "organisation":
            return url_for(".organisation", organisation=text.slug)
    page, right = PAGES.get(subject.kind, (None, Right.SEE))
    return url_for(page, edition=slug) if page and actor().may(right, edition.id) else None
