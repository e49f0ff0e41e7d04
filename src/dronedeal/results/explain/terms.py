"""The words of the rules on capacity, money, offers, own needs, other buyers, parts and the agreement."""

from __future__ import annotations

from dronedeal.planning.data import MONEY_UNIT
from dronedeal.results.explain.registry import Coordinates, Term, cell_address, term
from dronedeal.results.reading import Reading
from dronedeal.results.vocabulary import subject


@term("capacity")
def capacity(reading: Reading, row: Coordinates) -> Term:
    """A full line; one more unit is one in every month of the year."""
    data, line = reading.data, row["line"]
    year = data.buyer_years.names[int(data.tree.stage[data.tree.slot_node[row["slot"]]])]
    name = reading.deal.lines[line].id
    is_there = bool(reading.capacity[line, row["slot"]] > 0)
    return Term(
        kind="capacity",
        about=name,
        year=year,
        address=cell_address(reading, "lines", line, "initial_capacity"),
        says=f"line {name} is full" if is_there else f"line {name} is not open",
        size=max(1.0, float(data.lines.initial[line])),
        one_more=f"one more load unit a month throughout fiscal year {year}",
        unit="load units per month, all year",
        rows=len(data.buyer_years.months_in(year)),
        month=reading.slot_label(row["slot"]),
    )


@term("budget")
def budget(reading: Reading, row: Coordinates) -> Term:
    """Money that is used up."""
    number = row["budget"]
    money = reading.deal.budgets[number]
    return Term(
        kind="budget",
        about=subject(money.branch, money.appropriation),
        year=money.fiscal_year,
        address=cell_address(reading, "budgets", number, "amount"),
        says=f"{money.appropriation} money of {money.branch} voted in fiscal year {money.fiscal_year} is "
        "used up",
        size=float(reading.data.budgets.amount[number]) * MONEY_UNIT,
        one_more=f"one more {reading.deal.settings.currency} (then-year)",
        unit="then-year money",
        rate=1 / MONEY_UNIT,
    )


@term("price_maximum")
def price_maximum(reading: Reading, row: Coordinates) -> Term:
    """An offer that is sold out."""
    price = reading.deal.prices[row["price"]]
    size = float(reading.data.prices.maximum[row["price"]])
    called_off = None if price.option_quantity is None else (price.firm_minimum or 0) + price.option_quantity
    is_option = called_off is not None and (price.maximum is None or called_off < price.maximum)
    return Term(
        kind="price_maximum",
        about=subject(price.system, price.line),
        year=price.fiscal_year,
        address=cell_address(reading, "prices", row["price"], "option_quantity" if is_option else "maximum"),
        says=f"no more than {size:,.0f} of {price.system} "
        f"{'can be called off' if is_option else 'are on sale'} in fiscal year {price.fiscal_year}",
        size=size,
    )


@term("firm_minimum")
def firm_minimum(reading: Reading, row: Coordinates) -> Term:
    """Units that are taken only because they are firm."""
    price = reading.deal.prices[row["price"]]
    return Term(
        kind="firm_minimum",
        about=subject(price.system, price.line),
        year=price.fiscal_year,
        address=cell_address(reading, "prices", row["price"], "firm_minimum"),
        says=f"the firm minimum of {price.firm_minimum:,.0f} of {price.system} in fiscal year "
        f"{price.fiscal_year} is taken only because it is firm",
        size=float(price.firm_minimum or 0),
    )


@term("home_pace")
def home_pace(reading: Reading, row: Coordinates) -> Term:
    """An own need; one more unit of the yearly need is its part in every month."""
    data, number = reading.data, row["need"]
    need = reading.deal.home_needs[number]
    months = data.seller_years.months_in(int(data.home.year[number]))
    elapsed = (int(data.tree.slot_month[row["slot"]]) - months.start + 1) / max(1, len(months))
    return Term(
        kind="home_need",
        about=need.id,
        year=need.fiscal_year,
        address=cell_address(reading, "home_needs", number, "required_share"),
        says=f"own need {need.id} comes first in fiscal year {need.fiscal_year}",
        size=float(data.home.quantity[number] * data.home.required_share[number]),
        one_more="one more required unit, spread over the year,",
        unit="units a year",
        rate=elapsed,
        month=reading.slot_label(row["slot"]),
    )


@term("returned_output")
def returned_output(reading: Reading, row: Coordinates) -> Term:
    """Output that must go back to the owner of the design."""
    line = reading.deal.lines[row["line"]]
    year = reading.data.seller_years.names[row["seller_year"]]
    return Term(
        kind="return_share",
        about=line.id,
        year=year,
        address=cell_address(reading, "lines", row["line"], "return_share"),
        says=f"line {line.id} returns {line.return_share:.0%} of its output in fiscal year {year}",
        size=1.0,
        one_more="one more unit returned",
    )


@term("sale_maximum")
def sale_maximum(reading: Reading, row: Coordinates) -> Term:
    """Another buyer who would take more."""
    customer = reading.deal.other_buyers[row["customer"]]
    return Term(
        kind="other_buyer",
        about=subject(customer.id, customer.system),
        year=customer.fiscal_year,
        address=cell_address(reading, "other_buyers", row["customer"], "maximum"),
        says=f"{customer.id} takes all it can of {customer.system} in fiscal year {customer.fiscal_year}",
        size=customer.maximum,
    )


@term("component_supply")
def component_supply(reading: Reading, row: Coordinates) -> Term:
    """Parts that are used up."""
    supply = reading.deal.component_supply[row["supply"]]
    return Term(
        kind="component_supply",
        about=supply.component,
        year=supply.fiscal_year,
        address=cell_address(reading, "component_supply", row["supply"], "limit"),
        says=f"component {supply.component} is used up in fiscal year {supply.fiscal_year}",
        size=supply.limit,
        unit="parts",
    )


@term("ceiling")
def ceiling(reading: Reading, _row: Coordinates) -> Term:
    """The ceiling of all payments to the seller."""
    seller = reading.deal.settings.seller.id
    return Term(
        kind="ceiling",
        about=seller,
        year=reading.data.buyer_years.names[-1],
        address="settings.terms.ceiling",
        says=f"the ceiling of the payments to {seller} is used up",
        size=reading.data.terms.ceiling * MONEY_UNIT,
        one_more=f"one more {reading.deal.settings.currency} (then-year)",
        unit="then-year money",
        rate=1 / MONEY_UNIT,
    )


@term("tier_floor")
def tier_floor(reading: Reading, row: Coordinates) -> Term:
    """Units that are bought only to reach a tier."""
    price = reading.deal.prices[row["price"]]
    data = reading.data
    start = float(data.terms.tiers.start[data.terms.tiers.row == row["price"]][0])
    return Term(
        kind="tier",
        about=subject(price.system, price.line),
        year=price.fiscal_year,
        address=cell_address(reading, "prices", row["price"], "tier_from"),
        says=f"{price.system} is bought up to the tier of {price.tier_from:,.0f} in fiscal year "
        f"{price.fiscal_year} for its price",
        size=max(1.0, start),
        one_more="a tier that begins one unit later",
    )
