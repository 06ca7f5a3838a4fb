"""Keys that follow from the vault's data key, and small values sealed with them."""

from __future__ import annotations

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.core.errors import VaultDamagedError, VaultLockedError

KEY_BYTES = 32
TAG_BYTES = 32
_SALT_BYTES = 32
_NONCE_BYTES = 12
_CONTEXT = b"counterfoil/"


def derived(key: bytes, salt: bytes, purpose: bytes, length: int = KEY_BYTES) -> bytes:
    """Return a key for one purpose (HKDF with SHA-256)."""
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=_CONTEXT + purpose).derive(key)


def sealed(key: bytes, value: bytes, context: bytes) -> bytes:
    """Return a value encrypted and authenticated together with its context.

    Each value has a key and nonce of its own, made from a random salt: no number of values wears the key out.
    """
    salt = os.urandom(_SALT_BYTES)
    cipher, nonce = _cipher(key, salt)
    return salt + cipher.encrypt(nonce, value, context)


def unsealed(key: bytes, content: bytes, context: bytes) -> bytes | None:
    """Return the value; None where key, context or any byte is another."""
    cipher, nonce = _cipher(key, content[:_SALT_BYTES])
    try:
        return cipher.decrypt(nonce, content[_SALT_BYTES:], context)
    except InvalidTag:
        return None


def _cipher(key: bytes, salt: bytes) -> tuple[ChaCha20Poly1305, bytes]:
    made = derived(key, salt, b"sealed-value", KEY_BYTES + _NONCE_BYTES)
    return ChaCha20Poly1305(made[:KEY_BYTES]), made[KEY_BYTES:]


class DataKey:
    """The vault's one random key. What is derived from it is made per call; `forget` overwrites it.

    Python may have copied the bytes elsewhere: forgetting shortens the time in memory, it proves nothing.
    """

    def __init__(self, key: bytes, vault_id: bytes) -> None:
        """Take the key of a vault."""
        self._key = bytearray(key)
        self._vault_id = vault_id

    def __repr__(self) -> str:
        return "DataKey(…)"

    def derive(self, purpose: bytes, length: int = KEY_BYTES) -> bytes:
        """Return the key for one purpose."""
        return derived(self.whole(), self._vault_id, purpose, length)

    def whole(self) -> bytes:
        """Return the key itself, to wrap it."""
        if not self._key:
            message = "The vault is closed."
            raise VaultLockedError(message, hint="Unlock it again.")
        return bytes(self._key)

    def tag(self, purpose: bytes, content: bytes) -> bytes:
        """Return the authentication tag of something."""
        return hmac.digest(self.derive(purpose), content, hashlib.sha256)

    def is_tag(self, purpose: bytes, content: bytes, tag: bytes) -> bool:
        """Tell whether something is as it was when it was tagged."""
        return hmac.compare_digest(self.tag(purpose, content), tag)

    def seal(self, purpose: bytes, value: bytes, context: bytes) -> bytes:
        """Return a value sealed for one purpose and context."""
        return sealed(self.derive(purpose), value, context)

    def unseal(self, purpose: bytes, content: bytes, context: bytes) -> bytes:
        """Return a sealed value; VaultDamagedError where it does not open."""
        value = unsealed(self.derive(purpose), content, context)
        if value is None:
            message = f"A sealed value of the vault ({purpose.decode()}) was changed."
            raise VaultDamagedError(message, hint="Restore a backup made before the damage.")
        return value

    def forget(self) -> None:
        """Overwrite the key."""
        for place in range(len(self._key)):
            self._key[place] = 0
        self._key = bytearray()
