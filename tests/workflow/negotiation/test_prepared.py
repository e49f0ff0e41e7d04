"""What is worked out before the first question is kept, and serves a later run to the last bit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import dronedeal
from dronedeal.errors import StoppedError
from dronedeal.negotiation.evaluator import Outcome, Question, weighted
from dronedeal.solving.bargain import Bargain
from dronedeal.workflow.checkpoint import Checkpoint, Head
from dronedeal.workflow.negotiation import evaluator as evaluators
from dronedeal.workflow.negotiation.evaluator import DealEvaluator
from dronedeal.workflow.negotiation.prepared import Prepared

HEAD = Head("ab" * 32, {}, {})
FLOORS = (0.0, 0.0)


def test_a_survey_and_a_walk_that_were_kept_answer_like_those_that_were_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deal = dronedeal.read("deals/first-deal")
    # A small deal is asked as a large one is.
    monkeypatch.setattr(evaluators, "LARGE", 1)
    path = tmp_path / "checkpoint"
    made = DealEvaluator(deal, prepared=Prepared(Checkpoint.begun(path, HEAD)))
    plans = made.warm_up(FLOORS)
    builds: list[object] = []
    built = DealEvaluator.built
    monkeypatch.setattr(DealEvaluator, "built", lambda *given: builds.append(0) or built(*given))
    kept = DealEvaluator(deal, prepared=Prepared(Checkpoint.resumed(path, HEAD)))
    monkeypatch.setattr(evaluators, "Walk", None)
    again = kept.warm_up(FLOORS)
    assert len(builds) == 1
    assert len(plans) > 2
    for one, other in zip(plans, again, strict=True):
        same(one, other)
    for side in ((1.0, 1.0), (1.0, 0.3), (0.2, 1.0)):
        question = Question(weighted(*side), FLOORS, near=plans[0])
        one, other = made.twin().best(question), kept.twin().best(question)
        assert one.bound == other.bound
        assert one.outcome is not None
        assert other.outcome is not None
        same(one.outcome, other.outcome)


def test_a_walk_that_a_stop_cut_short_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluators, "LARGE", 1)
    checkpoint, proofs = Checkpoint(), list[object]()
    evaluator = DealEvaluator(
        dronedeal.read("deals/first-deal"),
        should_stop=lambda: bool(proofs),
        prepared=Prepared(checkpoint),
    )
    # The stop comes while it is proven how good any agreement can be, which then ends early.
    monkeypatch.setattr(Bargain, "prove", lambda *_, **__: proofs.append(0))
    with pytest.raises(StoppedError):
        evaluator.warm_up(FLOORS)
    assert checkpoint.recall("survey", "deal") is not None
    assert checkpoint.recall("walk", "deal") is None


def same(one: Outcome, other: Outcome) -> None:
    assert one.utilities == other.utilities
    assert one.label == other.label
    assert dict(one.plan.terms) == dict(other.plan.terms)
    np.testing.assert_array_equal(one.plan.values, other.plan.values)
    np.testing.assert_array_equal(one.plan.open_values, other.plan.open_values)
