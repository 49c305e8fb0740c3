"""How the feeds are answered, line by line (RFC 9110): for what comes from Flask and for what the process keeps."""

import gzip
from datetime import timedelta

import pytest
from flask import Response
from werkzeug.http import http_date
from werkzeug.test import TestResponse

from app.web.published import Stamp, make_kept, takes_gzip
from tests.conftest import NOW
from tests.factories.calendar import session_facts, texts
from tests.feeds.conftest import AGENDA, Feeds

LONG = texts(abstract="Lithium, sodium, solid state. " * 40)
ALL = [
    AGENDA,
    "/en/editions/2027-haikou/rooms/meilan-hall.ics",
    "/en/editions/2027-haikou/tracks/policy.ics",
    "/en/editions/2027-haikou/speakers/wan-gang.ics",
    "/en/editions/2027-haikou/sessions/batteries.ics",
    "/en/calendar.ics",
]


@pytest.fixture(params=["from Flask", "kept"])
def feed(request: pytest.FixtureRequest, feeds: Feeds) -> Feeds:
    """A published agenda; the second time it was already read once by this process."""
    feeds.publish(session_facts(texts=LONG, track="policy", people=("wan-gang",)))
    if request.param == "kept":
        for path in ALL:
            assert feeds.get(path).status_code == 200
    return feeds


@pytest.mark.parametrize("path", ALL)
def test_every_header_of_a_feed(feed: Feeds, path: str) -> None:
    response = feed.get(path)

    expected = {
        "Content-Type": "text/calendar; charset=utf-8",
        "Cache-Control": "public, max-age=300, stale-while-revalidate=3600",
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "X-Content-Type-Options": "nosniff",
        "Vary": "Accept-Encoding",
        "Last-Modified": "Mon, 01 Mar 2027 09:00:00 GMT",
        "Content-Length": str(len(response.data)),
    }
    assert {name: response.headers.get(name) for name in expected} == expected
    assert response.headers.getlist("Vary") == ["Accept-Encoding"]
    assert not {"Set-Cookie", "X-Robots-Tag", "Pragma", "Expires", "Location"} & set(response.headers.keys())
    assert response.headers["ETag"].startswith('"')


@pytest.mark.parametrize("path", ALL)
def test_head_is_get_without_the_body(feed: Feeds, path: str) -> None:
    got = feed.get(path)
    head = feed.client.head(path)

    assert head.status_code == 200
    assert head.data == b""
    assert dict(head.headers) == dict(got.headers)


def test_a_head_first_does_not_empty_what_is_kept(feeds: Feeds) -> None:
    feeds.publish(session_facts())
    feeds.client.head(AGENDA)

    assert b"END:VCALENDAR" in feeds.get().data


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_a_feed_is_only_read(feed: Feeds, method: str) -> None:
    response = getattr(feed.client, method)(AGENDA)

    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def not_modified(response: TestResponse) -> bool:
    assert response.status_code in (200, 304)
    return response.status_code == 304


@pytest.mark.parametrize(
    ("wanted", "same"),
    [
        ("{}", True),
        ("W/{}", True),
        ('"other", {}', True),
        ('"a,b", W/"x",{} ', True),
        ("*", True),
        (" * ", True),
        ('"other"', False),
        ('"*"', False),
        ("", False),
        ("nonsense", False),
        ('W/"other", "*"', False),
    ],
)
def test_if_none_match(feed: Feeds, wanted: str, same: bool) -> None:
    etag = feed.get().headers["ETag"]

    assert not_modified(feed.get(If_None_Match=wanted.format(etag))) is same
    assert not_modified(feed.client.head(AGENDA, headers={"If-None-Match": wanted.format(etag)})) is same


@pytest.mark.parametrize(
    ("since", "same"),
    [
        (http_date(NOW), True),
        (http_date(NOW + timedelta(days=1)), True),
        (http_date(NOW - timedelta(seconds=1)), False),
        ("yesterday", False),
        ("", False),
    ],
)
def test_if_modified_since(feed: Feeds, since: str, same: bool) -> None:
    assert not_modified(feed.get(If_Modified_Since=since)) is same


def test_if_none_match_goes_first(feed: Feeds) -> None:
    etag = feed.get().headers["ETag"]
    before, after = http_date(NOW - timedelta(days=1)), http_date(NOW + timedelta(days=1))

    assert not_modified(feed.get(If_None_Match=etag, If_Modified_Since=before))
    assert not not_modified(feed.get(If_None_Match='"other"', If_Modified_Since=after))


def test_304_says_what_may_have_changed_and_has_no_body(feed: Feeds) -> None:
    whole = feed.get()
    response = feed.get(If_None_Match=whole.headers["ETag"])

    assert response.data == b""
    for name in ("ETag", "Cache-Control", "Vary", "Last-Modified", "Access-Control-Allow-Origin"):
        assert response.headers[name] == whole.headers[name]
    assert not {"Content-Type", "Content-Length", "Content-Encoding"} & set(response.headers.keys())


def test_the_compressed_form_has_an_etag_of_its_own(feed: Feeds) -> None:
    plain, zipped = feed.get(), feed.get(Accept_Encoding="gzip, br")

    assert zipped.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(zipped.data) == plain.data
    assert zipped.headers["Content-Length"] == str(len(zipped.data))
    assert len(zipped.data) < len(plain.data)
    assert zipped.headers["ETag"] != plain.headers["ETag"]
    assert zipped.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"


def test_each_etag_holds_for_its_own_form(feed: Feeds) -> None:
    plain, zipped = feed.get().headers["ETag"], feed.get(Accept_Encoding="gzip").headers["ETag"]

    assert not_modified(feed.get(Accept_Encoding="gzip", If_None_Match=zipped))
    assert not not_modified(feed.get(Accept_Encoding="gzip", If_None_Match=plain))
    assert not not_modified(feed.get(If_None_Match=zipped))
    assert feed.get(Accept_Encoding="gzip", If_None_Match=zipped).headers["ETag"] == zipped


@pytest.mark.parametrize(
    ("accepted", "takes"),
    [
        ("gzip", True),
        ("GZIP", True),
        ("br, gzip;q=0.5", True),
        ("*", True),
        ("identity", False),
        ("", False),
        ("gzip;q=0", False),
        ("*;q=0", False),
        ("gzip;q=0, *", False),
        ("br", False),
        ("gzippy", False),
    ],
)
def test_who_takes_gzip(accepted: str, takes: bool) -> None:
    assert takes_gzip(accepted) is takes


@pytest.mark.parametrize(("length", "zipped"), [(1024, False), (1025, True)])
def test_what_is_short_is_not_compressed(length: int, zipped: bool) -> None:
    kept = make_kept(Stamp(1, NOW), Response("x" * length))

    assert (kept.zipped is not None) is zipped
    assert ("Vary", "Accept-Encoding") in kept.plain.headers


def test_the_same_etag_after_a_restart_and_another_after_a_change(feed: Feeds) -> None:
    before = feed.get().headers["ETag"]
    feed.forget()
    assert feed.get().headers["ETag"] == before

    feed.publish(session_facts(texts=texts(title="New")), now=NOW + timedelta(hours=1))
    assert feed.get().headers["ETag"] != before
    assert feed.get(If_None_Match=before).status_code == 200


def test_a_change_elsewhere_leaves_the_feed_as_it_was(feed: Feeds) -> None:
    before = feed.get()
    feed.change(lambda _db, _edition: None)

    assert not_modified(feed.get(If_None_Match=before.headers["ETag"]))
    assert feed.get().headers["Last-Modified"] == before.headers["Last-Modified"]


def test_neither_cookie_nor_language_of_the_client_matters(feed: Feeds) -> None:
    before = feed.get().data

    assert feed.get(Cookie="session=x", Accept_Language="de", User_Agent="Outlook").data == before


@pytest.mark.parametrize(
    "path",
    ["/en/editions/no/agenda.ics", "/fr/editions/2027-haikou/agenda.ics", "/en/editions/2027-haikou/agenda.ics/"],
)
def test_what_is_unknown_is_not_found_and_not_redirected(feed: Feeds, path: str) -> None:
    response = feed.get(path)

    assert response.status_code == 404
    assert response.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in response.headers


def test_what_is_kept_costs_no_query(feed: Feeds) -> None:
    feed.get()
    shelf = feed.app.extensions["shelf"]
    shelf._read_stamp, read = None, shelf._read_stamp  # asking the database would fail
    try:
        assert feed.get().status_code == 200
    finally:
        shelf._read_stamp = read


def test_a_slow_request_does_not_bring_back_an_older_state(feed: Feeds) -> None:
    feed.get()
    shelf = feed.app.extensions["shelf"]
    newer = shelf.current()
    shelf.saw(type(newer)(newer.number - 1, newer.as_of), late=True)

    assert shelf.current() == newer


def test_an_unknown_argument_is_answered_and_not_kept(feed: Feeds) -> None:
    shelf = feed.app.extensions["shelf"]
    feed.get()
    before = set(shelf._kept)

    assert feed.get(f"{AGENDA}?x=1").data == feed.get().data
    assert set(shelf._kept) == before
