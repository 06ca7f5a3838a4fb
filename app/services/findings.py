"""The worklist: everything that a person should look at, the most pressing first, each with its fix."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from app.core.clock import DAY
from app.core.findings import Finding, Severity
from app.core.model.accounts import Connection
from app.core.model.assets import AssetKind
from app.core.model.views import Reconciliation
from app.core.ports import OpenVault, Runtime
from app.core.reconciliation import finding
from app.services.market_data import MarketData
from app.services.reconciliation import ReconciliationService
from app.services.sources import Sources
from app.services.threads import Threads

_STALE_AFTER = DAY
_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
_CODES = ("source-failed", "key-may-withdraw", "break", "quarantined-row")
"""What comes first among findings of one severity."""


class Findings:
    """Collects findings; none of them is stored but those that pages brought with them."""

    def __init__(  # noqa: PLR0913, PLR0917 - what is wired once
        self,
        runtime: Runtime,
        vault: OpenVault,
        threads: Threads,
        sources: Sources,
        reconciliation: ReconciliationService,
        market_data: MarketData,
    ) -> None:
        """Take everything that findings come from."""
        self._runtime = runtime
        self._vault = vault
        self._threads = threads
        self._sources = sources
        self._reconciliation = reconciliation
        self._market_data = market_data

    async def all(self) -> tuple[Finding, ...]:
        """Return all findings, each once."""
        connections = await self._sources.connections()
        rows = await self._reconciliation.reconcile()
        found = [
            *_of_connections(connections, self._runtime.clock.now_ns()),
            *(finding(row) for row in rows if row.is_break and not row.waived),
            *self._unpriced(rows),
            *self._unmapped(rows),
            *await self._threads.read(self._vault.reader.findings),
            *self._market_data.findings(),
        ]
        once = {(finding.code, finding.subject): finding for finding in reversed(found)}
        return tuple(sorted(once.values(), key=_rank))

    def _unpriced(self, rows: Sequence[Reconciliation]) -> Iterable[Finding]:
        priced = {self._vault.book.base_currency, *self._market_data.marks()}
        return _no_price(rows, priced)

    def _unmapped(self, rows: Sequence[Reconciliation]) -> Iterable[Finding]:
        assets = {row.asset.asset_id: row.asset for row in rows if row.asset.kind is AssetKind.UNMAPPED}
        for asset in assets.values():
            yield Finding(
                Severity.WARNING,
                "unmapped-asset",
                f"{asset.symbol} is known to one venue only.",
                subject=asset.asset_id,
                detail="It is kept apart under the venue's own id, without a price; a ticker proves nothing.",
                fix="Show its entries",
                place=f"activity/{asset.asset_id}",
            )


def _rank(finding: Finding) -> tuple[int, int, str]:
    place = _CODES.index(finding.code) if finding.code in _CODES else len(_CODES)
    return _ORDER[finding.severity], place, finding.subject


def _of_connections(connections: Iterable[Connection], now_ns: int) -> Iterable[Finding]:
    for connection in connections:
        name, place = connection.name, f"connections/{connection.name}"
        if connection.last_error:
            detail = connection.last_error
            yield Finding(Severity.ERROR, "source-failed", f"{name} cannot be read.", name, detail, "Fix it", (), place)
        if connection.scope is not None and connection.scope.may_withdraw:
            detail = "Reading never needs that. Make a key that can only read and replace this one."
            message = f"The key of {name} may withdraw funds."
            yield Finding(Severity.WARNING, "key-may-withdraw", message, name, detail, "Replace key", (), place)
        if connection.last_read_ns is not None and now_ns - connection.last_read_ns > _STALE_AFTER:
            days = (now_ns - connection.last_read_ns) // DAY
            message = f"{name} was last read {days} day{'s' if days > 1 else ''} ago."
            yield Finding(Severity.INFO, "stale-source", message, name, "", "Read it now", (), place)


def _no_price(rows: Iterable[Reconciliation], priced: Collection[str]) -> Iterable[Finding]:
    seen: set[str] = set()
    for row in rows:
        asset = row.asset
        if asset.asset_id in seen or not row.ledger or asset.asset_id in priced:
            continue
        seen.add(asset.asset_id)
        yield Finding(
            Severity.WARNING,
            "no-price",
            f"{asset.symbol} has no price.",
            subject=asset.asset_id,
            detail="It is left out of the value. No connected venue quotes it, or prices were not read yet.",
            fix="Show where it is held",
            place=f"positions/{asset.asset_id}",
        )
