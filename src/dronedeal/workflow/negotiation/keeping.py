"""How plans lie in a checkpoint: the columns of a point to the last bit, and plans that were checked."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from dronedeal import assessment as assessing
from dronedeal.deal import Deal
from dronedeal.exchange import PlanRun
from dronedeal.planning.tree import FloatArray
from dronedeal.results.plan import Plan
from dronedeal.results.verify import verify
from dronedeal.workflow.checkpoint import Checkpoint, array_from, array_text
from dronedeal.workflow.deals import check
from dronedeal.workflow.negotiation.evaluator import Point

PLAN = "plan"
Made = TypeVar("Made")


class PointData:
    """Points as plain data and back; see `dronedeal.negotiation.inquiry.Plans`.

    Parameters
    ----------
    point : makes a point of terms and columns
    """

    def __init__(self, point: Callable[[Mapping[str, float], FloatArray], Point]) -> None:
        self._point = point

    def to_data(self, plan: Any, /) -> Any:
        """Terms and columns; None of what is no point."""
        if not isinstance(plan, Point):
            return None
        return {"terms": dict(plan.terms), "values": array_text(plan.values)}

    def from_data(self, data: Any, /) -> Any:
        """The point that was written."""
        return None if data is None else self._point(data["terms"], array_from(data["values"]))


def kept_plan(checkpoint: Checkpoint, name: str, deal: Deal, make: Callable[[], PlanRun]) -> PlanRun:
    """The plan of that name from a checkpoint, checked anew, or a new one, which is kept.

    Parameters
    ----------
    deal : that the plan is of

    Raises
    ------
    VerificationError : the plan failed its check, which is a fault of the program
    """

    def read(text: str) -> PlanRun:
        plan = Plan.from_json(text, where=f"plan {name} of the checkpoint")
        verification = verify(plan, deal)
        verification.require_passed()
        return PlanRun(deal, check(deal), assessing.assess(deal), plan, verification, {})

    return kept((checkpoint, PLAN, name), make, text_of=lambda run: run.plan.to_json(), read=read)


def kept(
    kept_by: tuple[Checkpoint, str, str],
    make: Callable[[], Made],
    *,
    text_of: Callable[[Made], str],
    read: Callable[[str], Made],
) -> Made:
    """What a checkpoint holds under a kind and a name, or what is made now, which is kept there.

    Parameters
    ----------
    kept_by : the checkpoint, the kind and the name
    text_of, read : what is made as a text, and back
    """
    checkpoint, kind, name = kept_by
    data = checkpoint.recall(kind, name)
    if data is not None:
        return read(unpacked(data))
    made = make()
    checkpoint.keep(kind, name, packed(text_of(made)))
    return made


def packed(text: str) -> str:
    """A text as a checkpoint holds it.

    >>> unpacked(packed("terms"))
    'terms'
    """
    return base64.b64encode(zlib.compress(text.encode())).decode("ascii")


def unpacked(text: str) -> str:
    """The text behind `packed`."""
    return zlib.decompress(base64.b64decode(text)).decode()
