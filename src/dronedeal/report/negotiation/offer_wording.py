"""Terms and standing of an offer in words."""

from __future__ import annotations

from dataclasses import dataclass

from dronedeal.negotiation.offer_record import Offer, OfferedClause
from dronedeal.negotiation.record_parts import Sides
from dronedeal.report.negotiation.wording import Voice
from dronedeal.report.wording import isolate, percent_text

FAULT_WORDS = {
    "rule": "Rule broken",
    "least": "Less than was agreed",
    "alternative": "Worse than no agreement",
    "no_effect": "Term without effect",
}


@dataclass(frozen=True)
class OfferSpeech(Voice):
    """How pages speak of one offer.

    Parameters
    ----------
    record : the offer
    """

    record: Offer

    @property
    def noun(self) -> str:
        """What the sheet is."""
        return "signed text" if self.record.is_signed else "offer"

    @property
    def called(self) -> str:
        """The sheet by its name where it has one."""
        return f"“{isolate(self.record.name)}”" if self.record.name else f"the {self.noun}"

    @property
    def change_noun(self) -> str:
        """What a change of it is."""
        return "amendment" if self.record.is_signed else "change"

    def two(self, sides: Sides) -> str:
        """How much more or less each side has, in words."""
        buyer, seller = self._more(sides.buyer), self._more(sides.seller)
        return f"{self.names['buyer']} {buyer} and {self.names['seller']} {seller}"

    def _more(self, amount: float) -> str:
        return f"{self.money(abs(amount))} {'less' if amount < 0 else 'more'}"

    def signed(self, amount: float) -> str:
        """An amount with its sign."""
        return f"{'+' if amount >= 0 else '−'}{self.money(abs(amount))}"

    def standing(self, clause: OfferedClause) -> str:
        """Where the offered value lies between what both sides ask for."""
        place = clause.place
        if place is None:
            return "–"
        if abs(place) < 5e-4:
            return f"as {self.names['buyer']} asks"
        if abs(place - 1) < 5e-4:
            return f"as {self.names['seller']} asks"
        if place < 0:
            return f"beyond what {self.names['buyer']} asks"
        if place > 1:
            return f"beyond what {self.names['seller']} asks"
        return f"{percent_text(place)} of the way to {self.names['seller']}"
