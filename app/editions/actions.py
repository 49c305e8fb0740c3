"""Planning an edition, and the record of the series. Whatever a public edition shows, the public sees when it is saved."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from app import freshness
from app.audit import actions as audit
from app.database import DbSession
from app.editions import queries, rules
from app.editions.models import (
    Edition,
    EditionOrganisation,
    EditionSource,
    Milestone,
    MilestonePerson,
    MilestoneSource,
    Outcome,
    OutcomeSource,
    Series,
    SeriesSource,
    Source,
    Topic,
)
from app.editions.rules import (
    Claim,
    EditionFacts,
    MilestoneFacts,
    OrganisationPart,
    Refusal,
    SeriesFacts,
    SourceFacts,
    State,
)
from app.errors import Conflict, NotFound
from app.people.models import Person
from app.translation.actions import forget, note_change
from app.values.actor import Actor
from app.values.facts import as_values, put
from app.values.language import Language, Translated
from app.values.time import DatePrecision


def create_edition(
    db: DbSession, facts: EditionFacts, *, actor: Actor, now: datetime, uid: str | None = None
) -> Edition:
    """A draft: nobody outside knows of it."""
    _refuse(db, facts)
    series = queries.the_series(db)
    edition = Edition(series=series, state=State.DRAFT, created_at=now, changed_at=now, **as_values(facts))
    if uid is not None:
        edition.uid = uid
    db.add(edition)
    db.flush()
    _record(db, edition, "edition_created", actor=actor, now=now)
    return edition


def change_edition(
    db: DbSession, edition_id: int, facts: EditionFacts, *, revision: int, actor: Actor, now: datetime
) -> Edition:
    """Raises `Stale` where somebody saved since that revision. Days bring a postponed edition back."""
    edition = queries.locked_edition(db, edition_id, revision)
    _refuse(db, facts, edition=edition)
    _note_texts(db, edition, facts, now)
    changed = put(edition, as_values(facts))
    if edition.postponed and facts.starts_on is not None:
        edition.postponed = False
        _give_reason(db, edition, Translated(), now)
    if changed:
        edition.revision += 1
        _saved(db, edition, "edition_changed", actor=actor, now=now, fields=changed)
    return edition


def step(
    db: DbSession,
    edition_id: int,
    to: State,
    *,
    reason: Translated = Translated(),
    actor: Actor,
    now: datetime,
) -> Edition:
    """Into another state; cancelling needs a reason, which the public reads. Raises `Conflict`."""
    edition = queries.locked_edition(db, edition_id)
    before, was_public = edition.state, edition.is_public
    if not rules.may_step(before, to, before_cancelling=edition.state_before):
        raise Conflict(Refusal.STEP_NOT_POSSIBLE)
    if to is State.CANCELLED and not reason:
        raise Conflict(Refusal.REASON_MISSING)
    if State.CANCELLED in (before, to):
        _give_reason(db, edition, reason, now)
    edition.state_before = before if to is State.CANCELLED else None
    edition.state = to
    _saved(db, edition, "edition_stepped", actor=actor, now=now, was_public=was_public, before=before, to=to)
    return edition


def postpone(
    db: DbSession, edition_id: int, *, reason: Translated, revision: int, actor: Actor, now: datetime
) -> Edition:
    """It stays announced, but has no days any more until somebody enters new ones."""
    edition = queries.locked_edition(db, edition_id, revision)
    if edition.state is not State.ANNOUNCED:
        raise Conflict(Refusal.ONLY_ANNOUNCED_POSTPONED)
    if not reason:
        raise Conflict(Refusal.REASON_MISSING)
    edition.postponed = True
    _give_reason(db, edition, reason, now)
    edition.starts_on = edition.ends_on = None
    edition.date_precision = DatePrecision.YEAR
    edition.revision += 1
    _saved(db, edition, "edition_postponed", actor=actor, now=now)
    return edition


def reword_reason(db: DbSession, edition_id: int, reason: Translated, *, actor: Actor, now: datetime) -> Edition:
    """Why it is cancelled or postponed, in other words."""
    edition = queries.locked_edition(db, edition_id)
    if edition.reason != reason:
        _give_reason(db, edition, reason, now)
        _saved(db, edition, "edition_reason_reworded", actor=actor, now=now)
    return edition


def _give_reason(db: DbSession, edition: Edition, reason: Translated, now: datetime) -> None:
    house = edition.series.source_language
    note_change(db, "edition", edition.id, "reason", edition.reason, reason, house=house, now=now)
    edition.reason = reason


def set_organisations(
    db: DbSession,
    edition_id: int,
    entries: Sequence[tuple[OrganisationPart, int]],
    *,
    revision: int,
    actor: Actor,
    now: datetime,
) -> Edition:
    """Exactly these stand behind the edition or its parent event, in this order."""
    edition = queries.locked_edition(db, edition_id, revision)
    wanted = list(dict.fromkeys(entries))
    if wanted == [(entry.part, entry.organisation_id) for entry in edition.organisations]:
        return edition
    edition.organisations.clear()
    db.flush()
    edition.organisations.extend(
        EditionOrganisation(organisation_id=organisation_id, part=part, position=position)
        for position, (part, organisation_id) in enumerate(wanted)
    )
    edition.revision += 1
    _saved(db, edition, "edition_organisations_set", actor=actor, now=now)
    return edition


def set_topics(
    db: DbSession, edition_id: int, topics: Sequence[Translated], *, revision: int, actor: Actor, now: datetime
) -> Edition:
    """Exactly these, in this order. One that was corrected or moved stays the same row: see `rules.continued`."""
    edition = queries.locked_edition(db, edition_id, revision)
    before = list(edition.topics)
    if list(topics) == [topic.text for topic in before]:
        return edition
    kept = rules.continued([topic.text for topic in before], topics)
    for gone in set(range(len(before))) - set(kept):
        forget(db, "topic", before[gone].id)
    edition.topics = [
        Topic(position=position, text=text)
        if old is None
        else _corrected(db, edition, before[old], text, position, now)
        for position, (old, text) in enumerate(zip(kept, topics, strict=True))
    ]
    edition.revision += 1
    _saved(db, edition, "edition_topics_set", actor=actor, now=now)
    return edition


def _corrected(db: DbSession, edition: Edition, topic: Topic, text: Translated, position: int, now: datetime) -> Topic:
    house = edition.series.source_language
    note_change(db, "topic", topic.id, "text", topic.text, text, house=house, now=now)
    topic.position, topic.text = position, text
    return topic


def change_outcome(db: DbSession, outcome_id: int, text: Translated, *, actor: Actor, now: datetime) -> Outcome:
    """Its words alone; its sources stay."""
    outcome = db.get(Outcome, outcome_id, with_for_update=True, populate_existing=True)
    if outcome is None:
        raise NotFound
    edition = db.get_one(Edition, outcome.edition_id)
    house = edition.series.source_language
    note_change(db, "outcome", outcome.id, "text", outcome.text, text, house=house, now=now)
    if outcome.text != text:
        outcome.text = text
        _saved(db, edition, "edition_outcome_changed", actor=actor, now=now)
    return outcome


def _note_texts(db: DbSession, edition: Edition, facts: EditionFacts, now: datetime) -> None:
    house = edition.series.source_language
    for field, after in as_values(facts).items():
        if isinstance(after, Translated):
            ours = getattr(facts, rules.OUR_TRANSLATIONS[field]) if field in rules.OUR_TRANSLATIONS else ()
            before = getattr(edition, field)
            note_change(db, "edition", edition.id, field, before, after, house=house, now=now, translated=ours)


def create_series(
    db: DbSession,
    slug: str,
    facts: SeriesFacts,
    *,
    actor: Actor,
    now: datetime,
    uid: str | None = None,
    sources: Iterable[Source] = (),
) -> Series:
    series = Series(slug=slug, changed_at=now, **as_values(facts))
    if uid is not None:
        series.uid = uid
    series.citations = [SeriesSource(source=source, position=n) for n, source in enumerate(sources)]
    db.add(series)
    db.flush()
    _record_series(db, actor, "series_created", kind="series", subject_id=series.id, name=_named(facts.name), now=now)
    return series


def change_series(db: DbSession, facts: SeriesFacts, *, revision: int, actor: Actor, now: datetime) -> Series:
    """Raises `Stale` where somebody saved since that revision."""
    series = queries.locked_series(db, revision)
    changed = put(series, as_values(facts))
    if changed:
        series.revision += 1
        series.changed_at = now
        name = _named(series.name)
        _record_series(
            db, actor, "series_changed", kind="series", subject_id=series.id, name=name, now=now, fields=changed
        )
    return series


def create_source(db: DbSession, facts: SourceFacts, *, actor: Actor, now: datetime) -> Source:
    source = Source(**as_values(facts))
    db.add(source)
    db.flush()
    _record_series(db, actor, "source_created", kind="source", subject_id=source.id, name=facts.publisher, now=now)
    return source


def create_milestone(
    db: DbSession,
    facts: MilestoneFacts,
    *,
    people: Sequence[tuple[Person, Translated]] = (),
    sources: Iterable[Source] = (),
    actor: Actor,
    now: datetime,
) -> Milestone:
    """Its people become public with it, in the role they had then."""
    milestone = Milestone(series=queries.the_series(db), **as_values(facts))
    milestone.people = [
        MilestonePerson(person=person, role=role, position=position) for position, (person, role) in enumerate(people)
    ]
    milestone.citations = [MilestoneSource(source=source, position=n) for n, source in enumerate(sources)]
    db.add(milestone)
    db.flush()
    name = _named(facts.title)
    _record_series(db, actor, "milestone_created", kind="milestone", subject_id=milestone.id, name=name, now=now)
    return milestone


def cite(
    db: DbSession, edition: Edition, claim: Claim, sources: Iterable[Source], *, actor: Actor, now: datetime
) -> None:
    """More sources for a part of the edition's record, behind those it has."""
    cited = {citation.source_id for citation in edition.citations if citation.claim is claim}
    new = [source for source in sources if source.id not in cited]
    edition.citations.extend(
        EditionSource(source=source, claim=claim, position=position)
        for position, source in enumerate(new, start=len(edition.citations))
    )
    if new:
        db.flush()
        _saved(db, edition, "edition_cited", actor=actor, now=now, claim=claim, sources=[s.key for s in new])


def add_outcome(
    db: DbSession, edition: Edition, text: Translated, sources: Iterable[Source], *, actor: Actor, now: datetime
) -> Outcome:
    outcome = Outcome(position=len(edition.outcomes), text=text)
    outcome.citations = [OutcomeSource(source=source, position=n) for n, source in enumerate(sources)]
    edition.outcomes.append(outcome)
    db.flush()
    _saved(db, edition, "edition_outcome_added", actor=actor, now=now)
    return outcome


def _refuse(db: DbSession, facts: EditionFacts, *, edition: Edition | None = None) -> None:
    """Raises `Conflict`. Once announced, an edition keeps its slug: its addresses are out in the world.

    Under a lock on the series, so that what is free here is free when it is written.
    """
    queries.locked_series(db)
    own_id = edition.id if edition else None
    if refusal := rules.refused_days(facts):
        raise Conflict(refusal)
    if edition is not None and edition.was_announced and facts.slug != edition.slug:
        raise Conflict(Refusal.SLUG_IS_PUBLIC)
    if queries.slug_taken(db, facts.slug, other_than=own_id):
        raise Conflict(Refusal.SLUG_TAKEN)
    if facts.number is not None and queries.number_taken(db, facts.number, other_than=own_id):
        raise Conflict(Refusal.NUMBER_TAKEN)


def _saved(
    db: DbSession,
    edition: Edition,
    verb: str,
    *,
    actor: Actor,
    now: datetime,
    was_public: bool = False,
    **data: object,
) -> None:
    edition.changed_at = now
    edition.was_announced = edition.was_announced or edition.is_public
    db.flush()
    _record(db, edition, verb, actor=actor, now=now, **data)
    if not (edition.is_public or was_public):
        return
    freshness.touch(db, now)
    if edition.days:
        freshness.due(db, rules.over_at(edition.days, edition.zone), now=now)


def _record(db: DbSession, edition: Edition, verb: str, *, actor: Actor, now: datetime, **data: object) -> None:
    name = _named(edition.title)
    audit.record(
        db, actor, verb, kind="edition", subject_id=edition.id, edition_id=edition.id, now=now, name=name, **data
    )


def _record_series(db: DbSession, actor: Actor, verb: str, *, now: datetime, **data: object) -> None:
    audit.record(db, actor, verb, now=now, **data)  # type: ignore[arg-type]
    freshness.touch(db, now)


def _named(text: Translated) -> str:
    return text.best(Language.EN).text
