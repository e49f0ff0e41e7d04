"""Measure speed, memory and size, compare with the outside formulation, and renew docs/benchmarks.md.

From the root of the repository: `make bench`, or `python -m benchmarks.run --quick` for the small sizes.
"""

from __future__ import annotations

import argparse
import importlib.util
import itertools
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import pages
from benchmarks.gap_over_time import Moment, draw, first_plan, moments, with_sharing
from benchmarks.measure import CommandRun, median_run, run_command
from benchmarks.one_build import PACKAGES
from benchmarks.what_ifs import CHANGES, QUICK_CHANGES, median_share, what_if_times

import dronedeal
from dronedeal.deal.synthetic import synthetic_deal

if TYPE_CHECKING:
    from benchmarks.compare import Comparison

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "benchmarks.md"
DEALS = ("first-deal", "licensed-line", "ukraine-us")
SCALES = {30: (30, 20), 100: (100, 60), 300: (300, 200)}
"""Lines and requirements of a synthetic deal, by its number of systems."""
PLAN_GAP, PLAN_LIMIT = 0.001, 600.0
"""The gap that `dronedeal plan` has unless told otherwise, and seconds after which a plan is cut short."""
EXACT_GAP, EXACT_LIMIT = 1e-9, 120.0
AGREEMENT = 1e-6
PARTS = ("real-deal", "made-up-deals", "what-if", "gaps", "builds", "comparisons", "learning")


def main() -> int:
    """Run everything; 0 where both formulations agree on every deal."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="small sizes, one run each; the page stays as it is"
    )
    parser.add_argument("--part", choices=PARTS, help="this part only; the page stays as it is")
    given = parser.parse_args()
    if given.part is not None:
        print("\n\n".join(_part(given.part, given.quick)))
        return 0
    is_quick = given.quick
    began = time.perf_counter()
    # What the two outside packages and a person's own deal need comes first; the made-up deals take longest.
    machine = _machine()
    runs = _command_runs(_own_deal(is_quick))
    what_ifs = _what_ifs(is_quick)
    outside, is_agreed = _outside(is_quick)
    with tempfile.TemporaryDirectory() as folder:
        runs |= _command_runs(_made_up_deals(Path(folder), is_quick))
    sections = [machine, *_commands(runs), what_ifs, _gaps(is_quick), *outside]
    sections.append(f"All of it took {(time.perf_counter() - began) / 60:.0f} minutes.")
    body = "\n\n".join(sections)
    print(body)
    if not is_quick:
        pages.write_section(PAGE, body)
    return 0 if is_agreed else 1


def _part(name: str, is_quick: bool) -> Iterator[str]:
    """One part of the whole, to be measured again by itself."""
    yield _machine()
    if name == "real-deal":
        yield from _commands(_command_runs(_own_deal(is_quick)))
    elif name == "made-up-deals":
        with tempfile.TemporaryDirectory() as folder:
            yield from _commands(_command_runs(_made_up_deals(Path(folder), is_quick)))
    elif name in ("comparisons", "learning"):
        yield {"comparisons": _comparisons, "learning": _learning}[name](is_quick)[0]
    else:
        yield {"what-if": _what_ifs, "gaps": _gaps, "builds": _builds}[name](is_quick)


def _machine() -> str:
    names = ("dronedeal", "highspy", "numpy", "polars")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    return (
        f"Measured on {os.cpu_count()} processors ({platform.machine()}, {platform.system()}; load "
        f"{os.getloadavg()[0]:.1f} at the start), Python {platform.python_version()}, {versions}; "
        f"two solver threads, gap {PLAN_GAP:g}."
    )


# Whole commands


def _command_runs(plans: Iterator[tuple[str, Path, int]]) -> dict[str, CommandRun]:
    """The middle run of each deal that is planned by the command."""
    runs: dict[str, CommandRun] = {}
    for name, path, repeats in plans:
        done = []
        for number in range(repeats):
            _say(f"dronedeal plan, {name}, run {number + 1} of {repeats}")
            with tempfile.TemporaryDirectory() as out:
                done.append(run_command(path, Path(out) / "out", gap=PLAN_GAP, time_limit=PLAN_LIMIT))
        runs[name] = median_run(done)
    return runs


def _commands(runs: dict[str, CommandRun]) -> Iterator[str]:
    scales = {name: run for name, run in runs.items() if name.startswith("synthetic")}
    yield "### From command to report\n\n" + pages.size_table(runs)
    yield "Seconds by stage:\n\n" + pages.stage_table(runs)
    yield "Everything outside the solver's own run:\n\n" + pages.overhead_table(runs)
    if scales:
        yield "How cost grows, against the smallest synthetic deal:\n\n" + pages.growth_table(scales)


def _own_deal(is_quick: bool) -> Iterator[tuple[str, Path, int]]:
    """Name, folder and number of runs of the real deal."""
    yield "ukraine-us", ROOT / "deals" / "ukraine-us", 1 if is_quick else 3


def _made_up_deals(folder: Path, is_quick: bool) -> Iterator[tuple[str, Path, int]]:
    """Name, folder and number of runs of each made-up deal."""
    for systems, (lines, requirements) in SCALES.items():
        if is_quick and systems > 30:
            return
        size = dronedeal.SyntheticSize(systems=systems, lines=lines, requirements=requirements, seed=1)
        path = dronedeal.new(folder / f"synthetic-{systems}", synthetic=size)
        yield f"synthetic {systems}", path, 1 if is_quick or systems > 30 else 3


# What-if and gap


def _what_ifs(is_quick: bool) -> str:
    """Hot against cold on varied changes of the real deal, or on two of a small one."""
    _say("what-if, hot against cold")
    deal = dronedeal.read(ROOT / "deals" / DEALS[1 if is_quick else 2])
    times = what_if_times(deal, QUICK_CHANGES if is_quick else CHANGES)
    rows = [
        {
            "change": f"`{item.change}`",
            "cold s": f"{item.cold:.1f}",
            "hot s": f"{item.hot:.1f}",
            "hot as share": f"{item.share:.0%}",
            "difference of worth": f"{item.difference:.1e}",
        }
        for item in times
    ]
    share = median_share(times)
    head = f"### What-if\n\nA hot what-if takes {share:.0%} of a fresh plan (median; aim 25 %).\n\n"
    return head + pages.table(rows)


def _gaps(is_quick: bool) -> str:
    """How the gap closes on deals with learning, shared and not, as a table and a picture."""
    real = DEALS[1 if is_quick else 2]
    runs = {real: dronedeal.read(ROOT / "deals" / real)}
    for systems, (lines, requirements) in SCALES.items():
        if systems == 30 and not is_quick:
            continue
        alone = synthetic_deal(systems=systems, lines=lines, requirements=requirements, seed=1)
        runs |= {f"synthetic {systems}": alone, f"synthetic {systems}, shared": with_sharing(alone)}
        if is_quick:
            break
    seen = {}
    for name, deal in runs.items():
        _say(f"gap over time, {name}")
        seen[name] = moments(deal, time_limit=20.0 if is_quick else 300.0)
    if not is_quick:
        draw(seen, PAGE.with_name("gap-over-time.svg"))
    rows = [_gap_row(name, found) for name, found in seen.items()]
    head = "### The gap over time, with learning\n\n"
    return head + pages.table(rows) + "\n\n![Gap over time](gap-over-time.svg)"


def _gap_row(name: str, found: list[Moment]) -> dict[str, str]:
    first = first_plan(found)
    return {
        "deal": name,
        "first plan with a gap s": "none" if first is None else f"{first.seconds:.1f}",
        "its gap": "" if first is None else f"{first.gap:.2%}",
        **{f"gap at {limit} s": _gap_at(found, limit) for limit in (5, 20, 60)},
        "last gap": "" if found[-1].gap is None else f"{found[-1].gap:.2%}",
        "after s": f"{found[-1].seconds:.0f}",
    }


def _gap_at(found: list[Moment], limit: float) -> str:
    gaps = [moment.gap for moment in found if moment.gap is not None and moment.seconds <= limit]
    return f"{min(gaps):.2%}" if gaps else "none"


# The outside formulations


def _outside(is_quick: bool) -> tuple[list[str], bool]:
    """What the two outside packages say, where they are installed, and whether they agree."""
    missing = [name for name in ("linopy", "pyomo") if importlib.util.find_spec(name) is None]
    if missing:
        return [f"The outside formulations were left out: {' and '.join(missing)} not installed."], True
    builds = _builds(is_quick)
    learning, is_within = _learning(is_quick)
    comparisons, agrees = _comparisons(is_quick)
    return [builds, comparisons, learning], is_within and agrees


def _builds(is_quick: bool) -> str:
    """Seconds and memory of building the real deal, each package in processes of its own, by turns."""
    deal = ROOT / "deals" / DEALS[0 if is_quick else 2]
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in PACKAGES}
    for number in range(1 if is_quick else 3):
        for name, done in runs.items():
            _say(f"building {deal.name} with {name}, run {number + 1}")
            command = [sys.executable, "-m", "benchmarks.one_build", name, str(deal)]
            done.append(json.loads(subprocess.run(command, check=True, capture_output=True).stdout))
    middle = {
        name: {key: statistics.median(run[key] for run in done) for key in done[0]}
        for name, done in runs.items()
    }
    ours = middle["dronedeal"]
    rows = [
        {
            "package": name,
            "build s": f"{run['seconds']:.2f}",
            "× ours": f"{run['seconds'] / ours['seconds']:.0f}",
            "peak memory MB": f"{run['peak_bytes'] / 1e6:,.0f}",
            "of it before building": f"{run['before_bytes'] / 1e6:,.0f}",
            "our peak as share": f"{ours['peak_bytes'] / run['peak_bytes']:.0%}",
        }
        for name, run in middle.items()
    ]
    return f"### Building {deal.name}\n\nEach in a fresh process, by turns, medians.\n\n" + pages.table(rows)


def _comparisons(is_quick: bool) -> tuple[str, bool]:
    # linopy belongs to the benchmarks only and may be absent.
    from benchmarks.compare import compare

    # The first build of each kind loads libraries; it is not measured.
    compare(dronedeal.read(ROOT / "deals" / DEALS[0]), gap=EXACT_GAP, time_limit=EXACT_LIMIT, repeats=1)
    rows, worst = [], 0.0
    for name, deal in _deals_to_compare(is_quick):
        _say(f"beside linopy, {name}")
        found = compare(deal, gap=EXACT_GAP, time_limit=EXACT_LIMIT, repeats=1 if is_quick else 3)
        worst = max(
            worst,
            found.fixed_difference,
            found.pyomo_difference,
            found.difference if _is_exact(found) else 0.0,
        )
        rows.append(_comparison_row(name, found))
    verdict = "agree" if worst <= AGREEMENT else "DO NOT agree"
    text = (
        f"### Beside two other packages\n\nlinopy {version('linopy')}, Pyomo {version('pyomo')}. All "
        f"{verdict} to {AGREEMENT:.0e} on {len(rows)} deals; largest relative difference {worst:.0e}.\n\n"
    )
    return text + pages.table(rows), worst <= AGREEMENT


def _learning(is_quick: bool) -> tuple[str, bool]:
    """Plans of deals as they stand, with learning and whole units, judged by the outside formulation."""
    # linopy belongs to the benchmarks only and may be absent.
    from benchmarks.compare import compare_learning

    rows, is_within = [], True
    for name, deal in _deals_to_compare(is_quick):
        if not any(row.learning_slope for row in deal.line_systems) or (is_quick and len(rows) == 2):
            continue
        _say(f"with learning and whole units, {name}")
        found = compare_learning(deal, time_limit=PLAN_LIMIT if name == DEALS[2] else EXACT_LIMIT)
        is_within &= found.is_within
        worth = max(1.0, abs(found.ours))
        rows.append(
            {
                "deal": name,
                "our joint objective": f"{found.ours:,.0f}",
                "at our production": f"{(found.at_our_production - found.ours) / worth:+.1e}",
                "our bound": f"{(found.our_bound - found.ours) / worth:+.1e}",
                "every unit at its least cost": f"{(found.at_least_cost - found.ours) / worth:+.1e}",
                "within": "yes" if found.is_within else "NO",
            }
        )
    head = "### With learning and whole units\n\nRelative to our objective.\n\n"
    return head + pages.table(rows), is_within


def _is_exact(found: Comparison) -> bool:
    return found.our_gap <= AGREEMENT / 10 and found.outside_status == "optimal"


def _comparison_row(name: str, found: Comparison) -> dict[str, str]:
    return {
        "deal": name,
        "columns": f"{found.columns:,}",
        "our joint objective": f"{found.ours:,.2f}",
        "our gap": f"{found.our_gap:.0e}",
        "difference": f"{found.difference:.0e}" if _is_exact(found) else f"({found.difference:.0e})",
        "difference at our steps and openings": f"{found.fixed_difference:.0e}",
        "the same in Pyomo": f"{found.pyomo_difference:.0e}",
        "our build s": f"{found.our_build:.3f}",
        "linopy build s": f"{found.outside_build:.2f}",
        "Pyomo build s": f"{found.pyomo_build:.2f}",
        "linopy ×": f"{found.outside_build / found.our_build:.0f}",
        "Pyomo ×": f"{found.pyomo_build / found.our_build:.0f}",
        "our solve s": f"{found.our_solve:.1f}",
        "linopy solve s": f"{found.outside_solve:.1f}",
    }


def _deals_to_compare(is_quick: bool) -> Iterator[tuple[str, dronedeal.Deal]]:
    # Made with the builders of the tests, which need not be there to measure the rest.
    from benchmarks.families import deals_by_family

    for name in DEALS[:2] if is_quick else DEALS:
        yield name, dronedeal.read(ROOT / "deals" / name)
    yield from itertools.islice(deals_by_family(ROOT / "deals"), 3 if is_quick else None)
    for seed in range(1, 3 if is_quick else 11):
        systems, lines, months = 6 + 2 * seed, 3 + seed, 24 + 3 * (seed % 5)
        deal = synthetic_deal(systems=systems, lines=lines, requirements=lines, seed=seed, months=months)
        yield f"synthetic {systems}/{lines}/{lines}, {months} months", deal


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
