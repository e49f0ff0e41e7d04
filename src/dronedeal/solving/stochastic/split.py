"""Where a tree is cut: a top of the first stages, and below it subtrees that are alike."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dronedeal.errors import InputError
from dronedeal.planning.tree import FloatArray, IntArray
from dronedeal.solving.stochastic.assembly import Assembly, assemble
from dronedeal.solving.stochastic.staged import Matrix, NodeBlock, StagedProblem

# A top of a few per cent of all columns is solved again and again at little cost; measured on trees of 81 to
# 10,000 leaves a later split, with more and smaller subtrees below, is the faster one up to there.
_LARGEST_TOP = 0.08


@dataclass(frozen=True, eq=False)
class Stamps:
    """Numbers of several subtrees, most of which they share.

    Parameters
    ----------
    base : (m,) the numbers of the first subtree
    varying : (k,) places at which any subtree has another
    values : (n, k) the numbers at these places, one row a subtree
    """

    base: FloatArray
    varying: IntArray
    values: FloatArray

    @classmethod
    def of(cls, vectors: Sequence[FloatArray]) -> Stamps:
        """The numbers of each subtree, brought together."""
        base = vectors[0]
        differs = np.zeros(len(base), dtype=bool)
        for vector in vectors[1:]:
            differs |= vector != base
        varying = np.flatnonzero(differs)
        values = np.array([vector[varying] for vector in vectors]).reshape(len(vectors), len(varying))
        return cls(base, varying, values)

    def full(self, member: int) -> FloatArray:
        """(m,) numbers of one subtree."""
        numbers = self.base.copy()
        numbers[self.varying] = self.values[member]
        return numbers

    def at(self, places: IntArray) -> FloatArray:
        """(n, k) numbers of all subtrees at some places."""
        numbers = np.repeat(self.base[places][None], len(self.values), axis=0)
        where = np.searchsorted(self.varying, places)
        found = np.flatnonzero(np.isin(places, self.varying))
        numbers[:, found] = self.values[:, where[found]]
        return numbers

    def dot(self, factors: FloatArray) -> FloatArray:
        """(n,) product of the numbers of each subtree with the same factors; 0 × ∞ counts as 0."""
        fixed = factors.copy()
        fixed[self.varying] = 0.0
        used = np.flatnonzero(fixed)
        moving = factors[self.varying]
        live = np.flatnonzero(moving)
        total: FloatArray = float(self.base[used] @ fixed[used]) + self.values[:, live] @ moving[live]
        return total

    def bounded(self, box: float) -> Stamps:
        """The same numbers, none of them beyond ±box where it is infinite."""

        def clip(numbers: FloatArray) -> FloatArray:
            return np.where(np.isfinite(numbers), numbers, np.sign(numbers) * box)

        return Stamps(clip(self.base), self.varying, clip(self.values))


@dataclass(frozen=True, eq=False)
class Shape:
    """Subtrees with the same coefficients; what else they have is stamped on one template.

    Parameters
    ----------
    template : the first of them
    roots : (n,) their first nodes
    number : (n,) their numbers among all subtrees
    state : (n, d) columns of the top that their rows use
    conditional : (k,) probability of each node of the template once its first node is reached
    children : of each node of the template, by their places in it
    cost, lower, upper, row_lower, row_upper : numbers of each; costs as they fall due once the first
        node is reached, each times its probability from there
    """

    template: Assembly
    roots: IntArray
    number: IntArray
    state: IntArray
    conditional: FloatArray
    children: tuple[tuple[int, ...], ...]
    cost: Stamps
    lower: Stamps
    upper: Stamps
    row_lower: Stamps
    row_upper: Stamps

    @property
    def n(self) -> int:
        """Number of subtrees."""
        return len(self.roots)


@dataclass(frozen=True, eq=False)
class Split:
    """A tree cut at a depth.

    Parameters
    ----------
    depth : stages in the top
    top : columns and rows of the top, costs times probability
    roots : (n,) first nodes of the subtrees
    nodes : of each subtree, parents first
    weight : (n,) probability of reaching each
    shapes : the subtrees, those with the same coefficients together
    """

    depth: int
    top: Assembly
    roots: IntArray
    nodes: tuple[IntArray, ...]
    weight: FloatArray
    shapes: tuple[Shape, ...]


def split_depth(staged: StagedProblem) -> int | None:
    """Stages that the top should have; None where there is nothing to split.

    Parameters
    ----------
    staged : the tree; a split at depth d leaves the nodes of depth d and more in subtrees
    """
    if staged.n_stages < 2 or len(staged.leaves) < 2:
        return None
    columns = np.array([block.n_columns for block in staged.blocks], dtype=float)
    by_depth = np.bincount(staged.depth, weights=columns)
    share = np.cumsum(by_depth) / by_depth.sum()
    fitting = [depth for depth in range(1, staged.n_stages) if share[depth - 1] <= _LARGEST_TOP]
    return fitting[-1] if fitting else 1


def cut(staged: StagedProblem, depth: int) -> Split:
    """Cut a tree.

    Parameters
    ----------
    depth : stages in the top, 1 to one less than the tree has
    """
    if not 1 <= depth < staged.n_stages:
        raise InputError(
            f"a tree of {staged.n_stages} stages cannot be split after stage {depth - 1}; "
            f"give 1 to {staged.n_stages - 1} stages to the top"
        )
    if staged.joint is not None:
        count = len(staged.joint.lower)
        raise InputError(
            f"{count} row{'s' * (count > 1)} join{'s' * (count == 1)} several branches of the tree, "
            'which no decomposition can have; use method "extensive"'
        )
    above = np.flatnonzero(staged.depth < depth)
    top = assemble(staged, above, weight=staged.probability[above])
    roots = np.flatnonzero(staged.depth == depth)
    nodes = tuple(_below(staged, int(root)) for root in roots)
    return Split(depth, top, roots, nodes, staged.probability[roots], _shapes(staged, roots, nodes, top))


def _below(staged: StagedProblem, root: int) -> IntArray:
    """A node and all that follow it, stage by stage."""
    found, at = [root], 0
    while at < len(found):
        found += staged.children[found[at]]
        at += 1
    return np.array(found, dtype=np.int64)


def _shapes(
    staged: StagedProblem, roots: IntArray, nodes: tuple[IntArray, ...], top: Assembly
) -> tuple[Shape, ...]:
    kinds = _Kinds()
    kind = np.array([kinds.of_block(block) for block in staged.blocks], dtype=np.int64)
    groups: dict[tuple[object, ...], list[int]] = {}
    for number, below in enumerate(nodes):
        places = {int(node): at for at, node in enumerate(below)}
        parents = tuple(places.get(int(staged.parent[node]), -1) for node in below)
        groups.setdefault((tuple(kind[below].tolist()), parents), []).append(number)
    starts = dict(zip(top.nodes.tolist(), top.column_start[:-1].tolist(), strict=True))
    return tuple(_shape(staged, members, nodes, starts) for members in groups.values())


def _shape(
    staged: StagedProblem, members: list[int], nodes: tuple[IntArray, ...], starts: dict[int, int]
) -> Shape:
    first = nodes[members[0]]
    template = assemble(staged, first, weight=_conditional(staged, first))
    place = {int(node): at for at, node in enumerate(first)}
    roots = np.array([nodes[number][0] for number in members], dtype=np.int64)
    depth = int(staged.depth[roots[0]])
    above = staged.path[roots][:, depth - template.state_lag]
    start = np.vectorize(starts.__getitem__, otypes=[np.int64])(above) if above.size else above

    def stamps(part: str) -> Stamps:
        return Stamps.of(
            [np.concatenate([getattr(staged.blocks[node], part) for node in nodes[n]]) for n in members]
        )

    costs = [
        np.concatenate(
            [
                staged.blocks[node].cost * share
                for node, share in zip(nodes[n], _conditional(staged, nodes[n]), strict=True)
            ]
        )
        for n in members
    ]
    return Shape(
        template=template,
        roots=roots,
        number=np.array(members, dtype=np.int64),
        state=start + template.state_column,
        conditional=_conditional(staged, first),
        children=tuple(tuple(place[child] for child in staged.children[node]) for node in first.tolist()),
        cost=Stamps.of(costs),
        lower=stamps("lower"),
        upper=stamps("upper"),
        row_lower=stamps("row_lower"),
        row_upper=stamps("row_upper"),
    )


def _conditional(staged: StagedProblem, nodes: IntArray) -> FloatArray:
    """(k,) probability of each node once the first of them is reached."""
    reached = float(staged.probability[nodes[0]])
    return staged.probability[nodes] / reached if reached > 0 else np.zeros(len(nodes))


class _Kinds:
    """Numbers for what is alike: coefficients, whole columns, and which limits there are."""

    def __init__(self) -> None:
        self._numbers: dict[bytes, int] = {}
        self._matrices: dict[int, bytes] = {}
        # Digests are kept by identity, so what was digested must stay.
        self._kept: list[Matrix] = []

    def of_block(self, block: NodeBlock) -> int:
        """The same number for blocks that may share a template."""
        text = hashlib.blake2b(digest_size=16)
        text.update(self._of_matrix(block.own))
        for lag in sorted(block.links):
            text.update(str(lag).encode() + self._of_matrix(block.links[lag]))
        text.update(np.packbits(block.is_integer).tobytes())
        for limits in (block.lower, block.upper, block.row_lower, block.row_upper):
            text.update(np.packbits(np.isfinite(limits)).tobytes())
        return self._numbers.setdefault(text.digest(), len(self._numbers))

    def _of_matrix(self, matrix: Matrix) -> bytes:
        known = self._matrices.get(id(matrix))
        if known is None:
            text = hashlib.blake2b(repr(matrix.shape).encode(), digest_size=16)
            for part in (matrix.indptr, matrix.indices):
                text.update(np.ascontiguousarray(part, dtype=np.int64).tobytes())
            text.update(np.ascontiguousarray(matrix.data, dtype=float).tobytes())
            known = self._matrices[id(matrix)] = text.digest()
            self._kept.append(matrix)
        return known
