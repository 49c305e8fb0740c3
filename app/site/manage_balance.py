"""The organisers' view of balance: who has the floor at this edition, beside the last ones."""

from collections.abc import Callable

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.agenda.rules import SessionKind
from app.agenda.words import KINDS
from app.extensions import database
from app.people.words import GENDERS, ORGANISATION_KINDS, SECTORS
from app.site import balancing
from app.site.balance import UNKNOWN, Aspect, by_kind, compared, plot
from app.site.desk import bp, edition_of
from app.values.actor import Right
from app.web.access import organiser
from app.web.templating import country_name

ASPECTS = {
    Aspect.COUNTRY: lazy_gettext("By country"),
    Aspect.ORGANISATION: lazy_gettext("By kind of organisation"),
    Aspect.SECTOR: lazy_gettext("By sector"),
    Aspect.GENDER: lazy_gettext("By gender"),
}
WORDS: dict[Aspect, Callable[[str], str]] = {
    Aspect.COUNTRY: country_name,
    Aspect.ORGANISATION: lambda kind: str(ORGANISATION_KINDS[kind]),
    Aspect.SECTOR: lambda sector: str(SECTORS[sector]),
    Aspect.GENDER: lambda gender: str(GENDERS[gender]),
}


@bp.get("/editions/<edition>/balance")
@organiser(Right.SEE)
def balance(edition: str) -> ResponseReturnValue:
    """One plot and table an aspect; of one kind of session or, without `kind`, of all."""
    db = database.session()
    row = edition_of(db, edition)
    kind = request.args.get("kind", "")
    turns = balancing.turns_of_draft(db, row.id)
    chosen = [turn for turn in turns if kind not in list(SessionKind) or turn.kind == kind]
    earlier = balancing.earlier_editions(db, row)
    past = [[t for t in of if kind not in list(SessionKind) or t.kind == kind] for _edition, of in earlier]
    rows = {aspect: compared(chosen, past, aspect) for aspect in Aspect}
    return render_template(
        "site/manage/balance.html", edition=row, section="balance", aspects=ASPECTS, rows=rows, kind=kind,
        plots={aspect: plot(rows[aspect], WORDS[aspect]) for aspect in Aspect},
        kinds={k.value: KINDS[k.value] for k in SessionKind if any(turn.kind is k for turn in turns)},
        by_kind={aspect: by_kind(turns, aspect) for aspect in Aspect}, words=_word, all_kinds=KINDS,
        earlier=[edition for edition, _turns in earlier], people=len({turn.person for turn in chosen}),
        minutes=round(sum(turn.minutes or 0 for turn in chosen)), has_minutes=any(turn.minutes for turn in chosen),
    )  # fmt: skip


def _word(aspect: Aspect, answer: str) -> str:
    return _("not given") if answer == UNKNOWN else WORDS[aspect](answer)
