"""Two editions with one of everything in each, and somebody for every role."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from app.database import DbSession
from app.editions.models import Edition
from app.editions.rules import State
from app.mail.models import OutgoingMail
from app.proposals import jobs as proposals
from app.proposals.wishes import Wishes
from app.registrations import actions as registrations
from app.registrations.models import Registration
from app.registrations.rules import Applicant, CategoryFacts
from app.speakers import corrections
from app.speakers.correcting import Field
from app.speakers.models import Speaker
from app.speakers.ranks import create_rank
from app.values.actor import COMMAND, Role
from app.values.language import Language
from app.web.access import Audience, Who, audience_of
from app.web.files import keep
from tests.conftest import NOW
from tests.factories.accounts import make_account
from tests.factories.editions import make_edition
from tests.factories.interpreters import give, hand_out, make_interpreter
from tests.factories.people import make_organisation, make_person
from tests.factories.publishing import in_three, plan_room, plan_session, plan_track, publish
from tests.factories.speakers import make_speaker

READS = {"GET", "HEAD", "OPTIONS"}
HERE, THERE = "2027-haikou", "2028-bremen"
NOBODY, ADMINISTRATOR, FOREIGN = "nobody", "administrator", "organiser of another edition"
OF_AN_EDITION = [role for role in Role if role is not Role.ADMINISTRATOR]
ROLES = [ADMINISTRATOR, *(role.value for role in OF_AN_EDITION), FOREIGN, "no role", NOBODY]


@dataclass(frozen=True)
class World:
    accounts: dict[str, int]
    here: dict[str, str]
    """What stands in the addresses of the first edition, by the argument's name."""
    there: dict[str, str]


def make_world(db: DbSession) -> World:
    here, things = _edition(db, HERE, date(2027, 9, 23))
    there, others = _edition(db, THERE, date(2028, 9, 23))
    accounts = {
        role.value: make_account(db, f"{role}@forum.test", role, edition_id=here.id).id for role in OF_AN_EDITION
    }
    accounts[ADMINISTRATOR] = make_account(db, "administrator@forum.test", Role.ADMINISTRATOR).id
    accounts[FOREIGN] = make_account(db, "foreign@forum.test", Role.ORGANISER, edition_id=there.id).id
    accounts["no role"] = make_account(db, "none@forum.test").id
    rank = create_rank(db, in_three("Minister"), actor=COMMAND, now=NOW)
    shared = {
        "rank": str(rank.id),
        "account_id": str(accounts["viewer"]),
        "token": "x" * 32,
        "lang": "en",
        "digest": "0" * 64,
        "source": "en",
        "target": "de",
    }
    return World(accounts, {**shared, **things}, {**shared, **others})


def _edition(db: DbSession, slug: str, day: date) -> tuple[Edition, dict[str, str]]:
    """Announced, published, with a registration; and its things by the names they have in addresses."""
    edition = make_edition(
        db, slug=slug, year=day.year, starts_on=day, ends_on=day, title=in_three(f"Forum {slug}"), state=State.ANNOUNCED
    )
    person, organisation = make_person(db, f"Person {slug}"), make_organisation(db, f"Institute {slug}")
    speaker: Speaker = make_speaker(db, edition, person, organisation_id=organisation.id)
    after = {"digest": keep(b"RIFF of " + slug.encode()), "width": "9", "height": "9"}
    correction = corrections.propose(db, speaker.id, Field.PORTRAIT, after, now=NOW)
    assert correction is not None
    room, track = plan_room(db, edition), plan_track(db, edition)
    session = plan_session(db, edition, f"Talk {slug}", day=day, room_id=room.id, track_id=track.id, speakers=[speaker])
    interpreter, slides = make_interpreter(db, edition), hand_out(db, speaker, content=f"%PDF-1.7 {slug}".encode())
    give(db, session, interpreter)
    release = publish(db, edition)
    facts = CategoryFacts(in_three("Delegate"), NOW - timedelta(days=1), NOW + timedelta(days=90), 10)
    category = registrations.create_category(db, edition.id, facts, actor=COMMAND, now=NOW)
    applicant = Applicant(f"Guest of {slug}", f"guest@{slug}.example", "DE", Language.EN)
    registrations.register(db, category.id, applicant, language=Language.EN, submission=slug, consent="1", now=NOW)
    registration = db.scalars(select(Registration.id).order_by(Registration.id.desc())).first()
    mail = db.scalars(select(OutgoingMail.id).order_by(OutgoingMail.id.desc())).first()
    return edition, {
        "edition": slug, "session": str(session.id), "subject": f"session-{session.id}", "room": str(room.id), "track": str(track.id),
        "interpreter": str(interpreter.id), "slides": str(slides.id), "speaker": str(speaker.id), "person": person.slug, "organisation": organisation.slug,
        "registration": str(registration), "correction": str(correction.id), "letter": "invitation", "number": str(release.number), "mail": str(mail),
        "proposal": str(proposals.ask(db, edition.id, Wishes(), actor=COMMAND, now=NOW).id),
    }  # fmt: skip


def of_the_organisers(app: Flask) -> Iterator[tuple[Rule, str, Audience]]:
    """Every organisers' route with each of its methods."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint)):
        audience = audience_of(app, rule.endpoint)
        if audience is not None and audience.who is Who.ORGANISER:
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method, audience


def address_of(app: Flask, rule: Rule, things: dict[str, str]) -> str:
    """The rule's address with these things in it. Fails for an argument nobody has told us about."""
    values: dict[str, object] = {}
    for name in rule.arguments:
        if name == "step":
            values[name] = "cancel"
            continue
        assert name in things, f"{rule.rule}: tell tests/access/world.py what <{name}> is"
        values[name] = int(things[name]) if things[name].isdigit() else things[name]
    with app.test_request_context():
        return app.url_map.bind("forum.test").build(rule.endpoint, values)
