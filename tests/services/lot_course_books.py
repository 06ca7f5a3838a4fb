"""Made-up books of lots that change late: entries come, are revised and decided about, and prices with them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from random import Random

from app.core.clock import DAY
from app.core.ledger.entries import Entry, EntryKind, Identity, Leg, Role
from app.services.workspace import Workspace
from tests.services.books import NOW, page

ACCOUNTS = ("main", "cold")
COINS = ("bitcoin", "ethereum")


def made_up(seed: int, count: int = 60) -> list[Entry]:
    """Return entries of two years: trades, swaps, rewards, transfers with their fees, several at one moment."""
    dice = Random(seed)  # noqa: S311 - made-up entries, no secret
    found: list[Entry] = []
    at = NOW - 730 * DAY
    for number in range(count):
        at += dice.choice((0, 1, 5, 20)) * DAY + dice.choice((0, 3_600)) * 10**9
        coin, other = dice.sample(COINS, 2)
        account, target = dice.sample(ACCOUNTS, 2)
        quantity = Decimal(dice.randrange(1, 500)).scaleb(-2)
        value = Decimal(dice.randrange(1, 90_000)).scaleb(-1)
        match dice.randrange(8):
            case 0 | 1 | 2:
                found.append(entry(number, at, account, EntryKind.TRADE, (coin, quantity), ("usd", -value)))
            case 3 | 4:
                found.append(entry(number, at, account, EntryKind.TRADE, (coin, -quantity), ("usd", value)))
            case 5:
                found.append(entry(number, at, account, EntryKind.TRADE, (coin, -quantity), (other, quantity * 3)))
            case 6:
                found.append(entry(number, at, account, EntryKind.REWARD, (coin, quantity)))
            case _:
                sent = entry(number, at, account, EntryKind.WITHDRAWAL, (coin, -quantity), tx_hash=f"0x{number}")
                late = at + dice.choice((0, 40)) * DAY
                arrived = quantity - Decimal("0.005")
                # Some ends have no hash: only a person can say that they are one transfer.
                knows = f"{number}" if number % 3 else ""
                found += [sent, entry(-number, late, target, EntryKind.DEPOSIT, (coin, arrived), tx_hash=knows)]
    return [one for one in found if one.at < NOW]


def entry(number: int, at: int, account: str, kind: EntryKind, *legs: tuple[str, Decimal], tx_hash: str = "") -> Entry:
    role = Role.INTEREST if kind is EntryKind.REWARD else Role.PRINCIPAL
    return Entry(
        account,
        at,
        kind,
        tuple(Leg(account, "spot", asset, quantity, role) for asset, quantity in legs),
        Identity("ledger", f"n{number}"),
        references={"tx_hash": tx_hash} if tx_hash else {},
    )


def append(workspace: Workspace, entries: Sequence[Entry]) -> None:
    """Record entries as a source tells them."""
    text = entries[0].identity.native_id
    workspace._vault.writer.append_page("test", "main", page(*entries, cursor=text, stream=text))


def add_prices(workspace: Workspace) -> None:
    prices = workspace._vault.prices
    days = range(NOW // DAY - 740, NOW // DAY)
    for place, asset in enumerate((*COINS, "eur")):
        prices.add(asset, "usd", "test", {day: Decimal(100 + day % 17 + place) for day in days if day % 11})
