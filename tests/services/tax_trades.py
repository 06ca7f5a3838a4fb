"""Trades of one account that tests of tax years record, so many days before now."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from app.core.clock import DAY
from app.core.ledger.entries import Entry, EntryKind, Identity, Leg
from app.services.workspace import Workspace
from tests.services.books import NOW


def trade(native_id: str, *legs: tuple[str, str], days_ago: int, kind: EntryKind = EntryKind.TRADE) -> Entry:
    """Return an entry of the account main so many days before now."""
    return Entry(
        account="main",
        at=NOW - days_ago * DAY,
        kind=kind,
        legs=tuple(Leg("main", "spot", asset, Decimal(quantity)) for asset, quantity in legs),
        identity=Identity("ledger", native_id),
    )


BOUGHT = trade("b1", ("bitcoin", "1"), ("usd", "-30000"), days_ago=40)
DEARER = trade("b2", ("bitcoin", "1"), ("usd", "-50000"), days_ago=30)
SOLD = trade("s1", ("bitcoin", "-1"), ("usd", "60000"), days_ago=20)
REWARD = trade("r1", ("ethereum", "0.5"), days_ago=3, kind=EntryKind.REWARD)


async def keep(workspace: Workspace, *entries: Entry) -> None:
    """Record entries as a person would."""
    for entry in entries:
        await workspace.entries.add(replace(entry, identity=Identity("manual", entry.identity.native_id)), "test")
