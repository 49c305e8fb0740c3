"""What an interpreter sees by their own link: the briefing and the slides of those they will hear. No session."""

from typing import Any

from flask import Blueprint, abort, current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from app.agenda import queries
from app.agenda.words import KINDS, ROLES
from app.database import DbSession
from app.editions.models import Edition
from app.errors import NotFound
from app.extensions import database
from app.interpretation.briefing import Briefing, TermKind, briefing_of
from app.interpretation.words import TERM_KINDS, pair_text
from app.speakers.models import Slides
from app.speakers.slides import ENDINGS
from app.values import tokens
from app.values.language import Language
from app.web import files
from app.web.access import holder
from app.web.addresses import absolute
from app.web.clock import now

bp = Blueprint("briefings", __name__)
PURPOSE = "briefing"


@bp.get("/<language:lang>/briefings/<token>")
@holder
def own(lang: Language, token: str) -> ResponseReturnValue:
    db = database.session()
    briefing = briefing_of_token(db, token)
    edition = db.get_one(Edition, briefing.edition)
    return render_template(
        "interpretation/briefing.html", briefing=briefing, edition=edition, as_of=now(),
        slides=lambda one: url_for(".slides", lang=lang, token=token, slides=one.id), **words(),
    )  # fmt: skip


@bp.get("/<language:lang>/briefings/<token>/slides/<int:slides>")
@holder
def slides(lang: Language, token: str, slides: int) -> ResponseReturnValue:
    return handed_out(briefing_of_token(database.session(), token), slides)


@bp.app_template_global()
def briefing_link(lang: Language, uid: str) -> str:
    """The personal link is made when it is needed, and stored nowhere."""
    return absolute("briefings.own", lang=lang, token=tokens.sealed(PURPOSE, uid, _secret()))


def handed_out(briefing: Briefing, slides_id: int) -> ResponseReturnValue:
    """The file, if it is of somebody whom this interpreter will hear."""
    if briefing.handout(slides_id) is None:
        raise NotFound
    row = database.session().get_one(Slides, slides_id)
    content = files.fetch(row.digest)
    if content is None:
        abort(404)
    return files.attachment(content, name=f"slides-{row.id}.{ENDINGS[row.media]}", media=row.media)


def words() -> dict[str, Any]:
    return {"kinds": KINDS, "roles": ROLES, "term_kinds": TERM_KINDS, "pair_text": pair_text, "TermKind": TermKind}


def briefing_of_token(db: DbSession, token: str) -> Briefing:
    """Raises `NotFound` for a token that is nobody's."""
    uid = tokens.uid_in(PURPOSE, token, _secret())
    interpreter = queries.interpreter_by_uid(db, uid) if uid else None
    if interpreter is None:
        raise NotFound
    return briefing_of(db, interpreter.id)


def _secret() -> str:
    secret: str = current_app.config["SECRET_KEY"]
    return secret
