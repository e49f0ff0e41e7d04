"""The check of what is frozen: in those months the plan does what the earlier one did."""

from __future__ import annotations

from collections.abc import Iterator

from dronedeal.results.verify.compare import Comparer
from dronedeal.results.verify.ledger import Ledger
from dronedeal.results.verify.registry import check
from dronedeal.results.vocabulary import SUBJECT_SEPARATOR

Key = tuple[str, str, str]
_TABLES = {
    "production": ("make", ("system", "line")),
    "shipments": ("ship", ("requirement", "system", "line")),
    "home_supply": ("home", ("need", "system", "line")),
    "other_sales": ("sale", ("customer", "system", "line")),
    "substitutions": ("substitute", ("system", "line", "component", "substitute")),
}


def _done(ledger: Ledger) -> Iterator[tuple[Key, float]]:
    """What the plan does in each month, from its tables."""
    for table, (what, names) in _TABLES.items():
        for row in ledger.rows(table):
            ids = SUBJECT_SEPARATOR.join(row[name] for name in names if row[name] is not None)
            yield (what, ids, row["month"]), row["quantity"]
    for row in ledger.rows("openings"):
        yield (row["kind"], row["line"], row["decided"]), row["quantity"]
    for row in ledger.rows("integrations"):
        ids = SUBJECT_SEPARATOR.join((row["system"], row["standard"]))
        yield ("integration", ids, row["start"]), 1.0
    for row in ledger.rows("projects"):
        yield ("project", row["project"], row["begin"]), 1.0


@check("frozen", meaning="in months that are frozen the plan does what the earlier one did, and nothing else")
def frozen(ledger: Ledger, compare: Comparer) -> None:
    rows, until = ledger.rows("frozen"), ledger.plan.options.get("freeze_until")
    is_month = isinstance(until, str) and until in ledger.month_number
    words = "a plan with frozen decisions names the last month that is frozen, and only such a plan"
    is_told = is_month if until is not None else not rows
    compare.holds("frozen", is_told, words, stated=until, computed=f"{len(rows)} decisions")
    if not is_month:
        return
    done = {key: quantity for key, quantity in _done(ledger) if key[2] <= str(until) and quantity > 0}
    listed = set()
    for row in rows:
        key = (row["what"], row["subject"], row["month"])
        listed.add(key)
        words = "the month is not after the last one that is frozen"
        compare.holds(("frozen", row), row["month"] <= str(until), words, stated=row["month"], computed=until)
        words = "the figure is what the plan does"
        compare.equal(("frozen", row), row["new"], done.get(key, 0.0), words, unit="units")
        words = "no more is done than the earlier plan did"
        compare.at_most(("frozen", row), row["new"], row["old"], words, unit="units")
    for key in done.keys() - listed:
        words = "the earlier plan did not do it in a month that is frozen"
        compare.holds(f"frozen: {', '.join(key)}", False, words, stated=f"{done[key]:.12g}", computed="0")
