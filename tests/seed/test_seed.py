from sqlalchemy import func, select

from app.agenda.models import Session
from app.audit.models import AuditEntry
from app.database import Base, DbSession
from app.editions import actions as editions
from app.editions import queries
from app.editions.models import Edition, Milestone, Series
from app.editions.rules import Claim, Kind, OrganisationPart, State
from app.freshness import PublicStamp
from app.people import actions as people
from app.people import queries as found_people
from app.people.rules import Name, PersonFacts
from app.publishing import queries as publishing
from app.publishing.models import Release
from app.seed.loader import load
from app.speakers.models import Speaker
from app.speakers.rules import Part, Scope
from app.values.actor import COMMAND
from app.values.time import DatePrecision
from tests.conftest import NOW


def edition(db: DbSession, slug: str) -> Edition:
    return queries.public_edition(db, slug)


def counts(db: DbSession) -> dict[str, int]:
    return {
        table.name: db.scalar(select(func.count()).select_from(table)) or 0 for table in Base.metadata.sorted_tables
    }


def test_the_history_of_the_forum_is_loaded(db: DbSession) -> None:
    created = load(db, actor=COMMAND, now=NOW)
    assert created == {
        "sources": 47, "organisations": 36, "people": 34, "series": 1, "milestones": 4, "sessions": 11, "editions": 6,
            "ranks": 12,
    }  # fmt: skip
    found = [(e.slug, e.kind, e.number, e.state) for e in queries.public_editions(db)]
    assert found == [
        ("2025-haikou", Kind.FORUM, None, State.ARCHIVED),
        ("2025-munich", Kind.CONGRESS_SESSION, None, State.ARCHIVED),
        ("2023-munich", Kind.CONGRESS, None, State.ARCHIVED),
        ("2022-beijing", Kind.FORUM, 3, State.ARCHIVED),
        ("2021-haikou", Kind.FORUM, 2, State.ARCHIVED),
        ("2020-haikou", Kind.FORUM, 1, State.ARCHIVED),
    ]


def test_loading_it_again_changes_nothing(db: DbSession) -> None:
    load(db, actor=COMMAND, now=NOW)
    before, stamp = counts(db), db.get_one(PublicStamp, 1).number
    assert load(db, actor=COMMAND, now=NOW) == {}
    assert counts(db) == before
    assert db.get_one(PublicStamp, 1).number == stamp


def test_what_people_changed_or_removed_since_stays_as_they_left_it(db: DbSession) -> None:
    load(db, actor=COMMAND, now=NOW)
    person = found_people.person_by_slug(db, "william-li")
    assert person is not None
    facts = PersonFacts(Name("李斌", "李", "William Li", "Li"), "CN")
    people.change_person(db, person.id, facts, revision=1, actor=COMMAND, now=NOW)
    forum = edition(db, "2025-haikou")
    editions.set_topics(db, forum.id, [], revision=forum.revision, actor=COMMAND, now=NOW)

    assert load(db, actor=COMMAND, now=NOW) == {}
    assert (person.name, forum.topics) == ("李斌", [])


def test_what_is_missing_is_created_again(db: DbSession) -> None:
    load(db, actor=COMMAND, now=NOW)
    milestone = queries.milestone_by_key(db, "vda-china-2014")
    assert milestone is not None
    for citation in milestone.citations:
        db.delete(citation)
    db.delete(milestone)
    db.flush()
    assert load(db, actor=COMMAND, now=NOW) == {"milestones": 1}


def test_two_installations_give_the_past_the_same_uids(db: DbSession) -> None:
    load(db, actor=COMMAND, now=NOW)
    assert db.scalar(select(Series.uid)) == "3dc62189-7d07-5de2-ba0f-34f1b0fbbd00"
    assert edition(db, "2020-haikou").uid == "afad8d9d-90e8-580f-921d-47bf4282bba7"
    uid = db.scalar(select(Session.uid).where(Session.slug == "review-and-outlook"))
    assert uid == "316d10a2-3117-5759-a176-90312560840d"


def test_unknown_days_stay_unknown(db: DbSession) -> None:
    load(db, actor=COMMAND, now=NOW)
    for slug in ("2021-haikou", "2022-beijing"):
        found = edition(db, slug)
        assert (found.date_precision, found.own_days) == (DatePrecision.PARENT_EVENT, None)
        assert found.parent_days is not None
    year_only = db.scalar(select(Milestone).where(Milestone.key == "vda-china-2014"))
    assert year_only is not None
    assert year_only.days is None


def test_no_session_of_the_past_has_a_time_or_a_room(db: DbSession) -> None:
    load(db, actor=COMMAND, now=NOW)
    assert db.scalars(select(Session).where(Session.starts_at.is_not(None) | Session.room_id.is_not(None))).all() == []


def test_every_edition_has_one_release_with_its_sessions_and_people(db: DbSession) -> None:
    load(db, actor=COMMAND, now=NOW)
    assert [release.number for release in db.scalars(select(Release))] == [1] * 6
    content = publishing.current_content(db, edition(db, "2023-munich").id)
    assert content is not None
    assert [session.slug for session in content.sessions] == ["opening", "government-address", "company-addresses"]
    assert (len(content.speakers), {speaker.scope for speaker in content.speakers}) == (12, {Scope.CONGRESS})


def test_who_speaks_in_a_session_of_the_forum_does_so_at_the_forum(db: DbSession) -> None:
    load(db, actor=COMMAND, now=NOW)
    content = publishing.current_content(db, edition(db, "2020-haikou").id)
    assert content is not None
    (session,) = [session for session in content.sessions if session.speakers]
    speaker = content.speaker(session.speakers[0].speaker_id)
    assert speaker is not None
    assert (speaker.scope, speaker.part) == (Scope.FORUM, Part.SPEAKER)


def test_a_role_belongs_to_a_person_at_an_edition(db: DbSession) -> None:
    load(db, actor=COMMAND, now=NOW)
    person = found_people.person_by_slug(db, "holger-klein")
    assert person is not None
    roles = {s.edition.slug: s.role.en for s in db.scalars(select(Speaker).where(Speaker.person_id == person.id))}
    assert roles == {"2021-haikou": "Member of the Board of Management", "2023-munich": "Chief Executive Officer"}


def test_an_international_organisation_has_no_country(db: DbSession) -> None:
    load(db, actor=COMMAND, now=NOW)
    unido = found_people.organisation_by_slug(db, "unido")
    assert unido is not None
    assert (unido.international, unido.country) == (True, None)
    assert db.scalars(select(Speaker.country).where(Speaker.organisation_id == unido.id)).all() == [None]


def test_everything_is_sourced(db: DbSession) -> None:
    load(db, actor=COMMAND, now=NOW)
    for found in queries.public_editions(db):
        assert found.sources_for(Claim.EDITION), found.slug
    assert all(speaker.sources for speaker in db.scalars(select(Speaker)))
    assert all(session.sources for session in db.scalars(select(Session)))
    assert all(milestone.sources for milestone in queries.milestones(db))


def test_the_hosts_of_the_congress_are_not_the_hosts_of_the_forum(db: DbSession) -> None:
    load(db, actor=COMMAND, now=NOW)
    found = edition(db, "2022-beijing")
    assert found.organisations_as(OrganisationPart.HOST) == []
    assert len(found.organisations_as(OrganisationPart.PARENT_HOST)) == 10
    assert [o.slug for o in found.organisations_as(OrganisationPart.PARENT_ORGANISER)] == ["csae"]


def test_the_command_line_is_noted_as_the_one_who_did_it(db: DbSession) -> None:
    load(db, actor=COMMAND, now=NOW)
    assert set(db.scalars(select(AuditEntry.actor_name))) == {"command line"}
