"""Secrets of links and sign-ins, how long they hold, and when there have been too many tries."""

import hashlib
import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from app.values.actor import Grant, Role

LINK_LASTS = timedelta(hours=1)
"""A sign-in link somebody asked for just now."""
INVITATION_LASTS = timedelta(days=7)
SIGN_IN_LASTS = timedelta(days=30)
"""After that one signs in again, however often one was here."""

TRIES = 10
TRIES_WITHIN = timedelta(minutes=15)
"""Whoever knows an address can keep its owner from the password form that long; links and those who are in go on."""


class Refusal(StrEnum):
    """Why not. The sentences are in `app/web/messages.py`."""

    EXISTS = "account_exists"
    LAST_ADMINISTRATOR = "last_administrator"
    NOT_FOR_ONE_EDITION = "role_not_for_one_edition"
    SWITCHED_OFF = "account_switched_off"


def new_token() -> str:
    """192 random bits, as they stand in a link or a cookie."""
    return secrets.token_urlsafe(24)


def hash_of(token: str) -> str:
    """What is stored of a token. It is random, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def address_key(email: str) -> str:
    """The same for every spelling of one address; it says nothing about the address by itself."""
    return hash_of("address " + email.strip().casefold())


def is_living(*, created_at: datetime, ended_at: datetime | None, now: datetime) -> bool:
    return ended_at is None and now < created_at + SIGN_IN_LASTS


def too_many(tries: int) -> bool:
    """The tenth failed try is still answered; the one after it is not even looked at."""
    return tries > TRIES


def may_be_given(role: Role, edition_id: int | None) -> bool:
    """An administrator is one of the series: the word means nothing for a single edition."""
    return role is not Role.ADMINISTRATOR or edition_id is None


def in_order(grants: Iterable[Grant]) -> list[Grant]:
    """The series first, then by edition; within each the mightiest role first."""
    order = list(Role)
    return sorted(grants, key=lambda grant: (grant.edition_id or 0, order.index(grant.role)))


BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("MicroMessenger", "WeChat"), ("Firefox", "Firefox"),
            ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("HarmonyOS", "HarmonyOS"),
           ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"))  # fmt: skip


def browser_of(user_agent: str) -> str:
    """Two words that tell one's own browsers apart, no more: nothing that could be traced is kept."""

    def first(table: tuple[tuple[str, str], ...]) -> str:
        return next((name for sign, name in table if re.search(rf"\b{sign}", user_agent)), "")

    return " ".join(word for word in (first(BROWSERS), first(SYSTEMS)) if word)
