"""The arrays of a deal on a scenario tree: each node has the figures that are in force in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from dronedeal.assessment import Assessment, Pairing
from dronedeal.deal import Deal
from dronedeal.deal.scenario_tree import ScenarioTree
from dronedeal.planning.arrange import arrange
from dronedeal.planning.data import PlanningData
from dronedeal.planning.data_nodes import NodeFigures
from dronedeal.planning.scenarios.scales import scaled, without_scales
from dronedeal.planning.scenarios.under import Matching, state_deal, years_of
from dronedeal.planning.tree import FloatArray, IntArray, Tree
from dronedeal.quantities.calendar import FiscalYears


@dataclass(frozen=True)
class OnTree:
    """A deal on a scenario tree.

    Parameters
    ----------
    tree : the scenarios
    data : the arrays, a column for each node
    matching : the matching in each node, as if it held all the time
    """

    tree: ScenarioTree
    data: PlanningData
    matching: tuple[Assessment, ...]


def on_tree(deal: Deal, tree: ScenarioTree, *, matching: Matching | None = None) -> OnTree:
    """The arrays of a deal on a tree.

    The deal is arranged anew for each state that a node can be in, as if that state held from the first
    month to the last, once for all states that differ in nothing but factors which multiply figures; each
    node takes its own year and months from the arrays of its state. What depends on the past comes with the
    tree: what a row of an earlier year was when that year began.

    Parameters
    ----------
    deal : a deal that passed its checks
    tree : one stage for each fiscal year of the buyer
    matching : of a deal whose matching reads the same figures; None: it is worked out

    Raises
    ------
    ValueError : where the tree has another number of stages
    """
    years = years_of(deal).buyer
    if tree.n_stages != len(years.names):
        raise ValueError(f"the tree has {tree.n_stages} stages; allowed: {len(years.names)}, one a year")

    rests = [without_scales(node.outcomes) for node in tree.nodes]
    keys = [
        frozenset((varied, each.multiplier) for varied, each in rest.items() if each.multiplier != 1.0)
        for rest in rests
    ]
    of_key = dict(zip(keys, rests, strict=True))
    matching = matching or Matching(deal)
    assessments = all_eligible([matching.under(rest) for rest in of_key.values()])
    arranged = [
        arrange(state_deal(deal, rest), assessment)
        for rest, assessment in zip(of_key.values(), assessments, strict=True)
    ]
    number = {key: at for at, key in enumerate(of_key)}
    of = [number[key] for key in keys]
    of_node = [scaled(arranged[at], deal, node.outcomes) for at, node in zip(of, tree.nodes, strict=True)]
    return OnTree(tree, merged(of_node, tree, years), tuple(assessments[at] for at in of))


def all_eligible(assessments: Sequence[Assessment]) -> list[Assessment]:
    """The same with every pair eligible that is so in some state; in the others it is never open."""
    keys = [(each.requirement, each.system) for each in assessments[0].pairings]
    eligible = {
        (each.requirement, each.system)
        for assessment in assessments
        for each in assessment.pairings
        if each.is_eligible and max(each.effectiveness, *each.by_year, 0.0) > 0
    }
    by_key = [
        {(each.requirement, each.system): each for each in assessment.pairings} for assessment in assessments
    ]

    def settled(found: dict[tuple[str, str], Pairing], key: tuple[str, str]) -> Pairing:
        pairing = found[key]
        counts = max(pairing.effectiveness, *pairing.by_year, 0.0) > 0
        if key not in eligible or (pairing.is_eligible and counts):
            return pairing
        some = next(each[key] for each in by_key if each[key].is_eligible)
        return replace(some, is_eligible=True, first_month=0, last_month=-1)

    return [
        replace(assessment, pairings=tuple(settled(found, key) for key in keys))
        for assessment, found in zip(assessments, by_key, strict=True)
    ]


def planning_tree(tree: ScenarioTree, years: FiscalYears) -> Tree:
    """Nodes and months of a tree of scenarios."""
    spans = [years.months_in(years.names[stage]) for stage in tree.stage]
    return Tree(
        parent=np.array([node.parent for node in tree.nodes], dtype=np.int64),
        probability=np.array([node.probability for node in tree.nodes]),
        stage=np.array(tree.stage, dtype=np.int64),
        first_month=np.array([span.start for span in spans], dtype=np.int64),
        end_month=np.array([span.stop for span in spans], dtype=np.int64),
        has_own_figures=True,
    )


def merged(of_node: Sequence[PlanningData], scenarios: ScenarioTree, years: FiscalYears) -> PlanningData:
    """The arrays of a tree from those of the state that each node is in.

    Parameters
    ----------
    of_node : arrays of each node, as if its state held from the first month to the last; of one set of pairs
    scenarios : the nodes
    years : the buyer's fiscal years, one a stage
    """
    tree = planning_tree(scenarios, years)
    base = of_node[0]
    stage, node, month = tree.stage, tree.slot_node, tree.slot_month

    def by_node(figures: Sequence[npt.NDArray[Any]]) -> npt.NDArray[Any]:
        """(…, Y) of each node → (…, N): each node's own year."""
        return np.stack([figure[..., stage[at]] for at, figure in enumerate(figures)], axis=-1)

    def by_slot(figures: Sequence[npt.NDArray[Any]]) -> npt.NDArray[Any]:
        """(…, T) of each node → (…, n_slots): each slot's own month."""
        return np.stack([figures[node[at]][..., month[at]] for at in range(tree.n_slots)], axis=-1)

    figures = _node_figures(of_node, tree, scenarios)
    shares = replace(
        base.rules.shares,
        price=by_node([each.rules.shares.price for each in of_node]),
        most=by_node([each.rules.shares.most for each in of_node]),
    )
    merged = replace(
        base,
        tree=tree,
        requirements=replace(
            base.requirements,
            threshold=by_node([each.requirements.threshold for each in of_node]),
            objective=by_node([each.requirements.objective for each in of_node]),
        ),
        prices=replace(
            base.prices,
            row=by_node([each.prices.row for each in of_node]),
            price=by_node([each.prices.price for each in of_node]),
            royalty=by_node([each.prices.royalty for each in of_node]),
        ),
        rules=replace(
            base.rules,
            shares=shares,
            penalty=by_slot([each.rules.penalty for each in of_node]),
            is_barred=by_slot([each.rules.is_barred for each in of_node]),
        ),
        substitutes=replace(
            base.substitutes, is_barred=by_slot([each.substitutes.is_barred for each in of_node])
        ),
        projects=replace(base.projects, boost=by_node([each.projects.boost for each in of_node])),
        curves=replace(base.curves, most=_most([each.curves.most for each in of_node])),
        node_figures=figures,
        labels={
            **base.labels,
            "node": tuple(each.name for each in scenarios.nodes),
            "slot": _slot_labels(base.labels["slot"], tree, scenarios),
        },
    )
    return with_most(merged, by_node([each.pairs.effectiveness for each in of_node]))


def with_most(data: PlanningData, effectiveness: FloatArray) -> PlanningData:
    """The same with the most that any node allows in the arrays that have no axis of nodes."""
    figures = data.at_node
    return replace(
        data,
        lines=replace(
            data.lines,
            initial=figures.initial.max(axis=1, initial=0.0),
            step_size=figures.step_size.max(axis=1, initial=0.0),
        ),
        pairs=replace(
            data.pairs,
            effectiveness=effectiveness,
            first=figures.first.min(axis=1, initial=data.calendar.months),
            last=figures.last.max(axis=1, initial=-1),
        ),
        home=replace(data.home, quantity=figures.home.max(axis=1, initial=0.0)),
        budgets=replace(data.budgets, amount=figures.budget.max(axis=1, initial=0.0)),
        components=replace(data.components, limit=figures.supply.max(axis=1, initial=0.0)),
    )


def _node_figures(of_node: Sequence[PlanningData], tree: Tree, scenarios: ScenarioTree) -> NodeFigures:
    base = of_node[0]
    first_stage = np.maximum(base.budgets.first, 0)
    seller_stage = [_stage_of_seller(base, int(year)) for year in base.home.year]
    supply_stage = [_stage_of_seller(base, int(year)) for year in base.components.year]
    work = np.stack([each.works.months for each in of_node], axis=1)
    return NodeFigures(
        initial=np.stack([each.lines.initial for each in of_node], axis=1),
        step_size=np.stack([each.lines.step_size for each in of_node], axis=1),
        first=np.stack([each.pairs.first for each in of_node], axis=1),
        last=np.stack([each.pairs.last for each in of_node], axis=1),
        work_months=work,
        rebate=np.stack([each.terms.tiers.rebate for each in of_node], axis=1),
        home=_settled([each.home.quantity for each in of_node], seller_stage, tree),
        budget=_settled([each.budgets.amount for each in of_node], first_stage.tolist(), tree),
        supply=_settled([each.components.limit for each in of_node], supply_stage, tree),
        work_leads=tuple(tuple(sorted(set(lengths))) for lengths in work.tolist()),
    )


def _stage_of_seller(data: PlanningData, year: int) -> int:
    """Stage in which a fiscal year of the seller begins inside the plan."""
    months = data.seller_years.months_in(year)
    return int(data.buyer_years.of(months[0]) - data.buyer_years.names[0]) if months else 0


def _settled(figures: Sequence[FloatArray], stage: Sequence[int], tree: Tree) -> FloatArray:
    """(n, n_nodes) figure of each row by node: settled in its own stage, unchanged from there on."""
    by_node = np.stack(figures, axis=1) if len(figures) else np.zeros((0, 0))
    for node in range(tree.n_nodes):
        is_past = tree.stage[node] > np.array(stage, dtype=np.int64)
        by_node[is_past, node] = by_node[is_past, tree.parent[node]]
    return by_node


def _most(figures: Sequence[FloatArray]) -> FloatArray:
    most: FloatArray = np.maximum.reduce(list(figures))
    return most


def _slot_labels(months: Sequence[str], tree: Tree, scenarios: ScenarioTree) -> tuple[str, ...]:
    """Months on a single path; elsewhere with the node, for a month has a slot in several nodes."""
    if tree.is_path:
        return tuple(months)
    return tuple(
        f"{months[month]}|{scenarios.nodes[node].name}"
        for month, node in zip(tree.slot_month.tolist(), tree.slot_node.tolist(), strict=True)
    )


def along(data: PlanningData, leaf: int) -> PlanningData:
    """The arrays of one scenario: a single path from the root to a leaf.

    Parameters
    ----------
    data : on a tree whose nodes have figures of their own
    leaf : number of the last node of the path
    """
    path = data.tree.path_to(leaf)
    slots = data.tree.slots_to(int(data.tree.last_slot[leaf]))
    count = len(path)
    tree = Tree(
        parent=np.arange(count, dtype=np.int64) - 1,
        probability=np.ones(count),
        stage=np.arange(count, dtype=np.int64),
        first_month=data.tree.first_month[path],
        end_month=data.tree.end_month[path],
    )
    figures = _of_path(data.at_node, path)
    cut = at_nodes(data, tree, path, slots, figures)
    return replace(
        cut,
        works=replace(data.works, months=figures.work_months.min(axis=1, initial=10**6)),
        labels={**cut.labels, "slot": tuple(label.partition("|")[0] for label in cut.labels["slot"])},
    )


def at_nodes(
    data: PlanningData, tree: Tree, nodes: IntArray, slots: IntArray, figures: NodeFigures
) -> PlanningData:
    """The arrays of some nodes of a tree, on a tree of their own.

    Parameters
    ----------
    data : on the whole tree, whose nodes have figures of their own
    tree : of the nodes alone
    nodes, slots : their numbers in the whole tree
    figures : theirs, in the order of `nodes`
    """
    shares = data.rules.shares
    part = replace(
        data,
        tree=tree,
        requirements=replace(
            data.requirements,
            threshold=data.requirements.threshold[:, nodes],
            objective=data.requirements.objective[:, nodes],
        ),
        prices=replace(
            data.prices,
            row=data.prices.row[:, nodes],
            price=data.prices.price[:, nodes],
            royalty=data.prices.royalty[:, nodes],
        ),
        rules=replace(
            data.rules,
            shares=replace(shares, price=shares.price[:, nodes], most=shares.most[:, nodes]),
            penalty=data.rules.penalty[:, slots],
            is_barred=data.rules.is_barred[:, slots],
        ),
        substitutes=replace(data.substitutes, is_barred=data.substitutes.is_barred[:, slots]),
        projects=replace(data.projects, boost=data.projects.boost[..., nodes]),
        node_figures=figures,
        labels={
            **data.labels,
            "node": tuple(data.labels["node"][node] for node in nodes),
            "slot": tuple(data.labels["slot"][slot] for slot in slots),
        },
    )
    return with_most(part, data.pairs.effectiveness[:, nodes])


def figures_at(figures: NodeFigures, nodes: IntArray) -> NodeFigures:
    """Figures of some nodes; what a stock has room for is not theirs alone, and left out."""
    return replace(
        figures,
        initial=figures.initial[:, nodes],
        step_size=figures.step_size[:, nodes],
        first=figures.first[:, nodes],
        last=figures.last[:, nodes],
        work_months=figures.work_months[:, nodes],
        rebate=figures.rebate[:, nodes],
        home=figures.home[:, nodes],
        budget=figures.budget[:, nodes],
        supply=figures.supply[:, nodes],
        room=None,
    )


def _of_path(figures: NodeFigures, path: IntArray) -> NodeFigures:
    """Figures of the nodes of a path; what is settled in some year is as it came out on the path."""
    last = path[-1]
    return replace(
        figures_at(figures, path),
        home=_as_it_came(figures.home, last, len(path)),
        budget=_as_it_came(figures.budget, last, len(path)),
        supply=_as_it_came(figures.supply, last, len(path)),
    )


def _as_it_came(figure: FloatArray, leaf: int, count: int) -> FloatArray:
    return np.repeat(figure[:, leaf : leaf + 1], count, axis=1)
