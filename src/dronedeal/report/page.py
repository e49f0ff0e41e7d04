"""One page of the look of the report, whose charts another process can draw before its text is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dronedeal.report.charts.render import ask_for
from dronedeal.report.figure import Figure
from dronedeal.report.html import environment
from dronedeal.report.sections.answer import Banner
from dronedeal.report.sections.section import Section


@dataclass(frozen=True)
class Page:
    """A self-contained HTML document: no scripts, no raster pictures, no links to anything outside itself.

    Parameters
    ----------
    template : its name
    title, subtitle : text that is safe to show
    banner : what stands above all sections
    sections : what it shows; a chart stands among the blocks of a section
    words : what else the template names
    """

    template: str
    title: str
    subtitle: str
    banner: Banner
    sections: Sequence[Section]
    words: Mapping[str, Any] = field(default_factory=dict)

    @property
    def figures(self) -> Iterator[Figure]:
        """Its charts, in the order in which they stand."""
        for section in self.sections:
            yield from (block for block in section.blocks if isinstance(block, Figure))

    def ask(self) -> None:
        """Have the charts drawn beside whatever is done next; without a `drawing_process` nothing happens."""
        ask_for(self.figures)

    @property
    def html(self) -> str:
        """The document; the same input gives the same text."""
        self.ask()
        return (
            environment()
            .get_template(self.template)
            .render(
                title=self.title,
                subtitle=self.subtitle,
                banner=self.banner,
                sections=self.sections,
                **self.words,
            )
        )

    def write(self, path: Path) -> None:
        """Write the document to a file."""
        Path(path).write_text(self.html, encoding="utf-8", newline="\n")
