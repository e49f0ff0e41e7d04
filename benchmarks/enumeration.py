"""Discrete negotiations small enough to enumerate: our frontier and Nash point beside an enumerating library.

From the root of the repository: `python -m benchmarks.enumeration`; `--quick` leaves the largest case out.
Every case has integer worths of each value of each issue to each side, which add up. The library looks at
every outcome, in a process of its own; we ask integer problems, as for a deal, and never list outcomes. Both
must find the same points. `--outside PYTHON` names an interpreter that has the library.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks import pages
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, hstack, vstack

from dronedeal.negotiation.evaluator import NO_OUTCOME, Answer, Outcome, Question, goal_rows
from dronedeal.negotiation.frontier import frontier
from dronedeal.negotiation.nash import nash

OUTSIDE = Path(__file__).with_name("outside_enumeration.py")
VALUES, MOST, SEEDS = 10, 100, 3
ISSUES, QUICK = (3, 4, 5, 6), (3, 4)


@dataclass
class Discrete:
    """One value of every issue; what they are worth to a side adds up. Each question is an integer problem.

    Parameters
    ----------
    worth : (2, issues, values) of both sides, whole numbers
    """

    worth: np.ndarray
    questions: int = field(default=0)

    def __post_init__(self) -> None:
        _, issues, values = self.worth.shape
        n = issues * values
        one = csr_array((np.ones(n), (np.repeat(np.arange(issues), values), np.arange(n))))
        utility = self.worth.reshape(2, n)
        self._define = vstack(
            [
                hstack([one, csr_array((issues, 2))]),
                hstack([csr_array(utility), csr_array(-np.eye(2))]),
            ]
        ).tocsr()
        self._right = np.concatenate([np.ones(issues), np.zeros(2)])
        self._n = n

    def best(self, question: Question, /) -> Answer:
        """See `dronedeal.negotiation.evaluator.Evaluator`."""
        self.questions += 1
        goal, n = goal_rows(question), self._n
        terms = len(goal.objective) - 2
        wide = hstack([self._define, csr_array((len(self._right), terms))])
        constraints = [LinearConstraint(wide, self._right, self._right)]
        if len(goal.rows):
            rows = np.hstack([np.zeros((len(goal.rows), n)), goal.rows])
            constraints.append(LinearConstraint(rows, goal.lower, np.inf))
        found = milp(
            -np.concatenate([np.zeros(n), goal.objective]),
            constraints=constraints,
            integrality=np.concatenate([np.ones(n), np.zeros(2 + terms)]),
            bounds=Bounds(
                np.concatenate([np.zeros(n), question.floors, np.full(terms, -np.inf)]),
                np.concatenate([np.ones(n), np.full(2 + terms, np.inf)]),
            ),
            options={"mip_rel_gap": 0.0},
        )
        if found.status == 2:
            return NO_OUTCOME
        if found.x is None:
            raise RuntimeError(f"the integer problem ended with: {found.message}")
        buyer, seller = (self.worth.reshape(2, n) @ np.round(found.x[:n])).tolist()
        bound = -found.fun + goal.constant
        return Answer(Outcome((buyer, seller)), max(bound, question.value((buyer, seller))))


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.enumeration", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two small sizes only")
    parser.add_argument("--outside", metavar="PYTHON", default=sys.executable, help="that has the library")
    asked = parser.parse_args()
    rows = list(compared(QUICK if asked.quick else ISSUES, asked.outside))
    print(pages.table(rows))
    load = os.getloadavg()[0]
    print(f"\nLoad {load:.1f} at the end; processor seconds, imports left out, sums of {SEEDS} cases.")
    return 0


def compared(sizes: tuple[int, ...], outside: str) -> Iterator[dict[str, str]]:
    """One row for each number of issues, both programs by turns."""
    for issues in sizes:
        theirs = ours = 0.0
        points, questions, same = 0, 0, 0
        for seed in range(SEEDS):
            case = made_up(issues, seed)
            other = listed(case, outside)
            own = asked_for(case)
            theirs, ours = theirs + other["seconds"], ours + own["seconds"]
            points, questions = points + len(own["frontier"]), questions + own["questions"]
            same += is_same(own, other)
            print(f"{issues} issues, case {seed + 1}", file=sys.stderr, flush=True)
        yield {
            "outcomes": f"{VALUES**issues:,}",
            "Pareto points": f"{points}",
            "questions": f"{questions}",
            "enumerated s": f"{theirs:.2f}",
            "asked s": f"{ours:.2f}",
            "ratio": f"{theirs / ours:.2f}",
            "same points": f"{same} of {SEEDS}",
        }


def made_up(issues: int, seed: int) -> dict[str, Any]:
    """A case with integer worths, and alternatives at a quarter of what an issue can bring."""
    chance = random.Random(f"{issues} {seed}")
    worth = [[[chance.randint(0, MOST) for _ in range(VALUES)] for _ in range(issues)] for _ in range(2)]
    return {"worth": worth, "alternatives": [issues * MOST / 4] * 2}


def listed(case: dict[str, Any], outside: str) -> dict[str, Any]:
    """What the library finds, in a process of its own."""
    found = subprocess.run(
        [outside, str(OUTSIDE)], input=json.dumps(case), capture_output=True, text=True, check=False
    )
    if found.returncode:
        raise RuntimeError(f"{OUTSIDE.name} ended with {found.returncode}:\n{found.stderr}")
    result: dict[str, Any] = json.loads(found.stdout)
    return result


def asked_for(case: dict[str, Any]) -> dict[str, Any]:
    """What we find, the whole frontier and the Nash point."""
    evaluator = Discrete(np.array(case["worth"], dtype=float))
    without = float(case["alternatives"][0]), float(case["alternatives"][1])
    began = time.process_time()
    found = frontier(evaluator, points=None, step=1.0)
    known = [point.outcome for point in found.points]
    best = nash(evaluator, without, known=known)
    return {
        "seconds": time.process_time() - began,
        "questions": evaluator.questions,
        "frontier": sorted(point.outcome.utilities for point in found.points),
        "nash": None if best is None else best.outcome.utilities,
    }


def is_same(own: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether both found the same Pareto points, and our Nash point is one of the library's."""
    same = own["frontier"] == [tuple(point) for point in other["frontier"]]
    return same and own["nash"] is not None and list(own["nash"]) in other["nash"]


if __name__ == "__main__":
    raise SystemExit(main())
