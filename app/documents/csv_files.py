"""Tables as CSV files: whole or not at all, and no cell that a spreadsheet would run as a formula."""

from __future__ import annotations

import csv
import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from app.core.errors import InputError, StorageFullError

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
_RISKY = re.compile(r"'*[=+\-@\t\r]")
_NO_SPACE = (28, 122, 27)  # ENOSPC, EDQUOT, EFBIG


def safe(cell: str) -> str:
    """Return a cell that a spreadsheet shows as text.

    A cell that starts with = + - @ and is no number is written with a quote mark before it; so is one that already
    starts with quote marks before such a sign, and therefore reading back by removing one mark is exact.
    """
    return f"'{cell}" if _RISKY.match(cell) and not _NUMBER.fullmatch(cell) else cell


class CsvFiles:
    """Writes UTF-8 CSV as RFC 4180 describes it: commas, CRLF, quotes where needed."""

    def write(self, path: Path, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Write the file whole or not at all: beside the target, synced, then renamed over it."""
        if not path.parent.is_dir():
            message = f"The folder {path.parent} does not exist."
            raise InputError(message, hint="Make it first, or choose another place.", where=str(path))
        if path.exists() and not path.is_file():
            message = f"{path.name} is no ordinary file, and a table is put in place of what was there."
            raise InputError(message, hint="Choose another name.", where=str(path))
        try:
            # What a link leads to is written, not the link.
            self._write(path.resolve(), columns, rows)
        except OSError as error:
            if error.errno in _NO_SPACE:
                message = f"The disk took no more while {path.name} was written; the file is as it was before."
                raise StorageFullError(message, hint="Free some space and try again.", where=str(path)) from error
            message = f"The file cannot be written: {error.strerror or error}."
            raise InputError(message, hint="Choose a place where you may write.", where=str(path)) from error

    def _write(self, path: Path, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        part = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
                writer = csv.writer(stream, lineterminator="\r\n")
                writer.writerow(columns)
                writer.writerows([safe(cell) for cell in row] for row in rows)
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
