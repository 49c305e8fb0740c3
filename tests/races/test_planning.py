"""Two organisers, or one with a double click, add the same thing at once: nobody meets a broken page."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from queue import SimpleQueue
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from app.agenda import actions
from app.agenda import queries as agenda
from app.agenda.models import Session
from app.agenda.rules import SessionKind
from app.database import DbSession
from app.editions import actions as editions
from app.editions import queries
from app.editions.models import Edition
from app.errors import Conflict, NotFound
from app.extensions import database
from app.people.models import Organisation, Person
from app.values.actor import COMMAND, Role
from app.web.transaction import transaction
from tests.conftest import NOW
from tests.factories.accounts import make_account, sign_in
from tests.factories.agenda import make_room, make_session
from tests.factories.editions import make_edition
from tests.factories.people import make_organisation, make_person
from tests.factories.publishing import plan_room, plan_session, plan_track
from tests.factories.speakers import make_speaker

THREADS = 6


def at_once(app: Flask, add: Callable[[DbSession], str]) -> list[str]:
    """What each of some threads was told: the slug of what it added, or the code of the refusal."""
    start = Barrier(THREADS)

    def one(_n: int) -> str:
        with app.app_context():
            start.wait()
            try:
                with transaction() as db:
                    return add(db)
            except Conflict as refused:
                return refused.code

    with ThreadPoolExecutor(THREADS) as threads:
        return sorted(threads.map(one, range(THREADS)))


def haikou(db: DbSession) -> Edition:
    return db.scalars(select(Edition)).one()


@pytest.mark.parametrize(
    ("add", "slug"),
    [
        (lambda db: make_person(db, "Wan Gang").slug, "wan-gang"),
        (lambda db: make_organisation(db, "Institute").slug, "institute"),
        (lambda db: plan_session(db, haikou(db), "Coffee", kind=SessionKind.BREAK).slug, "coffee"),
    ],
    ids=["person", "organisation", "session"],
)
def test_things_of_one_name_added_at_once_get_addresses_of_their_own(
    app: Flask, add: Callable[[DbSession], str], slug: str
) -> None:
    with app.app_context(), transaction() as db:
        make_edition(db)
    slugs = at_once(app, add)
    assert slugs == [slug, *(f"{slug}-{n}" for n in range(2, THREADS + 1))]


@pytest.mark.parametrize(
    ("add", "told"),
    [
        (lambda db: plan_room(db, haikou(db)).slug, ("coral-room", "room_is_there")),
        (lambda db: plan_track(db, haikou(db)).slug, ("batteries", "track_is_there")),
    ],
    ids=["room", "track"],
)
def test_a_room_or_track_added_twice_at_once_is_there_once(
    app: Flask, add: Callable[[DbSession], str], told: tuple[str, str]
) -> None:
    with app.app_context(), transaction() as db:
        make_edition(db)
    assert at_once(app, add) == sorted([told[0], *[told[1]] * (THREADS - 1)])


def test_one_address_goes_to_one_edition(app: Flask) -> None:
    with app.app_context(), transaction() as db:
        facts = replace(queries.edition_facts(make_edition(db)), slug="2029-bremen")
    told = at_once(app, lambda db: editions.create_edition(db, facts, actor=COMMAND, now=NOW).slug)
    assert told == ["2029-bremen", *["slug_taken"] * (THREADS - 1)]


def test_a_person_is_added_to_the_speakers_once(app: Flask) -> None:
    with app.app_context(), transaction() as db:
        make_edition(db)
        person_id = make_person(db).id
    told = at_once(app, lambda db: make_speaker(db, haikou(db), db.get_one(Person, person_id)).person.slug)
    assert told == ["anna-schmidt", *["speaker_already"] * (THREADS - 1)]


def test_rooms_are_moved_past_each_other_while_sessions_are_put_into_them(app: Flask) -> None:
    """On PostgreSQL a room is locked for whoever moves it, and looked up for every session in it."""
    with app.app_context(), transaction() as db:
        edition = make_edition(db)
        rooms = [make_room(db, edition, f"Room {n}").id for n in range(3)]
        sessions = [make_session(db, edition, f"Talk {n}").id for n in range(3)]
    for _ in range(4):
        deeds = SimpleQueue[Callable[[DbSession], object]]()
        for n, by in enumerate((1, 1, -1)):
            deeds.put(partial(actions.move_room, room_id=rooms[n], by=by, actor=COMMAND, now=NOW))
            deeds.put(partial(put, session_id=sessions[n], room_id=rooms[2 - n]))
        assert at_once(app, partial(next_of, deeds)) == ["done"] * THREADS


def test_a_room_is_not_removed_from_under_a_session(app: Flask) -> None:
    with app.app_context(), transaction() as db:
        edition = make_edition(db)
        room = make_room(db, edition).id
        sessions = SimpleQueue[int]()
        for n in range(THREADS):
            sessions.put(make_session(db, edition, f"Talk {n}").id)

    def deed(db: DbSession) -> str:
        session_id = sessions.get()
        try:
            if session_id % 2:
                actions.remove_room(db, room, actor=COMMAND, now=NOW)
                return "removed"
            put(db, session_id=session_id, room_id=room)
        except NotFound:
            return "gone"
        return "put"

    told = at_once(app, deed)
    assert ("removed" in told) is ("put" not in told), told
    assert set(told) <= {"removed", "gone", "put", "room_in_use"}


def next_of(deeds: "SimpleQueue[Callable[[DbSession], object]]", db: DbSession) -> str:
    deeds.get()(db)
    return "done"


def put(db: DbSession, *, session_id: int, room_id: int) -> str:
    """The session into the room."""
    row = db.get_one(Session, session_id)
    facts = replace(agenda.facts_of(row), room_id=room_id)
    actions.change_session(db, session_id, facts, revision=row.revision, actor=COMMAND, now=NOW)
    return "put"


@pytest.mark.parametrize(
    ("address", "data", "kind"),
    [
        ("/organise/people/new", {"name": "Wan Gang"}, Person),
        ("/organise/organisations/new", {"name-en": "Institute"}, Organisation),
    ],
)
def test_a_double_click_makes_one_record(
    app: Flask, address: str, data: dict[str, str], kind: type[Person | Organisation]
) -> None:
    with app.app_context(), transaction() as db:
        make_edition(db)
        organiser = make_account(db, "anna@forum.test", Role.ADMINISTRATOR).id
    clients = [sign_in(app.test_client(), organiser) for _ in range(THREADS)]
    start = Barrier(THREADS)

    def click(n: int) -> int:
        start.wait()
        return clients[n].post(address, data=data).status_code

    with ThreadPoolExecutor(THREADS) as threads:
        answers = sorted(threads.map(click, range(THREADS)))

    assert answers == [303, *[409] * (THREADS - 1)]
    with app.app_context():
        assert len(database.session.scalars(select(kind)).all()) == 1
