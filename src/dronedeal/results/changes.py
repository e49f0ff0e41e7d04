"""What a plan changes of an earlier one: yearly purchases, and decisions with their month."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dronedeal.results.plan import Plan
from dronedeal.results.vocabulary import subject

Row = dict[str, Any]
Key = tuple[str, str, int | None, str | None]
# Below this share of a quantity lies the solver's tolerance.
_SMALL = 1e-6


def changes(old: Plan, new: Plan) -> list[Row]:
    """Every yearly purchase and every decision that is not the same in two plans, the earlier one first.

    Parameters
    ----------
    old : the plan to stay near
    new : the plan that was made near it
    """
    before, after = figures(old), figures(new)
    return [
        _row(key, before.get(key, 0.0), after.get(key, 0.0))
        for key in dict.fromkeys([*before, *after])
        if _differs(before.get(key, 0.0), after.get(key, 0.0))
    ]


def figures(plan: Plan) -> dict[Key, float]:
    """Units of each yearly purchase and number of each decision: what, of what, fiscal year, month."""
    found: dict[Key, float] = {}
    for row in plan.tables["purchases"]:
        about = subject(row["requirement"], row["system"], row["line"])
        found["purchase", about, row["fiscal_year"], None] = row["quantity"]
    for row in plan.tables["openings"]:
        found[row["kind"], row["line"], None, row["decided"]] = row["quantity"]
    for row in plan.tables["integrations"]:
        found["integration", subject(row["system"], row["standard"]), None, row["start"]] = 1.0
    for row in plan.tables["projects"]:
        found["project", row["project"], None, row["begin"]] = 1.0
    return found


def quantities(plan: Plan) -> Mapping[tuple[str, ...], float]:
    """The same by the labels of the columns that decide them."""
    found: dict[tuple[str, ...], float] = {}
    for row in plan.tables["purchases"]:
        pair = f"{row['system']}@{row['line'] or 'market'}:{row['requirement']}"
        found["purchase", pair, str(row["fiscal_year"])] = row["quantity"]
    for row in plan.tables["openings"]:
        found[row["kind"], row["line"], row["decided"]] = row["quantity"]
    for row in plan.tables["integrations"]:
        found["integrate", f"{row['system']}.{row['standard']}", row["start"]] = 1.0
    for row in plan.tables["projects"]:
        found["begin", row["project"], row["begin"]] = 1.0
    return found


def _differs(old: float, new: float) -> bool:
    return abs(new - old) > _SMALL * max(1.0, abs(old), abs(new))


def _row(key: Key, old: float, new: float) -> Row:
    what, about, year, month = key
    when = f"in fiscal year {year}" if month is None else f"in {month}"
    names = {
        "purchase": "units bought", "open": "line opened", "step": "steps added",
        "integration": "work begun", "project": "project begun",
    }  # fmt: skip
    return {
        "what": what,
        "subject": about,
        "fiscal_year": year,
        "month": month,
        "old": old,
        "new": new,
        "words": f"{names[what]}, {about}, {when}: {new:,.6g} in place of {old:,.6g}",
    }
