"""The content of `deal.yaml`: title, parties, calendar, money, evidence and options."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from dronedeal.deal.record import (
    Amount,
    CurrencyCode,
    FiscalYear,
    Flag,
    Fraction,
    Frozen,
    Id,
    Kind,
    MoneyRecord,
    Month,
    Months,
    Number,
    Positive,
    Text,
    column,
)

Role = Literal["buyer", "seller", "third"]
Rate01 = Annotated[float, Field(ge=-0.5, le=1, allow_inf_nan=False), Kind("number")]


class Party(Frozen):
    """A side of the deal, or a third party that supplies or operates a line."""

    id: Id = column("Name of the party inside the deal")
    name: Text = column("Name in words")
    role: Role = column("`buyer`, `seller` (one of each) or `third`")
    fiscal_year_start: Annotated[int, Field(ge=1, le=12), Kind("integer")] = column(
        "Month in which its fiscal year starts, 1 to 12; a year that starts after January is named for "
        "the year it ends in",
        default=1,
    )
    discount_rate: Rate01 = column("Real discount rate a year", default=0.0, unit="share per year")
    escalation_index: Id | None = column(
        "Index that turns base-year money into then-year money; blank: prices do not change",
        default=None,
        refers_to="indices",
    )
    source: Text | None = column("Where the figures come from", default=None)
    basis: Literal["fact", "assumption"] | None = column("Fact or assumption", default=None)
    note: Text | None = column("Why it is reasonable", default=None)


class EvidencePrior(Frozen):
    """What is believed of a measure before any trial."""

    measure: Id = column("Measure that the prior is for")
    role: Id | None = column("Only for systems of this role; blank: for every role", default=None)
    successes: Positive | None = column(
        "Prior successes of a success measure (beta)", default=None, unit="trials"
    )
    failures: Positive | None = column(
        "Prior failures of a success measure (beta)", default=None, unit="trials"
    )
    shape: Positive | None = column("Shape of the failure-rate prior (gamma)", default=None, unit="failures")
    exposure: Positive | None = column(
        "Exposure of the failure-rate prior (gamma)", default=None, unit="exposure"
    )
    source: Text | None = column("Where the prior comes from", default=None)
    basis: Literal["fact", "assumption"] | None = column("Fact or assumption", default=None)
    note: Text | None = column("Why it is reasonable", default=None)


class EvidenceSettings(Frozen):
    """How trials become an effectiveness: priors, factory-to-field discount, ageing."""

    factory_to_field: Fraction = column(
        "A factory success counts as this share of a field success", default=0.8, unit="ratio"
    )
    half_life_months: Positive | None = column(
        "Age at which a trial has half the weight; blank: trials do not age", default=24.0, unit="months"
    )
    version_carry_over: Fraction = column(
        "Weight kept by a trial for each design version since", default=0.7, unit="share"
    )
    confidence: Fraction = column(
        "Credibility of intervals, and probability asked of a criterion", default=0.8, unit="probability"
    )
    as_of: Month | None = column(
        "Month at which the age of trials is counted; blank: the start", default=None
    )
    priors: tuple[EvidencePrior, ...] = column(
        "Priors by measure; without one: half a success and half a failure", default=()
    )


class Options(Frozen):
    """Choices of the analyst that are part of the deal."""

    effectiveness: Literal["mean", "assurance"] = column(
        "Effectiveness used in the plan: the mean, or the quantile that holds with probability `assurance`",
        default="mean",
    )
    assurance: Fraction = column("Probability behind the assurance quantile", default=0.8, unit="probability")
    investment_months: Annotated[int, Field(ge=1, le=12), Kind("integer")] = column(
        "Steps and openings can be decided every so many months", default=6, unit="months"
    )
    pair_work_from_start: Flag = column(
        "Whether integration and permit work starts in the first month", default=True
    )
    whole_units: Flag = column(
        "Whether what a requirement takes of a product in a fiscal year is a whole number of units",
        default=True,
    )
    whole_units_up_to: Annotated[int, Field(ge=0, le=10**6), Kind("integer")] = column(
        "Contract quantities that can be at most so large are whole numbers of the search; larger ones are "
        "rounded after it; 0: all are rounded",
        default=50,
        unit="units",
    )


class PaymentTerms(Frozen):
    """What the two sides agree on the whole of the payments to the seller."""

    ceiling: Amount | None = column(
        "Most that the buyer pays to the seller over the whole plan, in then-year money; blank: no ceiling",
        default=None,
        unit="currency, then-year",
    )
    currency: CurrencyCode | None = column(
        "Currency of the ceiling, at the rate of the price base year; blank means the deal's currency",
        default=None,
    )
    advance_share: Fraction = column(
        "Share of the price of a year's deliveries that is paid in advance, in the first month of the "
        "buyer's year",
        default=0.0,
        unit="share of price",
    )
    retention_share: Fraction = column(
        "Share of the price that is kept back and paid `retention_months` after the last month of the year, "
        "at the latest in the last month of the plan; the amount stays that of the year of delivery",
        default=0.0,
        unit="share of price",
    )
    retention_months: Months = column(
        "Months from the end of the buyer's year to the payment of what was kept back",
        default=12,
        unit="months",
    )
    cancellation_share: Fraction = column(
        "Cancellation ceiling: share of the price of the firm quantities not yet delivered that the buyer "
        "owes if it cancels; reported by year, never paid in a plan",
        default=0.0,
        unit="share of price",
    )
    source: Text | None = column("Where the terms come from", default=None)
    basis: Literal["fact", "assumption"] | None = column("Fact or assumption", default=None)
    note: Text | None = column("Why they are reasonable", default=None)


class CashAccount(MoneyRecord):
    """The seller's cash account: what it opens with, what must stay in it, what is put back."""

    opening: Number | None = column(
        "Money in the account when the plan starts; blank: no account is kept, and cash is no limit",
        default=None,
        unit="currency",
    )
    floor: Number = column(
        "Least money in the account at the end of a fiscal year of the buyer; below zero: a credit line",
        default=0.0,
        unit="currency",
    )
    home_receipt_share: Fraction = column(
        "Share of the value of own needs met that is paid into the account, as by the seller's own treasury",
        default=1.0,
        unit="share of value",
    )
    reinvestment_share: Fraction = column(
        "Least share of the proceeds of the deal (payments of the buyer, royalties, licence fees) that goes "
        "into the seller's development fund in the year of receipt",
        default=0.0,
        unit="share of proceeds",
    )
    fund_value: Amount = column(
        "Worth to the seller of each amount put into the fund, as a multiple of that amount",
        default=1.0,
        unit="ratio",
    )

    @property
    def is_kept(self) -> bool:
        """Whether an account is kept."""
        return self.opening is not None


class Settings(Frozen):
    """Everything in `deal.yaml`."""

    format: Literal[1] = column("Version of this format")
    title: Text = column("Title of the deal")
    description: Text | None = column("What it is about", default=None)
    start: Month = column("First month of the plan")
    months: Annotated[int, Field(ge=1, le=240), Kind("integer")] = column("Length of the plan", unit="months")
    currency: CurrencyCode = column("Currency of the plan")
    price_base_year: FiscalYear = column("Fiscal year of the buyer whose prices are the base")
    parties: Annotated[tuple[Party, ...], Field(min_length=2)] = column("The sides of the deal")
    evidence: EvidenceSettings = column("How trials count", default=EvidenceSettings())
    options: Options = column("Choices of the analyst", default=Options())
    terms: PaymentTerms = column("Terms of payment to the seller", default=PaymentTerms())
    cash: CashAccount = column("The seller's cash account", default=CashAccount())

    @property
    def buyer(self) -> Party:
        """The one party whose role is buyer."""
        return next(party for party in self.parties if party.role == "buyer")

    @property
    def seller(self) -> Party:
        """The one party whose role is seller."""
        return next(party for party in self.parties if party.role == "seller")

    def party(self, party_id: str) -> Party:
        """The party of that id; KeyError where there is none."""
        for party in self.parties:
            if party.id == party_id:
                return party
        raise KeyError(party_id)
