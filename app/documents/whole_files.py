"""Writes files whole or not at all: beside the target, synced, then renamed over it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from app.core.errors import InputError, StorageFullError

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
