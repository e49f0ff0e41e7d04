"""The plan that a term sheet comes from, where it lies beside it.

Terms and what they leave each side are not yet a plan: in a large deal another search seldom finds the one
that was agreed, whose whole-number decisions are others. A sheet that a negotiation wrote lies in its folder,
and its plan lies there too.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dronedeal.deal import Deal
from dronedeal.deal.term_sheet import TermSheet
from dronedeal.errors import CommandError, NegotiationFileError, PlanFileError, VerificationError
from dronedeal.exchange import PlanChoices, PlanRun
from dronedeal.negotiation.chosen import chosen_point, point_names
from dronedeal.negotiation.record_store import NEGOTIATION_FILE, read_negotiation
from dronedeal.planning.tree import FloatArray
from dronedeal.results.plan import Plan
from dronedeal.results.store import read_plan
from dronedeal.workflow.made_before import as_solved
from dronedeal.workflow.negotiation.offered_plans import Asking
from dronedeal.workflow.negotiation.plans import plan_under


@dataclass(frozen=True)
class KnownPlan:
    """A plan that was made before, verified, as the solver would have it.

    values : (n,) columns of the problem of its deal
    """

    run: PlanRun
    values: FloatArray


def plan_beside(file: Path, sheet: TermSheet) -> Plan | None:
    """The plan of the point that a term sheet is of, where both lie in the folder of one negotiation.

    Parameters
    ----------
    file : of the term sheet, in that folder or in `term-sheets/` below it
    sheet : as it was read: of a point where it names the same terms, whatever else was edited

    Returns
    -------
    the first plan of such a point; None: there is no negotiation, or none of its points has these terms. What
    it is worth under the deal as it is now is for `known_plan` to say
    """
    for folder in (file.absolute().parent, file.absolute().parent.parent):
        if (folder / NEGOTIATION_FILE).is_file():
            try:
                return _of_point(folder, sheet)
            except (NegotiationFileError, PlanFileError):
                # A sheet is worth the same without its neighbours.
                return None
    return None


def _of_point(folder: Path, sheet: TermSheet) -> Plan | None:
    record = read_negotiation(folder)
    for name in point_names(record):
        point = chosen_point(record, name)
        place = None if point.plan is None else folder / point.plan
        if place is not None and dict(point.terms) == dict(sheet.terms) and place.exists():
            return read_plan(place)
    return None


def known_plan(under: Deal, plan: Plan, asking: Asking) -> KnownPlan | None:
    """A plan that was made before as a plan of the deal under the terms; None where it is of another deal.

    The digest of the plan says of what it was made, to the last cell of what this run was given, so that a
    plan of a negotiation with folders that this run does not see is none of its plans (rule R11).

    Parameters
    ----------
    under : the deal under the terms
    """
    if plan.digest != under.digest:
        return None
    options = asking.options
    try:
        solved = as_solved(
            under,
            plan,
            PlanChoices("joint", options.gap, options.time_limit),
            on_progress=asking.on_progress,
            should_stop=asking.should_stop,
        )
    except (CommandError, VerificationError):
        # It was changed, or made by another version: the sheet is then valued as any other.
        return None
    values = solved.outcome.solution.values
    return None if values is None else KnownPlan(plan_under(under, {}, values, options=options), values)
