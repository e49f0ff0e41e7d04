"""The parts of the record of a negotiation over many futures, and what they change of its conclusions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from dronedeal.negotiation.plain_data import Meaning
from dronedeal.negotiation.record_parts import MONEY

Measure = Literal["expected", "weighed"]
Topic = Literal["zone", "alternatives", "frontier", "terms", "gains", "clauses", "packages", "exchange"]
CHANCE = "probability"


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeNode:
    """One fiscal year in one of its possible states."""

    name: Annotated[str, Meaning("Name of the node")]
    parent: Annotated[str | None, Meaning("Node of the year before; null: the root, at which is signed")]
    fiscal_year: Annotated[int, Meaning("Fiscal year of the buyer")]
    probability: Annotated[float, Meaning("Chance, 0 to 1", CHANCE)]
    turned_out: Annotated[str | None, Meaning("What turned out as the year began; null: nothing")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Future:
    """One path through the tree."""

    name: Annotated[str, Meaning("Name of its last node")]
    probability: Annotated[float, Meaning("Chance, 0 to 1", CHANCE)]
    turned_out: Annotated[str, Meaning("What turned out on it, in words")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """How the worst futures of a side are weighed."""

    share: Annotated[float, Meaning("Share of the chances that counts as worst", CHANCE)]
    of: Annotated[
        Literal["buyer", "seller", "each"], Meaning("Whose worst futures; `each`: either side's by its own")
    ]
    weight: Annotated[float, Meaning("Weight of their mean against the mean of all, 0 to 1")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """What a side has over all futures."""

    worth: Annotated[tuple[float, ...], Meaning("In each future, in the order of the futures", MONEY)]
    mean: Annotated[float, Meaning("Mean of all futures", MONEY)]
    worst: Annotated[
        float, Meaning("Mean of the worst share of the chances; a tenth unless the worst are weighed", MONEY)
    ]
    least: Annotated[float, Meaning("In the worst future", MONEY)]
    p05: Annotated[float, Meaning("Not exceeded with a chance of 5 %", MONEY)]
    p25: Annotated[float, Meaning("Not exceeded with a chance of 25 %", MONEY)]
    p50: Annotated[float, Meaning("Not exceeded with a chance of 50 %", MONEY)]
    p75: Annotated[float, Meaning("Not exceeded with a chance of 75 %", MONEY)]
    p95: Annotated[float, Meaning("Not exceeded with a chance of 95 %", MONEY)]
    most: Annotated[float, Meaning("In the best future", MONEY)]
    below_alternative: Annotated[
        float, Meaning("Chance of less than what the side has, as it weighs it, without an agreement", CHANCE)
    ]
    worse_than_alone: Annotated[
        float,
        Meaning("Chance of less than what the side has in the same future without an agreement", CHANCE),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class PointSpread:
    """How one plan turns out for both sides."""

    point: Annotated[
        str, Meaning("`no agreement`, a fair point, a point of the frontier, or an opening position")
    ]
    buyer: Annotated[Spread, Meaning("Of the buyer")]
    seller: Annotated[Spread, Meaning("Of the seller")]


@dataclass(frozen=True, slots=True, kw_only=True)
class FuturesRecord:
    """The futures that a negotiation is over, and how its plans turn out in them."""

    how: Annotated[str, Meaning("How the tree was made, in words")]
    seed: Annotated[int, Meaning("Seed of the draws")]
    distance: Annotated[
        float | None,
        Meaning("Kantorovich distance to the tree that it was reduced from; null: it was not reduced"),
    ]
    measure: Annotated[
        Measure,
        Meaning("Utilities: mean of all futures, or the mean of the worst ones weighed beside it"),
    ]
    weighing: Annotated[Weighing | None, Meaning("How the worst are weighed; null: the mean is all")]
    words: Annotated[str, Meaning("What every utility of the record is, in words")]
    nodes: Annotated[tuple[TreeNode, ...], Meaning("The tree, each node after its parent")]
    futures: Annotated[tuple[Future, ...], Meaning("Every path through it")]
    points: Annotated[tuple[PointSpread, ...], Meaning("Every plan that was made, over all futures")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """One thing that a reader concludes, of the deal as stated and over many futures."""

    topic: Annotated[Topic, Meaning("What it belongs to")]
    what: Annotated[str, Meaning("What is concluded, in words")]
    as_stated: Annotated[str, Meaning("Of the deal as it is stated, in words with figures")]
    over_futures: Annotated[str, Meaning("Over many futures, in words with figures")]
    changes: Annotated[bool, Meaning("Whether a reader would conclude something else")]
