"""What became of our mails: for organisers, of the editions they may see."""

from collections.abc import Collection
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from flask import Blueprint, Flask, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.errors import NotFound
from app.extensions import database
from app.mail import actions, queries
from app.mail.delivery import can_deliver
from app.mail.models import OutgoingMail
from app.mail.queries import Wanted
from app.mail.rules import MailState
from app.values.actor import MAY, Right
from app.web.access import actor, organiser
from app.web.clock import now
from app.web.fields import row_id
from app.web.messages import MAILS
from app.web.transaction import transaction

bp = Blueprint("mail_manage", __name__, url_prefix="/organise/mail")
PAGE = 50
ZONE = "Europe/Berlin"
"""Mail knows no editions, hence no venue: its times are those of the organisers' office."""


@dataclass(frozen=True)
class Line:
    words: str
    address: str = ""


@dataclass(frozen=True)
class Shown:
    sender: str
    to: str
    subject: str
    paragraphs: list[list[Line]]


@bp.get("")
@organiser(Right.SEE_REGISTRATIONS, somewhere=True)
def index() -> ResponseReturnValue:
    db, editions = database.session(), _editions(Right.SEE_REGISTRATIONS)
    wanted = Wanted(
        editions,
        state=request.args.get("state", type=MailState),
        text="".join(c for c in request.args.get("q", "").strip()[:254] if c.isprintable()),
        before=request.args.get("before", type=row_id),
    )
    mails = queries.page_of(db, wanted, limit=PAGE)
    return render_template(
        "mail/manage/index.html",
        mails=mails[:PAGE],
        after=mails[PAGE - 1].id if len(mails) > PAGE else None,
        counts=queries.counts(db, editions),
        wanted=wanted,
        late=queries.late_since(db, now()),
        delivers=can_deliver(_app()),
        zone=ZONE,
        section="mail",
    )


@bp.get("/<int:mail>")
@organiser(Right.SEE_REGISTRATIONS, somewhere=True)
def detail(mail: int) -> ResponseReturnValue:
    row = _visible(mail, Right.SEE_REGISTRATIONS)
    return render_template(
        "mail/manage/detail.html", mail=row, letter=_in_development(row), zone=ZONE, section="mail",
        may_retry=actor().may(Right.EDIT_REGISTRATIONS, row.edition_id),
    )  # fmt: skip


@bp.post("/<int:mail>/retry")
@organiser(Right.EDIT_REGISTRATIONS, somewhere=True)
def retry(mail: int) -> ResponseReturnValue:
    _visible(mail, Right.EDIT_REGISTRATIONS)
    with transaction() as db:
        actions.try_again(db, mail, now())
    flash(_("It will be tried again at once."))
    return redirect(url_for(".detail", mail=mail), 303)


@bp.app_template_filter()
def mail_in_words(template: str) -> str:
    """What kind of mail it is."""
    return str(MAILS.get(template, template))


def _editions(right: Right) -> Collection[int] | None:
    """Whose mails the account may see; None for all."""
    if actor().may(right):
        return None
    return {grant.edition_id for grant in actor().grants if right in MAY[grant.role] and grant.edition_id is not None}


def _visible(mail_id: int, right: Right) -> OutgoingMail:
    row = queries.visible(database.session(), mail_id, _editions(right))
    if row is None:
        raise NotFound
    return row


def _app() -> Flask:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    return app


def _in_development(mail: OutgoingMail) -> Shown | None:
    """The mail as written to the folder; where there is a real server, nobody but the receiver reads it."""
    folder = current_app.config["LUNTAN"].mail_folder
    path = folder / f"{mail.id}.eml" if folder else None
    if path is None or not path.is_file():
        return None
    made = message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(made, EmailMessage)
    text = made.get_body(("plain",))
    words: str = text.get_content() if text else ""
    paragraphs = [[_line(line) for line in paragraph.splitlines()] for paragraph in words.strip().split("\n\n")]
    return Shown(str(made["From"]), str(made["To"]), str(made["Subject"]), paragraphs)


def _line(line: str) -> Line:
    """An address of ours at its end can be followed."""
    words, blank, last = line.rpartition(" ")
    if last.startswith(current_app.config["BASE_URL"] + "/"):
        return Line(words + blank, last)
    return Line(line)
