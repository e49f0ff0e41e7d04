"""Vega-Lite to SVG, in this process or in one of its own.

The renderer holds the interpreter lock while it draws, so that no thread can work beside it. Another process
can: it starts while a deal is read, and draws while a workbook is written.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

# The newest version of the language that every supported renderer knows.
VEGA_LITE = "5.20"
_PROGRAM = Path(__file__).with_name("drawing_process.py")


class _DrawingProcess:
    """A process that draws charts in the order in which they are asked for."""

    def __init__(self) -> None:
        # In a session of its own: Ctrl-C in the terminal stops the search, not the charts of its plan.
        self._process = subprocess.Popen(
            [sys.executable, "-I", str(_PROGRAM), VEGA_LITE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._asked: deque[str] = deque()
        self._drawn: dict[str, str | None] = {}

    def ask(self, spec: str) -> None:
        """Ask for a chart that will be wanted soon; once, however often it is asked for."""
        assert self._process.stdin is not None
        if spec in self._asked or spec in self._drawn:
            return
        # A process that died answers nothing, and the chart is drawn here.
        with suppress(OSError):
            self._process.stdin.write(json.dumps(spec).encode() + b"\n")
            self._process.stdin.flush()
            self._asked.append(spec)

    def drawn(self, spec: str) -> str | None:
        """The chart, asked for now if it was not before; None where it cannot be drawn."""
        self.ask(spec)
        return self.answer(spec)

    def answer(self, spec: str) -> str | None:
        """The chart, once it is drawn; None where it was not asked for or cannot be drawn."""
        assert self._process.stdout is not None
        while spec in self._asked:
            line = self._process.stdout.readline()
            if not line:
                self._asked.clear()
                break
            self._drawn[self._asked.popleft()] = json.loads(line)
        return self._drawn.pop(spec, None)

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with suppress(OSError):
                pipe.close()


_processes: list[_DrawingProcess] = []


@contextmanager
def drawing_process() -> Iterator[None]:
    """Draw charts in a process of its own inside the block; without one where none can be started.

    Examples
    --------
    >>> with drawing_process():
    ...     text = svg('{"mark": "point"}')
    >>> text.startswith("<svg")
    True
    """
    try:
        process = _DrawingProcess()
    except OSError:
        yield
        return
    _processes.append(process)
    try:
        yield
    finally:
        _processes.remove(process)
        process.close()


def ask(specs: Iterable[str]) -> None:
    """Ask for charts that will be wanted soon; nothing happens where no other process draws."""
    for spec in specs if _processes else ():
        _processes[-1].ask(spec)


def svg(spec: str) -> str:
    """The picture of a Vega-Lite specification.

    Parameters
    ----------
    spec : the specification as JSON text

    Raises
    ------
    ValueError : where it cannot be drawn
    """
    # Also a chart that nobody asked for in time: that process has loaded what this one would load first.
    drawn = _processes[-1].drawn(spec) if _processes else None
    if drawn is not None:
        return drawn
    import vl_convert

    text: str = vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE)
    return text
