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
from dronedeal.planning.problem import Problem
from dronedeal.planning.tree import FloatArray
from dronedeal.report.wording import number_text
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
class MadeChoice:
    """The plan that counts under some terms, as the solver has it.

    problem : of the deal under the terms; values : (n,) columns of the plan
    """

    chosen: Chosen
    problem: Problem
    values: FloatArray


@dataclass(frozen=True)
class Better:
    """A change that helps both: moves with their new values, all terms with it, and its plan.

    without : what the side that gains less would gain where the plan of the change is carried back to the
        terms of the offer and made as good there as can be; None: not looked into
    """

    exchange: Exchange
    moved: Mapping[str, float]
    chosen: Chosen
    without: float | None = None


@dataclass(frozen=True)
class Promise:
    """A change that was valued and of which there is no plan.

    moved : new values of its clauses; change : what it would bring to (buyer, seller)
    """

    moved: Mapping[str, float]
    change: Utilities


@dataclass
class OfferFindings:
    """Everything that the steps of one offer found; `recorded_offer` writes it down.

    named : value of every clause that the sheet names; idle : those that change nothing, with the reason
    alone, within : by clause that the sheet moves, what `OfferedClause` says of it
    tried : how many changes of so many clauses were valued in the search for one that helps both
    promising : the best change that was valued, where none was planned that helps both
    untried : clauses that it did not move everywhere that they could go, as a reader knows them
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
    tried: dict[int, int] = field(default_factory=dict)
    promising: Promise | None = None
    untried: tuple[str, ...] = ()
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


def valued_words(found: OfferFindings) -> str:
    """What the offer is worth and how many rules it breaks, in a line, as soon as it is known."""
    assert found.chosen is not None
    currency, broken = found.deal.settings.currency, len(found.chosen.run.plan.tables["violations"])
    gains = [
        f"the {side} {'gains' if have >= alone else 'loses'} {currency} {number_text(abs(have - alone), 0)}"
        for side, have, alone in zip(SIDES, found.chosen.utilities, found.without, strict=True)
    ]
    rules = "no rule is broken" if not broken else f"rules broken: {broken}"
    return f"valued: {gains[0]}, {gains[1]} over no agreement; {rules}"
