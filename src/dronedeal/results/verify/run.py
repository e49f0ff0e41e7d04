"""Running every check on one plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dronedeal.assessment import Assessment, assess
from dronedeal.deal import Deal
from dronedeal.results.plan import Plan
from dronedeal.results.verify import (
    agreement,
    baselines,
    cash,
    causes,
    collisions,
    composition,
    cooperation,
    deliveries,
    frozen,
    learning,
    output,
    payments,
    rebates,
    records,
    rule_costs,
    substitutes,
    surplus,
    whole,
    worth,
)
from dronedeal.results.verify.compare import Comparer
from dronedeal.results.verify.ledger import Ledger
from dronedeal.results.verify.outcome import CheckResult, Failure, Verification
from dronedeal.results.verify.registry import RegisteredCheck, registered_in

# from the rows themselves to what they add up to, so that the first failure is nearest to its cause
_FAMILIES = (
    records,
    output,
    learning,
    deliveries,
    composition,
    substitutes,
    cooperation,
    whole,
    surplus,
    rebates,
    payments,
    agreement,
    cash,
    worth,
    baselines,
    rule_costs,
    frozen,
    collisions,
    causes,
)
CHECKS: Mapping[str, RegisteredCheck] = {
    found.name: found for family in _FAMILIES for found in registered_in(family.__name__)
}

_UNIT_TABLES = ("shipments", "production", "stock", "home_supply", "other_sales", "coverage")
_MONEY_TABLES = (
    "shipments",
    "production",
    "coverage",
    "budgets",
    "utility_items",
    "openings",
    "integrations",
)


def verify(
    plan: Plan,
    deal: Deal,
    assessment: Assessment | None = None,
    *,
    turned_out: Mapping[str, Sequence[float]] | None = None,
) -> Verification:
    """Check a plan against its deal by plain arithmetic, without solver or planning code.

    Parameters
    ----------
    plan : the plan
    deal : the deal that it was made from
    assessment : matching of that deal; None: it is made here
    turned_out : of a scenario: what the output of lines is multiplied by, month by month; None: as stated

    Returns
    -------
    Every check with its number of comparisons and largest residual, and every failure. A check passes
    where its residuals are at most `TOLERANCE`; what a residual is stands in `compare.py`.

    Examples
    --------
    >>> list(CHECKS)[:3], CHECKS["status"].meaning
    (['digest', 'ids', 'products'], 'a plan is called relaxed exactly when it has violations')
    """
    ledger = Ledger(plan, deal, assess(deal) if assessment is None else assessment)
    ledger.turned_out = dict(turned_out or {})
    largest = _largest_figures(ledger)
    checks: list[CheckResult] = []
    failures: list[Failure] = []
    for registered in CHECKS.values():
        comparer = Comparer(registered.name, largest)
        registered.function(ledger, comparer)
        checks.append(comparer.result())
        failures += comparer.failures
    return Verification(tuple(checks), tuple(failures))


def _largest_figures(ledger: Ledger) -> dict[str, float]:
    """Largest figure of the plan by unit; the floors of the tolerance are made from it."""
    units = (row["quantity"] for table in _UNIT_TABLES for row in ledger.rows(table))
    load = (row["quantity"] for row in ledger.rows("capacity"))
    names = ("amount", "amount_then_year", "spent")
    money = (
        abs(row[name])
        for table in _MONEY_TABLES
        for row in ledger.rows(table)
        for name in names
        if name in row
    )
    return {
        name: max(values, default=0.0)
        for name, values in (("units", units), ("load", load), ("money", money))
    }
