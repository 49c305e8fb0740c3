"""What of a release and of the records behind it can be found by the public's search."""

from collections.abc import Iterable, Iterator, Mapping

from app.editions.models import Edition
from app.people.models import Organisation, Person
from app.publishing.content import Content, SessionContent, SpeakerContent
from app.publishing.promises import Cast
from app.search.actions import Findable
from app.search.rules import Kind
from app.values.language import Language, Translated
from app.values.text import has_han


def of_edition(edition: Edition, content: Content, cast: Cast) -> Iterator[Findable]:
    """The edition itself and the sessions of its last release."""
    named = place_and_year(edition)
    yield Findable(Kind.EDITION, edition.slug, edition.title, named, " ".join(_about(edition)))
    tracks = {track.slug: track.name for track in content.tracks}
    speakers = {speaker.id: speaker for speaker in content.speakers}
    for session in content.sessions:
        if not session.kind.is_pause:
            texts = _of_session(session, [speakers[entry.speaker_id] for entry in session.speakers], cast)
            track = _all(tracks.get(session.track or "", Translated()))
            key = f"{edition.slug}/{session.slug}"
            yield Findable(Kind.SESSION, key, session.title, named, " ".join([*texts, *track, *_all(named)]))


def of_people(people: Iterable[Person], latest: Mapping[int, Translated]) -> Iterator[Findable]:
    """`latest` says what each was when last seen."""
    for person in people:
        detail = latest.get(person.id, Translated())
        yield Findable(Kind.PERSON, person.slug, in_scripts(person), detail, " ".join([person.findable, *_all(detail)]))


def of_organisations(organisations: Iterable[Organisation]) -> Iterator[Findable]:
    for organisation in organisations:
        text = " ".join([organisation.findable, organisation.abbreviation, *organisation.aliases])
        yield Findable(Kind.ORGANISATION, organisation.slug, organisation.name, Translated(), text)


def place_and_year(edition: Edition) -> Translated:
    """Haikou 2027; what lists call an edition for short."""
    return Translated.of(
        {language.value: f"{edition.city.best(language).text} {edition.year}" for language in Language}
    )


def in_scripts(person: Person) -> Translated:
    """The name as each language's lists lead with it."""
    shown = {language: person.full_name.spoken(language) for language in Language}
    if all(has_han(name) for name in shown.values()):
        return Translated(zh=shown[Language.ZH])
    return Translated.of({language.value: name for language, name in shown.items()})


def standing(speaker: SpeakerContent, organisations: Mapping[int, Organisation]) -> Translated:
    """Role and organisation in one line; a language only where it has both."""
    organisation = organisations.get(speaker.organisation_id or 0)
    parts = [part for part in (speaker.role, organisation.name if organisation else Translated()) if part]
    whole = {
        language.value: ("，" if language is Language.ZH else ", ").join(part.exact(language) for part in parts)
        for language in Language
        if all(part.exact(language) for part in parts)
    }
    return Translated.of(whole) if whole else (parts[0] if parts else Translated())


def _of_session(session: SessionContent, speakers: Iterable[SpeakerContent], cast: Cast) -> list[str]:
    texts = _all(session.abstract)
    for speaker in speakers:
        texts.append(cast.people[speaker.person_id].findable)
        if organisation := cast.organisations.get(speaker.organisation_id or 0):
            texts += _all(organisation.name)
    return texts


def _about(edition: Edition) -> list[str]:
    fields = (edition.theme, edition.summary, edition.city, edition.venue, edition.parent_name, edition.guest_of_honour)
    topics = [text for topic in edition.topics for text in _all(topic.text)]
    return [str(edition.year), *(text for field in fields for text in _all(field)), *topics]


def _all(text: Translated) -> list[str]:
    return [text.exact(language) for language in Language if text.exact(language)]
