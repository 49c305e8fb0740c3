"""An edition's facts: planning a new one, changing one, who stands behind it."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.editions import actions, queries
from app.editions.forms import EditionForm, NewEditionForm, complain, form_data, topics_data
from app.editions.models import Edition
from app.editions.rules import EditionFacts, OrganisationPart, Refusal
from app.errors import Conflict, Stale
from app.extensions import database
from app.people import queries as people
from app.publishing import actions as publishing
from app.site import planning
from app.site.cloning import Snag
from app.site.desk import PARTS, Versions, bp, edition_of, versions
from app.site.lists import likely_organisations
from app.values.actor import Right
from app.web.access import actor, organiser
from app.web.clock import now
from app.web.languages import language
from app.web.messages import sentence
from app.web.transaction import transaction

NOT_TAKEN = ("slug", "number", "theme", "theme_translated", "summary", "guest_of_honour", "date_precision", "year")
"""What a new edition does not share with the one it starts from, beside its dates."""


@bp.get("/editions/new")
@organiser(Right.ADMINISTER)
def new() -> ResponseReturnValue:
    source = queries.edition_by_slug(database.session(), request.args.get("from", ""))
    form = _new_form(data=_start_from(source))
    return _new_page(form)


@bp.post("/editions/new")
@organiser(Right.ADMINISTER)
def create() -> ResponseReturnValue:
    """Three buttons: preview (nothing is stored), back to change something, create."""
    form = _new_form()
    if request.form.get("step") == "change":
        return _new_page(form)
    if not form.validate():
        return _new_page(form), 422
    source = queries.edition_by_slug(database.session(), form.source.data or "")
    facts, source_id = _facts(form, source), source.id if source else None
    if request.form.get("step") != "create":
        return _preview(form, facts, source)
    try:
        with transaction() as db:
            edition = planning.create(db, facts, source_id=source_id, parts=form.taken, actor=actor(), now=now())
            actions.set_topics(db, edition.id, form.topic_texts, revision=edition.revision, actor=actor(), now=now())
            slug = edition.slug
    except Conflict as refused:
        form.form_errors.append(sentence(refused))
        return _new_page(form), 409
    flash(_("Planned as a draft. Only organisers see it."))
    return redirect(url_for(".overview", edition=slug), 303)


def _new_form(data: dict[str, object] | None = None) -> NewEditionForm:
    db = database.session()
    sources = [(e.slug, f"{e.city.best(language()).text} {e.year}") for e in queries.editions(db)]
    return NewEditionForm(data=data, sources=sources, home_zones=queries.the_series(db).home_zones)


def _start_from(source: Edition | None) -> dict[str, object]:
    """What is likely to be the same again, and everything ticked that can be taken."""
    if source is None:
        return {}
    kept = {name: value for name, value in form_data(source).items() if name not in NOT_TAKEN}
    dates = ("starts_on", "ends_on", "parent_starts_on", "parent_ends_on")
    taken = dict.fromkeys(("organisations", "rooms", "tracks", "frame", "speakers"), True)
    return {
        **{name: value for name, value in kept.items() if name not in dates},
        **{f"take_{name}": value for name, value in taken.items()},
        "source": source.slug,
    }


def _is_taken(form: NewEditionForm) -> bool:
    """Said at the preview, beside the field; creating would refuse it too."""
    db, wrong = database.session(), []
    if queries.slug_taken(db, form.slug.data or ""):
        wrong.append((form.slug, Refusal.SLUG_TAKEN))
    if form.number.data is not None and queries.number_taken(db, form.number.data):
        wrong.append((form.number, Refusal.NUMBER_TAKEN))
    for field, code in wrong:
        complain(field, sentence(Conflict(code)))
    return bool(wrong)


def _facts(form: NewEditionForm, source: Edition | None) -> EditionFacts:
    """What is taken from an invented edition is invented too."""
    return form.facts(is_sample=bool(source and source.is_sample and form.taken))


def _new_page(form: NewEditionForm) -> str:
    return render_template("site/manage/new.html", form=form, section="start")


def _preview(form: NewEditionForm, facts: EditionFacts, source: Edition | None) -> ResponseReturnValue:
    """Reads only; whatever would be refused is said now."""
    db = database.session()
    if _is_taken(form):
        return _new_page(form), 409
    planned = planning.plan(db, source.id if source else None, facts, form.taken)
    typed = [(name, value) for name, value in request.form.items(multi=True) if name not in ("csrf_token", "step")]
    return render_template(
        "site/manage/preview.html", facts=facts, plan=planned, source=source, typed=typed, Snag=Snag, parts=PARTS,
        taken=form.taken, section="start",
    )  # fmt: skip


@bp.get("/editions/<edition>/edit")
@organiser(Right.EDIT_EDITION)
def edit(edition: str) -> ResponseReturnValue:
    row = edition_of(database.session(), edition)
    return _edit_page(row, _stored(row))


@bp.post("/editions/<edition>/edit")
@organiser(Right.EDIT_EDITION)
def save(edition: str) -> ResponseReturnValue:
    row = edition_of(database.session(), edition)
    form = EditionForm(home_zones=row.series.home_zones)
    if not form.validate():
        return _edit_page(row, form), 422
    row_id, is_sample = row.id, row.is_sample
    try:
        with transaction() as db:
            changed = actions.change_edition(
                db, row_id, form.facts(is_sample=is_sample), revision=form.revision.data or 0, actor=actor(), now=now()
            )
            actions.set_topics(db, row_id, form.topic_texts, revision=changed.revision, actor=actor(), now=now())
            publishing.renew(db, row_id, now=now())
            slug, is_public = changed.slug, changed.is_public
    except Stale:
        return _stale(edition, form), 409
    except Conflict as refused:
        form.form_errors.append(sentence(refused))
        return _edit_page(edition_of(database.session(), edition), form), 409
    flash(_("Saved. The public sees it now.") if is_public else _("Saved. Only organisers see it."))
    return redirect(url_for(".edit", edition=slug), 303)


def _stored(row: Edition) -> EditionForm:
    topics = [topic.text for topic in row.topics]
    data = {**form_data(row), "revision": row.revision, "topics": topics_data(topics)}
    return EditionForm(formdata=None, data=data, home_zones=row.series.home_zones)


def _stale(slug: str, form: EditionForm) -> str:
    db = database.session()
    row = edition_of(db, slug)
    found = versions(db, "edition", row.id, typed=form, stored=_stored(row), zone=row.zone)
    return _edit_page(row, form, found)


def _edit_page(row: Edition, form: EditionForm, found: Versions | None = None) -> str:
    return render_template("site/manage/edit.html", edition=row, form=form, versions=found, section="facts")


@bp.get("/editions/<edition>/organisations")
@organiser(Right.EDIT_EDITION)
def organisations(edition: str) -> ResponseReturnValue:
    db = database.session()
    row = edition_of(db, edition)
    return _organisations_page(row)


@bp.post("/editions/<edition>/organisations")
@organiser(Right.EDIT_EDITION)
def set_organisations(edition: str) -> ResponseReturnValue:
    """One change at a time: add, move up or down, change the part, remove."""
    row = edition_of(database.session(), edition)
    row_id = row.id
    before = [(entry.part, entry.organisation_id) for entry in row.organisations]
    after = _after(before)
    if after is None:
        return _organisations_page(row), 422
    revision = request.form.get("revision", type=int) or 0
    try:
        with transaction() as db:
            actions.set_organisations(db, row_id, after, revision=revision, actor=actor(), now=now())
            publishing.renew(db, row_id, now=now())
    except Conflict as refused:
        return _organisations_page(edition_of(database.session(), edition), sentence(refused)), 409
    removed = next((entry for entry in before if entry not in after), None) if len(after) < len(before) else None
    gone = f"{removed[0]}:{removed[1]}:{before.index(removed)}" if removed else None
    return redirect(url_for(".organisations", edition=edition, removed=gone), 303)


Entries = Sequence[tuple[OrganisationPart, int]]


def _after(before: Entries) -> list[tuple[OrganisationPart, int]] | None:
    """The list as the pressed button wants it; None for what no button of ours sends."""
    act, part, number = request.form.get("act", ""), request.form.get("part", ""), request.form.get("organisation", "")
    if part not in PARTS or not number.isdecimal() or len(number) > 9:
        return None
    chosen = (OrganisationPart(part), int(number))
    entries = list(before)
    if act == "add":
        if _organisation(chosen[1]) is None:
            return None
        place = request.form.get("place", type=int)
        if chosen not in entries:
            entries.insert(len(entries) if place is None else max(0, place), chosen)
        return entries
    if chosen not in entries or act not in ("remove", "up", "down"):
        return None
    at = entries.index(chosen)
    entries.pop(at)
    if act != "remove":
        entries.insert(_beside(entries, at, chosen[0], up=act == "up"), chosen)
    return entries


def _beside(entries: Entries, at: int, part: OrganisationPart, *, up: bool) -> int:
    """Past the next one of the same part, since others are shown elsewhere."""
    same = [n for n, entry in enumerate(entries) if entry[0] is part]
    if up:
        return max((n for n in same if n < at), default=at)
    return min((n for n in same if n >= at), default=at - 1) + 1


def _organisation(organisation_id: int) -> object | None:
    return next(iter(people.organisations(database.session(), [organisation_id])), None)


def _organisations_page(row: Edition, problem: str = "") -> str:
    db = database.session()
    queries.with_record(db, [row])
    text = request.args.get("q", "")
    return render_template(
        "site/manage/organisations.html", edition=row, parts=PARTS, q=text, problem=problem, section="hosts",
        found=likely_organisations(db, text), gone=_gone(request.args.get("removed", "")),
    )  # fmt: skip


def _gone(removed: str) -> tuple[str, object, str] | None:
    """What was just taken out, to be put back: its part, the organisation, its place."""
    part, _sep, rest = removed.partition(":")
    number, _sep, place = rest.partition(":")
    if part not in PARTS or not number.isdecimal() or not place.isdecimal() or len(number) > 9:
        return None
    organisation = _organisation(int(number))
    return (part, organisation, place) if organisation else None
