"""When is a mail tried again, and when do we give up?"""

from datetime import datetime, timedelta
from enum import StrEnum

WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=8))
LEASE = timedelta(minutes=10)
"""How long a worker may take over what it claimed; after that another one takes over."""
AWAY = timedelta(minutes=1)
"""When the server itself is away, all mail waits this long, however often it takes."""
GIVE_UP_AFTER = 12
"""Tries; with the last wait repeated that is about three days."""


class MailState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"
    """The receiving side said no for good, or we tried too often. An organiser sees it."""


def next_try(tries: int, now: datetime) -> datetime | None:
    """After this many failures; None when it is time to give up."""
    if tries >= GIVE_UP_AFTER:
        return None
    return now + WAITS[min(tries, len(WAITS)) - 1]


def is_claimed(*, queued_at: datetime, due_at: datetime, tries: int) -> bool:
    """A worker has it in hand or had it: its due time lies further off than any mail is made to wait at first."""
    return tries > 0 or due_at - queued_at > LEASE / 2
