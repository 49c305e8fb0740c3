"""A release at a time to come: the worker publishes the draft as it is then, once."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts import actions as accounts
from app.accounts.models import Account
from app.audit.models import AuditEntry
from app.database import DbSession
from app.editions.models import Edition
from app.editions.rules import State
from app.extensions import database
from app.mail.cli import do_chores
from app.publishing import actions, planned
from app.publishing.models import PlannedRelease, Release
from app.publishing.planned import publish_due
from app.values.actor import COMMAND, Actor, Role
from app.values.language import Translated
from app.web import clock
from app.web.transaction import transaction
from tests.conftest import NOW
from tests.factories.accounts import make_account, sign_in
from tests.factories.editions import make_edition
from tests.factories.publishing import make_published, plan_room, plan_session, publish
from tests.publishing.conftest import Given, said, words

RELEASES = "/organise/editions/2027-haikou/releases"
PLAN = f"{RELEASES}/planned"
NOTE = {"note-en": "The full agenda", "note-de": "Das ganze Programm", "note-zh": "完整议程"}
AT = {"on": "2027-03-04", "at": "09:00"}
THEN = datetime.fromisoformat("2027-03-04T01:00:00+00:00")


@pytest.fixture
def organiser(app: Flask, given: Given) -> FlaskClient:
    given(make_published)
    given(plan_more)
    return sign_in(app.test_client(), given(lambda db: make_account(db, "o@forum.test", Role.ORGANISER).id))


def the_edition(db: DbSession) -> Edition:
    return db.scalars(select(Edition)).one()


def plan_more(db: DbSession) -> None:
    plan_session(db, the_edition(db), "One more talk", "14:00", "15:00")


def clash(db: DbSession) -> None:
    room = plan_room(db, the_edition(db), "Banyan Room")
    for title in ("This", "That"):
        plan_session(db, the_edition(db), title, "10:00", "11:00", room_id=room.id)


def work(app: Flask, at: datetime = THEN) -> None:
    """The worker's chores at that moment."""
    with clock.stopped(at), app.app_context():
        do_chores(app)
    app.extensions["shelf"].forget()


def state(app: Flask) -> tuple[int, str | None]:
    """Releases there are, and the trouble of what is planned; None where nothing is."""
    with app.app_context():
        db = database.session()
        row = db.scalar(select(PlannedRelease))
        return db.scalar(select(func.count()).select_from(Release)) or 0, row.trouble if row else None


def seen(app: Flask) -> str:
    with app.app_context():
        return planned.token(database.session.scalar(select(PlannedRelease)))


def test_the_worker_publishes_what_is_planned_when_its_time_has_come_and_once(
    app: Flask, organiser: FlaskClient, given: Given
) -> None:
    assert organiser.post(PLAN, data={**NOTE, **AT}).status_code == 303
    page = words(organiser, RELEASES)
    assert "Release 2 goes out by itself Thursday 4 March, 09:00 Haikou 02:00 Berlin" in page
    assert "Asked for by Anna Löwenstein." in page

    work(app, THEN - timedelta(seconds=1))
    assert state(app) == (1, "")
    given(lambda db: plan_session(db, the_edition(db), "Planned later still", "16:00", "17:00"))
    work(app)
    work(app)

    assert state(app) == (2, None)
    changes = words(app.test_client(), "/en/editions/2027-haikou/changes")
    assert "The full agenda" in changes
    assert "Planned later still" in changes
    with app.app_context():
        release = database.session.scalars(select(Release).order_by(Release.number.desc())).first()
        assert release is not None
        assert (release.published_by, release.published_at, release.note.zh) == ("Anna Löwenstein", THEN, "完整议程")


def test_what_is_refused_says_why_and_is_not_tried_again(app: Flask, organiser: FlaskClient, given: Given) -> None:
    organiser.post(PLAN, data={**NOTE, **AT})
    given(clash)

    work(app)
    work(app)

    assert state(app) == (1, "release_impossible")
    page = words(organiser, RELEASES)
    assert "The planned release did not go out" in page
    assert "Something in the draft cannot happen." in page
    with app.app_context():
        verbs = list(database.session.scalars(select(AuditEntry.verb).where(AuditEntry.kind == "planned_release")))
    assert verbs == ["release_planned", "release_not_published"]

    assert organiser.post(f"{PLAN}/withdraw", data={"seen": seen(app)}).status_code == 303
    assert state(app) == (1, None)
    assert "did not go out" not in words(organiser, RELEASES)


def test_trouble_is_shown_where_organisers_begin(app: Flask, organiser: FlaskClient, given: Given) -> None:
    organiser.post(PLAN, data={**NOTE, **AT})
    assert "Thu 4 Mar A planned release goes out 09:00 in Haikou" in words(organiser, "/organise/")
    given(clash)
    work(app)

    for page in ("/organise/", "/organise/editions/2027-haikou/overview"):
        assert "planned release did not go out" in words(organiser, page)


@pytest.mark.parametrize(
    ("meanwhile", "trouble"),
    [
        (lambda db: publish(db, the_edition(db)), "release_without_change"),
        (lambda db: actions.wait_for_languages(db, the_edition(db).id, True, actor=COMMAND, now=NOW), ""),
        (lambda db: _only_english(db), "release_incomplete"),
        (lambda db: _take_role(db), "planned_release_not_allowed"),
        (lambda db: _switch_off(db), "planned_release_not_allowed"),
    ],
)
def test_everything_is_asked_again_when_the_time_has_come(
    app: Flask, organiser: FlaskClient, given: Given, meanwhile: Any, trouble: str
) -> None:
    organiser.post(PLAN, data={**NOTE, **AT})
    given(meanwhile)

    before = state(app)[0]
    work(app)

    assert state(app) == ((before, trouble) if trouble else (before + 1, None))


def _only_english(db: DbSession) -> None:
    plan_session(db, the_edition(db), Translated("English only"), "16:00", "17:00")
    actions.wait_for_languages(db, the_edition(db).id, True, actor=COMMAND, now=NOW)


def _account(db: DbSession) -> Account:
    return db.scalars(select(Account).where(Account.email == "o@forum.test")).one()


def _take_role(db: DbSession) -> None:
    accounts.revoke(db, _account(db).id, Role.ORGANISER, edition_id=None, actor=COMMAND, now=NOW)


def _switch_off(db: DbSession) -> None:
    accounts.set_active(db, _account(db).id, False, actor=COMMAND, now=NOW)


def test_it_can_be_planned_otherwise_and_withdrawn(app: Flask, organiser: FlaskClient) -> None:
    organiser.post(PLAN, data={**NOTE, **AT})
    page = organiser.get(RELEASES).get_data(as_text=True)
    assert 'value="2027-03-04"' in page
    assert ">The full agenda</textarea>" in page.replace("\r\n", "")

    later = {**NOTE, "on": "2027-03-05", "at": "10", "seen": seen(app)}
    assert organiser.post(PLAN, data=later).status_code == 303
    assert "Friday 5 March, 10:00 Haikou 03:00 Berlin" in words(organiser, RELEASES)
    assert organiser.post(f"{PLAN}/withdraw", data={"seen": seen(app)}).status_code == 303
    work(app)
    assert state(app) == (1, None)


def test_of_two_organisers_the_second_sees_what_the_first_planned(app: Flask, organiser: FlaskClient) -> None:
    organiser.post(PLAN, data={**NOTE, **AT})

    second = organiser.post(PLAN, data={**NOTE, "note-en": "Mine", "on": "2027-03-09", "at": "12:00", "seen": ""})

    assert second.status_code == 409
    assert "Somebody else saved this while you were writing." in said(second)
    assert "Thursday 4 March, 09:00 Haikou" in said(second)
    html = second.get_data(as_text=True)
    assert "Mine" in html
    assert 'value="2027-03-09"' in html
    assert f'name="seen" value="{seen(app)}"' in html
    assert organiser.post(f"{PLAN}/withdraw", data={"seen": ""}).status_code == 409


@pytest.mark.parametrize(
    ("typed", "status", "sentence"),
    [
        ({"on": "2027-02-28", "at": "09:00"}, 409, "This time is past."),
        ({"on": "2027-03-01", "at": "16:59"}, 409, "This time is past."),
        ({"on": "", "at": "09:00"}, 422, "This field is required."),
        ({"on": "2027-03-04", "at": ""}, 422, "This field is required."),
        ({"on": "2027-03-04", "at": "soon"}, 422, "Write a time such as 09:30."),
        ({"on": "9999-03-04", "at": "09:00"}, 422, "The year must be between"),
    ],
)
def test_a_time_that_makes_no_sense_is_refused_and_stays_in_the_form(
    app: Flask, organiser: FlaskClient, typed: dict[str, str], status: int, sentence: str
) -> None:
    refused = organiser.post(PLAN, data={**NOTE, **typed})

    assert refused.status_code == status
    assert sentence in said(refused)
    assert "The full agenda" in refused.get_data(as_text=True)
    assert state(app) == (1, None)


def test_a_time_the_clock_skips_is_refused(app: Flask, organiser: FlaskClient, given: Given) -> None:
    given(lambda db: setattr(the_edition(db), "zone", "Europe/Berlin"))

    refused = organiser.post(PLAN, data={**NOTE, "on": "2027-03-28", "at": "02:30"})

    assert (refused.status_code, state(app)) == (422, (1, None))
    assert "the clock skips this hour" in said(refused)


def test_a_draft_edition_may_be_planned_too(app: Flask, given: Given) -> None:
    given(lambda db: plan_session(db, make_edition(db, state=State.DRAFT)))
    account = given(lambda db: make_account(db, "o@forum.test", Role.ORGANISER).id)
    sign_in(app.test_client(), account).post(PLAN, data={**NOTE, **AT})

    work(app)

    assert state(app) == (1, None)
    assert app.test_client().get("/en/editions/2027-haikou/changes").status_code == 404


def test_an_unforeseen_trouble_stops_this_release_and_nothing_else(
    app: Flask, organiser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_args: Any, **_kwargs: Any) -> None:
        raise ZeroDivisionError

    organiser.post(PLAN, data={**NOTE, **AT})
    monkeypatch.setattr(actions, "publish", stumble)

    work(app)

    assert state(app) == (1, "planned_release_stumbled")


def test_a_worker_killed_before_the_commit_has_published_nothing(app: Flask, organiser: FlaskClient) -> None:
    """And the next one publishes it: release and plan go in one transaction."""
    organiser.post(PLAN, data={**NOTE, **AT})
    with app.app_context(), pytest.raises(KeyboardInterrupt), clock.stopped(THEN):
        _killed()
    assert state(app) == (1, "")

    work(app)

    assert state(app) == (2, None)


def _killed() -> None:
    with transaction() as db:
        assert publish_due(db, THEN) == 1
        raise KeyboardInterrupt


def test_an_agenda_editor_may_not_plan_a_release(app: Flask, organiser: FlaskClient, given: Given) -> None:
    account = given(lambda db: make_account(db, "e@forum.test", Role.AGENDA_EDITOR).id)

    assert sign_in(app.test_client(), account).post(PLAN, data={**NOTE, **AT}).status_code == 404


def test_who_asked_stands_in_the_audit(db: DbSession) -> None:
    edition = make_published(db)
    plan_session(db, edition, "One more talk", "14:00", "15:00")
    account = make_account(db, "o@forum.test", Role.ORGANISER)
    actor = Actor(account.id, account.shown_name, account.grants)
    planned.plan(db, edition.id, THEN, note=Translated(), seen="", actor=actor, now=NOW)

    assert publish_due(db, THEN) == 1

    entries = db.scalars(select(AuditEntry).where(AuditEntry.verb == "release_published").order_by(AuditEntry.id))
    assert [entry.actor_name for entry in entries] == ["command line", "Anna Löwenstein"]
