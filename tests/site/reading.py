"""A public page as its reader meets it: words, links, marks."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

from flask.testing import FlaskClient


@dataclass(frozen=True)
class Page:
    status: int
    html: str
    text: str
    """Everything that can be read, blanks made one, without the site's head and foot."""
    links: list[str]
    title: str


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.titles: list[str] = []
        self._in_title = self._in_main = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_title = tag == "title"
        self._in_main = self._in_main or tag == "main"
        if tag == "a":
            self.links.append(dict(attrs).get("href") or "")
        if tag in ("p", "li", "dd", "dt", "h1", "h2", "h3", "div", "td", "th", "summary", "span"):
            self.words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False
        self._in_main = self._in_main and tag != "main"

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.titles.append(data)
        elif self._in_main:
            self.words.append(data)


def page(client: FlaskClient, path: str) -> Page:
    answer = client.get(path)
    html = answer.get_data(as_text=True)
    reader = Reader()
    reader.feed(html)
    return Page(
        status=answer.status_code,
        html=html,
        text=re.sub(r"\s+", " ", "".join(reader.words)),
        links=reader.links,
        title="".join(reader.titles).strip(),
    )


def section(found: Page, name: str) -> str:
    """The words of one section of a page, by the id of its heading."""
    match = re.search(rf'<section[^>]*aria-labelledby="{name}".*?</section>', found.html, re.S)
    if match is None:
        return ""
    reader = Reader()
    reader.feed(f"<main>{match.group(0)}</main>")
    return re.sub(r"\s+", " ", "".join(reader.words))
