"""The organisers' releases: what would change, what stands against it, and sending it out."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.agenda import queries as agenda
from app.agenda.findings import Severity
from app.agenda.models import Session
from app.database import DbSession
from app.editions import queries as editions
from app.editions.models import Edition
from app.errors import Conflict, NotFound
from app.extensions import database
from app.publishing import actions, queries, words
from app.publishing.content import Content
from app.publishing.difference import Difference, difference, turns
from app.publishing.forms import ReleaseForm, agreement
from app.publishing.rules import is_shown
from app.speakers import queries as speakers
from app.speakers.rules import SpeakerState
from app.values.actor import Right
from app.values.language import Language
from app.web.access import actor, organiser
from app.web.clock import now
from app.web.messages import sentence
from app.web.transaction import transaction

bp = Blueprint("publishing_manage", __name__, url_prefix="/organise/editions/<edition>/releases")


@bp.get("")
@organiser(Right.SEE)
def index(edition: str) -> ResponseReturnValue:
    return _page(_edition(edition), ReleaseForm(formdata=None))


@bp.post("")
@organiser(Right.PUBLISH)
def publish(edition: str) -> ResponseReturnValue:
    """Asked once, with what will change in figures; sent out when the answer is to just that."""
    form = ReleaseForm()
    if not form.validate():
        return _page(_edition(edition), form), 422
    number = 0
    try:
        with transaction() as db:
            row = _edition(edition)
            if form.agrees_to(*_next(db, row)):
                number = actions.publish(db, row.id, note=form.told, actor=actor(), now=now()).number
            waits = not row.is_public
        if not number:
            return _ask(_edition(edition), form)
    except Conflict as refused:
        form.form_errors.append(sentence(refused))
        return _page(_edition(edition), form), 409
    text = (
        _("Release %(number)s is made and waits: the public sees it when the edition is announced.", number=number)
        if waits
        else _("Release %(number)s is out. Calendars take it up at their next visit.", number=number)
    )
    flash(text)
    return redirect(url_for(".index", edition=edition), 303)


@bp.get("/<int:number>")
@organiser(Right.SEE)
def release(edition: str, number: int) -> ResponseReturnValue:
    """What the release after this one changed; of the last, what the draft would."""
    db, row = database.session(), _edition(edition)
    found = queries.release_numbered(db, row.id, number)
    after = queries.release_numbered(db, row.id, number + 1)
    if found is None:
        raise NotFound
    if after is None:
        return redirect(url_for(".index", edition=edition), 303)
    old, new = Content.from_json(found.content), Content.from_json(after.content)
    return render_template(
        "publishing/manage/release.html", edition=row, section="releases", old=found, new=after,
        **_told(db, row, old, new),
    )  # fmt: skip


def _edition(slug: str) -> Edition:
    """The guard has checked the right; this only finds the row."""
    row = editions.edition_by_slug(database.session(), slug)
    if row is None:
        raise NotFound
    return row


def _next(db: DbSession, row: Edition) -> tuple[int, Difference]:
    """Its number, and what it would change."""
    last = queries.current_release(db, row.id)
    before = Content.from_json(last.content) if last else None
    return (last.number + 1 if last else 1), difference(before, queries.draft_content(db, row.id))


def _ask(row: Edition, form: ReleaseForm) -> ResponseReturnValue:
    """Raises `Conflict` rather than ask for what would be refused anyway."""
    db = database.session()
    number, changes = _next(db, row)
    actions.require_publishable(db, row, changes)
    again = bool(form.agreed.data)
    form.agreed.data = agreement(number, changes)
    page = render_template(
        "publishing/manage/ask.html", edition=row, section="releases", form=form, number=number, difference=changes,
        again=again,
    )  # fmt: skip
    return page, 409 if again else 200


def _page(row: Edition, form: ReleaseForm) -> str:
    db = database.session()
    releases = queries.releases_of(db, row.id)
    before = Content.from_json(releases[0].content) if releases else None
    draft = queries.draft_content(db, row.id)
    sessions = agenda.sessions_of(db, row.id)
    found = agenda.draft_findings(row, sessions)
    return render_template(
        "publishing/manage/index.html", edition=row, section="releases", form=form, releases=releases,
        last=releases[0] if releases else None, number=releases[0].number + 1 if releases else 1,
        may_publish=actor().may(Right.PUBLISH, row.id),
        counts={kind.value: sum(finding.severity is kind for finding in found) for kind in Severity},
        untranslated=_untranslated(draft), **_unsettled(db, row, sessions), **_told(db, row, before, draft),
        by=request.args.get("by", "session"),
    )  # fmt: skip


def _told(db: DbSession, row: Edition, before: Content | None, after: Content) -> dict[str, object]:
    """A difference with all the names its sentences need."""
    changes = difference(before, after)
    earlier = before or Content()
    everyone = {speaker.id: speaker for speaker in (*earlier.speakers, *after.speakers)}
    people = queries.people_by_id(db, {speaker.person_id for speaker in everyone.values()})
    organisations = {speaker.organisation_id for speaker in everyone.values() if speaker.organisation_id}
    return {
        "difference": changes,
        "turns": turns(before, after, changes),
        "person_of": {who: people[speaker.person_id] for who, speaker in everyone.items()},
        "organisations": queries.organisations_by_id(db, organisations),
        "rooms": {room.slug: room for room in (*earlier.rooms, *after.rooms)},
        "rooms_before": {room.slug: room for room in earlier.rooms},
        "tracks": {track.slug: track for track in (*earlier.tracks, *after.tracks)},
        "ids": queries.session_ids(db, row.id),
        "words": words,
        "content": after,
    }


def _untranslated(draft: Content) -> dict[Language, int]:
    """How many titles lack each language."""
    missing = {lang: sum(not session.title.exact(lang) for session in draft.sessions) for lang in Language}
    return {lang: count for lang, count in missing.items() if count}


def _unsettled(db: DbSession, row: Edition, sessions: Sequence[Session]) -> dict[str, int]:
    """People in sessions who have not said yes: shown while invited, left out otherwise."""
    placed = {entry.speaker_id for session in sessions for entry in session.speakers}
    states = [speaker.state for speaker in speakers.speakers_of(db, row.id) if speaker.id in placed]
    return {
        "invited": states.count(SpeakerState.INVITED),
        "left_out": sum(not is_shown(state, in_a_session=True) for state in states),
    }
