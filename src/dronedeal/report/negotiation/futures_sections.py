"""The sections of a negotiation over many futures: what they change, and how its plans turn out."""

from __future__ import annotations

from collections.abc import Iterator

from dronedeal.report.negotiation.futures_charts import futures_tree_figure, spread_figure
from dronedeal.report.negotiation.futures_tables import conclusion_grid, future_grid, spread_grid
from dronedeal.report.negotiation.wording import SIDES, Speech
from dronedeal.report.sections.section import Block, Section
from dronedeal.report.wording import count_text, isolate, sentence


def conclusion_section(speech: Speech) -> Iterator[Section]:
    """Which conclusions many futures change; nothing where they were not compared."""
    conclusions = speech.record.conclusions
    if not conclusions:
        return
    changed = [each for each in conclusions if each.changes]
    count = count_text(len(conclusions), "conclusion")
    words = f"{len(changed)} of {count} are other ones over many futures than of the deal as it is stated."
    yield Section("conclusions", "What many futures change", (words,), (conclusion_grid(speech),))


def futures_section(speech: Speech) -> Iterator[Section]:
    """The tree, and how the plans turn out in it; nothing of the deal as it is stated."""
    futures = speech.record.futures
    if futures is None:
        return
    texts = [
        isolate(futures.words),
        isolate(sentence(f"The tree is {futures.how}")),
        "The terms are signed at its root, before anything has turned out; what is decided after the first "
        "fiscal year follows what turns out.",
    ]
    if futures.distance is not None:
        texts.append(
            f"The tree was reduced; the Kantorovich distance to the whole one is {futures.distance:.3f}, the "
            "mean difference of all multipliers over all years."
        )
    strips = [figure for side in SIDES if (figure := spread_figure(speech, side)) is not None]
    blocks: tuple[Block, ...] = (
        futures_tree_figure(futures),
        *strips,
        spread_grid(speech),
        future_grid(speech),
    )
    yield Section("futures", "How the plans turn out over many futures", tuple(texts), blocks)
