"""The public's page of changes and its Atom feed."""

from datetime import datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.agenda import actions as agenda
from app.agenda.models import Session
from app.database import DbSession
from app.editions.models import Edition
from app.editions.rules import State
from app.people import actions as people
from app.people.models import Person
from app.people.rules import Name, PersonFacts
from app.publishing import actions
from app.speakers import actions as speakers
from app.speakers.models import Speaker
from app.values.actor import COMMAND
from app.values.language import Language, Translated
from tests.conftest import NOW
from tests.factories.editions import make_edition, make_step
from tests.factories.publishing import make_published, plan_room, plan_session, publish, replan, session_facts
from tests.factories.speakers import make_speaker
from tests.publishing.conftest import Given, words
from tests.publishing.test_pages import queries

CHANGES = "/en/editions/2027-haikou/changes"
FEED = f"{CHANGES}.atom"
ATOM = "{http://www.w3.org/2005/Atom}"
NOTE = Translated("Moved by an hour", "Um eine Stunde verlegt", "推迟一小时")


def the_edition(db: DbSession) -> Edition:
    return db.scalars(select(Edition)).one()


def move(db: DbSession) -> None:
    """To another time and room, with the next release."""
    session = db.scalars(select(Session)).one()
    room = plan_room(db, session.edition, "Harbour Room")
    replan(db, session, session_facts("Sodium-ion: where it pays", "11:00", "11:45", room_id=room.id))
    later = NOW + timedelta(hours=3)
    actions.publish(db, session.edition_id, note=NOTE, actor=COMMAND, now=later)


def step_back(db: DbSession) -> None:
    actions.renew(db, make_step(db, the_edition(db), State.DRAFT).id, now=NOW + timedelta(days=1))


def announce(db: DbSession) -> None:
    actions.renew(db, make_step(db, the_edition(db), State.ANNOUNCED).id, now=NOW + timedelta(days=2))


class Feed:
    """Read by the rules of RFC 4287, section by section, and by nothing of ours."""

    def __init__(self, answer: Any) -> None:
        assert answer.status_code == 200
        assert answer.content_type == "application/atom+xml; charset=utf-8"
        self.root = ElementTree.fromstring(answer.get_data())
        assert self.root.tag == f"{ATOM}feed"
        self._needs(self.root)
        assert self.root.findall(f"{ATOM}author/{ATOM}name")[0].text
        self.entries = self.root.findall(f"{ATOM}entry")
        for entry in self.entries:
            self._needs(entry)
            content = entry.find(f"{ATOM}content")
            assert content is not None
            assert list(content) == []  # escaped, not inlined
        ids = [self.text(thing, "id") for thing in (self.root, *self.entries)]
        assert len(set(ids)) == len(ids)
        self.ids = ids[1:]

    def _needs(self, thing: ElementTree.Element) -> None:
        """Exactly one id, title and updated; links with href, one alternate of its kind."""
        for name in ("id", "title", "updated"):
            assert len(thing.findall(f"{ATOM}{name}")) == 1
            assert self.text(thing, name)
        UUID(self.text(thing, "id"))
        assert datetime.fromisoformat(self.text(thing, "updated").replace("Z", "+00:00")).tzinfo is not None
        assert len([link for link in thing.findall(f"{ATOM}link") if link.get("rel") == "alternate"]) == 1
        for link in thing.findall(f"{ATOM}link"):
            assert urlsplit(link.get("href")).netloc == "forum.test"

    def text(self, thing: ElementTree.Element, name: str) -> str:
        return thing.findtext(f"{ATOM}{name}") or ""

    @property
    def titles(self) -> list[str]:
        return [self.text(entry, "title") for entry in self.entries]

    def content(self, n: int) -> str:
        return self.text(self.entries[n], "content")

    def link(self, rel: str) -> str | None:
        return next(link.get("href") for link in self.root.findall(f"{ATOM}link") if link.get("rel") == rel)


class Text(HTMLParser):
    """The words of a piece of HTML, and where it links to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.links: list[str] = []
        self.feed(html)

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.links += [value for name, value in attrs if tag == "a" and name == "href"]

    @property
    def line(self) -> str:
        return " ".join("".join(self.said).split())


@pytest.mark.parametrize(
    ("lang", "sentence", "note"),
    [
        ("en", "moved from Thu 23 Sep 09:00, Coral Room to Thu 23 Sep 11:00, Harbour Room.", NOTE.en),
        ("de", "Coral Room (de)", NOTE.de),
        ("zh", "Coral Room（中）", NOTE.zh),
    ],
)
def test_every_release_is_told_newest_first_in_both_times(
    client: FlaskClient, given: Given, lang: str, sentence: str, note: str
) -> None:
    given(make_published)
    given(move)

    page = words(client, f"/{lang}{CHANGES[3:]}")

    assert sentence in page
    assert note in page
    if lang == "en":
        order = [page.index(told) for told in ("Release 2", "20:00 Haikou 13:00 Berlin", NOTE.en, "05:00 in Berlin", "Release 1", "17:00 Haikou 10:00 Berlin")]  # fmt: skip
        assert order == sorted(order)
        assert "The first agenda: 1 session." in page


def test_the_feed_tells_the_same_by_the_rules(client: FlaskClient, given: Given) -> None:
    given(make_published)
    given(move)

    feed = Feed(client.get(FEED))

    assert feed.titles == ["Release 2: 2 changes", "Release 1: the first agenda"]
    assert (feed.link("self"), feed.link("alternate")) == (f"http://forum.test{FEED}", f"http://forum.test{CHANGES}")
    told = Text(feed.content(0))
    assert "moved from Thu 23 Sep 09:00, Coral Room to Thu 23 Sep 11:00, Harbour Room." in told.line
    assert told.links == ["http://forum.test/en/editions/2027-haikou/agenda/sodium-ion-where-it-pays"]
    assert feed.text(feed.root, "updated") == "2027-03-01T12:00:00Z"


def test_ids_stay_for_life_and_differ_by_language(client: FlaskClient, given: Given) -> None:
    given(make_published)
    before = Feed(client.get(FEED)).ids
    given(move)

    assert Feed(client.get(FEED)).ids[1:] == before
    every = [Feed(client.get(f"/{lang}{FEED[3:]}")) for lang in Language]
    assert len({i for feed in every for i in feed.ids}) == 6
    assert [feed.root.get("{http://www.w3.org/XML/1998/namespace}lang") for feed in every] == ["en", "de", "zh-Hans"]


def test_what_organisers_type_is_neither_markup_nor_a_broken_feed(client: FlaskClient, given: Given) -> None:
    evil = "<script>alert(1)</script> & ]]> “A”"

    def publish_evil(db: DbSession) -> None:
        plan_session(db, the_edition(db), Translated(evil), "14:00", "15:00")
        publish(db, the_edition(db), evil)

    given(make_published)
    given(publish_evil)

    content = Feed(client.get(FEED)).content(0)
    assert "<script" not in content
    assert evil in Text(content).line
    assert "<script>alert" not in client.get(CHANGES).get_data(as_text=True)


def test_a_feed_that_did_not_change_is_not_sent_again(app: Flask, client: FlaskClient, given: Given) -> None:
    given(make_published)
    first = client.get(FEED)

    again = client.get(FEED, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")
    assert first.headers["Cache-Control"] == "public, max-age=300, stale-while-revalidate=3600"
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in first.headers
    given(move)
    assert client.get(FEED, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_before_the_first_release_there_is_a_page_and_an_empty_feed(client: FlaskClient, given: Given) -> None:
    given(lambda db: make_edition(db, state=State.ANNOUNCED))

    assert "The agenda is not published yet" in words(client, CHANGES)
    assert Feed(client.get(FEED)).entries == []


def test_an_edition_never_announced_has_neither(client: FlaskClient, given: Given) -> None:
    given(lambda db: publish(db, plan_session(db, make_edition(db)).edition))

    assert [client.get(address).status_code for address in (CHANGES, FEED)] == [404, 404]


def test_a_draft_again_the_page_is_gone_and_the_feed_says_so_and_no_more(client: FlaskClient, given: Given) -> None:
    given(make_published)
    given(move)
    given(step_back)
    given(lambda db: setattr(the_edition(db), "title", Translated("Secret title")))

    assert client.get(CHANGES).status_code == 404
    answer = client.get(FEED)
    feed = Feed(answer)
    assert feed.titles == ["The agenda is withdrawn for now"]
    assert feed.text(feed.root, "title") == "Changes of the agenda, Haikou Forum 2027"
    assert "Secret" not in answer.get_data(as_text=True)
    assert "Sodium" not in answer.get_data(as_text=True)

    given(announce)
    assert Feed(client.get(FEED)).titles == ["Release 2: 2 changes", "Release 1: the first agenda"]
    given(step_back)
    assert Feed(client.get(FEED)).ids != feed.ids  # withdrawn once more: news again


def test_whoever_is_no_longer_public_is_not_named(client: FlaskClient, given: Given) -> None:
    """Somebody taken out of the agenda loses their page; the story of the agenda does not bring them back."""

    def plan(db: DbSession) -> None:
        edition = make_edition(db, state=State.ANNOUNCED)
        plan_session(db, edition, speakers=[make_speaker(db, edition)])
        publish(db, edition)

    def take_out(db: DbSession) -> None:
        session, speaker = db.scalars(select(Session)).one(), db.scalars(select(Speaker)).one()
        replan(db, session, session_facts("Sodium-ion: where it pays"))
        speakers.remove_speaker(db, speaker.id, actor=COMMAND, now=NOW)
        publish(db, session.edition)

    given(plan)
    given(take_out)

    for address in (CHANGES, FEED):
        told = client.get(address).get_data(as_text=True)
        assert "Schmidt" not in told
        assert "1 person no longer listed" in told


def test_a_person_is_named_as_they_are_called_today(client: FlaskClient, given: Given) -> None:
    def join(db: DbSession) -> None:
        session = db.scalars(select(Session)).one()
        anna = make_speaker(db, session.edition)
        replan(db, session, session_facts("Sodium-ion: where it pays", room_id=session.room_id, speakers=[anna]))
        publish(db, session.edition)

    def rename(db: DbSession) -> None:
        person = db.scalars(select(Person)).one()
        facts = PersonFacts(Name("Anna Köhler", "Köhler"))
        people.change_person(db, person.id, facts, revision=person.revision, actor=COMMAND, now=NOW)
        actions.renew_person(db, person.id, now=NOW)

    given(make_published)
    given(join)
    given(rename)

    page = words(client, CHANGES)
    assert "With Anna Köhler." in page
    assert "Anna Köhler · new Now in Sodium-ion: where it pays, Thu 23 Sep 09:00, Coral Room." in page


def test_a_cancelled_session_leads_to_its_page_and_says_why(client: FlaskClient, given: Given) -> None:
    def cancel(db: DbSession) -> None:
        session = db.scalars(select(Session)).one()
        agenda.cancel_session(db, session.id, Translated("The speaker cannot travel."), actor=COMMAND, now=NOW)
        publish(db, session.edition)

    given(make_published)
    given(cancel)

    assert (
        "Sodium-ion: where it pays will not take place; it was Thu 23 Sep 09:00, Coral Room. The speaker cannot travel."
        in words(client, CHANGES)
    )
    assert '/agenda/sodium-ion-where-it-pays">' in client.get(CHANGES).get_data(as_text=True)


def test_two_releases_or_five_cost_the_same_queries(app: Flask, client: FlaskClient, given: Given) -> None:
    def more(db: DbSession) -> None:
        for n in range(3):
            plan_session(db, the_edition(db), f"Talk {n}", f"1{n}:00", f"1{n}:45", speakers=db.scalars(select(Speaker)))
            publish(db, the_edition(db))

    given(lambda db: make_speaker(db, make_published(db)))
    given(move)
    counts = []
    for _ in range(2):
        client.get("/en/")  # the first request of all also asks for the stamp
        for address in (CHANGES, FEED):
            with queries(app) as seen:
                assert client.get(address).status_code == 200
            counts.append(len(seen))
        if len(counts) == 2:
            given(more)

    assert counts[:2] == counts[2:]
    assert max(counts) <= 16


def test_agenda_and_subscribe_page_lead_to_the_feed(client: FlaskClient, given: Given) -> None:
    given(make_published)

    for page in ("agenda", "calendar", "changes"):
        html = client.get(f"/en/editions/2027-haikou/{page}").get_data(as_text=True)
        assert f'<link rel="alternate" type="application/atom+xml" href="{FEED}"' in html
        assert f'href="{CHANGES if page != "changes" else FEED}"' in html
