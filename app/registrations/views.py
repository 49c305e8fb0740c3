"""Registering, and what a registered person does by their own link. No session: see `app/web/access.py`."""

import json
from uuid import uuid4

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    get_template_attribute,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer
from itsdangerous.timed import TimestampSigner
from markupsafe import Markup

from app.editions import queries as editions
from app.errors import Conflict, Stale
from app.extensions import database
from app.registrations import actions, queries, rules
from app.registrations.forms import CorrectForm, RegisterForm
from app.registrations.models import Category, Registration
from app.registrations.rules import Answer, Seat
from app.registrations.tokens import token_of
from app.values.language import Language
from app.web.access import holder, visitor
from app.web.addresses import absolute
from app.web.clock import now
from app.web.messages import sentence, sentence_for
from app.web.qr import qr
from app.web.shells import Shells, hole
from app.web.transaction import transaction

bp = Blueprint("registrations", __name__)
RECEIPT_SECONDS = 15 * 60
NUMBER, SEATS, FULL = hole(), hole(), hole()
_shells = Shells()
"""Of the empty form, which is much the same for everyone and takes long to render."""


@bp.get("/<language:lang>/editions/<edition>/register")
@visitor
def form(lang: Language, edition: str) -> ResponseReturnValue:
    db = database.session()
    category = queries.at_the_door(db, edition)
    refused = _refusal(category)
    if refused:
        return render_template("registrations/not_now.html", **_about(category), refused=refused, now=now())
    seats = get_template_attribute("registrations/_seats.html", "seats")
    full = get_template_attribute("registrations/_seats.html", "full")
    holes = {NUMBER: str(uuid4()), SEATS: seats(category), FULL: full(category)}
    return _shells.filled((lang, edition), lambda: _blank(edition), holes)


def _blank(edition: str) -> str:
    """The empty form, with holes for its number and for the seats that are left."""
    empty = RegisterForm(formdata=None)
    empty.submission.data = NUMBER
    return _page(queries.public_category(database.session(), edition), empty, seats=SEATS, full=FULL)


@bp.post("/<language:lang>/editions/<edition>/register")
@visitor
def submit(lang: Language, edition: str) -> ResponseReturnValue:
    category_id, version = queries.open_to_public(database.session(), edition)
    filled = RegisterForm()
    if not (filled.validate() and filled.agreed_to(version)):
        return _page(queries.public_category(database.session(), edition), filled), 422
    try:
        with transaction() as db:
            answer = actions.register(
                db, category_id, filled.wants(),
                language=lang, submission=filled.own_number, consent=version, now=now(),
            )  # fmt: skip
    except Conflict as refused:
        filled.form_errors.append(sentence(refused))
        filled.number()
        return _page(queries.public_category(database.session(), edition), filled), 409
    receipt = _seal().dumps([edition, answer.seat, answer.place])
    return redirect(url_for(".receipt", lang=lang, edition=edition, receipt=receipt), 303)


@bp.get("/<language:lang>/editions/<edition>/registered/<receipt>")
@visitor
def receipt(lang: Language, edition: str, receipt: str) -> ResponseReturnValue:
    """For a quarter of an hour what the form was answered with. It leads to no registration: the mail does."""
    try:
        slug, seat, place = _seal().loads(receipt, max_age=RECEIPT_SECONDS)
    except SignatureExpired:
        category = queries.public_category(database.session(), edition)
        return render_template("registrations/receipt.html", **_about(category), answer=None), 410
    except (BadSignature, ValueError):
        abort(404)
    if slug != edition:
        abort(404)
    category = queries.public_category(database.session(), edition)
    return render_template("registrations/receipt.html", **_about(category), answer=Answer(Seat(seat), place))


@bp.get("/<language:lang>/registrations/<token>")
@holder
def own(lang: Language, token: str) -> ResponseReturnValue:
    db = database.session()
    registration = queries.by_token(db, token)
    category = registration.category
    return render_template(
        "registrations/own.html",
        **_about(category),
        registration=registration,
        token=token,
        place=queries.place_of(db, registration),
        code=rules.code_of(registration.uid),
        qr=qr,
        may_register=_refusal(category) is None,
        saved="saved" in request.args,
    )


@bp.route("/<language:lang>/registrations/<token>/correct", methods=["GET", "POST"])
@holder
def correct(lang: Language, token: str) -> ResponseReturnValue:
    registration = queries.by_token(database.session(), token)
    if registration.seat is Seat.CANCELLED:
        return redirect(url_for(".own", lang=lang, token=token), 303)
    if request.method == "GET":
        return _correct_page(token, CorrectForm.of(registration))
    filled = CorrectForm()
    if not filled.validate():
        return _correct_page(token, filled), 422
    row_id, applicant, revision = registration.id, filled.applicant(registration.email), filled.revision.data or 0
    try:
        with transaction() as db:
            actions.change_details(db, row_id, applicant, revision=revision, now=now())
    except Stale:
        filled.form_errors.append(sentence_for("registration_corrected_meanwhile"))
        filled.revision.data = queries.by_token(database.session(), token).revision
        filled.revision.raw_data = None
        return _correct_page(token, filled), 409
    return redirect(url_for(".own", lang=filled.language.data, token=token, saved=1), 303)


@bp.route("/<language:lang>/registrations/<token>/cancel", methods=["GET", "POST"])
@holder
def cancel(lang: Language, token: str) -> ResponseReturnValue:
    """Reading the page cancels nothing: programs that check links in mails follow them all."""
    registration = queries.by_token(database.session(), token)
    if request.method == "GET" and registration.seat is not Seat.CANCELLED:
        return render_template(
            "registrations/cancel.html", **_about(registration.category), registration=registration, token=token
        )
    if request.method == "POST":
        row_id = registration.id
        with transaction() as db:
            actions.cancel(db, row_id, now=now())
    return redirect(url_for(".own", lang=lang, token=token), 303)


@bp.get("/<language:lang>/registrations/<token>/data.json")
@holder
def data(lang: Language, token: str) -> ResponseReturnValue:
    """All we keep about this person because of this registration."""
    db = database.session()
    registration = queries.by_token(db, token)
    text = json.dumps(_kept(registration, queries.place_of(db, registration)), ensure_ascii=False, indent=2)
    answer = Response(text + "\n", mimetype="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="registration.json"'
    return answer


@bp.app_template_global()
def registration_link(lang: Language, uid: str) -> str:
    """For mails: the personal link is made when it is sent, and stored nowhere."""
    secret: str = current_app.config["SECRET_KEY"]
    return absolute("registrations.own", lang=lang, token=token_of(uid, secret))


def _about(category: Category) -> dict[str, object]:
    return {"edition": category.edition, "category": category}


def _page(category: Category, shown: RegisterForm, **holes: Markup) -> str:
    series = editions.the_series(database.session())
    if not shown.consent_version.data:
        shown.consent_version.data = series.privacy_version
    return render_template("registrations/form.html", **_about(category), form=shown, holes=holes)


def _correct_page(token: str, shown: CorrectForm) -> str:
    registration = queries.by_token(database.session(), token)
    return render_template(
        "registrations/correct.html",
        **_about(registration.category),
        registration=registration,
        form=shown,
        token=token,
    )


def _refusal(category: Category) -> str | None:
    return rules.refusal(
        opens_at=category.opens_at,
        closes_at=category.closes_at,
        paused=category.paused,
        now=now(),
        edition=category.edition.state,
    )


class _Signer(TimestampSigner):
    """Tells the time by the one clock."""

    def get_timestamp(self) -> int:
        return int(now().timestamp())


def _seal() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="registration-receipt", signer=_Signer)


def _kept(registration: Registration, place: int | None) -> dict[str, object]:
    edition = registration.category.edition
    when = {
        "registered_at": registration.registered_at,
        "changed_at": registration.changed_at,
        "cancelled_at": registration.cancelled_at,
    }
    return {
        "edition": {"slug": edition.slug, "title": edition.title.as_dict()},
        "number": rules.code_of(registration.uid),
        "uid": registration.uid,
        "state": registration.seat,
        "place_on_waiting_list": place,
        "name": registration.name,
        "second_name": registration.second_name,
        "email": registration.email,
        "organisation": registration.organisation,
        "role": registration.role,
        "country": registration.country,
        "language": registration.language,
        "remarks": registration.remarks,
        "consent": {
            "text_version": registration.consent_version,
            "language": registration.consent_language,
            "given_at": registration.consented_at.isoformat(),
        },
        **{name: at.isoformat() if at else None for name, at in when.items()},
    }
