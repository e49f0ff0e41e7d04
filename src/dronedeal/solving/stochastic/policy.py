"""Plans of subtrees made node by node, for a fraction of what their exact solution takes.

The first node of a subtree is planned with cuts for each of its branches, then each branch exactly from
there. What comes out is a plan, so its cost is an upper bound whatever the cuts are worth; the cuts are
shared by all branches with the same coefficients, and learn from every exact solution.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from dronedeal.planning.tree import FloatArray, IntArray
from dronedeal.solving.highs_calls import check_status, is_optimal, prepared, set_option
from dronedeal.solving.interface import MatrixForm, ShouldStop, SolveOptions
from dronedeal.solving.stochastic.assembly import sparse_rows
from dronedeal.solving.stochastic.cuts import CutMaker
from dronedeal.solving.stochastic.recourse import Answer, Template
from dronedeal.solving.stochastic.split import Shape, Split, cut
from dronedeal.solving.stochastic.staged import StagedProblem

# Cuts of one kind of branch, rows of them that one first node has, and how often it is planned again.
_MOST_CUTS, _MOST_ROWS, _PASSES, _SHARPENED = 300, 40, 3, 5
# Part of a subtree's cost by which what its first node expects may be wrong.
_ROOM = 2e-4


class Branches:
    """Branches with the same coefficients: their template, and cuts under what they cost.

    Parameters
    ----------
    shape : of the branches, cut one stage after the subtrees
    """

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.template = Template(shape, {}, is_elastic=False)
        self.maker = CutMaker(shape)
        self.lowest = self.maker.trivial()
        self.slope: FloatArray = np.zeros((0, shape.state.shape[1]))
        self.intercept: FloatArray = np.zeros((0, shape.n))
        self.prices: list[FloatArray] = []

    def learn(self, multipliers: FloatArray) -> None:
        """Make a cut, as long as there are not too many."""
        if len(self.slope) >= _MOST_CUTS:
            return
        made = self.maker.cut(multipliers)
        self.prices.append(multipliers)
        self.slope = np.vstack([self.slope, made.slope])
        self.intercept = np.vstack([self.intercept, made.intercept])

    def expected(self, member: int, state: FloatArray) -> tuple[int, float]:
        """The cut that says most of a branch, and what it says; −1 without cuts."""
        if not len(self.slope):
            return -1, float(self.lowest[member])
        values = self.slope @ state + self.intercept[:, member]
        best = int(values.argmax())
        return best, float(values[best])


@dataclass(frozen=True)
class Branch:
    """One branch: its kind, its number there, its chance once the subtree is reached."""

    kind: int
    member: int
    chance: float


@dataclass(frozen=True, eq=False)
class Expectation:
    """What is best for the first node of a subtree by what the cuts say of its branches.

    Parameters
    ----------
    values : (n,) its columns
    branches : (k,) what each branch is expected to cost
    cost : of both, a lower bound for the subtree
    own : (m,) multipliers of its rows
    parts : multipliers of the rows of each branch, as its cuts share in the bound; None: none does
    """

    values: FloatArray
    branches: FloatArray
    cost: float
    own: FloatArray
    parts: list[FloatArray | None]


class _FirstNode:
    """The first node of subtrees of one shape in the solver, with one column for each branch's cost.

    A row of a cut stays once it was needed, with the intercept of whichever subtree is planned.
    """

    def __init__(self, shape: Shape, branches: list[Branches], family: list[Branch], rows: int) -> None:
        template = shape.template
        self.n, self.m = int(template.column_start[1]), rows
        self.shape, self.branches, self.count = shape, branches, len(family)
        self._family = family
        own = np.arange(self.m, dtype=np.int64)
        self._rows = own.astype(np.int32)
        self._state = template.state[: self.m]
        self._low, self._high = shape.row_lower.at(own), shape.row_upper.at(own)
        self._slots: list[tuple[int, int]] = []
        matrix = sparse.hstack(
            [template.matrix[: self.m, : self.n], sparse.csr_array((self.m, self.count))], format="csr"
        )
        lowest = np.array([branches[branch.kind].lowest[branch.member] for branch in family])
        self._highs = prepared(
            MatrixForm(
                objective=-np.concatenate([shape.cost.base[: self.n], [branch.chance for branch in family]]),
                constant=0.0,
                lower=np.concatenate([shape.lower.base[: self.n], lowest]),
                upper=np.concatenate([shape.upper.base[: self.n], np.full(self.count, np.inf)]),
                is_integer=np.zeros(self.n + self.count, dtype=bool),
                row_lower=shape.row_lower.base[: self.m],
                row_upper=shape.row_upper.base[: self.m],
                matrix=sparse_rows(matrix),
            ),
            SolveOptions(),
        )
        set_option(self._highs, "presolve", "off")

    @property
    def is_full(self) -> bool:
        """Whether it has so many cuts that a new one is the better."""
        return len(self._slots) > _MOST_ROWS * self.count

    def stamp(self, member: int, state: FloatArray, family: list[Branch], known: list[FloatArray]) -> None:
        """Put in the numbers of one subtree.

        Parameters
        ----------
        known : of each branch its state, with zeros for the columns of the first node
        """
        self._family = family
        shift = self._state @ state
        low, high = self._low[member] - shift, self._high[member] - shift
        check_status(self._highs.changeRowsBounds(self.m, self._rows, low, high), "stamping rows")
        columns = np.arange(self.n + self.count, dtype=np.int32)
        lowest = [self.branches[branch.kind].lowest[branch.member] for branch in family]
        lower = np.concatenate([self.shape.lower.full(member)[: self.n], lowest])
        upper = np.concatenate([self.shape.upper.full(member)[: self.n], np.full(self.count, np.inf)])
        check_status(self._highs.changeColsBounds(len(columns), columns, lower, upper), "stamping bounds")
        chances = -np.array([branch.chance for branch in family])
        check_status(self._highs.changeColsCost(self.count, columns[self.n :], chances), "stamping chances")
        if self._slots:
            rows = np.arange(self.m, self.m + len(self._slots), dtype=np.int32)
            least = np.array([self._least(slot, family, known) for slot in self._slots])
            free = np.full(len(rows), np.inf)
            check_status(self._highs.changeRowsBounds(len(rows), rows, least, free), "stamping cuts")

    def _least(self, slot: tuple[int, int], family: list[Branch], known: list[FloatArray]) -> float:
        at, which = slot
        kind = self.branches[family[at].kind]
        return float(kind.intercept[which, family[at].member] + kind.slope[which] @ known[at])

    def add(
        self, slot: tuple[int, int], family: list[Branch], known: list[FloatArray], columns: IntArray
    ) -> bool:
        """Add a row `θ − slope · x ≥ intercept`; False where it is there.

        Parameters
        ----------
        columns : (d,) column of the first node of each of the branch's states, −1 for those above
        """
        if slot in self._slots:
            return False
        at, which = slot
        slope = self.branches[family[at].kind].slope[which]
        used = np.flatnonzero((columns >= 0) & (slope != 0))
        index = np.append(columns[used], self.n + at).astype(np.int32)
        value = np.append(-slope[used], 1.0)
        least = self._least(slot, family, known)
        check_status(self._highs.addRow(least, np.inf, len(index), index, value), "adding a cut")
        self._slots.append(slot)
        return True

    def solve(self) -> Expectation | None:
        """What is best for the node by what the cuts say; None where there is no plan."""
        check_status(self._highs.run(), "planning a node")
        if not is_optimal(self._highs):
            self._highs.clearSolver()
            check_status(self._highs.run(), "planning a node afresh")
        if not is_optimal(self._highs):
            return None
        found = self._highs.getSolution()
        values = np.array(found.col_value, dtype=float)
        duals = -np.array(found.row_dual, dtype=float)
        parts: list[FloatArray | None] = [None] * self.count
        for (at, which), share in zip(self._slots, duals[self.m :].tolist(), strict=True):
            if share > 0:
                part = share * self.branches[self._family[at].kind].prices[which]
                known = parts[at]
                parts[at] = part if known is None else known + part
        cost = -float(self._highs.getInfo().objective_function_value)
        return Expectation(values[: self.n], values[self.n :], cost, duals[: self.m], parts)


class Policy:
    """Plans subtrees node by node.

    Parameters
    ----------
    staged, split : the problem and where it is cut
    inner : the same tree cut one stage later
    """

    def __init__(self, staged: StagedProblem, split: Split, inner: Split, should_stop: ShouldStop) -> None:
        self.staged, self.split, self.inner = staged, split, inner
        self.should_stop = should_stop
        self.branches = [Branches(shape) for shape in inner.shapes]
        self._first: dict[int, _FirstNode] = {}
        self._place = {
            int(shape.number[member]): (kind, member)
            for kind, shape in enumerate(inner.shapes)
            for member in range(shape.n)
        }
        self._number = {int(root): number for number, root in enumerate(inner.roots)}
        starts = dict(zip(inner.top.nodes.tolist(), inner.top.column_start.tolist(), strict=False))
        self._starts = starts
        # Where the columns of the outer top stand among those of the inner one.
        self._outer = np.concatenate(
            [
                np.arange(starts[node], starts[node] + staged.blocks[node].n_columns)
                for node in split.top.nodes.tolist()
            ]
        )
        self._inner: FloatArray = np.zeros(int(inner.top.column_start[-1]))

    def learn(self, number: int, answer: Answer) -> None:
        """Learn of an exact solution what one of its branches costs, each in its turn.

        Parameters
        ----------
        number : of the shape
        """
        shape = self.split.shapes[number]
        root = int(shape.roots[answer.member])
        family = self._family(root)
        if not family:
            return
        branch = family[answer.member % len(family)]
        rows = self._rows_of(number, answer.member)
        kind = self.inner.shapes[branch.kind]
        nodes = self.inner.nodes[int(kind.number[branch.member])]
        if branch.chance > 0:
            parts = [answer.multipliers[rows[int(node)]] / branch.chance for node in nodes]
            self.branches[branch.kind].learn(np.concatenate(parts))

    def plan(self, number: int, member: int, point: FloatArray) -> Answer | None:
        """A plan of a subtree with multipliers that prove nearly its cost; None where this way finds none.

        Parameters
        ----------
        number : of the shape
        point : (n,) columns of the top
        """
        shape = self.split.shapes[number]
        root = int(shape.roots[member])
        family = self._family(root)
        inner = self._inner
        inner[self._outer] = point
        start, width = self._starts[root], self.staged.blocks[root].n_columns
        inner[start : start + width] = 0.0
        states = [self.inner.shapes[branch.kind].state[branch.member] for branch in family]
        known = [inner[state] for state in states]
        columns = [
            np.where((state >= start) & (state < start + width), state - start, -1) for state in states
        ]
        first = self._first_of(number, family)
        first.stamp(member, point[shape.state[member]], family, known)
        best: Answer | None = None
        for _ in range(_PASSES):
            found = self._settled(first, family, known, columns, inner[start : start + width], states)
            if found is None or self.should_stop():
                break
            made = self._followed(number, member, found.values, family, states)
            if made is None:
                break
            multipliers = self._multipliers(number, member, found, family)
            if best is not None and best.cost < made.cost:
                made = best
            # Each pass knows more cuts than the one before, so its prices are the better ones.
            best = replace(made, multipliers=multipliers)
            if best.cost - found.cost <= _ROOM * abs(best.cost):
                break
        return best

    def _multipliers(self, number: int, member: int, found: Expectation, family: list[Branch]) -> FloatArray:
        """(m,) multipliers of all rows of a subtree that prove what its first node expects."""
        rows = self._rows_of(number, member)
        template = self.split.shapes[number].template
        multipliers = np.zeros(len(template.row_lower))
        multipliers[: len(found.own)] = found.own
        for branch, part in zip(family, found.parts, strict=True):
            if part is None:
                continue
            at = 0
            for node in self.inner.nodes[int(self.inner.shapes[branch.kind].number[branch.member])].tolist():
                width = self.staged.blocks[node].n_rows
                multipliers[rows[node]] = part[at : at + width]
                at += width
        return multipliers

    def _settled(
        self,
        first: _FirstNode,
        family: list[Branch],
        known: list[FloatArray],
        columns: list[IntArray],
        place: FloatArray,
        states: list[IntArray],
    ) -> Expectation | None:
        """The plan of the first node once no known cut is violated by much."""
        for _ in range(_SHARPENED):
            found = first.solve()
            if found is None:
                return None
            place[:] = found.values
            room, is_new = 0.2 * _ROOM * abs(found.cost), False
            for at, branch in enumerate(family):
                which, says = self.branches[branch.kind].expected(branch.member, self._inner[states[at]])
                if which >= 0 and says - found.branches[at] > room:
                    is_new |= first.add((at, which), family, known, columns[at])
            if not is_new:
                break
        return found

    def _followed(
        self, number: int, member: int, values: FloatArray, family: list[Branch], states: list[IntArray]
    ) -> Answer | None:
        """The plan of a subtree whose first node is planned; cuts learn where they were wrong."""
        shape = self.split.shapes[number]
        cost = float(shape.cost.full(member)[: len(values)] @ values)
        parts = {int(shape.roots[member]): values}
        for branch, state in zip(family, states, strict=True):
            kind = self.branches[branch.kind]
            _, says = kind.expected(branch.member, self._inner[state])
            answer = kind.template.solve(branch.member, self._inner[state], has_values=True)
            if answer is None or answer.values is None:
                return None
            cost += branch.chance * answer.cost
            if answer.cost - says > 5 * _ROOM * abs(answer.cost):
                kind.learn(answer.multipliers)
            at = 0
            for node in self.inner.nodes[int(kind.shape.number[branch.member])].tolist():
                width = self.staged.blocks[node].n_columns
                parts[node] = answer.values[at : at + width]
                at += width
        nodes = self.split.nodes[int(shape.number[member])].tolist()
        return Answer(member, True, cost, np.zeros(0), np.concatenate([parts[node] for node in nodes]))

    def _family(self, root: int) -> list[Branch]:
        reached = float(self.staged.probability[root])
        found = []
        for child in self.staged.children[root]:
            kind, member = self._place[self._number[child]]
            chance = float(self.staged.probability[child]) / reached if reached > 0 else 0.0
            found.append(Branch(kind, member, chance))
        return found

    def _first_of(self, number: int, family: list[Branch]) -> _FirstNode:
        first = self._first.get(number)
        if first is None or first.is_full:
            shape = self.split.shapes[number]
            rows = self.staged.blocks[int(shape.roots[0])].n_rows
            first = self._first[number] = _FirstNode(shape, self.branches, family, rows)
        return first

    def _rows_of(self, number: int, member: int) -> dict[int, slice]:
        """Rows of each node of a subtree."""
        nodes = self.split.nodes[int(self.split.shapes[number].number[member])].tolist()
        ends = np.cumsum([self.staged.blocks[node].n_rows for node in nodes]).tolist()
        return {
            node: slice(end - self.staged.blocks[node].n_rows, end)
            for node, end in zip(nodes, ends, strict=True)
        }


def policy_of(staged: StagedProblem, split: Split, should_stop: ShouldStop) -> Policy | None:
    """A policy for a split tree; None where its cuts would not be shared, or nothing follows the subtrees."""
    if split.depth + 1 >= staged.n_stages or any(len(shape.cost.varying) for shape in split.shapes):
        return None
    inner = cut(staged, split.depth + 1)
    has_children = all(len(staged.children[int(root)]) for root in split.roots)
    if not has_children or len(inner.shapes) > len(split.shapes) + 2:
        return None
    policy = Policy(staged, split, inner, should_stop)
    is_bounded = all(np.isfinite(branches.lowest).all() for branches in policy.branches)
    return policy if is_bounded else None
