"""The rules of the house, read off the source itself: layers, sizes, clocks, tests that mirror the tree."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "dronedeal"
MODULES = sorted(SOURCE.rglob("*.py"))
PYTHON_FILES = sorted(
    path for folder in ("src", "tests", "benchmarks", "scripts") for path in (ROOT / folder).rglob("*.py")
)
MOST_LINES_OF_A_FILE = 600
MOST_LINES_OF_A_FUNCTION = 80

# Start-up time: `dronedeal --help` must not load what only some commands need. The import contract sees
# imports inside functions too, so the direction is proven for these as for all others.
MAY_IMPORT_LATE = {"cli.py", "workflow.py", "__init__.py"}

# A time limit and a progress line need a stopwatch; nothing in a plan depends on what it shows.
MAY_READ_THE_CLOCK = {"workflow.py", "solving/highs.py", "solving/outcome.py"}

# Modules without a test file of their own, each with the place where its behaviour is tested.
TESTED_ELSEWHERE = {
    "__init__.py": "tests/test_public_face.py",
    "__main__.py": "tests/test_cli.py",
}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def test_data_flows_one_way_and_outside_engines_are_named_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert lint_imports(config_filename="pyproject.toml", cache_dir=None) == 0


def test_the_layer_contract_names_every_package_of_the_source() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = {name.removeprefix("dronedeal.") for name in contracts[0]["layers"]}
    parts = {path.stem if path.is_file() else path.name for path in SOURCE.iterdir()}
    assert parts - {"__init__", "__main__", "__pycache__", "py"} == layers


def late_imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and module of each import of our own that stands inside a function."""
    for function in functions(tree):
        for node in ast.walk(function):
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            else:
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            yield from ((node.lineno, name) for name in names if name.startswith("dronedeal"))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_import_of_another_layer_hides_inside_a_function(path: Path) -> None:
    if path.parent == SOURCE and path.name in MAY_IMPORT_LATE:
        return
    layer = f"dronedeal.{path.relative_to(SOURCE).parts[0]}."
    hidden = [found for found in late_imports(ast.parse(path.read_text())) if not found[1].startswith(layer)]
    assert hidden == []


@pytest.mark.parametrize("path", PYTHON_FILES, ids=name_of)
def test_files_and_functions_stay_short(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= MOST_LINES_OF_A_FILE
    if path.is_relative_to(ROOT / "tests"):
        return  # a made-up deal for tests is one long list of rows
    lengths = {f.name: (f.end_lineno or f.lineno) - f.lineno + 1 for f in functions(ast.parse(text))}
    too_long = {name: length for name, length in lengths.items() if length > MOST_LINES_OF_A_FUNCTION}
    assert too_long == {}


def clock_and_environment(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            text = ast.unparse(node)
            is_clock = text.startswith("time.") or node.attr in {"now", "today", "utcnow"}
            if is_clock or text in {"os.environ", "os.getenv", "os.environb"}:
                yield text
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            yield "from time import …"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_the_workflow_and_the_solver_read_the_clock_or_the_environment(path: Path) -> None:
    if path.relative_to(SOURCE).as_posix() in MAY_READ_THE_CLOCK:
        return
    assert list(clock_and_environment(ast.parse(path.read_text()))) == []


def test_every_module_has_a_test_file_or_says_where_it_is_tested() -> None:
    missing = []
    for path in MODULES:
        relative = path.relative_to(SOURCE)
        is_face = path.name == "__init__.py" and not list(functions(ast.parse(path.read_text())))
        elsewhere = TESTED_ELSEWHERE.get(relative.as_posix())
        mirror = ROOT / "tests" / relative.parent / f"test_{relative.name}"
        if elsewhere:
            assert (ROOT / elsewhere).exists(), f"{relative} is said to be tested in {elsewhere}"
        elif not is_face and not mirror.exists():
            missing.append(f"{relative} (expected tests/{mirror.relative_to(ROOT / 'tests')})")
    assert missing == []


def undocumented(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if not isinstance(node, Function | ast.ClassDef) or node.name.startswith("_"):
            continue
        if not ast.get_docstring(node) and not any(map(says_what_it_is, node.decorator_list)):
            yield node.name


def says_what_it_is(decorator: ast.expr) -> bool:
    """Whether a decorator that registers a function carries its meaning in words."""
    if not isinstance(decorator, ast.Call):
        return False
    values = [*decorator.args, *(keyword.value for keyword in decorator.keywords)]
    return any(isinstance(value, ast.Constant) and " " in str(value.value) for value in values)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_everything_public_says_what_it_is(path: Path) -> None:
    tree = ast.parse(path.read_text())
    assert ast.get_docstring(tree), "the module has no docstring"
    assert list(undocumented(tree)) == []


@pytest.mark.parametrize("path", sorted((ROOT / "requirements").glob("*.txt")), ids=name_of)
def test_every_requirement_is_pinned_and_no_package_index_is_named(path: Path) -> None:
    text = path.read_text()
    assert "://" not in text
    assert "--" not in text
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    assert lines
    assert [line for line in lines if "==" not in line] == []


def test_the_pins_hold_every_dependency_that_the_package_declares() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    pinned = {line.split("==")[0] for line in (ROOT / "requirements/run.txt").read_text().splitlines()}
    declared = {text.split(">")[0].replace(".", "-").lower() for text in project["dependencies"]}
    assert declared - pinned == set()
