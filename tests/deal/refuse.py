"""How a record refuses a cell."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from dronedeal.deal.record import Frozen


def assert_refuses(record: type[Frozen], cells: dict[str, Any], **wrong: Any) -> None:
    """The record takes the cells, and not with one of them changed; the error names the column."""
    record(**cells)
    for name, value in wrong.items():
        with pytest.raises(ValidationError) as caught:
            record(**{**cells, name: value})
        assert {error["loc"][0] for error in caught.value.errors()} == {name}
