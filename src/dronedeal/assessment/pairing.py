"""What the matching says of one requirement and one system, criterion by criterion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Criterion:
    """One comparison of a system with a requirement.

    Parameters
    ----------
    kind : role, domain, attribute, measure, standard, component_origin, exclusion, integration, permit,
        availability or price
    subject : what is compared, in words: "range", "mission_success (field)", "STANAG 4586"
    is_met : None where it is not known, as for a figure that nobody published
    is_hard : a hard criterion that is False or None makes the pair ineligible; one that only closes
        some months, as integration work does, is not hard while months are left
    found : "340 km", "no published figure"
    needed : "at least 100 km"
    margin : relative distance to the threshold, positive is good; None where there is none or it is zero
    probability : probability that the threshold is met, for measured criteria
    objective_probability : probability that the desired value is met, for measured criteria that have one
    reason : one sentence with the next step; empty where the criterion is met
    row : table and 0-based row behind it
    """

    kind: str
    subject: str
    is_met: bool | None
    is_hard: bool
    found: str
    needed: str
    margin: float | None = None
    probability: float | None = None
    objective_probability: float | None = None
    reason: str = ""
    row: tuple[str, int] | None = None

    @property
    def is_blocking(self) -> bool:
        """Whether it alone makes the pair ineligible."""
        return self.is_hard and self.is_met is not True


class HasInterval(Protocol):
    """Anything with a credible interval, such as a posterior."""

    @property
    def interval(self) -> tuple[float, float]:
        """Lower and upper end."""
        ...


@dataclass(frozen=True, slots=True)
class Pairing:
    """One requirement and one system.

    Parameters
    ----------
    requirement, system : their ids
    is_eligible : whether every hard criterion is met
    criteria : every comparison made, met or not
    effectiveness : effective units per unit in the plan; 1.0 where the requirement names no measure
    by_year : the same in each fiscal year of the buyer, where new design versions change it; empty: the same
        in every year
    posterior : what the evidence says of the success probability behind it; None where no measure is named
    first_month : first month number in which it may be delivered
    last_month : last one; below `first_month`: never
    """

    requirement: str
    system: str
    is_eligible: bool
    criteria: tuple[Criterion, ...]
    effectiveness: float
    posterior: HasInterval | None
    first_month: int
    last_month: int
    by_year: tuple[float, ...] = ()

    def effectiveness_in(self, year: int) -> float:
        """Effective units per unit in a fiscal year of the buyer, counted from the first one of the plan."""
        return self.by_year[year] if self.by_year else self.effectiveness

    @property
    def effectiveness_interval(self) -> tuple[float, float] | None:
        """Credible interval of the success probability, worked out only when somebody asks for it."""
        return None if self.posterior is None else self.posterior.interval

    @property
    def stopped_by(self) -> tuple[Criterion, ...]:
        """The hard criteria that are not met."""
        return tuple(criterion for criterion in self.criteria if criterion.is_blocking)
