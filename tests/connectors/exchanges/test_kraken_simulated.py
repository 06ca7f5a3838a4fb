"""The simulated Kraken, which shares no code with the connector: its history adds up to what it says it holds."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from app.connectors.exchanges import CcxtExchanges
from app.core.errors import CredentialsError
from app.core.model.accounts import Connection, Credentials
from app.core.ports import Exchange
from app.demo.kraken import KrakenServer
from app.demo.world import World
from tests.connectors.exchanges.reading import ASSETS
from tests.connectors.exchanges.scripted import VirtualTime
from tests.connectors.exchanges.simulated import GENEROUS, Now
from tests.storage.journal_books import ACCOUNT, FixedClock, new_books


@pytest.fixture
async def server() -> AsyncIterator[KrakenServer]:
    venue = KrakenServer(World(7, now=FixedClock().now_ns), tier=GENEROUS)
    await venue.start()
    yield venue
    await venue.stop()


def opened(server: KrakenServer, right: str = "read") -> Exchange:
    exchanges = CcxtExchanges(ASSETS, Now(server.world), VirtualTime().scheduler())
    connection = Connection("main", "kraken", ACCOUNT, endpoint=server.endpoint)
    return exchanges.open(connection, Credentials(dict(server.credentials[right])))


async def test_the_books_hold_what_the_venue_says(server: KrakenServer, tmp_path: Path) -> None:
    exchange = opened(server)
    books = new_books(tmp_path)
    async for page in exchange.history({}):
        books.append(page)
    held = {f"{one.sub_place}/{one.asset}": one.quantity for one in (await exchange.balances()).balances}
    counted = exchange.calls()
    await exchange.close()

    assert {place: quantity for place, quantity in held.items() if quantity} == {
        place: Decimal(quantity) for place, quantity in books.balances().items()
    }
    assert books.reader.counts()["entries"] > 100
    assert counted.calls < counted.naive


@pytest.mark.parametrize(
    ("right", "words"), [("read", "read only"), ("trade", "read · trade"), ("withdraw", "can withdraw")]
)
async def test_rights_are_told_in_words(server: KrakenServer, right: str, words: str) -> None:
    exchange = opened(server, right)
    scope = await exchange.probe()
    await exchange.close()

    assert scope.words == words


async def test_a_wrong_secret_is_refused_by_the_signature(server: KrakenServer) -> None:
    exchanges = CcxtExchanges(ASSETS, Now(server.world), VirtualTime().scheduler())
    words = {"apiKey": server.credentials["read"]["apiKey"], "secret": server.credentials["trade"]["secret"]}
    exchange = exchanges.open(Connection("main", "kraken", ACCOUNT, endpoint=server.endpoint), Credentials(words))
    with pytest.raises(CredentialsError, match="secret does not belong"):
        await exchange.balances()
    await exchange.close()


async def test_live_prices_agree_with_the_tickers(server: KrakenServer) -> None:
    exchange = opened(server)
    (asked,) = await exchange.tickers(["bitcoin"], "usd")
    ticks = exchange.watch(["bitcoin"], "usd")
    live = await anext(ticks)
    await ticks.aclose()  # type: ignore[attr-defined]
    candles = await exchange.candles("bitcoin", "usd", 0)
    await exchange.close()

    assert abs(live.price - asked.price) < asked.price / 50
    assert abs(candles[-1].close - asked.price) < asked.price / 50
    assert [candle.at for candle in candles] == sorted({candle.at for candle in candles})
