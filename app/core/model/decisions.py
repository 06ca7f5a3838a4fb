"""Decisions of persons: each is a record of the journal, and a later one about the same thing replaces it."""

from __future__ import annotations

from typing import Protocol


class Decision(Protocol):
    """What every kind of decision can say of itself."""

    @property
    def recorded_ns(self) -> int:
        """Return when the journal sealed it; 0 before."""
