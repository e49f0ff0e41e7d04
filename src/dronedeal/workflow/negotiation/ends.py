"""What a deal lacks where a term is at the end of its range.

The problem in which terms can move has the columns that a deal has inside their ranges. At an end a deal may
have fewer: where no output must be returned, a licensed line delivers nothing for the owner's needs. The
range then ends a little before, and the end itself is asked in the problem of the range without those
columns, so that what is found is a plan of the deal as it would be signed. What lies farther out has a
problem of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from dronedeal.planning.carried import places
from dronedeal.planning.model import Model
from dronedeal.planning.negotiable import Negotiable
from dronedeal.planning.problem import Problem
from dronedeal.planning.tree import IntArray

# A range that ends before its end, for the deal has another shape there, ends by less than this share of it.
_BEFORE = 1e-3


class Ends:
    """Columns of a problem for any terms that its deal has not by itself just beyond their ranges.

    Parameters
    ----------
    negotiable : the problem for any value of the terms
    built : the model of the deal under given terms
    """

    def __init__(self, negotiable: Negotiable, built: Callable[[Mapping[str, float]], Model]) -> None:
        self.negotiable, self.built = negotiable, built
        self._lacks: dict[tuple[str, float], IntArray] = {}

    def at(self, terms: Mapping[str, float], closed: IntArray | None = None) -> Problem:
        """The problem under terms in proportion, with nothing in the columns that the deal then lacks.

        Parameters
        ----------
        terms : their values; closed : further columns in which nothing is done
        """
        lacks = [
            self._lacking(span.term, terms[span.term])
            for span in self.negotiable.ranges
            if span.term in terms and not span.lower <= terms[span.term] <= span.upper
        ]
        problem = without(self.negotiable.at(terms), closed)
        return without(problem, np.concatenate(lacks)) if lacks else problem

    def are_passed(self, terms: Mapping[str, float]) -> bool:
        """Whether some term lies farther out than where its range could not reach its end."""
        return any(
            not span.lower - room <= terms.get(span.term, span.middle) <= span.upper + room
            for span in self.negotiable.ranges
            for room in [_BEFORE * (span.upper - span.lower)]
        )

    def _lacking(self, term: str, value: float) -> IntArray:
        """Columns that the deal has not with one term at an end, all others in the middle of their ranges."""
        found = self._lacks.get((term, value))
        if found is None:
            inside = {span.term: span.middle for span in self.negotiable.ranges}
            problem = self.built(inside | {term: value}).problem
            found = np.flatnonzero(places(problem, self.negotiable.middle).columns < 0)
            self._lacks[term, value] = found
        return found


def without(problem: Problem, closed: IntArray | None) -> Problem:
    """The problem in which nothing is done of some columns."""
    if closed is None:
        return problem
    upper = problem.upper.copy()
    upper[closed] = problem.lower[closed]
    return replace(problem, upper=upper)
