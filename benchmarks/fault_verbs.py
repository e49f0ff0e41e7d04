"""Verbs of a deal that are killed, stopped or given a full disk, again and again.

From the root of the repository: `python -m benchmarks.fault_verbs`, or in pieces with `--only PART`,
`--verb NAME`, and for each of them `--times N` and `--seconds S`. Parts:

- kills: `stress`, `negotiate` and `plan --scenarios`, of one problem and in parts, are killed with signal 9
  at random moments and taken up again with `--resume` until they have finished; every file must be that of a
  run that nothing ended.
- stops: Ctrl-C at random moments; seconds by the clock and of processor from there to the end, and with what
  exit status: 0 with what was found, or 130 where that was nothing yet.
- disk: the folder of results is on a file system without room, where the machine lets one be made; the
  command must say so, and lose nothing that it had kept.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.left_behind import is_anyone_left

from dronedeal.workflow.control import Stopwatch

ROOT = Path(__file__).resolve().parent.parent
DEAL = ROOT / "deals" / "first-deal"
SOONEST = 2.0
PATIENCE = 2.0
CHECKPOINTS = {
    "stress": "stress-checkpoint.jsonl",
    "negotiate": "checkpoint",
    "scenarios": "plan-checkpoint",
    "parts": "plan-checkpoint",
}
LEFT_OUT = ("timings.json", *CHECKPOINTS.values())
# The command with every tree cut into parts of three nodes, as only that of a large deal would be.
IN_PARTS = """
import sys
from dronedeal import cli
from dronedeal.workflow.scenarios import plan
if __name__ == "__main__":
    plan.nodes_of_parts = lambda _: 3
    sys.argv[0] = "dronedeal"
    cli.main()
"""
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Verb:
    """A command to disturb.

    words : its arguments but the folder of results; program : what they are given to
    """

    name: str
    words: tuple[str, ...]
    program: tuple[str, ...] = ("-m", "dronedeal")

    def command(self, out: Path, *more: str) -> list[str]:
        return [sys.executable, *self.program, *self.words, "--out", str(out), *more]

    def resumed(self, out: Path) -> list[str]:
        """The command that goes on with what is there."""
        if (out / CHECKPOINTS[self.name]).exists():
            return self.command(out, "--resume")
        return self.command(out, "--overwrite")


def verbs(plan: Path) -> dict[str, Verb]:
    """The verbs of a small deal; each takes some seconds."""
    futures = "plan", str(DEAL), "--seed", "3", "--scenarios"
    return {
        "stress": Verb("stress", ("stress", str(plan), str(DEAL), "--paths", "150", "--replan", "exact")),
        "negotiate": Verb(
            "negotiate", ("negotiate", str(DEAL), "--points", "4", "--pairs", "3", "--moves", "2")
        ),
        "scenarios": Verb("scenarios", (*futures, "8")),
        "parts": Verb("parts", (*futures, "12"), ("-c", IN_PARTS)),
    }


def run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)


def written(folder: Path) -> dict[str, bytes]:
    """Every file but those that tell seconds and those that keep a state."""
    files = (path for path in folder.rglob("*") if path.is_file())
    found = {str(path.relative_to(folder)): path for path in files if path.name not in LEFT_OUT}
    return {name: path.read_bytes() for name, path in found.items() if not is_aside(name)}


def is_aside(name: str) -> bool:
    """Whether a file is of a folder that is put together beside what is there."""
    return name.startswith(".")


def differs(folder: Path, expected: dict[str, bytes]) -> bool:
    """Whether files are not as expected; says which."""
    found = written(folder)
    names = [name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name)]
    if names:
        print(f"        differs: {sorted(names)}", flush=True)
    return bool(names)


def processor(session: int) -> float:
    """Seconds of processor of all living processes of a session, those of their ended children included."""
    spent = 0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == session:
                spent += sum(map(int, fields[11:15]))
    return spent / TICKS


def is_before_the_program(words: str) -> bool:
    """Whether Python itself was stopped as it started, before a line of the program ran."""
    return words.rstrip().endswith("KeyboardInterrupt") and "dronedeal" not in words


class Disturbed:
    """One run of a command in a session of its own.

    Parameters
    ----------
    command : what is run
    """

    def __init__(self, command: Sequence[str]) -> None:
        self.errors = tempfile.TemporaryFile("w+")  # noqa: SIM115 -- closed with the run
        self.process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=self.errors, text=True, start_new_session=True
        )

    def is_over_after(self, seconds: float) -> bool:
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def told(self) -> str:
        self.errors.seek(0)
        text = self.errors.read()
        self.errors.close()
        return text


def kills(verb: Verb, times: int, folder: Path, is_late: Callable[[], bool]) -> list[str]:
    """Kill and take up again, run after run, until so many kills are done."""
    chance, whole, out = random.Random(5), folder / "whole", folder / "killed"
    watch = Stopwatch()
    undisturbed = run(verb.command(whole))
    assert undisturbed.returncode == 0, undisturbed.stderr
    usual, expected = watch.with_total["total"], written(whole)
    done = runs = behind = different = refused = 0
    while done < times and not is_late():
        work = Disturbed(verb.resumed(out))
        # Runs that are taken up again are shorter: kills come early and late.
        if not work.is_over_after(chance.uniform(0.3, usual if chance.random() < 0.5 else 0.5 * usual)):
            work.process.kill()
            work.process.wait()
            done += 1
        elif work.process.returncode:
            refused += 1
            print(f"        ended with {work.process.returncode}: {work.told()[-300:]}", flush=True)
            shutil.rmtree(out, ignore_errors=True)
        behind += is_anyone_left(work.process.pid, seconds=PATIENCE)
        if work.process.returncode == 0:
            runs += 1
            different += differs(out, expected)
            shutil.rmtree(out)
    if out.exists():
        runs += 1
        run(verb.resumed(out))
        different += differs(out, expected)
    return [
        f"{verb.name} killed {done} times in {runs} whole runs of {usual:.1f} s undisturbed: {different} "
        f"with another answer, {refused} refused to go on, {behind} times a process stayed behind"
    ]


def stops(verb: Verb, times: int, folder: Path, is_late: Callable[[], bool]) -> list[str]:
    """Ctrl-C at random moments; how long until the end, and what is there then."""
    chance, out = random.Random(6), folder / "stopped"
    watch = Stopwatch()
    assert run(verb.command(folder / "whole")).returncode == 0
    usual = watch.with_total["total"]
    clock: list[float] = []
    spent: list[float] = []
    nothing = whole = wrong = behind = 0
    while len(clock) + whole < times and not is_late():
        shutil.rmtree(out, ignore_errors=True)
        began = time.perf_counter()
        work = Disturbed(verb.command(out))
        if work.is_over_after(chance.uniform(0.0, usual)):
            whole += 1
            continue
        session = work.process.pid
        told_at, before = time.perf_counter(), processor(session)
        os.killpg(session, signal.SIGINT)
        last = before
        while not work.is_over_after(0.02):
            last = max(last, processor(session))
        clock.append(time.perf_counter() - told_at)
        spent.append(last - before)
        status, words = work.process.returncode, work.told()
        is_early = is_before_the_program(words)
        has_nothing = is_early or status in (130, -signal.SIGINT)
        nothing += has_nothing
        is_wrong = not has_nothing and (status != 0 or not written(out))
        wrong += is_wrong
        behind += is_anyone_left(session, seconds=PATIENCE)
        if clock[-1] > SOONEST or is_wrong or ("Traceback" in words and not is_early):
            print(
                f"        {verb.name} stopped after {told_at - began:5.2f} s: exit {status} after "
                f"{clock[-1]:.2f} s, {spent[-1]:.2f} s of processor; {words.strip().splitlines()[-1:]}",
                flush=True,
            )
    if not clock:
        return [f"{verb.name}: no run was stopped, {whole} were over before"]
    soon, cheap = (sum(each <= SOONEST for each in of) for of in (clock, spent))
    return [
        f"{verb.name} stopped {len(clock)} times ({whole} were over before): {soon} ended within "
        f"{SOONEST:g} s by the clock, the slowest after {max(clock):.2f} s, {statistics.median(clock):.2f} s "
        "in the middle; "
        f"{cheap} within {SOONEST:g} s of processor, at most {max(spent):.2f} s; {nothing} had nothing yet, "
        f"{wrong} ended wrongly, {behind} times a process stayed behind"
    ]


def disk(verb: Verb, times: int, folder: Path, is_late: Callable[[], bool]) -> list[str]:
    """A file system without room for the results; needs the right to mount one."""
    del times, is_late
    place = folder / "small"
    place.mkdir()
    if run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)]).returncode:
        return [f"{verb.name}: no small file system can be mounted here"]
    try:
        found = run(verb.command(place / "out"))
        kept = place / "out" / CHECKPOINTS[verb.name]
        words = found.stderr.strip().splitlines()[-1:]
        state = f"{kept.stat().st_size:,} bytes of its state stay" if kept.exists() else "no state is kept"
        is_clear = found.returncode == 2 and "fault that is not yours" not in found.stderr
        return [f"{verb.name} on a full disk: {'said' if is_clear else 'WRONG'} {words}; {state}"]
    finally:
        run(["umount", str(place)])


def main() -> int:
    """Run the parts that are asked for, and print the summary."""
    parts = {"kills": kills, "stops": stops, "disk": disk}
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fault_verbs", description=__doc__)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=1e9, help="for each verb and part")
    parser.add_argument("--only", choices=tuple(parts))
    parser.add_argument("--verb", choices=tuple(CHECKPOINTS))
    asked = parser.parse_args()
    # A shell's background work ignores Ctrl-C, and would hand that on.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    lines: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        plan = Path(name) / "plan"
        assert run([sys.executable, "-m", "dronedeal", "plan", str(DEAL), "--out", str(plan)]).returncode == 0
        for part, verb in [(part, verb) for part in parts for verb in verbs(plan).values()]:
            if asked.only in (None, part) and asked.verb in (None, verb.name):
                folder = Path(name) / f"{part}-{verb.name}"
                folder.mkdir()
                end = time.perf_counter() + asked.seconds
                lines += parts[part](verb, asked.times, folder, lambda end=end: time.perf_counter() >= end)  # type: ignore[misc]
                print(lines[-1], flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
