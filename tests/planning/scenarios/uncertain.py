"""Rows of uncertainty for the small deals of the planning tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dronedeal.deal import Deal
from dronedeal.deal.uncertainty import Correlation, Uncertainty

Outcomes = Mapping[str, tuple[float, float]]


def with_uncertainty(deal: Deal, *factors: tuple[str, str, int, Outcomes]) -> Deal:
    """The deal with these factors and no others: name, subject, fiscal year, (chance, multiplier) of each."""
    rows = [
        Uncertainty(
            factor=factor,
            subject=subject,
            fiscal_year=year,
            outcome=outcome,
            probability=chance,
            multiplier=multiplier,
        )
        for factor, subject, year, outcomes in factors
        for outcome, (chance, multiplier) in outcomes.items()
    ]
    return deal.with_table("correlations", []).with_table("uncertainty", rows)


def with_correlations(deal: Deal, rows: Iterable[tuple[str, str, str, str, float]]) -> Deal:
    """The deal with correlations: factor, subject, the same of the other, coefficient."""
    names = ("factor", "subject", "other_factor", "other_subject", "coefficient")
    return deal.with_table(
        "correlations", [Correlation(**dict(zip(names, row, strict=True))) for row in rows]
    )


THREE: Outcomes = {"low": (0.25, 0.5), "mid": (0.5, 1.0), "high": (0.25, 1.5)}
TWO: Outcomes = {"cut": (0.3, 0.6), "kept": (0.7, 1.0)}
