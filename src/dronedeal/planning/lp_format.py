"""A problem as text in the LP format that solvers read, family by family.

The golden files of the blocks are made of it, and a user can hand a problem to another solver.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from dronedeal.planning.problem import Problem
from dronedeal.planning.tree import FloatArray, IntArray

_WIDTH = 6
_ALLOWED = str.maketrans({"[": "(", "]": ")", ":": "!", "-": "~", ">": "&"})


def lp_text(problem: Problem, objective: FloatArray | None = None) -> str:
    """The whole problem in LP format, maximising a column objective (the sum of both utilities if None).

    Parameters
    ----------
    problem : as built
    objective : (n,) coefficient of each column

    Returns
    -------
    text with one name for each column and row, such as `ship(shark@kyiv!army,2027~03)`
    """
    chosen = problem.utility.sum(axis=0) if objective is None else objective
    lines = ["Maximize", " obj:", *_terms(problem, np.flatnonzero(chosen), chosen), "Subject To"]
    for family in problem.rows:
        lines += row_lines(problem, family)
    lines.append("Bounds")
    for family in problem.columns:
        lines += bound_lines(problem, family)
    lines.append("General")
    lines += [f" {lp_name(problem.column_name(int(n)))}" for n in np.flatnonzero(problem.is_integer)]
    return "\n".join([*lines, "End", ""])


def lp_name(name: str) -> str:
    """A name in the letters that the LP format allows.

    >>> lp_name("ship[shark@kyiv:army,2027-03]")
    'ship(shark@kyiv!army,2027~03)'
    """
    return name.translate(_ALLOWED)


def row_lines(problem: Problem, family: str) -> list[str]:
    """The rows of one family; a range becomes two rows."""
    lines: list[str] = []
    for row in problem.rows[family].numbers.tolist():
        entries = slice(problem.matrix.start[row], problem.matrix.start[row + 1])
        columns = problem.matrix.column[entries]
        name = lp_name(problem.row_name(row))
        lower, upper = float(problem.row_lower[row]), float(problem.row_upper[row])
        for relation in _relations(lower, upper):
            coefficients = np.zeros(problem.n_columns)
            coefficients[columns] = problem.matrix.value[entries]
            lines += [f" {name}{relation[0]}:", *_terms(problem, columns, coefficients), f"  {relation[1]}"]
    return lines


def bound_lines(problem: Problem, family: str) -> list[str]:
    """The bounds of the columns of one family."""
    lines = []
    for number in problem.columns[family].numbers.tolist():
        name = lp_name(problem.column_name(number))
        upper = float(problem.upper[number])
        lower = _number(float(problem.lower[number]))
        if lower == "-inf" and upper == np.inf:
            lines.append(f" {name} free")
        else:
            lines.append(
                f" {name} >= {lower}" if upper == np.inf else f" {lower} <= {name} <= {_number(upper)}"
            )
    return lines


def objective_lines(problem: Problem, party: int) -> list[str]:
    """The utility of one party, 0 buyer or 1 seller, constant first."""
    coefficients = problem.utility[party]
    constant = f"  {_number(float(problem.utility_constant[party]))} constant"
    return [constant, *_terms(problem, np.flatnonzero(coefficients), coefficients)]


def _relations(lower: float, upper: float) -> Iterator[tuple[str, str]]:
    if lower == upper:
        yield "", f"= {_number(lower)}"
        return
    if lower > -np.inf:
        yield "_at_least" if upper < np.inf else "", f">= {_number(lower)}"
    if upper < np.inf:
        yield "_at_most" if lower > -np.inf else "", f"<= {_number(upper)}"


def _terms(problem: Problem, columns: IntArray, coefficients: FloatArray) -> Iterable[str]:
    words = [
        f"{'+' if coefficients[column] >= 0 else '-'} {_number(abs(float(coefficients[column])))} "
        f"{lp_name(problem.column_name(column))}"
        for column in columns.tolist()
    ]
    return ["  " + " ".join(part) for part in _chunks(words)]


def _chunks(words: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(words), _WIDTH):
        yield words[start : start + _WIDTH]


def _number(value: float) -> str:
    return f"{value:.10g}"
