"""The plan that was signed, as columns of its deal's problem: an ordinary plan, or one for many futures."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256

import numpy as np

from dronedeal import assessment as assessing
from dronedeal import planning, solving
from dronedeal.deal import Deal
from dronedeal.errors import CommandError, PlanFileError
from dronedeal.exchange import PlanChoices
from dronedeal.planning import Model
from dronedeal.planning.problem import Problem, SparseRows
from dronedeal.planning.tree import FloatArray
from dronedeal.results.plan import Plan
from dronedeal.results.scenarios.record import ScenarioPlan
from dronedeal.solving import Progress, SolveOptions
from dronedeal.solving.highs import HighsSolver
from dronedeal.workflow.made_before import as_solved

_PURCHASE = re.compile(r"(?P<system>\S+) from (?P<line>.+) for (?P<requirement>\S+)")


@dataclass(frozen=True)
class Signed:
    """A signed plan.

    Parameters
    ----------
    deal : that it was made of
    problem, values : for the figures as stated, and the plan's columns
    words : what was signed
    digest : of the plan
    """

    deal: Deal
    problem: Problem
    values: FloatArray
    words: str
    digest: str


def signed_plan(
    plan: Plan | ScenarioPlan,
    deal: Deal,
    *,
    on_progress: Callable[[Progress], None],
    should_stop: Callable[[], bool],
) -> Signed:
    """A plan with all its columns.

    Of a plan for many futures the decisions of its first year are signed; the years after it are planned for
    the figures as stated.

    Raises
    ------
    CommandError : where it is no plan of this deal
    """
    digest = sha256(plan.to_json().encode()).hexdigest()
    if isinstance(plan, ScenarioPlan):
        model, values = _from_root(plan, deal, on_progress=on_progress, should_stop=should_stop)
        year = plan.tables["nodes"][0]["fiscal_year"]
        words = f"the decisions of {year} of a plan for {plan.sizes['scenarios']} scenarios"
        return Signed(deal, model.problem, values, words, digest)
    solved = as_solved(
        deal, plan, PlanChoices(is_proven=False), on_progress=on_progress, should_stop=should_stop
    )
    found = solved.outcome.solution.values
    assert found is not None
    return Signed(deal, solved.model.problem, found, "a plan for the figures as stated", digest)


def _from_root(
    plan: ScenarioPlan,
    deal: Deal,
    *,
    on_progress: Callable[[Progress], None],
    should_stop: Callable[[], bool],
) -> tuple[Model, FloatArray]:
    """The model of a deal, and its best plan with the decisions of the first year as they were signed."""
    if plan.digest != deal.digest:
        raise CommandError(
            f"plan: made from a deal with the digest {plan.digest[:12]}…, this one has {deal.digest[:12]}…; "
            "plan the deal again with dronedeal plan --scenarios"
        )
    model = planning.build(deal, assessing.assess(deal))
    outcome = solving.solve_plan(
        _with_root(model, plan),
        HighsSolver(),
        no_deal=planning.no_deal_columns(model),
        options=SolveOptions(is_proven=False),
        on_progress=on_progress,
        should_stop=should_stop,
    )
    found = outcome.solution.values
    assert found is not None
    return model, found[: model.problem.n_columns]


def _with_root(model: Model, plan: ScenarioPlan) -> Problem:
    """The problem with what is opened, added, begun and bought in the first year as the plan decided it."""
    problem, labels = model.problem, model.problem.labels
    lower, upper = problem.lower.copy(), problem.upper.copy()
    decided: dict[tuple[str, str, str], float] = {}
    bought: dict[str, float] = {}
    for row in plan.root:
        if row["kind"] == "purchase":
            bought[_pair(row["subject"])] = row["quantity"]
        elif row["kind"] in _FAMILIES:
            decided[_FAMILIES[row["kind"]], _label(row["kind"], row["subject"]), row["month"]] = row[
                "quantity"
            ]
    for name in ("open", "step", "integrate", "begin"):
        family = problem.columns[name]
        (axis, number), (_, slot) = family.coordinates.items()
        for offset in np.flatnonzero(problem.node[family.slice] == 0).tolist():
            about = labels[axis][int(number[offset])]
            month = labels["slot"][int(slot[offset])]
            at = family.start + offset
            lower[at] = upper[at] = _value(decided, name, about, month)
    return _with_purchases(replace(problem, lower=lower, upper=upper), model, bought)


_FAMILIES = {"opening": "open", "step": "step", "integration": "integrate", "project": "begin"}


def _value(decided: dict[tuple[str, str, str], float], family: str, about: str, month: str) -> float:
    """What was decided in a month; of what stays begun, whether it was begun by then."""
    if family in ("open", "step"):
        return round(decided.get((family, about, month), 0.0))
    return float(any(name == family and of == about and when <= month for name, of, when in decided))


def _label(kind: str, subject: str) -> str:
    """Label of the column behind a row of the policy."""
    if kind != "integration":
        return subject
    system, _, standard = subject.partition(", ")
    return f"{system}.{re.sub(r'[^A-Za-z0-9]+', '_', standard)}"


def _pair(subject: str) -> str:
    """Label of the pair behind a purchase such as `kite from home for army_recon`."""
    found = _PURCHASE.fullmatch(subject)
    if found is None:
        raise PlanFileError(f"scenarios: found the purchase {subject!r}; make the plan again")
    line = "market" if found["line"] == "the market" else found["line"]
    return f"{found['system']}@{line}:{found['requirement']}"


def _with_purchases(problem: Problem, model: Model, bought: dict[str, float]) -> Problem:
    """The same problem with one more row a pair: its units of the first year are those bought."""
    ship, assign = problem.columns["ship"], problem.columns["assign"]
    column = np.concatenate([ship.numbers, assign.numbers])
    pair = np.concatenate([ship.coordinates["pair"], assign.coordinates["pair"]])
    is_first = problem.node[column] == 0
    column, pair = column[is_first], pair[is_first]
    order = np.argsort(pair, kind="stable")
    pairs, start = np.unique(pair[order], return_index=True)
    wanted = np.array([bought.get(problem.labels["pair"][each], 0.0) for each in pairs.tolist()])
    matrix = problem.matrix
    return replace(
        problem,
        row_lower=np.concatenate([problem.row_lower, wanted]),
        row_upper=np.concatenate([problem.row_upper, wanted]),
        matrix=SparseRows(
            np.concatenate([matrix.start, matrix.start[-1] + np.append(start[1:], len(column))]),
            np.concatenate([matrix.column, column[order]]),
            np.concatenate([matrix.value, np.ones(len(column))]),
        ),
    )
