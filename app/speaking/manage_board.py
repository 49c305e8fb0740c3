"""All speakers of an edition: as a board from candidate to materials in, and as a list to filter, sort and write to."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.editions.models import Edition
from app.errors import Conflict
from app.extensions import database
from app.mail import queries as mails
from app.people.words import ORGANISATION_KINDS
from app.search.rules import terms
from app.speakers import pipeline, queries
from app.speakers.manage import bp, edition_of
from app.speakers.models import Speaker
from app.speakers.rules import MOVES, PIPELINE, Refusal, SpeakerState, lacking, needs_a_note
from app.speakers.words import MOVES as MOVE_WORDS
from app.speakers.words import PARTS, SCOPES, STATES
from app.speaking.listing import Row, countries, rows_of
from app.speaking.rules import Letter, mail_of
from app.values.actor import Right
from app.values.language import Language
from app.values.text import BadText, line
from app.web.access import actor, organiser
from app.web.clock import now
from app.web.fields import row_id
from app.web.languages import language
from app.web.messages import sentence
from app.web.templating import country_name
from app.web.transaction import transaction

VIEWS = ("board", "list")
ON_BOARD = 12
"""Cards in a column: the most urgent; the rest is a link to the list."""
SORTS: dict[str, Callable[[Row], Any]] = {
    "name": lambda row: _name_key(row.speaker),
    "organisation": lambda row: (row.speaker.organisation is None, _organisation_key(row.speaker)),
    "country": lambda row: (row.speaker.country is None, country_name(row.speaker.country)),
    "state": lambda row: PIPELINE.index(row.speaker.state),
    "inviter": lambda row: (row.speaker.inviter is None, _inviter(row.speaker).casefold()),
    "due": lambda row: (row.speaker.due_on is None, row.speaker.due_on),
    "waiting": lambda row: -(row.waiting_days if row.waiting_days is not None else -1),
    "sessions": lambda row: -row.sessions,
    "order": lambda row: (row.speaker.position, row.speaker.id),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What the address asks for; what it does not know it ignores."""

    view: str = ""
    q: str = ""
    state: str = ""
    country: str = ""
    kind: str = ""
    inviter: str = ""
    overdue: str = ""
    sort: str = ""

    @classmethod
    def of_request(cls) -> "Wish":
        return cls(**{name: request.args.get(name, "").strip()[:200] for name in cls.__dataclass_fields__})

    @property
    def active(self) -> dict[str, str]:
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def filters(self) -> dict[str, str]:
        """What narrows the list down, each to be taken away by itself."""
        return {name: value for name, value in self.active.items() if name not in ("view", "sort")}

    @property
    def is_board(self) -> bool:
        return self.view != "list"

    def but(self, **changed: str) -> dict[str, str]:
        return replace(self, **changed).active

    def fits(self, row: Row) -> bool:
        one = row.speaker
        text = one.person.findable + (one.organisation.findable if one.organisation else "")
        kind = one.organisation.kind if one.organisation else ""
        return (
            self.state in ("", one.state)
            and self.country in ("", one.country or "")
            and self.kind in ("", kind)
            and self.inviter in ("", str(one.inviter_id or "none"))
            and (not self.overdue or row.is_overdue)
            and all(term in text for term in terms(self.q))
        )


@bp.get("")
@organiser(Right.SEE)
def index(edition: str) -> ResponseReturnValue:
    return _page(edition_of(edition))


@bp.get("/<int:speaker>/move")
@organiser(Right.EDIT_AGENDA)
def ask(edition: str, speaker: int) -> ResponseReturnValue:
    """The question before a step: for keyboards and phones, and for steps that want a note."""
    row = edition_of(edition)
    return _ask(row, queries.speaker_of(database.session(), row.id, speaker), request.args.get("to", ""))


@bp.post("/<int:speaker>/move")
@organiser(Right.EDIT_AGENDA)
def move(edition: str, speaker: int) -> ResponseReturnValue:
    row = edition_of(edition)
    stored = queries.speaker_of(database.session(), row.id, speaker)
    saw, to = _state(request.form.get("saw")), _state(request.form.get("to"))
    if saw is None or to is None:
        return _ask(row, stored, ""), 422
    try:
        note = line(request.form.get("note", ""), longest=1000)
        with transaction() as db:
            pipeline.move(db, speaker, to, saw=saw, note=note, actor=actor(), now=now())
    except (Conflict, BadText) as refused:
        row = edition_of(edition)
        stored = queries.speaker_of(database.session(), row.id, speaker)
        wants_a_note = isinstance(refused, BadText) or refused.code == Refusal.NOTE_MISSING
        asked_first = wants_a_note and "note" not in request.form  # a button of the board: no reproach
        problem = "" if asked_first else sentence(refused)
        return _ask(row, stored, to, problem=problem), 422 if wants_a_note else 409
    return _after_moving(row.slug, speaker, saw)


def _after_moving(edition: str, speaker: int, saw: SpeakerState) -> ResponseReturnValue:
    """Back to where the button stood, with the way back at the foot of the page."""
    if request.form.get("back") == "speaker":
        flash(_("Moved. It stands in the history."))
        return redirect(url_for(".edit", edition=edition, speaker=speaker), 303)
    view = "list" if request.form.get("back") == "list" else "board"
    return redirect(url_for(".index", edition=edition, view=view, moved=speaker, was=saw.value), 303)


def _state(text: str | None) -> SpeakerState | None:
    return next((state for state in SpeakerState if state == text), None)


def _ask(edition: Edition, stored: Speaker, to: str, *, problem: str = "") -> str:
    wanted = _state(to)
    missing = lacking(stored.part, queries.materials_of(database.session(), stored))
    return render_template(
        "speaking/move.html", edition=edition, speaker=stored, section="speakers", states=STATES,
        to=wanted if wanted in MOVES[stored.state] else None, moves=MOVES[stored.state], move_words=MOVE_WORDS,
        needs_note=wanted is not None and needs_a_note(stored.state, wanted, missing), problem=problem,
        missing=missing, note=request.form.get("note", ""), back=request.values.get("back", ""),
    )  # fmt: skip


def _page(edition: Edition) -> str:
    db, wish, at = database.session(), Wish.of_request(), now()
    everybody = rows_of(db, edition, at)
    shown = sorted(filter(wish.fits, everybody), key=SORTS.get(wish.sort, SORTS["order"]))
    may_edit = actor().may(Right.EDIT_AGENDA, edition.id)
    held = mails.held_back(db, edition.id, [mail_of(letter) for letter in Letter]) if may_edit else []
    return render_template(
        "speaking/index.html", edition=edition, section="speakers", wish=wish, shown=shown, everybody=everybody,
        counts=Counter(row.speaker.state for row in everybody), pipeline=PIPELINE, states=STATES, scopes=SCOPES,
        parts=PARTS, moves=MOVES, move_words=MOVE_WORDS, columns=_columns(shown),
        most=ON_BOARD, kinds=_kinds(everybody), countries=countries(everybody), inviters=_inviters(everybody),
        moved=_moved(everybody), held=held, pending=sum(len(row.pending) for row in everybody), may_edit=may_edit,
        invitable=sum(row.speaker.state is SpeakerState.CANDIDATE for row in everybody),
    )  # fmt: skip


def _columns(shown: Iterable[Row]) -> Mapping[SpeakerState, list[Row]]:
    """What needs somebody stands first."""
    columns: dict[SpeakerState, list[Row]] = {state: [] for state in PIPELINE}
    for row in sorted(shown, key=lambda row: not row.needs_somebody):
        columns[row.speaker.state].append(row)
    return columns


def _moved(everybody: Iterable[Row]) -> tuple[Speaker, SpeakerState] | None:
    """Whom this organiser has just moved, and from where, while it can be taken back."""
    was, speaker_id = _state(request.args.get("was")), request.args.get("moved", type=row_id)
    found = next((row.speaker for row in everybody if row.speaker.id == speaker_id), None)
    if found is None or was is None or was not in MOVES[found.state]:
        return None
    return found, was


def _inviters(everybody: Iterable[Row]) -> list[tuple[str, str]]:
    """Those who invite somebody here."""
    found = {row.speaker.inviter_id: _inviter(row.speaker) for row in everybody if row.speaker.inviter}
    return sorted(((str(key), name) for key, name in found.items()), key=lambda pair: pair[1].casefold())


def _kinds(everybody: Iterable[Row]) -> list[tuple[str, Any]]:
    """Kinds of organisations that somebody here comes from."""
    there = {row.speaker.organisation.kind.value for row in everybody if row.speaker.organisation}
    return [(value, word) for value, word in ORGANISATION_KINDS.items() if value in there]


def _inviter(speaker: Speaker) -> str:
    return speaker.inviter.shown_name if speaker.inviter else ""


def _name_key(speaker: Speaker) -> str:
    return speaker.person.sort_zh if language() is Language.ZH else speaker.person.sort_latin


def _organisation_key(speaker: Speaker) -> str:
    found = speaker.organisation
    if found is None:
        return ""
    keys = {Language.EN: found.sort_en, Language.DE: found.sort_de, Language.ZH: found.sort_zh}
    return keys[language()]
