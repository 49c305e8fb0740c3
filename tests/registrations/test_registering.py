"""Who gets a seat, who waits, and what their mails say."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.audit.models import AuditEntry
from app.database import DbSession, house
from app.editions.rules import State
from app.errors import Conflict, NotFound
from app.registrations import actions, queries
from app.registrations.models import Registration
from app.registrations.rules import Answer, Seat
from app.registrations.tokens import hashed, token_of
from app.values.actor import COMMAND
from app.values.language import Language
from tests.conftest import NOW
from tests.factories.editions import make_edition, make_step
from tests.factories.registrations import (
    ANNA,
    answer_to,
    category_facts,
    make_category,
    make_registration,
    outbox,
    someone,
    written,
)

LATER = NOW + timedelta(hours=2)


def test_while_seats_last_one_is_confirmed_and_the_mail_says_so_in_ones_own_language(db: DbSession) -> None:
    category = make_category(db, capacity=1)

    assert answer_to(db, category, ANNA, language=Language.EN) == Answer(Seat.CONFIRMED)

    [mail] = outbox(db)
    assert (mail.recipient, mail.template, mail.language) == (ANNA.email, "registrations/confirmed", Language.DE)
    assert (category.taken, category.queue) == (1, 0)


def test_when_full_one_joins_the_queue_with_a_place(db: DbSession) -> None:
    category = make_category(db, capacity=1)
    make_registration(db, category, someone(1))

    assert answer_to(db, category, someone(2)) == Answer(Seat.WAITING, 1)
    assert answer_to(db, category, someone(3)) == Answer(Seat.WAITING, 2)
    assert written(db) == [("person1", "confirmed"), ("person2", "waiting"), ("person3", "waiting")]


def test_consent_is_kept_with_version_language_and_time(db: DbSession) -> None:
    registration = make_registration(db, make_category(db), language=Language.ZH, consent="2027-03-01")

    assert registration.consent_version == "2027-03-01"
    assert registration.consent_language is Language.ZH
    assert registration.consented_at == NOW


def test_the_link_is_kept_as_a_hash_and_the_mail_carries_no_token(db: DbSession) -> None:
    registration = make_registration(db, make_category(db))
    token = token_of(registration.uid, house(db).secret_key)

    assert registration.token_hash == hashed(token)
    assert queries.by_token(db, token) is registration
    assert token not in str(outbox(db)[0].data)


def test_nobody_registers_before_it_opens_after_it_closes_or_while_it_is_paused(db: DbSession) -> None:
    category = make_category(db, opens_at=NOW, closes_at=NOW + timedelta(days=1))

    for at, code in ((NOW - timedelta(seconds=1), "not_open"), (NOW + timedelta(days=2), "closed")):
        with pytest.raises(Conflict) as refused:
            answer_to(db, category, now=at)
        assert refused.value.code == f"registration_{code}"
    category.paused = True
    with pytest.raises(Conflict) as refused:
        answer_to(db, category)
    assert refused.value.code == "registration_paused"
    assert outbox(db) == []


def test_nobody_registers_for_a_cancelled_edition(db: DbSession) -> None:
    edition = make_edition(db, state=State.ANNOUNCED)
    category = make_category(db, edition)
    make_step(db, edition, State.CANCELLED)

    with pytest.raises(Conflict) as refused:
        answer_to(db, category)
    assert refused.value.code == "registration_called_off"


def test_an_address_registered_twice_is_answered_as_a_new_one_and_told_the_truth_by_mail(db: DbSession) -> None:
    category = make_category(db, capacity=1)
    make_registration(db, category, ANNA)
    make_registration(db, category, someone(2))

    again = answer_to(db, category, replace(ANNA, name="Somebody Else"))

    assert again == Answer(Seat.WAITING, 2)
    assert again == answer_to(db, category, someone(3))
    assert db.scalar(select(func.count()).where(Registration.email == ANNA.email)) == 1
    mail = outbox(db)[2]
    assert (mail.recipient, mail.template) == (ANNA.email, "registrations/already")
    assert (mail.data["name"], mail.data["queue_place"]) == (ANNA.name, None)


def test_somebody_who_waits_and_registers_again_is_told_their_own_place_by_mail(db: DbSession) -> None:
    category = make_category(db, capacity=1)
    for number in (1, 2, 3):
        make_registration(db, category, someone(number))

    assert answer_to(db, category, someone(2)) == Answer(Seat.WAITING, 3)

    assert outbox(db)[-1].data["queue_place"] == 1


def test_registering_over_and_over_fills_nobodys_mailbox_and_is_answered_alike(db: DbSession) -> None:
    category = make_category(db, capacity=1)

    answers = [answer_to(db, category, ANNA) for _ in range(9)]

    assert answers[1:] == [Answer(Seat.WAITING, 1)] * 8
    assert len(outbox(db)) == 5
    answer_to(db, category, ANNA, now=NOW + timedelta(minutes=61))
    assert len(outbox(db)) == 6


def test_the_same_form_sent_twice_is_one_registration_and_one_mail(db: DbSession) -> None:
    category = make_category(db, capacity=1)

    first = answer_to(db, category, submission="form-1")
    second = answer_to(db, category, submission="form-1")

    assert first == second == Answer(Seat.CONFIRMED)
    assert len(outbox(db)) == 1


def test_going_back_and_changing_the_address_registers_a_second_person(db: DbSession) -> None:
    category = make_category(db)

    answer_to(db, category, someone(1), submission="form-1")
    answer_to(db, category, someone(2), submission="form-1")

    assert [status for status, _ in written(db)] == ["person1", "person2"]


def test_the_form_of_a_cancelled_registration_does_not_bring_it_back(db: DbSession) -> None:
    category = make_category(db)
    registration = make_registration(db, category, submission="form-1")
    actions.cancel(db, registration.id, now=NOW)

    with pytest.raises(Conflict) as refused:
        answer_to(db, category, submission="form-1")
    assert refused.value.code == "registration_form_used"


def test_cancelling_hands_the_seat_to_the_head_of_the_queue_with_a_mail(db: DbSession) -> None:
    category = make_category(db, capacity=1)
    first, second, third = (make_registration(db, category, someone(n)) for n in (1, 2, 3))

    actions.cancel(db, first.id, now=LATER)

    assert (first.seat, second.seat, third.seat) == (Seat.CANCELLED, Seat.CONFIRMED, Seat.WAITING)
    assert (category.taken, category.queue) == (1, 1)
    assert queries.place_of(db, third) == 1
    assert written(db)[3:] == [("person1", "cancelled"), ("person2", "promoted")]


def test_cancelling_twice_is_cancelling_once(db: DbSession) -> None:
    category = make_category(db)
    registration = make_registration(db, category)

    actions.cancel(db, registration.id, now=NOW)
    actions.cancel(db, registration.id, now=LATER)

    assert registration.cancelled_at == NOW
    assert category.taken == 0
    assert written(db) == [("anna", "confirmed"), ("anna", "cancelled")]


def test_somebody_who_waits_and_cancels_frees_no_seat(db: DbSession) -> None:
    category = make_category(db, capacity=1)
    _first, second, third = (make_registration(db, category, someone(n)) for n in (1, 2, 3))

    actions.cancel(db, second.id, now=NOW)

    assert (category.taken, category.queue, third.seat) == (1, 1, Seat.WAITING)
    assert queries.place_of(db, third) == 1


def test_after_cancelling_one_may_register_again_as_a_new_person_at_the_end(db: DbSession) -> None:
    category = make_category(db, capacity=1)
    first = make_registration(db, category, ANNA)
    make_registration(db, category, someone(2))
    make_registration(db, category, someone(3))
    actions.cancel(db, first.id, now=NOW)

    again = make_registration(db, category, ANNA)

    assert (again.seat, queries.place_of(db, again)) == (Seat.WAITING, 2)
    assert again.id != first.id
    assert again.uid != first.uid
    assert again.token_hash != first.token_hash


def test_the_database_refuses_two_living_registrations_of_one_address(db: DbSession) -> None:
    category = make_category(db)
    make_registration(db, category, ANNA)
    other = make_registration(db, category, someone(2))

    other.email = ANNA.email
    with pytest.raises(IntegrityError):
        db.flush()
    db.rollback()


def test_the_database_refuses_a_sold_seat_too_many(db: DbSession) -> None:
    category = make_category(db, capacity=1)
    make_registration(db, category)

    category.taken = 2
    with pytest.raises(IntegrityError):
        db.flush()
    db.rollback()


def test_more_seats_go_to_the_head_of_the_queue_at_once(db: DbSession) -> None:
    category = make_category(db, capacity=1)
    people = [make_registration(db, category, someone(n)) for n in range(1, 5)]

    actions.change_category(
        db, category.id, category_facts(capacity=3), revision=category.revision, actor=COMMAND, now=NOW
    )

    assert [person.seat for person in people] == [Seat.CONFIRMED, Seat.CONFIRMED, Seat.CONFIRMED, Seat.WAITING]
    assert (category.taken, category.queue, category.overbooked) == (3, 1, False)
    assert written(db)[4:] == [("person2", "promoted"), ("person3", "promoted")]


def test_fewer_seats_than_taken_must_be_meant_and_nobody_is_promoted_until_there_is_room(db: DbSession) -> None:
    category = make_category(db, capacity=2)
    people = [make_registration(db, category, someone(n)) for n in range(1, 4)]
    fewer = category_facts(capacity=1)

    with pytest.raises(Conflict) as refused:
        actions.change_category(db, category.id, fewer, revision=category.revision, actor=COMMAND, now=NOW)
    assert (refused.value.code, refused.value.data) == ("registration_below_taken", {"taken": 2})
    actions.change_category(db, category.id, fewer, revision=category.revision, knowingly=True, actor=COMMAND, now=NOW)
    assert category.overbooked
    actions.cancel(db, people[0].id, now=NOW)
    assert (people[2].seat, category.taken, category.overbooked) == (Seat.WAITING, 1, False)
    actions.cancel(db, people[1].id, now=NOW)
    assert (people[2].seat, category.taken) == (Seat.CONFIRMED, 1)


def test_confirming_by_hand_passes_the_queue_and_beyond_the_seats_only_knowingly(db: DbSession) -> None:
    category = make_category(db, capacity=1)
    _first, second, third = (make_registration(db, category, someone(n)) for n in (1, 2, 3))

    with pytest.raises(Conflict) as refused:
        actions.confirm_by_hand(db, third.id, actor=COMMAND, now=NOW)
    assert refused.value.code == "registration_no_seat"
    actions.confirm_by_hand(db, third.id, knowingly=True, actor=COMMAND, now=NOW)

    assert (second.seat, third.seat) == (Seat.WAITING, Seat.CONFIRMED)
    assert (category.taken, category.queue, category.overbooked) == (2, 1, True)
    assert written(db)[3:] == [("person3", "promoted")]


def test_a_confirmation_by_hand_is_undone_with_its_mail(db: DbSession) -> None:
    category = make_category(db, capacity=1)
    _first, second, third = (make_registration(db, category, someone(n)) for n in (1, 2, 3))
    actions.confirm_by_hand(db, third.id, knowingly=True, actor=COMMAND, now=NOW)

    actions.return_to_queue(db, third.id, actor=COMMAND, now=NOW + timedelta(seconds=10))

    assert (third.seat, queries.place_of(db, third), queries.place_of(db, second)) == (Seat.WAITING, 2, 1)
    assert (category.taken, category.queue, category.overbooked) == (1, 2, False)
    assert written(db) == [("person1", "confirmed"), ("person2", "waiting"), ("person3", "waiting")]


def test_where_the_mail_has_left_undoing_writes_another(db: DbSession) -> None:
    category = make_category(db, capacity=1)
    _first, second = (make_registration(db, category, someone(n)) for n in (1, 2))
    actions.confirm_by_hand(db, second.id, knowingly=True, actor=COMMAND, now=NOW)

    actions.return_to_queue(db, second.id, actor=COMMAND, now=NOW + timedelta(minutes=10))

    assert written(db)[2:] == [("person2", "promoted"), ("person2", "returned")]


def test_an_organisers_cancellation_is_undone_where_the_seat_is_still_free(db: DbSession) -> None:
    category = make_category(db, capacity=1)
    first = make_registration(db, category, someone(1))
    actions.cancel(db, first.id, actor=COMMAND, now=NOW)

    actions.reinstate(db, first.id, actor=COMMAND, now=NOW + timedelta(seconds=5))

    assert (first.seat, first.cancelled_at, category.taken) == (Seat.CONFIRMED, None, 1)
    assert written(db) == [("person1", "confirmed"), ("person1", "confirmed")]


def test_an_organisers_cancellation_is_undone_to_the_head_of_the_queue_where_the_seat_is_gone(db: DbSession) -> None:
    category = make_category(db, capacity=1)
    first, second, third = (make_registration(db, category, someone(n)) for n in (1, 2, 3))
    actions.cancel(db, first.id, actor=COMMAND, now=NOW)

    actions.reinstate(db, first.id, actor=COMMAND, now=NOW + timedelta(seconds=5))

    assert (first.seat, second.seat) == (Seat.WAITING, Seat.CONFIRMED)
    assert (queries.place_of(db, first), queries.place_of(db, third)) == (1, 2)


def test_a_cancellation_stays_where_the_address_has_registered_anew(db: DbSession) -> None:
    category = make_category(db)
    first = make_registration(db, category, ANNA)
    actions.cancel(db, first.id, actor=COMMAND, now=NOW)
    make_registration(db, category, ANNA)

    with pytest.raises(Conflict) as refused:
        actions.reinstate(db, first.id, actor=COMMAND, now=NOW)
    assert refused.value.code == "registration_anew"


def test_correcting_ones_details_keeps_address_seat_and_place(db: DbSession) -> None:
    category = make_category(db, capacity=0)
    registration = make_registration(db, category, ANNA)

    actions.change_details(
        db, registration.id, replace(ANNA, name="张喆堃", second_name="Zhang Zhekun", email="other@x.example"),
        revision=1, now=LATER,
    )  # fmt: skip

    assert (registration.name, registration.email, registration.seat) == ("张喆堃", ANNA.email, Seat.WAITING)
    assert "zhang zhekun" in registration.findable
    assert registration.changed_at == LATER


def test_what_people_do_is_on_record_without_their_names(db: DbSession) -> None:
    category = make_category(db, capacity=1)
    registration = make_registration(db, category, ANNA)
    actions.cancel(db, registration.id, now=NOW)

    entries = db.scalars(select(AuditEntry).where(AuditEntry.kind == "registration").order_by(AuditEntry.id)).all()
    assert [(entry.verb, entry.actor_name, entry.subject_id) for entry in entries] == [
        ("registration_made", "attendee", registration.id),
        ("registration_cancelled", "attendee", registration.id),
    ]
    assert ANNA.name not in str([entry.data for entry in entries])


def test_one_edition_has_one_category(db: DbSession) -> None:
    edition = make_edition(db)
    make_category(db, edition)

    with pytest.raises(Conflict) as refused:
        make_category(db, edition)
    assert refused.value.code == "category_exists"
    with pytest.raises(NotFound):
        actions.create_category(db, 10**6, category_facts(), actor=COMMAND, now=NOW)
