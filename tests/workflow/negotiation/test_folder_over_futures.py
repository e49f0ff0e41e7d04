"""The command `negotiate` over many futures: a tail, the deal as stated beside it, a run taken up again."""

from __future__ import annotations

from pathlib import Path

import pytest

import dronedeal
from dronedeal import cli, output
from dronedeal.files import write_folder
from dronedeal.negotiation.record_store import read_negotiation
from dronedeal.results.scenarios.record import ScenarioPlan, read_scenario_plan, write_scenario_plan
from dronedeal.workflow.negotiation.folder import CHECKPOINT_FILE

TREE = "deals/first-deal/futures.yaml"
SMALL = ["--points", "2", "--pairs", "0", "--gap", "0.02", "--packages", "1"]


@pytest.fixture(scope="module")
def deal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first deal with its price the only clause."""
    whole, folder = dronedeal.read("deals/first-deal"), tmp_path_factory.mktemp("deal") / "deal"
    write_folder(whole.with_table("clauses", [row for row in whole.clauses if row.id == "price"]), folder)
    return folder


@pytest.fixture(scope="module")
def weighed(deal: Path) -> Path:
    """A negotiation with the worst half weighed, and the deal as stated with it."""
    folder = deal.parent / "weighed"
    with pytest.MonkeyPatch.context() as patch:
        draw_less(patch)
        tail = ["--tail", "0.5", "--tail-of", "seller", "--keep-checkpoint"]
        assert cli.run(command(deal, folder, *tail)) == 0
    return folder


def draw_less(patch: pytest.MonkeyPatch) -> None:
    """Leave out the page of each plan, whose pictures take longer than all the rest and have own tests."""

    def without_page(plan: ScenarioPlan, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        write_scenario_plan(plan, folder)

    patch.setattr(output, "write_scenario_files", without_page)


def command(deal: Path, folder: Path, *more: str) -> list[str]:
    return ["negotiate", str(deal), "--out", str(folder), "--tree", TREE, *SMALL, *more]


def test_a_tail_is_weighed_and_the_deal_as_stated_lies_beside(weighed: Path) -> None:
    record, as_stated = read_negotiation(weighed), read_negotiation(weighed / "as-stated")
    assert record.futures is not None
    assert record.futures.measure == "weighed"
    assert {name: record.options[name] for name in ("tail", "tail_of", "tail_weight", "scenarios")} == {
        "tail": 0.5,
        "tail_of": "seller",
        "tail_weight": 0.5,
        "scenarios": 3,
    }
    assert as_stated.futures is None
    assert as_stated.digest == record.digest
    assert record.conclusions
    # Who weighs its worst values what it has without an agreement less than its mean.
    spread = next(each for each in record.futures.points if each.point == "no agreement").seller
    assert spread.worst <= record.alternatives.seller <= spread.mean
    for name in ("negotiation.html", "negotiation.xlsx", "term-sheets/nash.docx"):
        assert (weighed / name).stat().st_size > 0


def test_cut_short_it_goes_on_to_the_same_end_beside_a_negotiation_that_is_there(
    deal: Path,
    weighed: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    draw_less(monkeypatch)
    content, again = (weighed / CHECKPOINT_FILE).read_bytes(), tmp_path / "again"
    again.mkdir()
    (again / CHECKPOINT_FILE).write_bytes(content[: 3 * len(content) // 5])
    tail = ["--tail-of", "seller", "--resume", "--beside", str(weighed / "as-stated")]
    assert cli.run(command(deal, again, "--tail", "0.4", *tail)) == 2
    assert "its option tail is 0.5, that of this run is 0.4" in capsys.readouterr().err
    assert cli.run(command(deal, again, "--tail", "0.5", *tail)) == 0
    shown = capsys.readouterr()
    # What lies beside is taken, not made again.
    assert "the deal as stated" not in shown.err
    assert "What many futures change against the deal as stated" in shown.out
    assert not (again / "as-stated").exists()
    assert (again / "negotiation.json").read_bytes() == (weighed / "negotiation.json").read_bytes()
    assert not (again / CHECKPOINT_FILE).exists()


def test_what_cannot_lie_beside_is_refused_before_anything_is_written(
    deal: Path, weighed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "never"
    assert cli.run(command(deal, folder, "--beside", str(weighed))) == 2
    assert "itself over many futures" in capsys.readouterr().err
    assert cli.run(command(Path("deals/first-deal"), folder, "--beside", str(weighed / "as-stated"))) == 2
    assert "of another deal" in capsys.readouterr().err
    assert cli.run(command(deal, folder, "--moves", "2")) == 2
    assert "moves: found 2" in capsys.readouterr().err
    assert not folder.exists()


def test_a_point_opens_as_a_plan_for_many_futures(weighed: Path) -> None:
    record = read_negotiation(weighed)
    assert record.nash is not None
    assert record.nash.plan is not None
    plan = read_scenario_plan(weighed / record.nash.plan)
    assert plan.sizes["scenarios"] == 3
    assert plan.checks
