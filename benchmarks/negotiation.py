"""A whole negotiation of the real deal against one joint plan of it, each a command in a process of its own.

From the root of the repository: `python -m benchmarks.negotiation`; `--quick` takes the licensed-line deal
and few points. The plan is made before and after the negotiation, so that both see the same machine. After
them come discrete negotiations beside an enumerating library (`benchmarks/enumeration.py`).
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import enumeration, pages
from benchmarks.measure import Taken, measured

ROOT = Path(__file__).parents[1]


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.negotiation", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the licensed-line deal, few points")
    is_quick = parser.parse_args().quick
    deal = ROOT / "deals" / ("licensed-line" if is_quick else "ukraine-us")
    points, pairs = (5, 2) if is_quick else (21, 60)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        before = run(["plan", str(deal), "--out", str(out / "before")])
        size = ["--points", str(points), "--pairs", str(pairs)]
        whole = run(["negotiate", str(deal), "--out", str(out / "negotiation"), *size])
        after = run(["plan", str(deal), "--out", str(out / "after")])
        found = json.loads((out / "negotiation" / "negotiation.json").read_text())
        gap = json.loads((out / "before" / "plan.json").read_text())["gap"]
    plan = Taken(
        (before.wall + after.wall) / 2,
        (before.processor + after.processor) / 2,
        max(before.peak_bytes, after.peak_bytes),
    )
    print(table(plan, whole))
    print(f"\nLoad {os.getloadavg()[0]:.1f} at the end. Gap of the plan {gap:.2%}. {what_was_found(found)}")
    sizes = enumeration.QUICK if is_quick else enumeration.ISSUES
    print(f"\n{pages.table(list(enumeration.compared(sizes, sys.executable)))}")
    return 0


def run(options: Sequence[str]) -> Taken:
    """One command in a new process."""
    print(" ".join(options[:2]), file=sys.stderr, flush=True)
    return measured([sys.executable, "-m", "dronedeal", *options])


def table(plan: Taken, whole: Taken) -> str:
    """Both commands, and the negotiation as a multiple of the plan."""
    rows = [
        {
            "command": name,
            "wall clock s": f"{one.wall:.0f}",
            "processor s": f"{one.processor:.0f}",
            "peak memory MB": f"{one.peak_bytes / 1e6:,.0f}",
        }
        for name, one in (("plan", plan), ("negotiate", whole))
    ]
    rows.append(
        {
            "command": "ratio",
            "wall clock s": f"{whole.wall / plan.wall:.1f}",
            "processor s": f"{whole.processor / plan.processor:.1f}",
            "peak memory MB": f"{whole.peak_bytes / plan.peak_bytes:.1f}",
        }
    )
    return pages.table(rows)


def what_was_found(found: dict[str, Any]) -> str:
    """How much a record holds, and how close to their bounds its points are."""
    total = [sum(point["utilities"].values()) for point in found["frontier"]]
    gaps = [point["gap"] for point in found["frontier"] if point["gap"] is not None]
    # The gap of a point is what one side could have more with the other no worse off, as a share of both.
    share = statistics.median(gaps) / statistics.median(total) if gaps else float("nan")
    priced = sum(
        1 for clause in found["clauses"] if clause["at_buyer"] or clause["at_seller"] or clause["dropped"]
    )
    stopped = ", stopped early" if found["was_stopped"] else ""
    return (
        f"{len(found['frontier'])} points of the frontier{stopped}, median distance to the bound "
        f"{share:.2%} of both utilities; Nash point {found['nash']['gap']:.1%} of its measure; "
        f"{priced} clauses with a price."
    )


if __name__ == "__main__":
    raise SystemExit(main())
