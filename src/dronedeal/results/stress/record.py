"""A stress test as one value, and as files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dronedeal.errors import PlanFileError
from dronedeal.results.frames import table_frame, write_frames
from dronedeal.results.record_files import plain, text_of
from dronedeal.results.shape import Row
from dronedeal.results.stress.columns import STRESS_TABLES

if TYPE_CHECKING:
    import polars

FORMAT = "dronedeal-stress/1"
STRESS_FILE = "stress.json"
STRESS_TABLE_FOLDER = "stress-tables"


@dataclass(frozen=True)
class StressTest:
    """A signed plan in many fresh futures.

    Parameters
    ----------
    title, currency, price_base_year, start, months : of the deal
    paths : futures that were asked for; `done` of them were gone through before the work ended or was stopped
    seed : of the draws; path 17 of a seed is the same future in every run
    confidence_level : of the intervals
    policy : how what is left is planned anew, in words
    signed : what was signed, in words
    planned : joint utility of the signed plan where nothing turns out otherwise, discounted currency
    combinations : futures that the rows of uncertainty allow
    residual : how far the worst row of any path is broken, relative to its largest figure
    options, versions, digest, plan_digest : what made it; digests of the deal and of the signed plan
    notes : what a reader must know
    tables : those of `STRESS_TABLES`
    """

    title: str
    currency: str
    price_base_year: int
    start: str
    months: int
    paths: int
    done: int
    seed: int
    confidence_level: float
    policy: str
    signed: str
    planned: float
    combinations: int
    residual: float
    options: Mapping[str, Any]
    versions: Mapping[str, str]
    digest: str
    plan_digest: str
    notes: tuple[str, ...]
    tables: Mapping[str, tuple[Row, ...]]

    def frame(self, table: str) -> polars.DataFrame:
        """One table as a data frame with typed columns."""
        return table_frame(STRESS_TABLES[table], self.tables[table])

    def service(self, kind: str, subject: str = "*", fiscal_year: int | None = None) -> Row:
        """How surely one thing is kept; `service("all")` is everything that the plan promised.

        Raises
        ------
        KeyError : where nothing of the kind was looked at
        """
        for row in self.tables["services"]:
            if (row["service"], row["subject"], row["fiscal_year"]) == (kind, subject, fiscal_year):
                return row
        raise KeyError((kind, subject, fiscal_year))

    @property
    def is_whole(self) -> bool:
        """Whether all futures that were asked for were gone through."""
        return self.done == self.paths

    def to_json(self) -> str:
        """The whole test as one JSON text; the same test gives the same text."""
        content: dict[str, Any] = {"format": FORMAT}
        content |= {each.name: plain(getattr(self, each.name)) for each in fields(self)}
        return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"

    @staticmethod
    def from_json(text: str, *, where: str = "stress") -> StressTest:
        """The stress test in a JSON text.

        Raises
        ------
        PlanFileError : where the text is no stress test
        """
        try:
            content = json.loads(text)
            if content.pop("format") != FORMAT:
                raise PlanFileError(f"{where}: found another format; allowed: {FORMAT}; make the test again")
            content["notes"] = tuple(content["notes"])
            content["tables"] = {name: tuple(content["tables"][name]) for name in STRESS_TABLES}
            return StressTest(**content)
        except (ValueError, KeyError, TypeError, AttributeError) as fault:
            raise PlanFileError(
                f"{where}: this is no whole stress test ({type(fault).__name__}: {fault}); make it anew"
            ) from None


def stress_files() -> tuple[str, ...]:
    """Every file of a stress test, relative to its directory; `stress.json` comes last."""
    tables = (
        f"{STRESS_TABLE_FOLDER}/{name}.{ending}" for name in STRESS_TABLES for ending in ("csv", "parquet")
    )
    return (*tables, STRESS_FILE)


def write_stress_test(test: StressTest, directory: Path) -> None:
    """Write a stress test as JSON, CSV and Parquet into a directory."""
    write_frames(((name, test.frame(name)) for name in STRESS_TABLES), directory / STRESS_TABLE_FOLDER)
    (directory / STRESS_FILE).write_text(test.to_json(), encoding="utf-8", newline="\n")


def read_stress_test(path: Path | str) -> StressTest:
    """Read a stress test from its directory or its `stress.json`.

    Raises
    ------
    PlanFileError : where there is none, or the file is damaged
    """
    text, where = text_of(path, file=STRESS_FILE, advice="make it with dronedeal stress")
    return StressTest.from_json(text, where=where)
