"""What the organisers' pages of releases share: their blueprint, the edition in the path, the page of all releases."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, render_template, request, url_for

from app.agenda import queries as agenda
from app.agenda.findings import Severity, tally
from app.agenda.models import Session
from app.database import DbSession
from app.editions import queries as editions
from app.editions.models import Edition
from app.errors import NotFound
from app.extensions import database
from app.publishing import queries, words
from app.publishing.completeness import Gap
from app.publishing.content import Content, SessionContent
from app.publishing.forms import ReleaseForm
from app.publishing.models import PlannedRelease
from app.publishing.planned import token
from app.publishing.rules import is_shown
from app.publishing.telling import Address, Told, names_for, told
from app.registrations.queries import signed_up
from app.speakers import queries as speakers
from app.speakers.rules import SpeakerState
from app.values.actor import Right
from app.values.language import Language
from app.web.access import actor
from app.web.messages import sentence_for

bp = Blueprint("publishing_manage", __name__, url_prefix="/organise/editions/<edition>/releases")


def edition_of(slug: str) -> Edition:
    """The guard has checked the right; this only finds the row."""
    row = editions.edition_by_slug(database.session(), slug)
    if row is None:
        raise NotFound
    return row


def organisers_told(db: DbSession, row: Edition, before: Content | None, after: Content) -> Told:
    """With links to the organisers' page of each session that is still in the draft."""
    address = _in_draft(row, queries.session_ids(db, row.id))
    return told(row, before, after, names_for(db, (before, after)), address=address)


def _in_draft(row: Edition, ids: Mapping[str, int]) -> Address:
    def address(session: SessionContent) -> str | None:
        there = ids.get(session.uid)
        return url_for("agenda_manage.session", edition=row.slug, session=there) if there else None

    return address


def page(row: Edition, form: ReleaseForm) -> str:
    """The releases and the next one: what every act on them answers with."""
    db = database.session()
    releases = queries.releases_of(db, row.id)
    before = Content.from_json(releases[0].content) if releases else None
    draft, planned = queries.draft_content(db, row.id), db.get(PlannedRelease, row.id)
    sessions = agenda.sessions_of(db, row.id)
    counted = tally(agenda.draft_findings(db, row, signed_up=signed_up(db, row.id)))
    return render_template(
        "publishing/manage/index.html", edition=row, section="releases", form=form, releases=releases,
        last=releases[0] if releases else None, number=releases[0].number + 1 if releases else 1,
        may_publish=actor().may(Right.PUBLISH, row.id), may_edit=actor().may(Right.EDIT_AGENDA, row.id),
        counts={kind.value: counted[kind] for kind in Severity}, gated=queries.waits_for_languages(db, row.id),
        gaps=_by_language(queries.gaps_of(db, row.id, draft)), untranslated=_untranslated(draft),
        planned=planned, seen=token(planned), trouble=sentence_for(planned.trouble) if planned else "",
        told=organisers_told(db, row, before, draft), content=draft, by=request.args.get("by", "session"), words=words,
        **_unsettled(db, row, sessions),
    )  # fmt: skip


def _by_language(gaps: Sequence[Gap]) -> dict[Language, tuple[int, int]]:
    """Missing and stale."""
    found = {
        lang: tuple(sum(gap.is_stale is stale for gap in gaps if gap.language is lang) for stale in (False, True))
        for lang in Language
    }
    return {lang: (missing, stale) for lang, (missing, stale) in found.items() if missing or stale}


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
