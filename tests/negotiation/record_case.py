"""A made-up negotiation with all that a record can hold: a dent, a jump, clauses that divide and join."""

from __future__ import annotations

from dataclasses import replace

from dronedeal.negotiation.futures_record import (
    Conclusion,
    Future,
    FuturesRecord,
    PointSpread,
    Spread,
    TreeNode,
    Weighing,
)
from dronedeal.negotiation.record import (
    AlternativePlan,
    Alternatives,
    AnalysisRecord,
    Assumption,
    ClauseInteraction,
    ClauseMove,
    ClauseRecord,
    Disclosure,
    ExchangeRecord,
    FairPlan,
    FrontierPlan,
    InputMargin,
    Limits,
    Negotiation,
    Opening,
    Openings,
    Parties,
    Revealed,
    Sensitivity,
    Sides,
    SystemZone,
    Zone,
)

MILLION = 1e6
ALTERNATIVES = Sides(120 * MILLION, 45 * MILLION)
# Utilities in million; the fourth lies in a dent, and nothing lies between the sixth and the next.
POINTS = (
    (118, 172),
    (131, 168),
    (146, 158),
    (157, 141),
    (171, 133),
    (183, 121),
    (204, 92),
    (214, 71),
    (219, 41),
)


def _both(buyer: float, seller: float) -> Sides:
    return Sides(buyer * MILLION, seller * MILLION)


def _terms(share: float) -> dict[str, float]:
    """Terms between the buyer's position (0) and the seller's (1)."""
    return {
        "price": 900 + 300 * share,
        "royalty": 0.1 * share,
        "licence_fee": 2 * MILLION,
        "advance": 0.3 * share,
    }


def _frontier() -> tuple[FrontierPlan, ...]:
    return tuple(
        FrontierPlan(
            id=f"p{place:02d}",
            utilities=_both(buyer, seller),
            terms=_terms((219 - buyer) / 101),
            gap=0.6 * MILLION,
            bound=Limits((buyer + 1.4) * MILLION, None if place == 1 else (seller + 0.6) * MILLION),
            is_supported=place != 4,
            plan=f"plans/p{place:02d}",
        )
        for place, (buyer, seller) in enumerate(POINTS, start=1)
    )


def _bound() -> tuple[Sides, ...]:
    """A staircase a little beyond the points, with a step straight down where nothing lies."""
    corners, start = [], POINTS[0][0]
    for place, (buyer, seller) in enumerate(POINTS):
        end = buyer + (1 if place == 5 else 5)
        corners += [_both(start, seller + 2), _both(end, seller + 2)]
        start = end
    return tuple(corners)


def _fair(buyer: float, seller: float, value: float, reason: str) -> FairPlan:
    gains = _both(buyer - 120, seller - 45)
    return FairPlan(
        utilities=_both(buyer, seller),
        gains=gains,
        terms=_terms((219 - buyer) / 101),
        value=value,
        bound=value * 1.00005,
        gap=0.00005,
        method_gap=0.00002,
        plan_gap=0.00003,
        reason=reason,
        plan="plans/fair",
    )


def _clauses() -> tuple[ClauseRecord, ...]:
    price = ClauseRecord(
        id="price",
        kind="price",
        subject="prices[kestrel].unit_price",
        unit="EUR per unit, base-year 2027",
        words="Price of the Kestrel; the seller's own cost is 600",
        buyer_position=900,
        seller_position=1200,
        lower=700,
        upper=1400,
        now=1000,
        is_computed=True,
        at_buyer=_both(21, -22.5),
        at_seller=_both(-24, 23),
        between=_both(-45, 45.5),
        tension=45 * MILLION,
        interaction=ClauseInteraction(
            move="seller", other="royalty", other_move="buyer", together=_both(-15, 12), more=_both(3.5, 2.5)
        ),
    )
    royalty = ClauseRecord(
        id="royalty",
        kind="royalty",
        subject="prices[kestrel].royalty",
        unit="share of the unit price",
        buyer_position=0,
        seller_position=0.1,
        lower=0,
        upper=0.15,
        now=0.05,
        is_computed=True,
        at_buyer=_both(5.5, -13.5),
        at_seller=_both(-6, 9),
        dropped=_both(5.5, -13.5),
        between=_both(-11.5, 22.5),
        tension=11.5 * MILLION,
    )
    advance = ClauseRecord(
        id="advance",
        kind="advance_share",
        subject="settings.terms.advance_share",
        unit="share of the price",
        buyer_position=0,
        seller_position=0.3,
        lower=0,
        upper=0.5,
        now=0.1,
        is_computed=True,
        at_buyer=_both(-2, -8),
        at_seller=_both(3, 7),
        between=_both(5, 15),
        tension=-5 * MILLION,
    )
    re_export = ClauseRecord(
        id="re_export",
        kind="re_export_consent",
        subject="*",
        unit=None,
        buyer_position=0,
        seller_position=1,
        lower=0,
        upper=1,
        now=None,
        is_computed=False,
        stays="the deal does not say what it changes",
    )
    return price, royalty, advance, re_export


def _zone() -> Zone:
    all_of_it = SystemZone(
        system=None,
        name="All systems",
        quantity=52_000,
        lowest_payment=41 * MILLION,
        highest_payment=118 * MILLION,
    )
    kestrel = SystemZone(
        system="kestrel",
        name="Kestrel",
        quantity=40_000,
        lowest_payment=26 * MILLION,
        highest_payment=74 * MILLION,
        lowest_unit_price=650,
        highest_unit_price=1850,
        price_now=1000,
    )
    osprey = replace(
        kestrel,
        system="osprey",
        name="Osprey",
        quantity=12_000,
        lowest_payment=54 * MILLION,
        highest_payment=36 * MILLION,
        lowest_unit_price=4500,
        highest_unit_price=3000,
        price_now=3800,
    )
    return Zone(
        is_there=True,
        greatest_lesser_gain=63 * MILLION,
        bound=63.01 * MILLION,
        reason="Both sides gain: a Kestrel from the seller's lines costs less than half of what replaces it.",
        changes=("With the price of the Kestrel above 1,850 a unit the buyer would rather buy elsewhere.",),
        systems=(all_of_it, kestrel, osprey),
    )


def _openings() -> Openings:
    return Openings(
        Opening(terms=_terms(0), utilities=_both(199, 66), plan="plans/opening_buyer"),
        Opening(terms=_terms(1), utilities=_both(128, 149), plan="plans/opening_seller"),
    )


def full_negotiation() -> Negotiation:
    """A negotiation with a zone, where nothing is left out."""
    return Negotiation(
        title="Kestrels for the border guard",
        parties=Parties(buyer="Freedonia", seller="Sylvania"),
        currency="EUR",
        price_base_year=2027,
        digest="ab" * 32,
        options={"points": 9, "gap": 1e-4, "bargaining_power": 0.5, "workers": None},
        versions={"dronedeal": "0.1.0", "highspy": "1.15.1"},
        alternatives=ALTERNATIVES,
        alternative_plans=Alternatives(
            AlternativePlan(
                utility=120 * MILLION,
                bound=120.01 * MILLION,
                plan="plans/alternative_buyer",
                words="Buys Falcons elsewhere.",
            ),
            AlternativePlan(utility=45 * MILLION, bound=45 * MILLION, plan="plans/alternative_seller"),
        ),
        zone=_zone(),
        openings=_openings(),
        frontier=_frontier(),
        frontier_jumps=("p06",),
        is_frontier_whole=False,
        frontier_bound=_bound(),
        nash=_fair(183, 121, 63 * 76 * MILLION**2, "No other plan has a greater product of both gains."),
        kalai_smorodinsky=_fair(171, 133, 0.52, "Each side gets the same share of the most it could gain."),
        egalitarian=_fair(183, 121, 63 * MILLION, "The side that gains less gains the most that it can."),
        welfare=_fair(171, 133, 139 * MILLION, "Both together gain most."),
        clauses=_clauses(),
        exchange=ExchangeRecord(
            moves=(
                ClauseMove(clause="advance", to="seller", alone=_both(3, 7)),
                ClauseMove(clause="royalty", to="buyer", alone=_both(5.5, -13.5)),
            ),
            change=_both(9, 1.5),
            expected=_both(8.5, -6.5),
        ),
        disclosure=Disclosure(
            Revealed(
                lowest=None,
                highest=183 * MILLION,
                words="The buyer would not have signed for less than its alternative.",
                gain_by_misstating=12 * MILLION,
                misstatement="stating its own alternative 30% higher",
            ),
            Revealed(lowest=None, highest=121 * MILLION),
        ),
        analysis=AnalysisRecord(
            ground_rules=(
                "Both sides know the same plan of five years.",
                "No side pays the other in secret.",
            ),
            weights={"bargaining power of the buyer": 0.5, "discount rate of the buyer": 0.03},
            sensitivity=(
                Sensitivity(
                    input="unit cost of the Kestrel at home",
                    moved="EUR 600 to EUR 700 a unit",
                    change=_both(-2, -3),
                    is_changed=False,
                    words="The Nash point stays.",
                ),
                Sensitivity(
                    input="price of the Falcon",
                    moved="EUR 2,000 to EUR 1,500 a unit",
                    change=_both(-14, -9),
                    is_changed=True,
                    words="Joint production is no longer worth its fee.",
                ),
            ),
            assumptions=(Assumption(row="systems[falcon]", note="Made up."),),
            worth=("An effective unit of 'patrol' up to the threshold is worth EUR 3,000: said so.",),
            margins=(
                InputMargin(
                    input="the buyer's budgets",
                    address="budgets[*].amount",
                    way="down",
                    unit="share",
                    holds_to=0.1,
                    fails_at=0.125,
                    is_proven=True,
                    words="At least −10 % before it changes; at −12.5 % no plan keeps both alternatives.",
                ),
                InputMargin(
                    input="the seller's discount rate",
                    address="settings.parties.discount_rate",
                    way="up",
                    unit="points",
                    holds_to=0.05,
                    fails_at=None,
                    is_proven=False,
                    words="The recommendation stands at +5 points, the furthest move tried.",
                ),
            ),
        ),
        warnings=("The frontier was cut short after 9 points.",),
    )


def _spread(worth: tuple[float, ...], alone: float) -> Spread:
    """Of two futures with chances of 30 and 70 %."""
    low, high = (value * MILLION for value in worth)
    return Spread(
        worth=(low, high),
        mean=0.3 * low + 0.7 * high,
        worst=low,
        least=low,
        p05=low,
        p25=low,
        p50=high,
        p75=high,
        p95=high,
        most=high,
        below_alternative=0.3 if low < alone else 0.0,
        worse_than_alone=0.3 if low < 0.9 * alone else 0.0,
    )


def negotiation_over_futures() -> Negotiation:
    """The full negotiation over two futures, in one of which the seller would rather have no agreement."""
    record = full_negotiation()
    names = ("no agreement", *record.fair_points)
    points = [
        PointSpread(
            point=name,
            buyer=_spread((120.0 + 20 * place, 125.0 + 22 * place), ALTERNATIVES.buyer),
            seller=_spread((45.0 - 5 * place, 50.0 + 30 * place), ALTERNATIVES.seller),
        )
        for place, name in enumerate(names)
    ]
    nodes = (("now", None, 2027, 1.0), ("less", "now", 2028, 0.3), ("as_stated", "now", 2028, 0.7))
    futures = FuturesRecord(
        how="read from futures.yaml",
        seed=0,
        distance=0.25,
        measure="weighed",
        weighing=Weighing(share=0.2, of="each", weight=0.5),
        words="Every utility is the mean over 2 futures, the worst fifth weighed.",
        nodes=tuple(
            TreeNode(name=name, parent=parent, fiscal_year=year, probability=chance, turned_out=None)
            for name, parent, year, chance in nodes
        ),
        futures=(
            Future(name="less", probability=0.3, turned_out="buyer_need of all: less"),
            Future(name="as_stated", probability=0.7, turned_out="as stated"),
        ),
        points=tuple(points),
    )
    conclusions = (
        Conclusion(topic="zone", what="A zone", as_stated="yes", over_futures="yes", changes=False),
        Conclusion(
            topic="terms", what="Nash: terms", as_stated="price 990", over_futures="price 940", changes=True
        ),
    )
    return replace(record, futures=futures, conclusions=conclusions)


def negotiation_without_zone() -> Negotiation:
    """No plan keeps both alternatives: no frontier, no fair points, no opening with a plan."""
    full = full_negotiation()
    without = replace(
        full.zone,
        is_there=False,
        greatest_lesser_gain=None,
        bound=-3 * MILLION,
        reason="The seller cannot deliver a Kestrel for what a Falcon costs.",
        systems=full.zone.systems[2:],
    )
    no_plan = Opening(terms=_terms(0), utilities=None, reason="no plan under it keeps both alternatives")
    return replace(
        full,
        zone=without,
        openings=Openings(no_plan, None),
        frontier=(),
        frontier_jumps=(),
        frontier_bound=(),
        is_frontier_whole=True,
        nash=None,
        kalai_smorodinsky=None,
        egalitarian=None,
        welfare=None,
        clauses=(full.clauses[3],),
        exchange=None,
        disclosure=None,
        analysis=AnalysisRecord(),
        warnings=(),
    )
