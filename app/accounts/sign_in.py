"""Flask-Security, told what we want of it: pages under /organise/sign-in, our forms, words, outbox and sign-ins.

A session's cookie carries the token of a `SignIn` row; a cookie whose row has ended is dead, whatever it says.
Two-factor later: its switches (`TWO_FACTOR`, `WEBAUTHN`, `MULTI_FACTOR_RECOVERY_CODES`) go into `SETTINGS`, its
templates beside ours; its views sign in through the same `user_authenticated`, so nothing here has to change.
"""

from datetime import timedelta
from typing import Any

from babel.support import NullTranslations, Translations
from flask import Flask, Response, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_security.babel import FsDomain
from flask_security.core import Security
from flask_security.datastore import SQLAlchemyUserDatastore
from flask_security.mail_util import MailUtil
from flask_security.signals import user_authenticated
from flask_security.utils import current_user, do_flash
from wtforms import Form

from app.accounts import actions, queries, rules
from app.accounts.forms import NewPasswordForm, OtherPasswordForm, RecoverForm, SignInForm
from app.accounts.models import Account
from app.extensions import database
from app.mail import actions as mail
from app.values.actor import Actor
from app.web.addresses import absolute, own_path
from app.web.clock import now
from app.web.languages import language, speak
from app.web.transaction import end_transaction, transaction

RECOVERY_LASTS = timedelta(hours=2)

SETTINGS: dict[str, Any] = {
    "URL_PREFIX": "/organise/sign-in",
    "LOGIN_URL": "/",
    "LOGOUT_URL": "/out",
    "LOGOUT_CSRF": True,
    "RESET_URL": "/recover",
    "CHANGE_URL": "/password",
    "STATIC_FOLDER": None,
    "RECOVERABLE": True,
    "CHANGEABLE": True,
    "FRESHNESS": timedelta(days=-1),
    "RESET_PASSWORD_WITHIN": RECOVERY_LASTS,
    "RETURN_GENERIC_RESPONSES": True,
    "API_ENABLED_METHODS": ["session"],
    "PASSWORD_HASH": "argon2",
    "PASSWORD_SCHEMES": ["argon2"],
    "PASSWORD_SINGLE_HASH": {"argon2"},
    "PASSWORD_LENGTH_MIN": 12,
    "PASSWORD_NORMALIZE_FORM": "NFKC",
    "EMAIL_PLAINTEXT": False,
    "EMAIL_HTML": False,
    "POST_LOGIN_VIEW": "/organise/",
    "POST_LOGOUT_VIEW": "/organise/sign-in/",
    "POST_CHANGE_VIEW": "/organise/account",
    "JOIN_USER_ROLES": False,
    "CLI_USERS_NAME": None,
    "CLI_ROLES_NAME": None,
    "LOGIN_USER_TEMPLATE": "security/sign_in.html",
    "FORGOT_PASSWORD_TEMPLATE": "security/recover.html",
    "RESET_PASSWORD_TEMPLATE": "security/new_password.html",
    "CHANGE_PASSWORD_TEMPLATE": "security/password.html",
}

MESSAGES = {
    "GENERIC_AUTHN_FAILED": (_("This address and this password do not belong together."), "error"),
    "PASSWORD_RESET_REQUEST": (
        _("If there is an account with this address, a mail with a link is on its way to it."), "info",
    ),
    "PASSWORD_RESET_EXPIRED": (_("This link has expired. Ask for a new one."), "error"),
    "INVALID_RESET_PASSWORD_TOKEN": (_("This link was used already or is not complete. Ask for a new one."), "error"),
    "PASSWORD_RESET_NO_LOGIN": (_("Your new password is set. Sign in with it."), "success"),
    "PASSWORD_CHANGE": (_("Your password is changed. You are signed out everywhere else."), "success"),
    "PASSWORD_INVALID_LENGTH": (_("A password needs at least %(length)s characters. A short sentence is fine."), "error"),
    "PASSWORD_NOT_PROVIDED": (_("Please type your password."), "error"),
    "PASSWORD_IS_THE_SAME": (_("This is the password you have already."), "error"),
    "RETYPE_PASSWORD_MISMATCH": (_("The two passwords differ."), "error"),
    "INVALID_PASSWORD": (_("This is not your password."), "error"),
    "INVALID_EMAIL_ADDRESS": (_("This is not an e-mail address."), "error"),
    "EMAIL_NOT_PROVIDED": (_("Please type your e-mail address."), "error"),
    "USER_DOES_NOT_EXIST": (_("This address and this password do not belong together."), "error"),
    "DISABLED_ACCOUNT": (_("This account is switched off."), "error"),
    "INVALID_REDIRECT": (_("That address is not one of ours."), "error"),
    "UNAUTHENTICATED": (_("Please sign in to see this page."), "info"),
    "API_ERROR": (_("That request could not be understood"), "error"),
    "FORGOT_PASSWORD": (_("Forgotten your password?"), "info"),
}  # fmt: skip
"""Every sentence the pages in use can say, in our catalogue; the others come from Flask-Security's own."""


class Words(FsDomain):
    """Flask-Security's own catalogue for what `MESSAGES` does not say; its Chinese goes by another name."""

    def get_translations(self) -> NullTranslations:
        locale = language().locale
        return Translations.load(self.translation_directories[0], [f"{locale}_CN", locale], "flask_security")


class Outbox(MailUtil):
    """What Flask-Security would send goes into the outbox, in the request's own transaction."""

    TEMPLATES = {
        "security/email/reset_instructions": "accounts/recover",
        "security/email/reset_notice": "accounts/password_changed",
        "security/email/change_notice": "accounts/password_changed",
    }

    def send_mail(self, template: str, subject: str, recipient: str, *_rest: Any, user: Account, **known: Any) -> None:
        data: dict[str, Any] = {"name": user.name}
        if token := known.get("reset_token"):
            data["link"] = absolute("security.reset_password", token=token)
            data["hours"] = RECOVERY_LASTS // timedelta(hours=1)
        mail.queue(
            database.session(), self.TEMPLATES[template], to=recipient, language=user.language, now=now(), **data
        )


class Accounts(SQLAlchemyUserDatastore):
    def commit(self) -> None:
        """The view is done: the transaction its form began is committed by the one committer."""
        end_transaction()

    def set_uniquifier(self, user: Account, uniquifier: str | None = None) -> None:
        """Flask-Security calls it for a new password."""
        super().set_uniquifier(user, uniquifier)
        actions.password_set(database.session(), user, now=now())


def actor_of_request() -> Actor | None:
    """Who is signed in, with the roles of this very moment; their language is spoken from here on."""
    if not current_user.is_authenticated:
        return None
    account: Account = current_user._get_current_object()
    speak(account.language)
    return Actor(account.id, account.shown_name, account.grants)


def edition_id(slug: str) -> int | None:
    return queries.edition_id(database.session(), slug)


def sign_in_id() -> int | None:
    """Of this request, for the list of where one is signed in."""
    found: int | None = g.get("sign_in_id")
    return found


def _account_of_cookie(uniquifier: str) -> Account | None:
    """Flask-Login asks who is behind the session: whoever its living sign-in belongs to."""
    found = queries.living_sign_in(database.session(), session.get("sign_in", ""), now())
    if found is None or found.account.fs_uniquifier != uniquifier:
        return None
    g.fs_authn_via, g.fs_paa = "session", session.get("fs_paa", 0)
    g.sign_in_id = found.id
    if found.seen_on < now().date():
        g.seen_first_today = found.id
    return found.account


def _begin(_app: Flask, user: Account, **_how: Any) -> None:
    """Somebody has signed in: a row of its own, and nothing of the session before but their place in it."""
    before = session.get("sign_in")
    for key in set(session) - {"_user_id", "_fresh", "_id", "fs_paa", "_flashes"}:
        session.pop(key)
    g.pop("csrf_token", None)
    db, browser = database.session(), rules.browser_of(request.user_agent.string)
    if before:
        actions.end_sign_in(db, before, now=now())
    session["sign_in"] = actions.begin_sign_in(db, user.id, browser=browser, now=now())


def _end_then(leave: Any) -> Any:
    """Flask-Security's logout forgets the cookie; this ends the row first, so that a copy is dead too."""

    def logout() -> ResponseReturnValue:
        token = session.pop("sign_in", None)
        with transaction() as db:
            actions.end_sign_in(db, token or "", now=now())
        answer: ResponseReturnValue = leave()
        session.clear()
        return answer

    return logout


def _sign_in_page() -> ResponseReturnValue:
    do_flash(str(MESSAGES["UNAUTHENTICATED"][0]), "info")
    return redirect(url_for("security.login", next=own_path(request.full_path)), 303)


def _note_seen(app: Flask, response: Response) -> Response:
    """Once a day for each sign-in, after the answer is out: a GET writes nothing in its request."""
    first: int | None = g.get("seen_first_today")
    if first is not None:
        instant = now()

        def note() -> None:
            with app.app_context(), transaction() as db:
                actions.seen(db, first, now=instant)

        response.call_on_close(note)
    return response


def _page(template: str, **context: Any) -> ResponseReturnValue:
    """Flask-Security's answer to a form that does not pass is a page with 200; ours is 422."""
    forms = [value for value in context.values() if isinstance(value, Form)]
    wrong = request.method == "POST" and any(form.errors for form in forms)
    return render_template(template, **context), 422 if wrong else 200


def init(app: Flask) -> Security:
    app.config.update({f"SECURITY_{key}": value for key, value in SETTINGS.items()})
    app.config.update({f"SECURITY_MSG_{key}": value for key, value in MESSAGES.items()})
    security = Security(
        app,
        Accounts(database, Account, None),
        render_template=_page,
        mail_util_cls=Outbox,
        login_form=SignInForm,
        forgot_password_form=RecoverForm,
        reset_password_form=NewPasswordForm,
        change_password_form=OtherPasswordForm,
    )
    security.i18n_domain = Words(app)
    security.want_json(lambda _request: False)
    security.unauthn_handler(lambda *_mechanisms, **_headers: _sign_in_page())
    security.login_manager.user_loader(_account_of_cookie)
    security.login_manager.request_loader(lambda _request: None)
    user_authenticated.connect(_begin, app, weak=False)
    app.view_functions["security.logout"] = _end_then(app.view_functions["security.logout"])

    @app.after_request
    def _seen(response: Response) -> Response:
        return _note_seen(app, response)

    return security
