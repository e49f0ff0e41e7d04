"""Verbs that make plans: in memory, and as a folder with a report."""

from __future__ import annotations

import platform
import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from dronedeal import assessment as assessing
from dronedeal import output, planning, report, solving
from dronedeal.assessment import Assessment
from dronedeal.deal import Deal
from dronedeal.deal.record import OWNERS, Owner
from dronedeal.errors import CommandError, VerificationError
from dronedeal.exchange import CheckResult, FirstPlan, NearPlan, PlanChoices, PlanRun, near_plan
from dronedeal.planning import Frozen, Model, as_decided
from dronedeal.planning.measures import purchases_and_decisions
from dronedeal.quantities.calendar import Calendar
from dronedeal.results.assemble import make_plan
from dronedeal.results.changes import changes, quantities
from dronedeal.results.explain import no_room
from dronedeal.results.frozen import decisions, with_frozen
from dronedeal.results.plan import Plan
from dronedeal.results.reading import Reading
from dronedeal.results.verify import verify as verify_by_arithmetic
from dronedeal.solving import Nearby, ObjectiveKind, Outcome, Progress, SolveOptions, Solver
from dronedeal.solving.highs import HighsSolver
from dronedeal.workflow.control import Stopwatch, interruptible
from dronedeal.workflow.deals import PathLike, check, read, require_sound
from dronedeal.workflow.variants import against_baselines, cost_of_rules


@dataclass(frozen=True)
class Solved:
    """A deal with its model and the best plan as the solver has it."""

    deal: Deal
    check: CheckResult
    assessment: Assessment
    model: Model
    outcome: Outcome
    options: SolveOptions


def plan(  # noqa: PLR0913 -- the public face spells out every choice of a plan
    deal: Deal,
    *,
    objective: ObjectiveKind = "joint",
    gap: float = 0.001,
    time_limit: float | None = None,
    threads: int = 2,
    seed: int = 0,
    baselines: bool = False,
    rule_costs: bool = False,
    near: Plan | None = None,
    give_up: float = 0.005,
    freeze_until: str | None = None,
    on_progress: Callable[[Progress], None] = solving.no_progress,
    should_stop: Callable[[], bool] = solving.never_stop,
) -> Plan:
    """Make the best plan of a deal, with its certificate, and check it by plain arithmetic.

    Parameters
    ----------
    deal : a deal without errors
    objective : `joint`, `buyer` or `seller`
    gap : relative distance from the proven bound at which to stop
    time_limit : seconds after which the best plan so far is returned; None for no limit
    threads, seed : of the solver
    baselines : also plan the deal with all made by the seller and with all made by the buyer's side, to
        judge joint production; each takes about as long as the plan
    rule_costs : also plan the deal without each composition rule in turn, to say what the rule costs; each
        takes about as long as the plan
    near : an earlier plan; of all plans near the best the one is made that changes least of it
    give_up : share of the best plan's objective that may be given up for that
    freeze_until : last month, as YYYY-MM, in which everything stays as the earlier plan decided it
    on_progress : called about once a second while the solver runs
    should_stop : asked often; once true, the best plan so far is returned

    Raises
    ------
    DealFolderError : where the rules find errors in the deal
    StoppedError : stopped before any plan was found
    VerificationError : the plan failed its check, which is a fault of the program

    Examples
    --------
    >>> deal = read("deals/first-deal")
    >>> round(plan(deal, gap=0.0).objective)
    4471200
    """
    kept = near_plan(near, give_up=give_up, freeze_until=freeze_until)
    choices = PlanChoices(objective, gap, time_limit, threads, seed, baselines, rule_costs, kept)
    run = run_plan(deal, choices, watch=Stopwatch(), on_progress=on_progress, should_stop=should_stop)
    run.verification.require_passed()
    return run.plan


def run_plan(  # noqa: PLR0913 -- what to do and whom to tell on the way
    deal: Deal,
    choices: PlanChoices,
    *,
    watch: Stopwatch,
    on_progress: Callable[[Progress], None],
    should_stop: Callable[[], bool],
    on_first: Callable[[FirstPlan], None] | None = None,
    meanwhile: Callable[[], None] | None = None,
    solver: Solver | None = None,
) -> PlanRun:
    """Check, match, build, solve, make the tables and verify: one plan with all that it was made from.

    Parameters
    ----------
    watch : counts the seconds of each stage
    on_first : called with the first plan that passed its check, where better ones are looked for
    meanwhile : run in a thread of its own while the solver works
    solver : to keep what it knows from one plan to the next; None: a fresh one
    """
    solved = solve(
        deal,
        choices,
        watch=watch,
        on_progress=on_progress,
        should_stop=should_stop,
        on_first=on_first,
        meanwhile=meanwhile,
        solver=solver,
    )
    outcome, near = solved.outcome, choices.near
    adding: list[tuple[str, Callable[[Plan], Plan]]] = []
    if near is not None:
        with watch.stage("solve"):
            outcome = _nearest(solved, near, on_progress=on_progress, should_stop=should_stop)
        adding.append(("tables", lambda made: _with_changes(made, near, solved, outcome)))
    if choices.baselines:
        baselines = partial(
            against_baselines,
            model=solved.model,
            deal=deal,
            assessment=solved.assessment,
            options=solved.options,
            on_progress=on_progress,
            should_stop=should_stop,
        )
        adding.append(("baselines", baselines))
    if choices.rule_costs:
        costs = partial(
            cost_of_rules,
            deal=deal,
            options=solved.options,
            on_progress=on_progress,
            should_stop=should_stop,
        )
        adding.append(("rule_costs", costs))
    return finish(solved, outcome, watch=watch, adding=adding)


def _with_changes(made: Plan, near: NearPlan, solved: Solved, outcome: Outcome) -> Plan:
    """The plan with what it keeps of an earlier one, and the list of what it changes."""
    digest = sha256(near.plan.to_json().encode()).hexdigest()
    made = replace(
        made,
        options={**made.options, "near": digest, "give_up": near.give_up},
        tables={**made.tables, "changes": tuple(changes(near.plan, made))},
    )
    if near.freeze_until is None:
        return made
    why = no_room(Reading(solved.deal, solved.model, outcome))
    return with_frozen(made, near.plan, solved.deal, until=near.freeze_until, no_room=why)


def solve(  # noqa: PLR0913 -- what to do and whom to tell on the way
    deal: Deal,
    choices: PlanChoices,
    *,
    watch: Stopwatch,
    on_progress: Callable[[Progress], None],
    should_stop: Callable[[], bool],
    on_first: Callable[[FirstPlan], None] | None = None,
    meanwhile: Callable[[], None] | None = None,
    solver: Solver | None = None,
) -> Solved:
    """Check, match, build and solve: the best plan as the solver has it; see `run_plan`."""
    options = SolveOptions(
        choices.gap, choices.time_limit, choices.threads, choices.seed, is_proven=choices.is_proven
    )
    with watch.stage("check"):
        checked = check(deal)
        require_sound(checked)
    with watch.stage("assess"):
        assessment = assessing.assess(deal)
    with watch.stage("build"):
        model = planning.build(deal, assessment, _frozen(deal, choices.near))

    def load_meanwhile() -> None:
        # The solver leaves the interpreter free, so that what is needed later can be loaded meanwhile.
        if meanwhile is not None:
            threading.Thread(target=meanwhile, name="meanwhile", daemon=True).start()

    def solved(outcome: Outcome) -> Solved:
        return Solved(deal, checked, assessment, model, _as_decided(model, outcome), options)

    def tell(outcome: Outcome) -> None:
        first = solved(outcome)
        run = finish(first, first.outcome, watch=Stopwatch())
        if on_first is not None and run.verification.is_passed:
            watch.seconds["first_plan"] = watch.with_total["total"]
            on_first(FirstPlan(run.plan, watch.seconds["first_plan"]))
        load_meanwhile()

    # Nothing shall delay the first plan; only where costs fall with experience does one come before the last.
    is_told = on_first is not None and model.problem.curves is not None
    if not is_told:
        load_meanwhile()
    with watch.stage("solve"):
        outcome = solving.solve_plan(
            model.problem,
            solver or HighsSolver(),
            kind=choices.objective,
            no_deal=planning.no_deal_columns(model),
            options=options,
            on_progress=on_progress,
            on_first=tell if is_told else None,
            should_stop=should_stop,
        )
    return solved(outcome)


def _frozen(deal: Deal, near: NearPlan | None) -> Frozen | None:
    """What the earlier plan decided up to the last month that is frozen; None: nothing is frozen."""
    if near is None or near.freeze_until is None:
        return None
    until, ours = near.freeze_until, Calendar(deal.settings.start, deal.settings.months)
    for whose, calendar in (
        ("the deal", ours),
        ("the earlier plan", Calendar(near.plan.start, near.plan.months)),
    ):
        if not 0 <= calendar.index(until) < calendar.months:
            span = f"{calendar.label(0)} to {calendar.label(calendar.months - 1)}"
            raise CommandError(f"freeze_until: found {until}; allowed: a month of {whose}, {span}")
    found = decisions(near.plan, first=deal.settings.start, until=until)
    return Frozen(ours.index(until) + 1, {each.name: each.quantity for each in found})


def _as_decided(model: Model, outcome: Outcome) -> Outcome:
    """The same outcome, what is frozen in it to the last digit as it was."""
    values = outcome.solution.values
    if model.frozen is None or values is None:
        return outcome
    exact = as_decided(model.problem, model.data, model.frozen, values=values)
    return replace(outcome, solution=replace(outcome.solution, values=exact))


def _nearest(
    solved: Solved,
    near: NearPlan,
    *,
    on_progress: Callable[[Progress], None],
    should_stop: Callable[[], bool],
) -> Outcome:
    """The plan that changes least of an earlier one."""
    measures = purchases_and_decisions(solved.model)
    search = Nearby(
        solved.model.problem,
        HighsSolver(),
        solved.outcome,
        measures,
        near.give_up,
        solved.options,
        on_progress,
        should_stop,
    )
    found = solving.nearest(search, measures.stated(quantities(near.plan)))
    return _as_decided(solved.model, found)


def finish(
    solved: Solved,
    outcome: Outcome,
    *,
    watch: Stopwatch,
    adding: Sequence[tuple[str, Callable[[Plan], Plan]]] = (),
) -> PlanRun:
    """Make the tables of an outcome and verify them: one plan with all that it was made from.

    Parameters
    ----------
    solved : the deal and its model
    outcome : of the plan, which need not be the best
    watch : counts the seconds of each stage
    adding : what is added to the plan before it is verified, each with the stage that it counts to
    """
    watch.seconds["solver"] = outcome.solver_seconds
    with watch.stage("tables"):
        made = make_plan(
            solved.model,
            outcome,
            solved.deal,
            solved.assessment,
            options=solved.options,
            versions=program_versions(),
            warnings=[str(finding) for finding in solved.check.warnings],
        )
    for stage, add in adding:
        with watch.stage(stage):
            made = add(made)
    with watch.stage("verify"):
        verification = verify_by_arithmetic(made, solved.deal)
    verified = made.with_verification(verification)
    return PlanRun(solved.deal, solved.check, solved.assessment, verified, verification, watch.with_total)


def program_versions() -> dict[str, str]:
    """Versions of what the figures depend on, for the certificate."""
    return dict(_versions())


@cache
def _versions() -> dict[str, str]:
    """Read once: what is installed does not change while the program runs, and reading it takes a while."""
    return {name: version(name) for name in ("dronedeal", "numpy", "scipy", "highspy")} | {
        "python": platform.python_version()
    }


def plan_to_folder(  # noqa: PLR0913 -- every choice of the command
    path: PathLike,
    directory: PathLike,
    *,
    choices: PlanChoices | None = None,
    sides: Collection[Owner] = OWNERS,
    overwrite: bool = False,
    on_progress: Callable[[Progress], None] = solving.no_progress,
    on_first: Callable[[FirstPlan], None] = lambda _first: None,
    on_stop: Callable[[], None] = lambda: None,
) -> PlanRun:
    """Read a deal, plan it, and write the plan with its report: the whole of `dronedeal plan`.

    The first Ctrl-C ends the search and keeps the best plan so far; the second one aborts.

    Parameters
    ----------
    path : deal folder or workbook
    directory : where `plan.json`, `tables/`, `report.html`, `plan.xlsx` and `timings.json` go
    choices : of the plan; None for the usual ones
    sides : owners whose tables are read
    overwrite : allow a folder that holds an earlier plan or anything else
    on_progress, on_stop : called about once a second, and when a stop was asked for
    on_first : called with the first plan, checked, where the search for better ones goes on

    Raises
    ------
    As `read` and `plan`; a plan that fails its check is kept in `failed-check.json` only
    """
    target = Path(directory)
    output.refuse_output(target, deal_path=Path(path), overwrite=overwrite)
    watch = Stopwatch()
    with report.drawing_process():
        with watch.stage("read"):
            deal = read(path, sides=sides)
        with interruptible(on_stop) as should_stop:
            run = run_plan(
                deal,
                choices or PlanChoices(),
                watch=watch,
                on_progress=on_progress,
                should_stop=should_stop,
                on_first=on_first,
                meanwhile=report.warm_up,
            )
        _require_passed(run, target)
        with watch.stage("write"):
            output.write_plan_files(run.plan, target)
        with watch.stage("report"):
            output.write_report_files(run.plan, deal, assessment=run.assessment, directory=target)
    output.write_timings(target, watch.with_total)
    return replace(run, seconds=watch.with_total)


def _require_passed(run: PlanRun, directory: Path) -> None:
    if run.verification.is_passed:
        return
    kept = output.write_failed_check(run.plan, run.verification, directory)
    raise VerificationError((*run.verification.failures, f"the plan is not reported; it is kept in {kept}"))
