"""Interpreters, their rota and their briefings in a browser."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from app.agenda.models import AgendaBook, Duty, Interpreter, Session
from app.agenda.plan import Window
from app.agenda.rota import InterpreterFacts, Offer
from app.database import DbSession
from app.editions.models import Edition
from app.editions.rules import State
from app.errors import Conflict, NotFound, Stale
from app.extensions import database
from app.interpretation import crew, duties
from app.interpretation.briefing import TermKind, briefing_of
from app.mail.actions import claim
from app.mail.letter import letter
from app.mail.models import OutgoingMail
from app.people.rules import Name
from app.speakers.models import Availability
from app.speakers.rules import SpeakerState
from app.values.actor import COMMAND, Role
from app.values.language import Language, Translated
from app.values.tokens import sealed
from app.web import clock
from app.web.transaction import transaction
from tests.conftest import NOW
from tests.factories.accounts import make_account, sign_in
from tests.factories.agenda import make_room, make_session, make_track
from tests.factories.editions import make_edition
from tests.factories.interpreters import give, hand_out, make_interpreter, window
from tests.factories.people import make_organisation, make_person
from tests.factories.publishing import publish
from tests.factories.speakers import make_speaker

HAIKOU = "/organise/editions/2027-haikou"
ROTA = f"{HAIKOU}/interpretation"
EN, DE, ZH = Language.EN, Language.DE, Language.ZH


@dataclass
class Place:
    """An edition with two sessions at once, both in English and asked for in Chinese; Ida and Jun work into it."""

    edition: int
    first: int
    second: int
    ida: int
    jun: int


@contextmanager
def writing(app: Flask) -> Iterator[DbSession]:
    with app.app_context():
        with transaction() as db:
            yield db
        database.session.remove()


@contextmanager
def reading(app: Flask) -> Iterator[DbSession]:
    with app.app_context():
        yield database.session()
        database.session.remove()


def interpreted(db: DbSession, edition: Edition, title: str, starts: str, ends: str, **facts: Any) -> Session:
    known = {"language": EN, "interpretation": ("zh",)} | facts
    return make_session(db, edition, title, f"2027-09-23 {starts}", f"2027-09-23 {ends}", **known)


@pytest.fixture
def place(app: Flask) -> Place:
    with writing(app) as db:
        edition = make_edition(db)
        hall, coral = make_room(db, edition, booths=1), make_room(db, edition, "Coral Room", booths=1)
        first = interpreted(db, edition, "Solid-state cells", "09:00", "10:00", room=hall)
        second = interpreted(db, edition, "Sodium-ion", "09:30", "10:30", room=coral)
        ida, jun = make_interpreter(db, edition), make_interpreter(db, edition, "Jun He", ("en-zh",))
        return Place(edition.id, first.id, second.id, ida.id, jun.id)


def as_role(app: Flask, role: Role, edition_id: int | None = None, name: str = "Olga Organiser") -> FlaskClient:
    with writing(app) as db:
        account = make_account(db, f"{name[:4]}{role}{edition_id}@forum.test", role, edition_id=edition_id, name=name)
        account_id = account.id
    return sign_in(app.test_client(), account_id)


@pytest.fixture
def organiser(app: Flask, place: Place) -> FlaskClient:
    return as_role(app, Role.ORGANISER, place.edition)


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def at_work(app: Flask) -> list[tuple[int, int, Language]]:
    with reading(app) as db:
        rows = db.scalars(select(Duty).order_by(Duty.session_id, Duty.interpreter_id))
        return [(row.session_id, row.interpreter_id, row.into) for row in rows]


def given(client: FlaskClient, session: int, interpreter: int, saw: str = "", into: str = "zh") -> Any:
    form = {"line": f"{session}-{into}", "interpreter": interpreter, "saw": saw}
    return client.post(f"{ROTA}/give", data=form)


def the_line(page: str, line: str) -> str:
    """The row of the table, as HTML."""
    found = re.search(rf'<tr id="line-{line}".*?</tr>', page, re.DOTALL)
    assert found
    return found[0]


# ---- the rota


def test_a_gap_is_marked_and_whoever_could_do_it_is_offered(organiser: FlaskClient, place: Place) -> None:
    page = organiser.get(ROTA).text
    row = the_line(page, f"{place.first}-zh")
    assert 'data-state="serious">nobody yet' in row
    assert re.findall(r"<option[^>]*>([^<]*)", row) == ["Ida Töpfer", "Jun He"]
    assert "2 duties asked for · 2 gaps" in words(page)


def test_giving_a_duty_leads_back_to_its_line_and_closes_the_gap(
    app: Flask, organiser: FlaskClient, place: Place
) -> None:
    answer = given(organiser, place.first, place.ida)
    assert (answer.status_code, answer.location) == (303, f"{ROTA}#line-{place.first}-zh")
    assert at_work(app) == [(place.first, place.ida, ZH)]
    assert "Ida Töpfer" in words(the_line(organiser.get(ROTA).text, f"{place.first}-zh"))


def test_whoever_is_busy_then_is_offered_last_with_the_reason(app: Flask, organiser: FlaskClient, place: Place) -> None:
    given(organiser, place.first, place.ida)
    row = the_line(organiser.get(ROTA).text, f"{place.second}-zh")
    assert re.findall(r"<option[^>]*>([^<]*)", row) == [
        "Jun He", "Ida Töpfer: interprets “Solid-state cells” at that time",
    ]  # fmt: skip


def test_an_organiser_may_know_better_and_the_conflict_stands_in_words(
    app: Flask, organiser: FlaskClient, place: Place
) -> None:
    given(organiser, place.first, place.ida)
    assert given(organiser, place.second, place.ida).status_code == 303
    page = organiser.get(ROTA).text
    assert 'data-state="impossible">interprets “Solid-state cells” at that time' in the_line(page, f"{place.second}-zh")
    assert "2 duties in conflict" in words(page)


def test_the_same_form_sent_twice_gives_one_duty(app: Flask, organiser: FlaskClient, place: Place) -> None:
    assert [given(organiser, place.first, place.ida).status_code for _ in range(2)] == [303, 303]
    assert at_work(app) == [(place.first, place.ida, ZH)]


def test_when_a_colleague_was_faster_nothing_is_doubled(app: Flask, organiser: FlaskClient, place: Place) -> None:
    given(organiser, place.first, place.ida)
    answer = given(organiser, place.first, place.jun, saw="")
    assert answer.status_code == 409
    assert "Somebody else changed who interprets this session meanwhile." in words(answer.text)
    assert at_work(app) == [(place.first, place.ida, ZH)]


def test_a_partner_joins_the_booth(app: Flask, organiser: FlaskClient, place: Place) -> None:
    given(organiser, place.first, place.ida)
    row = the_line(organiser.get(f"{ROTA}?at={place.first}-zh").text, f"{place.first}-zh")
    assert re.findall(r"<option[^>]*>([^<]*)", row) == ["Jun He"]
    given(organiser, place.first, place.jun, saw=str(place.ida))
    assert at_work(app) == [(place.first, place.ida, ZH), (place.first, place.jun, ZH)]


def test_nobody_is_in_two_booths_of_a_session(app: Flask, organiser: FlaskClient, place: Place) -> None:
    with writing(app) as db:
        db.get_one(Session, place.first).interpretation = ("de", "zh")
    given(organiser, place.first, place.ida)
    answer = given(organiser, place.first, place.ida, saw=str(place.ida), into="de")
    assert (answer.status_code, at_work(app)) == (409, [(place.first, place.ida, ZH)])


def test_a_language_that_is_not_asked_for_cannot_be_given(app: Flask, organiser: FlaskClient, place: Place) -> None:
    assert [given(organiser, place.first, place.ida, into=into).status_code for into in ("de", "en")] == [409, 409]
    assert at_work(app) == []


def test_without_a_choice_the_form_says_so(organiser: FlaskClient, place: Place) -> None:
    answer = organiser.post(f"{ROTA}/give", data={"line": f"{place.first}-zh", "interpreter": "", "saw": ""})
    assert answer.status_code == 422
    assert "Choose somebody." in words(the_line(answer.text, f"{place.first}-zh"))


def test_taking_somebody_off_opens_the_gap_again(app: Flask, organiser: FlaskClient, place: Place) -> None:
    given(organiser, place.first, place.ida)
    form = {"line": f"{place.first}-zh", "interpreter": place.ida}
    answers = [organiser.post(f"{ROTA}/take-away", data=form).status_code for _ in range(2)]
    assert (answers, at_work(app)) == ([303, 303], [])


def test_ones_own_last_step_can_be_taken_back_and_only_while_it_is_the_last(
    app: Flask, organiser: FlaskClient, place: Place
) -> None:
    given(organiser, place.first, place.ida)
    organiser.post(f"{ROTA}/take-away", data={"line": f"{place.first}-zh", "interpreter": place.ida})
    assert "You took 1 duty off somebody. Take it back" in words(organiser.get(ROTA).text)
    assert organiser.post(f"{ROTA}/undo").status_code == 303
    assert at_work(app) == [(place.first, place.ida, ZH)]
    assert "Take it back" not in words(organiser.get(ROTA).text)
    assert organiser.post(f"{ROTA}/undo").status_code == 409


def test_nobody_takes_back_what_somebody_else_did(app: Flask, organiser: FlaskClient, place: Place) -> None:
    given(organiser, place.first, place.ida)
    other = as_role(app, Role.ORGANISER, place.edition, name="Paul Planner")
    assert "Take it back" not in words(other.get(ROTA).text)
    assert other.post(f"{ROTA}/undo").status_code == 409
    assert at_work(app) == [(place.first, place.ida, ZH)]


def test_a_duty_counts_as_a_change_of_its_session(app: Flask, organiser: FlaskClient, place: Place) -> None:
    with reading(app) as db:
        before = db.get_one(AgendaBook, place.edition).number
    given(organiser, place.first, place.ida)
    with reading(app) as db:
        stamps = [db.get_one(Session, session).stamp for session in (place.first, place.second)]
        assert (db.get_one(AgendaBook, place.edition).number, stamps[0]) == (before + 1, before + 1)
        assert stamps[1] < before + 1


def test_the_rota_filters_by_day_room_language_and_gaps(app: Flask, organiser: FlaskClient, place: Place) -> None:
    given(organiser, place.first, place.ida)

    def shown(query: str) -> list[str]:
        return re.findall(r'<tr id="line-([^"]*)"', organiser.get(f"{ROTA}?{query}").text)

    assert shown("day=2027-09-23") == [f"{place.first}-zh", f"{place.second}-zh"]
    assert shown("day=2027-09-24") == []
    assert shown("only=gaps") == [f"{place.second}-zh"]
    assert shown("into=de") == []
    with reading(app) as db:
        room = db.get_one(Session, place.first).room_id
    assert shown(f"room={room}") == [f"{place.first}-zh"]
    assert "No duty fits" in words(organiser.get(f"{ROTA}?into=de").text)


def test_a_room_with_too_few_booths_is_told(app: Flask, organiser: FlaskClient, place: Place) -> None:
    with writing(app) as db:
        db.get_one(Session, place.first).interpretation = ("de", "zh")
    assert "one booth" in words(the_line(organiser.get(ROTA).text, f"{place.first}-de"))


def test_an_edition_without_interpreters_says_how_to_begin(app: Flask) -> None:
    with writing(app) as db:
        interpreted(db, make_edition(db), "Solid-state cells", "09:00", "10:00")
    client = as_role(app, Role.ORGANISER)
    assert "No interpreters yet" in words(client.get(ROTA).text)
    assert "No interpreters yet" in words(client.get(f"{ROTA}/crew").text)


def test_an_edition_where_nothing_is_interpreted_says_where_to_say_so(app: Flask) -> None:
    with writing(app) as db:
        make_edition(db)
    assert "Nothing is to be interpreted yet" in words(as_role(app, Role.ORGANISER).get(ROTA).text)


# ---- the proposal


def proposed(client: FlaskClient) -> list[str]:
    return re.findall(r'name="offer" value="([^"]*)"', client.get(f"{ROTA}/fill").text)


def test_a_proposal_is_shown_and_nothing_is_stored(app: Flask, organiser: FlaskClient, place: Place) -> None:
    assert proposed(organiser) == [f"{place.first}-{place.ida}-zh", f"{place.second}-{place.jun}-zh"]
    assert at_work(app) == []


def test_a_part_of_it_is_taken_and_one_step_takes_that_back(app: Flask, organiser: FlaskClient, place: Place) -> None:
    offers = proposed(organiser)
    assert organiser.post(f"{ROTA}/fill", data={"offer": offers[:1]}).status_code == 303
    assert at_work(app) == [(place.first, place.ida, ZH)]
    organiser.post(f"{ROTA}/undo")
    assert at_work(app) == []


def test_what_does_not_fit_any_more_is_left_out_and_said(app: Flask, organiser: FlaskClient, place: Place) -> None:
    offers = proposed(organiser)
    given(organiser, place.first, place.jun)
    page = organiser.post(f"{ROTA}/fill", data={"offer": offers}, follow_redirects=True).text
    assert "0 duties given. 2 of the proposal do not fit any more and were left out." in words(page)
    assert at_work(app) == [(place.first, place.jun, ZH)]


def test_what_nobody_can_do_stays_open_and_is_named(app: Flask, organiser: FlaskClient, place: Place) -> None:
    with writing(app) as db:
        crew.remove_interpreter(db, place.jun, actor=COMMAND, now=NOW)
    page = words(organiser.get(f"{ROTA}/fill").text)
    assert "1 gap can be filled · 1 stays open" in page
    assert "What stays open" in page


@pytest.mark.parametrize("offers", [[], ["x"], ["1-1-fr"]])
def test_a_form_that_names_no_duty_is_refused(organiser: FlaskClient, place: Place, offers: list[str]) -> None:
    assert organiser.post(f"{ROTA}/fill", data={"offer": offers}).status_code == 422


# ---- interpreters as people


def typed(**changed: Any) -> dict[str, Any]:
    form = {"pairs": ["zh-de", "de-zh"], "email": "", "language": "de", "note": "", "windows": ["", "", ""]}
    return form | changed


def test_a_new_person_becomes_an_interpreter_with_pairs_and_times(
    app: Flask, organiser: FlaskClient, place: Place
) -> None:
    form = typed(
        name="覃雅琴", family_name="覃", second_name="Qin Yaqin", second_family_name="Qin", email="Qin@Example.org",
        windows=["2027-09-23", "09:00", "12:00", "2027-09-24", "", ""],
    )  # fmt: skip
    answer = organiser.post(f"{ROTA}/crew/new", data=form)
    assert answer.status_code == 303
    with reading(app) as db:
        added = db.scalars(select(Interpreter).order_by(Interpreter.id.desc())).first()
        assert added
        assert (added.person.full_name, added.pairs) == (Name("覃雅琴", "覃", "Qin Yaqin", "Qin"), ("zh-de", "de-zh"))
        assert (added.email, added.language) == ("qin@example.org", DE)
        spans = db.scalars(select(Availability).where(Availability.person_id == added.person_id))
        assert [(f"{one.starts_at:%d %H:%M}", f"{one.ends_at:%d %H:%M}") for one in spans] == [("23 09:00", "23 12:00")]


def test_somebody_who_came_before_is_found_and_chosen(app: Flask, organiser: FlaskClient, place: Place) -> None:
    with writing(app) as db:
        person = make_person(db, "Elif Öztürk").id
    assert f"person={person}" in organiser.get(f"{ROTA}/crew/add?q=ozturk").text
    assert organiser.post(f"{ROTA}/crew/new?person={person}", data=typed()).status_code == 303
    assert organiser.post(f"{ROTA}/crew/new?person={person}", data=typed()).status_code == 409
    assert "interprets here already" in words(organiser.get(f"{ROTA}/crew/add?q=ozturk").text)


def test_somebody_of_the_same_name_is_asked_about_first(app: Flask, organiser: FlaskClient, place: Place) -> None:
    with writing(app) as db:
        make_person(db, "Elif Öztürk")
    form = typed(name="Elif Öztürk")
    answer = organiser.post(f"{ROTA}/crew/new", data=form)
    assert answer.status_code == 409
    assert "Somebody of this name is there already." in words(answer.text)
    assert organiser.post(f"{ROTA}/crew/new", data=form | {"somebody_else": "y"}).status_code == 303


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"pairs": []}, "Tick at least one pair of languages."),
        ({"pairs": ["zh-fr"]}, "zh-fr"),
        ({"email": "nobody"}, "This is no complete address."),
        ({"windows": ["2027-09-23", "12:00", "09:00"]}, "the later one last"),
        ({"windows": ["2027-09-23", "12:00", ""]}, "Give the day and both times"),
        ({"windows": ["", "09:00", "12:00"]}, "Give the day and both times"),
        ({"windows": ["1066-10-14", "09:00", "12:00"]}, "Give the day and both times"),
    ],
)
def test_what_makes_no_sense_is_said_and_the_rest_is_kept(
    organiser: FlaskClient, place: Place, wrong: dict[str, Any], said: str
) -> None:
    answer = organiser.post(f"{ROTA}/crew/{place.ida}", data=typed(revision=1, note="Kept.", **wrong))
    assert answer.status_code == 422
    assert said in words(answer.text)
    assert "Kept." in answer.text


def test_a_day_until_midnight_ends_with_it(app: Flask, organiser: FlaskClient, place: Place) -> None:
    form = typed(revision=1, windows=["2027-09-23", "18:00", "00:00"])
    assert organiser.post(f"{ROTA}/crew/{place.ida}", data=form).status_code == 303
    assert 'value="18:00"' in organiser.get(f"{ROTA}/crew/{place.ida}").text
    with reading(app) as db:
        assert [f"{one.ends_at}" for one in db.scalars(select(Availability))] == ["2027-09-24 00:00:00"]


def test_an_address_is_kept_as_those_of_speakers_are(app: Flask, organiser: FlaskClient, place: Place) -> None:
    """The sample's are under `.test`; a form that refuses what is stored could not be saved at all."""
    form = typed(revision=1, email="Ida@Dolmetscher.test")
    assert organiser.post(f"{ROTA}/crew/{place.ida}", data=form).status_code == 303
    with reading(app) as db:
        assert db.get_one(Interpreter, place.ida).email == "ida@dolmetscher.test"


def test_two_organisers_at_once_see_both_versions(organiser: FlaskClient, place: Place) -> None:
    organiser.post(f"{ROTA}/crew/{place.ida}", data=typed(revision=1, note="Theirs."))
    answer = organiser.post(f"{ROTA}/crew/{place.ida}", data=typed(revision=1, note="Mine."))
    assert answer.status_code == 409
    page = words(answer.text)
    assert "Somebody else saved this while you were writing" in page
    assert "Theirs. Mine." in page
    assert "中文 → Deutsch" in page
    assert 'value="2"' in answer.text


def test_saving_over_somebody_else_is_refused(app: Flask, place: Place) -> None:
    facts = InterpreterFacts(("zh-de",))
    with writing(app) as db:
        crew.change_interpreter(db, place.ida, facts, revision=1, actor=COMMAND, now=NOW)
        with pytest.raises(Stale):
            crew.change_interpreter(db, place.ida, facts, revision=1, actor=COMMAND, now=NOW)


def test_taking_out_an_interpreter_says_how_many_duties_open_and_opens_them(
    app: Flask, organiser: FlaskClient, place: Place
) -> None:
    given(organiser, place.first, place.ida)
    assert "1 duty becomes a gap again" in words(organiser.get(f"{ROTA}/crew/{place.ida}").text)
    assert organiser.post(f"{ROTA}/crew/{place.ida}/remove").status_code == 303
    assert at_work(app) == []
    assert organiser.get(f"{ROTA}/crew/{place.ida}").status_code == 404


def test_the_list_says_hours_by_day_the_longest_run_and_what_is_wrong(
    app: Flask, organiser: FlaskClient, place: Place
) -> None:
    with writing(app) as db:
        edition = db.get_one(Edition, place.edition)
        long = interpreted(db, edition, "Long one", "10:00", "11:30")
        for session in (db.get_one(Session, place.first), long):
            give(db, session, db.get_one(Interpreter, place.ida))
    page = words(organiser.get(f"{ROTA}/crew").text)
    assert "2 h 30 min" in page
    assert "150 minutes in a row without a rest Solid-state cells" in page


# ---- who may


ENDLESS = "9" * 5000
"""Longer than Python turns into a number."""


@pytest.mark.parametrize(
    ("address", "form", "status"),
    [
        ("give", {"line": "1-zh", "interpreter": "1", "saw": ENDLESS}, 409),
        ("give", {"line": f"{ENDLESS}-zh", "interpreter": "1"}, 404),
        ("briefings", {"to": ENDLESS}, 422),
        ("briefings/withdraw", {"mail": ENDLESS}, 303),
        (f"crew/new?person={ENDLESS}", {}, 404),
    ],
)
def test_a_number_without_end_is_none(
    organiser: FlaskClient, place: Place, address: str, form: dict[str, str], status: int
) -> None:
    given(organiser, place.first, place.jun)
    assert organiser.post(f"{ROTA}/{address}", data=form).status_code == status


@pytest.mark.parametrize("role", [Role.VIEWER, Role.TRANSLATOR])
def test_who_may_only_look_sees_everything_and_changes_nothing(app: Flask, place: Place, role: Role) -> None:
    client = as_role(app, role, place.edition)
    pages = [ROTA, f"{ROTA}/crew", f"{ROTA}/crew/{place.ida}", f"{ROTA}/crew/{place.ida}/briefing"]
    assert [client.get(page).status_code for page in pages] == [200] * 4
    for page in pages:
        text = client.get(page).text
        main = text[text.index("<main") : text.index("</main>")]
        assert 'method="post"' not in main or "disabled" in main
        assert "/briefings/" not in main
    assert given(client, place.first, place.ida).status_code == 404
    assert client.get(f"{ROTA}/fill").status_code == 404
    assert client.get(f"{ROTA}/briefings").status_code == 404
    assert at_work(app) == []


def test_an_agenda_editor_gives_duties(app: Flask, place: Place) -> None:
    client = as_role(app, Role.AGENDA_EDITOR, place.edition)
    assert given(client, place.first, place.ida).status_code == 303


def test_ids_of_another_edition_are_not_there_even_inside_a_form(app: Flask, place: Place) -> None:
    with writing(app) as db:
        other = make_edition(db, slug="2028-bremen", year=2028)
        theirs = interpreted(db, other, "Elsewhere", "09:00", "10:00").id
        stranger = make_interpreter(db, other, "Anna Fremd", email="anna@example.org").id
    client = as_role(app, Role.ADMINISTRATOR)
    assert given(client, theirs, place.ida).status_code == 404
    assert given(client, place.first, stranger).status_code == 404
    assert given(client, 2**40, place.ida).status_code == 404
    take = {"offer": [f"{place.first}-{stranger}-zh"]}
    assert client.post(f"{ROTA}/fill", data=take).status_code == 404
    assert client.post(f"{ROTA}/fill", data={"offer": [f"{theirs}-{place.ida}-zh"]}).status_code == 404
    away = {"line": f"{theirs}-zh", "interpreter": stranger}
    assert client.post(f"{ROTA}/take-away", data=away).status_code == 404
    assert client.get(f"{ROTA}/crew/{stranger}").status_code == 404
    assert client.post(f"{ROTA}/briefings", data={"to": [stranger]}).status_code == 404
    assert client.get(f"{ROTA}/briefings?to={stranger}").status_code == 404
    assert at_work(app) == []


# ---- mails


def outbox(app: Flask) -> list[OutgoingMail]:
    with reading(app) as db:
        mails = list(db.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))
        db.expunge_all()
        return mails


@pytest.fixture
def reachable(app: Flask, place: Place) -> Place:
    """Ida reads German, Jun Chinese."""
    with writing(app) as db:
        for interpreter, language in ((place.ida, DE), (place.jun, ZH)):
            row = db.get_one(Interpreter, interpreter)
            row.email, row.language = f"{interpreter}@example.org", language
    return place


def test_how_many_mails_and_what_they_say_is_shown_before_any_goes_out(
    app: Flask, organiser: FlaskClient, reachable: Place
) -> None:
    page = organiser.get(f"{ROTA}/briefings?to={reachable.ida}&to={reachable.jun}").text
    assert "Send 2 mails" in words(page)
    assert re.findall(r'class="letter" lang="([^"]*)"', page) == ["zh-Hans", "de"]
    assert outbox(app) == []


def test_each_gets_their_own_link_in_their_own_language(app: Flask, organiser: FlaskClient, reachable: Place) -> None:
    assert organiser.post(f"{ROTA}/briefings", data={"to": [reachable.ida, reachable.jun]}).status_code == 303
    mails = outbox(app)
    assert [(mail.recipient, mail.language) for mail in mails] == [
        (f"{reachable.ida}@example.org", DE), (f"{reachable.jun}@example.org", ZH),
    ]  # fmt: skip
    with reading(app) as db:
        uid = db.get_one(Interpreter, reachable.ida).uid
        assert db.get_one(Interpreter, reachable.ida).briefed_at == NOW
    token = sealed("briefing", uid, app.config["SECRET_KEY"])
    assert f"http://forum.test/de/briefings/{token}" in letter(app, mails[0]).text


def test_a_mail_can_be_taken_back_until_the_worker_has_it(app: Flask, organiser: FlaskClient, reachable: Place) -> None:
    organiser.post(f"{ROTA}/briefings", data={"to": [reachable.ida]})
    held = re.findall(r'name="mail" value="(\d+)"', organiser.get(f"{ROTA}/crew").text)
    organiser.post(f"{ROTA}/briefings/withdraw", data={"mail": held})
    assert outbox(app) == []
    with reading(app) as db:
        assert db.get_one(Interpreter, reachable.ida).briefed_at is None
    organiser.post(f"{ROTA}/briefings", data={"to": [reachable.ida]})
    with clock.stopped(NOW + crew.SECOND_THOUGHTS), writing(app) as db:
        mail = claim(db, clock.now(), limit=5)[0].id
    page = organiser.post(f"{ROTA}/briefings/withdraw", data={"mail": [mail]}, follow_redirects=True).text
    assert "It has left already." in words(page)
    assert len(outbox(app)) == 1


def test_only_briefings_are_taken_back_there(app: Flask, organiser: FlaskClient, reachable: Place) -> None:
    organiser.post(f"{ROTA}/briefings", data={"to": [reachable.ida]})
    with writing(app) as db:
        db.scalars(select(OutgoingMail)).one().template = "registrations/confirmed"
    mail = outbox(app)[0].id
    organiser.post(f"{ROTA}/briefings/withdraw", data={"mail": [mail]})
    assert len(outbox(app)) == 1


def test_nobody_chosen_or_nobody_with_an_address_sends_nothing(
    app: Flask, organiser: FlaskClient, place: Place
) -> None:
    assert [organiser.post(f"{ROTA}/briefings", data={"to": to}).status_code for to in ([], [place.ida])] == [422, 422]
    assert outbox(app) == []


# ---- the briefing


@dataclass
class Prepared:
    link: str
    session: int
    slides: int
    foreign: int


@pytest.fixture
def prepared(app: Flask, place: Place) -> Prepared:
    """Ida's session is complete: a speaker with two scripts and slides, a partner, another booth."""
    with writing(app) as db:
        edition, ida = db.get_one(Edition, place.edition), db.get_one(Interpreter, place.ida)
        zha = make_person(db, "查思远", "查", second="Zha Siyuan", second_family="Zha", country="CN")
        institute = make_organisation(
            db, "Institute of Cells", de="Zelleninstitut", zh="电芯研究所", abbreviation="IOC"
        )
        president = Translated("President", "Präsident", "院长")
        speaker = make_speaker(db, edition, zha, organisation_id=institute.id, role=president, country="CN")
        maybe = make_speaker(
            db, edition, make_person(db, "Vera Vielleicht"), state=SpeakerState.INVITED, organisation_id=institute.id
        )
        never = make_speaker(db, edition, make_person(db, "Nora Nein"), state=SpeakerState.DECLINED)
        session = interpreted(
            db, edition, "Sintering at 800 degrees", "14:00", "15:00", interpretation=("zh", "de"),
            abstract=Translated("Why it cracks.", "Warum es reißt.", "为什么会开裂。"), track=make_track(db, edition),
            speakers=(speaker, maybe, never),
        )  # fmt: skip
        ida.note = "Meet at the desk."
        give(db, session, ida)
        give(db, session, db.get_one(Interpreter, place.jun))
        give(db, session, make_interpreter(db, edition, "Malte Voß", ("en-de",)), DE)
        slides = hand_out(db, speaker)
        foreign = hand_out(db, make_speaker(db, edition, make_person(db, "Otto Anders")), content=b"%PDF-1.7 other")
        token = sealed("briefing", ida.uid, app.config["SECRET_KEY"])
        return Prepared(f"/en/briefings/{token}", session.id, slides.id, foreign.id)


def test_a_briefing_tells_everything_about_their_sessions(client: FlaskClient, prepared: Prepared) -> None:
    page = words(client.get(prepared.link).text)
    for text in (
        "Meet at the desk.",
        "Sintering at 800 degrees",
        "14:00 – 15:00 Haikou 08:00 – 09:00 Berlin",
        "from English → into 中文",
        "Jun He",
        "Malte Voß → into Deutsch",
        "查思远 Zha Siyuan Pinyin: Zha Si Yuan family name: 查 / Zha",
        "President · Präsident · 院长",
        "Institute of Cells · Zelleninstitut · 电芯研究所 (IOC)",
        "Why it cracks. Warum es reißt. 为什么会开裂。",
        "Folien.pdf",
        "1 more person has not confirmed yet.",
    ):
        assert text in page
    assert "Solid-state cells" not in page


def test_who_has_not_said_yes_is_not_named_to_an_interpreter(client: FlaskClient, prepared: Prepared) -> None:
    page = client.get(prepared.link).text
    assert "Zha Siyuan" in page
    assert "Vielleicht" not in page
    assert "Nein" not in page


@pytest.mark.parametrize(("lang", "said"), [("de", "Donnerstag, 23. September"), ("zh", "9月23日（星期四）")])
def test_a_briefing_speaks_three_languages(client: FlaskClient, prepared: Prepared, lang: str, said: str) -> None:
    assert said in words(client.get(prepared.link.replace("/en/", f"/{lang}/")).text)


def test_organisers_see_the_same_with_the_link(organiser: FlaskClient, place: Place, prepared: Prepared) -> None:
    page = organiser.get(f"{ROTA}/crew/{place.ida}/briefing").text
    assert f"http://forum.test{prepared.link}" in page
    assert "Zha Siyuan" in page


def test_slides_are_for_saving_and_only_those_of_whom_one_hears(client: FlaskClient, prepared: Prepared) -> None:
    answer = client.get(f"{prepared.link}/slides/{prepared.slides}")
    assert (answer.status_code, answer.data, answer.mimetype) == (200, b"%PDF-1.7 slides", "application/pdf")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="slides-{prepared.slides}.pdf"'
    assert client.get(f"{prepared.link}/slides/{prepared.foreign}").status_code == 404


def test_organisers_get_the_same_slides_and_no_others(organiser: FlaskClient, place: Place, prepared: Prepared) -> None:
    pack = f"{ROTA}/crew/{place.ida}/briefing/slides"
    assert organiser.get(f"{pack}/{prepared.slides}").data == b"%PDF-1.7 slides"
    assert organiser.get(f"{pack}/{prepared.foreign}").status_code == 404


def test_a_briefing_is_nobodys_without_its_link(app: Flask, client: FlaskClient, prepared: Prepared) -> None:
    token = prepared.link.rsplit("/", 1)[1]
    for wrong in ("x" * 48, token[:-1], token[:-2] + "AA", token + "A", "%00"):
        assert client.get(f"/en/briefings/{wrong}").status_code == 404
    with reading(app) as db:
        uid = db.scalars(select(Interpreter.uid).order_by(Interpreter.id)).first()
    assert uid
    assert client.get(f"/en/briefings/{sealed('speaker', uid, app.config['SECRET_KEY'])}").status_code == 404


def test_a_briefing_is_stored_and_indexed_nowhere(client: FlaskClient, prepared: Prepared) -> None:
    headers = client.get(prepared.link).headers
    assert (headers["Cache-Control"], headers["X-Robots-Tag"], headers["Referrer-Policy"]) == (
        "no-store", "noindex", "no-referrer",
    )  # fmt: skip


def test_the_link_of_somebody_taken_out_leads_nowhere(
    app: Flask, client: FlaskClient, place: Place, prepared: Prepared
) -> None:
    with writing(app) as db:
        crew.remove_interpreter(db, place.ida, actor=COMMAND, now=NOW)
    assert client.get(prepared.link).status_code == 404


def test_a_cancelled_session_stays_in_the_briefing_and_says_so(
    app: Flask, client: FlaskClient, prepared: Prepared
) -> None:
    with writing(app) as db:
        db.get_one(Session, prepared.session).is_cancelled = True
    assert "Sintering at 800 degrees Cancelled" in words(client.get(prepared.link).text)


def test_a_briefing_as_a_value_has_terms_in_two_languages_or_more(app: Flask, place: Place, prepared: Prepared) -> None:
    with reading(app) as db:
        briefing = briefing_of(db, place.ida)
    assert [(one.session, one.into, len(one.voices), one.open) for one in briefing.engagements] == [
        (prepared.session, ZH, 1, 1),
    ]  # fmt: skip
    assert [(term.kind, term.text.en) for term in briefing.terms] == [
        (TermKind.EDITION, "Haikou Forum 2027"), (TermKind.TRACK, "Batteries"),
        (TermKind.ORGANISATION, "Institute of Cells"), (TermKind.FUNCTION, "President"),
    ]  # fmt: skip


def test_a_briefing_of_somebody_who_is_not_there_is_not_found(app: Flask) -> None:
    with reading(app) as db, pytest.raises(NotFound):
        briefing_of(db, 1)


# ---- nothing of it is public


def test_an_interpreter_who_does_not_speak_is_nowhere_public(app: Flask, client: FlaskClient) -> None:
    with writing(app) as db:
        edition = make_edition(db, state=State.ANNOUNCED)
        speaker = make_speaker(db, edition, make_person(db, "Petra Public", slug="petra-public"))
        session = interpreted(db, edition, "Solid-state cells", "09:00", "10:00", speakers=(speaker,))
        quiet = make_interpreter(db, edition, make_person(db, "Ida Töpfer", slug="ida-toepfer"))
        give(db, session, quiet)
        publish(db, edition)
    pages = [
        "/en/", "/en/people", "/en/search?q=Ida", "/en/search?q=Petra", "/en/editions/2027-haikou",
        "/en/editions/2027-haikou/agenda", "/en/editions/2027-haikou/agenda/solid-state-cells",
        "/en/editions/2027-haikou/speakers", "/en/editions/2027-haikou/agenda.ics", "/sitemap.xml",
    ]  # fmt: skip
    texts = [client.get(page).text for page in pages]
    assert sum("Petra" in text for text in texts) >= 5
    assert [page for page, text in zip(pages, texts, strict=True) if "Töpfer" in text or "toepfer" in text] == []
    assert client.get("/en/people/petra-public").status_code == 200
    assert client.get("/en/people/ida-toepfer").status_code == 404


# ---- figures


@pytest.mark.parametrize(
    "page",
    [ROTA, f"{ROTA}/fill", f"{ROTA}/crew", f"{ROTA}/briefings", f"{ROTA}/crew/1/briefing"],
)
def test_queries_do_not_grow_with_sessions_or_interpreters(
    app: Flask, organiser: FlaskClient, place: Place, page: str
) -> None:
    address = page.replace("/crew/1/", f"/crew/{place.ida}/")

    def counted() -> int:
        with app.app_context():
            engine = database.engine
        statements: list[str] = []
        listener: Callable[..., None] = lambda *arguments: statements.append(arguments[2])  # noqa: E731
        event.listen(engine, "before_cursor_execute", listener)
        assert organiser.get(address).status_code == 200
        event.remove(engine, "before_cursor_execute", listener)
        return len(statements)

    def one_more(name: str, starts: str, ends: str) -> None:
        with writing(app) as db:
            edition = db.get_one(Edition, place.edition)
            speaker = make_speaker(db, edition, make_person(db, f"Speaker {name}"))
            session = interpreted(db, edition, name, starts, ends, speakers=(speaker,))
            give(db, session, db.get_one(Interpreter, place.ida))
            give(db, session, make_interpreter(db, edition, f"Interpreter {name}", email=f"{starts[:2]}@example.org"))
            interpreted(db, edition, f"Gap {name}", starts, ends)

    one_more("first", "11:00", "12:00")
    counted()
    few = counted()
    one_more("second", "13:00", "14:00")
    one_more("third", "15:00", "16:00")
    assert counted() == few


# ---- actions


def test_giving_twice_is_one_act_and_somebody_gone_is_not_given_back(app: Flask, place: Place) -> None:
    offer = Offer(place.first, place.ida, ZH)
    with writing(app) as db:
        for _ in range(2):
            duties.give(db, place.edition, offer, actor=COMMAND, now=NOW)
        duties.take_away(db, place.edition, offer, actor=COMMAND, now=NOW)
        crew.remove_interpreter(db, place.ida, actor=COMMAND, now=NOW)
        duties.undo(db, place.edition, actor=COMMAND, now=NOW)
        assert db.scalars(select(Duty)).all() == []
        with pytest.raises(Conflict):
            duties.undo(db, place.edition, actor=COMMAND, now=NOW)


def test_times_of_a_speaker_who_interprets_too_are_one(app: Flask, place: Place) -> None:
    with writing(app) as db:
        ida = db.get_one(Interpreter, place.ida)
        spans: tuple[Window, ...] = (window("2027-09-23 09:00", "2027-09-23 12:00"),)
        for _ in range(2):
            facts = InterpreterFacts(("en-zh",), available=spans)
            crew.change_interpreter(db, ida.id, facts, revision=ida.revision, actor=COMMAND, now=NOW)
        assert len(db.scalars(select(Availability).where(Availability.person_id == ida.person_id)).all()) == 1
