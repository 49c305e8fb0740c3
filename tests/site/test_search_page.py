import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.site.reading import page


@pytest.mark.parametrize("lang", ["en", "de", "zh"])
@pytest.mark.parametrize("typed", ["Müller", "muller", "MÜLLER", "mueller", "穆希雅"])
def test_a_name_is_found_however_one_types_it(history: Flask, client: FlaskClient, lang: str, typed: str) -> None:
    assert f"/{lang}/people/hildegard-mueller" in page(client, f"/{lang}/search?q={typed}").links


def test_two_characters_of_chinese_are_enough(history: Flask, client: FlaskClient) -> None:
    assert "/en/editions/2023-munich" in page(client, "/en/search?q=电池").links


def test_editions_sessions_people_and_organisations_are_found(history: Flask, client: FlaskClient) -> None:
    found = page(client, "/en/search?q=Roundtable").links
    assert "/en/editions/2025-haikou/agenda/roundtable" in found
    assert "/en/organisations/volkswagen" in page(client, "/en/search?q=volks").links
    assert "/en/editions/2022-beijing" in page(client, "/en/search?q=3rd forum").links


def test_every_result_leads_to_a_page(history: Flask, client: FlaskClient) -> None:
    links = [link for link in page(client, "/zh/search?q=汽车").links if link.startswith("/zh/")]
    assert len(links) > 10
    assert {link: page(client, link).status for link in links if page(client, link).status != 200} == {}


def test_nothing_found_says_what_to_try(history: Flask, client: FlaskClient) -> None:
    text = page(client, "/en/search?q=zeppelin").text
    assert "Nothing found for “zeppelin”" in text
    assert "Try fewer words" in text


@pytest.mark.parametrize("typed", ["", "   ", "-", "%25", "'", "<script>", "a" * 5000, "%F0%9F%9A%97", "_"])
def test_whatever_is_typed_gets_a_page(history: Flask, client: FlaskClient, typed: str) -> None:
    found = page(client, f"/en/search?q={typed}")
    assert found.status == 200
    assert "<script>" not in found.html


def test_a_search_is_nobody_elses_to_keep(history: Flask, client: FlaskClient) -> None:
    assert client.get("/en/search?q=Wan").headers["Cache-Control"] == "no-store"
