"""An interpreter's briefing on paper: their own sessions, every script set, the slides behind it."""

from dataclasses import dataclass
from io import BytesIO

import pikepdf
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.values import tokens
from app.values.actor import Role
from app.values.language import Language, Translated
from app.web.transaction import transaction
from tests.exports.test_papers import glyphs
from tests.factories.accounts import make_account, sign_in
from tests.factories.agenda import make_session
from tests.factories.editions import make_edition
from tests.factories.interpreters import give, hand_out, make_interpreter
from tests.factories.people import make_person
from tests.factories.speakers import make_speaker
from tests.speakers.uploads import pdf

MANAGED = "/organise/editions/{edition}/interpretation/crew/{interpreter}/briefing.pdf"


@dataclass
class Prepared:
    client: FlaskClient
    interpreter: int
    token: str


@pytest.fixture
def prepared(app: Flask, client: FlaskClient) -> Prepared:
    """One interpreter, one session with 张喆堃 and three slides; a foreign edition beside it."""
    with app.app_context(), transaction() as db:
        edition = make_edition(db, slug="2027-haikou")
        make_edition(db, slug="2028-berlin")
        speaker = make_speaker(
            db, edition, make_person(db, "张喆堃", "张", second="Zhang Zhekun", second_family="Zhang")
        )
        session = make_session(
            db, edition, "Cells", "2027-09-23 09:00", "2027-09-23 10:00", speakers=(speaker,), language=Language.EN,
            interpretation=("zh",), abstract=Translated("On cells", "Über Zellen", "关于电芯"),
        )  # fmt: skip
        interpreter = make_interpreter(db, edition, "Łucja Šimůnková")
        give(db, session, interpreter)
        hand_out(db, speaker, content=pdf(pages=3))
        token = tokens.sealed("briefing", interpreter.uid, app.config["SECRET_KEY"])
        account, number = make_account(db, role=Role.VIEWER).id, interpreter.id
    sign_in(client, account)
    return Prepared(client, number, token)


def bookmarks(made: bytes) -> list[str]:
    with pikepdf.open(BytesIO(made)) as document, document.open_outline() as outline:
        return [item.title for item in outline.root]


def pages(made: bytes) -> int:
    with pikepdf.open(BytesIO(made)) as document:
        return len(document.pages)


@pytest.mark.parametrize("lang", list(Language))
def test_every_script_of_a_briefing_is_set(prepared: Prepared, lang: Language) -> None:
    answer = prepared.client.get(f"/{lang}/briefings/{prepared.token}/briefing.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    shown = list(glyphs(answer.data))
    assert len(shown) > 150
    assert shown.count(0) == 0


def test_the_slides_stand_behind_it_with_the_speakers_name(prepared: Prepared) -> None:
    made = prepared.client.get(MANAGED.format(edition="2027-haikou", interpreter=prepared.interpreter)).data
    assert bookmarks(made) == ["Zhang Zhekun"]
    assert pages(made) == 2 + 3


def test_slides_that_are_gone_from_the_store_leave_the_rest_as_it_is(
    app: Flask, prepared: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.web.files.fetch", lambda _digest: None)
    made = prepared.client.get(MANAGED.format(edition="2027-haikou", interpreter=prepared.interpreter)).data
    assert (bookmarks(made), pages(made)) == ([], 2)


def test_nobody_keeps_it_and_a_wrong_token_opens_nothing(prepared: Prepared) -> None:
    answer = prepared.client.get(f"/en/briefings/{prepared.token}/briefing.pdf")
    assert answer.headers["Cache-Control"] == "no-store"
    assert prepared.client.get(f"/en/briefings/{prepared.token[:-2]}xx/briefing.pdf").status_code == 404


def test_an_interpreter_of_another_edition_is_not_found(prepared: Prepared) -> None:
    address = MANAGED.format(edition="2028-berlin", interpreter=prepared.interpreter)
    assert prepared.client.get(address).status_code == 404
