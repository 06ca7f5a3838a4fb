"""Key slots: each wraps the vault's data key for one way to open it."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core.errors import InputError, VaultDamagedError
from app.core.journal.encoding import encode
from app.storage.keys import KEY_BYTES, derived, sealed, unsealed
from app.storage.stretching import SALT_BYTES, Stretching

PASSPHRASE = "passphrase"  # noqa: S105 - the name of a kind of slot
KEYRING = "keyring"
_SLOT_ID_BYTES = 16
_SHORTEST = 12
_FEWEST_SIGNS = 5
_COMMON = ("password", "passphrase", "qwertyuiop", "letmein", "123456", "counterfoil", "iloveyou", "abcdef")


@dataclass(frozen=True, slots=True)
class KeySlot:
    """One slot as it stands in the keys file. Kinds that this version does not know are kept as they are."""

    kind: str
    fields: Mapping[str, Any]
    wrapped: bytes

    def as_record(self) -> dict[str, Any]:
        """Return what is written."""
        return {"fields": dict(self.fields), "kind": self.kind, "wrapped": self.wrapped}

    @property
    def keyring_key(self) -> str:
        """Return under which name the keyring keeps this slot's secret."""
        return f"unlock/{self.fields['id'].hex()}"


def read_slot(record: Any) -> KeySlot:
    """Return a slot; VaultDamagedError where it asks for less than the floor."""
    try:
        slot = KeySlot(record["kind"], record["fields"], record["wrapped"])
        if slot.kind == PASSPHRASE:
            _stretching(slot)
    except (KeyError, TypeError, ValueError) as error:
        message = f"A key slot cannot be read: {error}."
        raise VaultDamagedError(message, hint="Restore a backup made before the damage.") from error
    return slot


def normalised(passphrase: bytes) -> bytes:
    """Return a passphrase in NFC, so that one typed on another system or keyboard is the same bytes."""
    try:
        return unicodedata.normalize("NFC", passphrase.decode()).encode()
    except UnicodeDecodeError:
        return passphrase


def check_strength(passphrase: bytes) -> None:
    """Refuse a new passphrase that is guessed in no time; InputError says why."""
    words = normalised(passphrase).decode(errors="replace")
    plain = "".join(words.casefold().split())
    reason = ""
    if len(words) < _SHORTEST:
        reason = f"it has {len(words)} characters, at least {_SHORTEST} are needed"
    elif len(set(plain)) < _FEWEST_SIGNS:
        reason = f"it consists of {len(set(plain))} different characters, at least {_FEWEST_SIGNS} are needed"
    else:
        found = next((word for word in _COMMON if word in plain and len(plain) - len(word) < _FEWEST_SIGNS), "")
        reason = f"it is little more than {found!r}, which is tried first" if found else ""
    if reason:
        message = f"The new passphrase is too weak: {reason}."
        raise InputError(message, hint="Take a sentence of several words that only you know.")


def passphrase_slot(passphrase: bytes, key: bytes, vault_id: bytes, stretching: Stretching) -> KeySlot:
    """Wrap a data key by a passphrase; its costs are authenticated with it."""
    salt = os.urandom(SALT_BYTES)
    fields = {
        "kdf": "argon2id",
        "lanes": stretching.lanes,
        "memory_kib": stretching.memory_kib,
        "passes": stretching.passes,
        "salt": salt,
    }
    return _wrapped(PASSPHRASE, fields, stretching.key(normalised(passphrase), salt), key, vault_id)


def keyring_slot(key: bytes, vault_id: bytes) -> tuple[KeySlot, bytes]:
    """Wrap a data key by a random secret; returns the slot and the secret, which belongs into the keyring."""
    secret = os.urandom(KEY_BYTES)
    fields = {"id": os.urandom(_SLOT_ID_BYTES)}
    return _wrapped(KEYRING, fields, derived(secret, vault_id, b"slot/keyring"), key, vault_id), secret


def open_by_passphrase(slot: KeySlot, passphrase: bytes, vault_id: bytes) -> bytes | None:
    """Return the data key; None where the passphrase is another."""
    salt = slot.fields["salt"]
    return _unwrapped(slot, _stretching(slot).key(normalised(passphrase), salt), vault_id)


def open_by_secret(slot: KeySlot, secret: bytes, vault_id: bytes) -> bytes | None:
    """Return the data key; None where the keyring's secret is another."""
    return _unwrapped(slot, derived(secret, vault_id, b"slot/keyring"), vault_id)


def _stretching(slot: KeySlot) -> Stretching:
    if slot.fields["kdf"] != "argon2id":
        message = f"A key slot asks for {slot.fields['kdf']!r}, which is no way to stretch a passphrase here."
        raise VaultDamagedError(message, hint="Install a newer Counterfoil, or restore a backup.")
    return Stretching(slot.fields["memory_kib"], slot.fields["passes"], slot.fields["lanes"])


def _wrapped(kind: str, fields: Mapping[str, Any], wrapper: bytes, key: bytes, vault_id: bytes) -> KeySlot:
    return KeySlot(kind, fields, sealed(wrapper, key, _context(kind, fields, vault_id)))


def _unwrapped(slot: KeySlot, wrapper: bytes, vault_id: bytes) -> bytes | None:
    return unsealed(wrapper, slot.wrapped, _context(slot.kind, slot.fields, vault_id))


def _context(kind: str, fields: Mapping[str, Any], vault_id: bytes) -> bytes:
    return encode({"fields": dict(fields), "kind": kind, "vault": vault_id})
