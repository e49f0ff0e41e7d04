"""The main inputs of a deal, each with what moving it makes of the deal and of its matching."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from dronedeal.assessment import Assessment, with_worth
from dronedeal.deal import Deal

# Furthest moves that are tried, and the width of the range at which the search ends: shares, and points
# of a rate.
FURTHEST_SHARE, FINEST_SHARE = 0.4, 0.025
FURTHEST_POINTS, FINEST_POINTS = 0.05, 0.005

MovedDeal = Callable[[Deal, float], Deal]
MovedMatching = Callable[[Assessment, Deal, float], Assessment]


def _as_matched(assessment: Assessment, deal: Deal, move: float) -> Assessment:
    return assessment


@dataclass(frozen=True)
class MainInput:
    """One group of figures that are moved together.

    Parameters
    ----------
    name : one word or a few joined by `_`
    words : what is moved
    address : cells that are moved, as changes of a deal address them
    unit : `share` of each figure, or `points` of a yearly rate
    deal : the deal with the figures moved by so much, up where it is above 0
    matching : the assessment of that deal with the same move
    """

    name: str
    words: str
    address: str
    unit: Literal["share", "points"]
    deal: MovedDeal
    matching: MovedMatching = _as_matched

    @property
    def furthest(self) -> float:
        """Largest move that is tried either way."""
        return FURTHEST_SHARE if self.unit == "share" else FURTHEST_POINTS

    @property
    def finest(self) -> float:
        """Width of the range at which the search ends."""
        return FINEST_SHARE if self.unit == "share" else FINEST_POINTS


def main_inputs(deal: Deal) -> tuple[MainInput, ...]:
    """The inputs of which the deal has figures, the most telling ones first."""
    return tuple(_all(deal))


def _all(deal: Deal) -> Iterator[MainInput]:
    yield MainInput(
        "values",
        "what the needs are worth",
        "requirements[*].value_threshold, value_objective",
        "share",
        _values,
    )
    if deal.budgets:
        yield _cells("budgets", "the buyer's budgets", "budgets", ("amount",))
    if deal.line_systems:
        yield _cells("unit_costs", "the cost of making a unit", "line_systems", ("unit_cost",))
    if any(_is_from_elsewhere(deal, row.system) for row in deal.prices):
        words = "prices of other suppliers"
        yield MainInput("prices_elsewhere", words, "prices[*].unit_price", "share", _prices_elsewhere)
    if deal.other_buyers:
        yield _cells("other_sales", "what other customers pay the seller", "other_buyers", ("price",))
    if any(row.effectiveness_measure for row in deal.requirements):
        words = "measured effectiveness of the seller's systems"
        yield MainInput("effectiveness", words, "trials", "share", lambda deal, _: deal, _less_effective)
    if deal.home_needs:
        yield _cells("own_needs", "what the seller's own needs are worth", "home_needs", ("value",))
    for role in ("buyer", "seller"):
        yield _rate(role)


def _cells(name: str, words: str, table: str, columns: Sequence[str]) -> MainInput:
    """Figures of one table, all of them."""

    def moved(deal: Deal, move: float) -> Deal:
        return _with_rows(deal, table, [_scaled(row, columns, move) for row in deal.table(table)])

    return MainInput(name, words, f"{table}[*].{', '.join(columns)}", "share", moved)


def _scaled(row: Any, columns: Sequence[str], move: float) -> Any:
    figures = {name: getattr(row, name) for name in columns}
    return row.model_copy(
        update={name: value * (1 + move) for name, value in figures.items() if value is not None}
    )


def _with_rows(deal: Deal, table: str, rows: Sequence[Any]) -> Deal:
    """The deal with other figures in the rows of a table, which keep their owners and addresses."""
    return replace(deal, **{table: tuple(rows)})  # type: ignore[arg-type]  # a table of the schema


def _values(deal: Deal, move: float) -> Deal:
    """Values that follow from statements are moved as what they come to, and stated as such."""
    columns = ("value_threshold", "value_objective")
    rows = [_scaled(row, columns, move) for row in with_worth(deal).requirements]
    return replace(deal, requirements=tuple(rows), preferences=())


def _prices_elsewhere(deal: Deal, move: float) -> Deal:
    rows = [
        _scaled(row, ("unit_price",), move) if _is_from_elsewhere(deal, row.system) else row
        for row in deal.prices
    ]
    return _with_rows(deal, "prices", rows)


def _is_from_elsewhere(deal: Deal, system: str) -> bool:
    seller = deal.settings.seller.id
    return any(row.id == system and row.supplier != seller for row in deal.systems)


def _less_effective(assessment: Assessment, deal: Deal, move: float) -> Assessment:
    """Measured effectiveness of what the seller makes, never above 1."""
    measured = {row.id for row in deal.requirements if row.effectiveness_measure}

    def of(value: float) -> float:
        return min(1.0, value * (1 + move))

    pairings = tuple(
        replace(pairing, effectiveness=of(pairing.effectiveness), by_year=tuple(map(of, pairing.by_year)))
        if pairing.requirement in measured and not _is_from_elsewhere(deal, pairing.system)
        else pairing
        for pairing in assessment.pairings
    )
    return replace(assessment, pairings=pairings)


def _rate(role: str) -> MainInput:
    def moved(deal: Deal, move: float) -> Deal:
        parties = tuple(
            party.model_copy(update={"discount_rate": min(1.0, max(0.0, party.discount_rate + move))})
            if party.role == role
            else party
            for party in deal.settings.parties
        )
        return replace(deal, settings=deal.settings.model_copy(update={"parties": parties}))

    return MainInput(
        f"discount_rate_{role}",
        f"the {role}'s discount rate",
        "settings.parties.discount_rate",
        "points",
        moved,
    )
