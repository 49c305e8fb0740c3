"""What organisers send of a file for translators: the file itself, then their word for what the dry run showed."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from itsdangerous import BadData, URLSafeTimedSerializer
from wtforms.validators import ValidationError

from app.exports.exchange import Planned
from app.site.matrix import Key
from app.site.wishes import Saw, Wish
from app.values.language import Language

PIECE = 400_000
"""Characters of one hidden field: a request may hold no larger one."""
A_DAY = 86_400


class UploadForm(FlaskForm):
    file = FileField(_("File"))

    def validate_file(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(_("Choose a file first."))

    @property
    def content(self) -> bytes:
        content: bytes = self.file.data.read()
        return content


Numbered = tuple[int, Wish]
"""A row's number in the file, and what it wants."""


class Parcel:
    """The rows of a dry run on their way through the page and back, signed, so that exactly these are applied.

    For one person and one edition. Nothing waits on the server: whoever comes back after a day uploads again.
    """

    def __init__(self, secret: str, *, edition_id: int, account_id: int | None) -> None:
        self._signer = URLSafeTimedSerializer(secret, salt=f"translations-{edition_id}-{account_id}")

    def packed(self, planned: Sequence[Planned]) -> list[str]:
        rows = [
            (row.number, str(row.wish.key), row.wish.language, row.wish.text, row.wish.saw.source,
             row.wish.saw.translation, row.wish.approves)
            for row in planned
        ]  # fmt: skip
        whole = str(self._signer.dumps(rows))
        return [whole[n : n + PIECE] for n in range(0, len(whole), PIECE)]

    def unpacked(self, pieces: Sequence[str]) -> list[Numbered] | None:
        """None where it is not ours, not theirs, or too old."""
        try:
            rows = self._signer.loads("".join(pieces), max_age=A_DAY)
        except BadData:
            return None
        return [(number, _wish(*fields)) for number, *fields in rows]


def _wish(key: str, language: str, text: str, source: str, translation: str, approves: bool) -> Wish:
    which = Key.of(key)
    assert which is not None, "signed by us"
    return Wish(which, Language(language), text, Saw(source, translation), approves=approves)
