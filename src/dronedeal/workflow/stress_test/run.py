"""A signed plan against fresh futures, path by path: the whole of `stress` but for its folder."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dronedeal import solving
from dronedeal.deal import Deal
from dronedeal.engine import Engine, Processes, engine_of, steady
from dronedeal.errors import CommandError, StoppedError
from dronedeal.exchange import StressChoices, StressProgress
from dronedeal.results.plan import Plan
from dronedeal.results.scenarios.record import ScenarioPlan
from dronedeal.results.stress.causes import Turn
from dronedeal.results.stress.measure import Measured
from dronedeal.results.stress.record import StressTest
from dronedeal.results.stress.tables import Future, Tested, broken, stress_tables
from dronedeal.results.stress.vocabulary import Service
from dronedeal.workflow.control import Stopwatch, cores_available
from dronedeal.workflow.deals import check, require_sound
from dronedeal.workflow.plans import program_versions
from dronedeal.workflow.stress_test.checkpoint import Checkpoint
from dronedeal.workflow.stress_test.futures import EXACT_COLUMNS, POLICIES, Futures
from dronedeal.workflow.stress_test.signed import Signed, signed_plan

OnProgress = Callable[[StressProgress], None]


def no_stress_progress(progress: StressProgress) -> None:
    """The default of `on_progress`."""


def stress(  # noqa: PLR0913 -- the public face spells out every choice
    plan: Plan | ScenarioPlan,
    deal: Deal,
    *,
    paths: int = 1000,
    seed: int = 0,
    workers: int | None = 1,
    policy: str | None = None,
    confidence_level: float = 0.95,
    engine: Engine | None = None,
    on_progress: OnProgress = no_stress_progress,
    should_stop: Callable[[], bool] = solving.never_stop,
) -> StressTest:
    """Run a signed plan against fresh futures, drawn from the rows of `uncertainty`, and say what it keeps.

    In every future each fiscal year begins with what has turned out by then. Where it is not what was
    expected, what is left is planned anew; the planner takes what is in force to go on, and knows nothing of
    later years. The draws are independent of those of any scenario tree.

    Parameters
    ----------
    plan : of this deal; of a plan for many futures the decisions of the first year are signed
    deal : with rows of `uncertainty`
    paths : futures, from 1 to 100,000
    seed : of the draws; a path has the same future whatever else is run
    workers : threads; they change no result. None: one for each processor where the deal is large
    policy : `exact`: each re-plan is a plan of its own; `linear`: a linear problem, in a fraction of the
        time; None: exact where the deal is small
    confidence_level : of the intervals
    engine : where futures are gone through, such as `Processes` or a cluster's; it changes no result. None:
        in so many threads as there are workers
    on_progress : called after each path
    should_stop : asked often; once true, what was found so far is returned

    Raises
    ------
    CommandError : where the plan is not one of this deal, or nothing is uncertain
    StoppedError : stopped before the first path was done

    Examples
    --------
    ``test = stress(read_plan("out"), read("deals/first-deal"), paths=200)``
    """
    choices = StressChoices(paths, seed, workers, policy, confidence_level)
    return run_stress(plan, deal, choices, engine=engine, on_progress=on_progress, should_stop=should_stop)


def run_stress(  # noqa: PLR0913 -- what to do, where it is kept, and whom to tell
    plan: Plan | ScenarioPlan,
    deal: Deal,
    choices: StressChoices,
    *,
    checkpoint: Path | None = None,
    resume: bool = False,
    engine: Engine | None = None,
    has_processes: bool = False,
    watch: Stopwatch | None = None,
    on_progress: OnProgress = no_stress_progress,
    should_stop: Callable[[], bool] = solving.never_stop,
) -> StressTest:
    """The same with the file that keeps what was found; see `stress`.

    Parameters
    ----------
    has_processes : whether workers of a large deal may be processes, which a script without a main guard
        cannot start
    """
    watch = watch or Stopwatch()
    with watch.stage("prepare"):
        futures, signed = prepared(plan, deal, choices, should_stop=should_stop)
    made_of = _made_of(signed, futures)
    with (
        nullcontext()
        if checkpoint is None
        else Checkpoint(checkpoint, made_of=made_of, resume=resume) as kept,
        _engine_here(futures, choices, has_processes=has_processes)
        if engine is None
        else nullcontext(engine) as workers,
    ):
        crew = _Crew(futures, workers, should_stop)
        with watch.stage("paths"):
            found = _all_paths(crew, choices, kept, on_progress=on_progress, watch=watch)
        if not found:
            raise StoppedError("stopped before the first path was done")
        with watch.stage("causes"):
            found = _with_causes(crew, found)
        fault = "" if kept is None else kept.fault
    with watch.stage("tables"):
        return _record(futures, signed, choices, found, fault=fault)


def _engine_here(
    futures: Futures, choices: StressChoices, *, has_processes: bool
) -> AbstractContextManager[Engine]:
    """Workers of this machine: of a large deal processes, for half of its work holds the interpreter."""
    is_large = futures.problem.n_columns > EXACT_COLUMNS
    count = choices.workers or (cores_available() if is_large else 1)
    return Processes(count) if is_large and has_processes and count > 1 else engine_of(count)


def prepared(
    plan: Plan | ScenarioPlan, deal: Deal, choices: StressChoices, *, should_stop: Callable[[], bool]
) -> tuple[Futures, Signed]:
    """The futures of a signed plan, ready to be gone through."""
    require_sound(check(deal))
    if not deal.uncertainty:
        raise CommandError(
            "uncertainty: found no rows, so that every future is as stated; add the table uncertainty to the "
            "deal (docs/how-to/stress.md says how)"
        )
    signed = signed_plan(plan, deal, on_progress=solving.no_progress, should_stop=should_stop)
    return Futures(signed, seed=choices.seed, policy=choices.policy), signed


def _made_of(signed: Signed, futures: Futures) -> dict[str, Any]:
    return {
        "plan": signed.digest,
        "deal": signed.deal.digest,
        "seed": futures.seed,
        "re-planning": futures.policy,
        "version": program_versions()["dronedeal"],
    }


@dataclass(frozen=True)
class _Crew:
    """Who goes through futures: wherever that is, the same ones are found.

    Parameters
    ----------
    futures : of the signed plan
    engine : where they are gone through; each worker elsewhere makes the futures of the same plan, once
    should_stop : asked often
    """

    futures: Futures
    engine: Engine
    should_stop: Callable[[], bool]

    def found(self, asked: Iterable[int | Turn]) -> Generator[Measured]:
        """What the plan comes to in each path, or where one outcome turns out alone, until a stop."""
        yield from steady(self.engine, self.futures.answer, asked, should_stop=self.should_stop)


def _all_paths(
    crew: _Crew,
    choices: StressChoices,
    kept: Checkpoint | None,
    *,
    on_progress: OnProgress,
    watch: Stopwatch,
) -> list[Future]:
    """Every path in the order of its number, until a stop."""
    futures = crew.futures
    known = (
        {}
        if kept is None
        else {number: each for number, each in kept.found.items() if number <= choices.paths}
    )
    found = {number: futures.known(number, measured) for number, measured in known.items()}
    failed = sum(bool(broken(each.found, futures.promised)) for each in found.values())
    missing = [number for number in range(1, choices.paths + 1) if number not in found]
    # An iterator that is closed gives up the work that has not begun.
    with closing(crew.found(missing)) as results:
        for number, measured in zip(missing, results, strict=False):
            found[number] = futures.known(number, measured)
            failed += bool(broken(measured, futures.promised))
            if kept is not None:
                kept.add(number, measured)
            on_progress(StressProgress(len(found), choices.paths, failed, watch.with_total["total"]))
    return [found[number] for number in sorted(found)]


def _with_causes(crew: _Crew, found: list[Future]) -> list[Future]:
    """Paths with why they failed; once a stop was asked for, causes that are not known yet are left out."""
    futures = crew.futures
    turns = list(dict.fromkeys(turn for each in found for turn in futures.turns_to_try(each)))
    with closing(crew.found(turns)) as results:
        known = dict(zip(turns, results, strict=False))
    return [futures.with_cause(each, tried=known.get) for each in found]


def _record(
    futures: Futures, signed: Signed, choices: StressChoices, found: list[Future], *, fault: str
) -> StressTest:
    settings, data = futures.deal.settings, futures.data
    tested = Tested(
        found,
        futures.stated,
        futures.promised,
        data.buyer_years.names,
        data.calendar,
        choices.confidence_level,
        _levels(futures.deal),
    )
    return StressTest(
        title=settings.title,
        currency=settings.currency,
        price_base_year=settings.price_base_year,
        start=settings.start,
        months=settings.months,
        paths=choices.paths,
        done=len(found),
        seed=choices.seed,
        confidence_level=choices.confidence_level,
        policy=POLICIES[futures.policy],
        signed=signed.words,
        planned=futures.stated.measures["joint", None],
        combinations=futures.combinations,
        residual=max(each.found.residual for each in found),
        options={"policy": futures.policy, "seed": choices.seed},
        versions=program_versions(),
        digest=futures.deal.digest,
        plan_digest=signed.digest,
        notes=tuple(_notes(futures, choices, found, fault)),
        tables=stress_tables(tested),
    )


def _levels(deal: Deal) -> dict[Service, float]:
    """Chance with which each own need shall be met in each fiscal year of the seller."""
    return {
        Service("own_needs", row.id, row.fiscal_year): float(row.service_level) for row in deal.home_needs
    }


def _notes(futures: Futures, choices: StressChoices, found: list[Future], fault: str) -> Iterator[str]:
    first = futures.stages[0].year
    if any(row.fiscal_year <= first for row in futures.deal.uncertainty):
        yield (
            f"The first fiscal year goes as it was signed; outcomes stated for {first} hold from {first + 1} "
            "on."
        )
    if len(found) < choices.paths:
        yield f"Stopped after {len(found):,} of {choices.paths:,} paths; --resume goes on."
    missing = len(futures.stated.services) - len(futures.promised)
    if missing:
        yield (
            f"{missing} of {len(futures.stated.services)} services are not kept by the signed plan itself; "
            "they are counted, but are no promises."
        )
    if not math.isclose(futures.combinations, 1) and futures.combinations < len(found):
        yield (
            f"The rows of uncertainty allow only {futures.combinations:,} futures; paths repeat them as "
            "often as they are likely."
        )
    if fault:
        yield fault
