"""Two workers against one, on scenarios of a deal that are planned alone: of a Dask cluster, and processes.

From the root of the repository: `python -m benchmarks.workers`, on a machine with nothing else to do; about
two minutes. Each kind of workers is started, has one scenario planned by each of its workers, and then plans
all of them while the clock runs; one and two workers take turns. What they find must be equal.
`--rounds N` and `--leaves N` make it shorter or longer, `--deal FOLDER` takes another deal. Dask is left
out where it is not installed.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dronedeal import read
from dronedeal.engine import Engine, Processes
from dronedeal.planning.scenarios.by_node import on_tree
from dronedeal.planning.scenarios.grow import scenario_tree
from dronedeal.solving import SolveOptions
from dronedeal.solving.stochastic.cluster import Cluster
from dronedeal.workflow.scenarios.worth import Alone

DEAL = Path(__file__).resolve().parent.parent / "deals" / "licensed-line"
# A scheduler with its workers, until nobody holds its input any more.
HOST = """
import sys
from distributed import LocalCluster
if __name__ == "__main__":
    with LocalCluster(n_workers=int(sys.argv[1]), threads_per_worker=1, dashboard_address=None) as cluster:
        print(cluster.scheduler_address, flush=True)
        sys.stdin.read()
"""


@contextmanager
def dask_workers(count: int) -> Iterator[Engine]:
    """So many Dask workers of one thread each, on this machine."""
    command = [sys.executable, "-c", HOST, str(count)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as host:
        assert host.stdin is not None
        assert host.stdout is not None
        try:
            with Cluster(host.stdout.readline().strip()) as engine:
                yield engine
        finally:
            host.stdin.close()
            host.wait(60)


KINDS = {"dask": dask_workers, "processes": Processes}


def measured(
    kind: str, count: int, work: Alone, leaves: list[int]
) -> tuple[float, list[tuple[float, float]]]:
    """Seconds by the clock for all scenarios, and what they come to."""
    with KINDS[kind](count) as engine:
        list(engine.map(work.plan, leaves[: 2 * count]))
        began = time.perf_counter()
        found = list(engine.map(work.plan, leaves))
        return time.perf_counter() - began, found


def main() -> int:
    """Measure, and print how many times faster two workers are than one."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.workers", description=__doc__)
    parser.add_argument("--leaves", type=int, default=24, help="scenarios")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--deal", type=Path, default=DEAL)
    parser.add_argument("--only", choices=tuple(KINDS))
    asked = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    deal = read(asked.deal)
    tree = scenario_tree(deal, leaves=asked.leaves)
    work = Alone(on_tree(deal, tree).data, "joint", SolveOptions(gap=1e-4, is_proven=False))
    leaves = list(tree.leaves)
    lines, expected = [], None
    for kind in KINDS:
        if asked.only not in (None, kind):
            continue
        if kind == "dask" and importlib.util.find_spec("distributed") is None:
            lines.append("dask: not installed; it comes with dronedeal[cluster]")
            continue
        ratios = []
        for number in range(asked.rounds):
            seconds = {}
            # Turn and turn about, so that what else the machine does falls on both.
            for count in (1, 2) if number % 2 == 0 else (2, 1):
                seconds[count], found = measured(kind, count, work, leaves)
                expected = expected or found
                is_same = found == expected
                print(
                    f"{kind:10s} {count} worker{'s' * (count > 1):1s} {seconds[count]:6.1f} s for "
                    f"{len(leaves)} scenarios, {'the same' if is_same else 'ANOTHER'} result",
                    flush=True,
                )
            ratios.append(seconds[1] / seconds[2])
        lines.append(
            f"{kind}: two workers {statistics.median(ratios):.2f} times as fast as one in the middle of "
            f"{asked.rounds} rounds ({min(ratios):.2f} to {max(ratios):.2f})"
        )
    print("\n".join(["", *lines]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
