"""The languages of an edition: the matrix, and translating side by side."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape
from re import DOTALL, findall

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.agenda import actions as agenda
from app.agenda.forms import CancelForm, RoomForm, SessionForm, TrackForm
from app.agenda.models import Session
from app.agenda.queries import facts_of
from app.database import DbSession
from app.editions import actions as editions
from app.editions.forms import EditionForm, StepForm
from app.editions.models import Edition
from app.editions.rules import OrganisationPart, State
from app.extensions import database
from app.people.forms import OrganisationForm, PersonForm
from app.people.models import Organisation, Person
from app.publishing import planned
from app.publishing.forms import ReleaseForm
from app.publishing.models import PlannedRelease
from app.registrations.forms import CategoryForm
from app.site.forms import form_of
from app.site.matrix import SHAPES, Key, Subject, TextKind, counts, sums
from app.site.sieve import Sieve
from app.site.texts import texts_of
from app.site.translating import WRITERS, stored_texts, write
from app.site.walk import Walk
from app.site.wishes import Saw, Verdict, Wish, judged
from app.site.words import FIELDS, KINDS, STATES
from app.speakers.forms import SpeakerForm
from app.speakers.models import LetterTemplate
from app.speakers.rules import SpeakerState
from app.speaking import actions as speaking
from app.speaking.forms import LetterForm
from app.speaking.rules import Letter
from app.translation.queries import stale_marks
from app.translation.rules import TextState
from app.values.actor import COMMAND, Role
from app.values.language import Language, Translated
from app.web.transaction import transaction
from tests.conftest import NOW
from tests.factories.accounts import make_account, sign_in
from tests.factories.editions import make_edition
from tests.factories.people import make_organisation, make_person
from tests.factories.publishing import in_three, plan_room, plan_session, plan_track, publish
from tests.factories.registrations import make_category
from tests.factories.speakers import make_speaker
from tests.site.test_counts import counted

EN, DE, ZH = Language
BY = {"actor": COMMAND, "now": NOW}
LATER = NOW + timedelta(days=3)
HERE = "/organise/editions/2027-haikou/languages"
Open = Callable[[Role], FlaskClient]


@pytest.fixture
def browser(app: Flask) -> Open:
    """Somebody of the first edition with that role."""

    def opened(role: Role) -> FlaskClient:
        with app.app_context(), transaction() as db:
            edition = database.session.query(Edition).filter_by(slug="2027-haikou").one()
            account = make_account(db, f"{role}@forum.test", role, edition_id=edition.id, name="Lin Xiaolan").id
        return sign_in(app.test_client(), account)

    return opened


def change(app: Flask, act: Callable[[DbSession], object]) -> None:
    with app.app_context(), transaction() as db:
        act(db)


@pytest.fixture
def talk(app: Flask) -> int:
    """A session with a stale German title, whose abstract lacks Chinese."""
    with app.app_context(), transaction() as db:
        edition = make_edition(db)
        title = Translated("Cells", "Zellen", "电池")
        session = plan_session(db, edition, title, abstract=Translated("Much to say.", "Viel zu sagen."))
        agenda.reword_session(db, session.id, {"title": replace(title, en="Dry cells", zh="干电池")}, **BY)
        return session.id


def sent(page: str, **typed: str) -> dict[str, str]:
    """What the page's form would send: everything as it stands, and this typed into it."""
    hidden = dict(findall(r'<input id="[^"]*" name="([^"]+)" type="hidden" value="([^"]*)"', page))
    boxes = dict(findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\r?\n([^<]*)</textarea>', page))
    lines = dict(findall(r'<input [^>]*name="([^"]+)"[^>]* type="text" value="([^"]*)"', page))
    return {name: unescape(value) for name, value in {**hidden, **boxes, **lines}.items()} | typed


# ── What there is ──────────────────────────────────────────────────────────────────────────────────────────


def everything(db: DbSession) -> Edition:
    """An edition with a text of every kind and field."""
    words = in_three("Words")
    fields = {field: words for kind, field in SHAPES if kind == "edition" and field != "reason"}
    edition = make_edition(db, **fields)
    editions.set_topics(db, edition.id, [words], revision=1, **BY)
    editions.add_outcome(db, edition, words, [], **BY)
    make_category(db, edition, name=words)
    room = plan_room(db, edition)
    agenda.change_room(db, room.id, agenda.RoomFacts(words, words), revision=1, **BY)
    plan_track(db, edition)
    house = make_organisation(db, "House", de="Haus", zh="机构")
    speaker = make_speaker(
        db, edition, make_person(db, biography=words), role=words, topic=words, note=words, organisation_id=house.id
    )
    plan_session(db, edition, words, abstract=words, note=words, speakers=[speaker])
    dropped = plan_session(db, edition, in_three("Dropped"), abstract=words, note=words)
    agenda.cancel_session(db, dropped.id, words, **BY)
    write_letter(db, edition, words)
    planned.plan(db, edition.id, LATER, note=words, seen="", **BY)
    editions.step(db, edition.id, State.CANCELLED, reason=words, **BY)
    return edition


def write_letter(db: DbSession, edition: Edition, body: Translated) -> LetterTemplate:
    subject = Translated(*(language.own_name if body.exact(language) else "" for language in Language))
    return speaking.store_letter(db, edition.id, Letter.INVITATION, subject, body, revision=0, **BY)


def test_every_text_of_an_edition_is_in_the_matrix_and_every_kind_has_its_words(db: DbSession) -> None:
    texts = texts_of(db, [everything(db).id]).popitem()[1]
    assert {(text.key.subject.kind, text.key.field) for text in texts} == set(SHAPES) == set(FIELDS)
    assert {text.kind for text in texts} == set(TextKind) == set(KINDS)
    assert set(TextState) == set(STATES)
    assert {kind for kind, _field in SHAPES} == set(WRITERS)
    dropped = next(text.key.subject for text in texts if text.of == in_three("Dropped"))
    assert {text.key.field for text in texts if text.key.subject == dropped} == {"title", "cancel_reason"}


def test_each_can_be_written_through_the_action_of_its_slice(db: DbSession) -> None:
    edition = everything(db)
    before = stored_texts(db, edition.id)
    wishes = [Wish(key, DE, f"Neu {n}", Saw.of(text, DE)) for n, (key, text) in enumerate(before.items())]
    assert set(write(db, edition.id, wishes, **BY)) == {Verdict.WRITE}
    after = stored_texts(db, edition.id)
    assert {key: text.text.de for key, text in after.items()} == {wish.key: wish.text for wish in wishes}
    assert [(text.text.en, text.text.zh) for text in after.values()] == [
        (text.text.en, text.text.zh) for text in before.values()
    ]


def test_a_declined_persons_and_a_foreign_editions_texts_are_not_in_it(db: DbSession) -> None:
    edition, other = make_edition(db), make_edition(db, slug="2028-bremen")
    make_speaker(db, edition, make_person(db, biography=in_three("No")), state=SpeakerState.DECLINED)
    plan_session(db, other)
    assert {text.kind for text in texts_of(db, [edition.id])[edition.id]} == {TextKind.EDITION}


def test_the_limits_are_those_of_the_forms_where_texts_are_first_written() -> None:
    forms = {
        "edition": EditionForm, "room": RoomForm, "track": TrackForm, "session": SessionForm, "speaker": SpeakerForm,
        "person": PersonForm, "organisation": OrganisationForm, "category": CategoryForm, "letter": LetterForm,
        "planned_release": ReleaseForm,
    }  # fmt: skip
    reasons = {"cancel_reason": CancelForm, "reason": StepForm}
    for (kind, field), shape in SHAPES.items():
        if kind in forms:
            form, name = (reasons[field], "reason") if field in reasons else (forms[kind], field)
            tongue = getattr(form, name).args[0].en
            assert (shape.longest, bool(shape.rows)) == (
                tongue.kwargs.get("validators", tongue.args[1])[0].field_flags["maxlength"],
                "rows" in tongue.kwargs.get("render_kw", {}),
            ), (kind, field)


def test_it_is_counted_by_kind_and_language(app: Flask, talk: int) -> None:
    with app.app_context():
        texts = texts_of(database.session(), [1])[1]
    by_language = {one.language: (one.there, one.stale, one.missing) for one in sums(texts).values()}
    assert by_language == {EN: (4, 0, 0), DE: (3, 1, 0), ZH: (3, 0, 1)}
    found = {count.kind: (count.total, count.sums[DE].stale, count.sums[ZH].missing) for count in counts(texts)}
    assert found == {
        TextKind.EDITION: (2, 0, 0), TextKind.SESSION_TITLE: (1, 1, 0), TextKind.SESSION_ABSTRACT: (1, 0, 1),
    }  # fmt: skip


# ── The matrix ─────────────────────────────────────────────────────────────────────────────────────────────


def rows(client: FlaskClient, query: str = "") -> list[tuple[str, list[str]]]:
    """Name of each text, and how it stands in the three languages."""
    page = client.get(f"{HERE}?{query}").text.partition('class="ledger is-stacked texts"')[2]
    found = findall(r'<th scope="row"><a href="[^"]*">(.*?)</a>.*?</th>(.*?)</tr>', page, DOTALL)
    return [(name, findall(r'data-state="(\w+)"', cells)) for name, cells in found]


def test_it_shows_first_what_there_is_to_do(app: Flask, talk: int, browser: Open) -> None:
    client = browser(Role.VIEWER)
    title, abstract = ("Dry cells", ["source", "stale", "there"]), ("Dry cells", ["source", "there", "missing"])
    assert rows(client) == [title, abstract]
    assert rows(client, "state=stale") == [title]
    assert rows(client, "state=missing") == [abstract]
    assert rows(client, "language=de") == [title]
    assert rows(client, "language=zh&state=stale") == []
    assert len(rows(client, "state=all")) == 4
    assert rows(client, "state=all&kind=session_title") == [title]


@pytest.mark.parametrize(("query", "found"), [("dry", 2), ("zellen", 2), ("电池", 2), ("viel zu", 1), ("nothing", 0)])
def test_it_is_searched_in_any_language(app: Flask, talk: int, browser: Open, query: str, found: int) -> None:
    assert len(rows(browser(Role.VIEWER), f"q={query}&state=all")) == found


def test_a_persons_texts_are_their_own_and_those_of_their_sessions(app: Flask, talk: int, browser: Open) -> None:
    def cast(db: DbSession) -> None:
        edition = db.get_one(Edition, 1)
        anna = make_speaker(db, edition, make_person(db, biography=Translated("Physicist")))
        plan_session(db, edition, Translated("Her talk"), speakers=[anna])
        make_speaker(db, edition, make_person(db, "Bo Berg", biography=Translated("Chemist")))

    change(app, cast)
    client = browser(Role.VIEWER)
    assert [name for name, _cells in rows(client, "person=1")] == ["Her talk", "Anna Schmidt"]
    assert [name for name, _cells in rows(client, "person=2")] == ["Bo Berg"]


def test_what_the_address_asks_for_and_nobody_knows_is_ignored(app: Flask, talk: int, browser: Open) -> None:
    assert len(rows(browser(Role.VIEWER), "kind=x&language=fr&state=odd&page=x")) == 2


def test_many_sessions_cost_as_many_queries_as_one(app: Flask, talk: int, browser: Open) -> None:
    client, costs = browser(Role.TRANSLATOR), []
    for more in (0, 60):

        def plan(db: DbSession, more: int = more) -> None:
            edition = db.get_one(Edition, 1)
            for n in range(more):
                speaker = make_speaker(db, edition, make_person(db, f"Anna {n}", biography=Translated("x")))
                session = plan_session(db, edition, f"Talk {n}", speakers=[speaker], abstract=in_three("x"))
                agenda.reword_session(db, session.id, {"abstract": replace(session.abstract, en="y")}, **BY)

        change(app, plan)
        client.get(HERE)
        with counted(app) as asked:
            assert client.get(HERE).status_code == 200
            assert client.get(f"{HERE}/session-{talk}").status_code == 200
        costs.append(len(asked))
    assert costs[0] == costs[1]


def test_a_long_list_has_pages(app: Flask, talk: int, browser: Open) -> None:
    def plan(db: DbSession) -> None:
        edition = db.get_one(Edition, 1)
        for n in range(101):
            plan_session(db, edition, Translated(f"Talk {n}"))

    change(app, plan)
    client = browser(Role.VIEWER)
    assert (len(rows(client)), len(rows(client, "page=2")), len(rows(client, "page=99"))) == (100, 3, 0)
    assert "1 to 100 of 103" in client.get(HERE).text


def test_it_says_how_much_keeps_a_release_back_that_waits_for_languages(app: Flask, talk: int, browser: Open) -> None:
    client = browser(Role.VIEWER)
    assert "A release may go out with gaps" in client.get(HERE).text

    def wait(db: DbSession) -> None:
        agenda.locked_book(db, 1).needs_languages = True

    change(app, wait)
    assert "2 texts of the agenda are missing or stale, and keep the next release back" in client.get(HERE).text
    complete = {"title": in_three("Cells"), "abstract": in_three("Much")}
    change(app, lambda db: agenda.reword_session(db, talk, complete, **BY))
    assert "So it is now." in client.get(HERE).text


# ── Side by side ───────────────────────────────────────────────────────────────────────────────────────────


def stored(app: Flask, talk: int) -> Session:
    with app.app_context():
        session = database.session.get_one(Session, talk)
        database.session.expunge_all()
        return session


def test_the_source_stands_beside_and_says_what_changed_in_it(app: Flask, talk: int, browser: Open) -> None:
    page = browser(Role.TRANSLATOR).get(f"{HERE}/session-{talk}").text
    assert "<del>Cells</del><ins>Dry cells</ins>" in page
    assert "Still right as it is" in page
    assert 'name="title-en"' not in page
    assert page.count("<textarea") == 4


def test_a_translator_writes_what_is_stale_and_what_is_missing(app: Flask, talk: int, browser: Open) -> None:
    client, address = browser(Role.TRANSLATOR), f"{HERE}/session-{talk}"
    typed = sent(client.get(address).text, **{"title-de": "Trockene Zellen", "abstract-zh": "  说来话长。 "})
    assert client.post(address, data=typed).status_code == 303
    after = stored(app, talk)
    assert (after.title, after.abstract) == (
        Translated("Dry cells", "Trockene Zellen", "干电池"), Translated("Much to say.", "Viel zu sagen.", "说来话长。"),
    )  # fmt: skip
    assert rows(client) == []


def test_what_is_still_right_is_stale_no_more_and_keeps_its_words(app: Flask, talk: int, browser: Open) -> None:
    client, address = browser(Role.TRANSLATOR), f"{HERE}/session-{talk}"
    client.post(address, data=sent(client.get(address).text, **{"title-de-right": "y"}))
    assert stored(app, talk).title.de == "Zellen"
    with app.app_context():
        assert stale_marks(database.session()) == {}
    change(app, lambda db: make_account(db, "ada@forum.test", Role.ADMINISTRATOR))
    assert "still right" in sign_in(app.test_client(), 2).get("/organise/editions/2027-haikou/overview").text


def test_saving_without_a_change_changes_nothing(app: Flask, talk: int, browser: Open) -> None:
    client, address, before = browser(Role.TRANSLATOR), f"{HERE}/session-{talk}", stored(app, talk)
    assert client.post(address, data=sent(client.get(address).text)).status_code == 303
    assert stored(app, talk).revision == before.revision
    assert len(rows(client)) == 2


def test_a_translation_is_taken_away_by_emptying_it(app: Flask, talk: int, browser: Open) -> None:
    client, address = browser(Role.TRANSLATOR), f"{HERE}/session-{talk}"
    client.post(address, data=sent(client.get(address).text, **{"title-de": ""}))
    assert stored(app, talk).title == Translated("Dry cells", "", "干电池")


def test_two_translators_of_two_languages_do_not_disturb_each_other(app: Flask, talk: int, browser: Open) -> None:
    client, address = browser(Role.TRANSLATOR), f"{HERE}/session-{talk}"
    typed = sent(client.get(address).text, **{"title-de": "Trockenzellen"})
    change(app, lambda db: agenda.reword_session(db, talk, {"title": Translated("Dry cells", "Zellen", "干电")}, **BY))
    assert client.post(address, data=typed).status_code == 303
    assert stored(app, talk).title == Translated("Dry cells", "Trockenzellen", "干电")


def test_who_comes_second_sees_both_versions_and_loses_nothing(app: Flask, talk: int, browser: Open) -> None:
    client, address = browser(Role.TRANSLATOR), f"{HERE}/session-{talk}"
    typed = sent(client.get(address).text, **{"title-de": "Meine", "abstract-zh": "我的"})
    theirs = Translated("Dry cells", "Deine", "干电池")
    change(app, lambda db: agenda.reword_session(db, talk, {"title": theirs}, **BY))
    answer = client.post(address, data=typed)
    assert answer.status_code == 409
    assert "Somebody else saved this while you were writing" in answer.text
    assert ">Deine</td>" in answer.text
    assert "<ins>Meine</ins>" in answer.text
    assert stored(app, talk).title.de == "Deine"
    assert stored(app, talk).abstract.zh == ""
    again = sent(answer.text)
    assert (again["title-de"], again["abstract-zh"]) == ("Meine", "我的")
    assert client.post(address, data=again).status_code == 303
    assert (stored(app, talk).title.de, stored(app, talk).abstract.zh) == ("Meine", "我的")


def test_a_source_that_changed_meanwhile_is_said_before_anything_is_saved(app: Flask, talk: int, browser: Open) -> None:
    client, address = browser(Role.TRANSLATOR), f"{HERE}/session-{talk}"
    typed = sent(client.get(address).text, **{"title-de": "Trockenzellen", "title-de-right": ""})
    change(
        app, lambda db: agenda.reword_session(db, talk, {"title": Translated("Wet cells", "Zellen", "干电池")}, **BY)
    )
    answer = client.post(address, data=typed)
    assert answer.status_code == 409
    assert "Wet cells" in answer.text
    assert "The source changed while you were writing" in answer.text
    assert sent(answer.text)["title-de"] == "Trockenzellen"
    assert stored(app, talk).title.de == "Zellen"


def test_still_right_is_not_said_of_a_source_nobody_has_seen(app: Flask, talk: int, browser: Open) -> None:
    client, address = browser(Role.TRANSLATOR), f"{HERE}/session-{talk}"
    typed = sent(client.get(address).text, **{"title-de-right": "y"})
    change(
        app, lambda db: agenda.reword_session(db, talk, {"title": Translated("Wet cells", "Zellen", "干电池")}, **BY)
    )
    answer = client.post(address, data=typed)
    assert answer.status_code == 409
    assert "The source changed while you were writing" in answer.text
    assert "nothing left to do" not in answer.text
    assert ("session", talk, "title") in marks(app)


def marks(app: Flask) -> set[tuple[str, int, str]]:
    with app.app_context():
        return set(stale_marks(database.session()))


def test_when_another_language_became_the_source_what_was_typed_is_still_shown(
    app: Flask, talk: int, browser: Open
) -> None:
    client, address = browser(Role.TRANSLATOR), f"{HERE}/session-{talk}"
    typed = sent(client.get(address).text, **{"title-de": "Trockenzellen"})

    def hosts_wrote_german(db: DbSession) -> None:
        session = db.get_one(Session, talk)
        facts = replace(facts_of(session), title_translated=("en", "zh"))
        agenda.change_session(db, talk, facts, revision=session.revision, **BY)

    change(app, hosts_wrote_german)
    answer = client.post(address, data=typed)
    assert answer.status_code == 409
    assert "<ins>Trockenzellen</ins>" in answer.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [("a\x07b", "cannot be shown"), ("x" * 301, "longer than 300"), ("\u202egnp", "not closed again")],
)
def test_bad_text_stays_in_its_field_with_the_reason_beside_it(
    app: Flask, talk: int, browser: Open, typed: str, said: str
) -> None:
    client, address = browser(Role.TRANSLATOR), f"{HERE}/session-{talk}"
    data = sent(client.get(address).text, **{"title-de": typed, "abstract-zh": "好"})
    answer = client.post(address, data=data)
    assert answer.status_code == 422
    assert said in answer.text
    assert sent(answer.text)["abstract-zh"] == "好"
    assert stored(app, talk).abstract.zh == ""


def test_a_title_pasted_with_a_line_break_is_one_line(app: Flask, talk: int, browser: Open) -> None:
    client, address = browser(Role.TRANSLATOR), f"{HERE}/session-{talk}"
    client.post(address, data=sent(client.get(address).text, **{"title-de": "Trockene\r\nZellen"}))
    assert stored(app, talk).title.de == "Trockene Zellen"


def test_save_and_next_walks_through_the_list_to_its_end(app: Flask, talk: int, browser: Open) -> None:
    def more(db: DbSession) -> None:
        edition = db.get_one(Edition, 1)
        plan_session(db, edition, in_three("Complete"), "10:00", "10:45")
        plan_session(db, edition, Translated("Last"), "11:00", "11:45")

    change(app, more)
    client = browser(Role.TRANSLATOR)
    first = client.get(HERE).text.partition('class="button" href="')[2].partition('"')[0]
    assert first == f"{HERE}/session-{talk}"
    typed = sent(client.get(first).text, **{"title-de": "Trockenzellen", "abstract-zh": "好", "act": "next"})
    second = client.post(first, data=typed).location
    assert second == f"{HERE}/session-{talk + 2}"
    page = client.get(second)
    assert "This is the next one." in page.text
    end = client.post(second, data=sent(page.text, **{"title-de": "Letzte", "title-zh": "最后", "act": "next"}))
    assert end.location == HERE
    assert "last one of this list" in client.get(end.location).text


def test_the_walk_keeps_to_its_filter(app: Flask, talk: int, browser: Open) -> None:
    change(app, lambda db: plan_session(db, db.get_one(Edition, 1), Translated("Other", "Andere"), "10:00", "10:45"))
    client = browser(Role.TRANSLATOR)
    address = f"{HERE}/session-{talk}?language=zh&state=missing"
    answer = client.post(address, data=sent(client.get(address).text, act="next"))
    assert answer.location == f"{HERE}/session-{talk + 1}?language=zh&state=missing"


def test_from_what_the_list_no_longer_shows_one_finds_on() -> None:
    a, b, c = (Subject("session", n) for n in (1, 2, 3))
    walk = Walk((a, c), (a, b, c))
    assert (walk.first, walk.after(a), walk.after(b), walk.after(c)) == (a, c, c, None)
    assert (walk.number(c), walk.number(b)) == (2, None)


# ── Letters, the note of a release to come, and the edition's own reason ───────────────────────────────────


@pytest.fixture
def letter(app: Flask) -> str:
    """Where an invitation without Chinese is translated, whose English body says more than its German."""
    with app.app_context(), transaction() as db:
        row = write_letter(db, make_edition(db), Translated("Dear {name}\n{link}", "Guten Tag {name}\n{link}"))
        body = replace(row.body, en="Dear {name}, please come.\n{link}")
        speaking.store_letter(db, row.edition_id, Letter.INVITATION, row.subject, body, revision=1, **BY)
        return f"{HERE}/letter-{row.id}"


def stored_letter(app: Flask) -> tuple[Translated, Translated]:
    with app.app_context():
        row = database.session.query(LetterTemplate).one()
        return row.subject, row.body


def test_a_letter_is_in_the_matrix_once_an_organiser_has_written_it(app: Flask, letter: str, browser: Open) -> None:
    client = browser(Role.TRANSLATOR)
    subject, body = ("English", ["source", "there", "missing"]), ("English", ["source", "stale", "missing"])
    assert rows(client, "kind=letter") == [subject, body]
    page = client.get(letter).text
    assert "Leave it in braces and as it is." in page
    assert "in the letters that are written from now on" in page
    assert "Where the source is written" not in page
    assert "Where the source is written" in browser(Role.AGENDA_EDITOR).get(letter).text


def test_a_translator_writes_a_letter_and_its_placeholders_stay(app: Flask, letter: str, browser: Open) -> None:
    client = browser(Role.TRANSLATOR)
    german, chinese = "Guten Tag {name}, kommen Sie bitte.\n{link}", "尊敬的{name}：敬请莅临。\n{link}"
    typed = {"body-de": german, "subject-zh": "邀请", "body-zh": chinese}
    assert client.post(letter, data=sent(client.get(letter).text, **typed)).status_code == 303
    assert stored_letter(app) == (
        Translated("English", "Deutsch", "邀请"), Translated("Dear {name}, please come.\n{link}", german, chinese),
    )  # fmt: skip
    assert rows(client, "kind=letter") == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"body-zh": "尊敬的{名}\n{link}"}, "There is no placeholder {名}."),
        ({"subject-zh": "{password}"}, "There is no placeholder {password}."),
        ({"body-zh": "尊敬的{name}"}, "Without {link} they could not answer."),
    ],
)
def test_a_letter_with_a_wrong_placeholder_is_not_saved(
    app: Flask, letter: str, browser: Open, typed: dict[str, str], said: str
) -> None:
    client, before = browser(Role.TRANSLATOR), stored_letter(app)
    answer = client.post(letter, data=sent(client.get(letter).text, **typed))
    assert (answer.status_code, stored_letter(app)) == (422, before)
    assert said in answer.text


def test_an_organiser_with_an_old_letter_before_them_is_told_of_the_translators(
    app: Flask, letter: str, browser: Open
) -> None:
    organiser, client = browser(Role.ORGANISER), browser(Role.TRANSLATOR)
    address = "/organise/editions/2027-haikou/speakers/letters/invitation"
    old = sent(organiser.get(address).text)
    client.post(letter, data=sent(client.get(letter).text, **{"body-de": "Guten Tag, kommen Sie\n{link}"}))
    assert organiser.post(address, data=old).status_code == 409
    assert stored_letter(app)[1].de == "Guten Tag, kommen Sie\n{link}"


@pytest.fixture
def release_note(app: Flask) -> str:
    """Where the note of a planned release is translated, which is in English alone."""
    with app.app_context(), transaction() as db:
        edition = make_edition(db)
        planned.plan(db, edition.id, LATER, note=Translated("The full agenda"), seen="", **BY)
        return f"{HERE}/planned_release-{edition.id}"


def test_the_note_of_a_planned_release_is_translated_while_it_waits(
    app: Flask, release_note: str, browser: Open
) -> None:
    client = browser(Role.TRANSLATOR)
    assert rows(client, "kind=release_note") == [("The full agenda", ["source", "missing", "missing"])]
    page = client.get(release_note).text
    assert "public with the next release" in page
    with app.app_context():
        seen = planned.token(database.session.query(PlannedRelease).one())
    assert client.post(release_note, data=sent(page, **{"note-de": "Das ganze Programm"})).status_code == 303
    with app.app_context():
        row = database.session.query(PlannedRelease).one()
        assert (row.note, row.at) == (Translated("The full agenda", "Das ganze Programm"), LATER)
        assert planned.token(row) != seen  # who planned anew over the old note would take the translation away


def test_a_note_whose_release_went_out_or_was_withdrawn_meanwhile_is_gone(
    app: Flask, release_note: str, browser: Open
) -> None:
    client = browser(Role.TRANSLATOR)
    typed = sent(client.get(release_note).text, **{"note-de": "Das ganze Programm"})

    def withdraw(db: DbSession) -> None:
        planned.withdraw(db, 1, seen=planned.token(db.get(PlannedRelease, 1)), **BY)

    change(app, withdraw)
    assert client.post(release_note, data=typed).status_code == 404


def test_why_an_edition_is_postponed_is_translated_and_public_at_once(app: Flask, browser: Open) -> None:
    def postpone(db: DbSession) -> None:
        edition = make_edition(db, state=State.ANNOUNCED)
        editions.postpone(db, edition.id, reason=Translated("A storm", "Ein Sturm"), revision=1, **BY)

    change(app, postpone)
    client, address = browser(Role.TRANSLATOR), f"{HERE}/edition-1"
    page = client.get(address).text
    assert "public at once" in page
    typed = sent(page, **{"reason-zh": "台风", "city-de": "Hai-kou"})
    assert client.post(address, data=typed).status_code == 303
    assert "台风" in app.test_client().get("/zh/editions/2027-haikou").text
    with app.app_context():
        row = database.session.get_one(Edition, 1)
        assert (row.reason, row.city.de) == (Translated("A storm", "Ein Sturm", "台风"), "Hai-kou")


# ── Who may ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.TRANSLATOR, 303), (Role.AGENDA_EDITOR, 303), (Role.ORGANISER, 303), (Role.VIEWER, 404),
     (Role.REGISTRATION_DESK, 404)],
)  # fmt: skip
def test_who_may_write_texts_may_write_all_of_them(app: Flask, browser: Open, role: Role, status: int) -> None:
    def public(db: DbSession) -> None:
        edition = make_edition(db, state=State.ANNOUNCED)
        house = make_organisation(db, "House", de="Haus", zh="机构")
        anna = make_speaker(db, edition, make_person(db, biography=in_three("Physicist")), organisation_id=house.id)
        plan_session(db, edition, speakers=[anna])
        publish(db, edition)

    change(app, public)
    client = browser(role)
    for subject, field in (("person-1", "biography-de"), ("organisation-1", "name-de"), ("edition-1", "title-de")):
        page = client.get(f"{HERE}/{subject}")
        assert page.status_code == 200
        assert ("Save" in page.text) is (status == 303)
        assert "public at once" in page.text
        answer = client.post(f"{HERE}/{subject}", data=sent(page.text, **{field: "Neu"}))
        assert answer.status_code == status
    with app.app_context():
        db = database.session()
        written = (db.get_one(Person, 1).biography.de, db.get_one(Organisation, 1).name.de)
    assert (written == ("Neu", "Neu")) is (status == 303)
    if status == 303:
        assert "Neu" in app.test_client().get("/de/people/anna-schmidt").text
        assert "Neu" in app.test_client().get("/de/organisations/house").text


def test_a_host_of_the_edition_may_be_translated_and_anybody_elses_person_may_not(app: Flask, browser: Open) -> None:
    def two(db: DbSession) -> None:
        edition, other = make_edition(db), make_edition(db, slug="2028-bremen")
        house = make_organisation(db, "House", de="Haus", zh="机构")
        editions.set_organisations(db, edition.id, [(OrganisationPart.HOST, house.id)], revision=1, **BY)
        make_speaker(db, other, make_person(db, biography=in_three("Elsewhere")))
        plan_session(db, other, in_three("Elsewhere"))

    change(app, two)
    client = browser(Role.TRANSLATOR)
    for subject, status in (("organisation-1", 200), ("person-1", 404), ("session-1", 404), ("edition-2", 404)):
        assert client.get(f"{HERE}/{subject}").status_code == status, subject
    for subject in ("person-1", "session-1", "edition-2", "nonsense", "session-x", "session-99999999999", "session--1"):
        assert client.post(f"{HERE}/{subject}", data={"title-de": "Neu"}).status_code == 404, subject


def test_a_translator_is_shown_no_link_that_is_closed(app: Flask, browser: Open) -> None:
    change(app, everything)
    client = browser(Role.TRANSLATOR)
    with app.app_context():
        subjects = {str(text.key.subject) for text in texts_of(database.session(), [1])[1]}
    links = {link for s in subjects for link in findall(r'href="(/organise/[^"#?]*)', client.get(f"{HERE}/{s}").text)}
    assert {link for link in links if client.get(link).status_code >= 400} == set()


# ── Judging ────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_becomes_of_a_wish(app: Flask, talk: int) -> None:
    with app.app_context():
        texts = stored_texts(database.session(), 1)
    title, abstract = (texts[Key(Subject("session", talk), field)] for field in ("title", "abstract"))
    fresh, old = Saw.of(title, DE), Saw("0" * 16, Saw.of(title, DE).translation)
    verdicts = [
        (Wish(title.key, DE, "Neu", fresh), title, Verdict.WRITE),
        (Wish(title.key, DE, "", fresh), title, Verdict.WRITE),
        (Wish(title.key, DE, "Zellen", fresh), title, Verdict.SAME),
        (Wish(title.key, DE, "Zellen", fresh, approves=True), title, Verdict.STILL_RIGHT),
        (Wish(title.key, ZH, "干电池", Saw.of(title, ZH), approves=True), title, Verdict.SAME),
        (Wish(title.key, DE, "Neu", old), title, Verdict.SOURCE_CHANGED),
        (Wish(title.key, DE, "Zellen", old), title, Verdict.SAME),
        (Wish(title.key, DE, "Zellen", old, approves=True), title, Verdict.SOURCE_CHANGED),
        (Wish(title.key, DE, "Neu", Saw(fresh.source, "0" * 16)), title, Verdict.CHANGED),
        (Wish(title.key, EN, "New", Saw.of(title, EN)), title, Verdict.IS_SOURCE),
        (Wish(abstract.key, ZH, "新", Saw.of(abstract, ZH)), abstract, Verdict.WRITE),
        (Wish(abstract.key, ZH, "", Saw.of(abstract, ZH)), abstract, Verdict.SAME),
        (Wish(title.key, DE, "Neu", fresh), None, Verdict.FOREIGN),
    ]
    for wish, text, verdict in verdicts:
        assert judged(wish, text) is verdict, wish


@pytest.mark.parametrize(
    "name",
    ["session", "session-", "session-0-title", "session-1-title-x", "-1-title", "session-1-Title", "ｓession-1-title"],
)
def test_a_key_is_read_strictly(name: str) -> None:
    assert Key.of(name) is None


def test_keys_and_subjects_are_read_as_they_are_written() -> None:
    key = Key(Subject("edition", 12), "guest_of_honour")
    assert (str(key), Key.of(str(key)), Subject.of("edition-12"), Subject.of(str(key))) == (
        "edition-12-guest_of_honour", key, key.subject, None,
    )  # fmt: skip


def test_a_sieve_is_what_its_address_says() -> None:
    sieve = Sieve.of({"kind": "room", "language": "de", "state": "all", "q": " hall ", "other": "x"})
    assert sieve.arguments == {"kind": "room", "language": "de", "state": "all", "q": "hall"}
    assert sieve.but(language="") == {"kind": "room", "state": "all", "q": "hall"}


def test_a_form_of_each_kind_can_be_made(app: Flask) -> None:
    with app.test_request_context():
        for kind, field in SHAPES:
            assert form_of(kind)(formdata=None).words(field, DE).data in (None, "")
