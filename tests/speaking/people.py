"""An edition with speakers in every state, and browsers in the hands of organisers and of speakers."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from html import unescape

from flask import Flask
from flask.testing import FlaskClient

from app.agenda.rules import SessionRole
from app.database import DbSession
from app.editions.rules import State
from app.extensions import database
from app.mail.models import OutgoingMail
from app.speakers.models import Speaker
from app.speakers.rules import SpeakerState
from app.speakers.tokens import token_of
from app.values.actor import Role
from app.values.language import Language, Translated
from app.web.transaction import transaction
from tests.factories.accounts import make_account, sign_in
from tests.factories.agenda import make_room, make_session
from tests.factories.editions import make_edition
from tests.factories.people import make_organisation, make_person
from tests.factories.speakers import make_speaker

HAIKOU = "/organise/editions/2027-haikou"
SPEAKERS = f"{HAIKOU}/speakers"
CANDIDATE, INVITED, CONFIRMED, DECLINED, MATERIALS = SpeakerState


@dataclass
class Crowd:
    """Speakers by first name."""

    app: Flask
    edition: int
    ids: dict[str, int] = field(default_factory=dict)
    uids: dict[str, str] = field(default_factory=dict)

    def page(self, who: str, then: str = "", lang: str = "en") -> str:
        token = token_of(self.uids[who], self.app.config["SECRET_KEY"])
        return f"/{lang}/speaking/{token}{then}"

    def state(self, who: str) -> SpeakerState:
        with reading(self.app) as db:
            return db.get_one(Speaker, self.ids[who]).state


@contextmanager
def reading(app: Flask) -> Iterator[DbSession]:
    with app.app_context():
        with transaction() as db:
            yield db
        database.session.remove()


def make_crowd(app: Flask, *, state: State = State.ANNOUNCED) -> Crowd:
    """Carla the candidate, Ines and 英 (invited), Conny (confirmed), Dora (declined); Ines and Conny share a panel."""
    with reading(app) as db:
        edition = make_edition(db, state=state, venue=Translated("Hall 1", "Halle 1", "一号馆"))
        institute = make_organisation(db, "Institute of Batteries")
        crowd = Crowd(app, edition.id)
        for name, where, language in (
            ("Carla Kandidat", CANDIDATE, Language.DE),
            ("Ines Invitato", INVITED, None),
            ("英 Ying", INVITED, Language.ZH),
            ("Conny Confirmed", CONFIRMED, Language.EN),
            ("Dora Declined", DECLINED, Language.EN),
        ):
            first = name.split()[0]
            speaker = make_speaker(
                db, edition, make_person(db, name), state=where, language=language, role=Translated("Professor"),
                email=f"{len(crowd.ids)}@speakers.test", organisation_id=institute.id if where is CONFIRMED else None,
                private_note=f"SECRET note on {first}", country="DE" if len(crowd.ids) % 2 else "CN",
                due_on=date(2027, 2, 1) if first == "Ines" else date(2027, 4, 1) if first == "Carla" else None,
            )  # fmt: skip
            crowd.ids[first], crowd.uids[first] = speaker.id, speaker.uid
        room = make_room(db, edition)
        both = [db.get_one(Speaker, crowd.ids[first]) for first in ("Ines", "Conny", "Dora")]
        make_session(db, edition, "Quiet motors", "2027-09-23 09:00", "2027-09-23 10:30", room=room, speakers=(*both,))
        make_session(db, edition, "Someone else’s talk", "2027-09-23 11:00", "2027-09-23 11:30", room=room)
        return crowd


def as_role(app: Flask, role: Role, edition_id: int | None = None, name: str = "Olga Organiser") -> FlaskClient:
    with reading(app) as db:
        account = make_account(db, f"{role}{edition_id}@forum.test", role, edition_id=edition_id, name=name).id
    return sign_in(app.test_client(), account)


def outbox(app: Flask) -> list[OutgoingMail]:
    with app.app_context():
        mails = list(database.session.query(OutgoingMail).order_by(OutgoingMail.id))
        database.session.expunge_all()
        return mails


def words(html: str) -> str:
    """What one reads, without markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def hidden(html: str, name: str) -> list[str]:
    """Values of hidden fields of that name, as the page has them."""
    found = re.findall(r"<input[^>]*>", html)
    return [m[1] for tag in found if f'name="{name}"' in tag and (m := re.search(r'value="([^"]*)"', tag))]


__all__ = ["SessionRole"]
