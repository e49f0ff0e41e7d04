"""Writing `negotiation.json` and `offer.json`, each with its schema, and reading them back."""

from __future__ import annotations

from pathlib import Path

from dronedeal.negotiation.offer_record import OFFER_FORMAT, Offer
from dronedeal.negotiation.plain_data import JsonObject
from dronedeal.negotiation.record import NEGOTIATION_FORMAT, Negotiation
from dronedeal.negotiation.record_file import MAX_BYTES, RecordFile

__all__ = [
    "MAX_BYTES", "NEGOTIATION_FILE", "OFFERS", "OFFER_FILE", "OFFER_SCHEMA_FILE", "SCHEMA_FILE",
    "negotiation_from_text", "negotiation_schema", "negotiation_text", "read_negotiation", "read_offer",
    "write_negotiation", "write_offer",
]  # fmt: skip

NEGOTIATION_FILE = "negotiation.json"
SCHEMA_FILE = "negotiation.schema.json"
OFFER_FILE = "offer.json"
OFFER_SCHEMA_FILE = "offer.schema.json"

NEGOTIATIONS = RecordFile(
    Negotiation,
    NEGOTIATION_FORMAT,
    NEGOTIATION_FILE,
    SCHEMA_FILE,
    "dronedeal negotiation",
    "Alternatives, zone of agreement, frontier, fair points and prices of clauses",
    "negotiate",
)
OFFERS = RecordFile(
    Offer,
    OFFER_FORMAT,
    OFFER_FILE,
    OFFER_SCHEMA_FILE,
    "dronedeal offer",
    "What one term sheet is worth to both sides, what it breaks, and the smallest change that helps both",
    "offer",
)


def negotiation_schema() -> JsonObject:
    """JSON Schema (draft 2020-12) of `negotiation.json`.

    Returns
    -------
    A new object that can be changed and written with `json.dumps`.

    Examples
    --------
    >>> negotiation_schema()["properties"]["format"]["enum"]
    ['dronedeal-negotiation/1']
    """
    return NEGOTIATIONS.schema()


def negotiation_text(negotiation: Negotiation) -> str:
    """The text of `negotiation.json`, keys in their fixed order.

    Raises
    ------
    ProgramError : where a value is not what its definition allows
    """
    return NEGOTIATIONS.text(negotiation)


def write_negotiation(negotiation: Negotiation, directory: Path | str) -> Path:
    """Write `negotiation.json` and its schema into a directory, which is made where it is missing.

    Returns
    -------
    Path of `negotiation.json`.

    Raises
    ------
    CommandError : where the directory cannot be written
    """
    return NEGOTIATIONS.write(negotiation, directory)


def read_negotiation(path: Path | str) -> Negotiation:
    """Read a negotiation from its directory or from its `negotiation.json`.

    Raises
    ------
    NegotiationFileError : where there is none, it is damaged, or it has another format
    """
    return NEGOTIATIONS.read(path)


def negotiation_from_text(text: str, *, where: str = NEGOTIATION_FILE) -> Negotiation:
    """The negotiation that the text of a `negotiation.json` holds.

    Parameters
    ----------
    where : name of the file for error messages

    Raises
    ------
    NegotiationFileError : naming every fault at its address
    """
    return NEGOTIATIONS.from_text(text, where=where)


def write_offer(offer: Offer, directory: Path | str) -> Path:
    """Write `offer.json` and its schema into a directory; returns the path of `offer.json`.

    Raises
    ------
    CommandError : where the directory cannot be written
    """
    return OFFERS.write(offer, directory)


def read_offer(path: Path | str) -> Offer:
    """Read an offer from its directory or from its `offer.json`.

    Raises
    ------
    NegotiationFileError : where there is none, it is damaged, or it has another format
    """
    return OFFERS.read(path)
