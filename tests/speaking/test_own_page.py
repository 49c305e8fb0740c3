"""A speaker's own page: whose it is, what it shows, and what comes of what they send."""

import re
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from app.agenda import actions as agenda
from app.agenda import queries as agendas
from app.editions.models import Edition
from app.editions.rules import State
from app.publishing import actions as publishing
from app.registrations.tokens import token_of as registration_token
from app.speakers import corrections, queries
from app.speakers.correcting import Field
from app.speakers.models import Correction, Slides, Speaker
from app.speakers.rules import Span
from app.values.actor import COMMAND
from app.values.language import Translated
from tests.conftest import NOW
from tests.factories.editions import make_step
from tests.people.test_portraits import picture
from tests.speakers.test_rules import at
from tests.speaking.people import (
    CONFIRMED,
    DECLINED,
    INVITED,
    MATERIALS,
    Crowd,
    hidden,
    make_crowd,
    outbox,
    reading,
    words,
)

SUB_PAGES = ("/decline", "/texts", "/time", "/portrait", "/slides")


def typed(client: FlaskClient, crowd: Crowd, who: str, **changed: str) -> dict[str, str]:
    """The form of texts as the browser sends it, and what was changed."""
    page = client.get(crowd.page(who, "/texts")).text
    form = {
        name: value
        for tag in re.findall(r"<input[^>]*>", page)
        if (m := re.search(r'name="([^"]+)"', tag)) and (name := m[1])
        if (v := re.search(r'value="([^"]*)"', tag)) is not None and (value := v[1]) is not None
    }
    return form | {
        name.replace("_", "-") if "_" in name and name not in form else name: v for name, v in changed.items()
    }


def test_only_the_very_token_opens_it(app: Flask, client: FlaskClient, crowd: Crowd) -> None:
    good = crowd.page("Ines")
    assert client.get(good).status_code == 200
    wrong = [
        good[:-1] + ("A" if good[-1] != "A" else "B"), good + "x", "/en/speaking/" + "x" * 48, "/en/speaking/x",
        f"/en/speaking/{registration_token(crowd.uids['Ines'], app.config['SECRET_KEY'])}", "/en/speaking/%00",
        f"/en/speaking/{crowd.uids['Ines']}",
    ]  # fmt: skip
    assert {client.get(address).status_code for address in wrong} == {404}
    assert client.get(good.replace("/speaking/", "/registrations/")).status_code == 404


def test_a_candidate_has_no_page_whoever_made_a_link(client: FlaskClient, crowd: Crowd) -> None:
    for then in ("", *SUB_PAGES):
        assert client.get(crowd.page("Carla", then)).status_code == 404
    assert client.post(crowd.page("Carla", "/accept")).status_code == 404


@pytest.mark.parametrize("then", ["", *SUB_PAGES])
@pytest.mark.parametrize("lang", ["en", "de", "zh"])
def test_it_is_there_in_three_languages_for_nobody_else_to_keep(
    client: FlaskClient, crowd: Crowd, then: str, lang: str
) -> None:
    answer = client.get(crowd.page("Conny", then, lang))
    assert answer.status_code == 200
    assert (answer.headers["Cache-Control"], answer.headers["X-Robots-Tag"]) == ("no-store", "noindex")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in answer.headers


def test_looking_changes_nothing(app: Flask, client: FlaskClient, crowd: Crowd) -> None:
    with reading(app) as db:
        before = [(s.id, s.revision, s.state) for s in db.query(Speaker).order_by(Speaker.id)]
    for who in ("Ines", "Conny", "Dora"):
        for then in ("", "/accept", *SUB_PAGES):
            client.get(crowd.page(who, then))
    with reading(app) as db:
        assert [(s.id, s.revision, s.state) for s in db.query(Speaker).order_by(Speaker.id)] == before


def test_who_accepts_is_confirmed_and_thanked(app: Flask, client: FlaskClient, crowd: Crowd) -> None:
    answer = client.post(crowd.page("Ines", "/accept"), follow_redirects=True)
    assert "Thank you. We look forward to seeing you." in words(answer.text)
    assert crowd.state("Ines") is CONFIRMED
    assert client.post(crowd.page("Ines", "/accept")).status_code == 303


def test_who_declines_is_asked_once_more_and_may_say_why(app: Flask, client: FlaskClient, crowd: Crowd) -> None:
    assert "Decline the invitation?" in words(client.get(crowd.page("Ines", "/decline")).text)
    assert crowd.state("Ines") is INVITED
    answer = client.post(crowd.page("Ines", "/decline"), data={"reason": "a strike"}, follow_redirects=True)
    assert "You have declined" in words(answer.text)
    assert crowd.state("Ines") is DECLINED
    assert client.post(crowd.page("Ines", "/accept"), follow_redirects=True).status_code == 200
    assert crowd.state("Ines") is CONFIRMED


def test_who_has_declined_sees_no_sessions_and_sends_nothing(client: FlaskClient, crowd: Crowd) -> None:
    page = words(client.get(crowd.page("Dora")).text)
    assert "You have declined" in page
    assert "I can come after all" in page
    assert "Quiet motors" not in page
    for then in ("/texts", "/time", "/portrait", "/slides"):
        assert client.get(crowd.page("Dora", then)).status_code == 404
        assert client.post(crowd.page("Dora", then)).status_code == 404


def test_once_the_edition_is_over_nothing_is_to_be_answered(app: Flask, client: FlaskClient, crowd: Crowd) -> None:
    with reading(app) as db:
        make_step(db, db.get_one(Edition, crowd.edition), State.HELD)
    assert "Accept" not in words(client.get(crowd.page("Ines")).text)
    answer = client.post(crowd.page("Ines", "/accept"))
    assert (answer.status_code, "This edition is over or cancelled" in words(answer.text)) == (409, True)


def test_own_sessions_with_both_times_and_only_those_who_have_agreed(client: FlaskClient, crowd: Crowd) -> None:
    page = words(client.get(crowd.page("Ines")).text)
    assert "Thursday 23 September 09:00 Haikou 03:00 Berlin until 10:30 Quiet motors provisional Meilan Hall" in page
    assert "With you: Conny Confirmed" in page
    assert "Dora" not in page
    assert "Someone else" not in page
    assert "Ines" not in words(client.get(crowd.page("Conny")).text).split("Your sessions")[1]


def test_a_session_is_provisional_until_the_public_sees_it_just_so(
    app: Flask, client: FlaskClient, crowd: Crowd
) -> None:
    with reading(app) as db:
        publishing.publish(db, crowd.edition, note=Translated(), actor=COMMAND, now=NOW)
    assert "Quiet motors published" in words(client.get(crowd.page("Conny")).text)
    with reading(app) as db:
        [session] = [s for s in agendas.sessions_of(db, crowd.edition) if s.title.en == "Quiet motors"]
        facts = agendas.facts_of(session)
        moved = type(facts)(**{n: getattr(facts, n) for n in facts.__dataclass_fields__} | {"ends_at": facts.ends_at.replace(minute=45)})  # type: ignore[union-attr] # fmt: skip
        agenda.change_session(db, session.id, moved, revision=session.revision, actor=COMMAND, now=NOW)
    assert "Quiet motors provisional" in words(client.get(crowd.page("Conny")).text)


def test_in_a_draft_of_an_edition_everything_is_provisional(app: Flask, client: FlaskClient) -> None:
    crowd = make_crowd(app, state=State.DRAFT)
    with reading(app) as db:
        publishing.publish(db, crowd.edition, note=Translated(), actor=COMMAND, now=NOW)
    assert "Quiet motors provisional" in words(client.get(crowd.page("Conny")).text)


def test_what_a_speaker_writes_waits_and_is_shown_to_them_alone(app: Flask, client: FlaskClient, crowd: Crowd) -> None:
    form = typed(client, crowd, "Conny", name="Conny Confirmed-Löwe")
    form |= {"role-de": "Professorin", "biography-en": "Builds quiet motors.", "family_name": ""}
    answer = client.post(crowd.page("Conny", "/texts"), data=form, follow_redirects=True)
    page = words(answer.text)
    assert "The organisers look at it before anybody else sees it." in page
    assert "Conny Confirmed-Löwe waits for the organisers" in page
    assert "Builds quiet motors. waits for the organisers" in page
    with reading(app) as db:
        speaker = db.get_one(Speaker, crowd.ids["Conny"])
        assert (speaker.person.name, speaker.role, speaker.person.biography) == (
            "Conny Confirmed", Translated("Professor"), Translated(),
        )  # fmt: skip
        assert set(queries.pending_of(db, speaker.id)) == {Field.NAME, Field.ROLE, Field.BIOGRAPHY}
    assert 'value="Conny Confirmed-Löwe"' in client.get(crowd.page("Conny", "/texts")).text


def test_what_they_leave_as_it_was_is_no_correction(app: Flask, client: FlaskClient, crowd: Crowd) -> None:
    client.post(crowd.page("Conny", "/texts"), data=typed(client, crowd, "Conny"))
    with reading(app) as db:
        assert queries.pending_of(db, crowd.ids["Conny"]) == {}


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "", "This field is required."),
        ("name", "A\nB", "characters that cannot be shown"),
        ("family_name", "Müller", "Write the family name just as it stands in the name."),
        ("biography-en", "x" * 5001, "longer than 5000 characters"),
        ("role-zh", "\u202e evil", "direction marks that are not closed"),
    ],
)
def test_what_cannot_be_kept_is_said_beside_the_field_and_stays_typed(
    app: Flask, client: FlaskClient, crowd: Crowd, field: str, value: str, message: str
) -> None:
    form = typed(client, crowd, "Conny") | {"role-de": "Professorin", field: value}
    answer = client.post(crowd.page("Conny", "/texts"), data=form)
    assert answer.status_code == 422
    assert message in words(answer.text)
    assert 'value="Professorin"' in answer.text
    with reading(app) as db:
        assert db.query(Correction).count() == 0


def test_a_record_changed_while_they_wrote_is_shown_before_it_is_sent(
    app: Flask, client: FlaskClient, crowd: Crowd
) -> None:
    form = typed(client, crowd, "Conny") | {"role-de": "Professorin"}
    with reading(app) as db:
        row = corrections.propose(db, crowd.ids["Conny"], Field.ROLE, Translated("Rector").as_dict(), now=NOW)
        assert row is not None
        corrections.approve(db, row.id, saw=corrections.saw(row), actor=COMMAND, now=NOW)
    answer = client.post(crowd.page("Conny", "/texts"), data=form)
    assert answer.status_code == 409
    assert "Something was changed here meanwhile." in words(answer.text)
    assert 'value="Professorin"' in answer.text
    again = form | {"seen": hidden(answer.text, "seen")[0]}
    assert client.post(crowd.page("Conny", "/texts"), data=again).status_code == 303


def test_when_they_can_come_and_what_they_need(app: Flask, client: FlaskClient, crowd: Crowd) -> None:
    address = crowd.page("Conny", "/time")
    lines = {
        "revision": "1",
        "needs": "Vegetarian",
        "spans-0-starts": "2027-09-23T09:00",
        "spans-0-ends": "2027-09-23T14:00",
    }
    more = client.post(address, data=lines | {"do": "add"})
    assert (more.status_code, 'name="spans-1-starts"' in more.text) == (200, True)
    assert client.post(address, data=lines).status_code == 303
    page = words(client.get(crowd.page("Conny")).text)
    assert "Thu 23 Sep 09:00 to Thu 23 Sep 14:00 in Haikou" in page
    assert "Thu 23 Sep 03:00 to Thu 23 Sep 08:00 in Berlin" in page
    assert "Vegetarian" in page
    with reading(app) as db:
        speaker = db.get_one(Speaker, crowd.ids["Conny"])
        assert queries.spans_of(db, crowd.edition, speaker.person_id) == (Span(at(9), at(14)),)
    stale = client.post(address, data=lines | {"needs": "Kosher"})
    assert (stale.status_code, ">Kosher</textarea>" in stale.text.replace("\r\n", "")) == (409, True)


@pytest.mark.parametrize("value", ["0001-01-01T00:00", "9999-12-31T23:59", "2027-13-01T00:00", "x", "2027-09-23"])
def test_a_time_nobody_can_reckon_with_is_no_fault_of_ours(client: FlaskClient, crowd: Crowd, value: str) -> None:
    form = {"revision": "1", "spans-0-starts": value, "spans-0-ends": value}
    for more in ({}, {"do": "add"}):
        assert client.post(crowd.page("Conny", "/time"), data=form | more).status_code in (200, 422)


def test_a_portrait_waits_and_its_sender_sees_it(app: Flask, client: FlaskClient, crowd: Crowd) -> None:
    file = (BytesIO(picture(900, 600)), "me.jpg")
    answer = client.post(crowd.page("Conny", "/portrait"), data={"portrait": file})
    assert answer.status_code == 303
    shown = client.get(crowd.page("Conny", "/portrait.webp"))
    with Image.open(BytesIO(shown.data)) as image:
        assert (image.format, image.size, shown.mimetype) == ("WEBP", (640, 427), "image/webp")
    with reading(app) as db:
        assert db.get_one(Speaker, crowd.ids["Conny"]).person.portrait is None
        assert list(queries.pending_of(db, crowd.ids["Conny"])) == [Field.PORTRAIT]
    assert client.get(crowd.page("Ines", "/portrait.webp")).status_code == 404


def test_everything_that_was_asked_for_makes_the_last_column(app: Flask, client: FlaskClient, crowd: Crowd) -> None:
    client.post(crowd.page("Conny", "/portrait"), data={"portrait": (BytesIO(picture()), "me.jpg")})
    client.post(crowd.page("Conny", "/texts"), data=typed(client, crowd, "Conny") | {"biography-en": "Builds."})
    assert crowd.state("Conny") is CONFIRMED
    with reading(app) as db:
        db.add(Slides(speaker_id=crowd.ids["Conny"], digest="a" * 64, name="x", media="application/pdf", size=1, uploaded_at=NOW))  # fmt: skip
    client.post(crowd.page("Conny", "/portrait"), data={"portrait": (BytesIO(picture(300, 300)), "me.jpg")})
    assert crowd.state("Conny") is MATERIALS
    assert "Everything is in. Thank you." in words(client.get(crowd.page("Conny")).text)


def test_nothing_here_writes_a_mail(app: Flask, client: FlaskClient, crowd: Crowd) -> None:
    client.post(crowd.page("Ines", "/accept"))
    client.post(crowd.page("Ines", "/decline"), data={"reason": "x"})
    assert outbox(app) == []
