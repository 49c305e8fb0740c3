from io import BytesIO

import pytest
from PIL import Image

from app.database import DbSession
from app.errors import Conflict
from app.people import actions, queries
from app.people.portraits import decoded
from app.values.actor import COMMAND
from tests.conftest import NOW
from tests.factories.people import make_person


def picture(width: int = 1200, height: int = 900, kind: str = "JPEG", **options: object) -> bytes:
    out = BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, kind, **options)
    return out.getvalue()


def test_a_portrait_is_encoded_anew_and_at_most_640_pixels_a_side() -> None:
    made = decoded(picture())
    with Image.open(BytesIO(made.image)) as image:
        assert (image.format, image.size) == ("WEBP", (640, 480))
    assert (made.width, made.height) == (640, 480)


def test_a_small_one_is_not_blown_up() -> None:
    assert decoded(picture(120, 160, "PNG")).width == 120


def test_what_the_camera_noted_is_gone_and_the_picture_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "A camera"
    made = decoded(picture(400, 300, exif=exif))
    with Image.open(BytesIO(made.image)) as image:
        assert (image.size, dict(image.getexif())) == ((300, 400), {})


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "portrait_not_a_picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "portrait_not_a_picture"),
        (picture()[:200], "portrait_not_a_picture"),
        (picture(kind="GIF"), "portrait_not_a_picture"),
        (b"\0" * (5 * 1024 * 1024 + 1), "portrait_too_large"),
        (picture(8000, 6000, "PNG"), "portrait_too_large"),
    ],
)
def test_what_is_no_picture_or_too_large_is_refused(raw: bytes, code: str) -> None:
    with pytest.raises(Conflict) as refused:
        decoded(raw)
    assert refused.value.code == code


def test_a_portrait_has_an_address_of_its_own_which_changes_with_it(db: DbSession) -> None:
    anna, eve = make_person(db, "Anna"), make_person(db, "Eve")
    for person in (anna, eve):
        actions.set_portrait(db, person.id, decoded(picture()), revision=1, actor=COMMAND, now=NOW)
    assert anna.portrait is not None
    assert eve.portrait is not None
    first = anna.portrait.digest
    assert first != eve.portrait.digest

    actions.set_portrait(db, anna.id, decoded(picture(200, 200)), revision=2, actor=COMMAND, now=NOW)
    assert anna.portrait.digest != first
    assert queries.portrait_by_digest(db, first) is None

    actions.remove_portrait(db, anna.id, revision=3, actor=COMMAND, now=NOW)
    db.refresh(anna)
    assert (anna.portrait, anna.revision) == (None, 4)
