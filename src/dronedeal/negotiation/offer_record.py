"""What one offer is worth to both sides, as plain data: the content of `offer.json`.

Whoever computes fills the record; page, workbook and term sheets read nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from dronedeal.errors import NegotiationFileError
from dronedeal.negotiation.plain_data import FaultyDataError, JsonObject, Meaning, plain_data, record_from
from dronedeal.negotiation.record_parts import (
    MONEY,
    Alternatives,
    Openings,
    OptionValue,
    Parties,
    Sides,
    Terms,
)

OFFER_FORMAT = "dronedeal-offer/1"
FaultKind = Literal["rule", "least", "alternative", "no_effect"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedClause:
    """One clause of the deal: what the offer makes of it, and what that is worth to both sides."""

    id: Annotated[str, Meaning("Name of the clause inside the deal")]
    name: Annotated[str, Meaning("What pages call it; empty: its id in words")] = ""
    kind: Annotated[str, Meaning("What it changes, such as price or royalty")]
    subject: Annotated[str, Meaning("Cells of the deal that it changes; `*`: those of its effects")]
    unit: Annotated[str | None, Meaning("Unit of its values; null: not known")] = None
    words: Annotated[str, Meaning("What the deal notes of it")] = ""
    is_named: Annotated[bool, Meaning("Whether the offer names it; otherwise it stays as in the deal")]
    is_frozen: Annotated[bool, Meaning("Whether the offer says that it is not talked about again")] = False
    now: Annotated[
        float | None, Meaning("Its value in the deal as it stands; null: there is no one value", "its unit")
    ]
    offered: Annotated[
        float | None, Meaning("Its value in the offer; null: as in the deal, without one value", "its unit")
    ]
    buyer_position: Annotated[float | None, Meaning("What the buyer asks for; null: nothing", "its unit")]
    seller_position: Annotated[float | None, Meaning("What the seller asks for; null: nothing", "its unit")]
    lower: Annotated[float | None, Meaning("Least value that can be agreed; null: not known", "its unit")]
    upper: Annotated[float | None, Meaning("Greatest value that can be agreed; null: not known", "its unit")]
    place: Annotated[
        float | None,
        Meaning(
            "How far from the buyer's position (0) to the seller's (1) it lies; null: not known", "share"
        ),
    ]
    alone: Annotated[
        Sides | None,
        Meaning(
            "Change of both utilities when the deal as it stands takes this clause alone from the offer; "
            "null: the offer leaves it as it is, or there is then no agreement",
            MONEY,
        ),
    ] = None
    within: Annotated[
        Sides | None,
        Meaning(
            "What both gain by it inside the offer: the offer less the offer with this clause as the deal "
            "has it; null: the offer leaves it as it is, or there is then no agreement",
            MONEY,
        ),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferFault:
    """A rule or a limit that the offer breaks, or something in it that does nothing."""

    kind: Annotated[
        FaultKind,
        Meaning(
            "`rule`: the plan under the offer breaks it; `least`: a side has less than the offer says; "
            "`alternative`: a side is better off without the "
            "offer; `no_effect`: a term changes nothing"
        ),
    ]
    subject: Annotated[str, Meaning("The rule, the side or the clause")]
    words: Annotated[str, Meaning("What is broken and by how much, in the words of the contract")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedTerm:
    """One clause that the improvement moves."""

    clause: Annotated[str, Meaning("Name of the clause")]
    offered: Annotated[float | None, Meaning("Its value in the offer; null: no one value", "its unit")]
    proposed: Annotated[float, Meaning("Its value in the improvement", "its unit")]
    alone: Annotated[
        Sides | None,
        Meaning("Change of both utilities when it alone moves; null: there is then no agreement", MONEY),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Improvement:
    """The change of as few clauses as can be after which both sides have more than under the offer."""

    moves: Annotated[tuple[ProposedTerm, ...], Meaning("The clauses that move")]
    terms: Annotated[Terms, Meaning("The terms of the offer with this change")]
    utilities: Annotated[Sides, Meaning("What the joint plan under them is worth", MONEY)]
    change: Annotated[Sides, Meaning("What both sides have more than under the offer", MONEY)]
    is_proven: Annotated[
        bool,
        Meaning(
            "Whether it is worth more to both together than any plan under the offer can be; otherwise a "
            "better plan under the offer might do as much"
        ),
    ]
    plan: Annotated[str | None, Meaning("Folder of the plan; null: it was not written")] = None


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One term sheet, what it is worth to both sides, and what would be worth more to both."""

    format: Annotated[Literal["dronedeal-offer/1"], Meaning("Version of this format")] = "dronedeal-offer/1"
    title: Annotated[str, Meaning("Title of the deal")]
    name: Annotated[str | None, Meaning("What the term sheet is called; null: nothing")]
    is_signed: Annotated[bool, Meaning("Whether both sides have signed it")]
    parties: Annotated[Parties, Meaning("Names of both sides")]
    currency: Annotated[str, Meaning("Currency of every amount", pattern="[A-Z]{3}")]
    price_base_year: Annotated[int, Meaning("Fiscal year of the buyer whose prices are the base")]
    digest: Annotated[str, Meaning("SHA-256 of the deal as it stands", pattern="[0-9a-f]{64}")]
    digest_under: Annotated[str, Meaning("SHA-256 of the deal under the offer", pattern="[0-9a-f]{64}")]
    options: Annotated[Mapping[str, OptionValue], Meaning("Options of the run")]
    versions: Annotated[Mapping[str, str], Meaning("Versions of the programs that made it")]
    alternatives: Annotated[Sides, Meaning("What each side has without an agreement", MONEY)]
    alternative_plans: Annotated[Alternatives, Meaning("The plans behind it")]
    terms: Annotated[Terms, Meaning("Value of every clause that the offer names")]
    least: Annotated[
        Mapping[str, float],
        Meaning("What the offer says the plan must leave `buyer` and `seller` at least", MONEY),
    ]
    utilities: Annotated[Sides, Meaning("What the plan under the offer is worth", MONEY)]
    gains: Annotated[Sides, Meaning("What each side has more than without an agreement", MONEY)]
    keeps_alternatives: Annotated[bool, Meaning("Whether no side is better off without an agreement")]
    keeps_rules: Annotated[bool, Meaning("Whether the plan keeps every rule of the deal")]
    status: Annotated[str, Meaning("Status of the plan, as in `plan.json`")]
    bound: Annotated[
        float | None,
        Meaning("No plan under the offer is worth more to both together; null: nothing is proven", MONEY),
    ]
    gap: Annotated[float | None, Meaning("Gap of the plan to that bound; null: nothing is proven", "share")]
    plan: Annotated[str | None, Meaning("Folder of the plan; null: it was not written")] = None
    plan_words: Annotated[str, Meaning("Which plan under the offer it is, in words")] = ""
    as_it_stands: Annotated[
        Sides | None,
        Meaning("What the joint plan of the deal as it stands is worth; null: there is no agreement", MONEY),
    ]
    openings: Annotated[Openings, Meaning("What each side asks for, taken as a whole")]
    clauses: Annotated[tuple[OfferedClause, ...], Meaning("Every clause, those that the offer moves first")]
    faults: Annotated[
        tuple[OfferFault, ...], Meaning("Rules and limits that it breaks, the worst first")
    ] = ()
    improvement: Annotated[
        Improvement | None, Meaning("The smallest change that helps both; null: none was found")
    ] = None
    improvement_bound: Annotated[
        float | None,
        Meaning(
            "By no change of terms in proportion can both sides have more than that beyond the offer; null: "
            "nothing is proven",
            MONEY,
        ),
    ] = None
    improvement_words: Annotated[str, Meaning("What was found, and what is proven, in words")] = ""
    warnings: Annotated[tuple[str, ...], Meaning("What a reader must know before using the figures")] = ()

    def to_data(self) -> JsonObject:
        """The content of `offer.json` as plain data, keys in their fixed order.

        Raises
        ------
        FaultyDataError : where a value is not what its definition allows
        """
        return plain_data(self)

    @classmethod
    def from_data(cls, data: object) -> Offer:
        """The offer that was written as plain data.

        Raises
        ------
        NegotiationFileError : naming every fault at its address
        """
        try:
            return record_from(cls, data)
        except FaultyDataError as error:
            raise NegotiationFileError(str(error)) from None
