"""What waiting a year is worth, what signing at once is worth, and what another test would be worth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from dronedeal.assessment import assess
from dronedeal.deal.scenario_tree import ScenarioTree
from dronedeal.errors import SolverError, StoppedError
from dronedeal.planning import Model, Problem, build_problem
from dronedeal.planning.scenarios.by_node import on_tree
from dronedeal.planning.scenarios.evidence import posteriors_of, trials_factor
from dronedeal.planning.scenarios.factors import Factor
from dronedeal.planning.scenarios.known import known_from, with_factor
from dronedeal.results.scenarios.record import Worth
from dronedeal.results.shape import Row
from dronedeal.solving import Outcome
from dronedeal.workflow.scenarios.worth import SIGNED, Question, money_range, worth_of_scenarios

# Deliveries by month are part of what is signed too.
_BOUGHT = (*SIGNED, "ship")
Range = tuple[float, float]
Values = tuple[Worth | None, tuple[Row, ...]]


def values_of(question: Question, outcome: Outcome, *, trials: int | None) -> Values:
    """Everything that the scenarios are worth, and what further trials would be.

    Parameters
    ----------
    outcome : the plan that is best on average
    trials : further trials of each system; None: not asked for

    Returns
    -------
    the worth, None after a stop; the rows of the table `tests`
    """
    worth = worth_of_scenarios(question, outcome)
    if worth is None:
        return None, ()
    worth = with_waiting(question, outcome, worth)
    return worth, () if trials is None else worth_of_tests(question, outcome, trials=trials)


def with_waiting(question: Question, outcome: Outcome, worth: Worth) -> Worth:
    """The worth of scenarios with that of knowing the second year's news, and of signing in the first.

    `news = Σ_c p_c · best_c − here and now` over the nodes `c` of the second year, `best_c` the best plan of
    the tree that is left once `c` is known before anything is signed; it is never below 0, and 0 where there
    is one such node. `signing = here and now − the best plan that signs nothing in the first year`, never
    below 0 either; None where terms bind in the first year.
    """
    try:
        news = _news(question, outcome, worth)
        signing = _signing(question, outcome)
    except StoppedError:
        return worth
    return replace(worth, news=news, signing=signing)


def worth_of_tests(question: Question, outcome: Outcome, *, trials: int) -> tuple[Row, ...]:
    """The table `tests`: what it is worth to know what more trials of a system show before signing.

    `Σ_k p_k · best_k − best`, `best` the best plan of the tree on which the result `k` shows in the second
    year, as it does in use, and `best_k` that of the same tree with `k` known before anything is signed: the
    preposterior value of a test (Raiffa and Schlaifer, Applied Statistical Decision Theory, 1961). Never
    below 0, and 0 where no result changes what is signed.

    Parameters
    ----------
    trials : further trials of each system that has a posterior behind an eligible delivery
    """
    rows: list[Row] = []
    for varied, posterior in sorted(posteriors_of(assess(question.deal)).items()):
        factor = trials_factor(varied, posterior, trials=trials)
        try:
            least, most = _test(question, outcome, factor)
        except StoppedError:
            break
        row = {"subject": varied.subject, "trials": trials, "mean": posterior.mean}
        by = [outcome.multiplier * posterior.mean for outcome in factor.outcomes]
        rows.append({**row, "lowest": by[0], "highest": by[-1], "least": least, "most": most})
    return tuple(rows)


def _test(question: Question, outcome: Outcome, factor: Factor) -> Range:
    """Least and most, in currency, that knowing the outcome of a factor before signing is worth."""
    if len(factor.outcomes) == 1 or question.tree.n_stages == 1:
        return 0.0, 0.0
    tree, firsts = with_factor(question.tree, factor)
    now = _best(question, outcome, tree, f"{factor.varied.subject} as it turns out")
    known = [
        _best(question, outcome, known_from(tree, nodes), f"{factor.varied.subject} {found.name}")
        for nodes, found in zip(firsts, factor.outcomes, strict=True)
    ]
    return _gain(now, known, factor.probability)


def _news(question: Question, outcome: Outcome, worth: Worth) -> Range:
    tree = question.tree
    children = tree.children[0]
    if len(children) <= 1:
        return 0.0, 0.0
    if tree.n_stages == 2:
        return worth.perfect_information
    chances = [tree.nodes[child].probability for child in children]
    known = [
        _best(question, outcome, known_from(tree, [child]), f"{tree.nodes[child].name} known")
        for child in children
    ]
    solution = outcome.solution
    now = solution.objective, max(solution.bound, solution.objective)
    return _gain(now, known, chances)


def _gain(now: Range, known: Sequence[Range], chances: Sequence[float]) -> Range:
    """Least and most, in currency, of the expected best less what is best now; both with their bounds."""
    weight = np.array(chances)
    found, bound = (float(weight @ [pair[at] for pair in known]) for at in (0, 1))
    return money_range(found - now[1], bound - now[0])


def _best(question: Question, outcome: Outcome, tree: ScenarioTree, words: str) -> Range:
    """Objective and bound, in millions, of the best plan on another tree."""
    placed = on_tree(question.deal, tree)
    found = question.best(Model(placed.data, build_problem(placed.data)), outcome, words).solution
    return found.objective, max(found.bound, found.objective)


def _signing(question: Question, outcome: Outcome) -> Range | None:
    held = Model(question.placed.data, unsigned(question.model.problem))
    try:
        answer = question.best(held, outcome, "nothing signed in the first year")
    except SolverError:
        return None
    if answer.is_relaxed and not outcome.is_relaxed:
        return None
    found, solution = answer.solution, outcome.solution
    bound = max(solution.bound, solution.objective)
    return money_range(solution.objective - max(found.bound, found.objective), bound - found.objective)


def unsigned(problem: Problem) -> Problem:
    """The problem of a tree in whose root nothing is signed; what cannot be helped stays."""
    upper = problem.upper.copy()
    for column in _root_columns(problem):
        upper[column] = np.maximum(problem.lower[column], 0.0)
    return replace(problem, upper=upper)


def _root_columns(problem: Problem) -> Iterator[np.ndarray]:
    for name in _BOUGHT:
        numbers = problem.columns[name].numbers
        yield numbers[problem.node[numbers] == 0]
