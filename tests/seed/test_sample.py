from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations, islice
from random import Random

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import Account
from app.agenda import queries as agenda
from app.agenda.findings import Problem, Severity, tally
from app.agenda.models import Session
from app.agenda.rules import SessionKind
from app.calendar.models import CalendarEvent
from app.database import DbSession
from app.editions.models import Edition
from app.editions.rules import State
from app.extensions import database
from app.mail.models import OutgoingMail
from app.people.models import Organisation, Person
from app.publishing import queries as publishing
from app.registrations.models import Category, Registration
from app.seed import sample_plan
from app.seed.loader import load
from app.seed.reading import HISTORY, read
from app.seed.sample import Wanted, make
from app.seed.sample_plan import DoesNotFit, Size
from app.seed.sample_words import words
from app.speakers import queries as speakers
from app.values.actor import COMMAND
from app.values.language import Language, Translated
from app.values.text import has_han
from tests.conftest import NOW
from tests.factories.editions import make_series

SMALL = Wanted("sample", Size(days=1, rooms=2, sessions=18, speakers=22), registrations=12, seats=10)


def made(db: DbSession, wanted: Wanted = SMALL) -> Edition:
    make_series(db)
    return make(db, wanted, actor=COMMAND, now=NOW)


def plan(size: Size, seed: str = "1") -> list[sample_plan.Item]:
    rng = Random(seed)
    people = list(islice(sample_plan.people(words(), rng), size.speakers))
    return sample_plan.agenda(size, people, words(), rng)


def facts(db: DbSession, edition: Edition) -> list[tuple[object, ...]]:
    """All that is drawn by lot."""
    sessions = [
        (
            s.uid,
            s.slug,
            s.title,
            s.starts_at,
            s.room and s.room.slug,
            [entry.speaker.person.name for entry in s.speakers],
        )
        for s in agenda.sessions_of(db, edition.id)
    ]
    cast = [
        (s.person.name, s.role, s.organisation and s.organisation.name) for s in speakers.speakers_of(db, edition.id)
    ]
    registered = db.execute(
        select(Registration.name, Registration.email, Registration.registered_at, Registration.seat)
    )
    return [(edition.uid,), *sessions, *cast, *(tuple(row) for row in registered)]


def test_it_is_published_open_for_registration_and_says_that_it_is_invented(db: DbSession) -> None:
    edition = made(db)
    release, category = publishing.current_release(db, edition.id), db.scalars(select(Category)).one()
    assert (edition.state, edition.is_sample) == (State.ANNOUNCED, True)
    assert edition.title == Translated(
        "Sample edition 2027, Haikou", "Musterausgabe 2027, Haikou", "2027年示例届次，海口"
    )
    assert release is not None
    assert release.number == 2
    assert category.opens_at < NOW < category.closes_at


def test_there_is_exactly_as_much_of_everything_as_was_wanted(db: DbSession) -> None:
    edition = made(db)
    seats = Counter(db.scalars(select(Registration.seat)))
    assert len(agenda.sessions_of(db, edition.id)) == 18
    assert len(agenda.rooms_of(db, edition.id)) == 2
    assert len(speakers.speakers_of(db, edition.id)) == 22
    assert seats == {"confirmed": 10, "waiting": 2}


def test_a_sample_mails_nobody(db: DbSession) -> None:
    made(db)
    addresses = db.scalars(select(Registration.email)).all()
    assert db.scalar(select(func.count()).select_from(OutgoingMail)) == 0
    assert len(addresses) == 12
    assert all(address.endswith(("@example.org", "@example.com", ".test")) for address in addresses)


def test_the_same_seed_gives_the_same_edition_and_another_another(db: DbSession) -> None:
    make_series(db)
    drawn = []
    for seed in (1, 1, 2):
        attempt = db.begin_nested()
        drawn.append(facts(db, make(db, replace(SMALL, seed=seed), actor=COMMAND, now=NOW)))
        attempt.rollback()
        db.expire_all()
    assert drawn[0] == drawn[1]
    assert drawn[0] != drawn[2]


def test_a_second_sample_beside_the_first_has_identifiers_of_its_own(db: DbSession) -> None:
    first, second = made(db), made(db, replace(SMALL, slug="another"))
    uids = db.scalars(select(Session.uid)).all()
    assert len(set(uids)) == 36
    assert first.uid != second.uid


def test_one_session_is_cancelled_and_one_moved_and_the_calendars_know(db: DbSession) -> None:
    made(db)
    changed = db.scalars(select(CalendarEvent).where(CalendarEvent.sequence > 0)).all()
    assert sorted((event.status.value, event.sequence) for event in changed) == [("CANCELLED", 1), ("CONFIRMED", 1)]


def test_nothing_in_it_is_impossible_and_a_few_things_are_left_to_do(db: DbSession) -> None:
    edition = made(db, Wanted("sample", Size(), registrations=0))
    found = agenda.draft_findings(db, edition, signed_up=500)
    counted = tally(found)
    assert counted[Severity.IMPOSSIBLE] == 0
    assert 0 < counted[Severity.SERIOUS] < 12
    assert 0 < counted[Severity.LOOK] < 40
    assert [finding.problem for finding in found if finding.waived] == [Problem.ROOM_SMALL_FOR_ALL]


def test_of_many_speakers_the_last_have_not_said_yes_and_are_not_public(db: DbSession) -> None:
    edition = made(db)
    states = Counter(speaker.state for speaker in speakers.speakers_of(db, edition.id))
    assert sum(number for state, number in states.items() if state.has_agreed) == 19
    assert states.total() == 22
    assert len(publishing.public_person_ids(db)) == 19


def test_an_edition_without_anything_is_possible(db: DbSession) -> None:
    edition = made(db, Wanted("empty", Size(days=1, rooms=1, sessions=0, speakers=0), registrations=0, seats=0))
    assert edition.is_public
    assert agenda.sessions_of(db, edition.id) == []


@pytest.mark.parametrize(
    "size", [Size(), Size(1, 1, 9, 5), Size(3, 5, 120, 60), Size(5, 12, 500, 600), Size(1, 3, 4, 1)]
)
def test_the_agenda_holds_what_it_should_with_nobody_and_no_room_in_two_sessions_at_once(size: Size) -> None:
    items = plan(size)
    assert len(items) == size.sessions
    for a, b in combinations(items, 2):
        if a.slot.day != b.slot.day or a.slot.ends <= b.slot.starts or b.slot.ends <= a.slot.starts:
            continue
        assert (a.for_all, b.for_all) == (False, False), (a, b)
        assert a.slot.room != b.slot.room
        assert not {person for person, _role in a.cast} & {person for person, _role in b.cast}


def test_everybody_speaks_and_every_title_is_used_once() -> None:
    items = plan(Size())
    titles = [item.topic.title.en for item in items if not item.topic.kind.is_pause]
    assert {person for item in items for person, _role in item.cast} == set(range(80))
    assert len(titles) == len(set(titles))


def test_more_sessions_than_there_is_room_for_are_refused() -> None:
    with pytest.raises(DoesNotFit, match="98"):
        plan(Size(sessions=99))


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (date(2027, 3, 1), date(2027, 9, 23)),
        (date(2027, 9, 2), date(2027, 9, 23)),
        (date(2027, 9, 3), date(2028, 9, 28)),
        (date(2027, 12, 31), date(2028, 9, 28)),
    ],
)
def test_it_is_held_in_the_next_september_that_leaves_time_to_register(today: date, first: date) -> None:
    assert sample_plan.begins(today) == first


def texts() -> Iterator[Translated]:
    vocabulary = words()
    for topic in vocabulary.topics:
        yield topic.title
        if topic.kind not in (SessionKind.BREAK, SessionKind.MEAL):
            yield topic.abstract
    yield from (track.name for track in vocabulary.tracks)
    yield from (place.name for place in vocabulary.places)
    yield from (employer.name for employer in vocabulary.employers)
    yield from (role[gender] for roles in vocabulary.roles.values() for role in roles for gender in "fm")
    yield from (text for texts in vocabulary.biographies.values() for text in texts)
    yield from vocabulary.remarks


def test_the_vocabulary_is_complete_in_three_languages() -> None:
    for text in texts():
        assert text.missing() == (), text
        assert has_han(text.zh), text
        assert not set("'\"") & set(text.en + text.de + text.zh), f"typewriter's quotes: {text}"


def test_there_are_at_least_seventy_titles_and_none_twice() -> None:
    titles = [topic.title for topic in words().topics]
    assert len(titles) >= 70
    for language in Language:
        assert len({title.exact(language) for title in titles}) == len(titles)


def test_no_invented_organisation_or_person_has_the_name_of_a_real_one() -> None:
    vocabulary = words()
    ours = {name for employer in vocabulary.employers for name in employer.name.as_dict().values()}
    real = {name for one in read(HISTORY / "organisations.toml")["organisation"] for name in one["name"].values()}
    names = [*vocabulary.names.first, *vocabulary.names.chinese, *vocabulary.names.german, *vocabulary.names.others]
    people = {name for one in names for name in (one.name.written, one.name.second) if name}
    known = {
        one[key] for one in read(HISTORY / "people.toml")["person"] for key in ("name", "second_name") if key in one
    }
    assert not ours & real
    assert not people & known


def test_the_command_makes_one_and_the_second_time_changes_nothing(app: Flask) -> None:
    small = [
        "sample",
        "--edition",
        "try-out",
        "--sessions",
        "8",
        "--speakers",
        "5",
        "--registrations",
        "3",
        "--seats",
        "2",
    ]
    runner = app.test_cli_runner()
    first = runner.invoke(args=small)
    before = _counted(app)
    second = runner.invoke(args=[*small, "--seed", "2"])
    assert (first.exit_code, second.exit_code) == (0, 0), first.output + second.output
    assert first.output == "Made try-out.\nhttp://forum.test/en/editions/try-out\n"
    assert second.output.startswith("There is an edition try-out already; nothing was changed.\n")
    assert _counted(app) == before


def _counted(app: Flask) -> dict[str, int]:
    with app.app_context():
        db = database.session()
        return {
            model.__tablename__: db.scalar(select(func.count()).select_from(model)) or 0
            for model in (Edition, Session, Person, Organisation, Registration)
        }


def test_without_a_slug_it_is_called_after_its_year(app: Flask) -> None:
    made = app.test_cli_runner().invoke(
        args=["sample", "--days", "1", "--rooms", "1", "--sessions", "3", "--speakers", "2", "--registrations", "0"]
    )
    assert made.output.splitlines()[0] == "Made sample-2027."


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--sessions", "1000"], "Only 98 sessions fit into these days and rooms."),
        (["--edition", "Not a slug"], "only small letters, digits and hyphens"),
        (["--days", "0"], "not in the range"),
    ],
)
def test_what_cannot_be_made_is_said(app: Flask, arguments: list[str], said: str) -> None:
    refused = app.test_cli_runner().invoke(args=["sample", *arguments])
    assert refused.exit_code != 0
    assert said in refused.output
    assert _counted(app)["edition"] == 0


def test_a_production_database_gets_none_unless_one_insists(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "ENV_NAME", "production")
    small = ["sample", "--sessions", "3", "--speakers", "2", "--registrations", "0"]
    refused, insisted = app.test_cli_runner().invoke(args=small), app.test_cli_runner().invoke(args=[*small, "--yes"])
    assert refused.exit_code == 1
    assert "This is a production database." in refused.output
    assert insisted.exit_code == 0, insisted.output


def test_prepare_makes_what_is_missing_and_prints_a_link_that_signs_in(app: Flask) -> None:
    runner = app.test_cli_runner()
    links = [runner.invoke(args=["prepare", "organiser@forum.test"]).output.splitlines()[-1] for _ in range(2)]
    with app.app_context():
        accounts = database.session.scalars(select(Account)).all()
        grants = [(grant.role.value, grant.edition_id) for account in accounts for grant in account.granted]
        series_there = load(database.session(), actor=COMMAND, now=NOW + timedelta(days=1)) == Counter()
    assert [link.startswith("http://forum.test/organise/link/") for link in links] == [True, True]
    assert links[0] != links[1]
    assert (len(accounts), grants, series_there) == (1, [("administrator", None)], True)
    assert (
        app.test_client().get(links[1].removeprefix("http://forum.test"), base_url="http://forum.test").status_code
        == 200
    )
