"""What a negotiation stands on: how the plans of its deal are made, of one future or of many.

Everything that is asked along the frontier is asked of a problem; this says which problem that is, what each
side has without an agreement in it, and how a point becomes a plan that one can open.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from dronedeal.deal import Deal
from dronedeal.deal.term_sheet import Side, deal_at
from dronedeal.errors import StoppedError
from dronedeal.exchange import PlanRun
from dronedeal.negotiation.record import Negotiation
from dronedeal.planning import Model
from dronedeal.planning.problem import Problem
from dronedeal.planning.tree import FloatArray
from dronedeal.results.scenarios.record import ScenarioPlan
from dronedeal.solving import Progress, SolveOptions
from dronedeal.workflow.checkpoint import Checkpoint
from dronedeal.workflow.negotiation.evaluator import Point
from dronedeal.workflow.negotiation.keeping import kept_plan
from dronedeal.workflow.negotiation.plans import alternative_plan, plan_under
from dronedeal.workflow.negotiation.recording import Alone, Findings, recorded

ColumnsOf = Callable[[Problem], FloatArray]


@dataclass(frozen=True)
class NegotiationRun:
    """A negotiation with the plans behind it.

    record : all that was found, as plain data; plans : by the name under which the record knows them
    scenario_plans : the same of a negotiation over many futures, which then has no `plans`
    as_stated : the negotiation of the deal as it is stated, where it was made beside one over many futures
    """

    record: Negotiation
    plans: Mapping[str, PlanRun]
    scenario_plans: Mapping[str, ScenarioPlan] = field(default_factory=dict)
    as_stated: NegotiationRun | None = None


@dataclass(frozen=True)
class Work:
    """What making plans needs of a negotiation.

    Parameters
    ----------
    deal : as it stands; options : of every solve
    checkpoint : where plans go as soon as they are made
    on_progress, should_stop : as for `plan`
    """

    deal: Deal
    options: SolveOptions
    checkpoint: Checkpoint
    on_progress: Callable[[Progress], None]
    should_stop: Callable[[], bool]

    def require_going(self, side: Side) -> None:
        """Raise StoppedError after a stop: a plan that it cut short is less than what a side has."""
        if self.should_stop():
            raise StoppedError(f"stopped before it was known what the {side} has without the other side")


class Ground(Protocol):
    """Whoever makes the plans of a negotiation."""

    @property
    def build(self) -> Callable[[Deal], Model] | None:
        """Makes the model of the deal under some terms; None: as for a plan of one future."""
        ...

    @property
    def moves_inputs(self) -> bool:
        """Whether it is looked into how far the main inputs may move."""
        ...

    def alternative(self, side: Side) -> Alone:
        """The best plan of a side without the other."""
        ...

    def open_plan(self, name: str, point: Point, columns_of: ColumnsOf) -> None:
        """Make, check and keep the plan of a point under a name; `columns_of` as for `plan_under`."""
        ...

    def finished(self, found: Findings) -> NegotiationRun:
        """All that was found, with every plan."""
        ...


class AsStated:
    """The one future that the deal states.

    Attributes
    ----------
    plans : by name, checked
    """

    build: Callable[[Deal], Model] | None = None
    moves_inputs = True

    def __init__(self, work: Work) -> None:
        self.work = work
        self.plans: dict[str, PlanRun] = {}

    def alternative(self, side: Side) -> Alone:
        """See `Ground`."""
        work = self.work

        def make() -> PlanRun:
            run = alternative_plan(
                work.deal,
                side,
                options=work.options,
                on_progress=work.on_progress,
                should_stop=work.should_stop,
            )
            work.require_going(side)
            return run

        run = self.plans[f"{side}-alone"] = kept_plan(work.checkpoint, f"{side}-alone", work.deal, make)
        return run.plan

    def open_plan(self, name: str, point: Point, columns_of: ColumnsOf) -> None:
        """See `Ground`."""
        make = partial(
            plan_under,
            self.work.deal,
            point.terms,
            point.values,
            options=self.work.options,
            columns_of=columns_of,
            should_stop=self.work.should_stop,
        )
        under = deal_at(self.work.deal, point.terms)
        self.plans[name] = kept_plan(self.work.checkpoint, name, under, make)

    def finished(self, found: Findings) -> NegotiationRun:
        """See `Ground`."""
        return NegotiationRun(recorded(found), self.plans)
