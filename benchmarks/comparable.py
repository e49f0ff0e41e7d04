"""The deals that are compared with other packages; it loads none of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dronedeal.deal import Deal

NO_LEARNING = {"learning_slope": None, "startup_premium": 0.0, "startup_units": 0.0}


def comparable(deal: Deal) -> Deal:
    """The same deal with unit costs that stay as they are and quantities that need not be whole.

    All models are linear there but for decisions, and every search ends at the same optimum: large contract
    quantities are rounded after the search, which another package cannot do in the same way.
    """
    return with_options(without_learning(deal), whole_units=False)


def without_learning(deal: Deal) -> Deal:
    """The same deal with unit costs that stay as they are."""
    rows = [row.model_copy(update=NO_LEARNING) for row in deal.line_systems]
    return deal.with_table("line_systems", rows)


def with_options(deal: Deal, **options: Any) -> Deal:
    """The same deal with other choices of the analyst."""
    chosen = deal.settings.options.model_copy(update=options)
    return replace(deal, settings=deal.settings.model_copy(update={"options": chosen}))
