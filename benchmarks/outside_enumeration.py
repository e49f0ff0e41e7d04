"""Pareto and Nash points of a discrete negotiation by an enumerating library, in a process of its own.

`python benchmarks/outside_enumeration.py` reads one case as JSON from its input and prints what it found as
JSON. It imports nothing of this program.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any


def main() -> int:
    """Read a case, enumerate it, print what was found."""
    print(json.dumps(enumerated(json.load(sys.stdin))))
    return 0


def enumerated(case: dict[str, Any]) -> dict[str, Any]:
    """The Pareto points and the Nash points of a case, with the processor seconds of both.

    Parameters
    ----------
    case : `worth`, (2, issues, values) what a value of an issue is worth to each side, and `alternatives`,
        (2,) what each has without an agreement
    """
    from negmas import make_issue
    from negmas.preferences import LinearAdditiveUtilityFunction
    from negmas.preferences.ops import nash_points, pareto_frontier

    issues = [
        make_issue([str(value) for value in range(len(values))], name=f"issue{number}")
        for number, values in enumerate(case["worth"][0])
    ]
    sides = [
        LinearAdditiveUtilityFunction(
            values={
                issue.name: {str(value): worth for value, worth in enumerate(values)}
                for issue, values in zip(issues, worths, strict=True)
            },
            weights={issue.name: 1.0 for issue in issues},
            issues=issues,
            reserved_value=alternative,
        )
        for worths, alternative in zip(case["worth"], case["alternatives"], strict=True)
    ]
    began = time.process_time()
    frontier, _ = pareto_frontier(sides, issues=issues)
    nash = nash_points(sides, frontier, issues=issues)
    return {
        "seconds": time.process_time() - began,
        "frontier": sorted({tuple(map(float, point)) for point in frontier}),
        "nash": [list(map(float, point)) for point, _ in nash],
    }


if __name__ == "__main__":
    raise SystemExit(main())
