"""Row families of what is not sold to the buyer: own needs, returned output, other buyers."""

from __future__ import annotations

from functools import cache

import numpy as np

from dronedeal.planning.blocks.registry import rows
from dronedeal.planning.data import PlanningData
from dronedeal.planning.problem import Family, ProblemBuilder
from dronedeal.planning.tree import FloatArray, IntArray


def _year_cases(data: PlanningData, years: IntArray) -> list[tuple[int, IntArray]]:
    """(number, slots of its fiscal year) for each number and each path through the year."""
    return [
        (number, window)
        for number, year in enumerate(years)
        for window in data.tree.windows(data.seller_years.months_in(int(year)))
    ]


def _pairs_of(owner: IntArray, count: int) -> list[IntArray]:
    order = np.argsort(owner, kind="stable")
    ends = np.cumsum(np.bincount(owner, minlength=count))
    return np.split(order, ends[:-1]) if count else []


@rows("home_pace")
def home_pace(data: PlanningData, build: ProblemBuilder) -> None:
    """`Σ_{τ ≤ s of the year} home + v ≥ required_share · quantity · elapsed share of the year`."""
    cases = _year_cases(data, data.home.year)
    need = np.array([number for number, window in cases for _ in window], dtype=np.int64)
    slot = np.array([at for _, window in cases for at in window], dtype=np.int64)
    elapsed = np.array(
        [(position + 1) / len(window) for _, window in cases for position in range(len(window))]
    )
    first = np.array([data.tree.slot_node[window[0]] for _, window in cases for _ in window], dtype=np.int64)
    asked = data.home.required_share[need] * data.at_node.home[need, first] * elapsed if len(cases) else 0.0
    family = build.add_rows("home_pace", {"need": need, "slot": slot}, count=len(need), lower=asked)
    home = build.columns["home"].lookup(len(data.home.product), data.tree.n_slots)
    pairs = _pairs_of(data.home.need, data.home.count)
    violation = build.columns["home_need_violation"]
    start = family.start
    for offset, (number, window) in enumerate(cases):
        months = len(window)
        row, until = _so_far(months)
        count = len(pairs[number])
        build.add_entries(np.tile(start + row, count), home[pairs[number]][:, window[until]].ravel(), 1.0)
        short = np.full(months, violation.start + offset)
        build.add_entries(start + np.arange(months), short, 1.0)
        start += months


@cache
def _so_far(months: int) -> tuple[IntArray, IntArray]:
    """Each month of a year, and each month up to it."""
    row, until = np.tril_indices(months)
    return row, until


@rows("home_ceiling")
def home_ceiling(data: PlanningData, build: ProblemBuilder) -> None:
    """`Σ_{s of the year} home[q,s] ≤ quantity`: an own need is not served beyond its size."""
    _year_total(
        data,
        build,
        name="home_ceiling",
        axis="need",
        sizes=(data.at_node.home, data.home.year),
        taken=(build.columns["home"], data.home.need),
    )


@rows("sale_maximum")
def sale_maximum(data: PlanningData, build: ProblemBuilder) -> None:
    """`Σ_{s of the year} sale[q,s] ≤ maximum` of the other buyer."""
    _year_total(
        data,
        build,
        name="sale_maximum",
        axis="customer",
        sizes=(np.repeat(data.sales.maximum[:, None], data.tree.n_nodes, axis=1), data.sales.year),
        taken=(build.columns["sale"], data.sales.customer),
    )


def _year_total(
    data: PlanningData,
    build: ProblemBuilder,
    *,
    name: str,
    axis: str,
    sizes: tuple[FloatArray, IntArray],
    taken: tuple[Family, IntArray],
) -> None:
    """Rows `Σ of the year ≤ limit`; `sizes` are limit and year, `taken` the columns and their owners.

    The limit is (numbers, n_nodes): that of the node in which the year begins holds.
    """
    (limit, years), (family, owner) = sizes, taken
    cases = _year_cases(data, years)
    number = np.array([case for case, _ in cases], dtype=np.int64)
    node = np.array([data.tree.slot_node[window[-1]] for _, window in cases], dtype=np.int64)
    first = np.array([data.tree.slot_node[window[0]] for _, window in cases], dtype=np.int64)
    block = build.add_rows(
        name,
        {axis: number, "node": node},
        count=len(cases),
        upper=limit[number, first] if len(cases) else 0.0,
    )
    column = family.lookup(len(owner), data.tree.n_slots)
    pairs = _pairs_of(owner, len(limit))
    chosen = [column[np.ix_(pairs[case], window)].ravel() for case, window in cases]
    row = np.repeat(block.numbers, np.array([len(each) for each in chosen], dtype=np.int64))
    build.add_entries(row, np.concatenate([np.zeros(0, dtype=np.int64), *chosen]), 1.0)


@rows("returned_output")
def returned_output(data: PlanningData, build: ProblemBuilder) -> None:
    """`Σ home of the line + v ≥ return_share · Σ yield · make of the line` in each year of the seller."""
    violation = build.columns["return_share_violation"]
    line = violation.coordinates["line"]
    year = violation.coordinates["seller_year"]
    node = violation.coordinates["node"]
    family = build.add_rows(
        "returned_output", {"line": line, "seller_year": year, "node": node}, count=len(line), lower=0.0
    )
    build.add_entries(family.numbers, violation.numbers, 1.0)
    make = build.columns["make"].lookup(data.products.count, data.tree.n_slots)
    home = build.columns["home"].lookup(len(data.home.product), data.tree.n_slots)
    names = data.seller_years.names
    for offset in range(len(line)):
        months = data.seller_years.months_in(names[year[offset]])
        window = _window_ending_in(data, months, int(node[offset]))
        products = np.flatnonzero(data.products.line == line[offset])
        pairs = np.flatnonzero(np.isin(data.home.product, products))
        returned = home[np.ix_(pairs, window)].ravel()
        returned = returned[returned >= 0]
        build.add_entries(np.full(len(returned), family.start + offset), returned, 1.0)
        made = make[np.ix_(products, window)]
        weight = np.broadcast_to(
            -data.lines.return_share[line[offset]] * data.products.yield_rate[products][:, None], made.shape
        )
        exists = made >= 0
        build.add_entries(np.full(exists.sum(), family.start + offset), made[exists], weight[exists])


def _window_ending_in(data: PlanningData, months: range, node: int) -> IntArray:
    return next(window for window in data.tree.windows(months) if data.tree.slot_node[window[-1]] == node)
