"""A small history of purchases and sales, and how a year of it is closed."""

from __future__ import annotations

from decimal import Decimal

from app.core.clock import DAY, parse_iso
from app.core.ledger.entries import Entry, EntryKind, Identity, Leg
from app.core.model.period_seals import PeriodSeal
from app.core.model.price_overrides import PriceOverride
from app.services.tax_years import Asked
from app.services.workspace import Workspace
from tests.services.books import no_progress

US = Asked("us", year=2025)


def event(
    native_id: str, day: str, *legs: tuple[str, str], kind: EntryKind = EntryKind.TRADE, account: str = "main"
) -> Entry:
    """Return an entry of noon of a day."""
    return Entry(
        account=account,
        at=parse_iso(f"{day}T12:00:00Z")[0],
        kind=kind,
        legs=tuple(Leg(account, "spot", asset, Decimal(quantity)) for asset, quantity in legs),
        identity=Identity("manual", native_id),
    )


BOUGHT = event("b1", "2023-05-02", ("bitcoin", "1"), ("usd", "-30000"))
DEARER = event("b2", "2025-01-10", ("bitcoin", "1"), ("usd", "-50000"))
SOLD = event("s1", "2025-06-01", ("bitcoin", "-1"), ("usd", "60000"))
SOLD_AFTER = event("s2", "2026-02-01", ("bitcoin", "-0.5"), ("usd", "40000"))
HISTORY = (BOUGHT, DEARER, SOLD, SOLD_AFTER)


async def keep(workspace: Workspace, *entries: Entry) -> list[str]:
    """Record entries as a person would; returns their ids."""
    return [await workspace.entries.add(entry, "test") for entry in entries]


async def sealed(workspace: Workspace, asked: Asked = US) -> PeriodSeal:
    """Close a year."""
    return await workspace.seals.seal(asked, no_progress)


SENT = event("w1", "2025-02-01", ("bitcoin", "-0.4"), kind=EntryKind.WITHDRAWAL)
ARRIVED = event("d1", "2025-02-02", ("bitcoin", "0.4"), kind=EntryKind.DEPOSIT, account="cold")
REWARD = event("r1", "2025-03-03", ("ethereum", "0.5"), kind=EntryKind.REWARD)
REWARD_DAY = REWARD.at // DAY


def price(amount: str) -> PriceOverride:
    """Return a price of the reward's day, set by a person."""
    return PriceOverride("ethereum", REWARD_DAY, Decimal(amount), "usd", "the venue's own statement")
