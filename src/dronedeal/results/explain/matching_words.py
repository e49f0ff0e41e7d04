"""What the matching says about a pair, with the cell of the deal behind it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from dronedeal.assessment import Assessment, Criterion, Pairing
from dronedeal.deal import Deal
from dronedeal.deal.schema import TABLES
from dronedeal.results.explain.registry import cell_address
from dronedeal.results.reading import Reading

# The cell of a row that says what is asked, by table.
_COLUMNS = {
    "requirement_attributes": "threshold",
    "rules": "limit",
    "integrations": "months",
    "systems": "available_from",
    "attributes": "value",
    "prices": "fiscal_year",
}


def criterion_address(reading: Reading, criteria: Sequence[Criterion]) -> str | None:
    """Address of the cell behind the first of some criteria that has one; None where none has."""
    for criterion in criteria:
        if criterion.row is not None:
            table, number = criterion.row
            column = _COLUMNS.get(table, TABLES[table].columns[0].name)
            return cell_address(reading, table, number, column)
    return None


def nearest(assessment: Assessment, requirement: str) -> Pairing:
    """Of a requirement's pairings the one with the fewest criteria that stop it."""
    return min(
        (pairing for pairing in assessment.pairings if pairing.requirement == requirement),
        key=lambda pairing: sum(1 for criterion in pairing.criteria if criterion.is_blocking),
    )


def first_month_criterion(deal: Deal, pairing: Pairing) -> Criterion | None:
    """The criterion that closes most of the months until a system may be delivered; None: none does."""
    closing = [
        criterion
        for criterion in pairing.criteria
        if not criterion.is_met and criterion.kind in ("integration", "permit", "availability")
    ]
    return max(closing, key=lambda criterion: _months(deal, criterion), default=None)


def _months(deal: Deal, criterion: Criterion) -> float:
    """Months of waiting that a criterion asks for."""
    if criterion.row is None:
        return 0.0
    table, number = criterion.row
    if table == "integrations":
        return float(deal.integrations[number].months)
    if table == "rules":
        return math.ceil(deal.rules[number].limit or 0.0)
    start = deal.systems[number].available_from
    if start is None:
        return 0.0
    (year, month), (first_year, first) = (map(int, text.split("-")) for text in (start, deal.settings.start))
    return float((year - first_year) * 12 + month - first)
