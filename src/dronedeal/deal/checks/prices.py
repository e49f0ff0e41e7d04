"""Terms of prices and payments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from dronedeal.deal import drafts
from dronedeal.deal.checks import lookup
from dronedeal.deal.checks.registry import rule
from dronedeal.deal.deal import Deal
from dronedeal.deal.finding import Finding


@rule("escalation_clause_at_base_year_prices", severity="error")
def escalation_clause_at_base_year_prices(deal: Deal) -> Iterator[Finding]:
    """A price with an escalation clause is marked as base-year money; a clause yields then-year money."""
    for row, price in enumerate(deal.prices):
        if price.escalation_index is not None and price.price_basis == "base_year":
            yield drafts.cell(
                deal,
                ("prices", row, "price_basis"),
                subject=f"price_basis of {drafts.row_name('prices', price)}",
                found="'base_year' beside an escalation clause",
                allowed="'then_year' in a row with an escalation_index",
                next_step="set price_basis to then_year, or leave escalation_index blank",
            )


@rule("escalation_clause_without_index_value", severity="error")
def escalation_clause_without_index_value(deal: Deal) -> Iterator[Finding]:
    """The index of an escalation clause lacks the price base year or the year of delivery."""
    known: dict[str, set[int]] = defaultdict(set)
    for level in deal.indices:
        known[level.id].add(level.fiscal_year)
    for row, price in enumerate(deal.prices):
        # an index without any row is a dangling reference
        if price.escalation_index is None or price.escalation_index not in known:
            continue
        years = known[price.escalation_index]
        missing = {deal.settings.price_base_year, price.fiscal_year} - years
        if missing:
            yield drafts.cell(
                deal,
                ("prices", row, "escalation_index"),
                subject=f"index '{price.escalation_index}' of {drafts.row_name('prices', price)}",
                found=f"no value for {', '.join(str(year) for year in sorted(missing))}",
                allowed="a value for the price base year and the fiscal year of the row; "
                f"there are {drafts.listed(years)}",
                next_step="add the missing years to `indices`",
            )


@rule("ceiling_without_rate", severity="error")
def ceiling_without_rate(deal: Deal) -> Iterator[Finding]:
    """The ceiling of the payments is in a currency without an exchange rate for the price base year."""
    settings = deal.settings
    currency = settings.terms.currency
    if settings.terms.ceiling is None or currency in (None, settings.currency):
        return
    years = {rate.fiscal_year for rate in deal.rates if rate.id == currency}
    if settings.price_base_year not in years:
        yield drafts.at(
            deal.settings_place("terms.currency"),
            subject="currency of the ceiling of the payments to the seller",
            found=f"no rate of {currency} for {settings.price_base_year}",
            allowed=f"the deal's currency or one with a rate for {settings.price_base_year}",
            next_step=f"add the rate of {currency} for {settings.price_base_year} to `rates`",
        )


@rule("advance_and_retention_above_price", severity="error")
def advance_and_retention_above_price(deal: Deal) -> Iterator[Finding]:
    """What is paid in advance and what is kept back come to more than the price."""
    terms = deal.settings.terms
    total = terms.advance_share + terms.retention_share
    if total > 1:
        yield drafts.at(
            deal.settings_place("terms.retention_share"),
            subject="advance_share and retention_share of the terms of payment",
            found=f"{drafts.number(round(total, 12))} together",
            allowed="at most 1, the whole price",
            next_step="lower one of the two shares",
        )


def _ladders(deal: Deal) -> Mapping[tuple[str, str | None, int], list[int]]:
    """Numbers of the rows of each system, line and year that has several, the lowest tier first."""
    rows: dict[tuple[str, str | None, int], list[int]] = defaultdict(list)
    for number, price in enumerate(deal.prices):
        rows[price.system, price.line, price.fiscal_year].append(number)
    return {
        key: sorted(numbers, key=lambda number: deal.prices[number].tier_from)
        for key, numbers in rows.items()
        if len({deal.prices[number].tier_from for number in numbers}) > 1
    }


@rule("tiers_of_two_kinds", severity="error")
def tiers_of_two_kinds(deal: Deal) -> Iterator[Finding]:
    """Tiers of one price are partly for all units and partly incremental, or differ in their royalty."""
    for lowest, *higher in _ladders(deal).values():
        first = deal.prices[lowest]
        for number in higher:
            for column in ("tier_kind", "royalty"):
                found, asked = (getattr(row, column) for row in (deal.prices[number], first))
                if found != asked:
                    yield drafts.cell(
                        deal,
                        ("prices", number, column),
                        subject=f"{column} of {drafts.row_name('prices', deal.prices[number])}",
                        found=str(found),
                        allowed=f"that of the lowest tier, {asked}",
                        next_step=f"write {asked} in every tier of the price",
                    )


@rule("tier_with_quantity_of_its_own", severity="error")
def tier_with_quantity_of_its_own(deal: Deal) -> Iterator[Finding]:
    """A higher tier states a firm minimum, an option or a maximum; those of the lowest tier hold."""
    for _, *higher in _ladders(deal).values():
        for number in higher:
            price = deal.prices[number]
            for column in ("firm_minimum", "option_quantity", "maximum"):
                if getattr(price, column) is not None:
                    yield drafts.cell(
                        deal,
                        ("prices", number, column),
                        subject=f"{column} of {drafts.row_name('prices', price)}",
                        found=drafts.number(getattr(price, column)),
                        allowed="a blank cell in every tier but the lowest",
                        next_step="move the quantity to the row of the lowest tier",
                    )


@rule("increments_of_several_operators", severity="error", needs=("lines", "line_systems"))
def increments_of_several_operators(deal: Deal) -> Iterator[Finding]:
    """Incremental tiers of a system that several parties make do not say whose units are the last ones."""
    operator = {line.id: line.operator for line in deal.lines}
    for (system, line, _), (lowest, *_) in _ladders(deal).items():
        makers = {
            operator[row.line] for row in deal.line_systems if row.system == system and row.line in operator
        }
        if deal.prices[lowest].tier_kind == "incremental" and line is None and len(makers) > 1:
            yield drafts.cell(
                deal,
                ("prices", lowest, "line"),
                subject=f"line of {drafts.row_name('prices', deal.prices[lowest])}",
                found=f"a blank cell, and the system is made by {drafts.listed(makers)}",
                allowed="a line in every tier that is incremental, where several parties make the system",
                next_step="state the tiers line by line, or set tier_kind to all_units",
            )


@rule("bundle_without_whole_quantities", severity="error")
def bundle_without_whole_quantities(deal: Deal) -> Iterator[Finding]:
    """A bundle has not one whole quantity for each of its systems, or a system twice."""
    for row, bundle in enumerate(deal.bundles):
        is_paired = len(bundle.systems) == len(bundle.quantities) > 0
        are_whole = all(quantity >= 1 and quantity.is_integer() for quantity in bundle.quantities)
        if not is_paired or not are_whole or len(set(bundle.systems)) < len(bundle.systems):
            yield drafts.cell(
                deal,
                ("bundles", row, "quantities"),
                subject=f"a set of {drafts.row_name('bundles', bundle)}",
                found=f"{len(bundle.systems)} systems ({'; '.join(bundle.systems)}) and quantities "
                f"{'; '.join(drafts.number(quantity) for quantity in bundle.quantities) or 'none'}",
                allowed="different systems, and for each of them a whole quantity of at least 1",
                next_step="write as many quantities as systems, in the same order",
            )


@rule("bundle_of_another_supplier", severity="error")
def bundle_of_another_supplier(deal: Deal) -> Iterator[Finding]:
    """A bundle holds a system that is not the seller's."""
    supplier = {system.id: system.supplier for system in deal.systems}
    seller = lookup.party_of(deal, "seller")
    for row, bundle in enumerate(deal.bundles):
        for system in bundle.systems:
            if seller and supplier.get(system, seller.id) != seller.id:
                yield drafts.cell(
                    deal,
                    ("bundles", row, "systems"),
                    subject=f"systems of {drafts.row_name('bundles', bundle)}",
                    found=f"{drafts.quoted(system)}, which '{supplier[system]}' supplies",
                    allowed=f"systems of the seller, '{seller.id}'",
                    next_step="take the system out of the bundle",
                )


@rule("bundle_rebate_above_price", severity="error")
def bundle_rebate_above_price(deal: Deal) -> Iterator[Finding]:
    """The rebate of a bundle is more than its units cost at their lowest price, in the same currency."""
    lowest: dict[tuple[str, int, str | None, str], float] = {}
    for price in deal.prices:
        key = (price.system, price.fiscal_year, price.currency, price.price_basis)
        lowest[key] = min(price.unit_price, lowest.get(key, price.unit_price))
    for row, bundle in enumerate(deal.bundles):
        prices = [
            lowest.get((system, bundle.fiscal_year, bundle.currency, bundle.price_basis))
            for system in bundle.systems
        ]
        pairs = zip(bundle.quantities, prices, strict=False)
        cost = sum(quantity * price for quantity, price in pairs if price is not None)
        if None not in prices and bundle.rebate > cost:
            yield drafts.cell(
                deal,
                ("bundles", row, "rebate"),
                subject=f"rebate of {drafts.row_name('bundles', bundle)}",
                found=drafts.number(bundle.rebate),
                allowed=f"at most what a set costs at the lowest prices, {drafts.number(cost)}",
                next_step="lower the rebate",
            )
