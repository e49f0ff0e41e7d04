"""One path of a stress test again, as an ordinary plan of the deal as it turned out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from dronedeal import output, solving
from dronedeal.assessment import Assessment
from dronedeal.deal import Deal
from dronedeal.deal.record import OWNERS, Owner
from dronedeal.errors import CommandError
from dronedeal.exchange import MOST_PATHS, StressChoices
from dronedeal.results.assemble import make_plan
from dronedeal.results.plan import Plan
from dronedeal.results.scenarios.path import path_of
from dronedeal.results.stress.tables import turned_out
from dronedeal.results.verify import verify as verify_by_arithmetic
from dronedeal.solving import SolveOptions
from dronedeal.workflow.deals import PathLike, read
from dronedeal.workflow.plans import program_versions
from dronedeal.workflow.stress_test.folder import read_signed
from dronedeal.workflow.stress_test.futures import Futures
from dronedeal.workflow.stress_test.run import prepared


class PathPlan(NamedTuple):
    """How one path went: a plan with its check, the deal as it turned out, its matching, and all in words."""

    plan: Plan
    deal: Deal
    assessment: Assessment
    words: str


def path_plan(futures: Futures, number: int) -> PathPlan:
    """How one path went, as an ordinary plan.

    The check is that of every plan, against the deal with the figures that turned out; where contract
    quantities were planned as a linear problem it does not ask for whole ones.
    """
    future = futures.future(number)
    ended = futures.ended(future.states)
    leaf = len(future.states) - 1
    path = path_of(futures.deal, ended.placed, ended.problem, ended.values, leaf=leaf)
    deal = path.deal if futures.policy == "exact" else _without_whole_units(path.deal)
    made = make_plan(
        path.model, path.outcome, deal, path.assessment, options=SolveOptions(), versions=program_versions()
    )
    if futures.policy != "exact":
        made = replace(made, rounding=None)  # nothing was rounded
    checked = verify_by_arithmetic(made, deal, path.assessment, turned_out=path.availability)
    words = turned_out(future, futures.data.buyer_years.names) or "as stated"
    return PathPlan(made.with_verification(checked), deal, path.assessment, words)


def _without_whole_units(deal: Deal) -> Deal:
    options = deal.settings.options.model_copy(update={"whole_units": False})
    return replace(deal, settings=deal.settings.model_copy(update={"options": options}))


def stress_path_to_folder(
    plan: PathLike,
    deal: PathLike,
    directory: PathLike,
    number: int,
    *,
    choices: StressChoices | None = None,
    sides: Collection[Owner] = OWNERS,
    overwrite: bool = False,
) -> tuple[Plan, str]:
    """Go through one path again, and write it as an ordinary plan.

    Parameters
    ----------
    plan, deal : as of `stress_to_folder`
    directory : where `plan.json`, `tables/`, `report.html` and `plan.xlsx` go
    number : of the path, from 1 on
    choices : whose seed and policy are those of the stress test

    Returns
    -------
    The plan, and what turned out in words
    """
    if not 1 <= number <= MOST_PATHS:
        raise CommandError(f"path: found {number}; allowed: a number from 1 to {MOST_PATHS:,}")
    target = Path(directory)
    output.refuse_output(target, deal_path=Path(deal), overwrite=overwrite)
    futures, _ = prepared(
        read_signed(plan), read(deal, sides=sides), choices or StressChoices(), should_stop=solving.never_stop
    )
    found = path_plan(futures, number)
    output.write_plan_files(found.plan, target)
    output.write_report_files(found.plan, found.deal, assessment=found.assessment, directory=target)
    return found.plan, found.words
