"""The board and the list: the same people, by address; moving somebody, and putting them back."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app.accounts import queries as accounts
from app.audit import queries as audit
from app.database import DbSession
from app.extensions import database
from app.people.models import Organisation
from app.people.rules import OrganisationKind
from app.speakers.models import Speaker
from app.speakers.rules import SpeakerState
from app.values.actor import Role
from tests.factories.editions import make_edition
from tests.factories.people import make_person
from tests.factories.speakers import make_speaker
from tests.speaking.people import (
    CANDIDATE,
    CONFIRMED,
    DECLINED,
    INVITED,
    MATERIALS,
    SPEAKERS,
    Crowd,
    as_role,
    hidden,
    reading,
    words,
)


def columns(html: str) -> dict[str, list[str]]:
    """Who stands where on the board."""
    found = re.findall(r'data-column="(\w+)">(.*?)</section>', html, re.S)
    return {state: [words(name) for name in re.findall(r"<li.*?<p>(.*?)</p>", text, re.S)] for state, text in found}


def listed(html: str) -> list[str]:
    return [words(name) for name in re.findall(r'<th scope="row">(.*?)</th>', html, re.S)]


def move(client: FlaskClient, crowd: Crowd, who: str, to: SpeakerState, **form: str) -> tuple[int, str]:
    saw = form.pop("saw", crowd.state(who).value)
    answer = client.post(f"{SPEAKERS}/{crowd.ids[who]}/move", data={"to": to.value, "saw": saw} | form)
    return answer.status_code, words(answer.text)


def test_everybody_stands_in_one_column_of_the_board(organiser: FlaskClient) -> None:
    assert columns(organiser.get(SPEAKERS).text) == {
        "candidate": ["Carla Kandidat"],
        "invited": ["Ines Invitato", "英 Ying"],
        "confirmed": ["Conny Confirmed"],
        "materials": [],
        "declined": ["Dora Declined"],
    }


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["Carla Kandidat", "Ines Invitato", "英 Ying", "Conny Confirmed", "Dora Declined"]),
        ("&state=invited", ["Ines Invitato", "英 Ying"]),
        ("&country=CN", ["Carla Kandidat", "英 Ying", "Dora Declined"]),
        ("&kind=research", ["Conny Confirmed"]),
        ("&overdue=1", ["Ines Invitato"]),
        ("&inviter=none&q=car", ["Carla Kandidat"]),
        ("&q=ying", ["英 Ying"]),
        ("&sort=due", ["Ines Invitato", "Carla Kandidat", "英 Ying", "Conny Confirmed", "Dora Declined"]),
        ("&sort=state", ["Carla Kandidat", "Ines Invitato", "英 Ying", "Conny Confirmed", "Dora Declined"]),
        ("&sort=sessions", ["Ines Invitato", "Conny Confirmed", "Dora Declined", "Carla Kandidat", "英 Ying"]),
        ("&state=famous", []),
    ],
)
def test_board_and_list_show_what_the_address_asks_for(
    app: Flask, organiser: FlaskClient, crowd: Crowd, query: str, shown: list[str]
) -> None:
    with reading(app) as db:
        db.query(Organisation).update({"kind": OrganisationKind.RESEARCH})
    assert listed(organiser.get(f"{SPEAKERS}?view=list{query}").text) == shown
    board = columns(organiser.get(f"{SPEAKERS}?view=board{query}").text)
    assert sorted(name for names in board.values() for name in names) == sorted(shown)


def test_the_inviter_is_an_account_that_may_and_the_list_knows_whom_they_invite(
    app: Flask, organiser: FlaskClient, crowd: Crowd
) -> None:
    as_role(app, Role.VIEWER, crowd.edition, name="Vera Viewer")
    address = f"{SPEAKERS}/{crowd.ids['Carla']}"
    page = organiser.get(address).text
    assert "Olga Organiser" in words(page[page.index('id="inviter"') :])
    assert "Vera Viewer" not in page
    with reading(app) as db:
        olga = accounts.account_by_email(db, f"organiser{crowd.edition}@forum.test")
        assert olga is not None
        olga_id, revision = olga.id, db.get_one(Speaker, crowd.ids["Carla"]).revision
    form = {
        "revision": revision,
        "part": "speaker",
        "scope": "forum",
        "inviter": olga_id,
        "email": "CARLA@Speakers.test",
    }
    assert organiser.post(address, data=form).status_code == 303
    assert listed(organiser.get(f"{SPEAKERS}?view=list&inviter={olga_id}").text) == ["Carla Kandidat"]
    with reading(app) as db:
        assert db.get_one(Speaker, crowd.ids["Carla"]).email == "carla@speakers.test"


def test_a_card_moves_by_its_button_and_can_be_put_back(app: Flask, organiser: FlaskClient, crowd: Crowd) -> None:
    address = f"{SPEAKERS}/{crowd.ids['Carla']}/move"
    answer = organiser.post(address, data={"to": "invited", "saw": "candidate", "back": "board"})
    assert answer.status_code == 303
    page = organiser.get(answer.location).text
    assert "Carla Kandidat: from “Candidate” to “Invited”." in words(page)
    undo = re.findall(r'<div class="undo".*?</div>', page, re.S)[0]
    assert 'value="candidate">Put back' in undo
    assert move(organiser, crowd, "Carla", CANDIDATE, saw=hidden(undo, "saw")[0])[0] == 303
    assert crowd.state("Carla") is CANDIDATE


def test_confirming_by_hand_asks_for_a_note_first_and_keeps_it(
    app: Flask, organiser: FlaskClient, crowd: Crowd
) -> None:
    status, text = move(organiser, crowd, "Ines", CONFIRMED)
    assert (status, "How do you know?" in text, crowd.state("Ines")) == (422, True, INVITED)
    status, text = move(organiser, crowd, "Ines", CONFIRMED, note="")
    assert "Write down how you know" in text
    assert move(organiser, crowd, "Ines", CONFIRMED, note="said so at lunch")[0] == 303
    assert "said so at lunch" in words(organiser.get(f"{SPEAKERS}/{crowd.ids['Ines']}").text)
    with reading(app) as db:
        last = audit.last_of(db, "speaker", crowd.ids["Ines"])
        assert last is not None
        assert (last.verb, last.actor_name, last.data["note"]) == (
            "speaker_moved",
            "Olga Organiser",
            "said so at lunch",
        )


@pytest.mark.parametrize(
    ("who", "to", "form", "status"),
    [
        ("Carla", MATERIALS, {"note": "x"}, 409),
        ("Ines", MATERIALS, {"note": "x"}, 409),
        ("Conny", MATERIALS, {}, 422),
        ("Conny", MATERIALS, {"note": "speaks freely"}, 303),
        ("Ines", DECLINED, {"note": "a\x00b"}, 422),
        ("Ines", DECLINED, {"note": "x" * 1001}, 422),
        ("Ines", CANDIDATE, {"saw": "confirmed"}, 409),
        ("Ines", CANDIDATE, {"saw": "nonsense"}, 422),
    ],
)
def test_moves_that_are_none_are_answered_with_the_reason(
    organiser: FlaskClient, crowd: Crowd, who: str, to: SpeakerState, form: dict[str, str], status: int
) -> None:
    before = crowd.state(who)
    assert move(organiser, crowd, who, to, **form)[0] == status
    assert (crowd.state(who) is before) is (status != 303)


@pytest.mark.parametrize("query", ["", "?to=confirmed", "?to=nonsense", "?to=materials"])
def test_the_question_can_be_asked_for_by_address_and_changes_nothing(
    organiser: FlaskClient, crowd: Crowd, query: str
) -> None:
    assert organiser.get(f"{SPEAKERS}/{crowd.ids['Ines']}/move{query}").status_code == 200
    assert crowd.state("Ines") is INVITED


def test_every_button_of_a_card_is_a_move_of_the_table(organiser: FlaskClient, crowd: Crowd) -> None:
    page = organiser.get(SPEAKERS).text
    cards = re.findall(r'<li data-card data-saw="(\w+)" data-moves="([\w ]+)">(.*?)</li>', page, re.S)
    assert len(cards) == 5
    for saw, moves, card in cards:
        assert re.findall(r'name="to" value="(\w+)"', card) == moves.split()
        assert hidden(card, "saw") == [saw]


def test_a_viewer_sees_the_board_without_buttons_notes_or_addresses(app: Flask, crowd: Crowd) -> None:
    viewer = as_role(app, Role.VIEWER, crowd.edition)
    translator = as_role(app, Role.TRANSLATOR, crowd.edition)
    for client in (viewer, translator):
        for address in (SPEAKERS, f"{SPEAKERS}?view=list", f"{SPEAKERS}/{crowd.ids['Carla']}"):
            page = client.get(address).text
            assert "Carla" in page
            for secret in ("SECRET note", "@speakers.test", "/speaking/", 'name="to"', "History"):
                assert secret not in page, (address, secret)


def test_a_translator_who_saves_texts_loses_nothing_of_the_organisers(app: Flask, crowd: Crowd) -> None:
    translator, address = as_role(app, Role.TRANSLATOR, crowd.edition), f"{SPEAKERS}/{crowd.ids['Carla']}"
    form = {
        "revision": "1",
        "role-de": "Professorin",
        "email": "mine@x.test",
        "private_note": "",
        "due_on": "2027-01-01",
    }
    assert translator.post(address, data=form).status_code == 303
    with reading(app) as db:
        carla = db.get_one(Speaker, crowd.ids["Carla"])
        assert (carla.role.de, carla.email, carla.private_note) == (
            "Professorin",
            "0@speakers.test",
            "SECRET note on Carla",
        )
        assert carla.due_on is not None


def test_when_they_can_be_there_is_written_line_by_line_without_a_script(organiser: FlaskClient, crowd: Crowd) -> None:
    address = f"{SPEAKERS}/{crowd.ids['Conny']}/time"
    first = {"revision": "1", "spans-0-starts": "2027-09-22T18:00", "spans-0-ends": "2027-09-23T12:00"}
    more = organiser.post(address, data=first | {"do": "add"})
    assert more.status_code == 200
    assert 'name="spans-1-starts"' in more.text
    assert "Wed 22 Sep 12:00 to Thu 23 Sep 06:00 in Berlin" in words(more.text)
    wrong = organiser.post(address, data=first | {"spans-1-starts": "2027-09-24T09:00"})
    assert (wrong.status_code, "Give both, from and until." in words(wrong.text)) == (422, True)
    backwards = organiser.post(address, data=first | {"spans-0-ends": "2027-09-22T17:00"})
    assert (backwards.status_code, "This is not after the start." in words(backwards.text)) == (422, True)
    assert organiser.post(address, data=first).status_code == 303
    page = organiser.get(f"{SPEAKERS}/{crowd.ids['Conny']}").text
    assert 'value="2027-09-22T18:00"' in page
    stale = organiser.post(address, data=first | {"spans-0-remove": "y"})
    assert (stale.status_code, "Somebody else saved this speaker meanwhile." in words(stale.text)) == (409, True)
    gone = organiser.post(address, data=first | {"revision": "2", "spans-0-remove": "y"})
    assert gone.status_code == 303
    assert 'value="2027-09-22T18:00"' not in organiser.get(f"{SPEAKERS}/{crowd.ids['Conny']}").text


def test_a_new_link_makes_the_old_one_dead(app: Flask, organiser: FlaskClient, crowd: Crowd) -> None:
    old = crowd.page("Ines")
    assert app.test_client().get(old).status_code == 200
    assert organiser.post(f"{SPEAKERS}/{crowd.ids['Ines']}/link").status_code == 303
    assert app.test_client().get(old).status_code == 404
    page = organiser.get(f"{SPEAKERS}/{crowd.ids['Ines']}").text
    [link] = re.findall(r'id="own-link" value="http://forum\.test([^"]+)"', page)
    assert app.test_client().get(link).status_code == 200


def queries_of(app: Flask, client: FlaskClient, address: str) -> int:
    seen: list[str] = []

    def note(*args: object) -> None:
        seen.append(str(args[2]))

    with app.app_context():
        event.listen(database.engine, "before_cursor_execute", note)
        client.get(address)
        event.remove(database.engine, "before_cursor_execute", note)
    return len(seen)


@pytest.mark.parametrize("view", ["board", "list"])
def test_the_number_of_queries_does_not_grow_with_the_speakers(
    app: Flask, organiser: FlaskClient, crowd: Crowd, view: str
) -> None:
    address = f"{SPEAKERS}?view={view}"
    organiser.get(address)  # the first request of a day notes that somebody was here
    few = queries_of(app, organiser, address)
    with reading(app) as db:
        _add_many(db, crowd.edition)
    assert queries_of(app, organiser, address) == few


def _add_many(db: DbSession, edition_id: int) -> None:
    edition = db.get_one(Speaker, 1).edition
    assert edition.id == edition_id
    for n in range(20):
        make_speaker(db, edition, make_person(db, f"Person {n}"), state=list(SpeakerState)[n % 5])


def test_the_chosen_of_the_list_are_written_to_by_its_form(organiser: FlaskClient, crowd: Crowd) -> None:
    page = organiser.get(f"{SPEAKERS}?view=list").text
    [form] = re.findall(r'<form method="get" action="([^"]+/write)">(.*?)</form>', page, re.S)
    assert re.findall(r'name="who" value="(\d+)"', form[1]) == [str(number) for number in crowd.ids.values()]
    assert re.findall(r'name="letter" value="(\w+)"', form[1]) == ["invitation", "reminder", "materials"]
    assert organiser.get(form[0]).status_code == 200


def test_nobody_of_another_edition_is_moved_or_written_to(app: Flask, organiser: FlaskClient, crowd: Crowd) -> None:
    with reading(app) as db:
        other = make_speaker(db, make_edition(db, slug="2028-munich", year=2028), state=CANDIDATE).id
    assert organiser.post(f"{SPEAKERS}/{other}/move", data={"to": "invited", "saw": "candidate"}).status_code == 404
    assert organiser.get(f"{SPEAKERS}/write?letter=invitation&who={other}").text.count("Anna Schmidt") == 0
