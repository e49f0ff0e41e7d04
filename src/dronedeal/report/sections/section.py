"""What a section of the report is made of, and the register of sections."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from dronedeal.report.charts import figures
from dronedeal.report.figure import Figure
from dronedeal.report.grid import Grid
from dronedeal.report.view import View

if TYPE_CHECKING:
    from dronedeal.assessment import Assessment


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a list: what it is about, and one or several sentences on it."""

    parts: tuple[str, ...]
    heading: str = ""


@dataclass(frozen=True)
class Words:
    """A list under a small title; `more` says what a long list leaves to its table."""

    title: str
    items: tuple[Item, ...]
    more: str = ""
    kind: str = field(default="words", init=False)


@dataclass(frozen=True)
class Facts:
    """Names and values, such as the key figures; each entry is (name, value, what it counts)."""

    title: str
    entries: tuple[tuple[str, str, str], ...]
    kind: str = field(default="facts", init=False)


Block = Figure | Grid | Words | Facts


@dataclass(frozen=True)
class Section:
    """One section: an address inside the page, a title, paragraphs, then figures, tables and lists."""

    address: str
    title: str
    paragraphs: tuple[str, ...]
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True)
class Subject:
    """What the report is about: the plan with its deal, and the assessment."""

    view: View
    assessment: Assessment

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """Every figure of the plan by name."""
        return {name: maker(self.view) for name, maker in figures().items()}


SectionMaker = Callable[[Subject], Section]
_MAKERS: list[tuple[float, SectionMaker]] = []


def section(order: float) -> Callable[[SectionMaker], SectionMaker]:
    """Register a section; `order` is its place in the report."""

    def register(maker: SectionMaker) -> SectionMaker:
        _MAKERS.append((order, maker))
        return maker

    return register


def all_sections(subject: Subject) -> tuple[Section, ...]:
    """Every section in the order in which a reader wants it."""
    return tuple(maker(subject) for _, maker in sorted(_MAKERS, key=lambda entry: entry[0]))
