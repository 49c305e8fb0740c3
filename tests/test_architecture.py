"""The house, checked: slices and floors as in docs/architecture.md. When it fails, move the code, not the test."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

APP = Path(__file__).resolve().parents[1] / "app"
SLICES = [
    "mail", "search", "audit", "translation", "people", "editions", "accounts", "speakers", "agenda",
    "interpretation", "workbench", "proposals", "calendar", "registrations", "subscriptions", "publishing",
    "speaking", "site", "exports", "api", "seed",
]  # fmt: skip
LEVEL = {"rules": 0, "models": 1, "queries": 2, "actions": 3, "forms": 4, "views": 5, "manage": 5, "cli": 5}
NAMED = {
    # parts of the core with a good name, and the floor they stand on; by slice
    ("mail", "delivery"): 5, ("mail", "letter"): 5,
    ("translation", "redline"): 0,
    ("people", "portraits"): 0, ("people", "words"): 4,
    ("accounts", "sign_in"): 5,
    ("speakers", "correcting"): 0, ("speakers", "slides"): 0, ("speakers", "tokens"): 0,
    ("speakers", "corrections"): 3, ("speakers", "materials"): 3, ("speakers", "pipeline"): 3,
    ("speakers", "ranks"): 3, ("speakers", "words"): 4, ("speakers", "manage_ranks"): 5,
    ("agenda", "findings"): 0, ("agenda", "findings_people"): 0, ("agenda", "findings_rooms"): 0,
    ("agenda", "findings_sessions"): 0, ("agenda", "notation"): 0, ("agenda", "plan"): 0, ("agenda", "problems"): 0,
    ("agenda", "protocol"): 0, ("agenda", "rota"): 0, ("agenda", "listing"): 2, ("agenda", "naming"): 2,
    ("agenda", "planning"): 2, ("agenda", "measuring"): 3, ("agenda", "casting"): 4, ("agenda", "measure_forms"): 4,
    ("agenda", "sentences"): 4, ("agenda", "words"): 4, ("agenda", "manage_findings"): 5,
    ("agenda", "manage_measures"): 5, ("agenda", "manage_places"): 5, ("agenda", "pages"): 5,
    ("interpretation", "roster"): 0, ("interpretation", "briefing"): 2, ("interpretation", "crew"): 3,
    ("interpretation", "duties"): 3, ("interpretation", "words"): 4, ("interpretation", "manage_briefing"): 5,
    ("interpretation", "manage_crew"): 5,
    ("workbench", "gestures"): 0, ("workbench", "sheet"): 0, ("workbench", "changes"): 2, ("workbench", "looking"): 3,
    ("workbench", "moving"): 3, ("workbench", "steps"): 3, ("workbench", "colours"): 4, ("workbench", "deeds"): 4,
    ("workbench", "filling"): 4, ("workbench", "tiles"): 4, ("workbench", "board"): 5,
    ("workbench", "manage_gestures"): 5,
    ("proposals", "beginning"): 0, ("proposals", "fitting"): 0, ("proposals", "highs"): 0, ("proposals", "merit"): 0,
    ("proposals", "milp"): 0, ("proposals", "outcome"): 0, ("proposals", "proposal"): 0, ("proposals", "solving"): 0,
    ("proposals", "wishes"): 0, ("proposals", "jobs"): 3, ("proposals", "page"): 4, ("proposals", "words"): 4,
    ("proposals", "proposing"): 5,
    ("calendar", "event"): 0, ("calendar", "feed"): 0, ("calendar", "zones"): 0,
    ("registrations", "tokens"): 0, ("registrations", "listing"): 2,
    ("publishing", "completeness"): 0, ("publishing", "content"): 0, ("publishing", "difference"): 0,
    ("publishing", "rollback"): 0, ("publishing", "timetable"): 0, ("publishing", "zones"): 0,
    ("publishing", "chronicle"): 2, ("publishing", "promises"): 2, ("publishing", "entries"): 3,
    ("publishing", "planned"): 3, ("publishing", "rolling_back"): 3, ("publishing", "changes"): 5,
    ("publishing", "desk"): 5, ("publishing", "feeds"): 5, ("publishing", "manage_planned"): 5,
    ("publishing", "manage_rollback"): 5, ("publishing", "second_time"): 5, ("publishing", "telling"): 5,
    ("publishing", "words"): 5,
    ("speaking", "listing"): 2, ("speaking", "composing"): 4, ("speaking", "words"): 4,
    ("speaking", "manage_board"): 5, ("speaking", "manage_corrections"): 5,
    ("site", "balance"): 0, ("site", "cast"): 0, ("site", "clocks"): 0, ("site", "cloning"): 0, ("site", "matrix"): 0,
    ("site", "plots"): 0, ("site", "sieve"): 0, ("site", "walk"): 0, ("site", "wishes"): 0, ("site", "balancing"): 2,
    ("site", "lists"): 2, ("site", "outlook"): 2, ("site", "texts"): 2, ("site", "planning"): 3,
    ("site", "translating"): 3, ("site", "words"): 4, ("site", "changes"): 5, ("site", "context"): 5,
    ("site", "desk"): 5, ("site", "machines"): 5, ("site", "manage_balance"): 5, ("site", "manage_edition"): 5,
    ("site", "manage_languages"): 5, ("site", "manage_people"): 5, ("site", "manage_series"): 5,
    ("site", "manage_start"): 5,
    ("exports", "exchange"): 0, ("exports", "guarded"): 0, ("exports", "imposition"): 0, ("exports", "sheets"): 0,
    ("exports", "spread"): 0, ("exports", "xliff"): 0, ("exports", "words"): 4, ("exports", "briefing_paper"): 5,
    ("exports", "programme"): 5, ("exports", "saying"): 5,
    ("seed", "reading"): 0, ("seed", "sample_plan"): 0, ("seed", "sample_words"): 0, ("seed", "loader"): 3,
    ("seed", "sample"): 3, ("seed", "sample_balance"): 3, ("seed", "sample_crew"): 3, ("seed", "sample_languages"): 3,
    ("seed", "sample_late"): 3, ("seed", "sample_measures"): 3, ("seed", "sample_speakers"): 3,
}  # fmt: skip
FOUNDATION = {"app.database", "app.errors", "app.extensions", "app.freshness"}
FLASK = ("flask", "flask_", "wtforms", "werkzeug")
SLOW = {"typst", "highspy", "obstore", "pikepdf"}


def modules() -> Iterator[tuple[str, str, Path]]:
    """Slice (or `web`, `values`), module name, path."""
    for path in sorted(APP.rglob("*.py")):
        parts = path.relative_to(APP).with_suffix("").parts
        if len(parts) == 2 and parts[1] != "__init__":
            yield parts[0], parts[1], path


MODULES = list(modules())
IN_SLICES = [m for m in MODULES if m[0] in SLICES]


def level(slice_: str, name: str) -> int:
    if name in LEVEL:
        return LEVEL[name]
    assert (slice_, name) in NAMED, f"app/{slice_}/{name}.py has no floor: rename it or list it with its level"
    return NAMED[slice_, name]


def imports(path: Path) -> Iterator[str]:
    """Every module this one names, `from app.x import y` as `app.x` and, where y is a module, `app.x.y`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                is_module = (APP.parent / (whole.replace(".", "/") + ".py")).exists()
                yield whole if is_module else (node.module or "")


def named(module: tuple[str, str, Path]) -> str:
    return f"{module[0]}/{module[1]}"


@pytest.mark.parametrize("module", IN_SLICES, ids=named)
def test_a_slice_imports_from_its_left_and_a_floor_from_below(module: tuple[str, str, Path]) -> None:
    slice_, name, path = module
    own = level(slice_, name)
    for imported in imports(path):
        parts = imported.split(".")
        if parts[0] != "app" or len(parts) < 3 or parts[1] not in SLICES:
            continue
        assert SLICES.index(parts[1]) <= SLICES.index(slice_), f"{imported} stands right of {slice_}"
        theirs = level(parts[1], parts[2])
        if own < LEVEL["views"]:
            assert theirs <= own, f"{imported} stands above {slice_}/{name}"


@pytest.mark.parametrize("module", [m for m in IN_SLICES if m[1] == "rules"], ids=named)
def test_rules_know_only_rules_values_and_plain_libraries(module: tuple[str, str, Path]) -> None:
    for imported in imports(module[2]):
        top = imported.split(".")[0]
        if top == "app":
            assert imported.startswith("app.values") or imported.endswith(".rules"), imported
        assert top != "sqlalchemy", imported
        assert not top.startswith(FLASK), imported


@pytest.mark.parametrize("module", IN_SLICES, ids=named)
def test_flask_lives_upstairs(module: tuple[str, str, Path]) -> None:
    slice_, name, path = module
    if level(slice_, name) < LEVEL["forms"]:
        for imported in imports(path):
            allowed = slice_ == "accounts" and name == "models" and imported.startswith("flask_security")
            assert allowed or not imported.startswith(FLASK), f"{imported} in {slice_}/{name}"
            assert not imported.startswith("app.web"), f"{imported} in {slice_}/{name}"


@pytest.mark.parametrize("module", [m for m in MODULES if m[0] in ("web", "values")], ids=named)
def test_what_all_share_knows_no_slice(module: tuple[str, str, Path]) -> None:
    known = {"app.people.models", "app.people.rules"} if module[:2] == ("web", "templating") else set()
    for imported in imports(module[2]):
        parts = imported.split(".")
        assert parts[0] != "app" or len(parts) < 2 or parts[1] not in SLICES or imported in known, imported


def test_nothing_is_imported_from_the_package_itself() -> None:
    for path in APP.rglob("*.py"):
        if path == APP / "__init__.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "app":
                names = {f"app.{alias.name}" for alias in node.names}
                assert names <= FOUNDATION, f"{path}: {names}"


def test_imports_stand_at_the_top() -> None:
    for path in APP.rglob("*.py"):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(function, ast.FunctionDef):
                continue
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    from_ = [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
                    assert {name.split(".")[0] for name in from_} <= SLOW, f"{path}:{node.lineno}"


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (".commit()", {"web/transaction.py"}),
        ("datetime.now(", {"web/clock.py"}),
        ("datetime.utcnow(", set()),
        ("os.environ", set()),
        ("os.getenv", set()),
    ],
)
def test_one_committer_one_clock_one_reader_of_the_environment(text: str, places: set[str]) -> None:
    found = {str(path.relative_to(APP)) for path in APP.rglob("*.py") if text in path.read_text(encoding="utf-8")}
    assert found <= places


def test_no_room_is_called_utils() -> None:
    names = {part for path in APP.rglob("*") for part in path.relative_to(APP).with_suffix("").parts}
    assert not names & {"utils", "util", "helpers", "helper", "common", "misc"}


def test_no_file_and_no_function_has_outgrown_its_screen() -> None:
    for path in APP.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert text.count("\n") <= 450, path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and node.end_lineno:
                assert node.end_lineno - node.lineno < 65, f"{path}:{node.lineno} {node.name}"
