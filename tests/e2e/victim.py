"""What is killed: a process that lets alerts fire and sends them, or one that keeps candles, and says what it did.

python -m tests.e2e.victim alerts|candles VAULT PASSPHRASE COUNT
"""

from __future__ import annotations

import asyncio
import sys
from decimal import Decimal
from pathlib import Path

from app.bootstrap import runtime
from app.core.clock import SECOND
from app.core.market.candles import MINUTE
from app.core.model.market import Candle, Series, Tick
from app.services.vault import VaultService
from app.services.workspace import Workspace

START = 1_700_000_000 * SECOND // MINUTE * MINUTE
SERIES = Series("bitcoin", "usd", "kraken", MINUTE)
PART = 500
PRICES = ("39", "50")


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


async def main(what: str, vault: Path, passphrase: str, count: int) -> None:
    workspace = await VaultService(runtime()).unlock(vault, passphrase)
    say("open")
    try:
        await (fire if what == "alerts" else keep)(workspace, count)
    finally:
        await workspace.lock()
    say("done")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])))
