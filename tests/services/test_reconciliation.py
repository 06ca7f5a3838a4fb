"""Ledger against reported balances: compared once for each state of the books, and anew when they change."""

from __future__ import annotations

from decimal import Decimal

from app.services.workspace import Workspace
from tests.services.books import KEY, Script, deposit, no_progress, page


async def test_the_outcome_is_kept_until_the_books_change(workspace: Workspace, script: Script) -> None:
    await workspace.connections.add(venue="kraken", name="main", credentials=KEY)
    script.pages = [page(deposit("a", "2"), cursor="1")]
    script.held = {"bitcoin": "2"}
    await workspace.ingest.sync([], no_progress)
    first = await workspace.reconciliation.reconcile()
    again = await workspace.reconciliation.reconcile()
    script.held = {"bitcoin": "3"}
    await workspace.ingest.sync([], no_progress)
    later = await workspace.reconciliation.reconcile()

    assert again is first
    assert [row.difference for row in first] == [Decimal(0)]
    assert [row.difference for row in later] == [Decimal(-1)]


async def test_one_account_is_not_mistaken_for_all(workspace: Workspace, script: Script) -> None:
    await workspace.connections.add(venue="kraken", name="main", credentials=KEY)
    script.pages = [page(deposit("a", "2"), cursor="1")]
    script.held = {"bitcoin": "2"}
    await workspace.ingest.sync([], no_progress)

    assert len(await workspace.reconciliation.reconcile()) == 1
    assert await workspace.reconciliation.reconcile(["another"]) == ()
