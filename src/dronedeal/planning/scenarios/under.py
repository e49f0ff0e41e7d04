"""A deal, and its matching, with its figures as they turn out."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dronedeal.assessment import Assessment, Pairing, assess, completed
from dronedeal.assessment.posterior import Posterior
from dronedeal.deal import Deal
from dronedeal.deal.scenario_tree import Outcome, Varied
from dronedeal.planning.scenarios.evidence import evidence_subject
from dronedeal.planning.scenarios.factors import buyer_years
from dronedeal.quantities.calendar import FiscalYears

Outcomes = Mapping[Varied, Outcome]
# What the matching depends on; all else changes figures only.
_MATCHED = ("price", "permit_delay", "integration_delay")


def multiplier(outcomes: Outcomes, factor: str, *subjects: str) -> float:
    """What a figure is multiplied by: the product of all that is in force for any of its subjects.

    >>> state = {Varied("budget", "*"): Outcome("cut", 0.5), Varied("budget", "army"): Outcome("more", 1.2)}
    >>> multiplier(state, "budget", "army"), multiplier(state, "budget", "navy")
    (0.6, 0.5)
    """
    return math.prod(
        outcome.multiplier
        for varied, outcome in outcomes.items()
        if varied.factor == factor and (varied.subject == "*" or varied.subject in subjects)
    )


@dataclass(frozen=True)
class Years:
    """From the fiscal years of rows to the stages of a tree.

    buyer, seller : fiscal years of both sides inside the plan
    """

    buyer: FiscalYears
    seller: FiscalYears

    def of_buyer(self, year: int) -> int:
        """Stage of a fiscal year of the buyer; years before the plan count as the first one."""
        names = self.buyer.names
        return min(max(year, names[0]), names[-1]) - names[0]

    def of_seller(self, year: int) -> int:
        """Stage in which a fiscal year of the seller begins inside the plan."""
        months = self.seller.months_in(year)
        return self.buyer.of(months[0]) - self.buyer.names[0] if months else 0


def years_of(deal: Deal) -> Years:
    """The stages of a deal's fiscal years."""
    buyer = buyer_years(deal)
    return Years(buyer, FiscalYears(buyer.calendar, deal.settings.seller.fiscal_year_start))


def rows_under(deal: Deal, by_stage: Sequence[Outcomes]) -> Deal:
    """The deal with the rows of each fiscal year as they turn out in its stage.

    Needs of both sides, budgets, supplies of parts and prices have a fiscal year. A row holds as its own
    fiscal year begins inside the plan: what turns out later in it changes it no more. What a unit is worth
    to the buyer is what the deal as stated says, also where its preferences compare it with prices.

    Parameters
    ----------
    by_stage : what is in force in each stage, one path of a tree
    """
    deal, years = _with_worth(deal), years_of(deal)
    requirements = {row.id: row for row in deal.requirements}

    def stated(factor: str, stage: int, *subjects: str) -> float:
        return multiplier(by_stage[stage], factor, *subjects)

    def need(row: Any) -> float:
        branch = requirements[row.requirement].branch
        return stated("buyer_need", years.of_buyer(row.fiscal_year), row.requirement, branch)

    changes: Iterable[tuple[str, tuple[str, ...], Callable[[Any], float]]] = (
        ("requirement_quantities", ("threshold", "objective"), need),
        (
            "home_needs",
            ("quantity",),
            lambda row: stated("home_need", years.of_seller(row.fiscal_year), row.id),
        ),
        (
            "component_supply",
            ("limit",),
            lambda row: stated("component_supply", years.of_seller(row.fiscal_year), row.component),
        ),
        ("budgets", ("amount",), lambda row: stated("budget", years.of_buyer(row.fiscal_year), row.branch)),
        ("prices", ("unit_price",), lambda row: stated("price", years.of_buyer(row.fiscal_year), row.system)),
    )
    for table, columns, factor in changes:
        deal = _scaled(deal, table, columns, factor)
    return deal


def _with_worth(deal: Deal) -> Deal:
    """The deal with the values that its preferences leave, before any figure that they speak of changes."""
    valued = completed(deal).requirements
    return deal if valued == deal.requirements else deal.with_table("requirements", valued)


def state_deal(deal: Deal, outcomes: Outcomes, *, permit: float = 1.0) -> Deal:
    """The deal as if what is in force in one node held from the first month to the last.

    Parameters
    ----------
    permit : what the leads of all export permits are multiplied by on top of that
    """
    deal = rows_under(deal, [outcomes] * len(buyer_years(deal).names))
    deal = _scaled(deal, "lines", ("availability",), lambda row: multiplier(outcomes, "line_outage", row.id))
    deal = _scaled(
        deal,
        "rules",
        ("limit",),
        lambda row: (
            permit * multiplier(outcomes, "permit_delay", row.id) if row.kind == "export_permit" else 1.0
        ),
    )
    return delayed_work(deal, lambda row: multiplier(outcomes, "integration_delay", row.system, row.branch))


def delayed_work(deal: Deal, factor: Callable[[Any], float]) -> Deal:
    """The deal with integration work that takes longer, in whole months."""
    rows = [
        row.model_copy(update={"months": math.ceil(row.months * factor(row) - 1e-9)})
        for row in deal.integrations
    ]
    return deal if rows == list(deal.integrations) else deal.with_table("integrations", rows)


def _scaled(deal: Deal, table: str, columns: Sequence[str], factor: Callable[[Any], float]) -> Deal:
    """The deal with some columns of a table multiplied; blank cells stay blank."""
    rows = []
    is_changed = False
    for row in deal.table(table):
        by = factor(row)
        stated = {name: getattr(row, name) for name in columns}
        update = {name: value * by for name, value in stated.items() if value is not None}
        is_changed = is_changed or (by != 1.0 and bool(update))
        rows.append(row.model_copy(update=update) if by != 1.0 else row)
    return deal.with_table(table, rows) if is_changed else deal


class Matching:
    """Assessments of a deal in the states of a tree, each worked out once."""

    def __init__(self, deal: Deal) -> None:
        self._deal = deal
        self._found: dict[tuple[frozenset[tuple[Varied, Outcome]], float], Assessment] = {}

    def under(self, outcomes: Outcomes) -> Assessment:
        """The matching as if what is in force in one node held all the time.

        An export permit that is late for one system is late for its deliveries alone. No unit is more than
        one effective unit, however well it turns out.
        """
        plain = self._assessed(outcomes, 1.0)
        late = {
            system.id: by
            for system in self._deal.systems
            if (by := _exactly(outcomes, "permit_delay", system.id)) != 1.0
        }
        pairings = tuple(
            self._assessed(outcomes, late[each.system]).pairing(each.requirement, each.system)
            if each.system in late
            else each
            for each in plain.pairings
        )
        return replace(plain, pairings=tuple(_counted(each, outcomes) for each in pairings))

    def _assessed(self, outcomes: Outcomes, permit: float) -> Assessment:
        kept = {varied: outcome for varied, outcome in outcomes.items() if varied.factor in _MATCHED}
        key = frozenset(kept.items()), permit
        if key not in self._found:
            self._found[key] = assess(state_deal(self._deal, kept, permit=permit))
        return self._found[key]


def _exactly(outcomes: Outcomes, factor: str, subject: str) -> float:
    """What is in force for a subject by its own name."""
    outcome = outcomes.get(Varied(factor, subject))
    return 1.0 if outcome is None else outcome.multiplier


def _counted(pairing: Pairing, outcomes: Outcomes) -> Pairing:
    posterior = pairing.posterior
    shown = evidence_subject(posterior) if isinstance(posterior, Posterior) else pairing.system
    by = multiplier(outcomes, "effectiveness", pairing.system, pairing.requirement, shown)
    if by == 1.0:
        return pairing
    return replace(
        pairing,
        effectiveness=min(1.0, pairing.effectiveness * by),
        by_year=tuple(min(1.0, value * by) for value in pairing.by_year),
    )
