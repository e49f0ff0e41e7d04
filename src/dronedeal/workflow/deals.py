"""Verbs of the deal itself: read, check, match, new, and the manual of the deal folder."""

from __future__ import annotations

import difflib
import json
import os
import weakref
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from dronedeal import assessment as assessing
from dronedeal import files
from dronedeal.assessment import Assessment
from dronedeal.deal import Deal
from dronedeal.deal.checks import RULES, RegisteredRule
from dronedeal.deal.one_side import TO_MATCH, missing
from dronedeal.deal.record import OWNERS, Owner
from dronedeal.deal.synthetic import synthetic_deal
from dronedeal.errors import CommandError, DealFolderError
from dronedeal.exchange import CheckResult, SyntheticSize, parse_sides

PathLike = str | os.PathLike[str]
SchemaFormat = Literal["markdown", "json"]


def read(path: PathLike, *, sides: Collection[Owner] = OWNERS) -> Deal:
    """Read a deal folder or a workbook.

    Parameters
    ----------
    path : folder with `deal.yaml`, or an `.xlsx` workbook with the same content
    sides : owners whose tables are read; one side alone sees `shared` and its own

    Raises
    ------
    DealFolderError : with every fault of files, cells and records at once, each with its address

    Examples
    --------
    >>> deal = read("deals/first-deal")
    >>> deal.settings.title
    'The first deal'
    """
    return files.read_deal(Path(path), sides=parse_sides(",".join(sides)))


def check(deal: Deal) -> CheckResult:
    """Apply every cross-table rule to a deal.

    Examples
    --------
    >>> check(read("deals/first-deal")).is_ok
    True
    """
    for known, found in _checked:
        if known() is deal:
            return found
    findings = assessing.run_all_checks(deal)
    result = CheckResult(tuple(sorted(findings, key=lambda finding: finding.severity != "error")))
    _checked.insert(0, (weakref.ref(deal), result))
    del _checked[_MOST_CHECKED:]
    return result


# A deal never changes: whoever asks again, as a what-if does of both its deals, has the same answer at once.
_checked: list[tuple[weakref.ref[Deal], CheckResult]] = []
_MOST_CHECKED = 2


def match(deal: Deal) -> Assessment:
    """Compare every requirement with every system, criterion by criterion.

    Raises
    ------
    DealFolderError : where the rules find errors in the deal

    Examples
    --------
    >>> match(read("deals/first-deal")).pairing("patrol", "kestrel").is_eligible
    True
    """
    require_given(deal, TO_MATCH, purpose="to match")
    require_sound(check(deal))
    return assessing.assess(deal)


def narrow(
    assessment: Assessment, deal: Deal, *, requirement: str | None = None, system: str | None = None
) -> Assessment:
    """The same assessment with the pairs of one requirement, of one system, or of both only.

    Raises
    ------
    CommandError : where the deal has no such requirement or system
    """
    _require_known("requirement", requirement, known=[row.id for row in deal.requirements])
    _require_known("system", system, known=[row.id for row in deal.systems])
    pairings = (
        pairing
        for pairing in assessment.pairings
        if requirement in (None, pairing.requirement) and system in (None, pairing.system)
    )
    return replace(assessment, pairings=tuple(pairings))


def _require_known(what: str, asked: str | None, *, known: Sequence[str]) -> None:
    if asked is None or asked in known:
        return
    close = difflib.get_close_matches(asked, known, n=3)
    hint = f"did you mean {' or '.join(close)}?" if close else f"the deal has {', '.join(known[:10])}"
    raise CommandError(f"{what}: found {asked!r}, which the deal does not have; {hint}")


def rules() -> Mapping[str, RegisteredRule]:
    """Every rule that `check` applies, by name."""
    return RULES


def require_sound(result: CheckResult) -> None:
    """Raise DealFolderError where a check found errors."""
    if not result.is_ok:
        raise DealFolderError(result.errors)


def require_given(deal: Deal, tables: Sequence[str], *, purpose: str) -> None:
    """Raise DealFolderError where a run of one side lacks a table of the other and an estimate of it."""
    findings = missing(deal, tables, purpose=purpose)
    if findings:
        raise DealFolderError(findings)


def schema(format: SchemaFormat = "markdown") -> str:
    """The manual of the deal folder as Markdown, or its JSON Schema, made from the one schema."""
    if format == "json":
        return json.dumps(files.schema_json(), indent=2, ensure_ascii=False) + "\n"
    if format == "markdown":
        return files.schema_markdown()
    raise CommandError(f"format: found {format!r}; allowed: markdown, json")


def new(path: PathLike, *, workbook: bool = False, synthetic: SyntheticSize | None = None) -> Path:
    """Start a deal: a commented empty template, or a made-up deal of the size asked for.

    Parameters
    ----------
    path : folder to make, or the `.xlsx` file to make where `workbook` is true
    workbook : one workbook instead of a folder
    synthetic : size of a made-up deal; None: the empty template

    Returns
    -------
    The path of what was written; nothing that exists is overwritten.
    """
    target = Path(path)
    if workbook and target.suffix.lower() != ".xlsx":
        target = target.with_name(target.name + ".xlsx")
    if synthetic is None:
        files.write_template(target, workbook=workbook)
        return target
    deal = _made_up(synthetic)
    write = files.write_workbook if workbook else files.write_folder
    write(deal, target)
    return target


def _made_up(size: SyntheticSize) -> Deal:
    try:
        return synthetic_deal(
            systems=size.systems, lines=size.lines, requirements=size.requirements, seed=size.seed
        )
    except ValueError as error:
        raise CommandError(f"a made-up deal of this size cannot be made: {error}") from error
