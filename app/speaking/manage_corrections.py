"""What speakers wrote of themselves, before and after, to be taken or refused by an organiser."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from app.editions.models import Edition
from app.errors import Conflict, NotFound, Stale
from app.extensions import database
from app.people.portraits import Picture
from app.publishing import actions as publishing
from app.speakers import corrections, queries
from app.speakers.correcting import Field, Piece, is_conflict, pieces
from app.speakers.manage import bp, edition_of
from app.speakers.models import Correction, Speaker
from app.speakers.rules import CorrectionState
from app.speaking.words import FIELDS, NAME_PARTS
from app.values.actor import Right
from app.web import files
from app.web.access import actor, organiser
from app.web.clock import now
from app.web.fields import row_id
from app.web.messages import sentence, sentence_for
from app.web.transaction import transaction


@dataclass(frozen=True, slots=True)
class Proposed:
    """One correction as an organiser judges it."""

    row: Correction
    field: Field
    pieces: tuple[Piece, ...]
    is_conflict: bool
    saw: str


@bp.get("/corrections")
@organiser(Right.EDIT_AGENDA)
def corrections_index(edition: str) -> ResponseReturnValue:
    return _page(edition_of(edition))


@bp.post("/corrections/<int:correction>")
@organiser(Right.EDIT_AGENDA)
def decide(edition: str, correction: int) -> ResponseReturnValue:
    """One of them, also where somebody changed the text after the speaker: this organiser saw both."""
    row = _correction(edition_of(edition), correction)
    wanted = [(row.id, request.form.get("saw", ""))]
    return _decide(edition, row.speaker.person_id, wanted, take=request.form.get("do") == "approve")


@bp.post("/<int:speaker>/corrections")
@organiser(Right.EDIT_AGENDA)
def decide_all(edition: str, speaker: int) -> ResponseReturnValue:
    """All that stood on the page of this speaker, but for those that would undo somebody else's change."""
    row = queries.speaker_of(database.session(), edition_of(edition).id, speaker)
    shown = dict(zip(request.form.getlist("correction", type=row_id), request.form.getlist("saw"), strict=False))
    pending = [proposed(one) for one in queries.pending_of(database.session(), row.id).values()]
    wanted = [(one.row.id, shown[one.row.id]) for one in pending if one.row.id in shown and not one.is_conflict]
    return _decide(edition, row.person_id, wanted, take=request.form.get("do") == "approve")


@bp.get("/corrections/<int:correction>/portrait")
@organiser(Right.EDIT_AGENDA)
def pending_portrait(edition: str, correction: int) -> ResponseReturnValue:
    """A picture that waits: pixels of ours already."""
    row = _correction(edition_of(edition), correction)
    content = files.fetch(str(row.after.get("digest", ""))) if row.field == Field.PORTRAIT else None
    if content is None:
        abort(404)
    return Response(content, mimetype="image/webp")


def proposed(row: Correction) -> Proposed:
    field = Field(row.field)
    texts = {
        "before": row.before, "stored": corrections.stored_value(row.speaker, field), "after": row.after,
    }  # fmt: skip
    return Proposed(row, field, pieces(field, **texts), is_conflict(field, **texts), corrections.saw(row))


def _decide(edition: str, person_id: int, wanted: Sequence[tuple[int, str]], *, take: bool) -> ResponseReturnValue:
    pictures = {number: _picture(number) for number, _saw in wanted} if take else {}
    digests = [digest for number, _saw in wanted if (digest := _digest(number))]
    try:
        with transaction() as db:
            for number, saw in wanted:
                if take:
                    corrections.approve(db, number, saw=saw, picture=pictures[number], actor=actor(), now=now())
                else:
                    corrections.refuse(db, number, actor=actor(), now=now())
            if take and wanted:
                publishing.renew_person(db, person_id, now=now())
    except Stale:
        return _page(edition_of(edition), problem=sentence_for("correction_changed")), 409
    except Conflict as refused:
        return _page(edition_of(edition), problem=sentence(refused)), 409
    _forget(digests)
    flash(_told(len(wanted), take=take))
    return redirect(url_for(".corrections_index", edition=edition), 303)


def _told(number: int, *, take: bool) -> str:
    if not take:
        return str(ngettext("%(num)s correction refused.", "%(num)s corrections refused.", number))
    return str(
        ngettext(
            "%(num)s correction taken. Name, portrait and biography are live wherever the public sees them.",
            "%(num)s corrections taken. Name, portrait and biography are live wherever the public sees them.",
            number,
        )
    )


def _picture(correction_id: int) -> Picture | None:
    """Read before the transaction: the store may be far away."""
    row = database.session().get(Correction, correction_id)
    if row is None or row.field != Field.PORTRAIT:
        return None
    content = files.fetch(str(row.after.get("digest", "")))
    return Picture(content, int(row.after["width"]), int(row.after["height"])) if content else None


def _digest(correction_id: int) -> str:
    row = database.session().get(Correction, correction_id)
    return str(row.after.get("digest", "")) if row is not None and row.field == Field.PORTRAIT else ""


def _forget(digests: Sequence[str]) -> None:
    """Pictures nobody waits for any more: taken into the record, or refused."""
    for digest in digests:
        if not queries.is_kept(database.session(), digest):
            files.forget(digest)


def _correction(edition: Edition, correction_id: int) -> Correction:
    """Raises `NotFound` for one of another edition, and `Conflict` for one that is decided."""
    row: Correction | None = database.session().get(Correction, correction_id)
    if row is None or row.speaker.edition_id != edition.id:
        raise NotFound
    if row.state is not CorrectionState.PENDING:
        raise Conflict("correction_decided")
    return row


def _page(edition: Edition, *, problem: str = "") -> str:
    rows = queries.pending_in(database.session(), edition.id)
    groups: list[tuple[Speaker, list[Proposed]]] = [
        (speaker, [proposed(row) for row in found]) for speaker, found in groupby(rows, key=lambda row: row.speaker)
    ]
    return render_template(
        "speaking/corrections.html", edition=edition, section="speakers", groups=groups, fields=FIELDS,
        parts=NAME_PARTS, problem=problem,
    )  # fmt: skip
