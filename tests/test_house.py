"""The rules of the house, read off the source itself: layers, sizes, clocks, tests that mirror the tree."""

from __future__ import annotations

import ast
import fnmatch
import logging.config
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "dronedeal"
MODULES = sorted(SOURCE.rglob("*.py"))
PYTHON_FILES = sorted(
    path for folder in ("src", "tests", "benchmarks", "scripts") for path in (ROOT / folder).rglob("*.py")
)
MOST_LINES_OF_A_FILE = 600
MOST_LINES_OF_A_FUNCTION = 80

# Start-up time: `dronedeal --help` must not load what only some commands need. The import contract sees
# imports inside functions too, so the direction is proven for these as for all others.
MAY_IMPORT_LATE = {"cli/*.py", "__init__.py"}

# A time limit and a progress line need a stopwatch; nothing in a plan depends on what it shows.
MAY_READ_THE_CLOCK = {
    "workflow/control.py",
    "solving/highs_run.py",
    "solving/highs_calls.py",
    "solving/work.py",
    "solving/stochastic/stopwatch.py",
}

# Modules without a test file of their own: parts of one thing that is tested as a whole, each with where.
TESTED_TOGETHER = {
    "workflow/scenarios/checked.py": "tests/workflow/scenarios/test_by_parts.py",
    "__main__.py": "tests/test_cli.py",
    "cli/*.py": "tests/test_cli.py",
    "assessment/faults.py": "tests/assessment/test_checks.py",
    "assessment/origins.py": "tests/assessment/test_composition.py",
    "assessment/pairing.py": "tests/assessment/test_matching.py",
    "assessment/words.py": "tests/assessment/test_criteria.py",
    "deal/change_value.py": "tests/deal/test_change.py",
    "deal/checks/clause_subjects.py": "tests/deal/checks/test_clauses.py",
    "deal/made_up/*.py": "tests/deal/test_synthetic.py",
    "negotiation/engine.py": "tests/test_engine.py",
    "report/negotiation/futures_charts.py": "tests/report/negotiation/test_futures_sections.py",
    "report/negotiation/futures_tables.py": "tests/report/negotiation/test_futures_sections.py",
    "negotiation/futures_record.py": "tests/workflow/negotiation/test_over_futures.py",
    "workflow/negotiation/futures_recording.py": "tests/workflow/negotiation/test_over_futures.py",
    "workflow/negotiation/ground.py": "tests/workflow/negotiation/test_negotiate.py",
    "workflow/negotiation/table.py": "tests/workflow/negotiation/test_negotiate.py",
    "negotiation/fair_point.py": "tests/negotiation/test_points.py",
    "negotiation/frontier_points.py": "tests/negotiation/test_frontier.py",
    "negotiation/record_file.py": "tests/negotiation/test_record_store.py",
    "negotiation/record_parts.py": "tests/negotiation/test_record.py",
    "planning/blocks/*.py": "tests/planning/test_blocks.py",
    "workflow/*.py": "tests/test_workflow.py",
    "planning/data.py": "tests/planning/test_arrange.py",
    "planning/data_cash.py": "tests/planning/test_arrange_cash.py",
    "planning/begun.py": "tests/planning/test_model.py",
    "planning/data_cooperation.py": "tests/planning/test_arrange_cooperation.py",
    "planning/data_nodes.py": "tests/planning/scenarios/test_by_node.py",
    "planning/arrange_substitutes.py": "tests/planning/test_substitutes.py",
    "planning/data_terms.py": "tests/planning/test_arrange_terms.py",
    "planning/data_rules.py": "tests/planning/test_arrange_rules.py",
    "report/comparison_*.py": "tests/report/test_comparison.py",
    "report/charts/*.py": "tests/report/test_charts.py",
    "report/negotiation/frontier_chart.py": "tests/report/negotiation/test_charts.py",
    "report/negotiation/clause_charts.py": "tests/report/negotiation/test_charts.py",
    "report/negotiation/sections.py": "tests/report/negotiation/test_page.py",
    "report/negotiation/term_sheet_docx.py": "tests/report/negotiation/test_term_sheet.py",
    "report/negotiation/tables.py": "tests/report/negotiation/test_page.py",
    "report/sections/*.py": "tests/report/test_html.py",
    "report/scenarios/*.py": "tests/report/scenarios/test_page.py",
    "report/figure.py": "tests/report/test_charts.py",
    "report/pictures.py": "tests/report/test_charts.py",
    "report/view.py": "tests/report/test_html.py",
    "report/workbook_*.py": "tests/report/test_workbook.py",
    "solving/forms.py": "tests/solving/test_outcome.py",
    "solving/highs_*.py": "tests/solving/test_highs.py",
    "solving/stochastic/search.py": "tests/solving/stochastic/test_decomposition.py",
    "solving/stochastic/stopwatch.py": "tests/solving/stochastic/test_decomposition.py",
    "solving/stochastic/extensive.py": "tests/solving/stochastic/test_solve.py",
    "solving/stochastic/solution.py": "tests/solving/stochastic/test_solve.py",
    "solving/work.py": "tests/solving/test_outcome.py",
    "results/certificates.py": "tests/results/test_compare.py",
    "results/scenarios/columns.py": "tests/results/scenarios/test_tables.py",
    "results/stress/columns.py": "tests/results/stress/test_tables.py",
    "results/stress/vocabulary.py": "tests/results/stress/test_reference.py",
    "workflow/stress_test/checkpoint.py": "tests/workflow/stress_test/test_folder.py",
    "workflow/scenarios/search.py": "tests/workflow/scenarios/test_kept_plan.py",
    "workflow/stress_test/futures.py": "tests/results/stress/test_measure.py",
    "report/stress/*.py": "tests/report/stress/test_page.py",
    "workflow/stress_test/signed.py": "tests/workflow/stress_test/test_run.py",
    "results/explain/frozen.py": "tests/results/test_frozen.py",
    "results/explain/cash.py": "tests/results/test_seller_cash.py",
    "results/explain/cooperation.py": "tests/results/test_cooperation.py",
    "results/explain/passed_over.py": "tests/test_what_if.py",
    "results/explain/matching_words.py": "tests/results/explain/test_shortages.py",
    "results/explain/margins.py": "tests/results/explain/test_causes.py",
    "results/explain/registry.py": "tests/results/explain/test_binding.py",
    "results/explain/rules.py": "tests/results/test_rule_tables.py",
    "results/ruling.py": "tests/results/test_rule_tables.py",
    "results/explain/terms*.py": "tests/results/explain/test_binding.py",
    "results/columns.py": "tests/results/test_plan_schema.py",
    "results/keys.py": "tests/results/test_plan_schema.py",
    "results/plan_reference.py": "tests/results/test_plan_schema.py",
    "results/shape.py": "tests/results/test_plan.py",
    "results/variants.py": "tests/results/test_rule_tables.py",
    "results/verify/*.py": "tests/results/test_verify.py",
    "results/vocabulary.py": "tests/results/test_plan_schema.py",
    "workflow/negotiation/choices.py": "tests/workflow/negotiation/test_resume.py",
    "workflow/negotiation/keeping.py": "tests/workflow/negotiation/test_resume.py",
    "workflow/negotiation/so_far.py": "tests/workflow/negotiation/test_resume.py",
    "terminal_offer.py": "tests/workflow/negotiation/test_offer_folder.py",
    "report/negotiation/offer_*.py": "tests/report/negotiation/test_offer_page.py",
    "report/negotiation/plane.py": "tests/report/negotiation/test_charts.py",
    "workflow/negotiation/improving.py": "tests/workflow/negotiation/test_offer.py",
    "workflow/negotiation/offer_findings.py": "tests/workflow/negotiation/test_offer.py",
    "workflow/negotiation/offer_recording.py": "tests/workflow/negotiation/test_offer.py",
    "negotiation/analysis_record.py": "tests/negotiation/test_record.py",
    "report/negotiation/analysis_tables.py": "tests/report/negotiation/test_page.py",
    "workflow/negotiation/analysis.py": "tests/workflow/negotiation/test_negotiate.py",
    "workflow/negotiation/recording.py": "tests/workflow/negotiation/test_negotiate.py",
}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def offenders(found: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The files for which something was found."""
    return {name: things for name, things in found.items() if things}


def functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def test_data_flows_one_way_and_outside_engines_are_named_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    # The linter sets up logging for itself and would silence every other logger, in tests that follow, too.
    monkeypatch.setattr(logging.config, "dictConfig", lambda _: None)
    assert lint_imports(config_filename="pyproject.toml", cache_dir=None) == 0


def test_the_layer_contract_names_every_package_of_the_source() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = {name.removeprefix("dronedeal.") for name in contracts[0]["layers"]}
    parts = {path.stem if path.is_file() else path.name for path in SOURCE.iterdir()}
    assert parts - {"__init__", "__main__", "__pycache__", "py"} == layers


def late_imports(tree: ast.AST) -> Iterator[str]:
    """Modules of our own that are imported inside a function."""
    for function in functions(tree):
        for node in ast.walk(function):
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            else:
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            yield from (name for name in names if name.startswith("dronedeal"))


def test_no_import_of_another_layer_hides_inside_a_function() -> None:
    hidden = {}
    for path in MODULES:
        relative = path.relative_to(SOURCE).as_posix()
        if any(fnmatch.fnmatchcase(relative, pattern) for pattern in MAY_IMPORT_LATE):
            continue
        layer = f"dronedeal.{path.relative_to(SOURCE).parts[0]}."
        hidden[name_of(path)] = [name for name in late_imports(parsed(path)) if not name.startswith(layer)]
    assert offenders(hidden) == {}


def test_files_stay_short() -> None:
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in PYTHON_FILES}
    assert {name: length for name, length in lengths.items() if length > MOST_LINES_OF_A_FILE} == {}


def test_functions_stay_short() -> None:
    long = {}
    for path in PYTHON_FILES:
        if path.is_relative_to(ROOT / "tests"):
            continue  # a made-up deal for tests is one long list of rows
        lengths = {f.name: (f.end_lineno or f.lineno) - f.lineno + 1 for f in functions(parsed(path))}
        long[name_of(path)] = [name for name, length in lengths.items() if length > MOST_LINES_OF_A_FUNCTION]
    assert offenders(long) == {}


def clock_and_environment(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            text = ast.unparse(node)
            is_clock = text.startswith("time.") or node.attr in {"now", "today", "utcnow"}
            is_clock &= text != "clause.now"  # the value of a clause in the deal as it stands
            if is_clock or text in {"os.environ", "os.getenv", "os.environb"}:
                yield text
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            yield "from time import …"


def test_only_the_workflow_and_the_solver_read_the_clock_or_the_environment() -> None:
    read = {
        name_of(path): list(clock_and_environment(parsed(path)))
        for path in MODULES
        if path.relative_to(SOURCE).as_posix() not in MAY_READ_THE_CLOCK
    }
    assert offenders(read) == {}


def modules_without_a_test_file() -> list[str]:
    """Paths below `src/dronedeal`; a package face that only re-exports needs no test."""
    without = []
    for path in MODULES:
        relative = path.relative_to(SOURCE)
        is_face = path.name == "__init__.py" and relative.parent.parts
        mirror = ROOT / "tests" / relative.parent / f"test_{relative.name}"
        if not is_face and relative.as_posix() != "__init__.py" and not mirror.exists():
            without.append(relative.as_posix())
    return without


def test_every_module_has_a_test_file_or_says_where_it_is_tested() -> None:
    unnamed = [
        name
        for name in modules_without_a_test_file()
        if not any(fnmatch.fnmatchcase(name, pattern) for pattern in TESTED_TOGETHER)
    ]
    assert unnamed == []


@pytest.mark.parametrize("pattern", TESTED_TOGETHER)
def test_what_is_said_to_be_tested_together_exists_on_both_sides(pattern: str) -> None:
    assert (ROOT / TESTED_TOGETHER[pattern]).exists()
    assert any(fnmatch.fnmatchcase(name, pattern) for name in modules_without_a_test_file())


def undocumented(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if not isinstance(node, Function | ast.ClassDef) or node.name.startswith("_"):
            continue
        if not ast.get_docstring(node) and not any(map(says_what_it_is, node.decorator_list)):
            yield node.name


def says_what_it_is(decorator: ast.expr) -> bool:
    """Whether a decorator that registers a function carries its meaning in words."""
    if not isinstance(decorator, ast.Call):
        return False
    values = [*decorator.args, *(keyword.value for keyword in decorator.keywords)]
    return any(isinstance(value, ast.Constant) and " " in str(value.value) for value in values)


def test_everything_public_says_what_it_is() -> None:
    silent = {
        name_of(path): [
            *([] if ast.get_docstring(parsed(path)) else ["the module"]),
            *undocumented(parsed(path)),
        ]
        for path in MODULES
    }
    assert offenders(silent) == {}


@pytest.mark.parametrize("path", sorted((ROOT / "requirements").glob("*.txt")), ids=name_of)
def test_every_requirement_is_pinned_and_no_package_index_is_named(path: Path) -> None:
    text = path.read_text()
    assert "://" not in text
    assert "--" not in text
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    assert lines
    assert [line for line in lines if "==" not in line] == []


def test_the_pins_hold_every_dependency_that_the_package_declares() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    pinned = {line.split("==")[0] for line in (ROOT / "requirements/run.txt").read_text().splitlines()}
    declared = {text.split(">")[0].replace(".", "-").lower() for text in project["dependencies"]}
    assert declared - pinned == set()
