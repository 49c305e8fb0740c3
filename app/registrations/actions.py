"""What people do with registrations. Every function here writes; none of them commits."""

from datetime import datetime, timedelta
from uuid import uuid4

from app import freshness
from app.audit.actions import record
from app.database import DbSession, house
from app.editions.models import Edition
from app.errors import Conflict, NotFound, Stale
from app.mail import actions as mail
from app.mail import queries as mails
from app.people.rules import Name, findable, sort_keys
from app.registrations import queries, rules
from app.registrations.models import Category, Registration
from app.registrations.rules import Answer, Applicant, CategoryFacts, Seat
from app.registrations.tokens import hashed, token_of
from app.translation.actions import note_change
from app.values.actor import ATTENDEE, Actor
from app.values.language import Language

MAILS_AN_HOUR = 5
"""To one address about one edition; whoever registers it over and over is answered as ever, but not in mails."""
SECOND_THOUGHTS = timedelta(seconds=30)
"""How long a mail about an organiser's act waits, so that it can be taken back with the act."""


def create_category(db: DbSession, edition_id: int, facts: CategoryFacts, *, actor: Actor, now: datetime) -> Category:
    """An edition has one, for now. Raises `Conflict` where it has one already."""
    edition = db.get(Edition, edition_id, with_for_update={"key_share": True})
    if edition is None:
        raise NotFound
    if queries.category_of_edition(db, edition_id):
        raise Conflict("category_exists")
    category = Category(edition=edition, taken=0, queue=0, last_position=0, overbooked=False, **_columns(facts))
    db.add(category)
    db.flush()
    record(db, actor, "category_created", kind="category", subject_id=category.id, now=now, edition_id=edition_id)
    _announce(db, category, now)
    return category


def change_category(
    db: DbSession,
    category_id: int,
    facts: CategoryFacts,
    *,
    revision: int,
    actor: Actor,
    now: datetime,
    knowingly: bool = False,
) -> Category:
    """More seats go to the head of the queue at once. Fewer than are taken need somebody who knows it.

    Raises `Stale`, or `Conflict` where seats would fall below those taken and not `knowingly`.
    """
    category = queries.locked_category(db, category_id)
    if category.revision != revision:
        raise Stale
    if facts.capacity < category.taken and facts.capacity < category.capacity and not knowingly:
        raise Conflict("registration_below_taken", taken=category.taken)
    before, source = category.capacity, category.edition.series.source_language
    note_change(db, "category", category.id, "name", category.name, facts.name, house=source, now=now)
    for name, value in _columns(facts).items():
        setattr(category, name, value)
    category.overbooked = category.taken > category.capacity
    category.revision += 1
    db.flush()
    record(
        db, actor, "category_changed", kind="category", subject_id=category.id, now=now,
        edition_id=category.edition_id, seats=[before, category.capacity],
    )  # fmt: skip
    _promote(db, category, actor=actor, now=now)
    _announce(db, category, now)
    return category


def _columns(facts: CategoryFacts) -> dict[str, object]:
    return {name: getattr(facts, name) for name in CategoryFacts.__dataclass_fields__}


def _announce(db: DbSession, category: Category, now: datetime) -> None:
    """Public pages say when registration opens and closes, and change at these instants by themselves."""
    freshness.touch(db, now)
    freshness.due(db, category.opens_at, now=now)
    freshness.due(db, category.closes_at + timedelta(microseconds=1), now=now)


def register(
    db: DbSession,
    category_id: int,
    applicant: Applicant,
    *,
    language: Language,
    submission: str | None,
    consent: str,
    now: datetime,
) -> Answer:
    """Give a person a seat in the category, or a place in its queue, and say which.

    Locks the category first, so that two people cannot both take the last seat. The mail is queued in the
    same transaction: no seat without mail, no mail without seat. `language` is the one in which the consent's
    text (version `consent`) was read; the mail comes in the one the person prefers. An address that is
    registered already is answered as a new one would be at this moment; the truth goes there by mail. The same
    form (`submission`) sent twice is one registration. Raises `Conflict` with the code of a `Refusal`.
    """
    category = queries.locked_category(db, category_id)
    again = queries.by_submission(db, submission) if submission else None
    if again and (again.category_id, again.email) == (category.id, applicant.email):
        if again.seat is Seat.CANCELLED:
            raise Conflict("registration_form_used")
        return queries.answer_of(db, again)
    _require_open(category, now)
    answer = rules.answer_now(taken=category.taken, capacity=category.capacity, queue=category.queue)
    earlier = queries.living_registration(db, category.id, applicant.email)
    if earlier:
        _tell_again(db, earlier, category, now)
        return answer
    registration = _enter(db, category, applicant, answer.seat, now)
    registration.submission = None if again else submission
    registration.consent_version, registration.consent_language = consent, language
    db.flush()
    _record(db, ATTENDEE, "registration_made", registration, category, now)
    _tell(db, answer.seat, registration, category, now, queue_place=answer.place)
    return answer


def _require_open(category: Category, now: datetime) -> None:
    refused = rules.refusal(
        opens_at=category.opens_at,
        closes_at=category.closes_at,
        paused=category.paused,
        now=now,
        edition=category.edition.state,
    )
    if refused:
        raise Conflict(refused)


def _enter(db: DbSession, category: Category, applicant: Applicant, seat: Seat, now: datetime) -> Registration:
    """A new row at the end of the line, and the counts with it. Flushed by the caller."""
    category.taken += seat is Seat.CONFIRMED
    category.queue += seat is Seat.WAITING
    category.last_position += 1
    uid = str(uuid4())
    registration = Registration(
        uid=uid,
        category=category,
        token_hash=hashed(token_of(uid, house(db).secret_key)),
        email=applicant.email,
        seat=seat,
        position=category.last_position,
        registered_at=now,
        changed_at=now,
        consented_at=now,
    )
    _describe(registration, applicant)
    db.add(registration)
    return registration


def _describe(registration: Registration, applicant: Applicant) -> None:
    """All a person may correct later; the address is not among it."""
    for name in ("name", "second_name", "organisation", "role", "country", "language", "remarks"):
        setattr(registration, name, getattr(applicant, name))
    registration.sort_name = sort_keys(Name(applicant.name, second=applicant.second_name))[0]
    registration.findable = findable(
        applicant.name, applicant.second_name, applicant.organisation, registration.email,
        rules.code_of(registration.uid),
    )  # fmt: skip


def change_details(db: DbSession, registration_id: int, applicant: Applicant, *, revision: int, now: datetime) -> None:
    """By the person, on their own page. The address stays: it is what their link went to. Raises `Stale`."""
    registration = queries.locked_registration(db, registration_id)
    if registration.seat is Seat.CANCELLED:
        raise Conflict("registration_cancelled_already")
    if registration.revision != revision:
        raise Stale
    _describe(registration, applicant)
    registration.changed_at = now
    registration.revision += 1
    db.flush()
    _record(db, ATTENDEE, "registration_changed", registration, registration.category, now)


def cancel(db: DbSession, registration_id: int, *, actor: Actor = ATTENDEE, now: datetime) -> None:
    """Give up the seat or the place; a seat goes to the head of the queue in the same transaction.

    Cancelling twice is cancelling once.
    """
    registration = queries.locked_registration(db, registration_id)
    if registration.seat is Seat.CANCELLED:
        return
    category, was = registration.category, registration.seat
    category.taken -= was is Seat.CONFIRMED
    category.queue -= was is Seat.WAITING
    category.overbooked = category.taken > category.capacity
    registration.seat, registration.cancelled_at, registration.changed_at = Seat.CANCELLED, now, now
    registration.revision += 1
    db.flush()
    by_organiser = actor is not ATTENDEE
    _record(db, actor, "registration_cancelled", registration, category, now, was=was)
    _tell(db, Seat.CANCELLED, registration, category, now, thinking=by_organiser, by_organiser=by_organiser)
    _promote(db, category, actor=actor, now=now)


def confirm_by_hand(
    db: DbSession, registration_id: int, *, knowingly: bool = False, actor: Actor, now: datetime
) -> None:
    """An organiser gives somebody who waits a seat, past those before them; beyond the last seat only knowingly."""
    registration = queries.locked_registration(db, registration_id)
    category = registration.category
    if registration.seat is not Seat.WAITING:
        raise Conflict("registration_not_waiting")
    if category.taken >= category.capacity and not knowingly:
        raise Conflict("registration_no_seat", capacity=category.capacity)
    _seat(registration, category, now)
    category.overbooked = category.taken > category.capacity
    db.flush()
    _record(db, actor, "registration_confirmed", registration, category, now)
    _tell(db, "promoted", registration, category, now, thinking=True)


def return_to_queue(db: DbSession, registration_id: int, *, actor: Actor, now: datetime) -> None:
    """Undo a confirmation by hand: back to the old place. The mail is taken back too, or one says sorry.

    A seat that becomes free by it goes to the head of the queue, as always.
    """
    registration = queries.locked_registration(db, registration_id)
    category = registration.category
    if registration.seat is not Seat.CONFIRMED:
        raise Conflict("registration_not_confirmed")
    category.taken -= 1
    category.queue += 1
    category.overbooked = category.taken > category.capacity
    registration.seat, registration.changed_at = Seat.WAITING, now
    registration.revision += 1
    db.flush()
    _record(db, actor, "registration_returned", registration, category, now)
    if not _take_back(db, "promoted", registration, category, now):
        place = queries.place_of(db, registration)
        _tell(db, "returned", registration, category, now, thinking=True, queue_place=place)
    _promote(db, category, actor=actor, now=now)


def reinstate(db: DbSession, registration_id: int, *, actor: Actor, now: datetime) -> None:
    """Undo a cancellation: the old place in the line, and the seat itself where nobody has it now.

    Raises `Conflict` where the address has registered anew since.
    """
    registration = queries.locked_registration(db, registration_id)
    category = registration.category
    if registration.seat is not Seat.CANCELLED:
        raise Conflict("registration_not_cancelled")
    if queries.living_registration(db, category.id, registration.email):
        raise Conflict("registration_anew")
    answer = rules.answer_now(taken=category.taken, capacity=category.capacity, queue=category.queue)
    category.taken += answer.seat is Seat.CONFIRMED
    category.queue += answer.seat is Seat.WAITING
    registration.seat, registration.cancelled_at, registration.changed_at = answer.seat, None, now
    registration.revision += 1
    db.flush()
    _record(db, actor, "registration_reinstated", registration, category, now)
    _take_back(db, "cancelled", registration, category, now)
    place = queries.place_of(db, registration)
    _tell(db, answer.seat, registration, category, now, thinking=True, queue_place=place)


def _seat(registration: Registration, category: Category, now: datetime) -> None:
    registration.seat, registration.changed_at = Seat.CONFIRMED, now
    registration.revision += 1
    category.taken += 1
    category.queue -= 1


def _promote(db: DbSession, category: Category, *, actor: Actor, now: datetime) -> None:
    """What is free goes to the head of the queue, in order, each with a mail."""
    count = rules.promotions(taken=category.taken, capacity=category.capacity, queue=category.queue)
    for registration in queries.head_of_queue(db, category.id, count) if count else ():
        _seat(registration, category, now)
        _record(db, actor, "registration_promoted", registration, category, now)
        _tell(db, "promoted", registration, category, now)
    db.flush()


def _record(
    db: DbSession,
    actor: Actor,
    verb: str,
    registration: Registration,
    category: Category,
    now: datetime,
    **data: object,
) -> None:
    record(
        db, actor, verb, kind="registration", subject_id=registration.id, now=now,
        edition_id=category.edition_id, **data,
    )  # fmt: skip


def _tell_again(db: DbSession, earlier: Registration, category: Category, now: datetime) -> None:
    """The truth, and the link once more, to the address itself: not to whoever is typing."""
    since = now - timedelta(hours=1)
    if mails.count_to(db, earlier.email, since=since, edition_id=category.edition_id) < MAILS_AN_HOUR:
        _tell(db, "already", earlier, category, now, queue_place=queries.place_of(db, earlier))


def _tell(
    db: DbSession,
    template: str,
    registration: Registration,
    category: Category,
    now: datetime,
    *,
    thinking: bool = False,
    **more: object,
) -> None:
    """A mail to the person in their language. It carries the uid, of which the worker makes the link."""
    edition, language = category.edition, registration.language
    days = edition.own_days
    place = [text.best(language).text for text in (edition.venue, edition.city) if text]
    mail.queue(
        db,
        f"registrations/{template}",
        to=registration.email,
        language=language,
        now=now,
        edition_id=edition.id,
        wait=SECOND_THOUGHTS if thinking else timedelta(),
        name=registration.name,
        uid=registration.uid,
        edition=edition.title.best(language).text,
        days=[days.first.isoformat(), days.last.isoformat()] if days else None,
        place=", ".join(place),
        **more,
    )


def _take_back(db: DbSession, template: str, registration: Registration, category: Category, now: datetime) -> bool:
    """The mail about what is being undone, while it still waits. False where it has left."""
    return mail.withdraw(
        db, f"registrations/{template}", to=registration.email, edition_id=category.edition_id, now=now
    )
