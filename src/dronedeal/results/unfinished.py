"""Folders for files that are not yet whole, beside the place where they will be."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PREFIX = ".unfinished-"


@contextmanager
def unfinished(directory: Path, *, of: str = "") -> Iterator[Path]:
    """A folder for unfinished files on the same file system, gone afterwards whatever happens.

    What a process that was killed while it wrote has left of the same goes first.

    Parameters
    ----------
    directory : in which it is made
    of : what will be whole, where the directory holds several that are made at once

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as place, unfinished(Path(place), of="plan") as waiting:
    ...     waiting.is_dir()
    True
    """
    directory.mkdir(parents=True, exist_ok=True)
    ending = f"-{of}-" if of else "-"
    named = re.compile(rf"{re.escape(_PREFIX)}(\d+){re.escape(ending)}[a-z0-9_]*")
    for left in directory.iterdir():
        made = named.fullmatch(left.name)
        if made and int(made.group(1)) != os.getpid():
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{os.getpid()}{ending}", dir=directory) as waiting:
        yield Path(waiting)
