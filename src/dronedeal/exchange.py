"""What the verbs take and give back: results that a notebook shows, choices that are checked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dronedeal.assessment import Assessment
from dronedeal.deal import Deal, Finding
from dronedeal.deal.record import MONTH_PATTERN, OWNERS, Owner
from dronedeal.errors import CommandError
from dronedeal.report.wording import count_text
from dronedeal.results.compare import Comparison
from dronedeal.results.plan import Plan
from dronedeal.results.verify import Verification
from dronedeal.solving import OBJECTIVES, ObjectiveKind, Tail, TailOf

if TYPE_CHECKING:
    import polars as pl

# Every scenario is stored and checked as a plan of its own.
MOST_SCENARIOS = 100_000
MOST_TRIALS = 10_000
MOST_PATHS = 100_000
POINT_MARK = "#"
"""Between a negotiation and the name of one of its points, as in `out#nash`."""


@dataclass(frozen=True)
class CheckResult:
    """What the rules found in a deal; a notebook shows it as a table.

    Parameters
    ----------
    findings : errors first, then warnings, each in the order of the rules
    """

    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that stop the work."""
        return tuple(finding for finding in self.findings if finding.severity == "error")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The findings that only go into the report."""
        return tuple(finding for finding in self.findings if finding.severity == "warning")

    @property
    def is_ok(self) -> bool:
        """Whether the deal can be matched and planned."""
        return not self.errors

    @property
    def counts(self) -> str:
        """How many errors and warnings, in words."""
        return f"{count_text(len(self.errors), 'error')}, {count_text(len(self.warnings), 'warning')}"

    def frame(self) -> pl.DataFrame:
        """One row a finding: severity, rule, place, subject, found, allowed, next_step."""
        import polars as pl

        columns = ("severity", "rule", "place", "subject", "found", "allowed", "next_step")
        rows = [[str(getattr(finding, name)) for name in columns] for finding in self.findings]
        return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")

    def __str__(self) -> str:
        lines = [str(finding) for finding in self.findings]
        return "\n".join([*lines, self.counts])

    def _repr_html_(self) -> str:
        heading = f"<p>{self.counts}</p>"
        return heading + (self.frame()._repr_html_() if self.findings else "")


@dataclass(frozen=True, slots=True)
class SyntheticSize:
    """How large a made-up deal is, and where its random numbers start."""

    systems: int = 30
    lines: int = 30
    requirements: int = 20
    seed: int = 1


@dataclass(frozen=True)
class NearPlan:
    """An earlier plan to stay near.

    Parameters
    ----------
    plan : of the same deal, or of the deal as it was before
    give_up : share of the best plan's objective that may be given up, so as to change less
    freeze_until : last month, as YYYY-MM, up to which everything stays as it was decided; None: none
    """

    plan: Plan
    give_up: float = 0.005
    freeze_until: str | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.give_up < 1:
            raise CommandError(
                f"give_up: found {self.give_up}; allowed: a share from 0 to below 1, such as 0.005"
            )
        if self.freeze_until is not None and not re.fullmatch(MONTH_PATTERN, self.freeze_until):
            raise CommandError(
                f"freeze_until: found {self.freeze_until!r}; allowed: a month as YYYY-MM, such as "
                f"{self.plan.start}"
            )


def near_plan(earlier: Plan | None, *, give_up: float, freeze_until: str | None) -> NearPlan | None:
    """An earlier plan to stay near, if there is one; months can only be frozen as an earlier plan has them.

    >>> near_plan(None, give_up=0.005, freeze_until=None) is None
    True
    """
    if earlier is not None:
        return NearPlan(earlier, give_up, freeze_until)
    if freeze_until is not None:
        raise CommandError(
            f"freeze_until: found {freeze_until!r} without an earlier plan; name the plan whose months stay "
            "as they were, on the command line with --near PLAN"
        )
    return None


@dataclass(frozen=True, slots=True)
class PlanChoices:
    """What may be chosen of a plan; see `plan`."""

    objective: ObjectiveKind = "joint"
    gap: float = 0.001
    time_limit: float | None = None
    threads: int = 2
    seed: int = 0
    baselines: bool = False
    rule_costs: bool = False
    near: NearPlan | None = None
    is_proven: bool = True

    def __post_init__(self) -> None:
        refusals = [
            (self.objective not in OBJECTIVES, "objective", ", ".join(OBJECTIVES)),
            (
                not 0 <= self.gap < 1,
                "gap",
                "a share from 0 to below 1, such as 0.001 for a tenth of a per cent",
            ),
            (self.time_limit is not None and not 0 < self.time_limit < 1e7, "time_limit", "seconds above 0"),
            (not 1 <= self.threads <= 256, "threads", "a whole number from 1 to 256"),
            (not 0 <= self.seed < 2**31, "seed", "a whole number from 0 to 2147483647"),
        ]
        for is_refused, name, allowed in refusals:
            if is_refused:
                raise CommandError(f"{name}: found {getattr(self, name)!r}; allowed: {allowed}")
        if (
            self.near is not None
            and self.near.freeze_until is not None
            and (self.baselines or self.rule_costs)
        ):
            name = "baselines" if self.baselines else "rule_costs"
            raise CommandError(
                f"{name}: found together with freeze_until, but these plans are made without what is frozen; "
                "ask for them in a plan of their own"
            )


@dataclass(frozen=True, slots=True)
class ScenarioChoices:
    """What may be chosen of the scenarios of a plan.

    Parameters
    ----------
    scenarios : about how many; None: as many as the file has
    tree : file with a tree; None: grown from the deal's `uncertainty`
    has_evidence : also draw how effective tested systems turn out, from what their trials leave open
    is_worth_asked : also plan for expected figures and for each scenario alone, to say what planning for
        scenarios is worth; each takes about as long as a plan
    tail : share of the chances that counts as worst, above 0 and at most 1; None: only the mean counts
    tail_of : whose worst scenarios count, `each` for either side by itself; None: those of the objective
    tail_weight : of the mean of the worst against the mean of all, 0 to 1
    test_trials : further trials of each tested system whose worth is asked for; None: not asked
    """

    scenarios: int | None = None
    tree: Path | None = None
    is_worth_asked: bool = True
    has_evidence: bool = False
    tail: float | None = None
    tail_of: TailOf | None = None
    tail_weight: float = 0.5
    test_trials: int | None = None

    def __post_init__(self) -> None:
        self._check_tail()
        self._check_trials()
        if self.scenarios is None and self.tree is None:
            raise CommandError("scenarios: found neither a number of scenarios nor a tree; name one of both")
        if self.has_evidence and self.tree is not None:
            raise CommandError(
                "evidence: found together with a tree, which says what turns out; leave one of both out"
            )
        if self.scenarios is not None and not 1 <= self.scenarios <= MOST_SCENARIOS:
            raise CommandError(f"scenarios: found {self.scenarios}; allowed: from 1 to {MOST_SCENARIOS:,}")

    def _check_tail(self) -> None:
        if self.tail is not None and not 0 < self.tail <= 1:
            raise CommandError(
                f"tail: found {self.tail:g}; allowed: above 0 and at most 1, the share of the chances that "
                "counts as worst; 0.1 for the worst tenth, 1 for the plain mean"
            )
        if not 0 <= self.tail_weight <= 1:
            raise CommandError(
                f"tail_weight: found {self.tail_weight:g}; allowed: from 0, the mean of all alone, to 1, the "
                "mean of the worst alone"
            )
        if self.tail is None and self.tail_of is not None:
            raise CommandError("tail_of: found without a tail; say which share counts as worst, such as 0.1")

    def _check_trials(self) -> None:
        if self.test_trials is None:
            return
        if not 1 <= self.test_trials <= MOST_TRIALS:
            raise CommandError(f"test_trials: found {self.test_trials}; allowed: from 1 to {MOST_TRIALS:,}")
        if self.has_evidence:
            raise CommandError(
                "test_trials: found together with evidence, which draws how effective systems turn out; "
                "leave one of both out"
            )

    def tail_for(self, objective: ObjectiveKind) -> Tail | None:
        """Which worst scenarios count under an objective; None: only the mean counts.

        Raises
        ------
        CommandError : where a plan for one side is asked to weigh the worst scenarios of another
        """
        if self.tail is None:
            return None
        of = self.tail_of or objective
        if objective not in ("joint", of):
            raise CommandError(
                f"tail_of: found {of!r} with the objective {objective!r}; allowed: {objective!r}, or any "
                "side with the joint objective"
            )
        return Tail(self.tail, of, self.tail_weight)


def scenario_choices(
    scenarios: int | None,
    tree: Path | None,
    *,
    evidence: bool,
    more: tuple[float | None, TailOf | None, float, int | None],
) -> ScenarioChoices:
    """What was asked of the scenarios of a plan.

    Parameters
    ----------
    scenarios, tree, evidence : as of ScenarioChoices
    more : tail, whose it is, its weight, and further trials
    """
    return ScenarioChoices(scenarios, tree, True, evidence, *more)


def refuse_workers_without_scenarios(workers: int, cluster: str | None) -> None:
    """Refuse workers for a plan of one future, which is one problem.

    >>> refuse_workers_without_scenarios(1, None)
    """
    for name, found, is_asked in (
        ("workers", workers, workers != 1),
        ("cluster", cluster, cluster is not None),
    ):
        if is_asked:
            raise CommandError(
                f"{name}: found {found} without scenarios, but the plan of one future is one problem; plan "
                "for many futures with --scenarios N, or leave it out"
            )


def refuse_checkpoint_without_scenarios(*, resume: bool, keep_checkpoint: bool) -> None:
    """Refuse a checkpoint of a plan of one future, which keeps none.

    >>> refuse_checkpoint_without_scenarios(resume=False, keep_checkpoint=False)
    """
    for name, is_asked in (("resume", resume), ("keep_checkpoint", keep_checkpoint)):
        if is_asked:
            raise CommandError(
                f"{name}: found without scenarios, but the plan of one future keeps no checkpoint; plan for "
                "many futures with --scenarios N, or leave it out"
            )


@dataclass(frozen=True, slots=True)
class FutureChoices:
    """What may be chosen of the futures of a negotiation.

    Parameters
    ----------
    scenarios : about how many; None: as many as the file has
    tree : file with a tree; None: grown from the deal's `uncertainty`
    seed : of the draws
    tail : share of the chances that counts as worst, above 0 and at most 1; None: only the mean counts
    tail_of : whose worst futures count: `buyer`, `seller`, or `each` for either side by its own; None: `each`
    tail_weight : of the mean of the worst against the mean of all, 0 to 1
    """

    scenarios: int | None = None
    tree: Path | None = None
    seed: int = 0
    tail: float | None = None
    tail_of: TailOf | None = None
    tail_weight: float = 0.5

    def __post_init__(self) -> None:
        # Says what is wrong with a number, a tail or a file that is not named.
        self.asked  # noqa: B018 -- made to be checked
        if not 0 <= self.seed < 2**31:
            raise CommandError(f"seed: found {self.seed}; allowed: a whole number from 0 to 2147483647")
        if self.tail_of == "joint":
            raise CommandError(
                "tail_of: found 'joint'; allowed: buyer, seller or each: what is worst for both sides "
                "together is a utility of neither, and there would be nothing to bargain over"
            )

    @property
    def asked(self) -> ScenarioChoices:
        """The same as a plan takes it."""
        return ScenarioChoices(
            self.scenarios,
            self.tree,
            is_worth_asked=False,
            tail=self.tail,
            tail_of=self.tail_of,
            tail_weight=self.tail_weight,
        )

    @property
    def weighing(self) -> Tail | None:
        """Which worst futures count; None: the mean of all is all that counts."""
        if self.tail is None:
            return None
        tail = Tail(self.tail, self.tail_of or "each", self.tail_weight)
        return None if tail.is_neutral else tail


def future_choices(
    scenarios: int | None,
    tree: Path | None,
    seed: int,
    *,
    tail: float | None,
    tail_of: TailOf | None,
    tail_weight: float,
) -> FutureChoices | None:
    """What was asked of the futures; None: the deal as it stands. Parameters as of FutureChoices."""
    if scenarios is None and tree is None and tail is None and tail_of is None:
        return None
    return FutureChoices(scenarios, tree, seed, tail, tail_of, tail_weight)


@dataclass(frozen=True, slots=True)
class StressChoices:
    """What may be chosen of a stress test; see `stress`."""

    paths: int = 1000
    seed: int = 0
    workers: int | None = 1
    policy: str | None = None
    confidence_level: float = 0.95

    def __post_init__(self) -> None:
        refusals = [
            (not 1 <= self.paths <= MOST_PATHS, "paths", f"a whole number from 1 to {MOST_PATHS:,}"),
            (not 0 <= self.seed < 2**31, "seed", "a whole number from 0 to 2147483647"),
            (
                self.workers is not None and not 1 <= self.workers <= 256,
                "workers",
                "a whole number from 1 to 256, or none for what fits",
            ),
            (self.policy not in (None, "exact", "linear"), "policy", "exact, linear, or none for what fits"),
            (
                not 0 < self.confidence_level < 1,
                "confidence_level",
                "a share above 0 and below 1, such as 0.95",
            ),
        ]
        for is_refused, name, allowed in refusals:
            if is_refused:
                raise CommandError(f"{name}: found {getattr(self, name)!r}; allowed: {allowed}")


@dataclass(frozen=True, slots=True)
class StressProgress:
    """How far a stress test is.

    Parameters
    ----------
    done, paths : futures gone through, and in all
    failed : of those that are done, in how many some promise is broken
    elapsed : seconds since the work began
    """

    done: int
    paths: int
    failed: int
    elapsed: float


@dataclass(frozen=True)
class Alternatives:
    """The best plan and plans nearly as good that differ most from it and from one another.

    Parameters
    ----------
    plans : the best one first, each verified
    comparison : all of them side by side; None where no other plan is as good
    within : share of the objective that an alternative may fall short
    """

    plans: tuple[Plan, ...]
    comparison: Comparison | None
    within: float

    def _repr_html_(self) -> str:
        return (
            "<p>No other plan is as good.</p>" if self.comparison is None else self.comparison._repr_html_()
        )


@dataclass(frozen=True)
class FirstPlan:
    """The first plan of a search that goes on: whole, at its true cost, and checked like the last one.

    Parameters
    ----------
    plan : verified; its gap is the distance from the first bound
    seconds : since the work began, reading included
    """

    plan: Plan
    seconds: float


@dataclass(frozen=True)
class PlanRun:
    """One plan with all that it was made from, as a report needs it.

    Parameters
    ----------
    seconds : wall clock by stage, `total`, and `solver` for the solver's own time
    """

    deal: Deal
    check: CheckResult
    assessment: Assessment
    plan: Plan
    verification: Verification
    seconds: Mapping[str, float]


@dataclass(frozen=True)
class WhatIf:
    """A deal planned as it stands and as changed; a notebook shows the two side by side.

    Parameters
    ----------
    changes : as they were asked for
    comparison : the two plans with their deals, what differs in them and in what they come to
    seconds : wall clock of each of the two plans
    """

    changes: tuple[str, ...]
    comparison: Comparison
    seconds: tuple[float, ...]

    @property
    def deal(self) -> Deal:
        """The deal as changed."""
        return self.comparison.deals[1]

    @property
    def plan(self) -> Plan:
        """The plan of the deal as changed."""
        return self.comparison.plans[1]

    def frame(self) -> pl.DataFrame:
        """One row a figure that differs."""
        return self.comparison.frame()

    def _repr_html_(self) -> str:
        return self.comparison._repr_html_()


def plan_names(paths: Sequence[Path]) -> tuple[str, ...]:
    """Short names of plans after the folders that they lie in, all different.

    >>> plan_names([Path("out/joint"), Path("out/buyer/plan.json"), Path("old/joint")])
    ('joint', 'buyer', 'joint 2')
    >>> plan_names([Path("out#nash"), Path("out/negotiation.json#p07")])
    ('nash', 'p07')
    """
    found: list[str] = []
    for path in paths:
        point = str(path).rpartition(POINT_MARK)[2] if POINT_MARK in str(path) else ""
        folder = path.parent if path.suffix == ".json" else path
        stem = (
            path.stem if path.suffix == ".json" and path.stem != "plan" else folder.resolve().name or "plan"
        )
        name, number = point or stem, 1
        while name in found:
            number += 1
            name = f"{point or stem} {number}"
        found.append(name)
    return tuple(found)


def only_deal(paths: Sequence[Path], deals: Sequence[Path]) -> Path:
    """The one deal of a comparison with annual buying.

    >>> only_deal([Path("deals/first-deal")], ())
    PosixPath('deals/first-deal')
    """
    if len(paths) != 1 or deals:
        found = f"{len(paths)} paths" + (" and --deals" if deals else "")
        raise CommandError(
            f"compare --multiyear: found {found}; allowed: one deal folder or workbook, such as "
            "dronedeal compare --multiyear deals/first-deal"
        )
    return paths[0]


def sides_of(side: str | None, text: str) -> tuple[Owner, ...]:
    """The owners that a run of one side reads, or those named where no side is.

    >>> sides_of("seller", "shared,buyer,seller"), sides_of(None, "shared,buyer")
    (('shared', 'seller'), ('shared', 'buyer'))
    """
    if side is None:
        return parse_sides(text)
    if side not in ("buyer", "seller"):
        raise CommandError(f"side: found {side!r}; allowed: buyer, seller")
    return parse_sides(f"shared,{side}")


def parse_sides(text: str) -> tuple[Owner, ...]:
    """The owners named in a text such as `shared,buyer`.

    >>> parse_sides("shared, buyer")
    ('shared', 'buyer')
    """
    named = [part.strip() for part in text.split(",") if part.strip()]
    unknown = [name for name in named if name not in OWNERS]
    if unknown or not named:
        found = ", ".join(map(repr, unknown)) or "none"
        raise CommandError(f"sides: found {found}; allowed: {', '.join(OWNERS)}, separated by commas")
    return tuple(owner for owner in OWNERS if owner in named)
