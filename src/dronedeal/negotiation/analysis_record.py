"""The record of an analysis: all that an analysis of alternatives takes over, in one part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from dronedeal.negotiation.plain_data import Meaning
from dronedeal.negotiation.record_parts import Assumption, Sensitivity


@dataclass(frozen=True, slots=True, kw_only=True)
class InputMargin:
    """How far one input may move one way before the recommended terms are no longer the ones to recommend."""

    input: Annotated[str, Meaning("What is moved, in words")]
    address: Annotated[str, Meaning("Cells of the deal that are moved")]
    way: Annotated[Literal["down", "up"], Meaning("Which way")]
    unit: Annotated[
        Literal["share", "points"],
        Meaning("`share` of each figure, or `points` of a yearly rate (0.01 is one)"),
    ]
    holds_to: Annotated[
        float, Meaning("Largest move below `fails_at` that was tried and leaves the recommendation standing")
    ]
    fails_at: Annotated[
        float | None, Meaning("Smallest move that was tried and changes it; null: none of those tried does")
    ]
    is_proven: Annotated[
        bool,
        Meaning(
            "Whether plans and bounds prove what is said of `fails_at`, or of `holds_to` where that is null; "
            "otherwise it is what the search found"
        ),
    ]
    words: Annotated[str, Meaning("The same in words")]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisRecord:
    """Ground rules, weights, assumptions, statements of worth and sensitivity of the recommendation."""

    ground_rules: Annotated[
        tuple[str, ...], Meaning("What was taken as given in the analysis, each in one sentence")
    ] = ()
    weights: Annotated[
        Mapping[str, float],
        Meaning("Weights of the analysis by name, such as the bargaining power of a side"),
    ] = field(default_factory=dict)
    worth: Annotated[
        tuple[str, ...],
        Meaning("What needs are worth according to statements, with the statements, in words"),
    ] = ()
    assumptions: Annotated[
        tuple[Assumption, ...], Meaning("Rows of the deal that rest on an assumption")
    ] = ()
    sensitivity: Annotated[
        tuple[Sensitivity, ...],
        Meaning("Alternatives that were moved, and what becomes of the recommendation on the known frontier"),
    ] = ()
    margins: Annotated[
        tuple[InputMargin, ...],
        Meaning("How far the main inputs may move, planned again, before the recommendation changes"),
    ] = ()
