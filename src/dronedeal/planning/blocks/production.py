"""Row families of production: capacity, openings, stock, components."""

from __future__ import annotations

import numpy as np

from dronedeal.planning.blocks.projects import done_by, projects_begun
from dronedeal.planning.blocks.registry import rows
from dronedeal.planning.data import PlanningData
from dronedeal.planning.problem import Family, ProblemBuilder
from dronedeal.planning.tree import FloatArray, IntArray


@rows("capacity")
def capacity(data: PlanningData, build: ProblemBuilder) -> None:
    """`Σ_k load·make[k,s] − Σ ramp·initial·open − Σ ramp·step_size·step ≤ initial·[existing, available]`."""
    lines, tree = data.lines, data.tree
    line = np.repeat(np.arange(lines.count), tree.n_slots)
    slot = np.tile(np.arange(tree.n_slots), lines.count)
    is_working = lines.is_working(tree.slot_month)[line, slot]
    family = build.add_rows(
        "capacity",
        {"line": line, "slot": slot},
        count=len(line),
        upper=np.where(is_working, data.at_node.initial[line, tree.slot_node[slot]], 0.0),
    )
    at = family.lookup(lines.count, tree.n_slots)
    made = build.columns["make"]
    product, month = made.coordinates["product"], made.coordinates["slot"]
    build.add_entries(at[data.products.line[product], month], made.numbers, data.products.load[product])
    _add_growth(data, build, at, build.columns["open"], data.at_node.initial, lines.open_lead)
    _add_growth(data, build, at, build.columns["step"], data.at_node.step_size, lines.step_lead)


def _add_growth(
    data: PlanningData, build: ProblemBuilder, at: IntArray, family: Family, size: FloatArray, lead: IntArray
) -> None:
    """Capacity that a decision brings to every later slot on its paths, on its ramp; `size` is by node."""
    decided = family.lookup(data.lines.count, data.tree.n_slots)
    for lag, slots, ancestors in data.tree.lags():
        grown = data.lines.ramped(lag, lead)
        if not grown.any():
            continue
        brought = grown[:, None] * size[:, data.tree.slot_node[slots]]
        line, position = np.nonzero((decided[:, ancestors] >= 0) & (brought > 0))
        build.add_entries(
            at[line, slots[position]], decided[line, ancestors[position]], -brought[line, position]
        )


@rows("open_once")
def open_once(data: PlanningData, build: ProblemBuilder) -> None:
    """`Σ_s open[l,s] ≤ 1` on every path."""
    _on_every_path(
        data, build, name="open_once", family=build.columns["open"], limit=np.ones(data.lines.count)
    )


@rows("step_limit")
def step_limit(data: PlanningData, build: ProblemBuilder) -> None:
    """`Σ_s step[l,s] ≤ max_steps` on every path."""
    limit = data.lines.max_steps.astype(float)
    _on_every_path(data, build, name="step_limit", family=build.columns["step"], limit=limit)


def _on_every_path(
    data: PlanningData, build: ProblemBuilder, *, name: str, family: Family, limit: FloatArray
) -> None:
    number = family.lookup(data.lines.count, data.tree.n_slots)
    lines = np.flatnonzero((number >= 0).any(axis=1))
    paths = data.tree.windows(range(data.calendar.months))
    line = np.repeat(lines, len(paths))
    node = np.tile([data.tree.slot_node[path[-1]] for path in paths], len(lines)).astype(np.int64)
    block = build.add_rows(name, {"line": line, "node": node}, count=len(line), upper=limit[line])
    for offset in range(len(line)):
        columns = number[line[offset], paths[offset % len(paths)]]
        columns = columns[columns >= 0]
        build.add_entries(np.full(len(columns), block.start + offset), columns, 1.0)


@rows("step_after_open")
def step_after_open(data: PlanningData, build: ProblemBuilder) -> None:
    """`Σ_{s'≤s} step[l,s'] ≤ max_steps · Σ_{s'≤s} open[l,s']` for candidates at every decision slot."""
    steps = build.columns["step"]
    line, slot = steps.coordinates["line"], steps.coordinates["slot"]
    is_candidate = data.lines.is_candidate[line]
    line, slot = line[is_candidate], slot[is_candidate]
    family = build.add_rows("step_after_open", {"line": line, "slot": slot}, count=len(line), upper=0.0)
    at = family.lookup(data.lines.count, data.tree.n_slots)
    limit = data.lines.max_steps.astype(float)
    for name, factor in (("step", np.ones(data.lines.count)), ("open", -limit)):
        decided = build.columns[name].lookup(data.lines.count, data.tree.n_slots)
        for _, slots, ancestors in data.tree.lags():
            on, position = np.nonzero((decided[:, ancestors] >= 0) & (at[:, slots] >= 0))
            build.add_entries(at[on, slots[position]], decided[on, ancestors[position]], factor[on])


@rows("stock_balance")
def stock_balance(data: PlanningData, build: ProblemBuilder) -> None:
    """`stock[k,s] − stock[k,s−1] − yield·make + pool + Σ ship + Σ home + Σ sale = 0`.

    In the first month the right side is `initial_stock`.
    """
    tree, products = data.tree, data.products
    stocks = build.columns["stock"]
    product, slot = stocks.coordinates["product"], stocks.coordinates["slot"]
    start = np.where(tree.previous_slot[slot] < 0, products.initial_stock[product], 0.0)
    family = build.add_rows(
        "stock_balance", {"product": product, "slot": slot}, count=len(product), lower=start, upper=start
    )
    shape = (products.count, tree.n_slots)
    at, stock = family.lookup(*shape), stocks.lookup(*shape)
    build.add_entries(family.numbers, stocks.numbers, 1.0)
    has_previous = tree.previous_slot[slot] >= 0
    previous = stock[product[has_previous], tree.previous_slot[slot[has_previous]]]
    build.add_entries(family.numbers[has_previous], previous, -1.0)
    made = build.columns["make"]
    of = made.coordinates["product"]
    build.add_entries(at[of, made.coordinates["slot"]], made.numbers, -products.yield_rate[of])
    for name, axis, owner in (
        ("pool", "product", np.arange(products.count)),
        ("ship", "pair", data.pairs.product),
        ("home", "home_pair", data.home.product),
        ("sale", "sale_pair", data.sales.product),
    ):
        taken = build.columns[name]
        row = at[owner[taken.coordinates[axis]], taken.coordinates["slot"]]
        is_line_product = row >= 0
        build.add_entries(row[is_line_product], taken.numbers[is_line_product], 1.0)


@rows("component_supply")
def component_supply(data: PlanningData, build: ProblemBuilder) -> None:
    """`Σ_{k, s of the year} (parts·make[k,s] − replaced + put in place) ≤ limit + Σ_j parts_j · done[j]`.

    For every stated supply; `replaced` and `put in place` are parts of units made with a substitute. A
    project adds its parts from the first whole year on at whose beginning it is done.
    """
    begun = projects_begun(data, build)
    make = build.columns["make"].lookup(data.products.count, data.tree.n_slots)
    swap = build.columns["swap"].lookup(data.substitutes.count, data.tree.n_slots)
    cases = [
        (number, window)
        for number, year in enumerate(data.components.year)
        for window in data.tree.windows(data.seller_years.months_in(int(year)))
    ]
    supply = np.array([number for number, _ in cases], dtype=np.int64)
    node = np.array([data.tree.slot_node[window[-1]] for _, window in cases], dtype=np.int64)
    first = np.array([data.tree.slot_node[window[0]] for _, window in cases], dtype=np.int64)
    family = build.add_rows(
        "component_supply",
        {"supply": supply, "node": node},
        count=len(cases),
        upper=data.at_node.supply[supply, first] if len(cases) else 0.0,
    )
    for offset, (number, window) in enumerate(cases):
        product, parts = data.components.parts[number]
        columns = make[np.ix_(product, window)]
        row = np.full(columns.shape, family.start + offset)
        count = np.broadcast_to(parts[:, None], columns.shape)
        exists = columns >= 0
        build.add_entries(row[exists], columns[exists], count[exists])
        for project in np.flatnonzero(data.projects.parts[:, number]).tolist():
            done = done_by(data, begun, project=project, slot=int(window[0]))
            build.add_entries(
                np.full(len(done), family.start + offset), done, -float(data.projects.parts[project, number])
            )
        _add_swapped(data, build, family.start + offset, swap[:, window], data.components.component[number])


def _add_swapped(
    data: PlanningData, build: ProblemBuilder, row: int, columns: IntArray, component: int
) -> None:
    """Parts that substitutes save, or take, of one component in some slots; `columns` is (swaps, slots)."""
    substitutes = data.substitutes
    taken = (substitutes.substitute == component).astype(float) - (substitutes.part == component)
    used = np.broadcast_to((substitutes.quantity * taken)[:, None], columns.shape)
    counts = (columns >= 0) & (used != 0)
    build.add_entries(np.full(counts.sum(), row), columns[counts], used[counts])
