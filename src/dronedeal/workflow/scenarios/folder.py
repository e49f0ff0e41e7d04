"""The whole of `dronedeal plan --scenarios`: read a deal, plan it for all scenarios, write what was found."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

from dronedeal import output, report, solving
from dronedeal.deal.record import OWNERS, Owner
from dronedeal.errors import StoppedError
from dronedeal.exchange import PlanChoices, ScenarioChoices
from dronedeal.results.scenarios.record import ScenarioPlan, read_scenario_plan
from dronedeal.solving import Progress
from dronedeal.workflow.control import Stopwatch, interruptible
from dronedeal.workflow.deals import PathLike, read
from dronedeal.workflow.scenarios.kept_plan import CHECKPOINT_FILE, Keeping, refuse_lost_work
from dronedeal.workflow.scenarios.plan import run_scenarios
from dronedeal.workflow.workers import ClusterAt, workers_or_none


def scenarios_to_folder(  # noqa: PLR0913 -- every choice of the command
    path: PathLike,
    directory: PathLike,
    asked: ScenarioChoices,
    *,
    choices: PlanChoices | None = None,
    sides: Collection[Owner] = OWNERS,
    cluster: ClusterAt | None = None,
    workers: int = 1,
    overwrite: bool = False,
    resume: bool = False,
    keep_checkpoint: bool = False,
    on_progress: Callable[[Progress], None] = solving.no_progress,
    on_stop: Callable[[], None] = lambda: None,
) -> ScenarioPlan:
    """Read a deal, plan it for many futures at once, and write the plan with its report.

    The first Ctrl-C ends the search and keeps what is found; the second one aborts. Whatever ends the
    program, what was found lies in the file `plan-checkpoint`.

    Parameters
    ----------
    path : deal folder or workbook
    directory : where `scenarios.json`, `scenario-tables/`, `scenarios.html` and `timings.json` go
    asked : which scenarios
    choices : of the plan; None for the usual ones
    sides : owners whose tables are read
    cluster : where parts of a large tree, and scenarios alone, are planned; None: here
    workers : processes of this machine that do so where there is no cluster; 1: this one, but for parts of a
        large tree, which as many processes plan as the choices have threads
    overwrite : allow a folder that holds an earlier plan or anything else
    resume : go on with the checkpoint in the directory, to the same plan
    keep_checkpoint : leave it there when all is done; after a stop it always stays
    on_progress, on_stop : called about once a second, and when a stop was asked for

    Raises
    ------
    StoppedError : stopped before there was a plan; what was found until then is kept
    """
    target, chosen = Path(directory), choices or PlanChoices()
    keeping = Keeping(target / CHECKPOINT_FILE, resume)
    refuse_lost_work(keeping.path, resume=resume, overwrite=overwrite)
    output.refuse_output(target, deal_path=Path(path), overwrite=overwrite or resume)
    watch = Stopwatch()
    with watch.stage("read"):
        deal = read(path, sides=sides)
    with report.ready_to_write():
        with workers_or_none(cluster, workers) as engine, interruptible(on_stop) as should_stop:
            try:
                plan = run_scenarios(
                    deal,
                    chosen,
                    asked,
                    watch=watch,
                    engine=engine,
                    has_processes=True,
                    keeping=keeping,
                    on_progress=on_progress,
                    should_stop=should_stop,
                )
            except StoppedError as stop:
                raise StoppedError(f"{stop}; {keeping.advice}") from None
            is_whole = not (should_stop() or _is_out_of_time(watch, chosen))
        plan = replace(plan, notes=(*plan.notes, *filter(None, [keeping.fault])))
        with watch.stage("write"):
            output.write_scenario_files(plan, target)
    output.write_timings(target, watch.with_total)
    if is_whole and not keep_checkpoint:
        # Only now, for a disk can be full.
        keeping.remove()
    return plan


def _is_out_of_time(watch: Stopwatch, choices: PlanChoices) -> bool:
    """Whether the search took all the time that it had."""
    spent = sum(watch.seconds.get(stage, 0.0) for stage in ("solve", "tail"))
    return choices.time_limit is not None and spent >= choices.time_limit


def can_go_on(directory: PathLike) -> bool:
    """Whether a folder holds the checkpoint of a plan for many futures.

    Parameters
    ----------
    directory : of the results of `dronedeal plan --scenarios`
    """
    return (Path(directory) / CHECKPOINT_FILE).is_file()


def read_scenarios(path: PathLike) -> ScenarioPlan:
    """Read a plan on scenarios from its folder, or from its `scenarios.json`.

    Raises
    ------
    PlanFileError : where there is none, or the file is damaged
    """
    return read_scenario_plan(Path(path))
