"""What `plan --scenarios` prints: plain text of at most 80 columns."""

from __future__ import annotations

from pathlib import Path

from dronedeal.report.scenarios.wording import Cause, causes_of, risk_words
from dronedeal.report.wording import count_text, gap_text, number_text, percent_text, shorten
from dronedeal.results.scenarios.columns import RISK_PLANS
from dronedeal.results.scenarios.record import ScenarioPlan, Worth
from dronedeal.results.shape import Row
from dronedeal.terminal import columns_text, money, wrapped

_MOST_DECISIONS = 12
_MOST_CAUSES = 4
_SHARES = ("coverage", "own_needs")
_SCALES = ((1e9, "billion "), (1e6, "million "), (1e3, "thousand "), (1.0, ""))
# In a table each scale is one letter: thousand is k, as t may be read as tonnes.
_LETTERS = {"billion ": "b", "million ": "m", "thousand ": "k", "": ""}
# A gap below this is none.
_PROVEN = 1e-9
_NAMES = {
    "joint": "both sides",
    "buyer": "buyer",
    "seller": "seller",
    "coverage": "coverage",
    "cost": "buyer pays",
    "own_needs": "own needs met",
    "cash": "lowest cash",
    "broken_terms": "terms broken",
}


def scenarios_text(plan: ScenarioPlan, directory: Path) -> str:
    """What to sign now, how the scenarios turn out, and what planning for them is worth."""
    parts = [
        wrapped(plan.title),
        _worth_text(plan),
        _root_text(plan),
        _spread_text(plan),
        _risk_text(plan),
        _service_text(plan),
        _causes_text(plan),
        _value_text(plan.worth, plan.currency),
        _waiting_text(plan),
        _tests_text(plan),
        "\n".join(wrapped(f"note: {words}", indent="  ") for words in _notes(plan)),
        _where_text(plan, directory),
    ]
    return "\n\n".join(part for part in parts if part)


def _notes(plan: ScenarioPlan) -> list[str]:
    """What a reader must know of the scenarios, and how much there is to know of the deal."""
    notes = list(plan.notes)
    if plan.warnings:
        notes.append(
            f"{count_text(len(plan.warnings), 'warning')} on the deal; list them with dronedeal check"
        )
    return notes


def _worth_text(plan: ScenarioPlan) -> str:
    sizes = plan.sizes
    gap = "" if plan.gap is None else f", at most {gap_text(plan.gap)} below the best possible"
    if plan.gap is not None and plan.gap < _PROVEN:
        gap = ", proven to be the best possible"
    tree = f"{count_text(sizes['scenarios'], 'scenario')}, {count_text(sizes['nodes'], 'node')}; {plan.how}"
    if plan.distance is not None:
        tree += f"; Kantorovich distance to the whole tree {number_text(plan.distance, 3)}"
    worth = f"{money(plan.expected, plan.currency)} expected ({plan.objective_kind} objective)"
    lines = [f"Status    {plan.status}{gap}", f"Scenarios {tree}", f"Worth     {worth}"]
    if plan.risk is not None:
        weighed = f"{money(plan.objective, plan.currency)} with {risk_words(plan.risk)}"
        gain = money(plan.objective - plan.risk.before, plan.currency)
        lines.append(f"          {weighed}: {gain} more than the plan that is best on average")
    return "\n".join(wrapped(line, indent=" " * 10) for line in lines)


def _root_text(plan: ScenarioPlan) -> str:
    """The decisions of the first year but for what is made month by month."""
    signed = [row for row in plan.root if row["kind"] != "production"]
    first = plan.tables["nodes"][0]["fiscal_year"]
    if not signed:
        return f"To sign in {first}: nothing."
    rows = [[f"To sign in {first}", "", "units", plan.currency]]
    for row in sorted(signed, key=lambda row: -row["amount"])[:_MOST_DECISIONS]:
        rows.append(
            [
                row["kind"],
                shorten(row["subject"], 40),
                number_text(row["quantity"], 0),
                _amount(row["amount"]),
            ]
        )
    text = columns_text(rows, left=2)
    more = len(signed) - _MOST_DECISIONS
    return f"{text}\n  … and {more} more in the report" if more > 0 else text


def _amount(value: float) -> str:
    size, word = next((each for each in _SCALES if abs(value) >= each[0]), _SCALES[-1])
    return f"{number_text(value / size, 1)} {word}".strip()


def _spread_text(plan: ScenarioPlan) -> str:
    rows = [[f"Over the scenarios, {plan.currency}", "mean", "worst", "5 %", "median", "95 %", "best"]]
    for row in plan.tables["distributions"]:
        if row["fiscal_year"] is not None:
            continue
        is_cost = row["measure"] in ("cost", "broken_terms")
        worst, best = (row["most"], row["least"]) if is_cost else (row["least"], row["most"])
        values = [row["mean"], worst, row["p05"], row["p50"], row["p95"], best]
        rows.append([_NAMES[row["measure"]], *(_cell(row["measure"], value) for value in values)])
    return columns_text(rows)


def _risk_text(plan: ScenarioPlan) -> str:
    """Mean and mean of the worst of each measure, without the tail and with it."""
    if plan.risk is None:
        return ""
    found = {(row["measure"], row["plan"]): row for row in plan.tables["risk"]}
    share = percent_text(plan.risk.share, 1 if plan.risk.share < 0.1 else 0)
    rows = [["What the worst weighed change", "mean was", "is", f"worst {share} was", "is"]]
    for measure in dict.fromkeys(row["measure"] for row in plan.tables["risk"]):
        if measure != "broken_terms":
            pairs = [found[measure, which][name] for name in ("mean", "worst") for which in RISK_PLANS]
            rows.append([_NAMES[measure], *(_cell(measure, value, decimals=2) for value in pairs)])
    return columns_text(rows)


def _cell(measure: str, value: float, *, decimals: int = 1) -> str:
    if measure in _SHARES:
        return f"{100 * value:.{decimals}f} %"
    if measure == "broken_terms":
        return number_text(value, 1)
    size, word = next((each for each in _SCALES if abs(value) >= each[0]), _SCALES[-1])
    return f"{number_text(value / size, decimals)} {_LETTERS[word]}".strip()


def _service_text(plan: ScenarioPlan) -> str:
    """With which chance own needs are met that need not be met in every scenario."""
    rows = [row for row in plan.tables["service_levels"] if row["level"] < 1]
    if not rows:
        return ""
    return "\n".join(["Own needs with a service level", *(_service_line(row) for row in rows)])


def _service_line(row: Row) -> str:
    met, asked = percent_text(row["met"], 1), percent_text(row["level"], 1)
    missed = f"; missed in {shorten(row['missed_in'], 60)}" if row["missed_in"] else ""
    what = f"{row['need']} {row['fiscal_year']}"
    return wrapped(f"  {what}: met with a chance of {met}, asked for: {asked}{missed}", indent="    ")


def _causes_text(plan: ScenarioPlan) -> str:
    """What moves coverage most, downwards first."""
    causes = [each for each in causes_of(plan.tables["causes"], "coverage") if each.row["difference"] < 0]
    causes.sort(key=lambda each: each.row["difference"])
    if not causes or causes[0].row["difference"] > -5e-4:
        return ""
    return "\n".join(["Coverage is lowest where", *map(_cause_line, causes[:_MOST_CAUSES])])


def _cause_line(cause: Cause) -> str:
    row = cause.row
    means = f"{100 * row['mean']:.1f} % on average, {100 * row['difference']:+.1f} points"
    part = f"in {100 * row['share_of_worst']:.0f} % of the worst tenth"
    line = f"  {cause.words} ({100 * row['probability']:.0f} %): {means}; {part}"
    return wrapped(line, indent="    ")


def _value_text(worth: Worth | None, currency: str) -> str:
    if worth is None:
        return ""
    known = f"Knowing the scenario at once would be worth {_between(worth.perfect_information, currency)}."
    if worth.stochastic_solution is None:
        return wrapped(f"{known} Planning for expected figures instead: {worth.words}.")
    planned = _between(worth.stochastic_solution, currency)
    return wrapped(f"{known} Planning for scenarios, not for expected figures, is worth {planned}.")


def _waiting_text(plan: ScenarioPlan) -> str:
    """What knowing the second year's news and what signing in the first are worth."""
    worth = plan.worth
    if worth is None or worth.news is None:
        return ""
    first = plan.tables["nodes"][0]["fiscal_year"]
    news = f"Knowing in {first} what {first + 1} brings would be worth {_between(worth.news, plan.currency)}."
    if worth.signing is None:
        return wrapped(f"{news} Terms bind in {first}: waiting is no choice.")
    signing = _between(worth.signing, plan.currency)
    return wrapped(f"{news} Signing nothing in {first} and waiting a year would cost {signing}.")


def _tests_text(plan: ScenarioPlan) -> str:
    rows = plan.tables["tests"]
    if not rows:
        return ""
    lines = [f"{count_text(rows[0]['trials'], 'more trial')} before signing would be worth"]
    for row in rows:
        pair = _between((row["least"], row["most"]), plan.currency)
        means = ", ".join(percent_text(row[name]) for name in ("lowest", "highest"))
        now = percent_text(row["mean"])
        lines.append(wrapped(f"  {row['subject']}: {pair}; now {now}, then {means}", indent="    "))
    return "\n".join(lines)


def _between(pair: tuple[float, float], currency: str) -> str:
    low, high = pair
    if _amount(low) == _amount(high):
        return f"{_amount(low)} {currency}"
    return f"{_amount(low)} to {_amount(high)} {currency}"


def _where_text(plan: ScenarioPlan, directory: Path) -> str:
    comparisons = sum(int(row["comparisons"]) for row in plan.checks)
    return (
        f"Check     {comparisons:,} comparisons over all scenarios, passed\n"
        f"Report    {directory / 'scenarios.html'}\n"
        "          with scenarios.json and scenario-tables/ beside it"
    )
