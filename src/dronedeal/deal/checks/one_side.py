"""Runs of one side alone."""

from __future__ import annotations

from collections.abc import Iterator

from dronedeal.deal import drafts
from dronedeal.deal.checks.registry import rule
from dronedeal.deal.deal import Deal
from dronedeal.deal.finding import Finding
from dronedeal.deal.one_side import absent_side, tables_of
from dronedeal.deal.place import Place
from dronedeal.deal.schema import TABLES


@rule("estimated_table", severity="warning")
def estimated_table(deal: Deal) -> Iterator[Finding]:
    """A table is one side's estimate of the other's, so that no figure of the other side is its own."""
    for table, place in deal.estimates.items():
        side = TABLES[table].owner
        estimator = "seller" if side == "buyer" else "buyer"
        yield drafts.at(
            place,
            subject=f"table `{table}` of the {side}",
            found=f"the {estimator}'s estimate of it, rows: {len(deal.table(table))}",
            allowed=f"an estimate, where the folder of the {side} is not given",
            next_step=f"read every figure of the {side} in this run as the {estimator}'s estimate",
        )


@rule("table_not_given", severity="warning")
def table_not_given(deal: Deal) -> Iterator[Finding]:
    """Tables of a side whose folder is not given have no estimate either, and count as empty."""
    side = absent_side(deal)
    names = [] if side is None else [name for name in tables_of(side) if not deal.is_given(name)]
    if names:
        estimator = "seller" if side == "buyer" else "buyer"
        yield drafts.at(
            Place(str(side)),
            subject=f"tables of the {side}",
            found=f"neither given nor estimated: {', '.join(names)}",
            allowed=f"the folder of the {side}, or estimates of the {estimator}",
            next_step="go on without them, or add estimates of those that matter",
        )
