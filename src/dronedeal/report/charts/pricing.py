"""Picture of prices paid against what the deal says that a unit is worth."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dronedeal.assessment.valuation import Valuation
from dronedeal.report.charts.style import (
    BLUE,
    GREEN,
    INK,
    LABEL_LIMIT,
    ORANGE,
    ROW_HEIGHT,
    ROWS_SHOWN,
    SILVER,
    VERMILION,
    document,
    legend,
    plot_width,
)
from dronedeal.report.charts.text import distinct_labels
from dronedeal.report.figure import Figure, figure
from dronedeal.report.grid import Grid, GridColumn
from dronedeal.report.view import View, totals
from dronedeal.report.wording import count_text, list_text, shorten


@dataclass(frozen=True, slots=True)
class PricePaid:
    """What one requirement pays for one system in one fiscal year, and what a unit is worth to it.

    `price`, `price_then_year`, `per_effective` and the two values are money per unit, base-year unless named
    otherwise; `kind` is that of the requirement.
    """

    system: str
    requirement: str
    year: int
    quantity: float
    price: float
    price_then_year: float
    effectiveness: float
    value_threshold: float
    value_objective: float
    kind: str

    @property
    def per_effective(self) -> float:
        """Price of one effective unit."""
        return self.price / self.effectiveness


def prices_paid(view: View) -> tuple[PricePaid, ...]:
    """Prices paid by system, requirement and fiscal year, beside the values that the deal states."""
    worth = Valuation(view.deal)
    party = view.deal.settings.buyer.id
    requirements = {row.id: row for row in view.requirements}
    sums = totals(
        view.rows("purchases"),
        lambda row: (row["system"], row["requirement"], row["fiscal_year"]),
        "quantity",
        "amount",
        "amount_then_year",
    )
    found = []
    for (system, requirement, year), (quantity, amount, then) in sums.items():
        if quantity <= 0 or requirement not in requirements:
            continue
        row = requirements[requirement]
        found.append(
            PricePaid(
                system,
                requirement,
                year,
                quantity,
                amount / quantity,
                then / quantity,
                view.effectiveness.get((requirement, system), 1.0),
                worth.base_amount(row.worth[0], row, party=party, year=year),
                worth.base_amount(row.worth[1], row, party=party, year=year),
                row.kind,
            )
        )
    return tuple(found)


@figure("prices", order=7)
def prices(view: View) -> Figure:
    """Price of one effective unit against what the deal says that it is worth."""
    paid = [price for price in prices_paid(view) if price.effectiveness > 0]
    title = f"Price paid for one effective unit against its stated value, {view.base_unit}"
    grid = _price_grid(view, paid)
    visible = [price for price in paid if price.per_effective > 0]
    if not visible:
        return Figure("prices", title, "The plan pays no prices.", None, grid)
    weights: dict[tuple[str, str], float] = {}
    for price in visible:
        key = (price.system, price.requirement)
        weights[key] = weights.get(key, 0.0) + price.price * price.quantity
    order = sorted(weights, key=lambda key: (-weights[key], key))
    left = len(order) - ROWS_SHOWN
    note = f"{count_text(left, 'smaller purchase')} only in the table." if left > 0 else ""
    spec = _price_spec(view, visible, order[:ROWS_SHOWN])
    return Figure("prices", title, _price_summary(view, visible), spec, grid, note)


def _price_summary(view: View, paid: Sequence[PricePaid]) -> str:
    low = min(paid, key=lambda price: price.price)
    high = max(paid, key=lambda price: price.price)
    use = [price for price in paid if price.kind == "use"]
    above = sorted(
        {view.names.system(price.system) for price in use if price.per_effective > price.value_threshold}
    )
    tail = (
        f"dearer than the value up to the threshold: {list_text(above, 4)}"
        if above
        else ("no unit that counts by delivery costs more than its value up to the threshold")
    )
    return (
        f"Unit prices run from {view.money(low.price)} ({view.names.system(low.system)}) to "
        f"{view.money(high.price)} ({view.names.system(high.system)}), {view.base_unit}; {tail}."
    )


def _price_spec(view: View, paid: Sequence[PricePaid], shown: Sequence[tuple[str, str]]) -> dict[str, Any]:
    names = {
        key: f"{shorten(view.names.system(key[0]), 26)} → {view.names.requirement(key[1])}" for key in shown
    }
    labels = distinct_labels(names, LABEL_LIMIT + 8)
    points, ranges = [], []
    for key in shown:
        of_pair = [price for price in paid if (price.system, price.requirement) == key]
        each = [price.per_effective for price in of_pair]
        ranges.append({"label": labels[key], "low": min(each), "high": max(each)})
        last = of_pair[-1]
        suffix = ", for a year on hand" if last.kind == "stock" else ""
        points.append(
            {
                "label": labels[key],
                "amount": sum(each) / len(each),
                "what": "price paid, mean and range",
            }
        )
        for amount, what in (
            (last.value_threshold, "value to threshold"),
            (last.value_objective, "value to objective"),
        ):
            if amount > 0:
                points.append({"label": labels[key], "amount": amount, "what": what + suffix})
    return _price_document(
        list(labels.values()), points=points, ranges=ranges, unit=f"{view.base_unit}, per effective unit"
    )


# More ticks than this would run into one another.
TICKS_SHOWN = 7
_LOOKS = (
    ("price paid, mean and range", "circle", INK),
    ("value to threshold", "diamond", BLUE),
    ("value to objective", "triangle-down", ORANGE),
    ("value to threshold, for a year on hand", "square", GREEN),
    ("value to objective, for a year on hand", "triangle-up", VERMILION),
)


def _price_document(
    labels: Sequence[str], *, points: list[dict[str, Any]], ranges: list[dict[str, Any]], unit: str
) -> dict[str, Any]:
    present = {point["what"] for point in points}
    looks = [look for look in _LOOKS if look[0] in present]
    ticks = log_ticks(
        [row[name] for row in ranges for name in ("low", "high")] + [row["amount"] for row in points]
    )
    y = {
        "field": "label",
        "type": "nominal",
        "sort": list(labels),
        "title": None,
        "axis": {"ticks": False, "grid": True},
    }
    x = {
        "type": "quantitative",
        "title": f"{unit} (logarithmic scale)",
        "scale": {"type": "log", "domain": [ticks[0], ticks[-1]]},
        "axis": {"values": ticks if len(ticks) <= TICKS_SHOWN else _decades(ticks), "format": ",~r"},
    }
    domain = [name for name, _, _ in looks]
    colour = {
        "field": "what",
        "type": "nominal",
        "scale": {"domain": domain, "range": [look[2] for look in looks]},
    }
    shape = {
        "field": "what",
        "type": "nominal",
        "scale": {"domain": domain, "range": [look[1] for look in looks]},
    }
    key = legend(domain, plot_width(labels))
    return document(
        labels=labels,
        width=plot_width(labels),
        height={"step": ROW_HEIGHT},
        layer=[
            {
                "data": {"values": ranges},
                "mark": {"type": "rule", "strokeWidth": 3, "color": SILVER},
                "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}},
            },
            {
                "data": {"values": points},
                "mark": {"type": "point", "filled": True, "size": 75, "opacity": 1},
                "encoding": {
                    "y": y,
                    "x": {**x, "field": "amount"},
                    "color": {**colour, "legend": key},
                    "shape": {**shape, "legend": key},
                },
            },
        ],
    )


def log_ticks(amounts: Sequence[float]) -> list[float]:
    """Numbers of the series 1, 2, 5, 10 … from below the least amount to above the greatest.

    >>> log_ticks([1480, 11_000])
    [1000.0, 2000.0, 5000.0, 10000.0, 20000.0]
    """
    low, high = min(amounts), max(amounts)
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 2)
    series = [step * 10.0**power for power in powers for step in (1, 2, 5)]
    first = max(place for place, tick in enumerate(series) if tick <= low * (1 + 1e-9))
    last = min(place for place, tick in enumerate(series) if tick >= high * (1 - 1e-9) and place > first)
    return series[first : last + 1]


def _decades(ticks: Sequence[float]) -> list[float]:
    """The powers of ten among ticks."""
    return [tick for tick in ticks if abs(math.log10(tick) - round(math.log10(tick))) < 1e-9]


def _price_grid(view: View, paid: Sequence[PricePaid]) -> Grid:
    each = f"{view.base_unit}, per unit"
    effective = f"{view.base_unit}, per effective unit"
    return Grid(
        "Prices paid by system, requirement and fiscal year",
        (
            GridColumn("System"),
            GridColumn("Requirement"),
            GridColumn("Fiscal year", "year"),
            GridColumn("Units", "quantity", "units"),
            GridColumn("Price", "price", each),
            GridColumn("Price as paid", "price", f"{view.then_unit}, per unit"),
            GridColumn("Effectiveness", "dual", "effective units per unit"),
            GridColumn("Price", "price", effective),
            GridColumn("Value to threshold", "price", effective),
            GridColumn("Value to objective", "price", effective),
            GridColumn("Value holds for"),
        ),
        tuple(
            (
                view.names.system(item.system),
                view.names.requirement(item.requirement),
                item.year,
                item.quantity,
                item.price,
                item.price_then_year,
                item.effectiveness,
                item.per_effective,
                item.value_threshold,
                item.value_objective,
                "one delivery" if item.kind == "use" else "one year on hand",
            )
            for item in paid
        ),
        sheet="Prices paid",
        note="Values are the deal's own statement of what an effective unit is worth to the buyer.",
    )
