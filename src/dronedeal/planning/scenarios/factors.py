"""Factors of a scenario tree: what turns out at the beginning of which fiscal year, in which ways."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dronedeal.deal import Deal
from dronedeal.deal.scenario_tree import PROBABILITY_TOLERANCE, Outcome, Varied
from dronedeal.deal.uncertainty import Uncertainty
from dronedeal.errors import CommandError
from dronedeal.quantities.calendar import Calendar, FiscalYears


@dataclass(frozen=True)
class Factor:
    """One thing that turns out at the beginning of one stage.

    Parameters
    ----------
    varied : what varies
    stage : 1 for the second fiscal year; nothing has turned out in the first one
    outcomes : by rising multiplier, no two with the same; each holds until the next factor of `varied`
    probability : of each outcome, above 0; they sum to 1
    """

    varied: Varied
    stage: int
    outcomes: tuple[Outcome, ...]
    probability: tuple[float, ...]

    @property
    def expected(self) -> float:
        """Expected multiplier."""
        return sum(
            chance * outcome.multiplier
            for chance, outcome in zip(self.probability, self.outcomes, strict=True)
        )


def buyer_years(deal: Deal) -> FiscalYears:
    """The buyer's fiscal years inside the plan, one stage of a tree each."""
    settings = deal.settings
    return FiscalYears(Calendar(settings.start, settings.months), settings.buyer.fiscal_year_start)


def factors_of(deal: Deal) -> tuple[Factor, ...]:
    """The factors that the rows of `uncertainty` state, sorted by stage, factor and subject.

    What is stated for the first fiscal year turns out at the beginning of the second: the first one is
    planned before anything is known. Where the second year has outcomes of its own they take its place.
    Outcomes with the same multiplier are one; those without a chance fall away.

    Raises
    ------
    CommandError
        where the chances of one factor, subject and year do not sum to 1; they are never made to fit
    """
    first = buyer_years(deal).names[0]
    rows: dict[tuple[Varied, int], list[Uncertainty]] = {}
    for row in deal.uncertainty:
        if row.fiscal_year in buyer_years(deal).names:
            rows.setdefault((Varied(row.factor, row.subject), row.fiscal_year), []).append(row)
    by_stage: dict[tuple[int, Varied], list[Uncertainty]] = {}
    for (varied, year), stated in sorted(rows.items()):
        _require_sum(varied, year, stated)
        stage = max(1, year - first)
        if stage < len(buyer_years(deal).names):
            by_stage[stage, varied] = stated  # sorted by year: the second year's own replace the first's
    return tuple(_factor(varied, stage, stated) for (stage, varied), stated in sorted(by_stage.items()))


def _require_sum(varied: Varied, year: int, rows: Sequence[Uncertainty]) -> None:
    total = math.fsum(row.probability for row in rows)
    if abs(total - 1) > PROBABILITY_TOLERANCE:
        raise CommandError(
            f"uncertainty: the chances of {varied.words} from {year} on sum to {total!r}; allowed: 1 "
            f"within {PROBABILITY_TOLERANCE}; mend a probability, or add the outcome that is missing"
        )


def _factor(varied: Varied, stage: int, rows: Iterable[Uncertainty]) -> Factor:
    by_multiplier: dict[float, list[Uncertainty]] = {}
    for row in rows:
        if row.probability > 0:
            by_multiplier.setdefault(row.multiplier, []).append(row)
    outcomes, probability = [], []
    for multiplier in sorted(by_multiplier):
        alike = by_multiplier[multiplier]
        outcomes.append(Outcome("/".join(sorted(row.outcome for row in alike)), multiplier))
        probability.append(math.fsum(row.probability for row in alike))
    return Factor(varied, stage, tuple(outcomes), tuple(probability))
