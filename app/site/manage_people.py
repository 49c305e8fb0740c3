"""The public records of people and organisations, over all editions. Search first, so that nobody is doubled."""

from collections.abc import Sequence

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.editions.models import Edition
from app.editions.queries import source_language
from app.errors import Conflict, NotFound, Stale
from app.extensions import database
from app.people import actions, queries
from app.people.forms import OrganisationForm, PersonForm, organisation_data, person_data
from app.people.models import Organisation, Person
from app.people.portraits import Picture, decoded
from app.publishing import actions as publishing
from app.publishing import queries as public
from app.site import lists
from app.site.desk import Versions, bp, versions, visible
from app.values.actor import Right
from app.values.text import has_han
from app.web.access import actor, organiser
from app.web.clock import now
from app.web.languages import language
from app.web.messages import sentence
from app.web.transaction import transaction


def _page_number() -> int:
    return max(1, min(request.args.get("page", 1, type=int), 10**6))


@bp.get("/people")
@organiser(Right.SEE, somewhere=True)
def people() -> ResponseReturnValue:
    db, text = database.session(), request.args.get("q", "").strip()
    page = lists.people_page(db, text, _page_number(), language())
    seen = [edition.id for edition in visible(db, actor())]
    return render_template(
        "site/manage/people.html", q=text, page=page, section="people", public=public.public_person_ids(db),
        editions=lists.editions_of_people(db, [person.id for person in page.rows], seen),
    )  # fmt: skip


@bp.get("/people/new")
@organiser(Right.EDIT_AGENDA, somewhere=True)
def person_new() -> ResponseReturnValue:
    """First the name alone: who may be meant is shown before a new record can be written."""
    text = request.args.get("q", "").strip()
    if text and request.args.get("write"):
        name = {"second_name": text} if has_han(text) and request.args.get("latin") else {"name": text}
        return _person_page(None, PersonForm(formdata=None, data=name))
    db = database.session()
    found = lists.likely_people(db, text)
    seen = [edition.id for edition in visible(db, actor())]
    return render_template(
        "site/manage/person_new.html", q=text, found=found, section="people",
        editions=lists.editions_of_people(db, [person.id for person in found], seen),
    )  # fmt: skip


@bp.post("/people/new")
@organiser(Right.EDIT_AGENDA, somewhere=True)
def person_create() -> ResponseReturnValue:
    form = PersonForm()
    if not form.validate():
        return _person_page(None, form), 422
    same = _people_like(form)
    if same and not form.somebody_else.data:
        return _person_page(None, form, namesakes=same), 409
    try:
        picture = _picture(form)
        with transaction() as db:
            person = actions.create_person(db, form.facts(), actor=actor(), now=now())
            _refuse_double(_people_like(form), person.id, form)
            if picture:
                actions.set_portrait(db, person.id, picture, revision=person.revision, actor=actor(), now=now())
            slug = person.slug
    except Doubled:
        return _person_page(None, form, namesakes=_people_like(form)), 409
    except Conflict as refused:
        return _refused_picture(None, form, refused)
    flash(_("Added. The public sees this person once a release shows them."))
    return redirect(url_for(".person", person=slug), 303)


@bp.get("/people/<person>")
@organiser(Right.SEE, somewhere=True)
def person(person: str) -> ResponseReturnValue:
    row = _person(person)
    return _person_page(row, PersonForm(formdata=None, data=person_data(row)))


@bp.post("/people/<person>")
@organiser(Right.EDIT_AGENDA, somewhere=True)
def person_save(person: str) -> ResponseReturnValue:
    row, form = _person(person), PersonForm()
    if not form.validate():
        return _person_page(row, form), 422
    row_id = row.id
    try:
        picture = _picture(form)
        with transaction() as db:
            changed = actions.change_person(
                db,
                row_id,
                form.facts(),
                revision=form.revision.data or 0,
                actor=actor(),
                now=now(),
                house=source_language(db),
            )
            if picture:
                actions.set_portrait(db, row_id, picture, revision=changed.revision, actor=actor(), now=now())
            elif form.remove_portrait.data:
                actions.remove_portrait(db, row_id, revision=changed.revision, actor=actor(), now=now())
            publishing.renew_person(db, row_id, now=now())
    except Stale:
        row = _person(person)
        stored = PersonForm(formdata=None, data=person_data(row))
        found = versions(database.session(), "person", row.id, typed=form, stored=stored)
        return _person_page(row, form, found=found), 409
    except Conflict as refused:
        return _refused_picture(_person(person), form, refused)
    flash(_("Saved."))
    return redirect(url_for(".person", person=person), 303)


@bp.get("/people/<person>/portrait")
@organiser(Right.SEE, somewhere=True)
def portrait(person: str) -> ResponseReturnValue:
    """For organisers, before anything of this person is public."""
    row = _person(person)
    if row.portrait is None:
        abort(404)
    return Response(row.portrait.image, mimetype="image/webp")


def _person(slug: str) -> Person:
    found = queries.person_by_slug(database.session(), slug)
    if found is None:
        raise NotFound
    return found


class Doubled(Conflict):
    """Somebody of that name came in while this form was on its way, as by a double click."""


def _refuse_double(found: Sequence[Person | Organisation], new_id: int, form: PersonForm | OrganisationForm) -> None:
    """Asked once more behind the lock of creating, where nobody can slip in between."""
    if not form.somebody_else.data and any(row.id != new_id for row in found):
        raise Doubled


def _people_like(form: PersonForm) -> list[Person]:
    return lists.namesakes(database.session(), form.name.data or "", form.second_name.data or "")


def _organisations_like(form: OrganisationForm) -> list[Organisation]:
    return lists.organisation_namesakes(database.session(), list(form.name.form.translated.as_dict().values()))


def _picture(form: PersonForm) -> Picture | None:
    """Decoded here, before the transaction begins. Raises `Conflict` for what is no picture."""
    upload = form.portrait.data
    raw = upload.read() if upload else b""
    return decoded(raw) if raw else None


def _refused_picture(row: Person | None, form: PersonForm, refused: Conflict) -> ResponseReturnValue:
    if refused.code.startswith("portrait_"):
        form.portrait.errors = [sentence(refused)]
        return _person_page(row, form), 422
    form.form_errors.append(sentence(refused))
    return _person_page(row, form), 409


def _person_page(
    row: Person | None, form: PersonForm, *, found: Versions | None = None, namesakes: list[Person] | None = None
) -> str:
    db = database.session()
    seen = visible(db, actor())
    editions = lists.editions_of_people(db, [row.id], [e.id for e in seen]).get(row.id, []) if row else []
    return render_template(
        "site/manage/person.html", person=row, form=form, versions=found, namesakes=namesakes or [],
        editions=editions, is_public=bool(row and row.id in public.public_person_ids(db)), section="people",
        may_edit=actor().may_anywhere(Right.EDIT_AGENDA),
    )  # fmt: skip


@bp.get("/organisations")
@organiser(Right.SEE, somewhere=True)
def organisation_list() -> ResponseReturnValue:
    db, text = database.session(), request.args.get("q", "").strip()
    page = lists.organisations_page(db, text, _page_number(), language())
    return render_template(
        "site/manage/organisation_list.html", q=text, page=page, section="people",
        public=public.public_organisation_ids(db), editions=_editions_of([o.id for o in page.rows]),
    )  # fmt: skip


@bp.get("/organisations/new")
@organiser(Right.EDIT_AGENDA, somewhere=True)
def organisation_new() -> ResponseReturnValue:
    text = request.args.get("q", "").strip()
    if text and request.args.get("write"):
        name = {"zh" if has_han(text) else language().value: text}
        return _organisation_page(None, OrganisationForm(formdata=None, data={"name": name}))
    found = lists.likely_organisations(database.session(), text)
    return render_template(
        "site/manage/organisation_new.html", q=text, found=found, section="people",
        editions=_editions_of([o.id for o in found]),
    )  # fmt: skip


@bp.post("/organisations/new")
@organiser(Right.EDIT_AGENDA, somewhere=True)
def organisation_create() -> ResponseReturnValue:
    form = OrganisationForm()
    if not form.validate():
        return _organisation_page(None, form), 422
    same = _organisations_like(form)
    if same and not form.somebody_else.data:
        return _organisation_page(None, form, namesakes=same), 409
    try:
        with transaction() as db:
            organisation = actions.create_organisation(db, form.facts(), actor=actor(), now=now())
            _refuse_double(_organisations_like(form), organisation.id, form)
            slug = organisation.slug
    except Doubled:
        return _organisation_page(None, form, namesakes=_organisations_like(form)), 409
    flash(_("Added. The public sees this organisation once an edition or a release shows it."))
    return redirect(url_for(".organisation", organisation=slug), 303)


@bp.get("/organisations/<organisation>")
@organiser(Right.SEE, somewhere=True)
def organisation(organisation: str) -> ResponseReturnValue:
    row = _organisation(organisation)
    return _organisation_page(row, OrganisationForm(formdata=None, data=organisation_data(row)))


@bp.post("/organisations/<organisation>")
@organiser(Right.EDIT_AGENDA, somewhere=True)
def organisation_save(organisation: str) -> ResponseReturnValue:
    row, form = _organisation(organisation), OrganisationForm()
    if not form.validate():
        return _organisation_page(row, form), 422
    row_id = row.id
    try:
        with transaction() as db:
            actions.change_organisation(
                db,
                row_id,
                form.facts(),
                revision=form.revision.data or 0,
                actor=actor(),
                now=now(),
                house=source_language(db),
            )
            publishing.renew_organisation(db, row_id, now=now())
    except Stale:
        row = _organisation(organisation)
        stored = OrganisationForm(formdata=None, data=organisation_data(row))
        found = versions(database.session(), "organisation", row.id, typed=form, stored=stored)
        return _organisation_page(row, form, found=found), 409
    flash(_("Saved."))
    return redirect(url_for(".organisation", organisation=organisation), 303)


def _organisation(slug: str) -> Organisation:
    found = queries.organisation_by_slug(database.session(), slug)
    if found is None:
        raise NotFound
    return found


def _editions_of(ids: list[int]) -> dict[int, list[Edition]]:
    db = database.session()
    return lists.editions_of_organisations(db, ids, [edition.id for edition in visible(db, actor())])


def _organisation_page(
    row: Organisation | None,
    form: OrganisationForm,
    *,
    found: Versions | None = None,
    namesakes: list[Organisation] | None = None,
) -> str:
    return render_template(
        "site/manage/organisation.html", organisation=row, form=form, versions=found, namesakes=namesakes or [],
        editions=_editions_of([row.id]).get(row.id, []) if row else [], section="people",
        is_public=bool(row and row.id in public.public_organisation_ids(database.session())),
        may_edit=actor().may_anywhere(Right.EDIT_AGENDA),
    )  # fmt: skip
