"""The sections of the report; importing this package registers them."""

from dronedeal.report.sections import (
    answer,
    cooperation,
    joint,
    matching,
    passed_over,
    plan_parts,
    rules,
    shortage,
    sources,
)
from dronedeal.report.sections.section import Section, Subject, all_sections

__all__ = [
    "Section",
    "Subject",
    "all_sections",
    "answer",
    "cooperation",
    "joint",
    "matching",
    "passed_over",
    "plan_parts",
    "rules",
    "shortage",
    "sources",
]
