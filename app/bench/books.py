"""Books of any size for the benchmarks: years of trades in four accounts, with a price for every day of them."""

from __future__ import annotations

import random
from contextlib import closing
from decimal import Decimal
from pathlib import Path

from app.bench.statements import ASSETS, START, kraken_ledgers
from app.bench.vaults import BOOK, PASSPHRASE, opened
from app.core.clock import DAY, SECOND, from_datetime
from app.core.ports import Runtime

ACCOUNTS = ("main", "trading", "treasury", "archive")
_SOURCE = "bench"


async def build(runtime: Runtime, path: Path, entries: int) -> None:
    """Make a vault with so many entries from the start of the statements until now, and daily closes beside them."""
    begin, now = from_datetime(START), runtime.clock.now_ns()
    each = entries // len(ACCOUNTS)
    seconds = max((now - begin) // SECOND // each, 1)
    async with opened(runtime, path) as workspace:
        for number, account in enumerate(ACCOUNTS):
            file = path.with_name(f"{account}.csv")
            # A statement of 2n − 1 rows has n entries.
            kraken_ledgers(file, 2 * each - 1, seed=number, seconds=seconds, mark=f"{account[0].upper()}-")
            await workspace.imports.commit(file, account=account)
            file.unlink()
    _add_prices(runtime, path, begin // DAY, now // DAY)


def _add_prices(runtime: Runtime, path: Path, first: int, today: int) -> None:
    dice = random.Random(7)  # noqa: S311 - made-up prices, no secret
    marks = {}
    with closing(runtime.vaults.open(path, PASSPHRASE.encode())) as vault:
        for native in ASSETS:
            asset = runtime.assets.resolve("kraken", native).asset_id
            price, closes = Decimal(dice.randrange(100, 9_000)) / 100, {}
            for day in range(first, today):
                price = (price * (10_000 + dice.randrange(-250, 260)) / 10_000).quantize(Decimal("0.000001"))
                closes[day] = price
            vault.prices.add(asset, BOOK.base_currency, _SOURCE, closes)
            marks[asset] = (price, _SOURCE, runtime.clock.now_ns())
        vault.prices.keep_marks(marks)
