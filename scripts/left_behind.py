"""Whether anything that a command started outlives it."""

from __future__ import annotations

import time
from pathlib import Path

_BETWEEN_LOOKS = 0.02


def is_anyone_left(session: int, *, seconds: float) -> bool:
    """Whether a process of a session still lives after a while.

    A process that has ended and waits to be collected by whoever adopted it does not live: it holds nothing
    but its number, and where nobody collects it stays forever.

    Parameters
    ----------
    session : the number of the process that began it
    seconds : how long its processes are given to end
    """
    until = time.monotonic() + seconds
    while _is_anyone_alive(session):
        if time.monotonic() >= until:
            return True
        time.sleep(_BETWEEN_LOOKS)
    return False


def _is_anyone_alive(session: int) -> bool:
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            # The name of the program, in brackets, may hold spaces and brackets.
            state, _, _, its_session, *_ = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(its_session) == session and state not in "ZX":
            return True
    return False
