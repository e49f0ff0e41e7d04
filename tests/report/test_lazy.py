"""The package loads nothing heavy before it is needed."""

from __future__ import annotations

import subprocess
import sys

import pytest

import dronedeal.report

HEAVY = ("polars", "scipy", "pint", "openpyxl", "xlsxwriter", "jinja2", "vl_convert", "altair")


def test_importing_the_package_and_its_modules_loads_no_heavy_library() -> None:
    code = (
        "import sys, dronedeal.report, dronedeal.report.html, dronedeal.report.workbook, "
        "dronedeal.report.pictures;"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", dronedeal.report.__all__)
def test_every_public_function_is_found_and_explained(name: str) -> None:
    function = getattr(dronedeal.report, name)
    assert callable(function)
    assert function.__doc__


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nothing_like_it"):
        _ = dronedeal.report.nothing_like_it  # type: ignore[attr-defined]
