"""The reader's own zone: the second time beside the venue's, chosen in the address."""

import re
from datetime import date
from zoneinfo import available_timezones

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.database import DbSession
from app.editions.rules import State
from app.publishing.zones import offered, wish_of
from app.values.language import Language
from app.values.time import CITIES
from tests.factories.editions import make_edition
from tests.factories.publishing import make_published, plan_session, publish
from tests.publishing.conftest import Given, words

AGENDA = "/en/editions/2027-haikou/agenda"
TALK = f"{AGENDA}/sodium-ion-where-it-pays"
HOMES = ("Europe/Berlin", "Asia/Shanghai")


@pytest.mark.parametrize(
    ("zone", "beside"),
    [
        ("America/New_York", "21:00 New York day before"),
        ("Pacific/Auckland", "13:00 Auckland"),
        ("Europe/Berlin", "03:00 Berlin"),
        ("Asia/Kolkata", "06:30 New Delhi"),
    ],
)
def test_the_chosen_time_stands_beside_the_venues(client: FlaskClient, given: Given, zone: str, beside: str) -> None:
    given(make_published)

    page = words(client, f"{AGENDA}?zone={zone}")

    assert f"09:00 Haikou {beside}" in page
    assert "Times are those of Haikou; " in page


def test_a_zone_with_the_venues_clock_says_so_and_none_shows_none(client: FlaskClient, given: Given) -> None:
    given(make_published)

    same, none = words(client, f"{AGENDA}?zone=Asia/Singapore"), words(client, f"{AGENDA}?zone=none")

    assert "Times are those of Haikou; clocks in Singapore show the same." in same
    assert "Times are those of Haikou." in none
    assert "03:00" not in same + none


def test_a_session_shows_the_chosen_time_with_its_day(client: FlaskClient, given: Given) -> None:
    given(make_published)

    assert "21:00 to 21:45 New York the day before" in words(client, f"{TALK}?zone=America/New_York")
    assert "Berlin the same day" in words(client, TALK)


def test_the_choice_goes_along_with_the_links(client: FlaskClient, given: Given) -> None:
    given(make_published)

    for page in (AGENDA, TALK):
        html = client.get(f"{page}?zone=Asia/Tokyo").get_data(as_text=True)
        links = re.findall(r'href="(/(?:en|de|zh)/editions/2027-haikou/agenda[^"#]*)"', html)
        assert [
            link for link in links if "zone=Asia/Tokyo" not in link and not link.endswith((".ics", "/agenda"))
        ] == []
        assert f'href="/de{page[3:]}?zone=Asia/Tokyo"' in html


@pytest.mark.parametrize("asked", ["zone=Mars/Olympus", "zone=Asia/Tokyo&zone=Asia/Seoul", "zone=&zone=x", "zone=UTC"])
def test_an_unknown_zone_leads_to_the_page_without_it_and_is_not_kept(
    app: Flask, client: FlaskClient, given: Given, asked: str
) -> None:
    given(make_published)

    for page in (AGENDA, TALK):
        answer = client.get(f"{page}?day=2027-09-23&{asked}")
        assert (answer.status_code, answer.location) == (302, f"{page}?day=2027-09-23")
    assert client.get(f"{AGENDA}?{asked}", follow_redirects=True).status_code == 200
    assert [key for key in app.extensions["shelf"]._kept if "zone" in key] == []


def test_pages_of_a_known_zone_are_kept_and_the_same_for_everyone(app: Flask, given: Given) -> None:
    given(make_published)
    address = f"{AGENDA}?zone=Asia/Tokyo"

    first, second = app.test_client().get(address), app.test_client().get(address)

    assert first.get_data() == second.get_data()
    assert first.headers["ETag"] == second.headers["ETag"]
    assert "Set-Cookie" not in first.headers
    assert address in app.extensions["shelf"]._kept


def test_the_form_offers_cities_of_all_continents_and_marks_the_choice(client: FlaskClient, given: Given) -> None:
    given(make_published)

    html = client.get(f"/zh{AGENDA[3:]}?zone=Asia/Tokyo").get_data(as_text=True)

    assert '<option value="Asia/Tokyo" selected>东京' in html
    assert html.count("<optgroup") == 6
    assert html.count("<option value=") >= len(CITIES)


def test_a_script_is_there_only_where_nothing_was_chosen(client: FlaskClient, given: Given) -> None:
    given(make_published)

    for page in (AGENDA, TALK):
        assert "js/zone" in client.get(page).get_data(as_text=True)
        assert "js/zone" not in client.get(f"{page}?zone=Asia/Tokyo").get_data(as_text=True)


def test_every_city_is_a_real_zone_with_a_name_in_every_language() -> None:
    assert set(CITIES) <= available_timezones()
    assert [zone for zone, names in CITIES.items() if not all(names[lang] for lang in Language)] == []


def test_homes_and_venue_are_on_offer_wherever_they_are() -> None:
    homes, venue = ("Asia/Urumqi",), "Europe/Vaduz"

    assert offered(venue, homes)[:2] == ("Asia/Urumqi", "Europe/Vaduz")
    assert wish_of(["Europe/Vaduz"], venue, homes) == "Europe/Vaduz"
    assert wish_of(["Europe/Vaduz"], "Asia/Shanghai", HOMES) is None


def test_clocks_are_those_of_the_day_itself(client: FlaskClient, given: Given) -> None:
    """In September London is seven hours behind Haikou, in December eight."""

    def plan(db: DbSession) -> None:
        winter = date(2027, 12, 3)
        edition = make_edition(db, state=State.ANNOUNCED, starts_on=winter, ends_on=winter)
        plan_session(db, edition, day=winter)
        publish(db, edition)

    given(plan)

    assert "09:00 Haikou 01:00 London" in words(client, f"{AGENDA}?zone=Europe/London")
