"""Binance's futures wallet: read beside the spot wallet, and no reason to refuse a key that may not see it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.core.errors import BadResponseError, ClockSkewError, RetryableError
from app.core.model.futures import FuturesPosition, FuturesWallet
from tests.connectors.exchanges.binance_case import SmallBinance, binance_case
from tests.connectors.exchanges.contract import Case
from tests.connectors.exchanges.reading import recorded
from tests.connectors.exchanges.scripted import Reply


@pytest.fixture
async def server() -> AsyncIterator[SmallBinance]:
    venue = SmallBinance()
    await venue.start()
    yield venue
    await venue.stop()


@pytest.fixture
async def case(server: SmallBinance) -> AsyncIterator[Case]:
    made = binance_case(server)
    yield made
    await made.close()


def position(symbol: str, amount: str, entry: str, gain: str, **more: Any) -> dict[str, Any]:
    told = {"symbol": symbol, "positionAmt": amount, "entryPrice": entry, "unrealizedProfit": gain, "isolated": False}
    return told | more


def wallet(*positions: dict[str, Any], balance: str = "1000") -> dict[str, Any]:
    assets = [{"asset": "USDT", "walletBalance": balance, "crossWalletBalance": balance}]
    return {"assets": assets, "positions": [*positions]}


async def test_a_recorded_wallet_has_its_collateral_and_no_position(
    case: Case, server: SmallBinance, data_folder: Path
) -> None:
    answer = recorded(data_folder, "binance", "futures", "http_json", "account_info_v2.json")
    server.futures = json.loads(json.dumps(answer, default=str))
    page = await case.open().balances()

    assert page.futures == FuturesWallet((("tether", Decimal("23.72469206")),), ())
    assert {(one.sub_place, one.asset) for one in page.balances} >= {("spot", "bitcoin")}
    assert b"totalWalletBalance" in page.content


async def test_positions_have_a_sign_and_the_mark_that_their_gain_tells(case: Case, server: SmallBinance) -> None:
    server.futures = wallet(
        position("BTCUSDT", "-0.500", "90000", "-2500"),
        position("ETHUSDT", "2", "3000", "100", isolated=True, isolatedWallet="640"),
        position("LTCUSDT", "0", "0", "0"),
    )
    page = await case.open().balances()

    assert page.futures is not None
    assert page.futures.positions == (
        FuturesPosition("BTCUSDT", "bitcoin", Decimal("-0.5"), "tether", Decimal(90000), Decimal(95000)),
        FuturesPosition("ETHUSDT", "ethereum", Decimal(2), "tether", Decimal(3000), Decimal(3050), Decimal(640)),
    )


async def test_a_contract_on_a_thousand_coins_is_told_coin_by_coin(case: Case, server: SmallBinance) -> None:
    server.futures = wallet(position("1000PEPEUSDT", "30", "0.0125", "0.015"))
    page = await case.open().balances()

    assert page.futures is not None
    (one,) = page.futures.positions
    assert (one.asset, one.quantity, one.entry, one.mark) == (
        "pepe", Decimal(30_000), Decimal("0.0000125"), Decimal("0.000013"),
    )  # fmt: skip


async def test_a_key_that_may_not_see_futures_reads_all_else(case: Case) -> None:
    page = await case.open().balances()

    assert page.futures is None
    assert page.balances


async def test_a_position_that_cannot_be_read_is_told_and_the_others_are_read(case: Case, server: SmallBinance) -> None:
    server.futures = wallet(position("BTCDOMODD", "1", "5", "0"), position("BTCUSDT", "1", "90000", "0"))
    page = await case.open().balances()

    assert page.futures is not None
    assert [one.symbol for one in page.futures.positions] == ["BTCUSDT"]
    assert [(one.code, one.subject) for one in page.findings] == [("futures-unread", "BTCDOMODD")]


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ({"assets": []}, BadResponseError),
        ({"assets": [{"asset": "USDT", "walletBalance": "much"}], "positions": []}, BadResponseError),
        (Reply({"code": -1001, "msg": "Internal error."}, 500), RetryableError),
        (Reply({"code": -1021, "msg": "Timestamp is outside of the recvWindow."}, 400), ClockSkewError),
    ],
)
async def test_a_wallet_that_cannot_be_read_now_leaves_the_reading_before(
    case: Case, server: SmallBinance, answer: Any, fault: type[Exception]
) -> None:
    server.futures = answer
    with pytest.raises(fault):
        await case.open().balances()
