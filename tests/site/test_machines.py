from datetime import timedelta
from xml.etree import ElementTree

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app import freshness
from app.editions.rules import State
from app.web import clock
from app.web.transaction import transaction
from tests.conftest import NOW
from tests.factories.editions import make_edition, make_series
from tests.site.reading import page


def test_alive_is_said_without_asking_the_database(app: Flask, client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_ready_when_the_database_answers_and_the_worker_keeps_up(app: Flask, client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"database": True, "schema": True, "worker": True})


def test_not_ready_with_another_schema(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as db:
        version = db.scalar(text("SELECT version_num FROM alembic_version"))
        db.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    try:
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json) == (503, {"database": True, "schema": False, "worker": True})
    finally:
        with app.app_context(), transaction() as db:
            db.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})


def test_not_ready_when_the_worker_is_late_by_more_than_two_minutes(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as db:
        freshness.due(db, NOW + timedelta(minutes=1), now=NOW)
    for minutes, status in ((2, 200), (4, 503)):
        with clock.stopped(NOW + timedelta(minutes=minutes)):
            assert client.get("/readyz").status_code == status


def test_an_installation_without_history_has_honest_pages(app: Flask, client: FlaskClient) -> None:
    assert page(client, "/en/").status == 404
    assert page(client, "/en/people").status == 200
    with app.app_context(), transaction() as db:
        make_series(db)
    app.extensions["shelf"].forget()
    found = page(client, "/en/")
    assert found.status == 200
    assert "The next edition has not been announced yet." in found.text


def test_robots_are_welcome_and_shown_the_map(app: Flask, client: FlaskClient) -> None:
    lines = client.get("/robots.txt").text.splitlines()
    assert "Allow: /" in lines
    assert "Sitemap: http://forum.test/sitemap.xml" in lines


def test_the_map_names_public_pages_in_three_languages_and_each_exists(history: Flask, client: FlaskClient) -> None:
    answer = client.get("/sitemap.xml")
    places = ElementTree.fromstring(answer.data).findall(".//{*}loc")
    addresses = [(place.text or "").removeprefix("http://forum.test") for place in places]
    assert len(addresses) == len(set(addresses))
    for lang in ("en", "de", "zh"):
        assert f"/{lang}/people/wan-gang" in addresses
        assert f"/{lang}/editions/2025-haikou" in addresses
    wrong = {path: status for path in addresses if (status := client.get(path).status_code) != 200}
    assert wrong == {}


def test_the_map_knows_no_draft(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as db:
        make_edition(db, slug="secret")
        make_edition(db, slug="known", state=State.ANNOUNCED)
    answer = client.get("/sitemap.xml").text
    assert "known" in answer
    assert "secret" not in answer


def test_imprint_privacy_and_contact_come_from_the_series(history: Flask, client: FlaskClient) -> None:
    for path, words in {
        "/en/imprint": "has not yet entered an imprint",
        "/de/privacy": "Was gespeichert wird",
        "/zh/contact": "请与该届论坛的组织者联系",
    }.items():
        assert words in page(client, path).text
