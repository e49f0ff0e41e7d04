"""The folder of a stress test: what is written, what is kept of a run that was killed."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from typing import NoReturn

import pytest
from tests.results.scenarios.branching import FIRST_DEAL
from tests.results.stress.stressed import signed

from dronedeal import output, workflow
from dronedeal.deal import Deal
from dronedeal.engine import Processes
from dronedeal.errors import CommandError
from dronedeal.exchange import StressChoices, StressProgress
from dronedeal.results.stress.record import stress_files
from dronedeal.workflow.stress_test import read_stress, run, stress_to_folder
from dronedeal.workflow.stress_test.checkpoint import CHECKPOINT_FILE
from dronedeal.workflow.stress_test.folder import read_signed


class Killed(BaseException):
    """The end of a process, as far as it can be had inside of one."""


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """A deal with rows of uncertainty, and the plan of it."""
    from tests.results.scenarios.branching import uncertain_first_deal

    from dronedeal.files import write_folder

    deal, made = tmp_path / "deal", tmp_path / "plan"
    write_folder(uncertain_first_deal(), deal)
    workflow.write_plan(workflow.plan(workflow.read(deal), gap=1e-6), made)
    return made, deal


def test_a_folder_holds_the_test_with_all_its_tables(folders: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    found = stress_to_folder(*folders, out, choices=StressChoices(paths=12))
    assert read_stress(out) == found
    written = {str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()}
    assert written >= {*stress_files(), "timings.json"}
    assert CHECKPOINT_FILE not in written
    with pytest.raises(CommandError, match="is not empty"):
        stress_to_folder(*folders, out, choices=StressChoices(paths=12))
    assert stress_to_folder(*folders, out, choices=StressChoices(paths=12), overwrite=True) == found


def test_processes_of_a_large_deal_find_the_same(
    folders: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    used: list[int] = []

    class Counted(Processes):
        def __init__(self, workers: int) -> None:
            used.append(workers)
            super().__init__(workers)

    alone = stress_to_folder(*folders, tmp_path / "a", choices=StressChoices(paths=10, policy="linear"))
    assert alone.done == 10
    monkeypatch.setattr(run, "EXACT_COLUMNS", 0)
    monkeypatch.setattr(run, "Processes", Counted)
    monkeypatch.setattr(run, "cores_available", lambda: 2)
    choices = StressChoices(paths=10, policy="linear", workers=None)
    assert stress_to_folder(*folders, tmp_path / "b", choices=choices) == alone
    assert used == [2]


def killed_after(folders: tuple[Path, Path], out: Path, count: int) -> None:
    """A run that is gone after so many paths, in the middle of writing the next one."""

    def kill(progress: StressProgress) -> None:
        if progress.done == count:
            raise Killed

    with pytest.raises(Killed):
        stress_to_folder(*folders, out, choices=StressChoices(paths=12), on_progress=kill)
    with (out / CHECKPOINT_FILE).open("a", encoding="utf-8") as file:
        file.write('{"path":9,"serv')


def test_a_run_that_was_killed_goes_on_and_finds_the_same(folders: tuple[Path, Path], tmp_path: Path) -> None:
    whole, out = tmp_path / "whole", tmp_path / "out"
    stress_to_folder(*folders, whole, choices=StressChoices(paths=12))
    killed_after(folders, out, 8)
    told: list[int] = []
    stress_to_folder(
        *folders,
        out,
        choices=StressChoices(paths=12),
        resume=True,
        on_progress=lambda progress: told.append(progress.done),
    )
    assert told == [9, 10, 11, 12]
    for name in stress_files():
        if not name.endswith(".parquet"):
            assert (out / name).read_bytes() == (whole / name).read_bytes(), name
    assert not (out / CHECKPOINT_FILE).exists()


def test_what_a_run_that_was_killed_while_it_wrote_left_half_done_goes(
    folders: tuple[Path, Path], tmp_path: Path
) -> None:
    whole, out = tmp_path / "whole", tmp_path / "out"
    stress_to_folder(*folders, whole, choices=StressChoices(paths=3))
    half = out / ".unfinished-0-half" / "stress-tables"
    half.mkdir(parents=True)
    (half / "paths.csv").write_text("path,turn")
    stress_to_folder(*folders, out, choices=StressChoices(paths=3), overwrite=True)
    found, expected = (sorted(str(path.relative_to(of)) for path in of.rglob("*")) for of in (out, whole))
    assert found == expected


def test_charts_are_drawn_in_a_process_that_is_ready_by_then(
    folders: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)  # drawing here would fail
    stress_to_folder(*folders, tmp_path / "out", choices=StressChoices(paths=3))
    assert "<svg" in (tmp_path / "out" / "stress.html").read_text(encoding="utf-8")


def no_room(*_: object) -> NoReturn:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_at_the_end_loses_nothing_and_is_said(
    folders: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    with monkeypatch.context() as full:
        full.setattr(output, "write_stress_test", no_room)
        with pytest.raises(
            CommandError, match=r"cannot be written \(No space left on device\); name another"
        ):
            stress_to_folder(*folders, out, choices=StressChoices(paths=12))
    told: list[StressProgress] = []
    again = stress_to_folder(
        *folders, out, choices=StressChoices(paths=12), resume=True, on_progress=told.append
    )
    assert again.is_whole
    assert told == []


def test_a_full_disk_at_the_checkpoint_ends_no_work_and_takes_away_nothing(
    folders: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    killed_after(folders, out, 8)
    before = (out / CHECKPOINT_FILE).read_bytes()
    kept: list[bytes] = []
    with monkeypatch.context() as full:
        full.setattr(os, "fsync", no_room)
        found = stress_to_folder(
            *folders,
            out,
            choices=StressChoices(paths=12),
            resume=True,
            on_progress=lambda _: kept.append((out / CHECKPOINT_FILE).read_bytes()),
        )
    assert found.is_whole
    assert set(kept) == {before}
    assert f"{CHECKPOINT_FILE} could not be written (No space left on device)" in found.notes[-1]
    assert not list(out.glob(".*"))


def test_only_the_same_work_goes_on(folders: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    with pytest.raises(CommandError, match=f"found no {CHECKPOINT_FILE}"):
        stress_to_folder(*folders, out, resume=True)
    killed_after(folders, out, 3)
    with pytest.raises(CommandError, match="was begun with another seed"):
        stress_to_folder(*folders, out, choices=StressChoices(paths=12, seed=5), resume=True)
    assert stress_to_folder(*folders, out, choices=StressChoices(paths=14), resume=True).done == 14


def test_a_stop_keeps_what_can_go_on(folders: tuple[Path, Path], tmp_path: Path) -> None:
    import signal

    out = tmp_path / "out"

    def stop(progress: StressProgress) -> None:
        if progress.done == 4:
            signal.raise_signal(signal.SIGINT)

    told: list[str] = []
    found = stress_to_folder(
        *folders,
        out,
        choices=StressChoices(paths=12),
        on_progress=stop,
        on_stop=lambda: told.append("stop"),
    )
    assert found.done == 4
    assert told == ["stop"]
    assert (out / CHECKPOINT_FILE).exists()
    assert stress_to_folder(*folders, out, choices=StressChoices(paths=12), resume=True).is_whole


def test_what_is_no_plan_is_refused(tmp_path: Path) -> None:
    from dronedeal.errors import InputError

    with pytest.raises(InputError):
        read_signed(tmp_path / "nothing")
    assert isinstance(workflow.read(FIRST_DEAL), Deal)
    assert signed().title
