"""Preferences without points: amounts, substitutes and rankings become consistent values, or a
contradiction.

All statements are about values above nothing, and each is a difference of logarithms:

    an amount      low ≤ v_i ≤ high               ln v_i between ln low and ln high
    a substitute   low · v_j ≤ v_i ≤ high · v_j    ln v_i − ln v_j between ln low and ln high
    a ranking      v_i ≥ times · v_j              ln v_i − ln v_j at least ln times

Such constraints are edges of a graph, with money as one more item whose value is 1 (Bellman 1958; Cormen and
others, *Introduction to Algorithms*, "Difference constraints and shortest paths"). They can be kept together
where the graph has no cycle of negative length. The least and the greatest value of an item are then shortest
paths from and to money, and halfway between all least and all greatest logarithms every statement is kept,
since the constraints are convex. Where there is a negative cycle, one with the fewest statements is named.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dronedeal.errors import InputError

FloatArray = npt.NDArray[np.float64]
MONEY = ""
# A contradiction smaller than this share of a value is rounding.
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Amount:
    """An item is worth an amount of money.

    Parameters
    ----------
    low, high : least and greatest worth, above 0; `high` missing: exactly `low`
    """

    item: str
    low: float
    high: float | None = None

    def words(self) -> str:
        """The statement in a sentence."""
        return f"{self.item} is worth {_range(self.low, self.high)}"


@dataclass(frozen=True, slots=True)
class Substitute:
    """An item is worth so many of another, whose price or value is stated elsewhere.

    Parameters
    ----------
    low, high : how many, above 0; `high` missing: exactly `low`
    """

    item: str
    substitute: str
    low: float = 1.0
    high: float | None = None

    def words(self) -> str:
        """The statement in a sentence."""
        factor = _range(self.low, self.high)
        much = "as much as" if factor == "1" else f"{factor} times"
        return f"{self.item} is worth {much} {self.substitute}"


@dataclass(frozen=True, slots=True)
class Ranked:
    """One item is worth at least as much as another, or at least so many times as much."""

    better: str
    worse: str
    times: float = 1.0

    def words(self) -> str:
        """The statement in a sentence."""
        much = "as much as" if self.times == 1.0 else f"{_number(self.times)} times as much as"
        return f"{self.better} is worth at least {much} {self.worse}"


Statement = Amount | Substitute | Ranked


@dataclass(frozen=True, slots=True)
class Worth:
    """What the statements say of one item, in money.

    Parameters
    ----------
    value : one that keeps every statement together with the values of all other items; None: no amount
    bounds
        the item from both sides, so that any value would be invented
    low, high : least and greatest value that the statements allow; 0 and infinity: none
    """

    item: str
    value: float | None
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Contradiction:
    """As few statements as can be that cannot all be true; any one of them given up resolves it.

    Parameters
    ----------
    statements : numbers of the statements, from the first that was made
    set_aside : the one that values are worked out without: the one made last
    words : what the last one says and what the others together say
    """

    statements: tuple[int, ...]
    set_aside: int
    words: str


@dataclass(frozen=True, slots=True)
class Preferences:
    """Values of all items, in the order of their first mention, and what contradicts what.

    Parameters
    ----------
    worths : with contradictions, without the statements set aside
    """

    worths: tuple[Worth, ...]
    contradictions: tuple[Contradiction, ...]

    @property
    def values(self) -> dict[str, float]:
        """The values of the items that have one."""
        return {worth.item: worth.value for worth in self.worths if worth.value is not None}


def preferences(statements: Sequence[Statement]) -> Preferences:
    """Consistent values from statements, and every contradiction among them.

    Parameters
    ----------
    statements : in the order in which they were made

    Raises
    ------
    InputError : a number that is not above 0, a range that ends before it begins, or an item compared with
    itself

    Examples
    --------
    >>> stated = [Amount("radar", 100.0), Substitute("jammer", "radar", 0.5, 0.7), Ranked("radar", "decoy")]
    >>> for each in preferences(stated).worths:
    ...     print(each.item, each.value and round(each.value, 2), round(each.low, 2), round(each.high, 2))
    radar 100.0 100.0 100.0
    jammer 59.16 50.0 70.0
    decoy None 0.0 100.0
    >>> print(preferences([*stated, Ranked("jammer", "radar")]).contradictions[0].words)
    "jammer is worth at least as much as radar" cannot be true together with
    "jammer is worth 0.5 to 0.7 times radar"
    """
    for number, statement in enumerate(statements):
        _refuse_nonsense(number, statement)
    items = list(dict.fromkeys(item for statement in statements for item in _items(statement)))
    kept = dict(enumerate(statements))
    found = []
    while (cycle := _shortest_cycle(items, kept)) is not None:
        last = cycle[-1]
        found.append(Contradiction(cycle, last, _conflict_words(statements, cycle)))
        del kept[last]
    return Preferences(_worths(items, kept), tuple(found))


def _items(statement: Statement) -> tuple[str, ...]:
    if isinstance(statement, Amount):
        return (statement.item,)
    if isinstance(statement, Substitute):
        return statement.item, statement.substitute
    return statement.better, statement.worse


def _refuse_nonsense(number: int, statement: Statement) -> None:
    """Refuse what cannot be a statement about values above nothing."""
    low = statement.times if isinstance(statement, Ranked) else statement.low
    high = low if isinstance(statement, Ranked) or statement.high is None else statement.high
    where = f"statement {number + 1}, {statement.words()!r}"
    if not (0.0 < low < math.inf and 0.0 < high < math.inf):
        raise InputError(f"{where}: allowed are numbers above 0; leave out what is worth nothing")
    if high < low:
        raise InputError(f"{where}: the range ends before it begins; exchange both numbers")
    items = _items(statement)
    if MONEY in items:
        raise InputError(f"{where}: an item has no name; give it one")
    if len(set(items)) < len(items):
        raise InputError(f"{where}: an item is compared with itself; name two different ones")


def _edges(statement: Statement) -> list[tuple[str, str, float]]:
    """`(a, b, w)` for each constraint `ln v_b − ln v_a ≤ w`."""
    if isinstance(statement, Ranked):
        return [(statement.better, statement.worse, -math.log(statement.times))]
    other = MONEY if isinstance(statement, Amount) else statement.substitute
    high = statement.low if statement.high is None else statement.high
    return [(other, statement.item, math.log(high)), (statement.item, other, -math.log(statement.low))]


@dataclass(frozen=True)
class _Graph:
    """Shortest edges between items, money first, and which statement each comes from."""

    length: FloatArray
    statement: npt.NDArray[np.intp]


def _graph(items: Sequence[str], kept: dict[int, Statement]) -> _Graph:
    at = {item: number for number, item in enumerate([MONEY, *items])}
    length = np.full((len(at), len(at)), np.inf)
    statement = np.full((len(at), len(at)), -1, dtype=np.intp)
    for number, each in kept.items():
        for start, end, weight in _edges(each):
            if weight < length[at[start], at[end]]:
                length[at[start], at[end]] = weight
                statement[at[start], at[end]] = number
    return _Graph(length, statement)


def _shortest_cycle(items: Sequence[str], kept: dict[int, Statement]) -> tuple[int, ...] | None:
    """The statements of a negative cycle of the fewest edges, in the order in which they were made; None:
    none.

    `walk_k[a, b] = min_c walk_{k−1}[a, c] + length[c, b]` is the shortest walk of exactly `k` edges; the
    first `k` at which one returns to where it began below nothing is that of a cycle.
    """
    graph = _graph(items, kept)
    if np.diagonal(_shortest_paths(graph)).min() >= -_ROUNDING:
        return None
    walk = np.where(np.eye(len(graph.length), dtype=bool), 0.0, np.inf)
    before = []
    while True:
        through = [row[:, None] + graph.length for row in walk]
        before.append(np.array([np.argmin(each, axis=0) for each in through]))
        walk = np.array([np.min(each, axis=0) for each in through])
        back = np.diagonal(walk)
        if back.min() < -_ROUNDING:
            return _followed(graph, before, int(np.argmin(back)))


def _shortest_paths(graph: _Graph) -> FloatArray:
    """(n, n) lengths of shortest paths (Floyd 1962); below 0 on the diagonal: a negative cycle."""
    distance = graph.length.copy()
    np.fill_diagonal(distance, 0.0)
    for through in range(len(distance)):
        np.minimum(distance, distance[:, through, None] + distance[None, through, :], out=distance)
    return distance


def _followed(graph: _Graph, before: list[npt.NDArray[np.intp]], start: int) -> tuple[int, ...]:
    """The statements of the walk from an item back to itself."""
    at, used = start, set()
    for step in reversed(before):
        previous = int(step[start, at])
        used.add(int(graph.statement[previous, at]))
        at = previous
    return tuple(sorted(used))


def _worths(items: Sequence[str], kept: dict[int, Statement]) -> tuple[Worth, ...]:
    """Least, greatest and middle value of each item, from statements that contradict nothing."""
    distance = _shortest_paths(_graph(items, kept))
    worths = []
    for at, item in enumerate(items, start=1):
        greatest, least = float(distance[0, at]), float(-distance[at, 0])
        is_bounded = math.isfinite(greatest) and math.isfinite(least)
        middle = math.exp(0.5 * (greatest + least)) if is_bounded else None
        worths.append(Worth(item, middle, math.exp(least), math.exp(greatest)))
    return tuple(worths)


def _conflict_words(statements: Sequence[Statement], cycle: tuple[int, ...]) -> str:
    last = f'"{statements[cycle[-1]].words()}"'
    others = [f'"{statements[number].words()}"' for number in cycle[:-1]]
    if not others:
        return f"{last} contradicts itself"
    if len(others) == 1:
        return f"{last} cannot be true together with {others[0]}"
    return f"{last} cannot be true where {', '.join(others[:-1])} and {others[-1]} all are"


def _range(low: float, high: float | None) -> str:
    return _number(low) if high is None or high == low else f"{_number(low)} to {_number(high)}"


def _number(number: float) -> str:
    return f"{number:,.10g}"
