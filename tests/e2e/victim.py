"""What is killed: a process that lets alerts fire, keeps candles, or does what the window does, and says what it did.

python -m tests.e2e.victim alerts|candles|live VAULT PASSPHRASE COUNT
"""

from __future__ import annotations

import asyncio
import sys
from decimal import Decimal
from pathlib import Path

from app.bootstrap import runtime
from app.core.clock import DAY, SECOND
from app.core.market.candles import MINUTE
from app.core.model.market import Candle, Series, Tick
from app.services.vault import VaultService
from app.services.workspace import Workspace

START = 1_700_000_000 * SECOND // MINUTE * MINUTE
SERIES = Series("bitcoin", "usd", "kraken", MINUTE)
PART = 500
PRICES = ("39", "50")
LOOKED_AT = ("bitcoin", "ethereum", "solana")
FILLED = 90 * DAY


def say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


async def fire(workspace: Workspace, count: int) -> None:
    """Let a price cross its limit again and again; what is sent goes beside that, as in the window."""
    enough = asyncio.Event()
    sending = asyncio.create_task(send(workspace, enough))
    for number in range(count):
        now = workspace.runtime.clock.now_ns()
        workspace.market_data.board.take(Tick("kraken", "bitcoin", "usd", Decimal(PRICES[number % 2]), now, None))
        workspace.market_data.board.settle()
        for event in await workspace.alerts.look(record=True):
            say(event.record)
    enough.set()
    await sending


async def send(workspace: Workspace, enough: asyncio.Event) -> None:
    while await workspace.alerts.send_due() or not enough.is_set():  # noqa: ASYNC110 - as the window, again and again
        await asyncio.sleep(0.001)


def candle(number: int) -> Candle:
    """Return a candle whose every figure says which one it is."""
    price = Decimal(number + 1)
    return Candle(START + number * MINUTE, price, price, price, price, Decimal(number + 1))


async def keep(workspace: Workspace, count: int) -> None:
    """Keep candles a part at a time, each with the time for which a venue was asked, as filling does."""
    store = workspace._vault.prices.candles
    for first in range(0, count, PART):
        part = [candle(number) for number in range(first, first + PART)]
        asked = (part[0].at, part[-1].at)
        await workspace._threads.write(store.add, SERIES, part, asked)
        say(f"{first + PART}")


async def live(workspace: Workspace, count: int) -> None:
    """Do at once what the window does: follow books, read accounts with futures, fill in candles, keep spreads."""
    workspace.order_books.want("markets", LOOKED_AT)
    since = workspace.runtime.clock.now_ns() - FILLED
    for _ in range(count):
        async with asyncio.TaskGroup() as group:
            read = group.create_task(workspace.ingest.sync([], lambda *_: None))
            for asset in LOOKED_AT:
                group.create_task(workspace.candles.fill(asset, DAY, since, again=True))
        assert all(not report.error for report in read.result()), read.result()
        say(f"read {workspace._vault.reader.head()}")
        while not all(workspace.order_books.look(asset).views for asset in LOOKED_AT):  # noqa: ASYNC110 - as it is drawn
            await asyncio.sleep(0.01)
        await workspace.market_data.keep_spreads()
        say("followed")


DOES = {"alerts": fire, "candles": keep, "live": live}


async def main(what: str, vault: Path, passphrase: str, count: int) -> None:
    workspace = await VaultService(runtime()).unlock(vault, passphrase)
    say("open")
    try:
        await DOES[what](workspace, count)
    finally:
        await workspace.lock()
    say("done")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])))
