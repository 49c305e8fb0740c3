from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from app.editions import actions as editions
from app.editions import queries as editions_found
from app.editions.rules import OrganisationPart, State
from app.people import actions as people
from app.people import queries as found_people
from app.people.portraits import decoded
from app.values.actor import COMMAND
from app.values.language import Translated
from app.web.transaction import transaction
from tests.conftest import NOW
from tests.factories.editions import make_edition, make_step
from tests.factories.people import make_organisation, make_person
from tests.factories.publishing import publish
from tests.factories.speakers import make_speaker
from tests.site.reading import page, section

LANGUAGES = ("en", "de", "zh")


def test_the_index_says_where_everybody_appeared(history: Flask, client: FlaskClient) -> None:
    text = page(client, "/en/people").text
    assert (
        "Wan Gang 万钢 2012 (milestone), 2020 (forum), 2020 (congress), 2022 (congress), 2023 (congress), 2025 (forum)"
        in text
    )
    assert "Hildegard Müller 穆希雅 2023 (congress), 2025 (congress), 2025 (forum)" in text
    assert "Herbert Diess 2020 (congress)" in text
    assert "Yu Junqing 于俊清 2025 (forum, present)" in text
    assert "34 people" in text


def test_the_index_sorts_as_the_language_does(history: Flask, client: FlaskClient) -> None:
    english, chinese = page(client, "/en/people").text, page(client, "/zh/people").text
    latin = [english.index(name) for name in ("Altmaier", "Blume", "Chen Hong", "Diess", "von Goetze", "Wan Gang")]
    pinyin = [chinese.index(name) for name in ("冯飞", "侯福深", "史明德", "万钢", "翟谦", "张进华")]
    assert latin == sorted(latin)
    assert pinyin == sorted(pinyin)


def test_a_person_is_one_page_over_all_editions(history: Flask, client: FlaskClient) -> None:
    found = page(client, "/en/people/wan-gang")
    series, congress = section(found, "editions"), section(found, "congress")
    assert "3 editions, 2020–2025" in series
    assert series.count("Speaker at the forum") == 2
    assert series.count("Speaker at the congress") == 1  # 2023, which was the congress itself
    assert "Not known to have been part of the forum." in congress
    assert "2022 Beijing" in congress
    assert "2020 Haikou" in congress
    assert "Then Minister of Science and Technology" in section(found, "milestones")
    assert "Family name Wan, 万" in found.text


def test_role_and_organisation_are_those_of_the_time(history: Flask, client: FlaskClient) -> None:
    found = page(client, "/en/people/holger-klein")
    assert "then Member of the Board of Management" in section(found, "congress")
    assert "then Chief Executive Officer" in section(found, "editions")
    assert "the match to Holger Klein is ours" in found.text


def test_who_spoke_at_congresses_only_is_nowhere_a_speaker_of_the_forum(history: Flask, client: FlaskClient) -> None:
    for slug in ("herbert-diess", "gerd-mueller", "oliver-blume", "frank-weber"):
        assert "Speaker at the forum" not in page(client, f"/en/people/{slug}").text, slug


def test_one_named_at_a_milestone_alone_has_a_page(history: Flask, client: FlaskClient) -> None:
    found = page(client, "/de/people/angela-merkel")
    assert "Bundeskanzlerin" in found.text
    assert section(found, "editions") == ""


@pytest.mark.parametrize(
    ("lang", "title"), [("en", "Wan Gang (万钢)"), ("de", "Wan Gang (万钢)"), ("zh", "万钢（Wan Gang）")]
)
def test_names_lead_with_the_readers_script(history: Flask, client: FlaskClient, lang: str, title: str) -> None:
    assert title in page(client, f"/{lang}/people/wan-gang").title


def test_an_organisation_is_one_page_over_all_editions(history: Flask, client: FlaskClient) -> None:
    found = page(client, "/en/organisations/vda")
    behind = section(found, "editions")
    assert "2025 Haikou 27 September 2025 Host" in behind
    assert "2020 Haikou 28 September 2020 Partner, Named as taking part, Co-organiser of the congress" in behind
    voices = section(found, "people")
    assert "Hildegard Müller 穆希雅 President 2025 Haikou , spoke at the forum" in voices
    assert "2023 Munich , spoke at the congress" in voices


def test_an_international_organisation_has_no_country(history: Flask, client: FlaskClient) -> None:
    assert "International organisation" in page(client, "/en/organisations/undp").text


def test_all_organisations_are_listed_with_their_years(history: Flask, client: FlaskClient) -> None:
    text = page(client, "/en/organisations").text
    assert "36 organisations" in text
    assert "Volkswagen 2020, 2023, 2025" in text


def test_who_is_in_no_release_has_no_page(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as db:
        make_edition(db, state=State.ANNOUNCED)
        make_person(db, "Hidden Hans")
        make_organisation(db, "Hidden House")
    for lang in LANGUAGES:
        for path in ("people/hidden-hans", "organisations/hidden-house"):
            assert page(client, f"/{lang}/{path}").status == 404
        for path in ("people", "organisations", "search?q=hidden"):
            assert "Hidden H" not in page(client, f"/{lang}/{path}").html


def test_a_host_becomes_public_with_the_edition_and_goes_with_it(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as db:
        edition, house = make_edition(db), make_organisation(db, "Open House")
        edition_id = edition.id
        editions.set_organisations(
            db, edition_id, [(OrganisationPart.HOST, house.id)], revision=1, actor=COMMAND, now=NOW
        )
    statuses = []
    for to in (None, State.ANNOUNCED, State.DRAFT):
        if to:
            with app.app_context(), transaction() as db:
                make_step(db, editions_found.locked_edition(db, edition_id), to)
            app.extensions["shelf"].forget()
        statuses.append(page(client, "/en/organisations/open-house").status)
    assert statuses == [404, 200, 404]


def test_a_portrait_is_public_with_its_person_only(app: Flask, client: FlaskClient) -> None:
    out = BytesIO()
    Image.new("RGB", (800, 1000), "teal").save(out, "PNG")
    with app.app_context(), transaction() as db:
        anna, eve = make_person(db, "Anna Seen"), make_person(db, "Eve Unseen")
        for person in (anna, eve):
            people.set_portrait(db, person.id, decoded(out.getvalue()), revision=1, actor=COMMAND, now=NOW)
        edition = make_edition(db, state=State.ANNOUNCED)
        make_speaker(db, edition, anna)
        publish(db, edition)
        digests = [person.portrait.digest for person in (anna, eve) if person.portrait]
    seen, unseen = (client.get(f"/portraits/{digest}.webp") for digest in digests)
    assert (seen.status_code, seen.mimetype, unseen.status_code) == (200, "image/webp", 404)
    assert 'width="512" height="640"' in page(client, "/en/people/anna-seen").html


def test_names_are_live_on_every_page(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as db:
        edition = make_edition(db, state=State.ANNOUNCED)
        make_speaker(db, edition, make_person(db, "Anna Before"))
        publish(db, edition)
    assert "Anna Before" in page(client, "/en/people").html
    with app.app_context(), transaction() as db:
        person = found_people.person_by_slug(db, "anna-before")
        assert person is not None
        facts = type(found_people.person_facts(person))(type(person.full_name)("Anna After", "After"))
        people.change_person(db, person.id, facts, revision=1, actor=COMMAND, now=NOW)
    app.extensions["shelf"].forget()
    assert "Anna After" in page(client, "/en/people").html
    assert "Anna After" in page(client, "/en/people/anna-before").title


def test_somebody_invented_is_said_to_be(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as db:
        edition = make_edition(db, state=State.ANNOUNCED, is_sample=True)
        make_speaker(db, edition, make_person(db, "Max Muster"))
        publish(db, edition)
    assert "this person is invented" in page(client, "/en/people/max-muster").html
    assert "Max Muster 2027 (sample, invented)" in page(client, "/en/people").text


def test_who_will_speak_has_not_spoken_yet(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as db:
        edition = make_edition(db, slug="2027", state=State.ANNOUNCED)
        make_speaker(db, edition, make_person(db, "Anna Soon"), role=Translated("Minister"))
        publish(db, edition)
    text = page(client, "/en/people/anna-soon").text
    assert "Speaker; Minister" in text
    assert "then Minister" not in text


def test_a_name_is_text_and_never_markup(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as db:
        person = make_person(db, "<u>Bold</u> & “Co”", "Bold", slug="bold")
        house = make_organisation(db, "<i>House</i>", slug="house")
        edition = make_edition(db, state=State.HELD)
        make_speaker(db, edition, person, organisation_id=house.id)
        publish(db, edition)
    for path in ("people", "people/bold", "organisations", "organisations/house", "editions/2027-haikou",
                 "search?q=bold"):  # fmt: skip
        html = page(client, f"/en/{path}").html
        assert "<u>" not in html, path
        assert "<i>" not in html, path
