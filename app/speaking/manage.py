"""Letters to speakers: their words, whom one goes to, how each will read it, and the way back while they wait."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import astuple, dataclass
from typing import Any

from flask import Flask, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.audit import queries as audit
from app.editions.models import Edition
from app.errors import Conflict, NotFound, Stale
from app.extensions import database
from app.mail import queries as mails
from app.mail.letter import Letter as Written
from app.mail.letter import letter as written
from app.mail.models import OutgoingMail
from app.speakers.manage import bp, edition_of
from app.speakers.models import LetterTemplate, Speaker
from app.speakers.words import STATES
from app.speaking import actions, manage_board, manage_corrections, queries
from app.speaking.composing import Composed, compose
from app.speaking.forms import LetterForm
from app.speaking.listing import rows_of
from app.speaking.rules import PLACEHOLDERS, TO, LeftOut, Letter, left_out, mail_of
from app.speaking.words import DEFAULTS, LEFT_OUT, LETTERS, PURPOSES, Words
from app.speaking.words import PLACEHOLDERS as PLACEHOLDER_WORDS
from app.values.actor import Right
from app.web.access import actor, organiser
from app.web.clock import now
from app.web.fields import row_id
from app.web.messages import sentence
from app.web.transaction import transaction
from app.web.versions import differences

__all__ = ["bp", "manage_board", "manage_corrections"]


@dataclass(frozen=True, slots=True)
class Round:
    """A letter and everybody it was meant for."""

    letter: Letter
    speakers: dict[int, Speaker]
    letters: tuple[Composed, ...]
    left_out: tuple[tuple[Speaker, LeftOut], ...]
    picked: Collection[int]
    """As the address names them; empty for all whom the letter is for."""

    @property
    def seal(self) -> str:
        """Of all letters as they were shown: what is sent is what somebody read, or nothing."""
        told = json.dumps([astuple(one) for one in self.letters], sort_keys=True, default=str)
        return hashlib.sha256(told.encode()).hexdigest()


@bp.get("/letters")
@organiser(Right.EDIT_AGENDA)
def letters(edition: str) -> ResponseReturnValue:
    row = edition_of(edition)
    stored = {letter: queries.template_of(database.session(), row.id, letter) for letter in Letter}
    return render_template(
        "speaking/letters.html", edition=row, section="speakers", stored=stored, names=LETTERS, purposes=PURPOSES,
        defaults=DEFAULTS,
    )  # fmt: skip


@bp.get("/letters/<letter>")
@organiser(Right.EDIT_AGENDA)
def letter(edition: str, letter: str) -> ResponseReturnValue:
    row, which = edition_of(edition), _letter(letter)
    return _letter_page(row, which, _stored_form(row, which))


@bp.post("/letters/<letter>")
@organiser(Right.EDIT_AGENDA)
def save_letter(edition: str, letter: str) -> ResponseReturnValue:
    row, which, form = edition_of(edition), _letter(letter), LetterForm()
    if not form.validate():
        return _letter_page(row, which, form), 422
    subject, body, edition_id = form.subject.form.translated, form.body.form.translated, row.id
    try:
        with transaction() as db:
            revision = form.revision.data or 0
            actions.store_letter(db, edition_id, which, subject, body, revision=revision, actor=actor(), now=now())
    except Stale:
        return _two_versions(edition_of(edition), which, form)
    flash(_("Saved. Letters that are on their way keep the old words."))
    return redirect(url_for(".letter", edition=edition, letter=letter), 303)


@bp.get("/write")
@organiser(Right.EDIT_AGENDA)
def write(edition: str) -> ResponseReturnValue:
    """Who gets it and how each of them will read it. Nothing is sent by looking."""
    row = edition_of(edition)
    return _write_page(row, _round(row, request.args.get("letter", ""), request.args.getlist("who", type=row_id)))


@bp.post("/write")
@organiser(Right.EDIT_AGENDA)
def send(edition: str) -> ResponseReturnValue:
    row = edition_of(edition)
    found = _round(row, request.form.get("letter", ""), request.form.getlist("who", type=row_id))
    if not found.letters:
        return _write_page(row, found, problem=_("Nobody is left to write to.")), 409
    if request.form.get("agreed") != found.seal:
        return _write_page(row, found, problem=_("Something has changed since you looked, so nothing was sent.")), 409
    edition_id, number = row.id, len(found.letters)
    try:
        with transaction() as db:
            composed = [(one.speaker_id, one.to, one.language, one.data) for one in found.letters]
            actions.send(db, edition_id, found.letter, composed, actor=actor(), now=now())
    except Conflict as refused:
        row = edition_of(edition)
        return _write_page(row, _round(row, found.letter, found.picked), problem=sentence(refused)), 409
    said = ngettext("%(num)s letter is in the outbox.", "%(num)s letters are in the outbox.", number)
    flash(said)
    return redirect(url_for(".index", edition=edition), 303)


@bp.post("/write/back")
@organiser(Right.EDIT_AGENDA)
def take_back(edition: str) -> ResponseReturnValue:
    edition_id, wanted = edition_of(edition).id, request.form.getlist("mail", type=row_id)
    with transaction() as db:
        number = actions.take_back(db, edition_id, wanted, actor=actor(), now=now())
    gone = len(wanted) - number
    if number:
        flash(ngettext("%(num)s letter taken back.", "%(num)s letters taken back.", number))
    if gone:
        flash(ngettext("%(num)s had left already.", "%(num)s had left already.", gone), "error")
    return redirect(url_for(".index", edition=edition), 303)


def _letter(name: str) -> Letter:
    try:
        return Letter(name)
    except ValueError:
        raise NotFound from None


def _words(template: LetterTemplate | None, letter: Letter) -> Words:
    return Words(template.subject, template.body) if template else DEFAULTS[letter]


def _stored_form(edition: Edition, letter: Letter) -> LetterForm:
    template = queries.template_of(database.session(), edition.id, letter)
    words = _words(template, letter)
    return LetterForm(
        formdata=None,
        data={
            "subject": words.subject.as_dict(),
            "body": words.body.as_dict(),
            "revision": template.revision if template else 0,
        },
    )


def _two_versions(edition: Edition, letter: Letter, form: LetterForm) -> ResponseReturnValue:
    db, stored = database.session(), _stored_form(edition, letter)
    rows = differences(form, stored)
    template = queries.template_of(db, edition.id, letter)
    last = audit.last_of(db, "letter", template.id) if template else None
    form.revision.data, form.revision.raw_data = stored.revision.data, None
    return _letter_page(edition, letter, form, {"rows": rows, "who": last.actor_name if last else ""}), 409


def _letter_page(edition: Edition, letter: Letter, form: LetterForm, versions: dict[str, Any] | None = None) -> str:
    return render_template(
        "speaking/letter.html", edition=edition, letter=letter, form=form, versions=versions, section="speakers",
        names=LETTERS, purposes=PURPOSES, placeholders=[(name, PLACEHOLDER_WORDS[name]) for name in PLACEHOLDERS],
    )  # fmt: skip


def _round(edition: Edition, name: str, picked: Collection[int]) -> Round:
    """Composed anew each time, so that what is shown and what is sent come from the same place."""
    letter = next((one for one in Letter if one == name), Letter.INVITATION)
    db, words = database.session(), _words(queries.template_of(database.session(), edition.id, letter), letter)
    meant = [
        row
        for row in rows_of(db, edition, now())
        if (row.speaker.id in picked if picked else row.speaker.state in TO[letter][:1])
    ]
    refused, waiting = mails.refused_addresses(db, edition.id), queries.on_their_way(db, edition.id, letter)
    why = {
        row.speaker.id: left_out(
            letter, row.speaker.state, email=row.speaker.email, refused=refused, missing=row.missing,
            is_on_its_way=row.speaker.id in waiting,
        )
        for row in meant
    }  # fmt: skip
    going = [row for row in meant if why[row.speaker.id] is None]
    sessions = queries.own_sessions(db, edition, [row.speaker.id for row in going])
    composed = tuple(
        compose(letter, words, row.speaker, sessions.get(row.speaker.id, []), missing=row.missing, sender=actor().name)
        for row in going
    )
    staying = tuple((row.speaker, reason) for row in meant if (reason := why[row.speaker.id]) is not None)
    return Round(letter, {row.speaker.id: row.speaker for row in meant}, composed, staying, frozenset(picked))


def _write_page(edition: Edition, found: Round, *, problem: str = "") -> str:
    at = request.args.get("show", type=row_id)
    place = next((n for n, one in enumerate(found.letters) if one.speaker_id == at), 0)
    shown = found.letters[place] if found.letters else None
    return render_template(
        "speaking/write.html", edition=edition, section="speakers", round=found, names=LETTERS, reasons=LEFT_OUT,
        states=STATES, shown=shown, place=place, problem=problem, preview=_preview(found, shown) if shown else None,
        hold=int(actions.HOLD.total_seconds()),
    )  # fmt: skip


def _preview(found: Round, shown: Composed) -> Written:
    """Made by the very code that makes the mail, of a row that is never stored."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    row = OutgoingMail(
        recipient=shown.to, template=mail_of(found.letter), language=shown.language, data=shown.data, queued_at=now()
    )
    return written(app, row)
