"""Uncertainty."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from dronedeal.deal import drafts
from dronedeal.deal.checks.registry import rule
from dronedeal.deal.deal import Deal
from dronedeal.deal.finding import Finding

_TOLERANCE = 1e-9
_TABLES_OF_FACTOR: Mapping[str, tuple[str, ...]] = {
    "buyer_need": ("requirements", "branches"),
    "home_need": ("home_needs",),
    "line_outage": ("lines",),
    "component_supply": ("components",),
    "budget": ("branches",),
    "price": ("systems",),
    "permit_delay": ("rules", "systems"),
    "integration_delay": ("systems", "branches"),
    "effectiveness": ("systems", "requirements"),
}


@rule("probabilities_do_not_sum_to_one", severity="error")
def probabilities_do_not_sum_to_one(deal: Deal) -> Iterator[Finding]:
    """The chances of the outcomes of one factor, subject and year do not sum to 1 (within 1e-9)."""
    groups: dict[tuple[str, str, int], list[int]] = {}
    for row, outcome in enumerate(deal.uncertainty):
        groups.setdefault((outcome.factor, outcome.subject, outcome.fiscal_year), []).append(row)
    for (factor, subject, year), rows in groups.items():
        chances = math.fsum(deal.uncertainty[row].probability for row in rows)
        if abs(chances - 1) > _TOLERANCE:
            yield drafts.cell(
                deal,
                ("uncertainty", rows[0], "probability"),
                subject=f"chances of {factor} of {drafts.quoted(subject)} from {year} on",
                found=f"{drafts.number(chances)} in all, outcomes: {len(rows)}",
                allowed="1 within 1e-9",
                next_step="mend a probability, or add the outcome that is missing",
            )


@rule("uncertainty_subject_matches_nothing", severity="warning")
def uncertainty_subject_matches_nothing(deal: Deal) -> Iterator[Finding]:
    """A factor of uncertainty varies something that is not in the deal."""
    known = {
        factor: drafts.Names(record.id for table in tables for record in deal.table(table))
        for factor, tables in _TABLES_OF_FACTOR.items()
    }
    for row, outcome in enumerate(deal.uncertainty):
        if not all(deal.is_given(table) for table in _TABLES_OF_FACTOR[outcome.factor]):
            continue
        ids = known[outcome.factor]
        if outcome.subject != "*" and outcome.subject not in ids:
            tables = " or ".join(f"`{table}`" for table in _TABLES_OF_FACTOR[outcome.factor])
            yield drafts.cell(
                deal,
                ("uncertainty", row, "subject"),
                subject=f"subject of {outcome.factor}",
                found=drafts.quoted(outcome.subject),
                allowed=f"`*`, or an id of {tables}: {ids.text}",
                next_step=ids.advice(outcome.subject, otherwise="take the row out"),
            )
