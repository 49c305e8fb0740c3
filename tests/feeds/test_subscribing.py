import re
from xml.etree import ElementTree

import pytest

from app.editions.rules import State
from app.publishing.actions import renew
from app.web.qr import qr
from app.web.transaction import transaction
from tests.conftest import NOW
from tests.factories.editions import make_edition, make_series
from tests.factories.publishing import make_published, plan_room, plan_session, plan_track, publish
from tests.feeds.conftest import Feeds

PAGE = "/en/editions/2027-haikou/calendar"


def published(feeds: Feeds) -> None:
    with feeds.app.app_context(), transaction() as db:
        make_published(db)


def test_the_page_leads_with_subscribing(feeds: Feeds) -> None:
    published(feeds)
    html = feeds.text(PAGE)

    address = "forum.test/en/editions/2027-haikou/agenda.ics"
    assert f'href="webcal://{address}"' in html
    assert f'readonly value="http://{address}"' in html
    assert f'<link rel="alternate" type="text/calendar" href="http://{address}"' in html
    assert html.index("webcal://") < html.index("download=")
    assert "8 to 24 hours" in html


def test_every_feed_on_the_page_is_there(feeds: Feeds) -> None:
    with feeds.app.app_context(), transaction() as db:
        edition = make_edition(db, state=State.ANNOUNCED)
        plan_track(db, edition)
        plan_session(db, edition, room_id=plan_room(db, edition).id)
        publish(db, edition)
    html = feeds.text(PAGE)

    downloads = re.findall(r'href="http://forum\.test([^"]+\.ics)" download', html)
    assert downloads == [
        "/en/editions/2027-haikou/agenda.ics",
        "/en/editions/2027-haikou/tracks/batteries.ics",
        "/en/editions/2027-haikou/rooms/coral-room.ics",
        "/en/calendar.ics",
    ]
    assert [feeds.get(path).status_code for path in downloads] == [200] * 4


@pytest.mark.parametrize("lang", ["en", "de", "zh"])
def test_each_language_has_its_own_address(feeds: Feeds, lang: str) -> None:
    published(feeds)

    assert f"webcal://forum.test/{lang}/editions/2027-haikou/agenda.ics" in feeds.text(
        f"/{lang}/editions/2027-haikou/calendar"
    )
    assert f"webcal://forum.test/{lang}/calendar.ics" in feeds.text(f"/{lang}/calendar")


def test_a_draft_has_no_page(feeds: Feeds) -> None:
    with feeds.app.app_context(), transaction() as db:
        renew(db, make_edition(db).id, now=NOW)

    assert feeds.get(PAGE).status_code == 404
    assert "2027-haikou" not in feeds.text("/en/calendar")


def test_the_series_lists_editions_with_days(feeds: Feeds) -> None:
    published(feeds)
    html = feeds.text("/en/calendar")

    assert 'href="webcal://forum.test/en/calendar.ics"' in html
    assert f'href="{PAGE}"' in html


def test_without_any_dates_the_page_says_what_is_to_come(feeds: Feeds) -> None:
    with feeds.app.app_context(), transaction() as db:
        make_series(db)
    html = feeds.text("/en/calendar")

    assert "No dates yet" in html
    assert "webcal:" not in html


def test_nothing_on_the_page_needs_an_inline_style_or_script(feeds: Feeds) -> None:
    published(feeds)

    assert not re.search(r"<[^>]+\s(style|on\w+)=|<script(?![^>]*src=)|data:", feeds.text(PAGE))


def test_a_code_is_an_image_with_a_name_and_a_quiet_zone() -> None:
    root = ElementTree.fromstring(qr("webcal://forum.test/en/calendar.ics", label='The "address"'))

    side = int(root.attrib["viewBox"].split()[2])
    assert root.attrib["aria-label"] == 'The "address"'
    assert set(root.attrib) == {"viewBox", "width", "height", "role", "aria-label", "shape-rendering"}
    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", root[1].attrib["d"])
    assert min(int(x) for x, _, _ in runs) == min(int(y) for _, y, _ in runs) == 4
    assert max(int(x) + int(length) for x, _, length in runs) == max(int(y) for _, y, _ in runs) + 1 == side - 4
