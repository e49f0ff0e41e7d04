"""The search for the plan of one problem over all scenarios, taken up where an earlier one ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dronedeal import solving
from dronedeal.planning import Model, no_deal_columns
from dronedeal.solving import ObjectiveKind, Outcome, Progress, SolveOptions
from dronedeal.solving.highs import HighsSolver
from dronedeal.workflow.checkpoint import Checkpoint
from dronedeal.workflow.scenarios.kept_plan import kept_outcome
from dronedeal.workflow.scenarios.tail import Weighed, half_of_time, rest_of_time


@dataclass(frozen=True)
class Search:
    """What is looked for, and how.

    Parameters
    ----------
    kind : whose utility counts
    options : of the whole search
    on_progress, should_stop : as of a plan
    kept : where what is found is kept; None: nowhere
    """

    kind: ObjectiveKind
    options: SolveOptions
    on_progress: Callable[[Progress], None]
    should_stop: Callable[[], bool]
    kept: Checkpoint | None

    def first(self, model: Model, *, is_half: bool) -> Outcome:
        """The plan that is best on average.

        Parameters
        ----------
        is_half : whether another search takes the other half of the time
        """
        return kept_outcome(
            self.kept,
            "first",
            lambda: solving.solve_plan(
                model.problem,
                HighsSolver(),
                kind=self.kind,
                no_deal=no_deal_columns(model),
                options=half_of_time(self.options) if is_half else self.options,
                on_progress=self.on_progress,
                should_stop=self.should_stop,
            ),
            is_cut=self._is_cut,
        )

    def careful(self, weighed: Weighed, *, spent: float) -> Outcome:
        """The plan in which the worst scenarios count for more.

        Parameters
        ----------
        weighed : how, beside which first plan
        spent : seconds that the first plan took
        """
        return kept_outcome(
            self.kept,
            "tail",
            lambda: solving.solve_tail(
                weighed.model.problem,
                HighsSolver(),
                first=weighed.first,
                tail=weighed.tail,
                parts=weighed.parts,
                options=rest_of_time(self.options, spent),
                on_progress=self.on_progress,
                should_stop=self.should_stop,
            ),
            is_cut=self._is_cut,
        )

    def _is_cut(self) -> bool:
        # What is found within a time limit depends on the machine, and a longer one may find more.
        return self.should_stop() or self.options.time_limit is not None
