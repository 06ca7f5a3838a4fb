"""The keys file beside a vault: who it is, SQLCipher's salt and the key slots, checked twice.

A checksum that needs no key tells damage from a wrong passphrase; a tag by the data key tells a forger.

magic (8) · length of the body (4) · body (canonical CBOR) · tag (32) · checksum (32)
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from app.core.errors import (
    ChainBrokenError,
    VaultDamagedError,
    VaultLockedError,
    VaultTooNewError,
    WrongPassphraseError,
)
from app.core.journal.encoding import decode, encode
from app.core.ports import Keyring
from app.storage.files import write_whole
from app.storage.key_slots import KEYRING, PASSPHRASE, KeySlot, open_by_passphrase, open_by_secret, read_slot
from app.storage.keys import TAG_BYTES, DataKey

FORMAT = 1
_MAGIC = b"CFKEYS\r\n"
_LENGTH_BYTES = 4
_PREFIX = len(_MAGIC) + _LENGTH_BYTES
_CHECKSUM_BYTES = 32
_ID_BYTES = 16
_LONGEST = 65_536
_PURPOSE = b"header"
_RESTORE = "Restore a backup made before the damage."


@dataclass(frozen=True, slots=True)
class Header:
    """What a keys file says.

    Attributes:
        vault_id: Stays with all copies of a vault.
        instance: One place where the vault is at home; a restored copy has another, so that two copies never write
            to one chain.
        salt: SQLCipher's, which stands in the first bytes of the vault too.
    """

    vault_id: bytes
    instance: bytes
    salt: bytes
    slots: tuple[KeySlot, ...]
    schema: int
    """Version of the vault's tables, told here for people; what counts stands in the vault."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return the kinds of slots."""
        return tuple(slot.kind for slot in self.slots)

    def slot(self, kind: str) -> KeySlot | None:
        """Return the first slot of a kind."""
        return next((slot for slot in self.slots if slot.kind == kind), None)

    def with_slots(self, slots: Sequence[KeySlot]) -> Header:
        """Return the same with other slots."""
        return replace(self, slots=tuple(slots))

    def with_schema(self, schema: int) -> Header:
        """Return the same with another version of tables."""
        return replace(self, schema=schema)

    def at_new_place(self) -> Header:
        """Return the same vault as another instance."""
        return replace(self, instance=os.urandom(_ID_BYTES))


def new_header(schema: int) -> Header:
    """Return a header without slots, with new ids and salt."""
    return Header(os.urandom(_ID_BYTES), os.urandom(_ID_BYTES), os.urandom(_ID_BYTES), (), schema)


def written(header: Header, key: DataKey) -> bytes:
    """Return the bytes of a keys file."""
    body = encode(
        {
            "format": FORMAT,
            "instance": header.instance,
            "salt": header.salt,
            "schema": header.schema,
            "slots": [slot.as_record() for slot in header.slots],
            "vault": header.vault_id,
        }
    )
    content = _MAGIC + len(body).to_bytes(_LENGTH_BYTES, "big") + body
    content += key.tag(_PURPOSE, content)
    return content + hashlib.sha256(content).digest()


def read(content: bytes, where: str) -> Header:
    """Return the header; VaultDamagedError where a byte is not as written, VaultTooNewError for a later format."""
    checked, checksum = content[:-_CHECKSUM_BYTES], content[-_CHECKSUM_BYTES:]
    if not content.startswith(_MAGIC):
        message = "This is not the keys file of a vault, or its start was changed."
        raise VaultDamagedError(message, hint=_RESTORE, where=where)
    if not hmac.compare_digest(hashlib.sha256(checked).digest(), checksum):
        message = "The keys file was changed or cut: its checksum does not fit."
        raise VaultDamagedError(message, hint=_RESTORE, where=where)
    try:
        told = decode(checked[_PREFIX:-TAG_BYTES])
        return _header(told)
    except (ChainBrokenError, KeyError, TypeError, ValueError) as error:
        message = f"The keys file cannot be read: {error}."
        raise VaultDamagedError(message, hint=_RESTORE, where=where) from error


def _header(told: Any) -> Header:
    if told["format"] > FORMAT:
        message = f"The vault's keys file has format {told['format']}; this version knows {FORMAT}."
        raise VaultTooNewError(message, hint="Install the newest Counterfoil.")
    slots = tuple(read_slot(one) for one in told["slots"])
    return Header(told["vault"], told["instance"], told["salt"], slots, told["schema"])


def authenticated(content: bytes, header: Header, key: bytes, where: str) -> DataKey:
    """Return the data key of a keys file whose tag it gives; VaultDamagedError where somebody rewrote it."""
    data_key = DataKey(key, header.vault_id)
    tagged = content[:-_CHECKSUM_BYTES]
    if not data_key.is_tag(_PURPOSE, tagged[:-TAG_BYTES], tagged[-TAG_BYTES:]):
        message = "The keys file was rewritten by somebody without the vault's key."
        raise VaultDamagedError(message, hint=_RESTORE, where=where)
    return data_key


def unlock(content: bytes, passphrase: bytes | None, keyring: Keyring, where: str) -> tuple[Header, DataKey]:
    """Return header and data key, by the passphrase or, where it is None, by the keyring."""
    header = read(content, where)
    key = _by_keyring(header, keyring, where) if passphrase is None else _by_passphrase(header, passphrase, where)
    return header, authenticated(content, header, key, where)


def _by_passphrase(header: Header, passphrase: bytes, where: str) -> bytes:
    for slot in header.slots:
        if slot.kind == PASSPHRASE:
            key = open_by_passphrase(slot, passphrase, header.vault_id)
            if key is not None:
                return key
    message = "The passphrase does not open this vault; the vault's keys file is sound."
    raise WrongPassphraseError(message, hint="Check the keyboard's layout and capital letters.", where=where)


def _by_keyring(header: Header, keyring: Keyring, where: str) -> bytes:
    slot = header.slot(KEYRING)
    secret = keyring.read(slot.keyring_key) if slot is not None and keyring.name else None
    key = open_by_secret(slot, secret, header.vault_id) if slot is not None and secret is not None else None
    if key is None:
        message = "The keyring of this computer does not open this vault."
        raise VaultLockedError(message, hint="Give the passphrase.", where=where)
    return key


def keys_path(vault: Path) -> Path:
    """Return where the keys of a vault lie."""
    return vault.with_name(f"{vault.name}-keys")


def load(vault: Path) -> bytes:
    """Return the content of the keys file beside a vault."""
    path = keys_path(vault)
    try:
        with path.open("rb") as file:
            return file.read(_LONGEST)
    except FileNotFoundError as error:
        message = f"The keys file {path.name} is missing; without it the vault cannot be opened by anybody."
        raise VaultDamagedError(message, hint="Put it back beside the vault.", where=str(vault)) from error
    except OSError as error:
        message = f"The keys file cannot be read: {error.strerror}."
        raise VaultLockedError(message, hint="Check the rights of the file.", where=str(path)) from error


def changed(vault: Path, key: DataKey, change: Callable[[Header], Header]) -> Header:
    """Change the keys file as it is now; whoever calls keeps other writers away."""
    header = change(reread(vault, key))
    save(vault, header, key)
    return header


def reread(vault: Path, key: DataKey) -> Header:
    """Return the header of an opened vault as it is now: another process may have changed it."""
    content = load(vault)
    header = read(content, str(vault))
    authenticated(content, header, key.whole(), str(vault))
    return header


def save(vault: Path, header: Header, key: DataKey) -> None:
    """Put a keys file in place, whole or not at all."""
    write_whole(keys_path(vault), written(header, key))
