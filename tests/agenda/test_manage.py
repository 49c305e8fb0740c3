"""The organisers' agenda in a browser."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from app.agenda import actions, queries
from app.agenda.models import Session
from app.agenda.rules import SessionRole
from app.database import DbSession
from app.extensions import database
from app.speakers.models import Speaker
from app.speakers.ranks import create_rank
from app.speakers.rules import SpeakerState
from app.values.actor import COMMAND, Role
from app.values.language import Translated
from app.web.transaction import transaction
from tests.conftest import NOW
from tests.factories.accounts import make_account, sign_in
from tests.factories.agenda import make_room, make_session, make_track, session_facts
from tests.factories.editions import make_edition
from tests.factories.people import make_person
from tests.factories.speakers import make_speaker

HAIKOU = "/organise/editions/2027-haikou"


@dataclass
class Place:
    """One edition with a room, a track, a speaker and a session on the first day at nine."""

    edition: int
    room: int
    track: int
    speaker: int
    session: int

    @property
    def address(self) -> str:
        return f"{HAIKOU}/agenda/{self.session}"


@contextmanager
def writing(app: Flask) -> Iterator[DbSession]:
    with app.app_context():
        with transaction() as db:
            yield db
        database.session.remove()


@pytest.fixture
def place(app: Flask) -> Place:
    with writing(app) as db:
        edition = make_edition(db)
        room, track = make_room(db, edition, capacity=160), make_track(db, edition)
        speaker = make_speaker(db, edition, make_person(db, "查思远", "查", second="Zha Siyuan", second_family="Zha"))
        session = make_session(
            db, edition, "Solid-state cells", "2027-09-23 09:00", "2027-09-23 10:00",
            room=room, track=track, speakers=(speaker,),
        )  # fmt: skip
        return Place(edition.id, room.id, track.id, speaker.id, session.id)


def as_role(app: Flask, role: Role, edition_id: int | None = None, name: str = "Olga Organiser") -> FlaskClient:
    with writing(app) as db:
        account = make_account(db, f"{role}{edition_id}@forum.test", role, edition_id=edition_id, name=name).id
    return sign_in(app.test_client(), account)


@pytest.fixture
def organiser(app: Flask, place: Place) -> FlaskClient:
    return as_role(app, Role.ORGANISER, place.edition)


def typed(place: Place, **changed: Any) -> dict[str, Any]:
    """The form as the browser sends it when nothing was changed, and what was."""
    form = {
        "revision": "1",
        "title-en": "Solid-state cells",
        "title-de": "Solid-state cells",
        "title-zh": "Solid-state cells",
        "kind": "other",
        "day": "2027-09-23",
        "starts": "09:00",
        "ends": "10:00",
        "room": str(place.room),
        "track": str(place.track),
        "cast": [f"speaker-{place.speaker}:speaker"],
        "act": "save",
    }
    return form | {name.replace("_", "-"): value for name, value in changed.items()}


def stored(app: Flask, session_id: int) -> dict[str, Any]:
    with app.app_context():
        session = database.session.get_one(Session, session_id)
        found = {
            "title": session.title.en,
            "starts": f"{session.starts_at:%H:%M}" if session.starts_at else "",
            "room": session.room_id,
            "cast": [(row.speaker_id, row.role) for row in session.speakers],
            "revision": session.revision,
            "abstract": session.abstract.de,
        }
        database.session.remove()
        return found


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_the_list_shows_sessions_by_day_with_both_times(organiser: FlaskClient) -> None:
    page = words(organiser.get(f"{HAIKOU}/agenda").text)
    assert "Thursday 23 September" in page
    assert "09:00 – 10:00 03:00 Berlin Solid-state cells" in page
    assert "Zha Siyuan" in page


def test_what_has_no_time_yet_comes_first(app: Flask, organiser: FlaskClient, place: Place) -> None:
    with writing(app) as db:
        make_session(db, queries.session_of(db, place.edition, place.session).edition, "Poster walk")
    page = words(organiser.get(f"{HAIKOU}/agenda").text)
    assert page.index("Still without a time") < page.index("Poster walk") < page.index("Thursday 23 September")


def test_an_empty_agenda_says_how_to_begin(app: Flask) -> None:
    with writing(app) as db:
        make_edition(db)
    page = words(as_role(app, Role.ORGANISER).get(f"{HAIKOU}/agenda").text)
    assert "No agenda yet" in page
    assert "New session" in page
    assert "Rooms" in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["Solid-state cells", "Poster walk"]),
        ("?q=查思", ["Solid-state cells"]),
        ("?q=zha", ["Solid-state cells"]),
        ("?q=POSTER", ["Poster walk"]),
        ("?q=nothing", []),
        ("?day=2027-09-23", ["Solid-state cells"]),
        ("?day=none", ["Poster walk"]),
        ("?room=none", ["Poster walk"]),
        ("?state=unplaced", ["Poster walk"]),
        ("?kind=panel", []),
        ("?state=nonsense&room=x&day=y", []),
    ],
)
def test_the_list_is_filtered_by_its_address(
    app: Flask, organiser: FlaskClient, place: Place, query: str, shown: list[str]
) -> None:
    with writing(app) as db:
        make_session(db, queries.session_of(db, place.edition, place.session).edition, "Poster walk")
    html = organiser.get(f"{HAIKOU}/agenda{query}").text
    rows = re.findall(r'<tr id="session-\d+">.*?<th scope="row"><a [^>]*>([^<]+)</a>', html, re.S)
    assert sorted(rows) == sorted(shown)


def test_findings_stand_in_a_list_with_a_way_out(app: Flask, organiser: FlaskClient, place: Place) -> None:
    with writing(app) as db:
        first = queries.session_of(db, place.edition, place.session)
        assert first.room is not None
        make_session(db, first.edition, "Grids", "2027-09-23 09:30", "2027-09-23 11:00", room=first.room)
    html = organiser.get(f"{HAIKOU}/agenda/findings").text
    assert "Solid-state cells and Grids are in Meilan Hall at once." in words(html)
    assert f'href="{place.address}#room"' in html
    assert "Meilan Hall is also used by Grids , 09:30–11:00." in words(organiser.get(place.address).text)


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    statements: list[str] = []
    with app.app_context():
        engine = database.engine

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "public_stamp" not in statement and "BEGIN" not in statement:  # asked by the second, not by the page
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_three_sessions_or_thirty_cost_the_same_number_of_queries(
    app: Flask, organiser: FlaskClient, place: Place
) -> None:
    def add(n: int) -> None:
        with writing(app) as db:
            edition = queries.session_of(db, place.edition, place.session).edition
            room, track = make_room(db, edition, f"Room {n}"), make_track(db, edition, f"Track {n}")
            for i in range(n):
                speaker = make_speaker(db, edition, make_person(db, f"Person {n} {i}"))
                day = "2027-09-24"
                make_session(
                    db, edition, f"Talk {n} {i}", f"{day} {i % 12 + 8:02}:00", f"{day} {i % 12 + 9:02}:00",
                    room=room, track=track, speakers=(speaker,),
                )  # fmt: skip

    for address in (f"{HAIKOU}/agenda", place.address):
        add(3 if address.endswith("agenda") else 4)
        with counted(app) as few:
            organiser.get(address)
        add(30 if address.endswith("agenda") else 31)
        with counted(app) as many:
            organiser.get(address)
        assert len(few) == len(many), address


def test_a_new_session_is_stored_once_and_shown(app: Flask, organiser: FlaskClient, place: Place) -> None:
    form = typed(place, title_en="Ministers’ dialogue", starts="14.30", ends="1530", cast=[])
    answer = organiser.post(f"{HAIKOU}/agenda/new", data=form)
    assert answer.status_code == 303
    page = organiser.get(answer.location).text
    assert "Ministers’ dialogue" in page
    assert 'value="14:30"' in page
    assert "08:30 to 09:30 in Berlin" in words(page)


def test_saving_changes_what_was_typed_and_nothing_else(app: Flask, organiser: FlaskClient, place: Place) -> None:
    answer = organiser.post(place.address, data=typed(place, starts="09:15"))
    assert (answer.status_code, answer.location) == (303, place.address)
    cast = [(place.speaker, SessionRole.SPEAKER)]
    assert stored(app, place.session) == {
        "title": "Solid-state cells", "starts": "09:15", "room": place.room, "cast": cast, "revision": 2, "abstract": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"ends": "08:00"}, "The end is not after the start."),
        ({"ends": ""}, "Give both, start and end, or neither."),
        ({"day": ""}, "Give the day too."),
        ({"day": "9999-12-31", "ends": "24:00"}, "The year must be between 1990 and 2200."),
        ({"day": "0001-01-01", "starts": "00:00"}, "The year must be between 1990 and 2200."),
        ({"starts": "half nine"}, "Write a time such as 09:30."),
        ({"title_en": "", "title_de": "", "title_zh": ""}, "Give the title in at least one language."),
        ({"slug": "No Slug!"}, "Use small letters, digits and hyphens only, such as solid-state-cells."),
        ({"room": "999999"}, "Not a valid choice."),
        ({"kind": "party"}, "Not a valid choice."),
        ({"cast": ["speaker-999999:speaker"]}, "There is somebody in this list who is not known."),
        ({"cast": ["rubbish"]}, "There is somebody in this list who is not known."),
        ({"title_en": "a\x07bell"}, "This text contains characters that cannot be shown"),
    ],
)
def test_bad_input_keeps_what_was_typed(
    app: Flask, organiser: FlaskClient, place: Place, wrong: dict[str, Any], message: str
) -> None:
    before = stored(app, place.session)
    answer = organiser.post(place.address, data=typed(place, **{"abstract_de": "Ein ‚langer‘ Text <b>", **wrong}))
    assert answer.status_code == 422
    assert message in words(answer.text)
    assert "Ein ‚langer‘ Text &lt;b&gt;" in answer.text
    assert stored(app, place.session) == before


def test_a_time_that_the_clock_skips_is_refused_beside_its_field(app: Flask) -> None:
    with writing(app) as db:
        make_edition(db, slug="2027-munich", zone="Europe/Berlin", country="DE")
    form = {"title-en": "Night", "day": "2027-03-28", "starts": "02:30", "ends": "04:00", "kind": "other"}
    answer = as_role(app, Role.ORGANISER).post("/organise/editions/2027-munich/agenda/new", data=form)
    assert answer.status_code == 422
    assert "On this day the clock skips this hour" in words(answer.text)
    assert re.search(r'<input[^>]*aria-invalid="true"[^>]*id="starts"|<input[^>]*id="starts"[^>]*aria-invalid="true"', answer.text)  # fmt: skip


def test_of_two_organisers_editing_one_session_the_second_sees_both_versions(
    app: Flask, organiser: FlaskClient, place: Place
) -> None:
    bea = as_role(app, Role.ORGANISER, name="Bea Zweite")
    organiser.post(place.address, data=typed(place, starts="09:30", title_en="From Olga"))
    answer = bea.post(place.address, data=typed(place, starts="09:45", title_en="From Bea"))
    assert answer.status_code == 409
    page = words(answer.text)
    assert "Stored now, Olga Organiser" in page
    assert "Starts 09:30 09:45" in page
    assert "Title, English From Olga From Bea" in page
    assert ">From Bea</textarea>" in answer.text.replace("\r\n", "")
    assert stored(app, place.session)["title"] == "From Olga"
    assert bea.post(place.address, data=typed(place, revision="2", title_en="From Bea")).status_code == 303
    assert stored(app, place.session)["title"] == "From Bea"


def test_an_organiser_of_one_edition_cannot_reach_a_session_of_another(app: Flask, place: Place) -> None:
    with writing(app) as db:
        other = make_edition(db, slug="2028-munich", year=2028)
        theirs, room = make_session(db, other, "Theirs").id, make_room(db, other).id
    client = as_role(app, Role.ORGANISER, place.edition)
    here = f"{HAIKOU}/agenda/{theirs}"
    assert [client.get(address).status_code for address in (here, f"/organise/editions/2028-munich/agenda/{theirs}")] == [
        404, 404,
    ]  # fmt: skip
    for act in ("", "/cancel", "/reinstate", "/remove"):
        assert client.post(here + act, data=typed(place)).status_code == 404, act
    for act in ("", "/move", "/remove"):
        assert client.post(f"{HAIKOU}/rooms/{room}{act}", data={}).status_code == 404, act
    assert client.post(place.address, data=typed(place, room=str(room))).status_code == 422
    assert stored(app, theirs)["title"] == "Theirs"


def test_a_translator_writes_texts_and_cannot_move_a_session(app: Flask, place: Place) -> None:
    translator = as_role(app, Role.TRANSLATOR, place.edition)
    assert "Your role changes texts." in words(translator.get(place.address).text)
    form = typed(place, abstract_de="Auf Deutsch.", starts="15:00", ends="16:00", room="", cast=[])
    assert translator.post(place.address, data=form).status_code == 303
    before = [(place.speaker, SessionRole.SPEAKER)]
    assert stored(app, place.session) == {
        "title": "Solid-state cells", "starts": "09:00", "room": place.room, "cast": before, "revision": 2,
        "abstract": "Auf Deutsch.",
    }  # fmt: skip
    for act in ("/cancel", "/reinstate", "/remove"):
        assert translator.post(place.address + act).status_code == 404
    assert translator.get(f"{HAIKOU}/agenda/new").status_code == 404


def test_a_viewer_reads_and_cannot_write(app: Flask, place: Place) -> None:
    viewer = as_role(app, Role.VIEWER, place.edition)
    assert "Your role cannot change it." in words(viewer.get(place.address).text)
    assert viewer.post(place.address, data=typed(place)).status_code == 404


def test_buttons_of_the_cast_keep_everything_typed_and_store_nothing(
    app: Flask, organiser: FlaskClient, place: Place
) -> None:
    with writing(app) as db:
        edition = queries.session_of(db, place.edition, place.session).edition
        ben = make_speaker(db, edition, make_person(db, "Ben Blau")).id
        stranger = make_person(db, "Śmiałek Nowy").id
    before = stored(app, place.session)
    cast = [f"speaker-{place.speaker}:chair", f"speaker-{ben}:speaker"]
    for act, order in (
        ("down-0", [f"speaker-{ben}:speaker", f"speaker-{place.speaker}:chair"]),
        ("up-0", cast),
        ("up-7", cast),
        ("remove-0", cast[1:]),
        (f"add-person-{stranger}", [*cast, f"person-{stranger}:speaker"]),
        ("add-person-999999", cast),
        ("up-²", cast),
        (f"down-{'9' * 5000}", cast),
        ("nonsense", cast),
    ):
        answer = organiser.post(place.address, data=typed(place, act=act, cast=cast, title_en="Not yet saved"))
        assert answer.status_code == 200
        assert ">Not yet saved</textarea>" in answer.text.replace("\r\n", "")
        assert re.findall(r'<option value="([^"]+)" selected>[^<]*</option>', answer.text.split('id="cast"')[1])[: len(order)] == order  # fmt: skip
    assert stored(app, place.session) == before


def test_a_search_finds_speakers_and_people_who_are_not_at_this_edition_yet(
    app: Flask, organiser: FlaskClient, place: Place
) -> None:
    with writing(app) as db:
        edition = queries.session_of(db, place.edition, place.session).edition
        make_speaker(db, edition, make_person(db, "Shan Rui"))
        make_person(db, "单睿", "单", second="Shan Min")
    page = words(organiser.post(place.address, data=typed(place, act="find", find="shan")).text)
    assert "Shan Rui Confirmed" in page
    assert "Shan Min 单睿 not at this edition yet: becomes a candidate when you save" in page


def test_somebody_new_to_the_edition_becomes_a_candidate_when_saved(
    app: Flask, organiser: FlaskClient, place: Place
) -> None:
    with writing(app) as db:
        stranger = make_person(db, "Neu Hier").id
    cast = [f"person-{stranger}:chair", f"speaker-{place.speaker}:speaker"]
    assert organiser.post(place.address, data=typed(place, cast=cast)).status_code == 303
    with app.app_context():
        added = database.session.scalars(select(Speaker).where(Speaker.person_id == stranger)).one()
        assert added.state is SpeakerState.CANDIDATE
        assert stored(app, place.session)["cast"] == [
            (added.id, SessionRole.CHAIR),
            (place.speaker, SessionRole.SPEAKER),
        ]


def test_cancelling_asks_for_a_reason_and_can_be_taken_back(app: Flask, organiser: FlaskClient, place: Place) -> None:
    answer = organiser.post(f"{place.address}/cancel", data={"revision": "1"})
    assert answer.status_code == 422
    assert "Give a reason" in words(answer.text)
    assert organiser.post(f"{place.address}/cancel", data={"revision": "1", "reason-de": "Krank."}).status_code == 303
    assert "Krank." in words(organiser.get(place.address).text)
    assert organiser.post(f"{place.address}/reinstate", data={"revision": "1"}).status_code == 409
    assert organiser.post(f"{place.address}/reinstate", data={"revision": "2"}).status_code == 303
    assert "Krank." not in organiser.get(place.address).text


def test_only_a_session_nobody_outside_has_seen_can_be_removed(
    app: Flask, organiser: FlaskClient, place: Place
) -> None:
    with writing(app) as db:
        queries.session_of(db, place.edition, place.session).was_published = True
    answer = organiser.post(f"{place.address}/remove")
    assert answer.status_code == 409
    assert "Cancel it instead" in words(answer.text)
    with writing(app) as db:
        queries.session_of(db, place.edition, place.session).was_published = False
    assert organiser.post(f"{place.address}/remove").status_code == 303
    assert organiser.get(place.address).status_code == 404


def test_every_post_needs_the_token(organiser: FlaskClient, place: Place) -> None:
    del organiser.environ_base["HTTP_X_CSRFTOKEN"]
    for act in ("", "/cancel", "/reinstate", "/remove"):
        assert organiser.post(place.address + act, data=typed(place)).status_code == 400


def test_the_page_of_a_session_another_changes_meanwhile_is_read_anew(
    app: Flask, organiser: FlaskClient, place: Place
) -> None:
    with writing(app) as db:
        facts = session_facts("Renamed", room_id=place.room)
        actions.change_session(db, place.session, facts, revision=1, actor=COMMAND, now=NOW)
    assert "Renamed" in organiser.get(place.address).text


def test_the_form_of_a_new_session_sent_twice_is_one_session(app: Flask, organiser: FlaskClient, place: Place) -> None:
    page = organiser.get(f"{HAIKOU}/agenda/new").text
    number = re.search(r'name="number"[^>]*value="([^"]+)"', page)
    assert number is not None
    first, second = (
        organiser.post(f"{HAIKOU}/agenda/new", data=typed(place, **{"number": number[1], "title-en": "Sent twice"}))
        for _ in range(2)
    )
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    with writing(app) as db:
        titles = [session.title.en for session in queries.sessions_of(db, place.edition)]
    assert titles.count("Sent twice") == 1


def test_the_cast_is_put_in_order_of_protocol_and_nothing_is_stored_yet(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as db:
        edition = make_edition(db, slug="2027-haikou")
        minister = create_rank(db, Translated(en="Minister"), actor=COMMAND, now=NOW)
        chief = create_rank(db, Translated(en="Chief executive"), actor=COMMAND, now=NOW)
        ranks = {"Wu Chief": chief.id, "Anna None": None, "Li Minister": minister.id}
        cast = [make_speaker(db, edition, make_person(db, name), rank_id=rank) for name, rank in ranks.items()]
        session = make_session(db, edition, "Cells", speakers=tuple(cast))
        account = make_account(db, role=Role.ORGANISER).id
        ids, number = [speaker.id for speaker in cast], session.id
    sign_in(client, account)
    typed = {
        "title-en": "Cells", "kind": "panel", "order": "rank", "act": "order", "revision": "1",
        "cast": [f"speaker-{one}:speaker" for one in ids],
    }  # fmt: skip
    page = client.post(f"/organise/editions/2027-haikou/agenda/{number}", data=typed).text
    assert re.findall(r'value="speaker-(\d+):speaker" selected', page) == [str(ids[2]), str(ids[0]), str(ids[1])]
    with app.app_context():
        stored = database.session().get_one(Session, number)
        assert [row.speaker_id for row in stored.speakers] == ids
