"""Recorded frames: files of `<receive time, ns> <JSON>` lines, packed by gzip or not, merged by receive time."""

from __future__ import annotations

import gzip
import heapq
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, cast

from app.core.errors import InputError

Frame = tuple[int, int, bytes]
"""Receive time, number of the file, the frame."""

_GZIP = b"\x1f\x8b"
_SHOWN = 60


def check(files: Sequence[Path]) -> None:
    """Raise InputError where a file is not there, or does not begin with a frame."""
    if not files:
        raise InputError("there is no file to replay", hint="Name at least one recording.")
    for number, file in enumerate(files):
        if next(_frames(file, number), None) is None:
            raise InputError("the recording is empty", where=str(file))


def merged(files: Sequence[Path]) -> Iterator[Frame]:
    """Yield the frames of all files by receive time; of one moment, in the order of the files."""
    return heapq.merge(*(_frames(file, number) for number, file in enumerate(files)), key=lambda frame: frame[:2])


def _frames(file: Path, number: int) -> Iterator[Frame]:
    try:
        with _opened(file) as lines:
            for row, line in enumerate(lines, 1):
                told, _, payload = line.partition(b" ")
                if not told.isdigit() or not payload:
                    shown = line[:_SHOWN].decode("utf-8", "replace").strip()
                    raise InputError(
                        f"line {row} does not begin with its receive time: {shown!r}",
                        hint="A recording has lines of: receive time in nanoseconds, a space, the frame as JSON.",
                        where=str(file),
                    )
                yield int(told), number, payload.rstrip()
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(
            f"the packed file ends early or is damaged ({error})", hint="Copy it again.", where=str(file)
        ) from error
    except OSError as error:
        raise InputError(
            f"the recording cannot be read ({error.strerror or error})", hint="Check its name.", where=str(file)
        ) from error


def _opened(file: Path) -> BinaryIO:
    with file.open("rb") as plain:
        is_packed = plain.read(len(_GZIP)) == _GZIP
    return cast("BinaryIO", gzip.open(file, "rb")) if is_packed else file.open("rb")
