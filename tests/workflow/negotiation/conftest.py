"""A negotiation and an offer of the first deal that several files look at and none writes into."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.workflow.negotiation.offered import Offered

from dronedeal import cli, workflow

DEAL = "deals/first-deal"
SHEET = "format: 1\ntitle: First offer\nterms:\n  price: 1100\n  own_needs: buyer\n"


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small negotiation that nothing ended, with its checkpoint."""
    folder = tmp_path_factory.mktemp("negotiation") / "whole"
    small = ["--points", "2", "--pairs", "1", "--moves", "2"]
    kept = ["--keep-checkpoint", "--workers", "1"]
    assert cli.run(["negotiate", DEAL, "--out", str(folder), *small, *kept]) == 0
    return folder


@pytest.fixture(scope="session")
def offered(tmp_path_factory: pytest.TempPathFactory) -> Offered:
    """An offer with its improvement."""
    folder, steps = tmp_path_factory.mktemp("offer"), list[str]()
    (folder / "TERMS.yaml").write_text(SHEET)
    run = workflow.offer_to_folder(
        DEAL,
        folder / "TERMS.yaml",
        folder / "out",
        on_progress=lambda progress: steps.append(progress.step),
    )
    return Offered(run, folder / "out", tuple(steps))
