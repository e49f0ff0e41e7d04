"""What a plan keeps of an earlier one in the months that are frozen, and what could not stay."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from dronedeal.deal import Deal
from dronedeal.quantities.calendar import Calendar, FiscalYears
from dronedeal.results.plan import Plan
from dronedeal.results.vocabulary import subject

Row = dict[str, Any]
Key = tuple[str, str, str]
# Below this share of a quantity lies the solver's tolerance.
_SMALL = 3e-6
_ONCE = frozenset({"open", "integration", "project"})
_DOES = {
    "make": "started", "ship": "delivered", "home": "delivered to the own need", "sale": "sold",
    "open": "opened", "step": "added", "integration": "begun", "project": "begun",
    "substitute": "started with the substitute",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision of a plan in one month.

    Parameters
    ----------
    what, about, month : its key in the table `frozen`
    name : family and labels of the column that decides it
    quantity : units, steps, or 1
    """

    what: str
    about: str
    month: str
    name: tuple[str, ...]
    quantity: float

    @property
    def key(self) -> Key:
        """Its key in the table `frozen`."""
        return self.what, self.about, self.month


def decisions(plan: Plan, *, first: str, until: str) -> list[Decision]:
    """Every decision of a plan from one month to another, both included.

    Parameters
    ----------
    first, until : months as YYYY-MM
    """
    return [each for each in _decisions(plan) if first <= each.month <= until and each.quantity > 0]


def _decisions(plan: Plan) -> Iterator[Decision]:
    tables = plan.tables
    for row in tables["production"]:
        yield _decision("make", row, (row["system"], row["line"]), ("make", _product(row)))
    for row in tables["shipments"]:
        ids = (row["requirement"], row["system"], row["line"])
        yield _decision("ship", row, ids, ("ship", f"{_product(row)}:{row['requirement']}"))
    for row in tables["home_supply"]:
        need = f"{row['need']}.{row['fiscal_year']}"
        ids = (row["need"], row["system"], row["line"])
        yield _decision("home", row, ids, ("home", f"{_product(row)}:{need}"))
    for row in tables["other_sales"]:
        customer = f"{row['customer']}.{row['system']}.{row['fiscal_year']}"
        ids = (row["customer"], row["system"], row["line"])
        yield _decision("sale", row, ids, ("sale", f"{_product(row)}:{customer}"))
    for row in tables["openings"]:
        yield _decision(row["kind"], row, (row["line"],), (row["kind"], row["line"]), month="decided")
    for row in tables["integrations"]:
        standard = re.sub(r"[^A-Za-z0-9]+", "_", row["standard"])
        name = ("integrate", f"{row['system']}.{standard}")
        yield _decision("integration", row, (row["system"], row["standard"]), name, month="start")
    for row in tables["projects"]:
        yield _decision("project", row, (row["project"],), ("begin", row["project"]), month="begin")
    for row in tables["substitutions"]:
        parts = (row["component"], row["substitute"])
        name = ("swap", f"{_product(row)}:{'>'.join(parts)}")
        yield _decision("substitute", row, (row["system"], row["line"], *parts), name)


def _product(row: Mapping[str, Any]) -> str:
    return f"{row['system']}@{row['line'] or 'market'}"


def _decision(
    what: str,
    row: Mapping[str, Any],
    ids: tuple[str | None, ...],
    name: tuple[str, ...],
    *,
    month: str = "month",
) -> Decision:
    quantity = row.get("quantity", 1.0)
    return Decision(what, subject(*ids), row[month], (*name, row[month]), quantity)


def with_frozen(
    made: Plan, earlier: Plan, deal: Deal, *, until: str, no_room: Mapping[tuple[str, ...], str]
) -> Plan:
    """The plan with what was frozen in it and how much of that stayed; what is missing is a violation.

    Parameters
    ----------
    made : planned with the decisions of the earlier one up to a month, for the deal
    until : last month that is frozen
    no_room : by the name of a decision what was in its way, as half a sentence
    """
    now = {each.key: each.quantity for each in decisions(made, first=made.start, until=until)}
    kept = decisions(earlier, first=made.start, until=until)
    rows = tuple(
        {
            "what": each.what,
            "subject": each.about,
            "month": each.month,
            "old": each.quantity,
            "new": now.get(each.key, 0.0),
        }
        for each in kept
    )
    years = FiscalYears(Calendar(made.start, made.months), deal.settings.buyer.fiscal_year_start)
    moved = _violations(rows, {each.key: no_room.get(each.name, "") for each in kept}, years)
    violations = (*made.tables["violations"], *moved)
    # What only the tolerance tells from its old quantity has not moved.
    status = "feasible" if made.status == "relaxed" and not violations else made.status
    return replace(
        made,
        status=status,
        options={**made.options, "freeze_until": until},
        tables={**made.tables, "frozen": rows, "violations": violations},
    )


def _violations(rows: tuple[Row, ...], causes: Mapping[Key, str], years: FiscalYears) -> list[Row]:
    """What could not stay, the greatest share first."""
    found: list[tuple[float, Row]] = []
    for row in rows:
        missing = row["old"] - row["new"]
        if missing > _SMALL * max(1.0, row["old"]):
            year = years.of(years.calendar.index(row["month"]))
            cause = causes[row["what"], row["subject"], row["month"]]
            found.append((missing / row["old"], _violation(row, missing, year=year, cause=cause)))
    return [row for _, row in sorted(found, key=lambda pair: -pair[0])]


def _violation(row: Row, missing: float, *, year: int, cause: str) -> Row:
    unit = "steps" if row["what"] == "step" else "units"
    many = "what was to be" if row["what"] in _ONCE else f"{missing:,.6g} of {row['old']:,.6g} {unit}"
    return {
        "kind": "frozen",
        "subject": subject(row["what"], row["subject"], row["month"]),
        "fiscal_year": year,
        "quantity": missing,
        "unit": "units",
        "words": f"{many} {_DOES[row['what']]} in {row['month']} cannot stay as they were frozen: "
        f"{row['subject']}; {cause or 'the deal as it stands leaves no room for it'}",
    }
