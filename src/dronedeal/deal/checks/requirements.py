"""Requirements and branches."""

from __future__ import annotations

from collections.abc import Iterator

from dronedeal.deal import drafts
from dronedeal.deal.checks import lookup
from dronedeal.deal.checks.registry import rule
from dronedeal.deal.deal import Deal
from dronedeal.deal.finding import Finding


@rule("threshold_above_objective", severity="error")
def threshold_above_objective(deal: Deal) -> Iterator[Finding]:
    """The quantity that must be reached is larger than the quantity that is desired."""
    for row, size in enumerate(deal.requirement_quantities):
        if size.threshold > size.objective:
            yield drafts.cell(
                deal,
                ("requirement_quantities", row, "threshold"),
                subject=f"threshold of requirement '{size.requirement}' in {size.fiscal_year}",
                found=drafts.number(size.threshold),
                allowed=f"at most the objective, {drafts.number(size.objective)}",
                next_step="lower the threshold or raise the objective",
            )


@rule("coverage_value_rises", severity="error")
def coverage_value_rises(deal: Deal) -> Iterator[Finding]:
    """A unit beyond the threshold is worth more than one up to it; values must decline."""
    for row, need in enumerate(deal.requirements):
        if need.value_threshold is None or need.value_objective is None:
            continue  # what the preferences make of it falls by itself
        if need.value_objective > need.value_threshold:
            yield drafts.cell(
                deal,
                ("requirements", row, "value_objective"),
                subject=f"value_objective of requirement '{need.id}'",
                found=drafts.number(need.value_objective),
                allowed=f"at most value_threshold, {drafts.number(need.value_threshold)}",
                next_step="lower value_objective, or split the need into two requirements",
            )


@rule("role_without_system", severity="warning")
def role_without_system(deal: Deal) -> Iterator[Finding]:
    """A requirement, a need of the seller or a prior names a role that no system has."""
    known = drafts.Names(lookup.systems_by_role(deal))
    named = [
        *(
            (deal.place("requirements", row, "role"), f"requirement '{need.id}'", need.role)
            for row, need in enumerate(deal.requirements)
        ),
        *(
            (deal.place("home_needs", row, "role"), f"home need '{home.id}'", home.role)
            for row, home in enumerate(deal.home_needs)
        ),
        *(
            (
                deal.settings_place(f"evidence.priors.{position}.role"),
                f"the prior of '{prior.measure}'",
                prior.role,
            )
            for position, prior in enumerate(deal.settings.evidence.priors)
        ),
    ]
    for place, owner, role in named:
        if role is not None and role not in known:
            yield drafts.at(
                place,
                subject=f"role of {owner}",
                found=drafts.quoted(role),
                allowed=f"a role of a system: {known.text}",
                next_step=known.advice(role, otherwise="add a system that has the role"),
            )


@rule("requirement_without_quantity", severity="warning")
def requirement_without_quantity(deal: Deal) -> Iterator[Finding]:
    """A requirement has no quantity above zero in any fiscal year."""
    sized = {size.requirement for size in deal.requirement_quantities if size.objective > 0}
    for row, need in enumerate(deal.requirements):
        if need.id not in sized:
            yield drafts.cell(
                deal,
                ("requirements", row, "id"),
                subject=f"size of requirement '{need.id}'",
                found="no quantity above 0",
                allowed="a quantity in at least one fiscal year",
                next_step="add its rows to `requirement_quantities`; until then nothing is bought for it",
            )


@rule("branch_without_budget", severity="warning")
def branch_without_budget(deal: Deal) -> Iterator[Finding]:
    """A branch has requirements and no money, so that nothing can be bought for them."""
    funded = {budget.branch for budget in deal.budgets}
    needing = {need.branch for need in deal.requirements}
    for row, branch in enumerate(deal.branches):
        if branch.id in needing and branch.id not in funded:
            yield drafts.cell(
                deal,
                ("branches", row, "id"),
                subject=f"money of branch '{branch.id}'",
                found="no budget",
                allowed="at least one row of `budgets` for a branch with requirements",
                next_step="add the money of the branch to `budgets`; until then it buys nothing",
            )


@rule("appropriation_without_budget", severity="warning")
def appropriation_without_budget(deal: Deal) -> Iterator[Finding]:
    """A requirement or integration must be paid from money that its branch does not have."""
    kinds: dict[str, set[str]] = {}
    for budget in deal.budgets:
        kinds.setdefault(budget.branch, set()).add(budget.appropriation)
    names_of = {branch: drafts.Names(own) for branch, own in kinds.items()}
    for table in ("requirements", "integrations"):
        for row, record in enumerate(deal.table(table)):
            own = names_of.get(record.branch)
            # a branch without any money has its own finding
            if own is not None and record.appropriation is not None and record.appropriation not in own:
                yield drafts.cell(
                    deal,
                    (table, row, "appropriation"),
                    subject=f"appropriation of {drafts.row_name(table, record)}",
                    found=drafts.quoted(record.appropriation),
                    allowed=f"an appropriation of branch '{record.branch}': {own.text}",
                    next_step=own.advice(
                        record.appropriation, otherwise="add its money to `budgets`, or leave the cell blank"
                    ),
                )
