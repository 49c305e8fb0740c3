"""Files as speakers send them, the good and the bad."""

import zipfile
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, String

MAIN = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
MACROS = "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml"


def pdf(pages: int = 2, **options: object) -> bytes:
    made, out = pikepdf.new(), BytesIO()
    for _ in range(pages):
        made.add_blank_page()
    made.save(out, **options)
    return out.getvalue()


def dangerous_pdf() -> bytes:
    """With a script that opens by itself, one behind a name, a program to launch, a file inside, and a good link."""
    made, out = pikepdf.new(), BytesIO()
    made.add_blank_page()
    page, script = made.pages[0], Dictionary(S=Name.JavaScript, JS=String("app.alert('WICKED')"))
    made.Root.OpenAction = script
    made.Root.Names = Dictionary(
        JavaScript=Dictionary(
            Names=[String("a"), made.make_indirect(Dictionary(S=Name.JavaScript, JS=String("WICKED2")))]
        )
    )
    page.AA = Dictionary(O=Dictionary(S=Name.Launch, F=String("wicked.exe")))
    page.Annots = Array(
        [
            made.make_indirect(_link(made, Dictionary(S=Name.URI, URI=String("https://forum.test/good")))),
            _link(made, Dictionary(S=Name.URI, URI=String("javascript:wicked3"))),
            _link(made, Dictionary(S=Name.SubmitForm, F=String("http://wicked4.example"))),
            Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=[0, 0, 9, 9]),
        ]
    )
    made.attachments["wicked5.exe"] = b"MZ WICKED5"
    made.save(out, compress_streams=False)
    return out.getvalue()


def _link(made: pikepdf.Pdf, action: Dictionary) -> Dictionary:
    return Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=action)


def plain(content: bytes) -> bytes:
    """Everything in a PDF, unpacked, to look into."""
    out = BytesIO()
    with pikepdf.open(BytesIO(content)) as opened:
        opened.save(
            out, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
        )  # fmt: skip
    return out.getvalue()


def pptx(*, kind: str = MAIN, **parts: bytes) -> bytes:
    """Parts by name, with `/` written as two underscores."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(
            "[Content_Types].xml", f'<Types><Override PartName="/ppt/presentation.xml" ContentType="{kind}"/></Types>'
        )
        packed.writestr("ppt/presentation.xml", "<p:presentation/>")
        for name, content in parts.items():
            packed.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def packed_with(name: str, content: bytes = b"x") -> bytes:
    """With a part of any name, however wicked."""
    out = BytesIO(pptx())
    with zipfile.ZipFile(out, "a") as more:
        more.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


def zip_bomb() -> bytes:
    """Half a gigabyte of nothing in half a megabyte."""
    out = BytesIO(pptx())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as more:
        for n in range(5):
            more.writestr(f"ppt/media/image{n}.bmp", bytes(100 * 1024 * 1024))
    return out.getvalue()
