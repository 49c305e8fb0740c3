from datetime import datetime
from typing import Any

from flask_security.core import UserMixin
from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base
from app.values.actor import Grant, Role
from app.values.language import Language


class Account(Base, UserMixin):
    """Someone who signs in: an organiser. Attendees have no account but their link."""

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
