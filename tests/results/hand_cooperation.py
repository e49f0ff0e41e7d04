"""Integration work and projects of the hand-worked plan.

The two branches share the work on the crow, begun in October 2027 for the first crows of December; the seller
alone pays the work on the hawk. Hawks count more from July 2027 on, crows cost less from October 2027 on, and
foxes are there from May 2027 on.
"""

from __future__ import annotations

from typing import Any

from dronedeal.deal.cooperation import Integration, Project

Row = dict[str, Any]

# 8 hawks of 2028 count a tenth more with a chance of 0.8
GAIN = 0.8 * 0.1 * 8.0

INTEGRATIONS = (
    Integration(system="crow", branch="army", standard="Link 16", cost=12_000, months=2, payer="us"),
    Integration(
        system="crow", branch="navy", standard="link 16", cost=12_000, months=2, payer="us",
        appropriation="procurement",
    ),
    Integration(system="hawk", branch="army", standard="Air safety", cost=9000, months=3, payer="ua"),
)  # fmt: skip

PROJECTS = (
    Project(
        id="optics", name="Optics", systems=("hawk",), cost_by_year=(30_000, 20_000), buyer_share=0.4,
        months=6, effect="effectiveness", effect_value=0.1, success_probability=0.8, result_owner="ua",
    ),
    Project(
        id="jig", name="Jig", systems=("crow",), cost_by_year=(5000,), buyer_share=0, months=3,
        effect="unit_cost", effect_value=0.9, success_probability=0.5, result_owner="ua",
    ),
    Project(
        id="den", name="Den", systems=("hawk",), cost_by_year=(8000,), buyer_share=1, months=4,
        effect="successor", effect_subject="fox", success_probability=0.9, result_owner="us",
    ),
    Project(
        id="burrow", name="Burrow", systems=("hawk",), cost_by_year=(8000,), buyer_share=1, months=1,
        effect="successor", effect_subject="fox", success_probability=0.7, result_owner="us",
    ),
)  # fmt: skip


def tables() -> dict[str, list[Row]]:
    """The tables of work and projects."""
    return {
        "integrations": [
            {"system": "hawk", "standard": "Air safety", "branches": "army", "start": "2027-01",
             "done": "2027-04", "payer": "ua", "amount": 9000.0},
            {"system": "crow", "standard": "Link 16", "branches": "army / navy", "start": "2027-10",
             "done": "2027-12", "payer": "us", "amount": 12_000.0},
        ],
        "projects": [
            _project("den", "2027-01", "2027-05", (8000.0, 0.0), "successor"),
            _project("optics", "2027-01", "2027-07", (20_000.0, 30_000.0), "effectiveness"),
            _project("jig", "2027-07", "2027-10", (0.0, 5000.0), "unit_cost"),
        ],
        "project_gains": [
            {"project": "optics", "fiscal_year": 2028, "requirement": "recon", "quantity": GAIN}
        ],
        # 7 crows cost a tenth of 2,200 less with a chance of 0.5
        "project_savings": [
            {"project": "jig", "fiscal_year": 2028, "line": "ohio", "system": "crow", "quantity": 7.0,
             "amount": 770.0},
        ],
    }  # fmt: skip


def _project(name: str, begin: str, done: str, paid: tuple[float, float], effect: str) -> Row:
    return {
        "project": name, "begin": begin, "done": done, "amount_buyer": paid[0],
        "amount_seller": paid[1], "effect": effect, "words": "by hand",
    }  # fmt: skip
