"""Checks of rebates: price tiers and bundles, recomputed from the shipments (rule 16)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from dronedeal.results.verify.compare import TOLERANCE, Comparer
from dronedeal.results.verify.ledger import Ledger
from dronedeal.results.verify.registry import check
from dronedeal.results.vocabulary import subject

Group = tuple[str, str | None]  # branch, appropriation that its requirements name
Key = tuple[int, str, str]  # fiscal year, kind, subject


@dataclass
class Due:
    """A rebate that is due in a year, base-year currency.

    quantity, amount : in all; by_operator : amount by party that made the units; royalty : share of the
    price that the operator owes the seller; by_group : amount by group where the contract fixes it; most :
    units or sets of each group that may get it
    """

    quantity: float
    amount: float
    by_operator: dict[str, float]
    royalty: float = 0.0
    by_group: dict[Group, float] | None = None
    most: dict[Group, float] = field(default_factory=dict)


def rebates_due(ledger: Ledger) -> dict[Key, Due]:
    """Every rebate that the buyer is entitled to, or pays where a higher tier is dearer."""
    return dict((*_tier_rebates(ledger), *_bundle_rebates(ledger)))


def _tier_rebates(ledger: Ledger) -> Iterator[tuple[Key, Due]]:
    ladders: dict[tuple[str, str | None, int], list[int]] = defaultdict(list)
    for number, price in enumerate(ledger.deal.prices):
        ladders[price.system, price.line, price.fiscal_year].append(number)
    bought = _bought_at(ledger)
    for (system, line, year), numbers in ladders.items():
        numbers.sort(key=lambda number: ledger.deal.prices[number].tier_from)
        units = bought.get(numbers[0], {})
        if len(numbers) == 1 or not units:
            continue
        due = _of_ladder(ledger, numbers, units)
        if due.quantity:
            is_sellers = ledger.systems[system].supplier == ledger.seller
            due.royalty = ledger.deal.prices[numbers[0]].royalty if is_sellers else 0.0
            yield (year, "tier", subject(system, line)), due


def _bought_at(ledger: Ledger) -> dict[int, dict[tuple[Group, str], float]]:
    """Units delivered at each price row, by group and operator."""
    found: dict[int, dict[tuple[Group, str], float]] = defaultdict(lambda: defaultdict(float))
    for row in ledger.rows("shipments"):
        product = (row["line"], row["system"])
        price = ledger.price(product, ledger.buyer_year[ledger.month_number[row["month"]]])
        if price is not None:
            requirement = ledger.requirements[row["requirement"]]
            group = (requirement.branch, requirement.appropriation)
            found[price[0]][group, ledger.operator(product)] += row["quantity"]
    return found


def _of_ladder(ledger: Ledger, numbers: list[int], units: dict[tuple[Group, str], float]) -> Due:
    """The rebate on a year's units: at the tier reached for all of them, or tier by tier."""
    rows = [ledger.deal.prices[number] for number in numbers]
    year, share = rows[0].fiscal_year, ledger.buyer_years.share(rows[0].fiscal_year)
    starts = [0.0, *(row.tier_from * share for row in rows[1:])]
    prices = [ledger.money.unit_price(row, party=ledger.buyer, year=year) for row in rows]
    total = sum(units.values())
    bought: dict[Group, float] = defaultdict(float)
    for (group, _), quantity in units.items():
        bought[group] += quantity
    if rows[0].tier_kind == "incremental":
        ends = [*starts[1:], float("inf")]
        inside = [min(max(total - start, 0.0), end - start) for start, end in zip(starts, ends, strict=True)]
        amount = sum(n * (prices[0] - price) for n, price in zip(inside, prices, strict=True))
        (operator,) = {operator for _, operator in units}
        return Due(sum(inside[1:]), amount, {operator: amount}, most=bought)
    is_reached = [total >= start - TOLERANCE * max(1.0, start) for start in starts]
    each = prices[0] - prices[sum(is_reached) - 1]
    by_operator: dict[str, float] = defaultdict(float)
    for (_, operator), quantity in units.items():
        by_operator[operator] += quantity * each
    by_group = {group: quantity * each for group, quantity in bought.items()}
    reduced = total if sum(is_reached) > 1 else 0.0
    return Due(reduced, total * each, by_operator, by_group=by_group, most=bought)


def _bundle_rebates(ledger: Ledger) -> Iterator[tuple[Key, Due]]:
    for bundle in ledger.deal.bundles:
        units: dict[str, float] = defaultdict(float)
        most: dict[Group, float] = defaultdict(float)
        in_set = dict(zip(bundle.systems, bundle.quantities, strict=True))
        for row in ledger.rows("shipments"):
            year = ledger.buyer_year[ledger.month_number[row["month"]]]
            is_sellers = ledger.operator((row["line"], row["system"])) == ledger.seller
            if row["system"] in bundle.systems and year == bundle.fiscal_year and is_sellers:
                units[row["system"]] += row["quantity"]
                requirement = ledger.requirements[row["requirement"]]
                group = (requirement.branch, requirement.appropriation)
                most[group] += row["quantity"] / in_set[row["system"]]
        sets = min(
            int(units[system] * (1.0 + TOLERANCE) / quantity + TOLERANCE)
            for system, quantity in in_set.items()
        )
        if sets:
            rebate = ledger.money.base_amount(
                bundle.rebate, bundle, party=ledger.buyer, year=bundle.fiscal_year
            )
            amount = sets * rebate
            due = Due(float(sets), amount, {ledger.seller: amount}, most=most)
            yield (bundle.fiscal_year, "bundle", bundle.id), due


@check("rebates", meaning="rebates are those that tiers reached and whole sets entitle to, none is missing")
def rebates(ledger: Ledger, compare: Comparer) -> None:
    due = rebates_due(ledger)
    compare.count(len(ledger.deal.prices) + len(ledger.deal.bundles))
    stated: dict[Key, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for row in ledger.rows("rebates"):
        key = (row["fiscal_year"], row["kind"], row["subject"])
        stated[key][0] += row["quantity"]
        stated[key][1] += row["amount"]
        then_year = row["amount"] * ledger.money.index(ledger.buyer, row["fiscal_year"])
        words = "the then-year amount is the amount times the buyer's index"
        compare.equal(("rebates", row), row["amount_then_year"], then_year, words)
        group = (row["branch"], row["for_appropriation"])
        found = due.get(key)
        if found and found.by_group is not None:
            expected = found.by_group.get(group, 0.0)
            words = "the rebate of a group is that on the units that it buys"
            compare.equal(("rebates", row), row["amount"], expected, words, unit="money")
        elif found:
            words = "a group gets the rebate on no more units or sets than it buys"
            most = found.most.get(group, 0.0)
            compare.at_most(("rebates", row), row["quantity"], most, words, unit="units")
    for key in {**due, **stated}:
        label = f"rebates: {key[0]}, {key[1]} {key[2]}"
        quantity, amount = (due[key].quantity, due[key].amount) if key in due else (0.0, 0.0)
        words = "the units or sets that the rebate is for"
        compare.equal(label, stated[key][0], quantity, words, unit="units")
        words = "the rebate that the contract entitles to"
        compare.equal(label, stated[key][1], amount, words, unit="money")


def rebates_of_seller(ledger: Ledger) -> dict[int, float]:
    """Then-year currency by year that rebates take off what the buyer owes the seller."""
    found: dict[int, float] = defaultdict(float)
    for (year, _, _), due in rebates_due(ledger).items():
        index = ledger.money.index(ledger.buyer, year)
        found[year] += due.by_operator.get(ledger.seller, 0.0) * index
        found[year] += due.by_operator.get(ledger.buyer, 0.0) * due.royalty * index
    return found


def rebate_parts(ledger: Ledger) -> Iterator[tuple[str, str, float]]:
    """`δ(last) · rebate` of both sides; where another makes a design of the seller, the royalty on it."""
    for (year, _, _), due in rebates_due(ledger).items():
        last = ledger.buyer_years.months_in(year)[-1]
        for operator, amount in due.by_operator.items():
            to_buyer = amount * (due.royalty if operator == ledger.buyer else 1.0)
            to_seller = amount * (1.0 if operator == ledger.seller else due.royalty)
            yield "buyer", "rebates", ledger.discount[ledger.buyer][last] * to_buyer
            yield "seller", "rebates", -ledger.discount[ledger.seller][last] * to_seller
