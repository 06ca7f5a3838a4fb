"""Ledger against what the sources report, each account at the moment of its own reading."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from app.core.model.ledger_rows import BalanceRow
from app.core.model.views import Reconciliation
from app.core.ports import AssetRegistry, LedgerReader
from app.core.reconciliation import reconcile
from app.services.threads import Threads


class ReconciliationService:
    """Compares; it never writes."""

    def __init__(self, reader: LedgerReader, assets: AssetRegistry, threads: Threads) -> None:
        """Take the books."""
        self._reader = reader
        self._assets = assets
        self._threads = threads
        self._lock = threading.Lock()
        self._head = ""
        self._compared: dict[tuple[str, ...], tuple[Reconciliation, ...]] = {}

    async def reconcile(self, accounts: Sequence[str] = ()) -> tuple[Reconciliation, ...]:
        """Return one row per place of the accounts (none given: all), breaks first."""
        return await self._threads.read(self._reconcile, tuple(accounts))

    def _reconcile(self, accounts: tuple[str, ...]) -> tuple[Reconciliation, ...]:
        """Compare once for each head of the books: nothing else changes the outcome, and several screens ask for it."""
        head = self._reader.head()
        with self._lock:
            if head != self._head:
                self._head, self._compared = head, {}
            if accounts not in self._compared:
                self._compared[accounts] = self._compare(accounts)
            return self._compared[accounts]

    def _compare(self, accounts: tuple[str, ...]) -> tuple[Reconciliation, ...]:
        known = self._reader.accounts()
        readings = self._reader.readings(accounts)
        read_at = {reading.account: reading.at for reading in readings}
        ledger: list[BalanceRow] = []
        for account in known:
            if not accounts or account.account_id in accounts:
                ledger += self._reader.balances((account.account_id,), read_at.get(account.account_id))
        names = {account.account_id: account.name for account in known}
        return reconcile(ledger, readings, self._assets, names)
