"""Sections on joint production and on the seller's cash account."""

from __future__ import annotations

from dronedeal.report.grid import Grid, GridColumn
from dronedeal.report.sections.section import Section, Subject, section
from dronedeal.report.view import View
from dronedeal.report.wording import count_text, month_text, number_text, percent_text


@section(3.5)
def joint(subject: Subject) -> Section:
    """Lines of others that make the seller's systems, and what they are worth against two baselines."""
    view = subject.view
    rows = _joint_lines(view)
    opened = sum(row[3] != "not opened" for row in rows)
    words = [
        f"A joint line makes a system of {view.seller} and is run by somebody else. The deal has "
        f"{count_text(len(rows), 'such line')}; {number_text(opened)} work in this plan.",
        "The same deal is planned twice more to judge them: with every line of others closed to systems of "
        f"{view.seller}, and with nothing delivered to {view.buyer} from lines that {view.seller} runs.",
    ]
    return Section(
        "joint",
        "Joint production, and what it is judged against",
        tuple(words),
        (subject.figures["baselines"], _joint_grid(view, rows)),
    )


JointLine = tuple[str, str, str, str, float, float, float, float, float]


def _joint_lines(view: View) -> list[JointLine]:
    """Each line of another operator that can make a system of the seller, with what the plan does there."""
    deal, seller = view.deal, view.deal.settings.seller.id
    makes: dict[str, set[str]] = {}
    for made in deal.line_systems:
        if made.system in view.seller_systems:
            makes.setdefault(made.line, set()).add(made.system)
    royalty = {(row.system, row.line, row.fiscal_year): row.royalty for row in deal.prices}
    found = []
    for line in deal.lines:
        if line.id not in makes or line.operator == seller:
            continue
        systems = makes[line.id]
        opening = next(
            (row for row in view.rows("openings") if (row["line"], row["kind"]) == (line.id, "open")), None
        )
        state = month_text(opening["effective"]) if opening else "not opened"
        bought = [
            row for row in view.rows("purchases") if row["line"] == line.id and row["system"] in systems
        ]
        paid = sum(
            row["amount"]
            * royalty.get(
                (row["system"], line.id, row["fiscal_year"]),
                royalty.get((row["system"], None, row["fiscal_year"]), 0.0),
            )
            for row in bought
        )
        found.append(
            (
                view.names.line(line.id),
                line.country,
                view.names.party(line.operator),
                "from the start" if line.status == "existing" else state,
                _units(view, "production", line.id, systems),
                float(sum(row["quantity"] for row in bought)),
                _units(view, "home_supply", line.id, systems),
                opening["licence_fee"] if opening else 0.0,
                paid,
            )
        )
    return found


def _units(view: View, table: str, line: str, systems: set[str]) -> float:
    rows = (row for row in view.rows(table) if row["line"] == line and row["system"] in systems)
    return float(sum(row["quantity"] for row in rows))


def _joint_grid(view: View, rows: list[JointLine]) -> Grid:
    return Grid(
        "Lines of others that can make systems of the seller",
        (
            GridColumn("Line"),
            GridColumn("Country"),
            GridColumn("Run by"),
            GridColumn("Works from"),
            GridColumn("Made", "quantity", "units"),
            GridColumn("To the buyer", "quantity", "units"),
            GridColumn("Back to the owner", "quantity", "units"),
            GridColumn("Licence fee", "money", view.base_unit),
            GridColumn("Royalties", "money", view.base_unit),
        ),
        tuple(rows),
        is_open=len(rows) <= 30,
    )


@section(6.5)
def account(subject: Subject) -> Section:
    """The seller's cash account, its floor, and what is put back."""
    view = subject.view
    stated = view.deal.settings.cash
    words = []
    if stated.is_kept:
        words += [
            f"At the end of every fiscal year of {view.buyer} the account must hold its floor, whatever is "
            "learnt: the plan holds it against a closing in which every unit costs the most that it can.",
            f"{percent_text(stated.home_receipt_share)} of the value of own needs met is paid in. At least "
            f"{percent_text(stated.reinvestment_share)} of the proceeds of the deal goes into the fund of "
            f"{view.seller}{_fund_worth(stated.fund_value)}.",
        ]
    return Section("cash", f"The cash of {view.seller}", tuple(words), (subject.figures["cash"],))


def _fund_worth(value: float) -> str:
    return "" if value == 1 else f", where an amount is worth {number_text(value)} times itself"
