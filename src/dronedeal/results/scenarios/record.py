"""A plan on scenarios as one value, and as files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dronedeal.errors import PlanFileError
from dronedeal.results.frames import table_frame, write_frames
from dronedeal.results.record_files import plain, text_of
from dronedeal.results.scenarios.columns import SCENARIO_TABLES
from dronedeal.results.shape import Row

if TYPE_CHECKING:
    import polars

FORMAT = "dronedeal-scenarios/1"
SCENARIOS_FILE = "scenarios.json"
TABLE_FOLDER = "scenario-tables"


@dataclass(frozen=True)
class Worth:
    """What it is worth to plan for scenarios, currency; each with the range that the gaps leave.

    Parameters
    ----------
    here_and_now : objective of the plan on the tree
    wait_and_see : expected objective were the scenario known before anything is signed
    expected_figures : expected objective where the root decisions are those best for expected figures; None:
        they break terms that the plan on the tree keeps, or were not asked for
    perfect_information : least and most that knowing the scenario at once is worth
    stochastic_solution : least and most that planning for scenarios is worth; None where the above is None
    words : what a reader must know of these figures
    news : least and most that knowing what the second year brings before anything is signed is worth; None:
        the work was stopped before
    signing : least and most that signing in the first year is worth against signing nothing in it; None:
        terms bind in the first year, or the work was stopped before
    """

    here_and_now: float
    wait_and_see: float
    expected_figures: float | None
    perfect_information: tuple[float, float]
    stochastic_solution: tuple[float, float] | None
    words: str = ""
    news: tuple[float, float] | None = None
    signing: tuple[float, float] | None = None


@dataclass(frozen=True)
class Risk:
    """How the worst scenarios were weighed.

    Parameters
    ----------
    share : of the chances that counts as worst, above 0 and at most 1
    of : whose worst scenarios: `buyer`, `seller`, `joint` (both together) or `each` (either by itself)
    weight : of their mean against the mean of all, 0 to 1
    before : what the plan that is best on average is worth by the same measure, discounted currency
    """

    share: float
    of: str
    weight: float
    before: float


@dataclass(frozen=True)
class ScenarioPlan:
    """A plan for all scenarios of a tree at once.

    Parameters
    ----------
    status : `optimal`, `feasible` or `relaxed`, as of a plan
    objective, bound : expected, discounted base-year currency; with `risk` as it weighs the worst scenarios
    gap : relative distance of the two
    utilities : expected utility of buyer and seller, discounted base-year currency
    how : how the tree was made, in words
    distance : Kantorovich distance to the tree that it was reduced from; None: it was not reduced
    method : how it was solved, in words
    sizes : nodes, scenarios, columns, rows, nonzeros, integers
    options, seed, versions, digest : what made it
    checks : name, comparisons, largest residual and worst scenario of every check
    warnings : findings about the deal; notes : what a reader must know of the scenarios
    worth : of planning for scenarios; None: not asked for
    tables : those of `SCENARIO_TABLES`
    risk : how the worst scenarios were weighed; None: only the mean counts
    """

    title: str
    currency: str
    price_base_year: int
    start: str
    months: int
    status: str
    objective_kind: str
    objective: float
    bound: float | None
    gap: float | None
    utilities: Mapping[str, float]
    how: str
    distance: float | None
    method: str
    sizes: Mapping[str, int]
    options: Mapping[str, Any]
    seed: int
    versions: Mapping[str, str]
    digest: str
    checks: tuple[Row, ...]
    warnings: tuple[str, ...]
    notes: tuple[str, ...]
    worth: Worth | None
    tables: Mapping[str, tuple[Row, ...]]
    risk: Risk | None = None

    @property
    def expected(self) -> float:
        """What the plan is worth on average to whoever it is made for, discounted base-year currency."""
        if self.objective_kind == "joint":
            return sum(self.utilities.values())
        return self.utilities[self.objective_kind]

    def frame(self, table: str) -> polars.DataFrame:
        """One table as a data frame with typed columns."""
        return table_frame(SCENARIO_TABLES[table], self.tables[table])

    @property
    def root(self) -> tuple[Row, ...]:
        """The decisions of the first fiscal year: what is to be signed now, whatever turns out."""
        first = self.tables["nodes"][0]["node"]
        return tuple(row for row in self.tables["policy"] if row["node"] == first)

    def to_json(self) -> str:
        """The whole plan as one JSON text; the same plan gives the same text."""
        content: dict[str, Any] = {"format": FORMAT}
        for each in fields(self):
            value = getattr(self, each.name)
            content[each.name] = plain(value)
        return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"

    @staticmethod
    def from_json(text: str, *, where: str = "scenarios") -> ScenarioPlan:
        """The plan in a JSON text.

        Raises
        ------
        PlanFileError : where the text is no plan on scenarios
        """
        try:
            content = json.loads(text)
            if content.pop("format") != FORMAT:
                raise PlanFileError(f"{where}: found another format; allowed: {FORMAT}; make the plan again")
            worth = content.pop("worth")
            content["worth"] = None if worth is None else _worth(worth)
            risk = content.pop("risk", None)
            content["risk"] = None if risk is None else Risk(**risk)
            content["tables"] = {name: tuple(rows) for name, rows in content["tables"].items()}
            for name in ("checks", "warnings", "notes"):
                content[name] = tuple(content[name])
            return ScenarioPlan(**content)
        except (ValueError, KeyError, TypeError, AttributeError) as fault:
            raise PlanFileError(
                f"{where}: this is no whole plan on scenarios ({type(fault).__name__}: {fault}); make it anew"
            ) from None


def _worth(content: Mapping[str, Any]) -> Worth:
    ranges = ("perfect_information", "stochastic_solution", "news", "signing")
    pairs = {name: content[name] for name in ranges if content.get(name) is not None}
    return Worth(**{**content, **{name: tuple(pair) for name, pair in pairs.items()}})


def scenario_files() -> tuple[str, ...]:
    """Every file of a plan on scenarios, relative to its directory; `scenarios.json` comes last."""
    tables = (f"{TABLE_FOLDER}/{name}.{ending}" for name in SCENARIO_TABLES for ending in ("csv", "parquet"))
    return (*tables, SCENARIOS_FILE)


def write_scenario_plan(plan: ScenarioPlan, directory: Path) -> None:
    """Write a plan on scenarios as JSON, CSV and Parquet into a directory."""
    write_frames(((name, plan.frame(name)) for name in SCENARIO_TABLES), directory / TABLE_FOLDER)
    (directory / SCENARIOS_FILE).write_text(plan.to_json(), encoding="utf-8", newline="\n")


def read_scenario_plan(path: Path | str) -> ScenarioPlan:
    """Read a plan on scenarios from its directory or its `scenarios.json`.

    Raises
    ------
    PlanFileError : where there is none, or the file is damaged
    """
    text, where = text_of(path, file=SCENARIOS_FILE, advice="make the plan with --scenarios")
    return ScenarioPlan.from_json(text, where=where)
