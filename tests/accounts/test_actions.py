"""Accounts, roles and one-time links, without any page."""

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts import actions, queries
from app.accounts.models import AccountGrant, SignInLink
from app.accounts.rules import Refusal, hash_of
from app.audit.models import AuditEntry
from app.database import DbSession
from app.errors import Conflict, NotFound
from app.mail.models import OutgoingMail
from app.values.actor import COMMAND, Grant, Role
from app.values.language import Language
from app.web.transaction import transaction
from tests.conftest import NOW
from tests.factories.accounts import make_account
from tests.factories.editions import make_edition


def verbs(db: DbSession, account_id: int) -> list[str]:
    entries = select(AuditEntry).where(AuditEntry.kind == "account", AuditEntry.subject_id == account_id)
    return [entry.verb for entry in db.scalars(entries.order_by(AuditEntry.id))]


def test_an_address_has_one_account_however_it_is_written(db: DbSession) -> None:
    actions.create_account(db, "Anna@Forum.Test", actor=COMMAND, now=NOW)
    with pytest.raises(Conflict) as refused:
        actions.create_account(db, " anna@forum.test", actor=COMMAND, now=NOW)
    assert refused.value.code == Refusal.EXISTS


def test_a_new_account_has_no_role_and_no_password(db: DbSession) -> None:
    account = actions.create_account(db, "anna@forum.test", actor=COMMAND, now=NOW)
    assert (account.grants, account.password, account.active) == (frozenset(), None, True)


def test_a_role_is_given_for_the_series_or_one_edition_and_only_once(db: DbSession) -> None:
    edition = make_edition(db)
    account = make_account(db)
    for _ in range(2):
        actions.grant(db, account.id, Role.ORGANISER, edition_id=edition.id, actor=COMMAND, now=NOW)
        actions.grant(db, account.id, Role.VIEWER, actor=COMMAND, now=NOW)
    assert account.grants == {Grant(Role.ORGANISER, edition.id), Grant(Role.VIEWER)}
    assert verbs(db, account.id) == ["account_created", "role_given", "role_given"]


def test_nobody_administers_only_one_edition(db: DbSession) -> None:
    edition = make_edition(db)
    account = make_account(db)
    with pytest.raises(Conflict) as refused:
        actions.grant(db, account.id, Role.ADMINISTRATOR, edition_id=edition.id, actor=COMMAND, now=NOW)
    assert refused.value.code == Refusal.NOT_FOR_ONE_EDITION


def test_a_role_taken_away_is_gone_and_others_stay(db: DbSession) -> None:
    edition = make_edition(db)
    account = make_account(db, role=Role.ORGANISER, edition_id=edition.id)
    actions.grant(db, account.id, Role.ORGANISER, actor=COMMAND, now=NOW)
    actions.revoke(db, account.id, Role.ORGANISER, actor=COMMAND, now=NOW)
    actions.revoke(db, account.id, Role.TRANSLATOR, actor=COMMAND, now=NOW)  # never had it
    assert account.grants == {Grant(Role.ORGANISER, edition.id)}
    assert verbs(db, account.id)[-1] == "role_taken"


def test_the_last_administrator_stays_one(db: DbSession) -> None:
    ada = make_account(db, "ada@forum.test", Role.ADMINISTRATOR)
    bob = make_account(db, "bob@forum.test", Role.ADMINISTRATOR)
    actions.set_active(db, bob.id, False, actor=COMMAND, now=NOW)
    for refused in (
        lambda: actions.revoke(db, ada.id, Role.ADMINISTRATOR, actor=COMMAND, now=NOW),
        lambda: actions.set_active(db, ada.id, False, actor=COMMAND, now=NOW),
    ):
        with pytest.raises(Conflict) as conflict:
            refused()
        assert conflict.value.code == Refusal.LAST_ADMINISTRATOR
    actions.set_active(db, bob.id, True, actor=COMMAND, now=NOW)
    actions.revoke(db, ada.id, Role.ADMINISTRATOR, actor=COMMAND, now=NOW)
    assert (ada.grants, bob.grants) == (frozenset(), {Grant(Role.ADMINISTRATOR)})


@pytest.mark.race
def test_two_administrators_cannot_remove_each_other_at_once(app: Flask) -> None:
    with app.app_context(), transaction() as db:
        ada = make_account(db, "ada@forum.test", Role.ADMINISTRATOR).id
        bob = make_account(db, "bob@forum.test", Role.ADMINISTRATOR).id
    codes: list[str] = []

    def remove_ada() -> None:
        try:
            with app.app_context(), transaction() as db:
                actions.revoke(db, ada, Role.ADMINISTRATOR, actor=COMMAND, now=NOW)
        except Conflict as refused:
            codes.append(refused.code)

    other = threading.Thread(target=remove_ada)
    with app.app_context(), transaction() as db:
        actions.revoke(db, bob, Role.ADMINISTRATOR, actor=COMMAND, now=NOW)
        other.start()
        other.join(0.3)  # it waits for us
    other.join()
    assert codes == [Refusal.LAST_ADMINISTRATOR]
    with app.app_context(), transaction() as db:
        assert db.scalars(select(AccountGrant.account_id)).all() == [ada]


def test_a_link_signs_in_once_and_only_its_hash_is_kept(db: DbSession) -> None:
    account = make_account(db)
    token = actions.sign_in_link(db, account.id, actor=COMMAND, now=NOW)
    assert [link.token_hash for link in db.scalars(select(SignInLink))] == [hash_of(token)]
    assert queries.living_link(db, token, NOW) is not None
    assert actions.use_link(db, token, now=NOW) is account
    assert queries.living_link(db, token, NOW) is None
    with pytest.raises(NotFound):
        actions.use_link(db, token, now=NOW)
    assert verbs(db, account.id) == ["account_created", "link_made", "link_used"]


def test_a_link_expires_and_an_unknown_one_is_nobodys(db: DbSession) -> None:
    account = make_account(db)
    token = actions.sign_in_link(db, account.id, lasts=timedelta(hours=1), actor=COMMAND, now=NOW)
    for token_, at in ((token, NOW + timedelta(hours=1)), (token + "x", NOW), ("", NOW)):
        assert queries.living_link(db, token_, at) is None
        with pytest.raises(NotFound):
            actions.use_link(db, token_, now=at)
    assert actions.use_link(db, token, now=NOW + timedelta(minutes=59)) is account


def test_switched_off_an_account_is_signed_out_and_its_links_are_dead(db: DbSession) -> None:
    account = make_account(db)
    link = actions.sign_in_link(db, account.id, actor=COMMAND, now=NOW)
    cookie = actions.begin_sign_in(db, account.id, now=NOW)
    assert queries.living_sign_in(db, cookie, NOW) is not None
    actions.set_active(db, account.id, False, actor=COMMAND, now=NOW)
    assert queries.living_sign_in(db, cookie, NOW) is None
    actions.set_active(db, account.id, True, actor=COMMAND, now=NOW)
    assert queries.living_sign_in(db, cookie, NOW) is None
    assert queries.living_link(db, link, NOW) is None


def test_ending_one_sign_in_leaves_the_others(db: DbSession) -> None:
    account = make_account(db)
    here, there = (actions.begin_sign_in(db, account.id, now=NOW) for _ in range(2))
    actions.end_sign_in(db, here, now=NOW)
    assert [queries.living_sign_in(db, token, NOW) is not None for token in (here, there)] == [False, True]
    assert len(queries.living_sign_ins(db, account.id, NOW)) == 1


def test_an_invitation_is_a_mail_in_the_accounts_language_with_a_link_that_works(db: DbSession) -> None:
    account = make_account(db, language=Language.ZH)
    actions.invite(db, account.id, address=lambda token: f"http://forum.test/{token}", actor=COMMAND, now=NOW)
    mail = db.scalars(select(OutgoingMail)).one()
    assert (mail.template, mail.recipient, mail.language) == ("accounts/invitation", account.email, Language.ZH)
    token = mail.data["link"].removeprefix("http://forum.test/")
    assert actions.use_link(db, token, now=NOW + timedelta(days=6)) is account


def test_tries_are_counted_by_address_for_a_quarter_of_an_hour(db: DbSession) -> None:
    assert [actions.note_try(db, "anna@forum.test", now=NOW) for _ in range(3)] == [1, 2, 3]
    assert actions.note_try(db, "nobody@forum.test", now=NOW) == 1
    assert actions.note_try(db, "ANNA@forum.test", now=NOW + timedelta(minutes=15)) == 1
    actions.forget_tries(db, "anna@forum.test")
    assert queries.tries(db, "anna@forum.test", NOW) == 0
