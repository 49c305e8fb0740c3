"""Every template parses, and none has a script, a style or a handler inline."""

import re
from pathlib import Path

import pytest
from flask import Flask

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = sorted(str(p.relative_to(ROOT / "templates")) for p in (ROOT / "templates").rglob("*") if p.is_file())
INLINE = re.compile(
    r"<style|\sstyle=|\son[a-z]+=\"|javascript:|<script(?![^>]*\ssrc=)|\bdata:[a-z]+/|hx-on", re.IGNORECASE
)
FOREIGN = re.compile(r"(?:src|href|action)=\"(?:https?:)?//", re.IGNORECASE)


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_parses(app: Flask, name: str) -> None:
    app.jinja_env.get_template(name)


@pytest.mark.parametrize("name", TEMPLATES)
def test_nothing_is_inline_and_nothing_comes_from_elsewhere(name: str) -> None:
    text = (ROOT / "templates" / name).read_text(encoding="utf-8")
    assert INLINE.findall(text) == []
    assert FOREIGN.findall(text) == []


def test_the_check_for_inline_code_finds_what_it_should() -> None:
    for bad in ('<p style="x">', '<a onclick="x()">', "<script>x</script>", '<img src="data:image/png;base64,">'):
        assert INLINE.search(bad), bad
    assert not INLINE.search('<script type="module" src="/x.js"></script>')


def test_stylesheets_ask_for_nothing_else() -> None:
    for path in (ROOT / "static" / "css").glob("*.css"):
        text = path.read_text(encoding="utf-8")
        assert "@import" not in text, path.name
        assert "url(" not in text, path.name
