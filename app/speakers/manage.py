"""The organisers' page of one speaker: who they are at this edition, when they can be there, what happened so far.

Board, list, letters and corrections are `speaking`'s, on this blueprint: they need the agenda and what is published.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from app.accounts import queries as accounts
from app.audit import queries as audit
from app.audit.models import AuditEntry
from app.database import DbSession
from app.editions import queries as editions
from app.editions.models import Edition
from app.errors import Conflict, NotFound, Stale
from app.extensions import database
from app.people import queries as people
from app.people.models import Person
from app.speakers import actions, materials, queries
from app.speakers.forms import Choices, SpeakerForm, TimeForm, speaker_data
from app.speakers.models import Slides, Speaker
from app.speakers.ranks import ranks_of
from app.speakers.rules import MOVES, Scope, SpeakerFacts, SpeakerState, lacking
from app.speakers.slides import ENDINGS
from app.speakers.tokens import token_of
from app.speakers.words import MOVES as MOVE_WORDS
from app.speakers.words import STATES
from app.values.actor import Actor, Right
from app.values.language import Language
from app.web import files
from app.web.access import actor, organiser
from app.web.addresses import absolute
from app.web.clock import now
from app.web.deeds import NAMELESS, deed
from app.web.languages import language
from app.web.messages import sentence
from app.web.templating import foreign
from app.web.transaction import transaction
from app.web.versions import differences

bp = Blueprint("speakers_manage", __name__, url_prefix="/organise/editions/<edition>/speakers")


@dataclass(frozen=True, slots=True)
class Event:
    """A line of somebody's history."""

    at: datetime
    text: Markup
    note: str


@bp.get("/add")
@organiser(Right.EDIT_AGENDA)
def add(edition: str) -> ResponseReturnValue:
    """Search first, so that returning people are found and not doubled."""
    return _add_page(edition_of(edition))


@bp.post("/add")
@organiser(Right.EDIT_AGENDA)
def add_person(edition: str) -> ResponseReturnValue:
    person_id, edition_id = request.form.get("person", 0, type=int), edition_of(edition).id
    try:
        with transaction() as db:
            facts = _as_before(db, person_id)
            speaker_id = actions.add_speaker(db, edition_id, person_id, facts, actor=actor(), now=now()).id
    except Conflict as refused:
        return _add_page(edition_of(edition), problem=sentence(refused)), 409
    flash(_("Added as a candidate. Nobody outside sees it."))
    return redirect(url_for(".edit", edition=edition, speaker=speaker_id), 303)


def _as_before(db: DbSession, person_id: int) -> SpeakerFacts:
    """A candidate as they were the last time the organiser may know of: a start to correct."""
    if not 0 < person_id < 2**31:
        raise NotFound
    acting = actor()
    before = next((s for s in queries.appearances_of(db, person_id) if acting.may(Right.SEE, s.edition_id)), None)
    if before is None:
        person = db.get(Person, person_id)
        return SpeakerFacts(country=person.country if person else None)
    return SpeakerFacts(
        role=before.role,
        organisation_id=before.organisation_id,
        country=before.country,
        rank_id=before.rank_id,
        language=before.language,
        email=before.email if acting.may(Right.EDIT_AGENDA, before.edition_id) else "",
    )


@bp.get("/<int:speaker>")
@organiser(Right.SEE)
def edit(edition: str, speaker: int) -> ResponseReturnValue:
    row = edition_of(edition)
    stored = queries.speaker_of(database.session(), row.id, speaker)
    return page(row, stored, _stored_form(stored))


@bp.post("/<int:speaker>")
@organiser(Right.EDIT_TEXTS)
def save(edition: str, speaker: int) -> ResponseReturnValue:
    """Translators store texts and nothing else."""
    row = edition_of(edition)
    stored = queries.speaker_of(database.session(), row.id, speaker)
    if actor().may(Right.EDIT_AGENDA, row.id):
        form = SpeakerForm(choices=_choices(stored))
    else:
        form = _stored_form(stored)
        form.read_texts_only(request.form)
    if not form.validate():
        return page(row, stored, form), 422
    facts = form.facts(stored.state)
    try:
        with transaction() as db:
            revision = form.revision.data or 0
            actions.change_speaker(db, speaker, facts, revision=revision, actor=actor(), now=now())
    except Stale:
        return _two_versions(edition, speaker, form)
    except Conflict as refused:
        row = edition_of(edition)
        form.form_errors.append(sentence(refused))
        return page(row, queries.speaker_of(database.session(), row.id, speaker), form), 409
    flash(_("Saved. The public sees it with the next release."))
    return redirect(url_for(".edit", edition=edition, speaker=speaker), 303)


@bp.post("/<int:speaker>/time")
@organiser(Right.EDIT_AGENDA)
def time(edition: str, speaker: int) -> ResponseReturnValue:
    """When they can be there."""
    row, form = edition_of(edition), TimeForm()
    stored = queries.speaker_of(database.session(), row.id, speaker)
    if request.form.get("do") == "add":
        form.one_more()
        return page(row, stored, _stored_form(stored), when=form)
    if not form.good(row.zone):
        return page(row, stored, _stored_form(stored), when=form), 422
    try:
        with transaction() as db:
            revision = form.revision.data or 0
            materials.say_when(db, speaker, form.said, None, revision=revision, actor=actor(), now=now())
    except Stale:
        row = edition_of(edition)
        stored = queries.speaker_of(database.session(), row.id, speaker)
        form.revision.data, form.revision.raw_data = stored.revision, None
        form.form_errors.append(_("Somebody else saved this speaker meanwhile. Look at both, then save again."))
        return page(row, stored, _stored_form(stored), when=form), 409
    flash(_("Saved."))
    return redirect(url_for(".edit", edition=edition, speaker=speaker, _anchor="time"), 303)


@bp.post("/<int:speaker>/remove")
@organiser(Right.EDIT_AGENDA)
def remove(edition: str, speaker: int) -> ResponseReturnValue:
    queries.speaker_of(database.session(), edition_of(edition).id, speaker)
    try:
        with transaction() as db:
            left = actions.remove_speaker(db, speaker, actor=actor(), now=now())
    except Conflict as refused:
        row = edition_of(edition)
        stored = queries.speaker_of(database.session(), row.id, speaker)
        form = _stored_form(stored)
        form.form_errors.append(sentence(refused))
        return page(row, stored, form), 409
    for digest in left:
        files.forget(digest)
    flash(_("Taken out of this edition. The person’s own record stays."))
    return redirect(url_for(".index", edition=edition), 303)


@bp.post("/<int:speaker>/link")
@organiser(Right.EDIT_AGENDA)
def new_link(edition: str, speaker: int) -> ResponseReturnValue:
    """When the old one has come into wrong hands: it is dead from now on."""
    queries.speaker_of(database.session(), edition_of(edition).id, speaker)
    with transaction() as db:
        actions.renew_link(db, speaker, actor=actor(), now=now())
    flash(_("The old link is dead. Send them a letter with the new one."))
    return redirect(url_for(".edit", edition=edition, speaker=speaker, _anchor="page"), 303)


@bp.get("/<int:speaker>/slides/<int:slides>")
@organiser(Right.SEE)
def slides(edition: str, speaker: int, slides: int) -> ResponseReturnValue:
    stored = queries.speaker_of(database.session(), edition_of(edition).id, speaker)
    return slides_file(stored, slides)


def slides_file(speaker: Speaker, slides_id: int) -> Response:
    """As an attachment, under a name of ours."""
    row = database.session().get(Slides, slides_id)
    if row is None or row.speaker_id != speaker.id:
        raise NotFound
    content = files.fetch(row.digest)
    if content is None:
        abort(404)
    name = f"{speaker.person.slug}-{row.id}.{ENDINGS.get(row.media, 'bin')}"
    return files.attachment(content, name=name, media=row.media)


def edition_of(slug: str) -> Edition:
    """The guard has checked the right; this only finds the row."""
    edition = editions.edition_by_slug(database.session(), slug)
    if edition is None:
        raise NotFound
    return edition


def personal_link(lang: Language, uid: str) -> str:
    """Made where it is needed, and stored nowhere."""
    return absolute("speaking.own", lang=lang, token=token_of(uid, current_app.config["SECRET_KEY"]))


def _choices(stored: Speaker) -> Choices:
    db, lang = database.session(), language()
    organisations = people.organisations(db, language=lang)
    return Choices(
        organisations=[(str(row.id), row.name.best(lang).text) for row in organisations],
        ranks=[(str(row.id), row.name.best(lang).text) for row in ranks_of(db, stored.edition.series_id)],
        inviters=inviters(db, stored.edition_id, stored.inviter_id),
    )


def inviters(db: DbSession, edition_id: int, chosen: int | None = None) -> list[tuple[str, str]]:
    """Accounts that may invite here, and whoever was chosen before."""
    rows = accounts.accounts(db)
    able = [
        row
        for row in rows
        if row.id == chosen or (row.active and Actor(row.id, row.name, row.grants).may(Right.EDIT_AGENDA, edition_id))
    ]
    return [(str(row.id), row.shown_name) for row in able]


def _stored_form(stored: Speaker) -> SpeakerForm:
    data = {**speaker_data(queries.speaker_facts(stored)), "revision": stored.revision}
    return SpeakerForm(formdata=None, data=data, choices=_choices(stored))


def _two_versions(edition: str, speaker_id: int, form: SpeakerForm) -> ResponseReturnValue:
    """Both beside each other, what was typed still in the form; saving again is then a choice."""
    db, row = database.session(), edition_of(edition)
    stored = queries.speaker_of(db, row.id, speaker_id)
    rows = differences(form, _stored_form(stored))
    last = audit.last_of(db, "speaker", speaker_id)
    form.revision.data, form.revision.raw_data = stored.revision, None
    return page(row, stored, form, versions={"rows": rows, "who": last.actor_name if last else ""}), 409


def page(
    edition: Edition,
    stored: Speaker,
    form: SpeakerForm,
    versions: dict[str, Any] | None = None,
    when: TimeForm | None = None,
) -> str:
    db, acting = database.session(), actor()
    spans = queries.spans_of(db, edition.id, stored.person_id)
    told = history(audit.history_of(db, "speaker", stored.id))
    return render_template(
        "speakers/speaker.html", edition=edition, speaker=stored, form=form, versions=versions, section="speakers",
        before=_other_editions(stored), states=STATES, history=told, moves=MOVES[stored.state], move_words=MOVE_WORDS,
        when=when or TimeForm.of(spans, revision=stored.revision), spans=spans,
        slides=queries.slides_of(db, stored.id), pending=queries.pending_of(db, stored.id),
        missing=lacking(stored.part, queries.materials_of(db, stored)),
        link=None if stored.state is SpeakerState.CANDIDATE else personal_link(_reads(stored), stored.uid),
        may_edit=acting.may(Right.EDIT_AGENDA, edition.id), may_write=acting.may(Right.EDIT_TEXTS, edition.id),
    )  # fmt: skip


def _reads(stored: Speaker) -> Language:
    return stored.language or stored.edition.series.source_language


def history(entries: Sequence[AuditEntry]) -> list[Event]:
    """Newest first, in sentences, with the note somebody gave."""
    return [
        Event(
            entry.at,
            deed(
                entry.verb,
                who=str(NAMELESS.get(entry.actor_name, entry.actor_name)),
                what=foreign(str(entry.data.get("name", ""))),
                before=str(STATES.get(str(entry.data.get("before")), "")),
                to=str(STATES.get(str(entry.data.get("to")), "")),
            ),
            str(entry.data.get("note", "")),
        )
        for entry in entries
    ]


def _other_editions(stored: Speaker) -> list[Speaker]:
    """Where else this person took part, as far as the organiser may see those editions."""
    found = queries.appearances_of(database.session(), stored.person_id)
    acting = actor()
    return [s for s in found if s.edition_id != stored.edition_id and acting.may(Right.SEE, s.edition_id)]


def _add_page(edition: Edition, problem: str = "") -> str:
    db, text = database.session(), request.args.get("q", "").strip()[:200]
    found: Sequence[Person] = people.search_people(db, text, 40)
    there = {s.person_id: s for s in queries.speakers_of(db, edition.id) if s.scope is Scope.FORUM}
    return render_template(
        "speakers/add.html", edition=edition, section="speakers", q=text, found=found, there=there, problem=problem,
        states=STATES,
    )  # fmt: skip
