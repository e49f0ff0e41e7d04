"""Ways to spoil the hand-worked plan, each with the check that must find it."""

from __future__ import annotations

from tests.results.corruptions_cooperation import OF_COOPERATION
from tests.results.corruptions_frozen import OF_FREEZING
from tests.results.hand_worked import MONTHS, row_of
from tests.results.spoiling import Corruption, Values
from tests.results.spoiling import add_row as _add
from tests.results.spoiling import change_row as _change
from tests.results.spoiling import drop_row as _drop
from tests.results.spoiling import set_cell as _set
from tests.results.spoiling import set_top as _top


def _make_more_hawks(values: Values, months: range, extra: float) -> None:
    for month in months:
        row = row_of(values["tables"], "production", month=MONTHS[month], system="hawk")
        row["quantity"] += extra
        row["good_quantity"] += 0.8 * extra
        row["amount"] += 1000.0 * extra


def _overload(values: Values) -> None:
    _make_more_hawks(values, range(1), 4.5)


def _use_too_many_motors(values: Values) -> None:
    _make_more_hawks(values, range(3, 9), 2.0)


def _serve_own_needs_late(values: Values) -> None:
    for row in values["tables"]["home_supply"]:
        if row["need"] == "scouts" and row["month"] < "2027-12":
            row.update(quantity=1e-3, amount=1.5)
    row_of(values["tables"], "home_supply", need="scouts", month="2027-12").update(
        quantity=11.989, amount=17_983.5
    )


def _invent_rebate(values: Values) -> None:
    """Eight hawks in half a year do not reach the tier of fifty a year."""
    values["tables"]["rebates"] = [
        {
            "fiscal_year": 2028,
            "kind": "tier",
            "subject": "hawk",
            "branch": "army",
            "for_appropriation": None,
            "quantity": 8.0,
            "amount": 800.0,
            "amount_then_year": 840.0,
        }
    ]


def _invent_violation(values: Values) -> None:
    values["status"] = "relaxed"
    values["tables"]["violations"] = [
        {
            "kind": "firm_minimum",
            "subject": "hawk",
            "fiscal_year": 2027,
            "quantity": 2.0,
            "unit": "units",
            "words": "short",
        }
    ]


def _claim_a_better_objective(values: Values) -> None:
    values["objective"] += 1000.0
    values["bound"] += 1000.0
    values["gap"] = 100.0 / abs(values["objective"])


def _sink_the_bound(values: Values) -> None:
    values["bound"] = values["objective"] - 1000.0
    values["gap"] = -1000.0 / abs(values["objective"])


def _learn_without_a_curve(values: Values) -> None:
    values["tables"]["learning"] = [
        {
            "line": "kyiv",
            "system": "hawk",
            "learning_group": None,
            "experience_start": 100.0,
            "made": 60.0,
            "learnt": 0.0,
            "forgotten": 0.0,
            "experience_end": 160.0,
            "unit_cost_start": 1000.0,
            "unit_cost_end": 1000.0,
            "unit_cost": 1000.0,
        }
    ]


def _call_a_wide_gap_optimal(values: Values) -> None:
    values["bound"] = values["objective"] + 0.01 * abs(values["objective"])
    values["gap"] = 0.01


def _pad_the_buyers_utility(values: Values) -> None:
    values["utilities"]["buyer"] += 500.0
    values["objective"] += 500.0


def _sink_the_freed_bound(values: Values) -> None:
    row = row_of(values["tables"], "rule_costs", rule="europe")
    row.update(
        objective=values["objective"] - 2000.0,
        difference=-2000.0,
        buyer=row["buyer"] - 3400.0,
        buyer_difference=-1500.0,
        bound=values["objective"] - 1900.0,
    )


def _ignore_the_alternative(values: Values) -> None:
    values.update(
        objective_kind="buyer",
        objective=values["utilities"]["buyer"],
        bound=values["utilities"]["buyer"],
        gap=0.0,
    )
    values["alternative"] = values["utilities"]["seller"] + 1000.0


_OPERATIONS = {"appropriation": "operations", "purpose": "deliveries"}
_NAVY_PAYS = {"branch": "navy", "purpose": "deliveries"}
_STEP = {"line": "kyiv", "kind": "step"}
_OPEN = {"line": "ohio", "kind": "open"}
_SHIP = {"month": "2027-04", "requirement": "recon"}
_FOX = {"system": "fox"}
_RECON_27 = {"requirement": "recon", "fiscal_year": 2027}
_DEPOT_27 = {"requirement": "depot", "fiscal_year": 2027}
_DEPOT_28 = {"requirement": "depot", "fiscal_year": 2028}
_SWAP = {"month": "2028-01", "substitute": "motor_us"}
_SCOUTS_28 = {"need": "scouts", "fiscal_year": 2028}

_SPECIAL = OF_COOPERATION + OF_FREEZING
CORRUPTIONS = _SPECIAL + tuple(
    Corruption(*parts)
    for parts in (
        ("digest of another deal", "digest", _top(digest="0" * 64)),
        ("title of another deal", "digest", _top(title="Another deal")),
        ("base year moved", "digest", _top(price_base_year=2028)),
        ("unknown requirement", "ids", _set("shipments", "requirement", "nobody", **_SHIP)),
        ("unknown line", "ids", _set("production", "line", "mars", month="2027-01")),
        ("unknown investor", "ids", _set("openings", "investor", "santa", **_STEP)),
        ("line does not make system", "products", _set("shipments", "line", "ohio", **_SHIP)),
        ("made system bought on the market", "products", _set("shipments", "line", None, **_SHIP)),
        ("month after the plan", "months", _set("stock", "month", "2028-04", month="2028-03")),
        ("fiscal year of another month", "months", _set("shipments", "fiscal_year", 2028, **_SHIP)),
        ("fiscal year after the plan", "months", _set("coverage", "fiscal_year", 2031, **_RECON_27)),
        ("row twice", "keys", _add("shipments", {}, **_SHIP)),
        ("key twice with other figures", "keys", _add("budgets", {"left": 0.0}, branch="navy")),
        ("negative delivery", "not_negative", _set("shipments", "quantity", -6.0, **_SHIP)),
        ("negative stock", "not_negative", _set("stock", "quantity", -6.0, month="2027-01")),
        ("half a step", "whole_numbers", _change("openings", {"quantity": 0.5, "amount": 50_000.0}, **_STEP)),
        ("line opened twice over", "whole_numbers", _change("openings", {"quantity": 2.0}, **_OPEN)),
        (
            "decision between the allowed months",
            "openings",
            _change("openings", {"decided": "2027-02", "effective": "2027-04"}, **_STEP),
        ),
        ("first output before its lead", "openings", _set("openings", "effective", "2027-02", **_OPEN)),
        (
            "more steps than allowed",
            "openings",
            _change("openings", {"quantity": 3.0, "amount": 3e5}, **_STEP),
        ),
        (
            "line opened a second time",
            "openings",
            _add("openings", {"decided": "2027-07", "effective": "2027-11"}, **_OPEN),
        ),
        (
            "existing line opened",
            "openings",
            _add("openings", {"line": "kyiv", "effective": "2027-01", "amount": 0.0}, **_OPEN),
        ),
        (
            "step on a line that is not open yet",
            "openings",
            lambda values: (
                _change("openings", {"decided": "2027-07", "effective": "2027-11"}, **_OPEN)(values),
                _add("openings", {"line": "ohio", "effective": "2027-05", "amount": 40_000.0}, **_STEP)(
                    values
                ),
            ),
        ),
        ("step at half its cost", "opening_amounts", _set("openings", "amount", 50_000.0, **_STEP)),
        ("opening paid by another", "opening_amounts", _set("openings", "investor", "us", **_OPEN)),
        ("licence fee left out", "opening_amounts", _set("openings", "licence_fee", 0.0, **_OPEN)),
        ("licence fee of a step", "opening_amounts", _set("openings", "licence_fee", 20_000.0, **_STEP)),
        (
            "licence fee kept by the buyer",
            "utility_items",
            _set("utility_items", "amount", 0.0, party="buyer", item="licence_fees"),
        ),
        ("line overloaded", "capacity", _overload),
        (
            "capacity without its ramp",
            "capacity_rows",
            _set("capacity", "quantity", 13.5, line="kyiv", month="2027-03"),
        ),
        ("capacity row missing", "capacity_rows", _drop("capacity", line="kyiv", month="2027-03")),
        (
            "use of capacity understated",
            "capacity_rows",
            _set("capacity", "used", 2.0, line="ohio", month="2027-10"),
        ),
        ("yield ignored", "production", _set("production", "good_quantity", 5.0, month="2027-01")),
        ("cost premium ignored", "production_cost", _set("production", "unit_cost", 2000.0, month="2028-01")),
        ("production amount wrong", "production_cost", _set("production", "amount", 4000.0, month="2027-01")),
        ("stock from nowhere", "stock", _set("stock", "quantity", 20.0, month="2027-07")),
        ("stock row missing", "stock", _drop("stock", month="2028-03")),
        (
            "delivery from an empty store",
            "stock",
            _change(
                "shipments",
                {
                    "quantity": 40.0,
                    "effective_quantity": 30.0,
                    "amount": 64_000.0,
                    "amount_then_year": 64_000.0,
                },
                **_SHIP,
            ),
        ),
        ("more motors than there are", "component_supply", _use_too_many_motors),
        ("system that is not eligible", "eligibility", _set("shipments", "requirement", "depot", **_FOX)),
        ("delivery before it is available", "eligibility", _set("shipments", "month", "2027-02", **_SHIP)),
        ("another branch", "branches", _set("shipments", "branch", "navy", **_SHIP)),
        ("another kind of requirement", "branches", _set("coverage", "kind", "use", **_DEPOT_27)),
        (
            "price lowered",
            "prices",
            _change(
                "shipments", {"unit_price": 1500.0, "amount": 9000.0, "amount_then_year": 9000.0}, **_SHIP
            ),
        ),
        (
            "then-year amount not escalated",
            "prices",
            _set("shipments", "amount_then_year", 12_000.0, month="2027-12", requirement="depot"),
        ),
        ("amount is not quantity times price", "prices", _set("shipments", "amount", 9601.0, **_SHIP)),
        ("price above a cap", "price_caps", _set("shipments", "month", "2027-02", **_FOX)),
        (
            "delivery moved under a cap",
            "price_caps",
            _add("shipments", {"month": "2027-01", "quantity": 1.0}, **_FOX),
        ),
        (
            "share of parts misstated",
            "rules",
            _set("rules", "measured", 0.1, rule="europe", fiscal_year=2028),
        ),
        (
            "short of a rule understated",
            "rules",
            _set("rules", "violation", 0.0, rule="home_made", fiscal_year=2027),
        ),
        ("penalty halved", "rules", _set("rules", "penalty", 450.0, rule="europe", fiscal_year=2027)),
        ("limit of a rule eased", "rules", _set("rules", "limit", 0.4, rule="foxes", fiscal_year=2027)),
        ("rule left out", "rules", _drop("rules", rule="few")),
        ("rule of another branch", "rules", _set("rules", "branch", "navy", rule="dear")),
        ("rule measured without a delivery", "rules", _set("rules", "measured", 2500.0, rule="dear")),
        (
            "mix not kept and no violation",
            "violations",
            _change(
                "shipments",
                {"requirement": "recon", "system": "fox", "line": None, "unit_price": 2500.0},
                month="2027-09",
            ),
        ),
        ("rule made dearer", "rule_costs", _set("rule_costs", "difference", 5000.0, rule="europe")),
        (
            "cost moved to the seller",
            "rule_costs",
            _change("rule_costs", {"buyer_difference": -500.0, "seller_difference": 1900.0}, rule="europe"),
        ),
        ("worth less without a rule", "rule_costs", _sink_the_freed_bound),
        (
            "more substitutes than units",
            "substitutions",
            _change("substitutions", {"quantity": 3.0, "parts": 9.0, "amount": 90.0}, **_SWAP),
        ),
        ("part in its own place", "substitutions", _set("substitutions", "substitute", "motor", **_SWAP)),
        ("parts miscounted", "substitutions", _set("substitutions", "parts", 2.0, **_SWAP)),
        ("premium forgotten", "substitutions", _set("substitutions", "amount", 0.0, **_SWAP)),
        ("delivered without substitutes", "made_with_substitutes", _drop("substitutions", **_SWAP)),
        (
            "substitutes too late",
            "made_with_substitutes",
            _change("substitutions", {"quantity": 0.5, "parts": 1.5, "amount": 15.0}, **_SWAP),
        ),
        (
            "premium left out of the utility",
            "utility_items",
            _set("utility_items", "amount", 0.0, party="buyer", item="substitutes"),
        ),
        (
            "priced rule forgotten",
            "utility_items",
            _set("utility_items", "amount", 0.0, party="buyer", item="rule_penalties"),
        ),
        (
            "priced rule undiscounted",
            "utility_items",
            _set("utility_items", "amount", -1300.0, party="buyer", item="rule_penalties"),
        ),
        (
            "effectiveness ignored",
            "effective_quantity",
            _set("shipments", "effective_quantity", 6.0, **_SHIP),
        ),
        ("more than is on sale", "price_maximum", _set("shipments", "quantity", 16.0, **_FOX)),
        (
            "more than firm minimum and option",
            "price_maximum",
            _set("shipments", "quantity", 11.0, **_SHIP),
        ),
        ("more than is asked for", "intake", _set("shipments", "quantity", 500.0, **_SHIP)),
        ("purchase missing", "purchases", _drop("purchases", **_FOX)),
        ("purchase from no shipment", "purchases", _add("purchases", {"fiscal_year": 2028}, **_FOX)),
        (
            "purchases in base-year money",
            "purchases",
            _set("purchases", "amount_then_year", 12_800.0, system="hawk", fiscal_year=2028),
        ),
        ("coverage overstated", "coverage", _set("coverage", "quantity", 31.0, **_RECON_27)),
        ("coverage row missing", "coverage", _drop("coverage", **_RECON_27)),
        ("losses of a stock ignored", "coverage", _set("coverage", "quantity", 9.25, **_DEPOT_28)),
        ("threshold of a whole year", "coverage", _set("coverage", "threshold", 40.0, **_RECON_27)),
        (
            "threshold of a stock cut to the months",
            "coverage",
            _set("coverage", "threshold", 4.5, **_DEPOT_27),
        ),
        (
            "coverage beyond its quantity",
            "coverage_split",
            _set("coverage", "to_threshold", 30.0, **_RECON_27),
        ),
        ("objective before threshold", "coverage_split", _set("coverage", "to_objective", 1.0, **_RECON_27)),
        ("shortage hidden", "coverage_split", _set("coverage", "short_of_threshold", 0.0, **_RECON_27)),
        (
            "value of a stock for a whole year",
            "coverage_split",
            _set("coverage", "amount", 32_193.0, **_DEPOT_28),
        ),
        (
            "own need of another role",
            "home_supply",
            _set("home_supply", "need", "scouts", month="2027-12", system="crow"),
        ),
        (
            "own need at another value",
            "home_supply",
            _set("home_supply", "amount", 1500.0, month="2028-01", need="scouts"),
        ),
        ("own need of a whole year", "home_coverage", _set("home_coverage", "needed", 24.0, **_SCOUTS_28)),
        ("own need row missing", "home_coverage", _drop("home_coverage", **_SCOUTS_28)),
        (
            "more than is needed",
            "home_coverage",
            _change("home_supply", {"quantity": 7.0, "amount": 9800.0}, month="2028-03"),
        ),
        ("shortfall behind the pace hidden", "home_coverage", _serve_own_needs_late),
        ("own needs late and no violation", "violations", _serve_own_needs_late),
        (
            "sale at another price",
            "other_sales",
            _change("other_sales", {"unit_price": 1900.0, "amount": 7600.0}, customer="oasis"),
        ),
        (
            "sale beyond the customer's maximum",
            "other_sales",
            _change("other_sales", {"quantity": 13.0, "amount": 23_400.0}, customer="oasis"),
        ),
        (
            "sale of a system that is not asked for",
            "other_sales",
            _change("other_sales", {"system": "crow", "line": "ohio"}, customer="oasis"),
        ),
        (
            "sale in a year without a row",
            "other_sales",
            _change("other_sales", {"month": "2028-02", "fiscal_year": 2028}, customer="oasis"),
        ),
        (
            "delivery not paid",
            "payments",
            _drop("payments", **_OPERATIONS),
        ),
        (
            "payment without delivery",
            "payments",
            _set("payments", "amount_then_year", 50_000.0, fiscal_year=2027),
        ),
        (
            "payment not deflated",
            "payments",
            _set("payments", "amount", 3440.0, **_OPERATIONS),
        ),
        (
            "money not voted yet",
            "payment_rules",
            _set("payments", "fiscal_year", 2027, **_NAVY_PAYS),
        ),
        (
            "money of another appropriation",
            "payment_rules",
            _change(
                "payments",
                {"for_appropriation": "procurement"},
                appropriation="operations",
                purpose="deliveries",
            ),
        ),
        (
            "money of another branch",
            "payment_rules",
            _set("payments", "branch", "navy", **_OPERATIONS),
        ),
        (
            "budget overstated",
            "budgets",
            _change(
                "budgets", {"amount_then_year": 70_000.0, "left": 18_700.0}, branch="army", budget_year=2027
            ),
        ),
        (
            "budget in base-year money",
            "budgets",
            _set("budgets", "amount_then_year", 50_000.0, budget_year=2028, branch="army"),
        ),
        ("budget row missing", "budgets", _drop("budgets", branch="navy")),
        ("money left overstated", "budgets", _set("budgets", "left", 40_000.0, branch="navy")),
        ("rebate of a tier that is not reached", "rebates", _invent_rebate),
        (
            "royalty on what the buyer makes forgotten",
            "commitments",
            _set("commitments", "to_seller", 13_440.0, fiscal_year=2028),
        ),
        (
            "ceiling held against one year only",
            "commitments",
            _set("commitments", "to_seller_so_far", 13_440.0, fiscal_year=2028),
        ),
        (
            "firm quantity of a whole year",
            "commitments",
            _set("commitments", "firm", 25_600.0, fiscal_year=2027),
        ),
        ("commitment of a year left out", "commitments", _drop("commitments", fiscal_year=2028)),
        (
            "baseline worth more than its sides gain",
            "baselines",
            _set("baselines", "seller", 3_000.0, kind="all_seller"),
        ),
        ("difference overstated", "baselines", _set("baselines", "difference", 9_000.0, kind="all_seller")),
        (
            "baseline that breaks a rule called optimal",
            "baselines",
            _set("baselines", "status", "optimal", kind="all_buyer"),
        ),
        ("receipts of another year", "cash_account", _set("cash", "receipts", 41_600.0, fiscal_year=2027)),
        (
            "account that gains money overnight",
            "cash_account",
            _set("cash", "opening", 95_000.0, fiscal_year=2028),
        ),
        (
            "licence fee not in the account",
            "cash_account",
            _set("cash", "licence_fees", 0.0, fiscal_year=2027),
        ),
        ("floor lowered", "cash_account", _set("cash", "floor", 50_000.0, fiscal_year=2028)),
        ("closing padded", "cash_account", _set("cash", "closing", 92_000.0, fiscal_year=2028)),
        ("year of the account left out", "cash_account", _drop("cash", fiscal_year=2027)),
        ("less put back than agreed", "reinvestment", _set("cash", "reinvested", 4_000.0, fiscal_year=2027)),
        ("nothing put back", "reinvestment", _set("cash", "reinvested", 0.0, fiscal_year=2028)),
        (
            "account below its floor and no violation",
            "violations",
            _set("cash", "reinvested", 9_000.0, fiscal_year=2027),
        ),
        (
            "part of a utility undiscounted",
            "utility_items",
            _set("utility_items", "amount", 41_600.0, party="seller", item="receipts"),
        ),
        ("royalties forgotten", "utility_items", _drop("utility_items", party="seller", item="royalties")),
        (
            "part that is not of the side",
            "utility_items",
            _add("utility_items", {"party": "seller"}, party="buyer", item="payments"),
        ),
        ("utility padded", "utilities", _pad_the_buyers_utility),
        ("objective padded", "objective", _claim_a_better_objective),
        ("objective of one side called joint", "objective", _top(objective_kind="seller", alternative=-1e9)),
        ("objective above its bound", "bound", _sink_the_bound),
        ("gap understated", "bound", _top(gap=0.0)),
        ("gap in proportion to the cost understated", "gap_of_cost", _top(gap_of_cost=0.0)),
        ("gap in proportion to the cost left out", "gap_of_cost", _top(gap_of_cost=None)),
        ("learning of a line that does not learn", "learning", _learn_without_a_curve),
        ("optimal with a wide gap", "bound", _call_a_wide_gap_optimal),
        ("optimal without a bound", "bound", _top(bound=None, gap=None)),
        (
            "rounding without whole units",
            "whole_units",
            _top(rounding={"cost": 0.0, "contracts": 4, "integers": 0}),
        ),
        ("alternative of a joint plan", "alternative", _top(alternative=0.0)),
        ("other side below its alternative", "alternative", _ignore_the_alternative),
        ("violation invented", "violations", _invent_violation),
        ("relaxed without violations", "status", _top(status="relaxed")),
        (
            "binding rule of nobody",
            "binding",
            _set("binding", "subject", "crow / mars", kind="price_maximum"),
        ),
        ("cell of no row", "addresses", _set("unmet", "address", "prices[crow/mars].maximum", **_DEPOT_28)),
        ("no address at all", "addresses", _set("binding", "address", "all of it", kind="home_need")),
        ("cause worth more than its rule", "cause_worth", _set("unmet", "more", 13.0, **_DEPOT_28)),
        (
            "cause that does not bind",
            "cause_worth",
            _set("unmet", "cause", "capacity", **_DEPOT_28),
        ),
        ("one more on sale for two", "cause_reach", _set("unmet", "reach", 2.0, **_DEPOT_28)),
        ("reach of another cause", "cause_reach", _set("unmet", "cause", "capacity", **_DEPOT_28)),
        ("change to another figure", "changes", _set("changes", "new", 9.0, what="purchase")),
        ("change of nothing", "changes", _set("changes", "old", 1.0, what="step")),
        (
            "bought, yet passed over",
            "passed_over",
            _set("passed_over", "system", "hawk", system="crow"),
        ),
        (
            "effective, yet not eligible",
            "passed_over",
            _set("passed_over", "effectiveness", 0.5, system="crow"),
        ),
        ("unmet quantity wrong", "unmet", _set("unmet", "quantity", 10.0, **_RECON_27)),
        ("unmet requirement left out", "unmet", _drop("unmet", **_DEPOT_27)),
    )
)
