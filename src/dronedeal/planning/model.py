"""A deal and its assessment become a Problem; the build reads like a table of contents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from dronedeal.assessment import Assessment
from dronedeal.deal import Deal
from dronedeal.planning.arrange import arrange
from dronedeal.planning.blocks import CLOSING_BLOCKS, COLUMN_BLOCKS, ROW_BLOCKS, UTILITY_BLOCKS
from dronedeal.planning.data import BUYER, PlanningData
from dronedeal.planning.frozen import Frozen, freeze, kept_columns
from dronedeal.planning.problem import Problem, ProblemBuilder
from dronedeal.planning.tree import IntArray


@dataclass(frozen=True)
class Model:
    """The arrays of a deal and the problem built from them, with what is frozen in it."""

    data: PlanningData
    problem: Problem
    frozen: Frozen | None = None


def build(deal: Deal, assessment: Assessment, frozen: Frozen | None = None) -> Model:
    """The whole model of a deal.

    Parameters
    ----------
    deal : a deal that passed its checks
    assessment : its matching
    frozen : what an earlier plan decided in months that stay as they were; None: nothing is frozen

    Returns
    -------
    Model with the arrays (`data`) and the sparse problem (`problem`); money in millions of base-year
    deal currency, quantities in units
    """
    data = arrange(deal, assessment)
    if frozen is not None:
        data = replace(data, by_month_until=frozen.months)
    return Model(data, _built(data, frozen), frozen)


def rebuilt(model: Model, data: PlanningData) -> Problem:
    """The problem of a model with other figures in its arrays, column by column and row by row the same."""
    return _built(data, model.frozen)


def _built(data: PlanningData, frozen: Frozen | None) -> Problem:
    problem = build_problem(data)
    return problem if frozen is None else freeze(problem, data, frozen)


def build_problem(data: PlanningData, *, utilities: Iterable[str] = tuple(UTILITY_BLOCKS)) -> Problem:
    """All families of columns, then of rows, then the utilities, then the rows made of their flows.

    Parameters
    ----------
    data : the arrays
    utilities : items of the utilities that count; all of them unless somebody looks at one alone
    """
    builder = ProblemBuilder(data.tree, data.labels, data.discount)
    for block in (*COLUMN_BLOCKS.values(), *ROW_BLOCKS.values()):
        block(data, builder)
    for name in utilities:
        builder.item = name
        UTILITY_BLOCKS[name](data, builder)
    for block in CLOSING_BLOCKS.values():
        block(data, builder)
    return builder.build()


def optional_columns(problem: Problem) -> IntArray:
    """Columns of everything that a plan may leave undone.

    These are openings, steps, sales to others, deliveries of products without a firm minimum that no
    choice of systems asks for, and the integration work that only such deliveries wait for. What is frozen
    is not left undone.
    """
    firm = np.concatenate([problem.rows[name].numbers for name in _FIRM if name in problem.rows])
    is_firm = np.zeros(problem.n_columns, dtype=bool)
    is_firm[problem.matrix.column[np.isin(problem.matrix.row_of_entry, firm)]] = True
    _spread(problem, is_firm)
    families = ("ship", "assign", "pool", "sale", "open", "step", "integrate", "begin")
    numbers = np.concatenate([problem.columns[name].numbers for name in families])
    optional: IntArray = numbers[~is_firm[numbers]]
    return optional


# Rows that ask for something to be done; rows that hand on what is firm, and the columns that become firm
# with another column of such a row.
_FIRM = ("firm_minimum", "choice_real", "frozen")
_HANDED_ON = (
    ("assignment", "pool"),
    ("integrated", "integrate"),
    ("integrated", "begin"),
    ("successor", "begin"),
    ("integrate_stays", "integrate"),
    ("begin_stays", "begin"),
)


def _spread(problem: Problem, is_firm: npt.NDArray[np.bool_]) -> None:
    """What firm deliveries need is firm as well: pools, work, projects, and that these stay begun."""
    matrix, n_firm = problem.matrix, -1
    while n_firm < is_firm.sum():
        n_firm = int(is_firm.sum())
        for name, family in _HANDED_ON:
            in_row = np.isin(matrix.row_of_entry, problem.rows[name].numbers)
            row, column = matrix.row_of_entry[in_row], matrix.column[in_row]
            also = column[np.isin(row, row[is_firm[column]])]
            is_firm[also[np.isin(also, problem.columns[family].numbers)]] = True


def no_deal_columns(model: Model) -> IntArray:
    """Columns that are zero without an agreement.

    These are all deliveries of systems that the seller owns and their integration, their production on
    lines that the buyer operates, openings and steps that the buyer pays for on lines that make them, and
    all projects.
    Capacity that exists goes on, whoever paid for it.
    """
    data, problem = model.data, model.problem
    owned, lines = data.products.is_owned_by_seller, data.lines
    is_made = data.products.line >= 0
    on_buyers_line = owned & np.isin(data.products.line, np.flatnonzero(lines.operator == BUYER))
    makes_owned = np.zeros(lines.count, dtype=bool)
    makes_owned[data.products.line[owned & is_made]] = True
    is_paid_by_buyer = makes_owned & (lines.investor == BUYER)
    found = []
    for name, axis, is_out in (
        ("ship", "pair", owned[data.pairs.product]),
        ("assign", "pair", owned[data.pairs.product]),
        ("pool", "product", owned),
        ("make", "product", on_buyers_line),
        ("open", "line", is_paid_by_buyer),
        ("step", "line", is_paid_by_buyer),
        ("integrate", "work", np.isin(data.works.system, data.products.system[owned])),
    ):
        family = problem.columns[name]
        found.append(family.numbers[is_out[family.coordinates[axis]]])
    found.append(problem.columns["begin"].numbers)
    columns = np.concatenate(found)
    if model.frozen is None:
        return columns
    # Who walks away now has done what is done.
    return columns[~np.isin(columns, kept_columns(problem, data, model.frozen))]
