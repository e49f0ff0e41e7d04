"""A signed plan against fresh futures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from scipy.stats import binom
from tests.planning.scenarios.uncertain import with_uncertainty
from tests.results.scenarios.branching import FIRST_DEAL, planned, uncertain_first_deal
from tests.results.stress.stressed import signed, stressed

from dronedeal import plan, read
from dronedeal.deal import Deal
from dronedeal.engine import Processes, WorkersLost
from dronedeal.errors import CommandError, StoppedError
from dronedeal.exchange import StressProgress
from dronedeal.results.stress.record import StressTest
from dronedeal.solving import never_stop, no_progress
from dronedeal.workflow.stress_test import stress
from dronedeal.workflow.stress_test.futures import Futures, planned_exactly
from dronedeal.workflow.stress_test.signed import signed_plan


def certain() -> Deal:
    """The first deal with rows of uncertainty that change nothing."""
    return with_uncertainty(read(FIRST_DEAL), ("budget", "*", 2028, {"kept": (1.0, 1.0)}))


def one_factor(share: float, budgets: float = 1.0) -> Deal:
    """The first deal where nothing but output may fall: with 30 % to some share."""
    deal = with_uncertainty(
        read(FIRST_DEAL), ("line_outage", "home", 2028, {"struck": (0.3, share), "whole": (0.7, 1.0)})
    )
    rows = [row.model_copy(update={"amount": row.amount * budgets}) for row in deal.budgets]
    return deal.with_table("budgets", rows)


def plain(test: StressTest) -> str:
    return test.to_json()


def test_without_uncertainty_every_path_is_the_plan() -> None:
    deal = certain()
    made = plan(deal, gap=1e-6)
    found = stress(made, deal, paths=5)
    assert found.service("all")["kept"] == 5
    assert not found.tables["first_failures"]
    for row in found.tables["distributions"]:
        assert row["least"] == row["most"] == row["planned"]
    joint = next(row for row in found.tables["distributions"] if row["measure"] == "joint")
    assert joint["planned"] == pytest.approx(made.objective)
    assert {row["turned_out"] for row in found.tables["paths"]} == {"as stated"}


@pytest.mark.parametrize("policy", ["exact", "linear"])
def test_a_service_that_fails_with_one_outcome_is_kept_as_often_as_it_does_not_come(policy: str) -> None:
    # Output falls with 30 %, and nothing else can happen: what then fails is kept with 70 %, and the number
    # of paths that keep it is binomial.
    deal, paths = one_factor(0.5), 150
    found = stress(plan(deal, gap=1e-6), deal, paths=paths, policy=policy, confidence_level=0.999)
    row = found.service("all")
    assert binom.ppf(1e-4, paths, 0.7) <= row["kept"] <= binom.ppf(1 - 1e-4, paths, 0.7)
    assert row["exact_low"] <= 0.7 <= row["exact_high"]
    turned = sum("struck" in each["turned_out"] for each in found.tables["paths"])
    assert row["kept"] == paths - turned
    assert [each["cause"] for each in found.tables["causes"]] == [
        "home makes 50% of its output from 2028 on (struck)"
    ]


def test_no_figure_depends_on_the_number_of_workers() -> None:
    deal = uncertain_first_deal()
    alone = stress(signed(), deal, paths=30, policy="linear")
    assert plain(stress(signed(), deal, paths=30, policy="linear", workers=3)) == plain(alone)


@pytest.mark.parametrize("policy", ["exact", "linear"])
def test_futures_that_travel_to_other_processes_come_to_the_same(policy: str) -> None:
    deal = uncertain_first_deal()
    here = stress(signed(), deal, paths=12, policy=policy)
    assert here.tables["causes"]
    with Processes(1) as engine:
        there = stress(signed(), deal, paths=12, policy=policy, engine=engine)
    assert plain(there) == plain(here)


def test_workers_that_end_cost_no_future(caplog: pytest.LogCaptureFixture) -> None:
    class Lost(Processes):
        def map_until(self, *asked: Any) -> Iterator[Any]:
            raise WorkersLost("no worker is left", may_return=False)

    deal = uncertain_first_deal()
    with Lost(1) as engine:
        there = stress(signed(), deal, paths=3, policy="linear", engine=engine)
    assert plain(there) == plain(stress(signed(), deal, paths=3, policy="linear"))
    assert "no worker is left; the work goes on in this process" in caplog.messages


def test_a_path_is_the_same_in_a_longer_run_and_other_seeds_draw_others() -> None:
    deal = uncertain_first_deal()
    short, long = stress(signed(), deal, paths=10, seed=3), stressed()
    turned = {row["path"]: row for row in long.tables["paths"]}
    for row in short.tables["paths"]:
        assert turned[row["path"]] == row
    other = stress(signed(), deal, paths=10, seed=4)
    assert [row["turned_out"] for row in other.tables["paths"]] != [
        row["turned_out"] for row in short.tables["paths"]
    ]


def test_lines_that_lose_less_keep_no_less() -> None:
    kept = []
    for share in (0.3, 0.6, 0.95):
        deal = one_factor(share)
        found = stress(plan(deal, gap=1e-6), deal, paths=20, policy="exact")
        kept.append([found.service(kind)["kept"] for kind in ("own_needs", "coverage", "all")])
    for less, more in pairwise(kept):
        assert all(one <= other for one, other in zip(less, more, strict=True))


def test_the_linear_policy_is_near_the_exact_one_on_a_small_deal() -> None:
    deal = uncertain_first_deal()
    exact, linear = (stress(signed(), deal, paths=60, seed=3, policy=each) for each in ("exact", "linear"))
    assert plain(exact) == plain(stressed())
    worth = [
        next(row for row in each.tables["distributions"] if row["measure"] == "joint")
        for each in (exact, linear)
    ]
    assert worth[1]["mean"] == pytest.approx(worth[0]["mean"], rel=0.01)
    rates = [
        {(row["service"], row["subject"], row["fiscal_year"]): row["rate"] for row in each.tables["services"]}
        for each in (exact, linear)
    ]
    assert rates[0] == pytest.approx(rates[1], abs=0.02)


def test_of_a_plan_for_many_futures_the_first_year_is_signed() -> None:
    found = stress(planned(), uncertain_first_deal(), paths=20)
    assert found.signed == "the decisions of 2027 of a plan for 4 scenarios"
    assert found.planned <= signed().objective * (1 + 1e-6)
    bought = {row["subject"]: row["quantity"] for row in planned().root if row["kind"] == "purchase"}
    assert bought
    assert found.done == 20


def test_progress_is_told_and_a_stop_keeps_what_was_found() -> None:
    told: list[StressProgress] = []
    found = stress(
        signed(),
        uncertain_first_deal(),
        paths=30,
        on_progress=told.append,
        should_stop=lambda: len(told) >= 7,
    )
    assert found.done == 7
    assert not found.is_whole
    assert [each.done for each in told] == list(range(1, 8))
    assert "Stopped after 7 of 30 paths; --resume goes on." in found.notes
    with pytest.raises(StoppedError, match="before the first path"):
        stress(signed(), uncertain_first_deal(), should_stop=lambda: bool(told))


def test_what_cannot_be_done_is_said() -> None:
    nothing = read(FIRST_DEAL).with_table("uncertainty", []).with_table("correlations", [])
    with pytest.raises(CommandError, match="found no rows, so that every future is as stated"):
        stress(signed(), nothing)
    with pytest.raises(CommandError, match="made from a deal with the digest"):
        stress(signed(), certain())
    with pytest.raises(CommandError, match="made from a deal with the digest"):
        stress(planned(), certain())
    for name, value in (
        ("paths", 0),
        ("seed", -1),
        ("workers", 0),
        ("policy", "best"),
        ("confidence_level", 1.0),
    ):
        with pytest.raises(CommandError, match=f"{name}: found"):
            stress(signed(), uncertain_first_deal(), **{name: value})  # type: ignore[arg-type]


def test_a_year_that_leaves_no_plan_to_the_search_is_planned_all_the_same() -> None:
    whole = Futures(
        signed_plan(signed(), uncertain_first_deal(), on_progress=no_progress, should_stop=never_stop), seed=0
    )
    row = int(whole.problem.rows["home_ceiling"].numbers[-1])
    upper = whole.problem.row_upper.copy()
    upper[row] = -1.0  # no need takes less than nothing
    impossible = replace(whole.problem, row_upper=upper)
    assert planned_exactly(impossible, whole.values, stage=1) is None
    assert planned_exactly(whole.problem, whole.values, stage=1) is not None
