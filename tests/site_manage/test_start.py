"""The first page, the search over everything, the series' texts."""

import re
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from app import freshness
from app.accounts import queries as accounts
from app.agenda.rules import SessionKind
from app.database import DbSession
from app.editions import queries as editions
from app.editions.rules import State
from app.extensions import database
from app.site import matrix, outlook, texts
from app.site.matrix import TextKind
from app.site.outlook import Phase
from app.speakers.rules import SpeakerState
from app.values.actor import Role
from app.values.language import Language, Translated
from app.web.transaction import transaction
from tests.conftest import NOW
from tests.factories.accounts import make_account, sign_in
from tests.factories.editions import make_edition, make_series
from tests.factories.people import make_person
from tests.factories.publishing import plan_room, plan_session
from tests.factories.speakers import make_speaker
from tests.site_manage.conftest import Two


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_what_is_planned_and_missing_is_counted(db: DbSession) -> None:
    edition = make_edition(db)
    room = plan_room(db, edition)
    plan_session(db, edition, "Placed", room_id=room.id)
    plan_session(db, edition, "No room", "10:00", "11:00")
    plan_session(db, edition, "No time", None, None)
    plan_session(db, edition, "Break", "11:00", "11:30", kind=SessionKind.BREAK, for_all=True)
    make_speaker(db, edition, make_person(db, biography=Translated(de="Physikerin.")))
    make_speaker(db, edition, make_person(db, "Declined Person"), state=SpeakerState.DECLINED)

    found = outlook.outlooks(db, [edition], NOW)[0]

    assert (found.sessions, found.unplaced, found.speaking, found.phase) == (4, 2, 1, Phase.NONE)
    assert found.lacking == {Language.EN: 1, Language.DE: 0, Language.ZH: 1}
    assert found.open_texts == 2
    assert outlook.days_to(edition, NOW) == 206


def test_the_number_of_queries_does_not_grow_with_the_editions(db: DbSession) -> None:
    from sqlalchemy import event

    some = [make_edition(db, slug=f"2027-{n}", number=n) for n in (1, 2, 3)]
    for edition in some:
        make_speaker(db, edition, make_person(db, f"Person {edition.slug}"))
    asked: list[str] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def _count(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    outlook.outlooks(db, some, NOW)
    asked.clear()
    outlook.outlooks(db, some[:1], NOW)
    one = len(asked)
    asked.clear()
    outlook.outlooks(db, some, NOW)
    event.remove(database.engine, "before_cursor_execute", _count)
    assert len(asked) == one


def test_the_next_edition_is_announced_before_drafts_and_soonest_first(db: DbSession) -> None:
    draft = make_edition(db, slug="a")
    announced = make_edition(db, slug="b", state=State.ANNOUNCED)
    held = make_edition(db, slug="c", state=State.HELD)
    assert outlook.next_of([draft, held], NOW) is draft
    assert outlook.next_of([draft, announced, held], NOW) is announced
    assert outlook.next_of([held], NOW) is None


def test_a_text_nobody_has_written_lacks_no_language(db: DbSession) -> None:
    edition = make_edition(db, venue=Translated(en="Sample Centre"))
    plan_session(db, edition)
    found = texts.texts_of(db, [edition.id])[edition.id]
    assert [(c.kind, c.total, c.lacking[Language.ZH]) for c in matrix.counts(found)] == [
        (TextKind.EDITION, 3, 1), (TextKind.SESSION_TITLE, 1, 0),
    ]  # fmt: skip


def test_the_first_page_of_an_empty_installation_says_what_to_do(app: Flask, signed_in: FlaskClient) -> None:
    with app.app_context(), transaction() as db:
        make_series(db)
    page = text_of(signed_in.get("/organise/").text)
    assert "No edition is being planned" in page
    assert "Plan a new edition" in page


def test_the_first_page_speaks_only_of_what_one_may_see(app: Flask, two: Two) -> None:
    page = two.organiser_of_b.get("/organise/").text
    assert "/organise/editions/2027-munich/overview" in page
    assert "2027-haikou" not in page
    assert "Plan a new edition" not in page


def test_a_late_worker_is_said(app: Flask, two: Two) -> None:
    assert "The worker is late" not in two.organiser_of_a.get("/organise/").text
    with app.app_context(), transaction() as db:
        freshness.due(db, NOW - timedelta(minutes=10), now=NOW - timedelta(hours=1))
    assert "The worker is late" in two.organiser_of_a.get("/organise/").text


def test_recent_changes_are_sentences_and_equal_ones_are_one(app: Flask, two: Two) -> None:
    with app.app_context(), transaction() as db:
        edition = editions.edition_by_slug(db, two.a)
        assert edition is not None
        for title in ("One", "Two", "Three"):
            plan_session(db, edition, title)
    page = text_of(two.organiser_of_a.get("/organise/").text)
    assert "Somebody at the server added Three and 2 more of this kind" in page


def test_the_search_finds_sessions_people_and_organisations_of_ones_own_editions(app: Flask, two: Two) -> None:
    with app.app_context(), transaction() as db:
        for slug, title in ((two.a, "固态电池"), (two.b, "Hidden 电池")):
            edition = editions.edition_by_slug(db, slug)
            assert edition is not None
            plan_session(db, edition, title)
        make_person(db, "Jörg Müller")
    page = two.organiser_of_a.get("/organise/find", query_string={"q": "电池"}).text
    assert "固态电池" in page
    assert "Hidden" not in page
    assert "Jörg Müller" in two.organiser_of_a.get("/organise/find?q=muller").text
    assert "Nothing found" in two.organiser_of_a.get("/organise/find?q=zzz").text
    assert "What are you looking for?" in two.organiser_of_a.get("/organise/find").text


def test_the_language_belongs_to_the_account_and_one_stays_where_one_was(app: Flask, two: Two) -> None:
    answer = two.organiser_of_a.post("/organise/language", data={"language": "zh", "next": "/organise/people?q=a"})
    assert (answer.status_code, answer.location) == (303, "/organise/people?q=a")
    assert 'lang="zh-Hans"' in two.organiser_of_a.get("/organise/").text[:200]
    with app.app_context():
        account = accounts.account_by_email(database.session(), "anna@forum.test")
        assert account is not None
        assert account.language is Language.ZH
    away = two.organiser_of_a.post("/organise/language", data={"language": "de", "next": "https://evil.example/"})
    assert away.location == "/organise/"
    assert two.organiser_of_a.post("/organise/language", data={"language": "fr"}).status_code == 303


def series_form(**overrides: str) -> dict[str, str]:
    return {"revision": "1", "name-en": "Forum", "home_zones": "Europe/Berlin\nAsia/Shanghai",
            "privacy_version": "2026-11-23"} | overrides  # fmt: skip


def test_the_series_is_an_administrators(app: Flask, two: Two, signed_in: FlaskClient) -> None:
    assert two.organiser_of_a.get("/organise/series").status_code == 404
    assert two.organiser_of_a.post("/organise/series", data=series_form()).status_code == 404
    assert signed_in.get("/organise/series").status_code == 200
    assert signed_in.post("/organise/series", data=series_form(**{"lead-de": "Neuer Text"})).status_code == 303
    with app.app_context():
        assert editions.the_series(database.session()).lead.de == "Neuer Text"
    late = signed_in.post("/organise/series", data=series_form(**{"lead-de": "Zu spät"}))
    assert late.status_code == 409
    assert "Neuer Text" in late.text
    assert "Zu spät" in late.text


def test_new_words_of_consent_need_a_new_version(app: Flask, two: Two, signed_in: FlaskClient) -> None:
    words = {"consent-en": "I agree to more."}
    refused = signed_in.post("/organise/series", data=series_form(**words))
    assert refused.status_code == 422
    assert 'href="#privacy_version"' in refused.text
    accepted = signed_in.post("/organise/series", data=series_form(**words, privacy_version="2027-03-01"))
    assert accepted.status_code == 303


def test_an_unknown_home_zone_is_refused(two: Two, signed_in: FlaskClient) -> None:
    answer = signed_in.post("/organise/series", data=series_form(home_zones="Europe/Berlin\nMars/Base"))
    assert answer.status_code == 422
    assert "Mars/Base" in answer.text


def test_whoever_may_see_no_edition_is_told_so_and_sees_none(app: Flask, two: Two) -> None:
    with app.app_context(), transaction() as db:
        door = make_account(db, "door@forum.test", Role.CHECK_IN).id
    page = sign_in(app.test_client(), door).get("/organise/").text
    assert "Your account has no edition to look at" in page
    assert "2027-haikou" not in page
    assert "Haikou" not in text_of(page)
