"""Plans side by side: certificates, what each comes to, and every yearly figure in which they differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

from dronedeal.deal import Deal
from dronedeal.deal.difference import InputDifference, input_differences
from dronedeal.errors import CommandError, PlanFileError
from dronedeal.results.certificates import Certificate, cautions, certificate_of, equal_worth
from dronedeal.results.columns import MONEY, PLAN_TABLES, THEN_YEAR, PlanTable
from dronedeal.results.plan import Plan
from dronedeal.results.savings import Saving

if TYPE_CHECKING:
    import polars

MOST_PLANS = 6
# Far above the solver's tolerance, far below what anybody would call a change.
_SAME = 1e-6
Key = tuple[Any, ...]
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure that every plan may have.

    Parameters
    ----------
    table : name of the plan table, or `plan` for what a whole plan comes to
    key : what tells it apart within the table, such as fiscal year, branch and system
    column : which figure of the row
    unit : of the values
    values : (n_plans,) None: the plan has no such row, which is not the same as zero
    """

    table: str
    key: Key
    column: str
    unit: str
    values: tuple[float | None, ...]

    @property
    def is_changed(self) -> bool:
        """Whether any plan has another value than the first."""
        first = self.values[0]
        return any(_is_other(first, value) for value in self.values[1:])

    def change(self, number: int) -> float | None:
        """Value of one plan minus the value of the first; None where one of them has none, 0 for noise.

        >>> Figure("plan", ("paid",), "amount", "USD", (200.0, 150.0)).change(1)
        -50.0
        """
        first, other = self.values[0], self.values[number]
        if first is None or other is None:
            return None
        return other - first if _is_other(first, other) else 0.0

    def relative(self, number: int) -> float | None:
        """The change as a share of the size of the first value; None where that is zero or missing.

        >>> Figure("plan", ("paid",), "amount", "USD", (200.0, 150.0)).relative(1)
        -0.25
        """
        change, first = self.change(number), self.values[0]
        return None if change is None or not first else change / abs(first)

    @property
    def largest_change(self) -> float:
        """Greatest change of any plan against the first; a missing value counts as zero."""
        first = self.values[0] or 0.0
        return max(abs((value or 0.0) - first) for value in self.values)


@dataclass(frozen=True)
class Comparison:
    """Two to six plans side by side; the first one is what the others are compared with.

    Parameters
    ----------
    plans : the plans themselves
    certificates : one for each plan, with its name
    warnings : why the plans may not be comparable, in sentences
    totals : what each plan comes to as a whole, whether it differs or not
    figures : every figure of every yearly table, whether it differs or not
    deals : the deals of the plans, in the same order; empty where they are not at hand
    inputs : what differs between the deals; empty without them
    savings : where the difference of the first two comes from, where that was asked for
    """

    plans: tuple[Plan, ...]
    certificates: tuple[Certificate, ...]
    warnings: tuple[str, ...]
    totals: tuple[Figure, ...]
    figures: tuple[Figure, ...]
    deals: tuple[Deal, ...] = ()
    inputs: tuple[InputDifference, ...] = ()
    savings: tuple[Saving, ...] = ()

    @cached_property
    def differences(self) -> tuple[Figure, ...]:
        """The figures that differ."""
        return tuple(figure for figure in self.figures if figure.is_changed)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the plans."""
        return tuple(certificate.name for certificate in self.certificates)

    @property
    def is_same(self) -> bool:
        """Whether no figure of any table differs."""
        return not self.differences

    def of(self, table: str) -> tuple[Figure, ...]:
        """The figures of one table that differ."""
        return tuple(figure for figure in self.differences if figure.table == table)

    def figures_of(self, table: str) -> int:
        """Number of different keys that a compared table has over all plans."""
        return len({figure.key for figure in self.figures if figure.table == table})

    def total(self, name: str) -> Figure:
        """What the plans come to under one name, such as `paid`; KeyError where there is none."""
        for figure in self.totals:
            if figure.key == (name,):
                return figure
        raise KeyError(name)

    def frame(self) -> polars.DataFrame:
        """One row a figure that differs: table, key, figure, unit, values, and changes against the first."""
        import polars

        numbers = range(1, len(self.plans))
        columns: dict[str, Any] = dict.fromkeys(("table", "key", "figure", "unit"), polars.String)
        columns |= dict.fromkeys(self.names, polars.Float64)
        columns |= {f"change of {self.names[number]}": polars.Float64 for number in numbers}
        columns |= {f"relative change of {self.names[number]}": polars.Float64 for number in numbers}
        rows = [
            [
                figure.table,
                " / ".join("" if cell is None else str(cell) for cell in figure.key),
                figure.column,
                figure.unit,
                *figure.values,
                *map(figure.change, numbers),
                *map(figure.relative, numbers),
            ]
            for figure in self.differences
        ]
        return polars.DataFrame(rows, schema=columns, orient="row")

    def _repr_html_(self) -> str:
        heads = "".join(f"<th>{escape(name)}</th>" for name in ("", *self.names))
        rows = "".join(
            f"<tr><th>{figure.key[0]}</th>"
            + "".join(f"<td>{value:,.0f}</td>" for value in figure.values)
            + "</tr>"
            for figure in self.totals
        )
        warnings = "".join(f"<p>{escape(warning)}</p>" for warning in self.warnings)
        return f"{warnings}<table><tr>{heads}</tr>{rows}</table>"

    def summed(self, table: str, column: str, *, by: Sequence[str]) -> tuple[Figure, ...]:
        """Sums of one column of a compared table by some of its key columns, whether they differ or not.

        Parameters
        ----------
        table, column : such as `purchases` and `quantity`
        by : key columns that stay, such as `fiscal_year` and `branch`
        """
        places = [COMPARED[table].key.index(name) for name in by]
        sums: dict[Key, list[float]] = {}
        unit = ""
        for figure in self.figures:
            if figure.table == table and figure.column == column:
                unit = figure.unit
                entry = sums.setdefault(tuple(figure.key[at] for at in places), [0.0] * len(self.plans))
                for number, value in enumerate(figure.values):
                    entry[number] += value or 0.0
        return tuple(Figure(table, key, column, unit, tuple(values)) for key, values in sums.items())


@dataclass(frozen=True)
class ComparedTable:
    """How a plan table is compared.

    Parameters
    ----------
    name : of the plan table
    key : columns that tell its figures apart; rows of equal keys are added up
    columns : the figures
    is_zero_without_row : whether a plan without the row has zero of it, as of a purchase; where it is
        false, as of a requirement, the plan knows no such thing
    key_of : the key of a row where it is not simply the key columns
    averages : further figures by name, each the ratio of the sums of two columns; where the second is zero
        there is no such figure
    """

    name: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    is_zero_without_row: bool
    key_of: Callable[[Row], Key] | None = None
    averages: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def key_values(self, row: Row) -> Key:
        """The key of a row."""
        return self.key_of(row) if self.key_of is not None else tuple(row[name] for name in self.key)


_NOT_ZERO_WITHOUT_ROW = frozenset({"coverage", "home_coverage", "budgets", "commitments", "cash", "learning"})
_MORE_KEY_COLUMNS = {
    "purchases": ("branch",), "coverage": ("branch",), "unmet": ("branch",), "rules": ("branch",)
}  # fmt: skip
_TABLES = (
    "utility_items", "purchases", "coverage", "unmet", "home_coverage", "payments", "budgets", "rebates",
    "commitments", "cash", "other_sales", "production", "learning", "openings", "substitutions",
    "integrations", "projects", "project_gains", "project_savings", "rules", "violations", "binding",
)  # fmt: skip
# Averages are no sums, and what a rule measures stands under its own violation.
_NO_SUMS = frozenset({"unit_price", "unit_cost", "measured", "limit"})
# Monthly tables that no yearly one adds up, by the key that stays beside the calendar year.
_BY_YEAR = {
    "production": ("line", "system"),
    "substitutions": ("line", "system", "component", "substitute"),
}
_AVERAGES = {"production": {"unit_cost": ("amount", "quantity")}}


def _numbers(table: PlanTable) -> tuple[str, ...]:
    return tuple(
        column.name for column in table.columns if column.kind == "number" and column.name not in _NO_SUMS
    )


def _compared(name: str) -> ComparedTable:
    table = PLAN_TABLES[name]
    if name in _BY_YEAR:
        return ComparedTable(
            name,
            ("year", *_BY_YEAR[name]),
            _numbers(table),
            True,
            lambda row: (int(row["month"][:4]), *(row[column] for column in _BY_YEAR[name])),
            _AVERAGES.get(name, {}),
        )
    if name == "other_sales":
        return ComparedTable(name, ("fiscal_year", "customer", "system", "line"), _numbers(table), True)
    key = (*table.key, *_MORE_KEY_COLUMNS.get(name, ()))
    return ComparedTable(name, key, _numbers(table), name not in _NOT_ZERO_WITHOUT_ROW)


COMPARED: Mapping[str, ComparedTable] = {name: _compared(name) for name in _TABLES}
"""The tables that are compared: all yearly ones, and monthly ones that no yearly one adds up, by year."""


def compare_plans(
    plans: Sequence[Plan], names: Sequence[str] | None = None, *, deals: Sequence[Deal] = ()
) -> Comparison:
    """Set plans side by side.

    Parameters
    ----------
    plans : two to six plans in one currency at prices of one base year
    names : one for each plan, all different; None: A, B, C …
    deals : the deal of each plan in the same order, so that what differs in them is told too; or none at all

    Raises
    ------
    CommandError : where there are too few or too many plans, or their amounts cannot be compared
    PlanFileError : where a plan was not made from the deal given with it
    """
    if not 2 <= len(plans) <= MOST_PLANS:
        raise CommandError(f"compare: found {len(plans)} plans; allowed: 2 to {MOST_PLANS}")
    named = tuple(names) if names is not None else tuple("ABCDEF"[: len(plans)])
    if len(set(named)) != len(plans):
        raise CommandError(
            f"compare: found the names {', '.join(named)}; allowed: a different one for each plan"
        )
    _require_one_money(plans, named)
    _require_own_deals(plans, named, deals)
    figures = [figure for table in COMPARED.values() for figure in _figures(table, plans)]
    certificates = tuple(certificate_of(plan, name) for plan, name in zip(plans, named, strict=True))
    differs = [_differs(figures, number) for number in range(len(plans))]
    return Comparison(
        tuple(plans),
        certificates,
        (*cautions(certificates, has_deals=bool(deals)), *equal_worth(certificates, differs)),
        _totals(plans),
        tuple(figures),
        tuple(deals),
        input_differences(deals) if deals else (),
    )


def _is_other(first: float | None, value: float | None) -> bool:
    if first is None or value is None:
        return first is not value
    return abs(value - first) > _SAME * max(1.0, abs(first), abs(value))


def _require_one_money(plans: Sequence[Plan], names: Sequence[str]) -> None:
    for name, plan in zip(names, plans, strict=True):
        found, allowed = ((each.currency, each.price_base_year) for each in (plan, plans[0]))
        if found != allowed:
            raise CommandError(
                f"compare: the plan {name} counts in {found[0]} at prices of {found[1]}; allowed: "
                f"{allowed[0]} at prices of {allowed[1]}, as the first plan does; plan both with the same "
                "currency and price base year"
            )


def _require_own_deals(plans: Sequence[Plan], names: Sequence[str], deals: Sequence[Deal]) -> None:
    if deals and len(deals) != len(plans):
        raise CommandError(
            f"compare: found {len(deals)} deals for {len(plans)} plans; allowed: one for each plan, in the "
            "same order"
        )
    for name, plan, deal in zip(names, plans, deals, strict=False):
        if plan.digest != deal.digest:
            raise PlanFileError(
                f"compare: the plan {name} was made from a deal with the digest {plan.digest[:12]}…; "
                f"found one with {deal.digest[:12]}… ({deal.settings.title}); name the deals in the order of "
                "their plans, or plan again after a change"
            )


def _differs(figures: Sequence[Figure], number: int) -> bool:
    return any(_is_other(figure.values[0], figure.values[number]) for figure in figures)


def _figures(table: ComparedTable, plans: Sequence[Plan]) -> Iterable[Figure]:
    """Every figure of one table, in the order of its keys."""
    sums = [_sums(table, plan) for plan in plans]
    keys = sorted({key for each in sums for key in each}, key=_order)
    absent = 0.0 if table.is_zero_without_row else None
    for key in keys:
        for place, column in enumerate(table.columns):
            values = tuple(each[key][place] if key in each else absent for each in sums)
            yield Figure(table.name, key, column, _unit(table.name, column, plans, key), values)
        for name, (over, under) in table.averages.items():
            places = (table.columns.index(over), table.columns.index(under))
            ratios = tuple(_ratio(each.get(key), places) for each in sums)
            yield Figure(table.name, key, name, _unit(table.name, name, plans, key), ratios)


def _ratio(sums: Sequence[float] | None, places: tuple[int, int]) -> float | None:
    over, under = places
    return None if sums is None or not sums[under] else sums[over] / sums[under]


def _sums(table: ComparedTable, plan: Plan) -> dict[Key, list[float]]:
    sums: dict[Key, list[float]] = {}
    for row in plan.tables[table.name]:
        entry = sums.setdefault(table.key_values(row), [0.0] * len(table.columns))
        for place, column in enumerate(table.columns):
            entry[place] += row[column] or 0.0  # nothing stated adds nothing
    return sums


def _order(key: Key) -> tuple[tuple[bool, str], ...]:
    return tuple((cell is None, str(cell)) for cell in key)


def _unit(table: str, column: str, plans: Sequence[Plan], key: Key) -> str:
    """The unit in words; of rules it stands in their rows."""
    unit = next(each.unit for each in PLAN_TABLES[table].columns if each.name == column)
    if table in ("violations", "binding") or (table, column) == ("rules", "violation"):
        own = _own_unit(table, plans, key)
        unit = own if table != "binding" else f"{MONEY}, discounted, per unit ({own})"
        if own in {plan.currency for plan in plans}:
            return f"{own}, then-year"
    currency, year = plans[0].currency, plans[0].price_base_year
    if unit.startswith(THEN_YEAR):
        return f"{currency}, then-year{unit.removeprefix(THEN_YEAR)}"
    if unit.startswith(MONEY):
        return f"{currency}, base-year {year}{unit.removeprefix(MONEY)}"
    return unit


def _own_unit(table: str, plans: Sequence[Plan], key: Key) -> str:
    compared = COMPARED[table]
    rows = (row for plan in plans for row in plan.tables[table] if compared.key_values(row) == key)
    return str(next(rows)["unit"])


def _totals(plans: Sequence[Plan]) -> tuple[Figure, ...]:
    """What each plan comes to; every sum runs over the whole plan."""
    currency, year = plans[0].currency, plans[0].price_base_year
    base = f"{currency}, base-year {year}"
    worth = f"{base}, discounted"
    entries: list[tuple[str, str, Callable[[Plan], float]]] = [
        ("objective", worth, lambda plan: plan.objective),
        ("both sides", worth, lambda plan: sum(plan.utilities.values())),
        ("buyer", worth, lambda plan: plan.utilities["buyer"]),
        ("seller", worth, lambda plan: plan.utilities["seller"]),
        ("units bought", "units", lambda plan: _sum(plan, "purchases", "quantity")),
        ("paid", base, lambda plan: _sum(plan, "purchases", "amount")),
        ("thresholds reached", "yearly requirements", lambda plan: _reached(plan, "threshold")),
        ("objectives reached", "yearly requirements", lambda plan: _reached(plan, "objective")),
        ("own needs behind", "yearly needs", _behind),
        ("sold to others", base, lambda plan: _sum(plan, "other_sales", "amount")),
        ("made", "units started", lambda plan: _sum(plan, "production", "quantity")),
        ("lines opened", "lines", _opened),
        ("invested", base, lambda plan: _sum(plan, "openings", "amount")),
        ("rules broken", "rules", lambda plan: float(len(plan.tables["violations"]))),
    ]
    if all(plan.objective_kind == "joint" for plan in plans):
        entries = [entry for entry in entries if entry[0] != "both sides"]  # the objective says it
    return tuple(
        Figure("plan", (name,), name, unit, tuple(measure(plan) for plan in plans))
        for name, unit, measure in entries
    )


def _sum(plan: Plan, table: str, column: str) -> float:
    return float(sum(row[column] for row in plan.tables[table]))


def _reached(plan: Plan, level: str) -> float:
    rows = plan.tables["coverage"]
    return float(sum(row[f"short_of_{level}"] <= _SAME * max(1.0, row[level]) for row in rows))


def _opened(plan: Plan) -> float:
    return float(sum(row["kind"] == "open" for row in plan.tables["openings"]))


def _behind(plan: Plan) -> float:
    rows = plan.tables["home_coverage"]
    return float(sum(row["shortfall"] > _SAME * max(1.0, row["required"]) for row in rows))
