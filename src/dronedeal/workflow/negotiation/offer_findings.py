"""Everything that the steps of one offer found, before it is written down as its record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dronedeal.deal import Deal
from dronedeal.deal.term_sheet import Side, TermSheet
from dronedeal.exchange import PlanRun
from dronedeal.negotiation.evaluator import Utilities
from dronedeal.negotiation.logrolling import Exchange
from dronedeal.negotiation.trials import Value
from dronedeal.workflow.negotiation.valuing import SheetValues

SIDES: tuple[Side, ...] = ("buyer", "seller")
# A side has more, or less, from this share of what it has on.
RISE = 1e-6


@dataclass(frozen=True)
class Chosen:
    """The plan that counts under some terms.

    bound : no plan under the terms is worth more to both together; words : which plan it is
    """

    run: PlanRun
    bound: float | None
    words: str

    @property
    def utilities(self) -> Utilities:
        """What it is worth to (buyer, seller)."""
        return self.run.plan.utilities["buyer"], self.run.plan.utilities["seller"]


@dataclass(frozen=True)
class Better:
    """A change that helps both: moves with their new values, all terms with it, and its plan."""

    exchange: Exchange
    moved: Mapping[str, float]
    chosen: Chosen


@dataclass
class OfferFindings:
    """Everything that the steps of one offer found; `recorded_offer` writes it down.

    named : value of every clause that the sheet names; idle : those that change nothing, with the reason
    alone, within : by clause that the sheet moves, what `OfferedClause` says of it
    """

    deal: Deal
    sheet: TermSheet
    under: Deal
    named: Mapping[str, float]
    idle: Mapping[str, str]
    options: Mapping[str, int | float | None]
    alternatives: dict[str, PlanRun] = field(default_factory=dict)
    chosen: Chosen | None = None
    is_without_proven: bool = False
    values: SheetValues | None = None
    as_it_stands: Utilities | None = None
    openings: dict[str, tuple[Mapping[str, float], Utilities | None]] = field(default_factory=dict)
    alone: dict[str, Value] = field(default_factory=dict)
    within: dict[str, Value] = field(default_factory=dict)
    better: Better | None = None
    improvement_bound: float | None = None
    was_looked_for: bool = False
    was_stopped: bool = False

    @property
    def without(self) -> Utilities:
        """What each side has without an agreement."""
        buyer, seller = (self.alternatives[side].plan.utilities[side] for side in SIDES)
        return buyer, seller

    @property
    def floors(self) -> Utilities:
        """What the plan under the offer must leave each side: its alternative, or more where it says so."""
        buyer, seller = (
            max(self.sheet.least.get(side, alone), alone)
            for side, alone in zip(SIDES, self.without, strict=True)
        )
        return buyer, seller


def keeps(utilities: Utilities, floors: Utilities) -> bool:
    """Whether neither side has less than its floor, up to rounding."""
    return all(
        each >= floor - RISE * max(1.0, abs(floor)) for each, floor in zip(utilities, floors, strict=True)
    )


def is_better(one: Utilities, other: Utilities) -> bool:
    """Whether both sides have more, beyond rounding."""
    return all(a - b > RISE * max(1.0, abs(b)) for a, b in zip(one, other, strict=True))
