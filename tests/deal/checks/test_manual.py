"""The reference page of the rules says what the registry says."""

import importlib
import re
from pathlib import Path

from dronedeal.deal.checks import RULES, rules_page

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "rules.md"
ROW = re.compile(r"^\| `(?P<name>\w+)` \| (?P<severity>\w+) \| (?P<meaning>.+) \|$", re.MULTILINE)


def test_the_page_lists_every_registered_rule_with_its_severity_and_meaning() -> None:
    importlib.import_module("dronedeal.assessment")  # which registers the rules of its own
    stated = {row["name"]: (row["severity"], row["meaning"]) for row in ROW.finditer(PAGE.read_text("utf-8"))}
    registered = {name: (each.severity, each.meaning) for name, each in RULES.items()}
    assert stated == registered, "docs/reference/rules.md is out of date; run `make docs`"


def test_rules_stand_under_the_subject_of_their_module_in_the_order_in_which_they_run() -> None:
    page = rules_page([RULES["duplicate_key"], RULES["yield_above_one"], RULES["line_makes_nothing"]])
    headings = [line.removeprefix("## ") for line in page.splitlines() if line.startswith("## ")]
    assert headings == ["Keys and references", "Production lines"]
    assert page.index("yield_above_one") < page.index("line_makes_nothing")


def test_no_meaning_breaks_the_table() -> None:
    assert [name for name, each in RULES.items() if "|" in each.meaning or "\n" in each.meaning] == []
