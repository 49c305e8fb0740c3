"""Every verb that an action writes into the audit has a sentence, so that nobody “made a change”."""

import ast
from collections.abc import Iterator
from pathlib import Path

from flask import Flask

from app.web.deeds import DEEDS, deed

ROOT = Path(__file__).resolve().parents[2]
WRITERS = {"record", "_record", "_record_series", "_note", "_saved", "_set_cancelled", "_noted"}


def verbs() -> Iterator[str]:
    for path in (ROOT / "app").glob("*/*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and _name(call.func) in WRITERS:
                yield from (text for argument in call.args for text in _texts(argument) if "_" in text)


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _texts(argument: ast.expr) -> Iterator[str]:
    return (n.value for n in ast.walk(argument) if isinstance(n, ast.Constant) and isinstance(n.value, str))


def test_every_verb_has_a_sentence() -> None:
    found = set(verbs())
    assert {"edition_stepped", "speaker_added", "session_changed"} <= found
    assert sorted(found - set(DEEDS) - {"_changed"}) == []


def test_a_name_in_a_sentence_is_escaped_and_a_percent_sign_is_only_a_sign(app: Flask) -> None:
    with app.test_request_context("/organise/"):
        assert str(deed("person_created", who="<i>%s</i>", what="100 % & more")) == (
            "<b>&lt;i&gt;%s&lt;/i&gt;</b> added 100 % &amp; more"
        )
        assert "made a change" in str(deed("unheard_of", who="Anna"))
