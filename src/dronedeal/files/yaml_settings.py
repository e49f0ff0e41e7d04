"""Reading `deal.yaml`: YAML 1.2 without anchors, aliases and tags, every key with its line and column.

The events of the parser are read one by one and stop at the first construct that is refused, so
that nothing is ever expanded. What a plain value means is decided by its key (`settings_reader`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from dronedeal.deal.finding import Finding
from dronedeal.deal.place import Place
from dronedeal.files.findings import FindingLog, error
from dronedeal.files.limits import MAX_YAML_DEPTH, MAX_YAML_NODES
from dronedeal.files.settings_reader import Items, Keys, Node, Scalar
from dronedeal.files.suggestion import quoted

_CONTROL_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_START = "begin with `format: 1`; `dronedeal new` writes a file to start from"


class YamlFault(Exception):  # noqa: N818 - never leaves this package: the reader turns it into a DealFolderError
    """YAML that cannot be read further; carries the finding that says why."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(str(finding))


def read_yaml(text: str, file: str, log: FindingLog, *, start: str = _START) -> Keys | None:
    """The keys of a YAML text, or None where it cannot be read; what is wrong goes into `log`.

    Parameters
    ----------
    text : whole content, lines ending in a line feed
    file : name of the file, for addresses
    log : takes the errors
    start : next step where the file holds no keys
    """
    try:
        if match := _CONTROL_CHARACTER.search(text):
            raise YamlFault(_control_character(text, match.start(), file))
        root = _Tree(_events(text), file, log).read()
    except YamlFault as fault:
        log.extend([fault.finding])
        return None
    if isinstance(root, Keys):
        return root
    log.add("settings", Place(file, 1), "the file holds no keys", next_step=start)
    return None


def _events(text: str) -> Iterator[Any]:
    from ruamel.yaml import YAML  # loaded only where a deal.yaml is read

    events: Iterator[Any] = YAML(typ="safe", pure=True).parse(text)
    return events


def _control_character(text: str, position: int, file: str) -> Finding:
    line = text.count("\n", 0, position) + 1
    column = position - text.rfind("\n", 0, position)
    return error(
        "settings",
        Place(file, line, column),
        "the file holds a control character",
        found=f"U+{ord(text[position]):04X}",
        next_step="remove the character",
    )


class _Tree:
    """Builds keys, lists and values from parser events."""

    def __init__(self, events: Iterator[Any], file: str, log: FindingLog) -> None:
        self.events = events
        self.file = file
        self.log = log
        self.count = 0

    def read(self) -> Node | None:
        root: Node | None = None
        for event in iter(self._next, None):
            kind = type(event).__name__
            if kind == "DocumentStartEvent" and root is not None:
                self._refuse(
                    event, "the file holds a second document", "remove the line `---` and what follows"
                )
            elif kind not in ("StreamStartEvent", "DocumentStartEvent", "DocumentEndEvent", "StreamEndEvent"):
                root = self._node(event, depth=1)
        return root

    def _next(self) -> Any:
        """The next event, or None at the end; faults of the syntax become findings."""
        from ruamel.yaml.error import MarkedYAMLError

        try:
            return next(self.events, None)
        except MarkedYAMLError as fault:
            mark = fault.problem_mark or fault.context_mark
            place = Place(self.file, mark.line + 1, mark.column + 1) if mark else Place(self.file)
            words = " ".join(filter(None, (fault.context, fault.problem))) or "the YAML cannot be read"
            step = "mend the line; texts with `:`, `#` or quotation marks go into quotation marks"
            raise YamlFault(error("settings", place, words, next_step=step)) from None
        except Exception as fault:  # whatever else the parser raises on damaged text is a fault of the text
            words = f"the YAML cannot be read ({type(fault).__name__})"
            raise YamlFault(error("settings", Place(self.file), words, next_step="mend the file")) from None

    def _place(self, event: Any) -> Place:
        return Place(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def _refuse(
        self, event: Any, subject: str, next_step: str, *, rule: str = "settings", allowed: str = ""
    ) -> None:
        raise YamlFault(error(rule, self._place(event), subject, allowed=allowed, next_step=next_step))

    def _check(self, event: Any, depth: int) -> None:
        self.count += 1
        if self.count > MAX_YAML_NODES:
            allowed = f"at most {MAX_YAML_NODES:,}"
            self._refuse(
                event, "too many keys and values", "keep tables in CSV files", rule="limit", allowed=allowed
            )
        if depth > MAX_YAML_DEPTH:
            allowed = f"at most {MAX_YAML_DEPTH} levels"
            self._refuse(
                event,
                "the keys are nested too deeply",
                "see the reference for the keys",
                rule="limit",
                allowed=allowed,
            )
        if type(event).__name__ == "AliasEvent":
            self._refuse(event, "an alias (`*name`) is not allowed", "write the value out")
        if event.anchor is not None:
            self._refuse(event, "an anchor (`&name`) is not allowed", "remove it and write each value out")
        if event.tag is not None:
            self._refuse(
                event, "a tag (`!name`) is not allowed", "remove it; the key decides how its value is read"
            )

    def _node(self, event: Any, *, depth: int) -> Node:
        self._check(event, depth)
        kind = type(event).__name__
        if kind == "SequenceStartEvent":
            return self._items(event, depth)
        if kind == "MappingStartEvent":
            return self._keys(event, depth)
        return Scalar(self._place(event), event.value, is_plain=bool(event.implicit[0]))

    def _items(self, start: Any, depth: int) -> Items:
        items = Items(self._place(start))
        while type(event := self._next()).__name__ != "SequenceEndEvent":
            items.items.append(_placed(self._node(event, depth=depth + 1), items.place))
        return items

    def _keys(self, start: Any, depth: int) -> Keys:
        keys = Keys(self._place(start))
        while type(event := self._next()).__name__ != "MappingEndEvent":
            if type(event).__name__ != "ScalarEvent":
                self._check(event, depth + 1)
                self._refuse(event, "a key must be a plain word", "write `key: value`")
            self._check(event, depth + 1)
            name, place = event.value, self._place(event)
            value = _placed(self._node(self._next(), depth=depth + 1), place)
            if name in keys.values:
                self._note_twice(place, name, keys.key_places[name])
            else:
                keys.values[name] = value
                keys.key_places[name] = place
        return keys

    def _note_twice(self, place: Place, name: str, first: Place) -> None:
        allowed = f"one key of a name; the first one: {first}"
        step = "remove one of the two"
        self.log.add(
            "settings", place, "the key stands twice", found=quoted(name), allowed=allowed, next_step=step
        )


def _placed(node: Node, place: Place) -> Node:
    """A value that is nothing stands where its key stands; the parser tells the place of what follows."""
    return Scalar(place, "", is_plain=True) if node == Scalar(node.place, "", is_plain=True) else node
