from flask import Flask
from flask.testing import FlaskClient

from app.web.access import organiser
from app.values.actor import Right


def test_someone_signed_in_is_known(signed_in: FlaskClient) -> None:
    answer = signed_in.get("/organise/sign-in/")
    assert (answer.status_code, answer.location) == (302, "/organise/")
