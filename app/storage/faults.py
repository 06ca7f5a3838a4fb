"""Faults of SQLCipher in the words of this program."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlcipher3 import dbapi2

from app.core.errors import CounterfoilError, StorageFullError, VaultDamagedError, VaultError, VaultLockedError
from app.storage.files import full

_PRIMARY = 0xFF
_BUSY, _LOCKED, _READ_ONLY, _INTERRUPTED, _IO, _CORRUPT, _FULL, _CANNOT_OPEN, _NOT_A_DATABASE = (
    5,
    6,
    8,
    9,
    10,
    11,
    13,
    14,
    26,
)
_BY_WORDS = {
    "disk I/O error": _IO,
    "database or disk is full": _FULL,
    "database disk image is malformed": _CORRUPT,
    "database is locked": _BUSY,
    "unable to open database file": _CANNOT_OPEN,
}
"""Copying page by page tells its faults without their numbers."""


@contextmanager
def translated(path: Path, *, is_writing: bool = False) -> Iterator[None]:
    """Turn errors of SQLCipher about the file at `path` into this program's; what is a fault of our own stays."""
    try:
        yield
    except dbapi2.Error as error:
        known = fault(error, path, is_writing=is_writing)
        if known is None:
            raise
        raise known from error


def fault(error: dbapi2.Error, path: Path, *, is_writing: bool = False) -> CounterfoilError | None:
    """Return the error to raise instead; None where the statement itself was wrong."""
    code = getattr(error, "sqlite_errorcode", None) or _BY_WORDS.get(str(error), 0)
    name = getattr(error, "sqlite_errorname", None) or str(error)
    where = str(path)
    primary = code & _PRIMARY
    if primary == _FULL:
        return full(path)
    if primary == _IO and is_writing:
        message = f"The disk did not take what was written ({name}); nothing of this step was kept."
        return StorageFullError(message, hint="Free some space, check the disk, and try again.", where=where)
    if primary in (_CORRUPT, _NOT_A_DATABASE):
        message = "A page of the vault was changed or lost."
        return VaultDamagedError(message, hint="Verify the vault, and restore a backup.", where=where)
    if primary in (_BUSY, _LOCKED):
        message = "The vault is busy: another program has held it for too long."
        return VaultLockedError(message, hint="Wait for it or close it, then try again.", where=where)
    if primary == _INTERRUPTED:
        return VaultLockedError("The vault was closed meanwhile.", hint="Unlock it again.", where=where)
    if primary in (_READ_ONLY, _CANNOT_OPEN, _IO):
        message = f"The vault's file cannot be used ({name})."
        return VaultError(message, hint="Check the folder, its rights and the disk.", where=where)
    return None
