"""A negotiation over many futures, with expected and with weighed utilities."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

import dronedeal
from dronedeal.deal import Deal
from dronedeal.deal.term_sheet import deal_at
from dronedeal.errors import CommandError, StoppedError
from dronedeal.exchange import FutureChoices
from dronedeal.negotiation.evaluator import Question, weighted
from dronedeal.negotiation.record import FAIR_POINTS, Negotiation
from dronedeal.solving import SolveOptions, never_stop, no_progress
from dronedeal.workflow.checkpoint import Checkpoint
from dronedeal.workflow.negotiation.choices import Bargaining
from dronedeal.workflow.negotiation.evaluator import DealEvaluator
from dronedeal.workflow.negotiation.futures import Futures
from dronedeal.workflow.negotiation.futures_recording import worth_of
from dronedeal.workflow.negotiation.negotiate import NegotiationRun, negotiate, run_negotiation

TREE = Path("deals/first-deal/futures.yaml")
JOINT = Question(weighted(1.0, 1.0))
GAP = 0.02
GRID = (800.0, 1100.0, 1400.0)


@cache
def first_deal() -> Deal:
    """The first deal with its price the only clause."""
    deal = dronedeal.read("deals/first-deal")
    return deal.with_table("clauses", [row for row in deal.clauses if row.id == "price"])


@cache
def run(tail: float | None) -> NegotiationRun:
    """A small negotiation over the three futures of the file."""
    futures = FutureChoices(tree=TREE, tail=tail)
    return negotiate(first_deal(), points=2, pairs=0, gap=GAP, futures=futures, beside=as_stated())


@cache
def as_stated() -> Negotiation:
    return negotiate(first_deal(), points=2, pairs=0, moves=0, gap=GAP).record


def evaluator(futures: FutureChoices, deal: Deal | None = None) -> DealEvaluator:
    deal = deal or first_deal()
    return DealEvaluator(deal, build=Futures.of(deal, futures).build, options=SolveOptions(gap=1e-6))


@pytest.mark.parametrize("tail", [None, 0.5])
def test_every_point_is_a_plan_checked_in_every_future(tail: float | None) -> None:
    found = run(tail)
    record = found.record
    assert record.zone.is_there
    for name, point in [*record.fair_points.items(), *((each.id, each) for each in record.frontier)]:
        assert point.plan is not None, name
        plan = found.scenario_plans[point.plan.removeprefix("plans/")]
        assert plan.digest == deal_at(first_deal(), point.terms).digest
        assert plan.checks
        for side in ("buyer", "seller"):
            chances, worth = worth_of(plan, side)
            # The mean of the worst is never above the mean of all.
            assert getattr(point.utilities, side) <= float(chances @ worth) * (1 + 1e-9)
    if tail is None:
        nash = found.scenario_plans["nash"].utilities
        assert record.nash is not None
        assert nash["buyer"] == pytest.approx(record.nash.utilities.buyer, rel=1e-6)


@pytest.mark.parametrize("tail", [None, 0.5])
def test_terms_are_worth_what_the_plan_over_the_same_futures_is(tail: float | None) -> None:
    futures = FutureChoices(tree=TREE, tail=tail, tail_weight=0.7)
    asked = evaluator(futures)
    for price in GRID:
        found = asked.twin().under({"price": price}, JOINT).outcome
        assert found is not None
        plan = dronedeal.plan_scenarios(
            deal_at(first_deal(), {"price": price}),
            tree=TREE,
            worth=False,
            gap=1e-6,
            tail=tail,
            tail_of=None if tail is None else "each",
            tail_weight=0.7,
        )
        assert sum(found.utilities) == pytest.approx(plan.objective, rel=1e-5)


@pytest.mark.parametrize("tail", [None, 0.5])
def test_no_plan_under_terms_on_a_grid_lies_beyond_the_frontier(tail: float | None) -> None:
    """Enumeration: the best plan of each side at each price keeps within the bounds of the frontier."""
    record, futures = run(tail).record, FutureChoices(tree=TREE, tail=tail)
    asked = evaluator(futures)
    corners = [(each.buyer, each.seller) for each in record.frontier_bound]
    for price in GRID:
        for weights in ((1.0, 1.0), (1.0, 0.1), (0.1, 1.0)):
            found = asked.twin().under({"price": price}, Question(weighted(*weights))).outcome
            assert found is not None
            buyer, seller = found.utilities
            if buyer < record.alternatives.buyer or seller < record.alternatives.seller:
                continue
            allowed = [corner for corner in corners if corner[0] >= buyer * (1 - 1e-6)]
            assert max(each for _, each in allowed) >= seller * (1 - 1e-6)


def test_two_equal_halves_of_a_future_change_nothing(tmp_path: Path) -> None:
    text = TREE.read_text(encoding="utf-8")
    less = text[text.index("  - node: less") : text.index("  - node: as_planned")]
    half = less.replace("probability: 0.3", "probability: 0.15")
    twice = text.replace(less, half + half.replace("node: less", "node: less_again"))
    assert twice.count("0.15") == 2
    other = tmp_path / "halved.yaml"
    other.write_text(twice, encoding="utf-8")
    whole, halved = (evaluator(FutureChoices(tree=path, tail=0.5)) for path in (TREE, other))
    for weights in ((1.0, 1.0), (1.0, 0.01), (0.01, 1.0)):
        one, other = (
            each.twin().under({"price": 1100.0}, Question(weighted(*weights))).outcome
            for each in (whole, halved)
        )
        assert one is not None
        assert other is not None
        mine, theirs = (
            sum(w * u for w, u in zip(weights, each.utilities, strict=True)) for each in (one, other)
        )
        assert mine == pytest.approx(theirs, rel=1e-5)


def test_one_future_leads_to_the_conclusions_of_the_deal_as_stated() -> None:
    deal = first_deal().with_table("uncertainty", []).with_table("correlations", [])
    found = negotiate(deal, points=2, pairs=0, gap=GAP, futures=FutureChoices(1))
    assert found.as_stated is not None
    one, other = found.as_stated.record, found.record
    assert other.alternatives.buyer == pytest.approx(one.alternatives.buyer, rel=1e-9)
    assert other.alternatives.seller == pytest.approx(one.alternatives.seller, rel=1e-9)
    for name in FAIR_POINTS:
        point, same = one.fair_points[name], other.fair_points[name]
        assert same.value == pytest.approx(point.value, rel=2 * GAP)
    assert [each.what for each in other.conclusions if each.changes] == []
    assert len(other.conclusions) > 5


def test_a_tail_of_all_chances_or_without_weight_is_the_mean() -> None:
    for futures in (FutureChoices(tree=TREE, tail=1.0), FutureChoices(tree=TREE, tail=0.1, tail_weight=0.0)):
        assert futures.weighing is None


def test_the_worst_half_weighed_gives_each_side_less_to_agree_on() -> None:
    """A side that weighs its worst values every plan less, so that no most is greater."""
    mean, worst = run(None).record, run(0.5).record
    assert worst.alternatives.buyer <= mean.alternatives.buyer * (1 + 1e-9)
    most = [max(each.buyer + each.seller for each in record.frontier_bound) for record in (mean, worst)]
    assert most[1] <= most[0] * (1 + GAP)
    assert worst.futures is not None
    assert worst.futures.measure == "weighed"
    assert "worst 50" in worst.futures.words


def test_the_record_holds_the_tree_and_how_each_plan_turns_out() -> None:
    record = run(None).record
    futures = record.futures
    assert futures is not None
    assert [node.parent for node in futures.nodes].count(None) == 1
    assert sum(each.probability for each in futures.futures) == pytest.approx(1.0)
    names = [each.point for each in futures.points]
    assert names[0] == "no agreement"
    assert {"nash", "p01"} <= set(names)
    for point in futures.points:
        for spread in (point.buyer, point.seller):
            assert spread.least <= spread.worst <= spread.mean <= spread.most
            assert spread.least <= spread.p50 <= spread.most
            assert 0.0 <= spread.worse_than_alone <= 1.0
    assert Negotiation.from_data(record.to_data()) == record
    assert any("signed before" in rule for rule in record.analysis.ground_rules)


def test_conclusions_are_drawn_against_the_negotiation_given() -> None:
    record = run(None).record
    assert {each.topic for each in record.conclusions} >= {"zone", "gains", "terms", "clauses"}
    zone = next(each for each in record.conclusions if each.topic == "zone")
    assert zone.as_stated.startswith("yes")
    assert not zone.changes


def test_taken_up_again_from_half_of_its_checkpoint_it_comes_to_the_same_end(tmp_path: Path) -> None:
    deal, choices = first_deal(), Bargaining(points=2, pairs=0, gap=GAP, workers=1)
    futures, file = Futures.of(deal, FutureChoices(tree=TREE)), tmp_path / "checkpoint"
    head = choices.head(deal, futures.options)

    def ended(checkpoint: Checkpoint) -> Negotiation:
        return run_negotiation(
            deal,
            choices,
            checkpoint=checkpoint,
            on_progress=no_progress,
            should_stop=never_stop,
            futures=futures,
            beside=as_stated(),
        ).record

    whole = ended(Checkpoint.begun(file, head))
    content = file.read_bytes()
    file.write_bytes(content[: 2 * len(content) // 3])
    assert ended(Checkpoint.resumed(file, head)).to_data() == whole.to_data()


def test_what_does_not_go_together_is_refused() -> None:
    deal, futures = first_deal(), FutureChoices(tree=TREE)
    with pytest.raises(CommandError, match="moves: found 3"):
        negotiate(deal, moves=3, futures=futures)
    with pytest.raises(CommandError, match="of another deal"):
        negotiate(dronedeal.read("deals/first-deal"), futures=futures, beside=as_stated())
    with pytest.raises(CommandError, match="itself over many futures"):
        negotiate(deal, futures=futures, beside=run(None).record)
    with pytest.raises(CommandError, match="utility of neither"):
        FutureChoices(tree=TREE, tail=0.1, tail_of="joint")
    with pytest.raises(CommandError, match="neither a number of scenarios nor a tree"):
        FutureChoices()


def test_a_stop_amid_the_frontier_keeps_what_was_found() -> None:
    told: list[str] = []
    found = negotiate(
        first_deal(),
        points=2,
        pairs=0,
        futures=FutureChoices(tree=TREE),
        on_progress=lambda progress: told.append(progress.step),
        should_stop=lambda: any("zone" in step for step in told),
    )
    assert found.record.was_stopped
    assert found.record.futures is not None
    assert found.record.conclusions == ()
    with pytest.raises(StoppedError):
        negotiate(first_deal(), futures=FutureChoices(tree=TREE), should_stop=lambda: True)
