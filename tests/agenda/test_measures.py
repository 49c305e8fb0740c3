"""What an edition's agenda is measured by, ways between rooms, and what a room and a session say for it."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.agenda import measuring, queries
from app.agenda.models import AgendaBook, Room, Session, Travel
from app.agenda.plan import Measures
from app.agenda.planning import plan_of
from app.agenda.problems import Problem
from app.agenda.rules import SpeakingOrder
from app.editions.rules import State
from app.errors import NotFound, Stale
from app.site import planning
from app.site.cloning import Take
from app.values.actor import COMMAND, Role
from tests.agenda.test_manage import HAIKOU, Place, as_role, organiser, place, typed, words, writing
from tests.conftest import NOW
from tests.factories.agenda import make_room, make_session
from tests.factories.editions import edition_facts, make_edition, make_step
from tests.factories.registrations import make_category, make_registration, someone

__all__ = ["organiser", "place"]
MEASURES, WAYS = f"{HAIKOU}/agenda/measures", f"{HAIKOU}/rooms/ways"
ALL = [problem.value for problem in Problem]


def filled(**changed: Any) -> dict[str, Any]:
    """The form of measures as it is first shown, and what was changed."""
    form = {"revision": "1", "rest_after": "120", "travel_minutes": "0", "abstract_most": "1200", "heard": ALL}
    return form | changed


def measured(app: Flask, place: Place) -> Measures:
    with writing(app) as db:
        return plan_of(db, place.edition).measures


def ways(app: Flask) -> dict[tuple[int, int], int]:
    with writing(app) as db:
        return {(row.a_id, row.b_id): row.minutes for row in db.scalars(select(Travel))}


@pytest.fixture
def studio(app: Flask, place: Place) -> int:
    """A second room, with nothing in it."""
    with writing(app) as db:
        edition = queries.session_of(db, place.edition, place.session).edition
        return make_room(db, edition, "Studio").id


# Measures


def test_measures_are_set_and_the_form_shows_them_again(app: Flask, organiser: FlaskClient, place: Place) -> None:
    changed = filled(rest_after="90", least_share="30", travel_minutes="15", abstract_most="900", heard=["room_busy"])
    assert organiser.post(MEASURES, data=changed).status_code == 303
    assert measured(app, place) == Measures(frozenset(ALL) - {"room_busy"}, 90, 30, 15, 900)
    html = organiser.get(MEASURES).text
    assert [n for n in (90, 30, 15, 900) if f'value="{n}"' in html] == [90, 30, 15, 900]
    assert len(re.findall(r"<input[^>]*\bchecked\b", html)) == 1


def test_a_kind_that_is_not_looked_for_is_found_nowhere_and_the_list_says_so(
    app: Flask, organiser: FlaskClient, place: Place
) -> None:
    with writing(app) as db:
        make_session(db, queries.session_of(db, place.edition, place.session).edition, "Poster walk")
    assert "Poster walk has no time yet." in words(organiser.get(f"{HAIKOU}/agenda/findings").text)
    organiser.post(MEASURES, data=filled(heard=[kind for kind in ALL if kind != "no_time"]))
    page = words(organiser.get(f"{HAIKOU}/agenda/findings").text)
    assert "Poster walk has no time yet." not in page
    assert "Not looked for in this edition: No time yet." in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"rest_after": "0"}, {"rest_after": ""}, {"rest_after": "soon"}, {"least_share": "51"}, {"least_share": "0"},
        {"travel_minutes": "-1"}, {"travel_minutes": "601"}, {"abstract_most": "1"}, {"heard": ["nonsense"]},
    ],
)  # fmt: skip
def test_measures_that_make_no_sense_are_refused(
    app: Flask, organiser: FlaskClient, place: Place, wrong: dict[str, Any]
) -> None:
    assert organiser.post(MEASURES, data=filled(**wrong)).status_code == 422
    assert measured(app, place) == Measures()


def test_two_organisers_measuring_at_once_see_both_versions(app: Flask, organiser: FlaskClient, place: Place) -> None:
    assert organiser.post(MEASURES, data=filled(rest_after="90")).status_code == 303
    answer = organiser.post(MEASURES, data=filled(rest_after="60"))
    assert answer.status_code == 409
    assert "Minutes an interpreter may work in a row 90 60" in words(answer.text)
    assert 'value="60"' in answer.text
    assert measured(app, place).rest_after == 90
    assert organiser.post(MEASURES, data=filled(revision="2", rest_after="60")).status_code == 303
    assert measured(app, place).rest_after == 60


@pytest.mark.parametrize("role", [Role.TRANSLATOR, Role.VIEWER])
def test_who_may_only_look_reads_measures_and_ways(app: Flask, place: Place, studio: int, role: Role) -> None:
    client = as_role(app, role, place.edition)
    for address in (MEASURES, WAYS):
        assert client.get(address).status_code == 200
        assert client.post(address, data=filled()).status_code == 404
    assert measured(app, place) == Measures()
    assert studio


# Ways


def test_ways_are_given_once_for_both_directions_and_taken_away_by_emptying(
    app: Flask, organiser: FlaskClient, place: Place, studio: int
) -> None:
    pair = (place.room, studio)
    field = f"way_{place.room}_{studio}"
    assert organiser.post(WAYS, data={"revision": "1", field: "25"}).status_code == 303
    assert ways(app) == {pair: 25}
    assert 'value="25"' in organiser.get(WAYS).text
    assert organiser.post(WAYS, data={"revision": "2", field: ""}).status_code == 303
    assert ways(app) == {}


@pytest.mark.parametrize("minutes", ["-1", "601", "soon"])
def test_a_way_that_makes_no_sense_is_refused_beside_its_rooms(
    app: Flask, organiser: FlaskClient, place: Place, studio: int, minutes: str
) -> None:
    answer = organiser.post(WAYS, data={"revision": "1", f"way_{place.room}_{studio}": minutes})
    assert answer.status_code == 422
    assert "From Meilan Hall to Studio" in words(answer.text)
    assert f'value="{minutes}"' in answer.text
    assert ways(app) == {}


def test_two_organisers_giving_ways_at_once_see_both_versions(
    app: Flask, organiser: FlaskClient, place: Place, studio: int
) -> None:
    field = f"way_{place.room}_{studio}"
    organiser.post(WAYS, data={"revision": "1", field: "25"})
    answer = organiser.post(WAYS, data={"revision": "1", field: "5"})
    assert answer.status_code == 409
    assert "From Meilan Hall to Studio 25 5" in words(answer.text)
    assert ways(app) == {(place.room, studio): 25}


def test_a_room_of_another_edition_has_no_way_to_ours(app: Flask, organiser: FlaskClient, place: Place) -> None:
    with writing(app) as db:
        foreign = make_room(db, make_edition(db, slug="2028-bremen", year=2028)).id
        with pytest.raises(NotFound):
            measuring.set_ways(db, place.edition, {(place.room, foreign): 5}, revision=1, actor=COMMAND, now=NOW)
    organiser.post(WAYS, data={"revision": "1", f"way_{place.room}_{foreign}": "5"})
    assert ways(app) == {}


def test_with_one_room_there_is_no_way_to_give(organiser: FlaskClient, place: Place) -> None:
    assert "There are ways as soon as there are two rooms." in words(organiser.get(WAYS).text)
    assert place.room


def test_measures_and_ways_count_under_one_revision_and_are_counted_on(app: Flask, place: Place, studio: int) -> None:
    with writing(app) as db:
        measuring.set_ways(db, place.edition, {(place.room, studio): 5}, revision=1, actor=COMMAND, now=NOW)
        number = db.get_one(AgendaBook, place.edition).number
        with pytest.raises(Stale):
            measuring.set_measures(db, place.edition, Measures(), revision=1, actor=COMMAND, now=NOW)
        measuring.set_measures(db, place.edition, Measures(), revision=2, actor=COMMAND, now=NOW)
        assert db.get_one(AgendaBook, place.edition).number == number + 1


def test_a_new_edition_is_measured_as_the_one_it_starts_from(app: Flask, place: Place, studio: int) -> None:
    with writing(app) as db:
        way = {(place.room, studio): 25}
        measuring.set_ways(db, place.edition, way, revision=1, actor=COMMAND, now=NOW)
        measuring.set_measures(db, place.edition, Measures(rest_after=90), revision=2, actor=COMMAND, now=NOW)
        facts = edition_facts(slug="2028-bremen", year=2028)
        parts = frozenset({Take.ROOMS})
        new = planning.create(db, facts, source_id=place.edition, parts=parts, actor=COMMAND, now=NOW)
        plan = plan_of(db, new.id)
        assert plan.measures == Measures(rest_after=90)
        assert plan.travel == {tuple(room.id for room in plan.rooms): 25}


# What rooms and sessions say


def test_site_and_booths_are_kept_by_everybody_who_saves_the_room(
    app: Flask, organiser: FlaskClient, place: Place
) -> None:
    prefix, address = f"place{place.room}-", f"{HAIKOU}/rooms/{place.room}"
    form = {"name-en": "Coral", "revision": "1", "capacity": "90", "site": "Old town", "booths": "2"}
    assert organiser.post(address, data={prefix + name: value for name, value in form.items()}).status_code == 303
    page = organiser.get(f"{HAIKOU}/rooms").text
    assert "90 seats · Old town · 2 booths" in words(page)
    assert 'value="Old town"' in page
    renamed = {f"{prefix}name-en": "Koralle", f"{prefix}revision": "2"}
    assert as_role(app, Role.TRANSLATOR, place.edition).post(address, data=renamed).status_code == 303
    with writing(app) as db:
        room = db.get_one(Room, place.room)
        assert (room.name.en, room.capacity, room.site, room.booths) == ("Koralle", 90, "Old town", 2)


def test_audience_order_and_pin_are_kept_by_everybody_who_saves_the_session(
    app: Flask, organiser: FlaskClient, place: Place
) -> None:
    form = {**typed(place, expected="120", order="alternating"), "is_pinned": "y"}
    assert organiser.post(place.address, data=form).status_code == 303
    html = organiser.get(place.address).text
    assert 'value="120"' in html
    assert '<option selected value="alternating">' in html
    texts = {"revision": "2", "title-en": "Solid cells"}
    assert as_role(app, Role.TRANSLATOR, place.edition).post(place.address, data=texts).status_code == 303
    with writing(app) as db:
        session = db.get_one(Session, place.session)
        assert (session.title.en, session.expected, session.order, session.is_pinned) == (
            "Solid cells", 120, SpeakingOrder.ALTERNATING, True,
        )  # fmt: skip


@pytest.mark.parametrize("wrong", [{"expected": "0"}, {"expected": "many"}, {"order": "by_height"}])
def test_an_audience_or_an_order_that_makes_no_sense_is_refused(
    organiser: FlaskClient, place: Place, wrong: dict[str, str]
) -> None:
    assert organiser.post(place.address, data=typed(place, **wrong)).status_code == 422


def test_a_room_too_small_for_all_who_signed_up_is_told_from_the_registrations(
    app: Flask, organiser: FlaskClient, place: Place
) -> None:
    with writing(app) as db:
        session = queries.session_of(db, place.edition, place.session)
        session.for_all = True
        assert session.room is not None
        session.room.capacity = 1
        make_step(db, session.edition, State.ANNOUNCED)
        category = make_category(db, session.edition)
        for n in range(2):
            make_registration(db, category, someone(n))
    page = words(organiser.get(place.address).text)
    assert "It is for all: 2 have signed up, and Meilan Hall seats 1." in page
