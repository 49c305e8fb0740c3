"""What organisers see of the outbox."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.mail import actions, queries
from app.mail.delivery import deliver
from app.mail.models import OutgoingMail
from app.mail.rules import MailState
from app.values.actor import Role
from app.values.language import Language
from app.web.transaction import transaction
from tests.conftest import NOW
from tests.factories.accounts import make_account, sign_in
from tests.factories.editions import make_edition


def write(app: Flask, to: str = "anna@x.example", edition_id: int | None = None, **columns: object) -> int:
    with app.app_context(), transaction() as db:
        actions.queue(
            db, "registrations/cancelled", to=to, language=Language.DE, now=NOW, edition_id=edition_id,
            name="Anna", edition="Forum", days=None, place="", by_organiser=False,
        )  # fmt: skip
        db.flush()
        mail = queries.page_of(db, queries.Wanted(None), limit=1)[0]
        for name, value in columns.items():
            setattr(mail, name, value)
        db.flush()
        return mail.id


def test_every_mail_is_listed_with_what_became_of_it(app: Flask, signed_in: FlaskClient) -> None:
    write(app, "gone@x.example", state=MailState.REFUSED, trouble="550 No such mailbox")
    write(app, "anna@x.example")

    page = signed_in.get("/organise/mail").text

    for text in ("Registration cancelled", "gone@x.example", "550 No such mailbox", "Refused", "Waiting"):
        assert text in page
    assert "gone@x.example" not in signed_in.get("/organise/mail?state=waiting").text
    assert "anna@x.example" not in signed_in.get("/organise/mail?q=gone").text


def test_in_development_a_mail_can_be_read(app: Flask, signed_in: FlaskClient) -> None:
    mail = write(app)
    with app.app_context():
        deliver(app)

    page = signed_in.get(f"/organise/mail/{mail}").text

    assert "Anna" in page
    assert 'href="http://forum.test/de/imprint"' in page


def test_pages_of_a_long_outbox_follow_each_other(app: Flask, signed_in: FlaskClient) -> None:
    for number in range(51):
        write(app, f"p{number}@x.example")

    first = signed_in.get("/organise/mail").text

    assert "p50@x.example" in first
    assert "p0@x.example" not in first
    assert 'rel="next"' in first


def test_a_refused_mail_is_tried_again_by_a_button(app: Flask, signed_in: FlaskClient) -> None:
    mail = write(app, state=MailState.REFUSED, tries=12)

    assert "Try again" in signed_in.get(f"/organise/mail/{mail}").text
    assert signed_in.post(f"/organise/mail/{mail}/retry").status_code == 303

    with app.app_context(), transaction() as db:
        row = db.get(OutgoingMail, mail)
        assert row
        assert (row.state, row.tries, row.due_at) == (MailState.WAITING, 0, NOW)
    assert signed_in.post(f"/organise/mail/{mail}/retry").status_code == 409


@pytest.mark.parametrize("address", ["", "?q=anna", "?state=waiting", "?before=999999", "?q=%00"])
def test_the_organiser_of_one_edition_sees_only_its_mails(app: Flask, client: FlaskClient, address: str) -> None:
    with app.app_context(), transaction() as db:
        mine, other = make_edition(db), make_edition(db, slug="2028-berlin", year=2028)
        account = make_account(db, role=Role.ORGANISER, edition_id=mine.id).id
        mine_id, other_id = mine.id, other.id
    own = write(app, "anna-mine@x.example", mine_id)
    foreign = [write(app, "anna-other@x.example", edition) for edition in (other_id, None)]
    sign_in(client, account)

    page = client.get(f"/organise/mail{address}").text

    assert "anna-mine@x.example" in page
    assert "anna-other@x.example" not in page
    assert client.get(f"/organise/mail/{own}").status_code == 200
    for mail in foreign:
        assert client.get(f"/organise/mail/{mail}").status_code == 404
        assert client.post(f"/organise/mail/{mail}/retry").status_code == 404
