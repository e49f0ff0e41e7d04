"""Which conclusions of a negotiation change where it is over many futures, in words with figures.

Amounts always differ a little. One counts as changed where it moves by more than a hundredth of all that
both sides together can gain in the deal as stated; the value of a clause, where it moves by more than a
twentieth of its range and anybody gains or loses by it; an order, where clauses change places that are
further apart than that hundredth.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from dronedeal.negotiation.futures_record import Conclusion, Topic
from dronedeal.negotiation.record import (
    FAIR_POINTS,
    ClauseRecord,
    FairPlan,
    Negotiation,
    Sides,
)
from dronedeal.report.negotiation.wording import Voice
from dronedeal.report.wording import list_text, number_text, plain

# Share of what both together can gain, and of a range, from which on a figure is another one.
_TELLING, _OF_RANGE = 0.01, 0.05
# Clauses whose order is compared.
_FIRST = 5
_SIDES = ("buyer", "seller")
NO_AGREEMENT = "no agreement"


def conclusions(as_stated: Negotiation, over: Negotiation) -> tuple[Conclusion, ...]:
    """What both negotiations of a deal lead to, side by side.

    Parameters
    ----------
    as_stated : of the deal as it is stated
    over : of the same deal over many futures
    """
    return tuple(_Comparison(as_stated, over).all())


class _Comparison:
    """Two records of one deal."""

    def __init__(self, as_stated: Negotiation, over: Negotiation) -> None:
        self.as_stated, self.over = as_stated, over
        self.names = {clause.id: clause.name or plain(clause.id) for clause in over.clauses}

    def all(self) -> Iterator[Conclusion]:
        """Every conclusion, in the order in which a delegation meets them."""
        yield from self.zone()
        yield from self.without()
        yield from self.ends()
        for name in FAIR_POINTS:
            yield from self.fair(name)
        yield from self.openings()
        yield from self.order()
        yield from self.signs()
        yield from self.packages()
        yield from self.exchange()

    @cached_property
    def telling(self) -> float:
        """Amount from which on a difference is told, currency."""
        best = self.as_stated.welfare or self.over.welfare
        alone = self.as_stated.alternatives
        size = abs(alone.buyer) + abs(alone.seller)
        return _TELLING * max(1.0, size if best is None else best.gains.buyer + best.gains.seller)

    def money(self, amount: float) -> str:
        return Voice(self.over).money(amount)

    def pair(self, sides: Sides | None) -> str:
        """An amount of each side."""
        if sides is None:
            return NO_AGREEMENT
        return f"buyer {self.money(sides.buyer)}, seller {self.money(sides.seller)}"

    def differ(self, one: Sides | None, other: Sides | None) -> bool:
        """Whether either side's amount is another one."""
        if one is None or other is None:
            return one is not other
        return any(abs(getattr(one, side) - getattr(other, side)) > self.telling for side in _SIDES)

    def compared(self, topic: Topic, what: str, one: Sides | None, other: Sides | None) -> Conclusion:
        """Two amounts of each side."""
        return Conclusion(
            topic=topic,
            what=what,
            as_stated=self.pair(one),
            over_futures=self.pair(other),
            changes=self.differ(one, other),
        )

    def zone(self) -> Iterator[Conclusion]:
        """Whether both can gain, and the gain of whoever gains less."""
        zones = self.as_stated.zone, self.over.zone
        words = []
        for each in zones:
            least = each.greatest_lesser_gain
            gain = "" if least is None else f"; the side that gains less gains {self.money(least)} at most"
            words.append(f"{'yes' if each.is_there else 'no'}{gain}")
        changes = zones[0].is_there != zones[1].is_there
        yield Conclusion(
            topic="zone",
            what="Whether there is a zone of agreement",
            as_stated=words[0],
            over_futures=words[1],
            changes=changes,
        )

    def without(self) -> Iterator[Conclusion]:
        """What each side has alone."""
        yield self.compared(
            "alternatives",
            "What each side has without an agreement",
            self.as_stated.alternatives,
            self.over.alternatives,
        )

    def ends(self) -> Iterator[Conclusion]:
        """The most that each side can gain on the frontier."""
        if self.as_stated.frontier and self.over.frontier:
            yield self.compared(
                "frontier",
                "The most that each side can gain, the other being no worse off",
                _most(self.as_stated),
                _most(self.over),
            )

    def fair(self, name: str) -> Iterator[Conclusion]:
        """Gains and terms of a fair point."""
        one, other = self.as_stated.fair_points.get(name), self.over.fair_points.get(name)
        if one is None and other is None:
            return
        words = FAIR_POINTS[name]
        gains = [None if point is None else point.gains for point in (one, other)]
        yield self.compared("gains", f"{words}: what both gain", *gains)
        if one is not None and other is not None:
            yield self.terms(words, one, other)

    def terms(self, words: str, one: FairPlan, other: FairPlan) -> Conclusion:
        """Terms of a fair point that are other ones."""
        moved = [
            clause
            for clause in self.over.clauses
            if _is_moved(clause, one, other) and clause.id not in self.idle
        ]
        texts = [
            list_text([f"{self.names[clause.id]} {number_text(point.terms[clause.id])}" for clause in moved])
            if moved
            else "the same terms"
            for point in (one, other)
        ]
        return Conclusion(
            topic="terms",
            what=f"{words}: terms",
            as_stated=texts[0],
            over_futures=texts[1],
            changes=bool(moved),
        )

    @cached_property
    def idle(self) -> frozenset[str]:
        """Clauses by which nobody gains or loses anything that could be told, in either negotiation."""
        worth = [
            {clause.id: clause.between for clause in record.clauses} for record in (self.as_stated, self.over)
        ]
        nothing = (0, 0)
        return frozenset(
            name
            for name in self.names
            if all((each := known.get(name)) is not None and self.sign(each) == nothing for known in worth)
        )

    def openings(self) -> Iterator[Conclusion]:
        """Whether what a side asks for leaves both what they have alone."""
        for side in _SIDES:
            both = [getattr(record.openings, side) for record in (self.as_stated, self.over)]
            if None in both:
                continue
            gains = [
                None if each.utilities is None else Voice(record).gains(each.utilities)
                for record, each in zip((self.as_stated, self.over), both, strict=True)
            ]
            yield self.compared(
                "gains", f"All clauses as the {side} asks: what both gain", gains[0], gains[1]
            )

    def order(self) -> Iterator[Conclusion]:
        """The clauses that divide both sides most."""
        tensions = [
            {clause.id: clause.tension for clause in record.clauses if clause.tension is not None}
            for record in (self.as_stated, self.over)
        ]
        first = [list(each)[:_FIRST] for each in tensions]
        if not all(first):
            return
        texts = [list_text([self.names.get(name, plain(name)) for name in names]) for names in first]
        yield Conclusion(
            topic="clauses",
            what="Clauses that divide both sides most, the most divisive first",
            as_stated=texts[0],
            over_futures=texts[1],
            changes=self.is_reordered(first[0], tensions[1]) or self.is_reordered(first[1], tensions[0]),
        )

    def is_reordered(self, order: Sequence[str], tension: Mapping[str, float]) -> bool:
        """Whether an order is contradicted by tensions that can be told apart."""
        known = [tension[name] for name in order if name in tension]
        return any(
            later > earlier + self.telling
            for place, earlier in enumerate(known)
            for later in known[place + 1 :]
        )

    def signs(self) -> Iterator[Conclusion]:
        """Who gains when a clause goes from the buyer's position to the seller's, where that changes."""
        before = {clause.id: clause for clause in self.as_stated.clauses}
        count = 0
        for clause in self.over.clauses:
            known = before.get(clause.id)
            if known is None or known.between is None or clause.between is None:
                continue
            count += 1
            if self.sign(known.between) != self.sign(clause.between):
                yield Conclusion(
                    topic="clauses",
                    what=f"Who gains when {self.names[clause.id]} goes from the buyer's position to the "
                    "seller's",
                    as_stated=self.pair(known.between),
                    over_futures=self.pair(clause.between),
                    changes=True,
                )
        if count:
            yield Conclusion(
                topic="clauses",
                what=f"Who gains by each other clause, of {count} in all",
                as_stated="as computed",
                over_futures="the same sides",
                changes=False,
            )

    def sign(self, change: Sides) -> tuple[int, int]:
        """Whether each side gains, loses, or neither that could be told."""
        buyer, seller = (
            0 if abs(amount) <= self.telling else 1 if amount > 0 else -1
            for amount in (change.buyer, change.seller)
        )
        return buyer, seller

    def packages(self) -> Iterator[Conclusion]:
        """The package of clauses at a few places that the Nash point is of."""
        found = [_package_of_nash(record) for record in (self.as_stated, self.over)]
        if None in found:
            return
        texts = [
            list_text([f"{self.names.get(name, plain(name))} {number_text(at)}" for name, at in each.items()])
            if each
            else "as the deal stands"
            for each in found
            if each is not None
        ]
        yield Conclusion(
            topic="packages",
            what="Clauses at a few places only, at the Nash point",
            as_stated=texts[0],
            over_futures=texts[1],
            changes=found[0] != found[1],
        )

    def exchange(self) -> Iterator[Conclusion]:
        """The exchange of clauses that helps both most."""
        found = [record.exchange for record in (self.as_stated, self.over)]
        if found == [None, None]:
            return
        texts = [
            "none"
            if each is None
            else list_text([f"{self.names.get(m.clause, plain(m.clause))} {_TO[m.to]}" for m in each.moves])
            + f" ({self.pair(each.change)})"
            for each in found
        ]
        moves = [None if each is None else {(m.clause, m.to) for m in each.moves} for each in found]
        yield Conclusion(
            topic="exchange",
            what="The exchange of clauses that helps both most",
            as_stated=texts[0],
            over_futures=texts[1],
            changes=moves[0] != moves[1],
        )


_TO = {"buyer": "as the buyer asks", "seller": "as the seller asks", "dropped": "dropped"}


def _most(record: Negotiation) -> Sides:
    """The greatest gain of each side over all points of the frontier."""
    alone, points = record.alternatives, record.frontier
    return Sides(
        max(point.utilities.buyer for point in points) - alone.buyer,
        max(point.utilities.seller for point in points) - alone.seller,
    )


def _is_moved(clause: ClauseRecord, one: FairPlan, other: FairPlan) -> bool:
    """Whether a clause stands elsewhere in its range."""
    values = [point.terms.get(clause.id) for point in (one, other)]
    before, after = values
    if before is None or after is None:
        return False
    low, high = clause.lower, clause.upper
    span = abs(before) if low is None or high is None else high - low
    return abs(after - before) > _OF_RANGE * span


def _package_of_nash(record: Negotiation) -> Mapping[str, float] | None:
    """Terms of the package that the Nash point is of; None: there is one package only, or no such point."""
    if record.packages is None:
        return None
    return next((each.terms for each in record.packages.examined if "nash" in each.points), None)
