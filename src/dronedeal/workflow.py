"""The verbs: read, check, match, plan, what-if, compare, explain, verify, report, new, schema.

The command line, a notebook and a test call the same functions. This is the only module that knows the
order of the layers below, and the only one that reads the clock or the environment.
"""

from __future__ import annotations

import difflib
import json
import os
import platform
import signal
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from dronedeal import assessment as assessing
from dronedeal import files, output, planning, report, solving
from dronedeal.assessment import Assessment
from dronedeal.deal import Deal
from dronedeal.deal.change import apply_changes
from dronedeal.deal.checks import RULES, RegisteredRule
from dronedeal.deal.record import OWNERS, Owner
from dronedeal.deal.synthetic import synthetic_deal
from dronedeal.errors import ChangeError, CommandError, DealFolderError, PlanFileError, VerificationError
from dronedeal.exchange import CheckResult, PlanChoices, PlanRun, SyntheticSize, WhatIf, parse_sides
from dronedeal.report.names import Names
from dronedeal.results import store
from dronedeal.results.assemble import make_plan
from dronedeal.results.compare import Comparison, compare_plans
from dronedeal.results.explain.answers import Asked, Explanation
from dronedeal.results.explain.answers import explain as explain_plan
from dronedeal.results.explain.passed_over import stated_values, why_not_bought
from dronedeal.results.plan import Plan
from dronedeal.results.verify import Verification
from dronedeal.results.verify import verify as verify_by_arithmetic
from dronedeal.solving import ObjectiveKind, Progress, SolveOptions, Solver
from dronedeal.solving.highs import HighsSolver

if TYPE_CHECKING:
    from dronedeal.report.charts.render import Picture

PathLike = str | os.PathLike[str]
SchemaFormat = Literal["markdown", "json"]


def read(path: PathLike, *, sides: Collection[Owner] = OWNERS) -> Deal:
    """Read a deal folder or a workbook.

    Parameters
    ----------
    path : folder with `deal.yaml`, or an `.xlsx` workbook with the same content
    sides : owners whose tables are read; one side alone sees `shared` and its own

    Raises
    ------
    DealFolderError : with every fault of files, cells and records at once, each with its address

    Examples
    --------
    >>> deal = read("deals/first-deal")
    >>> deal.settings.title
    'The first deal'
    """
    return files.read_deal(Path(path), sides=parse_sides(",".join(sides)))


def check(deal: Deal) -> CheckResult:
    """Apply every cross-table rule to a deal.

    Examples
    --------
    >>> check(read("deals/first-deal")).is_ok
    True
    """
    findings = assessing.run_all_checks(deal)
    return CheckResult(tuple(sorted(findings, key=lambda finding: finding.severity != "error")))


def match(deal: Deal) -> Assessment:
    """Compare every requirement with every system, criterion by criterion.

    Raises
    ------
    DealFolderError : where the rules find errors in the deal

    Examples
    --------
    >>> match(read("deals/first-deal")).pairing("patrol", "kestrel").is_eligible
    True
    """
    _require_sound(check(deal))
    return assessing.assess(deal)


def narrow(
    assessment: Assessment, deal: Deal, *, requirement: str | None = None, system: str | None = None
) -> Assessment:
    """The same assessment with the pairs of one requirement, of one system, or of both only.

    Raises
    ------
    CommandError : where the deal has no such requirement or system
    """
    _require_known("requirement", requirement, known=[row.id for row in deal.requirements])
    _require_known("system", system, known=[row.id for row in deal.systems])
    pairings = (
        pairing
        for pairing in assessment.pairings
        if requirement in (None, pairing.requirement) and system in (None, pairing.system)
    )
    return replace(assessment, pairings=tuple(pairings))


def _require_known(what: str, asked: str | None, *, known: Sequence[str]) -> None:
    if asked is None or asked in known:
        return
    close = difflib.get_close_matches(asked, known, n=3)
    hint = f"did you mean {' or '.join(close)}?" if close else f"the deal has {', '.join(known[:10])}"
    raise CommandError(f"{what}: found {asked!r}, which the deal does not have; {hint}")


def rules() -> Mapping[str, RegisteredRule]:
    """Every rule that `check` applies, by name."""
    return RULES


def _require_sound(result: CheckResult) -> None:
    if not result.is_ok:
        raise DealFolderError(result.errors)


def schema(format: SchemaFormat = "markdown") -> str:
    """The manual of the deal folder as Markdown, or its JSON Schema, made from the one schema."""
    if format == "json":
        return json.dumps(files.schema_json(), indent=2, ensure_ascii=False) + "\n"
    if format == "markdown":
        return files.schema_markdown()
    raise CommandError(f"format: found {format!r}; allowed: markdown, json")


def new(path: PathLike, *, workbook: bool = False, synthetic: SyntheticSize | None = None) -> Path:
    """Start a deal: a commented empty template, or a made-up deal of the size asked for.

    Parameters
    ----------
    path : folder to make, or the `.xlsx` file to make where `workbook` is true
    workbook : one workbook instead of a folder
    synthetic : size of a made-up deal; None: the empty template

    Returns
    -------
    The path of what was written; nothing that exists is overwritten.
    """
    target = Path(path)
    if workbook and target.suffix.lower() != ".xlsx":
        target = target.with_name(target.name + ".xlsx")
    if synthetic is None:
        files.write_template(target, workbook=workbook)
        return target
    deal = _made_up(synthetic)
    write = files.write_workbook if workbook else files.write_folder
    write(deal, target)
    return target


def _made_up(size: SyntheticSize) -> Deal:
    try:
        return synthetic_deal(
            systems=size.systems, lines=size.lines, requirements=size.requirements, seed=size.seed
        )
    except ValueError as error:
        raise CommandError(f"a made-up deal of this size cannot be made: {error}") from error


class Stopwatch:
    """Wall clock by stage."""

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the time inside towards a stage."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - began

    @property
    def with_total(self) -> dict[str, float]:
        """The stages and the time since the watch was made."""
        return {**self.seconds, "total": time.perf_counter() - self._began}


def plan(  # noqa: PLR0913 -- the public face spells out every choice of a plan
    deal: Deal,
    *,
    objective: ObjectiveKind = "joint",
    gap: float = 0.001,
    time_limit: float | None = None,
    threads: int = 1,
    seed: int = 0,
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
    choices = PlanChoices(objective, gap, time_limit, threads, seed)
    run = _plan(deal, choices, watch=Stopwatch(), on_progress=on_progress, should_stop=should_stop)
    if not run.verification.is_passed:
        raise VerificationError(run.verification.failures)
    return run.plan


def _plan(
    deal: Deal,
    choices: PlanChoices,
    *,
    watch: Stopwatch,
    on_progress: Callable[[Progress], None],
    should_stop: Callable[[], bool],
    meanwhile: Callable[[], None] | None = None,
    solver: Solver | None = None,
) -> PlanRun:
    options = SolveOptions(choices.gap, choices.time_limit, choices.threads, choices.seed)
    with watch.stage("check"):
        checked = check(deal)
        _require_sound(checked)
    with watch.stage("assess"):
        assessment = assessing.assess(deal)
    with watch.stage("build"):
        model = planning.build(deal, assessment)
    # The solver leaves the interpreter free, so that what is needed later can be loaded meanwhile.
    if meanwhile is not None:
        threading.Thread(target=meanwhile, name="meanwhile", daemon=True).start()
    with watch.stage("solve"):
        outcome = solving.solve_plan(
            model.problem,
            solver or HighsSolver(),
            kind=choices.objective,
            no_deal=planning.no_deal_columns(model),
            options=options,
            on_progress=on_progress,
            should_stop=should_stop,
        )
    watch.seconds["solver"] = outcome.solver_seconds
    with watch.stage("tables"):
        made = make_plan(
            model,
            outcome,
            deal,
            assessment,
            options=options,
            versions=_versions(),
            warnings=[str(finding) for finding in checked.warnings],
        )
    with watch.stage("verify"):
        verification = verify_by_arithmetic(made, deal)
    verified = made.with_verification(verification)
    return PlanRun(deal, checked, assessment, verified, verification, watch.with_total)


def _versions() -> dict[str, str]:
    """Versions of what the figures depend on, for the certificate."""
    return {name: version(name) for name in ("dronedeal", "numpy", "scipy", "highspy")} | {
        "python": platform.python_version()
    }


def plan_to_folder(
    path: PathLike,
    directory: PathLike,
    *,
    choices: PlanChoices | None = None,
    sides: Collection[Owner] = OWNERS,
    overwrite: bool = False,
    on_progress: Callable[[Progress], None] = solving.no_progress,
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
        with _interruptible(on_stop) as should_stop:
            run = _plan(
                deal,
                choices or PlanChoices(),
                watch=watch,
                on_progress=on_progress,
                should_stop=should_stop,
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


@contextmanager
def _interruptible(on_stop: Callable[[], None]) -> Iterator[Callable[[], bool]]:
    """Turn the first Ctrl-C into a stop; outside the main thread Python hears no signals at all."""
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop.is_set
        return
    before = signal.getsignal(signal.SIGINT)

    def hear(_number: int, _frame: object) -> None:
        stop.set()
        signal.signal(signal.SIGINT, before)
        on_stop()

    signal.signal(signal.SIGINT, hear)
    try:
        yield stop.is_set
    finally:
        signal.signal(signal.SIGINT, before)


def what_if(
    deal: Deal,
    changes: Sequence[str],
    *,
    objective: ObjectiveKind = "joint",
    gap: float = 0.001,
    time_limit: float | None = None,
    on_progress: Callable[[Progress], None] = solving.no_progress,
    should_stop: Callable[[], bool] = solving.never_stop,
) -> WhatIf:
    """Plan a deal as it stands and as changed, and set the two side by side.

    The solver keeps what it knows of the first problem, so that the second plan comes sooner.

    Parameters
    ----------
    deal : a deal without errors; it stays as it is
    changes : such as `["budgets[army/2028/procurement].amount*=0.9"]`
    objective, gap, time_limit, on_progress, should_stop : of each of the two plans, as for `plan`

    Raises
    ------
    ChangeError : where a change cannot be made, or the deal as changed breaks its rules
    As `plan`.

    Examples
    --------
    >>> result = what_if(read("deals/first-deal"), ["budgets[guard/2028].amount*=0.9"], gap=0.0)
    >>> round(result.comparison.total("objective").change(1))
    -121800
    """
    if isinstance(changes, str) or not changes:
        raise CommandError(
            "what-if: found no list of changes; allowed: one change or more, such as a text in a list"
        )
    _require_sound(check(deal))
    changed = _changed(deal, changes)
    choices, solver = PlanChoices(objective, gap, time_limit), HighsSolver(is_hot=True)
    runs = []
    for each in (deal, changed):
        run = _plan(
            each, choices, watch=Stopwatch(), on_progress=on_progress, should_stop=should_stop, solver=solver
        )
        if not run.verification.is_passed:
            raise VerificationError(run.verification.failures)
        runs.append(run)
    comparison = compare_plans([run.plan for run in runs], ("as it stands", "changed"), deals=(deal, changed))
    return WhatIf(tuple(changes), comparison, tuple(run.seconds["total"] for run in runs))


def _changed(deal: Deal, changes: Sequence[str]) -> Deal:
    """The changed deal, which must keep every rule across tables too."""
    changed = apply_changes(deal, changes)
    old, new = ((each.settings.currency, each.settings.price_base_year) for each in (deal, changed))
    if old != new:
        raise ChangeError(
            [
                f"the deal as changed counts in {new[0]} at prices of {new[1]}; allowed: {old[0]} at prices "
                f"of {old[1]}, so that the two plans compare; leave currency and price_base_year as they are"
            ]
        )
    errors = check(changed).errors
    if errors:
        head = f"the deal as changed breaks a rule; mend the changes ({'; '.join(changes)})"
        raise ChangeError([head, *map(str, errors)])
    return changed


def compare(
    plans: Sequence[Plan], *, names: Sequence[str] | None = None, deals: Sequence[Deal] = ()
) -> Comparison:
    """Set two to six plans side by side; the first is what the others are compared with.

    Parameters
    ----------
    plans : plans in one currency at prices of one base year
    names : one for each plan; None: A, B, C …
    deals : the deal of each plan, in the same order; with them, what differs in the inputs is told too

    Raises
    ------
    CommandError : where the plans cannot be compared
    PlanFileError : where a plan was not made from the deal given with it

    Examples
    --------
    >>> deal = read("deals/first-deal")
    >>> both = [plan(deal, objective=kind, gap=0.0) for kind in ("joint", "buyer")]
    >>> compare(both).total("objective").values[0] > compare(both).total("buyer").values[0]
    True
    """
    return compare_plans(plans, names, deals=deals)


def write_comparison(comparison: Comparison, directory: PathLike, *, overwrite: bool = False) -> Path:
    """Write `comparison.html` and `comparison.xlsx`; returns the path of the page."""
    target = Path(directory)
    output.refuse_output(target, deal_path=None, overwrite=overwrite)
    output.write_comparison_files(comparison, target)
    return target / output.COMPARISON_FILE


def write_what_if(
    result: WhatIf, directory: PathLike, *, deal_path: PathLike | None = None, overwrite: bool = False
) -> Path:
    """Write the comparison, and the plans in `as-it-stands/` and `changed/`; returns the path of the page."""
    target = Path(directory)
    output.refuse_output(
        target, deal_path=None if deal_path is None else Path(deal_path), overwrite=overwrite
    )
    output.write_comparison_files(result.comparison, target)
    for plan, name in zip(result.comparison.plans, ("as-it-stands", "changed"), strict=True):
        output.write_plan_files(plan, target / name)
    return target / output.COMPARISON_FILE


def explain(
    plan: Plan,
    deal: Deal | None = None,
    *,
    requirement: str | None = None,
    system: str | None = None,
    year: int | None = None,
) -> Explanation:
    """Say in words why a plan is as it is; the weightiest answers come first.

    Parameters
    ----------
    plan : the plan
    deal : its deal, for names in place of ids and for why a system is not bought; None: without
    requirement, system, year : what it shall be about; None: everything

    Raises
    ------
    CommandError : where the plan has no such requirement, system or year
    PlanFileError : where the plan was made from another deal

    Examples
    --------
    >>> deal = read("deals/first-deal")
    >>> found = explain(plan(deal, gap=0.0), system="kestrel")
    >>> found.of("bought")[0].text.partition(" at ")[0]
    'guard buys 580 kestrel from line north for patrol in fiscal year 2028'
    """
    asked = Asked(requirement, system, year)
    if deal is None:
        return explain_plan(plan, asked)
    if plan.digest != deal.digest:
        raise PlanFileError("explain: the plan was made from another deal; name its own deal, or plan again")
    reasons = () if system is None else why_not_bought(plan, deal, match(deal), asked=asked)
    known = [row.id for row in deal.systems]
    found = explain_plan(plan, asked, known_systems=known, reasons=reasons, values=stated_values(deal))
    return found.spoken(Names(deal).in_words)


def verify(plan: Plan, deal: Deal) -> Verification:
    """Check a plan against its deal by plain arithmetic, without a solver.

    Raises
    ------
    PlanFileError : where the plan belongs to another deal
    """
    return verify_by_arithmetic(plan, deal)


def read_plan(path: PathLike) -> Plan:
    """Read a plan from `plan.json`, or from the folder that it lies in."""
    return store.read_plan(Path(path))


def write_plan(plan: Plan, directory: PathLike, *, overwrite: bool = False) -> Path:
    """Write `plan.json`, its JSON Schema and the tables as CSV and Parquet; returns the folder."""
    target = Path(directory)
    output.refuse_output(target, deal_path=None, overwrite=overwrite)
    output.write_plan_files(plan, target)
    return target


def write_report(plan: Plan, deal: Deal, directory: PathLike, *, overwrite: bool = False) -> Path:
    """Write `report.html` and `plan.xlsx` of a plan that passes its check; returns the path of the report.

    Raises
    ------
    PlanFileError : where the plan belongs to another deal, or fails its check
    """
    target = Path(directory)
    output.refuse_output(target, deal_path=None, overwrite=overwrite)
    verification = verify_by_arithmetic(plan, deal)
    if not verification.is_passed:
        failures = "\n".join(str(failure) for failure in verification.failures)
        raise PlanFileError(f"the plan fails its check and is not reported; make it again\n{failures}")
    output.write_report_files(plan, deal, assessment=match(deal), directory=target)
    return target / output.REPORT_FILE


def chart(plan: Plan, deal: Deal, *, name: str) -> Picture:
    """One chart of the report, which a notebook shows by itself.

    Parameters
    ----------
    name : such as `purchases` or `coverage`; an unknown name is answered with all that exist
    """
    return report.chart(plan, deal, name)
