"""A plan for many futures that was ended by force, or stopped, goes on to the same end."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any, NoReturn

import pytest
from scripts.left_behind import is_anyone_left
from tests.results.scenarios.branching import FIRST_DEAL, TREE

from dronedeal import cli, output, report
from dronedeal.engine import Threads
from dronedeal.errors import CommandError
from dronedeal.exchange import PlanChoices, ScenarioChoices
from dronedeal.workflow import can_go_on, read_scenarios, scenarios_to_folder
from dronedeal.workflow.scenarios import by_parts as parts_module
from dronedeal.workflow.scenarios import plan as plan_module
from dronedeal.workflow.scenarios.kept_pieces import KeptPieces
from dronedeal.workflow.scenarios.kept_plan import CHECKPOINT_FILE
from dronedeal.workflow.scenarios.part_work import Piece

# The command, with every tree cut into parts of two nodes, as only a large one would be. It sends itself a
# signal once so many pieces of the work are kept.
IN_PARTS = """
import os, sys
from dronedeal import cli
from dronedeal.workflow.scenarios import by_parts, plan
if __name__ == "__main__":
    number, most = int(sys.argv[1]), int(sys.argv[2])
    keep, kept = by_parts.KeptPieces.keep, []

    def kept_until(self, piece, result):
        keep(self, piece, result)
        kept.append(piece.kind != "again")
        if kept[-1] and sum(kept) == most:
            os.kill(os.getpid(), number)

    by_parts.KeptPieces.keep = kept_until
    plan.nodes_of_parts = lambda _: 2
    sys.exit(cli.run(sys.argv[3:]))
"""


def written(folder: Path) -> dict[str, bytes]:
    """Everything but the seconds, which differ from run to run, and the checkpoint."""
    files = (path for path in folder.rglob("*") if path.is_file())
    left_out = ("timings.json", CHECKPOINT_FILE)
    return {str(path.relative_to(folder)): path.read_bytes() for path in files if path.name not in left_out}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("tree") / "tree.csv"
    file.write_text(TREE, encoding="utf-8")
    return file


def command(tree: Path, out: Path, *more: str) -> list[str]:
    return ["plan", str(FIRST_DEAL), "--tree", str(tree), "--out", str(out), "--threads", "1", *more]


@pytest.fixture(scope="module")
def whole(tree: Path) -> Path:
    """A plan of one problem, with its checkpoint."""
    out = tree.parent / "whole"
    assert cli.run(command(tree, out, "--keep-checkpoint")) == 0
    return out


def test_the_plan_of_one_problem_goes_on_too(whole: Path, tree: Path, tmp_path: Path) -> None:
    content = (whole / CHECKPOINT_FILE).read_bytes()
    out = tmp_path / "out"
    out.mkdir()
    (out / CHECKPOINT_FILE).write_bytes(content[: round(0.9 * len(content))])
    assert cli.run(command(tree, out, "--resume")) == 0
    assert written(out) == written(whole)
    assert not can_go_on(out)


def test_what_serves_another_plan_is_refused_and_left_alone(
    whole: Path, tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (whole / CHECKPOINT_FILE).read_bytes()
    assert cli.run(command(tree, whole, "--resume", "--gap", "0.01")) == 2
    assert "its option gap is 0.001, that of this run is 0.01; begin anew" in capsys.readouterr().err
    assert cli.run(command(tree, whole, "--resume", "--seed", "7")) == 2
    assert "its option seed is 0, that of this run is 7" in capsys.readouterr().err
    other = ["plan", "deals/licensed-line", "--scenarios", "2", "--out", str(whole), "--resume"]
    assert cli.run(other) == 2
    assert "its digest is" in capsys.readouterr().err
    assert cli.run(command(tree, whole)) == 2
    assert "go on with it with --resume" in capsys.readouterr().err
    assert cli.run(command(tree, tmp_path / "empty", "--resume")) == 2
    assert "there is nothing to resume; leave --resume out" in capsys.readouterr().err
    assert not (tmp_path / "empty").exists()
    assert (whole / CHECKPOINT_FILE).read_bytes() == before
    damaged = tmp_path / CHECKPOINT_FILE
    damaged.write_bytes(before.replace(b'"alone"', b'"along"', 1))
    assert cli.run(command(tree, tmp_path, "--resume")) == 2
    assert "damaged; begin anew with --overwrite" in capsys.readouterr().err


def test_the_plan_of_one_future_keeps_no_checkpoint(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for option, name in (("--resume", "resume"), ("--keep-checkpoint", "keep_checkpoint")):
        assert cli.run(["plan", str(FIRST_DEAL), "--out", str(tmp_path / "out"), option]) == 2
        assert f"{name}: found without scenarios" in capsys.readouterr().err


@pytest.fixture
def without_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing but the checkpoint is written, and no chart drawn."""
    monkeypatch.setattr(output, "write_scenario_files", lambda *_: None)
    monkeypatch.setattr(report, "ready_to_write", nullcontext)


def no_room(_: int) -> NoReturn:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.usefixtures("without_files")
def test_a_full_disk_at_the_checkpoint_is_said_and_ends_no_work(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ScenarioChoices(tree=tree, is_worth_asked=False)
    monkeypatch.setattr(os, "fsync", no_room)
    found = scenarios_to_folder(FIRST_DEAL, tmp_path / "full", asked)
    assert found.status == "optimal"
    assert found.notes[-1].startswith("plan-checkpoint could not be written (No space left on device)")


@pytest.mark.usefixtures("without_files")
def test_a_time_limit_that_ended_the_search_leaves_the_checkpoint(tree: Path, tmp_path: Path) -> None:
    out, asked = tmp_path / "out", ScenarioChoices(tree=tree, is_worth_asked=False)
    scenarios_to_folder(FIRST_DEAL, out, asked, choices=PlanChoices(time_limit=1e-6))
    assert can_go_on(out)
    with pytest.raises(CommandError, match="go on with it with --resume"):
        scenarios_to_folder(FIRST_DEAL, out, asked)
    found = scenarios_to_folder(FIRST_DEAL, out, asked, resume=True)
    assert found.status == "optimal"
    assert not can_go_on(out)


def disturbed(arguments: list[str], *, number: int, most: int) -> tuple[int, str]:
    """Exit status and words of the command in parts that gets a signal once so many pieces are kept."""
    process = subprocess.Popen(
        [sys.executable, "-c", IN_PARTS, str(number), str(most), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    said, told = process.communicate(timeout=300)
    assert not is_anyone_left(process.pid, seconds=2.0)
    return process.returncode, said + told


def test_parts_that_were_killed_and_stopped_come_to_the_same_plan(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed once the first year is decided, and stopped after the first part.

    The others begin only then, so that none of them can be done before the stop is heard.
    """
    out, alone = tmp_path / "out", tmp_path / "alone"
    assert disturbed(command(tree, out), number=signal.SIGKILL, most=1)[0] == -signal.SIGKILL
    # Its head, and what the first year decides.
    assert (out / CHECKPOINT_FILE).read_bytes().count(b"\n") == 2
    status, words = disturbed(command(tree, out, "--resume"), number=signal.SIGINT, most=1)
    assert status == 130, words
    assert "stopped before there was a plan (parts planned: 1 of 3)" in words
    assert f"what was found is kept in {out / CHECKPOINT_FILE}: go on with the same command" in words
    assert written(out) == {}
    monkeypatch.setattr(plan_module, "nodes_of_parts", lambda _: 2)
    monkeypatch.setattr(parts_module, "Processes", Threads)
    assert cli.run(command(tree, alone)) == 0
    assert cli.run(command(tree, out, "--resume")) == 0
    assert written(out) == written(alone)
    assert not can_go_on(out)


def test_parts_that_are_all_planned_are_the_plan_after_a_stop(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def keep(kept: KeptPieces, piece: Piece, result: Any) -> None:
        keep_as_ever(kept, piece, result)
        if piece.kind == "tolled":
            os.kill(os.getpid(), signal.SIGINT)

    out, keep_as_ever = tmp_path / "out", KeptPieces.keep
    monkeypatch.setattr(plan_module, "nodes_of_parts", lambda _: 2)
    monkeypatch.setattr(parts_module, "Processes", Threads)
    with monkeypatch.context() as stopping:
        stopping.setattr(KeptPieces, "keep", keep)
        assert cli.run(command(tree, out)) == 0
    assert "Go on with the same command and --resume." in capsys.readouterr().out
    stopped = read_scenarios(out)
    assert cli.run(command(tree, out, "--resume")) == 0
    found = read_scenarios(out)
    assert found.objective == stopped.objective
    assert found.bound is not None
    assert stopped.bound is not None
    assert found.bound <= stopped.bound
