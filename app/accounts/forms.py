"""Forms of accounts: our own, and Flask-Security's in our words and languages.

Flask-Security's forms look up and verify by themselves. Ours count the try first, and open the transaction
their views write in only when everything slow (hashing) is done and the answer is yes.
"""

from typing import Any

from flask import abort
from flask_babel import lazy_gettext as _
from flask_security.forms import ChangePasswordForm, ForgotPasswordForm, LoginForm, ResetPasswordForm
from flask_security.proxies import _datastore
from flask_security.utils import current_user, get_message, hash_data, hash_password
from flask_wtf import FlaskForm
from wtforms import EmailField, Field, PasswordField, SelectField, StringField
from wtforms.validators import Email, EqualTo, Length

from app.accounts import actions, rules
from app.accounts.models import Account
from app.database import DbSession
from app.values.actor import Grant, Role
from app.values.language import Language
from app.web.addresses import own_path
from app.web.clock import now
from app.web.fields import LANGUAGE_CHOICES, Required, line
from app.web.transaction import transaction, transaction_until_answered

AGAIN = _("The two passwords differ.")
LONGEST = 200
NEW_PASSWORD = {"autocomplete": "new-password", "minlength": "12", "maxlength": str(LONGEST)}
not_endless = Length(max=LONGEST)
"""For every password typed: hashing one takes its time, and beyond 4,096 characters refuses."""


def _count_try(email: str) -> None:
    """429 once there were too many, for an address somebody has and for one nobody has alike."""
    with transaction() as db:
        tried = actions.note_try(db, email, now=now())
    if rules.too_many(tried):
        abort(429)


def _still(account: Account) -> DbSession | None:
    """Open the transaction the view will write in; None if the account has changed its password or been switched
    off since it was read, for then what was verified is no longer true."""
    uniquifier = account.fs_uniquifier
    db = transaction_until_answered()
    db.refresh(account, with_for_update=True)
    return db if account.active and account.fs_uniquifier == uniquifier else None


class SignInForm(LoginForm):
    email = EmailField(_("E-mail"), [Required(), line(254)], render_kw={"autocomplete": "username"})
    password = PasswordField(_("Password"), [Required(), not_endless], render_kw={"autocomplete": "current-password"})
    remember = None

    def validate_next(self, field: Field) -> None:
        """An address that is not ours is forgotten, not complained about: the reader did not type it."""
        field.data = own_path(field.data or "", otherwise="")

    def validate(self, **options: Any) -> bool:
        email = (self.email.data or "").strip()
        if email:
            _count_try(email)
        if not super().validate(**options):
            return False
        db = _still(self.user)
        if db is None:
            self.password.errors = [get_message("INVALID_PASSWORD")[0]]
            return False
        actions.forget_tries(db, email)
        return True


class RecoverForm(ForgotPasswordForm):
    email = EmailField(_("E-mail"), [Required(), line(254)], render_kw={"autocomplete": "username"})

    def validate(self, **options: Any) -> bool:
        """Does the same work for an address nobody has as for one somebody has: a try and two hashes."""
        email = (self.email.data or "").strip()
        if email:
            _count_try(email)
        if not super(ForgotPasswordForm, self).validate(**options):
            return False
        self.user = _datastore.find_user(email=email.lower())
        if self.user is None or not self.user.is_active:
            hash_data("nobody’s")  # the view hashes a password for them too
            self.email.errors = [get_message("USER_DOES_NOT_EXIST")[0]]
            return False
        hash_password("nobody’s")
        if not self.user.password:
            hash_data("nobody’s")
        transaction_until_answered()
        return True


class NewPasswordForm(ResetPasswordForm):
    password = PasswordField(_("New password"), [Required(), not_endless], render_kw=NEW_PASSWORD)
    password_confirm = PasswordField(
        _("New password, once more"), [Required(), EqualTo("password", AGAIN)], render_kw=NEW_PASSWORD
    )

    def validate(self, **options: Any) -> bool:
        """A link works once, also for two clicks at the same moment."""
        if not super().validate(**options):
            return False
        if _still(self.user) is None:
            self.form_errors.append(get_message("INVALID_RESET_PASSWORD_TOKEN")[0])
            return False
        return True


class OtherPasswordForm(ChangePasswordForm):
    password = PasswordField(_("Password up to now"), [not_endless], render_kw={"autocomplete": "current-password"})
    new_password = PasswordField(_("New password"), [Required(), not_endless], render_kw=NEW_PASSWORD)
    new_password_confirm = PasswordField(
        _("New password, once more"), [Required(), EqualTo("new_password", AGAIN)], render_kw=NEW_PASSWORD
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.password.flags.required = bool(current_user.password)

    def validate(self, **options: Any) -> bool:
        account: Account = current_user._get_current_object()
        _count_try(account.email)
        if not super().validate(**options):
            return False
        db = _still(account)
        if db is not None:
            actions.forget_tries(db, account.email)
        return db is not None


class OwnForm(FlaskForm):
    name = StringField(_("Name"), [line(200)], render_kw={"autocomplete": "name"})
    language = SelectField(
        _("Language of the organisers’ pages and of mails to you"), [Required()], choices=LANGUAGE_CHOICES
    )

    @property
    def chosen(self) -> Language:
        return Language(self.language.data)


ROLE_NAMES = {
    Role.ADMINISTRATOR: _("Administrator"),
    Role.ORGANISER: _("Organiser"),
    Role.AGENDA_EDITOR: _("Agenda editor"),
    Role.REGISTRATION_DESK: _("Registration desk"),
    Role.CHECK_IN: _("Check-in"),
    Role.TRANSLATOR: _("Translator"),
    Role.VIEWER: _("Viewer"),
}
SERIES = ("series", _("the whole series"))


class GrantForm(FlaskForm):
    """A role, for one edition or the series. The editions to choose from come with `for_editions`."""

    role = SelectField(
        _("Role"),
        [Required()],
        choices=[(role.value, name) for role, name in ROLE_NAMES.items()],
        default=Role.VIEWER.value,
    )
    edition = SelectField(_("For"), [Required()], choices=[SERIES], default=SERIES[0])

    def for_editions(self, editions: list[tuple[int, str]]) -> "GrantForm":
        self.edition.choices = [SERIES, *((str(edition_id), title) for edition_id, title in editions)]
        return self

    @property
    def grant(self) -> Grant:
        edition: str = self.edition.data
        return Grant(Role(self.role.data), None if edition == SERIES[0] else int(edition))


class InviteForm(GrantForm):
    email = EmailField(_("E-mail"), [Required(), Email(), line(254)], render_kw={"autocomplete": "off"})
    name = StringField(_("Name"), [line(200)], render_kw={"autocomplete": "off"})
    language = SelectField(_("Language"), [Required()], choices=LANGUAGE_CHOICES)


class NoForm(FlaskForm):
    """Only a button: its token and nothing else."""
