"""What the file of a venue fills in besides, whose socket tells changes only: whole books are asked for apart."""

from __future__ import annotations

import abc
from collections.abc import Mapping
from typing import Any

from app.connectors.exchanges.base import Endpoint, Params
from app.connectors.exchanges.book_wire import BookWire


class AskedBookWire(BookWire):
    """Books of which the socket tells changes, and a call the whole."""

    @abc.abstractmethod
    def whole(self, name: str) -> tuple[Endpoint, Params]:
        """Return the call for the whole book of a market, which the socket knows by this name."""

    @abc.abstractmethod
    def take_whole(self, name: str, told: Mapping[str, Any], received_ns: int) -> None:
        """Take the answer; what its shape check let through has all that is read here."""
