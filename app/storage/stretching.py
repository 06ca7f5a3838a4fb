"""Argon2id: how a passphrase becomes a key, and how much work that is on this computer."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass

from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw

from app.core.errors import VaultDamagedError, VaultError
from app.storage.keys import KEY_BYTES

SALT_BYTES = 16
_MEBIBYTE_KIB = 1_024
_MOST_MEMORY_KIB = 256 * _MEBIBYTE_KIB
"""What calibration takes at most; a phone or small machine must be able to open the vault too."""
_SECONDS = 0.7
_PASSES = range(3, 65)
_LANES = range(1, 17)
_MEMORY_KIB = range(64 * _MEBIBYTE_KIB, 4_096 * _MEBIBYTE_KIB + 1)


@dataclass(frozen=True, slots=True)
class Stretching:
    """Costs of Argon2id, version 1.3; never below the floor, RFC 9106's second choice."""

    memory_kib: int
    passes: int
    lanes: int

    def __post_init__(self) -> None:
        """Refuse what is below the floor, which a forged header would ask for, or beyond any use."""
        for name, value, allowed in (
            ("memory (KiB)", self.memory_kib, _MEMORY_KIB),
            ("passes", self.passes, _PASSES),
            ("lanes", self.lanes, _LANES),
        ):
            if value not in allowed:
                limits = f"{allowed.start:,} to {allowed.stop - 1:,}"
                message = f"The key slot asks for Argon2id with {name} {value:,}; allowed are {limits}."
                raise VaultDamagedError(message, hint="Restore a backup: the keys file was changed.")

    def key(self, passphrase: bytes, salt: bytes) -> bytes:
        """Return the key that a passphrase gives."""
        try:
            return hash_secret_raw(
                passphrase, salt, self.passes, self.memory_kib, self.lanes, KEY_BYTES, Type.ID, version=19
            )
        except HashingError as error:
            message = f"There is no memory ({self.memory_kib // _MEBIBYTE_KIB} MiB) to check the passphrase."
            raise VaultError(message, hint="Close other programs and try again.") from error


FLOOR = Stretching(_MEMORY_KIB.start, _PASSES.start, 4)


def calibrated(seconds: float = _SECONDS) -> Stretching:
    """Return costs that take about so long here: memory first, then passes; never below the floor."""
    started = time.perf_counter()
    FLOOR.key(b"calibration", bytes(SALT_BYTES))
    spent = max(time.perf_counter() - started, 0.001)
    unit = spent / (FLOOR.memory_kib * FLOOR.passes)
    affordable = int(seconds / (unit * FLOOR.passes)) // _MEBIBYTE_KIB * _MEBIBYTE_KIB
    memory = max(FLOOR.memory_kib, min(affordable, _MOST_MEMORY_KIB, _eighth_of_memory_kib()))
    passes = int(seconds / (unit * memory))
    return Stretching(memory, min(max(passes, _PASSES.start), _PASSES.stop - 1), FLOOR.lanes)


def _eighth_of_memory_kib() -> int:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // (8 * 1_024)
    except (AttributeError, ValueError, OSError):
        return _MOST_MEMORY_KIB
