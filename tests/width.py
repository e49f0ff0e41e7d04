"""How many made-up deals the widest oracles try: enough for every change, and all of them on request.

`make test` tries the first of them; `make oracles` sets `DRONEDEAL_WIDE` and tries them all, which takes some
ten minutes more. Seeds are the same, so that what fails in one fails in the other.
"""

from __future__ import annotations

import os

WIDE = "DRONEDEAL_WIDE"


def width(usual: int, *, wide: int) -> int:
    """How many to try: `usual`, or `wide` where all were asked for.

    >>> width(8, wide=20) in (8, 20)
    True
    """
    return wide if os.environ.get(WIDE) else usual
