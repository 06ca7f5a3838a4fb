"""A large book for what keeps books defensible: many accounts with buys and sales, and readings that agree."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from app.bench.statements import ASSETS, HEADING, START
from app.bench.vaults import BOOK, PASSPHRASE, opened
from app.core.clock import DAY, SECOND, from_datetime
from app.core.model.ledger_rows import LegRow
from app.core.model.pages import Balance, BalancePage
from app.core.money import ZERO, add
from app.core.ports import OpenVault, Runtime

_READINGS = 40
"""Readings of each account, at moments of their own."""

_SOLD = 3
"""Of so many trades one is a sale."""


async def build(runtime: Runtime, path: Path, entries: int, accounts: int) -> None:
    """Make a vault with so many entries in so many accounts from the start of the statements until now."""
    begin, now = from_datetime(START), runtime.clock.now_ns()
    each = entries // accounts
    seconds = (now - begin) // SECOND // (each + 1)
    async with opened(runtime, path) as workspace:
        for number in range(accounts):
            file = path.with_name(f"{_name(number)}.csv")
            with file.open("w", encoding="utf-8", newline="") as stream:
                stream.write(HEADING)
                stream.writelines(_rows(each, number, seconds))
            await workspace.imports.commit(file, account=_name(number))
            file.unlink()
    with closing(runtime.vaults.open(path, PASSPHRASE.encode())) as vault:
        _read(vault, (begin + DAY, now))
        _price(runtime, vault, (begin // DAY, now // DAY))


def _name(number: int) -> str:
    return f"account-{number:02d}"


def _rows(entries: int, seed: int, seconds: int) -> Iterator[str]:
    dice = random.Random(seed)  # noqa: S311 - made-up rows, no secret
    mark, cash, held = f"A{seed}-", Decimal(100_000_000), dict.fromkeys(ASSETS, ZERO)
    yield f"{mark}L0,{mark}R0,{START:%Y-%m-%d %H:%M:%S},deposit,currency,ZUSD,{cash},0,{cash}\n"
    for trade in range(1, entries):
        moment = f"{START + timedelta(seconds=seconds * trade):%Y-%m-%d %H:%M:%S}"
        asset = dice.choice(ASSETS)
        quantity = Decimal(dice.randrange(1_000_000, 500_000_000)).scaleb(-8)
        if trade % _SOLD == 0 and held[asset] > quantity:
            quantity = -quantity
        cost = (quantity * Decimal(dice.randrange(1_000, 9_000))).scaleb(-2).quantize(Decimal("0.0001"))
        fee = (abs(cost) * Decimal("0.0026")).quantize(Decimal("0.0001"))
        cash, held[asset] = cash - cost - fee, held[asset] + quantity
        yield f"{mark}L{trade}A,{mark}T{trade},{moment},trade,currency,ZUSD,{-cost},{fee},{cash}\n"
        yield f"{mark}L{trade}B,{mark}T{trade},{moment},trade,currency,{asset},{quantity},0,{held[asset]}\n"


def _read(vault: OpenVault, span: tuple[int, int]) -> None:
    """Add readings of what each account really held at some moments."""
    dice = random.Random(3)  # noqa: S311 - moments of readings, no secret
    for account in vault.reader.accounts():
        legs: Sequence[LegRow] = vault.reader.legs((account.account_id,))
        sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        done = 0
        for at in sorted(dice.randrange(*span) for _ in range(_READINGS)):
            while done < len(legs) and legs[done].at <= at:
                spot = legs[done].sub_place, legs[done].asset
                sums[spot] = add(sums[spot], legs[done].quantity)
                done += 1
            held = [Balance(*spot, quantity) for spot, quantity in sums.items()]
            page = BalancePage(f"{account.account_id} {at}".encode(), "text/plain", at, held)
            vault.writer.append_balances(account.account_id, account.account_id, page)


def _price(runtime: Runtime, vault: OpenVault, days: tuple[int, int]) -> None:
    dice = random.Random(7)  # noqa: S311 - made-up prices, no secret
    for native in ASSETS:
        asset = runtime.assets.resolve("kraken", native).asset_id
        closes = {day: Decimal(dice.randrange(1_000, 9_000)) / 100 for day in range(*days)}
        vault.prices.add(asset, BOOK.base_currency, "bench", closes)
