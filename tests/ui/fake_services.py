"""Made-up services: each answers from the made-up books, when and how a test says."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.core.errors import CredentialsError, InputError, RefusedError
from app.core.findings import Finding
from app.core.ledger.entries import Entry
from app.core.model.accounts import Account, Connection, ConnectionState, Credentials, KeyScope
from app.core.model.audit_log import LogFilter, LogLine
from app.core.model.market import Mark
from app.core.model.venues import VenueInfo
from app.core.model.views import (
    ActivityFilter,
    ActivityPage,
    ConnectionView,
    EntryDetail,
    EntryView,
    ImportReport,
    Overview,
    Positions,
    Reconciliation,
    Scope,
    SourceReport,
    Verification,
)
from app.core.ports import Progress
from app.services.events import ConnectionsChanged, Events, MarksChanged, RecordsAppended
from app.services.jobs import Jobs
from tests.ui import made_up_books as books
from tests.ui import made_up_views as views
from tests.ui.fake_runtime import VENUES, FixedClock
from tests.ui.made_up_log import log_lines

HEAD = books.identity("head")


class Answers:
    """How the fake answers: at once or held back, with what it has or with a fault."""

    def __init__(self, failing: Mapping[str, Exception], delay: float) -> None:
        self.failing = dict(failing)
        self.delay = delay
        self.gate: asyncio.Event | None = None
        self.asked: list[str] = []

    async def wait(self, name: str) -> None:
        """Let others run, wait while answers are held, then raise the fault that is set for this name."""
        self.asked.append(name)
        await asyncio.sleep(self.delay)
        if self.gate is not None:
            await self.gate.wait()
        if name in self.failing:
            raise self.failing[name]


class FakeConnections:
    """Connections that change state only when a test says so."""

    def __init__(self, answers: Answers, events: Events, rows: Sequence[ConnectionView]) -> None:
        self._answers, self._events = answers, events
        self.rows = {row.connection.name: row for row in rows}

    def venues(self) -> Sequence[VenueInfo]:
        return VENUES

    async def all(self) -> tuple[ConnectionView, ...]:
        await self._answers.wait("connections")
        return tuple(self.rows.values())

    def show(self, row: ConnectionView) -> None:
        """Put a connection into another state."""
        self.rows[row.connection.name] = row
        self._events.publish(ConnectionsChanged(row.connection.name))

    async def try_key(self, *, venue: str, credentials: Credentials, endpoint: str = "") -> KeyScope:
        await self._answers.wait("try_key")
        secret = "".join(credentials.fields.values())
        if "wrong" in secret:
            raise CredentialsError(f"{venue} refuses this key.", hint="Copy it once more; nothing was saved.")
        return replace(views.READ_ONLY, may_withdraw="withdraw" in secret, may_trade="trade" in secret)

    async def add(  # noqa: PLR0913
        self,
        *,
        venue: str,
        name: str,
        credentials: Credentials,
        account: str = "",
        endpoint: str = "",
        allow_withdraw: bool = False,
    ) -> ConnectionView:
        scope = await self.try_key(venue=venue, credentials=credentials, endpoint=endpoint)
        if name in self.rows:
            raise InputError(f"there is a connection named {name} already", hint="Choose another name.")
        if scope.may_withdraw and not allow_withdraw:
            raise RefusedError("This key may withdraw funds.", hint="Make a read-only one.")
        connection = Connection(name, venue, account or name, endpoint=endpoint, scope=scope, added_at_ns=books.NOW)
        self.show(ConnectionView(connection, account or name, ConnectionState.NEW, 0, None, None, None, 0))
        return self.rows[name]

    async def probe(self, name: str) -> KeyScope:
        await self._answers.wait("probe")
        scope = self.rows[name].connection.scope
        if scope is None or self.rows[name].state == ConnectionState.FAILED:
            raise CredentialsError(f"{name}: the key is refused", hint="Replace the key.")
        return scope

    async def pause(self, name: str, *, paused: bool) -> None:
        await self._answers.wait("pause")
        row = self.rows[name]
        state = ConnectionState.PAUSED if paused else ConnectionState.OK
        self.show(replace(row, state=state, connection=replace(row.connection, is_paused=paused)))

    async def rotate(self, name: str, credentials: Credentials) -> KeyScope:
        scope = await self.try_key(venue=self.rows[name].connection.venue, credentials=credentials)
        row = self.rows[name]
        connection = replace(row.connection, scope=scope, last_error="")
        self.show(replace(row, state=ConnectionState.OK, note="", connection=connection))
        return scope

    async def remove(self, name: str) -> None:
        await self._answers.wait("remove")
        del self.rows[name]
        self._events.publish(ConnectionsChanged(name))


class FakeIngest:
    """Reading that takes a few steps and finds a few records."""

    def __init__(self, answers: Answers, events: Events, jobs: Jobs, connections: FakeConnections) -> None:
        self._answers, self._events, self._jobs, self._connections = answers, events, jobs, connections

    async def sync(self, names: Sequence[str], progress: Progress) -> tuple[SourceReport, ...]:
        rows = self._connections.rows
        asked = list(names) or [name for name, row in rows.items() if not row.connection.is_paused]
        reports = []
        for index, name in enumerate(asked):
            progress(index / len(asked), f"{name}: ledger")
            await self._answers.wait("sync")
            error = rows[name].connection.last_error
            reports.append(
                SourceReport(name, "exchange", 0 if error else 4, 50, 0, 1, 0, books.START, books.NOW, 3, 40, 0, error)
            )
        self._events.publish(RecordsAppended(tuple(asked), None))
        return tuple(reports)

    def start(self, names: Sequence[str] = ()) -> int:
        rows = self._connections.rows
        asked = list(names) or [name for name, row in rows.items() if not row.connection.is_paused]
        return [self._start(name) for name in asked][-1]

    def _start(self, name: str) -> int:
        async def work(progress: Progress) -> str:
            (report,) = await self.sync([name], progress)
            if report.error:
                raise CredentialsError(report.error, hint="Replace the key.")
            return f"{report.recorded} new entries"

        return self._jobs.start(f"Read {name}", work)


class FakeImports:
    """Statements that always hold the same rows."""

    def __init__(self, answers: Answers, events: Events) -> None:
        self._answers, self._events = answers, events

    async def preview(self, file: Path, *, format_id: str = "", account: str = "") -> ImportReport:
        await self._answers.wait("preview")
        return self._report(file, account, is_preview=True)

    async def commit(self, file: Path, *, format_id: str = "", account: str = "") -> ImportReport:
        await self._answers.wait("commit")
        self._events.publish(RecordsAppended((account or "kraken-main",), None))
        return self._report(file, account, is_preview=False)

    def _report(self, file: Path, account: str, *, is_preview: bool) -> ImportReport:
        newest = books.entries()[:12]
        return ImportReport(
            file.name, "kraken-ledgers", account or "kraken-main", 412, 400, 12, 0, 0, 0,
            newest[-1].at, newest[0].at, is_preview, newest,
        )  # fmt: skip


class FakeEntries:
    """Entries of a person: remembered, not booked."""

    def __init__(self, answers: Answers, events: Events) -> None:
        self._answers, self._events = answers, events
        self.done: list[tuple[str, ...]] = []

    async def _do(self, *what: str) -> str:
        await self._answers.wait(what[0])
        self.done.append(what)
        self._events.publish(RecordsAppended((), None))
        return books.identity("entry", *what)

    async def add(self, entry: Entry, reason: str) -> str:
        return (await self._do("add", entry.account, reason))[:32]

    async def correct(self, entry_id: str, revised: Entry, reason: str) -> str:
        return await self._do("correct", entry_id, reason)

    async def void(self, entry_id: str, reason: str) -> str:
        return await self._do("void", entry_id, reason)

    async def note(self, entry_id: str, text: str) -> str:
        return await self._do("note", entry_id, text)


class FakePortfolio:
    """Positions, overview and activity of the made-up books."""

    def __init__(self, answers: Answers, market_data: FakeMarketData, clock: FixedClock, *, empty: bool) -> None:
        self._answers, self._market_data, self._clock, self._is_empty = answers, market_data, clock, empty

    async def read_ahead(self) -> None:
        """Made-up books have nothing to read."""

    async def positions(self, scope: Scope = Scope()) -> Positions:  # noqa: B008
        await self._answers.wait("positions")
        return self._positions(scope)

    def _positions(self, scope: Scope) -> Positions:
        now = self._clock.now_ns()
        if self._is_empty:
            return Positions("usd", (), None, None, None, 0, (), now)
        return views.positions(self._market_data.marks(), scope, now)

    async def overview(self, scope: Scope = Scope()) -> Overview:  # noqa: B008
        await self._answers.wait("overview")
        findings = () if self._is_empty else views.findings()
        return views.overview(self._positions(scope), scope, self._clock.now_ns(), findings)

    async def activity(self, asked: ActivityFilter, offset: int, limit: int) -> ActivityPage:
        await self._answers.wait("activity")
        return ActivityPage((), 0, offset) if self._is_empty else views.activity(asked, offset, limit)

    async def entry(self, entry_id: str) -> EntryDetail:
        await self._answers.wait("entry")
        found = next((one for one in books.entries() if one.entry_id == entry_id), None)
        if found is None:
            raise InputError(f"there is no entry {entry_id}")
        return views.detail(found)

    async def entries(self, entry_ids: Sequence[str]) -> tuple[EntryView, ...]:
        await self._answers.wait("entries")
        known = {one.entry_id: one for one in books.entries()}
        return tuple(known[one] for one in entry_ids)

    async def accounts(self) -> tuple[Account, ...]:
        await self._answers.wait("accounts")
        return () if self._is_empty else books.ACCOUNTS

    async def closes(self, asset_id: str) -> tuple[tuple[int, Decimal], ...]:
        await self._answers.wait("closes")
        return books.closes(asset_id)

    def revalued(self, positions: Positions) -> Positions:
        return views.revalued(positions, self._market_data.marks(), self._clock.now_ns())


class FakeMarketData:
    """Marks that move when a test moves them."""

    def __init__(self, answers: Answers, events: Events, marks: dict[str, Mark]) -> None:
        self._answers, self._events, self._marks = answers, events, marks
        self.is_live = False
        self.rates: Any = None

    def marks(self) -> Mapping[str, Mark]:
        return self._marks

    def move(self, prices: Mapping[str, Decimal], at: int) -> None:
        """Take new prices and tell everybody."""
        for asset_id, price in prices.items():
            old = self._marks[asset_id]
            before = books.WIDE.divide(old.price, 1 + (old.change_24h or 0))
            change = books.WIDE.divide(price, before) - 1
            self._marks[asset_id] = replace(old, price=price, at=at, change_24h=change)
        self._events.publish(MarksChanged(frozenset(prices)))

    async def refresh(self) -> None:
        await self._answers.wait("refresh")

    async def refresh_rates(self) -> None:
        await self.rates.read()

    def start_live(self) -> None:
        self.is_live = True

    async def stop_live(self) -> None:
        self.is_live = False


class FakeBackFill:
    """History that is whole."""

    async def begin(self) -> int:
        return 0

    async def begin_hours(self) -> int:
        return 0


class FakeRest:
    """Findings, reconciliation, exports and audit, which only answer."""

    def __init__(self, answers: Answers, *, empty: bool) -> None:
        self._answers, self._is_empty = answers, empty
        self.written: list[tuple[str, Path]] = []
        self.first_break = ""

    async def all(self) -> tuple[Finding, ...]:
        await self._answers.wait("findings")
        return () if self._is_empty else views.findings()

    async def reconcile(self, accounts: Sequence[str] = ()) -> tuple[Reconciliation, ...]:
        await self._answers.wait("reconcile")
        return () if self._is_empty else views.reconciliations(accounts)

    async def _write(self, what: str, path: Path) -> int:
        await self._answers.wait(what)
        self.written.append((what, path))
        return 0 if self._is_empty else len(books.entries())

    async def ledger_csv(self, path: Path) -> int:
        return await self._write("ledger_csv", path)

    async def positions_csv(self, path: Path) -> int:
        return await self._write("positions_csv", path)

    async def reconciliation_csv(self, path: Path) -> int:
        return await self._write("reconciliation_csv", path)

    async def activity_csv(self, asked: ActivityFilter, path: Path) -> int:
        return await self._write("activity_csv", path)

    async def log(self, asked: LogFilter, before: int | None = None, limit: int = 200) -> Sequence[LogLine]:
        await self._answers.wait("log")
        fitting = [
            one
            for one in ([] if self._is_empty else log_lines())
            if (not asked.kinds or one.kind in asked.kinds)
            and one.hash.startswith(asked.hash)
            and asked.seq in (None, one.seq)
        ]
        return [one for one in fitting if before is None or one.number < before][:limit]

    async def whole_log(self, asked: LogFilter) -> Sequence[LogLine]:
        return await self.log(asked, None, 1_000_000)

    async def kinds(self) -> Mapping[str, int]:
        return Counter(one.kind for one in await self.log(LogFilter(), None, 1_000_000))

    async def verify(self, progress: Progress) -> Verification:
        progress(0.5, "record 1,002 of 2,004")
        await self._answers.wait("verify")
        found = self.first_break
        return Verification(2_004, 212, 1, is_valid=not found, first_break=found, head=HEAD, erased=0, seconds=0.41)
