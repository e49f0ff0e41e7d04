"""Large scenario trees: the decomposition against the best HiGHS method on the extensive form.

From the root of the repository: `python -m benchmarks.trees`, or with `--quick` for small sizes. Every solve
runs in a process of its own, the two methods take turns on the same tree, and each line says seconds of wall
clock and of processor, the gap that was certified, and the most memory.
`--only speed|prices|growth|threads|outside` runs one part; the last compares with mpi-sppy.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial

from benchmarks.made_up_trees import TreeSize, made_up_tree

from dronedeal.engine import Serial, Threads
from dronedeal.solving.stochastic import solve_tree

GAP = 1e-3
SEEDS = range(5)
LEAVES = {81: 3, 256: 4, 625: 5, 1296: 6, 2401: 7, 10_000: 10}
"""Children a node of trees of five stages, by the number of leaves."""
GROWTH = (81, 256, 625, 2401, 10_000)
LIMIT = 600.0
TIMES = 5.0
# What a solver needs beyond its time limit, in seconds, before it is told apart from one that hangs.
_GRACE = 60.0


class Clock:
    """How much of the time for the whole run is left.

    seconds : None: there is no end
    """

    def __init__(self, seconds: float | None) -> None:
        self._end = None if seconds is None else time.monotonic() + seconds
        self.left_out: list[str] = []

    def has(self, what: str) -> bool:
        """Whether there is time for something; what there is none for is remembered."""
        is_there = self._end is None or time.monotonic() < self._end
        if not is_there:
            self.left_out.append(what)
        return is_there


@dataclass(frozen=True)
class Run:
    """One solve as it was measured.

    wall, processor : seconds of the solve alone; memory : most of the process, MiB
    """

    leaves: int
    seed: int
    method: str
    is_priced_by_node: bool
    columns: int
    wall: float
    processor: float
    memory: float
    cost: float
    bound: float
    gap: float
    termination: str
    measured: dict[str, float]


def one_run(
    children: int, seed: int, method: str, *, is_priced_by_node: bool, threads: int, limit: float
) -> Run:
    """Solve one tree in this process."""
    size = TreeSize(children)
    staged = made_up_tree(size, seed=seed, is_priced_by_node=is_priced_by_node)
    engine = Serial() if threads == 1 else Threads(threads)
    wall, processor = time.perf_counter(), time.process_time()
    found = solve_tree(staged, method=method, gap=GAP, time_limit=limit, engine=engine)  # type: ignore[arg-type]
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Run(
        size.leaves,
        seed,
        method,
        is_priced_by_node,
        staged.n_columns,
        wall,
        processor,
        memory,
        found.cost,
        found.cost_bound,
        found.gap,
        found.termination.value,
        dict(found.measured),
    )


def measured(
    leaves: int,
    seed: int,
    method: str,
    *,
    is_priced_by_node: bool = False,
    threads: int = 1,
    limit: float = LIMIT,
) -> Run:
    """Solve one tree in a fresh process, and print what it took."""
    arguments = [
        str(LEAVES[leaves]),
        str(seed),
        method,
        str(int(is_priced_by_node)),
        str(threads),
        str(limit),
    ]
    command = [sys.executable, "-m", "benchmarks.trees", "--one", *arguments]
    # A solver may look at its clock seldom: one that does not end is ended here, and counts as given up.
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=True, env=os.environ, timeout=2 * limit + _GRACE
        )
    except subprocess.TimeoutExpired:
        return _given_up(leaves, seed, method, is_priced_by_node=is_priced_by_node, limit=limit)
    run = Run(**json.loads(done.stdout))
    print(
        f"{run.leaves:6d} leaves  seed {seed}  {method:13s} {threads} thread{'s' * (threads > 1)}"
        f"  {'prices by node' if is_priced_by_node else 'same prices'}"
        f"  {run.wall:7.1f} s wall {run.processor:7.1f} s processor {run.memory:6.0f} MiB"
        f"  gap {run.gap:.2e}  {run.termination}",
        flush=True,
    )
    return run


def _given_up(leaves: int, seed: int, method: str, *, is_priced_by_node: bool, limit: float) -> Run:
    """A solve that was ended from outside: it took its limit at least, and nothing else is known."""
    print(
        f"{leaves:6d} leaves  seed {seed}  {method:13s} ended from outside after {2 * limit + _GRACE:.0f} s"
    )
    nothing = math.nan
    return Run(
        leaves, seed, method, is_priced_by_node, 0, limit, limit, nothing, nothing, nothing, math.inf,
        "ended from outside", {},
    )  # fmt: skip


def side_by_side(
    leaves: int, seeds: Sequence[int], *, is_priced_by_node: bool, limit: float, times: float, clock: Clock
) -> list[str]:
    """Both methods in turn on the same trees; the ratio of their processor times.

    Parameters
    ----------
    limit : seconds for each solve
    times : the extensive form is given up at so many times the wall clock that the decomposition took
    """
    ratios, is_bound = [], False
    for seed in seeds:
        if not clock.has(f"{leaves} leaves, seed {seed}{', prices by node' * is_priced_by_node}"):
            continue
        split = measured(leaves, seed, "decomposition", is_priced_by_node=is_priced_by_node, limit=limit)
        most = max(1.0, times * split.wall)
        whole = measured(leaves, seed, "extensive", is_priced_by_node=is_priced_by_node, limit=most)
        is_solved, ratio = whole.termination == "optimal", whole.processor / split.processor
        is_bound |= not is_solved
        ratios.append(ratio)
        print(
            f"        {_compared(split, whole)}; ratio {'' if is_solved else 'at least '}{ratio:.2f}",
            flush=True,
        )
    if not ratios:
        return []
    name, least = "prices by node" if is_priced_by_node else "same prices", "at least " * is_bound
    return [
        f"{leaves} leaves, {name}: {least}{min(ratios):.1f} to {max(ratios):.1f} times faster, {least}"
        f"{statistics.median(ratios):.1f} in the middle of {len(ratios)} seeds"
    ]


def _compared(split: Run, whole: Run) -> str:
    """Whether both methods say the same of the optimum, in words."""
    if whole.termination != "optimal":
        return f"the extensive form was given up ({whole.termination})"
    room = 1e-6 * abs(whole.cost)
    is_enclosed = split.bound - room <= whole.cost <= split.cost + room
    return f"optimum enclosed: {'yes' if is_enclosed else 'NO'}"


def growth(sizes: Sequence[int], *, is_priced_by_node: bool = False, limit: float, clock: Clock) -> list[str]:
    """Time and memory from few leaves to many, and the exponent of time in leaves."""
    runs = [
        measured(leaves, 0, "decomposition", is_priced_by_node=is_priced_by_node, limit=limit)
        for leaves in sizes
        if clock.has(f"growth, {leaves} leaves")
    ]
    closed = [run for run in runs if run.gap <= GAP]
    lines = [
        f"{run.leaves} leaves ended with {run.termination} at a gap of {run.gap:.1e} and {run.memory:.0f} MiB"
        for run in runs
        if run not in closed
    ]
    if len(closed) < 2:
        return lines
    exponent = exponent_of([run.leaves for run in closed], [run.processor for run in closed])
    first, last, memory = closed[0], closed[-1], max(run.memory for run in runs)
    return [
        *lines,
        f"{first.leaves} to {last.leaves} leaves: {first.processor:.1f} to {last.processor:.1f} s processor, "
        f"exponent {exponent:.2f} over {len(closed)} sizes, {memory:.0f} MiB at most",
    ]


def exponent_of(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """The exponent of time in size: the slope of the least squares line through their logarithms.

    >>> round(exponent_of([1, 10, 100], [2.0, 20.0, 200.0]), 6)
    1.0
    """
    slope, _ = statistics.linear_regression(
        [math.log(each) for each in sizes], [math.log(each) for each in seconds]
    )
    return slope


def two_threads(leaves: int, *, limit: float) -> list[str]:
    """One thread against two on the same tree, by wall clock."""
    one = measured(leaves, 0, "decomposition", limit=limit)
    two = measured(leaves, 0, "decomposition", threads=2, limit=limit)
    return [f"{leaves} leaves, two threads: {one.wall / two.wall:.2f} times faster by wall clock"]


def beside_another(scenarios: int) -> list[str]:
    """The two-stage problem of `benchmarks.outside_trees` here and in mpi-sppy, each in a fresh process."""
    lines, seconds, costs = [], {}, {}
    for method in ("ours", "extensive", "l-shaped"):
        command = [sys.executable, "-m", "benchmarks.outside_trees", method, str(scenarios)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
        if done.returncode:
            why = (done.stderr.strip() or "killed").splitlines()[-1]
            lines.append(f"{scenarios} scenarios, {method}: not run, {why}")
            continue
        found = json.loads(done.stdout.strip().splitlines()[-1])
        seconds[method], costs[method] = found["processor"], found["cost"]
        print(
            f"{scenarios:6d} scenarios  {method:10s} {found['wall']:7.1f} s wall "
            f"{found['processor']:7.2f} s processor  cost {found['cost']:.6f}",
            flush=True,
        )
    for method in seconds.keys() - {"ours"}:
        agrees = math.isclose(costs[method], costs["ours"], rel_tol=1e-5)
        lines.append(
            f"{scenarios} scenarios: {seconds[method] / seconds['ours']:.1f} times faster than the {method} "
            f"method of mpi-sppy, costs {'agree' if agrees else 'DIFFER'}"
        )
    return sorted(lines)


def main() -> int:
    """Run the parts that are asked for, and print the summary."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.trees", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="81 leaves, one seed")
    parser.add_argument("--only", choices=("speed", "prices", "growth", "threads", "outside"))
    parser.add_argument("--limit", type=float, default=LIMIT, help="seconds for each solve")
    parser.add_argument(
        "--times", type=float, default=TIMES, help="give the extensive form up at so many times"
    )
    parser.add_argument("--seeds", type=int, default=len(SEEDS), help="how many seeds for both methods")
    parser.add_argument("--seconds", type=float, help="begin nothing after so many seconds")
    parser.add_argument("--one", nargs=6, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        children, seed, method, is_priced, threads, limit = asked.one
        run = one_run(
            int(children),
            int(seed),
            method,
            is_priced_by_node=is_priced == "1",
            threads=int(threads),
            limit=float(limit),
        )
        print(json.dumps(asdict(run)))
        return 0
    print(f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}, gap {GAP}")
    leaves, seeds = (81, range(1)) if asked.quick else (625, range(asked.seeds))
    sizes = GROWTH[:2] if asked.quick else GROWTH
    clock = Clock(asked.seconds)
    both = partial(side_by_side, leaves, seeds, limit=asked.limit, times=asked.times, clock=clock)
    parts = {
        "speed": lambda: both(is_priced_by_node=False),
        "prices": lambda: both(is_priced_by_node=True),
        "growth": lambda: growth(sizes, limit=asked.limit, clock=clock),
        "threads": lambda: two_threads(leaves, limit=asked.limit) if clock.has("two threads") else [],
        "outside": lambda: beside_another(50 if asked.quick else 1000) if clock.has("mpi-sppy") else [],
    }
    lines = [line for name, part in parts.items() if asked.only in (None, name) for line in part()]
    left_out = [f"no time was left for: {what}" for what in clock.left_out]
    print("\n".join(["", *lines, *left_out]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
