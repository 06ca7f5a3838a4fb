"""Real answers of Binance through the real client: recorded ones, and those that ccxt keeps in its sources."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.core.clock import MILLISECOND, SECOND
from tests.connectors.exchanges.binance_case import NOW_NS, SmallBinance, binance_case
from tests.connectors.exchanges.contract import Case, read
from tests.connectors.exchanges.reading import ccxt_samples, in_json, recorded
from tests.storage.journal_books import Books

VENUE = SmallBinance

ANSWERS = ("binance", "spot", "http_json")


@pytest.fixture
def server(server: SmallBinance) -> SmallBinance:
    """Return a venue without rows of its own."""
    server.trades, server.deposits, server.withdrawals, server.dividends = {}, [], [], []
    server.fiat = {"0": [], "1": []}
    return server


def sample(method: str, key: str) -> Any:
    """Return the first list of a method's samples whose rows have a key."""
    lists = [one for one in ccxt_samples("binance", method) if isinstance(one, list) and one]
    return next(one for one in lists if isinstance(one[0], dict) and key in one[0])


async def test_a_recorded_account(case: Case, server: SmallBinance, data_folder: Path) -> None:
    server.account = lambda: in_json(recorded(data_folder, *ANSWERS, "account_response.json"))  # type: ignore[method-assign]
    held = {(one.sub_place, one.asset): str(one.quantity) for one in (await case.open().balances()).balances}

    assert held == {("spot", "bitcoin"): "4723846.89208129", ("spot", "litecoin"): "4763368.68006011"}


async def test_recorded_trades_and_sampled_transfers_reach_the_books(
    case: Case, server: SmallBinance, books: Books, data_folder: Path
) -> None:
    server.trades["BNBBTC"] = in_json(recorded(data_folder, *ANSWERS, "account_trades_response.json"))
    server.trades["BNBBTC"][0]["time"] += 86_400_000
    server.deposits = in_json(sample("fetch_deposits", "insertTime"))
    server.withdrawals = in_json(sample("fetch_withdrawals", "applyTime"))[:2]
    server.balances = {"BNB": "1.9", "BTC": "0"}
    case = binance_case(server, now_ns=1_625_000_000 * SECOND)
    for page in await read(case.open()):
        books.writer.append_page("binance", "account", page)
    await case.close()

    assert books.balances() == {
        "spot/bnb": "1.9",
        "spot/bitcoin": "-48.000012",
        "spot/bitcoin-cash": "0.01844487",
        "spot/tether": "4460",
        "spot/ripple": "-29",
    }
    assert books.verify().first_break == ""


async def test_a_recorded_ticker(case: Case, server: SmallBinance, data_folder: Path) -> None:
    server.tickers = [in_json(recorded(data_folder, *ANSWERS, "ticker_24hr_response.json"))]
    (tick,) = await case.open().tickers(["bnb"], "bitcoin")
    (asked,) = [one.fields for one in server.asked if one.path.endswith("24hr")]

    assert (tick.base, tick.quote, str(tick.price), str(tick.open_24h)) == (
        "bnb",
        "bitcoin",
        "4.00000200",
        "99.00000000",
    )
    assert tick.at == 1_499_869_899_040 * MILLISECOND
    assert asked == {"symbols": '["BNBBTC"]'}


async def test_a_sample_of_candles(case: Case, server: SmallBinance) -> None:
    server.klines = in_json(next(one for one in ccxt_samples("binance", "fetch_ohlcv") if isinstance(one[0], list)))
    server.klines[0][0] = 1_514_764_800_000
    (candle,) = [one for one in await case.open().candles("ethereum", "bitcoin", 0) if one.close][:1]
    (asked,) = [one.fields for one in server.asked if one.path.endswith("klines")][:1]

    assert (candle.at, str(candle.open), str(candle.close)) == (1_514_764_800 * SECOND, "0.02501300", "0.02500000")
    assert (asked["interval"], asked["symbol"]) == ("1d", "ETHBTC")


async def test_live_prices_come_by_the_small_ticker(case: Case, server: SmallBinance) -> None:
    message = {"e": "24hrMiniTicker", "E": 1_671_617_114_585, "s": "BTCUSDT", "c": "0.95900000", "o": "0.91200000"}
    message |= {"h": "1.04000000", "l": "0.89400000", "v": "2109995.32000000", "q": "2019254.05788000"}
    server.on_socket_message = lambda said: [{"result": None, "id": said["id"]}, message]
    seen = await anext(case.open().watch(["bitcoin"], "tether"))

    # The venue's clock is four years ahead of the test's: what it says now is of now.
    assert (seen.price, seen.open_24h, seen.at) == (Decimal("0.959"), Decimal("0.912"), NOW_NS)
    assert [said["params"] for said in server.sent_on_sockets] == [["btcusdt@miniTicker"]]
