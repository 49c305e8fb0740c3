"""What becomes of slides somebody sends, and what is not taken at all."""

from io import BytesIO

import pikepdf
import pytest

from app.errors import Conflict
from app.speakers.slides import MOST_BYTES, MOST_PAGES, PDF, PPTX, safe_slides
from tests.speakers.uploads import MACROS, dangerous_pdf, packed_with, pdf, plain, pptx, zip_bomb


def refused(raw: bytes) -> str:
    with pytest.raises(Conflict) as why:
        safe_slides(raw)
    return why.value.code


def test_a_pdf_comes_out_without_scripts_launches_and_files_but_with_its_links() -> None:
    raw = dangerous_pdf()
    assert all(bad in raw for bad in (b"WICKED", b"wicked.exe", b"wicked3", b"wicked4", b"WICKED5"))
    made = safe_slides(raw)
    inside = plain(made.content)
    assert b"wicked" not in inside.lower()
    for key in (b"/JavaScript", b"/Launch", b"/OpenAction", b"/EmbeddedFiles", b"/SubmitForm", b"/FileAttachment"):
        assert key not in inside, key
    assert b"https://forum.test/good" in inside
    assert made.media == PDF


def test_the_pages_stay_and_the_same_file_gives_the_same_bytes() -> None:
    raw = pdf(pages=3)
    made = safe_slides(raw)
    with pikepdf.open(BytesIO(made.content)) as opened:
        assert len(opened.pages) == 3
    assert safe_slides(raw).content == made.content


def test_a_pptx_stays_as_it_is() -> None:
    raw = pptx(ppt__slides__slide1=b"<p:sld/>")
    assert (safe_slides(raw).content, safe_slides(raw).media) == (raw, PPTX)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "slides_of_unknown_kind"),
        (b"MZ\x90\x00 renamed to talk.pdf", "slides_of_unknown_kind"),
        (b"\xd0\xcf\x11\xe0 an old ppt", "slides_of_unknown_kind"),
        (b"<html><script>alert(1)</script>", "slides_of_unknown_kind"),
        (b"%PDF-1.7 and then nonsense", "slides_not_readable"),
        (b"PK\x03\x04 and then nonsense", "slides_not_readable"),
        (pptx(kind="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"), "slides_of_unknown_kind"),
        (pptx(kind=MACROS), "slides_with_macros"),
        (packed_with("ppt/vbaProject.bin"), "slides_with_macros"),
        (packed_with("ppt/activeX/activeX1.bin"), "slides_with_macros"),
        (packed_with("ppt/embeddings/table.xlsm"), "slides_with_macros"),
        (packed_with("ppt/embeddings/setup.EXE"), "slides_with_macros"),
        (packed_with("../../etc/passwd"), "slides_not_readable"),
        (packed_with("/etc/passwd"), "slides_not_readable"),
        (packed_with("ppt\\..\\x"), "slides_not_readable"),
        (packed_with("C:/x"), "slides_not_readable"),
        (pdf(encryption=pikepdf.Encryption(owner="o", user="u")), "slides_locked"),
        (pdf(pages=MOST_PAGES + 1), "slides_too_long"),
        (b"%PDF-" + bytes(MOST_BYTES), "slides_too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_is_no_slides_or_could_do_harm_is_refused_with_its_reason(raw: bytes, code: str) -> None:
    assert refused(raw) == code


def test_a_bomb_is_refused_without_being_unpacked() -> None:
    bomb = zip_bomb()
    assert len(bomb) < 1024 * 1024
    assert refused(bomb) == "slides_unpack_too_large"


def test_two_parts_of_one_name_could_show_each_reader_another_file() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        doubled = packed_with("ppt/presentation.xml", b"another")
    assert refused(doubled) == "slides_not_readable"


def test_an_owners_password_alone_keeps_nobody_from_looking_so_it_goes() -> None:
    made = safe_slides(pdf(encryption=pikepdf.Encryption(owner="only the owner", user="")))
    with pikepdf.open(BytesIO(made.content)) as opened:
        assert not opened.is_encrypted
