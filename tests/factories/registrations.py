from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.database import DbSession
from app.editions.models import Edition
from app.editions.rules import State
from app.mail.models import OutgoingMail
from app.registrations import actions
from app.registrations.models import Category, Registration
from app.registrations.rules import Answer, Applicant, CategoryFacts
from app.values.actor import COMMAND
from app.values.language import Language, Translated
from tests.conftest import NOW
from tests.factories.editions import make_edition

ANNA = Applicant(
    name="Anna Löwenstein",
    email="anna@ministry.example",
    country="DE",
    language=Language.DE,
    organisation="Bundesinstitut für Fahrzeugsicherheit",
    role="Referatsleiterin",
)


def someone(number: int, **overrides: Any) -> Applicant:
    return replace(ANNA, name=f"Person {number}", email=f"person{number}@ministry.example", **overrides)


def category_facts(**overrides: Any) -> CategoryFacts:
    facts: dict[str, Any] = {
        "name": Translated("Delegates", "Delegierte", "代表"),
        "opens_at": NOW - timedelta(days=1),
        "closes_at": NOW + timedelta(days=100),
        "capacity": 2,
    }
    return CategoryFacts(**facts | overrides)


def make_category(db: DbSession, edition: Edition | None = None, **overrides: Any) -> Category:
    """Open since yesterday, two seats, of an announced edition."""
    edition = edition or make_edition(db, state=State.ANNOUNCED)
    return actions.create_category(db, edition.id, category_facts(**overrides), actor=COMMAND, now=NOW)


def make_registration(db: DbSession, category: Category, applicant: Applicant = ANNA, **overrides: Any) -> Registration:
    """Confirmed or waiting, as it comes."""
    answer_to(db, category, applicant, **overrides)
    row = db.scalar(
        select(Registration)
        .where(Registration.category_id == category.id, Registration.email == applicant.email)
        .order_by(Registration.position.desc())
    )
    assert row is not None
    return row


def answer_to(db: DbSession, category: Category, applicant: Applicant = ANNA, **overrides: Any) -> Answer:
    given: dict[str, Any] = {
        "language": Language.EN, "submission": None, "consent": "2026-11-23", "now": NOW,
    }  # fmt: skip
    return actions.register(db, category.id, applicant, **given | overrides)


def outbox(db: DbSession) -> list[OutgoingMail]:
    return list(db.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


def written(db: DbSession) -> list[tuple[str, str]]:
    """To whom, and which mail."""
    return [(mail.recipient.split("@")[0], mail.template.removeprefix("registrations/")) for mail in outbox(db)]
