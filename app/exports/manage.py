"""Files for translators: out as XLSX or XLIFF, back through a dry run that shows what each row would do."""

from collections import Counter
from collections.abc import Mapping, Sequence

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from app.database import DbSession
from app.editions.models import Edition
from app.errors import Conflict, NotFound
from app.exports import sheets, words, xliff
from app.exports.actions import take
from app.exports.exchange import FileRefusal, Refused, Row, dry_run, entries
from app.exports.forms import Numbered, Parcel, UploadForm
from app.extensions import database
from app.site.desk import edition_of, name_of
from app.site.matrix import Key, Text
from app.site.sieve import EVERYTHING, Sieve
from app.site.texts import texts_of
from app.site.translating import stored_texts
from app.site.wishes import Verdict
from app.site.words import FIELDS, KINDS, STATES
from app.translation.redline import redline
from app.values.actor import Right
from app.values.language import Language
from app.web.access import actor, organiser
from app.web.clock import now
from app.web.files import attachment
from app.web.messages import sentence, sentence_for
from app.web.transaction import transaction

bp = Blueprint("exports_manage", __name__, url_prefix="/organise/editions/<edition>/languages/files")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLIFF = "application/xliff+xml"
ARCHIVE, BYTE_ORDER_MARKS = b"PK\x03\x04", (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


@bp.get("")
@organiser(Right.SEE)
def index(edition: str) -> ResponseReturnValue:
    return _page(edition_of(database.session(), edition), UploadForm(formdata=None))


@bp.get("/texts.xlsx")
@organiser(Right.SEE)
def sheet(edition: str) -> ResponseReturnValue:
    """What the list shows, a row for each language to write in."""
    texts = _texts(database.session(), edition_of(database.session(), edition))
    content = sheets.written(entries(texts, Sieve.of(request.args)), words.of_sheets())
    return attachment(content, name=f"{edition}-texts.xlsx", media=XLSX)


@bp.get("/<language:source>-<language:target>.xlf")
@organiser(Right.SEE)
def units(edition: str, source: Language, target: Language) -> ResponseReturnValue:
    """What the list shows of texts first written in the one language, for the other. 404 where there is nothing."""
    texts = _texts(database.session(), edition_of(database.session(), edition))
    found = [
        e for e in entries(texts, Sieve.of(request.args)) if (e.text.source, e.target) == (source, target)
    ]  # fmt: skip
    if not found:
        raise NotFound
    content = xliff.written(found, source=source, target=target, original=edition, words=words.of_xliff())
    return attachment(content, name=f"{edition}-{source}-{target}.xlf", media=XLIFF)


@bp.post("")
@organiser(Right.EDIT_TEXTS)
def rehearse(edition: str) -> ResponseReturnValue:
    """The dry run: reads the file and shows what it would do. Nothing is stored, neither texts nor the file."""
    db, form = database.session(), UploadForm()
    row = edition_of(db, edition)
    if not form.validate():
        return _page(row, form), 422
    try:
        rows = _read(form.content)
    except Conflict as refused:
        form.file.errors = [sentence(refused)]
        return _page(row, form), 422
    found = dry_run(rows, stored_texts(db, row.id))
    return render_template(
        "exports/rehearsal.html", edition=row, section="languages", found=found, pieces=_parcel(row).packed(found.planned),
        verdicts=Counter(planned.verdict.value for planned in found.planned), redline=redline, **_words(),
    )  # fmt: skip


@bp.post("/take")
@organiser(Right.EDIT_TEXTS)
def apply(edition: str) -> ResponseReturnValue:
    """Exactly what the dry run showed. What was changed since is refused at its row; everything else is taken."""
    row = edition_of(database.session(), edition)
    rows = _parcel(row).unpacked(request.form.getlist("rows"))
    if not rows:
        form = UploadForm(formdata=None)
        form.form_errors.append(sentence_for("import_expired"))
        return _page(row, form), 409
    edition_id, wishes = row.id, [wish for _number, wish in rows]
    with transaction() as db:
        verdicts = take(db, edition_id, wishes, actor=actor(), now=now())
    refused = sum(verdict.is_refusal for verdict in verdicts)
    done = len(rows) - refused
    told = ngettext("One translation taken over.", "%(num)s translations taken over.", done)
    if not refused:
        flash(told)
        return redirect(url_for("site_manage.languages", edition=edition), 303)
    stored = stored_texts(database.session(), edition_id)
    left = _left(rows, verdicts, stored)
    page = render_template(
        "exports/taken.html", edition=edition_of(database.session(), edition), section="languages", told=told,
        refused=left, **_words(),
    )  # fmt: skip
    return page, 409


def _left(rows: Sequence[Numbered], verdicts: Sequence[Verdict], stored: Mapping[Key, Text]) -> list[Refused]:
    return [
        Refused(number, str(wish.key), verdict, stored.get(wish.key), wish.language)
        for (number, wish), verdict in zip(rows, verdicts, strict=True)
        if verdict.is_refusal
    ]


def _read(raw: bytes) -> list[Row]:
    """By what is in it, whatever it is called."""
    if raw.startswith(ARCHIVE):
        return sheets.read(raw)
    if raw.startswith(BYTE_ORDER_MARKS) or raw.lstrip().startswith(b"<"):
        return xliff.read(raw)
    raise Conflict(FileRefusal.UNKNOWN)


def _texts(db: DbSession, row: Edition) -> list[Text]:
    return texts_of(db, [row.id]).get(row.id, [])


def _parcel(row: Edition) -> Parcel:
    return Parcel(current_app.config["SECRET_KEY"], edition_id=row.id, account_id=actor().account_id)


def _page(row: Edition, form: UploadForm) -> str:
    texts, sieve = _texts(database.session(), row), Sieve.of(request.args)
    everything = Sieve(**{**sieve.arguments, "state": EVERYTHING})
    pairs = {
        which: Counter((entry.text.source, entry.target) for entry in entries(texts, each))
        for which, each in (("chosen", sieve), ("everything", everything))
    }
    return render_template(
        "exports/files.html", edition=row, section="languages", form=form, sieve=sieve, everything=everything,
        pairs=pairs, may_write=actor().may(Right.EDIT_TEXTS, row.id), **_words(),
    )  # fmt: skip


def _words() -> dict[str, object]:
    return {"kinds": KINDS, "fields": FIELDS, "states": STATES, "reason": words.reason, "name_of": name_of}
