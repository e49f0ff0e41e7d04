"""What the commands print: plain text of at most 80 columns, the same on a terminal and in a file."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from dronedeal.assessment import Assessment, Criterion, Pairing
from dronedeal.deal import Deal
from dronedeal.exchange import CheckResult, FirstPlan
from dronedeal.quantities.calendar import Calendar
from dronedeal.report.wording import (
    NO_BREAK_SPACE,
    change_text,
    count_text,
    gap_text,
    list_text,
    money_text,
    number_text,
    shorten,
)
from dronedeal.results.certificates import is_one_sided
from dronedeal.results.plan import Plan
from dronedeal.results.variants import is_settled, least_and_most
from dronedeal.results.verify import Verification
from dronedeal.solving import Progress

WIDTH = 80
_MOST_SHORTAGES = 5
_MOST_CHANGES = 8
_MOST_FAILURES = 30
_MOST_VARIANTS = 8
_SIDES = ("buyer", "seller")
_MADE_BY = {"all_seller": "all by the seller", "all_buyer": "all by the buyer's side"}
_SCALES = ((1e9, "bn "), (1e6, "m "), (1e3, "k "), (1.0, ""))
_PROVEN, _FINEST = 1e-9, 1e-5


def money(amount: float, currency: str) -> str:
    """An amount in three digits with its scale.

    >>> money(4471200.0, "USD"), money(-950.0, "USD")
    ('USD 4.47 million', 'USD −950')
    """
    return money_text(amount, currency).replace(NO_BREAK_SPACE, " ")


def columns_text(rows: Sequence[Sequence[str]], *, left: int = 1) -> str:
    """Rows set in columns, the first `left` of them to the left and the others to the right.

    >>> print(columns_text([["branch", "2027"], ["guard", "1,200"]]))
    branch   2027
    guard   1,200
    """
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [
            text.ljust(width) if place < left else text.rjust(width)
            for place, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def wrapped(text: str, *, indent: str = "  ") -> str:
    """A paragraph broken at 80 columns, its later lines indented."""
    return textwrap.fill(
        text, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def check_text(deal: Deal, result: CheckResult) -> str:
    """The warnings of a deal one by one, and one line on the whole."""
    size = ", ".join(
        count_text(len(deal.table(name)), name.removesuffix("s"))
        for name in ("systems", "lines", "requirements")
    )
    lines = [str(finding) for finding in result.warnings]
    return "\n".join([*lines, wrapped(deal.settings.title), f"{size}; {result.counts}"])


def warnings_hint(result: CheckResult, path: Path) -> str:
    """One line on the warnings of a deal and where to read them; empty without any."""
    if not result.warnings:
        return ""
    counted = count_text(len(result.warnings), "warning")
    return f"{counted} about the deal; list them with: dronedeal check {path}"


def rules_text(rules: Mapping[str, Any]) -> str:
    """Every rule with its severity and meaning."""
    return "\n".join(
        wrapped(f"{name} ({rule.severity}): {rule.meaning}") for name, rule in sorted(rules.items())
    )


def match_text(assessment: Assessment, *, is_full: bool) -> str:
    """Requirement by requirement: the eligible systems, and why each of the others is not."""
    by_requirement: dict[str, list[Pairing]] = {}
    for pairing in assessment.pairings:
        by_requirement.setdefault(pairing.requirement, []).append(pairing)
    blocks = [
        _requirement_text(requirement, pairings, calendar=assessment.calendar, is_full=is_full)
        for requirement, pairings in by_requirement.items()
    ]
    eligible = sum(pairing.is_eligible for pairing in assessment.pairings)
    blocks.append(f"{eligible} of {count_text(len(assessment.pairings), 'pair')} eligible")
    return "\n\n".join(blocks)


def _requirement_text(
    requirement: str, pairings: Sequence[Pairing], *, calendar: Calendar | None, is_full: bool
) -> str:
    eligible = [pairing for pairing in pairings if pairing.is_eligible]
    lines = [f"{requirement}: {len(eligible)} of {count_text(len(pairings), 'system')} eligible"]
    for pairing in sorted(pairings, key=lambda pairing: not pairing.is_eligible):
        lines.append(wrapped(f"  {_pairing_line(pairing, calendar)}", indent="      "))
        if is_full:
            lines += [
                wrapped(f"      {criterion_line(item)}", indent="        ") for item in pairing.criteria
            ]
    return "\n".join(lines)


def _pairing_line(pairing: Pairing, calendar: Calendar | None) -> str:
    if not pairing.is_eligible:
        reasons = " ".join(item.reason or f"{item.subject}: {item.found}." for item in pairing.stopped_by)
        return f"- {pairing.system}: {reasons}"
    text = f"+ {pairing.system}: effectiveness {pairing.effectiveness:.3g}"
    if pairing.effectiveness_interval is not None:
        lower, upper = pairing.effectiveness_interval
        text += f" ({lower:.3g} to {upper:.3g})"
    if pairing.last_month < pairing.first_month:
        return f"{text}, but no month in which it may be delivered"
    return text if calendar is None else f"{text}, from {calendar.label(pairing.first_month)}"


def criterion_line(criterion: Criterion) -> str:
    """One criterion: whether it is met, what was found and needed, and how surely."""
    sign = {True: "met", False: "not met", None: "not known"}[criterion.is_met]
    text = (
        f"{criterion.kind}, {criterion.subject}: {sign}; found {criterion.found}, needed {criterion.needed}"
    )
    if criterion.margin is not None:
        text += f"; margin {criterion.margin:+.0%}"
    if criterion.probability is not None:
        text += f"; probability {criterion.probability:.2f}"
    return text if criterion.is_hard else f"{text} (not hard)"


def progress_line(progress: Progress) -> str:
    """One line on a running solve: seconds, best plan, bound and gap."""
    best = "none yet" if progress.best is None else f"{progress.best:,.3f} m"
    bound = "none yet" if progress.bound is None else f"{progress.bound:,.3f} m"
    gap = "" if progress.gap is None else f", gap {progress.gap:.2%}"
    return f"{progress.elapsed:6.1f} s  {progress.step}: best {best}, bound {bound}{gap}"


def first_plan_line(first: FirstPlan) -> str:
    """One line on the first plan: when it came, that it is checked, and how far it can be from the best."""
    gap = first.plan.gap
    distance = "with no bound yet" if gap is None else f"at most {gap_text(gap)} below the best possible"
    return f"first plan after {first.seconds:.1f} s, checked, {distance}; looking for better ones"


def verification_text(verification: Verification) -> str:
    """Every check with its number of comparisons, or what failed, one by one."""
    total = sum(item.comparisons for item in verification.checks)
    size = f"{len(verification.checks)} checks, {total:,} comparisons"
    if not verification.is_passed:
        shown = [wrapped(str(failure)) for failure in verification.failures[:_MOST_FAILURES]]
        if len(verification.failures) > len(shown):
            shown.append(f"… and {len(verification.failures) - len(shown)} more")
        found = count_text(len(verification.failures), "failure")
        return "\n".join([*shown, f"verification FAILED: {found} in {size}"])
    rows = [["check", "comparisons", "largest residual"]]
    rows += [
        [item.name, f"{item.comparisons:,}", f"{item.largest_residual:.1g}"] for item in verification.checks
    ]
    return "\n".join([columns_text(rows), f"verification passed: {size}"])


def plan_text(plan: Plan, directory: Path) -> str:
    """One screen on a plan: its worth, what is bought and paid, what is short, where the report lies."""
    title = shorten(plan.title, WIDTH)
    parts = [
        f"{title}\n{'=' * len(title)}",
        _worth_text(plan),
        _purchases_text(plan),
        _changes_text(plan),
        _coverage_text(plan),
        *_variants_texts(plan),
        _certificate_text(plan),
        f"Report    {directory / 'report.html'}\n          with plan.xlsx, plan.json and tables/ beside it",
    ]
    return "\n\n".join(part for part in parts if part)


def _changes_text(plan: Plan) -> str:
    """What is kept and changed of the plan that this one stays near; empty where it stays near none."""
    rows, frozen = plan.tables["changes"], plan.tables["frozen"]
    if not rows:
        return _frozen_text(plan) if frozen else ""
    lines = [wrapped(f"  {row['words']}", indent="    ") for row in rows[:_MOST_CHANGES]]
    if len(rows) > _MOST_CHANGES:
        lines.append(f"  … and {len(rows) - _MOST_CHANGES} more in the report")
    head = [_frozen_text(plan)] if frozen else []
    return "\n".join([*head, f"Changed of the earlier plan: {count_text(len(rows), 'figure')}", *lines])


def _frozen_text(plan: Plan) -> str:
    """How many decisions are frozen, and how many of them could not stay."""
    count = len(plan.tables["frozen"])
    moved = sum(row["kind"] == "frozen" for row in plan.tables["violations"])
    kept = f"{count_text(count, 'decision')} of the earlier plan"
    stayed = f"{moved} could not stay" if moved else "all as they were"
    return f"Frozen until {plan.options['freeze_until']}: {kept}, {stayed}"


def _worth_text(plan: Plan) -> str:
    how_good = ""
    if plan.gap is not None:
        is_proven = plan.gap < _PROVEN
        below = f"at most {gap_text(max(plan.gap, _FINEST))} below the best possible"
        how_good = ", proven to be the best possible" if is_proven else f", {below}"
        if not is_proven and plan.gap_of_cost is not None:
            how_good += f" ({gap_text(max(plan.gap_of_cost, _FINEST))} of its own cost)"
    rows = [
        ["Status", f"{plan.status}{how_good}"],
        ["Worth", f"{money(plan.objective, plan.currency)} ({plan.objective_kind} objective)"],
        *([side.capitalize(), money(value, plan.currency)] for side, value in plan.utilities.items()),
    ]
    return columns_text(rows, left=2)


def _purchases_text(plan: Plan) -> str:
    """Units by branch and year with what they cost, in the first form that fits the width."""
    rows = plan.tables["purchases"]
    if not rows:
        return "Nothing is bought."
    years = sorted({row["fiscal_year"] for row in rows})
    texts = [
        columns_text(_purchases_table(rows, shown, scale=scale, currency=plan.currency))
        for shown, scale in ((years, _SCALES[-1]), (years, _SCALES[-2]), ([], _SCALES[-1]))
    ]
    return next((text for text in texts if len(text.splitlines()[0]) <= WIDTH), texts[-1])


def _purchases_table(
    rows: Sequence[Mapping[str, Any]], years: Sequence[int], *, scale: tuple[float, str], currency: str
) -> list[list[str]]:
    units = _sums(rows, ("branch", "fiscal_year"), "quantity")
    total = _sums(rows, ("branch",), "quantity")
    paid = _sums(rows, ("branch",), "amount")
    size, word = next((scale for scale in _SCALES if max(paid.values()) >= 10 * scale[0]), _SCALES[-1])
    heading = "Units bought" if scale[0] == 1 else "Thousands bought"
    table = [[heading, *map(str, years), "total", f"paid {word}{currency}"]]
    branches = [name for (name,) in paid]
    for label, chosen in [*((name, [name]) for name in branches), ("all", branches)]:
        by_year = [sum(units.get((branch, year), 0.0) for branch in chosen) for year in years]
        numbers = [*by_year, sum(total[branch,] for branch in chosen)]
        cells = [number_text(number / scale[0], 0) for number in numbers]
        money_paid = sum(paid[branch,] for branch in chosen) / size
        table.append([shorten(label, 18), *cells, number_text(money_paid, 1)])
    return table


def _sums(rows: Iterable[Mapping[str, Any]], keys: Sequence[str], value: str) -> dict[tuple[Any, ...], float]:
    sums: dict[tuple[Any, ...], float] = {}
    for row in rows:
        key = tuple(row[name] for name in keys)
        sums[key] = sums.get(key, 0.0) + row[value]
    return sums


def _coverage_text(plan: Plan) -> str:
    lines = [wrapped(plan.coverage_words), wrapped(_own_needs_words(plan))]
    lines += [wrapped(f"  broken: {row['words']}", indent="    ") for row in plan.tables["violations"]]
    causes = {(row["requirement"], row["fiscal_year"]): row["words"] for row in plan.tables["unmet"]}
    short = sorted(
        (row for row in plan.tables["coverage"] if (row["requirement"], row["fiscal_year"]) in causes),
        key=lambda row: (-_share(row, "threshold"), -_share(row, "objective")),
    )
    for row in short[:_MOST_SHORTAGES]:
        lines.append(f"  {_shortage_line(row)}")
        lines.append(f"    {_cause_line(causes[row['requirement'], row['fiscal_year']])}")
    if len(short) > _MOST_SHORTAGES:
        lines.append(f"  … and {len(short) - _MOST_SHORTAGES} more in the report")
    return "\n".join(lines)


def _cause_line(words: str) -> str:
    """The cause without what one more unit would be worth; the report has the whole sentence."""
    return shorten(words.partition(";")[0], WIDTH - 4)


def _share(row: Mapping[str, Any], level: str) -> float:
    """How much of a level is missing, as a share of it."""
    missing: float = row[f"short_of_{level}"]
    return missing / row[level] if row[level] > 0 else 0.0


def _shortage_line(row: Mapping[str, Any]) -> str:
    level = "threshold" if row["short_of_threshold"] > 0 else "objective"
    missing, wanted = number_text(row[f"short_of_{level}"]), number_text(row[level])
    return f"{row['requirement']} {row['fiscal_year']}: {missing} short of the {level} of {wanted}"


def _own_needs_words(plan: Plan) -> str:
    rows = plan.tables["home_coverage"]
    if not rows:
        return "The seller states no needs of its own."
    behind = [f"{row['need']} {row['fiscal_year']}" for row in rows if row["shortfall"] > 0]
    if not behind:
        return f"The seller's own needs come first: all {len(rows)} yearly ones are kept."
    named = list_text(behind, 4)
    return f"The seller's own needs come first: {len(behind)} of {len(rows)} fall behind ({named})."


def _variants_texts(plan: Plan) -> list[str]:
    """The plan beside its baselines, and beside the deal without each rule; empty where nobody asked."""
    by_side = [
        (row, *(plan.utilities[side] - row[side] for side in _SIDES)) for row in plan.tables["baselines"]
    ]
    costs = sorted(plan.tables["rule_costs"], key=lambda row: (-abs(row["difference"]), row["rule"]))
    left = len(costs) - _MOST_VARIANTS
    return [
        _differences_text(
            plan,
            "This plan is worth more than",
            [(_MADE_BY[row["kind"]], row, (row["difference"], *sides)) for row, *sides in by_side],
        ),
        _differences_text(
            plan,
            "Worth more without rule",
            [
                (row["rule"], row, (row["difference"], *(row[f"{side}_difference"] for side in _SIDES)))
                for row in costs[:_MOST_VARIANTS]
            ],
        )
        + (f"\n… and {count_text(left, 'rule')} more in the report" if left > 0 else ""),
    ]


def _differences_text(
    plan: Plan, heading: str, variants: Sequence[tuple[str, Mapping[str, Any], Sequence[float]]]
) -> str:
    """Differences in all and of each side, and what the gaps of both plans leave open of the first."""
    if not variants:
        return ""
    largest = max(abs(each) for _, _, differences in variants for each in differences)
    size, word = next((scale for scale in _SCALES if largest >= 10 * scale[0]), _SCALES[-1])
    table = [[heading, "in all", "at least", "at most", *_SIDES, f"{word}{plan.currency}"]]
    for label, row, (in_all, *sides) in variants:
        limits = least_and_most(plan, row) or (None, None)
        cells = [in_all, *limits, *sides]
        texts = ["–" if each is None else change_text(each / size, 1) for each in cells]
        table.append([shorten(label, 26), *texts, ""])
    text = columns_text(table)
    if all(is_settled(plan, row) for _, row, _ in variants):
        return text
    words = "What can be nothing at least may be chance, or the rest of a search; a smaller --gap would tell."
    return f"{text}\n{wrapped(words)}"


def _certificate_text(plan: Plan) -> str:
    checks = [] if plan.verification is None else plan.verification["checks"]
    comparisons = sum(item["comparisons"] for item in checks)
    rows = [["Verified", f"{len(checks)} independent checks, {comparisons:,} comparisons, all passed"]]
    if plan.rounding is not None:
        count = count_text(int(plan.rounding["contracts"]), "contract quantity", "contract quantities")
        rows.append(
            ["Whole", f"{count} in whole units, at a cost of {money(plan.rounding['cost'], plan.currency)}"]
        )
    if is_one_sided(plan):
        rows.append(["One side", "no figure of the other side is its own"])
    if plan.warnings:
        rows.append(["Warnings", f"{len(plan.warnings)}, listed in the report"])
    if plan.not_counted:
        rows.append(
            ["Left out", f"{count_text(len(plan.not_counted), 'kind')} of terms, named in the report"]
        )
    return columns_text(rows, left=2)
