"""Records as they are sealed, for others to check."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RecordProof:
    """One record with what opens its commitment; salt and body are None where the body was erased."""

    number: int
    kind: str
    hash: str
    device: str
    header: bytes
    salt: bytes | None
    body: bytes | None


@dataclass(frozen=True, slots=True)
class ChainProof:
    """One chain from its start.

    Attributes:
        headers: In the order of the chain; each names the hash of the one before it.
        signature: Of the device, over the newest commit.
    """

    device: str
    public_key: bytes
    headers: tuple[bytes, ...]
    signature: bytes
