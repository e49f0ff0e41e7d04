"""The documents are true: their examples run, their links lead somewhere, the generated pages are up to date.

A `console` block holds commands (`$ …`) and lines that the command prints; `…` stands for what is left
out. A `python` block runs as it is. The blocks of a page run in its order, in one folder that holds a copy of
`deals/`. A comment before a block says what is unusual: `<!-- exit status 2 -->` or
`<!-- not run: reason -->`.
"""

from __future__ import annotations

import doctest
import importlib
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from scripts.make_docs import generated_pages

from dronedeal import cli

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "deals").rglob("*.md")])
TRUE_TO_THE_LETTER = [page for page in PAGES if "design" not in page.parts]  # the design shows sketches too
GENERATED = generated_pages()
LEFT_OUT = "…"
FENCE = re.compile(
    r"^(?:<!-- (?P<mark>[^\n]*) -->\n)?```(?P<kind>\w+)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE
)
LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)\s]+)\)")
HEADING = re.compile(r"^#+ (?P<text>.+)$", re.MULTILINE)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@dataclass(frozen=True)
class Block:
    kind: str
    body: str
    line: int
    mark: str

    @property
    def status(self) -> int:
        return int(self.mark.removeprefix("exit status ")) if self.mark.startswith("exit status") else 0


def blocks(page: Path) -> Iterator[Block]:
    text = page.read_text(encoding="utf-8")
    for found in FENCE.finditer(text):
        mark = found["mark"] or ""
        if found["kind"] in ("console", "python") and not mark.startswith("not run: "):
            yield Block(found["kind"], found["body"], text.count("\n", 0, found.start("body")) + 1, mark)


def commands(block: Block) -> Iterator[tuple[str, list[str]]]:
    """Each command of a console block with the lines shown under it."""
    for part in re.split(r"^\$ ", block.body, flags=re.MULTILINE)[1:]:
        command, *shown = part.replace("\\\n", " ").splitlines()
        yield command, [line for line in shown if line.strip() and line.strip() != LEFT_OUT]


def is_printed(shown: str, lines: list[str]) -> bool:
    """Whether a shown line, or its beginning where it ends in `…`, is among the lines."""
    if shown.endswith(LEFT_OUT):
        return any(line.startswith(shown.removesuffix(LEFT_OUT).rstrip()) for line in lines)
    return shown in lines


def run_command(command: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    words = shlex.split(command)
    if words[0] == "dronedeal":
        status = cli.run(words[1:])
        captured = capsys.readouterr()
        return status, captured.out + captured.err
    done = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout + done.stderr


def run_block(block: Block, names: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    if block.kind == "python":
        exec(compile(block.body, f"block at line {block.line}", "exec"), names)
        capsys.readouterr()
        return
    for command, shown in commands(block):
        status, printed = run_command(command, capsys)
        assert status == block.status, f"line {block.line}: {command} ended with {status}\n{printed}"
        lines = [line.strip() for line in printed.splitlines()]
        missing = [line for line in shown if not is_printed(line.strip(), lines)]
        assert not missing, f"line {block.line}: {command} does not print {missing}, but\n{printed}"


@pytest.mark.parametrize("page", [page for page in TRUE_TO_THE_LETTER if any(blocks(page))], ids=name_of)
def test_the_examples_of_a_page_run_as_they_stand(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(ROOT / "deals", tmp_path / "deals")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    for block in blocks(page):
        run_block(block, names, capsys)


def anchors(page: Path) -> set[str]:
    """The anchors of the headings of a page, as code forges make them."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    headings = (found["text"].lower() for found in HEADING.finditer(text))
    return {re.sub(r"[^\w\- ]", "", heading).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_between_documents_lead_somewhere(page: Path) -> None:
    broken = []
    for found in LINK.finditer(page.read_text(encoding="utf-8")):
        target, _, anchor = found["target"].partition("#")
        if ":" in target:
            continue
        file = (page.parent / target) if target else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            broken.append(found["target"])
    assert broken == []


def test_every_page_of_docs_is_named_in_the_index() -> None:
    index = (ROOT / "docs/index.md").read_text(encoding="utf-8")
    pages = {page.relative_to(ROOT / "docs").as_posix() for page in (ROOT / "docs").rglob("*.md")}
    linked = {found["target"] for found in LINK.finditer(index)}
    assert pages - linked - {"index.md"} == set()


@pytest.mark.parametrize("name", GENERATED)
def test_generated_pages_are_up_to_date(name: str) -> None:
    page = ROOT / name
    assert page.exists(), f"{name} is missing; run `make docs`"
    assert page.read_text(encoding="utf-8") == GENERATED[name](), f"{name} is out of date; run `make docs`"


@pytest.mark.parametrize("fragment", sorted((ROOT / "changelog.d").glob("*")), ids=name_of)
def test_changelog_fragments_are_a_few_lines(fragment: Path) -> None:
    assert fragment.suffix == ".md"
    assert 1 <= len(fragment.read_text(encoding="utf-8").splitlines()) <= 8


def test_contributing_fits_on_a_page() -> None:
    assert len((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines()) <= 60


def modules_with_examples() -> list[str]:
    source = ROOT / "src"
    paths = [path for path in source.rglob("*.py") if ">>> " in path.read_text(encoding="utf-8")]
    return sorted(".".join(path.relative_to(source).with_suffix("").parts) for path in paths)


@pytest.mark.parametrize("name", modules_with_examples())
def test_the_examples_of_docstrings_run_as_they_stand(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "deals").symlink_to(ROOT / "deals")
    monkeypatch.chdir(tmp_path)
    module = importlib.import_module(name.removesuffix(".__init__"))
    result = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert result.attempted > 0
    assert result.failed == 0
