"""What the rows of the problem say in the words of the contract; a family of rows registers its words.

The table `binding`, the causes of what is short and the price at which a system would come in all read the
same registry, so that a new family explains itself everywhere once its function stands here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dronedeal.deal.address import cell_text, row_key
from dronedeal.deal.schema import TABLES
from dronedeal.results.reading import Reading


@dataclass(frozen=True, slots=True)
class Term:
    """The term of the contract that one row of the problem stands for.

    Rows of one kind, subject and year are one term: their duals are added up.

    Parameters
    ----------
    kind : short name of the rule, such as `price_maximum`
    about : its subject, made by `vocabulary.subject`; ids of the deal only
    year : fiscal year; None: of the whole plan
    address : cell of the deal that says it, such as `prices[hawk//2027/0].maximum`, made by `cell_address`;
        a key of `deal.yaml` is `settings.terms.ceiling`
    says : the first half of a sentence, such as `no more than 150 of hawk are on sale in fiscal year 2027`
    size : of the whole term in its own units, for the order of the table
    one_more : what one more unit of it is, in words
    unit : of the term
    rate : by how much the limit of this row changes for one more unit of the term
    rows : how many rows one more unit of it relaxes alike, such as one a month
    month : of this row, where the row is of one month
    """

    kind: str
    about: str
    year: int | None
    address: str
    says: str
    size: float
    one_more: str = "one more"
    unit: str = "units"
    rate: float = 1.0
    rows: int = 1
    month: str | None = None


Coordinates = Mapping[str, int]
Describe = Callable[[Reading, Coordinates], Term]
TERMS: dict[str, Describe] = {}

# Rows that only hand something on, such as a stock from one month to the next: whatever is scarce stands in
# another row, and their duals are no terms of the contract.
HANDED_ON = frozenset(
    {
        "assignment",
        "begin_stays",
        "boost_size",
        "bundle_due",
        "bundle_member",
        "bundle_scarce",
        "bundle_share",
        "bundle_taker",
        "cash_balance",
        "choice_kept",
        "choice_limit",
        "choice_real",
        "contract",
        "coverage",
        "frozen",
        "frozen_begun",
        "hand_balance",
        "home_ceiling",
        "integrate_stays",
        "open_once",
        "payment",
        "saved_size",
        "step_after_open",
        "step_limit",
        "stock_balance",
        "swap_limit",
        "tier_ceiling",
        "tier_quantity",
    }
)


def term(family: str) -> Callable[[Describe], Describe]:
    """Register a function `(reading, coordinates) -> Term` as the words of one family of rows.

    Parameters
    ----------
    family : name of the row family; `coordinates` gives the index of the row on each of its axes
    """

    def register(describe: Describe) -> Describe:
        if family in TERMS:
            raise ValueError(f"the words of the rows {family} stand twice")
        TERMS[family] = describe
        return describe

    return register


def term_of(reading: Reading, family: str, offset: int) -> Term:
    """The term behind one row of a registered family.

    Parameters
    ----------
    offset : place of the row inside its family
    """
    coordinates = reading.problem.rows[family].coordinates
    return TERMS[family](reading, {axis: int(index[offset]) for axis, index in coordinates.items()})


def cell_address(reading: Reading, table: str, number: int, column: str) -> str:
    """Address of a cell of the deal, as a change names it.

    Parameters
    ----------
    number : 0-based row of the table
    """
    number = reading.deal.source_row(table, number)
    row = (reading.deal.stated or reading.deal).table(table)[number]
    key = "/".join(cell_text(getattr(row, name)) for name in TABLES[table].key) or row_key(number)
    return f"{table}[{key}].{column}"
