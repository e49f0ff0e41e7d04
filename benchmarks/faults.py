"""Work on a large tree that is killed or stopped again and again.

From the root of the repository: `python -m benchmarks.faults`, or with `--times N` for fewer than 100.
Three parts, one with `--only kills|stops|orphans`:

- kills: a process that keeps its state in a file is killed with signal 9 at random moments and begun again,
  always from that file; at last it may finish, and the cost must be that of work that nobody disturbed.
- stops: a solve is asked to stop at a random moment; how long it takes to return, with a valid bound, and
  whether it brings a plan.
- orphans: a process with two workers of its own is killed; both must end too.
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from benchmarks.made_up_trees import TreeSize, made_up_tree

from dronedeal.engine import Processes
from dronedeal.solving.interface import SolveOptions, never_stop, no_progress
from dronedeal.solving.stochastic import StagedProblem, TreeSolution, solve_tree
from dronedeal.solving.stochastic.decomposition import DecompositionOptions, decompose

GAP = 1e-5
SMALL = TreeSize(8, years=3, lines=4, systems=8, components=6)
LARGE = TreeSize(4)
SOONEST, MOST_SECONDS = 2.0, 30.0


def kept(staged: StagedProblem, path: Path) -> TreeSolution:
    """Solve with a state that is written after every round."""
    found = decompose(
        staged,
        options=SolveOptions(gap=GAP),
        choice=DecompositionOptions(depth=2, checkpoint=path, interval=0.0),
        on_progress=no_progress,
        should_stop=never_stop,
    )
    assert found is not None
    return found


def kills(times: int) -> list[str]:
    """Kill and begin again; the answer at last against that of one run."""
    chance = random.Random(1)
    staged = made_up_tree(SMALL, seed=3)
    with tempfile.TemporaryDirectory() as folder:
        whole = kept(staged, Path(folder) / "undisturbed")
        path, finished = Path(folder) / "state", 0
        for _ in range(times):
            command = [sys.executable, "-m", "benchmarks.faults", "--work", str(path)]
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
                assert process.stdout is not None
                process.stdout.readline()
                time.sleep(chance.uniform(0.0, whole.seconds))
                process.send_signal(signal.SIGKILL)
                finished += bool(process.stdout.read())
        found = kept(staged, path)
        left = sorted(entry.name for entry in Path(folder).iterdir())
    room = 2 * GAP * abs(whole.cost)
    is_right = abs(found.cost - whole.cost) <= room and found.gap <= GAP
    return [
        f"killed {times} times, {finished} of them after the end: the answer at last is "
        f"{'the same within the gap' if is_right else 'ANOTHER'} ({found.cost:.3f}, {whole.cost:.3f}); "
        f"{len(left) - 2} parts of files left behind"
    ]


def stops(times: int) -> list[str]:
    """Ask for a stop at random moments; seconds until the answer, and what it brings."""
    chance, late, plans, wrong = random.Random(2), [], 0, 0
    staged = made_up_tree(LARGE, seed=0)
    best = solve_tree(staged, method="decomposition", gap=1e-3)
    for number in range(times):
        moment = time.perf_counter() + chance.uniform(0.0, min(MOST_SECONDS, best.seconds))
        found = solve_tree(
            staged,
            method="decomposition",
            gap=1e-9,
            should_stop=lambda moment=moment: time.perf_counter() >= moment,
        )
        late.append(time.perf_counter() - moment)
        plans += found.has_values
        wrong += found.cost_bound > best.cost * (1 + 1e-9) or found.cost < best.cost_bound * (1 - 1e-9)
        print(f"stop {number + 1:3d}: {late[-1]:.2f} s, {'a plan' if found.has_values else 'no plan yet'}")
    return [
        f"stopped {times} times: {np.mean(np.array(late) <= SOONEST):.0%} returned within {SOONEST:g} s, the "
        f"slowest after {max(late):.2f} s; {plans} with a plan, {wrong} with a wrong bound"
    ]


def orphans(times: int) -> list[str]:
    """Kill a process with workers; how often one of them stays behind."""
    behind = 0
    for _ in range(times):
        command = [sys.executable, "-m", "benchmarks.faults", "--with-workers"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            process.stdout.readline()
            process.send_signal(signal.SIGKILL)
            try:
                # Workers hold the same pipe: its end comes when the last of them has ended.
                process.communicate(timeout=60)
            except subprocess.TimeoutExpired:
                behind += 1
    return [f"killed {times} times with two workers: {behind} times one of them stayed behind"]


def main() -> int:
    """Run the parts that are asked for, and print the summary."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=__doc__)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--only", choices=("kills", "stops", "orphans"))
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--with-workers", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.work:
        print("began", flush=True)
        print(kept(made_up_tree(SMALL, seed=3), asked.work).cost, flush=True)
        return 0
    if asked.with_workers:
        with Processes(2) as engine:
            results = engine.map(time.sleep, [0.0, 0.0, 600.0, 600.0])
            next(results)
            print("began", flush=True)
            next(results)
            next(results)
        return 0
    parts = {
        "kills": lambda: kills(asked.times),
        "stops": lambda: stops(asked.times),
        "orphans": lambda: orphans(max(1, asked.times // 10)),
    }
    lines = [line for name, part in parts.items() if asked.only in (None, name) for line in part()]
    print("\n".join(["", *lines]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
