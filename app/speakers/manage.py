"""The organisers' pages of an edition's speakers: candidates, invited, confirmed, declined."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.audit import queries as audit
from app.database import DbSession
from app.editions import queries as editions
from app.editions.models import Edition
from app.errors import Conflict, NotFound, Stale
from app.extensions import database
from app.people import queries as people
from app.people.models import Person
from app.search.rules import terms
from app.speakers import actions, queries
from app.speakers.forms import SpeakerForm, speaker_data
from app.speakers.models import Speaker
from app.speakers.rules import Scope, SpeakerFacts, SpeakerState
from app.speakers.words import PARTS, SCOPES, STATES
from app.values.actor import Right
from app.values.language import Language
from app.web.access import actor, organiser
from app.web.clock import now
from app.web.languages import language
from app.web.messages import sentence
from app.web.templating import country_name
from app.web.transaction import transaction
from app.web.versions import differences

bp = Blueprint("speakers_manage", __name__, url_prefix="/organise/editions/<edition>/speakers")

SORTS: dict[str, Callable[[Speaker], Any]] = {
    "name": lambda s: s.person.sort_zh if language() is Language.ZH else s.person.sort_latin,
    "organisation": lambda s: (s.organisation is None, s.organisation and _organisation_key(s)),
    "country": lambda s: (s.country is None, country_name(s.country)),
    "state": lambda s: list(SpeakerState).index(s.state),
    "order": lambda s: (s.position, s.id),
}


def _organisation_key(speaker: Speaker) -> str:
    assert speaker.organisation is not None
    organisation = speaker.organisation
    return {
        Language.EN: organisation.sort_en,
        Language.DE: organisation.sort_de,
        Language.ZH: organisation.sort_zh,
    }[language()]


@dataclass(frozen=True, slots=True)
class Wish:
    """What the address of the list asks for; what it does not know it ignores."""

    q: str = ""
    state: str = ""
    sort: str = ""

    @classmethod
    def of_request(cls) -> "Wish":
        return cls(**{name: request.args.get(name, "").strip()[:200] for name in cls.__dataclass_fields__})

    @property
    def active(self) -> dict[str, str]:
        return {name: value for name, value in asdict(self).items() if value}

    def but(self, **changed: str) -> dict[str, str]:
        return replace(self, **changed).active

    def fits(self, speaker: Speaker) -> bool:
        organisation = speaker.organisation.findable if speaker.organisation else ""
        text = speaker.person.findable + organisation
        return self.state in ("", speaker.state) and all(term in text for term in terms(self.q))


@bp.get("")
@organiser(Right.SEE)
def index(edition: str) -> ResponseReturnValue:
    row, wish = _edition(edition), Wish.of_request()
    everybody = queries.speakers_of(database.session(), row.id)
    shown = sorted(filter(wish.fits, everybody), key=SORTS.get(wish.sort, SORTS["order"]))
    return render_template(
        "speakers/index.html", edition=row, section="speakers", wish=wish, shown=shown, everybody=everybody,
        counts=Counter(speaker.state.value for speaker in everybody), states=STATES, scopes=SCOPES, parts=PARTS,
        may_edit=actor().may(Right.EDIT_AGENDA, row.id),
    )  # fmt: skip


@bp.get("/add")
@organiser(Right.EDIT_AGENDA)
def add(edition: str) -> ResponseReturnValue:
    """Search first, so that returning people are found and not doubled."""
    return _add_page(_edition(edition))


@bp.post("/add")
@organiser(Right.EDIT_AGENDA)
def add_person(edition: str) -> ResponseReturnValue:
    person_id, edition_id = request.form.get("person", 0, type=int), _edition(edition).id
    try:
        with transaction() as db:
            facts = _as_before(db, person_id)
            speaker_id = actions.add_speaker(db, edition_id, person_id, facts, actor=actor(), now=now()).id
    except Conflict as refused:
        return _add_page(_edition(edition), problem=sentence(refused)), 409
    flash(_("Added as a candidate. Nobody outside sees it."))
    return redirect(url_for(".edit", edition=edition, speaker=speaker_id), 303)


def _as_before(db: DbSession, person_id: int) -> SpeakerFacts:
    """A candidate with function, organisation and country of the last time the organiser may know of: a start to correct."""
    if not 0 < person_id < 2**31:
        raise NotFound
    acting = actor()
    before = next((s for s in queries.appearances_of(db, person_id) if acting.may(Right.SEE, s.edition_id)), None)
    if before is None:
        person = db.get(Person, person_id)
        return SpeakerFacts(country=person.country if person else None)
    return SpeakerFacts(role=before.role, organisation_id=before.organisation_id, country=before.country)


@bp.get("/<int:speaker>")
@organiser(Right.SEE)
def edit(edition: str, speaker: int) -> ResponseReturnValue:
    row = _edition(edition)
    stored = queries.speaker_of(database.session(), row.id, speaker)
    return _page(row, stored, _stored_form(stored))


@bp.post("/<int:speaker>")
@organiser(Right.EDIT_TEXTS)
def save(edition: str, speaker: int) -> ResponseReturnValue:
    """Translators store texts and nothing else."""
    row = _edition(edition)
    stored = queries.speaker_of(database.session(), row.id, speaker)
    if actor().may(Right.EDIT_AGENDA, row.id):
        form = SpeakerForm(organisations=_organisations())
    else:
        form = _stored_form(stored)
        form.read_texts_only(request.form)
    if not form.validate():
        return _page(row, stored, form), 422
    try:
        with transaction() as db:
            revision = form.revision.data or 0
            actions.change_speaker(db, speaker, form.facts(), revision=revision, actor=actor(), now=now())
    except Stale:
        return _two_versions(edition, speaker, form)
    except Conflict as refused:
        row = _edition(edition)
        form.form_errors.append(sentence(refused))
        return _page(row, queries.speaker_of(database.session(), row.id, speaker), form), 409
    flash(_("Saved. The public sees it with the next release."))
    return redirect(url_for(".edit", edition=edition, speaker=speaker), 303)


@bp.post("/<int:speaker>/remove")
@organiser(Right.EDIT_AGENDA)
def remove(edition: str, speaker: int) -> ResponseReturnValue:
    queries.speaker_of(database.session(), _edition(edition).id, speaker)
    try:
        with transaction() as db:
            actions.remove_speaker(db, speaker, actor=actor(), now=now())
    except Conflict as refused:
        row = _edition(edition)
        stored = queries.speaker_of(database.session(), row.id, speaker)
        form = _stored_form(stored)
        form.form_errors.append(sentence(refused))
        return _page(row, stored, form), 409
    flash(_("Taken out of this edition. The person’s own record stays."))
    return redirect(url_for(".index", edition=edition), 303)


def _edition(slug: str) -> Edition:
    """The guard has checked the right; this only finds the row."""
    edition = editions.edition_by_slug(database.session(), slug)
    if edition is None:
        raise NotFound
    return edition


def _organisations() -> list[tuple[str, str]]:
    rows = people.organisations(database.session(), language=language())
    return [(str(row.id), row.name.best(language()).text) for row in rows]


def _stored_form(stored: Speaker) -> SpeakerForm:
    data = {**speaker_data(queries.speaker_facts(stored)), "revision": stored.revision}
    return SpeakerForm(formdata=None, data=data, organisations=_organisations())


def _two_versions(edition: str, speaker_id: int, form: SpeakerForm) -> ResponseReturnValue:
    """Both beside each other, what was typed still in the form; saving again is then a choice."""
    db, row = database.session(), _edition(edition)
    stored = queries.speaker_of(db, row.id, speaker_id)
    rows = differences(form, _stored_form(stored))
    last = audit.last_of(db, "speaker", speaker_id)
    form.revision.data, form.revision.raw_data = stored.revision, None
    return _page(row, stored, form, versions={"rows": rows, "who": last.actor_name if last else ""}), 409


def _page(edition: Edition, stored: Speaker, form: SpeakerForm, versions: dict[str, Any] | None = None) -> str:
    acting = actor()
    return render_template(
        "speakers/speaker.html", edition=edition, speaker=stored, form=form, versions=versions, section="speakers",
        before=_other_editions(stored), states=STATES, last=audit.last_of(database.session(), "speaker", stored.id),
        may_edit=acting.may(Right.EDIT_AGENDA, edition.id), may_write=acting.may(Right.EDIT_TEXTS, edition.id),
    )  # fmt: skip


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
