"""Term sheets in and out."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.deal.sound_deal import sound_deal

from dronedeal.deal.place import Place
from dronedeal.deal.term_sheet import WORDS, TermSheet, deal_of, terms_of
from dronedeal.errors import CommandError, TermSheetError
from dronedeal.files import read_term_sheet, write_term_sheet
from dronedeal.files.term_sheet import term_sheet_text

HEAD = "format: 1\nterms:\n"


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "TERMS.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def faults(path: Path) -> list[str]:
    """What is said of a file, its folder left out."""
    with pytest.raises(TermSheetError) as error:
        read_term_sheet(path)
    return [str(finding).replace(f"{path.parent}/", "") for finding in error.value.findings]


def test_a_sheet_names_clauses_with_numbers_and_words_each_at_its_place(tmp_path: Path) -> None:
    path = written(
        tmp_path, "# an offer\nformat: 1\ntitle: 'First: offer'\nterms:\n  price: 9.5e2\n  royalty: now\n"
    )
    sheet = read_term_sheet(path)
    assert sheet == TermSheet({"price": 950.0, "royalty": "now"}, "First: offer")
    assert sheet.place("royalty") == Place(str(path), 6, 12)
    assert read_term_sheet(str(path)).terms == sheet.terms


@pytest.mark.parametrize(
    "text", ["format: 1\nterms:\n", "format: 1\nterms: {}\n", "terms: ~\nformat: 1\ntitle:\n"]
)
def test_a_sheet_without_terms_is_the_deal_as_it_stands(tmp_path: Path, text: str) -> None:
    sheet = read_term_sheet(written(tmp_path, text))
    assert sheet == TermSheet({})
    assert deal_of(sound_deal(), sheet) == sound_deal()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "TERMS.yaml, line 1: error [terms] the file holds no keys; begin with `format: 1` and `terms:`"),
        ("- 1\n", "TERMS.yaml, line 1: error [terms] the file holds no keys"),
        ("just words\n", "TERMS.yaml, line 1: error [terms] the file holds no keys"),
        (
            "format: 1\nterms: [1\n",
            "line 3, column 1: error [terms] while parsing a flow sequence",
        ),
        ("a: b: c\n", "TERMS.yaml, line 1, column 5: error [terms] mapping values are not allowed here"),
        (b"\xff\xfea", "TERMS.yaml, line 1: error [encoding] the file is not UTF-8"),
        (
            HEAD + "  price: 1\n  price: 2\n",
            "line 4, column 3: error [terms] the key stands twice",
        ),
        (HEAD + "  price: &a 1\n", "line 3, column 10: error [terms] an anchor (`&name`) is not allowed"),
        (HEAD + "  price: !!python/object 1\n", "line 3, column 10: error [terms] a tag"),
        ("terms: {}\n", "line 1, column 1: error [terms] the key format; found no such key; allowed: 1"),
        ("format: 2\nterms: {}\n", "line 1, column 9: error [terms] the key format; found '2'; allowed: 1"),
        ("format: '1'\nterms: {}\n", "line 1, column 9: error [terms] the key format"),
        ("format: 1\n", "line 1, column 1: error [terms] the key terms; found no such key"),
        ("format: 1\nterms: [price]\n", "line 2, column 8: error [terms] the key terms; found a list"),
        ("format: 1\nterms: 3\n", "line 2, column 8: error [terms] the key terms; found '3'"),
        ("format: 1\ntitle: [a]\nterms: {}\n", "line 2, column 8: error [terms] the key title; found a list"),
        ("format: 1\nterm:\n  price: 1\nterms: {}\n", "did you mean `terms`?"),
        (HEAD + "  price:\n", "line 3, column 3: error [terms] the value of clause 'price'; found nothing"),
        (HEAD + "  price: [1]\n", "found a list; allowed: a number, or one of buyer, seller, now"),
        (
            HEAD + "  price: nan\n",
            "allowed: a number, or one of buyer, seller, now; write a finite",
        ),
        (HEAD + "  price: .nan\n", "found '.nan'"),
        (HEAD + "  price: .inf\n", "found '.inf'"),
        (HEAD + "  price: 1e999\n", "the number is too large"),
        (HEAD + "  price: '950'\n", "write the number without quotation marks"),
        (HEAD + "  price: 1,000\n", "write digits without separators between thousands: 1000"),
        (HEAD + "  price: 5%\n", "write the share without a percent sign, such as 0.05"),
        (HEAD + "  price: buyers\n", "did you mean `buyer`?"),
        (HEAD + "  price: true\n", "write a number on the scale of the clause"),
    ],
)
def test_what_is_wrong_in_a_file_is_told_at_its_line(tmp_path: Path, text: str | bytes, said: str) -> None:
    (fault,) = faults(written(tmp_path, text))
    assert said in fault


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    found = faults(written(tmp_path, "format: 3\nnote: x\nterms:\n  price: dear\n  royalty: {}\n"))
    assert len(found) == 4


def test_no_file_a_folder_a_link_and_a_huge_file_are_refused(tmp_path: Path) -> None:
    (nothing,) = faults(tmp_path / "TERMS.yaml")
    assert "there is no such file or folder" in nothing
    (place,) = faults(tmp_path)
    assert "a folder stands where a file should be" in place
    huge = written(tmp_path, HEAD + "".join(f"  clause_{row}: {row}\n" for row in range(20_000)))
    (size,) = faults(huge)
    assert "the file is too large" in size
    (tmp_path / "link.yaml").symlink_to(huge)
    (link,) = faults(tmp_path / "link.yaml")
    assert "links may lead out" in link


def test_clauses_that_the_deal_lacks_or_that_cannot_be_had_are_told_at_their_lines(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD + "  prize: 900\n  price: 1e300\n  rights: 0.5\n")
    sheet = read_term_sheet(path)
    with pytest.raises(TermSheetError) as error:
        terms_of(sound_deal(), sheet)
    (unknown,) = error.value.findings
    assert str(unknown).startswith(
        f"{path}, line 3, column 10: error [terms] there is no clause of this name"
    )
    assert "did you mean 'price'?" in str(unknown)
    del sheet.terms["prize"]  # type: ignore[attr-defined]  # the mapping is a dict
    with pytest.raises(TermSheetError) as error:
        deal_of(sound_deal(), sheet)
    (beyond,) = error.value.findings
    assert str(beyond).startswith(f"{path}, line 4, column 10: error [terms] term of clause 'price'")
    assert "allowed: 800 to 1300" in str(beyond)


@settings(deadline=None, max_examples=60)
@given(
    terms=st.dictionaries(
        st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,12}", fullmatch=True),
        st.sampled_from(WORDS) | st.floats(-1e15, 1e15).map(float),
        max_size=5,
    ),
    title=st.none()
    | st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1).map(str.strip),
)
def test_what_is_written_reads_back_the_same_and_is_written_the_same(
    tmp_path_factory: pytest.TempPathFactory, terms: dict[str, float], title: str | None
) -> None:
    sheet = TermSheet(terms, title or None)
    path = tmp_path_factory.mktemp("sheet") / "TERMS.yaml"
    write_term_sheet(sheet, path)
    read = read_term_sheet(path)
    assert read == sheet
    assert list(read.terms) == list(terms)
    assert term_sheet_text(read) == path.read_text(encoding="utf-8")


def test_nothing_is_overwritten_unless_asked(tmp_path: Path) -> None:
    path = written(tmp_path, "mine")
    with pytest.raises(CommandError, match="exists already"):
        write_term_sheet(TermSheet({}), path)
    assert path.read_text() == "mine"
    write_term_sheet(TermSheet({}), path, overwrite=True)
    assert path.read_text() == "format: 1\nterms: {}\n"
