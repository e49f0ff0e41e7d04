"""Checks of the utilities, the objective, its bound and the other side's alternative."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from dronedeal.results.verify.books import Product, Row, known_once
from dronedeal.results.verify.compare import Comparer
from dronedeal.results.verify.ledger import Ledger, instalments, lead_months
from dronedeal.results.verify.rebates import rebate_parts
from dronedeal.results.verify.registry import check
from dronedeal.results.verify.rulebook import penalties
from dronedeal.results.vocabulary import OWN_COST_ITEMS, UTILITY_ITEMS

Part = tuple[str, str, float]  # side, item, discounted base-year amount


def utility_parts(ledger: Ledger) -> Iterator[Part]:
    """Every term of both utilities, as the model page lists them."""
    yield from _coverage_parts(ledger)
    yield from _delivery_parts(ledger)
    yield from rebate_parts(ledger)
    yield from _surplus_parts(ledger)
    yield from _production_parts(ledger)
    yield from _fixed_cost_parts(ledger)
    yield from _investment_parts(ledger)
    yield from _licence_parts(ledger)
    yield from _reinvestment_parts(ledger)
    yield from _rule_parts(ledger)
    yield from _substitute_parts(ledger)
    yield from _integration_parts(ledger)
    yield from _project_parts(ledger)


def _coverage_parts(ledger: Ledger) -> Iterator[Part]:
    """`δ_b(last(y)) · w · (value_threshold · low + value_objective · high)`."""
    for (_, year), covered in ledger.coverage.items():
        last = ledger.buyer_years.months_in(year)[-1]
        yield "buyer", "coverage", ledger.discount[ledger.buyer][last] * covered.amount


def _delivery_parts(ledger: Ledger) -> Iterator[Part]:
    """Prices and royalties of shipments."""
    for row in ledger.rows("shipments"):
        month = ledger.month_number[row["month"]]
        product = (row["line"], row["system"])
        price = ledger.price(product, ledger.buyer_year[month])
        if price is None:
            continue
        paid = price[1] * row["quantity"]
        royalty = ledger.deal.prices[price[0]].royalty * paid
        to_buyer = ledger.discount[ledger.buyer][month]
        to_seller = ledger.discount[ledger.seller][month]
        operator = ledger.operator(product)
        is_sellers_design = ledger.systems[row["system"]].supplier == ledger.seller
        if operator != ledger.buyer:
            yield from _price_parts(ledger, product, month, paid=paid)
        elif is_sellers_design:
            yield "buyer", "royalties", -to_buyer * royalty
        if operator != ledger.seller and is_sellers_design:
            yield "seller", "royalties", to_seller * royalty


def _rule_parts(ledger: Ledger) -> Iterator[Part]:
    """What priced composition rules ask for deliveries, settled in the last month of the year."""
    for _, year, amount in penalties(ledger):
        last = ledger.buyer_years.months_in(year)[-1]
        yield "buyer", "rule_penalties", -ledger.discount[ledger.buyer][last] * amount


def _price_parts(ledger: Ledger, product: Product, month: int, *, paid: float) -> Iterator[Part]:
    """`δ(t') · share · price · index(t) / index(t')` of each instalment in month `t'`."""
    then = ledger.money.index(ledger.buyer, ledger.buyer_year[month])
    for paid_in, share in instalments(ledger, product, month):
        real = share * paid * then / ledger.money.index(ledger.buyer, ledger.buyer_year[paid_in])
        yield "buyer", "payments", -ledger.discount[ledger.buyer][paid_in] * real
        if ledger.operator(product) == ledger.seller:
            yield "seller", "receipts", ledger.discount[ledger.seller][paid_in] * real


def _substitute_parts(ledger: Ledger) -> Iterator[Part]:
    """`−δ(t) · premium` of substitute parts for the operator of the line."""
    for row in ledger.rows("substitutions"):
        operator = ledger.lines[row["line"]].operator
        side = _side(ledger, operator)
        if side is not None:
            extra = ledger.substitute_premium(row["component"], row["substitute"], row["line"])
            discount = ledger.discount[operator][ledger.month_number[row["month"]]]
            yield side, "substitutes", -discount * extra * row["parts"]


def _surplus_parts(ledger: Ledger) -> Iterator[Part]:
    for row in ledger.rows("home_supply"):
        need = ledger.need_of(row)
        if need is not None:
            discount = ledger.discount[ledger.seller][ledger.month_number[row["month"]]]
            yield "seller", "home_supply", discount * ledger.home_value(need) * row["quantity"]
    for row in ledger.rows("other_sales"):
        customer = ledger.customer_of(row)
        if customer is not None:
            discount = ledger.discount[ledger.seller][ledger.month_number[row["month"]]]
            yield "seller", "other_sales", discount * ledger.sale_price(customer) * row["quantity"]


def _side(ledger: Ledger, party: str) -> str | None:
    return {ledger.buyer: "buyer", ledger.seller: "seller"}.get(party)


def _production_parts(ledger: Ledger) -> Iterator[Part]:
    """`−δ(t)` times the cost of the month for the operator of the line."""
    for product, costs in ledger.production_cost.items():
        operator = ledger.operator(product)
        side = _side(ledger, operator)
        if side is not None:
            for month, cost in enumerate(costs):
                if cost:
                    yield side, "production", -ledger.discount[operator][month] * cost


def _fixed_cost_parts(ledger: Ledger) -> Iterator[Part]:
    """`−δ(t) · fixed_cost/12` in every month in which a line is there."""
    effective = {
        row["line"]: ledger.month_number[row["decided"]] + lead_months(ledger.lines[row["line"]], "open")
        for row in ledger.rows("openings")
        if row["kind"] == "open"
    }
    for line in ledger.deal.lines:
        side = _side(ledger, line.operator)
        first = ledger.first_output(line) if line.status == "existing" else effective.get(line.id)
        if side is None or first is None:
            continue
        cost = ledger.undated(line.fixed_cost / 12.0, line, party=line.operator)
        for month in range(first, ledger.calendar.months):
            yield side, "fixed_cost", -ledger.discount[line.operator][month] * cost


def _investment_parts(ledger: Ledger) -> Iterator[Part]:
    """Openings and steps, paid by the investor in the month of decision."""
    for row in ledger.rows("openings"):
        line = ledger.lines[row["line"]]
        payer = line.investor or line.operator
        side = _side(ledger, payer)
        if side is not None:
            cost = ledger.undated(
                line.open_cost if row["kind"] == "open" else line.step_cost, line, party=payer
            )
            discount = ledger.discount[payer][ledger.month_number[row["decided"]]]
            yield side, "investment", -discount * cost * row["quantity"]


def _licence_parts(ledger: Ledger) -> Iterator[Part]:
    """Licence fees of lines opened: the seller receives them, the buyer pays those of its own lines."""
    for row in ledger.rows("openings"):
        line = ledger.lines[row["line"]]
        fee = ledger.licence_fee(line) if row["kind"] == "open" else 0.0
        if fee:
            month = ledger.month_number[row["decided"]]
            yield "seller", "licence_fees", ledger.discount[ledger.seller][month] * fee * row["quantity"]
            if line.operator == ledger.buyer:
                yield "buyer", "licence_fees", -ledger.discount[ledger.buyer][month] * fee * row["quantity"]


def _integration_parts(ledger: Ledger) -> Iterator[Part]:
    """Integration work, paid by its payer in the month in which it begins."""
    for row in ledger.rows("integrations"):
        members = ledger.works.get((row["system"], row["standard"].casefold()), ())
        for work in members[:1]:
            side = _side(ledger, work.payer)
            if side is not None:
                month = ledger.month_number[row["start"]]
                yield side, "integration", -ledger.discount[work.payer][month] * ledger.work_cost(work, month)


def _reinvestment_parts(ledger: Ledger) -> Iterator[Part]:
    """`δ_s(last(y)) · (fund_value − 1)` of what goes into the fund in a year."""
    gain = ledger.deal.settings.cash.fund_value - 1.0
    for row in ledger.rows("cash"):
        last = ledger.buyer_years.months_in(row["fiscal_year"])[-1]
        yield "seller", "reinvestment", ledger.discount[ledger.seller][last] * gain * row["reinvested"]


def _project_parts(ledger: Ledger) -> Iterator[Part]:
    """Each side's part of the cost of projects, and what they save to the operators of lines."""
    for row in ledger.rows("projects"):
        project = ledger.projects[row["project"]]
        for party, month, amount in ledger.project_payments(project, ledger.month_number[row["begin"]]):
            side = _side(ledger, party)
            if side is not None:
                yield side, "projects", -ledger.discount[party][month] * amount
    for row in ledger.rows("project_savings"):
        operator = ledger.lines[row["line"]].operator
        side = _side(ledger, operator)
        if side is not None:
            last = ledger.buyer_years.months_in(row["fiscal_year"])[-1]
            yield side, "project_savings", ledger.discount[operator][last] * saving_of(ledger, row)


def saving_of(ledger: Ledger, row: Row) -> float:
    """Chance · (1 − factor) · unit cost of the units that a row of `project_savings` names."""
    project = ledger.projects[row["project"]]
    part = project.success_probability * (1 - (project.effect_value or 0.0))
    return part * ledger.unit_cost((row["line"], row["system"])) * float(row["quantity"])


@known_once
def _sums(ledger: Ledger) -> dict[tuple[str, str], tuple[float, float]]:
    """Sum and sum of absolute terms by side and item."""
    totals: dict[tuple[str, str], float] = defaultdict(float)
    gross: dict[tuple[str, str], float] = defaultdict(float)
    for side, item, amount in utility_parts(ledger):
        totals[side, item] += amount
        gross[side, item] += abs(amount)
    return {key: (total, gross[key]) for key, total in totals.items()}


@check(
    "utility_items", meaning="each part of a utility is recomputed from shipments, production and openings"
)
def utility_items(ledger: Ledger, compare: Comparer) -> None:
    sums = _sums(ledger)
    stated = {(row["party"], row["item"]): row["amount"] for row in ledger.rows("utility_items")}
    for side, items in UTILITY_ITEMS.items():
        for item in items:
            total, gross = sums.get((side, item), (0.0, 0.0))
            words = "the part is the discounted sum of its terms"
            label = f"utility_items: {side}, {item}"
            compare.equal(label, stated.pop((side, item), 0.0), total, words, unit="money", magnitude=gross)
    for (side, item), amount in stated.items():
        compare.holds(f"utility_items: {side}, {item}", False, "no such part", stated=amount, computed="none")


@check("utilities", meaning="each side's utility is the sum of its parts, stated and recomputed")
def utilities(ledger: Ledger, compare: Comparer) -> None:
    sums = _sums(ledger)
    for side, stated in ledger.plan.utilities.items():
        parts = [value for key, value in sums.items() if key[0] == side]
        gross = sum(part[1] for part in parts)
        computed = sum(part[0] for part in parts)
        compare.equal(
            f"utility of the {side}", stated, computed, "the utility is the sum of its parts", magnitude=gross
        )
        listed = sum(row["amount"] for row in ledger.rows("utility_items") if row["party"] == side)
        words = "the parts listed add up to the utility"
        compare.equal(f"utility items of the {side}", listed, stated, words, magnitude=gross)


def _gross_money(ledger: Ledger) -> float:
    return float(sum(abs(row["amount"]) for row in ledger.rows("utility_items")))


@check("objective", meaning="the objective is the utility, or sum of utilities, that its kind names")
def objective(ledger: Ledger, compare: Comparer) -> None:
    plan = ledger.plan
    sides = ("buyer", "seller") if plan.objective_kind == "joint" else (plan.objective_kind,)
    total = sum(plan.utilities[side] for side in sides)
    words = f"the objective is the utility of {' and '.join(sides)}"
    compare.equal("objective", plan.objective, total, words, magnitude=_gross_money(ledger))


@check("bound", meaning="the objective is not above its bound, and the gap follows from both")
def bound(ledger: Ledger, compare: Comparer) -> None:
    plan = ledger.plan
    if plan.bound is None or plan.gap is None:
        is_consistent = plan.bound is None and plan.gap is None and plan.status != "optimal"
        words = "without a bound there is no gap, and the plan is not called optimal"
        compare.holds(
            "bound",
            is_consistent,
            words,
            stated=f"bound {plan.bound}, gap {plan.gap}",
            computed="both or none",
        )
        return
    words = "no plan can be worth more than the bound"
    compare.at_most("objective", plan.objective, plan.bound, words, magnitude=_gross_money(ledger))
    gap = (plan.bound - plan.objective) / max(1.0, abs(plan.objective))
    compare.equal("gap", plan.gap, gap, "the gap is (bound − objective) / max(1, |objective|)", magnitude=1.0)
    limit = plan.options.get("gap")
    if plan.status == "optimal" and isinstance(limit, int | float):
        # In money and beside the money at stake: near an objective of nothing a share says nothing.
        stake = _gross_money(ledger) + abs(plan.alternative or 0.0) + sum(ledger.voted.values())
        allowed = limit * max(1.0, abs(plan.objective))
        # Whole units are no part of the search, so what they cost is no part of its gap.
        lost = 0.0 if plan.rounding is None else plan.rounding.get("cost", 0.0)
        words = "an optimal plan closes the gap to the limit, but for what whole units cost"
        compare.at_most("gap, in money", plan.bound - plan.objective - lost, allowed, words, magnitude=stake)


@check("gap_of_cost", meaning="the distance from the bound over what the plan itself costs")
def gap_of_cost(ledger: Ledger, compare: Comparer) -> None:
    plan = ledger.plan
    cost = -sum(total for (_, item), (total, _) in _sums(ledger).items() if item in OWN_COST_ITEMS)
    if plan.bound is None or plan.gap_of_cost is None or cost <= 0:
        is_known = plan.bound is not None and cost > 0
        words = "without a bound or a cost there is no share of it"
        compare.holds(
            "gap_of_cost",
            (plan.gap_of_cost is not None) == is_known,
            words,
            stated=plan.gap_of_cost,
            computed="a share" if is_known else "none",
        )
        return
    share = (plan.bound - plan.objective) / cost
    words = "the share is (bound − objective) / (production, parts, fixed cost, investment, work, projects)"
    compare.equal("gap_of_cost", plan.gap_of_cost, share, words, magnitude=1.0)


@check("alternative", meaning="a one-sided objective leaves the other side at least its alternative")
def alternative(ledger: Ledger, compare: Comparer) -> None:
    plan = ledger.plan
    if plan.alternative is None:  # joint, or the other side cannot keep its own rules without the deal
        compare.count(1)
        return
    words = "a joint objective respects no alternative"
    is_one_sided = plan.objective_kind != "joint"
    compare.holds("alternative", is_one_sided, words, stated=plan.alternative, computed="null")
    if not is_one_sided:
        return
    other = "seller" if plan.objective_kind == "buyer" else "buyer"
    words = f"the {other} would rather walk away"
    compare.at_most(
        "alternative", plan.alternative, plan.utilities[other], words, magnitude=_gross_money(ledger)
    )
