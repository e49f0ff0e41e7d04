"""A negotiation that was ended by force goes on to the same end; one that was stopped keeps what it found."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from scripts.kill_negotiation import negotiation, survived, written
from scripts.left_behind import is_anyone_left
from tests.width import width

from dronedeal import cli, workflow
from dronedeal.negotiation.record import Negotiation
from dronedeal.negotiation.record_store import read_negotiation
from dronedeal.workflow.checkpoint import Checkpoint
from dronedeal.workflow.negotiation.choices import Bargaining
from dronedeal.workflow.negotiation.folder import CHECKPOINT_FILE
from dronedeal.workflow.negotiation.negotiate import NegotiationRun, run_negotiation

DEAL = "deals/first-deal"
SMALL = ["--points", "2", "--pairs", "1", "--moves", "2"]
KILLS = width(4, wide=10)


def command(folder: Path, *more: str) -> list[str]:
    return negotiation(DEAL, folder, *SMALL, *more)


def test_killed_again_and_again_it_comes_to_the_same_end(whole: Path) -> None:
    assert survived(DEAL, whole.parent, kills=KILLS, seed=4, options=SMALL) == []


def test_a_checkpoint_cut_anywhere_leads_to_the_same_end(whole: Path, tmp_path: Path) -> None:
    content, chance = (whole / CHECKPOINT_FILE).read_bytes(), random.Random(5)
    for number in range(width(1, wide=4)):
        folder = tmp_path / f"cut{number}"
        folder.mkdir()
        (folder / CHECKPOINT_FILE).write_bytes(content[: chance.randrange(len(content))])
        assert cli.run(command(folder, "--resume")) == 0
        assert (folder / "negotiation.json").read_bytes() == (whole / "negotiation.json").read_bytes()


def test_more_workers_find_the_same(whole: Path, tmp_path: Path) -> None:
    assert cli.run(command(tmp_path / "out", "--workers", "2")) == 0
    assert written(tmp_path / "out") == written(whole)


def test_a_checkpoint_of_other_options_or_of_another_deal_is_refused(
    whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (whole / CHECKPOINT_FILE).read_bytes()
    other = ["negotiate", DEAL, "--out", str(whole), "--points", "4", "--resume"]
    assert cli.run(other) == 2
    assert "its option points is 2, that of this run is 4" in capsys.readouterr().err
    assert cli.run(["negotiate", "deals/licensed-line", "--out", str(whole), *SMALL, "--resume"]) == 2
    assert "its digest is" in capsys.readouterr().err
    assert cli.run(command(whole)) == 2
    assert "go on with it with --resume" in capsys.readouterr().err
    assert cli.run(command(tmp_path / "empty", "--resume")) == 2
    assert "there is nothing to resume" in capsys.readouterr().err
    assert (whole / CHECKPOINT_FILE).read_bytes() == before


def stopped_after(answers: int) -> NegotiationRun:
    """A negotiation that is told to stop once so many entries are kept."""
    checkpoint = Checkpoint()
    kept: list[str] = []
    keep = checkpoint.keep

    def counted(kind: str, key: str, data: object) -> None:
        keep(kind, key, data)
        kept.append(kind)

    checkpoint.keep = counted  # type: ignore[method-assign] # counts what is kept
    return run_negotiation(
        workflow.read(DEAL),
        Bargaining(points=2, pairs=1, moves=2),
        checkpoint=checkpoint,
        on_progress=lambda _: None,
        should_stop=lambda: len(kept) >= answers,
    )


@pytest.mark.parametrize("share", [0.4, 0.8])
def test_what_a_stopped_negotiation_says_is_what_the_whole_one_says(whole: Path, share: float) -> None:
    total = (whole / CHECKPOINT_FILE).read_bytes().count(b"\n") - 1
    record, full = stopped_after(max(2, round(share * total))).record, read_negotiation(whole)
    assert record.was_stopped
    assert "ended before it was whole" in record.warnings[0]
    assert record.alternatives == full.alternatives
    assert Negotiation.from_data(record.to_data()) == record
    for name, point in record.fair_points.items():
        assert point.utilities == full.fair_points[name].utilities
    assert record.frontier
    assert all(point.terms for point in record.frontier)
    assert set(record.fair_points) <= set(full.fair_points)
    known = {clause.id: clause for clause in full.clauses}
    for clause in record.clauses:
        for moved in ("at_buyer", "at_seller", "dropped"):
            change = getattr(clause, moved)
            assert change is None or change == getattr(known[clause.id], moved)
    if share > 0.5:
        assert any(clause.tension is not None for clause in record.clauses)


def test_ctrl_c_ends_the_search_and_keeps_it(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    asked = [sys.executable, "-m", "dronedeal", *command(folder, "--workers", "2")]
    process = subprocess.Popen(
        asked, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    checkpoint = folder / CHECKPOINT_FILE
    while process.poll() is None:
        if checkpoint.exists() and checkpoint.read_bytes().count(b"\n") >= 8:
            break
        time.sleep(0.002)
    process.send_signal(2)
    said, told = process.communicate(timeout=60)
    assert process.returncode == 0, told
    assert read_negotiation(folder).was_stopped
    assert "--resume" in said
    assert checkpoint.exists()
    assert not is_anyone_left(process.pid, seconds=2.0)
