"""A workspace with made-up books: the whole surface of the services, without a vault or a network.

workspace = FakeWorkspace()                                  # lively books
workspace = FakeWorkspace(empty=True)                        # no account, no source
workspace = FakeWorkspace(failing={"overview": SourceError("…")})
workspace = FakeWorkspace(stale_ns=34 * 60 * SECOND)         # marks are 34 minutes old
workspace.hold(); …; workspace.release()                     # answers wait for each other: loading states
workspace.move_marks({"bitcoin": Decimal("91300.10")})       # a live price
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from app.core.clock import SECOND
from app.core.model.views import (
    VaultInfo,
)
from app.core.ports import Clock, Progress, Runtime
from app.services.events import Events, JobChanged, Locked
from app.services.jobs import Job, Jobs, JobState
from tests.ui import made_up_books as books
from tests.ui import made_up_views as views
from tests.ui.fake_runtime import FixedClock, fake_runtime
from tests.ui.fake_services import (
    HEAD,
    Answers,
    FakeBackFill,
    FakeConnections,
    FakeEntries,
    FakeImports,
    FakeIngest,
    FakePortfolio,
)
from tests.ui.made_up_alerts import FakeAlerts
from tests.ui.made_up_breaks import FakeBreaks
from tests.ui.made_up_bundles import FakeBundles
from tests.ui.made_up_harvest import FakeHarvests
from tests.ui.made_up_ledger import FakeGeneralLedger
from tests.ui.made_up_lots import FakeLots
from tests.ui.made_up_markets import FakeCandles, FakeGrowing, FakeMarkets, FakeOrderBooks
from tests.ui.made_up_performance import FakePerformances
from tests.ui.made_up_prices import FakePrices
from tests.ui.made_up_rates import FakeRates
from tests.ui.made_up_risk import FakeRisk
from tests.ui.made_up_seals import FakeSeals
from tests.ui.made_up_statements import FakeStatements
from tests.ui.made_up_tax import FakeTax
from tests.ui.made_up_track import FakeGlances, FakeTrackRecords
from tests.ui.made_up_transfers import FakeTransfers


class ShownJobs(Jobs):
    """Real jobs, and such as stand still for a picture."""

    def __init__(self, clock: Clock, events: Events) -> None:
        super().__init__(clock, events)
        self._told = events

    def keep(self, job: Job) -> None:
        """Show a job as it is."""
        self._jobs[job.job_id] = job
        self._next = job.job_id + 1
        self._told.publish(JobChanged(job.job_id))

    def cancel(self, job_id: int) -> None:
        if job_id in self._tasks:
            super().cancel(job_id)
        else:
            self.keep(replace(self._jobs[job_id], state=JobState.CANCELLED, ended_ns=books.NOW, can_cancel=False))


class FakeWorkspace:
    """One unlocked vault with one made-up book."""

    def __init__(  # noqa: PLR0913
        self,
        *,
        empty: bool = False,
        failing: Mapping[str, Exception] | None = None,
        slow: float = 0.0,
        stale_ns: int = 2 * SECOND,
        unpriced: Sequence[str] = (),
        runtime: Runtime | None = None,
    ) -> None:
        self.path, self.book, self.settings = Path("/home/me/demo.vault"), books.BOOK, dict[str, str]()
        self.runtime = runtime or fake_runtime()
        self.clock = FixedClock()
        if isinstance(self.runtime.clock, FixedClock):
            self.clock = self.runtime.clock
        self.answers = Answers(failing or {}, slow)
        self.events = Events()
        self.jobs = ShownJobs(self.clock, self.events)
        marks = {} if empty else books.marks(books.NOW, stale_ns, unpriced)
        self.market_data = FakeMarkets(self.answers, self.events, marks)
        self.order_books = FakeOrderBooks(self.events)
        self.candles = FakeCandles(self.answers)
        self.growing = FakeGrowing(self.candles)
        self.back_fill = FakeBackFill()
        self.alerts = FakeAlerts(self.answers, self.events, empty=empty)
        self.connections = FakeConnections(self.answers, self.events, () if empty else views.connections())
        self.ingest = FakeIngest(self.answers, self.events, self.jobs, self.connections)
        self.imports = FakeImports(self.answers, self.events)
        self.entries = FakeEntries(self.answers, self.events)
        self.portfolio = FakePortfolio(self.answers, self.market_data, self.clock, empty=empty)
        self.general_ledger = FakeGeneralLedger(self.answers)
        self.performance = FakePerformances(self.answers, self.market_data, empty=empty)
        self.risk = FakeRisk(self.answers, self.portfolio)
        self.track_record = FakeTrackRecords(self.answers, self.risk)
        self.risk_glance = FakeGlances(self.answers, self.risk)
        rest = FakeBreaks(self.answers, self.events, empty=empty)
        self.findings = self.reconciliation = self.exports = self.audit = rest
        self.tax = FakeTax(self.answers, self.events)
        self.lots = FakeLots(self.answers, self.events, self.tax)
        self.harvests = FakeHarvests(self.answers)
        self.transfers = FakeTransfers(self.answers, self.events)
        self.rates = FakeRates(self.answers)
        self.market_data.rates = self.rates
        self.prices = FakePrices(self.answers, self.events)
        self.seals = FakeSeals(self.answers, self.events, self.tax, rest, self.clock)
        self.bundles = FakeBundles(self.answers, self.seals)
        self.statements = FakeStatements(self.answers)
        self.is_locked = self.is_remembered = False

    def hold(self) -> None:
        """Hold back every answer."""
        self.answers.gate = asyncio.Event()

    def release(self) -> None:
        """Let every held answer go."""
        gate, self.answers.gate = self.answers.gate, None
        if gate is not None:
            gate.set()

    def move_marks(self, prices: Mapping[str, Decimal]) -> None:
        """Bring new prices, as a live feed does."""
        self.market_data.move(prices, self.clock.now_ns())

    def show_jobs(self) -> None:
        """Put a running, a waiting, a failed and a done job on the list."""
        for job in JOBS:
            self.jobs.keep(replace(job))

    async def info(self) -> VaultInfo:
        await self.answers.wait("info")
        return VaultInfo(
            str(self.path), books.identity("vault")[:32], self.is_locked, 1, 2_004, len(books.entries()),
            ("this computer",), HEAD, (self.book.name,), ("passphrase", "keyring"), "keyring", 8_412_160,
        )  # fmt: skip

    async def backup(self, target: Path, progress: Progress) -> None:
        progress(0.5, "copying")
        await self.answers.wait("backup")

    async def change_passphrase(self, old: str, new: str) -> None:
        await self.answers.wait("change_passphrase")

    async def remember(self, *, remembered: bool) -> None:
        self.is_remembered = remembered
        await self.answers.wait("remember")

    async def setting(self, name: str) -> str | None:
        await self.answers.wait("setting")
        return self.settings.get(name)

    async def set_setting(self, name: str, value: str) -> None:
        await self.answers.wait("set_setting")
        self.settings[name] = value

    async def lock(self) -> None:
        self.is_locked = True
        self.events.publish(Locked())


_MINUTE = 60 * SECOND
JOBS = (
    Job(
        1,
        "Read binance-main",
        books.NOW - 3 * _MINUTE,
        share=1.0,
        state=JobState.DONE,
        ended_ns=books.NOW - 2 * _MINUTE,
        outcome="12 new entries",
        can_cancel=False,
    ),
    Job(
        2,
        "Read coinbase-fund",
        books.NOW - 318 * _MINUTE,
        state=JobState.FAILED,
        ended_ns=books.NOW - 317 * _MINUTE,
        reason="The key is refused since 09:14 UTC; your books are complete to that time.",
        remedy="Replace the key.",
        can_cancel=False,
        can_retry=True,
    ),
    Job(
        3,
        "Read kraken-desk",
        books.NOW - 9 * _MINUTE,
        "Venue asked to wait; goes on by itself at 14:34:10, nothing to do",
        state=JobState.WAITING,
    ),
    Job(4, "Read coinbase-prime", books.NOW - _MINUTE, "ledger, page 31 of 50", 0.62),
)
