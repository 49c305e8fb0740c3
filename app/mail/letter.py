"""A row of the outbox as a letter: subject, text and HTML in the reader's language, and the headers around them.

A template is `templates/mail/<slice>/<name>.txt` and extends `mail/frame.txt`; it has a block `subject` and a block
`text`. It knows the row's data and nothing else. The HTML part is made from the text, so the two always agree:
paragraphs stay paragraphs, a line that is an address of our own becomes a link, and everything else is escaped.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from hashlib import sha256
from typing import Any

from flask import Flask
from markupsafe import Markup, escape

from app.mail.models import OutgoingMail
from app.values.language import Language
from app.values.time import Days
from app.web.languages import speak

ADDRESS_LIKE = re.compile(r"\S*(?:\w://?|www\.|\w@\w|[^\W\d_]\.[^\W\d_]{2,})\S*", re.IGNORECASE)
JOINTS = re.compile(r"([.:/@])")
UNSEEN = "\u200b"


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    text: str
    html: str


def letter(app: Flask, mail: OutgoingMail) -> Letter:
    """Rendered in a context of its own, so that no request's language or session is in it."""
    base: str = app.config["BASE_URL"]
    with app.app_context():
        speak(mail.language)
        template = app.jinja_env.get_template(f"mail/{mail.template}.txt")
        known = {"lang": mail.language, "mail_days": _days, **unlinked(mail.data, base)}
        subject = _one_line("".join(template.blocks["subject"](template.new_context(known))))
        text = tidy(template.render(known))
    return Letter(subject, text, _html(subject, text, base, mail.language))


def message(app: Flask, mail: OutgoingMail) -> EmailMessage:
    """The same bytes however often it is made: the receiver may know a second copy by its Message-ID."""
    written = letter(app, mail)
    name, address = parseaddr(app.config["LUNTAN"].mail_from)
    made = EmailMessage(policy=SMTP)
    made["From"] = Address(_one_line(name), addr_spec=address)
    made["To"] = Address(addr_spec=ascii_address(mail.recipient))
    made["Subject"] = written.subject
    made["Date"] = format_datetime(mail.queued_at)
    made["Message-ID"] = mail.message_id
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(written.text, cte="base64" if mail.language is Language.ZH else "quoted-printable")
    made.add_alternative(written.html, subtype="html", cte="quoted-printable")
    made["Content-Language"] = mail.language.tag
    made.set_boundary(f"={sha256(mail.message_id.encode()).hexdigest()[:32]}=")
    return made


def ascii_address(address: str) -> str:
    """The envelope speaks ASCII: a domain in other scripts goes by its IDNA form."""
    local, _at, domain = address.rpartition("@")
    return f"{local}@{domain.encode('idna').decode()}" if domain else address


def unlinked(data: Mapping[str, Any], base: str) -> dict[str, Any]:
    """What strangers typed must not become a link: mail programs make links of anything that looks like an address.

    An invisible break in its joints keeps it readable and dead. Our own addresses pass whole.
    """
    return {name: _unlinked(value, base) for name, value in data.items()}


def _unlinked(value: Any, base: str) -> Any:
    if not isinstance(value, str) or value.startswith(f"{base}/"):
        return value
    return ADDRESS_LIKE.sub(lambda found: JOINTS.sub(rf"\1{UNSEEN}", found[0]), value)


def _days(first: str, last: str) -> Days:
    return Days(date.fromisoformat(first), date.fromisoformat(last))


def _one_line(text: str) -> str:
    """No header ever gets a second line."""
    return " ".join(text.split())


def tidy(text: str) -> str:
    """Templates may be laid out for their readers: blank lines are made one, ends are trimmed."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"


def _html(subject: str, text: str, base: str, language: Language) -> str:
    paragraphs = [
        Markup("<p>{}</p>").format(Markup("<br>\n").join(_line(line, base) for line in paragraph.splitlines()))
        for paragraph in text.strip().split("\n\n")
    ]
    return Markup(
        '<!DOCTYPE html>\n<html lang="{}">\n<head><meta charset="utf-8"><title>{}</title></head>\n<body>\n{}\n</body>\n</html>\n'
    ).format(language.tag, subject, Markup("\n").join(paragraphs))


def _line(line: str, base: str) -> Markup:
    """A line that ends in an address of ours links it; the words before it stay words."""
    words, mark, path = line.partition(f"{base}/")
    if mark and " " not in path:
        return Markup('{}<a href="{}">{}</a>').format(words, mark + path, mark + path)
    return escape(line)
