"""The rollback anchor: how long each chain of a vault was, kept outside the vault.

An older copy of a vault is sound in itself; only something that is not part of the copy can tell that it is older.
The anchor is written after each commit. It may lag behind the vault (a process was killed between the two), never
ahead of it: two processes that write one vault only ever raise it.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from app.core.errors import CounterfoilError, VaultRolledBackError
from app.core.journal.encoding import decode_unchecked, encode
from app.core.ports import Keyring
from app.storage.files import FileLock, told, write_whole
from app.storage.keys import TAG_BYTES, DataKey

Chains = Mapping[tuple[str, str], tuple[int, str]]
"""(book, device in hex) to (length, head in hex)."""

IN_KEYRING = "keyring"
IN_FOLDER = "settings folder"
_PURPOSE = b"anchor"
_PATIENCE = 5.0
_KEYRING_SECONDS = 5.0
"""So often at most is the keyring told, which may take long; the file is told each time."""


def chains(connection: Any) -> Chains:
    """Return length and head of every chain of a vault."""
    known = connection.execute("SELECT chain, book, device FROM chains").fetchall()
    # One look into the index for each chain: a join would read through all records.
    newest = "SELECT seq, hash FROM records WHERE chain = ? ORDER BY seq DESC LIMIT 1"
    ends = {(book, device.hex()): connection.execute(newest, (chain,)).fetchone() for chain, book, device in known}
    return {chain: (end[0], end[1].hex()) for chain, end in ends.items() if end is not None}


def difference(connection: Any, anchored: Chains) -> str:
    """Return how a vault falls short of its anchor; "" where it holds everything that was anchored."""
    found = chains(connection)
    for (book, device), (length, head) in sorted(anchored.items()):
        there, _ = found.get((book, device), (0, ""))
        if there < length:
            return f"the chain of device {device} had {length:,} records and has {there:,}"
        (at_length,) = connection.execute(
            "SELECT hash FROM records WHERE seq = ?"
            " AND chain = (SELECT chain FROM chains WHERE book = ? AND device = ?)",
            (length, book, bytes.fromhex(device)),
        ).fetchone()
        if at_length.hex() != head:
            return f"record {length:,} of device {device} is another than it was"
    return ""


class Anchor:
    """The anchor of one vault at its place: a file in the settings folder, and the keyring where there is one."""

    def __init__(self, file: Path, keyring: Keyring, key: DataKey) -> None:
        """Take the file's path; the keyring's entry has the same name."""
        self._file = file
        self._keyring = keyring
        self._key = key
        self._context = file.stem.encode()
        self._lock = threading.Lock()
        self._pending: dict[tuple[str, str], tuple[int, str]] = {}
        self._keyring_told = 0.0
        self._is_in_keyring = False

    @property
    def place(self) -> str:
        """Return where the anchor is kept."""
        return IN_KEYRING if self._is_in_keyring else IN_FOLDER

    def known(self) -> Chains:
        """Return what was anchored; VaultRolledBackError where somebody else wrote it."""
        found: dict[tuple[str, str], tuple[int, str]] = {}
        for content in (self._from_file(), self._from_keyring()):
            if content:
                found = _higher(found, self._opened(content))
        return found

    def raise_to(self, reached: Chains) -> None:
        """Anchor what the vault holds now, in both places."""
        with told(self._file.parent):
            self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._lock:
            self._to_file(reached)
            self._pending.update(reached)
            with contextlib.suppress(CounterfoilError):
                self._to_keyring()

    def committed(self, book: str, device: str, length: int, head: str) -> None:
        """Hear of a commit. What goes wrong here must not fail it: then the anchor lags behind until the next one."""
        with self._lock, contextlib.suppress(CounterfoilError, OSError):
            self._pending[book, device] = length, head
            self._to_file({(book, device): (length, head)})
            if time.monotonic() - self._keyring_told > _KEYRING_SECONDS:
                self._to_keyring()

    def close(self) -> None:
        """Tell the keyring the rest."""
        with self._lock, contextlib.suppress(CounterfoilError, OSError):
            self._to_keyring()

    def forget(self) -> None:
        """Remove the anchor: its vault is gone."""
        self._file.unlink(missing_ok=True)
        self._file.with_suffix(".lock").unlink(missing_ok=True)
        if self._keyring.name:
            self._keyring.erase(self._entry)

    @property
    def _entry(self) -> str:
        return f"anchor/{self._file.stem}"

    def _from_file(self) -> bytes:
        try:
            content = self._file.read_bytes()
        except FileNotFoundError:
            return b""
        # What a power cut leaves of a file that was never synced: nothing, or zeros.
        return content if any(content) else b""

    def _from_keyring(self) -> bytes:
        return (self._keyring.read(self._entry) or b"") if self._keyring.name else b""

    def _opened(self, content: bytes) -> dict[tuple[str, str], tuple[int, str]]:
        body, tag = content[:-TAG_BYTES], content[-TAG_BYTES:]
        if not self._key.is_tag(_PURPOSE, self._context + body, tag):
            message = (
                "The anchor, which tells an older copy of the vault from the newest, was changed by somebody else."
            )
            hint = "Compare the vault with a backup; accept it as it is only where you know why."
            raise VaultRolledBackError(message, hint=hint)
        return {(book, device): (length, head) for book, device, length, head in decode_unchecked(body)}

    def _sealed(self, anchored: Chains) -> bytes:
        body = encode([[*chain, *end] for chain, end in sorted(anchored.items())])
        return body + self._key.tag(_PURPOSE, self._context + body)

    def _to_file(self, reached: Chains) -> None:
        with self._file_lock():
            before = self._from_file()
            known = self._opened(before) if before else {}
            higher = _higher(known, reached)
            if higher != known:
                # Not synced: after a power cut the anchor may be the one before, or empty, which is none.
                write_whole(self._file, self._sealed(higher), is_synced=False)

    @contextlib.contextmanager
    def _file_lock(self) -> Iterator[None]:
        lock = FileLock(self._file.with_suffix(".lock"))
        try:
            with lock.held(_PATIENCE):
                yield
        finally:
            lock.close()

    def _to_keyring(self) -> None:
        if not self._keyring.name:
            self._is_in_keyring = False
            return
        self._is_in_keyring = False
        before = self._from_keyring()
        known = self._opened(before) if before else {}
        higher = _higher(known, self._pending)
        if higher != known:
            self._keyring.write(self._entry, self._sealed(higher))
        self._pending.clear()
        self._keyring_told = time.monotonic()
        self._is_in_keyring = True


def _higher(one: Chains, other: Chains) -> dict[tuple[str, str], tuple[int, str]]:
    """Return the longer of each chain."""
    return {
        chain: max((one.get(chain, (0, "")), other.get(chain, (0, ""))), key=lambda end: end[0])
        for chain in {*one, *other}
    }
