"""Checks of the seller's cash account (rule 18): every entry again from the rows of the plan."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from dronedeal.results.verify.books import Product, known_once
from dronedeal.results.verify.compare import Comparer
from dronedeal.results.verify.experience import learns, relative_unit_cost
from dronedeal.results.verify.ledger import Ledger, instalments, lead_months
from dronedeal.results.verify.rebates import rebates_due
from dronedeal.results.verify.registry import check
from dronedeal.results.vocabulary import CASH_COSTS, CASH_PROCEEDS, CASH_RECEIPTS


@dataclass
class CashYear:
    """One year of the account: amounts by entry, all above zero, and production at its greatest cost."""

    entries: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    greatest_production: float = 0.0

    @property
    def gross(self) -> float:
        """Sum of all amounts, the measure of rounding."""
        return sum(abs(amount) for amount in self.entries.values())

    @property
    def change(self) -> float:
        """What the year adds to the account."""
        return sum(self.entries[name] for name in CASH_RECEIPTS) - sum(
            self.entries[name] for name in CASH_COSTS
        )

    @property
    def planned_change(self) -> float:
        """The same, were every unit made at its greatest cost."""
        return self.change + self.entries["production"] - self.greatest_production


@known_once
def cash_years(ledger: Ledger) -> dict[int, CashYear]:
    """The account by fiscal year of the buyer, undiscounted; empty where none is kept."""
    if not ledger.deal.settings.cash.is_kept:
        return {}
    years = {year: CashYear() for year in ledger.buyer_years.names}
    _add_deliveries(ledger, years)
    _add_rebates(ledger, years)
    _add_surplus(ledger, years)
    _add_production(ledger, years)
    _add_lines(ledger, years)
    _add_cooperation(ledger, years)
    _add_substitutes(ledger, years)
    for row in ledger.rows("cash"):
        years[row["fiscal_year"]].entries["reinvested"] = row["reinvested"]
    return years


def _of(ledger: Ledger, years: dict[int, CashYear], month: int) -> CashYear:
    return years[ledger.buyer_year[month]]


def _add_deliveries(ledger: Ledger, years: dict[int, CashYear]) -> None:
    for row in ledger.rows("shipments"):
        month, product = ledger.month_number[row["month"]], (row["line"], row["system"])
        price = ledger.price(product, ledger.buyer_year[month])
        if price is None:
            continue
        paid = price[1] * row["quantity"]
        if ledger.operator(product) == ledger.seller:
            then = ledger.money.index(ledger.buyer, ledger.buyer_year[month])
            for paid_in, share in instalments(ledger, product, month):
                real = then / ledger.money.index(ledger.buyer, ledger.buyer_year[paid_in])
                _of(ledger, years, paid_in).entries["receipts"] += share * paid * real
        elif ledger.systems[row["system"]].supplier == ledger.seller:
            royalty = ledger.deal.prices[price[0]].royalty * paid
            _of(ledger, years, month).entries["royalties"] += royalty


def _add_rebates(ledger: Ledger, years: dict[int, CashYear]) -> None:
    """What tiers and bundles take off the receipts, and the royalties that fall with them."""
    for (year, _, _), due in rebates_due(ledger).items():
        for operator, amount in due.by_operator.items():
            share = 1.0 if operator == ledger.seller else due.royalty
            years[year].entries["receipts"] -= share * amount


def _add_surplus(ledger: Ledger, years: dict[int, CashYear]) -> None:
    share = ledger.deal.settings.cash.home_receipt_share
    for row in ledger.rows("home_supply"):
        need = ledger.need_of(row)
        if need is not None:
            year = _of(ledger, years, ledger.month_number[row["month"]])
            year.entries["own_needs"] += share * ledger.home_value(need) * row["quantity"]
    for row in ledger.rows("other_sales"):
        customer = ledger.customer_of(row)
        if customer is not None:
            year = _of(ledger, years, ledger.month_number[row["month"]])
            year.entries["other_sales"] += ledger.sale_price(customer) * row["quantity"]


def _add_production(ledger: Ledger, years: dict[int, CashYear]) -> None:
    for product, started in ledger.made.items():
        if ledger.operator(product) == ledger.seller:
            for month, quantity in enumerate(started):
                greatest = greatest_unit_cost(ledger, product, month)
                _of(ledger, years, month).greatest_production += greatest * quantity
    for row in ledger.rows("production"):
        if ledger.operator((row["line"], row["system"])) == ledger.seller:
            year = _of(ledger, years, ledger.month_number[row["month"]])
            year.entries["production"] += row["amount"]


def greatest_unit_cost(ledger: Ledger, product: Product, month: int) -> float:
    """Most that a unit started in a month can cost, whatever is learnt or forgotten, base-year currency.

    At the experience that is left of `units_already_made` if nothing more is made, with the premium of the
    first units.
    """
    row = ledger.makes[product]
    left = (row.units_already_made or 0.0) * (1.0 - row.forgetting_rate) ** (month / 12.0)
    slowest = relative_unit_cost(row, left) if learns(row) else 1.0
    premium = row.startup_premium if row.startup_units > 0 else 0.0
    return ledger.unit_cost(product) * (slowest + premium)


def _add_lines(ledger: Ledger, years: dict[int, CashYear]) -> None:
    """Fixed costs, investment and licence fees."""
    opened: dict[str, int] = {}
    for row in ledger.rows("openings"):
        line, month = ledger.lines[row["line"]], ledger.month_number[row["decided"]]
        is_open = row["kind"] == "open"
        payer = line.investor or line.operator
        if payer == ledger.seller:
            cost = ledger.undated(line.open_cost if is_open else line.step_cost, line, party=payer)
            _of(ledger, years, month).entries["investment"] += cost * row["quantity"]
        if is_open:
            opened[line.id] = month + lead_months(line, "open")
            fee = ledger.licence_fee(line) * row["quantity"]
            _of(ledger, years, month).entries["licence_fees"] += fee
    for line in ledger.deal.lines:
        first = ledger.first_output(line) if line.status == "existing" else opened.get(line.id)
        if line.operator == ledger.seller and first is not None:
            cost = ledger.undated(line.fixed_cost / 12.0, line, party=line.operator)
            for month in range(first, ledger.calendar.months):
                _of(ledger, years, month).entries["fixed_cost"] += cost


def _add_cooperation(ledger: Ledger, years: dict[int, CashYear]) -> None:
    """Integration work that the seller pays, and its part of projects, in the months of the payments."""
    for row in ledger.rows("integrations"):
        works = ledger.works.get((row["system"], row["standard"].casefold()), ())
        if works and works[0].payer == ledger.seller:
            month = ledger.month_number[row["start"]]
            year = _of(ledger, years, month)
            year.entries["cooperation"] += ledger.work_cost(works[0], month)
    for row in ledger.rows("projects"):
        begin = ledger.month_number[row["begin"]]
        for party, month, amount in ledger.project_payments(ledger.projects[row["project"]], begin):
            if party == ledger.seller:
                _of(ledger, years, month).entries["cooperation"] += amount


def _add_substitutes(ledger: Ledger, years: dict[int, CashYear]) -> None:
    """Premium of the parts that the seller's lines put in place of others."""
    for row in ledger.rows("substitutions"):
        if ledger.lines[row["line"]].operator == ledger.seller:
            extra = ledger.substitute_premium(row["component"], row["substitute"], row["line"])
            month = ledger.month_number[row["month"]]
            _of(ledger, years, month).entries["substitutes"] += extra * row["parts"]


def cash_shortfalls(ledger: Ledger) -> dict[int, tuple[float, float]]:
    """What is missing to the floor at the end of each year at greatest cost, and the money moved so far."""
    account = ledger.deal.settings.cash
    closing = ledger.undated(account.opening or 0.0, account, party=ledger.seller)
    floor = ledger.undated(account.floor, account, party=ledger.seller)
    gross, found = abs(closing), {}
    for year, moved in cash_years(ledger).items():
        closing += moved.planned_change
        gross += moved.gross
        found[year] = (floor - closing, gross)
    return found


@check(
    "cash_account", meaning="the seller's account takes up every entry of the plan, year after year (rule 18)"
)
def cash_account(ledger: Ledger, compare: Comparer) -> None:
    account = ledger.deal.settings.cash
    stated = {row["fiscal_year"]: row for row in ledger.rows("cash")}
    years = cash_years(ledger)
    words = "there is one row for each year of the buyer where an account is kept"
    compare.holds(
        "cash", sorted(stated) == sorted(years), words, stated=sorted(stated), computed=sorted(years)
    )
    balance = planned = ledger.undated(account.opening or 0.0, account, party=ledger.seller)
    floor = ledger.undated(account.floor, account, party=ledger.seller)
    gross = abs(balance)
    for year, moved in years.items():
        row = stated.get(year)
        if row is None:
            continue
        gross += moved.gross
        compare.equal(
            ("cash", row), row["opening"], balance, "a year opens as the last closed", magnitude=gross
        )
        for name in (*CASH_RECEIPTS, *CASH_COSTS):
            words = f"{name} is the sum of what the plan states for the year"
            compare.equal(("cash", row), row[name], moved.entries[name], words, unit="money")
        balance += moved.change
        planned += moved.planned_change
        words = "the closing is the opening, plus what came in, less what was paid"
        compare.equal(("cash", row), row["closing"], balance, words, magnitude=gross)
        words = "the planned closing counts production at its greatest cost"
        compare.equal(("cash", row), row["planned_closing"], planned, words, magnitude=gross)
        compare.equal(("cash", row), row["floor"], floor, "the floor is the deal's")
        words = "what is short is the floor less the planned closing"
        compare.equal(("cash", row), row["short"], max(0.0, floor - planned), words, magnitude=gross)


@check("reinvestment", meaning="the agreed share of the proceeds goes into the seller's fund (rule 18)")
def reinvestment(ledger: Ledger, compare: Comparer) -> None:
    share = ledger.deal.settings.cash.reinvestment_share
    compare.count(1)  # where no account is kept there is nothing to ask
    for year, moved in cash_years(ledger).items():
        proceeds = sum(moved.entries[name] for name in CASH_PROCEEDS)
        words = "less is reinvested than the share of the proceeds asks for"
        compare.at_most(
            f"cash: {year}",
            share * proceeds,
            moved.entries["reinvested"],
            words,
            unit="money",
            magnitude=proceeds,
        )
