"""Organisers decide on what speakers wrote, seeing before and after."""

from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.people import actions as people
from app.people import queries as people_queries
from app.publishing import actions as publishing
from app.speakers import corrections
from app.speakers.correcting import Field
from app.speakers.models import Correction, Speaker
from app.speakers.rules import CorrectionState
from app.values.actor import COMMAND
from app.values.language import Translated
from app.web import files
from tests.conftest import NOW
from tests.factories.editions import make_edition
from tests.factories.speakers import make_speaker
from tests.people.test_portraits import picture
from tests.speaking.people import SPEAKERS, Crowd, hidden, reading, words

PAGE = f"{SPEAKERS}/corrections"
BIOGRAPHY, ROLE = Translated("Builds quiet motors.").as_dict(), Translated("Rector").as_dict()


@pytest.fixture
def waiting(app: Flask, crowd: Crowd) -> dict[str, int]:
    """What Conny, who is public, has written."""
    with reading(app) as db:
        publishing.publish(db, crowd.edition, note=Translated(), actor=COMMAND, now=NOW)
        rows = {
            field.value: corrections.propose(db, crowd.ids["Conny"], field, after, now=NOW)
            for field, after in ((Field.BIOGRAPHY, BIOGRAPHY), (Field.ROLE, ROLE))
        }
        return {name: row.id for name, row in rows.items() if row is not None}


def state_of(app: Flask, number: int) -> CorrectionState:
    with reading(app) as db:
        return db.get_one(Correction, number).state


def seen_anew(app: Flask) -> None:
    """A second later: so long a process may answer from memory."""
    app.extensions["shelf"].forget()


def write_here(app: Flask, crowd: Crowd, text: str) -> None:
    """An organiser writes the biography, too."""
    with reading(app) as db:
        person = db.get_one(Speaker, crowd.ids["Conny"]).person
        facts = people_queries.person_facts(person)
        changed = type(facts)(facts.name, facts.country, Translated(text), facts.gender)
        people.change_person(db, person.id, changed, revision=person.revision, actor=COMMAND, now=NOW)


def decide(client: FlaskClient, number: int, do: str = "approve") -> int:
    """With what stands on the page now."""
    html = client.get(PAGE).text
    form = html.split(f'corrections/{number}"')[1].split("</form>")[0]
    return client.post(f"{PAGE}/{number}", data={"do": do, "saw": hidden(form, "saw")}).status_code


def test_before_and_after_stand_beside_each_other(organiser: FlaskClient, waiting: dict[str, int]) -> None:
    page = organiser.get(PAGE).text
    assert "<del>Professor</del>" in page
    assert "<ins>Rector</ins>" in page
    assert "2 to decide" in words(page)
    assert "2 corrections to approve" in words(organiser.get(SPEAKERS).text)
    overview = words(organiser.get(SPEAKERS.replace("speakers", "overview")).text)
    assert "2 corrections by speakers" in overview


def test_a_biography_is_live_once_taken_and_a_function_with_the_next_release(
    app: Flask, client: FlaskClient, organiser: FlaskClient, crowd: Crowd, waiting: dict[str, int]
) -> None:
    person, speakers = "/en/people/conny-confirmed", "/en/editions/2027-haikou/speakers"
    assert "Builds quiet motors." not in client.get(person).text
    for number in waiting.values():
        assert decide(organiser, number) == 303
    seen_anew(app)
    assert "Builds quiet motors." in client.get(person).text
    assert "Rector" not in client.get(speakers).text
    with reading(app) as db:
        publishing.publish(db, crowd.edition, note=Translated(), actor=COMMAND, now=NOW)
    seen_anew(app)
    assert "Rector" in client.get(speakers).text


def test_all_of_a_speaker_are_taken_with_one_click(
    app: Flask, organiser: FlaskClient, crowd: Crowd, waiting: dict[str, int]
) -> None:
    page = organiser.get(PAGE).text
    form = page.split(f'speakers/{crowd.ids["Conny"]}/corrections"')[1].split("</form>")[0]
    sent = {"do": "approve", "correction": hidden(form, "correction"), "saw": hidden(form, "saw")}
    assert organiser.post(f"{SPEAKERS}/{crowd.ids['Conny']}/corrections", data=sent).status_code == 303
    assert {state_of(app, number) for number in waiting.values()} == {CorrectionState.APPROVED}
    assert "Nothing to decide" in words(organiser.get(PAGE).text)


def test_refusing_tells_nothing_public(
    app: Flask, client: FlaskClient, organiser: FlaskClient, crowd: Crowd, waiting: dict[str, int]
) -> None:
    before = client.get("/en/people/conny-confirmed").text
    assert decide(organiser, waiting["biography"], "refuse") == 303
    assert state_of(app, waiting["biography"]) is CorrectionState.REFUSED
    assert client.get("/en/people/conny-confirmed").text == before


def test_an_editor_who_wrote_meanwhile_is_not_overwritten_unseen(
    app: Flask, organiser: FlaskClient, crowd: Crowd, waiting: dict[str, int]
) -> None:
    old = organiser.get(PAGE).text
    saw = hidden(old.split(f'corrections/{waiting["biography"]}"')[1].split("</form>")[0], "saw")
    write_here(app, crowd, "Written here.")
    answer = organiser.post(f"{PAGE}/{waiting['biography']}", data={"do": "approve", "saw": saw})
    assert answer.status_code == 409
    assert "Changed meanwhile." in words(answer.text)
    assert "<del>Written here.</del>" in answer.text
    assert "<ins>Builds quiet motors.</ins>" in answer.text
    assert "Take it over what is stored" in words(answer.text)
    assert decide(organiser, waiting["biography"]) == 303
    with reading(app) as db:
        assert db.get_one(Speaker, crowd.ids["Conny"]).person.biography.en == "Builds quiet motors."


def test_one_click_for_all_leaves_conflicts_to_be_looked_at(
    app: Flask, organiser: FlaskClient, crowd: Crowd, waiting: dict[str, int]
) -> None:
    write_here(app, crowd, "Written here.")
    with reading(app) as db:
        saws = [corrections.saw(db.get_one(Correction, number)) for number in waiting.values()]
    form = {"do": "approve", "correction": list(waiting.values()), "saw": saws}
    assert organiser.post(f"{SPEAKERS}/{crowd.ids['Conny']}/corrections", data=form).status_code == 303
    assert state_of(app, waiting["biography"]) is CorrectionState.PENDING
    assert state_of(app, waiting["role"]) is CorrectionState.APPROVED


def test_a_portrait_is_seen_before_it_is_taken_and_its_file_goes(
    app: Flask, client: FlaskClient, organiser: FlaskClient, crowd: Crowd
) -> None:
    client.post(crowd.page("Conny", "/portrait"), data={"portrait": (BytesIO(picture()), "me.jpg")})
    with reading(app) as db:
        row = db.query(Correction).one()
        number, digest = row.id, str(row.after["digest"])
    shown = organiser.get(f"{PAGE}/{number}/portrait")
    assert (shown.status_code, shown.mimetype, shown.headers["Cache-Control"]) == (200, "image/webp", "no-store")
    assert decide(organiser, number) == 303
    with reading(app) as db:
        portrait = db.get_one(Speaker, crowd.ids["Conny"]).person.portrait
        assert portrait is not None
        assert (portrait.image, portrait.width, portrait.height) == (shown.data, 640, 480)
        assert files.fetch(digest) is None
    assert organiser.get(f"{PAGE}/{number}/portrait").status_code == 409


def test_a_second_picture_takes_the_place_of_the_first_and_its_file(
    app: Flask, client: FlaskClient, crowd: Crowd
) -> None:
    digests = []
    for width in (400, 300):
        client.post(crowd.page("Conny", "/portrait"), data={"portrait": (BytesIO(picture(width, 300)), "me.jpg")})
        with reading(app) as db:
            digests.append(str(db.query(Correction).one().after["digest"]))
    with app.app_context():
        assert [files.fetch(digest) is not None for digest in digests] == [False, True]


def test_what_is_decided_already_is_409_and_what_is_elsewhere_404(
    app: Flask, organiser: FlaskClient, crowd: Crowd, waiting: dict[str, int]
) -> None:
    assert decide(organiser, waiting["role"]) == 303
    assert organiser.post(f"{PAGE}/{waiting['role']}", data={"do": "approve", "saw": "x"}).status_code == 409
    assert organiser.post(f"{PAGE}/{waiting['biography']}", data={"do": "approve", "saw": "x"}).status_code == 409
    with reading(app) as db:
        other = make_speaker(db, make_edition(db, slug="2028-munich", year=2028))
        row = corrections.propose(db, other.id, Field.ROLE, ROLE, now=NOW)
        assert row is not None
        theirs, number = other.id, row.id
    for address in (f"{PAGE}/{number}", f"{SPEAKERS}/{theirs}/corrections"):
        assert organiser.post(address, data={"do": "approve", "saw": "x"}).status_code == 404
    form = {"do": "approve", "correction": [number], "saw": ["x"]}
    assert organiser.post(f"{SPEAKERS}/{crowd.ids['Conny']}/corrections", data=form).status_code == 303
    assert state_of(app, number) is CorrectionState.PENDING
