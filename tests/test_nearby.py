"""Plans near the best from the command: alternatives, and a plan that stays near an earlier one."""

from __future__ import annotations

from pathlib import Path

import pytest

import dronedeal
from dronedeal import cli
from dronedeal.deal import Deal
from dronedeal.deal.change import apply_changes
from dronedeal.errors import CommandError
from dronedeal.results.changes import changes
from dronedeal.results.plan import Plan
from dronedeal.workflow import made_before

FIRST_DEAL = Path(__file__).resolve().parent.parent / "deals" / "first-deal"
Captured = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def deal() -> Deal:
    return dronedeal.read(FIRST_DEAL)


@pytest.fixture(scope="module")
def best(deal: Deal) -> Plan:
    return dronedeal.plan(deal)


def test_alternatives_are_written_each_in_its_folder_with_a_comparison(
    tmp_path: Path, capsys: Captured
) -> None:
    out = tmp_path / "out"
    assert cli.run(["alternatives", str(FIRST_DEAL), "--out", str(out), "--count", "2"]) == 0
    assert {path.name for path in out.iterdir()} == {
        "best", "alternative-1", "alternative-2", "comparison.html", "comparison.xlsx",
    }  # fmt: skip
    plans = [dronedeal.read_plan(out / name) for name in ("best", "alternative-1", "alternative-2")]
    for plan in plans:
        assert plan.verification is not None
        assert plan.verification["is_passed"]
        assert plan.objective >= 0.99 * plans[0].objective
    assert plans[1].status == "feasible"
    text = capsys.readouterr().out
    assert "2 alternatives" in text
    assert "given up" in text
    assert "Units started in all" in text
    assert max(len(line) for line in text.splitlines() if str(out) not in line) <= 80


def test_alternatives_of_a_plan_that_was_made_before_do_not_make_it_again(
    tmp_path: Path, capsys: Captured
) -> None:
    best, out = tmp_path / "best", tmp_path / "out"
    assert cli.run(["plan", str(FIRST_DEAL), "--out", str(best), "--objective", "buyer"]) == 0
    asked = ["alternatives", str(FIRST_DEAL), "--plan", str(best), "--count", "1"]
    assert cli.run([*asked, "--out", str(out)]) == 0
    plans = [dronedeal.read_plan(path) for path in (best, out / "best", out / "alternative-1")]
    assert plans[0] == plans[1]
    assert plans[2].objective_kind == "buyer"
    assert plans[2].alternative == plans[0].alternative
    assert 0.99 * plans[0].objective <= plans[2].objective <= plans[0].objective * (1 + 1e-9)
    assert cli.run([*asked, "--out", str(tmp_path / "other"), "--objective", "seller"]) == 2
    assert "leave the objective out" in capsys.readouterr().err


def test_a_plan_of_another_deal_has_no_alternatives(deal: Deal, best: Plan) -> None:
    other = apply_changes(deal, ["budgets[guard/2028].amount*=0.95"])
    with pytest.raises(CommandError, match="made from a deal with the digest"):
        dronedeal.alternatives(other, plan=best)


def test_a_plan_whose_decisions_do_not_come_to_its_worth_has_no_alternatives(
    deal: Deal, best: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(made_before, "_SAME_WORTH", -1.0)
    with pytest.raises(CommandError, match="plan the deal again"):
        dronedeal.alternatives(deal, plan=best)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["--within", "0"], "within: found 0.0"), (["--count", "9"], "a whole number from 1 to 5")],
)
def test_alternatives_that_cannot_be_asked_for_end_with_2(
    arguments: list[str], words: str, tmp_path: Path, capsys: Captured
) -> None:
    assert cli.run(["alternatives", str(FIRST_DEAL), "--out", str(tmp_path / "out"), *arguments]) == 2
    assert words in capsys.readouterr().err


def test_a_plan_near_itself_changes_nothing(deal: Deal, best: Plan) -> None:
    near = dronedeal.plan(deal, near=best)
    assert near.tables["changes"] == ()
    assert near.objective == pytest.approx(best.objective, rel=1e-9)


def test_less_is_changed_near_the_earlier_plan_than_without_it(deal: Deal, best: Plan) -> None:
    less = apply_changes(deal, ["budgets[guard/2028].amount*=0.95"])
    free, near = dronedeal.plan(less), dronedeal.plan(less, near=best, give_up=0.02)
    moved = [
        sum(abs(row["new"] - row["old"]) for row in rows)
        for rows in (changes(best, free), near.tables["changes"])
    ]
    assert moved[1] <= moved[0] + 1e-6
    assert near.objective >= 0.98 * free.objective - 1e-6
    assert near.verification is not None
    assert near.verification["is_passed"]
    assert {row["what"] for row in near.tables["changes"]} <= {"purchase", "open"}


def test_the_plan_command_lists_what_it_changes(tmp_path: Path, capsys: Captured) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    assert cli.run(["plan", str(FIRST_DEAL), "--objective", "seller", "--out", str(old)]) == 0
    asked = ["plan", str(FIRST_DEAL), "--near", str(old), "--give-up", "0.001", "--out", str(new)]
    assert cli.run(asked) == 0
    assert "Changed of the earlier plan" in capsys.readouterr().out
    assert dronedeal.read_plan(new).tables["changes"]
    assert "What is bought each year" in (new / "report.html").read_text(encoding="utf-8")


def test_the_plan_command_keeps_frozen_months_and_says_how_many_decisions_stayed(
    tmp_path: Path, capsys: Captured
) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    assert cli.run(["plan", str(FIRST_DEAL), "--objective", "seller", "--out", str(old)]) == 0
    asked = ["plan", str(FIRST_DEAL), "--near", str(old), "--freeze-until", "2027-06", "--out", str(new)]
    assert cli.run(asked) == 0
    plans = [dronedeal.read_plan(path) for path in (old, new)]
    made = [[row for row in plan.tables["production"] if row["month"] <= "2027-06"] for plan in plans]
    assert made[0] == made[1] != []
    count = len(plans[1].tables["frozen"])
    text = capsys.readouterr().out
    assert f"Frozen until 2027-06: {count} decisions of the earlier plan, all as they were" in text
    page = (new / "report.html").read_text(encoding="utf-8")
    assert "is frozen" in page
    assert cli.run(["verify", str(new), str(FIRST_DEAL)]) == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["--freeze-until", "2027-13", "--near", "BEST"],
            "found '2027-13'; allowed: a month as",
        ),
        (["--freeze-until", "2035-01", "--near", "BEST"], "allowed: a month of the deal, 2027-01 to 2028-12"),
        (["--freeze-until", "2027-06"], "without an earlier plan"),
    ],
)
def test_months_that_cannot_be_frozen_end_with_2(
    arguments: list[str], words: str, best: Plan, tmp_path: Path, capsys: Captured
) -> None:
    dronedeal.write_plan(best, tmp_path / "best")
    named = [str(tmp_path / "best") if each == "BEST" else each for each in arguments]
    assert cli.run(["plan", str(FIRST_DEAL), "--out", str(tmp_path / "out"), *named]) == 2
    assert words in capsys.readouterr().err


def test_a_share_that_cannot_be_given_up_is_refused(deal: Deal, best: Plan) -> None:
    with pytest.raises(CommandError, match=r"give_up: found 1\.5"):
        dronedeal.plan(deal, near=best, give_up=1.5)
