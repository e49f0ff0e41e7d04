"""Renew the generated pages of `docs/`; `make docs` runs it, and a test compares.

The pages are made from what the program itself uses: help texts, schema, rules, plan definition, docstrings.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import dronedeal
from dronedeal import cli, files, workflow
from dronedeal.deal.checks import rules_page
from dronedeal.negotiation.record_reference import negotiation_reference, offer_reference
from dronedeal.results.plan_reference import plan_reference
from dronedeal.results.scenarios.reference import scenario_reference
from dronedeal.results.stress.reference import stress_reference

ROOT = Path(__file__).resolve().parent.parent
MADE = "<!-- Made by `make docs`; do not edit by hand. -->"


def generated_pages() -> Mapping[str, Callable[[], str]]:
    """Path of each generated page, with the function that makes its text."""
    return {
        "docs/reference/cli.md": command_page,
        "docs/reference/deal-folder.md": files.schema_markdown,
        "docs/reference/rules.md": lambda: rules_page(workflow.rules().values()),
        "docs/reference/plan-json.md": plan_reference,
        "docs/reference/scenarios-json.md": scenario_reference,
        "docs/reference/stress-json.md": stress_reference,
        "docs/reference/negotiation-json.md": negotiation_reference,
        "docs/reference/offer-json.md": offer_reference,
        "docs/reference/python.md": python_page,
    }


def command_page() -> str:
    """The help texts of all commands, as a terminal shows them."""
    sections = [
        f"# Commands\n\n{MADE}\n\n"
        "Exit status: 0 done; 1 a plan fails its check; 2 something in the deal or the command; "
        "70 a fault of the program; 130 stopped before there was a plan.\n\n" + _help_block([])
    ]
    sections += [f"## dronedeal {name}\n\n{_help_block([name])}" for name in cli.command_names()]
    return "\n\n".join(sections) + "\n"


def _help_block(command: list[str]) -> str:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), _terminal_of_80_columns():
        cli.run([*command, "--help"])
    lines = [line.rstrip() for line in printed.getvalue().strip("\n").splitlines()]
    return "\n".join(["```text", f"$ dronedeal {' '.join([*command, '--help'])}", *lines, "```"])


@contextlib.contextmanager
def _terminal_of_80_columns() -> Iterator[None]:
    before = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = "80"
    try:
        yield
    finally:
        if before is None:
            del os.environ["COLUMNS"]
        else:
            os.environ["COLUMNS"] = before


def python_page() -> str:
    """Signatures and docstrings of the public functions and classes."""
    head = (
        f"# Python functions\n\n{MADE}\n\n"
        "Everything below is used as `dronedeal.NAME`; [Use it from Python](../how-to/python.md) shows how."
    )
    names = [name for name in dronedeal.__all__ if not name.startswith("_")]
    return "\n\n".join([head, *map(_entry, names)]) + "\n"


def _entry(name: str) -> str:
    value = getattr(dronedeal, name)
    documentation = inspect.cleandoc(value.__doc__ or "")
    if inspect.isclass(value):
        return f"## {name}\n\n```text\n{documentation}\n```"
    return f"## {name}\n\n```text\n{name}{_signature(value)}\n\n{documentation}\n```"


def _signature(function: Callable[..., object]) -> str:
    parts = [
        f"{'*, ' if is_first_keyword else ''}{text}"
        for text, is_first_keyword in _parameters(inspect.signature(function))
    ]
    return f"({', '.join(parts)})"


def _parameters(signature: inspect.Signature) -> list[tuple[str, bool]]:
    """Each parameter with its default, and whether it is the first that must be named."""
    found: list[tuple[str, bool]] = []
    has_keyword = False
    for parameter in signature.parameters.values():
        is_keyword = parameter.kind is inspect.Parameter.KEYWORD_ONLY
        default = "" if parameter.default is inspect.Parameter.empty else f"={_default(parameter.default)}"
        found.append((parameter.name + default, is_keyword and not has_keyword))
        has_keyword |= is_keyword
    return found


def _default(value: object) -> str:
    return getattr(value, "__name__", None) or repr(value)


def main() -> None:
    """Write every generated page."""
    for name, make in generated_pages().items():
        path = ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(make(), encoding="utf-8", newline="\n")
        print(f"made {name}")


if __name__ == "__main__":
    main()
