"""Backups: one encrypted file with its key slots, checked before anybody relies on it.

database (SQLCipher) · keys file · length of the keys file (4) · length of the database (8) · tag (32) · magic (8)

The database comes first, so that it can be copied straight into its place and checked there.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from app.core.errors import ChainBrokenError, InputError, VaultDamagedError
from app.core.ports import Progress
from app.storage import header as headers
from app.storage.database import Database, connect
from app.storage.faults import translated
from app.storage.files import make_private, put_in_place, told
from app.storage.header import Header
from app.storage.integrity import damaged_pages
from app.storage.key_slots import KEYRING
from app.storage.keys import TAG_BYTES, DataKey
from app.storage.places import remove_database
from app.storage.verify import verify

_MAGIC = b"CFBACKUP"
_KEYS_LENGTH, _DATABASE_LENGTH = 4, 8
_END = _KEYS_LENGTH + _DATABASE_LENGTH + TAG_BYTES + len(_MAGIC)
_PURPOSE = b"backup"
_PAGES_AT_ONCE = 512
_AT_ONCE = 1 << 20
_COPYING, _CHECKING = 0.4, 0.6
_MOST_KEYS = 65_536
_HINT = "Use another backup."


@dataclass(frozen=True, slots=True)
class Parts:
    """Where the parts of a backup begin and end."""

    database: int
    keys: bytes
    tag: bytes

    @property
    def tagged(self) -> int:
        """Return how many bytes the tag is over."""
        return self.database + len(self.keys) + _KEYS_LENGTH + _DATABASE_LENGTH


class OneConnection:
    """A database of one connection, as verification reads it."""

    def __init__(self, connection: Any) -> None:
        """Take the connection."""
        self._connection = connection

    @contextmanager
    def read(self) -> Iterator[Any]:
        """Begin a reading transaction."""
        self._connection.execute("BEGIN")
        try:
            yield self._connection
        finally:
            self._connection.execute("ROLLBACK")


def write_backup(  # noqa: PLR0913 - a backup of what, where, heard by whom
    database: Database, header: Header, key: DataKey, target: Path, progress: Progress, *, is_current: bool = True
) -> None:
    """Write a verified copy; others may go on writing. The target must not exist.

    Of a vault that is not `is_current`, whose schema is an older one, the pages are checked, not the chains.
    """
    if target.exists():
        message = f"{target.name} exists already; a backup never replaces a file."
        raise InputError(message, hint="Choose another name.", where=str(target))
    partial = target.with_name(f"{target.name}.partial")
    remove_database(partial)
    try:
        make_private(partial)
        _copy(database, key, header.salt, partial, progress)
        with _told_of(database.path):
            check(
                partial, key, header.salt, lambda share, doing: progress(_overall(share), doing), is_current=is_current
            )
        # A copy goes to other places, where the keyring of this computer is of no use.
        slots = [slot for slot in header.slots if slot.kind != KEYRING]
        with told(target):
            _finish(partial, headers.written(header.with_slots(slots), key), key)
        put_in_place(partial, target)
    finally:
        remove_database(partial)
    progress(1.0, "verified")


@contextmanager
def _told_of(vault: Path) -> Iterator[None]:
    """Tell of a copy that does not verify as what it is: the vault itself is damaged, and nothing was written."""
    try:
        yield
    except (VaultDamagedError, ChainBrokenError) as error:
        message = f"The vault is damaged, so no backup was written. {error.message}"
        hint = "See what is wrong with: counterfoil vault verify. Then restore a backup made before the damage."
        raise type(error)(message, hint=hint, where=str(vault)) from error


def _overall(share: float | None) -> float:
    return _COPYING + _CHECKING * (share or 0.0)


def _copy(database: Database, key: DataKey, salt: bytes, partial: Path, progress: Progress) -> None:
    def heard(_status: int, remaining: int, total: int) -> None:
        progress(_COPYING * (1 - remaining / max(total, 1)), "copying")

    with (
        translated(partial, is_writing=True),
        closing(database.connection()) as source,
        closing(_connected(partial, key, salt)) as copy,
    ):
        # Nobody relies on the copy before it is checked, synced and has its name: it needs no journal.
        for pragma in ("journal_mode = OFF", "synchronous = OFF"):
            copy.execute(f"PRAGMA {pragma}").fetchone()
        # The source stays in one reading transaction: what others write meanwhile does not make the copy start again.
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        source.backup(copy, pages=_PAGES_AT_ONCE, progress=heard)
        source.execute("ROLLBACK")
        copy.execute("PRAGMA journal_mode = DELETE").fetchone()


def _connected(path: Path, key: DataKey, salt: bytes) -> Any:
    return connect(path, key.derive(b"database"), salt)


def check(path: Path, key: DataKey, salt: bytes, progress: Progress, *, is_current: bool = True) -> None:
    """Check every page and every chain of a database that nobody writes to; raises at the first fault."""
    with translated(path), closing(_connected(path, key, salt)) as connection:
        pages = damaged_pages(connection)
        if pages:
            message = f"The copy is damaged: {pages}."
            raise VaultDamagedError(message, hint=_HINT, where=str(path))
        if not is_current:
            return
        found = verify(OneConnection(connection), progress)
    if not found.is_valid:
        message = f"The copy does not verify: {found.first_break}."
        raise ChainBrokenError(message, hint=_HINT, where=str(path))


def _finish(partial: Path, keys: bytes, key: DataKey) -> None:
    """Append the keys and the tag over everything."""
    size = partial.stat().st_size
    end = keys + len(keys).to_bytes(_KEYS_LENGTH, "big") + size.to_bytes(_DATABASE_LENGTH, "big")
    with partial.open("r+b") as file:
        running = _running(file, size, key)
        running.update(end)
        file.write(end + running.digest() + _MAGIC)
        file.flush()
        os.fsync(file.fileno())


def _running(file: BinaryIO, length: int, key: DataKey, copy: Callable[[bytes], object] = len) -> hmac.HMAC:
    """Return the tag over the next bytes of a file; each part is handed to `copy` too."""
    running = hmac.new(key.derive(_PURPOSE), digestmod=hashlib.sha256)
    while length:
        part = file.read(min(_AT_ONCE, length))
        if not part:
            raise VaultDamagedError("The backup is cut off.", hint=_HINT)
        running.update(part)
        copy(part)
        length -= len(part)
    return running


def parts(backup: Path) -> Parts:
    """Return what a backup consists of; InputError where a file is none."""
    with told(backup), backup.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _END))
        end = file.read()
        if size < _END or not end.endswith(_MAGIC):
            message = f"{backup.name} is not a backup of a vault, or its end is cut off."
            raise InputError(message, hint="Name a file that was written by: counterfoil vault backup.")
        keys_length = int.from_bytes(end[:_KEYS_LENGTH], "big")
        database = int.from_bytes(end[_KEYS_LENGTH : _KEYS_LENGTH + _DATABASE_LENGTH], "big")
        if keys_length > _MOST_KEYS or database + keys_length + _END != size:
            message = f"The backup has {size:,} bytes; its end names other lengths. It was changed or cut."
            raise VaultDamagedError(message, hint=_HINT, where=str(backup))
        file.seek(database)
        return Parts(database, file.read(keys_length), end[-TAG_BYTES - len(_MAGIC) : -len(_MAGIC)])


def extract(backup: Path, found: Parts, key: DataKey, partial: Path) -> None:
    """Copy the database of a backup into a new file; VaultDamagedError where any byte is not as written."""
    make_private(partial)
    with told(partial), backup.open("rb") as file, partial.open("r+b") as copy:
        running = _running(file, found.database, key, copy.write)
        running.update(file.read(found.tagged - found.database))
        if not hmac.compare_digest(running.digest(), found.tag):
            message = "The backup was changed: its tag does not fit."
            raise VaultDamagedError(message, hint=_HINT, where=str(backup))
        copy.flush()
        os.fsync(copy.fileno())
