"""The organisers' side: who comes, seats and times, one registration, the list as a file."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import datetime

from flask import Blueprint, Response, flash, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.audit import queries as audit
from app.database import DbSession
from app.editions import queries as editions
from app.editions.models import Edition
from app.errors import Conflict, NotFound, Stale
from app.extensions import database
from app.mail import queries as mails
from app.registrations import actions, listing, queries, rules
from app.registrations.forms import CategoryForm
from app.registrations.listing import Sort, Wanted
from app.registrations.models import Category, Registration
from app.registrations.rules import Seat
from app.values.actor import Right
from app.values.language import Language
from app.values.time import wall
from app.web.access import actor, organiser
from app.web.clock import now
from app.web.dates import instant_text
from app.web.deeds import deed
from app.web.fields import row_id
from app.web.messages import sentence
from app.web.transaction import transaction
from app.web.versions import differences

bp = Blueprint("registrations_manage", __name__, url_prefix="/organise/editions/<edition>/registrations")
PAGE = 25
SIZES = (25, 100)
FORMULA = re.compile(r"^(?=\s*[=+\-@＝＋－＠])|^(?=[\t\r])|(?<=;)(?=\s*[=+\-@＝＋－＠])")
COLUMNS = (
    "number", "state", "name", "second_name", "email", "organisation", "role", "country", "language", "remarks",
    "registered", "cancelled", "consent",
)  # fmt: skip


@bp.get("")
@organiser(Right.SEE_REGISTRATIONS)
def index(edition: str) -> ResponseReturnValue:
    db = database.session()
    row = _edition(db, edition)
    category = queries.category_of_edition(db, row.id)
    if category is None:
        return render_template("registrations/manage/none.html", edition=row, section="registrations")
    wanted = _wanted(category.id)
    size = request.args.get("size", PAGE, type=int)
    return render_template(
        "registrations/manage/index.html",
        edition=row,
        category=category,
        wanted=wanted,
        page=listing.page_of(db, wanted, size=size if size in SIZES else PAGE),
        countries=listing.countries_of(db, category.id),
        cancelled=listing.cancelled(db, category.id),
        phase=_phase(category),
        Sort=Sort,
        Seat=Seat,
        section="registrations",
    )


@bp.route("/settings", methods=["GET", "POST"])
@organiser(Right.EDIT_REGISTRATIONS)
def settings(edition: str) -> ResponseReturnValue:
    """Seats and times. The first save sets registration up."""
    db = database.session()
    row = _edition(db, edition)
    category = queries.category_of_edition(db, row.id)
    if request.method == "GET":
        return _settings_page(row, category, CategoryForm.of(category, row.zone, formdata=None))
    form = CategoryForm(zone=row.zone)
    if not form.validate():
        return _settings_page(row, category, form), 422
    try:
        _save(row.id, category.id if category else None, form)
    except Stale:
        return _second(edition, form), 409
    except Conflict as refused:
        form.form_errors.append(sentence(refused))
        return _settings_page(_edition(db, edition), queries.category_of_edition(db, row.id), form), 409
    flash(_("Saved."))
    return redirect(url_for(".settings", edition=edition), 303)


def _save(edition_id: int, category_id: int | None, form: CategoryForm) -> None:
    with transaction() as db:
        if category_id is None:
            actions.create_category(db, edition_id, form.facts(), actor=actor(), now=now())
            return
        actions.change_category(
            db, category_id, form.facts(),
            revision=form.revision.data or 0, knowingly=form.knowingly.data, actor=actor(), now=now(),
        )  # fmt: skip


def _second(edition: str, form: CategoryForm) -> str:
    """Somebody else was faster: both versions, and the typed one may be saved over theirs."""
    db = database.session()
    row = _edition(db, edition)
    category = queries.category_of_edition(db, row.id)
    assert category is not None
    last = audit.last_of(db, "category", category.id)
    form.revision.data, form.revision.raw_data = category.revision, None
    rows = differences(form, CategoryForm.of(category, row.zone, formdata=None))
    when = instant_text(last.at, row.zone) if last else ""
    return _settings_page(row, category, form, versions=(rows, last.actor_name if last else "", when))


@bp.get("/<int:registration>")
@organiser(Right.SEE_REGISTRATIONS)
def detail(edition: str, registration: int) -> ResponseReturnValue:
    return _detail_page(edition, registration)


@bp.post("/<int:registration>/<any(confirm, cancel, back, reinstate):step>")
@organiser(Right.EDIT_REGISTRATIONS)
def act(edition: str, registration: int, step: str) -> ResponseReturnValue:
    """By hand. What went out by mail waits half a minute, and is taken back with the act."""
    db = database.session()
    row_id = queries.of_edition(db, registration, _edition(db, edition).id).id
    try:
        with transaction() as db:
            if step == "confirm":
                knowingly = request.form.get("knowingly") == "1"
                actions.confirm_by_hand(db, row_id, knowingly=knowingly, actor=actor(), now=now())
            elif step == "cancel":
                actions.cancel(db, row_id, actor=actor(), now=now())
            elif step == "back":
                actions.return_to_queue(db, row_id, actor=actor(), now=now())
            else:
                actions.reinstate(db, row_id, actor=actor(), now=now())
    except Conflict as refused:
        return _detail_page(edition, registration, problem=sentence(refused)), 409
    return redirect(url_for(".detail", edition=edition, registration=row_id, done=step), 303)


@bp.get("/export.csv")
@organiser(Right.SEE_REGISTRATIONS)
def export(edition: str) -> ResponseReturnValue:
    """The list as it is filtered, in order of arrival; streamed, so that its length costs no memory."""
    db = database.session()
    row = _edition(db, edition)
    category = queries.category_of_edition(db, row.id)
    if category is None:
        raise NotFound
    wanted, zone = _wanted(category.id), row.zone

    def lines() -> Iterator[str]:
        """With a session of the stream's own: the view's has ended when the first line is asked for."""
        yield from _csv(listing.everyone(database.session(), wanted, lambda one: _cells(one, zone)))

    answer = Response(stream_with_context(lines()), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="registrations-{row.slug}.csv"'
    return answer


def harmless(cell: str) -> str:
    """No spreadsheet takes it for a formula, not even one that splits at semicolons. One line."""
    return FORMULA.sub("'", " / ".join(cell.splitlines()) if "\n" in cell else cell)


def _csv(rows: Iterator[list[str]]) -> Iterator[str]:
    """A byte order mark first, so that spreadsheets read it as UTF-8."""
    buffer = io.StringIO("\ufeff")
    buffer.seek(1)
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([harmless(cell) for cell in row])
        if buffer.tell() > 32_000:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _cells(registration: Registration, zone: str) -> list[str]:
    return [
        rules.code_of(registration.uid), registration.seat, registration.name, registration.second_name,
        registration.email, registration.organisation, registration.role, registration.country,
        registration.language, registration.remarks, _stamp(registration.registered_at, zone),
        _stamp(registration.cancelled_at, zone), registration.consent_version,
    ]  # fmt: skip


def _stamp(at: datetime | None, zone: str) -> str:
    return f"{wall(at, zone):%Y-%m-%d %H:%M}" if at else ""


def _edition(db: DbSession, slug: str) -> Edition:
    """The guard has checked the right; this only finds the row."""
    edition = editions.edition_by_slug(db, slug)
    if edition is None:
        raise NotFound
    return edition


def _wanted(category_id: int) -> Wanted:
    """From the address. What makes no sense is left out."""
    args = request.args
    country = args.get("country", "")[:2].upper()
    return Wanted(
        category_id=category_id,
        text=args.get("q", "").strip()[:200],
        seat=args.get("state", type=Seat),
        country=country if country.isalpha() else "",
        language=args.get("language", type=Language),
        sort=args.get("sort", Sort.NEWEST, type=Sort),
        after=args.get("after", type=row_id),
        before=args.get("before", type=row_id),
    )


def _phase(category: Category) -> str:
    refused = rules.refusal(
        opens_at=category.opens_at,
        closes_at=category.closes_at,
        paused=category.paused,
        now=now(),
        edition=category.edition.state,
    )
    return refused or "open"


def _detail_page(edition: str, registration_id: int, problem: str = "") -> str:
    db = database.session()
    row = _edition(db, edition)
    registration = queries.of_edition(db, registration_id, row.id)
    return render_template(
        "registrations/manage/detail.html",
        edition=row,
        registration=registration,
        category=registration.category,
        place=queries.place_of(db, registration),
        code=rules.code_of(registration.uid),
        history=[
            (entry.at, deed(entry.verb, who=entry.actor_name))
            for entry in audit.history_of(db, "registration", registration.id)
        ],
        mails=mails.mails_to(db, registration.email, edition_id=row.id),
        problem=problem,
        done=request.args.get("done", ""),
        section="registrations",
    )


def _settings_page(
    row: Edition,
    category: Category | None,
    form: CategoryForm,
    *,
    versions: tuple[list[tuple[str, str, str]], str, str] | None = None,
) -> str:
    return render_template(
        "registrations/manage/settings.html", edition=row, category=category, form=form, versions=versions,
        section="registrations",
    )  # fmt: skip
