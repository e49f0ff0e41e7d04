"""Integration work: when each piece begins, which deliveries wait for it, and what it costs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from dronedeal.planning.begun import Begun, begun_of
from dronedeal.planning.blocks.delivery import deliveries
from dronedeal.planning.blocks.projects import done_by, projects_begun
from dronedeal.planning.blocks.registry import columns, rows, utility
from dronedeal.planning.bounds import ROOM, Bounds
from dronedeal.planning.data import BUYER, SELLER, PlanningData
from dronedeal.planning.problem import ProblemBuilder
from dronedeal.planning.tree import IntArray


def waiting_pairs(data: PlanningData, work: int) -> IntArray:
    """Pairs whose deliveries wait for a work: its system, to requirements of its branches."""
    is_system = data.products.system[data.pairs.product] == data.works.system[work]
    return np.flatnonzero(is_system & data.works.is_for[work, data.pairs.requirement])


@columns("integrate")
def integrate(data: PlanningData, build: ProblemBuilder) -> None:
    """`integrate[w,s] ∈ {0,1}`: a work is begun by a slot, to be done at once or as a buyer year begins."""
    found = [(work, slot) for work in range(data.works.count) for slot in _starts(data, work)]
    work = np.array([number for number, _ in found], dtype=np.int64)
    slot = np.array([at for _, at in found], dtype=np.int64)
    build.add_columns(
        "integrate", {"work": work, "slot": slot}, node=data.tree.slot_node[slot], upper=1.0, is_integer=True
    )


def _starts(data: PlanningData, work: int) -> list[int]:
    """Slots in which a work may begin: none where nothing that waits for it could be delivered anyway."""
    is_open = data.is_deliverable[waiting_pairs(data, work)].any(axis=0)
    if not is_open.any():
        return []
    last = int(data.tree.slot_month[is_open].max())
    firsts = {data.buyer_years.months_in(year)[0] for year in data.buyer_years.names}
    starts: set[int] = set()
    for lead in data.at_node.work_leads[work]:
        ready = {lead, *(month for month in firsts if month > lead)}
        starts |= {month - lead for month in ready if month <= last}
    return np.flatnonzero(np.isin(data.tree.slot_month, sorted(starts))).tolist()


@rows("integrate_stays")
def integrate_stays(data: PlanningData, build: ProblemBuilder) -> None:
    """`integrate[w,s'] ≤ integrate[w,s]` for the start `s'` before `s`: what is begun stays so."""
    works_begun(data, build).add_stays(build, build.columns["integrate"], name="integrate_stays", axis="work")


def works_begun(data: PlanningData, build: ProblemBuilder) -> Begun:
    """When works are begun."""
    return begun_of(build, "integrate", count=data.works.count)


@rows("integrated")
def integrated(data: PlanningData, build: ProblemBuilder) -> None:
    """`Σ deliveries of the system to r in a year ≤ M · (integrate[w,s] + done)`, `s` the last start in time.

    By construction a work is done before the first delivery of a year that it could close, or not in that
    year. `M` is a little above what the requirement takes, the price rows have on sale or the lines can make,
    whatever is least. `done` are projects that make the work needless, done as the year begins.
    """
    cases = list(_cases(data))
    work, requirement, node = (np.array([case[axis] for case in cases], dtype=np.int64) for axis in range(3))
    family = build.add_rows(
        "integrated",
        {"work": work, "requirement": requirement, "node": node},
        count=len(cases),
        upper=0.0,
    )
    bounds, projects = Bounds(data), projects_begun(data, build)
    begun = works_begun(data, build)
    column, pair, year = deliveries(data, build)
    at = family.lookup(data.works.count, data.requirements.count, data.tree.n_nodes)
    system = data.products.system[data.pairs.product[pair]]
    for number in range(data.works.count):
        row = at[number, data.pairs.requirement[pair], year]
        waits = (row >= 0) & (system == data.works.system[number])
        build.add_entries(row[waits], column[waits], 1.0)
    most = ROOM * bounds.all_delivered([pairs for *_, pairs in cases], data.tree.case[node])
    done = []
    for number, asked, at_node, _ in cases:
        own = _in_time(data, begun, work=number, node=at_node)
        first = int(data.tree.first_slot[at_node])
        spared = [
            done_by(data, projects, project=project, slot=first)
            for project in np.flatnonzero(data.projects.spares[:, number, asked]).tolist()
        ]
        done.append(np.concatenate([own, *spared]))
    count = np.array([len(each) for each in done], dtype=np.int64)
    chosen = np.concatenate([np.zeros(0, dtype=np.int64), *done])
    build.add_entries(np.repeat(family.numbers, count), chosen, -np.repeat(most, count))


def _in_time(data: PlanningData, begun: Begun, *, work: int, node: int) -> IntArray:
    """The column, if there is one, that makes a work done in time for the deliveries of a node.

    It is the last start with which the work is done as the year begins; in the year in which work begun in
    the first month ends, whose deliveries wait for that month anyway, the first one.
    """
    tree, months = data.tree, int(data.at_node.work_months[work, node])
    own = begun.done(work, months=months, slot=int(tree.first_slot[node]))
    if len(own) or tree.slot_month[tree.last_slot[node]] < months:
        return own
    earliest: IntArray = begun.column[work, tree.slots_to(int(tree.last_slot[node]))[:1]]
    chosen: IntArray = earliest[earliest >= 0]
    return chosen


def _cases(data: PlanningData) -> Iterator[tuple[int, int, int, IntArray]]:
    """Work, requirement, node and waiting pairs wherever something waits and could be delivered."""
    for work in range(data.works.count):
        waiting = waiting_pairs(data, work)
        for requirement in np.unique(data.pairs.requirement[waiting]).tolist():
            pairs = waiting[data.pairs.requirement[waiting] == requirement]
            is_open = data.is_deliverable[pairs].any(axis=0)
            for node in np.unique(data.tree.slot_node[is_open]).tolist():
                yield work, requirement, node, pairs


@utility("integration_cost")
def integration_cost(data: PlanningData, build: ProblemBuilder) -> None:
    """Payer: `− δ·cost` in the month in which the work begins, `integrate[w,s] − integrate[w,s']`."""
    family = build.columns["integrate"]
    for column, work, slot, sign in works_begun(data, build).changes(family, axis="work"):
        cost = sign * data.works.cost[work, data.tree.slot_month[slot]]
        for party in (BUYER, SELLER):
            chosen = data.works.payer[work] == party
            build.add_flow(party, column[chosen], -cost[chosen], slot=slot[chosen])
