"""The names that `import dronedeal` promises."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import dronedeal

ROOT = Path(__file__).resolve().parent.parent
HEAVY = {
    "numpy",
    "scipy",
    "polars",
    "pydantic",
    "highspy",
    "pint",
    "openpyxl",
    "jinja2",
    "vl_convert",
    "ruamel",
}


def heavy_modules_after(statement: str) -> set[str]:
    """Heavy libraries that a fresh interpreter has loaded after a statement."""
    code = f"{statement}; import sys; print(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return HEAVY & set(done.stdout.split())


def test_importing_the_package_loads_nothing_heavy() -> None:
    assert heavy_modules_after("import dronedeal") == set()


def test_importing_the_command_loads_nothing_heavy() -> None:
    assert heavy_modules_after("import dronedeal.cli") == set()


def test_a_name_that_is_used_is_loaded() -> None:
    assert heavy_modules_after("import dronedeal; dronedeal.read") >= {"pydantic"}


@pytest.mark.parametrize("name", dronedeal.__all__)
def test_every_promised_name_is_there_and_documented(name: str) -> None:
    value = getattr(dronedeal, name)
    assert name in dir(dronedeal)
    if name != "__version__":
        assert inspect.getdoc(value)


def test_type_checkers_and_the_interpreter_see_the_same_names() -> None:
    tree = ast.parse((ROOT / "src/dronedeal/__init__.py").read_text())
    guarded = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {(item.module, alias.name) for item in guarded.body for alias in item.names}  # type: ignore[attr-defined]
    loaded = {(home, name) for home, names in dronedeal._HOMES.items() for name in names}
    assert seen == loaded
    assert sorted(name for _, name in loaded) == sorted(set(dronedeal.__all__) - {"__version__"})


def test_an_unknown_name_is_refused_with_the_names_that_exist() -> None:
    with pytest.raises(
        AttributeError, match="no attribute 'negotiat'; it has Alternatives, Assessment, CheckResult"
    ):
        dronedeal.negotiat  # noqa: B018 -- looking the name up is what is tested


def test_the_version_is_that_of_the_installed_package() -> None:
    import importlib.metadata

    assert dronedeal.__version__ == importlib.metadata.version("dronedeal")


@pytest.mark.parametrize("verb", ["read", "check", "match", "plan", "verify", "new", "schema", "write_plan"])
def test_a_verb_takes_one_or_two_arguments_by_place_and_the_rest_by_name(verb: str) -> None:
    kinds = [parameter.kind for parameter in inspect.signature(getattr(dronedeal, verb)).parameters.values()]
    assert sum(kind is inspect.Parameter.POSITIONAL_OR_KEYWORD for kind in kinds) <= 2
