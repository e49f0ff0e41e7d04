"""Section on composition rules: how the plan stands to each, what substitutes are for, what each costs."""

from __future__ import annotations

from dronedeal.report.grid import Grid, GridColumn
from dronedeal.report.sections.section import Block, Section, Subject, section
from dronedeal.report.view import View, total
from dronedeal.report.wording import count_text, list_text


@section(9.5)
def composition_rules(subject: Subject) -> Section:
    """How the plan stands to the composition rules, and what they cost."""
    view = subject.view
    title = "What the composition rules ask for and cost"
    if not view.deal.rules:
        return Section("rules", title, ("The deal has no composition rules.",))
    rows = view.rows("rules")
    paid = total(rows, "penalty")
    broken = list(dict.fromkeys(row["rule"] for row in rows if row["penalty"] > 0))
    words = [
        f"The deal has {count_text(len(view.deal.rules), 'composition rule')}, of which "
        f"{sum(rule.is_hard for rule in view.deal.rules)} may never be broken."
    ]
    if paid:
        words.append(f"Breaking {list_text(broken, 6)} costs {view.money(paid)} ({view.base_unit}).")
    swapped = view.rows("substitutions")
    if swapped:
        words.append(
            f"Substitute parts cost {view.money(total(swapped, 'amount'))} more than the parts that "
            f"they replace ({view.base_unit})."
        )
    blocks: tuple[Block, ...] = (_rule_grid(view),)
    if swapped:
        blocks += (_substitute_grid(view),)
    if view.rows("rule_costs"):
        blocks = (subject.figures["rule_costs"], *blocks)
    else:
        words.append("What each rule costs both sides was not asked for; plan with --rule-costs to have it.")
    return Section("rules", title, tuple(words), blocks)


def _rule_grid(view: View) -> Grid:
    return Grid(
        "Every composition rule by fiscal year",
        (
            GridColumn("Rule"),
            GridColumn("Fiscal year"),
            GridColumn("Branch"),
            GridColumn("Measured", "figure"),
            GridColumn("Limit", "figure"),
            GridColumn("Broken by", "figure"),
            GridColumn("Unit"),
            GridColumn("Penalty", "money", view.base_unit),
            GridColumn("In words"),
        ),
        tuple(
            (
                row["rule"],
                "all" if row["fiscal_year"] is None else f"FY{row['fiscal_year']}",
                "all" if row["branch"] is None else view.names.branch(row["branch"]),
                row["measured"],
                row["limit"],
                row["violation"],
                row["unit"],
                row["penalty"],
                row["words"],
            )
            for row in view.rows("rules")
        ),
    )


def _substitute_grid(view: View) -> Grid:
    sums: dict[tuple[str, ...], list[float]] = {}
    for row in view.rows("substitutions"):
        year = view.seller_years.of(view.calendar.index(row["month"]))
        key = (f"FY{year}", row["system"], row["line"], row["component"], row["substitute"])
        entry = sums.setdefault(key, [0.0, 0.0, 0.0])
        for place, name in enumerate(("quantity", "parts", "amount")):
            entry[place] += row[name]
    return Grid(
        "Units made with substitute parts, by fiscal year of the seller",
        (
            GridColumn("Fiscal year"),
            GridColumn("System"),
            GridColumn("Line"),
            GridColumn("In place of"),
            GridColumn("Substitute"),
            GridColumn("Units", "quantity", "units"),
            GridColumn("Parts", "quantity", "parts"),
            GridColumn("Cost more", "money", view.base_unit),
        ),
        tuple(
            (key[0], view.names.system(key[1]), view.names.line(key[2]), key[3], key[4], *values)
            for key, values in sums.items()
        ),
    )
