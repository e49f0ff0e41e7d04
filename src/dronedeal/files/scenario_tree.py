"""Scenario trees in: a CSV or YAML file with a node a row."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from dronedeal.deal.finding import Finding
from dronedeal.deal.place import Place
from dronedeal.deal.scenario_tree import (
    PROBABILITY_TOLERANCE,
    Outcome,
    ScenarioNode,
    ScenarioTree,
    Varied,
    structure_faults,
)
from dronedeal.deal.uncertainty import UncertainFactor
from dronedeal.errors import ScenarioTreeError
from dronedeal.files.csv_table import scan_rows
from dronedeal.files.findings import FindingLog
from dronedeal.files.limits import MAX_CSV_BYTES, MAX_YAML_BYTES
from dronedeal.files.settings_reader import Items, Keys, Scalar
from dronedeal.files.suggestion import did_you_mean, printable, quoted
from dronedeal.files.text_file import FileFault, read_text
from dronedeal.files.yaml_settings import read_yaml

_RULE = "scenario_tree"
_FACTORS = get_args(UncertainFactor)
_COLUMNS = ("node", "parent", "probability")
_START = "begin with the columns node, parent, probability and one column a factor, such as budget:army"


@dataclass(frozen=True)
class _Row:
    """Cells of one node by column, each with its place; blank cells are left out."""

    place: Place
    cells: Mapping[str, tuple[str, Place]]


def read_scenario_tree(path: str | Path, *, years: Sequence[int]) -> ScenarioTree:
    """The tree in a file.

    Each row is a node: its name, its parent (blank for the root, which is the first fiscal year), its
    chance given the parent, and a multiplier for each `factor:subject` that turns out in it. A blank
    multiplier leaves what is in force: that of the parent, or 1. A branch that ends early goes on as it is.

    Parameters
    ----------
    path : a `.csv` file with the columns `node`, `parent`, `probability` and a column for each
        `factor:subject`; or a `.yaml` file with a list `nodes` of the same keys
    years : the buyer's fiscal years inside the plan, one level of the tree each

    Raises
    ------
    ScenarioTreeError : with every error of the file, each with its address
    """
    name = printable(str(path))
    is_yaml = Path(path).suffix.lower() in (".yaml", ".yml")
    try:
        text = read_text(Path(path), name, max_bytes=MAX_YAML_BYTES if is_yaml else MAX_CSV_BYTES)
    except FileFault as fault:
        raise ScenarioTreeError([fault.finding]) from None
    log = FindingLog(Place(name))
    rows = list(_yaml_rows(text, name, log) if is_yaml else _csv_rows(text, name, log))
    if not rows and not log.count:
        log.add(_RULE, Place(name), "the file holds no nodes", next_step=_START)
    tree = None if log.count else _Reading(rows, list(years), log).tree()
    if tree is None or log.count:
        raise ScenarioTreeError(log.findings)
    return tree


def _csv_rows(text: str, name: str, log: FindingLog) -> Iterator[_Row]:
    header: list[str] | None = None
    for row in scan_rows(text):
        if row.fault is not None:
            fault = row.fault
            place = Place(name, fault.line, fault.column)
            log.add(_RULE, place, fault.subject, found=fault.found, next_step=fault.next_step)
            continue
        cells = [str(cell or "").strip() for cell in row.cells]
        if header is None:
            header = cells
            for at, column in enumerate(header):
                _check_column(column, Place(name, row.line, at + 1), header[:at], log)
            continue
        found = {
            column: (cells[at], Place(name, row.line_of(at), at + 1, column))
            for at, column in enumerate(header)
            if at < len(cells) and cells[at]
        }
        if any(cells[len(header) :]):
            place = Place(name, row.line, len(header) + 1)
            step = "remove the cell, or name its column"
            log.add(_RULE, place, "a cell without a column", found=quoted(cells[len(header)]), next_step=step)
        yield _Row(Place(name, row.line), found)


def _yaml_rows(text: str, name: str, log: FindingLog) -> Iterator[_Row]:
    tree = read_yaml(text, name, log, start="begin with `nodes:`")
    if tree is None:
        return
    for key, place in tree.key_places.items():
        if key not in ("format", "title", "nodes"):
            log.add(_RULE, place, "there is no key of this name", found=quoted(key), allowed="nodes, title")
    nodes = tree.values.get("nodes")
    for item in nodes.items if isinstance(nodes, Items) else ():
        if not isinstance(item, Keys):
            log.add(_RULE, item.place, "a node is a set of keys", next_step="write `- node: name`")
            continue
        cells: dict[str, tuple[str, Place]] = {}
        for key, value in item.values.items():
            _check_column(key, item.key_places[key], [], log)
            if not isinstance(value, Scalar):
                log.add(_RULE, value.place, f"the key {quoted(key)}", next_step="write one value behind it")
            elif value.value not in (None, "", "~", "null"):
                cells[key] = (str(value.value).strip(), value.place)
        yield _Row(item.place, cells)


def _check_column(column: str, place: Place, before: Sequence[str], log: FindingLog) -> None:
    factor, colon, subject = column.partition(":")
    if column in before:
        log.add(_RULE, place, "the column stands twice", found=quoted(column), next_step="remove one of them")
    elif column not in _COLUMNS and (factor not in _FACTORS or not colon or not subject):
        known = (*_COLUMNS, *(f"{each}:*" for each in _FACTORS))
        step = did_you_mean(column if colon else f"{column}:*", known, otherwise="mend or remove it")
        allowed = f"{', '.join(_COLUMNS)}, or factor:subject with a factor of {', '.join(_FACTORS)}"
        log.add(_RULE, place, "the column", found=quoted(column), allowed=allowed, next_step=step)


class _Reading:
    """One pass over the rows of a tree."""

    def __init__(self, rows: list[_Row], years: list[int], log: FindingLog) -> None:
        self.rows = rows
        self.years = years
        self.log = log

    def tree(self) -> ScenarioTree | None:
        names = [self._text(row, "node") for row in self.rows]
        chances = [self._number(row, "probability", most=1.0, blank=None) for row in self.rows]
        at: dict[str, int] = {}
        for number, name in enumerate(names):
            if name is not None and at.setdefault(name, number) != number:
                first = self.rows[at[name]].place
                self._refuse(number, "node", "the node stands twice", f"one of a name; the first: {first}")
        parents = [self._parent(number, at) for number in range(len(self.rows))]
        outcomes = [self._outcomes(row) for row in self.rows]
        if self.log.count:
            return None
        order = self._order(parents)
        if order is None or not self._sums(parents, [float(chance or 0.0) for chance in chances]):
            return None
        return self._grown(
            order, parents, [str(name) for name in names], [float(each or 0.0) for each in chances], outcomes
        )

    def _refuse(self, number: int, column: str, subject: str, allowed: str, step: str = "mend it") -> None:
        row = self.rows[number]
        text, place = row.cells.get(column, ("", row.place))
        found = quoted(text) if text else "a blank cell"
        self.log.add(_RULE, place, subject, found=found, allowed=allowed, next_step=step)

    def _text(self, row: _Row, column: str) -> str | None:
        text = row.cells.get(column, (None, row.place))[0]
        if text is None:
            step = "write a name, such as 2028.cut"
            self.log.add(_RULE, row.place, f"the column {column}", found="a blank cell", next_step=step)
        return text

    def _number(self, row: _Row, column: str, *, most: float, blank: float | None) -> float | None:
        text, place = row.cells.get(column, (None, row.place))
        if text is None and blank is not None:
            return blank
        try:
            value = float(text or "")
        except ValueError:
            value = math.nan
        if not 0.0 <= value <= most:
            allowed = f"a number from 0 to {most:g}"
            found = quoted(text) if text else "a blank cell"
            self.log.add(
                _RULE, place, f"the column {column}", found=found, allowed=allowed, next_step="mend it"
            )
            return None
        return value

    def _parent(self, number: int, at: Mapping[str, int]) -> int:
        name = self.rows[number].cells.get("parent", ("", None))[0]
        if name and name not in at:
            step = did_you_mean(
                name, tuple(at), otherwise="write the name of a node, or nothing for the root"
            )
            self._refuse(number, "parent", "the parent", "a node of the file", step)
        return at.get(name, -1)

    def _outcomes(self, row: _Row) -> dict[Varied, Outcome]:
        found = {}
        for column in row.cells:
            if column in _COLUMNS:
                continue
            value = self._number(row, column, most=1e15, blank=None)
            factor, _, subject = column.partition(":")
            if value is not None:
                found[Varied(factor, subject)] = Outcome(f"x{value:g}", value)
        return found

    def _order(self, parents: list[int]) -> list[int] | None:
        """Rows by level, parents first; None where there is no one root, or a level too many."""
        roots = [number for number, parent in enumerate(parents) if parent < 0]
        for number in roots[1:]:
            allowed = f"one root; the first: {self.rows[roots[0]].place}"
            self._refuse(number, "parent", "a second node without a parent", allowed)
        if not roots:
            place = self.rows[0].place
            self.log.add(_RULE, place, "no node is the root", next_step="leave the parent of one node blank")
        if len(roots) != 1:
            return None
        order, layer, depth = list(roots), roots, 1
        while layer := [number for number, parent in enumerate(parents) if parent in set(layer)]:
            depth += 1
            if depth > len(self.years):
                allowed = f"{len(self.years)} levels, one a fiscal year of the buyer"
                self._refuse(layer[0], "node", "a level too many", allowed, "take the node out")
                return None
            order += layer
        for number in sorted(set(range(len(parents))) - set(order)):
            self._refuse(number, "parent", "the node is its own ancestor", "a parent nearer to the root")
        return order if len(order) == len(parents) else None

    def _sums(self, parents: list[int], chances: list[float]) -> bool:
        """Whether the chances after every node sum to 1; they are never made to fit."""
        for parent in sorted(set(parents)):
            mine = [number for number, of in enumerate(parents) if of == parent]
            total = math.fsum(chances[number] for number in mine)
            if abs(total - 1.0) > PROBABILITY_TOLERANCE:
                whose = (
                    "the root"
                    if parent < 0
                    else f"the nodes after {quoted(self.rows[parent].cells['node'][0])}"
                )
                place = self.rows[mine[0]].cells["probability"][1]
                step = "mend a probability, or add the node that is missing"
                self.log.add(
                    _RULE, place, f"chance of {whose} given the parent", found=f"{total!r} in all",
                    allowed=f"1 within {PROBABILITY_TOLERANCE}", next_step=step,
                )  # fmt: skip
        return not self.log.count

    def _grown(
        self,
        order: list[int],
        parents: list[int],
        names: list[str],
        chances: list[float],
        outcomes: list[dict[Varied, Outcome]],
    ) -> ScenarioTree:
        """The tree; what ends before the last fiscal year goes on as it is."""
        nodes: list[ScenarioNode] = []
        layer: list[tuple[int | None, int]] = [(order[0], -1)]  # row, number of the parent
        children: dict[int, list[int]] = {}
        for number in order[1:]:
            children.setdefault(parents[number], []).append(number)
        for year in self.years:
            after: list[tuple[int | None, int]] = []
            for row, parent in layer:
                before = nodes[parent] if parent >= 0 else None
                chance = (before.probability if before else 1.0) * (1.0 if row is None else chances[row])
                in_force = {**(before.outcomes if before else {}), **({} if row is None else outcomes[row])}
                name = names[row] if row is not None else f"{nodes[parent].name}>{year}"
                nodes.append(ScenarioNode(name, parent, chance, in_force))
                own: list[int | None] = list(children.get(row, [])) if row is not None else []
                after += [(each, len(nodes) - 1) for each in own or [None]]
            layer = after
        assert not structure_faults([node.parent for node in nodes])
        return ScenarioTree(tuple(nodes))


def faults_of(tree: ScenarioTree, known: Mapping[str, Sequence[str]], place: Place) -> list[Finding]:
    """Subjects of a tree that are no rows of a deal.

    Parameters
    ----------
    known : ids that each factor may name
    place : of the file
    """
    return [
        Finding(
            _RULE, "error", place, f"subject of {varied.factor}", quoted(varied.subject),
            f"`*`, or one of {', '.join(known[varied.factor][:8]) or 'nothing'}", "mend the column",
        )
        for varied in tree.varied
        if varied.subject != "*" and varied.subject not in known[varied.factor]
    ]  # fmt: skip
