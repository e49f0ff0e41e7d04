"""How the gap closes with time: best plan and bound as the search reports them, drawn as one picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dronedeal
from dronedeal.deal import Deal
from dronedeal.solving import Progress


@dataclass(frozen=True)
class Moment:
    """What was known after so many seconds."""

    seconds: float
    best: float | None
    bound: float | None
    gap: float | None


def moments(deal: Deal, *, time_limit: float) -> list[Moment]:
    """Every report of one plan, and the plan itself as the last."""
    seen: list[Moment] = []

    def note(progress: Progress) -> None:
        seen.append(Moment(progress.elapsed, progress.best, progress.bound, progress.gap))

    plan = dronedeal.plan(deal, time_limit=time_limit, on_progress=note)
    last = max((moment.seconds for moment in seen), default=0.0)
    return [*seen, Moment(last, plan.objective / 1e6, None, plan.gap)]


def first_plan(seen: Sequence[Moment]) -> Moment | None:
    """The first moment at which there was a plan with a stated gap."""
    return next((moment for moment in seen if moment.gap is not None), None)


def with_sharing(deal: Deal) -> Deal:
    """The same deal with lines that make one system sharing half of what they learn, two months later."""
    shared = {"transfer_share": 0.5, "transfer_lag_months": 2}
    rows = [row.model_copy(update=shared | {"learning_group": row.system}) for row in deal.line_systems]
    return deal.with_table("line_systems", rows)


def draw(runs: Mapping[str, Sequence[Moment]], path: Path) -> None:
    """One line a deal: gap in per cent against seconds, both on logarithmic scales."""
    import vl_convert

    values = [
        {"deal": name, "seconds": max(moment.seconds, 0.01), "gap": max(100 * moment.gap, 0.001)}
        for name, seen in runs.items()
        for moment in seen
        if moment.gap is not None
    ]
    spec: dict[str, Any] = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": 560,
        "height": 300,
        "data": {"values": values},
        "mark": {"type": "line", "interpolate": "step-after", "point": {"size": 18}},
        "encoding": {
            "x": {"field": "seconds", "type": "quantitative", "scale": {"type": "log"}, "title": "seconds"},
            "y": {
                "field": "gap",
                "type": "quantitative",
                "scale": {"type": "log"},
                "title": "gap to the bound, per cent",
            },
            "color": {"field": "deal", "type": "nominal", "title": None},
        },
        "config": {"font": "Liberation Sans, Arial, sans-serif"},
    }
    path.write_text(vl_convert.vegalite_to_svg(spec))
