"""Checks of what units cost and of what the lines have learnt (rule 11)."""

from __future__ import annotations

from dronedeal.results.verify.books import Product
from dronedeal.results.verify.compare import Comparer
from dronedeal.results.verify.experience import learns, relative_unit_cost
from dronedeal.results.verify.ledger import Ledger
from dronedeal.results.verify.registry import check


@check(
    "production_cost",
    meaning="units started cost what line, experience and start-up make them cost, month by month",
)
def production_cost(ledger: Ledger, compare: Comparer) -> None:
    for row in ledger.rows("production"):
        product, month = (row["line"], row["system"]), ledger.month_number[row["month"]]
        cost, made = ledger.production_cost[product][month], ledger.made[product][month]
        if made <= 0:
            continue
        # Of several rows of one month each has its share of the cost of the month.
        amount = cost * row["quantity"] / made
        words = "the amount is the cost on the learning curve, premiums included"
        compare.equal(("production", row), row["amount"], amount, words)
        compare.equal(
            ("production", row), row["unit_cost"], cost / made, "the unit cost is amount by quantity"
        )


@check("learning", meaning="experience, unit cost and last stock of products that learn or teach (rule 11)")
def learning(ledger: Ledger, compare: Comparer) -> None:
    stated = {(row["line"], row["system"]): row for row in ledger.rows("learning")}
    compare.count(1)
    for product, row in ledger.makes.items():
        words = "every product that learns has a row, and no other"
        computed = "one row" if learns(row) else "no row"
        found = "one row" if product in stated else "no row"
        label = f"learning: {product[0]}, {product[1]}"
        compare.holds(label, found == computed, words, stated=found, computed=computed)
        if learns(row) and product in stated:
            _compare_row(ledger, compare, product)
    _final_stock(ledger, compare)


def _compare_row(ledger: Ledger, compare: Comparer, product: Product) -> None:
    row = ledger.makes[product]
    stated = next(each for each in ledger.rows("learning") if (each["line"], each["system"]) == product)
    experience = ledger.experience[product]
    units = ledger.made.get(product, [])
    made, learnt, start = sum(units), sum(experience.learnt), experience.at_start[0]
    unit_cost = ledger.unit_cost(product)
    whole = start + made + learnt
    for name, computed, magnitude in (
        ("experience_start", start, 0.0),
        ("made", made, 0.0),
        ("learnt", learnt, 0.0),
        ("forgotten", whole - experience.at_end, whole),
        ("experience_end", experience.at_end, 0.0),
        ("unit_cost_start", unit_cost * relative_unit_cost(row, start), 0.0),
        ("unit_cost_end", unit_cost * relative_unit_cost(row, experience.at_end), 0.0),
    ):
        words = f"{name} follows from what was made, learnt and forgotten"
        compare.equal(("learning", stated), stated[name], computed, words, magnitude=magnitude)
    average = sum(ledger.production_cost[product]) / made if made > 0 else None
    words = "the average is the cost of all units by their number"
    if average is None or stated["unit_cost"] is None:
        is_same = stated["unit_cost"] is average
        compare.holds(("learning", stated), is_same, words, stated=stated["unit_cost"], computed=average)
    else:
        compare.equal(("learning", stated), stated["unit_cost"], average, words)
    is_same = stated["learning_group"] == row.learning_group
    compare.holds(
        ("learning", stated), is_same, "the group is that of the row of the deal",
        stated=stated["learning_group"], computed=row.learning_group,
    )  # fmt: skip


def _final_stock(ledger: Ledger, compare: Comparer) -> None:
    """Nothing is made only to be learnt from: `stock[k, last] ≤ initial_stock`."""
    for product in ledger.products_on_curves:
        if product in ledger.in_stock:
            left = ledger.in_stock[product][-1]
            words = "of a product with a curve no more is left than there was at the start"
            label = f"stock: {product[0]}, {product[1]} at the end"
            compare.at_most(label, left, ledger.makes[product].initial_stock, words, unit="units")
