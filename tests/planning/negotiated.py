"""A small deal with terms that are negotiated, and its problem built for any of them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.sparse import csr_array
from tests.planning.small_deal import small_deal

from dronedeal import assessment, planning
from dronedeal.deal.change import apply_changes
from dronedeal.planning.negotiable import TermRange
from dronedeal.planning.problem import Problem

DEAL = small_deal()
# Cells and range of each term. The last one closes months and so changes what can be decided.
TERMS = {
    "price": ("prices[kite].unit_price", 700.0, 1200.0),
    "royalty": ("prices[kite].royalty", 0.0, 0.3),
    "advance": ("settings.terms.advance_share", 0.0, 0.5),
    "own_needs": ("home_needs[own].required_share", 0.5, 1.0),
    "firm": ("prices[kite].firm_minimum", 0.0, 300.0),
    "ceiling": ("settings.terms.ceiling", 500_000.0, 900_000.0),
    "work_share": ("rules[work].limit", 0.1, 0.4),
    "permit": ("rules[permit].limit", 0.0, 3.0),
}
RANGES = [TermRange(term, lower, upper) for term, (_, lower, upper) in TERMS.items()]
IN_PROPORTION = [span for span in RANGES if span.term != "permit"]


def built(terms: Mapping[str, float]) -> Problem:
    """The problem of the deal with its cells changed; terms that are not named stay as they are."""
    deal = apply_changes(DEAL, [f"{TERMS[term][0]}={value!r}" for term, value in terms.items()])
    return planning.build(deal, assessment.assess(deal)).problem


def dense(problem: Problem) -> np.ndarray:
    matrix = problem.matrix
    return csr_array(
        (matrix.value, matrix.column, matrix.start), shape=(problem.n_rows, problem.n_columns)
    ).toarray()


def some_terms(seed: int) -> dict[str, float]:
    draw = np.random.default_rng(seed)
    return {span.term: float(draw.uniform(span.lower, span.upper)) for span in IN_PROPORTION}
