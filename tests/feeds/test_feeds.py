"""What stands in which feed, and for how long."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.agenda.actions import cancel_session
from app.editions.actions import postpone
from app.editions.rules import State
from app.publishing.actions import renew
from app.values.actor import COMMAND
from app.values.language import Translated
from app.values.time import DatePrecision
from app.web.transaction import transaction
from tests.conftest import NOW
from tests.factories.calendar import UID, session_facts, texts
from tests.factories.editions import make_edition, make_series, make_step
from tests.factories.people import make_person
from tests.factories.publishing import make_published, plan_session, plan_track, publish, replan
from tests.factories.publishing import session_facts as planned
from tests.factories.speakers import make_speaker
from tests.feeds.conftest import AGENDA, Feeds
from tests.feeds.readers import by_icalendar

SERIES = "/en/calendar.ics"
CONGRESS = Translated("World Congress", "Weltkongress", "世界大会")


def titles(text: str) -> list[str]:
    return [event["summary"] for event in by_icalendar(text)]


def header(text: str) -> dict[str, str]:
    lines = text.replace("\r\n ", "").split("\r\n")[1:]
    end = next(n for n, line in enumerate(lines) if line.startswith("BEGIN"))
    return dict(line.split(":", 1) for line in lines[:end])


def test_the_head_of_an_agenda_property_for_property(feeds: Feeds) -> None:
    feeds.publish(session_facts())

    uid = header(feeds.text())["UID"]
    assert uid.startswith("agenda-")
    assert uid.endswith("-en@forum.test")
    assert list(header(feeds.text()).items()) == [
        ("VERSION", "2.0"),
        ("PRODID", "-//Luntan//Forum calendar//EN"),
        ("CALSCALE", "GREGORIAN"),
        ("UID", uid),
        ("LAST-MODIFIED", "20270301T090000Z"),
        ("NAME", "Haikou Forum 2027"),
        ("X-WR-CALNAME", "Haikou Forum 2027"),
        ("DESCRIPTION", "The agenda of Haikou Forum 2027. What moves or is cancelled changes here by itself."),
        ("X-WR-CALDESC", "The agenda of Haikou Forum 2027. What moves or is cancelled changes here by itself."),
        ("X-WR-TIMEZONE", "Asia/Shanghai"),
        ("REFRESH-INTERVAL;VALUE=DURATION", "PT1H"),
        ("X-PUBLISHED-TTL", "PT1H"),
        ("SOURCE;VALUE=URI", "http://forum.test/en/editions/2027-haikou/agenda.ics"),
        ("URL", "http://forum.test/en/editions/2027-haikou/agenda"),
        ("COLOR", "teal"),
    ]


def test_no_feed_invites_or_rings(feeds: Feeds) -> None:
    feeds.publish(session_facts())

    assert not {"METHOD", "ATTENDEE", "ORGANIZER", "BEGIN:VALARM"} & set(
        feeds.text().replace(":", "\r\n").split("\r\n")
    )


def test_a_session_has_one_uid_in_every_feed_and_language(feeds: Feeds) -> None:
    feeds.publish(session_facts(track="policy", people=("wan-gang",)))
    paths = ["agenda", "tracks/policy", "rooms/meilan-hall", "speakers/wan-gang", "sessions/batteries"]

    found = [feeds.text(f"/{lang}/editions/2027-haikou/{path}.ics") for lang in ("en", "de", "zh") for path in paths]
    found += [feeds.text(f"/{lang}/calendar.ics") for lang in ("en", "de", "zh")]

    assert [text.count(f"UID:{UID}@forum.test\r\n") for text in found] == [1] * 18


def test_a_feed_of_a_part_holds_that_part_alone(feeds: Feeds) -> None:
    feeds.publish(
        session_facts("session-a", texts=texts(title="A"), room="hall", track="policy", people=("wan-gang",)),
        session_facts("session-b", texts=texts(title="B"), room="hall", track="science", people=("anna",)),
        session_facts("session-c", texts=texts(title="C"), room="lobby", track="policy", people=("wan-gang", "anna")),
    )
    base = "/en/editions/2027-haikou"

    assert titles(feeds.text(f"{base}/rooms/hall.ics")) == ["A", "B"]
    assert titles(feeds.text(f"{base}/tracks/policy.ics")) == ["A", "C"]
    assert titles(feeds.text(f"{base}/speakers/anna.ics")) == ["B", "C"]


def test_two_downloads_are_byte_identical(feeds: Feeds) -> None:
    feeds.publish(session_facts(), session_facts("session-b"))

    first = feeds.get().data
    feeds.forget()
    assert feeds.get().data == first
    assert b"SEQUENCE:0" in first


def test_only_the_zones_in_use_are_told(feeds: Feeds) -> None:
    feeds.publish()
    assert "VTIMEZONE" not in feeds.text()

    feeds.publish(session_facts())
    assert feeds.text().count("BEGIN:VTIMEZONE") == feeds.text().count("TZID:Asia/Shanghai\r\n") == 1


@pytest.mark.parametrize(
    ("at", "refresh", "cached"),
    [
        (NOW, "PT1H", "public, max-age=300, stale-while-revalidate=3600"),
        (datetime(2027, 9, 22, 16, tzinfo=UTC), "PT15M", "public, max-age=300, stale-while-revalidate=3600"),
        (datetime(2027, 9, 24, 16, tzinfo=UTC), "P1D", "public, max-age=86400, stale-while-revalidate=3600"),
    ],
)
def test_how_often_to_ask_changes_with_the_days(feeds: Feeds, at: datetime, refresh: str, cached: str) -> None:
    feeds.publish(session_facts())
    if at > NOW:
        feeds.wait_until(at)

    told = header(feeds.text())
    assert [told["REFRESH-INTERVAL;VALUE=DURATION"], told["X-PUBLISHED-TTL"]] == [refresh, refresh]
    assert feeds.get().headers["Cache-Control"] == cached


def test_what_only_time_changes_is_seen_by_who_asks_by_date_too(feeds: Feeds) -> None:
    feeds.publish(session_facts())
    before = feeds.get().headers["Last-Modified"]

    feeds.wait_until(datetime(2027, 9, 22, 16, tzinfo=UTC))

    assert feeds.get(If_Modified_Since=before).status_code == 200
    assert feeds.get().headers["Last-Modified"] == "Wed, 22 Sep 2027 16:00:00 GMT"


def test_a_feed_that_only_lost_an_event_is_seen_by_who_asks_by_date_too(feeds: Feeds) -> None:
    path = "/en/editions/2027-haikou/rooms/hall.ics"
    stays = session_facts("session-a", room="hall")
    feeds.publish(stays, session_facts("session-b", room="hall"))
    before = feeds.get(path).headers["Last-Modified"]

    feeds.publish(
        stays, session_facts("session-b", room="lobby", texts=texts(room="Lobby")), now=NOW + timedelta(hours=1)
    )

    assert feeds.get(path, If_Modified_Since=before).status_code == 200


def test_a_cancelled_session_stays_for_thirty_days_after_its_end(feeds: Feeds) -> None:
    feeds.publish(session_facts())
    feeds.publish()

    assert titles(feeds.text()) == ["Haikou Forum 2027", "Cancelled: Batteries after lithium"]
    feeds.wait_until(datetime(2027, 10, 23, 1, 59, tzinfo=UTC))
    assert len(titles(feeds.text())) == 2
    feeds.wait_until(datetime(2027, 10, 23, 2, 0, tzinfo=UTC))
    assert titles(feeds.text()) == ["Haikou Forum 2027"]


def test_the_feed_of_a_part_that_is_gone_goes_on_with_the_days(feeds: Feeds) -> None:
    """A calendar that is suddenly not found keeps what it had, for ever."""
    feeds.publish(session_facts(people=("wan-gang",)))
    feeds.publish(session_facts())

    assert titles(feeds.text("/en/editions/2027-haikou/speakers/wan-gang.ics")) == ["Haikou Forum 2027"]


def test_an_announced_edition_without_agenda_has_its_days(feeds: Feeds) -> None:
    feeds.publish()

    assert titles(feeds.text()) == ["Haikou Forum 2027"]
    assert "URL:http://forum.test/en/editions/2027-haikou\r\n" in feeds.text()


def test_an_edition_that_goes_back_to_draft_has_everything_cancelled_and_tells_nothing_new(feeds: Feeds) -> None:
    with feeds.app.app_context(), transaction() as db:
        edition = make_published(db)
        make_step(db, edition, State.DRAFT)
        edition.title = Translated("Secret Forum")
        renew(db, edition.id, now=NOW)

    text = feeds.text()
    assert [title.partition(":")[0] for title in titles(text)] == ["Cancelled", "Cancelled"]
    assert header(text)["X-WR-CALNAME"] == "Haikou Forum 2027"
    assert titles(feeds.text(SERIES)) == titles(text)
    assert "Secret" not in text + feeds.text(SERIES)
    for part in ("rooms/coral-room", "sessions/sodium-ion-where-it-pays"):
        assert "Secret" not in feeds.text(f"/en/editions/2027-haikou/{part}.ics")


def test_a_postponed_edition_has_everything_cancelled_until_it_has_days_again(feeds: Feeds) -> None:
    with feeds.app.app_context(), transaction() as db:
        edition = make_published(db)
        postpone(db, edition.id, reason=Translated("Typhoon"), revision=edition.revision, actor=COMMAND, now=NOW)
        renew(db, edition.id, now=NOW)

    assert [title.partition(":")[0] for title in titles(feeds.text())] == ["Cancelled", "Cancelled"]


def test_a_cancelled_edition_cancels_its_days_and_sessions_and_says_why(feeds: Feeds) -> None:
    with feeds.app.app_context(), transaction() as db:
        edition = make_published(db)
        make_step(db, edition, State.CANCELLED)
        renew(db, edition.id, now=NOW)

    found = by_icalendar(feeds.text())
    assert [event["summary"].partition(":")[0] for event in found] == ["Cancelled", "Cancelled"]
    assert ["The venue burnt down." in event["description"] for event in found] == [True, True]


@pytest.mark.parametrize("path", [AGENDA, AGENDA.replace("agenda", "rooms/coral-room"), "/en/calendar.ics"])
def test_an_edition_never_announced_has_no_feed(feeds: Feeds, path: str) -> None:
    with feeds.app.app_context(), transaction() as db:
        edition = make_published(db, state=State.DRAFT)
        renew(db, edition.id, now=NOW)

    assert feeds.get(path).status_code == 404


def test_an_edition_of_which_only_the_year_is_known_has_no_feed(feeds: Feeds) -> None:
    with feeds.app.app_context(), transaction() as db:
        edition = make_edition(
            db, state=State.ANNOUNCED, date_precision=DatePrecision.YEAR, starts_on=None, ends_on=None
        )
        renew(db, edition.id, now=NOW)

    assert feeds.get().status_code == 404
    assert feeds.get("/en/editions/2027-haikou/calendar").status_code == 404


def test_where_only_the_parent_events_days_are_known_it_says_so(feeds: Feeds) -> None:
    with feeds.app.app_context(), transaction() as db:
        edition = make_edition(
            db,
            state=State.ANNOUNCED,
            date_precision=DatePrecision.PARENT_EVENT,
            starts_on=None,
            ends_on=None,
            parent_starts_on=date(2027, 9, 20),
            parent_ends_on=date(2027, 9, 25),
            parent_name=CONGRESS,
        )
        renew(db, edition.id, now=NOW)

    (event,) = by_icalendar(feeds.text())
    assert (event["summary"], event["starts"], event["ends"]) == ("World Congress", "2027-09-20", "2027-09-26")
    assert "is not known" in event["description"]


def test_the_series_has_every_edition_and_the_agenda_of_those_to_come(feeds: Feeds) -> None:
    feeds.publish(session_facts())
    with feeds.app.app_context(), transaction() as db:
        past = make_edition(
            db,
            slug="2025-haikou",
            state=State.HELD,
            year=2025,
            starts_on=date(2025, 9, 26),
            ends_on=date(2025, 9, 27),
            title=CONGRESS,
        )
        renew(db, past.id, now=NOW)

    text = feeds.text(SERIES)
    assert titles(text) == ["World Congress", "Haikou Forum 2027", "Batteries after lithium"]
    assert header(text)["X-WR-CALNAME"] == "Forum on Batteries"
    assert header(text)["X-WR-TIMEZONE"] == "Europe/Berlin"
    feeds.wait_until(datetime(2027, 9, 24, 16, tzinfo=UTC))
    assert titles(feeds.text(SERIES)) == ["World Congress", "Haikou Forum 2027"]


def test_an_empty_series_has_no_feed(feeds: Feeds) -> None:
    with feeds.app.app_context(), transaction() as db:
        make_series(db)

    assert feeds.get(SERIES).status_code == 404


@pytest.mark.parametrize("part", ["tracks/no", "rooms/no", "speakers/no", "sessions/no"])
def test_what_was_never_published_is_not_found(feeds: Feeds, part: str) -> None:
    feeds.publish(session_facts())

    assert feeds.get(f"/en/editions/2027-haikou/{part}.ics").status_code == 404


def test_one_session_comes_as_a_file_to_add(feeds: Feeds) -> None:
    feeds.publish(session_facts(), session_facts("session-b", session="other"))
    response = feeds.get("/en/editions/2027-haikou/sessions/batteries.ics")

    assert response.headers["Content-Disposition"] == 'attachment; filename="batteries.ics"'
    assert titles(response.text) == ["Batteries after lithium"]


def test_from_the_draft_to_the_calendar(feeds: Feeds) -> None:
    """A release, a move, a rename and a removal, as subscribers see them."""
    with feeds.app.app_context(), transaction() as db:
        person = make_person(db, "Wan Gang")
        edition = make_edition(db, state=State.ANNOUNCED)
        track = plan_track(db, edition)
        session = plan_session(db, edition, "Opening", speakers=[make_speaker(db, edition, person)], track_id=track.id)
        gone = plan_session(db, edition, "Lunch", "12:00", "13:00")
        publish(db, edition)
        session_id, gone_id = session.id, gone.id
    first = {event["summary"]: event for event in by_icalendar(feeds.text())}
    assert first["Opening"]["starts"] == datetime(2027, 9, 23, 1, tzinfo=UTC).timestamp()
    assert "Wan Gang" in first["Opening"]["description"]
    assert titles(feeds.text("/en/editions/2027-haikou/speakers/wan-gang.ics")) == ["Opening"]
    assert "– Haikou Forum 2027" in header(feeds.text("/en/editions/2027-haikou/tracks/batteries.ics"))["NAME"]

    with feeds.app.app_context(), transaction() as db:
        session, gone = db.get_one(type(session), session_id), db.get_one(type(gone), gone_id)
        replan(db, session, planned("Opening", "09:30", "10:30", track_id=session.track_id))
        replan(db, session, planned("Opening", "10:00", "11:00", track_id=session.track_id))
        edition = session.edition
        cancel_session(db, gone.id, reason=Translated("Kitchen"), revision=gone.revision, actor=COMMAND, now=NOW)
        publish(db, edition)
    feeds.forget()

    second = {event["summary"]: event for event in by_icalendar(feeds.text())}
    assert second["Opening"]["uid"] == first["Opening"]["uid"]
    assert (second["Opening"]["sequence"], second["Cancelled: Lunch"]["sequence"]) == (1, 1)
    assert second["Cancelled: Lunch"]["starts"] == first["Lunch"]["starts"]
    assert "Wan Gang" not in feeds.text()
    assert titles(feeds.text("/en/editions/2027-haikou/speakers/wan-gang.ics")) == ["Haikou Forum 2027"]
