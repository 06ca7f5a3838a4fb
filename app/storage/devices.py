"""Devices: one signing key for each computer on which a vault is at home, kept sealed inside the vault."""

from __future__ import annotations

import hashlib
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.core.journal.records import DEVICE_BYTES
from app.storage.files import told, write_whole
from app.storage.keys import DataKey

_PURPOSE = b"device"


class Connections(Protocol):
    """The database, as far as devices need it."""

    def read(self) -> AbstractContextManager[Any]:
        """Begin a reading transaction on one consistent state."""

    def write(self) -> AbstractContextManager[Any]:
        """Begin a writing transaction: committed at the end, rolled back on any exception."""


class SealedDevice:
    """Signs as one device; the private key is unsealed for each signature."""

    def __init__(self, key: DataKey, public_key: bytes, sealed: bytes) -> None:
        """Take the keys as they lie in the vault."""
        self._key = key
        self._public_key = public_key
        self._sealed = sealed

    @property
    def fingerprint(self) -> str:
        """Return 16 bytes of the hash of the public key, in hex."""
        return hashlib.sha256(self._public_key).digest()[:DEVICE_BYTES].hex()

    @property
    def public_key(self) -> bytes:
        """Return the Ed25519 public key."""
        return self._public_key

    def keep(self, connection: Any, now: int) -> None:
        """Keep the device in the vault."""
        row = bytes.fromhex(self.fingerprint), self._public_key, self._sealed, now
        connection.execute("INSERT INTO devices VALUES (?, ?, ?, ?)", row)

    def sign(self, message: bytes) -> bytes:
        """Return the signature of a message."""
        private = self._key.unseal(_PURPOSE, self._sealed, self._public_key)
        return Ed25519PrivateKey.from_private_bytes(private).sign(message)


def this_device(database: Connections, key: DataKey, note: Path, now: int) -> SealedDevice:
    """Return this computer's device, made at the first opening; `note`, outside the vault, says which it is.

    A vault that is copied to another computer finds no note there: it gets a device, and with it a chain, of its own.
    """
    with database.read() as connection:
        known = _kept(connection, key, note)
    return known or _made(database, key, note, now)


def _made(database: Connections, key: DataKey, note: Path, now: int) -> SealedDevice:
    with database.write() as connection:
        known = _kept(connection, key, note)
        if known is not None:
            return known
        made = Ed25519PrivateKey.generate()
        public = made.public_key().public_bytes_raw()
        device = SealedDevice(key, public, key.seal(_PURPOSE, made.private_bytes_raw(), public))
        device.keep(connection, now)
        # Inside the transaction: of two processes that open the vault for the first time the second finds the note.
        # Where the commit fails, the note names a device that is not there, and the next opening makes one.
        with told(note.parent):
            note.parent.mkdir(parents=True, exist_ok=True)
        write_whole(note, device.fingerprint.encode())
    return device


def _kept(connection: Any, key: DataKey, note: Path) -> SealedDevice | None:
    try:
        fingerprint = bytes.fromhex(note.read_text("ascii"))
    except (OSError, ValueError):
        return None
    asked = "SELECT public_key, private_key FROM devices WHERE fingerprint = ?"
    row = connection.execute(asked, (fingerprint,)).fetchone()
    return None if row is None else SealedDevice(key, *row)
