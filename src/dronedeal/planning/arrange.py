"""From a Deal and its Assessment to the arrays of PlanningData."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from dronedeal.assessment import Assessment
from dronedeal.assessment.valuation import Valuation
from dronedeal.assessment.worth import completed
from dronedeal.deal import Deal
from dronedeal.deal.production import Line, LineSystem
from dronedeal.deal.terms import Price
from dronedeal.planning.arrange_cash import arrange_cash
from dronedeal.planning.arrange_cooperation import (
    arrange_projects,
    arrange_works,
    payment_groups,
    work_labels,
)
from dronedeal.planning.arrange_learning import learning_curves
from dronedeal.planning.arrange_rules import arrange_rules
from dronedeal.planning.arrange_substitutes import arrange_substitutes, substitute_labels
from dronedeal.planning.arrange_terms import arrange_terms
from dronedeal.planning.data import (
    BUYER,
    MONEY_UNIT,
    PARTY_NAMES,
    SELLER,
    THIRD,
    BudgetData,
    ComponentData,
    HomeData,
    LineData,
    PairData,
    PaymentGroup,
    PlanningData,
    PriceData,
    ProductData,
    RequirementData,
    SaleData,
)
from dronedeal.planning.tree import FloatArray, IntArray, single_path
from dronedeal.quantities.calendar import Calendar, FiscalYears

_ROLE = {"buyer": BUYER, "seller": SELLER, "third": THIRD}


class _Arranger:
    """One pass over a deal; each method fills one part of the data."""

    def __init__(self, deal: Deal, assessment: Assessment) -> None:
        self.deal = deal
        self.assessment = assessment
        self.money = Valuation(deal)
        settings = deal.settings
        self.calendar = Calendar(settings.start, settings.months)
        self.buyer_years = FiscalYears(self.calendar, settings.buyer.fiscal_year_start)
        self.seller_years = FiscalYears(self.calendar, settings.seller.fiscal_year_start)
        self.systems = {system.id: number for number, system in enumerate(deal.systems)}
        self.line_numbers = {line.id: number for number, line in enumerate(deal.lines)}
        self.requirement_numbers = {row.id: number for number, row in enumerate(deal.requirements)}
        made = {row.system for row in deal.line_systems}
        self.market = [
            number
            for number, system in enumerate(deal.systems)
            if system.supplier != settings.seller.id and system.id not in made
        ]
        self.groups = payment_groups(deal)

    def role(self, party_id: str) -> int:
        return _ROLE[self.deal.settings.party(party_id).role]

    def years_of(self, party_id: str) -> IntArray:
        """(T,) fiscal year of a party by month."""
        return self.money.years(party_id).by_month

    def million(self, amount: float, row: Any, *, party: str, year: int | None = None) -> float:
        """An amount of a row in millions of base-year deal currency."""
        at_year = self.deal.settings.price_base_year if year is None else year
        return self.money.base_amount(amount, row, party=party, year=at_year) / MONEY_UNIT

    def products(self) -> ProductData:
        deal, settings = self.deal, self.deal.settings
        rows = deal.line_systems
        lines = [deal.lines[self.line_numbers[row.line]] for row in rows]
        n_market = len(self.market)
        systems = [self.systems[row.system] for row in rows] + self.market
        suppliers = [deal.systems[number].supplier for number in systems]
        operators = [self.role(line.operator) for line in lines]
        operators += [self.role(deal.systems[number].supplier) for number in self.market]
        return ProductData(
            line=_ints([self.line_numbers[row.line] for row in rows] + [-1] * n_market),
            system=_ints(systems),
            load=_floats([row.load_per_unit for row in rows] + [0.0] * n_market),
            yield_rate=_floats([row.yield_rate for row in rows] + [0.0] * n_market),
            unit_cost=_floats(
                [self._unit_cost(row, line.operator) for row, line in zip(rows, lines, strict=True)]
                + [0.0] * n_market
            ),
            initial_stock=_floats([row.initial_stock for row in rows] + [0.0] * n_market),
            operator=_ints(operators),
            is_owned_by_seller=np.array(
                [supplier == settings.seller.id for supplier in suppliers], dtype=bool
            ),
        )

    def _unit_cost(self, row: LineSystem, operator: str) -> float:
        return self.million(row.unit_cost * (1 + row.cost_premium), row, party=operator)

    def lines(self) -> LineData:
        rows = self.deal.lines
        open_lead = [
            max(row.open_lead_months, row.technology_transfer_months) + row.qualification_months
            for row in rows
        ]
        is_candidate = [row.status == "candidate" for row in rows]
        step_lead = [
            max(row.step_lead_months, lead) if candidate else row.step_lead_months
            for row, lead, candidate in zip(rows, open_lead, is_candidate, strict=True)
        ]
        starts = [
            0 if row.available_from is None else self.calendar.index(row.available_from) for row in rows
        ]
        return LineData(
            is_candidate=np.array(is_candidate, dtype=bool),
            initial=_floats([row.initial_capacity * row.availability for row in rows]),
            step_size=_floats([row.step_size * row.availability for row in rows]),
            available_from=np.maximum(_ints(starts), 0),
            open_cost=_floats([self._investment(row, row.open_cost) for row in rows]),
            step_cost=_floats([self._investment(row, row.step_cost) for row in rows]),
            fixed_cost=_floats([self.million(row.fixed_cost / 12, row, party=row.operator) for row in rows]),
            open_lead=_ints(open_lead),
            step_lead=_ints(step_lead),
            ramp=np.maximum(_ints([row.ramp_months for row in rows]), 1),
            max_steps=_ints([row.max_steps for row in rows]),
            operator=_ints([self.role(row.operator) for row in rows]),
            investor=_ints([self.role(row.investor or row.operator) for row in rows]),
            return_share=_floats([row.return_share for row in rows]),
            licence_fee=_floats([self._licence_fee(row) for row in rows]),
        )

    def _licence_fee(self, line: Line) -> float:
        """What the operator of a licensed line owes the seller with its opening."""
        seller = self.deal.settings.seller.id
        made = {row.system for row in self.deal.line_systems if row.line == line.id}
        is_licensed = any(system.supplier == seller for system in self.deal.systems if system.id in made)
        if line.operator == seller or not is_licensed:
            return 0.0
        return self.million(line.licence_fee, line, party=line.operator)

    def _investment(self, row: Any, amount: float) -> float:
        return self.million(amount, row, party=row.investor or row.operator)

    def requirements(self) -> RequirementData:
        rows = self.deal.requirements
        years = self.buyer_years
        size = (len(rows), len(years.names))
        threshold, objective = np.zeros(size), np.zeros(size)
        for quantity in self.deal.requirement_quantities:
            number = self.requirement_numbers[quantity.requirement]
            at = quantity.fiscal_year - years.names[0]
            share = 1.0 if rows[number].kind == "stock" else years.share(quantity.fiscal_year)
            threshold[number, at] = quantity.threshold * share
            objective[number, at] = quantity.objective * share
        buyer = self.deal.settings.buyer.id
        keep = [(1 - row.loss_rate) ** (1 / 12) for row in rows]
        return RequirementData(
            is_stock=np.array([row.kind == "stock" for row in rows], dtype=bool),
            threshold=threshold,
            objective=objective,
            value_threshold=_floats([self.million(row.worth[0], row, party=buyer) for row in rows]),
            value_objective=_floats([self.million(row.worth[1], row, party=buyer) for row in rows]),
            loss_keep=_floats(keep),
            on_hand=_floats([row.on_hand for row in rows]),
            group=_ints(
                [self.groups.index(PaymentGroup(row.branch, row.appropriation, "deliveries")) for row in rows]
            ),
        )

    def pairs(self, products: ProductData, prices: PriceData) -> PairData:
        by_system: dict[int, list[int]] = {}
        for number, system in enumerate(products.system):
            if (prices.row[number] >= 0).any():
                by_system.setdefault(int(system), []).append(number)
        found = [
            (product, self.requirement_numbers[pairing.requirement], pairing)
            for pairing in self.assessment.pairings
            if pairing.is_eligible and max(pairing.effectiveness, *pairing.by_year, 0.0) > 0
            for product in by_system.get(self.systems[pairing.system], ())
        ]
        n_years = len(self.buyer_years.names)
        return PairData(
            product=_ints([product for product, _, _ in found]),
            requirement=_ints([requirement for _, requirement, _ in found]),
            effectiveness=_floats(
                [[pairing.effectiveness_in(year) for year in range(n_years)] for _, _, pairing in found]
            ).reshape(len(found), n_years),
            first=np.maximum(_ints([pairing.first_month for _, _, pairing in found]), 0),
            last=np.minimum(_ints([pairing.last_month for _, _, pairing in found]), self.calendar.months - 1),
        )

    def prices(self, products: ProductData) -> PriceData:
        years = self.buyer_years
        rows = self.deal.prices
        choice = _price_rows(rows)
        size = (products.count, len(years.names))
        row, price, royalty = np.full(size, -1, dtype=np.int64), np.zeros(size), np.zeros(size)
        buyer = self.deal.settings.buyer.id
        for product in range(products.count):
            system = self.deal.systems[products.system[product]].id
            line = None if products.line[product] < 0 else self.deal.lines[products.line[product]].id
            for at, year in enumerate(years.names):
                number = choice.get((system, line, year), choice.get((system, None, year)))
                if number is None:
                    continue
                row[product, at] = number
                price[product, at] = self.money.unit_price(rows[number], party=buyer, year=year) / MONEY_UNIT
                royalty[product, at] = rows[number].royalty
        share = [years.share(item.fiscal_year) for item in rows]
        return PriceData(
            row=row,
            price=price,
            royalty=royalty,
            maximum=_floats([_most_on_sale(item) * part for item, part in zip(rows, share, strict=True)]),
            firm_minimum=_floats([self._firm(item, part) for item, part in zip(rows, share, strict=True)]),
            row_year=_ints([item.fiscal_year - years.names[0] for item in rows]),
        )

    def _firm(self, row: Price, share: float) -> float:
        """Units that must be bought; of what part of a year leaves, whole units only."""
        firm = (row.firm_minimum or 0.0) * share
        return float(math.floor(firm + 1e-9)) if self.deal.settings.options.whole_units else firm

    def home(self, products: ProductData, lines: LineData) -> HomeData:
        rows, systems = self.deal.home_needs, self.deal.systems
        may_serve = [
            number
            for number in range(products.count)
            if products.line[number] >= 0
            and (products.operator[number] == SELLER or lines.return_share[products.line[number]] > 0)
        ]
        found = [
            (product, number)
            for number, need in enumerate(rows)
            for product in may_serve
            if _serves(systems[products.system[product]], need)
        ]
        seller = self.deal.settings.seller.id
        return HomeData(
            quantity=_floats([need.quantity * self.seller_years.share(need.fiscal_year) for need in rows]),
            required_share=_floats([need.required_share for need in rows]),
            value=_floats(
                [self.million(need.value, need, party=seller, year=need.fiscal_year) for need in rows]
            ),
            year=_ints([need.fiscal_year for need in rows]),
            product=_ints([product for product, _ in found]),
            need=_ints([need for _, need in found]),
        )

    def sales(self, products: ProductData) -> SaleData:
        rows = self.deal.other_buyers
        by_system: dict[int, list[int]] = {}
        for number in range(products.count):
            if products.line[number] >= 0 and products.operator[number] == SELLER:
                by_system.setdefault(int(products.system[number]), []).append(number)
        found = [
            (product, number)
            for number, row in enumerate(rows)
            for product in by_system.get(self.systems[row.system], ())
        ]
        seller = self.deal.settings.seller.id
        return SaleData(
            maximum=_floats([row.maximum * self.seller_years.share(row.fiscal_year) for row in rows]),
            price=_floats([self.million(row.price, row, party=seller, year=row.fiscal_year) for row in rows]),
            year=_ints([row.fiscal_year for row in rows]),
            product=_ints([product for product, _ in found]),
            customer=_ints([customer for _, customer in found]),
        )

    def budgets(self) -> BudgetData:
        rows, years = self.deal.budgets, self.buyer_years
        buyer = self.deal.settings.buyer.id
        index = _floats([self.money.index(buyer, year) for year in years.names])
        amount = [
            self.million(row.amount, row, party=buyer, year=row.fiscal_year)
            * self.money.index(buyer, row.fiscal_year)
            for row in rows
        ]
        first = [max(row.fiscal_year, years.names[0]) - years.names[0] for row in rows]
        last = [
            min(row.fiscal_year + int(row.years_valid) - 1, years.names[-1]) - years.names[0] for row in rows
        ]
        fits = [
            [
                row.branch == group.branch and group.appropriation in (None, row.appropriation)
                for group in self.groups
            ]
            for row in rows
        ]
        shape = (len(rows), len(self.groups))
        return BudgetData(
            groups=self.groups,
            amount=_floats(amount),
            first=_ints(first),
            last=_ints(last),
            fits=np.array(fits, dtype=bool).reshape(shape),
            index=index,
        )

    def components(self, products: ProductData) -> ComponentData:
        rows = self.deal.component_supply
        uses: dict[str, dict[int, float]] = {}
        by_system: dict[str, list[int]] = {}
        for product in np.flatnonzero(products.line >= 0).tolist():
            by_system.setdefault(self.deal.systems[products.system[product]].id, []).append(product)
        for part in self.deal.system_components:
            for product in by_system.get(part.system, ()):
                if part.line in (None, self.deal.lines[products.line[product]].id):
                    counts = uses.setdefault(part.component, {})
                    counts[product] = counts.get(product, 0.0) + part.quantity
        parts = []
        for row in rows:
            counts = uses.get(row.component, {})
            parts.append((_ints(list(counts)), _floats(list(counts.values()))))
        limit = [row.limit * self.seller_years.share(row.fiscal_year) for row in rows]
        numbers = {component.id: number for number, component in enumerate(self.deal.components)}
        return ComponentData(
            component=_ints([numbers[row.component] for row in rows]),
            limit=_floats(limit),
            year=_ints([row.fiscal_year for row in rows]),
            parts=tuple(parts),
        )

    def discount(self) -> FloatArray:
        parties = (self.deal.settings.buyer.id, self.deal.settings.seller.id)
        months = range(self.calendar.months)
        return _floats([[self.money.discount(party, month) for month in months] for party in parties])


def arrange(deal: Deal, assessment: Assessment) -> PlanningData:
    """All arrays of a deal, on the single path of a deterministic plan.

    Parameters
    ----------
    deal : a deal that passed its checks
    assessment : its matching; only eligible pairs get columns

    Returns
    -------
    PlanningData, with axis order and units as documented there
    """
    deal = completed(deal)
    arranger = _Arranger(deal, assessment)
    products = arranger.products()
    lines = arranger.lines()
    prices = arranger.prices(products)
    tree = single_path(arranger.buyer_years)
    pairs = arranger.pairs(products, prices)
    home = arranger.home(products, lines)
    sales = arranger.sales(products)
    works = arrange_works(deal, million=arranger.million, role=arranger.role, years=arranger.years_of)
    substitutes = arrange_substitutes(deal, arranger.money, products=products, pairs=pairs)
    labels = _labels(arranger, products, pairs, home, sales, tree.slot_month)
    options = deal.settings.options
    return PlanningData(
        tree=tree,
        calendar=arranger.calendar,
        buyer_years=arranger.buyer_years,
        seller_years=arranger.seller_years,
        labels={**labels, **substitute_labels(substitutes, labels["product"], deal)},
        products=products,
        lines=lines,
        requirements=arranger.requirements(),
        pairs=pairs,
        prices=prices,
        home=home,
        sales=sales,
        budgets=arranger.budgets(),
        components=arranger.components(products),
        curves=learning_curves(deal.line_systems, products, lines, months=arranger.calendar.months),
        terms=arrange_terms(deal, arranger.money),
        rules=arrange_rules(deal, arranger.money, products=products, pairs=pairs, prices=prices),
        substitutes=substitutes,
        works=works,
        projects=arrange_projects(
            deal,
            products=products,
            pairs=pairs,
            works=works,
            million=arranger.million,
            years=arranger.years_of,
            share_of_year=arranger.seller_years.share,
        ),
        cash=arrange_cash(deal, arranger.money),
        discount=arranger.discount(),
        investment_months=options.investment_months,
        whole_units_up_to=options.whole_units_up_to if options.whole_units else None,
    )


def _labels(
    arranger: _Arranger,
    products: ProductData,
    pairs: PairData,
    home: HomeData,
    sales: SaleData,
    slot_month: IntArray,
) -> Mapping[str, tuple[str, ...]]:
    deal = arranger.deal
    names = [
        f"{deal.systems[system].id}@{'market' if line < 0 else deal.lines[line].id}"
        for system, line in zip(products.system, products.line, strict=True)
    ]
    needs = [f"{row.id}.{row.fiscal_year}" for row in deal.home_needs]
    customers = [f"{row.id}.{row.system}.{row.fiscal_year}" for row in deal.other_buyers]
    return {
        "product": tuple(names),
        "line": tuple(row.id for row in deal.lines),
        "requirement": tuple(row.id for row in deal.requirements),
        "pair": tuple(
            f"{names[product]}:{deal.requirements[requirement].id}"
            for product, requirement in zip(pairs.product, pairs.requirement, strict=True)
        ),
        "home_pair": tuple(
            f"{names[product]}:{needs[need]}" for product, need in zip(home.product, home.need, strict=True)
        ),
        "sale_pair": tuple(
            f"{names[product]}:{customers[customer]}"
            for product, customer in zip(sales.product, sales.customer, strict=True)
        ),
        "need": tuple(needs),
        "customer": tuple(customers),
        "rule": tuple(row.id for row in deal.rules),
        "system": tuple(row.id for row in deal.systems),
        "price": tuple(
            f"{row.system}.{row.line or 'any'}.{row.fiscal_year}.{row.tier_from:g}" for row in deal.prices
        ),
        "budget": tuple(f"{row.branch}.{row.fiscal_year}.{row.appropriation}" for row in deal.budgets),
        "group": tuple(_group_label(group) for group in arranger.groups),
        "work": work_labels(deal),
        "project": tuple(row.id for row in deal.projects),
        "supply": tuple(f"{row.component}.{row.fiscal_year}" for row in deal.component_supply),
        "seller_year": tuple(str(year) for year in arranger.seller_years.names),
        "year": tuple(str(year) for year in arranger.buyer_years.names),
        "node": tuple(str(year) for year in arranger.buyer_years.names),
        "bundle": tuple(f"{row.id}.{row.fiscal_year}" for row in deal.bundles),
        "member": tuple(
            f"{row.id}.{row.fiscal_year}.{system}" for row in deal.bundles for system in row.systems
        ),
        "operator": PARTY_NAMES,
        "slot": tuple(arranger.calendar.label(int(month)) for month in slot_month),
    }


def _group_label(group: PaymentGroup) -> str:
    name = f"{group.branch}.{group.appropriation or 'any'}"
    return name if group.purpose == "deliveries" else f"{name}.{group.purpose}"


def _price_rows(rows: Sequence[Price]) -> dict[tuple[str, str | None, int], int]:
    """The price row that holds for (system, line, year): of several tiers, the lowest."""
    choice: dict[tuple[str, str | None, int], int] = {}
    for number, row in enumerate(rows):
        key = (row.system, row.line, row.fiscal_year)
        if key not in choice or row.tier_from < rows[choice[key]].tier_from:
            choice[key] = number
    return choice


def _most_on_sale(row: Price) -> float:
    """Units a year that the row allows: its maximum, and no more than the firm minimum and the option."""
    maximum = np.inf if row.maximum is None else row.maximum
    if row.option_quantity is None:
        return maximum
    return min(maximum, (row.firm_minimum or 0.0) + row.option_quantity)


def _serves(system: Any, need: Any) -> bool:
    if need.system is not None:
        return bool(system.id == need.system)
    return need.role == system.role or need.role in system.other_roles


def _ints(values: Sequence[int] | Sequence[Any]) -> IntArray:
    return np.array(values, dtype=np.int64)


def _floats(values: Sequence[float] | Sequence[Any]) -> FloatArray:
    return np.array(values, dtype=np.float64)
