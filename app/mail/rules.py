"""When is a mail tried again, and when do we give up?"""

from datetime import datetime, timedelta
from enum import StrEnum

WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=8))
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
