"""An unlocked vault with one book: every service of it, wired once."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.model.accounts import Book
from app.core.model.views import VaultInfo
from app.core.ports import OpenVault, Progress, Runtime
from app.services.alerts import Alerts
from app.services.audit import Audit
from app.services.back_fill import BackFill
from app.services.bundle import Bundles
from app.services.candles import CandleHistory
from app.services.connections import ConnectionService
from app.services.entries import EntryService
from app.services.events import Events, Locked
from app.services.exports import Exports
from app.services.findings import Findings
from app.services.general_ledger import GeneralLedger
from app.services.growing import GrowingCandles
from app.services.harvest import Harvests
from app.services.imports import Imports
from app.services.ingest import Ingest
from app.services.jobs import Jobs
from app.services.lot_courses import LotCourses
from app.services.lots import Lots
from app.services.market_data import MarketData
from app.services.order_books import OrderBooks
from app.services.performance import Performances
from app.services.portfolio import Portfolio
from app.services.prices import PriceDays
from app.services.rates import Rates
from app.services.reconciliation import ReconciliationService
from app.services.seal_watch import SealWatch
from app.services.seals import Seals
from app.services.sources import Sources
from app.services.statements_match import Statements
from app.services.tax_years import TaxYears
from app.services.threads import Threads
from app.services.transfers import Transfers

if TYPE_CHECKING:
    from app.services.risk import RiskDesk
    from app.services.risk_glance import RiskGlances
    from app.services.track_record import TrackRecords


class Workspace:
    """What window, command line and demo work with."""

    def __init__(self, path: Path, runtime: Runtime, vault: OpenVault, threads: Threads) -> None:
        """Wire the services; nothing is read yet."""
        self.path, self.runtime = path, runtime
        self._vault = vault
        self._threads = threads
        self.events = Events()
        self.jobs = Jobs(runtime.clock, self.events)
        self._sources = Sources(runtime, vault, threads, self.events)
        self.reconciliation = ReconciliationService(vault.reader, runtime.assets, threads)
        self.rates = Rates(runtime, vault, threads)
        self.candles = CandleHistory(runtime, vault, threads, self.events, self._sources)
        self.market_data = MarketData(runtime, vault, threads, self.events, self._sources, self.rates, self.candles)
        self.growing = GrowingCandles(runtime.clock, self.candles, self.market_data)
        self.back_fill = BackFill(runtime, vault, threads, self.events, self.jobs, self.market_data, self.candles)
        self.order_books = OrderBooks(runtime, self.events, self._sources, self.market_data)
        self.prices = PriceDays(runtime, vault, threads, self.events, self.market_data)
        self.connections = ConnectionService(runtime, vault, threads, self.events, self._sources, self.reconciliation)
        self.ingest = Ingest(runtime.clock, vault, threads, self.events, self.jobs, self._sources, self.reconciliation)
        self.imports = Imports(runtime.statements, vault, threads, self.events)
        self.entries = EntryService(vault, threads, self.events)
        self.transfers = Transfers(runtime, vault, threads, self.events)
        self.findings = Findings(
            runtime, vault, threads, self._sources, self.reconciliation, self.market_data, self.events
        )
        self.portfolio = Portfolio(runtime, vault, threads, self.market_data, self.findings, self.transfers)
        self.performance = Performances(runtime, vault, threads, self.market_data, self.portfolio)
        self.alerts = Alerts(runtime, vault, threads, self.events, self.market_data, self.portfolio, self._sources)
        self.exports = Exports(runtime, vault, threads, self.portfolio, self.reconciliation)
        self.audit = Audit(vault, threads, runtime.assets)
        self.tax = TaxYears(runtime, vault, threads, self.events)
        self.general_ledger = GeneralLedger(runtime, vault, threads, self.tax)
        self.courses = LotCourses(runtime, vault, threads)
        self.lots = Lots(runtime, vault, threads, self.events, self.tax, self.courses)
        self.harvests = Harvests(runtime, threads, self.tax)
        self.seals = Seals(runtime, vault, threads, self.events, self.tax, self.reconciliation)
        self.closed_years = SealWatch(runtime, vault, threads, self.events, self.jobs, self.tax, self.seals)
        for source in (self.transfers, self.prices, self.rates, self.candles, self.alerts, self.closed_years):
            self.findings.also(source.findings)
        self.statements = Statements(runtime, vault, threads, self.tax)
        self.bundles = Bundles(runtime, vault, threads, self.seals)
        self._is_locked = False

    @cached_property
    def risk(self) -> RiskDesk:
        """Return the desk of risk; its numeric libraries are loaded with its first question."""
        from app.services.risk import RiskDesk  # noqa: PLC0415
        from app.services.risk_leaving import Markets  # noqa: PLC0415

        markets = Markets(self.runtime.clock, self.market_data, self.order_books, self.candles)
        return RiskDesk(
            self.runtime, self._vault, self._threads, self.market_data, self.portfolio, self.transfers, markets
        )

    @cached_property
    def risk_glance(self) -> RiskGlances:
        """Return what tells value at risk of positions; its numeric libraries are loaded with it too."""
        from app.services.risk_glance import RiskGlances  # noqa: PLC0415

        return RiskGlances(self.runtime, self._vault, self._threads, self.market_data)

    @cached_property
    def track_record(self) -> TrackRecords:
        """Return what tells ratios and attribution of the past; its numeric libraries are loaded with it too."""
        from app.services.track_record import TrackRecords  # noqa: PLC0415

        return TrackRecords(
            self.runtime, self._vault, self._threads, self.market_data, self.portfolio, self.performance
        )

    @property
    def book(self) -> Book:
        """Return the book that is worked on."""
        return self._vault.book

    async def info(self) -> VaultInfo:
        """Return what can be said about the vault."""
        return await self._threads.read(self._vault.info)

    async def backup(self, target: Path, progress: Progress) -> None:
        """Write an encrypted, verified copy while others may go on writing."""
        await self._threads.read(self._vault.backup, target, progress)

    async def change_passphrase(self, old: str, new: str) -> None:
        """Wrap the vault's key anew."""
        await self._threads.write(self._vault.change_passphrase, old.encode(), new.encode())

    async def remember(self, *, remembered: bool) -> None:
        """Let this computer's keyring open the vault too, or no longer."""
        await self._threads.write(self._vault.remember, remembered=remembered)

    async def setting(self, name: str) -> str | None:
        """Return a preference kept in the vault."""
        return await self._threads.read(self._vault.setting, name)

    async def set_setting(self, name: str, value: str) -> None:
        """Keep a preference in the vault."""
        await self._threads.write(self._vault.set_setting, name, value)

    async def lock(self) -> None:
        """Stop everything, close every socket, forget the keys; a second call does nothing."""
        if self._is_locked:
            return
        self._is_locked = True
        try:
            await self.jobs.stop()
            await self.alerts.stop()
            await self.order_books.stop()
            await self.market_data.stop_live()
            await self._sources.close_all()
            await self.market_data.keep_spreads()
        finally:
            await self._threads.write(self._vault.close)
            self._threads.close()
            self.events.publish(Locked())
