"""Port of what sources reported of accounts: balances at each reading, and futures wallets at the newest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from app.core.model.futures import FuturesReading
from app.core.model.ledger_rows import BalanceRow, Compared, Reading


class ReportedBalances(Protocol):
    """Reads readings; every call may run on a reader thread and sees one consistent state."""

    def readings(self, accounts: Sequence[str] = ()) -> Sequence[Reading]:
        """Return the newest balance readings."""

    def when_read(self, accounts: Sequence[str] = ()) -> Sequence[BalanceRow]:
        """Return exact sums of legs, of each account at the moment of its newest reading; of now where it has none."""

    def compared(self, accounts: Sequence[str] = ()) -> Sequence[Compared]:
        """Return every reading of every place beside the ledger at its moment, by account and moment."""

    def futures(self, accounts: Sequence[str] = ()) -> Sequence[FuturesReading]:
        """Return futures wallets as they were told last; none of accounts whose readings tell of none."""
