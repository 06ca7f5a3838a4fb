"""The simulated Binance writes what recorded answers of the venue have: the same fields, the same kinds of values."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest

from app.core.clock import DAY, MILLISECOND, from_datetime
from app.demo import binance_futures as futures
from app.demo import binance_margin as margin
from app.demo.binance_access import binance_keys
from app.demo.binance_account import account
from app.demo.binance_books import BinanceBooks
from app.demo.binance_history import Histories
from app.demo.binance_markets import BinanceMarkets
from app.demo.binance_public import PublicAnswers
from app.demo.world import World

NOW = from_datetime(dt.datetime(2024, 6, 1, 12, tzinfo=dt.UTC))
NOW_MS = NOW // MILLISECOND


@pytest.fixture(scope="module")
def world() -> Any:
    return World(7, 0.1, now=lambda: NOW)


@pytest.fixture(scope="module")
def public(world: World) -> Any:
    return PublicAnswers(BinanceMarkets(world.market)).routes()


@pytest.fixture(scope="module")
def books(world: World) -> Any:
    kept = BinanceBooks()
    kept.take(world.events("binance"))
    return kept


@pytest.fixture
def recorded(data_folder: Any) -> Any:
    folder = data_folder / "exchanges" / "binance" / "spot" / "http_json"
    return lambda name: json.loads((folder / f"{name}_response.json").read_text())


def shape(value: Any) -> Any:
    """Return the kinds of all values; of a list, that of its first element."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


def test_the_futures_wallet(data_folder: Any, world: World) -> None:
    folder = data_folder / "exchanges" / "binance" / "futures" / "http_json"
    recorded = json.loads((folder / "account_info_v2.json").read_text())
    ours = futures.account(world.market, NOW)
    gains = [Decimal(row["unrealizedProfit"]) for row in ours["positions"]]

    assert shape(recorded) == shape(ours)
    assert Decimal(ours["totalMarginBalance"]) == Decimal(ours["totalWalletBalance"]) + sum(gains)
    assert all(Decimal(row["positionAmt"]) for row in ours["positions"])


@pytest.mark.parametrize("days", [0, 45, 90])
def test_the_margin_wallet_owes_a_loan_with_interest_and_is_worth_what_its_level_says(world: World, days: int) -> None:
    ours = margin.account(world.market, NOW + days * DAY)
    rows = {row["asset"]: row for row in ours["userAssets"]}
    owed = Decimal(rows["USDT"]["borrowed"]) + Decimal(rows["USDT"]["interest"])
    net = [Decimal(row["free"]) - Decimal(row["borrowed"]) - Decimal(row["interest"]) for row in rows.values()]

    assert net == [Decimal(row["netAsset"]) for row in rows.values()]
    assert Decimal(60_000) <= owed < Decimal(61_000)
    assert float(ours["marginLevel"]) * float(owed) == pytest.approx(float(ours["totalCollateralValueInUSDT"]))
    assert float(ours["marginLevel"]) > 1.1


def test_the_account(recorded: Any, books: Any) -> None:
    ours = account(books, binance_keys(7)[0], {})

    assert shape(recorded("account")) == shape(ours)


def test_trades(recorded: Any, books: Any) -> None:
    told = Histories(books, 7, lambda _, rows, __, cut: (rows, cut(rows)))

    ours = told.my_trades({"symbol": "BTCUSDT"}, NOW_MS)

    assert shape(recorded("account_trades")) == shape(ours)


def test_exchange_information(recorded: Any, public: Any) -> None:
    theirs, ours = shape(recorded("exchange_info")), shape(public["/api/v3/exchangeInfo"]({}, NOW))

    # The recorded answer has these lists empty.
    (symbol,) = ours["symbols"]
    symbol["filters"] = ours["rateLimits"] = []

    assert theirs == ours


@pytest.mark.parametrize(
    ("name", "path", "asked"),
    [
        ("server_time", "/api/v3/time", {}),
        ("ticker_24hr", "/api/v3/ticker/24hr", {"symbol": "BTCUSDT"}),
        ("ticker_price", "/api/v3/ticker/price", {"symbol": "BTCUSDT"}),
    ],
)
def test_public_answers(recorded: Any, public: Any, name: Any, path: Any, asked: Any) -> None:
    assert shape(recorded(name)) == shape(public[path](asked, NOW))


def test_quantities_have_the_eight_places_of_the_venue(public: Any) -> None:
    row = public["/api/v3/ticker/24hr"]({"symbol": "BTCUSDT"}, NOW)

    assert {8} == {len(row[name].partition(".")[2]) for name in ("lastPrice", "openPrice", "volume", "bidQty")}


def test_the_list_of_markets_has_hundreds_of_which_some_no_longer_trade(public: Any) -> None:
    symbols = public["/api/v3/exchangeInfo"]({}, NOW)["symbols"]

    assert len(symbols) > 300
    assert {"TRADING", "BREAK"} == {row["status"] for row in symbols}
    assert len(symbols) == len({row["symbol"] for row in symbols})
