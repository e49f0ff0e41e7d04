"""The checkpoint of `dronedeal plan --scenarios`: what it is of, where it lies, how to go on with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from dronedeal.deal import Deal
from dronedeal.deal.scenario_tree import ScenarioTree
from dronedeal.errors import CommandError
from dronedeal.exchange import PlanChoices, ScenarioChoices
from dronedeal.solving import Outcome, Termination
from dronedeal.solving.interface import STOPPED, Solution, Status
from dronedeal.workflow.checkpoint import Checkpoint, Forgiving, Head
from dronedeal.workflow.plain import digest_of, from_plain, plain
from dronedeal.workflow.plans import program_versions

CHECKPOINT_FILE = "plan-checkpoint"
_KINDS = (Outcome, Solution, Status, Termination)


def head_of(deal: Deal, choices: PlanChoices, asked: ScenarioChoices, tree: ScenarioTree) -> Head:
    """What a checkpoint of a plan for many futures serves.

    Threads and workers change no result, and what is found within a time limit is not kept: neither is in it.

    Parameters
    ----------
    tree : on which the deal is planned
    """
    options = {
        "tree": digest_of(tree),
        "objective": choices.objective,
        "gap": choices.gap,
        "seed": choices.seed,
        "scenarios": asked.scenarios,
        "evidence": asked.has_evidence,
        "tail": asked.tail,
        "tail_of": asked.tail_of,
        "tail_weight": asked.tail_weight,
        "test_trials": asked.test_trials,
        "sides": sorted(deal.sides),
    }
    return Head(deal.digest, options, program_versions())


@dataclass
class Keeping:
    """A checkpoint in the folder of results, begun once it is known of what.

    Parameters
    ----------
    path : of the file
    resume : go on with a file that is there
    """

    path: Path
    resume: bool
    checkpoint: Forgiving | None = None

    def begin(self, head: Head) -> Forgiving:
        """The checkpoint, with what an earlier run found.

        Raises
        ------
        CommandError : where there is none to go on with, or it is of something else
        """
        opened = Forgiving.resumed if self.resume else Forgiving.begun
        self.checkpoint = opened(self.path, head)
        return self.checkpoint

    def remove(self) -> None:
        """Take the file away: all is done."""
        if self.checkpoint is not None:
            self.checkpoint.remove()

    @property
    def fault(self) -> str:
        """Why something found is not in the file; empty: it is."""
        return "" if self.checkpoint is None else self.checkpoint.fault

    @property
    def advice(self) -> str:
        """How to go on after a stop."""
        if self.checkpoint is None:
            return "nothing was kept, as nothing was found"
        kept = f"what was found is kept in {self.path}: go on with the same command and --resume"
        return f"{self.fault}; {kept}" if self.fault else kept


def refuse_lost_work(path: Path, *, resume: bool, overwrite: bool) -> None:
    """Refuse to begin anew where an earlier run can be gone on with, and to go on where there is none.

    Parameters
    ----------
    path : of the checkpoint
    """
    if resume and not path.exists():
        raise CommandError(f"{path}: no such file, so that there is nothing to resume; leave --resume out")
    if path.exists() and not (resume or overwrite):
        raise CommandError(
            f"output folder {path.parent}: holds the checkpoint of a plan that was not ended; go on with it "
            "with --resume, name another folder, or begin anew with --overwrite, which replaces it"
        )


def kept_outcome(
    checkpoint: Checkpoint | None, name: str, make: Callable[[], Outcome], *, is_cut: Callable[[], bool]
) -> Outcome:
    """A solved objective out of a checkpoint, or one that is made now, and kept where nothing cut it short.

    Parameters
    ----------
    name : of the objective in this work
    is_cut : whether a stop was asked for, or what is found depends on the time
    """
    if checkpoint is None:
        return make()
    data = checkpoint.recall("solved", name)
    if data is not None:
        outcome: Outcome = from_plain(data, _KINDS)
        return outcome
    outcome = make()
    if outcome.solution.termination not in STOPPED and not is_cut():
        slim = replace(outcome, solution=replace(outcome.solution, basis=None))
        checkpoint.keep("solved", name, plain(slim))
    return outcome
