"""Slides as somebody uploads them: a PDF is opened and saved anew without what could act, a PPTX is looked through.

What a file is says its content, never its name.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from threading import Lock
from typing import Any

from app.errors import Conflict

MOST_BYTES = 25 * 1024 * 1024
MOST_PAGES = 500
MOST_OBJECTS = 200_000
"""Of a PDF: pages of ordinary slides have a few dozen each."""
MOST_DECODED = 100 * 1024 * 1024
"""Of one packed stream of a PDF that has to be opened to read it."""
MOST_PARTS = 5_000
MOST_UNPACKED = 400 * 1024 * 1024
MOST_TYPES = 4 * 1024 * 1024
"""Of a PPTX: its parts, all of them unpacked, and the one list that we read."""
PDF, PPTX = "application/pdf", "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ENDINGS = {PDF: "pdf", PPTX: "pptx"}
MAIN_PART = f"{PPTX}.main+xml".encode()

ACTING = {
    "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/ResetForm", "/GoToE", "/GoToR", "/Rendition", "/Sound",
    "/Movie", "/RichMediaExecute", "/GoTo3DView",
}  # fmt: skip
"""Actions that do more than turn a page, show a layer or open a web page."""
CARRYING = {"/FileAttachment", "/Sound", "/Movie", "/Screen", "/RichMedia", "/3D"}
"""Annotations that hold something to run, play or save."""
HARMFUL_KEYS = (
    "/OpenAction", "/AA", "/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/RF", "/AF", "/XFA", "/Collection", "/Launch",
    "/RichMediaContent",
)  # fmt: skip
WEB = re.compile(rb"(?:https?://|mailto:)", re.IGNORECASE)
MACROS = re.compile(r"vbaproject|vbadata|/activex/|\.(?:pptm|potm|ppsm|ppam|xlsm|xltm|xlam|docm|dotm|exe|dll|js|vbs)$")
_starting = Lock()


@dataclass(frozen=True, slots=True)
class SafeSlides:
    content: bytes
    media: str


def safe_slides(raw: bytes) -> SafeSlides:
    """Slow: call it before the transaction. Raises `Conflict` with the reason for what we do not take."""
    if len(raw) > MOST_BYTES:
        raise Conflict("slides_too_large")
    if b"%PDF-" in raw[:1024]:
        return SafeSlides(_anew(raw), PDF)
    if raw.startswith(b"PK\x03\x04"):
        _look_through(raw)
        return SafeSlides(raw, PPTX)
    raise Conflict("slides_of_unknown_kind")


def _anew(raw: bytes) -> bytes:
    pikepdf = _pikepdf()
    out = BytesIO()
    try:
        with pikepdf.open(BytesIO(raw)) as pdf:
            if not 1 <= len(pdf.pages) <= MOST_PAGES or len(pdf.objects) > MOST_OBJECTS:
                raise Conflict("slides_too_long", pages=MOST_PAGES)
            _disarm(pikepdf, pdf)
            pdf.save(out, deterministic_id=True, encryption=False)
    except Conflict:
        raise
    except pikepdf.PasswordError as locked:
        raise Conflict("slides_locked") from locked
    except Exception as error:  # broken files make qpdf and its bindings raise what they like
        raise Conflict("slides_not_readable") from error
    if out.tell() > 2 * MOST_BYTES:
        raise Conflict("slides_too_large")
    return out.getvalue()


def _pikepdf() -> Any:
    with _starting:
        return _with_limits()


@cache
def _with_limits() -> Any:
    """Its limits hold for the whole process, and are to be set before anybody works with it."""
    import pikepdf
    import pikepdf.settings

    pikepdf.settings.set_qpdf_limits(
        flate_max_memory=MOST_DECODED, run_length_max_memory=MOST_DECODED, png_max_memory=MOST_DECODED,
        tiff_max_memory=MOST_DECODED, dct_max_memory=MOST_DECODED, parser_max_container_size=1_000_000,
        doc_max_warnings=1_000,
    )  # fmt: skip
    return pikepdf


def _disarm(pikepdf: Any, pdf: Any) -> None:
    """Take out whatever acts or is carried along, wherever it hangs. What nothing points to any more is not saved."""
    for found in _dictionaries(pikepdf, pdf):
        for key in HARMFUL_KEYS:
            if key in found:
                del found[key]
        if _is_harmful_action(pikepdf, found):
            for key in list(found.keys()):
                del found[key]
        annotations = found.get("/Annots")
        if isinstance(annotations, pikepdf.Array):
            found["/Annots"] = pikepdf.Array([one for one in annotations if not _carries(pikepdf, one)])


def _dictionaries(pikepdf: Any, pdf: Any) -> Iterator[Any]:
    """Every dictionary of the file, those inside others too; each stream stands for its own."""
    inner = [pdf.trailer, *pdf.objects]
    while inner:
        found = inner.pop()
        if isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
            yield found
            values = [found.get(key) for key in found.keys()]  # noqa: SIM118 a stream is no mapping
        elif isinstance(found, pikepdf.Array):
            values = list(found)
        else:
            continue
        inner += [value for value in values if isinstance(value, pikepdf.Object) and not value.is_indirect]


def _is_harmful_action(pikepdf: Any, found: Any) -> bool:
    kind = found.get("/S")
    if not isinstance(kind, pikepdf.Name):
        return False
    address = found.get("/URI")
    elsewhere = isinstance(address, pikepdf.String) and not WEB.match(bytes(address))
    return str(kind) in ACTING or (str(kind) == "/URI" and elsewhere)


def _carries(pikepdf: Any, annotation: Any) -> bool:
    kind = annotation.get("/Subtype") if isinstance(annotation, pikepdf.Dictionary) else None
    return isinstance(kind, pikepdf.Name) and str(kind) in CARRYING


def _look_through(raw: bytes) -> None:
    """Nothing is unpacked but its list of types: sizes and names stand in the directory, and the list bounds itself."""
    try:
        with zipfile.ZipFile(BytesIO(raw)) as packed:
            parts = packed.infolist()
            _require_modest(parts)
            types = _types(packed)
    except Conflict:
        raise
    except Exception as error:  # whatever a broken directory makes zipfile raise
        raise Conflict("slides_not_readable") from error
    if MAIN_PART not in types and b"macroEnabled" not in types:
        raise Conflict("slides_of_unknown_kind")
    if b"macroEnabled" in types or any(MACROS.search(f"/{part.filename}".lower()) for part in parts):
        raise Conflict("slides_with_macros")


def _require_modest(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename for part in parts]
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Conflict("slides_unpack_too_large")
    if len(set(names)) < len(names) or any(_leads_out(name) for name in names):
        raise Conflict("slides_not_readable")
    if any(part.flag_bits & 0x1 for part in parts):
        raise Conflict("slides_locked")


def _leads_out(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ":" in name or "\0" in name or ".." in name.split("/")


def _types(packed: zipfile.ZipFile) -> bytes:
    with packed.open("[Content_Types].xml") as part:
        types = part.read(MOST_TYPES + 1)
    if len(types) > MOST_TYPES:
        raise Conflict("slides_unpack_too_large")
    return types
