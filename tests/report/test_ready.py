"""What results are written with is there before they are."""

from __future__ import annotations

import subprocess
import sys

import dronedeal.report


def test_what_results_are_written_with_is_loaded_beside_other_work() -> None:
    code = (
        "import sys, threading, dronedeal.report\n"
        "with dronedeal.report.ready_to_write():\n"
        "    [each.join() for each in threading.enumerate() if each.name == 'warm up']\n"
        "print(sorted({'jinja2', 'xlsxwriter', 'polars', 'vl_convert'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['jinja2', 'polars', 'xlsxwriter']"


def test_warming_up_loads_what_the_report_needs() -> None:
    dronedeal.report.warm_up()
    assert {"jinja2", "xlsxwriter", "polars"} <= set(sys.modules)
