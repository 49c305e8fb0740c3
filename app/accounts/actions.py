"""What happens to accounts, roles, links and sign-ins. Every function here writes; none of them commits."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from app.accounts import queries, rules
from app.accounts.models import Account, AccountGrant, SignIn, SignInLink, SignInTry
from app.accounts.rules import Refusal
from app.audit import actions as audit
from app.database import DbSession
from app.errors import Conflict, NotFound
from app.mail import actions as mail
from app.values.actor import Actor, Role
from app.values.language import Language


def create_account(
    db: DbSession, email: str, *, name: str = "", language: Language = Language.EN, actor: Actor, now: datetime
) -> Account:
    """Someone who may sign in once they have a password or a link; without roles they see nothing yet."""
    email = email.strip().lower()
    if queries.account_by_email(db, email):
        raise Conflict(Refusal.EXISTS)
    account = Account(email=email, name=name, language=language, fs_uniquifier=uuid4().hex, created_at=now)
    try:
        with db.begin_nested():
            db.add(account)
    except IntegrityError:  # somebody else made it a moment ago
        raise Conflict(Refusal.EXISTS) from None
    audit.record(db, actor, "account_created", kind="account", subject_id=account.id, now=now)
    return account


def change_account(
    db: DbSession, account_id: int, *, name: str, language: Language, actor: Actor, now: datetime
) -> Account:
    account = _locked(db, account_id)
    account.name, account.language = name, language
    audit.record(db, actor, "account_changed", kind="account", subject_id=account_id, now=now)
    db.flush()
    return account


def speak(db: DbSession, account_id: int, language: Language) -> None:
    """The account's language from now on. No entry in the audit: it is nobody else's business."""
    _locked(db, account_id).language = language
    db.flush()


def grant(
    db: DbSession, account_id: int, role: Role, *, edition_id: int | None = None, actor: Actor, now: datetime
) -> None:
    """Give a role for one edition or the series. Giving what somebody has changes nothing."""
    if not rules.may_be_given(role, edition_id):
        raise Conflict(Refusal.NOT_FOR_ONE_EDITION)
    account = _locked(db, account_id)
    if _granted(db, account_id, role, edition_id):
        return
    db.add(AccountGrant(account=account, role=role, edition_id=edition_id))
    db.flush()
    audit.record(
        db, actor, "role_given", kind="account", subject_id=account_id, now=now, edition_id=edition_id, role=role
    )


def revoke(
    db: DbSession, account_id: int, role: Role, *, edition_id: int | None = None, actor: Actor, now: datetime
) -> None:
    """Take a role away; it is gone on the next request. The series keeps at least one active administrator."""
    found = _granted(db, account_id, role, edition_id)
    if found is None:
        return
    if role is Role.ADMINISTRATOR and edition_id is None:
        _refuse_last_administrator(db, account_id)
    db.delete(found)
    db.flush()
    db.expire(queries.account_by_id(db, account_id), ["granted"])
    audit.record(
        db, actor, "role_taken", kind="account", subject_id=account_id, now=now, edition_id=edition_id, role=role
    )


def set_active(db: DbSession, account_id: int, active: bool, *, actor: Actor, now: datetime) -> None:
    """Switch an account on or off. Off: signed out everywhere at once, and links to it are dead."""
    account = _locked(db, account_id)
    if account.active == active:
        return
    if not active:
        _refuse_last_administrator(db, account_id)
        end_everywhere(db, account_id, now=now)
    account.active = active
    db.flush()
    verb = "account_activated" if active else "account_deactivated"
    audit.record(db, actor, verb, kind="account", subject_id=account_id, now=now)


def sign_in_link(
    db: DbSession, account_id: int, *, lasts: timedelta = rules.LINK_LASTS, actor: Actor, now: datetime
) -> str:
    """The token of a link that signs in once. Only its hash is kept, so it cannot be shown again."""
    token = rules.new_token()
    db.add(SignInLink(token_hash=rules.hash_of(token), account_id=account_id, expires_at=now + lasts))
    db.flush()
    audit.record(db, actor, "link_made", kind="account", subject_id=account_id, now=now)
    return token


def invite(db: DbSession, account_id: int, *, address: Callable[[str], str], actor: Actor, now: datetime) -> None:
    """A mail with a link to set the password, the first or another one. `address` makes a link of a token."""
    account = queries.account_by_id(db, account_id)
    if not account.active:
        raise Conflict(Refusal.SWITCHED_OFF)
    token = sign_in_link(db, account_id, lasts=rules.INVITATION_LASTS, actor=actor, now=now)
    mail.queue(
        db, "accounts/invitation", to=account.email, language=account.language, now=now,
        name=account.name, inviter=actor.name, link=address(token),
        days=rules.INVITATION_LASTS.days,
    )  # fmt: skip


def use_link(db: DbSession, token: str, *, now: datetime) -> Account:
    """Whose link it is; it is used up. Raises `NotFound` for one that is unknown, used or expired.

    One statement claims it, so two clicks at once cannot both sign in.
    """
    key = rules.hash_of(token)
    claim = update(SignInLink).where(
        SignInLink.token_hash == key, SignInLink.used_at.is_(None), SignInLink.expires_at > now
    )
    if db.execute(claim.values(used_at=now)).rowcount != 1:  # type: ignore[attr-defined]
        raise NotFound
    whose = select(Account).join(SignInLink).where(SignInLink.token_hash == key, Account.active)
    account: Account | None = db.scalar(whose)
    if account is None:
        raise NotFound
    audit.record(db, Actor(account.id, account.shown_name), "link_used", kind="account", subject_id=account.id, now=now)
    return account


def begin_sign_in(db: DbSession, account_id: int, *, browser: str = "", now: datetime) -> str:
    """The token for the new session's cookie."""
    token = rules.new_token()
    db.add(
        SignIn(token_hash=rules.hash_of(token), account_id=account_id, created_at=now, seen_on=now.date(),
               browser=browser)
    )  # fmt: skip
    db.flush()
    return token


def password_set(db: DbSession, account: Account, *, now: datetime) -> None:
    """A new password: whatever signed in before it no longer does."""
    end_everywhere(db, account.id, now=now)
    actor = Actor(account.id, account.shown_name)
    audit.record(db, actor, "password_set", kind="account", subject_id=account.id, now=now)


def end_sign_in(db: DbSession, token: str, *, now: datetime) -> None:
    db.execute(
        update(SignIn).where(SignIn.token_hash == rules.hash_of(token), SignIn.ended_at.is_(None)).values(ended_at=now)
    )


def end_everywhere(db: DbSession, account_id: int, *, now: datetime) -> None:
    """Every sign-in of the account is over, and so is every unused link to it."""
    db.execute(update(SignIn).where(SignIn.account_id == account_id, SignIn.ended_at.is_(None)).values(ended_at=now))
    db.execute(delete(SignInLink).where(SignInLink.account_id == account_id, SignInLink.used_at.is_(None)))


def seen(db: DbSession, sign_in_id: int, *, now: datetime) -> None:
    db.execute(update(SignIn).where(SignIn.id == sign_in_id).values(seen_on=now.date()))


def note_try(db: DbSession, email: str, *, now: datetime) -> int:
    """Count a try with this address before looking at it. How many there have been lately, this one included."""
    db.execute(delete(SignInTry).where(SignInTry.at <= now - rules.TRIES_WITHIN))
    db.add(SignInTry(address_hash=rules.address_key(email), at=now))
    db.flush()
    return queries.tries(db, email, now)


def forget_tries(db: DbSession, email: str) -> None:
    """It was them."""
    db.execute(delete(SignInTry).where(SignInTry.address_hash == rules.address_key(email)))


def _locked(db: DbSession, account_id: int) -> Account:
    account = db.get(Account, account_id, with_for_update=True, populate_existing=True)
    if account is None:
        raise NotFound
    return account


def _granted(db: DbSession, account_id: int, role: Role, edition_id: int | None) -> AccountGrant | None:
    return db.scalar(
        select(AccountGrant).where(
            AccountGrant.account_id == account_id,
            AccountGrant.role == role,
            AccountGrant.edition_id == edition_id if edition_id is not None else AccountGrant.edition_id.is_(None),
        )
    )


def _refuse_last_administrator(db: DbSession, account_id: int) -> None:
    if queries.locked_administrators(db) == {account_id}:
        raise Conflict(Refusal.LAST_ADMINISTRATOR)
