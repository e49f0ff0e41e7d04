"""What weighing the worst scenarios changes: every measure of the whole plan without and with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dronedeal.results.scenarios.columns import COSTS, MEASURES, RISK_PLANS
from dronedeal.results.scenarios.spread import spread
from dronedeal.results.scenarios.tables import Scenario, results_of
from dronedeal.results.shape import Row


def risk_table(before: Sequence[Scenario], after: Sequence[Scenario], *, share: float) -> tuple[Row, ...]:
    """The table `risk`: mean, mean of the worst and quantiles of each measure in both plans.

    Parameters
    ----------
    before, after : every scenario of the plan that is best on average, and of the one with a tail
    share : of the chances that counts as worst
    """
    rows = {
        (row["measure"], row["plan"]): row
        for plan, scenarios in zip(RISK_PLANS, (before, after), strict=True)
        for row in _spread(plan, scenarios, share=share)
    }
    return tuple(
        rows[measure, plan] for measure in MEASURES for plan in RISK_PLANS if (measure, plan) in rows
    )


def _spread(plan: str, scenarios: Sequence[Scenario], *, share: float) -> Iterator[Row]:
    found: dict[str, list[tuple[float, float]]] = {}
    for each in scenarios:
        for row in results_of(each):
            if row["fiscal_year"] is None:
                found.setdefault(row["measure"], []).append((row["value"], each.probability))
    for measure, pairs in found.items():
        values, chances = zip(*pairs, strict=True)
        figures = spread(values, chances, is_cost=measure in COSTS, share=share)
        worst = figures.pop("worst_tenth")
        yield {"measure": measure, "plan": plan, "mean": figures.pop("mean"), "worst": worst, **figures}
