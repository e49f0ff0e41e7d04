"""The tables of docs/benchmarks.md, and the place in the page that they go to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.measure import STAGES, CommandRun

START, END = "<!-- made by make bench: begin -->", "<!-- made by make bench: end -->"
SIZES = ("columns", "rows", "nonzeros", "integers")


def write_section(page: Path, body: str) -> None:
    """Replace what stands between the two markers of a page."""
    before, rest = page.read_text().split(START)
    _, after = rest.split(END)
    page.write_text(f"{before}{START}\n\n{body}\n\n{END}{after}")


def table(rows: Sequence[Mapping[str, str]]) -> str:
    """A Markdown table; the keys of the first row are the heads, figures stand to the right."""
    heads = list(rows[0])
    lines = [heads, ["---"] + ["---:"] * (len(heads) - 1), *([row[head] for head in heads] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def size_table(runs: Mapping[str, CommandRun]) -> str:
    """Size, time, memory and end of whole commands."""
    return table(
        [
            {
                "deal": name,
                **{size: f"{run.sizes[size]:,}" for size in SIZES},
                "wall clock s": f"{run.wall:.1f}",
                "processor s": f"{run.processor:.1f}",
                "peak memory MB": f"{run.peak_bytes / 1e6:,.0f}",
                "gap": "none proven" if run.gap is None else f"{run.gap:.1e}",
                "gap of own cost": "none proven" if run.gap_of_cost is None else f"{run.gap_of_cost:.1e}",
                "ended by": run.termination.replace("_", " "),
            }
            for name, run in runs.items()
        ]
    )


def stage_table(runs: Mapping[str, CommandRun]) -> str:
    """Seconds by stage."""
    return table(
        [
            {"deal": name, **{stage: f"{run.seconds.get(stage, 0.0):.2f}" for stage in STAGES}}
            for name, run in runs.items()
        ]
    )


def overhead_table(runs: Mapping[str, CommandRun]) -> str:
    """Everything but the solver's own run, against the aim of a tenth of it or 0.5 s."""
    rows = []
    for name, run in runs.items():
        solver = run.seconds["solver"]
        aim = max(0.5, 0.1 * solver)
        rows.append(
            {
                "deal": name,
                "solver s": f"{solver:.2f}",
                "everything else s": f"{run.overhead:.2f}",
                "share of solver": f"{run.overhead / solver:.0%}",
                "aim s": f"{aim:.2f}",
                "met": "yes" if run.overhead <= aim else "no",
            }
        )
    return table(rows)


def growth_table(runs: Mapping[str, CommandRun]) -> str:
    """Ratios to the first run."""
    base = next(iter(runs.values()))
    return table(
        [
            {
                "deal": name,
                "columns ×": _ratio(run.sizes["columns"], base.sizes["columns"]),
                "read ×": _ratio(run.seconds["read"], base.seconds["read"]),
                "build ×": _ratio(run.seconds["build"], base.seconds["build"]),
                "solver ×": _ratio(run.seconds["solver"], base.seconds["solver"]),
                "everything else ×": _ratio(run.overhead, base.overhead),
                "memory ×": _ratio(run.peak_bytes, base.peak_bytes),
            }
            for name, run in runs.items()
        ]
    )


def _ratio(figure: float, base: float) -> str:
    return f"{figure / base:.1f}"
