"""The organisers' side: list, seats and times, one registration, the file."""

import csv
import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from app.editions.rules import State
from app.extensions import database
from app.freshness import PublicDue
from app.mail.models import OutgoingMail
from app.registrations import actions
from app.registrations.manage import harmless
from app.registrations.models import Category, Registration
from app.registrations.rules import Seat
from app.values.actor import COMMAND, Role
from app.values.language import Language
from app.web.transaction import transaction
from tests.conftest import NOW
from tests.factories.accounts import make_account, sign_in
from tests.factories.editions import make_edition
from tests.factories.registrations import ANNA, make_category, make_registration, someone

LIST = "/organise/editions/2027-haikou/registrations"
SETTINGS = f"{LIST}/settings"
TYPED = {"capacity": "5", "opens": "2027-03-01T09:00", "closes": "2027-09-10T18:00", "name-en": "Delegates"}


def set_up(app: Flask, people: int = 0, **category: object) -> None:
    with app.app_context(), transaction() as db:
        row = make_category(db, make_edition(db, state=State.ANNOUNCED), **category)
        for number in range(people):
            make_registration(db, row, someone(number, country="CN" if number % 2 else "DE"))


def names(page: str) -> list[str]:
    return re.findall(r'registrations/\d+">(Person \d+)', page)


def registrations(app: Flask) -> list[Registration]:
    with app.app_context():
        return list(database.session.scalars(select(Registration).order_by(Registration.position)))


def category(app: Flask) -> Category:
    with app.app_context():
        return database.session.scalars(select(Category)).one()


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The statements sent to the database meanwhile."""
    sent: list[str] = []
    with app.app_context():
        engine = database.engine

    def note(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        if "FROM public_stamp" not in statement:  # asked once a second, whoever comes
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_the_list_asks_the_database_as_often_for_thirty_people_as_for_three(app: Flask, signed_in: FlaskClient) -> None:
    set_up(app, people=3, capacity=1)
    signed_in.get(LIST)
    with counted(app) as three:
        signed_in.get(LIST)
    with app.app_context(), transaction() as db:
        for number in range(3, 30):
            make_registration(db, db.scalars(select(Category)).one(), someone(number))
    with counted(app) as thirty:
        signed_in.get(LIST)

    assert len(three) == len(thirty)


def test_the_newest_stand_first_and_the_pages_lead_there_and_back(app: Flask, signed_in: FlaskClient) -> None:
    set_up(app, people=60)
    pages, address = [], LIST

    while True:
        page = signed_in.get(address).text
        pages.append(names(page))
        after = re.search(r'href="([^"]*)" rel="next"', page)
        if not after:
            break
        address = after[1].replace("&amp;", "&")

    assert [name for page in pages for name in page] == [f"Person {n}" for n in reversed(range(60))]
    assert [len(page) for page in pages] == [25, 25, 10]
    before = re.search(r'href="([^"]*)" rel="prev"', page)
    assert before
    back = signed_in.get(before[1].replace("&amp;", "&")).text
    assert names(back) == pages[1]
    first = re.search(r'href="([^"]*)" rel="prev"', back)
    assert first
    assert names(signed_in.get(first[1].replace("&amp;", "&")).text) == pages[0]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=PERSON3", ["Person 3"]),
        ("q=person3@ministry", ["Person 3"]),
        ("state=waiting", ["Person 4", "Person 3", "Person 2"]),
        ("state=confirmed&sort=registered", ["Person 0", "Person 1"]),
        ("country=CN", ["Person 3", "Person 1"]),
        ("language=zh", []),
        ("sort=name", [f"Person {n}" for n in range(5)]),
        ("sort=-name", [f"Person {n}" for n in reversed(range(5))]),
        ("sort=nonsense&state=nonsense&after=nonsense&size=nonsense", [f"Person {n}" for n in reversed(range(5))]),
        ("after=99999999999999999999", [f"Person {n}" for n in reversed(range(5))]),
        ("country=%00%00&q=%00", [f"Person {n}" for n in reversed(range(5))]),
        ("q=%25", [f"Person {n}" for n in reversed(range(5))]),
    ],
)
def test_a_list_filters_and_sorts_by_its_address(
    app: Flask, signed_in: FlaskClient, query: str, expected: list[str]
) -> None:
    set_up(app, people=5)

    assert names(signed_in.get(f"{LIST}?{query}").text) == expected


@pytest.mark.parametrize("text", ["müller", "Muller", "电池", "zhang", "zhangzhekun", "张喆", "weserbus"])
def test_a_person_is_found_by_any_spelling(app: Flask, signed_in: FlaskClient, text: str) -> None:
    set_up(app)
    with app.app_context(), transaction() as db:
        row = db.scalars(select(Category)).one()
        make_registration(db, row, someone(1, organisation="Weserbus 电池 Müller", second_name="张喆堃"))
        make_registration(db, row, someone(2))

    assert names(signed_in.get(LIST, query_string={"q": text}).text) == ["Person 1"]


def test_an_edition_without_registration_says_what_to_do_next(app: Flask, signed_in: FlaskClient) -> None:
    with app.app_context(), transaction() as db:
        make_edition(db, state=State.ANNOUNCED)

    page = signed_in.get(LIST).text

    assert f'href="{SETTINGS}"' in page
    assert "/en/editions/2027-haikou/register" not in signed_in.get(SETTINGS).text
    assert signed_in.get(f"{LIST}/export.csv").status_code == 404


def test_seats_and_times_are_set_as_clocks_at_the_venue_show_them(app: Flask, signed_in: FlaskClient) -> None:
    with app.app_context(), transaction() as db:
        make_edition(db)

    saved = signed_in.post(SETTINGS, data=TYPED)

    assert saved.status_code == 303
    row = category(app)
    assert (row.capacity, row.name.en, row.paused) == (5, "Delegates", False)
    assert row.opens_at == datetime(2027, 3, 1, 1, 0, tzinfo=UTC)
    assert row.closes_at == datetime(2027, 9, 10, 10, 0, tzinfo=UTC)
    page = signed_in.get(SETTINGS).text
    assert 'value="2027-09-10T18:00"' in page
    assert "18:00" in page
    assert "12:00" in page
    assert "Berlin" in page


def test_the_public_pages_are_told_when_it_opens_and_closes(app: Flask, signed_in: FlaskClient) -> None:
    with app.app_context(), transaction() as db:
        make_edition(db)

    signed_in.post(SETTINGS, data={**TYPED, "opens": "2027-04-01T09:00"})

    with app.app_context():
        due = {row.at.replace(microsecond=0) for row in database.session.scalars(select(PublicDue))}
    assert {datetime(2027, 4, 1, 1, 0, tzinfo=UTC), datetime(2027, 9, 10, 10, 0, tzinfo=UTC)} <= due


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("capacity", "-1"),
        ("capacity", "many"),
        ("opens", ""),
        ("closes", "2027-02-01T00:00"),
        ("closes", "soon"),
        ("opens", "0001-01-01T00:00"),
        ("closes", "9999-12-31T23:59"),
    ],
)
def test_settings_that_make_no_sense_are_refused_beside_the_field(
    app: Flask, signed_in: FlaskClient, field: str, value: str
) -> None:
    set_up(app)

    answer = signed_in.post(SETTINGS, data={**TYPED, field: value})

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


def test_a_time_in_a_clock_changes_gap_is_refused(app: Flask, signed_in: FlaskClient) -> None:
    with app.app_context(), transaction() as db:
        make_edition(db, zone="Europe/Berlin")

    answer = signed_in.post(SETTINGS, data={**TYPED, "opens": "2027-03-28T02:30"})

    assert answer.status_code == 422
    assert "does not exist there" in answer.text


def test_fewer_seats_than_confirmed_must_be_meant(app: Flask, signed_in: FlaskClient) -> None:
    set_up(app, people=2)
    fewer = {**TYPED, "capacity": "1", "revision": "1"}

    refused = signed_in.post(SETTINGS, data=fewer)
    meant = signed_in.post(SETTINGS, data={**fewer, "knowingly": "y"})

    assert (refused.status_code, meant.status_code) == (409, 303)
    assert "knowingly" in refused.text
    assert category(app).overbooked


def test_the_second_of_two_organisers_sees_both_versions(app: Flask, signed_in: FlaskClient) -> None:
    set_up(app)
    signed_in.post(SETTINGS, data={**TYPED, "revision": "1", "capacity": "7"})

    second = signed_in.post(SETTINGS, data={**TYPED, "revision": "1", "capacity": "9"})

    assert second.status_code == 409
    assert re.search(r"<td[^>]*>7</td><td[^>]*><ins>9</ins>", second.text)
    assert category(app).capacity == 7
    assert signed_in.post(SETTINGS, data={**TYPED, "revision": "2", "capacity": "9"}).status_code == 303


def test_an_organiser_confirms_and_undoes_and_the_mail_goes_with_it(app: Flask, signed_in: FlaskClient) -> None:
    set_up(app, people=3, capacity=1)
    address = f"{LIST}/{registrations(app)[2].id}"

    assert signed_in.post(f"{address}/confirm").status_code == 409
    done = signed_in.post(f"{address}/confirm", data={"knowingly": "1"})
    assert (done.status_code, registrations(app)[2].seat) == (303, Seat.CONFIRMED)
    assert "Undo" in signed_in.get(done.location).text
    signed_in.post(f"{address}/back")

    assert registrations(app)[2].seat is Seat.WAITING
    with app.app_context():
        assert len(list(database.session.scalars(select(OutgoingMail)))) == 3


def test_an_organiser_cancels_and_takes_it_back(app: Flask, signed_in: FlaskClient) -> None:
    set_up(app, people=1)
    address = f"{LIST}/{registrations(app)[0].id}"

    done = signed_in.post(f"{address}/cancel")
    assert registrations(app)[0].seat is Seat.CANCELLED
    page = signed_in.get(done.location).text
    assert "Undo" in page
    assert "Anna Löwenstein" in page or "cancelled a registration" in page
    signed_in.post(f"{address}/reinstate")

    assert registrations(app)[0].seat is Seat.CONFIRMED


def test_the_detail_page_shows_everything_and_the_mails_written(app: Flask, signed_in: FlaskClient) -> None:
    set_up(app)
    with app.app_context(), transaction() as db:
        make_registration(db, db.scalars(select(Category)).one(), ANNA)

    page = signed_in.get(f"{LIST}/{registrations(app)[0].id}").text

    for text in (ANNA.name, ANNA.email, ANNA.organisation, ANNA.role, "Germany", "Registration confirmed"):
        assert text in page


@pytest.mark.parametrize(
    ("role", "read", "write"),
    [
        (Role.ORGANISER, 200, 303),
        (Role.REGISTRATION_DESK, 200, 303),
        (Role.VIEWER, 404, 404),
        (Role.AGENDA_EDITOR, 404, 404),
    ],
)
def test_who_may_see_and_change_registrations(
    app: Flask, client: FlaskClient, role: Role, read: int, write: int
) -> None:
    set_up(app, people=1)
    with app.app_context(), transaction() as db:
        account = make_account(db, role=role).id
    sign_in(client, account)
    row = registrations(app)[0].id

    assert client.get(LIST).status_code == read
    assert client.get(f"{LIST}/{row}").status_code == read
    assert client.get(f"{LIST}/export.csv").status_code == read
    assert client.post(SETTINGS, data={**TYPED, "revision": "1"}).status_code == write
    assert client.post(f"{LIST}/{row}/cancel").status_code == write


def test_an_organiser_of_one_edition_cannot_reach_into_another(app: Flask, client: FlaskClient) -> None:
    set_up(app, people=1)
    with app.app_context(), transaction() as db:
        other = make_edition(db, slug="2028-berlin", year=2028)
        make_category(db, other)
        account = make_account(db, role=Role.ORGANISER, edition_id=other.id).id
    sign_in(client, account)
    row = registrations(app)[0].id

    for address in (LIST, SETTINGS, f"{LIST}/{row}", f"{LIST}/export.csv"):
        assert client.get(address).status_code == 404
        foreign = address.replace("2027-haikou", "2028-berlin")
        assert client.get(foreign).status_code == (404 if foreign.endswith(f"/{row}") else 200)
    assert client.post(f"{LIST}/{row}/cancel").status_code == 404
    assert client.post(f"{LIST.replace('2027-haikou', '2028-berlin')}/{row}/cancel").status_code == 404
    assert registrations(app)[0].seat is Seat.CONFIRMED


def test_the_file_has_everybody_and_no_formula(app: Flask, signed_in: FlaskClient) -> None:
    set_up(app)
    with app.app_context(), transaction() as db:
        row = db.scalars(select(Category)).one()
        make_registration(db, row, someone(1, organisation="=HYPERLINK(1)", role="a;=1+1", remarks="one\n@two"))
        make_registration(db, row, someone(2, second_name="张喆堃", language=Language.ZH))

    answer = signed_in.get(f"{LIST}/export.csv")

    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row["name"] for row in rows] == ["Person 1", "Person 2"]
    assert (rows[0]["organisation"], rows[0]["role"]) == ("'=HYPERLINK(1)", "a;'=1+1")
    assert rows[0]["remarks"] == "one / @two"
    assert (rows[1]["second_name"], rows[1]["registered"]) == ("张喆堃", "2027-03-01 17:00")


def test_the_file_holds_what_the_list_shows(app: Flask, signed_in: FlaskClient) -> None:
    set_up(app, people=4, capacity=2)

    rows = signed_in.get(f"{LIST}/export.csv?state=waiting").text.splitlines()

    assert len(rows) == 3


@pytest.mark.parametrize(
    ("typed", "cell"),
    [
        ("=1", "'=1"), ("+49", "'+49"), ("-", "'-"), ("@x", "'@x"), ("\t=1", "'\t=1"), (" =1", "' =1"),
        ("a; =1", "a;' =1"), ("＝1", "'＝1"), ("a=1", "a=1"), ("Müller-Lüdenscheidt", "Müller-Lüdenscheidt"), ("", ""),
    ],
)  # fmt: skip
def test_no_cell_is_a_formula(typed: str, cell: str) -> None:
    assert harmless(typed) == cell


def test_the_command_lists_everyone_with_state_and_place(app: Flask) -> None:
    set_up(app, people=3, capacity=1)
    with app.app_context(), transaction() as db:
        first = db.scalars(select(Registration)).first()
        assert first
        actions.cancel(db, first.id, actor=COMMAND, now=NOW + timedelta(minutes=1))

    result = app.test_cli_runner().invoke(args=["registrations", "list", "2027-haikou", "--json"])

    assert result.exit_code == 0
    assert json.loads(result.output) == [
        {"email": "person0@ministry.example", "status": "cancelled", "position": None},
        {"email": "person1@ministry.example", "status": "confirmed", "position": None},
        {"email": "person2@ministry.example", "status": "waiting", "position": 1},
    ]
    assert app.test_cli_runner().invoke(args=["registrations", "list", "1999-nowhere", "--json"]).exit_code == 1
