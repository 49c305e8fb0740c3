"""Where files are kept, and what happens while nobody can keep them."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.site.cli import of_files
from app.speakers.models import Slides
from app.web import files
from tests.speakers.uploads import pdf
from tests.speaking.people import Crowd, reading


def test_a_file_is_found_by_its_digest_until_it_is_forgotten(app: Flask) -> None:
    with app.app_context():
        digest = files.keep("Folien 电池".encode())
        assert files.keep("Folien 电池".encode()) == digest
        assert files.fetch(digest) == "Folien 电池".encode()
        files.forget(digest)
        assert files.fetch(digest) is None
        files.forget(digest)


class Broken:
    """A store whose disk is full, or that is away."""

    def __init__(self, words: str) -> None:
        self.words = words

    def put(self, *_args: Any) -> None:
        raise OSError(self.words)


@pytest.mark.parametrize(("words", "status"), [("No space left on device", 507), ("connection refused", 503)])
def test_while_nothing_can_be_kept_the_answer_is_honest_and_no_row_is_written(
    app: Flask, client: FlaskClient, crowd: Crowd, monkeypatch: pytest.MonkeyPatch, words: str, status: int
) -> None:
    monkeypatch.setitem(app.extensions, "files", Broken(words))
    answer = client.post(crowd.page("Conny", "/slides"), data={"slides": (BytesIO(pdf()), "talk.pdf")})
    assert answer.status_code == status
    with reading(app) as db:
        assert db.query(Slides).count() == 0
    with app.app_context():
        [said] = of_files(app.config["LUNTAN"])
        assert words in said


def test_the_doctor_has_nothing_to_say_of_a_store_that_keeps(app: Flask) -> None:
    with app.app_context():
        assert list(of_files(app.config["LUNTAN"])) == []
