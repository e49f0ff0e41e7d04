"""What one future comes to: the room that each service keeps, and the measures of the plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from dronedeal.planning.blocks.seller_cash import greatest_unit_cost
from dronedeal.planning.data import MONEY_UNIT, SELLER, PlanningData
from dronedeal.planning.problem import Family, Problem
from dronedeal.planning.tree import FloatArray
from dronedeal.results.stress.vocabulary import Service

# Rows that a named violation lets give way, by the kind of service that they are.
_ROWS = {
    "home_pace": "own_needs",
    "firm_minimum": "firm_minimum",
    "returned_output": "return_share",
    "rule_share": "rule",
    "budget": "budget",
    "ceiling": "ceiling",
    "cash_floor": "cash_floor",
}
# Of a limit, and of a small one as of one unit: as exact as a plan on file is.
TOLERANCE = 1e-5


class Room(NamedTuple):
    """How far a service is from failing.

    margin : in its own unit (units, or millions), below zero where it fails
    month : number of the month in which it is seen, the first one that fails
    """

    margin: float
    month: int


@dataclass(frozen=True)
class Measured:
    """One future of a plan.

    Parameters
    ----------
    services : room of each service; one that is not listed asks for nothing
    measures : by name and fiscal year, None for the whole plan; money in currency
    delivered : (R, n_nodes) units that each requirement has got by the end of each year
    covered : (R, n_nodes) effective units of each requirement that count at the end of each year
    residual : how far the worst row is broken, relative to its largest figure
    """

    services: Mapping[Service, Room]
    measures: Mapping[tuple[str, int | None], float]
    delivered: FloatArray
    covered: FloatArray
    residual: float


def measured(
    data: PlanningData, problem: Problem, values: FloatArray, *, promised: Measured | None = None
) -> Measured:
    """What a plan comes to in the future whose figures the problem has.

    Parameters
    ----------
    data : arrays of a single path, with what really turned out
    problem, values : built from them, and its columns as they really went
    promised : the signed plan where nothing turns out otherwise; None: it is itself that is measured
    """
    delivered = np.cumsum(_delivered(data, problem, values), axis=1)
    covered = _covered(data, problem, values)
    services = dict(_coverage(data, covered))
    got = covered.sum(axis=0)
    units, effective = (delivered, got) if promised is None else (promised.delivered, promised.covered)
    services |= dict(_deliveries(data, (got, delivered), (effective, units)))
    activity = problem.matrix.times(np.where(problem.is_violation, 0.0, values))
    for name, kind in _ROWS.items():
        services |= dict(_kept(data, problem, activity, family=problem.rows[name], kind=kind))
    measures = dict(_measures(data, problem, values, covered))
    broken = sum(room.margin < 0 for service, room in services.items() if service.kind in _TERMS)
    measures["broken_terms", None] = float(broken)
    return Measured(services, measures, delivered, got, _residual(problem, values))


_TERMS = frozenset(_ROWS.values())


def _room(margin: float, limit: float, month: int) -> Room:
    """A margin that only the tolerance tells from nothing is none."""
    is_none = abs(margin) <= TOLERANCE * max(1.0, abs(limit))
    return Room(0.0 if is_none else float(margin), month)


def _delivered(data: PlanningData, problem: Problem, values: FloatArray) -> FloatArray:
    """(R, n_nodes) units that come to each requirement in each year."""
    total = np.zeros((data.requirements.count, data.tree.n_nodes))
    ship, assign = problem.columns["ship"], problem.columns["assign"]
    of = data.pairs.requirement
    node = data.tree.slot_node[ship.coordinates["slot"]]
    np.add.at(total, (of[ship.coordinates["pair"]], node), values[ship.slice])
    np.add.at(total, (of[assign.coordinates["pair"]], assign.coordinates["node"]), values[assign.slice])
    return total


def _covered(data: PlanningData, problem: Problem, values: FloatArray) -> FloatArray:
    """(2, R, n_nodes) effective units that count up to the threshold, and from there to the objective."""
    total = np.zeros((2, data.requirements.count, data.tree.n_nodes))
    for at, name in enumerate(("low", "high")):
        family = problem.columns[name]
        total[at, family.coordinates["requirement"], family.coordinates["node"]] = values[family.slice]
    return total


def _coverage(data: PlanningData, covered: FloatArray) -> Iterator[tuple[Service, Room]]:
    threshold = data.requirements.threshold
    got = covered.sum(axis=0)
    for number, node in zip(*(each.tolist() for each in np.nonzero(threshold > 0)), strict=True):
        limit = float(threshold[number, node])
        room = _room(got[number, node] - limit, limit, _last_month(data, node))
        yield Service("coverage", data.labels["requirement"][number], _year(data, node)), room


def _deliveries(
    data: PlanningData, came: tuple[FloatArray, FloatArray], promised: tuple[FloatArray, FloatArray]
) -> Iterator[tuple[Service, Room]]:
    """Units so far against those promised.

    Nothing is missing where all that is asked for is covered, or as much as was promised, if only with fewer
    units that do more. Both `came` and `promised` are effective units that count, and units so far.
    """
    (got, delivered), (effective, units) = came, promised
    enough = np.minimum(data.requirements.objective, effective)
    for number, node in zip(*(each.tolist() for each in np.nonzero(units > 0)), strict=True):
        limit, asked = float(units[number, node]), float(enough[number, node])
        is_covered = got[number, node] >= asked - TOLERANCE * max(1.0, asked)
        margin = 0.0 if is_covered else min(0.0, float(delivered[number, node] - limit))
        room = _room(margin, limit, _last_month(data, node))
        yield Service("deliveries", data.labels["requirement"][number], _year(data, node)), room


def _kept(
    data: PlanningData, problem: Problem, activity: FloatArray, *, family: Family, kind: str
) -> Iterator[tuple[Service, Room]]:
    """Rooms of rows, without what violations give them; of the months of a year the first that fails."""
    part = family.slice
    lower, upper = problem.row_lower[part], problem.row_upper[part]
    limit = np.where(np.isfinite(lower), lower, upper)
    margin = np.minimum(activity[part] - lower, upper - activity[part])
    found: dict[Service, Room] = {}
    for offset in range(family.count):
        service, month = _service(data, family, offset, kind=kind)
        room = _room(float(margin[offset]), float(limit[offset]), month)
        known = found.get(service)
        if known is None or (known.margin >= 0 and room.margin < known.margin):
            found[service] = room
    yield from found.items()


def _service(data: PlanningData, family: Family, offset: int, *, kind: str) -> tuple[Service, int]:
    """The service that a row is, and the month in which it is seen."""
    at = {axis: int(index[offset]) for axis, index in family.coordinates.items()}
    if "slot" in at:
        month = int(data.tree.slot_month[at["slot"]])
        name = data.labels["need"][at["need"]]
        return Service(kind, name.rpartition(".")[0], int(data.home.year[at["need"]])), month
    month = _last_month(data, at["node"])
    axis = next((name for name in at if name not in ("node", "seller_year")), None)
    year = _year(data, at["node"])
    if "seller_year" in at:
        year = int(data.seller_years.names[at["seller_year"]])
    return Service(kind, data.labels[axis][at[axis]] if axis else "agreement", year), month


def _year(data: PlanningData, node: int) -> int:
    return int(data.buyer_years.names[data.tree.stage[node]])


def _last_month(data: PlanningData, node: int) -> int:
    return int(data.tree.end_month[node]) - 1


def _measures(
    data: PlanningData, problem: Problem, values: FloatArray, covered: FloatArray
) -> Iterator[tuple[tuple[str, int | None], float]]:
    buyer, seller = (problem.utilities(values) * MONEY_UNIT).tolist()
    yield ("joint", None), buyer + seller
    yield ("buyer", None), buyer
    yield ("seller", None), seller
    years = data.buyer_years.names
    yield from _shares("coverage", years, *_value_covered(data, covered))
    cost = _paid(data, problem, values)
    yield from ((("cost", year), amount) for year, amount in zip(years, cost.tolist(), strict=True))
    yield ("cost", None), float(cost.sum())
    yield from _shares("own_needs", data.seller_years.names, *_own_needs(data, problem, values))
    closing = _closing(data, problem, values)
    if len(closing):
        yield from ((("cash", year), amount) for year, amount in zip(years, closing.tolist(), strict=True))
        yield ("cash", None), float(closing.min())


def _shares(
    name: str, years: Sequence[int], part: FloatArray, whole: FloatArray
) -> Iterator[tuple[tuple[str, int | None], float]]:
    """Shares by year, and of the whole plan; none where nothing is asked for."""
    for year, one, all_ in zip(years, part.tolist(), whole.tolist(), strict=True):
        if all_ > 0:
            yield (name, year), one / all_
    if whole.sum() > 0:
        yield (name, None), float(part.sum() / whole.sum())


def _value_covered(data: PlanningData, covered: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(n_nodes,) value of coverage, and value were every objective met, undiscounted millions."""
    worth = data.requirements
    shares = np.array([data.buyer_years.share(year) for year in data.buyer_years.names])
    weight = np.where(worth.is_stock[:, None], shares[data.tree.stage][None, :], 1.0)
    values = worth.value_threshold[:, None], worth.value_objective[:, None]
    part = values[0] * covered[0] + values[1] * covered[1]
    whole = values[0] * worth.threshold + values[1] * (worth.objective - worth.threshold)
    return (weight * part).sum(axis=0), (weight * whole).sum(axis=0)


def _paid(data: PlanningData, problem: Problem, values: FloatArray) -> FloatArray:
    """(n_nodes,) base-year currency that the buyer's budgets pay in each year."""
    family = problem.columns["spend"]
    total = np.bincount(family.coordinates["node"], weights=values[family.slice], minlength=data.tree.n_nodes)
    paid: FloatArray = total / data.budgets.index[data.tree.stage] * MONEY_UNIT
    return paid


def _own_needs(data: PlanningData, problem: Problem, values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(seller's years,) units delivered to own needs, and units needed."""
    names = np.array(data.seller_years.names)
    family = problem.columns["home"]
    year = np.searchsorted(names, data.home.year[data.home.need[family.coordinates["home_pair"]]])
    part = np.bincount(year, weights=values[family.slice], minlength=len(names))
    inside = np.isin(data.home.year, names)
    at = np.searchsorted(names, data.home.year[inside])
    # The last node knows what every need turned out to be; `home.quantity` is the most of all nodes.
    needed = data.at_node.home[:, -1]
    whole = np.bincount(at, weights=needed[inside], minlength=len(names))
    return part.astype(float), whole.astype(float)


def _closing(data: PlanningData, problem: Problem, values: FloatArray) -> FloatArray:
    """(n_nodes,) currency in the seller's account as each year ends, at what units really cost."""
    cautious: FloatArray = values[problem.columns["cash"].slice]
    if not len(cautious) or problem.curves is None:
        return cautious * MONEY_UNIT
    curves = problem.curves
    is_seller = curves.data.party == SELLER
    made = curves.made(values)
    saved = greatest_unit_cost(data)[curves.data.product] * made - curves.cost(made)
    by_year = np.add.reduceat(saved[is_seller].sum(axis=0), data.tree.first_slot)
    closing: FloatArray = (cautious + np.cumsum(by_year)) * MONEY_UNIT
    return closing


def _residual(problem: Problem, values: FloatArray) -> float:
    """How far the worst row is broken, relative to the largest figure in it."""
    matrix = problem.matrix
    row = matrix.times(values)
    size = np.ones(problem.n_rows)
    np.maximum.at(size, matrix.row_of_entry, np.abs(matrix.value * values[matrix.column]))
    broken = np.maximum(row - problem.row_upper, problem.row_lower - row) / size
    return float(np.maximum(broken, 0.0).max(initial=0.0))
