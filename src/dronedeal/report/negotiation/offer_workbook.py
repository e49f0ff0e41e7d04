"""The workbook of an offer: the same tables as the page, one a sheet."""

from __future__ import annotations

from pathlib import Path

from dronedeal.negotiation.offer_record import Offer
from dronedeal.report.negotiation.offer_page import headline
from dronedeal.report.negotiation.offer_tables import OFFER_GRIDS
from dronedeal.report.negotiation.offer_wording import OfferSpeech
from dronedeal.report.negotiation.workbook import write_grid, write_lines
from dronedeal.report.workbook import CREATED
from dronedeal.report.workbook_sheets import Book


def write_offer_workbook(offer: Offer, path: Path) -> None:
    """Write the tables of an offer as an Excel workbook, in which text is always text.

    Parameters
    ----------
    offer : the record
    path : file to write

    Examples
    --------
    ``write_offer_workbook(read_offer("out"), Path("out/offer.xlsx"))``
    """
    import xlsxwriter

    speech = OfferSpeech(offer)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as workbook:
        workbook.set_properties(
            {"title": offer.title, "created": CREATED, "comments": f"Deal digest {offer.digest}"}
        )
        book = Book(workbook)
        lines = [
            ("In short", " ".join(headline(speech))),
            ("Term sheet", offer.name or "without a name"),
            ("Signed", "yes" if offer.is_signed else "no"),
            ("Buyer", speech.heads["buyer"]),
            ("Seller", speech.heads["seller"]),
            ("Unit of money", speech.unit),
            (f"Smallest {speech.change_noun}", offer.improvement_words),
            *(("Warning", warning) for warning in offer.warnings),
        ]
        write_lines(book, offer.title, lines)
        for name, maker in OFFER_GRIDS.items():
            write_grid(book, name, maker(speech))
