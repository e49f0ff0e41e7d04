"""What the plan worked out by hand explains: causes without a unit, changes, and what is passed over."""

from __future__ import annotations

from typing import Any

from dronedeal.results.columns import PLAN_TABLES

NO_MORE: dict[str, Any] = dict.fromkeys(("address", "month", "system", "line", "more", "more_unit", "reach"))
CHANGES: list[dict[str, Any]] = [
    {
        "what": "purchase", "subject": "recon / hawk / kyiv", "fiscal_year": 2028, "month": None,
        "old": 5.0, "new": 8.0, "words": "8 hawks in place of 5",
    },
    {
        "what": "step", "subject": "kyiv", "fiscal_year": None, "month": "2027-01", "old": 0.0,
        "new": 1.0, "words": "a step more",
    },
]  # fmt: skip
PASSED_OVER: list[dict[str, Any]] = [
    {
        **dict.fromkeys(column.name for column in PLAN_TABLES["passed_over"].columns),
        "system": "crow", "requirement": "recon", "branch": "army", "cause": "not_eligible",
        "words": "it is not eligible",
    },
]  # fmt: skip
