"""The plans of a negotiation over many futures: each is a plan on the tree, checked in every scenario."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from dronedeal import solving
from dronedeal.deal import Deal
from dronedeal.deal.term_sheet import Side, deal_at
from dronedeal.errors import PlanFileError, VerificationError
from dronedeal.exchange import PlanChoices
from dronedeal.planning import Model, no_deal_columns
from dronedeal.planning.data import MONEY_UNIT
from dronedeal.planning.scenarios.by_node import OnTree
from dronedeal.planning.tree import FloatArray
from dronedeal.results.scenarios.record import ScenarioPlan
from dronedeal.solving import Outcome, Solution, Status, Tail, Termination
from dronedeal.solving.highs import HighsSolver
from dronedeal.solving.weighed import measured
from dronedeal.workflow.control import named
from dronedeal.workflow.deals import check
from dronedeal.workflow.negotiation.evaluator import Point
from dronedeal.workflow.negotiation.futures import Futures
from dronedeal.workflow.negotiation.futures_recording import futures_record, ground_rules, worth_of
from dronedeal.workflow.negotiation.ground import ColumnsOf, NegotiationRun, Work
from dronedeal.workflow.negotiation.keeping import kept
from dronedeal.workflow.negotiation.recording import Alone, Findings, recorded
from dronedeal.workflow.scenarios.plan import plan_of_columns
from dronedeal.workflow.scenarios.tail import Weighed, half_of_time, parts_of

_PLAN = "scenario plan"
_SIDES: tuple[Side, ...] = ("buyer", "seller")
# How far the worth of a plan, counted scenario by scenario, may be below what was stated of it.
_SAME = 1e-6


@dataclass(frozen=True)
class Walkaway:
    """What a side has without an agreement, as it weighs the futures; see `Alone`."""

    utilities: Mapping[str, float]
    bound: float | None


class OverFutures:
    """Many futures at once; see `ground.Ground`.

    Parameters
    ----------
    work : of the negotiation
    futures : the tree, and how the worst of it is weighed

    Attributes
    ----------
    plans : by name, checked in every scenario
    """

    moves_inputs = False

    def __init__(self, work: Work, futures: Futures) -> None:
        self.work, self.futures = work, futures
        self.build: Callable[[Deal], Model] | None = futures.build
        self.plans: dict[str, ScenarioPlan] = {}
        self._walkaways: dict[str, float] = {}

    def alternative(self, side: Side) -> Alone:
        """See `ground.Ground`."""
        plan = self._kept(f"{side}-alone", self.work.deal, lambda: self._without_deal(side))
        self._walkaways[side] = plan.objective
        return Walkaway({side: plan.objective}, plan.bound)

    def open_plan(self, name: str, point: Point, columns_of: ColumnsOf) -> None:
        """See `ground.Ground`."""
        under = deal_at(self.work.deal, point.terms)
        self._kept(name, under, lambda: self._agreed(under, point.values, columns_of))

    def finished(self, found: Findings) -> NegotiationRun:
        """See `ground.Ground`."""
        record, futures = recorded(found), self.futures
        analysis = record.analysis
        rules = (*ground_rules(futures), *analysis.ground_rules)
        record = replace(
            record,
            options={**record.options, **futures.options},
            futures=futures_record(record, self.plans, futures),
            analysis=replace(analysis, ground_rules=rules),
        )
        return NegotiationRun(record, {}, scenario_plans=self.plans)

    def _kept(self, name: str, deal: Deal, make: Callable[[], ScenarioPlan]) -> ScenarioPlan:
        """The plan of that name from a checkpoint, or a new one, which is kept."""

        def read(text: str) -> ScenarioPlan:
            plan = ScenarioPlan.from_json(text, where=f"plan {name} of the checkpoint")
            if plan.digest != deal.digest:
                raise PlanFileError(
                    f"plan {name} of the checkpoint: it is of another deal; begin anew with --overwrite"
                )
            return plan

        kept_by = (self.work.checkpoint, _PLAN, name)
        plan = self.plans[name] = kept(kept_by, make, text_of=ScenarioPlan.to_json, read=read)
        return plan

    def _without_deal(self, side: Side) -> ScenarioPlan:
        """The best plan of a side without the other, by its own measure."""
        work, tail = self.work, self._tail_of(side)
        placed = self.futures.placed(work.deal)
        model = self.futures.model(work.deal, placed)
        no_deal = no_deal_columns(model)
        tell = named(work.on_progress, f"{side} without the deal")
        first = outcome = solving.best_alone(
            model.problem,
            HighsSolver(),
            side=side,
            no_deal=no_deal,
            options=work.options if tail is None else half_of_time(work.options),
            on_progress=tell,
            should_stop=work.should_stop,
        )
        weighed = None
        if tail is not None:
            weighed = Weighed(work.deal, placed, model, tail, parts_of(placed, model), first)
            outcome = solving.solve_tail(
                solving.without_deal(model.problem, no_deal),
                HighsSolver(),
                first=first,
                tail=tail,
                parts=weighed.parts,
                options=half_of_time(work.options),
                on_progress=tell,
                should_stop=work.should_stop,
            )
        work.require_going(side)
        return self._plan(work.deal, placed, model, outcome, weighed=weighed)

    def _tail_of(self, side: Side) -> Tail | None:
        """How a side weighs its worst futures; None: the mean is all that counts to it."""
        tail = self.futures.tail
        return None if tail is None or tail.of not in (side, "each") else tail._replace(of=side)

    def _agreed(self, under: Deal, values: FloatArray, columns_of: ColumnsOf) -> ScenarioPlan:
        """The plan of a point from the columns that the solver found."""
        placed = self.futures.placed(under)
        model = self.futures.model(under, placed)
        asked = self.futures.weighed(placed, model).problem
        if len(values) != asked.n_columns:
            values = columns_of(asked)
        stated = asked.utilities(values) * MONEY_UNIT
        values = values[: model.problem.n_columns]
        worth = float(model.problem.utilities(values).sum())
        solution = Solution(Status.WARNING, Termination.AGREED_POINT, values, worth, np.inf, None, 0.0)
        outcome = Outcome(solution, "joint", None, worth, False, 0.0, HighsSolver().name)
        plan = self._plan(under, placed, model, outcome)
        self._require_worth(plan, stated)
        return plan

    def _plan(
        self, deal: Deal, placed: OnTree, model: Model, outcome: Outcome, *, weighed: Weighed | None = None
    ) -> ScenarioPlan:
        options = self.work.options
        choices = PlanChoices(
            outcome.kind, options.gap, options.time_limit, options.threads, self.futures.seed
        )
        return plan_of_columns(
            deal,
            self.futures.grown,
            placed,
            model,
            outcome,
            choices=choices,
            checked=check(deal),
            weighed=weighed,
        )

    def _require_worth(self, plan: ScenarioPlan, stated: FloatArray) -> None:
        """Refuse a plan whose scenarios are worth less to a side than was stated: a fault of the program."""
        size = max(1.0, float(np.abs(stated).sum()))
        faults = []
        for side, value in zip(_SIDES, stated.tolist(), strict=True):
            chances, worth = worth_of(plan, side)
            found = measured(worth, chances, self._tail_of(side))
            if found < value - _SAME * size:
                faults.append(f"utility of the {side}: {value:.2f} at the point, {found:.2f} by scenario")
        if faults:
            raise VerificationError(tuple(faults))
