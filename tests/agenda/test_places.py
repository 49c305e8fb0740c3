"""Rooms and tracks in a browser."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.agenda import queries
from app.values.actor import Role
from tests.agenda.test_manage import HAIKOU, Place, as_role, organiser, place, words, writing
from tests.factories.agenda import make_room, make_track

__all__ = ["organiser", "place"]


def room_names(app: Flask, place: Place) -> list[tuple[str, int | None]]:
    with writing(app) as db:
        return [(room.name.en, room.capacity) for room in queries.rooms_of(db, place.edition)]


def test_a_room_is_added_with_its_seats(app: Flask, organiser: FlaskClient, place: Place) -> None:
    form = {"place0-name-en": "Coral Room", "place0-name-zh": "珊瑚厅", "place0-capacity": "120"}
    assert organiser.post(f"{HAIKOU}/rooms", data=form).status_code == 303
    assert room_names(app, place) == [("Meilan Hall", 160), ("Coral Room", 120)]
    page = words(organiser.get(f"{HAIKOU}/rooms").text)
    assert "Meilan Hall 160 seats · 1 session" in page
    assert "Coral Room 120 seats · 0 sessions" in page


@pytest.mark.parametrize("form", [{}, {"place0-name-en": "X", "place0-capacity": "-3"}, {"place0-name-en": "\x00"}])
def test_a_room_that_makes_no_sense_is_refused(
    app: Flask, organiser: FlaskClient, place: Place, form: dict[str, str]
) -> None:
    answer = organiser.post(f"{HAIKOU}/rooms", data=form | {"place0-name-de": ""})
    assert answer.status_code == 422
    assert room_names(app, place) == [("Meilan Hall", 160)]


def test_two_organisers_renaming_one_room_see_both_names(app: Flask, organiser: FlaskClient, place: Place) -> None:
    prefix, address = f"place{place.room}-", f"{HAIKOU}/rooms/{place.room}"
    first = {f"{prefix}name-en": "Coral", f"{prefix}revision": "1", f"{prefix}capacity": "90"}
    assert organiser.post(address, data=first).status_code == 303
    answer = organiser.post(address, data=first | {f"{prefix}name-en": "Pearl"})
    assert answer.status_code == 409
    assert "Name, English Coral Pearl" in words(answer.text)
    assert 'value="Pearl"' in answer.text
    assert room_names(app, place) == [("Coral", 90)]


def test_a_translator_renames_a_room_and_cannot_change_its_seats(app: Flask, place: Place) -> None:
    prefix = f"place{place.room}-"
    form = {f"{prefix}name-en": "Coral", f"{prefix}revision": "1", f"{prefix}capacity": "9"}
    translator = as_role(app, Role.TRANSLATOR, place.edition)
    assert translator.post(f"{HAIKOU}/rooms/{place.room}", data=form).status_code == 303
    assert room_names(app, place) == [("Coral", 160)]
    assert translator.post(f"{HAIKOU}/rooms", data={"place0-name-en": "New"}).status_code == 404
    assert translator.post(f"{HAIKOU}/rooms/{place.room}/remove").status_code == 404


def test_a_room_in_use_is_not_removed(app: Flask, organiser: FlaskClient, place: Place) -> None:
    answer = organiser.post(f"{HAIKOU}/rooms/{place.room}/remove")
    assert answer.status_code == 409
    assert "Sessions are in this room: 1." in words(answer.text)
    with writing(app) as db:
        empty = make_room(db, queries.session_of(db, place.edition, place.session).edition, "Empty").id
    assert organiser.post(f"{HAIKOU}/rooms/{empty}/remove").status_code == 303
    assert room_names(app, place) == [("Meilan Hall", 160)]


def test_rooms_change_places(app: Flask, organiser: FlaskClient, place: Place) -> None:
    with writing(app) as db:
        other = make_room(db, queries.session_of(db, place.edition, place.session).edition, "Coral").id
    assert organiser.post(f"{HAIKOU}/rooms/{other}/move", data={"way": "up"}).status_code == 303
    assert [name for name, _seats in room_names(app, place)] == ["Coral", "Meilan Hall"]


def test_a_track_has_a_colour_of_the_palette(app: Flask, organiser: FlaskClient, place: Place) -> None:
    form = {"place0-name-en": "Grids", "place0-colour": "5"}
    assert organiser.post(f"{HAIKOU}/tracks", data=form).status_code == 303
    assert organiser.post(f"{HAIKOU}/tracks", data=form | {"place0-colour": "9"}).status_code == 422
    page = organiser.get(f"{HAIKOU}/tracks").text
    assert "Grids Brick · 0 sessions" in words(page)
    prefix = f"place{place.track}-"
    change = {f"{prefix}name-en": "Cells", f"{prefix}colour": "7", f"{prefix}revision": "1"}
    assert organiser.post(f"{HAIKOU}/tracks/{place.track}", data=change).status_code == 303
    assert organiser.post(f"{HAIKOU}/tracks/{place.track}", data=change).status_code == 409
    with writing(app) as db:
        found = [(track.name.en, track.colour) for track in queries.tracks_of(db, place.edition)]
    assert found == [("Cells", 7), ("Grids", 5)]


def test_a_track_in_use_is_not_removed_and_tracks_change_places(
    app: Flask, organiser: FlaskClient, place: Place
) -> None:
    with writing(app) as db:
        other = make_track(db, queries.session_of(db, place.edition, place.session).edition, "Grids").id
    assert organiser.post(f"{HAIKOU}/tracks/{other}/move", data={"way": "up"}).status_code == 303
    assert organiser.post(f"{HAIKOU}/tracks/{place.track}/remove").status_code == 409
    assert organiser.post(f"{HAIKOU}/tracks/{other}/remove").status_code == 303


@pytest.mark.parametrize("thing", ["rooms", "tracks"])
def test_a_form_sent_twice_makes_one_room_and_one_track(organiser: FlaskClient, place: Place, thing: str) -> None:
    form = {"place0-name-en": "Twice", "place0-name-de": "Doppelt", "place0-name-zh": "两次", "place0-colour": "4"}
    answers = [organiser.post(f"{HAIKOU}/{thing}", data=form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 409]
    assert "of this name is there already" in words(answers[1].text)
