"""The first model written naively: a dictionary for each row, a number for each name, scipy's own solver.

It follows docs/explanation/model.md with loops only, takes nothing but the deal and its matching, and has no
violations: the deals that it is given can be planned without any.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array
from tests.planning import plain_cash, plain_terms
from tests.planning.plain_cooperation import integration, more_parts, projects
from tests.planning.plain_rebates import add_rebates
from tests.planning.plain_rules import add_rules
from tests.planning.plain_whole import add_whole_units

from dronedeal.assessment import Assessment
from dronedeal.assessment.worth import with_worth
from dronedeal.deal import Deal

Terms = dict[tuple[Any, ...], float]
MILLION = 1e6


class PlainModel:
    """Columns by name, rows as dictionaries; money in millions of base-year deal currency."""

    def __init__(self, deal: Deal, assessment: Assessment) -> None:
        # What needs are worth is not what this model is about.
        self.deal = with_worth(deal)
        self.months = deal.settings.months
        self.buyer, self.seller = deal.settings.buyer, deal.settings.seller
        self.names: dict[tuple[Any, ...], int] = {}
        self.upper: list[float] = []
        self.is_integer: list[bool] = []
        self.rows: list[tuple[Terms, float, float]] = []
        self.terms_of_the_deal: set[int] = set()
        self.utility: dict[str, Terms] = {"buyer": defaultdict(float), "seller": defaultdict(float)}
        self.rebate: dict[tuple[Any, ...], tuple[str, int, float, float]] = {}
        self.constant = {"buyer": 0.0, "seller": 0.0}
        self.line = {line.id: line for line in deal.lines}
        self.system = {system.id: system for system in deal.systems}
        self.requirement = {row.id: row for row in self.deal.requirements}
        made = {row.system for row in deal.line_systems}
        self.products: list[tuple[str | None, str]] = [(row.line, row.system) for row in deal.line_systems]
        self.products += [
            (None, system.id)
            for system in deal.systems
            if system.supplier != self.seller.id and system.id not in made
        ]
        self.load = {(row.line, row.system): row for row in deal.line_systems}
        self.matches = [item for item in assessment.pairings if item.is_eligible]
        self.production()
        self.shipments()
        self.done = projects(self)
        self.coverage()
        self.own_needs()
        self.other_buyers()
        self.balances()
        add_rebates(self)
        self.budgets()
        plain_terms.ceiling(self)
        add_rules(self)
        plain_cash.cash(self)
        if deal.settings.options.whole_units:
            add_whole_units(self)

    # Calendar and money, written again on purpose

    def year(self, party: Any, t: int) -> int:
        first, month = (int(part) for part in self.deal.settings.start.split("-"))
        count = first * 12 + month - 1 + t
        start = party.fiscal_year_start
        return count // 12 + (1 if start > 1 and count % 12 + 1 >= start else 0)

    def months_of(self, party: Any, year: int) -> list[int]:
        return [t for t in range(self.months) if self.year(party, t) == year]

    def years(self, party: Any) -> list[int]:
        return sorted({self.year(party, t) for t in range(self.months)})

    def share(self, party: Any, year: int) -> float:
        return len(self.months_of(party, year)) / 12

    def discount(self, party: Any, t: int) -> float:
        return math.exp(-t / 12 * math.log(1 + party.discount_rate))

    def index(self, party: Any, year: int) -> float:
        if party.escalation_index is None:
            return 1.0
        level = {row.fiscal_year: row.value for row in self.deal.indices if row.id == party.escalation_index}
        return level[year] / level[self.deal.settings.price_base_year]

    def rate(self, row: Any, year: int) -> float:
        if row.currency in (None, self.deal.settings.currency):
            return 1.0
        return next(
            rate.value for rate in self.deal.rates if (rate.id, rate.fiscal_year) == (row.currency, year)
        )

    def money(self, amount: float, row: Any, party: Any, year: int) -> float:
        if row.price_basis == "base_year":
            return amount * self.rate(row, self.deal.settings.price_base_year) / MILLION
        return amount * self.rate(row, year) / self.index(party, year) / MILLION

    def party(self, party_id: str) -> Any:
        return next(party for party in self.deal.settings.parties if party.id == party_id)

    # Building

    def column(self, *name: Any, upper: float = math.inf, is_integer: bool = False) -> tuple[Any, ...]:
        self.names[name] = len(self.names)
        self.upper.append(upper)
        self.is_integer.append(is_integer)
        return name

    def row(self, terms: Terms, lower: float, upper: float) -> None:
        self.rows.append((terms, lower, upper))

    def earn(self, party_id: str, name: tuple[Any, ...], amount: float) -> None:
        side = self.party(party_id).role
        if side != "third":
            self.utility[side][name] += amount

    def named(self, kind: str) -> Iterator[tuple[Any, ...]]:
        return (name for name in list(self.names) if name[0] == kind)

    # Rules

    def production(self) -> None:
        every = range(0, self.months, self.deal.settings.options.investment_months)
        for line in self.deal.lines:
            start = self._start(line)
            opening = max(line.open_lead_months, line.technology_transfer_months) + line.qualification_months
            is_candidate = line.status == "candidate"
            step_lead = max(line.step_lead_months, opening) if is_candidate else line.step_lead_months
            capacity: dict[int, Terms] = {t: {} for t in range(start, self.months)}
            for tau in every:
                for kind, lead, size, most in (
                    ("open", opening, line.initial_capacity, 1 if is_candidate else 0),
                    ("steps", step_lead, line.step_size, line.max_steps),
                ):
                    if most and tau + lead < self.months:
                        name = self.column(kind, line.id, tau, upper=most, is_integer=True)
                        for t in range(max(start, tau + lead), self.months):
                            ramp = min(1.0, (t - tau - lead + 1) / max(1, line.ramp_months))
                            capacity[t][name] = line.availability * size * ramp
                        self._invest(line, name, tau)
            self._capacity(line, capacity)
            self._opening(line, list(every), is_candidate)
            self._fixed_cost(line, opening)

    def _start(self, line: Any) -> int:
        if line.available_from is None:
            return 0
        year, month = (int(part) for part in line.available_from.split("-"))
        first_year, first_month = (int(part) for part in self.deal.settings.start.split("-"))
        return max(0, year * 12 + month - first_year * 12 - first_month)

    def _invest(self, line: Any, name: tuple[Any, ...], tau: int) -> None:
        payer = self.party(line.investor or line.operator)
        cost = line.open_cost if name[0] == "open" else line.step_cost
        amount = self.money(cost, line, payer, self.year(payer, tau))
        self.earn(payer.id, name, -self.discount(payer, tau) * amount)
        if name[0] == "open":
            self._licence(line, name, tau)

    def _licence(self, line: Any, name: tuple[Any, ...], tau: int) -> None:
        operator = self.party(line.operator)
        made = [self.system[row.system] for row in self.deal.line_systems if row.line == line.id]
        if operator.id == self.seller.id or not any(item.supplier == self.seller.id for item in made):
            return
        fee = self.money(line.licence_fee, line, operator, self.year(operator, tau))
        self.earn(operator.id, name, -self.discount(operator, tau) * fee)
        self.earn(self.seller.id, name, self.discount(self.seller, tau) * fee)

    def _capacity(self, line: Any, capacity: dict[int, Terms]) -> None:
        operator = self.party(line.operator)
        for t in range(self.months):
            terms: Terms = {name: -size for name, size in capacity.get(t, {}).items()}
            for row in self.deal.line_systems:
                if row.line == line.id:
                    name = self.column("make", line.id, row.system, t)
                    terms[name] = row.load_per_unit
                    cost = self.money(
                        row.unit_cost * (1 + row.cost_premium), row, operator, self.year(operator, t)
                    )
                    self.earn(operator.id, name, -self.discount(operator, t) * cost)
            is_running = line.status == "existing" and t in capacity
            self.row(terms, -math.inf, line.availability * line.initial_capacity if is_running else 0.0)

    def _opening(self, line: Any, every: list[int], is_candidate: bool) -> None:
        opens = {tau: ("open", line.id, tau) for tau in every if ("open", line.id, tau) in self.names}
        steps = {tau: ("steps", line.id, tau) for tau in every if ("steps", line.id, tau) in self.names}
        self.row(dict.fromkeys(opens.values(), 1.0), -math.inf, 1.0)
        self.row(dict.fromkeys(steps.values(), 1.0), -math.inf, line.max_steps)
        for tau in every if is_candidate else ():
            terms = {name: 1.0 for at, name in steps.items() if at <= tau}
            terms |= {name: -float(line.max_steps) for at, name in opens.items() if at <= tau}
            self.row(terms, -math.inf, 0.0)

    def _fixed_cost(self, line: Any, opening: int) -> None:
        operator = self.party(line.operator)
        if operator.role == "third":
            return
        paid = [
            self.discount(operator, t)
            * self.money(line.fixed_cost / 12, line, operator, self.year(operator, t))
            for t in range(self.months)
        ]
        if line.status == "existing":
            self.constant[operator.role] -= sum(paid[self._start(line) :])
        for name in self.named("open"):
            if name[1] == line.id:
                self.earn(operator.id, name, -sum(paid[name[2] + opening :]))

    def _price(self, product: tuple[str | None, str], year: int) -> Any:
        """The row for the line before the row for all lines; of several tiers the lowest."""
        for line in (product[0], None):
            rows = [
                row
                for row in self.deal.prices
                if (row.system, row.line, row.fiscal_year) == (product[1], line, year)
            ]
            if rows:
                return min(rows, key=lambda row: row.tier_from)
        return None

    def shipments(self) -> None:
        used: dict[int, Terms] = {}
        rows: dict[int, Any] = {}
        self.payment: dict[tuple[Any, ...], float] = {}
        self.effective: dict[tuple[Any, ...], float] = {}
        for product in self.products:
            owner = self.system[product[1]].supplier
            operator = owner if product[0] is None else self.line[product[0]].operator
            for year in self.years(self.buyer):
                price = self._price(product, year)
                if price is None:
                    continue
                terms = used.setdefault(id(price), {})
                rows[id(price)] = price
                unit_price = plain_terms.unit_price(self, price, year)
                for match in self.matches:
                    for t in self.months_of(self.buyer, year):
                        if match.system == product[1] and match.first_month <= t <= match.last_month:
                            name = self.column("ship", product, match.requirement, t)
                            terms[name] = 1.0
                            self.payment[name] = unit_price
                            at = year - self.years(self.buyer)[0]
                            self.effective[name] = match.effectiveness_in(at)
                            self._pay(
                                name, operator, owner, price=unit_price, royalty=price.royalty * unit_price
                            )
        for key, terms in used.items():
            share = self.share(self.buyer, rows[key].fiscal_year)
            maximum, minimum = plain_terms.most(rows[key]), rows[key].firm_minimum
            if self.system[rows[key].system].supplier == self.seller.id:
                self.terms_of_the_deal.add(len(self.rows))
            firm = (minimum or 0.0) * share
            if self.deal.settings.options.whole_units:
                firm = math.floor(firm + 1e-9)
            self.row(terms, firm, maximum * share)

    def _pay(self, name: tuple[Any, ...], operator: str, owner: str, *, price: float, royalty: float) -> None:
        buyer, seller = self.buyer, self.seller
        now, then = self.discount(buyer, name[3]), self.discount(seller, name[3])
        if operator != buyer.id:
            for t, share in plain_terms.instalments(self, name, operator):
                real = share * price * self.index(buyer, self.year(buyer, name[3]))
                real /= self.index(buyer, self.year(buyer, t))
                self.utility["buyer"][name] -= self.discount(buyer, t) * real
                if operator == seller.id:
                    self.utility["seller"][name] += self.discount(seller, t) * real
        elif owner == seller.id:
            self.utility["buyer"][name] -= now * royalty
        if operator != seller.id and owner == seller.id:
            self.utility["seller"][name] += then * royalty

    def coverage(self) -> None:
        for row in self.deal.requirement_quantities:
            months = self.months_of(self.buyer, row.fiscal_year)
            if not months:
                continue
            need = self.requirement[row.requirement]
            is_stock = need.kind == "stock"
            share = self.share(self.buyer, row.fiscal_year)
            size = 1.0 if is_stock else share
            low = self.column("low", row.requirement, row.fiscal_year, upper=row.threshold * size)
            high = self.column(
                "high", row.requirement, row.fiscal_year, upper=(row.objective - row.threshold) * size
            )
            weight = (share if is_stock else 1.0) * self.discount(self.buyer, months[-1])
            for name, value in ((low, need.value_threshold), (high, need.value_objective)):
                worth = self.money(value, need, self.buyer, row.fiscal_year)
                self.utility["buyer"][name] += weight * worth
            terms: Terms = {low: 1.0, high: 1.0}
            on_hand = 0.0
            for name, effective in self.effective.items():
                if name[2] != row.requirement:
                    continue
                if is_stock and name[3] <= months[-1]:
                    terms[name] = -effective * (1 - need.loss_rate) ** ((months[-1] - name[3]) / 12)
                elif not is_stock and name[3] in months:
                    terms[name] = -effective
            if is_stock:
                on_hand = need.on_hand * (1 - need.loss_rate) ** ((months[-1] + 1) / 12)
            self.row(terms, -math.inf, on_hand)
        self.intake()

    def intake(self) -> None:
        """Nobody takes more than it asks for."""
        asked = {
            (row.requirement, row.fiscal_year): row.objective for row in self.deal.requirement_quantities
        }
        for need in self.deal.requirements:
            taken = {name: units for name, units in self.effective.items() if name[2] == need.id}
            if need.kind == "use":
                for year in self.years(self.buyer):
                    limit = asked.get((need.id, year), 0.0) * self.share(self.buyer, year)
                    inside = {n: u for n, u in taken.items() if self.year(self.buyer, n[3]) == year}
                    if inside:
                        self.row(inside, -math.inf, limit)
                continue
            most = max([need.on_hand, *(asked.get((need.id, y), 0.0) for y in self.years(self.buyer))])
            for t in range(self.months):
                left = need.on_hand * (1 - need.loss_rate) ** ((t + 1) / 12)
                kept = {
                    n: u * (1 - need.loss_rate) ** ((t - n[3]) / 12) for n, u in taken.items() if n[3] <= t
                }
                if kept:
                    self.row(kept, -math.inf, most - left)

    def own_needs(self) -> None:
        for number, need in enumerate(self.deal.home_needs):
            months = self.months_of(self.seller, need.fiscal_year)
            size = need.quantity * self.share(self.seller, need.fiscal_year)
            value = self.money(need.value, need, self.seller, need.fiscal_year)
            supplied: Terms = {}
            for elapsed, t in enumerate(months, start=1):
                for product in filter(lambda item: self._serves(item, need), self.products):
                    name = self.column("home", product, number, t)
                    supplied[name] = 1.0
                    self.utility["seller"][name] += self.discount(self.seller, t) * value
                self.row(dict(supplied), need.required_share * size * elapsed / len(months), math.inf)
            self.row(supplied, -math.inf, size)
        for line in self.deal.lines:
            for year in self.years(self.seller) if line.return_share > 0 else ():
                terms: Terms = {}
                for name in self.named("home"):
                    if name[1][0] == line.id and self.year(self.seller, name[3]) == year:
                        terms[name] = 1.0
                for name in self.named("make"):
                    if name[1] == line.id and self.year(self.seller, name[3]) == year:
                        terms[name] = -line.return_share * self.load[name[1], name[2]].yield_rate
                self.row(terms, 0.0, math.inf)

    def _serves(self, product: tuple[str | None, str], need: Any) -> bool:
        line, system = product
        if line is None or not (
            self.line[line].operator == self.seller.id or self.line[line].return_share > 0
        ):
            return False
        roles = {self.system[system].role, *self.system[system].other_roles}
        return system == need.system if need.system else need.role in roles

    def other_buyers(self) -> None:
        for number, row in enumerate(self.deal.other_buyers):
            price = self.money(row.price, row, self.seller, row.fiscal_year)
            terms: Terms = {}
            for product in self.products:
                line, system = product
                if line is None or self.line[line].operator != self.seller.id or system != row.system:
                    continue
                for t in self.months_of(self.seller, row.fiscal_year):
                    name = self.column("sale", product, number, t)
                    terms[name] = 1.0
                    self.utility["seller"][name] += self.discount(self.seller, t) * price
            self.row(terms, -math.inf, row.maximum * self.share(self.seller, row.fiscal_year))

    def balances(self) -> None:
        """Stock at the end of a month: that of the month before, and what was made, less what left."""
        out: dict[tuple[Any, ...], Terms] = defaultdict(dict)
        for kind in ("ship", "home", "sale"):
            for name in self.named(kind):
                out[name[1], name[3]][name] = -1.0
        for (line, system), row in self.load.items():
            for t in range(self.months):
                terms = out[(line, system), t] | {("make", line, system, t): row.yield_rate}
                terms[self.column("stock", line, system, t)] = -1.0
                if t:
                    terms["stock", line, system, t - 1] = 1.0
                start = 0.0 if t else -row.initial_stock
                self.row(terms, start, start)
        for row in self.deal.component_supply:
            months = self.months_of(self.seller, row.fiscal_year)
            terms = defaultdict(float)
            for part in self.deal.system_components:
                for line, system in self.load:
                    fits = (part.component, part.system) == (row.component, system)
                    if fits and part.line in (None, line):
                        for t in months:
                            terms["make", line, system, t] += part.quantity
            terms |= more_parts(self, row, months)
            self.row(dict(terms), -math.inf, row.limit * self.share(self.seller, row.fiscal_year))

    def budgets(self) -> None:
        owed = integration(self)
        for name, price in self.payment.items():
            need, delivered = self.requirement[name[2]], self.year(self.buyer, name[3])
            for year in self.years(self.buyer):
                share = plain_terms.share_due(self, name, year)
                if share:
                    group = owed[need.branch, need.appropriation, "deliveries", year]
                    group[name] = share * self.index(self.buyer, delivered) * price
        for name, (requirement, year, amount, _) in self.rebate.items():
            need = self.requirement[requirement]
            group = owed[need.branch, need.appropriation, "deliveries", year]
            group[name] = -amount * self.index(self.buyer, year)
        spent: dict[int, Terms] = {b: {} for b in range(len(self.deal.budgets))}
        for (branch, kind, purpose, year), terms in owed.items():
            for b, row in enumerate(self.deal.budgets):
                is_valid = 0 <= year - row.fiscal_year <= row.years_valid - 1
                if row.branch == branch and kind in (None, row.appropriation) and is_valid:
                    name = self.column("spend", b, branch, kind, purpose, year)
                    terms[name] = -1.0
                    spent[b][name] = 1.0
            self.row(terms, 0.0, 0.0)
        for b, row in enumerate(self.deal.budgets):
            amount = row.amount * self.rate(row, row.fiscal_year) / MILLION
            if row.price_basis == "base_year":
                amount = self.money(row.amount, row, self.buyer, row.fiscal_year)
                amount *= self.index(self.buyer, row.fiscal_year)
            self.row(spent[b], -math.inf, amount)

    # Solving

    def best(self, objective: str) -> float:
        """Best value of `joint`, `buyer` or `seller`, in deal currency."""
        if objective == "joint":
            return self._solve(("buyer", "seller")) * MILLION
        other = "seller" if objective == "buyer" else "buyer"
        least = self._solve((other,), is_alone=True) - self.constant[other]
        self.row(dict(self.utility[other]), least - 1e-9 * max(1.0, abs(least)), math.inf)
        return self._solve((objective,)) * MILLION

    def _without_the_deal(self) -> Iterator[tuple[Any, ...]]:
        """Deliveries and buyer-run output of the seller's designs, and what the buyer invests in them."""
        owned = {system.id for system in self.deal.systems if system.supplier == self.seller.id}
        yield from (name for name in self.named("ship") if name[1][1] in owned)
        run = {line.id for line in self.deal.lines if line.operator == self.buyer.id}
        yield from (name for name in self.named("make") if name[1] in run and name[2] in owned)
        makes = {row.line for row in self.deal.line_systems if row.system in owned}
        paid = {line.id for line in self.deal.lines if (line.investor or line.operator) == self.buyer.id}
        for kind in ("open", "steps"):
            yield from (name for name in self.named(kind) if name[1] in paid & makes)
        yield from (name for name in self.named("integrate") if name[1] in owned)
        yield from self.named("begin")

    def _solve(self, sides: tuple[str, ...], *, is_alone: bool = False) -> float:
        gain = np.zeros(len(self.names))
        for side in sides:
            for name, amount in self.utility[side].items():
                gain[self.names[name]] += amount
        upper = np.array(self.upper)
        for name in self._without_the_deal() if is_alone else ():
            upper[self.names[name]] = 0.0
        entries = [
            (number, self.names[name], factor)
            for number, (terms, _, _) in enumerate(self.rows)
            for name, factor in terms.items()
        ]
        rows, columns, factors = (np.array(part) for part in zip(*entries, strict=True))
        matrix = csr_array((factors, (rows, columns)), shape=(len(self.rows), len(self.names)))
        limits = [
            (0.0 if is_alone and number in self.terms_of_the_deal else lower, top)
            for number, (_, lower, top) in enumerate(self.rows)
        ]
        found = milp(
            -gain,
            constraints=LinearConstraint(matrix, *(np.array(part) for part in zip(*limits, strict=True))),
            bounds=Bounds(np.zeros(len(upper)), upper),
            integrality=np.array(self.is_integer, dtype=int),
            options={"mip_rel_gap": 1e-8},
        )
        assert found.status == 0, found.message
        return -found.fun + sum(self.constant[side] for side in sides)
