"""The whole model: nodes of the tree, the columns of the deal, what does not change the optimum."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.planning.every_family import every_family
from tests.planning.small_deal import small_deal

from dronedeal.assessment import assess
from dronedeal.deal.settings import PaymentTerms
from dronedeal.planning import PlanningData, Problem, Tree, build_problem
from dronedeal.planning.arrange import arrange
from dronedeal.planning.model import Model, no_deal_columns
from dronedeal.solving import SolveOptions, solve_plan
from dronedeal.solving.highs import HighsSolver

EXACT = SolveOptions(gap=1e-9)


@pytest.fixture(scope="module")
def data() -> PlanningData:
    deal = every_family()
    return arrange(deal, assess(deal))


def optimum(data: PlanningData) -> float:
    problem = build_problem(data)
    outcome = solve_plan(problem, HighsSolver(), no_deal=np.array([], dtype=int), options=EXACT)
    assert not outcome.is_relaxed
    return outcome.solution.objective


def test_every_column_belongs_to_one_node_of_its_own_path(data: PlanningData) -> None:
    problem = build_problem(data)
    assert problem.node.min() >= 0
    assert problem.node.max() < data.tree.n_nodes
    for family in problem.columns.values():
        if "slot" in family.coordinates:
            assert (problem.node[family.slice] == data.tree.slot_node[family.coordinates["slot"]]).all()


def fork_last_year(tree: Tree, share: float) -> Tree:
    """The same path with its last node split into two alike."""
    last = tree.n_nodes - 1
    return Tree(
        parent=np.append(tree.parent, tree.parent[last]),
        probability=np.append(tree.probability[:last], [share, 1 - share]),
        stage=np.append(tree.stage, tree.stage[last]),
        first_month=np.append(tree.first_month, tree.first_month[last]),
        end_month=np.append(tree.end_month, tree.end_month[last]),
    )


def test_rows_never_join_nodes_of_different_paths(data: PlanningData) -> None:
    tree = fork_last_year(data.tree, 0.5)
    problem = build_problem(replace(data, tree=tree))
    ancestors = [set(_path(tree, node)) for node in range(tree.n_nodes)]
    for row in range(problem.n_rows):
        entries = slice(problem.matrix.start[row], problem.matrix.start[row + 1])
        nodes = set(problem.node[problem.matrix.column[entries]].tolist())
        assert any(nodes <= ancestors[node] for node in nodes), _row_family(problem, row)


def _path(tree: Tree, node: int) -> list[int]:
    path = [node]
    while tree.parent[path[-1]] >= 0:
        path.append(int(tree.parent[path[-1]]))
    return path


def _row_family(problem: Problem, row: int) -> str:
    return next(name for name, family in problem.rows.items() if row in family.numbers)


@pytest.mark.parametrize("share", [0.5, 0.2])
def test_splitting_a_future_into_two_alike_changes_nothing(data: PlanningData, share: float) -> None:
    forked = replace(data, tree=fork_last_year(data.tree, share))
    assert optimum(forked) == pytest.approx(optimum(data), rel=1e-9)


def test_pooling_deliveries_by_year_does_not_change_the_optimum(
    data: PlanningData, monkeypatch: pytest.MonkeyPatch
) -> None:
    pooled = optimum(data)
    by_month = replace(data)
    monkeypatch.setitem(by_month.__dict__, "is_pooled", np.zeros_like(data.is_pooled))
    problem = build_problem(by_month)
    assert problem.columns["pool"].count == 0
    assert optimum(by_month) == pytest.approx(pooled, rel=1e-9)


def test_without_a_deal_the_sellers_designs_reach_nobody(data: PlanningData) -> None:
    problem = build_problem(data)
    names = [problem.column_name(int(number)) for number in no_deal_columns(Model(data, problem))]
    assert "pool[kite@home,2027-11]" in names
    assert "ship[mule@home:hauling,2027-12]" in names
    assert "make[kite@joint,2027-11]" in names  # on the buyer's own line
    assert "open[joint,2027-11]" in names  # at the buyer's expense
    assert "open[allied,2027-11]" not in names  # at the seller's
    assert "make[kite@home,2027-11]" not in names  # own needs and other buyers go on
    assert not [name for name in names if "hawk" in name]


def test_money_scaled_by_a_power_of_ten_scales_the_optimum(data: PlanningData) -> None:
    deal = every_family()
    factor = 1000.0
    ceiling = (deal.settings.terms.ceiling or 0.0) * factor
    account = deal.settings.cash
    held = {"opening": (account.opening or 0.0) * factor, "floor": account.floor * factor}
    cash = account.model_copy(update=held)
    scaled = replace(
        deal,
        settings=deal.settings.model_copy(update={"terms": PaymentTerms(ceiling=ceiling), "cash": cash}),
        bundles=tuple(row.model_copy(update={"rebate": row.rebate * factor}) for row in deal.bundles),
        requirements=tuple(
            row.model_copy(
                update={
                    "value_threshold": row.value_threshold * factor,
                    "value_objective": row.value_objective * factor,
                }
            )
            for row in deal.requirements
        ),
        lines=tuple(
            row.model_copy(
                update={
                    name: getattr(row, name) * factor
                    for name in ("open_cost", "step_cost", "fixed_cost", "licence_fee")
                }
            )
            for row in deal.lines
        ),
        line_systems=tuple(
            row.model_copy(update={"unit_cost": row.unit_cost * factor}) for row in deal.line_systems
        ),
        prices=tuple(row.model_copy(update={"unit_price": row.unit_price * factor}) for row in deal.prices),
        components=tuple(
            row.model_copy(update={"unit_cost": row.unit_cost * factor}) for row in deal.components
        ),
        home_needs=tuple(row.model_copy(update={"value": row.value * factor}) for row in deal.home_needs),
        other_buyers=tuple(row.model_copy(update={"price": row.price * factor}) for row in deal.other_buyers),
        budgets=tuple(row.model_copy(update={"amount": row.amount * factor}) for row in deal.budgets),
        rules=tuple(
            row
            if row.kind == "work_share"  # counted in value: money for money
            else row.model_copy(update={"violation_price": (row.violation_price or 0) * factor})
            for row in deal.rules
        ),
        integrations=tuple(row.model_copy(update={"cost": row.cost * factor}) for row in deal.integrations),
        projects=tuple(
            row.model_copy(update={"cost_by_year": tuple(factor * cost for cost in row.cost_by_year)})
            for row in deal.projects
        ),
    )
    assert optimum(arrange(scaled, assess(scaled))) == pytest.approx(factor * optimum(data), rel=1e-7)


@pytest.mark.parametrize("table", ["systems", "lines", "line_systems", "prices", "budgets", "requirements"])
def test_order_of_rows_does_not_matter(data: PlanningData, table: str) -> None:
    deal = every_family()
    turned = deal.with_table(table, tuple(reversed(deal.table(table))))
    assert optimum(arrange(turned, assess(turned))) == pytest.approx(optimum(data), rel=1e-9)


def test_more_money_never_makes_the_best_plan_worse(data: PlanningData) -> None:
    deal = every_family()
    richer = [row.model_copy(update={"amount": row.amount * 1.2}) for row in deal.budgets]
    more = deal.with_table("budgets", richer)
    assert optimum(arrange(more, assess(more))) >= optimum(data) - 1e-9


def test_a_branch_without_money_buys_nothing() -> None:
    deal = every_family()
    poor = deal.with_table("budgets", [row for row in deal.budgets if row.branch != "navy"])
    problem = build_problem(arrange(poor, assess(poor)))
    outcome = solve_plan(problem, HighsSolver(), no_deal=np.array([], dtype=int), options=EXACT)
    assert outcome.solution.values is not None
    assign = problem.columns["assign"]
    patrol = [
        outcome.solution.values[number]
        for number in assign.numbers.tolist()
        if ":patrol," in problem.column_name(number)
    ]
    assert patrol
    assert max(patrol) <= 1e-7


def test_a_seller_cannot_push_more_than_is_asked_for(data: PlanningData) -> None:
    problem = build_problem(data)
    outcome = solve_plan(
        problem, HighsSolver(), kind="seller", no_deal=no_deal_columns(Model(data, problem)), options=EXACT
    )
    values = outcome.solution.values
    assert values is not None
    assign = problem.columns["assign"]
    pair, year = assign.coordinates["pair"], data.tree.stage[assign.coordinates["node"]]
    taken = np.zeros_like(data.requirements.objective)
    units = data.pairs.effectiveness[pair, year] * values[assign.slice]
    np.add.at(taken, (data.pairs.requirement[pair], year), units)
    assert (taken <= data.requirements.objective + 1e-6).all()


def test_whole_units_hold_on_every_path_and_change_nothing_in_alike_futures() -> None:
    deal = small_deal(whole_units=True)
    whole = replace(arrange(deal, assess(deal)), whole_units_up_to=10**6)
    forked = replace(whole, tree=fork_last_year(whole.tree, 0.3))
    problem = build_problem(forked)
    contract = problem.columns["contract"]
    assert set(contract.coordinates["node"].tolist()) == {0, 1, 2}
    assert (problem.node[contract.slice] == contract.coordinates["node"]).all()
    outcome = solve_plan(problem, HighsSolver(), no_deal=np.array([], dtype=int), options=EXACT)
    assert outcome.solution.values is not None
    quantities = outcome.solution.values[problem.is_whole]
    assert (quantities == np.round(quantities)).all()
    assert outcome.solution.objective == pytest.approx(optimum(whole), rel=1e-7)
