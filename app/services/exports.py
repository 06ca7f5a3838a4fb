"""Books for others: tables written as files, whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from app.core.clock import iso
from app.core.ledger import csv_v1
from app.core.model.views import ActivityFilter, Scope
from app.core.money import plain
from app.core.ports import OpenVault, Runtime
from app.services.portfolio import Portfolio
from app.services.reconciliation import ReconciliationService
from app.services.threads import Threads

_AT_ONCE = 5_000

POSITION_COLUMNS = (
    "asset_id",
    "symbol",
    "quantity",
    "price",
    "currency",
    "price_source",
    "price_at",
    "value",
    "weight",
)
RECONCILIATION_COLUMNS = (
    "account", "sub_place", "asset_id", "symbol", "ledger", "reported", "difference", "read_at", "began_after",
    "began_by", "cause", "waived",
)  # fmt: skip
ACTIVITY_COLUMNS = ("entry_id", "at", "kind", "account", "legs", "state", "record")


class Exports:
    """Writes tables; figures are exact and unrounded, unknown is an empty cell."""

    def __init__(
        self,
        runtime: Runtime,
        vault: OpenVault,
        threads: Threads,
        portfolio: Portfolio,
        reconciliation: ReconciliationService,
    ) -> None:
        """Take what is exported and what writes it."""
        self._runtime = runtime
        self._reader = vault.reader
        self._threads = threads
        self._portfolio = portfolio
        self._reconciliation = reconciliation

    async def ledger_csv(self, path: Path) -> int:
        """Write the whole ledger as ledger CSV v1, one row a leg; returns the number of rows."""
        return await self._threads.read(self._ledger, path)

    def _ledger(self, path: Path) -> int:
        entries = self._reader.export_entries()
        ids = {leg.asset for _, entry in entries for leg in entry.legs}
        symbols = {asset_id: self._runtime.assets.asset(asset_id).symbol for asset_id in ids}
        rows = [row for entry_id, entry in entries for row in csv_v1.rows(entry_id, entry, symbols)]
        self._runtime.csv.write(path, csv_v1.COLUMNS, rows)
        return len(rows)

    async def positions_csv(self, path: Path) -> int:
        """Write positions at the newest marks."""
        found = await self._portfolio.positions(Scope())
        rows = [
            (
                one.asset.asset_id,
                one.asset.symbol,
                plain(one.quantity),
                _text(one.mark.price if one.mark else None),
                found.currency,
                one.mark.source if one.mark else "",
                iso(one.mark.at) if one.mark else "",
                _text(one.value),
                _text(one.weight),
            )
            for one in found.positions
        ]
        return await self.table(path, POSITION_COLUMNS, rows)

    async def reconciliation_csv(self, path: Path) -> int:
        """Write ledger against reported balances."""
        rows = [
            (
                row.account_id,
                row.sub_place,
                row.asset.asset_id,
                row.asset.symbol,
                plain(row.ledger),
                _text(row.reported),
                _text(row.difference),
                _moment(row.read_at_ns),
                _moment(row.broken.after_ns if row.broken else None),
                _moment(row.broken.by_ns if row.broken else None),
                row.causes[0] if row.causes else "",
                row.waived,
            )
            for row in await self._reconciliation.reconcile()
        ]
        return await self.table(path, RECONCILIATION_COLUMNS, rows)

    async def activity_csv(self, asked: ActivityFilter, path: Path) -> int:
        """Write the entries of a filter, newest first."""
        rows: list[tuple[str, ...]] = []
        while True:
            page = await self._portfolio.activity(asked, len(rows), _AT_ONCE)
            rows += [
                (
                    entry.entry_id,
                    iso(entry.at, entry.resolution),
                    entry.kind.value,
                    entry.account_id,
                    " ".join(f"{plain(leg.quantity)} {leg.asset.asset_id} {leg.role.value};" for leg in entry.legs),
                    entry.state,
                    str(entry.record),
                )
                for entry in page.entries
            ]
            if len(page.entries) < _AT_ONCE:
                return await self.table(path, ACTIVITY_COLUMNS, rows)

    async def table(self, path: Path, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
        """Write any table that a screen shows."""
        await self._threads.read(self._runtime.csv.write, path, columns, rows)
        return len(rows)


def _text(value: Decimal | None) -> str:
    return "" if value is None else plain(value)


def _moment(at: int | None) -> str:
    return "" if at is None else iso(at)
