"""The organisers' releases: what would change, what stands against it, and being asked once."""

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.agenda import actions as agenda
from app.agenda.models import Session
from app.database import DbSession
from app.editions.models import Edition
from app.editions.rules import State
from app.extensions import database
from app.publishing import actions
from app.publishing.models import Release
from app.speakers.rules import SpeakerState
from app.values.actor import COMMAND, Role
from app.values.language import Language, Translated
from app.web.transaction import transaction
from tests.conftest import NOW
from tests.factories.accounts import make_account, sign_in
from tests.factories.editions import make_edition
from tests.factories.people import make_person
from tests.factories.publishing import (
    make_published,
    plan_room,
    plan_session,
    plan_track,
    publish,
    replan,
    session_facts,
)
from tests.factories.speakers import make_speaker

RELEASES = "/organise/editions/2027-haikou/releases"
NOTE = {"note-en": "Now with Banyan Room", "note-de": "", "note-zh": "新增榕树厅"}


@pytest.fixture
def given(app: Flask) -> Callable[[Callable[[DbSession], Any]], Any]:
    def do(what: Callable[[DbSession], Any]) -> Any:
        with app.app_context(), transaction() as db:
            return what(db)

    return do


@pytest.fixture
def organiser(app: Flask, given: Any) -> FlaskClient:
    return signed_in(app, given, Role.ORGANISER)


def signed_in(app: Flask, given: Any, role: Role, language: Language = Language.EN) -> FlaskClient:
    account = given(lambda db: make_account(db, f"{role}@forum.test", role, language=language).id)
    return sign_in(app.test_client(), account)


def text(answer: Any) -> str:
    main = answer.get_data(as_text=True).split("<main", 1)[1].split("</main>")[0]
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", main).split()))


def agreed(answer: Any) -> dict[str, str]:
    """The hidden fields of the page that asks, as its button sends them."""
    page = answer.get_data(as_text=True)
    return dict(re.findall(r'<input type="hidden" name="(agreed|note-\w\w)" value="([^"]*)">', page))


def releases(app: Flask) -> int:
    with app.app_context():
        return database.session.scalar(select(func.count()).select_from(Release)) or 0


def plan_more(db: DbSession) -> None:
    edition = db.scalars(select(Edition)).one()
    plan_session(db, edition, "One more talk", "14:00", "15:00", room_id=plan_room(db, edition, "Banyan Room").id)


def test_publishing_asks_once_with_the_number_of_changes(app: Flask, organiser: FlaskClient, given: Any) -> None:
    given(make_published)
    given(plan_more)

    asked = organiser.post(RELEASES, data=NOTE)

    assert (asked.status_code, releases(app)) == (200, 1)
    assert "Publish 2 changes as release 2" in text(asked)
    done = organiser.post(RELEASES, data=agreed(asked))
    assert (done.status_code, done.location, releases(app)) == (303, RELEASES, 2)
    page = text(organiser.get(RELEASES))
    assert "Release 2 is out." in page
    assert "Now with Banyan Room" in page
    assert "Nothing differs" in page


def test_if_the_draft_changed_meanwhile_it_is_asked_again(app: Flask, organiser: FlaskClient, given: Any) -> None:
    given(make_published)
    given(plan_more)
    asked = organiser.post(RELEASES, data=NOTE)
    given(lambda db: plan_track(db, db.scalars(select(Edition)).one()))

    again = organiser.post(RELEASES, data=agreed(asked))

    assert (again.status_code, releases(app)) == (409, 1)
    assert "The draft has changed since you were asked" in text(again)
    assert agreed(again)["note-en"] == NOTE["note-en"]
    assert organiser.post(RELEASES, data=agreed(again)).status_code == 303


def test_pressed_twice_it_goes_out_once(app: Flask, organiser: FlaskClient, given: Any) -> None:
    given(make_published)
    given(plan_more)
    yes = agreed(organiser.post(RELEASES, data=NOTE))

    assert [organiser.post(RELEASES, data=yes).status_code for _ in range(2)] == [303, 409]
    assert releases(app) == 2


def test_nothing_to_publish_is_refused_and_keeps_what_was_typed(organiser: FlaskClient, given: Any) -> None:
    given(make_published)

    refused = organiser.post(RELEASES, data=NOTE)

    assert refused.status_code == 409
    assert "Nothing differs from the last release, so there is nothing to publish." in text(refused)


def test_what_is_impossible_blocks_and_says_where(app: Flask, organiser: FlaskClient, given: Any) -> None:
    def clash(db: DbSession) -> None:
        edition = make_edition(db, state=State.ANNOUNCED)
        room = plan_room(db, edition)
        plan_session(db, edition, "One", room_id=room.id)
        plan_session(db, edition, "Two", room_id=room.id)

    given(clash)

    page = organiser.get(RELEASES)
    assert "Impossible. 1 finding cannot stand" in text(page)
    assert 'aria-disabled="true" aria-describedby="why-not"' in page.get_data(as_text=True)
    refused = organiser.post(RELEASES, data=NOTE)
    assert (refused.status_code, releases(app)) == (409, 0)
    assert "Something in the draft cannot happen." in text(refused)


def test_the_page_tells_what_would_change(organiser: FlaskClient, given: Any) -> None:
    def plan(db: DbSession) -> None:
        edition = make_edition(db, state=State.ANNOUNCED)
        room, anna = plan_room(db, edition), make_speaker(db, edition)
        session = plan_session(db, edition, "Anode", room_id=room.id)
        publish(db, edition)
        harbour = plan_room(db, edition, "Harbour Room")
        replan(db, session, session_facts("Anodes", "11:00", "11:45", room_id=harbour.id, speakers=[anna]))
        plan_session(db, edition, "Cathode", room_id=room.id)

    given(plan)

    page = text(organiser.get(RELEASES))
    for sentence in (
        "Moved, 1",
        "Anodes moved from Thu 23 Sep 09:00, Coral Room to Thu 23 Sep 11:00, Harbour Room . 05:00 in Berlin",
        "Cathode , Thu 23 Sep 09:00, Coral Room",
        "Title: from “Anode” to “Anodes” ; from “Anode (de)” to “Anodes (de)”",
        "With Anna Schmidt .",
        "New room: Harbour Room",
    ):
        assert sentence in page
    people = text(organiser.get(f"{RELEASES}?by=person"))
    assert "Anna Schmidt Now in Anodes , Thu 23 Sep 11:00, Harbour Room ." in people


def test_people_who_have_not_said_yes_are_pointed_out(organiser: FlaskClient, given: Any) -> None:
    def plan(db: DbSession) -> None:
        edition = make_edition(db, state=State.ANNOUNCED)
        states = (SpeakerState.CANDIDATE, SpeakerState.INVITED)
        cast = [make_speaker(db, edition, make_person(db, f"Anna {s}"), state=s) for s in states]
        plan_session(db, edition, speakers=cast)

    given(plan)

    page = text(organiser.get(RELEASES))
    assert "1 person named in a session is a candidate or has declined. The release leaves them out." in page
    assert "1 person in it is invited and has not confirmed." in page


def test_a_draft_edition_may_be_published_and_is_told_that_it_waits(organiser: FlaskClient, given: Any) -> None:
    given(lambda db: plan_session(db, make_edition(db)))
    assert "becomes public when the edition is announced" in text(organiser.get(RELEASES))

    organiser.post(RELEASES, data=agreed(organiser.post(RELEASES, data=NOTE)))

    page = text(organiser.get(RELEASES))
    assert "Release 1 is made and waits" in page
    assert organiser.get("/en/editions/2027-haikou/agenda").status_code == 404


@pytest.mark.parametrize(
    ("asked", "heading", "sentence"),
    [
        ("?from=1&to=2", "From release 1 to release 2", "One more talk , Thu 23 Sep 14:00, Banyan Room ."),
        ("?from=2&to=1", "From release 2 to release 1", "One more talk is no longer in the agenda"),
        ("?from=1&to=3", "From release 1 to release 3", "One more talk , Thu 23 Sep 15:00, Banyan Room ."),
        ("?from=1&to=draft", "From release 1 to the draft", "Room no longer there: Coral Room"),
        ("", "From release 3 to the draft", "Room no longer there: Coral Room"),
        ("?from=draft&to=3", "From the draft to release 3", "New room: Coral Room"),
        ("?from=2&to=3&by=person", "From release 2 to release 3", "Nothing changes for anybody."),
        ("?from=2&to=2", "From release 2 to release 2", "Nothing differs"),
    ],
)
def test_any_two_releases_can_be_compared_and_each_with_the_draft(
    organiser: FlaskClient, given: Any, asked: str, heading: str, sentence: str
) -> None:
    given(make_published)
    given(plan_more)
    given(three_releases)

    page = text(organiser.get(f"{RELEASES}/compare{asked}"))

    assert heading in page
    assert sentence in page


def three_releases(db: DbSession) -> None:
    """The second as planned, the third an hour later; and the first session leaves its room in the draft."""
    edition = db.scalars(select(Edition)).one()
    publish(db, edition)
    first, more = db.scalars(select(Session).order_by(Session.id)).all()
    replan(db, more, session_facts("One more talk", "15:00", "16:00", room_id=more.room_id))
    publish(db, edition)
    room = first.room
    assert room is not None
    replan(db, first, session_facts("Sodium-ion: where it pays"))
    agenda.remove_room(db, room.id, actor=COMMAND, now=NOW)


@pytest.mark.parametrize("asked", ["?from=9", "?from=1&to=9", "?to=nonsense", "?from=-1"])
def test_what_was_never_released_cannot_be_compared(organiser: FlaskClient, given: Any, asked: str) -> None:
    given(make_published)

    assert organiser.get(f"{RELEASES}/compare{asked}").status_code == 404


def test_before_the_first_release_there_is_nothing_to_compare(organiser: FlaskClient, given: Any) -> None:
    given(make_edition)

    assert organiser.get(f"{RELEASES}/compare").location == RELEASES


def test_releases_wait_for_all_languages_once_somebody_says_so(app: Flask, organiser: FlaskClient, given: Any) -> None:
    given(make_published)
    given(lambda db: plan_session(db, db.scalars(select(Edition)).one(), Translated("English only"), "14:00", "15:00"))

    assert organiser.post(f"{RELEASES}/gate", data={"needs_languages": "1"}).status_code == 303
    page = organiser.get(RELEASES)
    assert "Waits. German: 1 text is missing." in text(page)
    assert "/languages?language=de&amp;state=missing" in page.get_data(as_text=True)
    assert "Possible once no text is missing or stale." in text(page)
    refused = organiser.post(RELEASES, data=NOTE)
    assert (refused.status_code, releases(app)) == (409, 1)
    assert "Texts are missing or stale in some language, and releases wait for them." in text(refused)

    organiser.post(f"{RELEASES}/gate", data={})
    assert organiser.post(RELEASES, data=agreed(organiser.post(RELEASES, data=NOTE))).status_code == 303


def test_a_stale_translation_holds_a_release_too(app: Flask, organiser: FlaskClient, given: Any) -> None:
    def rewrite(db: DbSession) -> None:
        session = db.scalars(select(Session)).one()
        title = replace(session.title, en="Sodium-ion: where it really pays")
        replan(db, session, session_facts(title, room_id=session.room_id))
        actions.wait_for_languages(db, session.edition_id, True, actor=COMMAND, now=NOW)

    given(make_published)
    given(rewrite)

    assert "Chinese: 1 text is stale." in text(organiser.get(RELEASES))
    assert organiser.post(RELEASES, data=NOTE).status_code == 409


def test_a_viewer_may_look_but_not_publish(app: Flask, given: Any) -> None:
    given(make_published)
    given(plan_more)
    viewer = signed_in(app, given, Role.VIEWER)

    assert "Publish release" not in text(viewer.get(RELEASES))
    assert viewer.post(RELEASES, data=NOTE).status_code == 404


def test_a_note_too_long_is_refused_beside_its_field(app: Flask, organiser: FlaskClient, given: Any) -> None:
    given(make_published)
    given(plan_more)

    refused = organiser.post(RELEASES, data={"note-en": "x" * 501})

    assert (refused.status_code, releases(app)) == (422, 1)
    assert "x" * 501 in refused.get_data(as_text=True)


@pytest.mark.parametrize("language", list(Language))
def test_the_pages_are_there_in_every_language(app: Flask, given: Any, language: Language) -> None:
    given(make_published)
    given(plan_more)
    organiser = signed_in(app, given, Role.ORGANISER, language)

    page = organiser.get(RELEASES)
    assert page.status_code == 200
    assert f'<html lang="{language.tag}">' in page.get_data(as_text=True)
    assert organiser.post(RELEASES, data=NOTE).status_code == 200
