"""Opening a text file of a deal folder safely and decoding it, with addressed faults."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from dronedeal.deal.finding import Finding
from dronedeal.deal.place import Place
from dronedeal.files.findings import error

_ENCODING_STEP = "save the file as UTF-8 (in spreadsheet programs: “CSV UTF-8”)"


class FileFault(Exception):  # noqa: N818 - never leaves this package: the reader turns it into a DealFolderError
    """A file that cannot be read at all; carries the finding that says why."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(str(finding))


def read_text(path: Path, name: str, *, max_bytes: int) -> str:
    """Content of a UTF-8 text file with lines ending in a line feed.

    Parameters
    ----------
    path : the file; links are refused, for they may leave the folder
    name : how the user knows the file
    max_bytes : largest size that is read
    """
    return decode(read_bytes(path, name, max_bytes=max_bytes), name)


def read_bytes(path: Path, name: str, *, max_bytes: int) -> bytes:
    """Content of a regular file of at most `max_bytes`."""
    place = Place(name)
    try:
        _require_regular_file(os.lstat(path), place)
        flags = (
            os.O_RDONLY
            | getattr(os, "O_NOFOLLOW", 0)
            | getattr(os, "O_NONBLOCK", 0)
            | getattr(os, "O_BINARY", 0)
        )
        with open(os.open(path, flags), "rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > max_bytes:
                raise FileFault(too_large(place, size, max_bytes))
            return file.read(max_bytes)
    except OSError as fault:
        raise FileFault(unreadable(place, fault)) from None


def _require_regular_file(status: os.stat_result, place: Place) -> None:
    if stat.S_ISLNK(status.st_mode):
        raise FileFault(link(place))
    if stat.S_ISDIR(status.st_mode):
        raise FileFault(
            error(
                "file",
                place,
                "a folder stands where a file should be",
                next_step="rename or remove the folder",
            )
        )
    if not stat.S_ISREG(status.st_mode):
        raise FileFault(error("file", place, "this is not a regular file", next_step="put a plain file here"))


def link(place: Place) -> Finding:
    """A link stands where a file or folder of the deal should be."""
    return error(
        "file",
        place,
        "this is a link, and links may lead out of the deal folder",
        next_step="put the file or folder itself here",
    )


def unreadable(place: Place, fault: OSError) -> Finding:
    """The operating system refuses to read a file or folder."""
    if isinstance(fault, FileNotFoundError):
        return error("file", place, "there is no such file or folder", next_step="check the path")
    return error(
        "file",
        place,
        "this cannot be read",
        found=fault.strerror or type(fault).__name__,
        next_step="check that you may read it and that no other program holds it",
    )


def too_large(place: Place, size: int, limit: int) -> Finding:
    """A file is larger than any real one."""
    return error(
        "limit",
        place,
        "the file is too large",
        found=f"{size:,} bytes",
        allowed=f"at most {limit:,} bytes",
        next_step="remove what is not part of the deal, or split it into several deals",
    )


def decode(data: bytes, name: str) -> str:
    """Text of UTF-8 bytes, a byte order mark allowed, with lines ending in a line feed."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileFault(
            error(
                "encoding",
                Place(name, 1),
                "the file is not UTF-8",
                found="a UTF-16 byte order mark",
                next_step=_ENCODING_STEP,
            )
        )
    zero = data.find(b"\x00")
    if zero >= 0:
        raise FileFault(
            _bad_byte(data, zero, name, subject="the file holds a NUL byte; it is not UTF-8 text")
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        start = fault.start + (3 if data.startswith(b"\xef\xbb\xbf") else 0)
        raise FileFault(_bad_byte(data, start, name, subject="the file is not UTF-8")) from None
    return text if "\r" not in text else text.replace("\r\n", "\n").replace("\r", "\n")


def _bad_byte(data: bytes, offset: int, name: str, *, subject: str) -> Finding:
    before = data[:offset]
    line = 1 + len(re.findall(rb"\r\n?|\n", before))
    column_byte = offset - max(before.rfind(b"\n"), before.rfind(b"\r"))
    found = f"byte 0x{data[offset]:02X} at byte {column_byte} of the line (byte {offset + 1} of the file)"
    return error("encoding", Place(name, line), subject, found=found, next_step=_ENCODING_STEP)
