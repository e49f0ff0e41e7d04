"""The state of a decomposition in one file, so that work survives whatever ends its process.

The file is written whole under another name and then put in place of the last one, so that at every moment
one complete state lies there. It holds cuts, rows of the top, the best plan, bounds, the state of the random
numbers, and a digest of the problem, and no code: reading one runs nothing.
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dronedeal.errors import InputError
from dronedeal.solving.stochastic.search import Search
from dronedeal.solving.stochastic.staged import StagedProblem

_FORMAT = "dronedeal-tree-checkpoint/1"


@dataclass
class Checkpoint:
    """One file for the state of one decomposition.

    Parameters
    ----------
    path : of the file; its folder exists
    """

    path: Path

    def save(self, search: Search) -> None:
        """Write the state; raises OSError where the disk does not take it, the last state still in place."""
        partial = self.path.with_name(f".{self.path.name}.{os.getpid()}.partial")
        try:
            with partial.open("wb") as file:
                np.savez(file, **_state(search))
                file.flush()
                os.fsync(file.fileno())
            partial.replace(self.path)
        finally:
            partial.unlink(missing_ok=True)

    def load(self, search: Search) -> bool:
        """Take up the state where there is one; whether there was.

        Raises
        ------
        InputError
            where the file cannot be read, or is of another problem or split
        """
        # What processes left that were killed while they wrote; one at a time keeps its state here.
        for left in self.path.parent.glob(f".{glob.escape(self.path.name)}.*.partial"):
            left.unlink(missing_ok=True)
        if not self.path.exists():
            return False
        try:
            with self.path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
                state = {name: file[name] for name in file.files}
            head = json.loads(str(state["head"]))
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise InputError(
                f"{self.path}: this checkpoint cannot be read ({error}); delete it to begin anew"
            ) from error
        self._check(head, search)
        _restore(search, head, state)
        return True

    def _check(self, head: dict[str, Any], search: Search) -> None:
        if head.get("format") != _FORMAT:
            raise InputError(
                f"{self.path}: format {head.get('format')!r} is unknown; this program reads {_FORMAT}. "
                "Delete the file to begin anew"
            )
        if head["digest"] != digest(search.staged):
            raise InputError(
                f"{self.path}: this checkpoint is of another problem; give another file, "
                "or delete it to begin anew"
            )
        if head["depth"] != search.split.depth:
            raise InputError(
                f"{self.path}: this checkpoint has {head['depth']} stages in the top, "
                f"not {search.split.depth}; give depth={head['depth']}, or delete it to begin anew"
            )


def digest(staged: StagedProblem) -> str:
    """A digest of every number of a problem."""
    text = hashlib.blake2b(digest_size=20)
    seen: dict[int, bytes] = {}

    def of(array: np.ndarray[Any, Any]) -> bytes:
        known = seen.get(id(array))
        if known is None:
            known = hashlib.blake2b(np.ascontiguousarray(array).tobytes(), digest_size=16).digest()
            seen[id(array)] = known
        return known

    text.update(of(staged.parent) + of(staged.probability) + repr(staged.constant).encode())
    for block in staged.blocks:
        arrays = [block.cost, block.lower, block.upper, block.is_integer, block.row_lower, block.row_upper]
        for lag, matrix in sorted({0: block.own, **block.links}.items()):
            text.update(f"{lag} {matrix.shape}".encode())
            arrays += [matrix.indptr, matrix.indices, matrix.data]
        text.update(b"".join(map(of, arrays)))
    return text.hexdigest()


def _state(search: Search) -> dict[str, Any]:
    rows, best = search.top.rows, search.best
    head = {
        "format": _FORMAT,
        "digest": digest(search.staged),
        "depth": search.split.depth,
        "lower": repr(search.lower),
        "relaxed_upper": repr(search.relaxed_upper),
        "cost": repr(best.cost),
        "rounds": search.rounds,
        "evaluated": search.evaluated,
        "random": search.random.bit_generator.state,
        "subtrees": sorted(best.subtrees),
    }
    state: dict[str, Any] = {"head": np.array(json.dumps(head))}
    if best.top is not None:
        state["best_top"] = best.top
        state["best_subtrees"] = _joined([best.subtrees[number] for number in sorted(best.subtrees)])
    state["row_subtree"] = np.array(rows.subtree, dtype=np.int64)
    state["row_intercept"] = np.array(rows.intercepts, dtype=float)
    state["row_length"] = np.array([len(columns) for columns in rows.columns], dtype=np.int64)
    state["row_columns"] = _joined(rows.columns).astype(np.int64)
    state["row_slopes"] = _joined(rows.slopes)
    for number, pool in enumerate(search.pools):
        for name, array in pool.state().items():
            state[f"pool_{number}_{name}"] = array
    return state


def _joined(parts: list[Any]) -> np.ndarray[Any, Any]:
    return np.concatenate(parts) if parts else np.zeros(0)


def _restore(search: Search, head: dict[str, Any], state: dict[str, Any]) -> None:
    search.lower, search.relaxed_upper = float(head["lower"]), float(head["relaxed_upper"])
    search.best.cost = float(head["cost"])
    search.rounds, search.evaluated = head["rounds"], head["evaluated"]
    search.random.bit_generator.state = head["random"]
    if "best_top" in state:
        search.best.top = state["best_top"]
        counts = [
            sum(search.staged.blocks[node].n_columns for node in search.split.nodes[n])
            for n in head["subtrees"]
        ]
        parts = np.split(state["best_subtrees"], np.cumsum(counts)[:-1])
        search.best.subtrees = dict(zip(head["subtrees"], parts, strict=True))
    ends = np.cumsum(state["row_length"])[:-1]
    if len(state["row_subtree"]):
        for subtree, columns, slope, intercept in zip(
            state["row_subtree"].tolist(),
            np.split(state["row_columns"], ends),
            np.split(state["row_slopes"], ends),
            state["row_intercept"].tolist(),
            strict=True,
        ):
            search.top.add(subtree, columns, slope, intercept)
        search.top.flush(0)
    for number, pool in enumerate(search.pools):
        prefix = f"pool_{number}_"
        pool.restore(
            {name.removeprefix(prefix): array for name, array in state.items() if name.startswith(prefix)}
        )
