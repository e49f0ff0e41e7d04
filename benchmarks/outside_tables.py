"""The sets and coefficients of docs/explanation/model.md as plain data frames, one row a column of the model.

Made from the deal, its matching and its valuation only, without `dronedeal.planning` or `dronedeal.solving`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from dronedeal.assessment import Assessment
from dronedeal.assessment.valuation import Valuation
from dronedeal.deal import Deal
from dronedeal.deal.requirements import RequirementQuantity

FloatArray = npt.NDArray[np.float64]
MILLION = 1e6


def frame(rows: list[tuple[object, ...]], columns: str) -> pd.DataFrame:
    """A data frame with named columns, also where there are no rows."""
    return pd.DataFrame(rows, columns=columns.split())


@dataclass(frozen=True)
class Tables:
    """Everything that the outside formulation needs; money in millions of base-year deal currency."""

    deal: Deal
    assessment: Assessment

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
            rows += [(k, t, cost[int(year)]) for t, year in enumerate(years)]
        table = frame(rows, "k t cost").merge(self.product, on="k")
        return table.assign(m=np.arange(len(table)))

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
                    price = self.worth.base_amount(row.unit_price, row, party=buyer, year=year) / MILLION
                    rows.append((k, year, number, price, row.royalty))
        return frame(rows, "k buyer_year price_row price royalty")

    @cached_property
    def ship(self) -> pd.DataFrame:
        """One row for each eligible product, requirement and month in which it may be delivered."""
        number = {row.id: r for r, row in enumerate(self.deal.requirements)}
        pairs = frame(
            [
                (number[item.requirement], item.system, item.effectiveness, item.first_month, item.last_month)
                for item in self.assessment.pairings
                if item.is_eligible
            ],
            "r system effectiveness first last",
        )
        table = (
            self.product.merge(pairs, on="system")
            .merge(self.price, on="k")
            .merge(self.month, on="buyer_year")
        )
        return table[(table["first"] <= table.t) & (table.t <= table["last"])].reset_index(drop=True)

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
            for g, (branch, kind) in enumerate(self.groups):
                if budget.branch == branch and kind in (None, budget.appropriation):
                    last = budget.fiscal_year + int(budget.years_valid) - 1
                    years = (y for y in self.worth.buyer_years.names if budget.fiscal_year <= y <= last)
                    rows += [(b, g, year) for year in years]
        return frame(rows, "b g buyer_year")

    @cached_property
    def groups(self) -> list[tuple[str, str | None]]:
        """Payment groups: branch and appropriation."""
        return list(dict.fromkeys((row.branch, row.appropriation) for row in self.deal.requirements))

    def budget_amount(self, b: int) -> float:
        """Then-year millions of a budget row."""
        row, buyer = self.deal.budgets[b], self.deal.settings.buyer.id
        base = self.worth.base_amount(row.amount, row, party=buyer, year=row.fiscal_year)
        return base * self.worth.index(buyer, row.fiscal_year) / MILLION

    def asked(self, row: RequirementQuantity, *, kind: str) -> tuple[float, float]:
        """Threshold and objective of a requirement in a year, in effective units inside the plan."""
        share = 1.0 if kind == "stock" else self.worth.buyer_years.share(row.fiscal_year)
        return row.threshold * share, row.objective * share
