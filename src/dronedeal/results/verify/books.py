"""A plan laid open beside its deal: calendars, products, prices and rows by number.

Everything here is read from the deal by the words of the model page. Rows that name something the deal
does not have are reported by the checks `ids`, `products` and `months` and left out of all others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from dronedeal.assessment import Assessment, Pairing, Valuation
from dronedeal.assessment.worth import completed
from dronedeal.deal import Deal
from dronedeal.deal.cooperation import Integration, Project
from dronedeal.deal.demand import HomeNeed, OtherBuyer
from dronedeal.deal.production import Line, LineSystem
from dronedeal.deal.requirements import Requirement, RequirementQuantity
from dronedeal.deal.systems import System
from dronedeal.deal.terms import Price
from dronedeal.quantities.calendar import Calendar, FiscalYears
from dronedeal.results.columns import PLAN_TABLES, PlanTable
from dronedeal.results.plan import Plan

Row = Mapping[str, Any]
Product = tuple[str | None, str]
WorkKey = tuple[str, str]
SELLER_YEAR_TABLES = frozenset({"home_supply", "home_coverage", "other_sales"})
EITHER_YEAR_TABLES = frozenset({"violations", "binding"})

AnyBooks = TypeVar("AnyBooks", bound="Books")
Key = ParamSpec("Key")
Found = TypeVar("Found")


def known_once(
    function: Callable[Concatenate[AnyBooks, Key], Found],
) -> Callable[Concatenate[AnyBooks, Key], Found]:
    """What a function finds in the books of one plan, worked out once for each of its other arguments.

    What it returns is shared, so nobody changes it.
    """

    @wraps(function)
    def asked(books: AnyBooks, /, *key: Key.args, **named: Key.kwargs) -> Found:
        place = (function, *key, *named.items())
        if place not in books.known:
            books.known[place] = function(books, *key, **named)
        found: Found = books.known[place]
        return found

    return asked


class Books:
    """One plan and its deal, indexed for the checks.

    Parameters
    ----------
    plan : the plan to be checked
    deal : the deal that it claims to be made from
    assessment : matching of that deal
    """

    def __init__(self, plan: Plan, deal: Deal, assessment: Assessment) -> None:
        deal = completed(deal)
        settings = deal.settings
        self.plan = plan
        self.deal = deal
        self.turned_out: Mapping[str, Sequence[float]] = {}  # of a scenario: output of lines by month
        self.money = Valuation(deal)
        self.buyer = settings.buyer.id
        self.seller = settings.seller.id
        self.calendar = Calendar(settings.start, settings.months)
        self.buyer_years = FiscalYears(self.calendar, settings.buyer.fiscal_year_start)
        self.seller_years = FiscalYears(self.calendar, settings.seller.fiscal_year_start)
        self.labels = [self.calendar.label(month) for month in range(settings.months)]
        self.month_number = {label: month for month, label in enumerate(self.labels)}
        self.buyer_year = [self.buyer_years.of(month) for month in range(settings.months)]
        self.seller_year = [self.seller_years.of(month) for month in range(settings.months)]
        self.pairings: dict[tuple[str, str], Pairing] = {
            (pairing.requirement, pairing.system): pairing for pairing in assessment.pairings
        }
        self.systems: dict[str, System] = {row.id: row for row in deal.systems}
        self.lines: dict[str, Line] = {row.id: row for row in deal.lines}
        self.requirements: dict[str, Requirement] = {row.id: row for row in deal.requirements}
        self.needs: dict[tuple[str, int], HomeNeed] = {
            (row.id, row.fiscal_year): row for row in deal.home_needs
        }
        self.customers: dict[tuple[str, str, int], OtherBuyer] = {
            (row.id, row.system, row.fiscal_year): row for row in deal.other_buyers
        }
        self.quantities: dict[tuple[str, int], RequirementQuantity] = {
            (row.requirement, row.fiscal_year): row for row in deal.requirement_quantities
        }
        self.discount = {
            party: [self.money.discount(party, month) for month in range(settings.months)]
            for party in (self.buyer, self.seller)
        }
        self.known: dict[tuple[object, ...], Any] = {}
        self._prices: dict[tuple[str | None, str, int], tuple[int, float] | None] = {}

    @cached_property
    def makes(self) -> dict[Product, LineSystem]:
        """Products that a line makes, by line and system."""
        return {(row.line, row.system): row for row in self.deal.line_systems}

    @cached_property
    def products(self) -> frozenset[Product]:
        """All products: those of lines, and those bought on the market (line None)."""
        made = {system for _, system in self.makes}
        market = (
            (None, row.id) for row in self.deal.systems if row.supplier != self.seller and row.id not in made
        )
        return frozenset((*self.makes, *market))

    def operator(self, product: Product) -> str:
        """Party that operates the line of a product, or that supplies a market product."""
        line, system = product
        return self.systems[system].supplier if line is None else self.lines[line].operator

    def first_output(self, line: Line) -> int:
        """Month number before which the line makes nothing."""
        return 0 if line.available_from is None else max(0, self.calendar.index(line.available_from))

    def price(self, product: Product, year: int) -> tuple[int, float] | None:
        """Number of the price row that holds for a product in a buyer's year, and its base-year price."""
        key = (*product, year)
        if key not in self._prices:
            number = self._price_rows.get(key, self._price_rows.get((None, product[1], year)))
            self._prices[key] = (
                None if number is None else (number, self._unit_price(self.deal.prices[number], year))
            )
        return self._prices[key]

    def _unit_price(self, row: Price, year: int) -> float:
        return self.money.unit_price(row, party=self.buyer, year=year)

    @cached_property
    def _price_rows(self) -> dict[tuple[str | None, str, int], int]:
        """Number of the row with the lowest tier by line (None: every line), system and year."""
        best: dict[tuple[str | None, str, int], int] = {}
        for number, row in enumerate(self.deal.prices):
            key = (row.line, row.system, row.fiscal_year)
            if key not in best or row.tier_from < self.deal.prices[best[key]].tier_from:
                best[key] = number
        return best

    @cached_property
    def price_rows_in_use(self) -> tuple[int, ...]:
        """Numbers of the price rows that hold for some product in some year of the plan."""
        found = {
            price[0]
            for product in self.products
            for year in self.buyer_years.names
            if (price := self.price(product, year)) is not None
        }
        return tuple(sorted(found))

    def firm_units(self, row: Price) -> float:
        """Units that must be bought at a price row; of what part of a year leaves, whole units only."""
        firm = (row.firm_minimum or 0.0) * self.buyer_years.share(row.fiscal_year)
        return float(int(firm + 1e-9)) if self.deal.settings.options.whole_units else firm

    def undated(self, amount: float, row: Any, *, party: str) -> float:
        """Base-year amount of a row that belongs to no year: then-year prices are those of the base year."""
        year = self.deal.settings.price_base_year
        return self.money.base_amount(amount, row, party=party, year=year)

    def unit_cost(self, product: Product) -> float:
        """Cost of one unit started, `unit_cost · (1 + cost_premium)`, base-year currency."""
        row = self.makes[product]
        return self.undated(row.unit_cost * (1 + row.cost_premium), row, party=self.lines[row.line].operator)

    def licence_fee(self, line: Line) -> float:
        """What opening a line owes the seller, base-year currency; 0 where it takes no licence of it."""
        makes = (system for name, system in self.makes if name == line.id)
        is_licensed = any(self.systems[system].supplier == self.seller for system in makes)
        if line.operator == self.seller or not is_licensed:
            return 0.0
        return self.undated(line.licence_fee, line, party=line.operator)

    def substitute_premium(self, component: str, substitute: str, line: str) -> float:
        """What a substitute costs more than the part in whose place it is, base-year currency a part."""
        rows = {row.id: row for row in self.deal.components}
        part = rows[component]
        cost = self.undated(part.unit_cost, part, party=self.lines[line].operator)
        return cost * rows[substitute].premium

    def home_value(self, need: HomeNeed) -> float:
        """Worth of one unit of a need to the seller, base-year currency."""
        return self.money.base_amount(need.value, need, party=self.seller, year=need.fiscal_year)

    def sale_price(self, customer: OtherBuyer) -> float:
        """Price of one unit to another buyer, base-year currency."""
        return self.money.base_amount(customer.price, customer, party=self.seller, year=customer.fiscal_year)

    @cached_property
    def works(self) -> dict[WorkKey, list[Integration]]:
        """Rows of each integration work that costs money, by system and standard in small letters."""
        found: dict[WorkKey, list[Integration]] = {}
        for row in self.deal.integrations:
            if row.cost > 0:
                found.setdefault((row.system, row.standard.casefold()), []).append(row)
        return found

    @cached_property
    def works_for(self) -> dict[tuple[str, str], list[WorkKey]]:
        """Works that deliveries of a system to a branch wait for."""
        found: dict[tuple[str, str], list[WorkKey]] = {}
        for key, members in self.works.items():
            for branch in dict.fromkeys(member.branch for member in members):
                found.setdefault((key[0], branch), []).append(key)
        return found

    def work_cost(self, work: Integration, month: int) -> float:
        """Cost of a work that begins in a month, base-year currency."""
        year = self.money.years(work.payer).of(month)
        return self.money.base_amount(work.cost, work, party=work.payer, year=year)

    @cached_property
    def projects(self) -> dict[str, Project]:
        """Technical-cooperation projects by id."""
        return {row.id: row for row in self.deal.projects}

    def project_payments(self, project: Project, begin: int) -> list[tuple[str, int, float]]:
        """Party, month and base-year currency of each payment for a project begun in a month."""
        found = []
        for party, share in ((self.buyer, project.buyer_share), (self.seller, 1 - project.buyer_share)):
            for number, amount in enumerate(project.cost_by_year):
                month = min(begin + 12 * number, self.calendar.months - 1)
                year = self.money.years(party).of(month)
                found.append(
                    (party, month, share * self.money.base_amount(amount, project, party=party, year=year))
                )
        return found

    @cached_property
    def known_ids(self) -> Mapping[str, frozenset[str]]:
        """Ids that the deal has, by name of the plan's column."""
        deal = self.deal
        return {
            "branch": frozenset(row.id for row in deal.branches),
            "requirement": frozenset(self.requirements),
            "system": frozenset(self.systems),
            "rule": frozenset(row.id for row in deal.rules),
            "line": frozenset(self.lines),
            "need": frozenset(row.id for row in deal.home_needs),
            "customer": frozenset(row.id for row in deal.other_buyers),
            "tier": frozenset(row.tier for row in deal.other_buyers),
            "investor": frozenset(party.id for party in deal.settings.parties),
            "project": frozenset(row.id for row in deal.projects),
            "payer": frozenset(party.id for party in deal.settings.parties),
            "appropriation": frozenset(row.appropriation for row in deal.budgets),
            "for_appropriation": frozenset(
                name
                for name in (
                    *(row.appropriation for row in deal.requirements),
                    *(row.appropriation for row in deal.integrations),
                )
                if name is not None
            ),
            "component": frozenset(row.id for row in deal.components),
            "substitute": frozenset(row.id for row in deal.components),
        }

    def years_allowed(self, table: str, column: str) -> frozenset[int]:
        """Fiscal years that a column may name."""
        if column == "budget_year" or table == "budgets":
            return frozenset(row.fiscal_year for row in self.deal.budgets)
        if table in EITHER_YEAR_TABLES:
            voted = (row.fiscal_year for row in self.deal.budgets)
            return frozenset((*self.buyer_years.names, *self.seller_years.names, *voted))
        return frozenset((self.seller_years if table in SELLER_YEAR_TABLES else self.buyer_years).names)

    def is_known_product(self, row: Row) -> bool:
        """Whether a row's line makes its system, or the system is on the market where there is no line."""
        if row.get("system") is None or "line" not in row:
            return True
        return (row["line"], row["system"]) in self.products

    def rows(self, table: str) -> tuple[Row, ...]:
        """The rows of a table that name only what the deal has."""
        if table not in self._rows:
            self._rows[table] = self._known_rows(PLAN_TABLES[table])
        return self._rows[table]

    @cached_property
    def _rows(self) -> dict[str, tuple[Row, ...]]:
        return {}

    def _known_rows(self, table: PlanTable) -> tuple[Row, ...]:
        rows = self.plan.tables[table.name]
        for column in table.columns:
            name = column.name
            allowed: Any = None
            if column.kind == "id":
                allowed = self.known_ids.get(name)
            elif column.kind == "month":
                allowed = self.month_number
            elif column.kind == "fiscal_year":
                allowed = self.years_allowed(table.name, name)
            if allowed is not None:
                rows = tuple(row for row in rows if row[name] in allowed or row[name] is None)
        rows = tuple(row for row in rows if self.is_known_product(row))
        if table.name == "home_supply":
            return tuple(row for row in rows if self.need_of(row) is not None)
        if table.name == "other_sales":
            return tuple(row for row in rows if self.customer_of(row) is not None)
        return rows

    def need_of(self, row: Row) -> HomeNeed | None:
        """The row of `home_needs` that a delivery in its month counts for."""
        return self.needs.get((row["need"], self.seller_year[self.month_number[row["month"]]]))

    def customer_of(self, row: Row) -> OtherBuyer | None:
        """The row of `other_buyers` that a sale in its month counts for."""
        year = self.seller_year[self.month_number[row["month"]]]
        return self.customers.get((row["customer"], row["system"], year))
