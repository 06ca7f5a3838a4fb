"""Kept checkpoints: bytes that only the derivation which wrote them reads."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kept:
    """One checkpoint of the lots of one asset.

    Attributes:
        at: Everything before this moment is told by it.
        prices: Digest of every price before that moment which it follows from.
    """

    at: int
    prices: bytes
    content: bytes
