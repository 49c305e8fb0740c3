"""Letters to speakers: seen before they are sent, sent as they were seen, and taken back while they wait."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.mail.delivery import deliver
from app.mail.letter import letter
from app.mail.rules import MailState
from app.people import actions as people
from app.people import queries as people_queries
from app.people.rules import Name, PersonFacts
from app.speakers.models import Speaker
from app.values.actor import COMMAND, Role
from app.values.language import Language
from app.web import clock
from tests.conftest import NOW
from tests.speaking.people import (
    CANDIDATE,
    CONFIRMED,
    INVITED,
    SPEAKERS,
    Crowd,
    as_role,
    hidden,
    outbox,
    reading,
    words,
)

WRITE, LETTER = f"{SPEAKERS}/write", f"{SPEAKERS}/letters/invitation"


def looked_at(client: FlaskClient, letter: str = "invitation", *who: int) -> dict[str, Any]:
    """What the form on the page would send."""
    page = client.get(WRITE, query_string={"letter": letter, "who": list(who)})
    assert page.status_code == 200
    return {"letter": letter, "who": list(who), "agreed": hidden(page.text, "agreed")[0]}


def sent(client: FlaskClient, letter: str = "invitation", *who: int) -> None:
    assert client.post(WRITE, data=looked_at(client, letter, *who)).status_code == 303


def typed(**changed: str) -> dict[str, str]:
    body = "Dear {name},\n\n{link}"
    return {"revision": "0", "subject-en": "Come to {edition}", "body-en": body} | {
        name.replace("_", "-"): value for name, value in changed.items()
    }


def worked(app: Flask) -> int:
    """How many mails a worker finds due now."""
    with app.app_context():
        return deliver(app)


def preview(html: str) -> str:
    """The letter on the page, line by line."""
    [found] = re.findall(r'<div class="letter".*?</dl>(.*?)</div>', html, re.S)
    paragraphs = [words(p.replace("<br>", " ⏎ ")) for p in re.findall(r"<p>(.*?)</p>", found, re.S)]
    return "\n\n".join(p.replace(" ⏎ ", "\n") for p in paragraphs)


def test_what_is_previewed_is_what_is_sent(app: Flask, organiser: FlaskClient, crowd: Crowd) -> None:
    shown = preview(organiser.get(f"{WRITE}?letter=invitation").text)
    sent(organiser)
    [mail] = outbox(app)
    made = letter(app, mail)
    assert (mail.recipient, mail.language, mail.template) == ("0@speakers.test", Language.DE, "speaking/invitation")
    assert shown.split() == made.text.split()
    assert "Guten Tag Carla Kandidat," in made.text
    assert "bis 1. April 2027 Bescheid" in made.text
    assert made.text.rstrip().count("Olga Organiser") == 1


def test_each_reads_their_own_language_and_nothing_is_sent_by_looking(
    app: Flask, organiser: FlaskClient, crowd: Crowd
) -> None:
    page = organiser.get(f"{WRITE}?letter=reminder&who={crowd.ids['Ines']}&who={crowd.ids['英']}").text
    assert "Reminder to answer to 2 people" in words(page)
    assert "1 reads it in English 1 reads it in 中文" in words(page)
    assert outbox(app) == []
    sent(organiser, "reminder", crowd.ids["Ines"], crowd.ids["英"])
    assert [(mail.language, mail.data["name"]) for mail in outbox(app)] == [
        (Language.EN, "Ines Invitato"), (Language.ZH, "英 Ying"),
    ]  # fmt: skip


def test_the_link_leads_to_their_page_and_stands_in_no_row(app: Flask, organiser: FlaskClient, crowd: Crowd) -> None:
    sent(organiser)
    [mail] = outbox(app)
    token = crowd.page("Carla").rsplit("/", 1)[1]
    assert f"http://forum.test/de/speaking/{token}\n" in letter(app, mail).text
    assert f'href="http://forum.test/de/speaking/{token}"' in letter(app, mail).html
    assert token not in str(mail.data)
    assert app.test_client().get(crowd.page("Carla", lang="de")).status_code == 200


def test_sessions_stand_in_the_letter_with_both_times(app: Flask, organiser: FlaskClient, crowd: Crowd) -> None:
    sent(organiser, "invitation", crowd.ids["Ines"])
    text = letter(app, outbox(app)[0]).text
    assert (
        "We have planned for you, provisionally:\n"
        "Thursday 23 September, 09:00 Haikou / 03:00 Berlin: Quiet motors, Meilan Hall\n"
    ) in text


def test_who_has_no_session_reads_nothing_of_sessions(app: Flask, organiser: FlaskClient) -> None:
    sent(organiser)
    assert "vorgesehen" not in letter(app, outbox(app)[0]).text


def test_an_invited_candidate_is_invited_and_the_history_says_by_whom(
    app: Flask, organiser: FlaskClient, crowd: Crowd
) -> None:
    sent(organiser)
    assert crowd.state("Carla") is INVITED
    page = words(organiser.get(f"{SPEAKERS}/{crowd.ids['Carla']}").text)
    assert "Olga Organiser wrote to Carla Kandidat" in page
    assert "Olga Organiser moved Carla Kandidat from “Candidate” to “Invited”" in page


def test_for_half_a_minute_letters_wait_and_can_be_taken_back(app: Flask, organiser: FlaskClient, crowd: Crowd) -> None:
    sent(organiser)
    [mail] = outbox(app)
    assert mail.due_at - mail.queued_at == timedelta(seconds=30)
    assert worked(app) == 0  # nothing is due yet
    page = organiser.get(SPEAKERS).text
    assert "1 letter waits in the outbox" in words(page)
    answer = organiser.post(f"{WRITE}/back", data={"mail": hidden(page, "mail")}, follow_redirects=True)
    assert "1 letter taken back." in words(answer.text)
    assert outbox(app) == []
    assert crowd.state("Carla") is CANDIDATE


def test_a_letter_that_has_left_is_not_taken_back(app: Flask, organiser: FlaskClient, crowd: Crowd) -> None:
    sent(organiser)
    [mail] = outbox(app)
    with clock.stopped(NOW + timedelta(seconds=31)):
        assert worked(app) == 1
        answer = organiser.post(f"{WRITE}/back", data={"mail": [mail.id]}, follow_redirects=True)
        assert "1 had left already." in words(answer.text)
    assert [row.state for row in outbox(app)] == [MailState.SENT]
    assert crowd.state("Carla") is INVITED


def test_taking_back_a_reminder_or_a_letter_to_who_has_answered_moves_nobody(
    app: Flask, organiser: FlaskClient, crowd: Crowd
) -> None:
    sent(organiser)
    sent(organiser, "reminder", crowd.ids["Ines"])
    app.test_client().post(crowd.page("Carla", "/accept"))
    organiser.post(f"{WRITE}/back", data={"mail": [mail.id for mail in outbox(app)]})
    assert outbox(app) == []
    assert (crowd.state("Ines"), crowd.state("Carla")) == (INVITED, CONFIRMED)


def test_clicking_twice_sends_once(app: Flask, organiser: FlaskClient, crowd: Crowd) -> None:
    form = looked_at(organiser, "reminder", crowd.ids["Ines"])
    assert [organiser.post(WRITE, data=form).status_code for _ in range(2)] == [303, 409]
    assert len(outbox(app)) == 1
    assert "this letter to them is on its way" in words(organiser.get(f"{WRITE}?letter=reminder").text)


def test_nothing_is_sent_that_nobody_has_read(app: Flask, organiser: FlaskClient, crowd: Crowd) -> None:
    form = looked_at(organiser)
    with reading(app) as db:
        person = db.get_one(Speaker, crowd.ids["Carla"]).person
        facts = PersonFacts(Name("Carla Kandidat-Neu"), *[people_queries.person_facts(person).country])
        people.change_person(db, person.id, facts, revision=person.revision, actor=COMMAND, now=NOW)
    answer = organiser.post(WRITE, data=form)
    assert answer.status_code == 409
    assert "Something has changed since you looked, so nothing was sent." in words(answer.text)
    assert "Guten Tag Carla Kandidat-Neu" in words(answer.text)
    assert outbox(app) == []


def test_who_is_left_out_is_named_with_the_reason(organiser: FlaskClient, crowd: Crowd, app: Flask) -> None:
    with reading(app) as db:
        db.get_one(Speaker, crowd.ids["Ines"]).email = ""
    who = [crowd.ids[name] for name in ("Ines", "Conny", "Dora")]
    page = organiser.get(WRITE, query_string={"letter": "reminder", "who": who})
    assert "Ines Invitato : no e-mail address is known" in words(page.text)
    assert "Conny Confirmed : this letter is not for somebody in this state" in words(page.text)
    assert "Nobody to write to" in words(page.text)
    answer = organiser.post(WRITE, data={"letter": "reminder", "who": who, "agreed": "x"})
    assert answer.status_code == 409
    assert outbox(app) == []


def test_materials_are_asked_for_by_name(app: Flask, organiser: FlaskClient) -> None:
    sent(organiser, "materials")
    assert "What we still need from you: a portrait, a short biography, the slides." in letter(app, outbox(app)[0]).text


def test_what_a_stranger_typed_is_no_link_and_no_markup_but_the_organisers_words_stay_whole(
    app: Flask, organiser: FlaskClient, crowd: Crowd
) -> None:
    with reading(app) as db:
        person = db.get_one(Speaker, crowd.ids["Carla"]).person
        facts = PersonFacts(Name("see http://evil.example/<b>{link}</b>"))
        people.change_person(db, person.id, facts, revision=person.revision, actor=COMMAND, now=NOW)
    body = "Dear {name},\n\nthe hotel: https://hotel.example/rooms\n\n{link}"
    assert organiser.post(LETTER, data=typed(body_en=body)).status_code == 303
    sent(organiser)
    made = letter(app, outbox(app)[0])
    for text in (made.text, made.html):
        assert "evil.example" not in text
        assert "<b>" not in text.replace(made.text, "") or "<b>" not in made.html
        assert "https://hotel.example/rooms" in text
    assert "{link}" in made.text.replace("\u200b", "")
    assert "&lt;b&gt;" in made.html


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"body_en": "Dear {naem},\n{link}"}, "There is no placeholder {naem}."),
        ({"subject_en": "{password}"}, "There is no placeholder {password}."),
        ({"body_en": "Dear {name}"}, "Without {link} they could not answer."),
        ({"subject_en": ""}, "A letter has both, a subject and a text."),
        ({"body_en": "", "subject_en": ""}, "Write the letter in at least one language."),
        ({"body_de": "Guten Tag\n{link}"}, "A letter has both, a subject and a text."),
    ],
)
def test_a_letter_that_could_not_be_sent_is_not_stored(
    organiser: FlaskClient, changed: dict[str, str], message: str
) -> None:
    answer = organiser.post(LETTER, data=typed(**changed))
    assert answer.status_code == 422
    assert message in words(answer.text)
    for value in changed.values():
        assert value.replace("\n", "\r\n") in answer.text or value in answer.text
    assert (
        "as prepared as prepared as prepared"
        in re.sub(r"(as prepared).*?(?=as prepared|$)", r"\1 ", words(organiser.get(f"{SPEAKERS}/letters").text)[:-1])
        or words(organiser.get(f"{SPEAKERS}/letters").text).count("as prepared") == 3
    )


def test_of_two_who_write_a_letter_the_second_sees_both(app: Flask, organiser: FlaskClient, crowd: Crowd) -> None:
    other = as_role(app, Role.AGENDA_EDITOR, crowd.edition, name="Otto Other")
    assert organiser.post(LETTER, data=typed()).status_code == 303
    answer = other.post(LETTER, data=typed(subject_en="Please come"))
    assert answer.status_code == 409
    assert "Subject line, English Come to {edition} Please come" in words(answer.text)
    assert hidden(answer.text, "revision") == ["1"]


def test_who_has_no_text_in_their_language_gets_the_next_best(app: Flask, organiser: FlaskClient, crowd: Crowd) -> None:
    organiser.post(LETTER, data=typed())
    sent(organiser)
    [mail] = outbox(app)
    assert (mail.language, letter(app, mail).subject) == (Language.EN, "Come to Haikou Forum 2027")
    assert "http://forum.test/en/speaking/" in letter(app, mail).text


@pytest.mark.parametrize("role", [Role.VIEWER, Role.TRANSLATOR, Role.REGISTRATION_DESK, Role.CHECK_IN])
def test_who_may_not_plan_may_not_write(app: Flask, crowd: Crowd, role: Role) -> None:
    client = as_role(app, role, crowd.edition)
    for address in (WRITE, LETTER, f"{SPEAKERS}/letters", f"{SPEAKERS}/corrections"):
        assert client.get(address).status_code == 404, address
    for address in (WRITE, f"{WRITE}/back", LETTER, f"{SPEAKERS}/{crowd.ids['Carla']}/move"):
        assert client.post(address).status_code == 404, address
    assert outbox(app) == []


@pytest.mark.parametrize("number", ["99999999999999999999", "-1", "x", "0"])
def test_numbers_nobody_has_are_nobody(organiser: FlaskClient, number: str) -> None:
    assert organiser.get(f"{WRITE}?letter=invitation&who={number}&show={number}").status_code == 200
    assert organiser.get(f"{SPEAKERS}?moved={number}&was=candidate").status_code == 200
    assert organiser.post(f"{WRITE}/back", data={"mail": number}).status_code == 303
