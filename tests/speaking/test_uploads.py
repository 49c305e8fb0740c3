"""Slides over the wire: what is kept, what is refused in the reader's language, who gets them back and how."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.speakers.models import Slides
from app.speakers.slides import MOST_BYTES
from app.values.actor import Role
from app.web import files
from tests.speakers.uploads import MACROS, dangerous_pdf, pdf, plain, pptx, zip_bomb
from tests.speaking.people import HAIKOU, SPEAKERS, Crowd, as_role, reading, words


def upload(client: FlaskClient, crowd: Crowd, content: bytes, name: str = "talk.pdf", lang: str = "en") -> TestResponse:
    data: dict[str, Any] = {"slides": (BytesIO(content), name)}
    return client.post(crowd.page("Conny", "/slides", lang), data=data)


def kept(app: Flask) -> list[tuple[str, str, int]]:
    with reading(app) as db:
        return [(row.name, row.media, row.size) for row in db.query(Slides).order_by(Slides.id)]


def test_a_pdf_with_a_script_reaches_the_organisers_without_it(
    app: Flask, client: FlaskClient, organiser: FlaskClient, crowd: Crowd
) -> None:
    assert upload(client, crowd, dangerous_pdf(), "Vortrag äöü 电池.pdf").status_code == 303
    page = organiser.get(f"{SPEAKERS}/{crowd.ids['Conny']}").text
    assert "Vortrag äöü 电池.pdf" in page
    with reading(app) as db:
        number = db.query(Slides).one().id
    answer = organiser.get(f"{SPEAKERS}/{crowd.ids['Conny']}/slides/{number}")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="conny-confirmed-{number}.pdf"'
    assert (answer.mimetype, answer.headers["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert b"wicked" not in plain(answer.data).lower()
    assert client.get(crowd.page("Conny", f"/slides/file?slides={number}")).data == answer.data


def test_a_file_of_another_speaker_or_edition_is_not_there(
    app: Flask, client: FlaskClient, organiser: FlaskClient, crowd: Crowd
) -> None:
    upload(client, crowd, pdf())
    with reading(app) as db:
        number = db.query(Slides).one().id
    assert client.get(crowd.page("Ines", f"/slides/file?slides={number}")).status_code == 404
    assert organiser.get(f"{SPEAKERS}/{crowd.ids['Ines']}/slides/{number}").status_code == 404
    assert client.post(crowd.page("Ines", "/slides/remove"), data={"slides": number}).status_code == 404
    assert client.get(f"{HAIKOU}/speakers/{crowd.ids['Conny']}/slides/{number}").status_code == 303
    for wrong in ("99999999999999999999", "-1", "x", ""):
        assert client.get(crowd.page("Conny", f"/slides/file?slides={wrong}")).status_code == 404
        assert client.post(crowd.page("Conny", "/slides/remove"), data={"slides": wrong}).status_code == 404


@pytest.mark.parametrize("role", [Role.REGISTRATION_DESK, Role.VIEWER, Role.TRANSLATOR])
def test_whoever_sees_the_edition_gets_the_slides(app: Flask, client: FlaskClient, crowd: Crowd, role: Role) -> None:
    upload(client, crowd, pptx(), "talk.pptx")
    with reading(app) as db:
        number = db.query(Slides).one().id
    answer = as_role(app, role, crowd.edition).get(f"{SPEAKERS}/{crowd.ids['Conny']}/slides/{number}")
    assert answer.headers["Content-Disposition"].endswith('.pptx"')
    assert as_role(app, Role.CHECK_IN, crowd.edition).get(answer.request.path).status_code == 404


@pytest.mark.parametrize(
    ("content", "status", "words_of"),
    [
        (b"MZ\x90\x00 an exe, renamed", 422, "We take slides as PDF or PPTX."),
        (pptx(kind=MACROS), 422, "This file contains macros or programs."),
        (zip_bomb(), 422, "This file unpacks to far more than slides need."),
        (b"%PDF-1.7 nonsense", 422, "This file is damaged"),
        (b"%PDF-" + bytes(MOST_BYTES), 422, "This file is too large: at most 25 MB."),
        (b"%PDF-" + bytes(MOST_BYTES + 100 * 1024), 413, "This file is too large: at most 25 MB."),
        (b"", 422, "We take slides as PDF or PPTX."),
    ],
    ids=["exe", "macros", "bomb", "broken", "large", "far too large", "empty"],
)
def test_what_is_not_taken_is_said_and_not_kept(
    app: Flask, client: FlaskClient, crowd: Crowd, content: bytes, status: int, words_of: str
) -> None:
    answer = upload(client, crowd, content)
    assert (answer.status_code, words_of in words(answer.text)) == (status, True)
    assert kept(app) == []


def test_without_a_file_nothing_happens(app: Flask, client: FlaskClient, crowd: Crowd) -> None:
    for data in ({}, {"slides": "text", "portrait": "text"}):
        for then in ("/slides", "/portrait"):
            answer = client.post(crowd.page("Conny", then), data=data, content_type="multipart/form-data")
            assert (answer.status_code, "Choose a file first." in words(answer.text)) == (422, True)


def test_only_here_may_a_body_be_so_large(client: FlaskClient, crowd: Crowd) -> None:
    seven = b"x" * (7 * 1024 * 1024)
    assert upload(client, crowd, b"%PDF-" + seven).status_code == 422
    for then, status in (("/portrait", 422), ("/texts", 413), ("/time", 413), ("/decline", 413)):
        answer = client.post(crowd.page("Conny", then), data={"portrait": (BytesIO(seven), "me.jpg")})
        assert answer.status_code == status, then


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"%PDF-1.7", "This is not a picture we can read."),
        (b"GIF89a", "This is not a picture we can read."),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "This is not a picture we can read."),
    ],
)
def test_a_portrait_that_is_no_picture_is_refused(
    app: Flask, client: FlaskClient, crowd: Crowd, content: bytes, message: str
) -> None:
    answer = client.post(crowd.page("Conny", "/portrait"), data={"portrait": (BytesIO(content), "me.jpg")})
    assert (answer.status_code, message in words(answer.text)) == (422, True)


def test_what_is_taken_away_is_gone_from_the_store_too(app: Flask, client: FlaskClient, crowd: Crowd) -> None:
    upload(client, crowd, pdf())
    with reading(app) as db:
        row = db.query(Slides).one()
        number, digest = row.id, row.digest
        assert files.fetch(digest) is not None
    assert client.post(crowd.page("Conny", "/slides/remove"), data={"slides": number}).status_code == 303
    assert kept(app) == []
    with app.app_context():
        assert files.fetch(digest) is None


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("\u202egnp.fdp", "slides.pdf"),
        ("x" * 300 + ".pdf", "slides.pdf"),
        ("<b>talk</b>.pdf", "b>.pdf"),
    ],
)
def test_a_name_is_for_reading_and_never_a_path(
    app: Flask, client: FlaskClient, crowd: Crowd, name: str, shown: str
) -> None:
    assert upload(client, crowd, pdf(), name).status_code == 303
    assert kept(app)[0][0] == shown
    assert "<b>talk" not in client.get(crowd.page("Conny")).text
