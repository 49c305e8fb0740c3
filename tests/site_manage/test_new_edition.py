"""Planning an edition: blank or from a past one, and nothing before one has seen what will come of it."""

from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.agenda import queries as agenda
from app.database import Base, DbSession
from app.editions import queries as editions
from app.editions.models import Edition
from app.editions.rules import OrganisationPart, State
from app.extensions import database
from app.registrations.models import Registration
from app.speakers import queries as speakers
from app.speakers.rules import SpeakerState
from app.values.actor import Role
from app.web.transaction import transaction
from tests.factories.accounts import make_account, sign_in
from tests.factories.registrations import make_category, make_registration
from tests.site_manage.conftest import Two, make_past, typed

ALL = {f"take_{part}": "y" for part in ("organisations", "rooms", "tracks", "frame", "speakers")}
NEW = "/organise/editions/new"


def rows() -> dict[str, int]:
    """How many rows each table has."""
    db = database.session()
    counted = {t.name: db.scalar(select(func.count()).select_from(t)) or 0 for t in Base.metadata.sorted_tables}
    db.rollback()
    return counted


def created(app: Flask, browser: FlaskClient, **overrides: Any) -> Edition:
    answer = browser.post(NEW, data=typed(step="create", **overrides))
    assert answer.status_code == 303, answer.text
    edition = editions.edition_by_slug(database.session(), "2027-haikou")
    assert edition is not None
    return edition


def test_the_preview_names_what_would_be_created_and_stores_nothing(
    app: Flask, signed_in: FlaskClient, past: str
) -> None:
    with app.app_context():
        before = rows()
    answer = signed_in.post(NEW, data=typed(step="preview", source=past, **ALL))
    assert answer.status_code == 200
    for text in ("Opening", "Sat 27 Sep, 09:00–09:45", "Thu 23 Sep, 09:00–09:45", "Anna Schmidt", "Coral Room", "VDA"):
        assert text in answer.text, text
    for text in ("Declined Person", "Congress Speaker", "Mere Guest", "Host of the congress"):
        assert text not in answer.text
    with app.app_context():
        assert rows() == before


def test_what_was_typed_comes_along_from_the_preview_and_can_be_changed(signed_in: FlaskClient, past: str) -> None:
    preview = signed_in.post(NEW, data=typed(step="preview", source=past, **{"theme-zh": "新主题"}, **ALL)).text
    assert 'name="theme-zh" value="新主题"' in preview
    back = signed_in.post(NEW, data=typed(step="change", source=past, **{"theme-zh": "新主题"}, **ALL))
    assert back.status_code == 200
    assert 'value="新主题"' in back.text


def test_a_taken_address_is_said_at_the_preview_beside_the_field(signed_in: FlaskClient, past: str) -> None:
    answer = signed_in.post(NEW, data=typed(step="preview", slug=past))
    assert answer.status_code == 409
    assert 'href="#slug"' in answer.text


def test_a_blank_edition_is_a_draft_with_nothing_in_it(app: Flask, signed_in: FlaskClient, past: str) -> None:
    with app.app_context():
        edition = created(app, signed_in, **ALL)
        db = database.session()
        assert edition.state is State.DRAFT
        assert (edition.starts_on, edition.ends_on) == (date(2027, 9, 23), date(2027, 9, 24))
        assert [*agenda.rooms_of(db, edition.id), *agenda.sessions_of(db, edition.id)] == []
        assert [*speakers.speakers_of(db, edition.id), *edition.organisations] == []


def test_from_a_past_edition_sessions_keep_their_wall_times_on_the_new_days(
    app: Flask, signed_in: FlaskClient, past: str
) -> None:
    with app.app_context():
        db = database.session()
        edition = created(app, signed_in, source=past, **ALL)
        sessions = agenda.sessions_of(db, edition.id)
        assert [(s.title.en, s.starts_at, s.ends_at) for s in sessions] == [
            ("Opening", datetime(2027, 9, 23, 9), datetime(2027, 9, 23, 9, 45)),
            ("Panel", datetime(2027, 9, 23, 10), datetime(2027, 9, 23, 11, 30)),
            ("Coffee", datetime(2027, 9, 24, 10), datetime(2027, 9, 24, 10, 30)),
        ]
        assert [(s.room and s.room.name.en, s.track and s.track.name.en) for s in sessions] == [
            ("Coral Room", None), (None, "Batteries"), (None, None),
        ]  # fmt: skip
        old = editions.edition_by_slug(db, past)
        assert old is not None
        assert not {s.uid for s in sessions} & {s.uid for s in agenda.sessions_of(db, old.id)}
        assert {s.room_id for s in sessions} & {r.id for r in agenda.rooms_of(db, old.id)} == set()
        assert [[*s.speakers] for s in sessions] == [[], [], []]
        assert [bool(s.abstract) for s in sessions] == [False, False, False]


def test_speakers_come_as_candidates_and_only_who_spoke_at_the_forum(
    app: Flask, signed_in: FlaskClient, past: str
) -> None:
    with app.app_context():
        edition = created(app, signed_in, source=past, **ALL)
        found = speakers.speakers_of(database.session(), edition.id)
        assert [(s.person.name, s.state, s.role.en, s.topic.en) for s in found] == [
            ("Anna Schmidt", SpeakerState.CANDIDATE, "President", "")
        ]


def test_only_what_is_ticked_is_taken(app: Flask, signed_in: FlaskClient, past: str) -> None:
    with app.app_context():
        edition = created(app, signed_in, source=past, take_organisations="y")
        db = database.session()
        assert [(e.part, e.organisation.name.en) for e in edition.organisations] == [(OrganisationPart.HOST, "VDA")]
        assert [*agenda.rooms_of(db, edition.id), *agenda.sessions_of(db, edition.id)] == []


def test_nothing_of_attendees_is_ever_copied(app: Flask, signed_in: FlaskClient) -> None:
    """No table that holds attendees, mails or accounts gains a row, whatever is taken."""
    with app.app_context():
        with transaction() as db:
            past = make_past(db, held=False)
            attendee(db, past)
            slug = past.slug
        before = rows()
        created(app, signed_in, source=slug, **ALL)
        after = rows()
    grown = {name for name in after if after[name] != before[name]}
    assert grown == {
            "edition", "edition_organisation", "room", "track", "session", "speaker", "audit_entry", "agenda_book",
        }  # fmt: skip


def attendee(db: DbSession, edition: Edition) -> None:
    """Somebody who came in 2025."""
    make_registration(db, make_category(db, edition))
    assert db.scalar(select(func.count()).select_from(Registration)) == 1


def test_without_new_days_sessions_come_without_a_day(app: Flask, signed_in: FlaskClient, past: str) -> None:
    unknown = {"date_precision": "year", "year": "2028", "starts_on": "", "ends_on": ""}
    preview = signed_in.post(NEW, data=typed(step="preview", source=past, **unknown, **ALL))
    assert "Comes without a day." in preview.text
    with app.app_context():
        edition = created(app, signed_in, source=past, **unknown, **ALL)
        days = [s.day for s in agenda.sessions_of(database.session(), edition.id)]
        assert days == [None, None, None]
        assert edition.year == 2028


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"slug": "Haikou 2027"}, "slug"),
        ({"title-en": "", "title-de": "", "title-zh": "  "}, "title-en"),
        ({"starts_on": ""}, "starts_on"),
        ({"starts_on": "soon"}, "starts_on"),
        ({"ends_on": "2027-09-22"}, "ends_on"),
        ({"country": "XX"}, "country"),
        ({"zone": "Mars/Base"}, "zone"),
        ({"date_precision": "parent_event"}, "parent_starts_on"),
        ({"number": "0"}, "number"),
        ({"title-en": "x" * 201}, "title-en"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field_and_the_rest_is_kept(
    signed_in: FlaskClient, past: str, wrong: dict[str, str], where: str
) -> None:
    answer = signed_in.post(NEW, data=typed(step="preview", **{"theme-de": "Neues Thema"}, **wrong))
    assert answer.status_code == 422
    assert f'href="#{where}"' in answer.text
    assert 'value="Neues Thema"' in answer.text


def test_only_an_administrator_plans_a_new_edition(app: Flask, two: Two) -> None:
    assert two.organiser_of_a.get(NEW).status_code == 404
    assert two.organiser_of_a.post(NEW, data=typed(step="create", slug="2029-x")).status_code == 404
    with app.app_context(), transaction() as db:
        of_series = make_account(db, "o@forum.test", Role.ORGANISER).id
    assert sign_in(app.test_client(), of_series).get(NEW).status_code == 404


def test_the_form_starts_from_the_past_edition_without_its_dates(signed_in: FlaskClient, past: str) -> None:
    page = signed_in.get(f"{NEW}?from={past}").text
    assert 'value="Haikou Forum 2025"' in page
    assert "2025-09-27" not in page
    assert "Old theme" not in page
    assert 'checked id="take_frame"' in page
