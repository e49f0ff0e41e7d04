"""The part of the record of a negotiation that an analysis of alternatives takes over."""

from __future__ import annotations

from collections.abc import Sequence

from dronedeal.deal import Deal
from dronedeal.deal.one_side import statement
from dronedeal.negotiation.analysis_record import AnalysisRecord, InputMargin
from dronedeal.negotiation.record_parts import Assumption, Sensitivity
from dronedeal.report.sections.sources import stated_rows
from dronedeal.report.sections.worth import statement_words

_GROUND_RULES = (
    "Both utilities are discounted base-year money, each side at its own discount rate.",
    "Without an agreement no system of the seller is delivered to the buyer and no joint project begins.",
    "A point of the frontier is a plan under terms that can be written down: one value of a clause holds for "
    "every delivery.",
    "Costs that fall with experience are counted as they truly are; bounds use costs that no plan undercuts.",
    "What is recommended is the Nash point: the plan and the terms with the greatest product of both gains.",
)


def analysis_record(
    deal: Deal, *, sensitivity: Sequence[Sensitivity], margins: Sequence[InputMargin]
) -> AnalysisRecord:
    """Ground rules, weights, assumptions, worth of needs and sensitivity of a negotiation.

    Parameters
    ----------
    sensitivity : of the recommendation to both alternatives, on the known frontier
    margins : how far the main inputs may move
    """
    alone = statement(deal)
    return AnalysisRecord(
        ground_rules=(*_GROUND_RULES, *([alone] if alone else [])),
        weights={
            "Bargaining power of the buyer": 1.0,
            "Bargaining power of the seller": 1.0,
            "Discount rate of the buyer": deal.settings.buyer.discount_rate,
            "Discount rate of the seller": deal.settings.seller.discount_rate,
        },
        worth=statement_words(deal),
        assumptions=tuple(
            Assumption(row=f"{row.table}[{row.key}]", note=row.note)
            for row in stated_rows(deal)
            if row.basis == "assumption"
        ),
        sensitivity=tuple(sensitivity),
        margins=tuple(margins),
    )
