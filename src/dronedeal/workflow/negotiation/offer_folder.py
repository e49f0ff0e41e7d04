"""An offer as a folder: record, page, workbook, plans, term sheets of the offer and of its improvement."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

from dronedeal import output, report, solving
from dronedeal.deal.record import OWNERS, Owner
from dronedeal.exchange import PlanRun
from dronedeal.files import read_term_sheet
from dronedeal.solving import Progress, SolveOptions
from dronedeal.workflow.control import Stopwatch, interruptible
from dronedeal.workflow.deals import PathLike, read
from dronedeal.workflow.negotiation.known_plan import plan_beside
from dronedeal.workflow.negotiation.offer import OfferRun, run_offer
from dronedeal.workflow.negotiation.offered_plans import Asking


def offer_to_folder(  # noqa: PLR0913 -- the public face spells out every choice
    path: PathLike,
    terms: PathLike,
    directory: PathLike | None = None,
    *,
    signed: bool = False,
    improve: bool = True,
    gap: float = 0.001,
    time_limit: float | None = None,
    sides: Collection[Owner] = OWNERS,
    overwrite: bool = False,
    on_progress: Callable[[Progress], None] = solving.no_progress,
    on_stop: Callable[[], None] = lambda: None,
) -> OfferRun:
    """Read a deal and a term sheet, value the sheet, and write what was found where a folder is given.

    The first Ctrl-C ends the search and keeps what is found; the second one aborts.

    Parameters
    ----------
    path : deal folder or workbook
    terms : file of the term sheet; in a large deal the one of a point, in the folder of its negotiation, is
        valued by the plan of the point
    directory : where `offer.json`, its page and workbook, `plans/` and `term-sheets/` go; None: nowhere
    signed : whether the text is signed, whatever its file says
    improve, gap, time_limit : as for `offer`
    sides, overwrite, on_progress, on_stop : as for `plan_to_folder`
    """
    target, watch = None if directory is None else Path(directory), Stopwatch()
    if target is not None:
        output.refuse_output(target, deal_path=Path(path), overwrite=overwrite)
    with watch.stage("read"):
        deal, sheet = read(path, sides=sides), read_term_sheet(Path(terms))
        made_before = plan_beside(Path(terms), sheet)
    sheet = replace(sheet, is_signed=sheet.is_signed or signed)

    def keep(name: str, made: PlanRun) -> None:
        if target is not None:
            output.write_plan_files(made.plan, target / "plans" / name)

    with report.ready_to_write() if target is not None else nullcontext():
        with watch.stage("offer"), interruptible(on_stop) as should_stop:
            asking = Asking(SolveOptions(gap, time_limit, is_proven=False), on_progress, should_stop)
            run = run_offer(deal, sheet, asking, improve=improve, on_plan=keep, made_before=made_before)
        if target is not None:
            with watch.stage("write"):
                plans = {name: made.plan for name, made in run.plans.items()}
                output.write_offer_files(run.record, plans, deal=deal, sheet=sheet, directory=target)
    if target is not None:
        output.write_timings(target, watch.with_total)
    return run
