"""An offer that several files look at: what was found, its folder, what was told on the way."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dronedeal.workflow.negotiation.offer import OfferRun


@dataclass(frozen=True)
class Offered:
    """An offer with its folder and what was told on the way."""

    run: OfferRun
    folder: Path
    steps: tuple[str, ...]
