"""A speaker's own page, by the link in their letters. Looking at it changes nothing; what they send waits for approval
where the public would read it. No session: see `app/web/access.py`."""

import unicodedata
from typing import Any

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from jinja2 import pass_context
from jinja2.runtime import Context
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge

from app.errors import Conflict, Stale
from app.extensions import database
from app.people import portraits
from app.speakers import corrections, materials, pipeline, queries
from app.speakers.correcting import Field, merged
from app.speakers.manage import personal_link, slides_file
from app.speakers.models import Speaker
from app.speakers.rules import ANSWERS, ASKED, Material, SpeakerState, lacking
from app.speakers.slides import ENDINGS, MOST_BYTES, safe_slides
from app.speaking.forms import DeclineForm, OwnTimeForm, TextsForm
from app.speaking.queries import own_sessions, speaker_by_token
from app.speaking.rules import PLACEHOLDERS, filled
from app.speaking.words import FIELDS, MATERIALS
from app.values.language import Language
from app.values.text import BadText, line
from app.web import files
from app.web.access import holder
from app.web.clock import now
from app.web.fields import row_id
from app.web.messages import sentence, sentence_for
from app.web.transaction import transaction

bp = Blueprint("speaking", __name__)
ROOM_FOR_A_FORM = 64 * 1024
"""What a file comes wrapped in."""
READ_AWAY = 100 * 1024 * 1024
"""So much of what is too large is taken in and dropped: a browser that is cut short shows no answer at all."""
TEXTS = (Field.NAME, Field.ROLE, Field.BIOGRAPHY)


@bp.get("/<language:lang>/speaking/<token>")
@holder
def own(lang: Language, token: str) -> ResponseReturnValue:
    return _own_page(token)


@bp.post("/<language:lang>/speaking/<token>/accept")
@holder
def accept(lang: Language, token: str) -> ResponseReturnValue:
    return _answer(lang, token, SpeakerState.CONFIRMED, "")


@bp.route("/<language:lang>/speaking/<token>/decline", methods=["GET", "POST"])
@holder
def decline(lang: Language, token: str) -> ResponseReturnValue:
    """Asked for once more, with room for a reason."""
    speaker, form = _speaker(token), DeclineForm()
    if request.method == "GET":
        return render_template("speaking/decline.html", **_about(speaker, token), form=form)
    if not form.validate():
        return render_template("speaking/decline.html", **_about(speaker, token), form=form), 422
    return _answer(lang, token, SpeakerState.DECLINED, form.reason.data or "")


@bp.route("/<language:lang>/speaking/<token>/texts", methods=["GET", "POST"])
@holder
def texts(lang: Language, token: str) -> ResponseReturnValue:
    speaker = _speaker(token, taking_part=True)
    seen = _seen(speaker)
    if request.method == "GET":
        return _texts_page(speaker, token, TextsForm.of(_as_they_want_it(speaker), seen=seen))
    form = TextsForm()
    if not form.validate():
        return _texts_page(speaker, token, form), 422
    if form.seen.data != seen:
        form.form_errors.append(sentence_for("speaker_page_changed"))
        form.seen.data, form.seen.raw_data = seen, None
        return _texts_page(speaker, token, form), 409
    speaker_id, said = speaker.id, form.said
    with transaction() as db:
        for field in TEXTS:
            corrections.propose(db, speaker_id, field, said[field], now=now())
    return _back(lang, token, "texts")


@bp.route("/<language:lang>/speaking/<token>/time", methods=["GET", "POST"])
@holder
def time(lang: Language, token: str) -> ResponseReturnValue:
    """When they can be there, and what they need."""
    speaker = _speaker(token, taking_part=True)
    spans = queries.spans_of(database.session(), speaker.edition_id, speaker.person_id)
    if request.method == "GET":
        return _time_page(speaker, token, OwnTimeForm.of(spans, needs=speaker.needs, revision=speaker.revision))
    form = OwnTimeForm()
    if request.form.get("do") == "add":
        form.one_more()
        return _time_page(speaker, token, form)
    if not form.good(speaker.edition.zone):
        return _time_page(speaker, token, form), 422
    speaker_id, revision, needs = speaker.id, form.revision.data or 0, form.needs.data or ""
    try:
        with transaction() as db:
            materials.say_when(db, speaker_id, form.said, needs, revision=revision, actor=None, now=now())
    except Stale:
        speaker = _speaker(token)
        form.form_errors.append(sentence_for("speaker_page_changed"))
        form.revision.data, form.revision.raw_data = speaker.revision, None
        return _time_page(speaker, token, form), 409
    return _back(lang, token, "time")


@bp.route("/<language:lang>/speaking/<token>/portrait", methods=["GET", "POST"])
@holder
def portrait(lang: Language, token: str) -> ResponseReturnValue:
    speaker = _speaker(token, taking_part=True)
    if request.method == "GET":
        return render_template("speaking/portrait.html", **_about(speaker, token))
    try:
        picture = portraits.decoded(_file("portrait").read())
    except (Conflict, RequestEntityTooLarge) as refused:
        problem = sentence(refused) if isinstance(refused, Conflict) else sentence_for("portrait_too_large")
        return render_template("speaking/portrait.html", **_about(speaker, token, problem)), 422
    speaker_id, before = speaker.id, _pending_picture(speaker)
    after = {"digest": files.keep(picture.image), "width": str(picture.width), "height": str(picture.height)}
    with transaction() as db:
        corrections.propose(db, speaker_id, Field.PORTRAIT, after, now=now())
    if before and not queries.is_kept(database.session(), before):
        files.forget(before)
    return _back(lang, token, "portrait")


@bp.get("/<language:lang>/speaking/<token>/portrait.webp")
@holder
def picture(lang: Language, token: str) -> ResponseReturnValue:
    """The one they sent, while it waits; else the one in the record."""
    speaker = _speaker(token)
    stored = speaker.person.portrait
    waiting = _pending_picture(speaker)
    content = files.fetch(waiting) if waiting else stored.image if stored else None
    if content is None:
        abort(404)
    return Response(content, mimetype="image/webp")


@bp.route("/<language:lang>/speaking/<token>/slides", methods=["GET", "POST"])
@holder
def slides(lang: Language, token: str) -> ResponseReturnValue:
    """Here alone a body may be as large as slides are."""
    speaker = _speaker(token, taking_part=True)
    if request.method == "GET":
        return _slides_page(speaker, token)
    request.max_content_length = MOST_BYTES + ROOM_FOR_A_FORM
    try:
        upload = _file("slides")
        safe = safe_slides(upload.read())
    except RequestEntityTooLarge:
        _read_away()
        return _slides_page(speaker, token, sentence_for("slides_too_large")), 413
    except Conflict as refused:
        return _slides_page(speaker, token, sentence(refused)), 422
    speaker_id, name = speaker.id, _shown_name(upload.filename or "", safe.media)
    digest = files.keep(safe.content)
    try:
        with transaction() as db:
            materials.add_slides(
                db, speaker_id, digest=digest, name=name, media=safe.media, size=len(safe.content), now=now()
            )
    except Conflict as refused:
        return _slides_page(_speaker(token), token, sentence(refused)), 409
    return _back(lang, token, "slides")


@bp.post("/<language:lang>/speaking/<token>/slides/remove")
@holder
def remove_slides(lang: Language, token: str) -> ResponseReturnValue:
    speaker_id = _speaker(token, taking_part=True).id
    with transaction() as db:
        left = materials.remove_slides(db, speaker_id, request.form.get("slides", 0, type=row_id), now=now())
    if left:
        files.forget(left)
    return _back(lang, token, "slides")


@bp.get("/<language:lang>/speaking/<token>/slides/file")
@holder
def own_file(lang: Language, token: str) -> ResponseReturnValue:
    """What we kept of what they sent."""
    return slides_file(_speaker(token), request.args.get("slides", 0, type=row_id))


@bp.app_template_filter()
def material(one: Material) -> str:
    return str(MATERIALS[one.value])


@bp.app_template_global()
@pass_context
def filled_letter(context: Context, words: str) -> str:
    """For mails: the organiser's words with this speaker's values, the personal link among them."""
    values = {name: str(context.get(name) or "") for name in PLACEHOLDERS}
    return filled(words, {**values, "link": personal_link(context["lang"], context["uid"])})


def _answer(lang: Language, token: str, to: SpeakerState, reason: str) -> ResponseReturnValue:
    speaker_id = _speaker(token).id
    try:
        with transaction() as db:
            pipeline.answer(db, speaker_id, to, reason=reason, now=now())
    except Conflict as refused:
        return _own_page(token, problem=sentence(refused)), 409
    return _back(lang, token, "answer")


def _speaker(token: str, *, taking_part: bool = False) -> Speaker:
    """Whose page it is. Who has declined takes no further part: their sub-pages are gone until they think again."""
    speaker = speaker_by_token(database.session(), token, current_app.config["SECRET_KEY"])
    if taking_part and speaker.state is SpeakerState.DECLINED:
        abort(404)
    return speaker


def _back(lang: Language, token: str, done: str) -> ResponseReturnValue:
    return redirect(url_for(".own", lang=lang, token=token, done=done), 303)


def _about(speaker: Speaker, token: str, problem: str = "") -> dict[str, Any]:
    """What every page of theirs shows."""
    db = database.session()
    return {
        "edition": speaker.edition,
        "speaker": speaker,
        "person": speaker.person,
        "token": token,
        "pending": queries.pending_of(db, speaker.id),
        "problem": problem,
    }


def _own_page(token: str, *, problem: str = "") -> str:
    db, speaker = database.session(), _speaker(token)
    there = queries.materials_of(db, speaker)
    is_out = speaker.state is SpeakerState.DECLINED
    return render_template(
        "speaking/own.html",
        **_about(speaker, token, problem),
        sessions=[] if is_out else own_sessions(db, speaker.edition, [speaker.id]).get(speaker.id, []),
        answers=ANSWERS.get(speaker.state, ()) if speaker.edition.state in pipeline.AHEAD else (),
        wanted=_as_they_want_it(speaker),
        asked=ASKED[speaker.part],
        missing=lacking(speaker.part, there),
        slides=queries.slides_of(db, speaker.id),
        spans=queries.spans_of(db, speaker.edition_id, speaker.person_id),
        fields=FIELDS,
        there=there,
        done=request.args.get("done", ""),
    )


def _as_they_want_it(speaker: Speaker) -> dict[Field, dict[str, str]]:
    """What is stored, with what they sent and nobody has decided on yet."""
    pending = queries.pending_of(database.session(), speaker.id)
    found = {}
    for field in TEXTS:
        stored, row = corrections.stored_value(speaker, field), pending.get(field)
        found[field] = merged(field, before=row.before, stored=stored, after=row.after) if row else stored
    return found


def _seen(speaker: Speaker) -> str:
    """Of what stands in the record: it may change while they write."""
    return "-".join(corrections.fingerprint(corrections.stored_value(speaker, field)) for field in TEXTS)


def _pending_picture(speaker: Speaker) -> str:
    row = queries.pending_of(database.session(), speaker.id).get(Field.PORTRAIT)
    return str(row.after["digest"]) if row else ""


def _texts_page(speaker: Speaker, token: str, form: TextsForm) -> str:
    return render_template("speaking/texts.html", **_about(speaker, token), form=form)


def _time_page(speaker: Speaker, token: str, form: OwnTimeForm) -> str:
    return render_template("speaking/time.html", **_about(speaker, token), form=form)


def _slides_page(speaker: Speaker, token: str, problem: str = "") -> str:
    found = queries.slides_of(database.session(), speaker.id)
    return render_template("speaking/slides.html", **_about(speaker, token, problem), slides=found)


def _file(name: str) -> FileStorage:
    """Raises `Conflict` where none was chosen."""
    found = request.files.get(name)
    if found is None or not found.filename:
        raise Conflict("file_missing")
    return found


def _read_away() -> None:
    stream, left = request.environ["wsgi.input"], READ_AWAY
    while left > 0 and (chunk := stream.read(64 * 1024)):
        left -= len(chunk)


def _shown_name(name: str, media: str) -> str:
    """As their computer called it, for people to read; a plain one where it cannot be shown."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    try:
        return line(last, longest=200) or f"slides.{ENDINGS[media]}"
    except BadText:
        return f"slides.{ENDINGS[media]}"
