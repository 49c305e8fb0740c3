"""Files for translators through the pages: out, dry run, taken over; and who may."""

import re
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.agenda import actions as agenda
from app.agenda.models import Session
from app.audit.models import AuditEntry
from app.editions import actions as editions
from app.editions.models import Edition
from app.editions.rules import State
from app.exports.forms import A_DAY
from app.extensions import database
from app.publishing import planned
from app.publishing.models import PlannedRelease
from app.speakers.models import LetterTemplate
from app.speaking import actions as speaking
from app.speaking.rules import Letter
from app.translation.queries import stale_marks
from app.values.actor import COMMAND, Role
from app.values.language import Language, Translated
from app.web.transaction import transaction
from tests.conftest import NOW
from tests.exports.test_xliff import translated
from tests.exports.translations import cells_of, filled_in
from tests.factories.accounts import make_account, sign_in
from tests.factories.editions import make_edition
from tests.factories.publishing import in_three, plan_session
from tests.site.test_counts import counted

EN, DE, ZH = Language
BY = {"actor": COMMAND, "now": NOW}
HERE = "/organise/editions/2027-haikou/languages"
FILES = f"{HERE}/files"
DONE = {
    "session-1-title/Deutsch": "Trockenzellen", "session-1-abstract/中文": "说来话长。", "session-2-title/Deutsch": "Zwei",
    "session-2-title/中文": "二",
}  # fmt: skip


@pytest.fixture
def talks(app: Flask) -> None:
    """Of the first the German title is stale and the Chinese abstract missing, of the second two titles."""
    with app.app_context(), transaction() as db:
        edition, other = make_edition(db), make_edition(db, slug="2028-bremen")
        first = plan_session(
            db, edition, Translated("Cells", "Zellen", "电池"), abstract=Translated("Much to say.", "Viel zu sagen.")
        )
        agenda.reword_session(db, first.id, {"title": replace(first.title, en="Dry cells", zh="干电池")}, **BY)
        plan_session(db, edition, Translated("Two"), "10:00", "10:45")
        plan_session(db, other, in_three("Elsewhere"))


@pytest.fixture
def browser(app: Flask, talks: None) -> Callable[[Role], FlaskClient]:
    def opened(role: Role, name: str = "") -> FlaskClient:
        with app.app_context(), transaction() as db:
            edition = db.scalars(select(Edition).where(Edition.slug == "2027-haikou")).one()
            account = make_account(db, f"{name}{role}@forum.test", role, edition_id=edition.id, name="Lin Xiaolan").id
        return sign_in(app.test_client(), account)

    return opened


@pytest.fixture
def translator(browser: Callable[[Role], FlaskClient]) -> FlaskClient:
    return browser(Role.TRANSLATOR)


def sheet(client: FlaskClient, query: str = "") -> bytes:
    return client.get(f"{FILES}/texts.xlsx?{query}").data


def upload(client: FlaskClient, raw: bytes, name: str = "texts.xlsx") -> TestResponse:
    return client.post(FILES, data={"file": (BytesIO(raw), name)}, content_type="multipart/form-data")


def parcel(page: str) -> list[str]:
    return re.findall(r'name="rows" value="([^"]+)"', page)


def take(client: FlaskClient, rows: list[str], address: str = FILES) -> TestResponse:
    return client.post(f"{address}/take", data={"rows": rows}, content_type="multipart/form-data")


def titles(app: Flask) -> list[Translated]:
    with app.app_context():
        return list(database.session.scalars(select(Session.title).where(Session.edition_id == 1).order_by(Session.id)))


def reword(app: Flask, talk: int, **texts: Translated) -> None:
    with app.app_context(), transaction() as db:
        agenda.reword_session(db, talk, texts, **BY)


# ── Out ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_sheet_holds_what_the_list_shows(translator: FlaskClient) -> None:
    _codes, head, *rows = cells_of(sheet(translator))
    assert head[:3] == ["Key (leave as it is)", "Kind", "Whose"]
    assert [(row[0], row[5], row[7]) for row in rows] == [
        ("session-1-title", "Deutsch", "stale"), ("session-1-abstract", "中文", "missing"),
        ("session-2-title", "Deutsch", "missing"), ("session-2-title", "中文", "missing"),
    ]  # fmt: skip
    assert [row[0] for row in cells_of(sheet(translator, "language=zh&kind=session_title"))[2:]] == ["session-2-title"]
    assert len(cells_of(sheet(translator, "state=all"))) == 2 + 10


def test_it_is_sent_as_a_file_of_its_kind(translator: FlaskClient) -> None:
    answer = translator.get(f"{FILES}/texts.xlsx")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="2027-haikou-texts.xlsx"'
    assert answer.mimetype.endswith("spreadsheetml.sheet")
    assert "no-store" in answer.headers["Cache-Control"]
    answer = translator.get(f"{FILES}/en-zh.xlf")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="2027-haikou-en-zh.xlf"'
    assert answer.mimetype == "application/xliff+xml"
    assert b'srcLang="en" trgLang="zh-Hans"' in answer.data


def test_xliff_is_one_document_for_each_pair_of_languages_there_is(app: Flask, translator: FlaskClient) -> None:
    page = translator.get(FILES).text
    assert f'href="{FILES}/en-de.xlf"' in page
    assert f'href="{FILES}/de-en.xlf"' not in page
    assert translator.get(f"{FILES}/de-en.xlf").status_code == 404
    with app.app_context(), transaction() as db:
        plan_session(db, db.get_one(Edition, 1), Translated("", "Nur deutsch"), "11:00", "11:45")
    assert f'href="{FILES}/de-en.xlf"' in translator.get(FILES).text
    assert b"Nur deutsch" in translator.get(f"{FILES}/de-en.xlf").data
    assert b"Nur deutsch" not in translator.get(f"{FILES}/en-zh.xlf").data


@pytest.mark.parametrize("address", [f"{FILES}/texts.xlsx?state=all", f"{FILES}/en-zh.xlf?state=all", FILES])
def test_a_file_costs_as_many_queries_however_much_is_in_it(app: Flask, translator: FlaskClient, address: str) -> None:
    costs = []
    for more in (0, 40):
        with app.app_context(), transaction() as db:
            for n in range(more):
                plan_session(db, db.get_one(Edition, 1), Translated(f"Talk {n}"))
        translator.get(address)
        with counted(app) as asked:
            assert translator.get(address).status_code == 200
        costs.append(len(asked))
    assert costs[0] == costs[1]


# ── Back ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_round_trip_of_a_sheet(app: Flask, translator: FlaskClient) -> None:
    rehearsal = upload(translator, filled_in(sheet(translator), DONE))
    assert rehearsal.status_code == 200
    assert "Take over these 4" in rehearsal.text
    assert "<del>Zellen</del><ins>Trockenzellen</ins>" in rehearsal.text
    done = take(translator, parcel(rehearsal.text))
    assert (done.status_code, done.location) == (303, HERE)
    assert "4 translations taken over." in translator.get(HERE).text
    assert titles(app) == [Translated("Dry cells", "Trockenzellen", "干电池"), Translated("Two", "Zwei", "二")]
    assert "Every text is there in all three languages" in translator.get(HERE).text
    with app.app_context():
        acts = database.session.scalars(select(AuditEntry).where(AuditEntry.verb == "translations_imported")).all()
        assert [(act.actor_name, act.data["number"]) for act in acts] == [("Lin Xiaolan", 4)]


def test_the_round_trip_of_xliff(app: Flask, translator: FlaskClient) -> None:
    words = {"session-1-title": "Trockenzellen", "session-2-title": "Zwei"}
    raw = translated(translator.get(f"{FILES}/en-de.xlf").data, words)
    rehearsal = upload(translator, raw, "texts.txt")
    assert "Take over these 2" in rehearsal.text
    assert take(translator, parcel(rehearsal.text)).status_code == 303
    assert [title.de for title in titles(app)] == ["Trockenzellen", "Zwei"]


def test_a_dry_run_changes_nothing(app: Flask, translator: FlaskClient) -> None:
    before, raw = titles(app), filled_in(sheet(translator), DONE)
    with counted(app) as asked:
        assert upload(translator, raw).status_code == 200
    writes = [s for s in asked if s.split()[0] in ("INSERT", "UPDATE", "DELETE") and "sign_in" not in s]
    assert (titles(app), writes) == (before, [])
    with app.app_context():
        assert len(stale_marks(database.session())) == 1


def test_what_may_not_be_taken_is_said_with_its_row_and_the_rest_is_taken(app: Flask, translator: FlaskClient) -> None:
    raw = filled_in(sheet(translator), DONE | {"session-2-title/Deutsch": "x" * 301})
    reword(app, 1, abstract=Translated("Even more to say.", "Viel zu sagen."))
    page = upload(translator, raw).text
    refused = [" ".join(re.sub("<[^>]+>", " ", row).split()) for row in re.findall("<tr><td.*?</tr>", page)]
    assert refused[0].startswith("Row 4 Dry cells, Abstract 中文 The source was changed after this file was made.")
    assert refused[1] == "Row 5 Two, Title Deutsch This text is longer than 300 characters."
    assert len(refused) == 2
    take(translator, parcel(page))
    assert titles(app) == [Translated("Dry cells", "Trockenzellen", "干电池"), Translated("Two", "", "二")]


def test_rows_of_another_edition_are_foreign(app: Flask, translator: FlaskClient) -> None:
    assert "There is no such text in this edition" not in upload(translator, filled_in(sheet(translator), DONE)).text
    with app.app_context(), transaction() as db:
        account = make_account(db, "ada@forum.test", Role.ADMINISTRATOR).id
    administrator = sign_in(app.test_client(), account)
    foreign = administrator.get("/organise/editions/2028-bremen/languages/files/texts.xlsx?state=all").data
    page = upload(translator, filled_in(foreign, lambda _row: "Neu")).text
    assert page.count("There is no such text in this edition.") == 6  # its session's title, and its own two texts
    assert parcel(page) == []


def test_what_changed_between_dry_run_and_button_is_refused_at_its_row(app: Flask, translator: FlaskClient) -> None:
    rows = parcel(upload(translator, filled_in(sheet(translator), DONE)).text)
    reword(app, 1, title=Translated("Dry cells", "Von anderer Hand", "干电池"))
    answer = take(translator, rows)
    assert answer.status_code == 409
    assert "3 translations taken over." in answer.text
    assert "Somebody else wrote this translation after this file was made." in answer.text
    assert titles(app) == [Translated("Dry cells", "Von anderer Hand", "干电池"), Translated("Two", "Zwei", "二")]
    again = take(translator, rows)
    assert again.status_code == 409
    assert titles(app)[0].de == "Von anderer Hand"


def test_the_same_button_twice_does_the_same_once(app: Flask, translator: FlaskClient) -> None:
    rows = parcel(upload(translator, filled_in(sheet(translator), DONE)).text)
    assert take(translator, rows).status_code == 303
    with app.app_context():
        revisions = database.session.scalars(select(Session.revision)).all()
    assert take(translator, rows).status_code == 303
    with app.app_context():
        assert database.session.scalars(select(Session.revision)).all() == revisions


def test_a_list_that_was_tampered_with_is_not_taken(app: Flask, translator: FlaskClient) -> None:
    rows = parcel(upload(translator, filled_in(sheet(translator), DONE)).text)
    for bad in ([], ["nonsense"], [rows[0][:-2] + "xx"], [rows[0] + rows[0]], [f".{rows[0]}"]):
        answer = take(translator, bad)
        assert answer.status_code == 409
        assert "Upload the file once more" in answer.text
    assert titles(app)[0].de == "Zellen"


def test_a_list_is_for_its_person_and_its_edition_and_a_day(
    app: Flask, browser: Callable[..., FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, yours = browser(Role.TRANSLATOR), browser(Role.TRANSLATOR, "second-")
    rows = parcel(upload(mine, filled_in(sheet(mine), DONE)).text)
    assert take(yours, rows).status_code == 409
    with app.app_context(), transaction() as db:
        account = make_account(db, "ada@forum.test", Role.ADMINISTRATOR).id
    administrator = sign_in(app.test_client(), account)
    here = parcel(upload(administrator, filled_in(sheet(administrator), DONE)).text)
    assert take(administrator, here, "/organise/editions/2028-bremen/languages/files").status_code == 409
    later = time.time() + A_DAY + 10
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: later)
    assert take(mine, rows).status_code == 409
    monkeypatch.undo()
    assert take(mine, rows).status_code == 303


def test_two_thousand_rows_go_through_the_page_and_back(app: Flask, translator: FlaskClient) -> None:
    with app.app_context(), transaction() as db:
        for n in range(500):
            plan_session(db, db.get_one(Edition, 1), Translated(f"Talk {n}"), abstract=Translated(f"About {n}. " * 30))
    raw = filled_in(sheet(translator), lambda row: f"{row[5]} {row[0]} 译文 {row[4][::-1]}"[:300])
    rehearsal = upload(translator, raw)
    assert "Take over these 2004" in rehearsal.text
    assert take(translator, parcel(rehearsal.text)).status_code == 303
    assert "nothing missing or stale" in translator.get(HERE).text


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "Choose a file first"),
        (b"Key;New", "neither an XLSX file nor an XLIFF file"),
        (b"\x89PNG\r\n\x1a\n", "neither an XLSX file nor an XLIFF file"),
        (b"PK\x03\x04nonsense", "damaged or protected"),
        (b"  <html></html>", "not in it"),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><xliff/>", "entities of its own"),
    ],
)
def test_a_file_that_is_none_of_ours_is_refused_beside_the_field(
    translator: FlaskClient, raw: bytes, said: str
) -> None:
    answer = upload(translator, raw) if raw else translator.post(FILES, data={})
    assert answer.status_code == 422
    assert said in answer.text


def test_a_file_larger_than_a_request_may_be_is_413(translator: FlaskClient) -> None:
    assert upload(translator, b"PK\x03\x04" + b"x" * (7 * 1024 * 1024)).status_code == 413


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [(Role.TRANSLATOR, 200, 200), (Role.AGENDA_EDITOR, 200, 200), (Role.ORGANISER, 200, 200), (Role.VIEWER, 200, 404),
     (Role.CHECK_IN, 404, 404)],
)  # fmt: skip
def test_who_may_take_texts_out_and_who_may_bring_them_back(
    browser: Callable[[Role], FlaskClient], translator: FlaskClient, role: Role, reads: int, writes: int
) -> None:
    client = browser(role) if role is not Role.TRANSLATOR else translator
    assert {client.get(a).status_code for a in (FILES, f"{FILES}/texts.xlsx", f"{FILES}/en-de.xlf")} == {reads}
    assert upload(client, filled_in(sheet(translator), DONE)).status_code == writes
    assert (take(client, ["x"]).status_code == 404) is (writes == 404)
    if reads == 200:
        assert ("Read a translated file" in client.get(FILES).text) is (writes == 200)


def test_nobody_of_another_edition_comes_in(app: Flask, browser: Callable[[Role], FlaskClient]) -> None:
    client = browser(Role.ORGANISER)
    for path in ("", "/texts.xlsx", "/en-de.xlf"):
        assert client.get(f"/organise/editions/2028-bremen/languages/files{path}").status_code == 404


LETTER = Translated("Dear {name}\n{link}")


@pytest.fixture
def waiting(app: Flask, talks: None) -> None:
    """A letter, the note of a planned release and why the edition is cancelled, all in English alone."""
    with app.app_context(), transaction() as db:
        speaking.store_letter(db, 1, Letter.INVITATION, Translated("Come to {edition}"), LETTER, revision=0, **BY)
        planned.plan(db, 1, NOW + timedelta(days=1), note=Translated("The full agenda"), seen="", **BY)
        editions.step(db, 1, State.CANCELLED, reason=Translated("A storm"), **BY)


def beside_the_agenda(app: Flask) -> list[Translated]:
    with app.app_context():
        letter, db = database.session.scalars(select(LetterTemplate)).one(), database.session
        return [letter.subject, letter.body, db.get_one(PlannedRelease, 1).note, db.get_one(Edition, 1).reason]


def test_letters_and_notes_and_reasons_go_out_and_come_back_too(
    app: Flask, waiting: None, translator: FlaskClient
) -> None:
    german = {
        "letter-1-subject": "Kommen Sie: {edition}", "letter-1-body": "Guten Tag {name}\n{link}",
        "planned_release-1-note": "Das ganze Programm", "edition-1-reason": "Ein Sturm",
    }  # fmt: skip
    page = upload(translator, translated(translator.get(f"{FILES}/en-de.xlf").data, german)).text
    assert take(translator, parcel(page)).status_code == 303
    chinese = {
        "letter-1-subject/中文": "诚邀：{edition}", "letter-1-body/中文": "尊敬的{name}\n{link}",
        "planned_release-1-note/中文": "完整议程", "edition-1-reason/中文": "台风",
    }  # fmt: skip
    page = upload(translator, filled_in(sheet(translator), chinese)).text
    assert take(translator, parcel(page)).status_code == 303
    assert beside_the_agenda(app) == [
        Translated("Come to {edition}", "Kommen Sie: {edition}", "诚邀：{edition}"),
        replace(LETTER, de="Guten Tag {name}\n{link}", zh="尊敬的{name}\n{link}"),
        Translated("The full agenda", "Das ganze Programm", "完整议程"),
        Translated("A storm", "Ein Sturm", "台风"),
    ]


def test_a_letter_without_its_placeholders_is_refused_with_row_and_reason(
    app: Flask, waiting: None, translator: FlaskClient
) -> None:
    wrong = {"letter-1-subject/中文": "诚邀：{版}", "letter-1-body/中文": "尊敬的{name}"}
    page = upload(translator, filled_in(sheet(translator), wrong)).text
    assert "There is no placeholder {版}." in page
    assert "Without {link} they could not answer." in page
    assert parcel(page) == []


def test_a_translators_words_are_never_markup(app: Flask, translator: FlaskClient) -> None:
    page = upload(translator, filled_in(sheet(translator), {"session-2-title/Deutsch": "<b>Zwei</b>"})).text
    assert "<ins>&lt;b&gt;Zwei&lt;/b&gt;</ins>" in page
