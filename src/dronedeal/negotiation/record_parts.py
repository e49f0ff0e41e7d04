"""The parts of the record of a negotiation: frozen, plain, each field with its meaning and unit.

Money is in the deal's currency at base-year prices, discounted, unless a field says otherwise. Terms are
values by clause, on the scale of the clause.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from dronedeal.negotiation.evaluator import Utilities
from dronedeal.negotiation.plain_data import Meaning

MONEY = "currency, discounted base-year"

OptionValue = str | int | float | bool | None
Terms = Mapping[str, float]
MoveTo = Literal["buyer", "seller", "dropped"]


@dataclass(frozen=True, slots=True)
class Sides:
    """One number for each side."""

    buyer: Annotated[float, Meaning("Of the buyer")]
    seller: Annotated[float, Meaning("Of the seller")]

    @classmethod
    def of(cls, pair: Utilities) -> Sides:
        """From the pair (buyer, seller)."""
        return cls(float(pair[0]), float(pair[1]))


@dataclass(frozen=True, slots=True)
class Limits:
    """One proven limit for each side; None: nothing is proven."""

    buyer: Annotated[float | None, Meaning("Of the buyer; null: nothing is proven")]
    seller: Annotated[float | None, Meaning("Of the seller; null: nothing is proven")]

    @classmethod
    def of(cls, pair: Utilities) -> Limits:
        """From the pair (buyer, seller), infinities as None."""
        return cls(proven(pair[0]), proven(pair[1]))


def proven(bound: float) -> float | None:
    """A bound as the record holds it: None where it is infinite, which says nothing.

    >>> proven(12.0), proven(float("inf"))
    (12.0, None)
    """
    return float(bound) if math.isfinite(bound) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlternativePlan:
    """The best plan of one side without the other."""

    utility: Annotated[float, Meaning("What it is worth to that side", MONEY)]
    bound: Annotated[float | None, Meaning("No such plan is worth more; null: none was proven", MONEY)] = None
    plan: Annotated[str | None, Meaning("Folder of the plan; null: it was not written")] = None
    words: Annotated[str, Meaning("What the side does without the other, in one sentence")] = ""


@dataclass(frozen=True, slots=True)
class Alternatives:
    """The alternative of each side."""

    buyer: Annotated[AlternativePlan, Meaning("The buyer's best plan without the seller")]
    seller: Annotated[AlternativePlan, Meaning("The seller's best plan without the buyer")]


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemZone:
    """What one system, or all of them, may cost so that no side is worse off than without agreement."""

    system: Annotated[str | None, Meaning("System; null: all that is delivered")]
    name: Annotated[str, Meaning("Its name")]
    quantity: Annotated[float, Meaning("Delivered in the whole plan", "units")]
    lowest_payment: Annotated[
        float | None, Meaning("Least payment that the seller can accept; null: not known", MONEY)
    ]
    highest_payment: Annotated[float | None, Meaning("Most that the buyer would pay; null: not known", MONEY)]
    lowest_unit_price: Annotated[
        float | None,
        Meaning(
            "The least payment a unit; null: not known, or none is delivered", "currency per unit, base-year"
        ),
    ] = None
    highest_unit_price: Annotated[
        float | None,
        Meaning("The most a unit; null: not known, or none is delivered", "currency per unit, base-year"),
    ] = None
    price_now: Annotated[
        float | None,
        Meaning("Mean unit price in the deal as it stands; null: not known", "currency per unit, base-year"),
    ] = None

    @property
    def is_there(self) -> bool | None:
        """Whether some payment suits both; None: it is not known."""
        if self.lowest_payment is None or self.highest_payment is None:
            return None
        return self.lowest_payment <= self.highest_payment


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """Whether both sides can gain, and at which payments."""

    is_there: Annotated[bool, Meaning("Whether a plan was found at which no side is worse off than alone")]
    greatest_lesser_gain: Annotated[
        float | None,
        Meaning(
            "What the side that gains less gains at the plan where that is most; null: no "
            "plan keeps both alternatives",
            MONEY,
        ),
    ]
    bound: Annotated[
        float | None,
        Meaning(
            "At no plan is that more; below 0: it is proven that there is no zone; null: "
            "nothing is proven, or nothing more than that there is no plan",
            MONEY,
        ),
    ]
    reason: Annotated[str, Meaning("Why there is or is not a zone, in words")]
    changes: Annotated[tuple[str, ...], Meaning("What closes or opens it, each in one sentence")] = ()
    systems: Annotated[tuple[SystemZone, ...], Meaning("Payments of each system and of all together")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What one side asks for, taken as a whole."""

    terms: Annotated[Terms, Meaning("Value of every clause at the position of that side")]
    utilities: Annotated[
        Sides | None,
        Meaning(
            "What the joint plan under these terms is worth; null: under them no plan keeps "
            "both alternatives",
            MONEY,
        ),
    ]
    plan: Annotated[str | None, Meaning("Folder of the plan; null: it was not written")] = None
    reason: Annotated[str, Meaning("Why there is no such plan, or what else to know, in words")] = ""


@dataclass(frozen=True, slots=True)
class Openings:
    """The opening position of each side."""

    buyer: Annotated[Opening | None, Meaning("All clauses at the buyer's position; null: it states none")]
    seller: Annotated[Opening | None, Meaning("All clauses at the seller's position; null: it states none")]


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontierPlan:
    """One plan that nobody can leave for one better for one side and no worse for the other."""

    id: Annotated[
        str,
        Meaning("Name of the point, such as p01; by rising utility of the buyer", pattern=r"[A-Za-z0-9_.-]+"),
    ]
    utilities: Annotated[Sides, Meaning("What it is worth", MONEY)]
    terms: Annotated[Terms, Meaning("Value of every clause")]
    gap: Annotated[
        float | None,
        Meaning(
            "By how much one side could at most be better off, the other being no worse off; "
            "null: nothing is proven",
            MONEY,
        ),
    ]
    bound: Annotated[
        Limits,
        Meaning("Proven: no plan that gives the other side as much as this one gives a side more", MONEY),
    ]
    is_supported: Annotated[
        bool, Meaning("Whether some weighting of both utilities finds it; otherwise it lies in a dent")
    ]
    plan: Annotated[str | None, Meaning("Folder of the plan; null: it was not written")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageRecord:
    """One package of clauses that are not in proportion, and what it is good for."""

    id: Annotated[str, Meaning("Name of the package, such as k1", pattern=r"k[0-9]+")]
    terms: Annotated[
        Terms, Meaning("Value of each of these clauses; one that is not named is as in the deal")
    ]
    reasons: Annotated[tuple[str, ...], Meaning("Why it was looked at, in words")]
    greatest_sum: Annotated[
        float | None,
        Meaning("Greatest sum of both utilities of the plans found in it; null: none was found", MONEY),
    ]
    bound: Annotated[
        float | None,
        Meaning("At no plan of it that keeps both alternatives is the sum greater; null: not known", MONEY),
    ]
    points: Annotated[
        tuple[str, ...], Meaning("Points of the frontier and fair points whose terms are of this package")
    ]
    still: Annotated[
        Mapping[str, str], Meaning("Clauses that stay as they are in this package only, each with the reason")
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackagesRecord:
    """Packages of clauses that are at one of a few places and nowhere between."""

    clauses: Annotated[
        Mapping[str, str],
        Meaning("Clauses that packages differ in, each with why it is at a few places only"),
    ]
    count: Annotated[int, Meaning("Number of all packages of the places of these clauses")]
    examined: Annotated[
        tuple[PackageRecord, ...], Meaning("Those that were looked at, the deal as it stands first")
    ]
    covers: Annotated[str, Meaning("What the bounds of frontier and fair points cover, in words")]

    @property
    def is_whole(self) -> bool:
        """Whether all packages were looked at."""
        return len(self.examined) == self.count


@dataclass(frozen=True, slots=True, kw_only=True)
class FairPlan:
    """The plan that one idea of fairness picks, with its certificate."""

    utilities: Annotated[Sides, Meaning("What it is worth", MONEY)]
    gains: Annotated[Sides, Meaning("What each side has more than without an agreement", MONEY)]
    terms: Annotated[Terms, Meaning("Value of every clause")]
    value: Annotated[
        float,
        Meaning(
            "The measure of fairness here: product of the gains, lesser share of the "
            "greatest gain, lesser gain, or sum of the gains"
        ),
    ]
    bound: Annotated[float | None, Meaning("At no plan is the measure greater; null: nothing is proven")]
    gap: Annotated[float | None, Meaning("(bound − value) / value; null: nothing is proven")]
    method_gap: Annotated[
        float | None,
        Meaning(
            "The part of the gap that is owed to the method; the rest is "
            "that of the plan; null: nothing is proven"
        ),
    ]
    plan_gap: Annotated[
        float | None,
        Meaning(
            "The part of the gap that the plans' own gap accounts for: by so much the measure would be "
            "greater if both gains were greater as the greatest sum of gains could be; what is beyond it is "
            "owed to the search, and to bounds that are straight where the frontier bends; null: not known"
        ),
    ] = None
    reason: Annotated[str, Meaning("Why this plan, in one sentence")]
    plan: Annotated[str | None, Meaning("Folder of the plan; null: it was not written")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseInteraction:
    """What moving a clause does together with the one that it interacts with most."""

    move: Annotated[MoveTo, Meaning("Where the clause itself goes")]
    other: Annotated[str, Meaning("The clause that it interacts with most", key="with")]
    other_move: Annotated[MoveTo, Meaning("Where that clause goes")]
    together: Annotated[
        Sides | None,
        Meaning("Change of both utilities when both move; null: there is then no agreement", MONEY),
    ]
    more: Annotated[Sides, Meaning("That change less what both do alone", MONEY)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseRecord:
    """One clause, what both sides ask for, and what moving it is worth to them."""

    id: Annotated[str, Meaning("Name of the clause inside the deal")]
    name: Annotated[str, Meaning("What pages call it; empty: its id in words")] = ""
    kind: Annotated[str, Meaning("What it changes, such as price or royalty")]
    subject: Annotated[str, Meaning("Cells of the deal that it changes; `*`: those of its effects")]
    unit: Annotated[str | None, Meaning("Unit of its values; null: not known")] = None
    words: Annotated[str, Meaning("What the deal notes of it")] = ""
    buyer_position: Annotated[float | None, Meaning("What the buyer asks for; null: nothing", "its unit")]
    seller_position: Annotated[float | None, Meaning("What the seller asks for; null: nothing", "its unit")]
    lower: Annotated[float | None, Meaning("Least value that can be agreed; null: not known", "its unit")]
    upper: Annotated[float | None, Meaning("Greatest value that can be agreed; null: not known", "its unit")]
    now: Annotated[
        float | None, Meaning("Its value in the deal as it stands; null: there is no one value", "its unit")
    ]
    is_computed: Annotated[
        bool, Meaning("Whether the deal says what it changes, so that its worth is computed")
    ]
    stays: Annotated[
        str | None, Meaning("Why it stays as it is in the frontier; null: it is moved there")
    ] = None
    at_buyer: Annotated[
        Sides | None,
        Meaning(
            "Change of both utilities when it goes to the buyer's position, all else "
            "staying; null: it cannot, or there is then no agreement",
            MONEY,
        ),
    ] = None
    at_seller: Annotated[Sides | None, Meaning("The same at the seller's position", MONEY)] = None
    dropped: Annotated[Sides | None, Meaning("The same when it is left out", MONEY)] = None
    between: Annotated[
        Sides | None,
        Meaning(
            "What both gain when it goes from the buyer's position to the seller's; null: "
            "one of both is not known",
            MONEY,
        ),
    ] = None
    tension: Annotated[
        float | None,
        Meaning(
            "How much it divides both sides (above 0: one wins what the other loses) or "
            "joins them (below 0); null: not known",
            MONEY,
        ),
    ] = None
    interaction: Annotated[
        ClauseInteraction | None,
        Meaning("With the clause that it interacts with most; null: with none tried"),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseMove:
    """One clause that moves in an exchange."""

    clause: Annotated[str, Meaning("Name of the clause")]
    to: Annotated[MoveTo, Meaning("Where it goes")]
    alone: Annotated[
        Sides | None,
        Meaning("Change of both utilities when it moves alone; null: there is then no agreement", MONEY),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeRecord:
    """The exchange of clauses that helps both sides most."""

    moves: Annotated[tuple[ClauseMove, ...], Meaning("The clauses that move")]
    change: Annotated[Sides, Meaning("What both sides gain by it, from a plan", MONEY)]
    expected: Annotated[Sides, Meaning("What single moves and pairs made expect", MONEY)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Revealed:
    """What an outcome gives away of one side, and what that side could gain by misstating itself."""

    lowest: Annotated[
        float | None, Meaning("Its reservation value is at least that; null: nothing follows", MONEY)
    ]
    highest: Annotated[
        float | None, Meaning("Its reservation value is at most that; null: nothing follows", MONEY)
    ]
    words: Annotated[str, Meaning("What an outsider can conclude, and from what, in words")] = ""
    gain_by_misstating: Annotated[
        float | None,
        Meaning("The most that it was found to gain by misstating its own numbers; null: not tried", MONEY),
    ] = None
    misstatement: Annotated[str, Meaning("Which misstatement that is, in words")] = ""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What outcomes give away of each side."""

    buyer: Annotated[Revealed, Meaning("Of the buyer")]
    seller: Annotated[Revealed, Meaning("Of the seller")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """One input moved, and what becomes of the recommendation."""

    input: Annotated[str, Meaning("What was moved, in words or as an address of the deal")]
    moved: Annotated[str, Meaning("From what to what, with its unit")]
    change: Annotated[
        Sides | None,
        Meaning("Change of both utilities at the recommended point; null: no agreement is left", MONEY),
    ]
    is_changed: Annotated[bool, Meaning("Whether the recommendation changes")]
    words: Annotated[str, Meaning("What becomes of the recommendation, in words")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """One row of the deal that rests on an assumption, not on a published fact."""

    row: Annotated[str, Meaning("Table and key of the row")]
    note: Annotated[str, Meaning("Why it is reasonable")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """Names of both sides."""

    buyer: Annotated[str, Meaning("Name of the buyer")]
    seller: Annotated[str, Meaning("Name of the seller")]
