"""The organisers' pages of interpreters as people: who they are, when they are there, what they do, their mails."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.agenda import queries
from app.agenda.manage import edition_of
from app.agenda.models import Interpreter
from app.agenda.planning import plan_of
from app.agenda.rota import Conflict as Trouble
from app.agenda.rota import conflicts, rota_of
from app.audit import queries as audit
from app.database import DbSession
from app.editions.models import Edition
from app.errors import Conflict, NotFound, Stale
from app.extensions import database
from app.interpretation import crew
from app.interpretation.forms import InterpreterForm, NewInterpreterForm, Rows, interpreter_data, rows_of
from app.interpretation.roster import days_of, longest_run
from app.interpretation.words import against, pair_text
from app.mail.letter import Letter, letter
from app.mail.models import OutgoingMail
from app.mail.queries import held_back
from app.people import actions as people
from app.people import queries as known_people
from app.people.models import Person
from app.speakers.queries import appearances_of
from app.values.actor import Right
from app.values.text import a_number, folded, has_han
from app.web.access import actor, organiser
from app.web.clock import now
from app.web.languages import language
from app.web.messages import sentence
from app.web.transaction import transaction
from app.web.versions import differences

bp = Blueprint("interpretation", __name__, url_prefix="/organise/editions/<edition>")

__all__ = ["bp"]

FOUND = 12


@bp.get("/interpretation/crew")
@organiser(Right.SEE)
def crew_list(edition: str) -> ResponseReturnValue:
    return _list_page(edition_of(edition))


@bp.get("/interpretation/crew/add")
@organiser(Right.EDIT_AGENDA)
def interpreter_find(edition: str) -> ResponseReturnValue:
    """Search first, so that returning people are found and not doubled."""
    db, row, text = database.session(), edition_of(edition), request.args.get("q", "").strip()[:200]
    there = {one.person_id: one for one in queries.crew_of(db, row.id)}
    return render_template(
        "interpretation/interpreter_find.html", edition=row, section="interpretation", q=text, there=there,
        found=known_people.search_people(db, text, FOUND) if text else [],
    )  # fmt: skip


@bp.get("/interpretation/crew/new")
@organiser(Right.EDIT_AGENDA)
def interpreter_new(edition: str) -> ResponseReturnValue:
    row, person = edition_of(edition), _person()
    data: dict[str, Any] = {"windows": rows_of((), row.own_days or ())}
    if person is not None:
        return _page(row, None, InterpreterForm(formdata=None, data=data | {"email": _email_of(row, person)}), person)
    name = request.args.get("name", "").strip()[:200]
    return _page(row, None, NewInterpreterForm(formdata=None, data=data | {"name": name}))


@bp.post("/interpretation/crew/new")
@organiser(Right.EDIT_AGENDA)
def interpreter_create(edition: str) -> ResponseReturnValue:
    row, person = edition_of(edition), _person()
    form = InterpreterForm() if person else NewInterpreterForm()
    if not form.validate():
        return _page(row, None, form, person), 422
    edition_id, person_id = row.id, person.id if person else None
    try:
        with transaction() as db:
            if isinstance(form, NewInterpreterForm):
                made = people.create_person(db, form.person(), actor=actor(), now=now())
                _refuse_double(db, made, form)
                person_id = made.id
            added = crew.add_interpreter(db, edition_id, person_id or 0, form.facts(), actor=actor(), now=now())
            interpreter_id = added.id
    except Conflict as refused:
        form.form_errors.append(sentence(refused))
        return _page(edition_of(edition), None, form, _person()), 409
    flash(_("Added. Nobody outside sees it."))
    return redirect(url_for(".interpreter", edition=edition, interpreter=interpreter_id), 303)


@bp.get("/interpretation/crew/<int:interpreter>")
@organiser(Right.SEE)
def interpreter(edition: str, interpreter: int) -> ResponseReturnValue:
    row = edition_of(edition)
    stored = queries.interpreter_of(database.session(), row.id, interpreter)
    return _page(row, stored, _stored_form(row, stored))


@bp.post("/interpretation/crew/<int:interpreter>")
@organiser(Right.EDIT_AGENDA)
def interpreter_save(edition: str, interpreter: int) -> ResponseReturnValue:
    row = edition_of(edition)
    stored, form = queries.interpreter_of(database.session(), row.id, interpreter), InterpreterForm()
    if not form.validate():
        return _page(row, stored, form), 422
    try:
        with transaction() as db:
            revision = form.revision.data or 0
            crew.change_interpreter(db, interpreter, form.facts(), revision=revision, actor=actor(), now=now())
    except Stale:
        return _two_versions(edition, interpreter, form)
    flash(_("Saved."))
    return redirect(url_for(".interpreter", edition=edition, interpreter=interpreter), 303)


@bp.post("/interpretation/crew/<int:interpreter>/remove")
@organiser(Right.EDIT_AGENDA)
def interpreter_remove(edition: str, interpreter: int) -> ResponseReturnValue:
    queries.interpreter_of(database.session(), edition_of(edition).id, interpreter)
    with transaction() as db:
        crew.remove_interpreter(db, interpreter, actor=actor(), now=now())
    flash(_("Taken out of this edition. The person’s own record stays."))
    return redirect(url_for(".crew_list", edition=edition), 303)


@bp.get("/interpretation/briefings")
@organiser(Right.EDIT_AGENDA)
def briefings(edition: str) -> ResponseReturnValue:
    """First whom to write to, then how many mails that would be and what they say. Nothing goes out."""
    return _mail_page(edition_of(edition))


@bp.post("/interpretation/briefings")
@organiser(Right.EDIT_AGENDA)
def briefings_send(edition: str) -> ResponseReturnValue:
    row = edition_of(edition)
    chosen = _chosen(request.form.getlist("to"), queries.crew_of(database.session(), row.id))
    if not chosen:
        return _mail_page(row, problem=_("Choose somebody with an e-mail address.")), 422
    edition_id, ids = row.id, [one.id for one in chosen]
    with transaction() as db:
        sent = len(crew.send_briefings(db, edition_id, ids, actor=actor(), now=now()))
    flash(ngettext("%(num)s mail leaves in half a minute.", "%(num)s mails leave in half a minute.", sent))
    return redirect(url_for(".crew_list", edition=edition), 303)


@bp.post("/interpretation/briefings/withdraw")
@organiser(Right.EDIT_AGENDA)
def briefings_withdraw(edition: str) -> ResponseReturnValue:
    mail_ids = [number for text in request.form.getlist("mail") if (number := a_number(text)) is not None]
    edition_id = edition_of(edition).id
    with transaction() as db:
        back = crew.withdraw_briefings(db, edition_id, mail_ids, actor=actor(), now=now())
    flash(
        ngettext("%(num)s mail taken back.", "%(num)s mails taken back.", back) if back else _("It has left already.")
    )
    return redirect(url_for(".crew_list", edition=edition), 303)


def _chosen(texts: Sequence[str], rows: Sequence[Interpreter]) -> list[Interpreter]:
    """Those with an address. Somebody of another edition is not found."""
    ids = {number for text in texts if (number := a_number(text)) is not None}
    if not ids <= {row.id for row in rows}:
        raise NotFound
    return [row for row in rows if row.id in ids and row.email]


def _person() -> Person | None:
    """Whom the address names; None where somebody new is to be written down."""
    text = request.args.get("person", "")
    if not text:
        return None
    number = a_number(text)
    found: Person | None = database.session().get(Person, number) if number is not None else None
    if found is None:
        raise NotFound
    return found


def _email_of(edition: Edition, person: Person) -> str:
    """As they gave it for this edition as a speaker."""
    found = appearances_of(database.session(), person.id)
    return next((one.email for one in found if one.edition_id == edition.id and one.email), "")


def _refuse_double(db: DbSession, made: Person, form: NewInterpreterForm) -> None:
    """Asked behind the lock of creating, where nobody of that name can slip in between, as by a double click."""
    same = [person for person in known_people.search_people(db, made.name, 50) if person.id != made.id]
    if not form.somebody_else.data and any(folded(person.name) == folded(made.name) for person in same):
        raise Conflict("person_is_there")


def _stored_form(edition: Edition, stored: Interpreter) -> InterpreterForm:
    windows = queries.windows_of(database.session(), stored)
    rows = rows_of(windows, () if windows else edition.own_days or ())
    return InterpreterForm(formdata=None, data=interpreter_data(stored) | {"windows": rows})


def _two_versions(edition: str, interpreter_id: int, form: InterpreterForm) -> ResponseReturnValue:
    """Both beside each other, what was typed still in the form; saving again is then a choice."""
    db, row = database.session(), edition_of(edition)
    stored = queries.interpreter_of(db, row.id, interpreter_id)
    last = audit.last_of(db, "interpreter", interpreter_id)
    found = {"rows": differences(form, _stored_form(row, stored)), "who": last.actor_name if last else ""}
    form.revision.data, form.revision.raw_data = stored.revision, None
    return _page(row, stored, form, versions=found), 409


def _page(
    edition: Edition,
    stored: Interpreter | None,
    form: InterpreterForm,
    person: Person | None = None,
    versions: dict[str, Any] | None = None,
) -> str:
    if not form.windows.data or not form.windows.data[-1].is_empty:
        form.windows.data = Rows([*form.windows.data, *rows_of((), ())])
    return render_template(
        "interpretation/interpreter.html", edition=edition, section="interpretation", interpreter=stored, form=form,
        person=stored.person if stored else person, versions=versions, pair_text=pair_text, has_han=has_han,
        last=audit.last_of(database.session(), "interpreter", stored.id) if stored else None,
        duties=len(stored.duties) if stored else 0, may_edit=actor().may(Right.EDIT_AGENDA, edition.id),
    )  # fmt: skip


def _list_page(edition: Edition) -> str:
    db = database.session()
    known = rota_of(plan_of(db, edition.id))
    rows, days = queries.crew_of(db, edition.id, language()), days_of(known.plan)
    troubles: dict[int, list[Trouble]] = {row.id: [] for row in rows}
    for trouble in conflicts(known):
        troubles[trouble.duty.interpreter].append(trouble)
    return render_template(
        "interpretation/crew.html", edition=edition, section="interpretation", crew=rows, days=days, rota=known,
        longest={row.id: longest_run(known, row.id) for row in rows}, pair_text=pair_text, against=against,
        troubles=troubles, held=held_back(db, edition.id, [crew.BRIEFING]), may_edit=actor().may(Right.EDIT_AGENDA, edition.id),
    )  # fmt: skip


def _mail_page(edition: Edition, problem: str = "") -> str:
    db = database.session()
    rows = queries.crew_of(db, edition.id, language())
    chosen = _chosen(request.args.getlist("to"), rows)
    return render_template(
        "interpretation/briefings.html", edition=edition, section="interpretation", rota=rota_of(plan_of(db, edition.id)),
        problem=problem, crew=[row for row in rows if row.email], silent=[row for row in rows if not row.email],
        chosen=chosen, letters=[_letter(edition, row) for row in _one_a_language(chosen)],
    )  # fmt: skip


def _one_a_language(chosen: Sequence[Interpreter]) -> list[Interpreter]:
    return list({row.language: row for row in reversed(chosen)}.values())[::-1]


def _letter(edition: Edition, row: Interpreter) -> tuple[Interpreter, Letter]:
    """As they would read it."""
    data = crew.letter_to(row, edition)
    mail = OutgoingMail(recipient=row.email, template=crew.BRIEFING, language=row.language, data=data)
    return row, letter(current_app._get_current_object(), mail)  # type: ignore[attr-defined]
