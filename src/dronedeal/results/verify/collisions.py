"""Checks of violations and of the explanations: what collides, what binds, what stays unmet."""

from __future__ import annotations

from dronedeal.results.verify.agreement import owed_to_seller
from dronedeal.results.verify.cash import cash_shortfalls
from dronedeal.results.verify.compare import Comparer, Unit
from dronedeal.results.verify.ledger import Ledger
from dronedeal.results.verify.registry import check
from dronedeal.results.verify.rulebook import sum_unit, sums
from dronedeal.results.vocabulary import SUBJECT_SEPARATOR, subject

ViolationKey = tuple[str, str, int]
# What the solver makes of a decision that is held.
_FROZEN_TOLERANCE = 3e-6
_IN_MONEY = frozenset({"budget", "ceiling", "cash_floor"})


def _violations(ledger: Ledger) -> dict[ViolationKey, tuple[float, float]]:
    """How far each rule is broken, and the size of the rule, recomputed from the rows."""
    found: dict[ViolationKey, tuple[float, float]] = {}
    for number in ledger.price_rows_in_use:
        price = ledger.deal.prices[number]
        minimum = ledger.firm_units(price)
        key = ("firm_minimum", subject(price.system, price.line), price.fiscal_year)
        found[key] = (minimum - ledger.bought.get(number, 0.0), minimum)
    for (need, year), pace in ledger.home_pace.items():
        found["home_need", subject(need), year] = (pace.shortfall, pace.needed)
    for (line, year), (returned, good) in ledger.returned.items():
        found["return_share", subject(line), year] = (ledger.lines[line].return_share * good - returned, good)
    for (branch, year, appropriation), voted in ledger.voted.items():
        spent = ledger.spent.get((branch, year, appropriation), 0.0)
        found["budget", subject(branch, appropriation), year] = (spent - voted, voted + spent)
    ceiling = ledger.money.ceiling
    if ceiling is not None:
        owed = sum(owed_to_seller(ledger).values())
        key = ("ceiling", subject(ledger.seller), ledger.buyer_years.names[-1])
        found[key] = (owed - ceiling, ceiling + owed)
    hard = {rule.id for rule in ledger.deal.rules if rule.is_hard}
    for (rule, year), total in sums(ledger).items():
        if rule in hard:
            found["rule", subject(rule), year] = (total.broken, total.whole)
    for year, (missing, gross) in cash_shortfalls(ledger).items():
        found["cash_floor", subject(ledger.seller), year] = (missing, gross)
    for row in ledger.rows("frozen"):
        missing, years = row["old"] - row["new"], ledger.buyer_year
        key = (
            "frozen",
            subject(row["what"], row["subject"], row["month"]),
            years[ledger.month_number[row["month"]]],
        )
        found[key] = (missing if missing > _FROZEN_TOLERANCE * max(1.0, row["old"]) else 0.0, row["old"])
    return {key: (max(0.0, quantity), size) for key, (quantity, size) in found.items()}


def _unit(ledger: Ledger, key: ViolationKey) -> str:
    """Unit of a violation."""
    if key[0] == "rule":
        return next((sum_unit(ledger, rule) for rule in ledger.deal.rules if rule.id == key[1]), "units")
    return ledger.plan.currency if key[0] in _IN_MONEY else "units"


@check(
    "violations",
    meaning="the violations listed are those recomputed: firm minima, own needs, returns, rules, money",
)
def violations(ledger: Ledger, compare: Comparer) -> None:
    computed = _violations(ledger)
    stated = {
        (row["kind"], row["subject"], row["fiscal_year"]): row for row in ledger.plan.tables["violations"]
    }
    for key in {**computed, **stated}:
        quantity, size = computed.get(key, (0.0, 0.0))
        row = stated.get(key)
        label = f"violations: {key[0]}, {key[1]}, {key[2]}"
        words = "the violation is not what the rows of the plan come to"
        expected = _unit(ledger, key)
        unit: Unit = "money" if expected == ledger.plan.currency else "units"
        compare.equal(label, row["quantity"] if row else 0.0, quantity, words, unit=unit, magnitude=size)
        if row:
            words = "units or systems, or the currency for a rule in money"
            compare.holds(label, row["unit"] == expected, words, stated=row["unit"], computed=expected)


@check("status", meaning="a plan is called relaxed exactly when it has violations")
def status(ledger: Ledger, compare: Comparer) -> None:
    count = len(ledger.plan.tables["violations"])
    is_relaxed = ledger.plan.status == "relaxed"
    words = "a plan is relaxed exactly when it has violations"
    compare.holds(
        "status", is_relaxed == (count > 0), words, stated=ledger.plan.status, computed=f"{count} violations"
    )


@check("binding", meaning="what binds names ids of the deal")
def binding(ledger: Ledger, compare: Comparer) -> None:
    known = frozenset().union(*ledger.known_ids.values())
    for row in ledger.plan.tables["binding"]:
        parts = str(row["subject"]).split(SUBJECT_SEPARATOR)
        unknown = [part for part in parts if part not in known]
        words = "the subject is made of ids of the deal"
        compare.holds(
            ("binding", row), not unknown, words, stated=row["subject"], computed=", ".join(unknown)
        )


@check("unmet", meaning="what is unmet is what the coverage is short of its objective, and none is missing")
def unmet(ledger: Ledger, compare: Comparer) -> None:
    stated = {(row["requirement"], row["fiscal_year"]): row["quantity"] for row in ledger.rows("unmet")}
    for key, covered in ledger.coverage.items():
        short = max(0.0, covered.objective - covered.effective)
        magnitude = max(covered.objective, covered.gross)
        label = f"unmet: {key[0]}, {key[1]}"
        words = "the quantity is objective minus what counts"
        compare.equal(label, stated.get(key, 0.0), short, words, unit="units", magnitude=magnitude)
