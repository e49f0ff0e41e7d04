"""What plans buy of each system and make on each line over their whole time, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dronedeal.report.comparison_tables import Labels
from dronedeal.report.grid import Grid, GridColumn
from dronedeal.report.wording import isolate, list_text, money_text, percent_text
from dronedeal.results.compare import Comparison

MIXES = (("purchases", "system"), ("production", "line"))
_NAMED = 3
# The solver's tolerance, as a share of all money.
_SMALL = 1e-9


@dataclass(frozen=True)
class Share:
    """Units of one system bought, or made on one line, over the whole of each plan.

    Parameters
    ----------
    about : id of the system or line; None: bought elsewhere
    units, money : of each plan; money at base-year prices, of what is made at its cost
    """

    about: str | None
    units: tuple[float, ...]
    money: tuple[float, ...]

    @property
    def moved(self) -> float:
        """The greatest difference of any plan from the first, in money."""
        return max(abs(value - self.money[0]) for value in self.money)


def shares(comparison: Comparison, table: str, by: str) -> tuple[Share, ...]:
    """One share for each system or line that any plan uses, those first that move most money.

    Parameters
    ----------
    table, by : `purchases` by `system`, or `production` by `line`
    """
    units, money = (
        {figure.key[0]: tuple(value or 0.0 for value in figure.values)
         for figure in comparison.summed(table, column, by=(by,))}
        for column in ("quantity", "amount")
    )  # fmt: skip
    found = [
        Share(None if about is None else str(about), values, money[about])
        for about, values in units.items()
        if any(values)
    ]
    return tuple(sorted(found, key=lambda share: (-share.moved, str(share.about))))


def mix_grids(comparison: Comparison, labels: Labels) -> tuple[Grid, ...]:
    """Units bought by system and made by line, one column a plan, those first that move most money."""
    unit = comparison.plans[0].currency
    return tuple(
        Grid(
            caption,
            (
                GridColumn(title),
                *(GridColumn(name, "quantity", "units") for name in comparison.names),
                GridColumn("Most it differs", "money", unit),
            ),
            tuple(
                (labels.cell(by, share.about), *share.units, share.moved)
                for share in shares(comparison, table, by)
            ),
            note=note,
            is_open=True,
        )
        for caption, title, table, by, note in (
            ("Units bought over the whole plan, by system", "System", "purchases", "system",
             "Money at base-year prices."),
            ("Units started over the whole plan, by line", "Line", "production", "line",
             "Money at the cost of making them."),
        )
    )  # fmt: skip


def mix_words(comparison: Comparison, labels: Labels) -> tuple[str, ...]:
    """For each further plan how much money it moves, and between which systems and lines."""
    bought, made = (shares(comparison, table, by) for table, by in MIXES)
    currency = comparison.plans[0].currency
    return tuple(
        isolate(
            f"Against “{comparison.names[0]}”, “{comparison.names[number]}” buys "
            f"{_moved(bought, number, labels, by='system', currency=currency)}. It makes "
            f"{_moved(made, number, labels, by='line', currency=currency)}."
        )
        for number in range(1, len(comparison.plans))
    )


def moved_share(found: Sequence[Share], number: int) -> float | None:
    """Money that differs in a plan from the first, as a share of all money of the first; None without any."""
    spent = sum(share.money[0] for share in found)
    return sum(abs(share.money[number] - share.money[0]) for share in found) / spent if spent else None


def _moved(found: Sequence[Share], number: int, labels: Labels, *, by: str, currency: str) -> str:
    change = {share: share.money[number] - share.money[0] for share in found}
    moved = sum(map(abs, change.values()))
    if moved <= _SMALL * max(1.0, sum(share.money[0] for share in found)):
        return "the same"
    parts = []
    for word, sign in (("more", 1.0), ("less", -1.0)):
        of = [each for each in found if sign * change[each] > 0]
        of.sort(key=lambda each: -abs(change[each]))
        names = [
            f"{labels.cell(by, each.about)} ({money_text(abs(change[each]), currency)})"
            for each in of[:_NAMED]
        ]
        parts += [f"{word} {'on' if by == 'line' else 'of'} {list_text(names)}"] if names else []
    share = moved_share(found, number)
    part = "" if share is None else f", {percent_text(share)} of all,"
    return f"{' and '.join(parts)}; in all {money_text(moved, currency)}{part} differ"
