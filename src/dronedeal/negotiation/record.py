"""The whole result of a negotiation as plain data: the content of `negotiation.json`.

Whoever computes fills the record; pages, workbook and term sheet read nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from dronedeal.errors import NegotiationFileError
from dronedeal.negotiation.analysis_record import AnalysisRecord, InputMargin
from dronedeal.negotiation.futures_record import Conclusion, FuturesRecord
from dronedeal.negotiation.plain_data import FaultyDataError, JsonObject, Meaning, plain_data, record_from
from dronedeal.negotiation.record_parts import (
    MONEY,
    AlternativePlan,
    Alternatives,
    Assumption,
    ClauseInteraction,
    ClauseMove,
    ClauseRecord,
    Disclosure,
    ExchangeRecord,
    FairPlan,
    FrontierPlan,
    Limits,
    MoveTo,
    Opening,
    Openings,
    OptionValue,
    PackageRecord,
    PackagesRecord,
    Parties,
    Revealed,
    Sensitivity,
    Sides,
    SystemZone,
    Terms,
    Zone,
    proven,
)

__all__ = [
    "FAIR_POINTS",
    "MONEY",
    "NEGOTIATION_FORMAT",
    "AlternativePlan",
    "Alternatives",
    "AnalysisRecord",
    "Assumption",
    "ClauseInteraction",
    "ClauseMove",
    "ClauseRecord",
    "Conclusion",
    "Disclosure",
    "ExchangeRecord",
    "FairPlan",
    "FrontierPlan",
    "FuturesRecord",
    "InputMargin",
    "Limits",
    "MoveTo",
    "Negotiation",
    "Opening",
    "Openings",
    "OptionValue",
    "PackageRecord",
    "PackagesRecord",
    "Parties",
    "Revealed",
    "Sensitivity",
    "Sides",
    "SystemZone",
    "Terms",
    "Zone",
    "proven",
]

NEGOTIATION_FORMAT = "dronedeal-negotiation/1"


@dataclass(frozen=True, kw_only=True)
class Negotiation:
    """Alternatives, zone, frontier, fair points and prices of clauses: the content of `negotiation.json`."""

    format: Annotated[Literal["dronedeal-negotiation/1"], Meaning("Version of this format")] = (
        "dronedeal-negotiation/1"
    )
    title: Annotated[str, Meaning("Title of the deal")]
    parties: Annotated[Parties, Meaning("Names of both sides")]
    currency: Annotated[str, Meaning("Currency of every amount", pattern="[A-Z]{3}")]
    price_base_year: Annotated[int, Meaning("Fiscal year of the buyer whose prices are the base")]
    digest: Annotated[str, Meaning("SHA-256 of the deal", pattern="[0-9a-f]{64}")]
    options: Annotated[Mapping[str, OptionValue], Meaning("Options of the run")]
    versions: Annotated[Mapping[str, str], Meaning("Versions of the programs that made it")]
    alternatives: Annotated[Sides, Meaning("What each side has without an agreement", MONEY)]
    alternative_plans: Annotated[Alternatives, Meaning("The plans behind it")]
    zone: Annotated[Zone, Meaning("Whether both sides can gain, and at which payments")]
    openings: Annotated[Openings, Meaning("What each side asks for, taken as a whole")]
    frontier: Annotated[
        tuple[FrontierPlan, ...], Meaning("Points of the frontier by rising utility of the buyer")
    ]
    frontier_jumps: Annotated[
        tuple[str, ...],
        Meaning("Ids of points for which it is proven that nothing efficient lies between them and the next"),
    ] = ()
    is_frontier_whole: Annotated[
        bool, Meaning("Whether every part of the frontier is known down to the resolution asked for")
    ]
    frontier_bound: Annotated[
        tuple[Sides, ...],
        Meaning(
            "Corners of a curve, by rising utility of the buyer, beyond which it is proven that no plan lies",
            MONEY,
        ),
    ] = ()
    nash: Annotated[FairPlan | None, Meaning("Greatest product of the gains; null: there is no zone")]
    kalai_smorodinsky: Annotated[
        FairPlan | None, Meaning("Gains in proportion to the most that each side could gain; null: no zone")
    ]
    egalitarian: Annotated[FairPlan | None, Meaning("Greatest lesser gain; null: there is no zone")]
    welfare: Annotated[FairPlan | None, Meaning("Greatest sum of the gains; null: there is no zone")]
    clauses: Annotated[
        tuple[ClauseRecord, ...], Meaning("Every clause, from the one that divides both sides most")
    ]
    clause_reference: Annotated[
        str, Meaning("Term sheet against which changes of clauses are stated, in words")
    ] = "the Nash point"
    packages: Annotated[
        PackagesRecord | None,
        Meaning("Packages of clauses that are not in proportion; null: one only, the deal as it stands"),
    ] = None
    exchange: Annotated[
        ExchangeRecord | None, Meaning("The exchange of clauses that helps both most; null: none was found")
    ] = None
    disclosure: Annotated[
        Disclosure | None, Meaning("What outcomes give away of each side; null: not computed")
    ] = None
    analysis: Annotated[
        AnalysisRecord, Meaning("What an analysis of alternatives takes over as it stands")
    ] = field(default_factory=AnalysisRecord)
    futures: Annotated[
        FuturesRecord | None,
        Meaning("The futures that it is over, of which every utility is made; null: the deal as stated"),
    ] = None
    conclusions: Annotated[
        tuple[Conclusion, ...],
        Meaning("What the deal as stated, and many futures, lead to, side by side; empty: not compared"),
    ] = ()
    was_stopped: Annotated[
        bool,
        Meaning("Whether the work ended before it was whole; what is null or missing may then not be known"),
    ] = False
    perspective: Annotated[
        str | None,
        Meaning("Whose folder alone the run was given, and which tables are estimates, in words; null: both"),
    ] = None
    warnings: Annotated[tuple[str, ...], Meaning("What a reader must know before using the figures")] = ()

    @property
    def fair_points(self) -> Mapping[str, FairPlan]:
        """The fair points that there are, by name."""
        named = {name: getattr(self, name) for name in FAIR_POINTS}
        return {name: point for name, point in named.items() if point is not None}

    def to_data(self) -> JsonObject:
        """The content of `negotiation.json` as plain data, keys in their fixed order.

        Raises
        ------
        FaultyDataError : where a value is not what its definition allows
        """
        return plain_data(self)

    @classmethod
    def from_data(cls, data: object) -> Negotiation:
        """The negotiation that was written as plain data.

        Raises
        ------
        NegotiationFileError : naming every fault at its address
        """
        try:
            return record_from(cls, data)
        except FaultyDataError as error:
            raise NegotiationFileError(str(error)) from None


FAIR_POINTS: Mapping[str, str] = {
    "nash": "Nash",
    "kalai_smorodinsky": "Kalai–Smorodinsky",
    "egalitarian": "Egalitarian",
    "welfare": "Greatest welfare",
}
"""Names of the fair points in the record, and in words."""
