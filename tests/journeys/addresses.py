"""Every page there is: the URL map, with values of the sample edition filled in."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.routing.converters import NumberConverter

from app import create_app
from app.accounts.models import Account
from app.agenda.models import Interpreter, Proposal, Room, Session, Track
from app.editions.models import Edition
from app.extensions import database
from app.mail.models import OutgoingMail
from app.people.models import Organisation, Person, Portrait
from app.publishing.queries import public_organisation_ids, public_person_ids
from app.registrations.models import Registration
from app.registrations.tokens import token_of
from app.speakers.models import Speaker
from app.speakers.tokens import token_of as speakers_token
from app.values.tokens import sealed
from app.web.access import Audience, Who, audience_of
from config import Config
from tests.journeys.conftest import SAMPLE, House

NO_PAGE = {
    "interpretation.briefing_slides", "workbench.check", "workbench.state", "asset_file", "briefings.slides",
    "exports.briefing_pdf", "exports.draft_pdf", "exports.own_briefing_pdf", "exports.programme_pdf",
    "exports_manage.sheet", "exports_manage.units", "publishing.agenda_feed", "publishing.changes_feed",
    "publishing.room_feed", "publishing.series_feed", "publishing.session_feed", "publishing.speaker_feed",
    "publishing.track_feed", "registrations.data", "registrations_manage.export", "site.healthz", "site.home",
    "site.portrait", "site.readyz", "site.robots", "site.sitemap", "site_manage.portrait",
    "speakers_manage.pending_portrait", "speakers_manage.slides", "speaking.own_file", "speaking.picture",
}  # fmt: skip
"""Answers that are no HTML."""
TOKENS = {"briefings": "briefing_token", "speaking": "speaking_token"}
"""By blueprint, whose personal link stands there; elsewhere it is that of a registration."""


@dataclass(frozen=True)
class Address:
    path: str
    endpoint: str
    audience: Audience


def app_of(house: House) -> Flask:
    """The same application in this process, to read its URL map and its database."""
    env = house.server.environment
    url = env["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://")
    return create_app(
        Config(
            env="testing",
            database_url=url,
            secret_key=env["SECRET_KEY"],
            base_url=env["BASE_URL"],
            uid_domain="forum.test",
            mail_from="forum@forum.test",
            smtp_url=None,
            mail_folder=house.mails,
            files_url=(house.mails.parent / "files").as_uri(),
            trusted_proxies=0,
            host="127.0.0.1",
            port=int(env["PORT"]),
            workers=1,
            unsafe=frozenset(),
        )
    )


def every_page(house: House, lang: str) -> Iterator[Address]:
    app = app_of(house)
    with app.app_context():
        values = {**_values(app), "lang": lang}
        for rule in app.url_map.iter_rules():
            audience = audience_of(app, rule.endpoint)
            if audience and "GET" in (rule.methods or ()) and rule.endpoint not in NO_PAGE:
                path = _filled(rule, values)
                if path and (lang == "en" or "lang" in rule.arguments or audience.who not in (Who.PUBLIC, Who.VISITOR)):
                    yield Address(path, rule.endpoint, audience)
        database.engine.dispose()


def _filled(rule: Rule, values: dict[str, object]) -> str | None:
    """None where the sample has no such thing."""
    wanted = {name: _key(rule, name) for name in rule.arguments}
    if any(values.get(key) is None for key in wanted.values()):
        return None
    built = rule.build({name: values[key] for name, key in wanted.items()}, append_unknown=False)
    return built[1] if built else None


def _key(rule: Rule, argument: str) -> str:
    """Organisers' addresses count what public ones call by a slug."""
    if argument == "token":
        return TOKENS.get(rule.endpoint.split(".")[0], "token")
    is_number = isinstance(rule._converters[argument], NumberConverter)
    return f"{argument}_id" if is_number and not argument.endswith("_id") else argument


def _values(app: Flask) -> dict[str, object]:
    db = database.session()
    edition = db.scalars(select(Edition).where(Edition.slug == SAMPLE)).one()
    of_edition = {
        model: db.scalars(select(model).where(model.edition_id == edition.id)).first()
        for model in (Room, Track, Session, Speaker)
    }  # type: ignore[attr-defined]
    published = (Session.edition_id == edition.id, Session.track_id.is_not(None), Session.was_published)
    session = db.scalars(select(Session).where(*published)).first()
    person = db.scalars(select(Person).where(Person.id.in_(public_person_ids(db)))).first()
    organisation = db.scalars(select(Organisation).where(Organisation.id.in_(public_organisation_ids(db)))).first()
    registration = db.scalars(select(Registration)).first()
    mail, portrait = db.scalars(select(OutgoingMail)).first(), db.scalars(select(Portrait)).first()
    account = db.scalars(select(Account)).first()
    proposal = db.scalars(select(Proposal).where(Proposal.edition_id == edition.id)).first()
    interpreter = db.scalars(select(Interpreter).where(Interpreter.edition_id == edition.id)).first()
    return {
        "edition": SAMPLE,
        "session": session and session.slug,
        "session_id": session and session.id,
        "room": of_edition[Room] and of_edition[Room].slug,
        "room_id": of_edition[Room] and of_edition[Room].id,
        "track": of_edition[Track] and of_edition[Track].slug,
        "track_id": of_edition[Track] and of_edition[Track].id,
        "speaker_id": of_edition[Speaker] and of_edition[Speaker].id,
        "person": person and person.slug,
        "organisation": organisation and organisation.slug,
        "registration_id": registration and registration.id,
        "token": registration and token_of(registration.uid, app.config["SECRET_KEY"]),
        "proposal_id": proposal and proposal.id,
        "interpreter_id": interpreter and interpreter.id,
        "briefing_token": interpreter and sealed("briefing", interpreter.uid, app.config["SECRET_KEY"]),
        "speaking_token": of_edition[Speaker] and speakers_token(of_edition[Speaker].uid, app.config["SECRET_KEY"]),
        "letter": "invitation",
        "mail_id": mail and mail.id,
        "account_id": account and account.id,
        "digest": portrait and portrait.digest,
        "number_id": 1,
        "subject": session and f"session-{session.id}",
    }
