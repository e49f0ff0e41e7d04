"""Technical-cooperation projects: when each begins, what it costs, what changes when it is done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from dronedeal.planning.begun import Begun, begun_of
from dronedeal.planning.blocks.delivery import deliveries
from dronedeal.planning.blocks.registry import columns, rows, utility
from dronedeal.planning.bounds import ROOM, Bounds
from dronedeal.planning.data import BUYER, SELLER, BoolArray, PlanningData
from dronedeal.planning.problem import Family, ProblemBuilder
from dronedeal.planning.tree import IntArray


@columns("begin")
def begin(data: PlanningData, build: ProblemBuilder) -> None:
    """`begin[j,s] ∈ {0,1}`: a project is begun by a decision month, in time to be done inside the plan."""
    month = data.tree.slot_month
    is_possible = (month % data.investment_months == 0) & (
        month + data.projects.months[:, None] < data.calendar.months
    )
    project, slot = np.nonzero(is_possible & data.projects.counts[:, None])
    build.add_columns(
        "begin",
        {"project": project, "slot": slot},
        node=data.tree.slot_node[slot],
        upper=1.0,
        is_integer=True,
    )


@columns("boost")
def boost(data: PlanningData, build: ProblemBuilder) -> None:
    """`boost[j,r,n] ≥ 0`: effective units that a project adds to the deliveries of a year."""
    cases = [(j, r, n) for j, r, n, _ in _boosted(data)]
    project, requirement, node = _axes(cases, 3)
    build.add_columns("boost", {"project": project, "requirement": requirement, "node": node}, node=node)


@columns("saved")
def saved(data: PlanningData, build: ProblemBuilder) -> None:
    """`saved[j,k,n] ≥ 0`: units of a product started in a year that cost less by the project."""
    can_be_done = _can_be_done(data)
    cases = [
        (j, k, n)
        for j, k in zip(*np.nonzero(data.projects.saving), strict=True)
        for n in np.flatnonzero(can_be_done[j]).tolist()
    ]
    project, product, node = _axes(cases, 3)
    build.add_columns("saved", {"project": project, "product": product, "node": node}, node=node)


def _axes(cases: Sequence[tuple[int, ...]], count: int) -> list[IntArray]:
    return [np.array([case[axis] for case in cases], dtype=np.int64) for axis in range(count)]


def _can_be_done(data: PlanningData) -> BoolArray:
    """(J, n_nodes) whether a project may be done as the year of the node begins."""
    first = data.tree.slot_month[data.tree.first_slot]
    done: BoolArray = data.projects.months[:, None] <= first
    return done & data.projects.counts[:, None]


def _boosted(data: PlanningData) -> Iterator[tuple[int, int, int, IntArray]]:
    """Project, requirement, node and pairs that it makes more effective, where it may be done in time."""
    can_be_done = _can_be_done(data)
    for project in range(data.projects.count):
        is_changed = (data.projects.boost[project] > 0).any(axis=1)
        for requirement in np.unique(data.pairs.requirement[is_changed]).tolist():
            pairs = np.flatnonzero(is_changed & (data.pairs.requirement == requirement))
            is_open = data.is_deliverable[pairs].any(axis=0)
            for node in np.unique(data.tree.slot_node[is_open]).tolist():
                if can_be_done[project, node]:
                    yield project, requirement, node, pairs


def projects_begun(data: PlanningData, build: ProblemBuilder) -> Begun:
    """When projects are begun."""
    return begun_of(build, "begin", count=data.projects.count)


def done_by(data: PlanningData, begun: Begun, *, project: int, slot: int) -> IntArray:
    """The column, if there is one, that makes a project done as the month of a slot begins."""
    return begun.done(project, months=int(data.projects.months[project]), slot=slot)


@rows("begin_stays")
def begin_stays(data: PlanningData, build: ProblemBuilder) -> None:
    """`begin[j,s'] ≤ begin[j,s]` for the decision month `s'` before `s`: what is begun stays so."""
    projects_begun(data, build).add_stays(build, build.columns["begin"], name="begin_stays", axis="project")


def _add(build: ProblemBuilder, family: Family, offset: int, column: IntArray, value: float) -> None:
    build.add_entries(np.full(len(column), family.start + offset), column, value)


@rows("boost_size")
def boost_size(data: PlanningData, build: ProblemBuilder) -> None:
    """`boost[j,r,n] ≤ Σ chance · min(effect, 1 − e) · deliveries of its systems to r in the year`."""
    boosts = build.columns["boost"]
    family = build.add_rows("boost_size", boosts.coordinates, count=boosts.count, upper=0.0)
    build.add_entries(family.numbers, boosts.numbers, 1.0)
    at = family.lookup(data.projects.count, data.requirements.count, data.tree.n_nodes)
    column, pair, node = deliveries(data, build)
    requirement, year = data.pairs.requirement[pair], data.tree.case[node]
    for project in range(data.projects.count):
        row = at[project, requirement, node]
        gain = data.projects.boost[project, pair, year]
        counts = (row >= 0) & (gain > 0)
        build.add_entries(row[counts], column[counts], -gain[counts])


@rows("boost_done")
def boost_done(data: PlanningData, build: ProblemBuilder) -> None:
    """`boost[j,r,n] ≤ M · begin[j,s]`, `s` so many months before the year begins.

    `M` is a little above what the bound on the deliveries of the year allows.
    """
    boosts, begun, bounds = build.columns["boost"], projects_begun(data, build), Bounds(data)
    family = build.add_rows("boost_done", boosts.coordinates, count=boosts.count, upper=0.0)
    build.add_entries(family.numbers, boosts.numbers, 1.0)
    for offset, (project, _, node, pairs) in enumerate(_boosted(data)):
        most = 0.0
        system = data.products.system[data.pairs.product[pairs]]
        for number in np.unique(system).tolist():
            year, mine = int(data.tree.case[node]), pairs[system == number]
            most += float(data.projects.boost[project, mine[0], year]) * bounds.delivered(mine, year)
        chosen = done_by(data, begun, project=project, slot=int(data.tree.first_slot[node]))
        _add(build, family, offset, chosen, -ROOM * most)


@rows("saved_size")
def saved_size(data: PlanningData, build: ProblemBuilder) -> None:
    """`saved[j,k,n] ≤ Σ_{s of the year} make[k,s]`."""
    savings = build.columns["saved"]
    family = build.add_rows("saved_size", savings.coordinates, count=savings.count, upper=0.0)
    build.add_entries(family.numbers, savings.numbers, 1.0)
    make = build.columns["make"].lookup(data.products.count, data.tree.n_slots)
    for offset in range(savings.count):
        months = data.tree.slot_node == savings.coordinates["node"][offset]
        made = make[savings.coordinates["product"][offset], months]
        _add(build, family, offset, made[made >= 0], -1.0)


@rows("saved_done")
def saved_done(data: PlanningData, build: ProblemBuilder) -> None:
    """`saved[j,k,n] ≤ M · begin[j,s]`, `s` so many months before the year begins.

    `M` is a little above what the line could make in the year.
    """
    savings, begun, bounds = build.columns["saved"], projects_begun(data, build), Bounds(data)
    family = build.add_rows("saved_done", savings.coordinates, count=savings.count, upper=0.0)
    build.add_entries(family.numbers, savings.numbers, 1.0)
    axes = (savings.coordinates[axis].tolist() for axis in ("project", "product", "node"))
    for offset, (project, product, node) in enumerate(zip(*axes, strict=True)):
        most = bounds.made_in(product, int(data.tree.case[node]))
        chosen = done_by(data, begun, project=project, slot=int(data.tree.first_slot[node]))
        _add(build, family, offset, chosen, -ROOM * most)


@rows("successor")
def successor(data: PlanningData, build: ProblemBuilder) -> None:
    """`Σ deliveries of system i to r in the month ≤ M · Σ_{j: opens i} begin[j,s']`, `s'` its months before.

    Such deliveries are never pooled over a year. `M` is as for integration work.
    """
    ship = build.columns["ship"]
    pair, slot = ship.coordinates["pair"], ship.coordinates["slot"]
    system = data.products.system[data.pairs.product[pair]]
    waits: BoolArray = np.any(data.projects.opens, axis=0)[system]
    column, pair, slot, system = ship.numbers[waits], pair[waits], slot[waits], system[waits]
    requirement = data.pairs.requirement[pair]
    keys, of = np.unique(np.stack([system, requirement, slot]), axis=1, return_inverse=True)
    family = build.add_rows(
        "successor",
        {"system": keys[0], "requirement": keys[1], "slot": keys[2]},
        count=keys.shape[1],
        upper=0.0,
    )
    build.add_entries(family.start + of.ravel(), column, 1.0)
    begun, bounds = projects_begun(data, build), Bounds(data)
    for offset, (number, asked, at) in enumerate(keys.T.tolist()):
        pairs = np.unique(pair[(system == number) & (requirement == asked)])
        most = bounds.delivered(pairs, int(data.tree.case[data.tree.slot_node[at]]))
        for project in np.flatnonzero(data.projects.opens[:, number]).tolist():
            _add(build, family, offset, done_by(data, begun, project=project, slot=at), -ROOM * most)


@utility("project_cost")
def project_cost(data: PlanningData, build: ProblemBuilder) -> None:
    """Buyer and seller: `− δ·share·cost` every twelve months from `begin[j,s] − begin[j,s']` on.

    What would be due after the plan is paid in its last month.
    """
    tree, cost, begun = data.tree, data.projects.cost, projects_begun(data, build)
    last = data.calendar.months - 1
    for _, slots, ancestors in tree.lags():
        month = tree.slot_month[slots]
        for year in range(cost.shape[2]):
            is_due = np.minimum(tree.slot_month[ancestors] + 12 * year, last) == month
            if not is_due.any():
                continue
            project, position = np.nonzero((begun.column[:, ancestors] >= 0) & is_due)
            for by, sign in ((begun.column, -1.0), (begun.before, 1.0)):
                column = by[project, ancestors[position]]
                exists = column >= 0
                for party in (BUYER, SELLER):
                    amount = sign * cost[project, party, year, month[position]]
                    build.add_flow(party, column[exists], amount[exists], slot=slots[position[exists]])


@utility("project_savings")
def project_savings(data: PlanningData, build: ProblemBuilder) -> None:
    """Operator: `+ δ(last month of the year) · chance · (1 − factor) · unit_cost · saved`.

    It is expected only, so that no account counts on it.
    """
    savings = build.columns["saved"]
    project, product = savings.coordinates["project"], savings.coordinates["product"]
    slot = data.tree.last_slot[savings.coordinates["node"]]
    for party in (BUYER, SELLER):
        chosen = data.products.operator[product] == party
        worth = data.projects.saving[project[chosen], product[chosen]]
        weight = build.present_value(party, slot[chosen])
        build.add_utility(party, savings.numbers[chosen], weight * worth)
