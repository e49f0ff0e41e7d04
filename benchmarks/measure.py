"""Whole commands in fresh processes: seconds by stage, size and peak memory."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

STAGES = ("read", "check", "assess", "build", "solve", "tables", "verify", "write", "report")
LAUNCH = Path(__file__).with_name("launch.py")


@dataclass(frozen=True)
class Taken:
    """What a command took: seconds of wall clock and of processor, peak memory of the process."""

    wall: float
    processor: float
    peak_bytes: int


def measured(command: Sequence[str]) -> Taken:
    """Run a command in a new process and measure it from outside.

    Raises
    ------
    RuntimeError : where it does not end with 0
    """
    found = subprocess.run(
        [sys.executable, "-S", str(LAUNCH), *command], capture_output=True, text=True, check=False
    )
    if found.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {found.returncode}:\n{found.stderr}")
    return Taken(**json.loads(found.stdout))


@dataclass(frozen=True)
class CommandRun:
    """One run of `dronedeal plan`; seconds are wall clock unless the name says otherwise."""

    sizes: dict[str, int]
    seconds: dict[str, float]
    wall: float
    processor: float
    peak_bytes: int
    gap: float | None
    gap_of_cost: float | None
    termination: str

    @property
    def overhead(self) -> float:
        """Seconds of the whole command outside the solver's own run."""
        return self.wall - self.seconds["solver"]


def run_command(deal: Path, out: Path, *, gap: float, time_limit: float) -> CommandRun:
    """`python -m dronedeal plan DEAL …` in a new process, measured from outside."""
    command = [sys.executable, "-m", "dronedeal", "plan", str(deal), "--out", str(out), "--overwrite"]
    command += ["--gap", str(gap), "--time-limit", str(time_limit)]
    taken = measured(command)
    plan = json.loads((out / "plan.json").read_text())
    return CommandRun(
        sizes=plan["sizes"],
        seconds=json.loads((out / "timings.json").read_text()),
        wall=taken.wall,
        processor=taken.processor,
        peak_bytes=taken.peak_bytes,
        gap=plan["gap"],
        gap_of_cost=plan["gap_of_cost"],
        termination=plan["termination"],
    )


def median_run(runs: Sequence[CommandRun]) -> CommandRun:
    """The medians of all figures of equal runs."""
    first = runs[0]
    return CommandRun(
        sizes=first.sizes,
        seconds={name: statistics.median(run.seconds[name] for run in runs) for name in first.seconds},
        wall=statistics.median(run.wall for run in runs),
        processor=statistics.median(run.processor for run in runs),
        peak_bytes=int(statistics.median(run.peak_bytes for run in runs)),
        gap=first.gap,
        gap_of_cost=first.gap_of_cost,
        termination=first.termination,
    )
