"""The audit log and verifying, on a real vault."""

from __future__ import annotations

import asyncio
import threading

import pytest

from app.core.model.audit_log import LogFilter
from app.services.workspace import Workspace
from tests.services.books import no_progress
from tests.services.sealed_books import HISTORY, keep, sealed


async def test_the_log_tells_of_entries_and_of_the_seal_of_their_year(workspace: Workspace) -> None:
    kept = await keep(workspace, *HISTORY)
    seal = await sealed(workspace)
    entries = await workspace.audit.log(LogFilter(("entry",)))
    seals = await workspace.audit.log(LogFilter(("period_seal",)))

    assert [one.entry_id for one in entries] == list(reversed(kept))
    assert {one.is_of_person for one in entries} == {True}
    assert entries[-1].words == "trade: [[+1]] BTC, [[-30000]] USD"
    assert [(one.hash, one.words) for one in seals] == [(seal.record, "US 2025, version 1")]


async def test_the_whole_log_holds_every_record_that_verifying_counts(workspace: Workspace) -> None:
    await keep(workspace, *HISTORY)
    whole = await workspace.audit.whole_log(LogFilter())
    found = await workspace.audit.verify(no_progress)

    assert len(whole) == found.records == sum((await workspace.audit.kinds()).values())
    assert whole[0].hash == (await workspace.info()).head


async def test_verifying_that_nobody_waits_for_ends_and_the_books_go_on(workspace: Workspace) -> None:
    await keep(workspace, *HISTORY)
    asked, told = threading.Event(), threading.Event()

    def progress(_share: float | None, _doing: str) -> None:
        asked.set()
        told.wait(5)

    verifying = asyncio.create_task(workspace.audit.verify(progress))
    await asyncio.to_thread(asked.wait, 5)
    verifying.cancel()
    told.set()
    with pytest.raises(asyncio.CancelledError):
        await verifying

    assert (await workspace.audit.verify(no_progress)).is_valid
