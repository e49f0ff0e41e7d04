"""Term sheets in and out: `TERMS.yaml` with a value for each clause that is named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

from dronedeal.deal.finding import Finding
from dronedeal.deal.place import Place
from dronedeal.deal.schema import TABLES
from dronedeal.deal.term_sheet import WORDS, Side, TermSheet, Word
from dronedeal.errors import TermSheetError
from dronedeal.files.cells import CellError, describe, parse_cell
from dronedeal.files.findings import FindingLog
from dronedeal.files.limits import MAX_YAML_BYTES
from dronedeal.files.safe_write import write_file
from dronedeal.files.settings_reader import Items, Keys, Node, Scalar
from dronedeal.files.suggestion import did_you_mean, printable, quoted
from dronedeal.files.text_file import FileFault, read_text
from dronedeal.files.yaml_settings import read_yaml
from dronedeal.files.yaml_writer import yaml_value

_KEYS = ("format", "title", "signed", "frozen", "least", "terms")
_RULE = "terms"
_ALLOWED = f"a number, or one of {', '.join(WORDS)}"
_NUMBER = TABLES["clauses"].column("lower")
_TITLE = TABLES["clauses"].column("note")
_SIDES: tuple[Side, ...] = ("buyer", "seller")
_YES_OR_NO = ("true", "false")
_NULL = ("", "~", "null", "Null", "NULL")


def read_term_sheet(path: str | Path) -> TermSheet:
    """The term sheet in a file; whether its clauses are those of a deal is for `deal.term_sheet` to say.

    Parameters
    ----------
    path : a YAML file with `format: 1`, an optional `title`, `signed` (true or false), `frozen` (clauses that
        are not talked about again) and `least` (what the plan must leave `buyer` and `seller`), and `terms`
        with a number, `buyer`, `seller` or `now` for each clause that is named

    Raises
    ------
    TermSheetError : with every error of the file, each with its line and column

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_term_sheet(TermSheet({"price": 950.0, "royalty": "seller"}), f"{folder}/TERMS.yaml")
    ...     sheet = read_term_sheet(f"{folder}/TERMS.yaml")
    >>> dict(sheet.terms)
    {'price': 950.0, 'royalty': 'seller'}
    """
    name = printable(str(path))
    try:
        text = read_text(Path(path), name, max_bytes=MAX_YAML_BYTES)
    except FileFault as fault:
        raise TermSheetError([fault.finding]) from None
    log = FindingLog(Place(name))
    tree = read_yaml(text, name, log, start="begin with `format: 1` and `terms:`")
    sheet = None if tree is None else _Reading(log).sheet(tree)
    if sheet is None or log.count:
        raise TermSheetError([_of_terms(finding) for finding in log.findings])
    return sheet


def write_term_sheet(sheet: TermSheet, path: str | Path, *, overwrite: bool = False) -> None:
    """Write a term sheet as a file that reads back as the same sheet, its clauses in their order.

    Raises
    ------
    CommandError : where something stands at the path and may not be overwritten, or cannot be written
    """
    write_file(Path(path), term_sheet_text(sheet).encode(), overwrite=overwrite)


def term_sheet_text(sheet: TermSheet) -> str:
    """A term sheet as YAML 1.2.

    >>> print(term_sheet_text(TermSheet({"price": 950.0, "no": "now"}, title="First offer")), end="")
    format: 1
    title: "First offer"
    terms:
      price: 950
      "no": now
    """
    return "\n".join(_lines(sheet)) + "\n"


def _lines(sheet: TermSheet) -> Iterator[str]:
    yield "format: 1"
    if sheet.title is not None:
        yield f"title: {yaml_value(sheet.title)}"
    if sheet.is_signed:
        yield "signed: true"
    if sheet.frozen:
        yield f"frozen: [{', '.join(map(yaml_value, sheet.frozen))}]"
    if sheet.least:
        yield "least:"
        yield from (f"  {side}: {yaml_value(amount)}" for side, amount in sheet.least.items())
    yield "terms:" if sheet.terms else "terms: {}"
    for clause, value in sheet.terms.items():
        yield f"  {yaml_value(clause)}: {yaml_value(value)}"


def _of_terms(finding: Finding) -> Finding:
    """A finding of the YAML reader, which reads settings as a rule."""
    return replace(finding, rule=_RULE) if finding.rule == "settings" else finding


class _Reading:
    """One walk through the keys of a term sheet."""

    def __init__(self, log: FindingLog) -> None:
        self.log = log

    def sheet(self, tree: Keys) -> TermSheet:
        for name, place in tree.key_places.items():
            if name not in _KEYS:
                step = did_you_mean(name, _KEYS, otherwise="remove the key; clauses stand below `terms`")
                self._refuse(place, "there is no key of this name", found=quoted(name), next_step=step)
        self._format(tree)
        terms, places = self._terms(tree)
        return TermSheet(
            terms,
            self._title(tree.values.get("title")),
            is_signed=self._signed(tree.values.get("signed")),
            frozen=self._frozen(tree.values.get("frozen")),
            least=self._least(tree.values.get("least")),
            places=_frozen_places(tree.values.get("frozen")) | places,
        )

    def _refuse(self, place: Place, subject: str, *, found: str, next_step: str, allowed: str = "") -> None:
        self.log.add(_RULE, place, subject, found=found, allowed=allowed, next_step=next_step)

    def _format(self, tree: Keys) -> None:
        node = tree.values.get("format")
        if node is None or _text(node) != "1" or not _is_plain(node):
            place, found = (tree.place, "no such key") if node is None else (node.place, _shown(node))
            self._refuse(place, "the key format", found=found, allowed="1", next_step="write `format: 1`")

    def _title(self, node: Node | None) -> str | None:
        if node is None or (_is_plain(node) and _text(node) in _NULL):
            return None
        text = (_text(node) or "").strip()
        if not text or len(text) > 4000:
            step = "write one text behind the key, or remove the key"
            self._refuse(
                node.place, "the key title", found=_shown(node), allowed=_TITLE.allowed, next_step=step
            )
            return None
        return text

    def _signed(self, node: Node | None) -> bool:
        if node is None:
            return False
        text = (_text(node) or "").strip()
        if not _is_plain(node) or text not in _YES_OR_NO:
            step = "write `signed: true` for a text that both sides have signed, or remove the key"
            self._refuse(
                node.place, "the key signed", found=_shown(node), allowed="true or false", next_step=step
            )
        return text == "true"

    def _frozen(self, node: Node | None) -> tuple[str, ...]:
        if node is None or (_is_plain(node) and _text(node) in _NULL):
            return ()
        names = [_text(item) for item in node.items] if isinstance(node, Items) else [None]
        if not all(names):
            step = "write the ids of clauses in brackets, such as `frozen: [price]`, or remove the key"
            self._refuse(
                node.place, "the key frozen", found=_shown(node), allowed="a list of clauses", next_step=step
            )
        return tuple(name for name in names if name)

    def _least(self, node: Node | None) -> dict[Side, float]:
        if node is None or (_is_plain(node) and _text(node) in _NULL):
            return {}
        allowed = "amounts of buyer and seller"
        if not isinstance(node, Keys) or set(node.values) - set(_SIDES):
            step = "write `buyer: amount` and `seller: amount` below `least:`, or remove the key"
            self._refuse(node.place, "the key least", found=_shown(node), allowed=allowed, next_step=step)
            return {}
        found: dict[Side, float] = {}
        for side in _SIDES:
            value = node.values.get(side)
            if value is None:
                continue
            try:
                found[side] = cast("float", parse_cell((_text(value) or "").strip(), _NUMBER))
            except CellError as fault:
                subject, what = f"the least of the {side}", fault.found or _shown(value)
                step = fault.next_step
                self._refuse(value.place, subject, found=what, allowed="a number", next_step=step)
        return found

    def _terms(self, tree: Keys) -> tuple[dict[str, float | Word], dict[str, Place]]:
        node = tree.values.get("terms")
        if isinstance(node, Scalar) and node.is_plain and node.value in _NULL:
            return {}, {}
        if not isinstance(node, Keys):
            place, found = (tree.place, "no such key") if node is None else (node.place, _shown(node))
            step = "write `clause: value` lines below `terms:`"
            self._refuse(place, "the key terms", found=found, allowed="clauses with values", next_step=step)
            return {}, {}
        terms: dict[str, float | Word] = {}
        for clause, value in node.values.items():
            try:
                terms[clause] = _value(value)
            except CellError as fault:
                found = fault.found or _shown(value)
                subject = f"the value of clause {quoted(clause)}"
                self._refuse(value.place, subject, found=found, allowed=_ALLOWED, next_step=fault.next_step)
        return terms, {name: node.values[name].place for name in terms}


def _frozen_places(node: Node | None) -> dict[str, Place]:
    items = node.items if isinstance(node, Items) else []
    return {name: item.place for item in items if (name := _text(item))}


def _value(node: Node) -> float | Word:
    if not isinstance(node, Scalar):
        raise CellError("write one value behind the clause")
    text = str(node.value).strip()
    if text in WORDS:
        return text
    if not node.is_plain:
        raise CellError("write the number without quotation marks")
    if text in _NULL:
        raise CellError("write a value, or leave the clause out: it then stays as in the deal")
    if text.isalpha() and text.casefold() not in ("nan", "inf", "infinity"):
        raise CellError(did_you_mean(text, WORDS, otherwise="write a number on the scale of the clause"))
    return cast("float", parse_cell(text, _NUMBER))


def _text(node: Node) -> str | None:
    return str(node.value) if isinstance(node, Scalar) else None


def _is_plain(node: Node) -> bool:
    return isinstance(node, Scalar) and node.is_plain


def _shown(node: Node) -> str:
    if isinstance(node, Scalar):
        return describe(node.value) if node.value not in (None, "") else "nothing"
    return "a list" if isinstance(node, Items) else "keys"
