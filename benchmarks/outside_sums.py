"""Flat linopy variables and grouped sums over them: what the outside formulation is made of."""

from __future__ import annotations

from typing import Any

import linopy
import numpy as np
import pandas as pd
import xarray as xr
from benchmarks.outside_tables import FloatArray

# Refuses arithmetic on unlike coordinates instead of aligning them silently.
linopy.options["semantics"] = "v1"


class FlatModel:
    """A linopy model whose variables have one dimension each."""

    def __init__(self) -> None:
        self.model = linopy.Model()

    def add(self, name: str, size: int, *, upper: Any = np.inf, integer: bool = False) -> Any:
        """Flat variables `name[0 … size-1] ≥ 0`; None where there are none."""
        if not size:
            return None
        coordinates = [pd.RangeIndex(size, name=name)]
        top = (
            upper if np.isscalar(upper) else xr.DataArray(np.asarray(upper, dtype=float), coords=coordinates)
        )
        return self.model.add_variables(lower=0, upper=top, coords=coordinates, name=name, integer=integer)

    def total(self, variable: Any, rows: Any, *, count: int, factor: Any = 1.0, at: Any = None) -> Any:
        """`Σ factor · variable[at]` by row number, for `count` rows; 0 where there is nothing to add."""
        rows = np.asarray(rows, dtype=np.int64)
        if variable is None or not len(rows):
            return 0
        name = variable.dims[0]
        places = np.arange(len(rows)) if at is None else np.asarray(at, dtype=np.int64)
        coordinates = {name: np.arange(len(rows))}
        terms = variable.isel({name: places}).assign_coords(coordinates)
        factors = np.broadcast_to(np.asarray(factor, dtype=float), rows.shape)
        expression = terms * xr.DataArray(factors, dims=name, coords=coordinates)
        grouped = expression.groupby(xr.DataArray(rows, dims=name, coords=coordinates, name="row")).sum()
        return grouped.reindex(row=np.arange(count)).fillna(0)

    def limit(self, name: str, left: Any, sign: str, right: FloatArray | float, *, count: int) -> None:
        """Rows `left sign right`; nothing where the left side has no variables."""
        if isinstance(left, int) or not count:
            return
        values = np.broadcast_to(np.asarray(right, dtype=float), (count,))
        bound = xr.DataArray(values, coords=[pd.RangeIndex(count, name="row")])
        self.model.add_constraints(left, sign, bound, name=name)

    def hold(self, variable: Any, values: Any, *, slack: float = 0.0) -> None:
        """Hold every entry of a variable within `slack`, absolute and relative, of a value."""
        if variable is None:
            return
        values = np.asarray(values, dtype=float)
        room = slack * (1 + np.abs(values))
        like = variable.upper
        variable.upper = like.copy(data=values + room)
        variable.lower = like.copy(data=np.maximum(0.0, values - room))

    def relax(self) -> None:
        """Let whole numbers be any numbers."""
        for name in list(self.model.variables):
            if self.model.variables[name].attrs["integer"]:
                self.model.variables[name].relax()
