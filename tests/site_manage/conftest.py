"""Two editions, an organiser of each, and a past edition with everything in it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.agenda.rules import SessionKind
from app.database import DbSession
from app.editions import actions as editions
from app.editions.models import Edition
from app.editions.rules import OrganisationPart, State
from app.speakers.rules import Part, Scope, SpeakerState
from app.values.actor import COMMAND, Role
from app.values.language import Translated
from app.web.transaction import transaction
from tests.conftest import NOW
from tests.factories.accounts import make_account, sign_in
from tests.factories.editions import make_edition
from tests.factories.people import make_organisation, make_person
from tests.factories.publishing import in_three, plan_room, plan_session, plan_track
from tests.factories.speakers import make_speaker


@dataclass(frozen=True)
class Two:
    """Editions A and B, and who organises only one of them."""

    a: str
    b: str
    organiser_of_a: FlaskClient
    organiser_of_b: FlaskClient


@pytest.fixture
def two(app: Flask) -> Two:
    with app.app_context(), transaction() as db:
        a, b = (
            make_edition(db),
            make_edition(db, slug="2027-munich", starts_on=date(2027, 11, 4), ends_on=date(2027, 11, 5)),
        )
        anna = make_account(db, "anna@forum.test", Role.ORGANISER, edition_id=a.id, name="Anna Löwenstein").id
        lin = make_account(db, "lin@forum.test", Role.ORGANISER, edition_id=b.id, name="Lin Xiaolan").id
        slugs = a.slug, b.slug
    return Two(*slugs, sign_in(app.test_client(), anna), sign_in(app.test_client(), lin))


def make_past(db: DbSession, *, held: bool = True) -> Edition:
    """Two days in Haikou in 2025, with hosts, a room, a track, three sessions, a speaker and others."""
    edition = make_edition(
        db, slug="2025-haikou", year=2025, starts_on=date(2025, 9, 27), ends_on=date(2025, 9, 28),
        title=Translated("Haikou Forum 2025"), theme=Translated("Old theme"),
    )  # fmt: skip
    host, parent = make_organisation(db, "VDA"), make_organisation(db, "Host of the congress")
    entries = [(OrganisationPart.HOST, host.id), (OrganisationPart.PARENT_HOST, parent.id)]
    editions.set_organisations(db, edition.id, entries, revision=edition.revision, actor=COMMAND, now=NOW)
    room, track = plan_room(db, edition), plan_track(db, edition)
    anna = make_speaker(
        db, edition, make_person(db), organisation_id=host.id, role=in_three("President"), topic=in_three("Old topic")
    )
    make_speaker(db, edition, make_person(db, "Declined Person"), state=SpeakerState.DECLINED)
    make_speaker(db, edition, make_person(db, "Congress Speaker"), scope=Scope.CONGRESS)
    make_speaker(db, edition, make_person(db, "Mere Guest"), part=Part.ATTENDEE)
    day = {"day": date(2025, 9, 27)}
    plan_session(db, edition, "Opening", "09:00", "09:45", room_id=room.id, speakers=[anna], **day)
    plan_session(db, edition, "Panel", "10:00", "11:30", track_id=track.id, abstract=in_three("Old words"), **day)
    plan_session(db, edition, "Coffee", "10:00", "10:30", day=date(2025, 9, 28), kind=SessionKind.BREAK, for_all=True)
    for to in (State.ANNOUNCED, State.HELD)[: 1 + held]:
        editions.step(db, edition.id, to, actor=COMMAND, now=NOW)
    return edition


@pytest.fixture
def past(app: Flask) -> str:
    with app.app_context(), transaction() as db:
        return make_past(db).slug


def typed(**overrides: Any) -> dict[str, Any]:
    """A whole edition form, as a browser sends it."""
    return {
        "slug": "2027-haikou", "kind": "forum", "title-en": "Haikou Forum 2027", "title-de": "Forum Haikou 2027",
        "title-zh": "2027海口论坛", "city-en": "Haikou", "city-de": "Haikou", "city-zh": "海口", "country": "CN",
        "zone": "Asia/Shanghai", "date_precision": "day", "starts_on": "2027-09-23", "ends_on": "2027-09-24",
    } | overrides  # fmt: skip
