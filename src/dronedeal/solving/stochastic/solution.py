"""What a method found on a tree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from dronedeal.planning.tree import FloatArray
from dronedeal.solving.interface import Status, Termination, relative_gap

Method = Literal["auto", "extensive", "decomposition"]
METHODS: tuple[Method, ...] = ("auto", "extensive", "decomposition")


@dataclass(frozen=True)
class TreeSolution:
    """A plan for every node of a tree, with what was proven of it.

    Parameters
    ----------
    values : (n,) value of every column, in the order of the problem that was given; None: none was found
    objective : of the plan, to be maximised: minus its cost (with a tail, minus mean and tail together)
    bound : proven upper limit of the objective
    status, termination : how the work ended
    method : "extensive" or "decomposition"
    iterations : rounds of the decomposition; 0 for the extensive form
    seconds : wall clock of the work
    measured : counts and seconds of the parts of the work, by name
    note : what a user should know of the end, in words; empty where nothing is left to say
    """

    values: FloatArray | None
    objective: float
    bound: float
    status: Status
    termination: Termination
    method: Method
    iterations: int
    seconds: float
    measured: Mapping[str, float] = field(default_factory=dict)
    note: str = ""

    @property
    def has_values(self) -> bool:
        """Whether there is a plan."""
        return self.values is not None

    @property
    def gap(self) -> float:
        """Relative distance of objective and bound; infinite without a plan."""
        return relative_gap(self.objective, self.bound) if self.has_values else float("inf")

    @property
    def cost(self) -> float:
        """Cost of the plan, minus the objective."""
        return -self.objective

    @property
    def cost_bound(self) -> float:
        """Proven lower limit of the cost, minus the bound."""
        return -self.bound
