"""The tables of a plan on scenarios, out of the ordinary plans of its scenarios."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dronedeal.deal.scenario_tree import ScenarioTree, Varied
from dronedeal.planning.data import MONEY_UNIT
from dronedeal.quantities.calendar import FiscalYears
from dronedeal.results.plan import Plan
from dronedeal.results.scenarios.columns import COSTS, MEASURES
from dronedeal.results.scenarios.path import Path
from dronedeal.results.scenarios.spread import spread, worst_weights
from dronedeal.results.shape import Row


@dataclass(frozen=True)
class Scenario:
    """One scenario with its ordinary plan and its chance."""

    path: Path
    plan: Plan
    name: str
    probability: float


def scenario_tables(
    tree: ScenarioTree, scenarios: Sequence[Scenario], years: FiscalYears
) -> dict[str, tuple[Row, ...]]:
    """Every table of a plan on scenarios.

    Parameters
    ----------
    tree : the scenarios
    scenarios : one for each leaf
    years : the buyer's fiscal years
    """
    results = [row for each in scenarios for row in results_of(each)]
    return {
        "nodes": tuple(_nodes(tree, years)),
        "outcomes": tuple(_outcomes(tree)),
        "policy": tuple(_policy(tree, scenarios, years)),
        "scenarios": tuple(
            {
                "scenario": each.name,
                "probability": each.probability,
                "turned_out": tree.words(each.path.leaf) or "as stated",
            }
            for each in scenarios
        ),
        "results": tuple(results),
        "coverage": tuple(row for each in scenarios for row in _coverage(each)),
        "distributions": tuple(_distributions(results)),
        "service_levels": (),
        "tests": (),
        "risk": (),
        "causes": tuple(_causes(tree, scenarios, results)),
    }


def _nodes(tree: ScenarioTree, years: FiscalYears) -> Iterator[Row]:
    for number, node in enumerate(tree.nodes):
        before = tree.nodes[node.parent].outcomes if node.parent >= 0 else {}
        new = [
            f"{varied.words}: {outcome.name}"
            for varied, outcome in sorted(node.outcomes.items())
            if before.get(varied) != outcome
        ]
        yield {
            "node": node.name,
            "parent": tree.nodes[node.parent].name if node.parent >= 0 else None,
            "fiscal_year": years.names[tree.stage[number]],
            "probability": node.probability,
            "turned_out": "; ".join(new) or None,
        }


def _outcomes(tree: ScenarioTree) -> Iterator[Row]:
    for node in tree.nodes:
        for varied, outcome in sorted(node.outcomes.items()):
            yield {
                "node": node.name,
                "factor": varied.factor,
                "subject": varied.subject,
                "outcome": outcome.name,
                "multiplier": outcome.multiplier,
            }


def _policy(tree: ScenarioTree, scenarios: Sequence[Scenario], years: FiscalYears) -> Iterator[Row]:
    """The decisions of each node, out of the first scenario that passes through it: all of them agree."""
    seen: set[int] = set()
    by_node: dict[int, list[Row]] = {}
    for each in scenarios:
        new = {years.names[stage]: node for stage, node in enumerate(each.path.nodes) if node not in seen}
        for row in _decisions(each.plan, years):
            if row["fiscal_year"] in new:
                node = new[row["fiscal_year"]]
                by_node.setdefault(node, []).append({"node": tree.nodes[node].name, **row})
        seen |= set(new.values())
    for node in sorted(by_node):
        yield from by_node[node]


def _decisions(plan: Plan, years: FiscalYears) -> Iterator[Row]:
    """The decisions of one scenario by fiscal year of the buyer."""

    def year_of(month: str) -> int:
        return years.of(years.calendar.index(month))

    def decision(
        year: int, kind: str, subject: str, month: str | None, quantity: float, amount: float
    ) -> Row:
        return {
            "fiscal_year": year,
            "kind": kind,
            "subject": subject,
            "month": month,
            "quantity": quantity,
            "amount": amount,
        }

    for row in plan.tables["purchases"]:
        subject = f"{row['system']} from {row['line'] or 'the market'} for {row['requirement']}"
        yield decision(row["fiscal_year"], "purchase", subject, None, row["quantity"], row["amount"])
    for row in plan.tables["openings"]:
        kind = "opening" if row["kind"] == "open" else "step"
        month, amount = row["decided"], row["amount"]
        yield decision(year_of(month), kind, row["line"], month, row["quantity"], amount)
    for row in plan.tables["integrations"]:
        subject = f"{row['system']}, {row['standard']}"
        yield decision(year_of(row["start"]), "integration", subject, row["start"], 1.0, row["amount"])
    for row in plan.tables["projects"]:
        amount = row["amount_buyer"] + row["amount_seller"]
        yield decision(year_of(row["begin"]), "project", row["project"], row["begin"], 1.0, amount)
    made: dict[tuple[int, str], list[float]] = {}
    for row in plan.tables["production"]:
        sums = made.setdefault((year_of(row["month"]), f"{row['system']} on {row['line']}"), [0.0, 0.0])
        sums[0] += row["quantity"]
        sums[1] += row["amount"]
    for (year, subject), (quantity, amount) in sorted(made.items()):
        yield decision(year, "production", subject, None, quantity, amount)


def results_of(each: Scenario) -> Iterator[Row]:
    """Every measure of one scenario, of the whole plan and year by year where it has years."""

    def measured(measure: str, year: int | None, value: float) -> Row:
        return {
            "scenario": each.name,
            "measure": measure,
            "fiscal_year": year,
            "probability": each.probability,
            "value": value,
        }

    plan = each.plan
    yield measured("joint", None, plan.utilities["buyer"] + plan.utilities["seller"])
    for party in ("buyer", "seller"):
        yield measured(party, None, plan.utilities[party])
    for measure, by_year in (
        ("coverage", _covered(each)),
        ("cost", _paid(plan)),
        ("own_needs", _own_needs(plan)),
    ):
        is_share = measure != "cost"
        total = np.sum(list(by_year.values()), axis=0) if by_year else np.zeros(2)
        for year, (part, whole) in sorted(by_year.items()):
            if not is_share or whole > 0:
                yield measured(measure, year, part / whole if is_share else part)
        if not is_share or total[1] > 0:
            yield measured(measure, None, float(total[0] / total[1] if is_share else total[0]))
    closing = {row["fiscal_year"]: row["closing"] for row in plan.tables["cash"]}
    for year, value in sorted(closing.items()):
        yield measured("cash", year, value)
    if closing:
        yield measured("cash", None, min(closing.values()))
    yield measured("broken_terms", None, float(_broken(each)))


def _broken(each: Scenario) -> int:
    """Terms that are broken; an own need with a service level below 1 may be missed in some scenarios."""
    spared = {(row.id, row.fiscal_year) for row in each.path.deal.home_needs if row.service_level < 1}
    return sum(
        row["kind"] != "home_need" or (row["subject"], row["fiscal_year"]) not in spared
        for row in each.plan.tables["violations"]
    )


def _covered(each: Scenario) -> dict[int, tuple[float, float]]:
    """Value of coverage and value were every objective met, undiscounted, by fiscal year of the buyer."""
    data = each.path.model.data
    worth = data.requirements
    stated = np.zeros(len(data.buyer_years.names))
    shares = np.array([data.buyer_years.share(year) for year in data.buyer_years.names])
    weight = np.where(worth.is_stock[:, None], shares[None, :], 1.0)
    full = worth.value_threshold[:, None] * worth.threshold
    full = full + worth.value_objective[:, None] * (worth.objective - worth.threshold)
    stated = (weight * full).sum(axis=0) * MONEY_UNIT
    found = {year: (0.0, float(stated[at])) for at, year in enumerate(data.buyer_years.names)}
    for row in each.plan.tables["coverage"]:
        part, whole = found[row["fiscal_year"]]
        found[row["fiscal_year"]] = (part + row["amount"], whole)
    return found


def _paid(plan: Plan) -> dict[int, tuple[float, float]]:
    found: dict[int, tuple[float, float]] = {}
    for row in plan.tables["payments"]:
        found[row["fiscal_year"]] = (found.get(row["fiscal_year"], (0.0, 0.0))[0] + row["amount"], 0.0)
    return found


def _own_needs(plan: Plan) -> dict[int, tuple[float, float]]:
    found: dict[int, tuple[float, float]] = {}
    for row in plan.tables["home_coverage"]:
        part, whole = found.get(row["fiscal_year"], (0.0, 0.0))
        found[row["fiscal_year"]] = (part + row["quantity"], whole + row["needed"])
    return found


def _coverage(each: Scenario) -> Iterator[Row]:
    for row in each.plan.tables["coverage"]:
        yield {
            "scenario": each.name,
            "requirement": row["requirement"],
            "fiscal_year": row["fiscal_year"],
            "probability": each.probability,
            "threshold": row["threshold"],
            "objective": row["objective"],
            "quantity": row["quantity"],
        }


def _by_measure(results: Sequence[Row]) -> Mapping[tuple[str, int | None], list[Row]]:
    found: dict[tuple[str, int | None], list[Row]] = {}
    for row in results:
        found.setdefault((row["measure"], row["fiscal_year"]), []).append(row)
    order = list(MEASURES)
    keys = sorted(found, key=lambda key: (order.index(key[0]), -1 if key[1] is None else key[1]))
    return {key: found[key] for key in keys}


def _distributions(results: Sequence[Row]) -> Iterator[Row]:
    for (measure, year), rows in _by_measure(results).items():
        values = [row["value"] for row in rows]
        chances = [row["probability"] for row in rows]
        yield {
            "measure": measure,
            "fiscal_year": year,
            **spread(values, chances, is_cost=measure in COSTS),
        }


def _causes(tree: ScenarioTree, scenarios: Sequence[Scenario], results: Sequence[Row]) -> Iterator[Row]:
    """For each outcome in force in the last year: the mean where it is, and its part in the worst tenth."""
    in_force = _in_force(tree, {each.name: each.path.leaf for each in scenarios})
    together = {key: _alike(in_force, key) for key in in_force}
    for (measure, year), rows in _by_measure(results).items():
        if year is not None:
            continue
        value = np.array([row["value"] for row in rows])
        chance = np.array([row["probability"] for row in rows])
        worst = worst_weights(value, chance, is_cost=measure in COSTS)
        mean = float(chance @ value / chance.sum())
        for (varied, name), where in in_force.items():
            is_so = np.array([row["scenario"] in where for row in rows])
            if not is_so.any():
                continue
            own = float(chance[is_so] @ value[is_so] / chance[is_so].sum())
            yield {
                "measure": measure,
                "factor": varied.factor,
                "subject": varied.subject,
                "outcome": name,
                "probability": float(chance[is_so].sum()),
                "mean": own,
                "difference": own - mean,
                "share_of_worst": float(worst[is_so].sum() / worst.sum()),
                "together": together[varied, name],
            }


def _in_force(tree: ScenarioTree, leaf_of: Mapping[str, int]) -> Mapping[tuple[Varied, str], frozenset[str]]:
    """Scenarios in whose last year each outcome is in force, by what varies and the outcome's name."""
    found: dict[tuple[Varied, str], set[str]] = {}
    for scenario, leaf in leaf_of.items():
        for varied, outcome in tree.nodes[leaf].outcomes.items():
            found.setdefault((varied, outcome.name), set()).add(scenario)
    return {key: frozenset(found[key]) for key in sorted(found)}


def _alike(in_force: Mapping[tuple[Varied, str], frozenset[str]], key: tuple[Varied, str]) -> str | None:
    """Other outcomes in force in just the same scenarios, in words; None: there are none."""
    same = (other for other, where in in_force.items() if where == in_force[key] and other != key)
    return "; ".join(f"{varied.words}: {outcome}" for varied, outcome in same) or None
