"""Which packages of clauses are looked at, where a clause has positions and nothing between them.

Such a clause is at one of a few *places*: the deal as it stands, and the position of each side. A *package*
is a place for each. Where the packages are few, all are looked at. Else these, in their order, until there
are enough:

1. the deal as it stands, and all clauses at the position of either side;
2. every package that is best for some weight of the buyer's utility between 0 and 1, if what clauses change
   one by one adds up: each clause is then where its own weighted change is greatest. As the weight rises from
   nothing to all, a clause moves where two of its places change order, so that these packages are hardly more
   than the clauses. Those with equal weights first, since prices carry money from side to side;
3. packages that differ from one of these by one clause, the least loss of the sum first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise, product
from math import prod

from dronedeal.negotiation.evaluator import BUYER, SELLER, Utilities

Package = Mapping[str, float]
"""Value of each clause; one that is not named stays as it is in the deal."""
Places = Mapping[str, Sequence[float | None]]
"""Where each clause can be: first as it is in the deal, which may have no one value (None)."""
Changes = Mapping[tuple[str, float], Utilities | None]
"""What both sides gain by one clause going somewhere, all else staying; None: there is then no agreement."""

_EVEN = 0.5
_FEW = "packages are few, so that all are looked at"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One package, and why it is looked at.

    package : value of each clause; reasons : in words, the first one first
    """

    package: Package
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PackageChoice:
    """The packages that are looked at.

    chosen : the first is the deal as it stands; count : of all that there are
    """

    chosen: tuple[Candidate, ...]
    count: int

    @property
    def is_whole(self) -> bool:
        """Whether all packages are looked at."""
        return len(self.chosen) == self.count


def chosen_packages(
    places: Places,
    openings: Mapping[str, Package],
    *,
    most: int,
    changes: Callable[[], Changes],
    is_filled: bool = True,
    telling: Utilities = (0.0, 0.0),
) -> PackageChoice:
    """The packages to look at; see above.

    Parameters
    ----------
    places : of every clause; two places of one clause differ
    openings : all clauses at the position of a side, by that side
    most : packages at most, at least 1
    changes : asked only where there are more packages than that
    is_filled : whether packages of the third kind are taken
    telling : a change of (buyer, seller) below both counts as none

    Examples
    --------
    >>> places = {"rights": (0.0, 1.0), "date": (0.0, 12.0), "permit": (1.0, 3.0)}
    >>> worth = {("rights", 1.0): (-9, 1), ("date", 12.0): (5, 2), ("permit", 3.0): (4, -2)}
    >>> opening = {"seller": {"rights": 1.0, "date": 12.0, "permit": 3.0}}
    >>> found = chosen_packages(places, opening, most=4, changes=lambda: worth, is_filled=False)
    >>> for each in found.chosen:
    ...     print(dict(each.package), each.reasons[0])
    {'rights': 0.0, 'date': 0.0, 'permit': 1.0} as the deal stands
    {'rights': 1.0, 'date': 12.0, 'permit': 3.0} all at the seller's position
    {'rights': 0.0, 'date': 12.0, 'permit': 3.0} worth most to both together
    {'rights': 0.0, 'date': 12.0, 'permit': 1.0} worth most with 22 % of the weight on the buyer
    """
    count = prod(len(each) for each in places.values())
    chosen = _Chosen(most)
    chosen.add(_package({clause: each[0] for clause, each in places.items()}), "as the deal stands")
    for side, package in openings.items():
        chosen.add(package, f"all at the {side}'s position")
    if count <= most:
        for each in _every(places):
            chosen.add(each, _FEW)
    elif not chosen.is_full:
        _add_promising(chosen, _worth(places, changes(), telling), is_filled=is_filled)
    return PackageChoice(chosen.candidates, count)


class _Chosen:
    """Packages in the order in which they come, each once, up to so many."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._found: dict[tuple[tuple[str, float], ...], tuple[Package, list[str]]] = {}

    @property
    def is_full(self) -> bool:
        return len(self._found) >= self.most

    def add(self, package: Package, reason: str) -> None:
        """Add a package, or one more reason for one that is there."""
        key = tuple(sorted(package.items()))
        if key in self._found:
            self._found[key][1].extend([reason] if reason != _FEW else [])
        elif not self.is_full:
            self._found[key] = package, [reason]

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        return tuple(
            Candidate(package, tuple(dict.fromkeys(reasons))) for package, reasons in self._found.values()
        )


# Places of one clause, each with what going there changes.
_Worth = Mapping[str, Mapping[float | None, Utilities]]


def _worth(places: Places, changes: Changes, telling: Utilities) -> _Worth:
    """What each place of each clause changes; without those at which there is no agreement, or none known."""
    worth: dict[str, dict[float | None, Utilities]] = {}
    for clause, each in places.items():
        worth[clause] = {each[0]: (0.0, 0.0)}
        for place in each[1:]:
            change = None if place is None else changes.get((clause, place))
            if change is not None:
                is_none = all(abs(change[side]) <= telling[side] for side in (BUYER, SELLER))
                worth[clause][place] = (0.0, 0.0) if is_none else change
    return worth


def _add_promising(chosen: _Chosen, worth: _Worth, *, is_filled: bool) -> None:
    weights = _weights(worth)
    packages: list[Mapping[str, float | None]] = [
        {clause: _best(each, weight) for clause, each in worth.items()} for weight in weights
    ]
    for weight, package in zip(weights, packages, strict=True):
        name = "to both together" if weight == _EVEN else f"with {weight:.0%} of the weight on the buyer"
        chosen.add(_package(package), f"worth most {name}".replace("%", " %"))
    if is_filled:
        for package in _one_away(packages, worth):
            if chosen.is_full:
                return
            chosen.add(_package(package), "one clause away from a package that is worth most")


def _best(each: Mapping[float | None, Utilities], weight: float) -> float | None:
    """The place with the greatest weighted change; of equal ones the first, the deal as it stands."""
    return max(each, key=lambda place: weight * each[place][BUYER] + (1 - weight) * each[place][SELLER])


def _weights(worth: _Worth) -> list[float]:
    """One weight of the buyer's utility between any two at which two places of a clause change order.

    The even one first, then by their distance from it.
    """
    turns = {0.0, 1.0}
    for each in worth.values():
        for one, other in combinations(each.values(), 2):
            buyer, seller = other[BUYER] - one[BUYER], other[SELLER] - one[SELLER]
            # weight · buyer + (1 − weight) · seller = 0
            if seller != buyer and 0.0 < seller / (seller - buyer) < 1.0:
                turns.add(seller / (seller - buyer))
    between = [(low + high) / 2 for low, high in pairwise(sorted(turns))]
    return [_EVEN, *sorted(between, key=lambda weight: (abs(weight - _EVEN), weight))]


def _one_away(
    packages: Sequence[Mapping[str, float | None]], worth: _Worth
) -> list[Mapping[str, float | None]]:
    """Packages that differ by one clause, the least loss of the sum first."""

    def loss(found: tuple[Mapping[str, float | None], str, float | None]) -> float:
        package, clause, place = found
        return sum(worth[clause][package[clause]]) - sum(worth[clause][place])

    moved = [
        (package, clause, place)
        for package in packages
        for clause, each in worth.items()
        for place in each
        if place != package[clause]
    ]
    return [{**package, clause: place} for package, clause, place in sorted(moved, key=loss)]


def _every(places: Places) -> Iterator[Package]:
    for each in product(*places.values()):
        yield _package(dict(zip(places, each, strict=True)))


def _package(package: Mapping[str, float | None]) -> Package:
    return {clause: place for clause, place in package.items() if place is not None}
