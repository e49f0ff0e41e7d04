"""The verbs, as a notebook calls them."""

from __future__ import annotations

import os
import signal
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from tests.planning.learning_deal import learning_deal

from dronedeal import workflow
from dronedeal.assessment import assess
from dronedeal.deal import Deal
from dronedeal.deal.synthetic import synthetic_deal
from dronedeal.errors import CommandError, DealFolderError, PlanFileError, VerificationError
from dronedeal.exchange import FirstPlan, PlanChoices, SyntheticSize
from dronedeal.results.plan import Plan
from dronedeal.results.verify.outcome import Failure, Verification
from dronedeal.solving import Progress
from dronedeal.workflow import control, plans

FIRST_DEAL = Path(__file__).resolve().parent.parent / "deals" / "first-deal"


@pytest.fixture(scope="module")
def deal() -> Deal:
    return workflow.read(FIRST_DEAL)


@pytest.fixture(scope="module")
def plan(deal: Deal) -> Plan:
    return workflow.plan(deal, gap=0.0)


def with_a_fault(deal: Deal) -> Deal:
    """The same deal with prices for a system that it does not have."""
    prices = [row.model_copy(update={"system": "nobody"}) for row in deal.prices]
    return deal.with_table("prices", prices)


def test_reading_one_side_leaves_the_other_sides_tables_empty() -> None:
    ours = workflow.read(FIRST_DEAL, sides=("shared", "buyer"))
    assert ours.requirements
    assert ours.lines == ()


def test_reading_for_an_unknown_side_is_refused() -> None:
    with pytest.raises(CommandError, match="sides: found 'mine'; allowed: shared, buyer, seller"):
        workflow.read(FIRST_DEAL, sides=("mine",))  # type: ignore[arg-type]


def test_a_deal_as_it_stands_and_as_changed_are_checked_and_assessed_once(deal: Deal) -> None:
    changed = deal.with_table("budgets", deal.budgets[1:])
    found = [(workflow.check(each), assess(each)) for each in (deal, changed)]
    for each, (checked, assessment) in zip((deal, changed), found, strict=True):
        assert workflow.check(each) is checked
        assert assess(each) is assessment
    assert found[0][0] is not found[1][0]


def test_errors_come_before_warnings(deal: Deal) -> None:
    result = workflow.check(with_a_fault(deal))
    assert not result.is_ok
    severities = [finding.severity for finding in result.findings]
    assert severities == sorted(severities)


@pytest.mark.parametrize("verb", [workflow.match, workflow.plan])
def test_a_deal_with_errors_is_refused_with_all_of_them(verb: object, deal: Deal) -> None:
    wrong = with_a_fault(deal)
    with pytest.raises(DealFolderError) as caught:
        verb(wrong)  # type: ignore[operator]
    assert caught.value.findings == workflow.check(wrong).errors


def test_narrowing_keeps_the_pairs_asked_for(deal: Deal) -> None:
    assessment = workflow.narrow(workflow.match(deal), deal, requirement="patrol")
    assert {pair.requirement for pair in assessment.pairings} == {"patrol"}
    assert len(assessment.pairings) == len(deal.systems)


def test_narrowing_to_an_unknown_requirement_names_a_close_one(deal: Deal) -> None:
    with pytest.raises(
        CommandError, match="found 'patroll', which the deal does not have; did you mean patrol"
    ):
        workflow.narrow(workflow.match(deal), deal, requirement="patroll")


def test_a_plan_of_the_first_deal_is_what_was_worked_out_by_hand(plan: Plan) -> None:
    assert plan.objective == pytest.approx(4_471_200)
    assert plan.utilities == {"buyer": pytest.approx(3_489_200), "seller": pytest.approx(982_000)}


@pytest.mark.parametrize("objective", ["buyer", "seller"])
def test_a_one_sided_plan_respects_the_other_sides_alternative(
    deal: Deal, objective: str, plan: Plan
) -> None:
    ours = workflow.plan(deal, objective=objective, gap=0.0)  # type: ignore[arg-type]
    other = "seller" if objective == "buyer" else "buyer"
    assert ours.alternative is not None
    assert ours.utilities[other] >= ours.alternative - 1
    assert ours.utilities[objective] >= plan.utilities[objective] - 1


def test_progress_is_reported(deal: Deal) -> None:
    seen: list[Progress] = []
    workflow.plan(deal, gap=0.0, on_progress=seen.append)
    assert seen
    assert seen[-1].best == pytest.approx(4.4712)


def test_the_first_plan_is_checked_and_told_while_the_search_goes_on() -> None:
    told: list[FirstPlan] = []
    watch = control.Stopwatch()
    run = plans.run_plan(
        learning_deal(),
        PlanChoices(is_proven=False),
        watch=watch,
        on_progress=lambda _: None,
        should_stop=lambda: False,
        on_first=told.append,
    )
    (first,) = told
    assert first.plan.verification is not None
    assert first.plan.gap is not None
    assert first.plan.gap >= (run.plan.gap or 0.0)
    assert first.plan.objective <= run.plan.objective
    assert 0 < first.seconds == watch.seconds["first_plan"] <= watch.with_total["total"]


def test_a_first_plan_that_fails_its_check_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[FirstPlan] = []
    verdicts = iter((False, True))

    def verdict(*_: object) -> Verification:
        failed = () if next(verdicts) else (Failure("stock", "kite", "3", "2", 1.0, "stock must balance"),)
        return Verification((), failed)

    monkeypatch.setattr(plans, "verify_by_arithmetic", verdict)
    plans.run_plan(
        learning_deal(),
        PlanChoices(is_proven=False),
        watch=control.Stopwatch(),
        on_progress=lambda _: None,
        should_stop=lambda: False,
        on_first=told.append,
    )
    assert told == []


def test_a_stop_at_once_still_gives_a_plan_that_passes_its_check() -> None:
    deal = synthetic_deal(systems=20, lines=20, requirements=10, seed=1)
    stopped = workflow.plan(deal, gap=0.0, should_stop=lambda: True)
    assert (stopped.status, stopped.termination) == ("feasible", "interrupted")
    assert stopped.verification is not None
    assert stopped.verification["is_passed"]


def test_a_plan_that_fails_its_check_is_refused(deal: Deal, monkeypatch: pytest.MonkeyPatch) -> None:
    failure = Failure("stock", "kestrel", "3", "2", 1.0, "stock must balance")
    monkeypatch.setattr(plans, "verify_by_arithmetic", lambda *_: Verification((), (failure,)))
    with pytest.raises(VerificationError, match="stated 3, computed 2"):
        workflow.plan(deal)


def test_the_certificate_names_versions_options_and_digest(plan: Plan, deal: Deal) -> None:
    assert plan.digest == deal.digest
    assert {"dronedeal", "numpy", "highspy", "python", "solver"} <= set(plan.versions)
    assert plan.options["gap"] == 0.0
    assert plan.seed == 0


def test_a_plan_survives_being_written_and_read(plan: Plan, tmp_path: Path) -> None:
    folder = workflow.write_plan(plan, tmp_path / "out")
    assert workflow.read_plan(folder) == plan
    assert workflow.read_plan(folder / "plan.json") == plan


def test_the_report_of_a_plan_of_another_deal_is_refused(plan: Plan, deal: Deal, tmp_path: Path) -> None:
    cheaper = [row.model_copy(update={"unit_price": row.unit_price / 2}) for row in deal.prices]
    with pytest.raises(PlanFileError):
        workflow.write_report(plan, deal.with_table("prices", cheaper), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_chart_shows_itself_in_a_notebook(plan: Plan, deal: Deal) -> None:
    assert "<svg" in workflow.chart(plan, deal, name="purchases")._repr_svg_()


def test_an_unknown_chart_is_answered_with_those_that_exist(plan: Plan, deal: Deal) -> None:
    with pytest.raises(CommandError, match="purchases"):
        workflow.chart(plan, deal, name="purchase")


@pytest.mark.parametrize("form", ["markdown", "json"])
def test_the_schema_names_every_table(form: str) -> None:
    text = workflow.schema(form)  # type: ignore[arg-type]
    assert all(name in text for name in ("systems", "requirement_quantities", "facts"))


def test_an_unknown_form_of_the_schema_is_refused() -> None:
    with pytest.raises(CommandError, match="format: found 'yaml'; allowed: markdown, json"):
        workflow.schema("yaml")  # type: ignore[arg-type]


def test_a_workbook_gets_its_ending(tmp_path: Path) -> None:
    made = workflow.new(tmp_path / "deal", workbook=True)
    assert made == tmp_path / "deal.xlsx"
    assert workflow.read(made).systems == ()


def test_a_made_up_deal_is_the_same_as_folder_and_workbook(tmp_path: Path) -> None:
    size = SyntheticSize(5, 5, 3, seed=7)
    folder = workflow.read(workflow.new(tmp_path / "a", synthetic=size))
    workbook = workflow.read(workflow.new(tmp_path / "b", workbook=True, synthetic=size))
    assert folder.digest == workbook.digest


def test_stages_of_a_stopwatch_add_up() -> None:
    watch = workflow.Stopwatch()
    for _ in range(2):
        with watch.stage("read"):
            time.sleep(0.01)
    seconds = watch.with_total
    assert 0.02 <= seconds["read"] <= seconds["total"]


def test_the_first_interrupt_asks_for_a_stop_and_the_second_aborts() -> None:
    asked: list[bool] = []
    before = signal.getsignal(signal.SIGINT)
    with control.interruptible(lambda: asked.append(True)) as should_stop:
        assert not should_stop()
        os.kill(os.getpid(), signal.SIGINT)
        assert should_stop()
        assert asked == [True]
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_outside_the_main_thread_no_signal_is_touched() -> None:
    seen: list[bool] = []

    def work() -> None:
        with control.interruptible(lambda: None) as should_stop:
            seen.append(should_stop())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [False]


def test_nothing_is_read_or_planned_for_a_folder_that_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").touch()
    with pytest.raises(CommandError, match="not empty"):
        workflow.plan_to_folder(tmp_path / "no-deal", tmp_path, choices=PlanChoices())


def test_one_thread_or_two_give_the_same_plan(deal: Deal, plan: Plan) -> None:
    two = workflow.plan(deal, gap=0.0, threads=2)
    assert replace(two, options=plan.options) == plan
