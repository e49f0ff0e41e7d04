"""What a negotiation over many futures writes down besides: the tree, and how every plan turns out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from dronedeal.negotiation.futures_record import (
    Future,
    FuturesRecord,
    PointSpread,
    Spread,
    TreeNode,
    Weighing,
)
from dronedeal.negotiation.record import Negotiation
from dronedeal.planning.tree import FloatArray
from dronedeal.report.wording import count_text, percent_text
from dronedeal.results.scenarios.record import ScenarioPlan
from dronedeal.results.scenarios.spread import WORST_SHARE, spread
from dronedeal.solving import Tail
from dronedeal.workflow.negotiation.futures import Futures

NO_AGREEMENT = "no agreement"
_SIDES = ("buyer", "seller")
# Worth that differs by less than this share is the same.
_SAME = 1e-9


def worth_of(plan: ScenarioPlan, party: str) -> tuple[FloatArray, FloatArray]:
    """(S,) chance of each scenario, and (S,) what it is worth to a party, currency."""
    rows = [row for row in plan.tables["results"] if row["measure"] == party and row["fiscal_year"] is None]
    return np.array([row["probability"] for row in rows]), np.array([row["value"] for row in rows])


def futures_record(record: Negotiation, plans: Mapping[str, ScenarioPlan], futures: Futures) -> FuturesRecord:
    """The tree, what utilities are, and how every plan that was made turns out.

    Parameters
    ----------
    record : of the negotiation; plans : by the last part of the folder that the record names
    """
    some, tail = plans["buyer-alone"], futures.tail
    return FuturesRecord(
        how=futures.grown.how,
        seed=futures.seed,
        distance=futures.grown.distance,
        measure="expected" if tail is None else "weighed",
        weighing=None if tail is None else _weighing(tail),
        words=utility_words(tail, len(futures.grown.tree.leaves)),
        nodes=tuple(
            TreeNode(
                name=row["node"],
                parent=row["parent"],
                fiscal_year=row["fiscal_year"],
                probability=row["probability"],
                turned_out=row["turned_out"],
            )
            for row in some.tables["nodes"]
        ),
        futures=tuple(
            Future(name=row["scenario"], probability=row["probability"], turned_out=row["turned_out"])
            for row in some.tables["scenarios"]
        ),
        points=tuple(_points(record, plans, tail)),
    )


def _weighing(tail: Tail) -> Weighing:
    assert tail.of in ("buyer", "seller", "each")
    return Weighing(share=tail.share, of=tail.of, weight=tail.weight)


def utility_words(tail: Tail | None, count: int) -> str:
    """What every utility of a negotiation over many futures is.

    >>> utility_words(None, 3)
    'Every utility is the mean over 3 futures, each with its chance.'
    """
    mean = f"Every utility is the mean over {count_text(count, 'future')}, each with its chance"
    if tail is None:
        return f"{mean}."
    whose = "either side" if tail.of == "each" else f"the {tail.of}"
    return (
        f"{mean}; of {whose} the mean of its worst {percent_text(tail.share)} of the chances counts for "
        f"{percent_text(tail.weight)}, and the mean of all for the rest."
    )


def ground_rules(futures: Futures) -> tuple[str, ...]:
    """What an analysis must say of the futures."""
    return (
        utility_words(futures.tail, len(futures.grown.tree.leaves)),
        "The terms are signed before anything has turned out: one value of a clause holds in every future. "
        "What is bought and made after the first fiscal year follows what turns out.",
        f"The futures are a tree {futures.grown.how}.",
    )


def _points(
    record: Negotiation, plans: Mapping[str, ScenarioPlan], tail: Tail | None
) -> Iterator[PointSpread]:
    """Every plan that was made, no agreement first."""
    alone = {side: worth_of(plans[f"{side}-alone"], side) for side in _SIDES}
    share = WORST_SHARE if tail is None else tail.share
    walkaway = {"buyer": record.alternatives.buyer, "seller": record.alternatives.seller}

    def of(point: str, by_side: Mapping[str, FloatArray]) -> PointSpread:
        found = {
            side: _spread(by_side[side], *alone[side], share=share, walkaway=walkaway[side])
            for side in _SIDES
        }
        return PointSpread(point=point, buyer=found["buyer"], seller=found["seller"])

    yield of(NO_AGREEMENT, {side: worth for side, (_, worth) in alone.items()})
    for name, folder in _folders(record):
        plan = plans.get(folder.rpartition("/")[2])
        if plan is not None:
            yield of(name, {side: worth_of(plan, side)[1] for side in _SIDES})


def _folders(record: Negotiation) -> Iterator[tuple[str, str]]:
    """Points whose plan was made, with its folder."""
    named = [(name, point.plan) for name, point in record.fair_points.items()]
    named += [(point.id, point.plan) for point in record.frontier]
    for side in _SIDES:
        opening = getattr(record.openings, side)
        named.append((f"opening_{side}", None if opening is None else opening.plan))
    for name, folder in named:
        if folder is not None:
            yield name, folder


def _spread(
    worth: FloatArray, chances: FloatArray, alone: FloatArray, *, share: float, walkaway: float
) -> Spread:
    """What a side has over all futures.

    Parameters
    ----------
    worth, chances : (S,) in each future; alone : (S,) in each future without an agreement
    share : of the chances that counts as worst
    walkaway : what the side has without an agreement, as it weighs the futures
    """
    found = spread(worth.tolist(), chances.tolist(), is_cost=False, share=share)
    room = _SAME * max(1.0, float(np.abs(alone).max(initial=0.0)))
    return Spread(
        worth=tuple(worth.tolist()),
        mean=found["mean"],
        worst=found["worst_tenth"],
        least=found["least"],
        p05=found["p05"],
        p25=found["p25"],
        p50=found["p50"],
        p75=found["p75"],
        p95=found["p95"],
        most=found["most"],
        below_alternative=_chance(chances, worth < walkaway - room),
        worse_than_alone=_chance(chances, worth < alone - room),
    )


def _chance(chances: FloatArray, is_so: npt.NDArray[np.bool_]) -> float:
    return float(min(1.0, chances[is_so].sum()))
