from datetime import date, datetime
from typing import Any

from flask_security.core import UserMixin
from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base
from app.values.actor import Grant, Role
from app.values.language import Language


class Account(Base, UserMixin):
    """Someone who signs in: an organiser. Attendees have no account but their link.

    A second factor brings Flask-Security's own columns here (`tf_primary_method`, `tf_totp_secret`,
    `mf_recovery_codes`, `fs_webauthn_user_handle`) by a migration, and its switches in `sign_in.py`.
    """

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    """Changed at logout everywhere and at a new password: kills every cookie before it."""
    language: Mapped[Language] = mapped_column(default=Language.EN)
    created_at: Mapped[datetime]
    looked_at: Mapped[datetime | None]
    """When they last marked the start page's changes as seen."""

    granted: Mapped[list["AccountGrant"]] = relationship(back_populates="account", cascade="all, delete-orphan")

    @property
    def roles(self) -> list[Any]:
        """Flask-Security's own roles, which we do not use: see `AccountGrant`."""
        return []

    @property
    def shown_name(self) -> str:
        return self.name or self.email

    def verify_auth_token(self, _data: dict[str, Any]) -> bool:
        """Flask-Security's bearer tokens: never, there is a cookie or nothing."""
        return False

    @property
    def grants(self) -> frozenset[Grant]:
        return frozenset(Grant(grant.role, grant.edition_id) for grant in self.granted)


class AccountGrant(Base):
    """A role for the series (no edition) or for one edition."""

    __tablename__ = "account_grant"
    __table_args__ = (
        Index(
            "uq_account_grant_series", "account_id", "role", unique=True,
            sqlite_where=text("edition_id IS NULL"), postgresql_where=text("edition_id IS NULL"),
        ),
        Index(
            "uq_account_grant_edition", "account_id", "role", "edition_id", unique=True,
            sqlite_where=text("edition_id IS NOT NULL"), postgresql_where=text("edition_id IS NOT NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    role: Mapped[Role]
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), index=True)

    account: Mapped[Account] = relationship(back_populates="granted")


class SignInLink(Base):
    """A link that signs in once. Only its hash is kept."""

    __tablename__ = "sign_in_link"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship()


class SignIn(Base):
    """One browser in which somebody is signed in. Only the hash of what its cookie carries is kept."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    """Signed out, here or from elsewhere: the cookie is dead whatever it says."""
    seen_on: Mapped[date]
    """The last day it was used, no finer."""
    browser: Mapped[str] = mapped_column(String(80), default="")
    """Its kind in two words (`Firefox Linux`), for the list of where one is signed in."""

    account: Mapped[Account] = relationship()


class SignInTry(Base):
    """Somebody tried to sign in or to recover with this address, whether an account has it or not."""

    __tablename__ = "sign_in_try"
    __table_args__ = (Index("ix_sign_in_try_address_hash_at", "address_hash", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    address_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(index=True)
