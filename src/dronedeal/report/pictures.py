"""The charts of a plan by name, as text and as something that a notebook shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dronedeal.deal import Deal
from dronedeal.errors import CommandError
from dronedeal.report.charts import figures
from dronedeal.report.charts.render import Picture, figure_svg
from dronedeal.report.figure import Figure
from dronedeal.report.view import View

if TYPE_CHECKING:
    from dronedeal.results.plan import Plan


def chart_names() -> tuple[str, ...]:
    """Names of the charts, in the order in which the report shows them.

    Examples
    --------
    >>> chart_names()[:3]
    ('purchases', 'systems', 'utilisation')
    """
    return tuple(figures())


def chart_svg(plan: Plan, deal: Deal, name: str) -> str:
    """One chart of a plan as SVG text.

    Parameters
    ----------
    plan : the plan
    deal : the deal that it was made for
    name : one of `chart_names()`

    Returns
    -------
    one `svg` element, with a sentence that says the same as its accessible name; where there is nothing to
    draw, the picture holds the sentence that says so

    Raises
    ------
    CommandError
        where no chart has that name

    Examples
    --------
    ``Path("purchases.svg").write_text(chart_svg(plan, deal, "purchases"))``
    """
    return figure_svg(_figure(View(plan, deal), name))


def chart(plan: Plan, deal: Deal, name: str) -> Picture:
    """One chart of a plan that a notebook shows by itself; parameters as for `chart_svg`.

    Examples
    --------
    ``chart(plan, deal, "coverage")`` as the last line of a notebook cell
    """
    return Picture(_figure(View(plan, deal), name))


def _figure(view: View, name: str) -> Figure:
    try:
        maker = figures()[name]
    except KeyError:
        raise CommandError(
            f'chart "{name}": no chart has this name; allowed: {", ".join(figures())}; choose one of them'
        ) from None
    return maker(view)
