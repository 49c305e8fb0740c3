"""Countries and time zones to choose from, named in the reader's language. The first ones are those of the forum."""

from collections.abc import Iterable

from babel import Locale
from flask_babel import gettext

from app.values.text import folded
from app.values.time import zone_names
from app.web.languages import language

NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "ZZ", "XA", "XB", "QO"})
OFTEN = ("DE", "CN")
Choice = tuple[str, str]


def countries(*, none: str = "") -> list[Choice]:
    """`none` is what the empty choice is called."""
    names = {str(code): str(name) for code, name in Locale.parse(language().locale).territories.items()}
    codes = [code for code in names if len(code) == 2 and code.isalpha() and code not in NO_COUNTRIES]
    others = sorted((code for code in codes if code not in OFTEN), key=lambda code: folded(names[code]))
    return [("", none or gettext("Choose a country")), *((code, names[code]) for code in (*OFTEN, *others))]


def zones(*, first: Iterable[str] = (), none: str = "") -> list[Choice]:
    often = [name for name in first if name in zone_names()]
    rest = sorted(zone_names() - set(often))
    return [("", none or gettext("Choose a time zone")), *((name, _place(name)) for name in (*often, *rest))]


def _place(name: str) -> str:
    return name.replace("_", " ").replace("/", ", ")
