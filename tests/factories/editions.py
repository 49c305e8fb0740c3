from datetime import date
from typing import Any

from sqlalchemy import select

from app.database import DbSession
from app.editions import actions
from app.editions.models import Edition, Series, Source
from app.editions.rules import EditionFacts, SeriesFacts, SourceFacts, State
from app.values.actor import COMMAND
from app.values.language import Translated
from app.values.time import DatePrecision
from tests.conftest import NOW

WAY = (State.ANNOUNCED, State.HELD, State.ARCHIVED)


def make_series(db: DbSession, **overrides: Any) -> Series:
    """The one of this installation, made if it is not there."""
    if series := db.scalar(select(Series)):
        return series
    facts: dict[str, Any] = {
        "name": Translated("Forum on Batteries", "Forum für Batterien", "电池论坛"),
        "short_name": Translated("Battery Forum", "Batterieforum", "电池论坛"),
        "subject": Translated("Batteries", "Batterien", "电池"),
        "home_zones": ("Europe/Berlin", "Asia/Shanghai"),
        "privacy_version": "2026-11-23",
    }
    return actions.create_series(db, "forum", SeriesFacts(**facts | overrides), actor=COMMAND, now=NOW)


def edition_facts(**overrides: Any) -> EditionFacts:
    facts: dict[str, Any] = {
        "slug": "2027-haikou",
        "year": 2027,
        "country": "CN",
        "zone": "Asia/Shanghai",
        "title": Translated("Haikou Forum 2027", "Forum Haikou 2027", "2027海口论坛"),
        "city": Translated("Haikou", "Haikou", "海口"),
        "date_precision": DatePrecision.DAY,
        "starts_on": date(2027, 9, 23),
        "ends_on": date(2027, 9, 24),
    }
    return EditionFacts(**facts | overrides)


def make_edition(db: DbSession, *, state: State = State.DRAFT, **overrides: Any) -> Edition:
    """Two days in Haikou half a year after NOW, taken to that state on the way organisers take."""
    make_series(db)
    edition = actions.create_edition(db, edition_facts(**overrides), actor=COMMAND, now=NOW)
    if state is State.CANCELLED:
        make_step(db, edition, State.ANNOUNCED)
        make_step(db, edition, State.CANCELLED)
    elif state is not State.DRAFT:
        for to in WAY[: WAY.index(state) + 1]:
            make_step(db, edition, to)
    return edition


def make_step(db: DbSession, edition: Edition, to: State) -> Edition:
    reason = Translated("The venue burnt down.") if to is State.CANCELLED else Translated()
    return actions.step(db, edition.id, to, reason=reason, actor=COMMAND, now=NOW)


def make_source(db: DbSession, key: str = "xinhua27", **overrides: Any) -> Source:
    facts: dict[str, Any] = {"publisher": "Xinhua", "published": "2027-09-24", "url": "https://news.example/1"}
    return actions.create_source(db, SourceFacts(key=key, **facts | overrides), actor=COMMAND, now=NOW)
