"""Venues: what is known before connecting, and what calling them has cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CallCount:
    """Calls made and saved by a source since it was opened.

    Attributes:
        weight: In the units of the venue's first budget; a weight of another counts by the share that it uses up.
        naive: Calls that a naive client would have needed for the same completeness.
    """

    calls: int = 0
    weight: int = 0
    saved: int = 0
    naive: int = 0


@dataclass(frozen=True, slots=True)
class VenueInfo:
    """What is known about a venue before connecting."""

    venue_id: str
    name: str
    kind: str
    tier: str
    credential_fields: tuple[str, ...]
    reads: Mapping[str, bool]
    history: str
    importer: str
    key_help: tuple[str, ...]
