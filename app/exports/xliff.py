"""Texts for translators as XLIFF 2.0, and back. One document for each pair of source and target language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from app.errors import Conflict
from app.exports.exchange import MOST_ROWS, Entry, FileRefusal, Row, language_of, whose
from app.exports.guarded import BETWEEN, read_xml
from app.site.matrix import TextKind
from app.translation.rules import TextState
from app.values.language import Language

NAMESPACE = "urn:oasis:names:tc:xliff:document:2.0"
PRESERVE = {"xml:space": "preserve"}
STATES: dict[TextState, Mapping[str, str]] = {
    TextState.MISSING: {"state": "initial"},
    TextState.STALE: {"state": "initial", "subState": "luntan:stale"},
    TextState.THERE: {"state": "final"},
}
MARK = "luntan-mark"
"""Category of the note that carries an entry's mark."""
INLINE = ("pc", "mrk", "ph", "sc", "ec", "sm", "em")
"""Elements a program may put into a text. What they hold is text; `cp`, a character XML cannot hold, is refused."""


@dataclass(frozen=True, slots=True)
class Words:
    """What the notes say, in the language of whoever exports."""

    language: Language
    kinds: Mapping[TextKind, str]
    fields: Mapping[tuple[str, str], str]
    limit: str
    """A sentence with `%(limit)s` characters in it."""
    stale: str


def written(entries: Iterable[Entry], *, source: Language, target: Language, original: str, words: Words) -> bytes:
    """`original` names the edition. An entry of other languages does not belong into this document."""
    root = Element("xliff", xmlns=NAMESPACE, version="2.0", srcLang=source.tag, trgLang=target.tag)
    file = SubElement(root, "file", id="texts", original=original)
    for entry in entries:
        _unit(file, entry, words)
    indent(root, space=" ", level=0)
    for element in root.iter("segment"):
        _flatten(element)
    body: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return body + b"\n"


def _unit(file: Element, entry: Entry, words: Words) -> None:
    text, subject = entry.text, entry.text.key.subject
    unit = SubElement(file, "unit", id=entry.key)
    notes = SubElement(unit, "notes")
    kind = f"{words.kinds[text.kind]}: {words.fields[subject.kind, text.key.field]}"
    said = {"whose": whose(text.of, words.language), "kind": kind, "limit": words.limit % {"limit": text.shape.longest}}
    if entry.state is TextState.STALE:
        said["stale"] = words.stale
    for category, sentence in {**said, MARK: entry.mark}.items():
        SubElement(notes, "note", category=category).text = sentence
    segment = SubElement(unit, "segment", dict(STATES[entry.state]))
    SubElement(segment, "source", PRESERVE).text = text.source_text
    if entry.present:
        SubElement(segment, "target", PRESERVE).text = entry.present


def _flatten(segment: Element) -> None:
    """No blanks around what is to be kept as it is."""
    segment.text = ""
    for child in segment:
        child.tail = ""


def read(raw: bytes) -> list[Row]:
    """Its units, counted from one. Raises `Conflict` with the code of a `FileRefusal`."""
    reader = _Units()
    read_xml(raw, reader)
    if not reader.rows and not reader.is_ours:
        raise Conflict(FileRefusal.NOT_OURS)
    return reader.rows


class _Units:
    """Gathers what was translated. A unit may have been cut into segments, with blanks between them to ignore."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.is_ours = False
        self._target = ""
        self._path: list[str] = []
        self._unit = _Unit()

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        namespace, _, local = name.rpartition(BETWEEN)
        if not self._path:
            self._begin(namespace, local, attributes)
        elif namespace != NAMESPACE:
            local = "foreign"
        self._path.append(local)
        if local == "unit":
            self._unit = _Unit(key=attributes.get("id", ""))
        elif local == "segment":
            self._unit.approves &= attributes.get("state", "initial") != "initial"
        elif local == "note":
            self._unit.note = attributes.get("category", "")
        elif local in ("source", "target"):
            self._unit.begin(local)
        elif local == "cp":
            self._unit.is_text = False

    def _begin(self, namespace: str, local: str, attributes: Mapping[str, str]) -> None:
        if namespace != NAMESPACE or local != "xliff" or attributes.get("version") != "2.0":
            raise Conflict(FileRefusal.NOT_OURS)
        self.is_ours, self._target = True, attributes.get("trgLang", "")
        if language_of(self._target) is None:
            raise Conflict(FileRefusal.LANGUAGE)

    def end(self, name: str) -> None:
        local = self._path.pop()
        if local == "unit":
            if len(self.rows) >= MOST_ROWS:
                raise Conflict(FileRefusal.TOO_LARGE)
            self.rows.append(self._unit.row(len(self.rows) + 1, self._target))
        elif local in ("segment", "ignorable"):
            self._unit.close(local)

    def text(self, data: str) -> None:
        inside = next((local for local in reversed(self._path) if local not in INLINE), "")
        if inside == "note" and self._unit.note == MARK:
            self._unit.mark += data
        elif inside in ("source", "target"):
            self._unit.parts[inside] += data


class _Unit:
    def __init__(self, key: str = "") -> None:
        self.key, self.mark, self.note = key, "", ""
        self.words, self.parts = "", {"source": "", "target": ""}
        self.approves = self.is_text = self.is_whole = True
        self._has_target = False

    def begin(self, which: str) -> None:
        self.parts[which] = ""
        self._has_target = self._has_target or which == "target"

    def close(self, local: str) -> None:
        """A segment without a target leaves the whole unit open; what was to be ignored is as in the source."""
        if local == "segment" and not self._has_target:
            self.is_whole = False
        self.words += self.parts["target"] if self._has_target else self.parts["source"]
        self.parts, self._has_target = {"source": "", "target": ""}, False

    def row(self, number: int, target: str) -> Row:
        words = None if not self.is_text else self.words if self.is_whole else ""
        return Row(number, self.key, target, words, self.mark, approves=self.approves)
