"""The reference page of the rules, made from the registry."""

from __future__ import annotations

from collections.abc import Iterable

from dronedeal.deal.checks.registry import RULES, RegisteredRule

_HEAD = """\
# Rules that a deal is checked against

<!-- Made by `make docs`; do not edit by hand. -->

`dronedeal check` runs every rule below and reports all that it finds, each with the file, line and column
(or the sheet and cell), the value found, what is allowed and the next step. An *error* stops the work; a
*warning* goes into the report. What a single cell may hold is in the
[reference of the deal folder](deal-folder.md).
"""


def rules_page(rules: Iterable[RegisteredRule] | None = None) -> str:
    """The reference of the rules in Markdown, by subject and in the order in which they run.

    Parameters
    ----------
    rules : the rules to describe; None: every registered one
    """
    by_subject: dict[str, list[RegisteredRule]] = {}
    for registered in RULES.values() if rules is None else rules:
        by_subject.setdefault(registered.subject, []).append(registered)
    return "\n".join([_HEAD, *(_section(subject, group) for subject, group in by_subject.items())])


def _section(subject: str, rules: list[RegisteredRule]) -> str:
    rows = [f"| `{each.name}` | {each.severity} | {each.meaning} |" for each in rules]
    return "\n".join([f"## {subject}", "", "| rule | severity | finds |", "|---|---|---|", *rows, ""])
