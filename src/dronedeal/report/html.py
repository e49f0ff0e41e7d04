"""The report: one self-contained HTML file for screen, phone and paper."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dronedeal.deal import Deal
from dronedeal.report.charts.render import figure_svg
from dronedeal.report.rows_html import table_rows
from dronedeal.report.sections import Subject, all_sections
from dronedeal.report.sections.answer import banner
from dronedeal.report.view import View
from dronedeal.report.wording import isolate, month_text

if TYPE_CHECKING:
    import jinja2

    from dronedeal.assessment import Assessment
    from dronedeal.results.plan import Plan


def report_html(plan: Plan, deal: Deal, assessment: Assessment) -> str:
    """The report of a plan as one HTML document.

    Parameters
    ----------
    plan : the plan
    deal : the deal that it was made for
    assessment : the matching and the evidence that it was made with

    Returns
    -------
    a whole document without scripts, raster pictures or links to anything outside itself; the same input
    gives the same text

    Examples
    --------
    ``html = report_html(plan, deal, assess(deal))``
    """
    return subject_html(Subject(View(plan, deal), assessment))


def subject_html(subject: Subject) -> str:
    """The report of a subject, which may be shared with a workbook."""
    view = subject.view
    return (
        environment()
        .get_template("report.html")
        .render(
            title=isolate(view.plan.title),
            subtitle=_subtitle(view),
            description=isolate(view.deal.settings.description or ""),
            banner=banner(view),
            sections=all_sections(subject),
            digest=view.plan.digest,
        )
    )


def write_report(plan: Plan, deal: Deal, assessment: Assessment, path: Path) -> None:
    """Write the report of a plan to a file; parameters as for `report_html`.

    Examples
    --------
    ``write_report(plan, deal, assessment, Path("out/report.html"))``
    """
    Path(path).write_text(report_html(plan, deal, assessment), encoding="utf-8", newline="\n")


def _subtitle(view: View) -> str:
    return (
        f"Plan for {view.buyer} and {view.seller}, {month_text(view.plan.start)} to "
        f"{month_text(view.last_month)}. "
        f"Money in {view.currency} at prices of fiscal year {view.plan.price_base_year} unless it says "
        "then-year."
    )


@cache
def environment() -> jinja2.Environment:
    """The templates with everything that they call; text from a deal is escaped wherever it stands."""
    import jinja2
    from markupsafe import Markup

    made = jinja2.Environment(
        loader=jinja2.PackageLoader("dronedeal.report", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def picture(figure: Any) -> Markup:
        # The renderer escapes the text of labels and `figure_svg` the summary; the SVG is trusted as a whole.
        return Markup(figure_svg(figure))

    made.globals["picture"] = picture
    made.globals["table_rows"] = table_rows
    made.globals["style"] = Markup(_style())
    return made


def _style() -> str:
    """The style sheet without its comments and line breaks."""
    from importlib.resources import files

    text = files("dronedeal.report").joinpath("templates", "report.css").read_text(encoding="utf-8")
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())
