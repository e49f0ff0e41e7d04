"""The tables of a plan on scenarios, with their columns."""

from __future__ import annotations

from collections.abc import Mapping

from dronedeal.results.columns import PlanColumn, PlanTable

DECISION_KINDS = ("purchase", "opening", "step", "integration", "project", "production")
MEASURES: Mapping[str, str] = {
    "joint": "Utility of both sides together, discounted base-year currency",
    "buyer": "Utility of the buyer, discounted base-year currency",
    "seller": "Utility of the seller, discounted base-year currency",
    "coverage": "Value of coverage over that of all objectives met, 0 to 1",
    "cost": "What the buyer pays, base-year currency",
    "own_needs": "Units delivered to the seller's own needs over those needed, 0 to 1",
    "cash": "Seller's account as the year ends, and the lowest of all years; base-year currency",
    "broken_terms": "Terms that are broken, but for own needs missed within their service level",
}
# Quantiles that are stated, in per cent.
LEVELS = (5, 25, 50, 75, 95)
# Plans that the table `risk` compares.
RISK_PLANS = ("on_average", "weighed")
# Of these more is worse.
COSTS = ("cost", "broken_terms")


def _id(name: str, meaning: str) -> PlanColumn:
    return PlanColumn(name, "id", meaning)


def _text(name: str, meaning: str, *, is_nullable: bool = False) -> PlanColumn:
    return PlanColumn(name, "text", meaning, is_nullable=is_nullable)


def _year(meaning: str, *, is_nullable: bool = False) -> PlanColumn:
    return PlanColumn("fiscal_year", "fiscal_year", meaning, is_nullable=is_nullable)


def _number(name: str, meaning: str, unit: str = "", *, is_nullable: bool = False) -> PlanColumn:
    return PlanColumn(name, "number", meaning, unit=unit, is_nullable=is_nullable, is_signed=True)


_NODE = _text("node", "Name of the node")
_SCENARIO = _text("scenario", "Name of the last node of the path")
_CHANCE = _number("probability", "Chance, 0 to 1", "probability")
_MEASURE = PlanColumn("measure", "choice", "What is measured", choices=tuple(MEASURES))

SCENARIO_TABLES: Mapping[str, PlanTable] = {
    table.name: table
    for table in (
        PlanTable(
            "nodes",
            "One fiscal year in one of its possible states",
            ("node",),
            (
                _NODE,
                _text("parent", "Node of the year before; null: the root", is_nullable=True),
                _year("Fiscal year of the buyer"),
                _CHANCE,
                _text("turned_out", "What turned out at its beginning; null: nothing", is_nullable=True),
            ),
        ),
        PlanTable(
            "outcomes",
            "What is in force in a node of what varies",
            ("node", "factor", "subject"),
            (
                _NODE,
                _text("factor", "What varies"),
                _text("subject", "Row that varies; `*`: all"),
                _text("outcome", "How it turned out"),
                _number("multiplier", "What the figure is multiplied by", "factor"),
            ),
        ),
        PlanTable(
            "policy",
            "One decision in one node; those of the root are to be signed now",
            ("node", "kind", "subject", "month"),
            (
                _NODE,
                _year("Fiscal year of the buyer"),
                PlanColumn("kind", "choice", "Kind of decision", choices=DECISION_KINDS),
                _text("subject", "What is decided on"),
                _text("month", "Month of the decision; null: of the whole year", is_nullable=True),
                _number("quantity", "Units, steps, or 1 for what is begun", "units"),
                _number("amount", "What it costs, undiscounted base-year money", "currency"),
            ),
        ),
        PlanTable(
            "scenarios",
            "One path from the root to the last year",
            ("scenario",),
            (_SCENARIO, _CHANCE, _text("turned_out", "What turned out on the way")),
        ),
        PlanTable(
            "results",
            "One measure of one scenario",
            ("scenario", "measure", "fiscal_year"),
            (
                _SCENARIO,
                _MEASURE,
                _year("Fiscal year of the buyer (of own needs: of the seller); null: the whole plan",
                      is_nullable=True),
                _CHANCE,
                _number("value", "As the measure says"),
            ),
        ),
        PlanTable(
            "coverage",
            "Coverage of one requirement in one fiscal year of one scenario",
            ("scenario", "requirement", "fiscal_year"),
            (
                _SCENARIO,
                _id("requirement", "Requirement"),
                _year("Fiscal year of the buyer"),
                _CHANCE,
                _number("threshold", "Threshold", "effective units"),
                _number("objective", "Objective", "effective units"),
                _number("quantity", "Effective units that count", "effective units"),
            ),
        ),
        PlanTable(
            "distributions",
            "How one measure is spread over the scenarios",
            ("measure", "fiscal_year"),
            (
                _MEASURE,
                _year("Fiscal year; null: the whole plan", is_nullable=True),
                _number("mean", "Expected value"),
                _number("least", "Smallest value"),
                *(_number(f"p{at:02d}", f"At most this with a chance of {at} %") for at in LEVELS),
                _number("most", "Largest value"),
                _number("worst_tenth", "Mean of the worst tenth of the chances"),
            ),
        ),
        PlanTable(
            "service_levels",
            "With which chance one own need of one fiscal year is met, counted over the scenarios",
            ("need", "fiscal_year"),
            (
                _id("need", "Own need"),
                _year("Fiscal year of the seller"),
                _number("level", "Chance asked for; 1: in every scenario", "probability"),
                _number("met", "Chance of the scenarios in which it is met", "probability"),
                _number("shortfall", "How far it is behind its pace where that is worst", "units"),
                _text("missed_in", "Scenarios in which it is not met; null: none", is_nullable=True),
            ),
        ),
        PlanTable(
            "tests",
            "What more trials of a system would be worth before signing; empty where not asked for",
            ("subject",),
            (
                _text("subject", "System and measure"),
                _number("trials", "Further trials", "trials"),
                _number("mean", "Chance of success as known now", "probability"),
                _number("lowest", "The same after a bad result", "probability"),
                _number("highest", "The same after a good result", "probability"),
                _number("least", "Least that knowing the result before signing is worth", "currency"),
                _number("most", "Most that it is worth", "currency"),
            ),
        ),
        PlanTable(
            "risk",
            "How one measure of the whole plan is spread without and with the worst scenarios weighed; "
            "empty without a tail",
            ("measure", "plan"),
            (
                _MEASURE,
                PlanColumn("plan", "choice", "Best on average, or with the worst scenarios weighed",
                           choices=RISK_PLANS),
                _number("mean", "Expected value"),
                _number("worst", "Mean of the worst share of the chances, the share being that of the tail"),
                _number("least", "Smallest value"),
                *(_number(f"p{at:02d}", f"At most this with a chance of {at} %") for at in LEVELS),
                _number("most", "Largest value"),
            ),
        ),
        PlanTable(
            "causes",
            "How one measure turns out on average where one outcome is in force in the last year",
            ("measure", "factor", "subject", "outcome"),
            (
                _MEASURE,
                _text("factor", "What varies"),
                _text("subject", "Row that varies; `*`: all"),
                _text("outcome", "How it turned out"),
                _CHANCE,
                _number("mean", "Expected value where it is in force"),
                _number("difference", "The same less the expected value of all scenarios"),
                _number("share_of_worst", "Share of the worst tenth of the chances in which it is in force"),
                _text(
                    "together",
                    "Outcomes in force in just the same scenarios, which this tree cannot tell from it; "
                    "null: none",
                    is_nullable=True,
                ),
            ),
        ),
    )
}  # fmt: skip
