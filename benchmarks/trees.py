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
from dataclasses import asdict, dataclass

from benchmarks.made_up_trees import TreeSize, made_up_tree

from dronedeal.engine import Serial, Threads
from dronedeal.solving.stochastic import solve_tree

GAP = 1e-3
SEEDS = range(5)
LEAVES = {81: 3, 256: 4, 625: 5, 1296: 6, 2401: 7, 10_000: 10}
"""Children a node of trees of five stages, by the number of leaves."""
LIMIT = 600.0


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
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ)
    run = Run(**json.loads(done.stdout))
    print(
        f"{run.leaves:6d} leaves  seed {seed}  {method:13s} {threads} thread{'s' * (threads > 1)}"
        f"  {'prices by node' if is_priced_by_node else 'same prices'}"
        f"  {run.wall:7.1f} s wall {run.processor:7.1f} s processor {run.memory:6.0f} MiB"
        f"  gap {run.gap:.2e}  {run.termination}",
        flush=True,
    )
    return run


def side_by_side(leaves: int, seeds: range, *, is_priced_by_node: bool, limit: float) -> list[str]:
    """Both methods in turn on the same trees; the ratio of their processor times."""
    ratios = []
    for seed in seeds:
        split = measured(leaves, seed, "decomposition", is_priced_by_node=is_priced_by_node, limit=limit)
        whole = measured(leaves, seed, "extensive", is_priced_by_node=is_priced_by_node, limit=limit)
        ratios.append(whole.processor / split.processor)
        if whole.termination == "optimal" and split.gap < 1:
            room = 1e-6 * abs(whole.cost)
            is_enclosed = split.bound - room <= whole.cost <= split.cost + room
            print(f"        optimum enclosed: {'yes' if is_enclosed else 'NO'}; ratio {ratios[-1]:.2f}")
        else:
            print(
                f"        the extensive form ended with {whole.termination}; ratio at least {ratios[-1]:.2f}"
            )
    name = "prices by node" if is_priced_by_node else "same prices"
    return [
        f"{leaves} leaves, {name}: {min(ratios):.1f} to {max(ratios):.1f} times faster, "
        f"{statistics.median(ratios):.1f} in the middle of {len(ratios)} seeds"
    ]


def growth(sizes: list[int], *, limit: float) -> list[str]:
    """Time and memory from few leaves to many, and the exponent of time in leaves."""
    runs = [measured(leaves, 0, "decomposition", limit=limit) for leaves in sizes]
    first, last = runs[0], runs[-1]
    exponent = math.log(last.processor / first.processor) / math.log(last.leaves / first.leaves)
    return [
        f"{first.leaves} to {last.leaves} leaves: {first.processor:.1f} to {last.processor:.1f} s processor, "
        f"exponent {exponent:.2f}, at most {max(run.memory for run in runs):.0f} MiB"
    ]


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
    leaves, seeds = (81, range(1)) if asked.quick else (625, SEEDS)
    sizes = [81, 256] if asked.quick else [81, 625, 2401, 10_000]
    parts = {
        "speed": lambda: side_by_side(leaves, seeds, is_priced_by_node=False, limit=asked.limit),
        "prices": lambda: side_by_side(leaves, seeds, is_priced_by_node=True, limit=asked.limit),
        "growth": lambda: growth(sizes, limit=asked.limit),
        "threads": lambda: two_threads(leaves, limit=asked.limit),
        "outside": lambda: beside_another(50 if asked.quick else 1000),
    }
    lines = [line for name, part in parts.items() if asked.only in (None, name) for line in part()]
    print("\n".join(["", *lines]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
