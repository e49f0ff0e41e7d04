"""Production lines."""

from __future__ import annotations

from collections.abc import Iterator

from dronedeal.deal import drafts
from dronedeal.deal.checks import lookup
from dronedeal.deal.checks.registry import rule
from dronedeal.deal.deal import Deal
from dronedeal.deal.finding import Finding
from dronedeal.deal.production import Line


@rule("line_makes_nothing", severity="error")
def line_makes_nothing(deal: Deal) -> Iterator[Finding]:
    """A line has no system that it can make."""
    makes = lookup.systems_by_line(deal)
    for row, line in enumerate(deal.lines):
        if line.id not in makes:
            yield drafts.cell(
                deal,
                ("lines", row, "id"),
                subject=f"systems of line '{line.id}'",
                found="none",
                allowed="at least one row of `line_systems`",
                next_step="add what the line can make to `line_systems`, or take the line out",
            )


@rule("candidate_without_capacity", severity="error")
def candidate_without_capacity(deal: Deal) -> Iterator[Finding]:
    """A candidate line has no capacity once it is opened."""
    for row, line in enumerate(deal.lines):
        if line.status == "candidate" and line.initial_capacity == 0:
            yield drafts.cell(
                deal,
                ("lines", row, "initial_capacity"),
                subject=f"initial_capacity of candidate line '{line.id}'",
                found="0",
                allowed="a number above 0: what the line can do once it is opened and ramped up",
                next_step="fill in the capacity of the opened line",
            )


@rule("existing_line_with_opening", severity="warning")
def existing_line_with_opening(deal: Deal) -> Iterator[Finding]:
    """An existing line has a cost, a fee or a lead of opening, which nothing uses."""
    for row, line in enumerate(deal.lines):
        for column in ("open_cost", "open_lead_months", "technology_transfer_months", "licence_fee"):
            value = getattr(line, column)
            if line.status == "existing" and value > 0:
                yield drafts.cell(
                    deal,
                    ("lines", row, column),
                    subject=f"{column} of existing line '{line.id}'",
                    found=drafts.number(value),
                    allowed="0 or blank for a line that works today",
                    next_step="leave the cell blank, or make the line a candidate",
                )


@rule("steps_without_size", severity="warning")
def steps_without_size(deal: Deal) -> Iterator[Finding]:
    """Steps can be decided that add no capacity."""
    for row, line in enumerate(deal.lines):
        if line.max_steps > 0 and line.step_size == 0:
            yield drafts.cell(
                deal,
                ("lines", row, "step_size"),
                subject=f"step_size of line '{line.id}'",
                found="0",
                allowed=f"a number above 0 where max_steps is {line.max_steps}",
                next_step="fill in what one step adds, or set max_steps to 0",
            )


@rule("line_without_output", severity="warning")
def line_without_output(deal: Deal) -> Iterator[Finding]:
    """A line with neither capacity nor steps can never make anything."""
    for row, line in enumerate(deal.lines):
        has_capacity = line.initial_capacity > 0 or (line.max_steps > 0 and line.step_size > 0)
        if (line.status == "existing" and not has_capacity) or line.availability == 0:
            column = "availability" if line.availability == 0 else "initial_capacity"
            yield drafts.cell(
                deal,
                ("lines", row, column),
                subject=f"{column} of line '{line.id}'",
                found="0",
                allowed="a number above 0",
                next_step="fill in the capacity that the line has, or take the line out",
            )


@rule("investment_outside_deal", severity="warning")
def investment_outside_deal(deal: Deal) -> Iterator[Finding]:
    """A third party pays for opening or enlarging a line; its cost is in neither side's utility."""
    roles = {party.id: party.role for party in deal.settings.parties}
    for row, line in enumerate(deal.lines):
        payer = line.investor or line.operator
        if _can_invest(line) and roles.get(payer) == "third":
            yield drafts.cell(
                deal,
                ("lines", row, "investor" if line.investor else "operator"),
                subject=f"investment in line '{line.id}'",
                found=f"paid by {drafts.quoted(payer)}, a third party",
                allowed="an investment that the buyer or the seller pays",
                next_step="name one of them as `investor`, or accept that the plan counts it as free",
            )


@rule("licence_fee_for_no_licence", severity="warning", needs=("line_systems",))
def licence_fee_for_no_licence(deal: Deal) -> Iterator[Finding]:
    """A licence fee falls due to nobody: the seller runs the line, or the line makes none of its designs."""
    makes = lookup.systems_by_line(deal)
    sellers = {system.id for system in deal.systems if lookup.is_side(deal, system.supplier, "seller")}
    for row, line in enumerate(deal.lines):
        is_run_by_seller = lookup.is_side(deal, line.operator, "seller")
        if line.licence_fee > 0 and (is_run_by_seller or sellers.isdisjoint(makes.get(line.id, ()))):
            yield drafts.cell(
                deal,
                ("lines", row, "licence_fee"),
                subject=f"licence_fee of line '{line.id}'",
                found=drafts.number(line.licence_fee),
                allowed="0 or blank where the seller runs the line or owns nothing that it makes",
                next_step="leave the cell blank, or name the operator that takes the licence",
            )


@rule("licence_fee_outside_deal", severity="warning")
def licence_fee_outside_deal(deal: Deal) -> Iterator[Finding]:
    """Third parties open and run a line with a licence fee; a plan can take the fee at nobody's cost."""
    third = {party.id for party in deal.settings.parties if party.role == "third"}
    for row, line in enumerate(deal.lines):
        if line.licence_fee > 0 and third.issuperset((line.operator, line.investor or line.operator)):
            yield drafts.cell(
                deal,
                ("lines", row, "licence_fee"),
                subject=f"licence_fee of line '{line.id}'",
                found=f"paid by {drafts.quoted(line.operator)}, a third party that also opens the line",
                allowed="a line that the buyer or the seller opens or runs",
                next_step="name one of them as `investor`, or accept that the fee costs nobody",
            )


@rule("yield_above_one", severity="error")
def yield_above_one(deal: Deal) -> Iterator[Finding]:
    """A line makes more good units than it starts."""
    for row, product in enumerate(deal.line_systems):
        if product.yield_rate > 1:
            yield drafts.cell(
                deal,
                ("line_systems", row, "yield_rate"),
                subject=f"yield_rate of {drafts.product(product)}",
                found=drafts.number(product.yield_rate),
                allowed="above 0 and at most 1",
                next_step="write the share of good units, such as 0.97",
            )


@rule("return_without_home_need", severity="warning")
def return_without_home_need(deal: Deal) -> Iterator[Finding]:
    """Output of a line must go to the owner's own needs, and none of its systems meets one."""
    makes = lookup.systems_by_line(deal)
    by_role = lookup.systems_by_role(deal)
    one_year = {(need.role, need.system): need for need in deal.home_needs}
    needed = set().union(*(lookup.systems_of_need(need, by_role) for need in one_year.values()))
    for row, line in enumerate(deal.lines):
        if line.return_share > 0 and needed.isdisjoint(makes.get(line.id, ())):
            yield drafts.cell(
                deal,
                ("lines", row, "return_share"),
                subject=f"return_share of line '{line.id}'",
                found=drafts.number(line.return_share),
                allowed="0 for a line whose systems meet no home need",
                next_step="add the need to `home_needs`, or leave return_share blank",
            )


@rule("seller_system_without_line", severity="warning", needs=("line_systems",))
def seller_system_without_line(deal: Deal) -> Iterator[Finding]:
    """No line makes a system of the seller, so that it can never be delivered."""
    made = {product.system for product in deal.line_systems}
    for row, system in enumerate(deal.systems):
        if system.successor_of is not None:
            continue  # it inherits the lines of its predecessor
        if system.id not in made and lookup.is_side(deal, system.supplier, "seller"):
            yield drafts.cell(
                deal,
                ("systems", row, "id"),
                subject=f"lines of the seller's system '{system.id}'",
                found="none",
                allowed="at least one row of `line_systems`",
                next_step="add the line that makes it; until then it is on paper only",
            )


def _can_invest(line: Line) -> bool:
    opens = line.status == "candidate" and line.open_cost > 0
    return opens or (line.max_steps > 0 and line.step_cost > 0)
