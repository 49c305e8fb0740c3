from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.agenda.rules import SessionKind
from app.editions import actions as editions
from app.editions.rules import State
from app.values.actor import COMMAND
from app.values.language import Translated
from app.web.transaction import transaction
from tests.conftest import NOW
from tests.factories.editions import make_edition, make_series, make_step
from tests.factories.publishing import plan_session, publish
from tests.factories.registrations import make_category
from tests.site.reading import page, section

LANGUAGES = ("en", "de", "zh")


def test_the_story_is_told_newest_first_with_milestones_and_sources(history: Flask, client: FlaskClient) -> None:
    story = section(page(client, "/en/"), "story")
    order = [
        "Sino-German Cooperation in the Development of the NEV Industry",
        "World New Energy Vehicle Congress 2025, IAA MOBILITY session",
        "World New Energy Vehicle Congress 2023 at IAA MOBILITY, Munich",
        "3rd Sino-German Forum",
        "2nd Sino-German Forum",
        "1st Sino-German Forum",
        "First World New Energy Vehicle Congress",
        "VDA China established",
        "Joint declaration on extending",
        "Joint Statement on Establishing",
    ]
    places = [story.index(title) for title in order]
    assert places == sorted(places)
    assert "6 editions and 4 milestones" in story
    assert story.count("Sources (") == 10


def test_without_a_next_edition_it_says_so_and_how_to_hear_of_it(history: Flask, client: FlaskClient) -> None:
    found = page(client, "/en/")
    assert "The next edition has not been announced yet." in section(found, "next")
    assert "/en/calendar" in found.links
    assert "webcal://forum.test/en/calendar.ics" in found.links


def test_what_was_no_forum_is_not_called_one(history: Flask, client: FlaskClient) -> None:
    story = section(page(client, "/en/"), "story")
    assert story.count("the congress itself, not the forum") == 1
    assert story.count("a session of the congress, not the forum") == 1


def test_days_that_are_the_congresss_are_said_to_be(history: Flask, client: FlaskClient) -> None:
    story = section(page(client, "/en/"), "story")
    assert story.count("dates of the congress; the forum’s own day is not known") == 2
    assert "15–17 September 2021" in story
    assert "2014; the day is not known" in story
    assert "1 January 2014" not in story


def test_a_title_that_is_a_translation_is_marked_as_one(history: Flask, client: FlaskClient) -> None:
    english, german = page(client, "/en/"), page(client, "/de/")
    assert section(english, "story").count("title translated") == 1  # 2025 Haikou
    assert section(german, "story").count("Titel übersetzt") == 9


def test_the_plot_and_its_table_have_the_same_figures(history: Flask, client: FlaskClient) -> None:
    found = page(client, "/en/")
    places = section(found, "places")
    assert "Haikou 2020, 2021, 2025 3" in places
    assert "Beijing 2022 1" in places
    assert "Munich 2023, 2025 2" in places
    assert "No edition is recorded for 2024." in places
    assert (found.html.count('class="plot-dot"'), found.html.count('class="plot-ring"')) == (4, 2)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_series_speaks_each_language(history: Flask, client: FlaskClient, lang: str) -> None:
    names = {
        "en": "Sino-German Forum on Cooperation and Development of New Energy Vehicles",
        "de": "Deutsch-Chinesisches Forum für Zusammenarbeit und Entwicklung von Fahrzeugen mit neuer Energie",
        "zh": "中德新能源汽车合作与发展论坛",
    }
    found = page(client, f"/{lang}/")
    assert names[lang] in found.title
    assert f"/{lang}/editions/2020-haikou" in found.links


def test_the_next_edition_shows_its_opening_on_two_clocks(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as db:
        edition = make_edition(db, state=State.ANNOUNCED)
        plan_session(db, edition, "Early talk", "08:00", "08:30")
        plan_session(db, edition, "Opening", "09:00", "10:00", kind=SessionKind.OPENING)
        publish(db, edition)
    shown = section(page(client, "/en/"), "next")
    assert "Next edition 23–24 September 2027" in shown
    assert "09:00 Haikou Opening, Thursday 23 September 03:00 Berlin 6 hours earlier" in shown
    assert "See the agenda" in shown


def test_before_a_release_it_shows_no_clock_and_no_agenda(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as db:
        edition = make_edition(db, state=State.ANNOUNCED)
        plan_session(db, edition, "Secret opening", kind=SessionKind.OPENING)
    found = page(client, "/en/")
    assert "What is known so far" in section(found, "next")
    assert "clock-face" not in found.html
    assert "Secret opening" not in found.html
    assert "/en/editions/2027-haikou/agenda" not in section(found, "next")


@pytest.mark.parametrize(("days", "open_"), [(-1, True), (1, False)])
def test_one_is_asked_to_register_while_it_is_open(app: Flask, client: FlaskClient, days: int, open_: bool) -> None:
    with app.app_context(), transaction() as db:
        make_category(db, opens_at=NOW + timedelta(days=days))
    assert ("/en/editions/2027-haikou/register" in page(client, "/en/").links) is open_


def test_an_edition_without_days_is_announced_as_such(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as db:
        edition = make_edition(db, state=State.ANNOUNCED)
        reason = Translated("A typhoon.", "Ein Taifun.", "台风。")
        editions.postpone(db, edition.id, reason=reason, revision=1, actor=COMMAND, now=NOW)
    shown = section(page(client, "/de/"), "next")
    assert "Ein Taifun." in shown
    assert "23" not in shown


def test_a_cancelled_edition_stays_in_the_story_with_its_reason(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as db:
        make_edition(db, state=State.CANCELLED)
    found = page(client, "/en/")
    assert "Cancelled The venue burnt down." in section(found, "story")
    assert "The next edition has not been announced yet." in section(found, "next")
    assert section(found, "places") == ""


def test_a_sample_is_called_invented_and_no_part_of_the_plot(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as db:
        make_edition(db, state=State.ANNOUNCED, is_sample=True)
        make_edition(
            db, slug="old", state=State.HELD, is_sample=True, starts_on=date(2020, 1, 1), ends_on=date(2020, 1, 1)
        )
    found = page(client, "/en/")
    assert "Next edition (sample, invented)" in section(found, "next")
    assert "Sample, invented" in section(found, "story")
    assert section(found, "places") == ""


def test_a_draft_is_on_no_page(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as db:
        edition = make_edition(db, title=Translated("Secret forum"), state=State.ANNOUNCED)
        make_step(db, edition, State.DRAFT)
    for lang in LANGUAGES:
        assert "Secret forum" not in page(client, f"/{lang}/").html
        assert page(client, f"/{lang}/editions/2027-haikou").status == 404


def test_the_way_in_follows_the_browsers_wish_and_is_not_kept(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as db:
        make_series(db)
    for wish, lang in (("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("de-AT", "de"), ("fr", "en"), ("", "en")):
        answer = client.get("/", headers={"Accept-Language": wish})
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/{lang}/")
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Accept-Language" in answer.headers["Vary"]


def test_public_pages_set_no_cookie_and_vary_by_none(history: Flask, client: FlaskClient) -> None:
    for path in ("/en/", "/en/people", "/en/editions/2020-haikou", "/en/people/wan-gang", "/en/organisations"):
        answer = client.get(path)
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers["Vary"]
        assert answer.headers["Cache-Control"] == "public, no-cache"
