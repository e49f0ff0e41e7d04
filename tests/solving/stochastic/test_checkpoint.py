"""Work that was killed goes on where it was, and a checkpoint of anything else is refused."""

from __future__ import annotations

import errno
import itertools
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from tests.solving.stochastic.random_trees import random_problem

from dronedeal.errors import InputError
from dronedeal.solving.interface import SolveOptions, Termination, never_stop, no_progress
from dronedeal.solving.stochastic import StagedProblem, TreeSolution, solve_tree
from dronedeal.solving.stochastic.checkpoint import Checkpoint
from dronedeal.solving.stochastic.decomposition import DecompositionOptions, decompose

ROOT = Path(__file__).resolve().parents[3]
WORKER = """
import sys
from pathlib import Path
from tests.solving.stochastic.random_trees import random_problem
from dronedeal.solving.interface import SolveOptions, never_stop, no_progress
from dronedeal.solving.stochastic.decomposition import DecompositionOptions, decompose
print("began", flush=True)
decompose(
    random_problem(21, stages=4, is_priced_by_node=True).staged(),
    options=SolveOptions(gap=1e-9),
    choice=DecompositionOptions(checkpoint=Path(sys.argv[1]), interval=0.0, depth=2),
    on_progress=no_progress,
    should_stop=never_stop,
)
"""


def problem() -> StagedProblem:
    return random_problem(21, stages=4, is_priced_by_node=True).staged()


def split(staged: StagedProblem, path: Path, *, rounds: int | None = None, gap: float = 1e-9) -> TreeSolution:
    """Solve with a state that is written every round; stop after some rounds of progress."""
    told = itertools.count()
    stop = [False]

    def on_progress(progress: object) -> None:
        stop[0] = rounds is not None and next(told) >= rounds

    found = decompose(
        staged,
        options=SolveOptions(gap=gap),
        choice=DecompositionOptions(checkpoint=path, interval=0.0, depth=2),
        on_progress=on_progress,
        should_stop=lambda: stop[0],
    )
    assert found is not None
    return found


def test_stopped_work_goes_on_with_what_it_knew(tmp_path: Path) -> None:
    staged, path = problem(), tmp_path / "state"
    expected = solve_tree(staged, method="extensive", gap=1e-9).cost
    first = split(staged, path, rounds=6)
    assert first.termination is Termination.INTERRUPTED
    second = split(staged, path)
    assert second.iterations > first.iterations > 0
    assert second.cost == pytest.approx(expected, rel=1e-8)
    assert second.values is not None
    assert staged.violation(second.values) < 1e-6
    # What is finished is given back at once.
    third = split(staged, path, gap=1e-6)
    assert third.cost == second.cost
    assert np.array_equal(third.values, second.values)  # type: ignore[arg-type]


def test_killed_work_goes_on_and_loses_no_answer(tmp_path: Path) -> None:
    path, chance = tmp_path / "state", random.Random(3)
    for _ in range(3):
        process = subprocess.Popen(
            [sys.executable, "-c", WORKER, str(path)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(chance.uniform(0.0, 0.4))
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
    staged = problem()
    expected = solve_tree(staged, method="extensive", gap=1e-9).cost
    # What one that was killed in the middle of writing leaves is taken away, too.
    (tmp_path / ".state.1.partial").write_bytes(b"half")
    assert split(staged, path).cost == pytest.approx(expected, rel=1e-8)
    assert [entry.name for entry in tmp_path.iterdir()] == ["state"]


def test_the_state_of_another_problem_or_split_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "state"
    split(problem(), path, rounds=4)
    with pytest.raises(InputError, match="this checkpoint is of another problem; give another file"):
        split(random_problem(22, stages=4).staged(), path)
    with pytest.raises(InputError, match="has 2 stages in the top, not 1; give depth=2"):
        solve_tree(problem(), method="decomposition", depth=1, checkpoint=path)
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(InputError, match=r"this checkpoint cannot be read .*; delete it to begin anew"):
        split(problem(), path)


def test_a_full_disk_ends_no_work_and_leaves_the_last_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "state"
    split(problem(), path, rounds=4)
    before = path.read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    found = solve_tree(problem(), method="decomposition", depth=2, gap=1e-6, checkpoint=path)
    assert found.termination is Termination.OPTIMAL
    assert "the state could not be written" in found.note
    assert "No space left on device" in caplog.text
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["state"]


def test_nothing_is_taken_up_where_there_is_no_file(tmp_path: Path) -> None:
    assert not (tmp_path / "none").exists()
    found = decompose(
        problem(),
        options=SolveOptions(gap=1e-3),
        choice=DecompositionOptions(checkpoint=tmp_path / "none"),
        on_progress=no_progress,
        should_stop=never_stop,
    )
    assert found is not None
    assert Checkpoint(tmp_path / "none").path.exists()
