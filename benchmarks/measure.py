"""Whole commands in fresh processes: seconds by stage, size and peak memory."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

STAGES = ("read", "check", "assess", "build", "solve", "tables", "verify", "write", "report")
KIBIBYTE = 1 if sys.platform == "darwin" else 1024  # what one unit of ru_maxrss is


@dataclass(frozen=True)
class CommandRun:
    """One run of `dronedeal plan`; seconds are wall clock unless the name says otherwise."""

    sizes: dict[str, int]
    seconds: dict[str, float]
    wall: float
    processor: float
    peak_bytes: int
    gap: float | None
    termination: str

    @property
    def overhead(self) -> float:
        """Seconds of the whole command outside the solver's own run."""
        return self.wall - self.seconds["solver"]


def run_command(deal: Path, out: Path, *, gap: float, time_limit: float) -> CommandRun:
    """`python -m dronedeal plan DEAL …` in a new process, measured from outside."""
    command = [sys.executable, "-m", "dronedeal", "plan", str(deal), "--out", str(out), "--overwrite"]
    command += ["--gap", str(gap), "--time-limit", str(time_limit)]
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        errors = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - began
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{errors.decode()}")
    plan = json.loads((out / "plan.json").read_text())
    return CommandRun(
        sizes=plan["sizes"],
        seconds=json.loads((out / "timings.json").read_text()),
        wall=wall,
        processor=usage.ru_utime + usage.ru_stime,
        peak_bytes=usage.ru_maxrss * KIBIBYTE,
        gap=plan["gap"],
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
        termination=first.termination,
    )
