"""Reading sources into the books: page by page, each kept before the next is asked for, from where it was left."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from app.core.errors import CounterfoilError, InputError, SourceError
from app.core.findings import Finding
from app.core.model.accounts import Connection, ConnectionState
from app.core.model.pages import AppendResult, Page
from app.core.model.venues import CallCount
from app.core.model.views import SourceReport
from app.core.names import counted
from app.core.ports import Clock, Exchange, OpenVault, Progress
from app.services.events import Events, PageCommitted, RecordsAppended
from app.services.jobs import Jobs
from app.services.reconciliation import ReconciliationService
from app.services.sources import Doing, Sources
from app.services.threads import Threads

QUARANTINED = "quarantined-row"
_ELSEWHERE = "waits for another Counterfoil that is reading it"
_TOLD_EVERY = 0.25
"""Seconds between two tellings that the books changed, while a source is read."""


@dataclass(slots=True)
class _Reading:
    """What reading one source has done so far."""

    connection: Connection
    before: CallCount
    result: AppendResult = field(default_factory=AppendResult)
    findings: dict[tuple[str, str], Finding] = field(default_factory=dict)
    shares: dict[str, float] = field(default_factory=dict)
    quarantined: int = 0
    error: str = ""

    def add(self, result: AppendResult, page: Page) -> None:
        self.result += result
        self.quarantined += result.quarantined + sum(one.code == QUARANTINED for one in page.findings)
        self.find((*page.findings, *result.findings))
        if page.progress is not None:
            self.shares[page.stream] = page.progress

    def find(self, findings: Sequence[Finding]) -> None:
        for finding in findings:
            self.findings.setdefault((finding.code, finding.subject), finding)

    @property
    def share(self) -> float | None:
        return sum(self.shares.values()) / len(self.shares) if self.shares else None


def _told(error: CounterfoilError) -> str:
    """Return a fault as it is shown beside the connection's name, which the venue's own would say again."""
    return CounterfoilError(error.message, hint=error.hint).line()


class Ingest:
    """Reads sources."""

    def __init__(  # noqa: PLR0913, PLR0917 - what is wired once
        self,
        clock: Clock,
        vault: OpenVault,
        threads: Threads,
        events: Events,
        jobs: Jobs,
        sources: Sources,
        reconciliation: ReconciliationService,
    ) -> None:
        """Take what reading needs."""
        self._clock = clock
        self._vault = vault
        self._threads = threads
        self._events = events
        self._jobs = jobs
        self._sources = sources
        self._reconciliation = reconciliation
        self._told_at = 0.0
        self._busy: dict[str, asyncio.Lock] = {}

    async def sync(
        self, names: Sequence[str], progress: Progress, *, from_start: bool = False
    ) -> tuple[SourceReport, ...]:
        """Read sources at the same time (none named: all that are not paused); a fault is in its report.

        `from_start` reads the whole history again: what a venue left out before comes in, what is known stays once.
        """
        chosen = await self._chosen(names)
        shares: dict[str, float] = {connection.name: 0.0 for connection in chosen}

        def reporter(name: str) -> Progress:
            def report(share: float | None, doing: str) -> None:
                shares[name] = shares[name] if share is None else share
                progress(sum(shares.values()) / len(shares), f"{name}: {doing}")

            return report

        work = [asyncio.ensure_future(self._source(one, reporter(one.name), from_start=from_start)) for one in chosen]
        try:
            return tuple(await asyncio.gather(*work))
        finally:
            # Where one cannot be kept, because the disk is full, the others stop too before the vault is closed.
            for one in work:
                one.cancel()
            await asyncio.gather(*work, return_exceptions=True)

    def start(self, names: Sequence[str] = (), *, from_start: bool = False) -> int:
        """Read sources as a job."""
        title = f"Read {', '.join(names)}" if names else "Read all sources"

        async def work(progress: Progress) -> str:
            reports = await self.sync(names, progress, from_start=from_start)
            failed = [report for report in reports if report.error]
            if failed:
                raise SourceError(" ".join(f"{report.name}: {report.error}" for report in failed))
            return (
                counted(sum(report.recorded for report in reports), "new record")
                + f" from {counted(len(reports), 'source')}"
            )

        return self._jobs.start(title, work)

    async def _chosen(self, names: Sequence[str]) -> Sequence[Connection]:
        if names:
            return [await self._sources.connection(name) for name in dict.fromkeys(names)]
        return [connection for connection in await self._sources.connections() if not connection.is_paused]

    async def _source(self, connection: Connection, progress: Progress, *, from_start: bool) -> SourceReport:
        """Read one source; two readings of one source wait for each other."""
        async with self._busy.setdefault(connection.name, asyncio.Lock()):
            self._sources.tell(connection.name, Doing(ConnectionState.READING))
            try:
                return await self._read(connection, progress, from_start=from_start)
            finally:
                self._sources.tell(connection.name, None)
                self._tell_appended(connection.account_id, at_once=True)

    async def _read(self, connection: Connection, progress: Progress, *, from_start: bool) -> SourceReport:
        name = connection.name

        def waits() -> None:
            self._sources.tell(name, Doing(ConnectionState.WAITING, _ELSEWHERE))
            progress(None, _ELSEWHERE)

        try:
            async with self._sources.reading(connection, waits) as exchange:
                self._sources.tell(name, Doing(ConnectionState.READING))
                return await self._read_with(exchange, connection, progress, from_start=from_start)
        except InputError as error:
            # Its key was lost, its address cannot be one, or it was removed meanwhile: the others are read still.
            reading = _Reading(connection, CallCount(0, 0), error=_told(error))
            with suppress(InputError):
                await self._keep_outcome(reading)
            return await self._report(CallCount(0, 0), reading, 0)

    async def _read_with(
        self, exchange: Exchange, connection: Connection, progress: Progress, *, from_start: bool
    ) -> SourceReport:
        reading = _Reading(connection, exchange.calls())
        breaks = 0
        try:
            await self._history(exchange, reading, progress, from_start=from_start)
            breaks = await self._balances(exchange, reading)
            if breaks:
                # Something may have happened between the two readings: only what stays is a break.
                await self._history(exchange, reading, progress)
                breaks = await self._balances(exchange, reading)
        except SourceError as error:
            reading.error = _told(error)
        await self._keep_outcome(reading)
        return await self._report(exchange.calls(), reading, breaks)

    async def _history(
        self, exchange: Exchange, reading: _Reading, progress: Progress, *, from_start: bool = False
    ) -> None:
        name, account = reading.connection.name, reading.connection.account_id
        known = () if from_start else await self._threads.read(self._vault.reader.streams, name)
        async for page in exchange.history({stream.stream: stream.cursor for stream in known}):
            result = await self._threads.write(self._vault.writer.append_page, name, account, page)
            reading.add(result, page)
            self._events.publish(PageCommitted(name, page.stream, result.recorded, result.head))
            progress(reading.share, f"{reading.result.recorded} new, {page.stream}")
            if result.recorded or result.revised:
                self._tell_appended(account)

    async def _balances(self, exchange: Exchange, reading: _Reading) -> int:
        name, account = reading.connection.name, reading.connection.account_id
        page = await exchange.balances()
        head = await self._threads.write(self._vault.writer.append_balances, name, account, page)
        self._events.publish(PageCommitted(name, "balances", 0, head))
        reading.find(page.findings)
        return await self._reconciliation.differing(account)

    async def _keep_outcome(self, reading: _Reading) -> None:
        connection = await self._sources.connection(reading.connection.name)
        read_at = connection.last_read_ns if reading.error else self._clock.now_ns()
        await self._sources.save(replace(connection, last_read_ns=read_at, last_error=reading.error))

    async def _report(self, now: CallCount, reading: _Reading, breaks: int) -> SourceReport:
        connection, result = reading.connection, reading.result
        span = await self._threads.read(self._vault.reader.span, connection.account_id)
        before = reading.before
        return SourceReport(
            name=connection.name,
            kind="exchange",
            recorded=result.recorded,
            seen=result.seen,
            revised=result.revised,
            evidence=result.evidence,
            quarantined=reading.quarantined,
            from_ns=None if span is None else span[0],
            to_ns=None if span is None else span[1],
            calls=now.calls - before.calls,
            calls_naive=now.naive - before.naive,
            breaks=breaks,
            error=reading.error,
            findings=tuple(reading.findings.values()),
        )

    def _tell_appended(self, account: str, *, at_once: bool = False) -> None:
        now = asyncio.get_running_loop().time()
        if at_once or now - self._told_at >= _TOLD_EVERY:
            self._told_at = now
            self._events.publish(RecordsAppended((account,)))
