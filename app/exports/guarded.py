"""Reading XML that strangers made: no document type, no entities, not too deep, not too much."""

from collections.abc import Mapping
from typing import Protocol
from xml.parsers import expat

from app.errors import Conflict
from app.exports.exchange import FileRefusal

DEEPEST = 40
MOST_ELEMENTS = 500_000
BETWEEN = " "
"""Stands between the namespace and the name of an element."""


class Reader(Protocol):
    """Told of each element as it opens and closes, and of the text in between."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None: ...
    def end(self, name: str) -> None: ...
    def text(self, data: str) -> None: ...


def read_xml(raw: bytes, reader: Reader) -> None:
    """Raises `Conflict` with the code of a `FileRefusal`."""
    parser = expat.ParserCreate(namespace_separator=BETWEEN)
    parser.buffer_text = True
    count = _Count(reader)
    parser.StartElementHandler, parser.EndElementHandler = count.start, count.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(raw, True)
    except (expat.ExpatError, LookupError, ValueError) as error:  # not well-formed, or of an encoding nobody knows
        raise Conflict(FileRefusal.UNREADABLE) from error


class _Count:
    def __init__(self, reader: Reader) -> None:
        self.reader, self.depth, self.elements = reader, 0, 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self.depth, self.elements = self.depth + 1, self.elements + 1
        if self.depth > DEEPEST or self.elements > MOST_ELEMENTS:
            raise Conflict(FileRefusal.TOO_LARGE)
        self.reader.start(name, attributes)

    def end(self, name: str) -> None:
        self.depth -= 1
        self.reader.end(name)


def _refuse(*_declaration: object) -> None:
    raise Conflict(FileRefusal.DOCTYPE)
