from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from app.audit import queries as audit
from app.database import DbSession
from app.editions import actions, queries
from app.editions.rules import OrganisationPart, Refusal, State
from app.errors import Conflict, NotFound, Stale
from app.freshness import PublicDue, PublicStamp
from app.values.actor import COMMAND
from app.values.language import Translated
from app.values.time import DatePrecision
from tests.conftest import NOW
from tests.factories.editions import edition_facts, make_edition, make_series, make_source, make_step
from tests.factories.people import make_organisation


def code(refused: pytest.ExceptionInfo[Conflict]) -> str:
    return refused.value.code


def stamp(db: DbSession) -> int:
    found = db.get(PublicStamp, 1)
    return found.number if found else 0


def test_a_new_edition_is_a_draft_that_nobody_outside_knows(db: DbSession) -> None:
    make_series(db)
    before = stamp(db)
    edition = make_edition(db)

    assert (edition.state, edition.is_public, stamp(db)) == (State.DRAFT, False, before)
    assert queries.edition_by_slug(db, "2027-haikou") is edition
    with pytest.raises(NotFound):
        queries.public_edition(db, "2027-haikou")


def test_from_its_announcement_on_it_is_public_and_so_is_every_change(db: DbSession) -> None:
    edition = make_edition(db, state=State.ANNOUNCED)
    assert queries.public_edition(db, "2027-haikou") is edition

    before = stamp(db)
    facts = edition_facts(city=Translated("Sanya"))
    actions.change_edition(db, edition.id, facts, revision=1, actor=COMMAND, now=NOW)
    assert (edition.city, edition.revision, stamp(db)) == (Translated("Sanya"), 2, before + 1)


def test_a_draft_changes_without_the_public_noticing(db: DbSession) -> None:
    edition = make_edition(db)
    before = stamp(db)
    actions.change_edition(db, edition.id, edition_facts(year=2028), revision=1, actor=COMMAND, now=NOW)
    assert (edition.year, stamp(db)) == (2028, before)


def test_the_second_of_two_organisers_is_told(db: DbSession) -> None:
    edition = make_edition(db)
    actions.change_edition(db, edition.id, edition_facts(year=2028), revision=1, actor=COMMAND, now=NOW)
    with pytest.raises(Stale):
        actions.change_edition(db, edition.id, edition_facts(year=2029), revision=1, actor=COMMAND, now=NOW)
    assert edition.year == 2028


def test_the_address_stays_once_it_was_public_even_back_in_draft(db: DbSession) -> None:
    edition = make_edition(db)
    actions.change_edition(db, edition.id, edition_facts(slug="2027-sanya"), revision=1, actor=COMMAND, now=NOW)
    make_step(db, edition, State.ANNOUNCED)
    make_step(db, edition, State.DRAFT)
    with pytest.raises(Conflict) as refused:
        actions.change_edition(db, edition.id, edition_facts(slug="2027-haikou"), revision=2, actor=COMMAND, now=NOW)
    assert code(refused) == Refusal.SLUG_IS_PUBLIC


@pytest.mark.parametrize(
    ("overrides", "refusal"),
    [
        ({"slug": "2027-haikou"}, Refusal.SLUG_TAKEN),
        ({"slug": "2029", "number": 4}, Refusal.NUMBER_TAKEN),
        ({"slug": "2029", "ends_on": None}, Refusal.DAYS_OUT_OF_ORDER),
    ],
)
def test_what_is_taken_or_contradicts_itself_is_refused(
    db: DbSession, overrides: dict[str, object], refusal: Refusal
) -> None:
    make_edition(db, number=4)
    with pytest.raises(Conflict) as refused:
        actions.create_edition(db, edition_facts(**overrides), actor=COMMAND, now=NOW)
    assert code(refused) == refusal


def test_cancelling_needs_a_reason_and_can_be_taken_back(db: DbSession) -> None:
    edition = make_edition(db, state=State.HELD)
    with pytest.raises(Conflict) as refused:
        actions.step(db, edition.id, State.CANCELLED, actor=COMMAND, now=NOW)
    assert code(refused) == Refusal.REASON_MISSING

    make_step(db, edition, State.CANCELLED)
    assert (edition.state_before, edition.reason.en, edition.is_public) == (State.HELD, "The venue burnt down.", True)
    make_step(db, edition, State.HELD)
    assert (edition.state_before, edition.reason) == (None, Translated())


def test_a_draft_that_is_cancelled_was_never_public(db: DbSession) -> None:
    edition = make_edition(db)
    make_step(db, edition, State.CANCELLED)
    assert queries.public_editions(db) == []


def test_a_step_that_is_no_step_is_refused(db: DbSession) -> None:
    edition = make_edition(db)
    with pytest.raises(Conflict) as refused:
        actions.step(db, edition.id, State.ARCHIVED, actor=COMMAND, now=NOW)
    assert code(refused) == Refusal.STEP_NOT_POSSIBLE


def test_going_back_to_draft_is_seen_by_the_public_at_once(db: DbSession) -> None:
    edition = make_edition(db, state=State.ANNOUNCED)
    before = stamp(db)
    make_step(db, edition, State.DRAFT)
    assert (edition.is_public, stamp(db)) == (False, before + 1)
    entry = audit.last_of(db, "edition", edition.id)
    assert entry is not None
    assert (entry.verb, entry.data["before"], entry.data["to"]) == ("edition_stepped", "announced", "draft")


def test_postponed_is_announced_without_days_until_there_are_new_ones(db: DbSession) -> None:
    edition = make_edition(db, state=State.ANNOUNCED)
    actions.postpone(db, edition.id, reason=Translated("Typhoon"), revision=1, actor=COMMAND, now=NOW)
    assert (edition.postponed, edition.days, edition.is_public) == (True, None, True)

    new_days = edition_facts(starts_on=date(2027, 11, 2), ends_on=date(2027, 11, 3))
    actions.change_edition(db, edition.id, new_days, revision=2, actor=COMMAND, now=NOW)
    assert (edition.postponed, edition.reason) == (False, Translated())


def test_only_what_is_announced_can_be_postponed_and_only_with_a_reason(db: DbSession) -> None:
    edition = make_edition(db)
    with pytest.raises(Conflict) as refused:
        actions.postpone(db, edition.id, reason=Translated("Typhoon"), revision=1, actor=COMMAND, now=NOW)
    assert code(refused) == Refusal.ONLY_ANNOUNCED_POSTPONED
    make_step(db, edition, State.ANNOUNCED)
    with pytest.raises(Conflict) as refused:
        actions.postpone(db, edition.id, reason=Translated(), revision=1, actor=COMMAND, now=NOW)
    assert code(refused) == Refusal.REASON_MISSING


def test_the_next_edition_is_the_first_announced_that_is_not_over(db: DbSession) -> None:
    assert queries.next_edition(db, NOW) is None
    make_edition(db, slug="a-draft", starts_on=date(2027, 4, 1), ends_on=date(2027, 4, 1))
    unknown = make_edition(
        db, slug="some-day", state=State.ANNOUNCED, date_precision=DatePrecision.YEAR, starts_on=None, ends_on=None
    )
    assert queries.next_edition(db, NOW) is unknown
    make_edition(db, slug="over", state=State.ANNOUNCED, starts_on=date(2027, 2, 1), ends_on=date(2027, 2, 1))
    soon = make_edition(db, slug="soon", state=State.ANNOUNCED)
    assert queries.next_edition(db, NOW) is soon


def test_the_worker_is_asked_to_renew_the_pages_when_the_edition_is_over(db: DbSession) -> None:
    make_edition(db, state=State.ANNOUNCED)
    assert db.scalars(select(PublicDue.at)).all() == [datetime(2027, 9, 24, 16, 0, tzinfo=UTC)]


def test_public_editions_come_newest_first(db: DbSession) -> None:
    for slug, day in (("b", date(2022, 1, 5)), ("c", date(2025, 9, 27)), ("a", date(2020, 9, 28))):
        make_edition(db, slug=slug, state=State.ARCHIVED, starts_on=day, ends_on=day)
    make_edition(db, slug="draft")
    assert [edition.slug for edition in queries.public_editions(db)] == ["c", "b", "a"]
    assert [edition.slug for edition in queries.editions(db)] == ["draft", "c", "b", "a"]


def test_organisations_stand_behind_an_edition_in_the_order_given(db: DbSession) -> None:
    edition = make_edition(db, state=State.ANNOUNCED)
    vda, csae = make_organisation(db, "VDA"), make_organisation(db, "CSAE")
    entries = [(OrganisationPart.HOST, csae.id), (OrganisationPart.HOST, vda.id), (OrganisationPart.PARTNER, vda.id)]

    actions.set_organisations(db, edition.id, entries, revision=1, actor=COMMAND, now=NOW)
    db.expire(edition, ["organisations"])
    assert edition.organisations_as(OrganisationPart.HOST) == [csae, vda]
    assert edition.organisations_as(OrganisationPart.PARTNER) == [vda]

    actions.set_organisations(db, edition.id, entries[1:2] + entries[:1], revision=2, actor=COMMAND, now=NOW)
    db.expire(edition, ["organisations"])
    assert edition.organisations_as(OrganisationPart.HOST) == [vda, csae]
    assert edition.organisations_as(OrganisationPart.PARTNER) == []
    assert edition.revision == 3


def test_an_outcome_keeps_its_sources_in_order(db: DbSession) -> None:
    edition = make_edition(db)
    sources = [make_source(db, "b"), make_source(db, "a")]
    outcome = actions.add_outcome(db, edition, Translated("A report"), sources, actor=COMMAND, now=NOW)
    db.expire(outcome)
    assert [source.key for source in outcome.sources] == ["b", "a"]


def test_the_series_has_texts_that_two_may_edit(db: DbSession) -> None:
    series = make_series(db)
    facts = queries.series_facts(series)
    actions.change_series(db, facts, revision=1, actor=COMMAND, now=NOW)
    assert series.revision == 1

    changed = type(facts)(name=Translated("Another"))
    actions.change_series(db, changed, revision=1, actor=COMMAND, now=NOW)
    assert (series.name.en, series.revision) == ("Another", 2)
    with pytest.raises(Stale):
        actions.change_series(db, facts, revision=1, actor=COMMAND, now=NOW)
