"""Reading sources: every event once, cursors that resume, and differences that are named, never balanced away."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from pathlib import Path

import pytest

from app.core.errors import InputError, RateLimitedError, RetryableError, StorageFullError
from app.core.model.accounts import Connection, ConnectionState, Credentials
from app.core.model.pages import Page
from app.core.model.views import SourceReport
from app.core.ports import Exchange
from app.services.events import ConnectionsChanged, PageCommitted, RecordsAppended
from app.services.jobs import JobState
from app.services.workspace import Workspace
from app.storage.claims import claimed
from tests.services.books import KEY, Script, deposit, moved, no_progress, page

FRESH = Credentials({"apiKey": "KLMNOPQRST", "secret": "another"})
ONE = page(deposit("a", "1"), deposit("b", "2"), cursor="1")
TWO = page(deposit("c", "0.5"), deposit("d", "100", "usd"), cursor="2")


async def connect(workspace: Workspace) -> None:
    await workspace.connections.add(venue="kraken", name="main", credentials=KEY)


async def sync(workspace: Workspace) -> SourceReport:
    (report,) = await workspace.ingest.sync([], no_progress)
    return report


async def test_a_history_is_read_once_whatever_is_asked_again(workspace: Workspace, script: Script) -> None:
    await connect(workspace)
    script.pages, script.held = [ONE, TWO], {"bitcoin": "3.5", "usd": "100"}
    first = await sync(workspace)
    again = await sync(workspace)

    assert (first.recorded, first.seen, first.breaks, first.calls, first.calls_saved) == (4, 0, 0, 2, 4)
    assert (again.recorded, again.seen, again.breaks, again.calls) == (0, 0, 0, 0)
    assert script.asked == [{}, {"ledger": "2"}]


async def test_a_reading_that_was_cut_off_goes_on_where_it_stopped(workspace: Workspace, script: Script) -> None:
    await connect(workspace)
    script.pages, script.fault = [ONE], RetryableError("Kraken did not answer.", hint="Later.")
    cut = await sync(workspace)
    view = (await workspace.connections.all())[0]
    assert (cut.recorded, cut.error, view.state) == (2, "Kraken did not answer. Later.", ConnectionState.FAILED)

    script.pages, script.fault, script.held = [ONE, TWO], None, {"bitcoin": "3.5", "usd": "100"}
    rest = await sync(workspace)

    assert (rest.recorded, rest.breaks, script.asked[-1]) == (2, 0, {"ledger": "1"})
    assert (await workspace.connections.all())[0].state is ConnectionState.OK


async def test_a_connection_that_another_process_reads_is_read_after_it(workspace: Workspace, script: Script) -> None:
    await connect(workspace)
    script.pages, script.held = [ONE, TWO], {"bitcoin": "3.5", "usd": "100"}
    script.opened.clear()
    elsewhere = claimed(Path((await workspace.info()).path), "main", "main")
    assert elsewhere is not None
    told: list[tuple[str, int]] = []

    def progress(share: float | None, doing: str) -> None:
        del share
        if "waits for another Counterfoil" in doing:
            told.append((doing, len(script.opened)))
            elsewhere.close()

    (report,) = await workspace.ingest.sync([], progress)
    after = claimed(Path((await workspace.info()).path), "main", "main")

    assert told == [("main: waits for another Counterfoil that is reading it", 0)]
    assert (report.recorded, report.error) == (4, "")
    assert after is not None
    after.close()


async def test_a_second_row_with_the_id_of_another_stays_a_finding(workspace: Workspace, script: Script) -> None:
    await connect(workspace)
    script.pages, script.held = [page(deposit("a", "1"), deposit("a", "2"), cursor="1")], {"bitcoin": "1"}
    report = await sync(workspace)

    assert (report.recorded, report.quarantined) == (1, 1)
    assert "quarantined-row" in {finding.code for finding in await workspace.findings.all()}


async def test_a_missing_page_makes_exactly_its_breaks(workspace: Workspace, script: Script) -> None:
    await connect(workspace)
    script.pages, script.held = [ONE], {"bitcoin": "3.5", "usd": "100"}
    report = await sync(workspace)
    found = {row.asset.asset_id: row.difference for row in await workspace.reconciliation.reconcile() if row.is_break}

    assert (report.breaks, found) == (2, {"bitcoin": Decimal("-0.5"), "usd": Decimal(-100)})
    assert [finding.subject for finding in await workspace.findings.all() if finding.code == "break"] == [
        "main/bitcoin/spot",
        "main/usd/spot",
    ]


async def test_what_happens_between_history_and_balances_is_no_break(workspace: Workspace, script: Script) -> None:
    await connect(workspace)
    script.pages, script.appears_late, script.held = [ONE], [TWO], {"bitcoin": "3.5", "usd": "100"}
    report = await sync(workspace)

    assert (report.recorded, report.breaks) == (4, 0)


async def test_other_content_under_a_known_id_is_a_revision(workspace: Workspace, script: Script) -> None:
    await connect(workspace)
    script.pages, script.held = [ONE], {"bitcoin": "3"}
    await sync(workspace)
    script.pages += [page(moved(deposit("b", "2"), "2.5"), cursor="2")]
    script.held = {"bitcoin": "3.5"}
    report = await sync(workspace)

    assert (report.recorded, report.revised, report.breaks) == (0, 1, 0)


async def test_a_reading_holds_the_key_only_as_long_as_it_lasts(workspace: Workspace, script: Script) -> None:
    await connect(workspace)
    script.pages, script.fault = [ONE], RetryableError("Kraken did not answer.")
    script.opened.clear()
    script.closed = 0
    await sync(workspace)

    assert ([credentials for _, credentials in script.opened], script.closed) == ([KEY], 1)


async def test_a_paused_source_is_read_only_when_it_is_named(workspace: Workspace, script: Script) -> None:
    await connect(workspace)
    await workspace.connections.pause("main", paused=True)
    script.pages = [ONE]

    assert await workspace.ingest.sync([], no_progress) == ()
    assert [report.recorded for report in await workspace.ingest.sync(["main"], no_progress)] == [2]


async def test_pages_are_told_after_they_are_kept(workspace: Workspace, script: Script) -> None:
    await connect(workspace)
    script.pages, script.held = [ONE, TWO], {"bitcoin": "3.5", "usd": "100"}
    told, changed, states = list[PageCommitted](), list[RecordsAppended](), list[ConnectionsChanged]()
    workspace.events.subscribe(PageCommitted, told.append)
    workspace.events.subscribe(RecordsAppended, changed.append)
    workspace.events.subscribe(ConnectionsChanged, states.append)
    await sync(workspace)

    assert [(one.stream, one.records) for one in told] == [("ledger", 2), ("ledger", 2), ("balances", 0)]
    assert told[-1].head == (await workspace.info()).head
    assert changed[-1] == RecordsAppended(("main",))
    assert {one.name for one in states} == {"main"}


async def test_a_failed_reading_is_a_failed_job_with_its_reason(workspace: Workspace, script: Script) -> None:
    await connect(workspace)
    script.fault = RateLimitedError("Kraken asks to wait.", hint="Nothing to do.", retry_after=5)
    job = await workspace.jobs.finished(workspace.ingest.start())

    assert (job.state, job.reason) == (JobState.FAILED, "main: Kraken asks to wait. Nothing to do.")
    assert [finding.code for finding in await workspace.findings.all()] == ["source-failed"]


async def test_reading_from_the_start_brings_in_what_the_venue_left_out(workspace: Workspace, script: Script) -> None:
    await connect(workspace)
    short = page(deposit("a", "1"), cursor="1")
    script.pages, script.held = [short, TWO], {"bitcoin": "3.5", "usd": "100"}
    first = await sync(workspace)
    script.pages = [ONE, TWO]
    second = await sync(workspace)

    (whole,) = await workspace.ingest.sync([], no_progress, from_start=True)

    assert [one.breaks for one in (first, second, whole)] == [1, 1, 0]
    assert (whole.recorded, whole.seen, whole.revised) == (1, 3, 0)


async def test_a_connection_that_cannot_be_opened_does_not_keep_the_others_from_being_read(
    workspace: Workspace, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    await connect(workspace)
    await workspace.connections.add(venue="kraken", name="other", credentials=FRESH)
    script.pages, script.held = [ONE], {"bitcoin": "3"}
    lost = InputError("Kraken needs apiKey, and none was given.", hint="Enter it.")
    opening = workspace.runtime.exchanges.open

    def opened(connection: Connection, credentials: Credentials | None) -> Exchange:
        if connection.name == "other":
            raise lost
        return opening(connection, credentials)

    monkeypatch.setattr(workspace.runtime.exchanges, "open", opened)
    main, other = await workspace.ingest.sync([], no_progress)
    views = {view.connection.name: view for view in await workspace.connections.all()}

    assert (main.recorded, main.error, other.recorded, other.error) == (2, "", 0, lost.line())
    assert (views["other"].state, views["other"].note) == (ConnectionState.FAILED, lost.line())


async def test_a_disk_that_is_full_stops_every_source_before_the_vault_closes(
    workspace: Workspace, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    await connect(workspace)
    await workspace.connections.add(venue="kraken", name="other", credentials=FRESH)
    script.pages = [ONE]
    full = StorageFullError("The disk is full.", hint="Free some space.")
    before = asyncio.all_tasks()

    def refuse(source: str, account: str, given: Page) -> None:
        raise full

    monkeypatch.setattr(workspace._vault.writer, "append_page", refuse)
    with pytest.raises(StorageFullError):
        await workspace.ingest.sync([], no_progress)

    assert asyncio.all_tasks() == before
