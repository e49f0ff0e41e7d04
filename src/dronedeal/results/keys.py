"""The top-level keys of `plan.json`, defined once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from dronedeal.results.vocabulary import OBJECTIVE_KINDS, PLAN_FORMAT, STATUSES

KeyKind = Literal[
    "text",
    "integer",
    "number",
    "choice",
    "utilities",
    "counts",
    "values",
    "texts",
    "verification",
    "text_list",
    "tables",
]


@dataclass(frozen=True, slots=True)
class PlanKey:
    """One top-level key of `plan.json`."""

    name: str
    kind: KeyKind
    meaning: str
    is_nullable: bool = False
    choices: tuple[str, ...] = ()
    pattern: str = ""


PLAN_KEYS: Mapping[str, PlanKey] = {
    key.name: key
    for key in (
        PlanKey("format", "choice", "Version of this format", choices=(PLAN_FORMAT,)),
        PlanKey("title", "text", "Title of the deal"),
        PlanKey("currency", "text", "Currency of every amount", pattern=r"^[A-Z]{3}$"),
        PlanKey("price_base_year", "integer", "Fiscal year of the buyer whose prices are the base"),
        PlanKey("start", "text", "First month of the plan", pattern=r"^\d{4}-(0[1-9]|1[0-2])$"),
        PlanKey("months", "integer", "Length of the plan in months"),
        PlanKey("status", "choice", "What the plan is worth as an answer", choices=tuple(STATUSES)),
        PlanKey("termination", "text", "Why the solver stopped", pattern=r"^[a-z_]+$"),
        PlanKey("objective_kind", "choice", "Whose utility was maximised", choices=tuple(OBJECTIVE_KINDS)),
        PlanKey("objective", "number", "Value of the plan, discounted base-year currency"),
        PlanKey("bound", "number", "No plan is worth more; null: none was proven", is_nullable=True),
        PlanKey("gap", "number", "(bound − objective) / max(1, |objective|); null without a bound",
                is_nullable=True),
        PlanKey("gap_of_cost", "number",
                "(bound − objective) / cost of the plan itself: production, substitute parts, fixed cost, "
                "investment, integration and projects of both sides, less what projects save; null without a "
                "bound, or where it costs nothing",
                is_nullable=True),
        PlanKey("utilities", "utilities", "Utility of each side, discounted base-year currency"),
        PlanKey("alternative", "number",
                "Utility of the other side that a one-sided objective respects; null: joint, or it has none",
                is_nullable=True),
        PlanKey("rounding", "values",
                "What whole units cost: `cost` is the objective before contract quantities were rounded "
                "minus that after it; `contracts` counts the contract quantities, `integers` those of them "
                "that the search decided itself; null: units need not be whole", is_nullable=True),
        PlanKey("sizes", "counts", "Columns, rows, nonzeros and integers of the problem"),
        PlanKey("options", "values", "Options of the run"),
        PlanKey("seed", "integer", "Seed of the solver"),
        PlanKey("versions", "texts", "Versions of the programs that made it"),
        PlanKey("digest", "text", "SHA-256 of the deal", pattern=r"^[0-9a-f]{64}$"),
        PlanKey("verification", "verification", "Result of the independent check; null: not checked yet",
                is_nullable=True),
        PlanKey("warnings", "text_list", "Findings of severity warning about the deal"),
        PlanKey("not_counted", "text_list", "Terms of the deal that this version does not plan with"),
        PlanKey("tables", "tables", "The tables, each a list of rows"),
    )
}  # fmt: skip
