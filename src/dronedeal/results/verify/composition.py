"""Checks of the composition rules (rule 13)."""

from __future__ import annotations

from dronedeal.results.verify.compare import Comparer, Unit
from dronedeal.results.verify.ledger import Ledger
from dronedeal.results.verify.registry import check
from dronedeal.results.verify.rulebook import above_cap, expected_rows, speaks_of


@check("price_caps", meaning="no delivery costs more than a hard price cap allows (rule 13)")
def price_caps(ledger: Ledger, compare: Comparer) -> None:
    caps = [rule for rule in ledger.deal.rules if rule.kind == "price_cap" and rule.is_hard]
    rows = ledger.rows("shipments")
    compare.count(max(1, len(rows) * len(caps)))
    for row in rows:
        for rule in caps:
            if speaks_of(ledger, rule, row) and above_cap(ledger, rule, row):
                words = f"rule {rule.id} allows no such price"
                compare.holds(
                    ("shipments", row),
                    False,
                    words,
                    stated=row["unit_price"],
                    computed=f"at most {rule.limit}",
                )


@check("rules", meaning="how each rule stands in each year, by how much it is broken and what that costs")
def rules(ledger: Ledger, compare: Comparer) -> None:
    stated = {(row["rule"], row["fiscal_year"]): row for row in ledger.rows("rules")}
    expected = dict(expected_rows(ledger))
    compare.count(1)
    for key in {**stated, **expected}:
        label = f"rules: {key[0]}, {key[1] or 'the whole plan'}"
        words = "each rule has a row for each year in which it holds"
        is_both = key in stated and key in expected
        compare.holds(label, is_both, words, stated=key in stated, computed=key in expected)
        if not is_both:
            continue
        row, figures = stated[key], expected[key]
        is_same = (row["measured"] is None) == (figures.measured is None)
        words = "something is measured exactly where something is delivered"
        compare.holds(label, is_same, words, stated=row["measured"], computed=figures.measured)
        if row["measured"] is not None and figures.measured is not None:
            words = "what is measured follows from the shipments"
            compare.equal(label, row["measured"], figures.measured, words, magnitude=figures.size)
        words = "the limit is that of the deal"
        compare.equal(label, row["limit"], figures.limit, words)
        words = "the violation and the penalty follow from the shipments"
        unit: Unit = "money" if figures.unit == ledger.plan.currency else "units"
        compare.equal(label, row["violation"], figures.violation, words, unit=unit, magnitude=figures.whole)
        compare.equal(label, row["penalty"], figures.penalty, words, unit="money", magnitude=figures.whole)
        compare.holds(
            label, row["unit"] == figures.unit, "the unit of the violation", stated=row["unit"],
            computed=figures.unit,
        )  # fmt: skip
        rule = next(each for each in ledger.deal.rules if each.id == key[0])
        compare.holds(
            label, row["branch"] == rule.branch, "the branch is the rule's", stated=row["branch"],
            computed=rule.branch,
        )  # fmt: skip
