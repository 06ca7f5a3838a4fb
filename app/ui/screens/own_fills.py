"""The own trades of one asset, as charts mark them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from app.core.ledger.entries import EntryKind
from app.core.model.views import ActivityFilter, EntryView, Scope
from app.ui.charts.price_chart import Fill

if TYPE_CHECKING:
    from app.services.workspace import Workspace

MOST = 2_000
"""Trades that are marked; more could not be told apart."""


async def own_fills(workspace: Workspace, scope: Scope, asset: str, since_ns: int | None = None) -> tuple[Fill, ...]:
    """Return the newest trades of an asset in the accounts of a scope."""
    kinds = (EntryKind.TRADE,)
    asked = ActivityFilter(accounts=scope.accounts, assets=(asset,), kinds=kinds, since_ns=since_ns)
    page = await workspace.portfolio.activity(asked, 0, MOST)
    # Of two thousand trades it takes as long as half a turn may.
    return await asyncio.to_thread(_fills, page.entries, asset)


def _fills(entries: Sequence[EntryView], asset: str) -> tuple[Fill, ...]:
    both = ((entry, _own(entry, asset)) for entry in entries)
    return tuple(Fill(entry.at, quantity, entry.entry_id) for entry, quantity in both if quantity)


def _own(entry: EntryView, asset: str) -> Decimal:
    own = [leg for leg in entry.legs if leg.asset.asset_id == asset and leg.role == "principal"]
    return sum((leg.quantity for leg in own), Decimal(0))
