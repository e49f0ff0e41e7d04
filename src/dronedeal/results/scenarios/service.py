"""Service levels: with which chance own needs are met, counted over the scenarios."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from dronedeal.deal import Deal
from dronedeal.results.scenarios.tables import Scenario
from dronedeal.results.shape import Row

# Room for chances that do not add up to the last digit.
_ROOM = 1e-6


def service_table(deal: Deal, scenarios: Sequence[Scenario]) -> tuple[Row, ...]:
    """The table `service_levels`: each own need of each fiscal year, counted over the plans of the scenarios.

    Parameters
    ----------
    deal : as stated
    scenarios : every scenario with its ordinary plan
    """
    asked = {(row.id, row.fiscal_year): row.service_level for row in deal.home_needs}
    short = {key: [(each, _shortfall(each, key)) for each in scenarios] for key in _needs(scenarios)}
    return tuple(_row(key, asked[key], found) for key, found in short.items())


def faults_of_service(rows: Sequence[Row]) -> Iterator[str]:
    """Needs that are met with a lower chance than asked for, in words."""
    for row in rows:
        if row["met"] < row["level"] - _ROOM:
            yield (
                f"own need {row['need']} of {row['fiscal_year']}: met with a chance of {row['met']:.4f}, "
                f"service level {row['level']:.4f}"
            )


def _needs(scenarios: Sequence[Scenario]) -> Iterator[tuple[str, int]]:
    for row in scenarios[0].plan.tables["home_coverage"] if scenarios else ():
        yield row["need"], row["fiscal_year"]


def _shortfall(each: Scenario, key: tuple[str, int]) -> float:
    rows = each.plan.tables["home_coverage"]
    return next(float(row["shortfall"]) for row in rows if (row["need"], row["fiscal_year"]) == key)


def _row(key: tuple[str, int], level: float, found: Sequence[tuple[Scenario, float]]) -> Row:
    missed = [each for each, units in found if units > 0]
    total = math.fsum(each.probability for each, _ in found)
    return {
        "need": key[0],
        "fiscal_year": key[1],
        "level": level,
        "met": 1.0 - math.fsum(each.probability for each in missed) / total if missed else 1.0,
        "shortfall": max((units for _, units in found), default=0.0),
        "missed_in": ", ".join(each.name for each in missed) or None,
    }
