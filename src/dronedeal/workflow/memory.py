"""Memory that nothing holds any more."""

from __future__ import annotations

import ctypes
from contextlib import suppress


def give_back_memory() -> None:
    """Give memory that was let go back to the system, where the C library keeps it for later.

    Solvers in several threads leave behind what each of them took at most, which a long negotiation would
    hold to its end. Nothing happens where the C library has no such call.

    Examples
    --------
    >>> give_back_memory()
    """
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
