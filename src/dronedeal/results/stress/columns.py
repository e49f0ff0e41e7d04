"""The tables of a stress test, with their columns."""

from __future__ import annotations

from collections.abc import Mapping

from dronedeal.results.columns import PlanColumn, PlanTable
from dronedeal.results.scenarios.columns import LEVELS, MEASURES
from dronedeal.results.stress.vocabulary import SERVICES


def _text(name: str, meaning: str, *, is_nullable: bool = False) -> PlanColumn:
    return PlanColumn(name, "text", meaning, is_nullable=is_nullable)


def _number(name: str, meaning: str, unit: str = "", *, is_nullable: bool = False) -> PlanColumn:
    return PlanColumn(name, "number", meaning, unit=unit, is_nullable=is_nullable, is_signed=True)


def _year(meaning: str) -> PlanColumn:
    return PlanColumn("fiscal_year", "fiscal_year", meaning, is_nullable=True)


_KIND = PlanColumn("service", "choice", "What is kept or fails", choices=tuple(SERVICES))
_SUBJECT = _text("subject", "What it is about; `*`: all of this kind that the plan promised")
_SERVICE_YEAR = _year(
    "Fiscal year, of own needs and returned output that of the seller; null: the whole plan"
)
_MEASURE = PlanColumn("measure", "choice", "What is measured", choices=tuple(MEASURES))
_PATH = _number("path", "Number of the path", "number")
_PROMISED = PlanColumn(
    "promised",
    "choice",
    "Whether the signed plan keeps it where nothing turns out otherwise than stated",
    choices=("yes", "no"),
)
_RATES = (
    _number("paths", "Paths that were gone through", "number"),
    _number("kept", "Paths in which it is kept", "number"),
    _number("rate", "Share of paths in which it is kept", "share"),
    _number("low", "Lower end of Wilson's interval of the rate", "share"),
    _number("high", "Upper end of Wilson's interval of the rate", "share"),
    _number("exact_low", "Lower end of the exact interval (Clopper and Pearson)", "share"),
    _number("exact_high", "Upper end of the exact interval (Clopper and Pearson)", "share"),
)

_LEVEL = _number(
    "level",
    "Chance with which an own need shall be met (`home_needs.service_level`); null: not an own need",
    "share",
    is_nullable=True,
)

STRESS_TABLES: Mapping[str, PlanTable] = {
    table.name: table
    for table in (
        PlanTable(
            "services",
            "How surely one thing is kept",
            ("service", "subject", "fiscal_year"),
            (_KIND, _SUBJECT, _SERVICE_YEAR, _PROMISED, *_RATES, _LEVEL),
        ),
        PlanTable(
            "distributions",
            "How one measure is spread over the paths, beside what the plan says",
            ("measure", "fiscal_year"),
            (
                _MEASURE,
                _year("Fiscal year; null: the whole plan"),
                _number("planned", "The same of the signed plan; null: it has none", is_nullable=True),
                _number("mean", "Mean over the paths"),
                _number("least", "Smallest value"),
                *(_number(f"p{at:02d}", f"At most this in {at} % of the paths") for at in LEVELS),
                _number("most", "Largest value"),
                _number("worst_tenth", "Mean of the worst tenth of the paths"),
            ),
        ),
        PlanTable(
            "first_failures",
            "What is the first promise to be broken, and how often",
            ("service", "subject", "fiscal_year"),
            (
                _KIND,
                _text("subject", "What it is about"),
                _year("Fiscal year"),
                _number("paths", "Paths in which it fails first", "number"),
                _number("share", "Share of all paths", "share"),
                _number("low", "Lower end of Wilson's interval of the share", "share"),
                _number("high", "Upper end of Wilson's interval of the share", "share"),
                _text("words", "The failure in words"),
            ),
        ),
        PlanTable(
            "causes",
            "What made the first promise fail, and how often",
            ("cause",),
            (
                _text("cause", "Outcome, or outcomes that only together do it"),
                PlanColumn(
                    "alone", "choice", "Whether the outcome alone, all else as stated, would have done it",
                    choices=("yes", "no"),
                ),
                _number("paths", "Paths whose first failure it made", "number"),
                _number("share", "Share of all paths", "share"),
                _number("low", "Lower end of Wilson's interval of the share", "share"),
                _number("high", "Upper end of Wilson's interval of the share", "share"),
            ),
        ),
        PlanTable(
            "paths",
            "One future, the worst first: by promises broken, then by what the plan is worth in it",
            ("path",),
            (
                _PATH,
                _text("turned_out", "What turned out on the way"),
                _number("broken", "Promises that are broken", "number"),
                _number("joint", "Utility of both sides together, discounted", "currency"),
                _text("first_failed", "The first promise to be broken; null: none", is_nullable=True),
                PlanColumn("month", "month", "When it is broken; null: never", is_nullable=True),
                _text("cause", "What made it fail; null: nothing failed", is_nullable=True),
            ),
        ),
        PlanTable(
            "results",
            "One measure of one path",
            ("path", "measure", "fiscal_year"),
            (
                _PATH,
                _MEASURE,
                _year("Fiscal year of the buyer (of own needs: of the seller); null: the whole plan"),
                _number("value", "As the measure says"),
            ),
        ),
    )
}  # fmt: skip
