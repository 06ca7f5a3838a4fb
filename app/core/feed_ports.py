"""Ports of raw feeds: who understands a venue's frames, and another process that hands on recorded ones."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from app.core.market.live import LiveMarket

FASTEST = 0.0
"""As a speed: no waiting at all."""


class FrameDecoder(Protocol):
    """Brings raw frames into the state of live markets."""

    def take(self, source: bytes, received_ns: int, payload: bytes) -> None:
        """Take one frame; one that cannot be understood is counted in the market. `source` is one socket or file."""


class FramePipe(Protocol):
    """Another process that hands on lines: `<source> <receive time, ns> <JSON>`."""

    def receive(self) -> bytes:
        """Wait for the next lines, each with its end; b"" once there is no more."""

    def stop(self) -> None:
        """End the process."""


class Feeds(Protocol):
    """Raw feeds of venues."""

    def decoder(self, market: LiveMarket) -> FrameDecoder:
        """Return what understands frames."""

    def replayed(self, files: Sequence[Path], speed: float) -> FramePipe:
        """Hand on recorded files by receive time, so many times as fast as they came, or at `FASTEST`.

        Raises:
            InputError: A file is not there, or is no recording.
        """
