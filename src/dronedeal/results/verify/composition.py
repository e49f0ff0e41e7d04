"""Checks of the composition rules (rule 13)."""

from __future__ import annotations

from dronedeal.results.verify.compare import Comparer
from dronedeal.results.verify.ledger import Ledger
from dronedeal.results.verify.registry import check
from dronedeal.results.verify.rulebook import above_cap, speaks_of


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
