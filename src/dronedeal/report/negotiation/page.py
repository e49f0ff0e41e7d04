"""The page of a negotiation: one self-contained HTML file with the look of the report."""

from __future__ import annotations

from pathlib import Path

from dronedeal.negotiation.record import Negotiation
from dronedeal.report.negotiation.sections import negotiation_banner, negotiation_sections
from dronedeal.report.negotiation.wording import Speech
from dronedeal.report.page import Page
from dronedeal.report.wording import isolate

PAGE_FILE = "negotiation.html"


def negotiation_html(negotiation: Negotiation) -> str:
    """A negotiation as one HTML document.

    Parameters
    ----------
    negotiation : the record

    Returns
    -------
    a whole document without scripts, raster pictures or links to anything outside itself; the same input
    gives the same text

    Examples
    --------
    ``html = negotiation_html(read_negotiation("out"))``
    """
    return negotiation_page(negotiation).html


def negotiation_page(negotiation: Negotiation) -> Page:
    """The page of a negotiation before its charts are drawn."""
    speech = Speech(negotiation)
    return Page(
        "negotiation.html",
        title=f"Two sides at the table: {isolate(negotiation.title)}",
        subtitle=speech.who_and_in_what,
        banner=negotiation_banner(speech),
        sections=negotiation_sections(speech),
        words={"digest": negotiation.digest},
    )


def write_negotiation_page(negotiation: Negotiation, path: Path) -> None:
    """Write the page of a negotiation to a file.

    Examples
    --------
    ``write_negotiation_page(read_negotiation("out"), Path("out/negotiation.html"))``
    """
    negotiation_page(negotiation).write(path)
