"""Books of any size with sales in them: years of buys, sales, rewards and transfers between four accounts."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from itertools import islice
from pathlib import Path

from app.bench.vaults import BOOK, PASSPHRASE
from app.core.clock import DAY, MILLISECOND
from app.core.ledger.entries import Entry, EntryKind, Identity, Leg, Role
from app.core.model.accounts import Account
from app.core.model.pages import Candidate, Page
from app.core.ports import OpenVault, Runtime

ASSETS = (
    "bitcoin",
    "ethereum",
    "solana",
    "ripple",
    "cardano",
    "polkadot",
    "chainlink",
    "dogecoin",
    "cosmos",
    "litecoin",
)
ACCOUNTS = ("main", "trading", "treasury", "archive")
_YEARS = 5
_PAGE = 2_000
_CENT, _LEAST = Decimal("0.01"), Decimal("0.00000001")
_BOUGHT, _SOLD, _EARNED = 0.48, 0.90, 0.96


def build(runtime: Runtime, path: Path, entries: int) -> None:
    """Make a vault with so many entries that end now, and daily closes of the same prices beside them."""
    now = runtime.clock.now_ns()
    with closing(runtime.vaults.create(path, PASSPHRASE.encode(), BOOK)) as vault:
        for account in ACCOUNTS:
            vault.writer.open_account(Account(account, account.title(), "bench"))
        made = trades(now - _YEARS * 365 * DAY, now, entries)
        for number in range(0, entries, _PAGE):
            vault.writer.append_page("bench", "main", _page(number, list(islice(made, _PAGE)), now))
        _add_prices(vault, now)


def trades(begin: int, end: int, count: int) -> Iterator[Entry]:
    """Yield entries in the order of time, in which nothing is sold that is not there."""
    dice = random.Random(11)  # noqa: S311 - made-up trades, no secret
    held = {(account, asset): Decimal(0) for account in ACCOUNTS for asset in ASSETS}
    step, number = (end - begin) // (count + 1) // MILLISECOND * MILLISECOND, 0
    while number < count:
        at = begin + step * (number + 1) + dice.randrange(step // MILLISECOND // 2 + 1) * MILLISECOND
        account, asset, lot = dice.choice(ACCOUNTS), dice.choice(ASSETS), dice.random()
        quantity = Decimal(dice.randrange(1_000_000, 500_000_000)).scaleb(-8)
        there = held[account, asset]
        target = ACCOUNTS[(ACCOUNTS.index(account) + 1) % len(ACCOUNTS)]
        if lot < _BOUGHT or there < quantity:
            held[account, asset] = there + quantity
            yield _trade(number, at, account, (asset, quantity), _price(asset, at))
        elif lot < _SOLD:
            held[account, asset] = there - quantity
            yield _trade(number, at, account, (asset, -quantity), _price(asset, at))
        elif lot < _EARNED or number + 1 == count:
            held[account, asset] = there + quantity
            yield _entry(number, at, account, EntryKind.REWARD, Leg(account, "spot", asset, quantity, Role.INTEREST))
        else:
            held[account, asset] = there - quantity
            held[target, asset] += quantity
            tx_hash = f"0x{number:064x}"
            for place, kind, units, later in (
                (account, EntryKind.WITHDRAWAL, -quantity, 0),
                (target, EntryKind.DEPOSIT, quantity, step // 4),
            ):
                leg = Leg(place, "spot", asset, units)
                yield _entry(number, at + later, place, kind, leg, tx_hash=tx_hash)
                number += 1
            continue
        number += 1


def _trade(number: int, at: int, account: str, moved: tuple[str, Decimal], price: Decimal) -> Entry:
    asset, quantity = moved
    value = (quantity * price).quantize(_CENT)
    fee = abs(value * Decimal("0.0026")).quantize(_LEAST)
    return _entry(
        number, at, account, EntryKind.TRADE,
        Leg(account, "spot", asset, quantity),
        Leg(account, "spot", BOOK.base_currency, -value),
        Leg(account, "spot", BOOK.base_currency, -fee, Role.FEE),
    )  # fmt: skip


def _entry(number: int, at: int, account: str, kind: EntryKind, *legs: Leg, tx_hash: str = "") -> Entry:
    references = {"tx_hash": tx_hash} if tx_hash else {}
    return Entry(account, at, kind, legs, Identity("bench", str(number)), MILLISECOND, references)


def _price(asset: str, at: int) -> Decimal:
    """Return a price that any day has without keeping it."""
    place = ASSETS.index(asset)
    return Decimal(10_000 + (at // DAY * (7 + place)) % 4_001).scaleb(place % 4 - 4)


def _page(number: int, entries: list[Entry], now: int) -> Page:
    candidates = [Candidate(row, entry) for row, entry in enumerate(entries)]
    return Page("trades", str(number).encode(), "text/plain", now, candidates, str(number), "bench/1")


def _add_prices(vault: OpenVault, now: int) -> None:
    first = now // DAY - _YEARS * 365 - 1
    for asset in ASSETS:
        closes = {day: _price(asset, day * DAY) for day in range(first, now // DAY)}
        vault.prices.add(asset, BOOK.base_currency, "bench", closes)
    vault.prices.keep_marks({asset: (_price(asset, now), "bench", now) for asset in ASSETS})
