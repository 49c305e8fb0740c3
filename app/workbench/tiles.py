"""A session as the grid shows it: one value with everything in the reader's words, so that templates only lay it out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from app.agenda.findings import Severity
from app.agenda.models import Room
from app.agenda.notation import as_seen
from app.agenda.plan import Planned, Taking
from app.agenda.rules import USUAL
from app.agenda.words import KINDS, SEVERITIES
from app.people.rules import Name
from app.values.language import Translated
from app.values.time import in_zone
from app.web.dates import city_of, home_zones
from app.web.languages import language
from app.web.templating import foreign, listed
from app.workbench.colours import Shade
from app.workbench.sheet import STEP, Spot, is_across

NAMED = 4
"""So many people are named in a slot; the form has all of them."""


@dataclass(frozen=True, slots=True)
class There:
    """What a clock in a home zone shows at the same moment."""

    city: str
    at: datetime
    shift: int
    """-1, 0 or 1: the day before, the same, the day after."""


@dataclass(frozen=True, slots=True)
class Tile:
    session: Planned
    spot: Spot | None
    """None for the unplaced."""
    shade: Shade | None
    room: Room | None
    homes: tuple[There, ...]
    people: Markup
    worst: Severity | None
    wrong: str
    """What is wrong, in sentences."""
    saw: str
    by: str = ""
    """Who has just changed it, where that is somebody else."""

    @property
    def id(self) -> int:
        return self.session.id

    @property
    def title(self) -> Translated:
        return self.session.title

    @property
    def kind(self) -> str:
        return str(KINDS[self.session.kind])

    @property
    def worst_word(self) -> str:
        return str(SEVERITIES[self.worst]) if self.worst else ""

    @property
    def minutes(self) -> int:
        """Its length; of one without a time the usual one of its kind."""
        return self.session.placement.minutes or USUAL[self.session.kind]

    @property
    def steps(self) -> int:
        return max(self.minutes // STEP, 1)

    @property
    def is_across(self) -> bool:
        return is_across(self.session)

    @property
    def is_open(self) -> bool:
        """Somebody in it has not agreed yet."""
        return any(not taking.has_agreed for taking in self.session.cast)


def tile(
    session: Planned,
    *,
    spot: Spot | None,
    shade: Shade | None,
    rooms: Mapping[int, Room],
    names: Mapping[int, Name],
    zone: str,
    homes: Sequence[str],
    worst: Severity | None,
    wrong: str,
    by: str = "",
) -> Tile:
    return Tile(
        session=session, spot=spot, shade=shade, room=rooms.get(session.room or 0),
        homes=there(session.starts_at, zone, homes), people=_people(session.cast, names), worst=worst, wrong=wrong,
        saw=as_seen(session.placement), by=by,
    )  # fmt: skip


def there(at: datetime | None, zone: str, homes: Sequence[str]) -> tuple[There, ...]:
    """The same moment in each home whose clock differs then."""
    if at is None:
        return ()
    found = [(home, in_zone(at, zone, home)) for home in home_zones(zone, at, tuple(homes))]
    return tuple(There(city_of(home), clock, (clock.date() - at.date()).days) for home, clock in found)


def _people(cast: Sequence[Taking], names: Mapping[int, Name]) -> Markup:
    shown = [foreign(names[taking.person].spoken(language())) for taking in cast if taking.person in names]
    more = [Markup("+{}").format(len(shown) - NAMED)] if len(shown) > NAMED else []
    return listed([*shown[:NAMED], *more])
