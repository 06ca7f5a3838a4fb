"""What is owned, what it is worth, how it got there: the read models that screens and the command line show."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

from app.core.clock import DAY, from_datetime, to_datetime
from app.core.model.accounts import Account
from app.core.model.assets import AssetKind
from app.core.model.ledger_rows import BalanceRow
from app.core.model.views import (
    ActivityFilter,
    ActivityPage,
    EntryDetail,
    EntryView,
    EquityCurve,
    Overview,
    Positions,
    Proof,
    Scope,
)
from app.core.money import add as total_of
from app.core.ports import OpenVault, Runtime
from app.core.transfers.inside import inside
from app.core.valuation import equity, performance
from app.core.valuation import positions as valuation
from app.services.findings import Findings
from app.services.market_data import MarketData
from app.services.threads import Threads
from app.services.transfers import Transfers

_MONTHS = {"1m": 30, "3m": 91, "1y": 365}
_SPARK_DAYS = 7
_CASH = (AssetKind.FIAT, AssetKind.STABLE)


@dataclass(frozen=True, slots=True)
class _Known:
    """A history, and the state of the books that it is of."""

    head: str
    accounts: tuple[str, ...]
    history: equity.History


class Portfolio:
    """Reads the books of one vault."""

    def __init__(  # noqa: PLR0913, PLR0917 - what is wired once
        self,
        runtime: Runtime,
        vault: OpenVault,
        threads: Threads,
        market_data: MarketData,
        findings: Findings,
        transfers: Transfers,
    ) -> None:
        """Take the books, the marks, and what counts as a transfer."""
        self._runtime = runtime
        self._reader = vault.reader
        self._currency = vault.book.base_currency
        self._threads = threads
        self._market_data = market_data
        self._findings = findings
        self._transfers = transfers
        self._reading = asyncio.Lock()
        self._history: _Known | None = None
        self._past: tuple[equity.History, int, Mapping[int, Decimal | None]] | None = None

    async def positions(self, scope: Scope | None = None) -> Positions:
        """Return positions at the newest marks."""
        accounts = () if scope is None else scope.accounts
        balances, names, entries = await self._threads.read(self._held, accounts)
        held = sorted({row.asset for row in balances if row.quantity})
        closes = await self._market_data.closes(held)
        first = self._runtime.clock.now_ns() // DAY - _SPARK_DAYS
        known = valuation.Known(
            currency=self._currency,
            assets=self._runtime.assets,
            marks=self._market_data.marks(),
            now_ns=self._runtime.clock.now_ns(),
            names=names,
            closes={asset: [days[day] for day in sorted(days) if day >= first] for asset, days in closes.items()},
            entries=entries,
        )
        return valuation.positions(balances, known)

    def _held(self, accounts: tuple[str, ...]) -> tuple[Sequence[BalanceRow], dict[str, str], dict[str, int]]:
        names = {account.account_id: account.name for account in self._reader.accounts()}
        return self._reader.balances(accounts), names, dict(self._reader.entries_per_asset())

    def revalued(self, found: Positions) -> Positions:
        """Return the same quantities at the newest marks."""
        return valuation.revalued(found, self._market_data.marks(), self._runtime.clock.now_ns())

    async def overview(self, scope: Scope | None = None) -> Overview:
        """Return everything that the Overview shows."""
        asked = scope or Scope()
        found = await self.positions(asked)
        now = self._runtime.clock.now_ns()
        whole, venues, findings = await asyncio.gather(
            self._curve(asked, found), self._threads.read(self._venues), self._findings.headlines()
        )
        since = _since(asked, now)
        first = next((point.at for point in whole.points if point.value), now)
        # The close at the period's start is its first point: what is said of the period is measured from there.
        shown = tuple(point for point in whole.points if point.at >= max(since, first))
        cash = [one.value for one in found.positions if one.asset.kind in _CASH and one.value is not None]
        spent = total_of(*cash) if found.value is not None else None
        return Overview(
            positions=found,
            curve=EquityCurve(
                whole.currency,
                shown,
                tuple(flow for flow in whole.flows if flow.at >= since),
                tuple(self._runtime.assets.asset(asset).symbol for asset in whole.left_out),
            ),
            month_to_date=performance.time_weighted(whole, _month_start(now)),
            year_to_date=performance.time_weighted(whole, _year_start(now)),
            cash=spent,
            by_venue=valuation.shares(found, "venue", venues),
            by_kind=valuation.shares(found, "kind"),
            findings=findings,
        )

    def _venues(self) -> dict[str, tuple[str, str]]:
        titles = {info.venue_id: info.name for info in self._runtime.exchanges.venues()}
        return {
            account.account_id: (account.venue, titles.get(account.venue, account.venue))
            for account in self._reader.accounts()
        }

    async def curve(self, scope: Scope | None = None) -> EquityCurve:
        """Return the value of the books at the end of every day, the last at the marks of now."""
        asked = scope or Scope()
        return await self._curve(asked, await self.positions(asked))

    async def _curve(self, scope: Scope, found: Positions) -> EquityCurve:
        # Whoever asks while the history is being read waits for it, and then finds it.
        async with self._reading:
            history = await self._history_of(scope.accounts)
            today = self._runtime.clock.now_ns() // DAY
            first = history.changes[0].day if history.changes else today
            known = self._past
            if known is None or known[0] is not history or known[1] != today:
                values = await self._threads.read(equity.past_values, history, first, today)
                known = self._past = history, today, values
        return await self._threads.read(equity.curve, history, first, today, found.value, known[2])

    async def read_ahead(self) -> None:
        """Read what the curve of the whole book is drawn from, before anybody asks for it."""
        async with self._reading:
            await self._history_of(())

    async def _history_of(self, accounts: tuple[str, ...]) -> equity.History:
        """Return changes, flows and closes: the same as before, unless the books changed or a close was added."""
        known = await self._threads.read(self._read_history, accounts, self._history)
        read = known.history
        closes = await self._market_data.closes(sorted({change.asset for change in read.changes}))
        if any(read.closes.get(asset) is not days for asset, days in closes.items()):
            known = replace(known, history=replace(read, closes=closes))
        self._history = known
        return known.history

    def _read_history(self, accounts: tuple[str, ...], known: _Known | None) -> _Known:
        """Read changes and flows in one go, as long as the main thread may be busy; nothing where they are known."""
        head = self._reader.head()
        if known is not None and (known.head, known.accounts) == (head, accounts):
            return known
        return _Known(head, accounts, self.history(accounts))

    def history(self, accounts: Sequence[str]) -> equity.History:
        """Return changes and flows of accounts, without closes; not for the main thread."""
        changes, flows = self._reader.daily_changes(accounts), self._reader.flows(accounts)
        return equity.History(self._currency, changes, flows, {}, inside(self._transfers.counting(), accounts))

    async def activity(self, asked: ActivityFilter, offset: int, limit: int) -> ActivityPage:
        """Return a slice of the activity, newest first."""
        return await self._threads.read(self._reader.activity, asked, offset, limit)

    async def entry(self, entry_id: str) -> EntryDetail:
        """Return an entry with its proof."""
        return await self._threads.read(self._reader.entry, entry_id)

    async def entries(self, entry_ids: Sequence[str]) -> tuple[EntryView, ...]:
        """Return entries by id."""
        return tuple(await self._threads.read(self._reader.entries, tuple(entry_ids)))

    async def proofs(self, entry_ids: Sequence[str]) -> Mapping[str, Proof]:
        """Return what proves entries, by id."""
        return await self._threads.read(self._reader.proofs, tuple(entry_ids))

    async def accounts(self) -> tuple[Account, ...]:
        """Return all accounts of the book."""
        return tuple(await self._threads.read(self._reader.accounts))

    async def closes(self, asset_id: str) -> tuple[tuple[int, Decimal], ...]:
        """Return (end of the day, close in the base currency), oldest first."""
        days = (await self._market_data.closes([asset_id]))[asset_id]
        return tuple((day * DAY + DAY, days[day]) for day in sorted(days))


def _year_start(now_ns: int) -> int:
    return from_datetime(datetime(to_datetime(now_ns).year, 1, 1, tzinfo=UTC))


def _month_start(now_ns: int) -> int:
    moment = to_datetime(now_ns)
    return from_datetime(datetime(moment.year, moment.month, 1, tzinfo=UTC))


def _since(scope: Scope, now_ns: int) -> int:
    """Return where the scope's period begins; 0 is the start of the books."""
    if scope.since_ns is not None:
        return scope.since_ns
    if scope.period == "ytd":
        return _year_start(now_ns)
    return now_ns - _MONTHS[scope.period] * DAY if scope.period in _MONTHS else 0
