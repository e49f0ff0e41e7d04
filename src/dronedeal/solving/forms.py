"""The matrix form of one objective of a problem."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from dronedeal.planning.problem import Problem, SparseRows
from dronedeal.planning.tree import FloatArray
from dronedeal.solving.interface import MatrixForm

ObjectiveKind = Literal["joint", "buyer", "seller"]
OBJECTIVES: tuple[ObjectiveKind, ...] = ("joint", "buyer", "seller")
WEIGHTS = {"joint": (1.0, 1.0), "buyer": (1.0, 0.0), "seller": (0.0, 1.0)}
# The alternative is respected up to this share, so that the solver's own tolerance cannot close the door.
_ALTERNATIVE_SLACK = 1e-9


def form_of(
    problem: Problem,
    kind: ObjectiveKind,
    upper: FloatArray,
    alternative: float | None,
    *,
    row_of: ObjectiveKind | None = None,
    weights: FloatArray | None = None,
) -> MatrixForm:
    """The matrix form of one objective, with the other side's alternative as one more row at the end.

    Parameters
    ----------
    problem : one whose utilities are linear; of a problem with curves its `chords` or a `tangent`
    kind : whose utility is maximised
    upper : (n,) upper bounds of the columns
    alternative : utility in millions that the other side keeps; None: there is no such row
    row_of : whose plan leaves the other side its alternative; None: that of `kind`
    weights : (2,) of both utilities, in place of those of `kind`
    """
    weights = np.array(WEIGHTS[kind]) if weights is None else weights
    form = MatrixForm(
        objective=weights @ problem.utility,
        constant=float(weights @ problem.utility_constant),
        lower=problem.lower,
        upper=upper,
        is_integer=problem.is_integer,
        row_lower=problem.row_lower,
        row_upper=problem.row_upper,
        matrix=problem.matrix,
        is_whole=problem.is_whole,
    )
    return form if alternative is None else with_alternative(form, problem, row_of or kind, alternative)


def with_alternative(
    form: MatrixForm, problem: Problem, kind: ObjectiveKind, alternative: float
) -> MatrixForm:
    """The same form with one more row at the end: the other side keeps its alternative, in millions."""
    other = 1 if kind == "buyer" else 0
    lower = least_kept(alternative) - float(problem.utility_constant[other])
    return with_row(form, problem.utility[other], lower=lower)


def least_kept(alternative: float) -> float:
    """The utility in millions below which the other side's alternative counts as missed."""
    return alternative - _ALTERNATIVE_SLACK * max(1.0, abs(alternative))


def with_row(
    form: MatrixForm, coefficients: FloatArray, *, lower: float = -np.inf, upper: float = np.inf
) -> MatrixForm:
    """The same form with one more row at the end."""
    column = np.flatnonzero(coefficients)
    matrix = SparseRows(
        np.append(form.matrix.start, form.matrix.start[-1] + len(column)),
        np.concatenate([form.matrix.column, column]),
        np.concatenate([form.matrix.value, coefficients[column]]),
    )
    return replace(
        form,
        matrix=matrix,
        row_lower=np.append(form.row_lower, lower),
        row_upper=np.append(form.row_upper, upper),
    )


def rounded_after(form: MatrixForm) -> MatrixForm:
    """The same form with no contract quantity searched: all of them are made whole after the search."""
    return replace(form, is_integer=form.is_integer & ~form.whole)


def all_searched(form: MatrixForm) -> MatrixForm:
    """The same form with every contract quantity an integer of the search."""
    return replace(form, is_integer=form.is_integer | form.whole)
