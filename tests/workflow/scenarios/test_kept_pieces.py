"""The work on a large tree goes on from whatever was kept of it, to the same plan to the last digit."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NoReturn

import pytest
from tests.planning.learning_deal import learning_deal
from tests.planning.scenarios.uncertain import with_uncertainty
from tests.results.scenarios.branching import uncertain_first_deal

from dronedeal.deal import Deal
from dronedeal.errors import StoppedError
from dronedeal.planning.scenarios.by_node import on_tree
from dronedeal.planning.scenarios.grow import scenario_tree
from dronedeal.solving import Progress, SolveOptions, Termination
from dronedeal.workflow.checkpoint import Forgiving, Head
from dronedeal.workflow.scenarios.by_parts import Asked, ByParts, plan_by_parts

HEAD = Head("ab" * 32, {"scenarios": 4}, {"dronedeal": "1.0"})


@cache
def deals() -> dict[str, Deal]:
    less_or_more = {"less": (0.4, 0.6), "more": (0.6, 1.0)}
    return {
        "first": uncertain_first_deal(),
        "learning": with_uncertainty(learning_deal(), ("buyer_need", "*", 2028, less_or_more)),
    }


def planned(
    checkpoint: Forgiving | None,
    name: str = "first",
    *,
    steps: list[str] | None = None,
    stop_at: str = "",
    threads: int = 1,
) -> ByParts:
    """The plan by parts; stopped once a step was told of."""
    told = [] if steps is None else steps

    def tell(progress: Progress) -> None:
        told.append(progress.step)

    deal = deals()[name]
    placed = on_tree(deal, scenario_tree(deal, leaves=4 if name == "first" else 2))
    should_stop: Callable[[], bool] = lambda: stop_at in told  # noqa: E731 -- one short question
    options = SolveOptions(1e-4, threads=threads)
    return plan_by_parts(Asked(deal, placed, options, 2, tell, should_stop, checkpoint=checkpoint))


def text_of(found: ByParts) -> tuple[object, ...]:
    plans = [each.plan.to_json() for each in found.scenarios]
    return found.worth, found.bound, found.kept_bound, found.broken, found.sizes, plans, found.verified


@cache
def whole() -> tuple[object, ...]:
    """What a run finds that nothing ends, and of which nothing is kept."""
    return text_of(planned(None))


@pytest.mark.parametrize(("name", "shares"), [("first", {0.3: 1, 0.8: 2, 1.0: 1}), ("learning", {0.5: 1})])
def test_it_goes_on_from_any_place_to_the_same_plan(
    tmp_path: Path, name: str, shares: dict[float, int]
) -> None:
    path = tmp_path / "kept"
    expected = text_of(planned(Forgiving.begun(path, HEAD), name))
    content = path.read_bytes()
    for share, threads in shares.items():
        path.write_bytes(content[: round(share * len(content))])
        before = path.read_bytes().count(b"\n")
        assert text_of(planned(Forgiving.resumed(path, HEAD), name, threads=threads)) == expected
        # No piece that was kept is done again, and all that were not are kept now.
        assert path.read_bytes().count(b"\n") == content.count(b"\n")
        assert path.read_bytes().splitlines()[:before] == content.splitlines()[:before]


@pytest.mark.parametrize("step", ["looking ahead: 1 of 1", "parts planned: 2 of 4"])
def test_a_stop_before_there_is_a_plan_ends_the_work_and_keeps_it(tmp_path: Path, step: str) -> None:
    path, steps = tmp_path / "kept", list[str]()
    with pytest.raises(StoppedError, match="stopped before there was a plan") as stop:
        planned(Forgiving.begun(path, HEAD), steps=steps, stop_at=step)
    assert step in str(stop.value)
    assert steps[-1] == step
    # The head and what was done before; nothing of what the stop cut short.
    assert path.read_bytes().count(b"\n") == 1 + len(steps)
    assert text_of(planned(Forgiving.resumed(path, HEAD))) == whole()


def test_a_stop_once_there_is_a_plan_leaves_it_with_the_bound_so_far(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    found = planned(Forgiving.begun(path, HEAD), stop_at="parts planned: 4 of 4")
    worth, bound, *_ = whole()
    assert found.termination is Termination.INTERRUPTED
    assert found.worth == worth
    assert bound <= found.bound < float("inf")  # type: ignore[operator] # a number
    assert text_of(planned(Forgiving.resumed(path, HEAD))) == whole()


def test_without_a_checkpoint_a_stop_leaves_a_plan_of_what_must_be_done() -> None:
    found = planned(None, stop_at="looking ahead: 1 of 1")
    assert found.termination is Termination.INTERRUPTED
    assert len(found.scenarios) == 4
    assert found.worth < whole()[0]  # type: ignore[operator] # a number


def test_a_full_disk_ends_no_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    checkpoint = Forgiving.begun(tmp_path / "kept", HEAD)
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        found = planned(checkpoint)
    assert text_of(found) == whole()
    assert checkpoint.fault == (
        "kept could not be written (No space left on device); what is found from then on is not kept"
    )
    assert text_of(planned(Forgiving.resumed(tmp_path / "kept", HEAD))) == text_of(found)
