"""The seller's cash account and the baselines of the plan worked out by hand."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]


def cash_rows() -> list[Row]:
    """Of the value of own needs half is paid in; 0.1 of 48,800 and of 14,375 must go into the fund."""
    names = (
        "fiscal_year", "opening", "receipts", "royalties", "licence_fees", "other_sales", "own_needs",
        "production", "substitutes", "fixed_cost", "investment", "cooperation", "reinvested", "closing",
        "planned_closing", "floor", "short",
    )  # fmt: skip
    first = (
        2027, 735_000.0, 28_800.0, 0.0, 20_000.0, 7_200.0, 6_750.0, 45_000.0, 0.0, 9_000.0, 600_000.0,
        32_000.0, 5_000.0, 106_750.0, 106_750.0, 90_000.0, 0.0,
    )  # fmt: skip
    second = (
        2028, 106_750.0, 12_800.0, 1_575.0, 0.0, 0.0, 5_137.5, 15_000.0, 0.0, 6_000.0, 0.0, 12_000.0, 2_000.0,
        91_262.5, 91_262.5, 90_000.0, 0.0,
    )  # fmt: skip
    return [dict(zip(names, year, strict=True)) for year in (first, second)]


def baseline_row(kind: str, status: str, less: float, objective: float) -> Row:
    """A baseline worth so much less than the plan, of which the seller has 1,000."""
    worth = objective - less
    return {
        "kind": kind, "status": status, "objective": worth, "buyer": worth - 1_000.0, "seller": 1_000.0,
        "difference": less, "gap": 0.0, "delivered": 30.0, "broken": 1.0 if status == "relaxed" else 0.0,
    }  # fmt: skip
