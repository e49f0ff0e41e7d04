"""What a user may choose of a negotiation, checked, and what its checkpoint therefore serves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dronedeal.deal import Deal
from dronedeal.errors import CommandError
from dronedeal.workflow.checkpoint import Head
from dronedeal.workflow.control import cores_available
from dronedeal.workflow.plans import program_versions

# Each worker keeps the problem in the solver twice; beyond a few, questions wait for one another.
MOST_WORKERS = 4
POINTS, POINTS_OVER_FUTURES = 21, 7
"""Points of the frontier unless told: over many futures each takes several times as long."""


@dataclass(frozen=True)
class Bargaining:
    """What a user may choose of a negotiation.

    Parameters
    ----------
    points : most points of the frontier, at least 2
    pairs : most pairs of clauses that are valued together; None: all
    gap, time_limit : of each single solve, as for `plan`
    workers : threads that answer questions which do not wait for one another; answers do not depend on it;
        None: one for each core, `MOST_WORKERS` at most
    moves : moves of main inputs that are planned again; None: as many as are usual for the size of the deal
    packages : most packages of clauses that are not in proportion; None: as many as are usual
    """

    points: int = POINTS
    pairs: int | None = 60
    gap: float = 0.001
    time_limit: float | None = None
    workers: int | None = None
    moves: int | None = None
    packages: int | None = None

    @classmethod
    def of(  # noqa: PLR0913 -- every choice of a negotiation
        cls,
        *,
        points: int | None,
        pairs: int | None,
        gap: float,
        time_limit: float | None,
        workers: int | None,
        moves: int | None,
        packages: int | None,
        is_over_futures: bool,
    ) -> Bargaining:
        """The choices, with as many points as are usual where none are given."""
        usual = POINTS_OVER_FUTURES if is_over_futures else POINTS
        return cls(usual if points is None else points, pairs, gap, time_limit, workers, moves, packages)

    def __post_init__(self) -> None:
        if self.points < 2:
            raise CommandError(
                f"points: found {self.points}; allowed: 2 or more, for both ends of the frontier"
            )
        if self.pairs is not None and self.pairs < 0:
            raise CommandError(
                f"pairs: found {self.pairs}; allowed: 0 or more; 0 looks at clauses one by one"
            )
        if self.moves is not None and self.moves < 0:
            raise CommandError(f"moves: found {self.moves}; allowed: 0 or more; 0 moves no input")
        if self.packages is not None and self.packages < 1:
            raise CommandError(
                f"packages: found {self.packages}; allowed: 1 or more; 1 leaves the clauses that are not in "
                "proportion as they are in the deal"
            )
        if self.workers is not None and self.workers < 1:
            raise CommandError(f"workers: found {self.workers}; allowed: 1 or more")

    @property
    def threads(self) -> int:
        """How many threads answer questions at once."""
        return min(MOST_WORKERS, cores_available()) if self.workers is None else self.workers

    def head(self, deal: Deal, futures: Mapping[str, Any] | None = None) -> Head:
        """What a checkpoint of a negotiation of a deal serves.

        Parameters
        ----------
        futures : what is chosen of the futures that it is over; None: the deal as it is stated
        """
        names = ("points", "pairs", "gap", "time_limit", "moves", "packages")
        options = {name: getattr(self, name) for name in names}
        options |= futures or {}
        return Head(deal.digest, options | {"sides": sorted(deal.sides)}, program_versions())
