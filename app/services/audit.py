"""Proof of the books."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.core.model.audit_log import LogFilter, LogLine
from app.core.model.views import Verification
from app.core.ports import AssetRegistry, OpenVault, Progress
from app.core.stopping import Alive
from app.services.threads import Threads

_AT_ONCE = 5_000
"""Records that are read in one turn where all are wanted: others get their turn in between."""


class Audit:
    """Checks everything again, on one consistent state, while others may go on writing; and tells what is recorded."""

    def __init__(self, vault: OpenVault, threads: Threads, assets: AssetRegistry) -> None:
        """Take the vault, and how assets are called."""
        self._vault = vault
        self._threads = threads
        self._assets = assets

    async def verify(self, progress: Progress) -> Verification:
        """Re-check every record, chain and signature; the first break is named."""
        return await self._threads.work(self._verify, progress)

    def _verify(self, alive: Alive, progress: Progress) -> Verification:
        def told(share: float | None, doing: str) -> None:
            # Who stops waiting frees the thread too.
            alive()
            progress(share, doing)

        return self._vault.verify(told)

    async def rebuild(self) -> int:
        """Derive balances and lists anew from the journal; returns the number of records read."""
        return await self._threads.write(self._vault.rebuild)

    async def log(self, asked: LogFilter, before: int | None = None, limit: int = 200) -> Sequence[LogLine]:
        """Return records with what they say, the newest first: those before one of them, or the newest of all."""
        return await self._threads.read(self._vault.proofs.log, asked, before, limit, self._symbol)

    def _symbol(self, asset: str) -> str:
        return self._assets.asset(asset).symbol

    async def whole_log(self, asked: LogFilter) -> Sequence[LogLine]:
        """Return every record that is asked for, the newest first."""
        found: list[LogLine] = []
        while True:
            page = await self.log(asked, found[-1].number if found else None, _AT_ONCE)
            found += page
            if len(page) < _AT_ONCE:
                return found

    async def kinds(self) -> Mapping[str, int]:
        """Return how many records there are of each kind, most first."""
        return await self._threads.read(self._vault.proofs.kinds)
