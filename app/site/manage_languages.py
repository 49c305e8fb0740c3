"""Which texts of an edition lack a language, and where each is written."""

from functools import partial

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.editions.models import Edition
from app.extensions import database
from app.people.rules import Name
from app.site.desk import KINDS, bp, edition_of
from app.site.texts import Text, TextKind, counts, texts_of
from app.values.actor import Right
from app.values.language import Language
from app.web.access import actor, organiser
from app.web.templating import person_name, say

PER_PAGE = 100


@bp.get("/editions/<edition>/languages")
@organiser(Right.SEE)
def languages(edition: str) -> ResponseReturnValue:
    """Every text and the languages it lacks; filters in the address."""
    db = database.session()
    row = edition_of(db, edition)
    texts = texts_of(db, [row.id]).get(row.id, [])
    kind, lang = request.args.get("kind", ""), request.args.get("language", "")
    everything = request.args.get("state") == "all"
    shown = [text for text in texts if _wanted(text, kind, lang, everything=everything)]
    page = max(1, min(request.args.get("page", 1, type=int), 10**6))
    return render_template(
        "site/manage/languages.html", address_of=partial(_address_of, row), name_of=_name_of, edition=row, section="languages", counts=counts(texts), kinds=KINDS,
        kind=kind, wished=lang, everything=everything, total=len(shown), page=page, per_page=PER_PAGE,
        texts=shown[(page - 1) * PER_PAGE : page * PER_PAGE], TextKind=TextKind,
    )  # fmt: skip


def _wanted(text: Text, kind: str, lang: str, *, everything: bool) -> bool:
    if kind and text.kind != kind:
        return False
    if everything:
        return True
    return Language(lang) in text.missing if lang in list(Language) else bool(text.missing)


def _name_of(text: Text) -> Markup:
    return person_name(text.of) if isinstance(text.of, Name) else say(text.of)


def _address_of(edition: Edition, text: Text) -> str | None:
    """The form with this text, at the first language it lacks; None for who may not write there."""
    anchor = f"{text.field}-{(text.missing or (Language.EN,))[0]}"
    slug = edition.slug
    match text.kind:
        case TextKind.EDITION:
            if not actor().may(Right.EDIT_EDITION, edition.id):
                return None
            return url_for(".edit", edition=slug, _anchor=anchor)
        case TextKind.ROOM:
            return url_for("agenda_manage.rooms", edition=slug)
        case TextKind.TRACK:
            return url_for("agenda_manage.tracks", edition=slug)
        case TextKind.SESSION_TITLE | TextKind.SESSION_ABSTRACT:
            return url_for("agenda_manage.session", edition=slug, session=text.subject, _anchor=anchor)
        case TextKind.SPEAKER_ROLE | TextKind.SPEAKER_TOPIC:
            return url_for("speakers_manage.edit", edition=slug, speaker=text.subject, _anchor=anchor)
        case TextKind.BIOGRAPHY:
            return url_for(".person", person=text.subject, _anchor=anchor)
