"""Learning curves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from dronedeal.deal import drafts
from dronedeal.deal.checks.registry import rule
from dronedeal.deal.deal import Deal
from dronedeal.deal.finding import Finding


@rule("learning_slope_outside_range", severity="error")
def learning_slope_outside_range(deal: Deal) -> Iterator[Finding]:
    """A learning slope is outside (0.5, 1]: cost would halve with each doubling, or rise."""
    for row, product in enumerate(deal.line_systems):
        if product.learning_slope is not None and not 0.5 < product.learning_slope <= 1:
            yield drafts.cell(
                deal,
                ("line_systems", row, "learning_slope"),
                subject=f"learning_slope of {drafts.product(product)}",
                found=drafts.number(product.learning_slope),
                allowed="above 0.5 and at most 1",
                next_step="write the cost ratio for each doubling, such as 0.85, or leave the cell blank",
            )


@rule("learning_without_experience", severity="error")
def learning_without_experience(deal: Deal) -> Iterator[Finding]:
    """A learning slope needs the cumulative output behind the present cost, above zero."""
    for row, product in enumerate(deal.line_systems):
        if product.learning_slope is not None and not product.units_already_made:
            yield drafts.cell(
                deal,
                ("line_systems", row, "units_already_made"),
                subject=f"units_already_made of {drafts.product(product)}",
                found="a blank cell" if product.units_already_made is None else "0",
                allowed="a number above 0 where there is a learning slope",
                next_step="fill in the output behind `unit_cost` (1: the first unit), or leave the slope out",
            )


@rule("transfer_without_group", severity="warning")
def transfer_without_group(deal: Deal) -> Iterator[Finding]:
    """Experience is transferred to a line that has no learning group, or no learning slope."""
    for row, product in enumerate(deal.line_systems):
        if product.transfer_share > 0 and (product.learning_group is None or product.learning_slope is None):
            missing = "learning_group" if product.learning_group is None else "learning_slope"
            yield drafts.cell(
                deal,
                ("line_systems", row, missing),
                subject=f"transfer_share of {drafts.product(product)}",
                found=f"{drafts.number(product.transfer_share)} with a blank {missing}",
                allowed="a learning group and a learning slope where experience is transferred",
                next_step=f"fill in {missing}, or leave transfer_share blank",
            )


@rule("learning_group_of_one", severity="warning")
def learning_group_of_one(deal: Deal) -> Iterator[Finding]:
    """A learning group has one row only, so that nothing is learnt from others."""
    sizes = Counter(product.learning_group for product in deal.line_systems)
    for row, product in enumerate(deal.line_systems):
        if product.learning_group is not None and sizes[product.learning_group] == 1:
            yield drafts.cell(
                deal,
                ("line_systems", row, "learning_group"),
                subject=f"learning_group of {drafts.product(product)}",
                found=f"{drafts.quoted(product.learning_group)} in this row only",
                allowed="a group of two rows or more",
                next_step="give the rows that share experience the same group, or leave the cell blank",
            )


@rule("transfer_beyond_plan", severity="warning")
def transfer_beyond_plan(deal: Deal) -> Iterator[Finding]:
    """Experience of others counts only after the end of the plan."""
    months = deal.settings.months
    for row, product in enumerate(deal.line_systems):
        if product.transfer_share > 0 and product.transfer_lag_months >= months - 1:
            yield drafts.cell(
                deal,
                ("line_systems", row, "transfer_lag_months"),
                subject=f"transfer_lag_months of {drafts.product(product)}",
                found=drafts.number(product.transfer_lag_months),
                allowed=f"fewer than {months - 1} in a plan of {months} months",
                next_step="write the months until experience counts, or leave transfer_share blank",
            )


@rule("everything_forgotten", severity="error")
def everything_forgotten(deal: Deal) -> Iterator[Finding]:
    """All experience is lost within a year, so that no cost could be stated."""
    for row, product in enumerate(deal.line_systems):
        if product.forgetting_rate >= 1:
            yield drafts.cell(
                deal,
                ("line_systems", row, "forgetting_rate"),
                subject=f"forgetting_rate of {drafts.product(product)}",
                found=drafts.number(product.forgetting_rate),
                allowed="from 0 to below 1",
                next_step="write the share of experience that is lost in a year, such as 0.2",
            )


@rule("forgetting_without_slope", severity="warning")
def forgetting_without_slope(deal: Deal) -> Iterator[Finding]:
    """Experience is forgotten on a line whose cost does not depend on it."""
    for row, product in enumerate(deal.line_systems):
        if product.forgetting_rate > 0 and product.learning_slope is None:
            yield drafts.cell(
                deal,
                ("line_systems", row, "learning_slope"),
                subject=f"forgetting_rate of {drafts.product(product)}",
                found=f"{drafts.number(product.forgetting_rate)} with a blank learning_slope",
                allowed="a learning slope where experience is forgotten",
                next_step="fill in learning_slope, or leave forgetting_rate blank",
            )


@rule("startup_incomplete", severity="error")
def startup_incomplete(deal: Deal) -> Iterator[Finding]:
    """A start-up premium without the units that pay it, or such units without a premium."""
    for row, product in enumerate(deal.line_systems):
        has_premium, has_units = product.startup_premium > 0, product.startup_units > 0
        if has_premium == has_units:
            continue
        missing, stated = (
            ("startup_units", "startup_premium") if has_premium else ("startup_premium", "startup_units")
        )
        yield drafts.cell(
            deal,
            ("line_systems", row, missing),
            subject=f"{missing} of {drafts.product(product)}",
            found=f"0 with {stated} {drafts.number(getattr(product, stated))}",
            allowed=f"a number above 0 where there is a {stated}",
            next_step=f"fill in {missing}, or leave {stated} blank",
        )
