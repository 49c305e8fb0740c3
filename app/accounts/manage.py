"""Accounts and roles, one's own account, and links that sign in once."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security.utils import login_user

from app.accounts import actions, queries
from app.accounts.forms import ROLE_NAMES, GrantForm, InviteForm, NoForm, OwnForm
from app.accounts.models import Account
from app.accounts.rules import in_order
from app.accounts.sign_in import sign_in_id
from app.editions import queries as editions
from app.editions.models import Edition
from app.errors import Conflict, NotFound
from app.extensions import database
from app.values.actor import Grant, Right, Role
from app.values.language import Language
from app.values.text import folded
from app.web.access import actor, organiser, sign_in, signed_in
from app.web.addresses import absolute
from app.web.clock import now
from app.web.languages import language, speak
from app.web.messages import sentence
from app.web.transaction import transaction

bp = Blueprint("accounts_manage", __name__, url_prefix="/organise")


@dataclass(frozen=True)
class Listed:
    account: Account
    grants: list[Grant]


def _title(edition: Edition) -> str:
    return f"{edition.city.best(language()).text or edition.slug} {edition.year}"


def _editions() -> dict[int, Edition]:
    return {edition.id: edition for edition in editions.editions(database.session())}


def _choices() -> list[tuple[int, str]]:
    return [(edition.id, _title(edition)) for edition in _editions().values()]


def _listed(query: str, edition: str) -> list[Listed]:
    """Accounts whose name or address has these words; with an edition, those with a role in it."""
    words = folded(query).split()
    known = _editions()
    wanted = next((e.id for e in known.values() if e.slug == edition), None)
    return [
        Listed(account, in_order(account.grants))
        for account in queries.accounts(database.session())
        if all(word in folded(f"{account.name} {account.email}") for word in words)
        and (not edition or any(grant.edition_id in (None, wanted) for grant in account.grants))
    ]


@bp.get("/accounts")
@organiser(Right.ADMINISTER)
def index() -> ResponseReturnValue:
    return _index(InviteForm(formdata=None, language=language().value).for_editions(_choices()))


@bp.post("/accounts")
@organiser(Right.ADMINISTER)
def invite() -> ResponseReturnValue:
    form = InviteForm().for_editions(_choices())
    if not form.validate():
        return _index(form), 422
    try:
        with transaction() as db:
            account = actions.create_account(
                db, form.email.data, name=form.name.data, language=Language(form.language.data),
                actor=actor(), now=now(),
            )  # fmt: skip
            account_id = account.id
            grant = form.grant
            actions.grant(db, account_id, grant.role, edition_id=grant.edition_id, actor=actor(), now=now())
            actions.invite(db, account_id, address=_link_address, actor=actor(), now=now())
    except Conflict as refused:
        form.form_errors.append(sentence(refused))
        return _index(form), 409
    flash(_("The invitation is on its way. Its link sets the password and holds for a week."))
    return redirect(url_for(".account", account_id=account_id), 303)


def _link_address(token: str) -> str:
    return absolute("accounts_manage.link", token=token)


def _index(form: InviteForm) -> str:
    query, edition = request.args.get("q", ""), request.args.get("edition", "")
    return render_template(
        "accounts/index.html", form=form, found=_listed(query, edition), query=query, chosen=edition,
        editions=_editions(), role_names=ROLE_NAMES, section="accounts", own_id=actor().account_id, edition=None,
    )  # fmt: skip


@bp.get("/accounts/<int:account_id>")
@organiser(Right.ADMINISTER)
def account(account_id: int) -> str:
    return _account(account_id, GrantForm(formdata=None).for_editions(_choices()))


def _account(account_id: int, form: GrantForm) -> str:
    found = queries.account_by_id(database.session(), account_id)
    return render_template(
        "accounts/account.html", account=found, grants=in_order(found.grants), form=form, editions=_editions(),
        role_names=ROLE_NAMES, section="accounts", edition=None, taken=_taken(),
    )  # fmt: skip


def _taken() -> Grant | None:
    """The role just taken away, as the address says, to be given back by a button."""
    role, edition_id = request.args.get("taken", ""), request.args.get("of", type=int)
    return Grant(Role(role), edition_id) if role in set(Role) else None


@bp.post("/accounts/<int:account_id>/give")
@organiser(Right.ADMINISTER)
def give(account_id: int) -> ResponseReturnValue:
    form = GrantForm().for_editions(_choices())
    if not form.validate():
        return _account(account_id, form), 422
    grant = form.grant
    try:
        with transaction() as db:
            actions.grant(db, account_id, grant.role, edition_id=grant.edition_id, actor=actor(), now=now())
    except Conflict as refused:
        form.form_errors.append(sentence(refused))
        return _account(account_id, form), 409
    flash(_("The role is given and holds from now on."))
    return redirect(url_for(".account", account_id=account_id), 303)


@bp.post("/accounts/<int:account_id>/take")
@organiser(Right.ADMINISTER)
def take(account_id: int) -> ResponseReturnValue:
    """Leaves a sentence with a button that gives the role back."""
    form = GrantForm().for_editions(_choices())
    if not form.validate():
        return _account(account_id, form), 422
    grant = form.grant
    try:
        with transaction() as db:
            actions.revoke(db, account_id, grant.role, edition_id=grant.edition_id, actor=actor(), now=now())
    except Conflict as refused:
        form.form_errors.append(sentence(refused))
        return _account(account_id, form), 409
    if actor().account_id == account_id:
        return redirect(url_for(".own"), 303)
    return redirect(
        url_for(".account", account_id=account_id, taken=grant.role.value, of=grant.edition_id or None), 303
    )


@bp.post("/accounts/<int:account_id>/switch")
@organiser(Right.ADMINISTER)
def switch(account_id: int) -> ResponseReturnValue:
    """On or off, as the pressed button says."""
    active = request.form.get("active") == "yes"
    try:
        with transaction() as db:
            actions.set_active(db, account_id, active, actor=actor(), now=now())
    except Conflict as refused:
        flash(sentence(refused), "error")
        return redirect(url_for(".account", account_id=account_id), 303)
    if active:
        flash(_("The account is on again. Its old links are dead: send a new one."))
    else:
        flash(_("The account is off and signed out everywhere."))
    return redirect(url_for(".account", account_id=account_id), 303)


@bp.post("/accounts/<int:account_id>/link")
@organiser(Right.ADMINISTER)
def send_link(account_id: int) -> ResponseReturnValue:
    try:
        with transaction() as db:
            actions.invite(db, account_id, address=_link_address, actor=actor(), now=now())
    except Conflict as refused:
        flash(sentence(refused), "error")
        return redirect(url_for(".account", account_id=account_id), 303)
    flash(_("A new link is on its way by mail. It signs in once and holds for a week."))
    return redirect(url_for(".account", account_id=account_id), 303)


@bp.route("/account", methods=["GET", "POST"])
@signed_in
def own() -> ResponseReturnValue:
    account_id = actor().account_id
    assert account_id is not None
    found = queries.account_by_id(database.session(), account_id)
    form = OwnForm(name=found.name, language=found.language.value)
    if form.is_submitted() and form.validate():
        with transaction() as db:
            actions.change_account(db, account_id, name=form.name.data, language=form.chosen, actor=actor(), now=now())
        speak(form.chosen)
        flash(_("Saved."))
        return redirect(url_for(".own"), 303)
    page = render_template(
        "accounts/own.html", form=form, account=found, section="account", edition=None, editions=_editions(),
        grants=in_order(found.grants), role_names=ROLE_NAMES, here=sign_in_id(), off=NoForm(),
        sign_ins=queries.living_sign_ins(database.session(), account_id, now()),
    )  # fmt: skip
    return page, 422 if form.errors else 200


@bp.post("/account/out")
@signed_in
def out_everywhere() -> ResponseReturnValue:
    """Here too: whoever has reason to do this should sign in anew."""
    account_id = actor().account_id
    assert account_id is not None
    with transaction() as db:
        actions.end_everywhere(db, account_id, now=now())
    flash(_("You are signed out everywhere, here too."))
    return redirect(url_for("security.login"), 303)


@bp.get("/link/<token>")
@sign_in
def link(token: str) -> ResponseReturnValue:
    """A page with a button: mail scanners open links, and opening changes nothing."""
    found = queries.living_link(database.session(), token, now())
    if found is None:
        return _no_link()
    speak(found.account.language)
    return render_template("accounts/link.html", token=token, account=found.account, form=NoForm())


@bp.post("/link/<token>")
@sign_in
def use_link(token: str) -> ResponseReturnValue:
    """Without a password yet, the way goes on to setting one."""
    try:
        with transaction() as db:
            account = actions.use_link(db, token, now=now())
            login_user(account, remember=False, authn_via=["link"])
            next_page = "site_manage.start" if account.password else "security.change_password"
    except NotFound:
        return _no_link()
    return redirect(url_for(next_page), 303)


def _no_link() -> ResponseReturnValue:
    return render_template("accounts/no_link.html"), 404
