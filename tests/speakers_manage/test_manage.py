"""The organisers' pages of an edition's speakers in a browser."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import database
from app.speakers.models import Speaker
from app.speakers.rules import SpeakerState
from app.values.actor import Role
from app.values.language import Translated
from tests.agenda.test_manage import HAIKOU, Place, as_role, organiser, place, words, writing
from tests.factories.agenda import make_session
from tests.factories.editions import make_edition
from tests.factories.people import make_organisation, make_person
from tests.factories.speakers import make_speaker

__all__ = ["organiser", "place"]

SPEAKERS = f"{HAIKOU}/speakers"
LIST = f"{SPEAKERS}?view=list"


def names(html: str) -> list[str]:
    return [words(name) for name in re.findall(r'<th scope="row">(.*?)</th>', html, re.S)]


@pytest.fixture
def crowd(app: Flask, place: Place) -> None:
    """Beside 查思远: a candidate from an institute, and somebody who declined."""
    with writing(app) as db:
        edition = db.get_one(Speaker, place.speaker).edition
        institute = make_organisation(db, "Aachen Institute", zh="亚琛研究所")
        ben, eva = make_person(db, "Ben Blau"), make_person(db, "Eva Abel")
        make_speaker(db, edition, ben, state=SpeakerState.CANDIDATE, organisation_id=institute.id, country="DE")
        make_speaker(db, edition, eva, state=SpeakerState.DECLINED, country="AT")


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["Zha Siyuan 查思远", "Ben Blau", "Eva Abel"]),
        ("&state=candidate", ["Ben Blau"]),
        ("&q=亚琛", ["Ben Blau"]),
        ("&q=zha", ["Zha Siyuan 查思远"]),
        ("&sort=name", ["Eva Abel", "Ben Blau", "Zha Siyuan 查思远"]),
        ("&sort=organisation", ["Ben Blau", "Zha Siyuan 查思远", "Eva Abel"]),
        ("&sort=state", ["Ben Blau", "Zha Siyuan 查思远", "Eva Abel"]),
        ("&sort=country", ["Eva Abel", "Ben Blau", "Zha Siyuan 查思远"]),
        ("&state=nonsense", []),
    ],
)
@pytest.mark.usefixtures("crowd")
def test_the_list_is_filtered_and_sorted_by_its_address(organiser: FlaskClient, query: str, shown: list[str]) -> None:
    assert names(organiser.get(LIST + query).text) == shown


def test_people_are_searched_first_and_added_as_candidates(app: Flask, organiser: FlaskClient, place: Place) -> None:
    with writing(app) as db:
        person = make_person(db, "Śmiałek Nowy", country="PL").id
    found = organiser.get(f"{SPEAKERS}/add?q=smialek").text
    assert "1 person found" in words(found)
    answer = organiser.post(f"{SPEAKERS}/add", data={"person": person})
    assert answer.status_code == 303
    with app.app_context():
        speaker = database.session.scalars(select(Speaker).where(Speaker.person_id == person)).one()
        assert (speaker.state, speaker.country) == (SpeakerState.CANDIDATE, "PL")
    assert organiser.post(f"{SPEAKERS}/add?q=smialek", data={"person": person}).status_code == 409
    assert "takes part already" in words(organiser.get(f"{SPEAKERS}/add?q=smialek").text)


def test_who_came_before_brings_function_and_organisation_along(app: Flask, place: Place) -> None:
    with writing(app) as db:
        past = make_edition(db, slug="2025-munich", year=2025)
        person, institute = make_person(db, "Ben Blau"), make_organisation(db)
        role = Translated("Director")
        make_speaker(db, past, person, role=role, organisation_id=institute.id, country="AT")
        wanted, person_id = (role, institute.id, "AT", SpeakerState.CANDIDATE), person.id
    for account, expected in (
        (as_role(app, Role.ORGANISER), wanted),
        (as_role(app, Role.ORGANISER, place.edition), (Translated(), None, "DE", SpeakerState.CANDIDATE)),
    ):
        assert account.post(f"{SPEAKERS}/add", data={"person": person_id}).status_code == 303
        with writing(app) as db:
            added = db.scalars(
                select(Speaker).where(Speaker.edition_id == place.edition, Speaker.person_id == person_id)
            ).one()
            assert (added.role, added.organisation_id, added.country, added.state) == expected
            db.delete(added)


@pytest.mark.parametrize("person", ["", "0", "999999", "99999999999999999999", "x"])
def test_nobody_is_added_who_is_not_there(organiser: FlaskClient, person: str) -> None:
    assert organiser.post(f"{SPEAKERS}/add", data={"person": person}).status_code == 404


def test_what_was_typed_of_a_speaker_is_stored(app: Flask, organiser: FlaskClient, place: Place) -> None:
    with writing(app) as db:
        institute = make_organisation(db).id
    form = {
        "revision": "1", "role-en": "Professor", "role-zh": "教授", "organisation": str(institute),
        "country": "CN", "topic-de": "Zellen", "part": "speaker", "scope": "forum",
    }  # fmt: skip
    address = f"{SPEAKERS}/{place.speaker}"
    assert organiser.post(address, data=form).status_code == 303
    with writing(app) as db:
        speaker = db.get_one(Speaker, place.speaker)
        assert (speaker.state, speaker.role, speaker.organisation_id, speaker.country, speaker.topic) == (
            SpeakerState.CONFIRMED, Translated(en="Professor", zh="教授"), institute, "CN", Translated(de="Zellen"),
        )  # fmt: skip
    assert organiser.post(address, data=form | {"revision": "2", "part": "famous"}).status_code == 422
    assert organiser.post(address, data=form | {"revision": "2", "organisation": "999"}).status_code == 422


def test_of_two_organisers_the_second_sees_both_versions(app: Flask, organiser: FlaskClient, place: Place) -> None:
    form = {"revision": "1", "role-en": "Professor", "part": "speaker", "scope": "forum"}
    address = f"{SPEAKERS}/{place.speaker}"
    assert organiser.post(address, data=form).status_code == 303
    answer = organiser.post(address, data=form | {"role-en": "Rector"})
    assert answer.status_code == 409
    assert "Function then, English Professor Rector" in words(answer.text)
    assert 'value="Rector"' in answer.text


def test_a_translator_writes_texts_and_confirms_nobody(app: Flask, place: Place) -> None:
    translator = as_role(app, Role.TRANSLATOR, place.edition)
    form = {"revision": "1", "state": "declined", "role-en": "Professor", "country": "CN"}
    assert translator.post(f"{SPEAKERS}/{place.speaker}", data=form).status_code == 303
    with writing(app) as db:
        speaker = db.get_one(Speaker, place.speaker)
        assert (speaker.role.en, speaker.state, speaker.country) == ("Professor", SpeakerState.CONFIRMED, None)
    assert translator.get(f"{SPEAKERS}/add").status_code == 404
    assert translator.post(f"{SPEAKERS}/{place.speaker}/remove").status_code == 404


def test_whoever_stands_in_a_session_is_not_taken_out(app: Flask, organiser: FlaskClient, place: Place) -> None:
    answer = organiser.post(f"{SPEAKERS}/{place.speaker}/remove")
    assert answer.status_code == 409
    assert "This person still stands in a session." in words(answer.text)
    with writing(app) as db:
        free = make_speaker(db, db.get_one(Speaker, place.speaker).edition, make_person(db, "Ben Blau")).id
    assert organiser.post(f"{SPEAKERS}/{free}/remove").status_code == 303
    assert names(organiser.get(LIST).text) == ["Zha Siyuan 查思远"]


def test_a_speaker_of_another_edition_is_out_of_reach(app: Flask, place: Place) -> None:
    with writing(app) as db:
        other = make_edition(db, slug="2028-munich", year=2028)
        theirs = make_speaker(db, other, make_person(db, "Ben Blau"))
        make_session(db, other, speakers=(theirs,))
        theirs_id = theirs.id
    client = as_role(app, Role.ORGANISER, place.edition)
    for address in (f"{SPEAKERS}/{theirs_id}", f"/organise/editions/2028-munich/speakers/{theirs_id}"):
        assert client.get(address).status_code == 404
        assert client.post(address, data={"revision": "1"}).status_code == 404
        assert client.post(f"{address}/remove").status_code == 404


def test_an_empty_edition_says_how_to_begin(app: Flask) -> None:
    with writing(app) as db:
        make_edition(db)
    assert "Nobody yet" in words(as_role(app, Role.ORGANISER).get(SPEAKERS).text)
