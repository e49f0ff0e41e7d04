"""Build the model of one deal with one package in a process of its own: seconds and peak memory.

`python -m benchmarks.one_build dronedeal|linopy|pyomo DEAL` prints one JSON object. The deal is read and
matched beforehand; what that and the loaded libraries take is stated too, so that it can be taken off.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.comparable import comparable

import dronedeal
from dronedeal.assessment import Assessment
from dronedeal.deal import Deal

KIBIBYTE = 1 if sys.platform == "darwin" else 1024  # what one unit of ru_maxrss is
PACKAGES = ("dronedeal", "linopy", "pyomo")


def main() -> None:
    """Build once; the first import of each library lies outside the measured time."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.one_build", description=__doc__)
    parser.add_argument("package", choices=PACKAGES)
    parser.add_argument("deal")
    given = parser.parse_args()
    deal = comparable(dronedeal.read(given.deal))
    assessment = dronedeal.match(deal)
    build = _builder(given.package)
    before = _peak()
    began = time.perf_counter()
    built = build(deal, assessment)
    seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "before_bytes": before, "peak_bytes": _peak()}))
    del built


def _builder(package: str) -> Callable[[Deal, Assessment], Any]:
    if package == "dronedeal":
        from dronedeal import planning

        return planning.build
    from benchmarks.outside_tables import Tables

    if package == "linopy":
        from benchmarks.outside_model import OutsideModel

        return lambda deal, assessment: OutsideModel(Tables(deal, assessment))
    from benchmarks.outside_pyomo import PyomoModel

    return lambda deal, assessment: PyomoModel(Tables(deal, assessment))


def _peak() -> int:
    """Bytes of memory at most so far; without the starting process where the system can tell."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KIBIBYTE


if __name__ == "__main__":
    main()
