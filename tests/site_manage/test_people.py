"""The records of people and organisations: found before they are doubled, edited by two, pictured."""

from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from app.extensions import database
from app.people import queries
from app.people.models import Person
from app.values.actor import Role
from app.values.language import Language
from app.web.transaction import transaction
from tests.factories.accounts import make_account, sign_in
from tests.factories.editions import make_edition
from tests.factories.people import make_organisation, make_person
from tests.factories.speakers import make_speaker
from tests.site_manage.conftest import Two

WAN = {"name": "万钢", "family_name": "万", "second_name": "Wan Gang", "second_family_name": "Wan", "country": "CN"}


def stored(app: Flask, slug: str) -> Person:
    person = queries.person_by_slug(database.session(), slug)
    assert person is not None
    return person


def picture(colour: str = "red") -> BytesIO:
    out = BytesIO()
    Image.new("RGB", (900, 1200), colour).save(out, "PNG")
    out.seek(0)
    return out


def test_a_person_is_written_and_comes_back(app: Flask, two: Two) -> None:
    answer = two.organiser_of_a.post("/organise/people/new", data=WAN | {"biography-de": "Physiker."})
    assert answer.status_code == 303, answer.text
    assert answer.location == "/organise/people/wan-gang"
    with app.app_context():
        person = stored(app, "wan-gang")
        assert (person.full_name.written, person.full_name.second, person.biography.de) == (
            "万钢",
            "Wan Gang",
            "Physiker.",
        )
    page = two.organiser_of_a.get(answer.location).text
    assert 'value="万钢"' in page
    assert "Physiker." in page


@pytest.mark.parametrize("asked", ["万钢", "wan gang", "Gang", "Wàn"])
def test_whoever_is_there_already_is_shown_before_a_record_can_be_written(two: Two, asked: str) -> None:
    two.organiser_of_a.post("/organise/people/new", data=WAN)
    page = two.organiser_of_a.get("/organise/people/new", query_string={"q": asked}).text
    assert 'href="/organise/people/wan-gang"' in page
    assert 'name="family_name"' not in page


def test_the_second_record_of_one_name_has_to_be_meant(app: Flask, two: Two) -> None:
    two.organiser_of_a.post("/organise/people/new", data=WAN)
    double = {"name": "Gang Wan", "country": "DE"}
    answer = two.organiser_of_a.post("/organise/people/new", data=double)
    assert answer.status_code == 409
    assert 'href="/organise/people/wan-gang"' in answer.text
    assert 'value="Gang Wan"' in answer.text
    assert two.organiser_of_a.post("/organise/people/new", data=double | {"somebody_else": "y"}).status_code == 303
    with app.app_context():
        assert stored(app, "gang-wan").country == "DE"


def test_nobody_is_doubled_who_only_shares_a_word(two: Two) -> None:
    two.organiser_of_a.post("/organise/people/new", data=WAN)
    assert two.organiser_of_a.post("/organise/people/new", data={"name": "Gang Li"}).status_code == 303


def test_the_family_name_stands_in_the_name(two: Two) -> None:
    answer = two.organiser_of_a.post("/organise/people/new", data=WAN | {"family_name": "Wan"})
    assert answer.status_code == 422
    assert 'href="#family_name"' in answer.text
    assert 'value="Wan Gang"' in answer.text


def test_two_organisers_edit_one_person_and_the_second_sees_both(app: Flask, two: Two) -> None:
    two.organiser_of_a.post("/organise/people/new", data=WAN)
    address = "/organise/people/wan-gang"
    assert two.organiser_of_a.post(address, data=WAN | {"revision": "1", "biography-en": "First."}).status_code == 303
    late = two.organiser_of_b.post(address, data=WAN | {"revision": "1", "biography-en": "Second."})
    assert late.status_code == 409
    assert "First." in late.text
    assert "Second." in late.text
    assert "Anna Löwenstein" in late.text
    with app.app_context():
        assert stored(app, "wan-gang").biography.en == "First."


def test_a_portrait_is_uploaded_shown_to_organisers_replaced_and_removed(app: Flask, two: Two) -> None:
    two.organiser_of_a.post("/organise/people/new", data=WAN)
    address = "/organise/people/wan-gang"
    browser = two.organiser_of_a

    def send(revision: int, **more: object) -> int:
        data = WAN | {"revision": str(revision), **more}
        return browser.post(address, data=data, content_type="multipart/form-data").status_code

    assert send(1, portrait=(picture(), "me.png")) == 303
    shown = browser.get(f"{address}/portrait")
    assert (shown.status_code, shown.mimetype) == (200, "image/webp")
    with app.app_context():
        first = stored(app, "wan-gang").portrait
        assert first is not None
        digest, revision = first.digest, stored(app, "wan-gang").revision
    assert send(revision, portrait=(picture("blue"), "me.png")) == 303
    with app.app_context():
        second = stored(app, "wan-gang").portrait
        assert second is not None
        assert second.digest != digest
        revision = stored(app, "wan-gang").revision
    assert send(revision, remove_portrait="y") == 303
    assert browser.get(f"{address}/portrait").status_code == 404


def test_a_file_that_is_no_picture_is_refused_beside_its_field(app: Flask, two: Two) -> None:
    data = WAN | {"portrait": (BytesIO(b"<svg onload=alert(1)>"), "me.png"), "biography-en": "Kept."}
    answer = two.organiser_of_a.post("/organise/people/new", data=data, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert 'href="#portrait"' in answer.text
    assert "Kept." in answer.text
    with app.app_context():
        assert queries.person_by_slug(database.session(), "wan-gang") is None


def test_the_list_finds_by_any_script_and_pages_by_its_address(app: Flask, two: Two) -> None:
    with app.app_context(), transaction() as db:
        for n in range(60):
            make_person(db, f"Person Nr{n:02d}")
        make_person(db, "Jörg Müller")
    browser = two.organiser_of_a
    assert "Jörg Müller" in browser.get("/organise/people?q=mueller").text
    assert "Jörg Müller" in browser.get("/organise/people?q=MULLER").text
    first = browser.get("/organise/people").text
    assert "1 to 50 of 61" in first
    assert "page=2" in first
    assert "51 to 61 of 61" in browser.get("/organise/people?page=2").text
    assert "Nobody fits" in browser.get("/organise/people?q=zzz").text
    assert browser.get("/organise/people?page=-3").status_code == 200


def test_a_person_is_shown_with_the_editions_one_may_see_and_no_others(app: Flask, two: Two) -> None:
    with app.app_context(), transaction() as db:
        secret = make_edition(db, slug="2028-secret", year=2028)
        make_speaker(db, secret, make_person(db, slug="anna"))
    assert "2028-secret" not in two.organiser_of_a.get("/organise/people").text
    assert "2028-secret" not in two.organiser_of_a.get("/organise/people/anna").text


def test_a_viewer_reads_records_and_writes_none(app: Flask, two: Two) -> None:
    with app.app_context(), transaction() as db:
        make_person(db, slug="anna")
        viewer_id = make_account(db, "v@forum.test", Role.VIEWER).id
    viewer: FlaskClient = sign_in(app.test_client(), viewer_id)
    assert viewer.get("/organise/people/anna").status_code == 200
    assert viewer.post("/organise/people/anna", data=WAN | {"revision": "1"}).status_code == 404
    assert viewer.get("/organise/people/new").status_code == 404
    assert viewer.post("/organise/people/new", data=WAN).status_code == 404


def test_an_organisation_is_written_once_and_edited_by_two(app: Flask, two: Two) -> None:
    sent = {"name-en": "China SAE", "name-zh": "中国汽车工程学会", "abbreviation": "SAE", "country": "CN",
            "aliases": "Society of Automotive Engineers\nCSAE"}  # fmt: skip
    assert two.organiser_of_a.post("/organise/organisations/new", data=sent).status_code == 303
    assert two.organiser_of_a.post("/organise/organisations/new", data={"name-de": "CSAE"}).status_code == 409
    address = "/organise/organisations/china-sae"
    assert two.organiser_of_a.post(address, data=sent | {"revision": "1", "name-de": "Erste"}).status_code == 303
    late = two.organiser_of_b.post(address, data=sent | {"revision": "1", "name-de": "Zweite"})
    assert late.status_code == 409
    assert "Erste" in late.text
    assert "Zweite" in late.text
    with app.app_context():
        found = queries.organisation_by_slug(database.session(), "china-sae")
        assert found is not None
        assert found.aliases == ("Society of Automotive Engineers", "CSAE")
        assert found.name.exact(Language.DE) == "Erste"


def test_an_international_organisation_has_no_country(two: Two) -> None:
    sent = {"name-en": "Agency", "country": "FR", "international": "y"}
    answer = two.organiser_of_a.post("/organise/organisations/new", data=sent)
    assert answer.status_code == 422
    assert 'href="#international"' in answer.text


def test_organisations_are_listed_and_found_by_their_other_spellings(app: Flask, two: Two) -> None:
    with app.app_context(), transaction() as db:
        make_organisation(db, "China SAE", zh="中国汽车工程学会", aliases=("CSAE",))
    assert "China SAE" in two.organiser_of_a.get("/organise/organisations?q=csae").text
    assert "China SAE" in two.organiser_of_a.get("/organise/organisations/new?q=汽车").text
    assert two.organiser_of_a.get("/organise/organisations/none").status_code == 404
