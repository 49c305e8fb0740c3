"""A difference with all that its sentences need: names of today, addresses, clocks at home. For `_changes.html`."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from app.database import DbSession
from app.editions.models import Edition
from app.people.models import Organisation, Person
from app.publishing import queries
from app.publishing.content import Content, RoomContent, SessionContent, TrackContent
from app.publishing.difference import Difference, Turn, difference, turns

Address = Callable[[SessionContent], str | None]


@dataclass(frozen=True, slots=True)
class Told:
    """Some changes, ready to be put into words."""

    edition: Edition
    changes: Difference
    turns: tuple[Turn, ...]
    people: Mapping[int, Person]
    """By the speaker's id; whoever is not in it is not named."""
    organisations: Mapping[int, Organisation]
    rooms: Mapping[str, RoomContent]
    rooms_before: Mapping[str, RoomContent]
    tracks: Mapping[str, TrackContent]
    address: Address
    """Where a session's page is; None where it has none."""


@dataclass(frozen=True, slots=True)
class Names:
    """The live records that releases point to."""

    people: Mapping[int, Person]
    organisations: Mapping[int, Organisation]


def names_for(
    db: DbSession,
    contents: Iterable[Content | None],
    *,
    people: Collection[int] | None = None,
    organisations: Collection[int] | None = None,
) -> Names:
    """Of all who are in these; of some only, where a reader may not know of everybody. Two queries."""
    given = [content for content in contents if content]
    persons = {person for content in given for person in content.person_ids}
    bodies = {body for content in given for body in content.organisation_ids}
    return Names(
        queries.people_by_id(db, persons if people is None else persons & set(people)),
        queries.organisations_by_id(db, bodies if organisations is None else bodies & set(organisations)),
    )


def told(edition: Edition, before: Content | None, after: Content, names: Names, *, address: Address) -> Told:
    changes, earlier = difference(before, after), before or Content()
    everyone = {speaker.id: speaker.person_id for speaker in (*earlier.speakers, *after.speakers)}
    return Told(
        edition=edition,
        changes=changes,
        turns=turns(before, after, changes),
        people={who: names.people[person] for who, person in everyone.items() if person in names.people},
        organisations=names.organisations,
        rooms={room.slug: room for room in (*earlier.rooms, *after.rooms)},
        rooms_before={room.slug: room for room in earlier.rooms},
        tracks={track.slug: track for track in (*earlier.tracks, *after.tracks)},
        address=address,
    )
