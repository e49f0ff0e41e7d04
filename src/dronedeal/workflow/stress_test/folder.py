"""The whole of `dronedeal stress`: read plan and deal, go through the futures, write what was found."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import nullcontext
from pathlib import Path

from dronedeal import output, report
from dronedeal.deal.record import OWNERS, Owner
from dronedeal.errors import CommandError, PlanFileError
from dronedeal.exchange import StressChoices
from dronedeal.results.plan import Plan
from dronedeal.results.scenarios.record import SCENARIOS_FILE, ScenarioPlan, read_scenario_plan
from dronedeal.results.stress.record import StressTest, read_stress_test
from dronedeal.workflow.control import Stopwatch, interruptible
from dronedeal.workflow.deals import PathLike, read
from dronedeal.workflow.papers import read_plan
from dronedeal.workflow.stress_test.checkpoint import CHECKPOINT_FILE
from dronedeal.workflow.stress_test.run import OnProgress, no_stress_progress, run_stress
from dronedeal.workflow.workers import ClusterAt, workers_of


def stress_to_folder(  # noqa: PLR0913 -- every choice of the command
    plan: PathLike,
    deal: PathLike,
    directory: PathLike,
    *,
    choices: StressChoices | None = None,
    sides: Collection[Owner] = OWNERS,
    cluster: ClusterAt | None = None,
    resume: bool = False,
    overwrite: bool = False,
    on_progress: OnProgress = no_stress_progress,
    on_stop: Callable[[], None] = lambda: None,
) -> StressTest:
    """Run a signed plan against fresh futures, and write what was found with its page.

    What was found is kept in a file as it comes; `resume` goes on with it. The first Ctrl-C ends the work and
    keeps what was found, the second one aborts.

    Parameters
    ----------
    plan : folder or file of a plan, also of one for many futures
    deal : its deal folder or workbook
    directory : where `stress.json`, `stress-tables/`, `stress.html`, `stress.xlsx` and `timings.json` go
    choices : paths, seed, workers; None for the usual ones
    sides : owners whose tables are read
    cluster : where the futures are gone through; None: here
    resume : go on with what an earlier run found in the same folder
    overwrite : allow a folder that holds anything
    on_progress, on_stop : called after each path, and when a stop was asked for
    """
    target = Path(directory)
    checkpoint = target / CHECKPOINT_FILE
    if resume and not checkpoint.exists():
        raise CommandError(
            f"resume: found no {CHECKPOINT_FILE} in {target}; name the folder of the run that was "
            "stopped with --out, or leave --resume out"
        )
    output.refuse_output(target, deal_path=Path(deal), overwrite=overwrite or resume)
    watch = Stopwatch()
    chosen = choices or StressChoices()
    with watch.stage("read"):
        signed, given = read_signed(plan), read(deal, sides=sides)
    elsewhere = nullcontext() if cluster is None else workers_of(cluster, 1)
    with report.ready_to_write():
        with elsewhere as engine, interruptible(on_stop) as should_stop:
            test = run_stress(
                signed,
                given,
                chosen,
                checkpoint=checkpoint,
                resume=resume,
                engine=engine,
                has_processes=True,
                watch=watch,
                on_progress=on_progress,
                should_stop=should_stop,
            )
        with watch.stage("write"):
            output.write_stress_files(test, target)
    if test.is_whole:
        # Only now, for a disk can be full.
        checkpoint.unlink(missing_ok=True)
    output.write_timings(target, watch.with_total)
    return test


def read_signed(path: PathLike) -> Plan | ScenarioPlan:
    """A plan from its folder or file, be it for the figures as stated or for many futures."""
    given = Path(path)
    if given.name == SCENARIOS_FILE or (given / SCENARIOS_FILE).is_file():
        return read_scenario_plan(given)
    try:
        return read_plan(given)
    except PlanFileError as fault:
        raise PlanFileError(f"{fault}; dronedeal stress takes a plan of dronedeal plan") from None


def read_stress(path: PathLike) -> StressTest:
    """Read a stress test from its folder, or from its `stress.json`.

    Raises
    ------
    PlanFileError : where there is none, or the file is damaged
    """
    return read_stress_test(Path(path))
