import re
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.editions import actions as editions
from app.editions.rules import State
from app.publishing import actions as publishing
from app.speakers.rules import SpeakerState
from app.values.actor import COMMAND
from app.values.language import Translated
from app.web import clock
from app.web.transaction import transaction
from tests.conftest import NOW
from tests.factories.editions import make_edition, make_step
from tests.factories.people import make_person
from tests.factories.publishing import make_published, plan_session, publish
from tests.factories.registrations import make_category
from tests.factories.speakers import make_speaker
from tests.site.reading import page, section

LANGUAGES = ("en", "de", "zh")
HISTORY = ("2020-haikou", "2021-haikou", "2022-beijing", "2023-munich", "2025-munich", "2025-haikou")
CLOCK_TIME = re.compile(r"\b\d{1,2}:\d{2}\b|\b\d{1,2} ?(?:Uhr|点|时)|\b\d{1,2} ?[ap]\.?m\.?\b")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_clock_time_stands_on_a_past_editions_page(history: Flask, client: FlaskClient, lang: str) -> None:
    for slug in HISTORY:
        found = page(client, f"/{lang}/editions/{slug}")
        assert found.status == 200
        assert CLOCK_TIME.findall(found.text) == [], slug


def test_nor_on_one_that_was_planned_here_with_its_times(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as db:
        edition = make_published(db)
        make_step(db, edition, State.HELD)
    found = page(client, "/en/editions/2027-haikou")
    assert "Sodium-ion: where it pays" in section(found, "agenda")
    assert CLOCK_TIME.findall(found.text) == []
    assert "/en/editions/2027-haikou/agenda" in found.links


@pytest.mark.parametrize("slug", ["2021-haikou", "2022-beijing"])
def test_days_that_are_the_congresss_are_said_to_be(history: Flask, client: FlaskClient, slug: str) -> None:
    found = page(client, f"/en/editions/{slug}")
    assert "Dates of the congress; the forum’s own day is not known." in found.text


@pytest.mark.parametrize("slug", ["2020-haikou", "2023-munich", "2025-munich", "2025-haikou"])
def test_days_that_are_its_own_are_not_doubted(history: Flask, client: FlaskClient, slug: str) -> None:
    assert "not known." not in page(client, f"/en/editions/{slug}").text.replace("not known to have been", "")


@pytest.mark.parametrize(
    ("slug", "kind", "number"),
    [
        ("2020-haikou", "The forum", "1"),
        ("2021-haikou", "The forum", "2"),
        ("2022-beijing", "The forum", "3"),
        ("2023-munich", "The congress itself, not the forum", "None in any source"),
        ("2025-munich", "A session of the congress, not the forum", "None in any source"),
        ("2025-haikou", "The forum", "None in any source"),
    ],
)
def test_what_it_was_and_how_it_is_numbered(
    history: Flask, client: FlaskClient, slug: str, kind: str, number: str
) -> None:
    text = page(client, f"/en/editions/{slug}").text
    assert f"Kind {kind} Place" in text
    assert f"Number {number}" in text


def test_who_spoke_at_the_congress_is_not_shown_as_a_speaker_of_the_forum(history: Flask, client: FlaskClient) -> None:
    found = page(client, "/en/editions/2020-haikou")
    forum, congress = section(found, "people"), section(found, "congress")
    assert "Wan Gang" in forum
    for name in ("Clemens von Goetze", "Shen Xiaoming", "Herbert Diess"):
        assert name in congress
        assert name not in forum
    assert "not known to have been part of the forum" in congress


@pytest.mark.parametrize("slug", ["2021-haikou", "2022-beijing"])
def test_a_forum_whose_speakers_are_not_known_says_so(history: Flask, client: FlaskClient, slug: str) -> None:
    found = page(client, f"/en/editions/{slug}")
    assert section(found, "people").strip() == "Who spoke No source seen says who spoke at the forum itself."
    assert "They spoke at the parent congress." in section(found, "congress")


@pytest.mark.parametrize("slug", ["2023-munich", "2025-munich"])
def test_at_a_congress_people_spoke_at_the_congress(history: Flask, client: FlaskClient, slug: str) -> None:
    found = page(client, f"/en/editions/{slug}")
    assert "At the congress; this was not the forum" in section(found, "people")
    assert section(found, "congress") == ""


def test_who_was_only_named_as_present_is_no_speaker(history: Flask, client: FlaskClient) -> None:
    people = section(page(client, "/en/editions/2025-haikou"), "people")
    spoke, present = people.split("Named as present (4)")
    for name in ("Yu Junqing", "Hou Maofeng", "Liu Xingping", "Zhang Jinhua"):
        assert name in present
        assert name not in spoke
    assert "Shi Mingde" in spoke
    assert "Chair" in spoke


def test_chair_is_a_role_and_no_part_of_a_name(history: Flask, client: FlaskClient) -> None:
    agenda = section(page(client, "/en/editions/2025-haikou"), "agenda")
    assert "Shi Mingde 史明德 (chair), Wan Gang 万钢, Hildegard Müller 穆希雅" in agenda


def test_hosts_that_no_source_names_are_not_made_up(history: Flask, client: FlaskClient) -> None:
    text = page(client, "/en/editions/2020-haikou").text
    assert "Hosts Not stated in any source seen" in text
    assert "Hosts of the congress China Association for Science and Technology (CAST)" in text
    assert "Hosts China Society of Automotive Engineers" in page(client, "/en/editions/2025-haikou").text


def test_a_theme_that_was_translated_stands_beside_the_original(history: Flask, client: FlaskClient) -> None:
    text = page(client, "/en/editions/2023-munich").text
    assert "Low-carbon mobility, win-win cooperation (translated) 低碳出行、合作共赢" in text
    assert "(translated)" not in page(client, "/zh/editions/2023-munich").text.split("低碳出行、合作共赢")[1][:20]


def test_every_footnote_points_to_a_source_of_the_page(history: Flask, client: FlaskClient) -> None:
    for slug in HISTORY:
        html = page(client, f"/en/editions/{slug}").html
        marks, sources = set(re.findall(r'href="#(source-\d+)"', html)), set(re.findall(r'id="(source-\d+)"', html))
        assert marks, slug
        assert marks <= sources, slug


def test_every_talk_and_every_session_carries_a_footnote(history: Flask, client: FlaskClient) -> None:
    html = page(client, "/en/editions/2023-munich").html
    for heading in ("people", "agenda"):
        part = re.search(rf'aria-labelledby="{heading}".*?</section>', html, re.S)
        assert part is not None
        rows = re.findall(r"<li>.*?</li>", part.group(0), re.S)
        assert rows
        assert all('class="ref"' in row for row in rows), heading


def test_editions_stand_between_those_before_and_after(history: Flask, client: FlaskClient) -> None:
    found = page(client, "/en/editions/2023-munich")
    assert "Before 2022 Beijing" in found.text
    assert "After 2025 Munich" in found.text
    assert "Before" not in page(client, "/en/editions/2020-haikou").text


@pytest.mark.parametrize(
    ("lang", "title", "venue"),
    [
        ("en", "3rd Sino-German Forum", "Etrong International Exhibition"),
        ("de", "3. Deutsch-Chinesisches Forum", "Internationales Ausstellungs- und Kongresszentrum Etrong"),
        ("zh", "第三届中德新能源汽车合作与发展论坛", "亦创国际会展中心"),
    ],
)
def test_the_facts_speak_each_language(history: Flask, client: FlaskClient, lang: str, title: str, venue: str) -> None:
    text = page(client, f"/{lang}/editions/2022-beijing").text
    assert title in text
    assert venue in text


def test_a_coming_edition_shows_the_way_to_agenda_speakers_calendar(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as db:
        make_published(db)
    found = page(client, "/de/editions/2027-haikou")
    for rest in ("agenda", "speakers", "calendar"):
        assert f"/de/editions/2027-haikou/{rest}" in found.links
    assert "Number" not in found.text
    assert section(found, "people") == ""


@pytest.mark.parametrize(
    ("opens", "closes", "paused", "said"),
    [
        (-1, 100, False, "Open until 9 June 2027 17:00 Haikou 11:00 Berlin"),
        (1, 100, False, "Opens on 2 March 2027 17:00 Haikou 10:00 Berlin"),
        (-2, -1, False, "Closed"),
        (-1, 100, True, "Paused at the moment"),
    ],
)
def test_whether_one_may_register_follows_from_times_and_switch(
    app: Flask, client: FlaskClient, opens: int, closes: int, paused: bool, said: str
) -> None:
    with app.app_context(), transaction() as db:
        make_category(db, opens_at=NOW + timedelta(days=opens), closes_at=NOW + timedelta(days=closes), paused=paused)
    found = page(client, "/en/editions/2027-haikou")
    assert f"Registration {said}" in found.text
    assert ("/en/editions/2027-haikou/register" in found.links) is said.startswith("Open until")


def test_it_becomes_past_when_the_worker_says_so(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as db:
        make_published(db)
    assert "What it was" not in page(client, "/en/editions/2027-haikou").text
    later = NOW.replace(month=10)
    with clock.stopped(later), app.app_context(), transaction() as db:
        assert publishing.freshness.renew(db, later)
    app.extensions["shelf"].forget()
    assert "None in any source" in page(client, "/en/editions/2027-haikou").text


def test_a_cancelled_edition_says_why_and_nobody_spoke(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as db:
        anna = make_speaker(db, make_edition(db, state=State.ANNOUNCED))
        plan_session(db, anna.edition, speakers=(anna,))
        publish(db, anna.edition)
        make_step(db, anna.edition, State.CANCELLED)
    found = page(client, "/en/editions/2027-haikou")
    assert "Cancelled This edition will not take place. The venue burnt down." in found.text
    assert "Who spoke" not in found.text


def test_a_postponed_edition_has_no_days(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as db:
        edition = make_edition(db, state=State.ANNOUNCED)
        editions.postpone(db, edition.id, reason=Translated("A typhoon."), revision=1, actor=COMMAND, now=NOW)
    text = page(client, "/en/editions/2027-haikou").text
    assert "Postponed New dates are not known yet. A typhoon." in text
    assert "September" not in text


def test_a_sample_says_on_its_page_that_it_is_invented(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as db:
        make_edition(db, state=State.ANNOUNCED, is_sample=True)
        make_edition(db, slug="real", state=State.ANNOUNCED, starts_on=date(2027, 5, 5), ends_on=date(2027, 5, 5))
    assert "Sample edition." in page(client, "/en/editions/2027-haikou").html
    assert "Sample edition." not in page(client, "/en/editions/real").html


def test_a_candidate_is_on_no_public_page(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as db:
        edition = make_edition(db, state=State.ANNOUNCED)
        make_speaker(db, edition, make_person(db, "Conny Confirmed"))
        secret = make_speaker(db, edition, make_person(db, "Sigrid Secret"), state=SpeakerState.CANDIDATE)
        plan_session(db, edition, speakers=(secret,))
        publish(db, edition)
    for lang in LANGUAGES:
        assert "Conny Confirmed" in page(client, f"/{lang}/people").html
        for path in ("", "people", "organisations", "editions/2027-haikou", "editions/2027-haikou/agenda",
                     "editions/2027-haikou/speakers", "search?q=secret"):  # fmt: skip
            found = page(client, f"/{lang}/{path}")
            assert found.status == 200, path
            assert "Sigrid" not in found.html, path
        assert page(client, f"/{lang}/people/sigrid-secret").status == 404
    assert "sigrid" not in client.get("/sitemap.xml").get_data(as_text=True)
