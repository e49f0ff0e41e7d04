"""Kills a negotiation again and again and shows that it comes to the same end as one that nothing ended.

Usage, from the root of the repository: python -m scripts.kill_negotiation DEAL [KILLS] [SEED]

Two folders are written beside each other in a temporary one: of a run that nothing ended, and of one that is
killed without warning at random moments and taken up again with `--resume`.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from scripts.left_behind import is_anyone_left

CHECKPOINT = "checkpoint"
# Seconds within which a killed process and whatever it started are gone.
_PATIENCE = 2.0


def negotiation(deal: str, folder: Path, *more: str) -> list[str]:
    """The arguments of the command."""
    return ["negotiate", deal, "--out", str(folder), *more]


def lines_of(folder: Path) -> int:
    """How many lines the checkpoint has so far."""
    checkpoint = folder / CHECKPOINT
    return checkpoint.read_bytes().count(b"\n") if checkpoint.exists() else 0


def killed(arguments: Sequence[str], folder: Path, *, lines: int, wait: float) -> bool:
    """Run the command, kill it a moment after its checkpoint has so many lines; whether it came to that.

    Parameters
    ----------
    wait : seconds of that moment
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "dronedeal", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    while process.poll() is None:
        if lines_of(folder) >= lines:
            time.sleep(wait)
            process.kill()
            break
        time.sleep(0.002)
    process.wait()
    if is_anyone_left(process.pid, seconds=_PATIENCE):
        raise RuntimeError("a process that the negotiation started has outlived it")
    return process.returncode != 0


def written(folder: Path) -> dict[str, bytes]:
    """Everything but the seconds, which differ from run to run, and the checkpoint."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    left_out = ("timings.json", CHECKPOINT)
    return {str(path.relative_to(folder)): path.read_bytes() for path in files if path.name not in left_out}


def survived(deal: str, folder: Path, *, kills: int, seed: int, options: Sequence[str] = ()) -> list[str]:
    """Files that differ after so many kills; none: it came to the same end.

    Parameters
    ----------
    folder : in which `whole` and `killed` are made; `whole` may be there from an earlier call
    """
    whole, target, chance = folder / "whole", folder / "killed", random.Random(seed)
    if not whole.exists():
        _run(negotiation(deal, whole, *options, "--keep-checkpoint"))
    for number, lines in enumerate(sorted(chance.choices(range(1, lines_of(whole)), k=kills))):
        resume = ["--resume"] if number else []
        killed(
            negotiation(deal, target, *options, *resume), target, lines=lines, wait=0.3 * chance.random() ** 2
        )
    _run(negotiation(deal, target, *options, "--resume", "--keep-checkpoint"))
    one, other = written(whole), written(target)
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def _run(arguments: Sequence[str]) -> None:
    subprocess.run(
        [sys.executable, "-m", "dronedeal", *arguments],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def main() -> None:
    """Kill the negotiation of a deal and say whether it came to the same end."""
    deal, kills, seed = (*sys.argv[1:], "100", "1")[:3]
    with tempfile.TemporaryDirectory() as folder:
        different = survived(deal, Path(folder), kills=int(kills), seed=int(seed))
    if different:
        raise SystemExit(f"after {kills} kills these differ: {', '.join(different)}")
    print(f"after {kills} kills every file is the same")


if __name__ == "__main__":
    main()
