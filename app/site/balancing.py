"""The turns of an edition's draft, and of what earlier editions published."""

from collections.abc import Mapping

from app.agenda import queries as agenda
from app.agenda.models import Session
from app.database import DbSession
from app.editions import queries as editions
from app.editions.models import Edition
from app.people.models import Organisation, Person
from app.people.rules import Gender, OrganisationKind, Sector
from app.publishing import queries as publishing
from app.publishing.content import Content, SessionContent
from app.site.balance import UNKNOWN, Turn
from app.speakers.rules import SpeakerState


def turns_of_draft(db: DbSession, edition_id: int) -> list[Turn]:
    """Everybody in a session that is not cancelled, candidates too, but nobody who declined."""
    return [
        _turn(
            entry.speaker.person,
            entry.speaker.organisation,
            entry.speaker.country,
            session,
            sum(other.speaker.state is not SpeakerState.DECLINED for other in session.speakers),
        )
        for session in agenda.sessions_of(db, edition_id)
        if not session.is_cancelled
        for entry in session.speakers
        if entry.speaker.state is not SpeakerState.DECLINED
    ]


def earlier_editions(db: DbSession, edition: Edition, *, most: int = 2) -> list[tuple[Edition, list[Turn]]]:
    """The last ones before it that published who spoke, newest first."""
    found: list[tuple[Edition, list[Turn]]] = []
    for other in editions.public_editions(db):
        if other.year >= edition.year or other.id == edition.id or len(found) == most:
            continue
        content = publishing.current_content(db, other.id)
        if content and (turns := _turns_of(db, content)):
            found.append((other, turns))
    return found


def _turns_of(db: DbSession, content: Content) -> list[Turn]:
    people = publishing.people_by_id(db, content.person_ids)
    organisations = publishing.organisations_by_id(db, content.organisation_ids)
    return [turn for session in content.sessions for turn in _of_session(session, content, people, organisations)]


def _of_session(
    session: SessionContent,
    content: Content,
    people: Mapping[int, Person],
    organisations: Mapping[int, Organisation],
) -> list[Turn]:
    cast = [speaker for entry in session.speakers if (speaker := content.speaker(entry.speaker_id))]
    if session.is_cancelled:
        return []
    return [
        _turn(people[who.person_id], organisations.get(who.organisation_id or 0), who.country, session, len(cast))
        for who in cast
    ]


def _turn(
    person: Person,
    organisation: Organisation | None,
    country: str | None,
    session: Session | SessionContent,
    among: int,
) -> Turn:
    kind = organisation.kind if organisation else OrganisationKind.UNKNOWN
    sector = organisation.sector if organisation else Sector.UNKNOWN
    minutes = None
    if session.starts_at and session.ends_at:
        minutes = (session.ends_at - session.starts_at).total_seconds() / 60 / max(among, 1)
    return Turn(
        person=person.id,
        kind=session.kind,
        minutes=minutes,
        country=country or person.country or UNKNOWN,
        organisation=kind.value if kind is not OrganisationKind.UNKNOWN else UNKNOWN,
        sector=sector.value if sector is not Sector.UNKNOWN else UNKNOWN,
        gender=person.gender.value if person.gender is not Gender.UNSAID else UNKNOWN,
    )
