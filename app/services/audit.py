"""Proof of the books."""

from __future__ import annotations

from app.core.model.views import Verification
from app.core.ports import OpenVault, Progress
from app.services.threads import Threads


class Audit:
    """Checks everything again, on one consistent state, while others may go on writing."""

    def __init__(self, vault: OpenVault, threads: Threads) -> None:
        """Take the vault."""
        self._vault = vault
        self._threads = threads

    async def verify(self, progress: Progress) -> Verification:
        """Re-check every record, chain and signature; the first break is named."""
        return await self._threads.read(self._vault.verify, progress)

    async def rebuild(self) -> int:
        """Derive balances and lists anew from the journal; returns the number of records read."""
        return await self._threads.write(self._vault.rebuild)
