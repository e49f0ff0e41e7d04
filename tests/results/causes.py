"""The columns of a cause that names no cell of the deal and has no unit."""

from __future__ import annotations

from typing import Any

NO_MORE: dict[str, Any] = dict.fromkeys(("address", "month", "system", "line", "more", "more_unit", "reach"))
