"""What the agreement of the hand-worked deal comes to by fiscal year."""

from __future__ import annotations

from typing import Any


def hand_commitments() -> list[dict[str, Any]]:
    """Rows of the table `commitments`."""
    # hawks at their price; on crows, which the buyer makes, a tenth of it; 12 hawks of 2027 are firm
    royalty_2028 = 0.1 * 16_537.5
    return [
        {"fiscal_year": 2027, "to_seller": 28_800.0, "to_seller_so_far": 28_800.0, "paid_in_advance": 0.0,
         "paid_at_delivery": 28_800.0, "paid_after_retention": 0.0,
         "rebates": 0.0, "firm": 12 * 1600.0, "firm_later": 0.0,
         "cancellation": 0.0},
        {"fiscal_year": 2028, "to_seller": 13_440.0 + royalty_2028,
         "to_seller_so_far": 42_240.0 + royalty_2028, "paid_in_advance": 0.0,
         "paid_at_delivery": 13_440.0 + royalty_2028, "paid_after_retention": 0.0,
         "rebates": 0.0, "firm": 0.0,
         "firm_later": 0.0, "cancellation": 0.0},
    ]  # fmt: skip
