"""The frozen zone in the matrix: nothing new in it, and a named violation for what cannot stay."""

from __future__ import annotations

import numpy as np
from tests.planning.every_family import every_family
from tests.planning.small_deal import small_deal

from dronedeal.assessment import assess
from dronedeal.planning import Frozen, Model, as_decided, build, no_deal_columns, optional_columns
from dronedeal.planning.frozen import decided_columns, kept_columns

MONTHS = 2
DECIDED = {("make", "hawk@home", "2027-11"): 40.0, ("ship", "hawk@home:none", "2027-11"): 3.0}


def model(quantities: dict[tuple[str, ...], float]) -> Model:
    deal = small_deal()
    return build(deal, assess(deal), Frozen(MONTHS, quantities))


def decided(found: Model) -> tuple[str, ...]:
    problem = found.problem
    make = problem.columns["make"]
    return problem.column_name(make.start).removeprefix("make[").removesuffix("]").partition(",")[::2]


def test_what_was_done_stays_and_nothing_else_is_done_in_the_zone() -> None:
    product, month = decided(model({}))
    name = ("make", product, month)
    found = model({name: 7.0})
    problem, data = found.problem, found.data
    (column,) = decided_columns(problem, data, found.frozen or Frozen(0, {})).tolist()
    assert problem.column_name(column) == f"make[{product},{month}]"
    assert problem.upper[column] == 7.0 + 1.4e-6
    row = problem.rows["frozen"].start
    violation = problem.columns["frozen_violation"].start
    values = np.zeros(problem.n_columns)
    values[[column, violation]] = 3.0, 4.0
    assert problem.matrix.times(values)[row] == 7.0
    assert problem.row_lower[row] == 7.0 - 1.4e-6
    for family in ("make", "ship", "home", "sale", "open", "step", "swap"):
        columns = problem.columns[family]
        inside = columns.numbers[data.tree.slot_month[columns.coordinates["slot"]] < MONTHS]
        others = inside[inside != column]
        assert (problem.upper[others] == 0).all()
    assert problem.upper[violation] == 7.0
    assert problem.violation_price[violation] == 1 / 7.0


def test_deliveries_of_years_that_the_zone_touches_are_by_month() -> None:
    found = model({})
    touched = found.data.tree.first_month < MONTHS
    assert not found.data.is_pooled[:, touched].any()


def test_a_decision_that_the_deal_no_longer_has_can_only_be_missing() -> None:
    found = model({("make", "ghost@nowhere", "2027-11"): 5.0})
    problem = found.problem
    assert decided_columns(problem, found.data, found.frozen or Frozen(0, {})).tolist() == [-1]
    row = problem.rows["frozen"].start
    entries = slice(problem.matrix.start[row], problem.matrix.start[row + 1])
    assert problem.matrix.column[entries].tolist() == [problem.columns["frozen_violation"].start]


def test_what_begins_in_the_zone_stays_begun_and_is_done_without_a_deal_too() -> None:
    deal = every_family()
    free = build(deal, assess(deal)).problem
    begin = free.columns["begin"]
    first = int(np.argmin(begin.coordinates["slot"]))
    labels = free.column_name(begin.start + first).removeprefix("begin[").removesuffix("]").split(",")
    found = build(deal, assess(deal), Frozen(MONTHS, {("begin", *labels): 1.0}))
    kept = kept_columns(found.problem, found.data, found.frozen or Frozen(0, {}))
    number, slot = found.problem.columns["begin"].coordinates.values()
    is_same = number == number[first]
    assert set(kept.tolist()) == set(found.problem.columns["begin"].numbers[is_same].tolist())
    assert (found.problem.upper[kept] == 1).all()
    others = found.problem.columns["begin"].numbers[~is_same & (found.data.tree.slot_month[slot] < MONTHS)]
    assert (found.problem.upper[others] == 0).all()
    assert not np.isin(kept, no_deal_columns(found)).any()
    assert found.problem.columns["begin"].start + first not in optional_columns(found.problem)


def test_the_tolerance_of_the_solver_is_taken_off_what_is_frozen() -> None:
    product, month = decided(model({}))
    found = model({("make", product, month): 7.0})
    column = int(decided_columns(found.problem, found.data, found.frozen or Frozen(0, {}))[0])
    values = np.zeros(found.problem.n_columns)
    for near, exact in ((7.0 - 2e-6, 7.0), (6.9, 6.9)):
        values[column] = near
        kept = as_decided(found.problem, found.data, found.frozen or Frozen(0, {}), values=values)
        assert kept[column] == exact
