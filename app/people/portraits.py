"""A portrait as somebody uploads it, decoded and encoded anew, so that only pixels of ours are ever served."""

import hashlib
import warnings
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

from app.errors import Conflict

LONGEST_SIDE = 640
MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 40_000_000
FORMATS = ("JPEG", "PNG", "WEBP")


@dataclass(frozen=True, slots=True)
class Picture:
    """WebP, upright, without the camera's notes."""

    image: bytes
    width: int
    height: int


def decoded(raw: bytes) -> Picture:
    """Slow: call it before the transaction. Raises `Conflict` for what is too large or no picture."""
    if len(raw) > MOST_BYTES:
        raise Conflict("portrait_too_large")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _encoded_anew(raw)
    except Conflict:
        raise
    except Exception as error:  # Pillow's decoders raise what they like on broken files
        raise Conflict("portrait_not_a_picture") from error


def _encoded_anew(raw: bytes) -> Picture:
    with Image.open(BytesIO(raw), formats=FORMATS) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise Conflict("portrait_too_large")
        upright = ImageOps.exif_transpose(opened).convert("RGB")
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    out = BytesIO()
    upright.save(out, "WEBP", quality=82, method=4)
    return Picture(out.getvalue(), upright.width, upright.height)


def digest_of(picture: Picture, *, slug: str) -> str:
    """Its address. The slug is in it: two people may share a picture, two rows no address."""
    return hashlib.sha256(slug.encode() + b"\0" + picture.image).hexdigest()
