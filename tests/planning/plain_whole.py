"""Whole units in the naive model: one integer for all that a requirement takes of a product in a year."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.planning.plain_model import PlainModel


def add_whole_units(model: PlainModel) -> None:
    """`Σ ship of the year = contract`, a whole number."""
    taken: dict[tuple[Any, ...], dict[tuple[Any, ...], float]] = defaultdict(dict)
    for name in model.named("ship"):
        _, product, requirement, month = name
        taken[product, requirement, model.year(model.buyer, month)][name] = 1.0
    for key, terms in taken.items():
        contract = model.column("contract", *key, is_integer=True)
        model.row({**terms, contract: -1.0}, 0.0, 0.0)
