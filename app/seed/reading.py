"""The data files of the history as facts. What a file does not say stays unsaid."""

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from app.agenda.rules import SessionFacts, SessionKind, SessionRole
from app.editions.rules import EditionFacts, Kind, MilestoneFacts, OrganisationPart, SeriesFacts, SourceFacts
from app.people.rules import Name, OrganisationFacts, PersonFacts
from app.speakers.rules import Part, Scope, SpeakerFacts, SpeakerState
from app.values.language import Translated
from app.values.time import DatePrecision

Entry = Mapping[str, Any]

HISTORY = Path(__file__).parent / "history"
NAMESPACE = UUID("6e64a1b0-3b0f-5a57-9d52-1f2e0c7a6d11")
"""Two installations give what the files describe the same UIDs."""

PARTS = {
    "hosts": OrganisationPart.HOST,
    "co_hosts": OrganisationPart.CO_HOST,
    "partners": OrganisationPart.PARTNER,
    "participants": OrganisationPart.PARTICIPANT,
}
PARENT_PARTS = {
    "hosts": OrganisationPart.PARENT_HOST,
    "co_organisers": OrganisationPart.PARENT_CO_HOST,
    "organisers": OrganisationPart.PARENT_ORGANISER,
}


def read(path: Path) -> Entry:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def uid(*names: str) -> str:
    return str(uuid5(NAMESPACE, "/".join(names)))


def text(entry: Entry, name: str) -> Translated:
    return Translated.of({tongue: words.strip() for tongue, words in entry.get(name, {}).items()})


def day(entry: Entry, name: str) -> date | None:
    return date.fromisoformat(entry[name]) if name in entry else None


def series_facts(entry: Entry) -> SeriesFacts:
    return SeriesFacts(
        name=text(entry, "name"),
        short_name=text(entry, "short_name"),
        subject=text(entry, "subject"),
        lead=text(entry, "lead"),
        numbering=text(entry, "numbering"),
        organisers_note=text(entry, "organisers_note"),
        imprint=text(entry, "imprint"),
        privacy=text(entry, "privacy"),
        contact=text(entry, "contact"),
        consent=text(entry, "consent"),
        name_translated=tuple(entry.get("name_translated", ())),
        parent_name=text(entry["within"], "name"),
        parent_website=entry["within"]["website"],
        website=entry["website"],
        home_zones=tuple(entry["home_zones"]),
        sides=tuple(entry["sides"]),
        privacy_version=entry["privacy_version"],
    )


def milestone_facts(entry: Entry) -> MilestoneFacts:
    """A date that is only a year stands as its first of January, which is never shown."""
    only_year = len(entry["date"]) == 4
    return MilestoneFacts(
        key=entry["key"],
        day=date(int(entry["date"]), 1, 1) if only_year else date.fromisoformat(entry["date"]),
        last_day=day(entry, "end_date"),
        date_precision=DatePrecision.YEAR if only_year else DatePrecision.DAY,
        country=entry.get("country"),
        place=text(entry, "place"),
        title=text(entry, "title"),
        title_translated=tuple(entry.get("title_translated", ())),
        summary=text(entry, "summary"),
    )


def source_facts(entry: Entry) -> SourceFacts:
    return SourceFacts(entry["key"], entry["publisher"], entry.get("published", ""), entry.get("url", ""))


def person_facts(entry: Entry) -> PersonFacts:
    name = Name(
        entry["name"],
        entry.get("family_name", ""),
        entry.get("second_name", ""),
        entry.get("second_family_name", ""),
    )
    return PersonFacts(name, entry.get("country"))


def organisation_facts(entry: Entry) -> OrganisationFacts:
    return OrganisationFacts(
        name=text(entry, "name"),
        abbreviation=entry.get("abbreviation", ""),
        country=entry.get("country"),
        international=entry.get("international", False),
        aliases=tuple(entry.get("aliases", ())),
    )


def edition_facts(entry: Entry) -> EditionFacts:
    parent = entry.get("parent", {})
    return EditionFacts(
        title=text(entry, "title"),
        theme=text(entry, "theme"),
        summary=text(entry, "summary"),
        guest_of_honour=text(entry, "guest_of_honour"),
        city=text(entry, "city"),
        venue=text(entry, "venue"),
        slug=entry["slug"],
        number=entry.get("number"),
        year=entry["year"],
        kind=Kind(entry["kind"]),
        country=entry["country"],
        zone=entry["zone"],
        date_precision=DatePrecision(entry["date_precision"]),
        starts_on=day(entry, "starts_on"),
        ends_on=day(entry, "ends_on"),
        title_translated=tuple(entry.get("title_translated", ())),
        theme_translated=tuple(entry.get("theme_translated", ())),
        parent_name=text(parent, "name"),
        parent_theme=text(parent, "theme"),
        parent_theme_translated=tuple(parent.get("theme_translated", ())),
        parent_format=text(parent, "format"),
        parent_starts_on=day(parent, "starts_on"),
        parent_ends_on=day(parent, "ends_on"),
    )


def speaker_facts(entry: Entry, *, organisation_id: int | None) -> SpeakerFacts:
    """Whoever the record names did take part: confirmed."""
    return SpeakerFacts(
        scope=Scope(entry["scope"]),
        part=Part(entry["part"]),
        state=SpeakerState.CONFIRMED,
        organisation_id=organisation_id,
        country=entry.get("country"),
        role=text(entry, "role"),
        topic=text(entry, "topic"),
        note=text(entry, "note"),
    )


def session_facts(entry: Entry, *, position: int, speakers: tuple[tuple[int, SessionRole], ...]) -> SessionFacts:
    return SessionFacts(
        kind=SessionKind(entry["kind"]),
        slug=entry["key"],
        title=text(entry, "title"),
        title_translated=tuple(entry.get("title_translated", ())),
        note=text(entry, "note"),
        day=day(entry, "day"),
        part_of_day=entry.get("part_of_day", ""),
        speakers=speakers,
        position=position,
    )
