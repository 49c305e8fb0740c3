"""The public's agenda, session and speakers, as a reader sees them."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from app import freshness
from app.agenda import actions as agenda
from app.agenda.models import Session
from app.agenda.rules import SessionKind
from app.database import DbSession
from app.editions.models import Edition
from app.editions.rules import State
from app.extensions import database
from app.people import actions as people
from app.people.models import Person
from app.people.rules import Name, PersonFacts
from app.publishing import actions
from app.speakers.models import Speaker
from app.speakers.rules import Part, Scope
from app.values.actor import COMMAND
from app.values.language import Translated
from app.web.transaction import transaction
from tests.conftest import NOW
from tests.factories.editions import make_edition, make_source, make_step
from tests.factories.people import make_organisation, make_person
from tests.factories.publishing import (
    THURSDAY,
    make_published,
    plan_room,
    plan_session,
    plan_track,
    publish,
    replan,
    session_facts,
)
from tests.factories.speakers import make_speaker

AGENDA = "/en/editions/2027-haikou/agenda"
TALK = f"{AGENDA}/sodium-ion-where-it-pays"


@pytest.fixture
def given(app: Flask) -> Callable[[Callable[[DbSession], Any]], Any]:
    """Something done and committed, before or between requests."""

    def do(what: Callable[[DbSession], Any]) -> Any:
        with app.app_context(), transaction() as db:
            done = what(db)
        app.extensions["shelf"].forget()
        return done

    return do


def text(client: FlaskClient, address: str) -> str:
    """The page in one line without its tags, so that a sentence can be read in it."""
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    main = answer.get_data(as_text=True).split("<main", 1)[1].split("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def markup(client: FlaskClient, address: str) -> str:
    return " ".join(client.get(address).get_data(as_text=True).split())


def test_every_time_is_the_venues_with_home_beside_it(client: FlaskClient, given: Any) -> None:
    given(make_published)

    page = markup(client, AGENDA)

    assert '<time datetime="2027-09-23T09:00+08:00">09:00</time> Haikou' in page
    assert '<time datetime="2027-09-23T03:00+02:00">03:00</time> Berlin' in page
    assert "</time> Beijing" not in page  # the same clock as Haikou's


def test_a_session_that_moved_says_where_and_when_it_was_until_the_next_release(
    client: FlaskClient, given: Any
) -> None:
    def move(db: DbSession) -> None:
        session = db.scalars(select(Session)).one()
        room = plan_room(db, session.edition, "Harbour Room")
        replan(db, session, session_facts("Sodium-ion: where it pays", "11:00", "11:45", room_id=room.id))
        publish(db, session.edition)

    def add(db: DbSession) -> None:
        edition = db.scalars(select(Edition)).one()
        plan_session(db, edition, "Another", "15:00", "15:30")
        publish(db, edition)

    given(make_published)
    assert "Moved" not in text(client, AGENDA)
    given(move)
    assert "Moved Sodium-ion: where it pays" in text(client, AGENDA)
    assert "Was 09:00, Coral Room" in text(client, AGENDA)
    assert "Moved It was at 09:00 to 09:45, in this room: Coral Room." in text(client, TALK)
    given(add)
    assert "Moved" not in text(client, AGENDA) + text(client, TALK)


def test_a_cancelled_session_stays_and_says_why(client: FlaskClient, given: Any) -> None:
    def cancel(db: DbSession) -> None:
        session = db.scalars(select(Session)).one()
        agenda.cancel_session(db, session.id, Translated("The speaker cannot travel."), actor=COMMAND, now=NOW)

    given(make_published)
    given(cancel)
    assert "Cancelled" not in text(client, AGENDA)  # not released yet
    given(lambda db: publish(db, db.scalars(select(Edition)).one()))

    assert "Cancelled Sodium-ion: where it pays" in text(client, AGENDA)
    assert "Cancelled This session will not take place." in text(client, TALK)
    assert "The speaker cannot travel." in text(client, TALK)
    assert "Add this session once" not in text(client, TALK)


def test_a_new_name_is_on_the_pages_without_a_release(client: FlaskClient, given: Any) -> None:
    def rename(db: DbSession) -> None:
        person = db.scalars(select(Person)).one()
        facts = PersonFacts(Name("Anna Köhler", "Köhler"))
        people.change_person(db, person.id, facts, revision=person.revision, actor=COMMAND, now=NOW)
        actions.renew_person(db, person.id, now=NOW)

    def plan(db: DbSession) -> None:
        edition = make_edition(db, state=State.ANNOUNCED)
        plan_session(db, edition, speakers=[make_speaker(db, edition)])
        publish(db, edition)

    given(plan)
    given(rename)

    for page in (AGENDA, TALK, "/en/editions/2027-haikou/speakers"):
        assert "Anna Köhler" in text(client, page)
        assert "Anna Schmidt" not in text(client, page)


def test_roles_are_as_released_until_the_next_release(client: FlaskClient, given: Any) -> None:
    def plan(db: DbSession) -> None:
        edition = make_edition(db, state=State.ANNOUNCED)
        institute = make_organisation(db)
        make_speaker(db, edition, role=Translated("Director"), organisation_id=institute.id)
        publish(db, edition)

    def promote(db: DbSession) -> None:
        db.scalars(select(Speaker)).one().role = Translated("President")
        freshness.touch(db, NOW)

    given(plan)
    given(promote)

    assert "Director, Institute of Batteries" in text(client, "/en/editions/2027-haikou/speakers")


def test_whoever_spoke_at_the_congress_is_never_among_the_forums_speakers(client: FlaskClient, given: Any) -> None:
    def plan(db: DbSession) -> None:
        edition = make_edition(db, state=State.ANNOUNCED)
        source = make_source(db)
        make_speaker(db, edition, make_person(db, "Wan Gang", second="万钢"), source_ids=(source.id,))
        make_speaker(db, edition, make_person(db, "Herbert Diess"), scope=Scope.CONGRESS)
        make_speaker(db, edition, make_person(db, "Carl Present"), part=Part.ATTENDEE)
        publish(db, edition)

    given(plan)
    page = text(client, "/en/editions/2027-haikou/speakers")

    at = [page.index(words) for words in (
        "1 person", "At the forum", "Wan Gang", "万钢", "Named as present", "Carl Present", "At the parent congress",
        "Not known to have been part of the forum", "Herbert Diess", "Sources", "Xinhua",
    )]  # fmt: skip
    assert at == sorted(at)


def test_speakers_stand_in_the_order_of_the_language(client: FlaskClient, given: Any) -> None:
    def plan(db: DbSession) -> None:
        edition = make_edition(db, state=State.ANNOUNCED)
        make_speaker(db, edition, make_person(db, "Zoe Lang", "Lang", second="安兰", second_family="安"))
        make_speaker(db, edition, make_person(db, "Bo Braun"))
        publish(db, edition)

    given(plan)
    english, chinese = (text(client, f"/{lang}/editions/2027-haikou/speakers") for lang in ("en", "zh"))

    assert english.index("Bo Braun") < english.index("Zoe Lang 安兰")
    assert chinese.index("安兰 Zoe Lang") < chinese.index("Bo Braun")


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("", ["Anode", "Break", "Cathode"]),
        ("?track=batteries", ["Anode"]),
        ("?room=coral-room", ["Cathode"]),
        ("?language=de", ["Cathode"]),
        ("?q=schmidt", ["Anode"]),
        ("?q=cathode", ["Cathode"]),
        ("?track=batteries&room=coral-room", []),
        ("?track=nonsense&room=&language=xx&day=yesterday", ["Anode", "Break", "Cathode"]),
    ],
)
def test_filters_narrow_the_day_and_what_is_unknown_is_ignored(
    client: FlaskClient, given: Any, asked: str, shown: list[str]
) -> None:
    def plan(db: DbSession) -> None:
        edition = make_edition(db, state=State.ANNOUNCED)
        track, room = plan_track(db, edition), plan_room(db, edition)
        plan_session(db, edition, "Anode", track_id=track.id, for_all=True, speakers=[make_speaker(db, edition)])
        plan_session(db, edition, "Break", "10:00", "10:30", kind=SessionKind.BREAK, for_all=True)
        plan_session(db, edition, "Cathode", "11:00", "12:00", room_id=room.id, interpretation=("de",))
        publish(db, edition)

    given(plan)

    page = text(client, AGENDA + asked)
    assert [name for name in ("Anode", "Break", "Cathode") if name in page] == shown
    assert ("Nothing on this day fits your choice" in page) is (not shown)


def test_now_and_next_are_marked_as_of_the_last_change(client: FlaskClient, given: Any) -> None:
    def plan(db: DbSession) -> None:
        edition = make_edition(db, state=State.ANNOUNCED)
        plan_session(db, edition, "First", "09:00", "10:00")
        plan_session(db, edition, "Second", "10:00", "11:00")
        publish(db, edition)

    given(plan)
    assert "Now, until" not in text(client, AGENDA)
    given(lambda db: freshness.renew(db, datetime(2027, 9, 23, 1, 30, tzinfo=UTC)))

    page = text(client, AGENDA)
    assert "Now, until 10:00 First" in page
    assert "Next Second" in page


def test_more_than_six_rooms_are_a_list(client: FlaskClient, given: Any) -> None:
    def plan(db: DbSession) -> None:
        edition = make_edition(db, state=State.ANNOUNCED)
        for n in range(7):
            plan_session(db, edition, f"Talk {n}", room_id=plan_room(db, edition, f"Room {n}").id)
        publish(db, edition)

    given(plan)
    page = markup(client, AGENDA)

    assert 'data-rooms="7"' in page
    assert "room-heads" not in page


def test_an_empty_agenda_says_what_to_expect(client: FlaskClient, given: Any) -> None:
    given(lambda db: make_edition(db, state=State.ANNOUNCED))

    assert "The agenda is not published yet" in text(client, AGENDA)
    assert "No speakers are published yet" in text(client, "/en/editions/2027-haikou/speakers")


def test_a_past_session_without_a_clock_time_shows_its_day_and_its_sources(client: FlaskClient, given: Any) -> None:
    def record(db: DbSession) -> None:
        edition = make_edition(db, state=State.HELD)
        source = make_source(db)
        facts = session_facts(
            Translated("Address", zh="致辞"), None, None, part_of_day="morning", title_translated=("en",)
        )  # fmt: skip
        agenda.create_session(db, edition.id, facts, actor=COMMAND, now=NOW, source_ids=(source.id,))
        publish(db, edition)

    given(record)
    listed, page = text(client, AGENDA), text(client, f"{AGENDA}/address")

    assert "Thursday 23 September Clock times are not recorded. Address Morning, Talk" in listed
    assert "23 September 2027 Haikou, Morning" in page
    assert "The title in this language is our translation." in page
    assert "Xinhua , 24 September 2027" in page
    assert not re.search(r"\d\d:\d\d", listed + page)


def test_neighbours_in_the_room_lead_on(client: FlaskClient, given: Any) -> None:
    def plan(db: DbSession) -> None:
        edition = make_edition(db, state=State.ANNOUNCED)
        room = plan_room(db, edition).id
        for title, start, end in (("One", "09:00", "10:00"), ("Two", "10:00", "11:00"), ("Three", "11:00", "12:00")):
            plan_session(db, edition, title, start, end, room_id=room)
        publish(db, edition)

    given(plan)

    page = text(client, f"{AGENDA}/two")
    assert "Before, Coral Room One" in page
    assert "After, Coral Room Three" in page


@pytest.mark.parametrize("lang", ["en", "de", "zh"])
def test_every_page_is_there_in_every_language(client: FlaskClient, given: Any, lang: str) -> None:
    given(lambda db: make_published(db))
    title = {"en": "Sodium-ion: where it pays", "de": "pays (de)", "zh": "pays（中）"}[lang]

    for page in ("agenda", "agenda/sodium-ion-where-it-pays"):
        assert title in text(client, f"/{lang}/editions/2027-haikou/{page}")


def test_a_missing_translation_falls_back_and_is_marked(client: FlaskClient, given: Any) -> None:
    def plan(db: DbSession) -> None:
        edition = make_edition(db, state=State.ANNOUNCED)
        plan_session(db, edition, Translated("Only in English"))
        publish(db, edition)

    given(plan)

    assert '<span lang="en">Only in English</span>' in markup(client, "/zh/editions/2027-haikou/agenda")


def test_a_cancelled_edition_keeps_its_agenda_and_says_so(client: FlaskClient, given: Any) -> None:
    def cancel(db: DbSession) -> None:
        edition = db.scalars(select(Edition)).one()
        make_step(db, edition, State.CANCELLED)
        actions.renew(db, edition.id, now=NOW)

    given(make_published)
    given(cancel)

    assert "Cancelled This edition will not take place. The venue burnt down." in text(client, AGENDA)


@pytest.mark.parametrize("page", ["agenda", "agenda/sodium-ion-where-it-pays", "speakers"])
def test_an_edition_in_draft_has_no_pages_even_when_published(client: FlaskClient, given: Any, page: str) -> None:
    given(lambda db: make_published(db, state=State.DRAFT))

    assert client.get(f"/en/editions/2027-haikou/{page}").status_code == 404


def test_arguments_that_name_parts_of_the_address_do_no_harm(client: FlaskClient, given: Any) -> None:
    given(make_published)

    for query in ("lang=x", "edition=x", "_scheme=javascript", "endpoint=x", "_external=1", "day=%00"):
        page = client.get(f"{AGENDA}?{query}")
        assert page.status_code == 200
        assert "javascript:" not in page.get_data(as_text=True)


def test_a_sample_says_that_it_is_invented(client: FlaskClient, given: Any) -> None:
    given(lambda db: make_published(db, is_sample=True))

    for page in (AGENDA, TALK, "/en/editions/2027-haikou/speakers"):
        assert 'class="sample-line"' in markup(client, page)


def test_three_sessions_or_thirty_cost_the_same_queries(app: Flask, client: FlaskClient, given: Any) -> None:
    def plan(slug: str, count: int) -> Callable[[DbSession], None]:
        def do(db: DbSession) -> None:
            edition = make_edition(db, slug=slug, year=2027, state=State.ANNOUNCED)
            source, room = make_source(db, key=slug), plan_room(db, edition)
            for n in range(count):
                speaker = make_speaker(
                    db, edition, make_person(db, f"Anna {slug} {n}"), organisation_id=make_organisation(db, f"{slug} {n}").id,
                    source_ids=(source.id,),
                )  # fmt: skip
                clock = 6 * 60 + n * 20
                start, end = f"{clock // 60:02}:{clock % 60:02}", f"{(clock + 20) // 60:02}:{(clock + 20) % 60:02}"
                plan_session(db, edition, f"Talk {n}", start, end, room_id=room.id, speakers=[speaker])
            publish(db, edition)

        return do

    given(plan("2027-few", 3))
    given(plan("2027-many", 30))

    client.get("/en/editions/2027-few/agenda")  # the first request of all also asks for the stamp
    for page in ("agenda?zone=none", "agenda/talk-1", "speakers"):
        counts = []
        for slug in ("2027-few", "2027-many"):
            with queries(app) as seen:
                assert client.get(f"/en/editions/{slug}/{page}").status_code == 200
            counts.append(len(seen))
        assert counts[0] == counts[1] <= 14, page


@contextmanager
def queries(app: Flask) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    with app.app_context():
        engine = database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_the_second_day_is_behind_its_tab(client: FlaskClient, given: Any) -> None:
    def plan(db: DbSession) -> None:
        edition = make_edition(db, state=State.ANNOUNCED)
        plan_session(db, edition, "On Thursday", day=THURSDAY)
        plan_session(db, edition, "On Friday", day=date(2027, 9, 24))
        publish(db, edition)

    given(plan)

    assert "On Friday" not in text(client, AGENDA)
    assert "On Friday" in text(client, f"{AGENDA}?day=2027-09-24")
    assert "There is on another day: Friday 24 September (1)" in text(client, f"{AGENDA}?q=Friday")
