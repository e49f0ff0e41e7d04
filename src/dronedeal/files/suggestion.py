"""Did you mean: the known name that is nearest to a mistyped one."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known name nearest to `word`, or None where none is near.

    >>> nearest("fiscal-year", ["fiscal_year", "quantity"])
    'fiscal_year'
    """
    import difflib  # loaded only once something is wrong

    by_folded = {name.casefold(): name for name in known}
    folded = word[:100].casefold()
    if folded in by_folded:
        return by_folded[folded]
    matches = difflib.get_close_matches(folded, by_folded, n=1, cutoff=0.6)
    return by_folded[matches[0]] if matches else None


def did_you_mean(word: str, known: Iterable[str], *, otherwise: str) -> str:
    """A next step: the nearest known name, or `otherwise` where none is near."""
    match = nearest(word, known)
    return f"did you mean `{match}`?" if match else otherwise


def quoted(value: object) -> str:
    """A value as an error shows it: quoted where it is text, and cut after 60 characters."""
    if not isinstance(value, str):
        return str(value)[:60]
    shown = value if len(value) <= 60 else f"{value[:57]}…"
    return f"'{printable(shown)}'"


def printable(text: str) -> str:
    """A text without characters that a terminal or file could not show, such as those of odd file names."""
    return "".join(character if character.isprintable() else _escaped(character) for character in text)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
