"""A plan for all scenarios of a tree: grow the tree, build, solve, check every scenario, make the tables."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dronedeal import solving
from dronedeal.assessment import assess
from dronedeal.deal import Deal
from dronedeal.deal.checks.uncertainty import known_subjects
from dronedeal.deal.place import Place
from dronedeal.deal.scenario_tree import ScenarioTree
from dronedeal.engine import Engine
from dronedeal.errors import CommandError, ScenarioTreeError, VerificationError
from dronedeal.exchange import CheckResult, PlanChoices, ScenarioChoices
from dronedeal.files.scenario_tree import faults_of, read_scenario_tree
from dronedeal.planning import Model, build_problem
from dronedeal.planning.data import MONEY_UNIT
from dronedeal.planning.scenarios.by_node import OnTree, on_tree
from dronedeal.planning.scenarios.evidence import evidence_factors
from dronedeal.planning.scenarios.factors import Factor, buyer_years, factors_of
from dronedeal.planning.scenarios.grow import scenario_tree, stages_of
from dronedeal.planning.scenarios.reduce import reduced
from dronedeal.planning.scenarios.service import (
    has_service_levels,
    service_levels,
    with_service_levels,
)
from dronedeal.report.wording import count_text
from dronedeal.results.assemble import make_plan
from dronedeal.results.plan import relative_gap
from dronedeal.results.reading import Reading
from dronedeal.results.scenarios.path import path_of
from dronedeal.results.scenarios.record import ScenarioPlan, Worth
from dronedeal.results.scenarios.service import faults_of_service, service_table
from dronedeal.results.scenarios.tables import Scenario, scenario_tables
from dronedeal.results.shape import Row
from dronedeal.results.verify import Verification
from dronedeal.results.verify import verify as verify_by_arithmetic
from dronedeal.solving import (
    ObjectiveKind,
    Outcome,
    Progress,
    SolveOptions,
    TailOf,
    Termination,
    tail_worth,
)
from dronedeal.workflow.control import Stopwatch
from dronedeal.workflow.deals import check, require_sound
from dronedeal.workflow.plans import program_versions
from dronedeal.workflow.scenarios.by_parts import Asked, plan_by_parts
from dronedeal.workflow.scenarios.kept_plan import Keeping, head_of
from dronedeal.workflow.scenarios.large import (
    method_of,
    nodes_of_parts,
    notes_of_parts,
    require_one_problem,
)
from dronedeal.workflow.scenarios.notes import notes_of
from dronedeal.workflow.scenarios.search import Search
from dronedeal.workflow.scenarios.tail import Weighed, parts_of
from dronedeal.workflow.scenarios.waiting import values_of
from dronedeal.workflow.scenarios.worth import Question

# How far the expected utilities of the scenarios may be from those of the tree, relative to the objective.
_SAME = 1e-6


@dataclass(frozen=True)
class Grown:
    """A tree, how it was made in words, and how far it is from the one that it was reduced from."""

    tree: ScenarioTree
    how: str
    distance: float | None = None
    is_from_deal: bool = False


def plan_scenarios(  # noqa: PLR0913 -- the public face spells out every choice of a plan
    deal: Deal,
    *,
    scenarios: int | None = None,
    tree: Path | str | None = None,
    objective: ObjectiveKind = "joint",
    gap: float = 0.001,
    time_limit: float | None = None,
    threads: int = 2,
    seed: int = 0,
    worth: bool = True,
    evidence: bool = False,
    tail: float | None = None,
    tail_of: TailOf | None = None,
    tail_weight: float = 0.5,
    test_trials: int | None = None,
    engine: Engine | None = None,
    on_progress: Callable[[Progress], None] = solving.no_progress,
    should_stop: Callable[[], bool] = solving.never_stop,
) -> ScenarioPlan:
    """Make the plan of a deal that is best on average over many futures, and check it in each of them.

    What is decided in a fiscal year is the same in all scenarios that cannot be told apart yet, so that the
    decisions of the first year hold whatever turns out.

    Parameters
    ----------
    deal : a deal without errors
    scenarios : about how many scenarios are drawn from `uncertainty`, or kept of the tree in the file
    tree : file with the tree; None: it is grown from the table `uncertainty`
    objective, gap, time_limit, threads, seed, on_progress, should_stop : as of `plan`; the seed is also that
        of the draws. After a stop parts of a large tree that are not planned yet do what must be done and
        nothing else
    worth : also say what knowing the scenario, and what planning for scenarios, is worth
    evidence : also draw how effective tested systems turn out, from what their trials leave open
    tail : share of the chances that counts as worst, above 0 and at most 1, where the mean of the worst shall
        count beside the mean of all; None and 1: only the mean of all does
    tail_of : whose worst scenarios count: `buyer`, `seller`, `joint` for both together, `each` for either by
        itself; None: those of the objective
    tail_weight : of the mean of the worst against the mean of all, 0 to 1
    test_trials : also say what so many more trials of each tested system would be worth before signing
    engine : where the parts of a large tree, and scenarios alone, are planned, such as `Processes` or a
        cluster's; it changes no result. None: in threads of this process

    Raises
    ------
    As `plan`; ScenarioTreeError where the tree cannot be used

    Examples
    --------
    >>> from dronedeal import read
    >>> plan = plan_scenarios(read("deals/first-deal"), scenarios=12, worth=False)
    >>> round(plan.objective, -4), len(plan.tables["scenarios"])
    (4200000.0, 12)
    """
    choices = PlanChoices(objective, gap, time_limit, threads, seed)
    file = None if tree is None else Path(tree)
    asked = ScenarioChoices(scenarios, file, worth, evidence, tail, tail_of, tail_weight, test_trials)
    return run_scenarios(
        deal,
        choices,
        asked,
        watch=Stopwatch(),
        engine=engine,
        on_progress=on_progress,
        should_stop=should_stop,
    )


def run_scenarios(  # noqa: PLR0913 -- what to plan, where, and whom to tell
    deal: Deal,
    choices: PlanChoices,
    asked: ScenarioChoices,
    *,
    watch: Stopwatch,
    on_progress: Callable[[Progress], None],
    should_stop: Callable[[], bool],
    engine: Engine | None = None,
    has_processes: bool = False,
    keeping: Keeping | None = None,
) -> ScenarioPlan:
    """Check, grow, build, solve, check every scenario and make the tables; see `plan_scenarios`.

    Parameters
    ----------
    keeping : where what is found is kept as it comes; None: nowhere
    has_processes : whether parts of a large tree may be planned in processes, which a script without a main
        guard cannot start
    """
    _refuse_what_is_for_one_plan(choices)
    tail = asked.tail_for(choices.objective)
    with watch.stage("check"):
        checked = check(deal)
        require_sound(checked)
    with watch.stage("tree"):
        grown = grow(deal, asked, seed=choices.seed)
    with watch.stage("build"):
        placed = on_tree(deal, grown.tree)
    options = SolveOptions(choices.gap, choices.time_limit, choices.threads, choices.seed)
    joined_by = _joined_by(deal, choices, is_weighed=tail is not None)
    if joined_by is not None:
        require_one_problem(placed, joined_by)
    most_nodes = nodes_of_parts(placed) if joined_by is None else None
    kept = None if keeping is None else keeping.begin(head_of(deal, choices, asked, grown.tree))
    if most_nodes is not None:
        work = Asked(deal, placed, options, most_nodes, on_progress, should_stop, engine, has_processes, kept)
        return _in_parts(work, grown, choices, checked, watch=watch)
    with watch.stage("build"):
        problem = with_service_levels(build_problem(placed.data), service_levels(deal))
        model = Model(placed.data, problem)
    with watch.stage("solve"):
        search = Search(choices.objective, options, on_progress, should_stop, kept)
        first = outcome = search.first(model, is_half=tail is not None)
    weighed = None
    if tail is not None:
        with watch.stage("tail"):
            weighed = Weighed(deal, placed, model, tail, parts_of(placed, model), first)
            outcome = search.careful(weighed, spent=watch.seconds["solve"])
    with watch.stage("scenarios"):
        values = Reading(deal, model, outcome).values
        found, checks = _scenarios(
            deal, placed, model, values, outcome=outcome, is_weighed=weighed is not None
        )
    worth: Worth | None = None
    tests: tuple[Row, ...] = ()
    if asked.is_worth_asked and not has_service_levels(deal):
        with watch.stage("worth"):
            question = Question(
                deal, grown.tree, placed, model, options, on_progress, should_stop, engine, kept
            )
            worth, tests = values_of(question, first, trials=asked.test_trials)
    with watch.stage("tables"):
        service = service_table(deal, found)
        _require_service(service, outcome)
        made = _Made(
            choices, checked, found, checks, worth, weighed, service, tests, _sizes(model), _method(model)
        )
        return _record(deal, grown, outcome, made)


def _joined_by(deal: Deal, choices: PlanChoices, *, is_weighed: bool) -> str | None:
    """What joins all scenarios in one problem, in words of the user; None where nothing does."""
    if is_weighed:
        return "--tail"
    if choices.objective != "joint":
        return f"--objective {choices.objective}"
    return "home_needs.service_level" if has_service_levels(deal) else None


def plan_of_columns(  # noqa: PLR0913 -- what was planned, and how
    deal: Deal,
    grown: Grown,
    placed: OnTree,
    model: Model,
    outcome: Outcome,
    *,
    choices: PlanChoices,
    checked: CheckResult,
    weighed: Weighed | None = None,
) -> ScenarioPlan:
    """The checked plan on a tree behind columns that were found elsewhere, as in a negotiation.

    Parameters
    ----------
    deal : that the columns are of; grown, placed, model : its tree, arrays and problem
    outcome : the columns, and whom they serve
    choices, checked : as of every plan
    weighed : how the worst scenarios were weighed; None: only the mean counts

    Raises
    ------
    VerificationError : where a scenario fails its check, which is a fault of the program
    """
    values = Reading(deal, model, outcome).values
    found, checks = _scenarios(deal, placed, model, values, outcome=outcome, is_weighed=True)
    service = service_table(deal, found)
    _require_service(service, outcome)
    made = _Made(choices, checked, found, checks, None, weighed, service, (), _sizes(model), _method(model))
    return _record(deal, grown, outcome, made)


def _in_parts(
    work: Asked, grown: Grown, choices: PlanChoices, checked: CheckResult, *, watch: Stopwatch
) -> ScenarioPlan:
    """The plan of a tree that is too large for one problem."""
    with watch.stage("solve"):
        parts = plan_by_parts(work)
    faults = [f"scenario {name}: {fault}" for name, each in parts.verified for fault in each.failures]
    faults += _unlike(parts.utilities, parts.scenarios)
    if faults:
        raise VerificationError(tuple(faults))
    with watch.stage("tables"):
        made = _Made(
            choices=choices,
            checked=checked,
            scenarios=parts.scenarios,
            checks=tuple(_all_checks(parts.verified)),
            worth=None,
            weighed=None,
            service=service_table(work.deal, parts.scenarios),
            tests=(),
            sizes=parts.sizes,
            method=method_of(parts),
            notes=tuple(notes_of_parts(parts)),
        )
        return _record(work.deal, grown, parts.outcome, made)


def _require_service(service: Sequence[Row], outcome: Outcome) -> None:
    """Refuse a plan that misses own needs more often than it may: a fault of the program."""
    faults = tuple(faults_of_service(service))
    if faults and not outcome.is_relaxed:
        raise VerificationError(faults)


def _refuse_what_is_for_one_plan(choices: PlanChoices) -> None:
    """Baselines, costs of rules and an earlier plan belong to a plan of one future."""
    for name, is_asked in (
        ("baselines", choices.baselines),
        ("rule_costs", choices.rule_costs),
        ("near", choices.near is not None),
    ):
        if is_asked:
            raise CommandError(
                f"{name}: found together with scenarios, but it is about the plan of one future; ask for it "
                "in a plan of its own"
            )


def grow(deal: Deal, asked: ScenarioChoices, *, seed: int) -> Grown:
    """The tree that was asked for: grown from the deal, or out of a file; fewer scenarios where asked."""
    if asked.tree is None:
        assert asked.scenarios is not None
        shown = evidence_factors(assess(deal)) if asked.has_evidence else ()
        factors = (*factors_of(deal), *shown)
        tree = scenario_tree(deal, leaves=asked.scenarios, seed=seed, factors=factors)
        return Grown(tree, _how_grown(deal, tree, factors, seed=seed), is_from_deal=True)
    tree = read_scenario_tree(asked.tree, years=list(buyer_years(deal).names))
    faults = faults_of(tree, known_subjects(deal), Place(str(asked.tree)))
    if faults:
        raise ScenarioTreeError(faults)
    if asked.scenarios is None or asked.scenarios >= len(tree.leaves):
        return Grown(tree, f"read from {asked.tree.name}")
    fewer = reduced(tree, leaves=asked.scenarios)
    words = f"read from {asked.tree.name}, {len(fewer.tree.leaves)} of {len(tree.leaves)} scenarios kept"
    return Grown(fewer.tree, words, fewer.distance)


def _how_grown(deal: Deal, tree: ScenarioTree, factors: Sequence[Factor], *, seed: int) -> str:
    """Of what the tree is made, and how many of all combinations it has."""
    count = math.prod(stage.combinations for stage in stages_of(deal, factors))
    rows = count_text(len(deal.uncertainty), "row")
    drawn = len(factors) - len(factors_of(deal))
    words = f"grown from {rows} of uncertainty"
    words += f" and {count_text(drawn, 'posterior')} of trials" if drawn else ""
    leaves = len(tree.leaves)
    if leaves >= count:
        return f"{words}, all {count:,} combinations" if count > 1 else words
    return f"{words}, {leaves:,} drawn of {count:,} combinations, seed {seed}; another seed draws others"


def _scenarios(
    deal: Deal,
    placed: OnTree,
    model: Model,
    values: np.ndarray,
    *,
    outcome: Outcome,
    is_weighed: bool,
) -> tuple[list[Scenario], tuple[Row, ...]]:
    """Every scenario as an ordinary plan, checked; all checks together."""
    found: list[Scenario] = []
    verified: list[tuple[str, Verification]] = []
    for leaf in placed.tree.leaves:
        path = path_of(deal, placed, model.problem, values, leaf=leaf)
        made = make_plan(
            path.model, path.outcome, path.deal, path.assessment, options=SolveOptions(), versions={}
        )
        name = placed.tree.nodes[leaf].name
        verified.append(
            (name, verify_by_arithmetic(made, path.deal, path.assessment, turned_out=path.availability))
        )
        found.append(Scenario(path, made, name, placed.tree.nodes[leaf].probability))
    faults = [f"scenario {name}: {fault}" for name, each in verified for fault in each.failures]
    faults += _unlike(model.problem.utilities(values), found, outcome.kind, is_weighed=is_weighed)
    if faults:
        raise VerificationError(tuple(faults))
    return found, tuple(_all_checks(verified))


def _unlike(
    worth: np.ndarray,
    found: Sequence[Scenario],
    kind: ObjectiveKind = "joint",
    *,
    is_weighed: bool = False,
) -> list[str]:
    """What the scenarios are worth on average must be what the plan on the tree is worth.

    To a side that is not maximised, and where only the worst scenarios of a side count, scenarios may be
    worth more: coverage is counted in full there, which a problem that gains nothing by it need not do.

    Parameters
    ----------
    worth : (2,) expected utilities of the plan, million
    is_weighed : whether the worst scenarios were weighed
    """
    whole = worth * MONEY_UNIT
    size = max(1.0, float(np.abs(whole).sum()))
    faults = []
    for party, stated in zip(("buyer", "seller"), whole.tolist(), strict=True):
        expected = sum(each.probability * each.plan.utilities[party] for each in found)
        is_maximised = kind in ("joint", party) and not is_weighed
        if abs(expected - stated) > _SAME * size and (is_maximised or expected < stated):
            faults.append(
                f"expected utility of the {party}: {stated:.2f} on the tree, {expected:.2f} by scenario"
            )
    return faults


def _all_checks(verified: Sequence[tuple[str, Verification]]) -> list[Row]:
    """Each check over all scenarios: comparisons in all, and the largest residual with its scenario."""
    count: dict[str, int] = {}
    worst: dict[str, tuple[float, str]] = {}
    for name, each in verified:
        for found in each.checks:
            count[found.name] = count.get(found.name, 0) + found.comparisons
            if found.name not in worst or found.largest_residual > worst[found.name][0]:
                worst[found.name] = found.largest_residual, name
    return [
        {
            "name": name,
            "comparisons": comparisons,
            "largest_residual": worst[name][0],
            "scenario": worst[name][1],
        }
        for name, comparisons in count.items()
    ]


@dataclass(frozen=True)
class _Made:
    """What was made on the way to a plan on scenarios."""

    choices: PlanChoices
    checked: CheckResult
    scenarios: Sequence[Scenario]
    checks: tuple[Row, ...]
    worth: Worth | None
    weighed: Weighed | None
    service: tuple[Row, ...]
    tests: tuple[Row, ...]
    sizes: Mapping[str, int]
    method: str
    notes: tuple[str, ...] = ()

    @property
    def worth_by_scenario(self) -> tuple[np.ndarray, np.ndarray]:
        """(n,) chance of each scenario; (n, 2) what it is worth to buyer and seller, currency."""
        worth = [[each.plan.utilities[party] for party in ("buyer", "seller")] for each in self.scenarios]
        return np.array([each.probability for each in self.scenarios]), np.array(worth)


def _record(deal: Deal, grown: Grown, outcome: Outcome, made: _Made) -> ScenarioPlan:
    solution = outcome.solution
    utilities = {
        party: sum(each.probability * each.plan.utilities[party] for each in made.scenarios)
        for party in ("buyer", "seller")
    }
    kind = outcome.kind
    objective = sum(utilities.values()) if kind == "joint" else utilities[kind]
    weighed, tables = made.weighed, scenario_tables(grown.tree, made.scenarios, buyer_years(deal))
    tables = {**tables, "service_levels": made.service, "tests": made.tests}
    if weighed is not None:
        if not weighed.tail.is_neutral:
            objective = tail_worth(kind, weighed.tail, *made.worth_by_scenario)
        tables = {**tables, "risk": weighed.table(made.scenarios)}
    bound = max(solution.bound * MONEY_UNIT, objective)
    is_bounded = bool(np.isfinite(bound))
    settings, choices = deal.settings, made.choices
    is_optimal = solution.termination is Termination.OPTIMAL
    return ScenarioPlan(
        title=settings.title,
        currency=settings.currency,
        price_base_year=settings.price_base_year,
        start=settings.start,
        months=settings.months,
        status="relaxed" if outcome.is_relaxed else "optimal" if is_optimal else "feasible",
        objective_kind=kind,
        objective=objective,
        bound=bound if is_bounded else None,
        gap=relative_gap(objective, bound) if is_bounded else None,
        utilities=utilities,
        how=grown.how,
        distance=grown.distance,
        method=made.method,
        sizes={"nodes": len(grown.tree.nodes), "scenarios": len(grown.tree.leaves), **made.sizes},
        options={"gap": choices.gap, "threads": choices.threads, "time_limit": choices.time_limit},
        seed=choices.seed,
        versions=program_versions(),
        digest=deal.digest,
        checks=made.checks,
        warnings=tuple(str(finding) for finding in made.checked.warnings),
        notes=(*notes_of(deal, grown.tree, is_grown=grown.is_from_deal), *made.notes),
        worth=made.worth,
        tables=tables,
        risk=None if weighed is None else weighed.risk(),
    )


def _sizes(model: Model) -> dict[str, int]:
    problem = model.problem
    return {
        "columns": problem.n_columns,
        "rows": problem.n_rows,
        "nonzeros": len(problem.matrix.value),
        "integers": int(problem.is_integer.sum()),
    }


def _method(model: Model) -> str:
    words = "one problem over all scenarios (extensive form)"
    if model.problem.curves is None:
        return words
    return f"{words}, costs that fall with experience along the path of each node"
