"""Papers: the programme as PDF, of the last release for everybody, of the draft for organisers."""

from datetime import datetime, time

import segno
from flask import Blueprint, Response, current_app, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.agenda import queries as agenda
from app.editions import queries as editions
from app.editions.models import Edition
from app.errors import NotFound
from app.exports.briefing_paper import briefing_paper, slides_behind
from app.exports.imposition import folded
from app.exports.programme import Issue, programme
from app.extensions import database
from app.interpretation.briefing import Briefing, briefing_of
from app.interpretation.views import briefing_of_token
from app.publishing import queries, timetable
from app.publishing.content import Content
from app.publishing.models import Release
from app.publishing.queries import Released
from app.speakers.models import Slides
from app.values.actor import Right
from app.values.language import Language
from app.values.text import slug_from
from app.web import files
from app.web.access import holder, organiser, public
from app.web.dates import home_zones
from app.web.typesetting import missing_fonts, pdf

bp = Blueprint("exports", __name__)
A4, A6 = "a4", "a6"


@bp.get("/<language:lang>/editions/<edition>/programme.pdf")
@public("format", "and")
def programme_pdf(lang: Language, edition: str) -> ResponseReturnValue:
    """Of the last release. `and` is the language beside the address's own."""
    row = editions.public_edition(database.session(), edition)
    shown = queries.released(database.session(), row)
    if shown.release is None:
        raise NotFound
    return _answer(shown, _languages(lang, request.args.get("and", "")))


@bp.get("/organise/editions/<edition>/programme.pdf")
@organiser(Right.SEE)
def draft_pdf(edition: str) -> ResponseReturnValue:
    """Of the draft, with a watermark, or of `release`."""
    row = _edition(edition)
    first = request.args.get("language", "")
    lang = Language(first) if first in list(Language) else Language.EN
    return _answer(_wished(row), _languages(lang, request.args.get("and", "")))


@bp.get("/organise/editions/<edition>/papers")
@organiser(Right.SEE)
def papers(edition: str) -> ResponseReturnValue:
    row = _edition(edition)
    releases = queries.releases_of(database.session(), row.id)
    return render_template(
        "exports/papers.html", edition=row, section="papers", releases=releases, missing=missing_fonts()
    )


@bp.get("/organise/editions/<edition>/interpretation/crew/<int:interpreter>/briefing.pdf")
@organiser(Right.SEE)
def briefing_pdf(edition: str, interpreter: int) -> ResponseReturnValue:
    db = database.session()
    return _pack(briefing_of(db, agenda.interpreter_of(db, _edition(edition).id, interpreter).id))


@bp.get("/<language:lang>/briefings/<token>/briefing.pdf")
@holder
def own_briefing_pdf(lang: Language, token: str) -> ResponseReturnValue:
    return _pack(briefing_of_token(database.session(), token))


def _pack(briefing: Briefing) -> Response:
    """Made for one reader, and changed whenever the draft is: never kept."""
    paper = pdf("briefing", briefing_paper(briefing))
    name = f"{briefing.slug}-briefing-{slug_from(briefing.name.spoken(Language.EN)) or briefing.interpreter}.pdf"
    return _paper(slides_behind(paper, briefing, _deck), name)


def _deck(slides_id: int) -> bytes | None:
    return files.fetch(database.session().get_one(Slides, slides_id).digest)


def _paper(made: bytes, name: str) -> Response:
    answer = make_response(made)
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


def _edition(slug: str) -> Edition:
    """The guard has checked the right; this only finds the row."""
    row = editions.edition_by_slug(database.session(), slug)
    if row is None:
        raise NotFound
    return row


def _languages(first: Language, second: str) -> tuple[Language, ...]:
    beside = Language(second) if second in list(Language) else first
    return (first,) if beside is first else (first, beside)


def _wished(row: Edition) -> Released:
    db, number = database.session(), request.args.get("release", "")
    if not number:
        return _as_released(row, None, queries.draft_content(db, row.id))
    release = queries.release_numbered(db, row.id, int(number)) if number.isdecimal() and len(number) < 9 else None
    if release is None:
        raise NotFound
    return _as_released(row, release, Content.from_json(release.content))


def _as_released(row: Edition, release: Release | None, content: Content) -> Released:
    db = database.session()
    people = queries.people_by_id(db, content.person_ids)
    return Released(row, release, content, None, people, queries.organisations_by_id(db, content.organisation_ids))


def _answer(shown: Released, languages: tuple[Language, ...]) -> Response:
    wish = request.args.get("format", A4)
    address = current_app.config["BASE_URL"] + url_for(
        "publishing.agenda", lang=languages[0], edition=shown.edition.slug
    )
    issue = Issue(shown, languages, address, _homes(shown))
    data = {**programme(issue), "qr": _qr(address)}
    made = folded(pdf("leaflet", data)) if wish == A6 else pdf("programme", data)
    return _paper(made, _file_name(shown, languages, wish))


def _homes(shown: Released) -> tuple[str, ...]:
    """The home zones whose clock differs on the first day; the first stands beside the venue's time."""
    days = timetable.days_of(shown.content)
    if not days:
        return ()
    noon = datetime.combine(days[0], time(12))
    return home_zones(shown.edition.zone, noon, shown.edition.series.home_zones)


def _qr(address: str) -> str:
    svg: str = segno.make_qr(address, error="m").svg_inline(border=0, dark="#10292f")
    return svg


def _file_name(shown: Released, languages: tuple[Language, ...], wish: str) -> str:
    state = f"release-{shown.release.number}" if shown.release else "draft"
    parts = (shown.edition.slug, "programme", state, *languages, *([A6] if wish == A6 else []))
    return "-".join(parts) + ".pdf"
