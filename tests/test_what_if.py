"""What-if, compare and explain from the deal to what is printed and written."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import dronedeal
from dronedeal import cli
from dronedeal.deal import Deal
from dronedeal.errors import ChangeError, CommandError, DealFolderError, PlanFileError
from dronedeal.exchange import WhatIf
from dronedeal.solving.highs import HighsSolver

FIRST_DEAL = Path(__file__).resolve().parent.parent / "deals" / "first-deal"
CUT = "budgets[guard/2028].amount*=0.9"
Captured = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def deal() -> Deal:
    return dronedeal.read(FIRST_DEAL)


@pytest.fixture(scope="module")
def result(deal: Deal) -> WhatIf:
    return dronedeal.what_if(deal, [CUT], gap=0.0)


@pytest.fixture(scope="module")
def folder(result: WhatIf, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return dronedeal.write_what_if(result, tmp_path_factory.mktemp("what-if") / "out").parent


@pytest.fixture(autouse=True)
def deal_untouched() -> Iterator[None]:
    before = {path: path.read_bytes() for path in FIRST_DEAL.rglob("*") if path.is_file()}
    yield
    assert {path: path.read_bytes() for path in FIRST_DEAL.rglob("*") if path.is_file()} == before


def test_both_plans_are_those_that_plan_makes_of_both_deals(deal: Deal, result: WhatIf) -> None:
    budgets = [
        row.model_copy(update={"amount": row.amount * 0.9}) if row.fiscal_year == 2028 else row
        for row in deal.budgets
    ]
    alone = dronedeal.plan(deal.with_table("budgets", budgets), gap=0.0)
    assert result.plan.objective == pytest.approx(alone.objective)
    assert result.comparison.plans[0].objective == pytest.approx(dronedeal.plan(deal, gap=0.0).objective)
    assert result.plan.verification is not None
    assert result.plan.verification["is_passed"]


def test_what_was_changed_is_told_with_the_cell_in_the_users_file(result: WhatIf) -> None:
    (found,) = result.comparison.inputs
    assert found.address == "budgets[guard/2028/procurement].amount"
    assert found.values == (1_450_000, 1_305_000)
    assert str(found.place) == "buyer/budgets.csv, line 3, column 4 (amount)"
    assert len(result.seconds) == 2
    assert all(second > 0 for second in result.seconds)


def test_what_differs_is_a_frame(result: WhatIf) -> None:
    frame = result.frame()
    bought = frame.filter((frame["table"] == "purchases") & (frame["figure"] == "quantity"))
    assert bought["change of changed"].sum() == pytest.approx(
        result.comparison.total("units bought").change(1)
    )
    assert frame.height == len(result.comparison.differences) > 0
    assert "<table>" in result._repr_html_()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (["budgets[gaurd].amount*=0.9"], "did you mean 'guard'?"),
        (["prices[kestrel].system=nobody"], "the deal as changed breaks a rule; mend the changes"),
        (["settings.months=1"], "the deal as changed breaks a rule"),
        (
            ["settings.price_base_year=2028"],
            "counts in USD at prices of 2028; allowed: USD at prices of 2027",
        ),
    ],
)
def test_changes_that_cannot_stand_are_refused_before_anything_is_planned(
    deal: Deal, changes: list[str], words: str
) -> None:
    with pytest.raises(ChangeError, match=words.replace("?", r"\?")):
        dronedeal.what_if(deal, changes)


def test_a_rule_broken_by_a_change_is_told_with_its_address(deal: Deal) -> None:
    with pytest.raises(ChangeError) as error:
        dronedeal.what_if(deal, ["prices[kestrel].system=nobody"])
    assert any("shared/prices.csv, line 2" in fault and "'nobody'" in fault for fault in error.value.faults)


@pytest.mark.parametrize("changes", [[], CUT])
def test_no_change_and_a_bare_text_are_refused(deal: Deal, changes: list[str]) -> None:
    with pytest.raises(CommandError, match="found no list of changes"):
        dronedeal.what_if(deal, changes)


def test_a_deal_with_errors_is_refused_as_by_plan(deal: Deal) -> None:
    prices = [row.model_copy(update={"system": "nobody"}) for row in deal.prices]
    with pytest.raises(DealFolderError):
        dronedeal.what_if(deal.with_table("prices", prices), [CUT])


def test_the_folder_holds_the_comparison_and_both_plans(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == {
        "comparison.html", "comparison.xlsx", "as-it-stands", "changed",
    }  # fmt: skip
    plans = [dronedeal.read_plan(folder / name) for name in ("as-it-stands", "changed")]
    assert plans[0].objective > plans[1].objective
    page = (folder / "comparison.html").read_text(encoding="utf-8")
    assert "budgets[guard/2028/procurement].amount" in page


def test_plans_are_compared_only_with_their_own_deals(deal: Deal, result: WhatIf) -> None:
    plans = result.comparison.plans
    with pytest.raises(PlanFileError, match="the plan B was made from a deal with the digest"):
        dronedeal.compare(plans, deals=[deal, deal])
    with pytest.raises(CommandError, match="found 1 deals for 2 plans; allowed: one for each plan"):
        dronedeal.compare(plans, deals=[deal])
    assert dronedeal.compare(plans, deals=[deal, result.deal]).inputs == result.comparison.inputs


def test_the_command_prints_what_differs_and_leaves_the_deal_alone(tmp_path: Path, capsys: Captured) -> None:
    out = tmp_path / "out"
    asked = ["what-if", str(FIRST_DEAL), "--set", CUT, "--gap", "0", "--out", str(out)]
    assert cli.run(asked) == 0
    shown = capsys.readouterr().out
    assert "budgets[guard/2028/procurement].amount: 1,450,000 → 1,305,000 (−10.0%)" in shown
    assert max(map(len, shown.replace(str(out), "out").splitlines())) <= 80
    assert cli.run(asked) == 2
    assert "is not empty" in capsys.readouterr().err
    assert cli.run([*asked, "--overwrite"]) == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["what-if", str(FIRST_DEAL)], "Missing option '--set'"),
        (["what-if", str(FIRST_DEAL), "--set", "budget[guard].amount*=2"], "did you mean 'budgets'?"),
        (["what-if", str(FIRST_DEAL), "--set", CUT, "--out", str(FIRST_DEAL / "out")], "lies in the deal"),
        (["what-if", str(FIRST_DEAL), "--set", CUT, "--gap", "2"], "gap: found 2.0"),
        (["compare", "nowhere"], "no such file"),
        (["explain", "nowhere"], "no such file"),
    ],
)
def test_what_cannot_be_asked_ends_with_2(arguments: list[str], words: str, capsys: Captured) -> None:
    assert cli.run(arguments) == 2
    captured = capsys.readouterr()
    assert words in captured.err
    assert captured.out == ""


def test_the_compare_command_takes_plans_and_their_deals(
    folder: Path, tmp_path: Path, capsys: Captured
) -> None:
    first, other = str(folder / "as-it-stands"), str(folder / "changed" / "plan.json")
    assert cli.run(["compare", first, other, "--out", str(tmp_path / "out")]) == 0
    assert "Made from another deal than “as-it-stands”: “changed”." in capsys.readouterr().out
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"comparison.html", "comparison.xlsx"}
    deals = ["--deals", str(FIRST_DEAL), "--deals", str(FIRST_DEAL)]
    assert cli.run(["compare", first, first, *deals]) == 0
    assert "No input differs." in capsys.readouterr().out
    assert cli.run(["compare", first, other, *deals]) == 2
    assert "the plan changed was made from a deal with the digest" in capsys.readouterr().err
    assert cli.run(["compare", first]) == 2
    assert "found 1 plans; allowed: 2 to 6" in capsys.readouterr().err


def test_the_explain_command_names_things_where_the_deal_is_given(folder: Path, capsys: Captured) -> None:
    plan = str(folder / "as-it-stands")
    assert cli.run(["explain", plan, "--requirement", "patrol", "--year", "2027"]) == 0
    assert "for patrol in fiscal year 2027" in " ".join(capsys.readouterr().out.split())
    assert cli.run(["explain", plan, "--deal", str(FIRST_DEAL)]) == 0
    assert "Patrol of the border" in " ".join(capsys.readouterr().out.split())
    assert cli.run(["explain", plan, "--system", "kestral", "--deal", str(FIRST_DEAL)]) == 2
    assert "did you mean 'kestrel'?" in capsys.readouterr().err
    assert cli.run(["explain", str(folder / "changed"), "--deal", str(FIRST_DEAL)]) == 2
    assert "made from another deal" in capsys.readouterr().err


def test_a_system_that_is_passed_over_is_told_with_its_cost_and_what_is_bought_instead(deal: Deal) -> None:
    dear = dronedeal.what_if(deal, ["prices[falcon].unit_price=4000"], gap=0.0)
    found = dronedeal.explain(dear.plan, dear.deal, system="falcon")
    text = " ".join(answer.text for answer in found.of("not_bought"))
    assert "Nothing of Falcon is bought." in text
    assert "For Patrol of the border it is eligible with effectiveness 1 and costs USD 4,000" in text
    assert "bought in its place: Kestrel at USD 1,000" in text
    assert "it would come in at a price below USD" in text
    narrow = dronedeal.explain(dear.plan, dear.deal, system="falcon", requirement="supply").of("not_bought")
    assert ["it is not eligible: Its role is" in answer.text for answer in narrow] == [False, True]


def test_a_cheaper_system_that_is_not_bought_points_to_what_is_scarce(deal: Deal) -> None:
    cheap = dronedeal.what_if(
        deal,
        ["lines[*].initial_capacity=0.1", "lines[north].open_cost=1e12"],
        gap=0.0,
    )
    text = " ".join(
        answer.text for answer in dronedeal.explain(cheap.plan, cheap.deal, system="kestrel").of("not_bought")
    )
    assert "bought in its place: Falcon at USD 2,000; it is cheaper than that, so look at what binds" in text


def test_a_missed_value_is_that_of_the_deal(deal: Deal, result: WhatIf) -> None:
    (row,) = [row for row in deal.requirements if row.id == "patrol"]
    short = dronedeal.explain(result.comparison.plans[0], deal, requirement="patrol").of("short")
    assert [answer.worth for answer in short] == pytest.approx([400 * row.value_objective] * 2)


def test_plans_of_other_objectives_are_warned_of(deal: Deal) -> None:
    plans = [dronedeal.plan(deal, objective=kind, gap=0.0) for kind in ("joint", "buyer")]
    comparison = dronedeal.compare(plans, names=["joint", "buyer"])
    assert comparison.warnings[0].startswith("The plans maximise different objectives")
    assert json.loads(plans[0].to_json())["objective_kind"] == "joint"


def test_a_stop_ends_one_search_and_keeps_both_plans(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    solve = HighsSolver.solve

    def interrupted(self: HighsSolver, form: Any, **asked: Any) -> Any:
        if not done:
            done.append("once")
            os.kill(os.getpid(), signal.SIGINT)
        return solve(self, form, **asked)

    monkeypatch.setattr(HighsSolver, "solve", interrupted)
    out = tmp_path / "out"
    assert cli.run(["what-if", str(FIRST_DEAL), "--set", CUT, "--out", str(out)]) == 0
    assert "going on with the best plan so far" in capsys.readouterr().err
    stopped, changed = (dronedeal.read_plan(out / name) for name in ("as-it-stands", "changed"))
    assert stopped.status == "feasible"
    assert changed.status == "optimal"


def test_a_plan_that_is_done_stays_when_the_other_is_aborted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    solve, calls = HighsSolver.solve, []

    def aborted(self: HighsSolver, form: Any, **asked: Any) -> Any:
        calls.append(form)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return solve(self, form, **asked)

    monkeypatch.setattr(HighsSolver, "solve", aborted)
    out = tmp_path / "out"
    assert cli.run(["what-if", str(FIRST_DEAL), "--set", CUT, "--out", str(out)]) == cli.STOPPED
    assert dronedeal.read_plan(out / "as-it-stands").status == "optimal"
    assert not (out / "changed").exists()
