"""Checks of what the two sides do together: integration work."""

from __future__ import annotations

from dronedeal.deal.cooperation import Integration
from dronedeal.results.verify.books import Row, WorkKey
from dronedeal.results.verify.compare import Comparer
from dronedeal.results.verify.ledger import Ledger
from dronedeal.results.verify.registry import check
from dronedeal.results.vocabulary import subject


@check(
    "integrations",
    meaning="work begun is a work of the deal, done once, in its months and at its cost",
)
def integrations(ledger: Ledger, compare: Comparer) -> None:
    begun: dict[WorkKey, int] = {}
    for row in ledger.rows("integrations"):
        where = ("integrations", row)
        key = (row["system"], row["standard"].casefold())
        members = ledger.works.get(key)
        words = "the deal has no such work that costs money"
        compare.holds(where, members is not None, words, stated=row["standard"], computed="none")
        if members is None:
            continue
        begun[key] = begun.get(key, 0) + 1
        _work(ledger, compare, row, members)
    for (system, standard), times in begun.items():
        compare.at_most(f"integrations: {system}, {standard}", times, 1, "a work is done once")


def _work(ledger: Ledger, compare: Comparer, row: Row, members: list[Integration]) -> None:
    """Branches, payer, length and cost of one work."""
    where, first = ("integrations", row), members[0]
    branches = subject(*(member.branch for member in members))
    words = "the work is done for all branches that name it"
    compare.holds(where, row["branches"] == branches, words, stated=row["branches"], computed=branches)
    compare.holds(
        where, row["payer"] == first.payer, "the deal names another payer",
        stated=row["payer"], computed=first.payer,
    )  # fmt: skip
    start = ledger.month_number[row["start"]]
    done = ledger.calendar.label(start + first.months)
    words = "the work takes its months"
    compare.holds(where, row["done"] == done, words, stated=row["done"], computed=done)
    cost = ledger.work_cost(first, start)
    compare.equal(where, row["amount"], cost, "the amount is the cost of the work, counted once")


@check("integrated", meaning="a delivery that waits for integration work comes when all of it is done")
def integrated(ledger: Ledger, compare: Comparer) -> None:
    done = {
        (row["system"], row["standard"].casefold()): ledger.month_number[row["start"]]
        + ledger.works[row["system"], row["standard"].casefold()][0].months
        for row in ledger.rows("integrations")
        if (row["system"], row["standard"].casefold()) in ledger.works
    }
    for row in ledger.rows("shipments"):
        month = ledger.month_number[row["month"]]
        branch = ledger.requirements[row["requirement"]].branch
        for key in ledger.works_for.get((row["system"], branch), ()):
            ready = done.get(key)
            shown = "never begun" if ready is None else ledger.calendar.label(ready)
            is_done = ready is not None and ready <= month
            words = f"the work for {ledger.works[key][0].standard} is not done"
            compare.holds(("shipments", row), is_done, words, stated=row["month"], computed=shown)
