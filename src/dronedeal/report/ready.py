"""Making ready to write results while something else works."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from dronedeal.report.charts.renderer import drawing_process


@contextmanager
def ready_to_write() -> Iterator[None]:
    """Make ready to write results beside the work in the block, so that a stop has little left to wait for.

    What pages, tables and workbooks need is loaded in a thread, and charts are drawn in a process of its own.

    Examples
    --------
    >>> with ready_to_write():
    ...     found = 1 + 1
    """
    with drawing_process():
        threading.Thread(target=warm_up, name="warm up", daemon=True).start()
        yield


def warm_up() -> None:
    """Load what report and tables need, but for the chart renderer, which has `drawing_process`.

    Run it in a thread while a solver works in compiled code that leaves the interpreter free.

    Examples
    --------
    >>> import threading
    >>> thread = threading.Thread(target=warm_up)
    """
    import polars
    import xlsxwriter

    from dronedeal.report.html import environment

    environment().get_template("report.html")
    _ = polars.DataFrame, xlsxwriter.Workbook
