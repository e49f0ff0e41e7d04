"""The outside formulation in a second modelling package, Pyomo: the same rules, other expressions.

The rules of `OutsideModel` are written with three words only, `add`, `total` and `limit`; here they make
Pyomo's variables, linear expressions and constraints, the way its manual recommends for large linear models.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyomo.environ as pyo
from benchmarks.outside_model import OutsideModel
from benchmarks.outside_tables import FloatArray, Tables
from pyomo.contrib.solver.common.factory import SolverFactory
from pyomo.core.expr.numeric_expr import LinearExpression


@dataclass(frozen=True)
class Terms:
    """Loose terms `coefficient · variable` of numbered rows; sums and differences join them."""

    rows: np.ndarray
    variables: list[Any]
    coefficients: FloatArray

    def __add__(self, other: Terms | int) -> Terms:
        if isinstance(other, int):
            return self
        return Terms(
            np.concatenate([self.rows, other.rows]),
            self.variables + other.variables,
            np.concatenate([self.coefficients, other.coefficients]),
        )

    __radd__ = __add__

    def __neg__(self) -> Terms:
        return Terms(self.rows, self.variables, -self.coefficients)

    def __sub__(self, other: Terms | int) -> Terms:
        return self if isinstance(other, int) else self + (-other)

    def __rsub__(self, other: int) -> Terms:
        return -self

    def sum(self) -> Any:
        """All rows in one linear expression."""
        return LinearExpression(linear_coefs=self.coefficients.tolist(), linear_vars=self.variables)

    def by_row(self, count: int) -> list[Any]:
        """One linear expression a row; None where a row has no term."""
        order = np.argsort(self.rows, kind="stable")
        ends = np.searchsorted(self.rows[order], np.arange(count + 1))
        found: list[Any] = []
        for first, last in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True):
            chosen = order[first:last].tolist()
            found.append(
                LinearExpression(
                    linear_coefs=[float(self.coefficients[n]) for n in chosen],
                    linear_vars=[self.variables[n] for n in chosen],
                )
                if chosen
                else None
            )
        return found


class PyomoModel(OutsideModel):
    """The Pyomo model of one deal, for the joint objective."""

    def __init__(self, tables: Tables) -> None:
        self.program = pyo.ConcreteModel()
        super().__init__(tables)

    def add(self, name: str, size: int, *, upper: Any = np.inf, integer: bool = False) -> Any:
        """Variables `name[0 … size-1]` from 0 to `upper`; None where there are none."""
        if not size:
            return None
        top = np.broadcast_to(np.asarray(upper, dtype=float), (size,)).tolist()
        bounds = {n: (0, None if value == np.inf else value) for n, value in enumerate(top)}
        variable = pyo.Var(
            range(size),
            domain=pyo.NonNegativeIntegers if integer else pyo.NonNegativeReals,
            bounds=lambda _, n: bounds[n],
        )
        self.program.add_component(name, variable)
        return variable

    def total(self, variable: Any, rows: Any, *, count: int, factor: Any = 1.0, at: Any = None) -> Any:
        """See `FlatModel.total`."""
        rows = np.asarray(rows, dtype=np.int64)
        if variable is None or not len(rows):
            return 0
        places = range(len(rows)) if at is None else np.asarray(at, dtype=np.int64).tolist()
        factors = np.broadcast_to(np.asarray(factor, dtype=float), rows.shape)
        return Terms(rows, [variable[n] for n in places], factors)

    def limit(self, name: str, left: Any, sign: str, right: FloatArray | float, *, count: int) -> None:
        """See `FlatModel.limit`."""
        if isinstance(left, int) or not count:
            return
        values = np.broadcast_to(np.asarray(right, dtype=float), (count,)).tolist()
        body = left.by_row(count)

        def rule(_: Any, row: int) -> Any:
            if body[row] is None:
                return pyo.Constraint.Skip
            limits = {"<=": (None, values[row]), ">=": (values[row], None), "=": (values[row], values[row])}
            return pyo.inequality(limits[sign][0], body[row], limits[sign][1])

        self.program.add_component(f"rows_{name}", pyo.Constraint(range(count), rule=rule))

    def hold(self, variable: Any, values: Any, *, slack: float = 0.0) -> None:
        """See `FlatModel.hold`."""
        assert slack == 0.0
        if variable is not None:
            for number, value in enumerate(values):
                variable[number].fix(float(value))

    def optimise(self, objective: str, *, gap: float, time_limit: float) -> float:
        """Best value of the joint objective in millions."""
        assert objective == "joint"
        terms = [term for side in ("buyer", "seller") for term in self.utility[side]]
        self.program.goal = pyo.Objective(expr=pyo.quicksum(terms), sense=pyo.maximize)
        found = SolverFactory("highs").solve(
            self.program,
            rel_gap=gap,
            time_limit=time_limit,
            threads=1,
            raise_exception_on_nonoptimal_result=False,
            load_solutions=False,
            solver_options={"output_flag": False},
        )
        self.status = str(found.termination_condition.name)
        best = found.incumbent_objective
        return float("nan") if best is None else float(best) + sum(self.constant.values())
