"""Writes files whole or not at all: beside the target, synced, then renamed over it."""

from __future__ import annotations

import io
import os
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import BinaryIO

from app.core.errors import InputError, StorageFullError
from app.core.reports.table import Report

_NO_SPACE = (28, 122, 27)  # ENOSPC, EDQUOT, EFBIG


def write_whole(path: Path, fill: Callable[[BinaryIO], None]) -> None:
    """Let `fill` write a file that then takes the place of what was there; a failure leaves that as it is."""
    if not path.parent.is_dir():
        message = f"The folder {path.parent} does not exist."
        raise InputError(message, hint="Make it first, or choose another place.", where=str(path))
    if path.exists() and not path.is_file():
        message = f"{path.name} is no ordinary file, and a table is put in place of what was there."
        raise InputError(message, hint="Choose another name.", where=str(path))
    try:
        # What a link leads to is written, not the link.
        _write(path.resolve(), fill)
    except OSError as error:
        if error.errno in _NO_SPACE:
            message = f"The disk took no more while {path.name} was written; the file is as it was before."
            raise StorageFullError(message, hint="Free some space and try again.", where=str(path)) from error
        message = f"The file cannot be written: {error.strerror or error}."
        raise InputError(message, hint="Choose a place where you may write.", where=str(path)) from error


def _write(path: Path, fill: Callable[[BinaryIO], None]) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            fill(stream)
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


class WholeReports(ABC):
    """A format of reports: as a file, or as the bytes of one that must not lie on the disk unencrypted."""

    @abstractmethod
    def fill(self, stream: BinaryIO, report: Report, on: date) -> None:
        """Write a report into a stream; InputError or RefusedError where the format cannot hold it."""

    def write(self, path: Path, report: Report, on: date) -> None:
        """Write the file whole or not at all."""
        write_whole(path, partial(self.fill, report=report, on=on))

    def content(self, report: Report, on: date) -> bytes:
        """Return what the file would hold."""
        stream = io.BytesIO()
        self.fill(stream, report, on)
        return stream.getvalue()
