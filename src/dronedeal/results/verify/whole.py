"""Check of whole units: every contract quantity is a whole number, and its months add up to it (rule 17)."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from dronedeal.results.verify.compare import Comparer
from dronedeal.results.verify.ledger import Ledger
from dronedeal.results.verify.registry import check

_KEYS = {"cost", "contracts", "integers"}


@check(
    "whole_units",
    meaning="contract quantities are whole, their months add up to them, and rounding costs what it says",
)
def whole_units(ledger: Ledger, compare: Comparer) -> None:
    rounding = ledger.plan.rounding
    is_whole = ledger.deal.settings.options.whole_units
    words = "a plan says what whole units cost exactly where the deal asks for them"
    compare.holds(
        "rounding",
        (rounding is not None) == is_whole,
        words,
        stated="null" if rounding is None else "a cost",
        computed="whole units" if is_whole else "units need not be whole",
    )
    if not is_whole:
        return
    _quantities(ledger, compare)
    if rounding is not None:
        _cost(ledger, compare)


def _quantities(ledger: Ledger, compare: Comparer) -> None:
    delivered: dict[tuple[Any, ...], float] = defaultdict(float)
    for row in ledger.rows("shipments"):
        year = ledger.buyer_year[ledger.month_number[row["month"]]]
        delivered[year, row["requirement"], row["system"], row["line"]] += row["quantity"]
    for row in ledger.rows("purchases"):
        quantity = row["quantity"]
        words = "a contract quantity is a whole number"
        compare.holds(
            ("purchases", row), quantity == int(quantity), words, stated=quantity, computed="a whole number"
        )
    for key, quantity in delivered.items():
        subject = f"shipments: {', '.join(str(part) for part in key if part is not None)}"
        words = "the months of a year add up to a whole number"
        compare.equal(subject, quantity, float(round(quantity)), words, unit="units", magnitude=quantity)


def _cost(ledger: Ledger, compare: Comparer) -> None:
    plan, rounding = ledger.plan, ledger.plan.rounding or {}
    words = f"rounding states {', '.join(sorted(_KEYS))}"
    compare.holds(
        "rounding", set(rounding) == _KEYS, words, stated=", ".join(rounding), computed="these keys"
    )
    if set(rounding) != _KEYS:
        return
    count = sum(1 for row in ledger.rows("purchases") if row["quantity"] > 0)
    compare.equal("rounding", rounding["contracts"], count, "contracts counts the purchases")
    words = "no more contract quantities are decided by the search than there are"
    compare.at_most("rounding", rounding["integers"], count, words)
    compare.at_most("rounding", 0.0, rounding["cost"], "rounding never makes a plan better")
    if plan.bound is not None:
        gross = float(sum(abs(row["amount"]) for row in ledger.rows("utility_items")))
        words = "before rounding no plan was worth more than the bound"
        compare.at_most("rounding", plan.objective + rounding["cost"], plan.bound, words, magnitude=gross)
