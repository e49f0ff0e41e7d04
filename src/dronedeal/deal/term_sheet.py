"""Term sheets: values for clauses, and the deal as it would be with them.

A clause whose subject names cells gives them its value; one with the subject `*` has effects, each with the
value of its cells at either position (`clause_effects`). The deal with terms is an ordinary deal.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Literal

from dronedeal.deal import drafts
from dronedeal.deal.address import UnreadableAddressError
from dronedeal.deal.between import is_alike, share_of
from dronedeal.deal.change_value import NUMERIC, UnusableValueError
from dronedeal.deal.clause_cells import EVERYTHING, Cell, CellChange, Subjects, with_cells
from dronedeal.deal.clauses import Clause
from dronedeal.deal.deal import Deal
from dronedeal.deal.finding import Finding
from dronedeal.deal.place import Place
from dronedeal.deal.schema import Column
from dronedeal.errors import TermSheetError

Side = Literal["buyer", "seller"]
Word = Literal["buyer", "seller", "now"]
WORDS: tuple[Word, ...] = ("buyer", "seller", "now")
"""What may stand for a value: the position of a side, or the deal as it stands."""

# A solver's value may lie beyond a bound by what rounding makes of it.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class TermSheet:
    """Values that were named for some clauses; what is not named stays as in the deal.

    Parameters
    ----------
    terms : by clause a number on the scale of the clause, or one of `WORDS`
    title : what the sheet is called; None: nothing
    is_signed : whether both sides have signed it; what is shown of it is then an amendment
    frozen : clauses that are not talked about again
    least : what the plan must leave a side at least, in discounted base-year currency; it stands for the
        quantities that were agreed with the terms
    places : where each clause stands in the file that it was read from
    """

    terms: Mapping[str, float | Word]
    title: str | None = None
    is_signed: bool = False
    frozen: tuple[str, ...] = ()
    least: Mapping[Side, float] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)

    def place(self, clause: str) -> Place:
        """Address of the value of a clause."""
        return self.places.get(clause, Place("terms", name=clause))


def position(deal: Deal, clause: Clause | str, *, side: Side) -> float | None:
    """What a side asks for: its own position or the estimate of it, else that in `clauses`; None: nothing."""
    clause = _clause(deal, clause)
    rows = deal.buyer_positions if side == "buyer" else deal.seller_positions
    own = next((row.position for row in rows if row.clause == clause.id), None)
    at_the_table = clause.buyer_position if side == "buyer" else clause.seller_position
    return at_the_table if own is None else own


def clause_range(deal: Deal, clause: Clause | str) -> tuple[float, float]:
    """Least and greatest value that can be agreed: the bounds, and where there is none the positions.

    Raises
    ------
    TermSheetError : where neither bounds nor positions say it

    Examples
    --------
    >>> from dronedeal.deal.synthetic import synthetic_deal
    >>> price = Clause(id="price", kind="price", subject="prices[*].unit_price", buyer_position=7, upper=9)
    >>> deal = synthetic_deal(systems=3, lines=3, requirements=2, seed=1).with_table("clauses", [price])
    >>> clause_range(deal.with_table("clauses", [price.model_copy(update={"lower": 5.0})]), "price")
    (5.0, 9.0)
    """
    clause = _clause(deal, clause)
    asked = [position(deal, clause, side="buyer"), position(deal, clause, side="seller")]
    known = [each for each in (*asked, clause.buyer_position, clause.seller_position) if each is not None]
    is_whole = None not in asked
    lower = min(known) if clause.lower is None and is_whole else clause.lower
    upper = max(known) if clause.upper is None and is_whole else clause.upper
    if lower is None or upper is None:
        raise TermSheetError([_without_range(deal, clause)])
    return lower, upper


def is_computed(deal: Deal, clause: Clause | str) -> bool:
    """Whether the deal says what a clause changes, so that its worth can be computed."""
    clause = _clause(deal, clause)
    return clause.subject != EVERYTHING or any(row.clause == clause.id for row in deal.clause_effects)


def value_now(deal: Deal, clause: Clause | str) -> float | None:
    """The value of a clause in the deal as it stands.

    None where there is no one value: the cells differ or are blank, the effects lie at different places
    between the positions or beyond them, or nothing is computed.
    """
    deal = deal.stated or deal
    clause = _clause(deal, clause)
    return _value_now(clause, Subjects(deal).changes(clause))


def deal_at(deal: Deal, terms: Mapping[str, float]) -> Deal:
    """The deal with terms: the same rows with other cells, each validated again.

    A clause at its value now, and one that is not computed, changes nothing. The order of the terms does not
    matter. Of a deal that was completed the deal that the user stated is taken.

    Parameters
    ----------
    deal : as it stands
    terms : value by clause, on the scale of the clause

    Raises
    ------
    TermSheetError : naming every term that cannot be had, what was found, what is allowed and the next step
    """
    return _deal_at(deal.stated or deal, TermSheet(dict(terms)))


def terms_of(deal: Deal, sheet: TermSheet) -> dict[str, float]:
    """The values of a term sheet, words replaced by the positions that they stand for.

    A clause that stays as it is now is left out where the deal has no one value for it.

    Raises
    ------
    TermSheetError : with every term that cannot be had, at its address
    """
    known = {clause.id: clause for clause in deal.clauses}
    found: dict[str, float] = {}
    findings = [_unknown(deal, sheet, name) for name in sheet.frozen if name not in known]
    for name, asked in sheet.terms.items():
        try:
            value = _asked(deal, known, sheet, name, asked)
        except TermSheetError as error:
            findings += error.findings
        else:
            if value is not None:
                found[name] = value
    if findings:
        raise TermSheetError(findings)
    return found


def deal_of(deal: Deal, sheet: TermSheet) -> Deal:
    """The deal with the terms of a sheet; errors name the line of the file that the sheet was read from.

    Raises
    ------
    TermSheetError : with every term that cannot be had, at its address
    """
    return _deal_at(deal.stated or deal, replace(sheet, terms=terms_of(deal, sheet)))


def idle_terms(deal: Deal, terms: Iterable[str]) -> dict[str, str]:
    """Clauses that change no cell of a deal whatever their value, each with the reason.

    So it is where the deal does not say what a clause changes, and where only one side's tables are read and
    the cells stand in those of the other.

    Parameters
    ----------
    deal : as it stands
    terms : ids of clauses

    Raises
    ------
    TermSheetError : where there is no clause of that id
    """
    deal = deal.stated or deal
    subjects, found = Subjects(deal), dict[str, str]()
    for name in terms:
        clause = _clause(deal, name)
        changes = subjects.changes(clause)
        if not changes:
            found[name] = "the deal does not say what it changes"
        elif not any(change.cells for change in changes):
            named = ", ".join(change.subject for change in changes[:2]) + (", …" if len(changes) > 2 else "")
            found[name] = f"no row that was read is named by {named}"
    return found


def nearest_value(deal: Deal, clause: Clause | str, value: float) -> float:
    """The value nearest to another that a clause can take: within its range, whole where its cells are."""
    deal = deal.stated or deal
    clause = _clause(deal, clause)
    lower, upper = clause_range(deal, clause)
    changes = Subjects(deal).changes(clause)
    if any(change.ends is None and change.column.kind in ("integer", "fiscal_year") for change in changes):
        lower, upper, value = math.ceil(lower), math.floor(upper), round(value)
    return float(min(max(value, lower), upper))


def _clause(deal: Deal, clause: Clause | str) -> Clause:
    if isinstance(clause, Clause):
        return clause
    for each in deal.clauses:
        if each.id == clause:
            return each
    raise TermSheetError([_unknown(deal, TermSheet({clause: 0.0}), clause)])


def _asked(
    deal: Deal, known: Mapping[str, Clause], sheet: TermSheet, name: str, asked: float | Word
) -> float | None:
    """The number that a term stands for; None: the deal as it stands, for which there is no number."""
    if name not in known:
        raise TermSheetError([_unknown(deal, sheet, name)])
    if asked == "now":
        return value_now(deal, known[name])
    if asked == "buyer" or asked == "seller":
        value = position(deal, known[name], side=asked)
        if value is None:
            step = f"write a number, or add the position of the {asked} to the deal"
            raise TermSheetError(
                [_finding(sheet, name, found=f"'{asked}', which has no position", allowed="", next_step=step)]
            )
        return value
    if isinstance(asked, bool) or not isinstance(asked, int | float) or not math.isfinite(asked):
        shown = drafts.quoted(asked) if isinstance(asked, str) else repr(asked)
        words = f"a number, or one of {', '.join(WORDS)}"
        step = "write a plain number on the scale of the clause"
        raise TermSheetError([_finding(sheet, name, found=shown, allowed=words, next_step=step)])
    return float(asked)


def _deal_at(deal: Deal, sheet: TermSheet) -> Deal:
    terms, subjects, findings = terms_of(deal, sheet), Subjects(deal), list[Finding]()
    values: dict[Cell, tuple[str, Column, object]] = {}
    for name in sorted(terms):
        try:
            clause = _clause(deal, name)
            for cell, column, value in _cells_at(deal, clause, terms[name], subjects, sheet):
                earlier = values.setdefault(cell, (name, column, value))
                if earlier[0] != name:
                    findings.append(_overlap(sheet, name, earlier[0], cell))
        except TermSheetError as error:
            findings += error.findings
    if findings:
        raise TermSheetError(findings)
    try:
        return with_cells(deal, [(cell, column, value) for cell, (_, column, value) in values.items()])
    except UnusableValueError:
        raise TermSheetError(list(_refused(deal, values, sheet))) from None


def _cells_at(
    deal: Deal, clause: Clause, value: float, subjects: Subjects, sheet: TermSheet
) -> Iterator[tuple[Cell, Column, object]]:
    """The cells that a clause changes with their new values; none where it stays as it is now."""
    try:
        changes = subjects.changes(clause)
        if not changes or value == _value_now(clause, changes):
            return
        value = _within(deal, clause, value, sheet)
        share = _share(clause, value)
        if share is None and clause.subject == EVERYTHING:
            raise UnusableValueError(
                found="effects without the two positions at which they are stated",
                allowed="two positions unlike each other",
                next_step="state buyer_position and seller_position of the clause",
            )
        for change in changes:
            new = change.at(value, share)
            yield from ((cell, change.column, new) for cell in change.cells)
    except (UnreadableAddressError, UnusableValueError) as fault:
        raise TermSheetError(
            [_finding(sheet, clause.id, found=fault.found, allowed=fault.allowed, next_step=fault.next_step)]
        ) from None


def _value_now(clause: Clause, changes: Sequence[CellChange]) -> float | None:
    if clause.subject != EVERYTHING:
        (change,) = changes
        present = set(change.values)
        value = present.pop() if len(present) == 1 else None
        return float(value) if isinstance(value, int | float) and change.column.kind in NUMERIC else None
    if _share(clause, 0.0) is None:
        return None
    for change in changes:
        share = _share_now(change)
        if share is not None and 0 <= share <= 1 and all(_is_at(each, share) for each in changes):
            first, second = _scale(clause)
            return float(first + share * (second - first))
    return None


def _share_now(change: CellChange) -> Fraction | None:
    if change.ends is None or not change.values or change.ends[0] == change.ends[1]:
        return None
    return share_of(change.values[0], change.ends, change.column)


def _is_at(change: CellChange, share: Fraction) -> bool:
    if change.ends is None:
        return False
    expected, ends, column = change.at(0.0, share), change.ends, change.column
    return all(is_alike(value, expected, ends=ends, column=column) for value in change.values)


def _scale(clause: Clause) -> tuple[Fraction, Fraction]:
    """The positions at which the effects of a clause are stated."""
    return Fraction(repr(clause.buyer_position)), Fraction(repr(clause.seller_position))


def _share(clause: Clause, value: float) -> Fraction | None:
    """How far from the buyer's to the seller's position a value lies; None where the clause has not both."""
    if clause.buyer_position is None or clause.seller_position in (None, clause.buyer_position):
        return None
    first, second = _scale(clause)
    return (Fraction(repr(float(value))) - first) / (second - first)


def _within(deal: Deal, clause: Clause, value: float, sheet: TermSheet) -> float:
    """The value, moved to the bound where rounding has put it beyond."""
    lower, upper = clause_range(deal, clause)
    slack = _ROUNDING * max(upper - lower, abs(lower), abs(upper))
    if not lower - slack <= value <= upper + slack:
        allowed = f"{drafts.number(lower)} to {drafts.number(upper)}"
        step = "choose a value that can be agreed, or widen the bounds of the clause"
        raise TermSheetError(
            [_finding(sheet, clause.id, found=drafts.number(value), allowed=allowed, next_step=step)]
        )
    return min(max(value, lower), upper)


def _refused(
    deal: Deal, values: Mapping[Cell, tuple[str, Column, object]], sheet: TermSheet
) -> Iterator[Finding]:
    """Which term a record does not allow: each tried alone, all of them where only their sum is refused."""
    faults: dict[str, UnusableValueError] = {}
    for cell, (name, column, value) in values.items():
        try:
            with_cells(deal, [(cell, column, value)])
        except UnusableValueError as fault:
            faults.setdefault(name, fault)
    for name, why in faults.items():
        yield _finding(sheet, name, found=why.found, allowed=why.allowed, next_step=why.next_step)
    if not faults:
        names = sorted({name for name, _, _ in values.values()})
        step = "move one of them nearer to the deal as it stands"
        yield _finding(sheet, names[0], found=f"{', '.join(names)} together", allowed="", next_step=step)


def _finding(sheet: TermSheet, clause: str, *, found: str, allowed: str, next_step: str) -> Finding:
    place = sheet.place(clause)
    return Finding("terms", "error", place, f"term of clause '{clause}'", found, allowed, next_step)


def _unknown(deal: Deal, sheet: TermSheet, name: str) -> Finding:
    known = drafts.Names(clause.id for clause in deal.clauses)
    step = known.advice(name, otherwise="name a clause of the deal, or add it to `clauses`")
    subject = "there is no clause of this name"
    return Finding("terms", "error", sheet.place(name), subject, drafts.quoted(name), known.text, step)


def _overlap(sheet: TermSheet, name: str, other: str, cell: Cell) -> Finding:
    found = f"a cell of {cell.table} ({cell.name}) that clause '{other}' changes too"
    step = "name one of the two clauses only, or mend their subjects"
    return _finding(sheet, name, found=found, allowed="cells that no other clause changes", next_step=step)


def _without_range(deal: Deal, clause: Clause) -> Finding:
    row = next((row for row, each in enumerate(deal.clauses) if each.id == clause.id), None)
    place = Place("clauses") if row is None else deal.place("clauses", row)
    step = "state lower and upper of the clause, or the positions of both sides"
    return Finding(
        "terms",
        "error",
        place,
        f"range of clause '{clause.id}'",
        "neither bounds nor two positions",
        "a least and a greatest value",
        step,
    )
