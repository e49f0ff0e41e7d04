"""The sets and coefficients of docs/explanation/model.md as plain data frames, one row a column of the model.

Made from the deal, its matching and its valuation only, without `dronedeal.planning` or `dronedeal.solving`.
What successors inherit is filled in first, by the deal itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd
from benchmarks.outside_learning import has_curve

from dronedeal.assessment import Assessment
from dronedeal.assessment.valuation import Valuation
from dronedeal.deal import Deal
from dronedeal.deal.production import LineSystem
from dronedeal.deal.refresh import with_successors
from dronedeal.deal.requirements import RequirementQuantity
from dronedeal.deal.systems import System
from dronedeal.deal.terms import Rule

FloatArray = npt.NDArray[np.float64]
MILLION = 1e6
PRICE_ROUNDING = 1e-9
"""Share by which a price may lie above a cap because of an exchange of currencies."""


def frame(rows: list[tuple[object, ...]], columns: str) -> pd.DataFrame:
    """A data frame with named columns, also where there are no rows."""
    return pd.DataFrame(rows, columns=columns.split())


@dataclass(frozen=True)
class Tables:
    """Everything that the outside formulation needs; money in millions of base-year deal currency.

    `unit_cost_of` says what a unit of a product costs in each month, as a share of what the deal states: that
    is how a deal with learning is bounded. Without it units cost what is stated.
    """

    stated: Deal
    assessment: Assessment
    unit_cost_of: Callable[[Tables, LineSystem], FloatArray] | None = None

    @cached_property
    def deal(self) -> Deal:
        """The deal with what successors inherit."""
        return with_successors(self.stated)

    @cached_property
    def worth(self) -> Valuation:
        """Money of the deal."""
        return Valuation(self.deal)

    @property
    def months(self) -> int:
        """Length of the plan."""
        return self.deal.settings.months

    @cached_property
    def month(self) -> pd.DataFrame:
        """Month t with the fiscal years and discount factors of both sides."""
        buyer, seller = self.deal.settings.buyer.id, self.deal.settings.seller.id
        return pd.DataFrame(
            {
                "t": np.arange(self.months),
                "buyer_year": self.worth.buyer_years.by_month,
                "seller_year": self.worth.seller_years.by_month,
                "buyer": self.worth.discounts(buyer),
                "seller": self.worth.discounts(seller),
            }
        )

    def is_buyer(self, party: str) -> bool:
        """Whether the party is the buyer."""
        return party == self.deal.settings.buyer.id

    def is_seller(self, party: str) -> bool:
        """Whether the party is the seller."""
        return party == self.deal.settings.seller.id

    def role(self, party: str) -> str:
        """`buyer`, `seller` or `third`."""
        return self.deal.settings.party(party).role

    @cached_property
    def product(self) -> pd.DataFrame:
        """Product k: line (number, -1 for the market), system, operator's role, owner, load, yield, stock."""
        lines = {line.id: number for number, line in enumerate(self.deal.lines)}
        supplier = {system.id: system.supplier for system in self.deal.systems}
        made = {row.system for row in self.deal.line_systems}
        rows = [
            (lines[row.line], row.line, row.system, self.role(self.deal.lines[lines[row.line]].operator),
             self.is_seller(supplier[row.system]), row.load_per_unit, row.yield_rate, row.initial_stock)
            for row in self.deal.line_systems
        ]  # fmt: skip
        rows += [
            (-1, None, system.id, self.role(system.supplier), False, 0.0, 0.0, 0.0)
            for system in self.deal.systems
            if not self.is_seller(system.supplier) and system.id not in made
        ]
        table = frame(rows, "line line_id system operator is_sellers load yield_rate initial_stock")
        return table.assign(k=np.arange(len(table)))

    @cached_property
    def make(self) -> pd.DataFrame:
        """One row for each product of a line and month, with the cost of a unit; position is `m`."""
        rows = []
        for k, row in enumerate(self.deal.line_systems):
            operator = next(line.operator for line in self.deal.lines if line.id == row.line)
            amount = row.unit_cost * (1 + row.cost_premium)
            years = self.worth.years(operator).by_month
            cost = {
                int(year): self.worth.base_amount(amount, row, party=operator, year=int(year)) / MILLION
                for year in np.unique(years)
            }
            share = np.ones(len(years)) if self.unit_cost_of is None else self.unit_cost_of(self, row)
            rows += [(k, t, cost[int(year)], share[t] * cost[int(year)]) for t, year in enumerate(years)]
        table = frame(rows, "k t stated_cost cost").merge(self.product, on="k")
        return table.assign(m=np.arange(len(table)))

    @cached_property
    def most_in_store(self) -> FloatArray:
        """Most units of each product in store at the end of each month: nothing is made to be learnt from."""
        most = np.full((len(self.deal.line_systems), self.months), np.inf)
        for k, row in enumerate(self.deal.line_systems):
            if has_curve(self, row):
                most[k, -1] = row.initial_stock
        return most.ravel()

    @cached_property
    def price(self) -> pd.DataFrame:
        """Price row that holds for each product and buyer year: its number, price and royalty."""
        buyer = self.deal.settings.buyer.id
        best: dict[tuple[str, str | None, int], int] = {}
        for number, row in enumerate(self.deal.prices):
            key = (row.system, row.line, row.fiscal_year)
            if key not in best or row.tier_from < self.deal.prices[best[key]].tier_from:
                best[key] = number
        rows = []
        for k, (system, line) in enumerate(zip(self.product.system, self.product.line_id, strict=True)):
            for year in self.worth.buyer_years.names:
                number = best.get((system, line, year), best.get((system, None, year)))
                if number is not None:
                    row = self.deal.prices[number]
                    price = self.worth.unit_price(row, party=buyer, year=year) / MILLION
                    rows.append((k, year, number, price, row.royalty))
        return frame(rows, "k buyer_year price_row price royalty")

    @cached_property
    def ship(self) -> pd.DataFrame:
        """One row for each eligible product, requirement and month in which it may be delivered.

        Not in a year in which the product costs more than a hard price cap allows (rule 13).
        """
        number = {row.id: r for r, row in enumerate(self.deal.requirements)}
        pairs = frame(
            [
                (number[item.requirement], item.system, year, item.effectiveness_in(at),
                 item.first_month, item.last_month)
                for item in self.assessment.pairings
                if item.is_eligible
                for at, year in enumerate(self.worth.buyer_years.names)
            ],
            "r system buyer_year effectiveness first last",
        )  # fmt: skip
        table = (
            self.product.merge(pairs, on="system")
            .merge(self.price, on=["k", "buyer_year"])
            .merge(self.month, on="buyer_year")
        )
        table = table[(table["first"] <= table.t) & (table.t <= table["last"])]
        branch = [self.deal.requirements[r].branch for r in table.r]
        table = table.assign(branch=np.array(branch, dtype=object))
        return table[~self._above_a_cap(table)].reset_index(drop=True)

    def _above_a_cap(self, ship: pd.DataFrame) -> npt.NDArray[np.bool_]:
        found = np.zeros(len(ship), dtype=bool)
        for rule in self.deal.rules:
            if rule.kind == "price_cap" and rule.is_hard:
                found |= self.under(rule, ship) & (self.above_cap(rule, ship) > 0)
        return found

    def held(self, rule: Rule) -> range:
        """Months of the plan in which a rule holds."""
        calendar = self.worth.calendar
        first = 0 if rule.valid_from is None else max(0, calendar.index(rule.valid_from))
        end = self.months if rule.valid_until is None else calendar.index(rule.valid_until) + 1
        return range(first, max(first, min(end, self.months)))

    def under(self, rule: Rule, ship: pd.DataFrame) -> npt.NDArray[np.bool_]:
        """Whether a rule holds for the branch and month of each delivery."""
        is_on = ship.t.isin(self.held(rule)).to_numpy()
        found: npt.NDArray[np.bool_] = (
            is_on & ((ship.branch == rule.branch) | (rule.branch is None)).to_numpy()
        )
        return found

    def names(self, subject: str, system: str) -> bool:
        """Whether a subject is `*`, the system, one of its roles or its domain."""
        row = self.system[system]
        return subject in ("*", row.id, row.role, row.domain, *row.other_roles)

    @cached_property
    def system(self) -> dict[str, System]:
        """Systems by id."""
        return {row.id: row for row in self.deal.systems}

    def above_cap(self, rule: Rule, ship: pd.DataFrame) -> FloatArray:
        """Millions by which the price of each delivery lies above a price cap that speaks of it."""
        buyer = self.deal.settings.buyer.id
        caps = {
            year: self.worth.base_amount(rule.limit or 0.0, rule, party=buyer, year=year) / MILLION
            for year in self.worth.buyer_years.names
        }
        cap = ship.buyer_year.map(caps).to_numpy(dtype=float)
        above = ship.price.to_numpy(dtype=float) - cap
        is_named = np.array([self.names(rule.subject, name) for name in ship.system], dtype=bool)
        return np.where(is_named & (above > PRICE_ROUNDING * cap), above, 0.0)

    @cached_property
    def home(self) -> pd.DataFrame:
        """One row for each product, own need and month of the need's year."""
        roles = {system.id: {system.role, *system.other_roles} for system in self.deal.systems}
        returns = {line.id for line in self.deal.lines if line.return_share > 0}
        seller = self.deal.settings.seller.id
        rows = []
        for k, item in enumerate(self.product.itertuples()):
            if item.line < 0 or not (item.operator == "seller" or item.line_id in returns):
                continue
            for h, need in enumerate(self.deal.home_needs):
                if need.system == item.system or (need.system is None and need.role in roles[item.system]):
                    value = (
                        self.worth.base_amount(need.value, need, party=seller, year=need.fiscal_year)
                        / MILLION
                    )
                    rows.append((k, h, need.fiscal_year, value))
        return self._seller_months(frame(rows, "k h seller_year value"))

    @cached_property
    def sale(self) -> pd.DataFrame:
        """One row for each product, other buyer and month of the buyer's row."""
        seller = self.deal.settings.seller.id
        rows = []
        for k, item in enumerate(self.product.itertuples()):
            if item.line < 0 or item.operator != "seller":
                continue
            for o, row in enumerate(self.deal.other_buyers):
                if row.system == item.system:
                    price = (
                        self.worth.base_amount(row.price, row, party=seller, year=row.fiscal_year) / MILLION
                    )
                    rows.append((k, o, row.fiscal_year, price))
        return self._seller_months(frame(rows, "k o seller_year price"))

    def _seller_months(self, table: pd.DataFrame) -> pd.DataFrame:
        joined = table.astype({"seller_year": np.int64}).merge(self.month, on="seller_year")
        return joined.merge(self.product[["k", "line"]], on="k")

    @cached_property
    def decision(self) -> pd.DataFrame:
        """What can be decided: kind, line, month τ, lead, cost, investor, licence fee, operator."""
        every = range(0, self.months, self.deal.settings.options.investment_months)
        rows = []
        for number, line in enumerate(self.deal.lines):
            opening = max(line.open_lead_months, line.technology_transfer_months) + line.qualification_months
            is_candidate = line.status == "candidate"
            step = max(line.step_lead_months, opening) if is_candidate else line.step_lead_months
            payer = line.investor or line.operator
            for tau in every:
                year = self.worth.years(payer).of(tau)
                for kind, lead, cost, is_allowed in (
                    ("open", opening, line.open_cost, is_candidate),
                    ("step", step, line.step_cost, line.max_steps > 0),
                ):
                    if is_allowed and tau + lead < self.months:
                        amount = self.worth.base_amount(cost, line, party=payer, year=year) / MILLION
                        fee = self._licence_fee(number) if kind == "open" else 0.0
                        sides = (self.role(payer), fee, self.role(line.operator))
                        rows.append((kind, number, tau, lead, amount, *sides))
        return frame(rows, "kind line tau lead cost investor fee operator")

    def _licence_fee(self, number: int) -> float:
        """Millions that the operator of a line owes the seller when it opens with a design of the seller."""
        line, seller = self.deal.lines[number], self.deal.settings.seller.id
        owned = {system.id for system in self.deal.systems if system.supplier == seller}
        is_licensed = any(row.line == line.id and row.system in owned for row in self.deal.line_systems)
        if line.operator == seller or not is_licensed:
            return 0.0
        year = self.deal.settings.price_base_year
        return self.worth.base_amount(line.licence_fee, line, party=line.operator, year=year) / MILLION

    @cached_property
    def spend(self) -> pd.DataFrame:
        """Budget row b, payment group g and buyer year in which the row's money may pay for the group."""
        rows = []
        for b, budget in enumerate(self.deal.budgets):
            for g, (branch, kind, _) in enumerate(self.groups):
                if budget.branch == branch and kind in (None, budget.appropriation):
                    last = budget.fiscal_year + int(budget.years_valid) - 1
                    years = (y for y in self.worth.buyer_years.names if budget.fiscal_year <= y <= last)
                    rows += [(b, g, year) for year in years]
        return frame(rows, "b g buyer_year")

    @cached_property
    def groups(self) -> list[tuple[str, str | None, str]]:
        """Payment groups: branch, appropriation and whether deliveries or integration work are paid."""
        found = [(row.branch, row.appropriation, "deliveries") for row in self.deal.requirements]
        found += [
            (row.branch, row.appropriation, "integration")
            for row in self.deal.integrations
            if row.cost > 0 and self.is_buyer(row.payer)
        ]
        return list(dict.fromkeys(found))

    @cached_property
    def group_of(self) -> npt.NDArray[np.int64]:
        """Payment group of the deliveries to each requirement."""
        group = {key: g for g, key in enumerate(self.groups)}
        rows = self.deal.requirements
        return np.array([group[row.branch, row.appropriation, "deliveries"] for row in rows], dtype=np.int64)

    def budget_amount(self, b: int) -> float:
        """Then-year millions of a budget row."""
        row, buyer = self.deal.budgets[b], self.deal.settings.buyer.id
        base = self.worth.base_amount(row.amount, row, party=buyer, year=row.fiscal_year)
        return base * self.worth.index(buyer, row.fiscal_year) / MILLION

    def asked(self, row: RequirementQuantity, *, kind: str) -> tuple[float, float]:
        """Threshold and objective of a requirement in a year, in effective units inside the plan."""
        share = 1.0 if kind == "stock" else self.worth.buyer_years.share(row.fiscal_year)
        return row.threshold * share, row.objective * share
