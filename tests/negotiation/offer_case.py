"""A made-up offer with all that a record can hold."""

from __future__ import annotations

from dataclasses import replace

from dronedeal.negotiation.offer_record import Improvement, Offer, OfferedClause, OfferFault, ProposedTerm
from dronedeal.negotiation.record import AlternativePlan, Alternatives, Opening, Openings, Parties, Sides

MILLION = 1e6


def _both(buyer: float, seller: float) -> Sides:
    return Sides(buyer * MILLION, seller * MILLION)


def _clauses() -> tuple[OfferedClause, ...]:
    price = OfferedClause(
        id="unit_price",
        kind="price",
        subject="prices[*].unit_price",
        unit="EUR per unit, base-year 2027",
        words="Made up",
        is_named=True,
        now=1000.0,
        offered=1100.0,
        buyer_position=900.0,
        seller_position=1200.0,
        lower=800.0,
        upper=1300.0,
        place=2 / 3,
        alone=_both(-9, 8),
        within=_both(-8, 9),
    )
    royalty = replace(
        price,
        id="royalty",
        kind="royalty",
        subject="*",
        unit="share of price",
        words="",
        now=None,
        offered=0.1,
        buyer_position=0.0,
        seller_position=0.2,
        lower=0.0,
        upper=0.3,
        place=0.5,
        alone=None,
        within=_both(1, 2),
    )
    advance = replace(
        royalty, id="advance", is_named=False, is_frozen=True, now=0.2, offered=0.2, place=1.0, within=None
    )
    return price, royalty, advance


def full_offer() -> Offer:
    """An offer that helps both, with a change that helps both more."""
    return Offer(
        title="A made-up deal",
        name="First offer",
        is_signed=False,
        parties=Parties(buyer="Freedonia", seller="Sylvania"),
        currency="EUR",
        price_base_year=2027,
        digest="a" * 64,
        digest_under="b" * 64,
        options={"gap": 0.001, "time_limit": None},
        versions={"dronedeal": "0.1.0"},
        alternatives=_both(120, 45),
        alternative_plans=Alternatives(
            AlternativePlan(utility=120 * MILLION, bound=121 * MILLION, plan="plans/buyer-alone"),
            AlternativePlan(utility=45 * MILLION, bound=None, plan="plans/seller-alone"),
        ),
        terms={"unit_price": 1100.0, "royalty": 0.1},
        least={"seller": 70 * MILLION},
        utilities=_both(160, 70),
        gains=_both(40, 25),
        keeps_alternatives=True,
        keeps_rules=True,
        status="feasible",
        bound=232 * MILLION,
        gap=2 / 230,
        plan="plans/offer",
        plan_words="The plan is the joint plan, which is worth most to both together.",
        as_it_stands=_both(165, 61),
        openings=Openings(
            Opening(terms={"unit_price": 900.0}, utilities=_both(180, 48)),
            Opening(terms={"unit_price": 1200.0}, utilities=None, reason="No plan."),
        ),
        clauses=_clauses(),
        faults=(
            OfferFault(
                kind="no_effect", subject="advance", words="the term of clause advance changes nothing here"
            ),
        ),
        improvement=Improvement(
            moves=(
                ProposedTerm(clause="royalty", offered=0.1, proposed=0.05, alone=_both(3, -1)),
                ProposedTerm(clause="unit_price", offered=1100.0, proposed=1150.0, alone=None),
            ),
            terms={"unit_price": 1150.0, "royalty": 0.05},
            utilities=_both(166, 74),
            change=_both(6, 4),
            is_proven=True,
            plan="plans/improvement",
        ),
        improvement_bound=7 * MILLION,
        improvement_words="It is worth more to both together than any plan under the offer can be.",
        warnings=(),
    )


def offer_that_breaks_a_rule() -> Offer:
    """A signed text under which rules collide and a side has more alone; nothing better was found."""
    return replace(
        full_offer(),
        name=None,
        is_signed=True,
        utilities=_both(160, 40),
        gains=_both(40, -5),
        keeps_alternatives=False,
        keeps_rules=False,
        status="relaxed",
        bound=None,
        gap=None,
        as_it_stands=None,
        openings=Openings(None, None),
        faults=(
            OfferFault(kind="rule", subject="border", words="own need border is 12.0 units behind"),
            OfferFault(kind="alternative", subject="seller", words="the seller has EUR 5,000,000 less"),
            OfferFault(
                kind="no_effect", subject="advance", words="the term of clause advance changes nothing"
            ),
        ),
        improvement=None,
        improvement_bound=None,
        improvement_words="No change was found that helps both sides by more than the gap of the plan.",
        warnings=("The offer changes nothing: the deal under it is the deal as it stands.",),
    )
