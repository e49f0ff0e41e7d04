"""Small problems with known answers."""

from __future__ import annotations

import numpy as np

from dronedeal.planning.problem import SparseRows
from dronedeal.solving import MatrixForm


def form(
    objective: list[float],
    rows: list[list[float]],
    limits: list[float],
    *,
    upper: list[float],
    integers: tuple[int, ...] = (),
    constant: float = 0.0,
) -> MatrixForm:
    """`max objective·x + constant` with `rows·x ≤ limits`, `0 ≤ x ≤ upper`."""
    dense = np.array(rows, dtype=float).reshape(len(limits), len(objective))
    row, column = np.nonzero(dense)
    start = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(limits)))]).astype(np.int64)
    is_integer = np.zeros(len(objective), dtype=bool)
    is_integer[list(integers)] = True
    return MatrixForm(
        objective=np.array(objective, dtype=float),
        constant=constant,
        lower=np.zeros(len(objective)),
        upper=np.array(upper, dtype=float),
        is_integer=is_integer,
        row_lower=np.full(len(limits), -np.inf),
        row_upper=np.array(limits, dtype=float),
        matrix=SparseRows(start, column.astype(np.int64), dense[row, column]),
    )
