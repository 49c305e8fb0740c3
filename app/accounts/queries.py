from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, selectinload

from app.accounts import rules
from app.accounts.models import Account, AccountGrant, SignIn, SignInLink, SignInTry
from app.database import DbSession
from app.editions.models import Edition
from app.errors import NotFound
from app.values.actor import Role

OF_SERIES = (AccountGrant.role == Role.ADMINISTRATOR, AccountGrant.edition_id.is_(None))


def account_by_id(db: DbSession, account_id: int) -> Account:
    account = db.get(Account, account_id, options=[selectinload(Account.granted)])
    if account is None:
        raise NotFound
    return account


def account_by_email(db: DbSession, email: str) -> Account | None:
    return db.scalar(select(Account).where(Account.email == email.strip().lower()))


def accounts(db: DbSession) -> Sequence[Account]:
    """Everyone, with their grants: two queries however many they are."""
    order = (func.lower(Account.name), Account.email)
    return db.scalars(select(Account).options(selectinload(Account.granted)).order_by(*order)).all()


def living_sign_in(db: DbSession, token: str, now: datetime) -> SignIn | None:
    """The sign-in this cookie stands for, with its account and grants, unless it is over or the account is off."""
    found = db.scalar(
        select(SignIn)
        .join(SignIn.account)
        .options(contains_eager(SignIn.account).selectinload(Account.granted))
        .where(SignIn.token_hash == rules.hash_of(token), Account.active)
    )
    if found is None or not rules.is_living(created_at=found.created_at, ended_at=found.ended_at, now=now):
        return None
    return found


def living_sign_ins(db: DbSession, account_id: int, now: datetime) -> Sequence[SignIn]:
    """Where this account is signed in, the newest first."""
    return db.scalars(
        select(SignIn)
        .where(SignIn.account_id == account_id, SignIn.ended_at.is_(None))
        .where(SignIn.created_at > now - rules.SIGN_IN_LASTS)
        .order_by(SignIn.seen_on.desc(), SignIn.id.desc())
    ).all()


def living_link(db: DbSession, token: str, now: datetime) -> SignInLink | None:
    """Whether it would sign in; it is not used up by asking."""
    return db.scalar(
        select(SignInLink)
        .join(SignInLink.account)
        .options(contains_eager(SignInLink.account))
        .where(SignInLink.token_hash == rules.hash_of(token), SignInLink.used_at.is_(None), Account.active)
        .where(SignInLink.expires_at > now)
    )


def tries(db: DbSession, email: str, now: datetime) -> int:
    """With this address, lately."""
    key = rules.address_key(email)
    recent = SignInTry.at > now - rules.TRIES_WITHIN
    return db.scalar(select(func.count()).select_from(SignInTry).where(SignInTry.address_hash == key, recent)) or 0


def locked_administrators(db: DbSession) -> set[int]:
    """The active accounts that administer the series, nobody else's to take away until the transaction ends.

    Two statements: only the second one sees what whoever held the lock before us has done.
    """
    db.execute(select(AccountGrant.id).where(*OF_SERIES).order_by(AccountGrant.id).with_for_update()).all()
    return administrators(db)


def administrators(db: DbSession) -> set[int]:
    """The active accounts that administer the series."""
    return set(db.scalars(select(AccountGrant.account_id).join(Account).where(*OF_SERIES, Account.active)))


def edition_id(db: DbSession, slug: str) -> int | None:
    """Of any edition, drafts too: for asking whether somebody may know of it."""
    return db.scalar(select(Edition.id).where(Edition.slug == slug))
