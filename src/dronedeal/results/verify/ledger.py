"""The sums over a plan's rows that several checks need, each formed once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from dronedeal.deal.production import Line
from dronedeal.deal.requirements import Requirement
from dronedeal.results.verify.books import Books, Product
from dronedeal.results.verify.experience import Experience, experience_of, learns, monthly_cost

BudgetKey = tuple[str, int, str]


@dataclass(frozen=True, slots=True)
class Covered:
    """Coverage of one requirement in one fiscal year, all in effective units.

    `effective` counts: used in the year, or on hand at its end; `gross` is the sum of the terms behind
    it, the measure of rounding; `amount` is the value in undiscounted base-year currency.
    """

    threshold: float
    objective: float
    effective: float
    gross: float
    amount: float

    @property
    def to_threshold(self) -> float:
        """min(effective, threshold)."""
        return min(self.effective, self.threshold)

    @property
    def to_objective(self) -> float:
        """min(effective, objective) − min(effective, threshold)."""
        return min(self.effective, self.objective) - self.to_threshold


@dataclass(frozen=True, slots=True)
class Pace:
    """One own need in one fiscal year: units needed, required, delivered, and behind the pace at worst."""

    needed: float
    required: float
    delivered: float
    shortfall: float


class Ledger(Books):
    """The books of a plan with its sums."""

    @cached_property
    def made(self) -> dict[Product, list[float]]:
        """Units started of each product in each month."""
        return self._by_month("production")

    @cached_property
    def shipped(self) -> dict[Product, list[float]]:
        """Units delivered to the buyer's requirements."""
        return self._by_month("shipments")

    @cached_property
    def supplied_home(self) -> dict[Product, list[float]]:
        """Units delivered to own needs."""
        return self._by_month("home_supply")

    @cached_property
    def sold(self) -> dict[Product, list[float]]:
        """Units sold to other buyers."""
        return self._by_month("other_sales")

    @cached_property
    def in_stock(self) -> dict[Product, list[float]]:
        """Finished units at the end of each month, as stated."""
        return self._by_month("stock")

    def _by_month(self, table: str) -> dict[Product, list[float]]:
        sums: dict[Product, list[float]] = {}
        for row in self.rows(table):
            product = (row["line"], row["system"])
            if product not in sums:
                sums[product] = [0.0] * self.calendar.months
            sums[product][self.month_number[row["month"]]] += row["quantity"]
        return sums

    @cached_property
    def load(self) -> dict[str, list[float]]:
        """Load of the units started on each line, load units a month."""
        loads = {line: [0.0] * self.calendar.months for line in self.lines}
        for product, started in self.made.items():
            row = self.makes[product]
            for month, quantity in enumerate(started):
                loads[row.line][month] += row.load_per_unit * quantity
        return loads

    @cached_property
    def capacity(self) -> dict[str, list[float]]:
        """Capacity of each line in each month, `availability · C[l,t]` of the model, load units."""
        months = range(self.calendar.months)
        found = {
            row.id: [row.initial_capacity if row.status == "existing" else 0.0 for _ in months]
            for row in self.deal.lines
        }
        for row in self.rows("openings"):
            line = self.lines[row["line"]]
            size = line.initial_capacity if row["kind"] == "open" else line.step_size
            first = self.month_number[row["decided"]] + lead_months(line, row["kind"])
            for month in months[first:]:
                found[line.id][month] += ramp(line, month - first) * size * row["quantity"]
        return {
            name: [
                self.running(name, month) * size if month >= self.first_output(self.lines[name]) else 0.0
                for month, size in enumerate(sizes)
            ]
            for name, sizes in found.items()
        }

    def running(self, line: str, month: int) -> float:
        """Availability of a line in a month, as stated or as it turned out in a scenario."""
        turned_out = self.turned_out.get(line)
        return self.lines[line].availability * (1.0 if turned_out is None else turned_out[month])

    @cached_property
    def experience(self) -> dict[Product, Experience]:
        """Experience of each product that a line makes."""
        rows, months = self.deal.line_systems, self.calendar.months
        return {(row.line, row.system): experience_of(row, rows, self.made, months) for row in rows}

    @cached_property
    def production_cost(self) -> dict[Product, list[float]]:
        """Cost of the units of each product started in each month, undiscounted base-year currency."""
        return {
            product: monthly_cost(
                self.makes[product], self.unit_cost(product), self.experience[product], units
            )
            for product, units in self.made.items()
        }

    @cached_property
    def products_on_curves(self) -> tuple[Product, ...]:
        """Products that learn, pay a start-up premium, or are in the group of one that learns."""
        taught = {row.learning_group for row in self.deal.line_systems if learns(row) and row.transfer_share}
        return tuple(
            product
            for product, row in self.makes.items()
            if learns(row)
            or (row.startup_premium > 0 and row.startup_units > 0)
            or (row.learning_group is not None and row.learning_group in taught)
        )

    @cached_property
    def bought(self) -> dict[int, float]:
        """Units delivered at each price row."""
        sums: dict[int, float] = defaultdict(float)
        for row in self.rows("shipments"):
            price = self.price((row["line"], row["system"]), self.buyer_year[self.month_number[row["month"]]])
            if price is not None:
                sums[price[0]] += row["quantity"]
        return sums

    @cached_property
    def effective(self) -> dict[str, list[float]]:
        """Effective units delivered to each requirement in each month."""
        sums = {name: [0.0] * self.calendar.months for name in self.requirements}
        for row in self.rows("shipments"):
            pairing = self.pairings.get((row["requirement"], row["system"]))
            if pairing is not None:
                month = self.month_number[row["month"]]
                worth = pairing.effectiveness_in(self.buyer_year[month] - self.buyer_years.names[0])
                sums[row["requirement"]][month] += worth * row["quantity"]
        return sums

    @cached_property
    def done(self) -> dict[str, int]:
        """First month in which each project that is begun has its effect, where any plan may count on it."""
        found = {}
        for row in self.rows("projects"):
            project = self.projects[row["project"]]
            is_value = project.effect in ("effectiveness", "unit_cost")
            if is_value or project.success_probability >= self.deal.settings.options.assurance:
                found[project.id] = self.month_number[row["begin"]] + project.months
        return found

    @cached_property
    def gained(self) -> dict[tuple[str, int], float]:
        """Effective units that projects add to each requirement in each year of the buyer, as stated."""
        sums: dict[tuple[str, int], float] = defaultdict(float)
        for row in self.rows("project_gains"):
            sums[row["requirement"], row["fiscal_year"]] += row["quantity"]
        return sums

    @cached_property
    def coverage(self) -> dict[tuple[str, int], Covered]:
        """Coverage of every requirement in every fiscal year of the buyer, recomputed."""
        found = {}
        for name, requirement in self.requirements.items():
            levels = self._counted_units(requirement)
            for year in self.buyer_years.names:
                found[name, year] = self._covered(requirement, year, *levels[year])
        return found

    def _counted_units(self, requirement: Requirement) -> dict[int, tuple[float, float]]:
        """Units that count in each year, and the sum of the terms behind them."""
        delivered = self.effective[requirement.id]
        if requirement.kind == "use":
            sums = {
                year: sum(delivered[t] for t in self.buyer_years.months_in(year))
                + self.gained.get((requirement.id, year), 0.0)
                for year in self.buyer_years.names
            }
            return {year: (total, total) for year, total in sums.items()}
        keep = (1.0 - requirement.loss_rate) ** (1.0 / 12.0)
        on_hand = requirement.on_hand
        gross = on_hand
        levels = {}
        for month, units in enumerate(delivered):
            units += self.gain_at_the_end(requirement.id, month)
            on_hand = keep * on_hand + units
            gross += units
            levels[self.buyer_year[month]] = (on_hand, gross)
        return levels

    def gain_at_the_end(self, requirement: str, month: int) -> float:
        """What projects add to a stock, in the last month of a fiscal year."""
        year = self.buyer_year[month]
        is_last = month == self.buyer_years.months_in(year)[-1]
        return self.gained.get((requirement, year), 0.0) if is_last else 0.0

    def _covered(self, requirement: Requirement, year: int, effective: float, gross: float) -> Covered:
        row = self.quantities.get((requirement.id, year))
        share = self.buyer_years.share(year)
        size = 1.0 if requirement.kind == "stock" else share
        threshold = row.threshold * size if row else 0.0
        objective = row.objective * size if row else 0.0
        covered = Covered(threshold, objective, effective, gross, 0.0)
        value_threshold = self.undated(requirement.worth[0], requirement, party=self.buyer)
        value_objective = self.undated(requirement.worth[1], requirement, party=self.buyer)
        weight = share if requirement.kind == "stock" else 1.0
        amount = weight * (value_threshold * covered.to_threshold + value_objective * covered.to_objective)
        return Covered(threshold, objective, effective, gross, amount)

    @cached_property
    def home_pace(self) -> dict[tuple[str, int], Pace]:
        """Every own need in every fiscal year of the seller inside the plan."""
        delivered: dict[tuple[str, int], dict[int, float]] = defaultdict(lambda: defaultdict(float))
        for row in self.rows("home_supply"):
            month = self.month_number[row["month"]]
            delivered[row["need"], self.seller_year[month]][month] += row["quantity"]
        found = {}
        for key, need in self.needs.items():
            months = self.seller_years.months_in(need.fiscal_year)
            if months:
                needed = need.quantity * self.seller_years.share(need.fiscal_year)
                found[key] = _pace(needed, need.required_share * needed, [delivered[key][t] for t in months])
        return found

    @cached_property
    def returned(self) -> dict[tuple[str, int], tuple[float, float]]:
        """Units returned and good units made of each line with a return share, by the seller's year."""
        found = {}
        for line in self.deal.lines:
            products = [product for product in self.makes if product[0] == line.id]
            for year in self.seller_years.names if line.return_share > 0 else ():
                months = self.seller_years.months_in(year)
                back = sum(self._total(self.supplied_home, product, months) for product in products)
                good = sum(
                    self.makes[product].yield_rate * self._total(self.made, product, months)
                    for product in products
                )
                found[line.id, year] = (back, good)
        return found

    @staticmethod
    def _total(flows: dict[Product, list[float]], product: Product, months: range) -> float:
        return sum(flows[product][month] for month in months) if product in flows else 0.0

    @cached_property
    def voted(self) -> dict[BudgetKey, float]:
        """Then-year money of every budget row."""
        return {
            (row.branch, row.fiscal_year, row.appropriation): self.money.base_amount(
                row.amount, row, party=self.buyer, year=row.fiscal_year
            )
            * self.money.index(self.buyer, row.fiscal_year)
            for row in self.deal.budgets
        }

    @cached_property
    def spent(self) -> dict[BudgetKey, float]:
        """Then-year money spent of every budget row."""
        sums: dict[BudgetKey, float] = defaultdict(float)
        for row in self.rows("payments"):
            sums[row["branch"], row["budget_year"], row["appropriation"]] += row["amount_then_year"]
        return sums


def instalments(ledger: Ledger, product: Product, month: int) -> list[tuple[int, float]]:
    """Months in which a delivery is paid, each with its share of the price in money of the year of delivery.

    What the seller makes is paid by the terms: in advance in the first month of the buyer's year, after the
    year what is kept back, the rest at delivery; everything else at delivery.
    """
    terms = ledger.deal.settings.terms
    if ledger.operator(product) != ledger.seller:
        return [(month, 1.0)]
    year = ledger.buyer_years.months_in(ledger.buyer_year[month])
    late = retention_month(ledger, month)
    at_delivery = 1.0 - terms.advance_share - terms.retention_share
    parts = ((year[0], terms.advance_share), (month, at_delivery), (late, terms.retention_share))
    return [(paid, share) for paid, share in parts if share]


def retention_month(ledger: Ledger, month: int) -> int:
    """Month in which what is kept back of a delivery in a month is paid."""
    last = ledger.buyer_years.months_in(ledger.buyer_year[month])[-1]
    return min(last + ledger.deal.settings.terms.retention_months, ledger.calendar.months - 1)


def lead_months(line: Line, kind: str) -> int:
    """Months from a decision to its first output: `L` of an opening, `S` of a step."""
    opening = max(line.open_lead_months, line.technology_transfer_months) + line.qualification_months
    if kind == "open":
        return opening
    return max(line.step_lead_months, opening) if line.status == "candidate" else line.step_lead_months


def ramp(line: Line, months: int) -> float:
    """Share of new capacity that is there `months` after its first output: `min(1, (d+1)/max(1, ramp))`."""
    return min(1.0, (months + 1) / max(1, line.ramp_months))


def _pace(needed: float, required: float, delivered: list[float]) -> Pace:
    total, shortfall = 0.0, 0.0
    for elapsed, quantity in enumerate(delivered, start=1):
        total += quantity
        shortfall = max(shortfall, required * elapsed / len(delivered) - total)
    return Pace(needed, required, total, shortfall)
