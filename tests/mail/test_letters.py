"""How our mails read, in three languages, and what strangers cannot put into them."""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from flask import Flask

from app.mail.letter import letter, message
from app.mail.models import OutgoingMail
from app.values.language import Language
from app.web.messages import MAILS
from tests.conftest import NOW

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(
    str(path.relative_to(ROOT / "templates" / "mail").with_suffix(""))
    for path in (ROOT / "templates" / "mail").glob("*/[!_]*.txt")
)
DATA = {
    "name": "Anna Löwenstein", "edition": "2027海口论坛", "days": ["2027-09-23", "2027-09-24"], "place": "Haikou",
    "uid": "3f2a91bc-07de-4d4e-8a53-000000000001", "queue_place": 7, "by_organiser": False,
    "link": "http://forum.test/organise/link/x", "inviter": "Heike", "hours": 2,
    "words": {"subject": "For {name}", "body": "Dear {name},\n\nplease answer:\n{link}"},
}  # fmt: skip


def written(
    template: str = "registrations/confirmed", language: Language = Language.EN, **data: object
) -> OutgoingMail:
    return OutgoingMail(
        id=1, message_id="<1@luntan>", recipient="anna@x.example", template=template, language=language,
        data={**DATA, **data}, queued_at=NOW,
    )  # fmt: skip


def read(app: Flask, mail: OutgoingMail) -> tuple[EmailMessage, str, str]:
    """As a mail program reads it: the message, its text, its HTML."""
    made = message_from_bytes(message(app, mail).as_bytes(), policy=default)
    assert isinstance(made, EmailMessage)
    plain, html = made.get_body(("plain",)), made.get_body(("html",))
    assert plain is not None
    assert html is not None
    return made, plain.get_content(), html.get_content()


def test_every_mail_has_a_name_in_the_lists() -> None:
    assert set(TEMPLATES) == set(MAILS)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("template", TEMPLATES)
def test_every_mail_can_be_written_in_every_language(app: Flask, template: str, language: Language) -> None:
    made, text, html = read(app, written(template, language))

    assert made["Subject"].strip()
    assert made["Content-Language"] == language.tag
    assert f'<html lang="{language.tag}">' in html
    for page in ("imprint", "privacy", "contact"):
        assert f"http://forum.test/{language}/{page}" in text
        assert f'<a href="http://forum.test/{language}/{page}">' in html
    assert "{" not in text
    assert "%(" not in text
    assert "None" not in text


def test_headers_say_who_wrote_when_and_that_it_was_a_machine(app: Flask) -> None:
    made, _text, _html = read(app, written())

    assert made["From"] == "forum@forum.test"
    assert made["To"] == "anna@x.example"
    assert made["Date"].datetime == NOW
    assert made["Message-ID"] == "<1@luntan>"
    assert made["Auto-Submitted"] == "auto-generated"
    assert made["Subject"] == "Confirmed: 2027海口论坛"
    assert made.get_content_type() == "multipart/alternative"


def test_it_is_the_same_mail_each_time_it_is_made(app: Flask) -> None:
    assert message(app, written()).as_bytes() == message(app, written()).as_bytes()


def test_the_link_leads_to_the_own_page_in_ones_language(app: Flask) -> None:
    _made, text, html = read(app, written(language=Language.DE))

    [address] = re.findall(r"http://forum\.test/de/registrations/\S+", text)
    assert f'<a href="{address}">{address}</a>' in html


@pytest.mark.parametrize(
    "name",
    ["http://evil.example/win", "see www.evil.example now", "EVIL.EXAMPLE/x", "bob@evil.example", "javascript://evil"],
)
def test_what_a_stranger_typed_is_never_a_link(app: Flask, name: str) -> None:
    _made, text, html = read(app, written(name=name))

    for body in (text, html):
        assert "evil.example" not in body.lower()
        assert "://evil" not in body
    assert text.replace("\u200b", "").startswith(f"Dear {name},")


def test_what_a_stranger_typed_is_never_markup(app: Flask) -> None:
    _made, text, html = read(app, written(name="<b>Anna</b> & {{ 7*7 }} %(x)s"))

    assert "<b>Anna</b> & {{ 7*7 }} %(x)s" in text
    assert "&lt;b&gt;Anna&lt;/b&gt; &amp; {{ 7*7 }} %(x)s" in html


def test_no_header_gets_a_second_line(app: Flask) -> None:
    made, _text, _html = read(app, written(edition="Forum\r\nBcc: victim@x.example"))

    assert made["Subject"] == "Confirmed: Forum Bcc: victim@x.example".replace("@", "@\u200b").replace(
        "x.e", "x.\u200be"
    )
    assert made["Bcc"] is None


@pytest.mark.parametrize("name", ["J. R. R. Müller-O’Neill", "Dr. Wáng", "张喆堃", "Prof.Dr. Li", "None"])
def test_a_name_comes_back_as_it_was_written(app: Flask, name: str) -> None:
    assert letter(app, written(name=name)).text.replace("\u200b", "").startswith(f"Dear {name},")


def test_a_mail_without_days_says_nothing_of_days(app: Flask) -> None:
    assert "September" not in letter(app, written(days=None)).text
    assert "23–24 September 2027" in letter(app, written()).text
    assert "2027年9月23日至24日" in letter(app, written(language=Language.ZH)).text
