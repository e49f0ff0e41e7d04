"""Evaluators that share no code with the program's own solver, and some that answer badly."""

from __future__ import annotations

import math
import random
import zlib
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from dronedeal.negotiation.evaluator import (
    NO_OUTCOME,
    Answer,
    Evaluator,
    Outcome,
    Question,
    goal_rows,
    question_to_data,
)


@dataclass
class MixedInteger:
    """`rows · x ≤ limits`, `0 ≤ x ≤ upper`, utilities `utility · x`; the plan of an outcome is its `x`."""

    utility: np.ndarray
    rows: np.ndarray
    limits: np.ndarray
    upper: np.ndarray
    is_integer: bool = False
    asked: list[Question] = field(default_factory=list)

    def best(self, question: Question, /) -> Answer:
        self.asked.append(question)
        n, goal = self.utility.shape[1], goal_rows(question)
        terms = len(goal.objective) - 2
        # Columns: x, both utilities, one a term.
        define = np.hstack([self.utility, -np.eye(2), np.zeros((2, terms))])
        constraints = [
            LinearConstraint(
                np.hstack([self.rows, np.zeros((len(self.rows), 2 + terms))]), -np.inf, self.limits
            ),
            LinearConstraint(define, 0.0, 0.0),
        ]
        if len(goal.rows):
            rows = np.hstack([np.zeros((len(goal.rows), n)), goal.rows])
            constraints.append(LinearConstraint(rows, goal.lower, np.inf))
        lower = np.concatenate([np.zeros(n), question.floors, np.full(terms, -np.inf)])
        found = milp(
            -np.concatenate([np.zeros(n), goal.objective]),
            constraints=constraints,
            integrality=np.concatenate([np.full(n, int(self.is_integer)), np.zeros(2 + terms)]),
            bounds=Bounds(lower, np.concatenate([self.upper, np.full(2 + terms, np.inf)])),
            options={"mip_rel_gap": 0.0},
        )
        if found.status == 2:
            return NO_OUTCOME
        assert found.status == 0, found.message
        x = np.round(found.x[:n]) if self.is_integer else found.x[:n]
        buyer, seller = (self.utility @ x).tolist()
        return Answer(
            Outcome((buyer, seller), plan=x), max(-found.fun + goal.constant, question.value((buyer, seller)))
        )


@dataclass
class Recording:
    """Another evaluator, with what it was asked."""

    evaluator: Evaluator
    asked: list[Question] = field(default_factory=list)

    def best(self, question: Question, /) -> Answer:
        self.asked.append(question)
        return self.evaluator.best(question)


@dataclass
class Hasty:
    """Another evaluator whose bound stands a little above what it finds, or that finds nothing at all."""

    evaluator: Evaluator
    slack: float = 0.0
    gives_up: bool = False

    def best(self, question: Question, /) -> Answer:
        if self.gives_up:
            return Answer(None, math.inf)
        answer = self.evaluator.best(question)
        return answer if answer.outcome is None else Answer(answer.outcome, answer.bound + self.slack)


@dataclass
class Rough:
    """A list whose answers are only nearly the best, and miss floors by a hair, with a true bound."""

    pairs: list[tuple[float, float]]
    gap: float
    asked: int = 0

    def best(self, question: Question, /) -> Answer:
        self.asked += 1
        allowed = [pair for pair in self.pairs if question.admits(pair, 1e-7)]
        if not allowed:
            return NO_OUTCOME
        best = max(map(question.value, allowed))
        chance = random.Random(zlib.crc32(str(question_to_data(question)).encode()))
        near = [pair for pair in allowed if question.value(pair) >= best - self.gap * max(1.0, abs(best))]
        return Answer(Outcome(chance.choice(near)), best + self.gap * chance.random())


def triangle(buyer: float, seller: float) -> MixedInteger:
    """The set `u_buyer / buyer + u_seller / seller ≤ 1`, both at least 0."""
    return MixedInteger(
        np.diag([buyer, seller]), np.array([[1.0, 1.0]]), np.array([1.0]), np.ones(2), is_integer=False
    )


# A two-objective knapsack of 17 items: values to both sides, weights, what can be carried, and all nine
# points of the frontier (from the tests of a library for many objectives, MultiObjectiveAlgorithms.jl).
KNAPSACK_BUYER = [77, 94, 71, 63, 96, 82, 85, 75, 72, 91, 99, 63, 84, 87, 79, 94, 90]
KNAPSACK_SELLER = [65, 90, 90, 77, 95, 84, 70, 94, 66, 92, 74, 97, 60, 60, 65, 97, 93]
KNAPSACK_WEIGHT = [80, 87, 68, 72, 66, 77, 99, 85, 70, 93, 98, 72, 100, 89, 67, 86, 91]
KNAPSACK_FRONT = [
    (918, 983), (927, 972), (934, 971), (935, 947), (936, 942), (943, 940),
    (948, 939), (949, 915), (955, 906),
]  # fmt: skip


def knapsack() -> MixedInteger:
    """The knapsack as an evaluator."""
    return MixedInteger(
        np.array([KNAPSACK_BUYER, KNAPSACK_SELLER], dtype=float),
        np.array([KNAPSACK_WEIGHT], dtype=float),
        np.array([900.0]),
        np.ones(17),
        is_integer=True,
    )
