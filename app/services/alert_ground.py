"""What rules are measured on: the books of a vault, the prices of what they hold, and when their sources were read."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.ports import LedgerReader, OpenVault, Runtime
from app.services.market_data import MarketData
from app.services.portfolio import Portfolio
from app.services.sources import Sources
from app.services.threads import Threads


@dataclass(frozen=True, slots=True)
class Ground:
    """The same for what is measured now and for what would have been in the past."""

    runtime: Runtime
    vault: OpenVault
    threads: Threads
    market_data: MarketData
    portfolio: Portfolio
    sources: Sources

    @property
    def reader(self) -> LedgerReader:
        """Return what reads the books."""
        return self.vault.reader

    @property
    def currency(self) -> str:
        """Return the money of the books."""
        return self.vault.book.base_currency
