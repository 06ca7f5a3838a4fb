"""What Binance tells beside its balances: futures, margin wallets with their loans, and the days of locked products."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.core.clock import MILLISECOND
from app.core.errors import BadResponseError, ClockSkewError, RateLimitedError, RetryableError
from app.core.model.futures import FuturesPosition, Lock, MarginWallet, PairPrice, Part, Told
from app.core.model.pages import BalancePage
from tests.connectors.exchanges.binance_case import SmallBinance
from tests.connectors.exchanges.contract import Case
from tests.connectors.exchanges.reading import in_json, recorded
from tests.connectors.exchanges.scripted import Reply

VENUE = SmallBinance


def position(symbol: str, amount: str, entry: str, gain: str, **more: Any) -> dict[str, Any]:
    told = {"symbol": symbol, "positionAmt": amount, "entryPrice": entry, "unrealizedProfit": gain, "isolated": False}
    return told | more


def wallet(*positions: dict[str, Any], balance: str = "1000") -> dict[str, Any]:
    assets = [{"asset": "USDT", "walletBalance": balance, "crossWalletBalance": balance}]
    return {"assets": assets, "positions": [*positions]}


def told(page: BalancePage, part: Part) -> Told:
    (found,) = (one for one in page.beside if one.part is part)
    return found


def in_futures(page: BalancePage) -> tuple[FuturesPosition, ...]:
    (wallet,) = told(page, Part.FUTURES).wallets
    return wallet.positions


async def test_a_recorded_wallet_has_its_collateral_and_no_position(
    case: Case, server: SmallBinance, data_folder: Path
) -> None:
    answer = recorded(data_folder, "binance", "futures", "http_json", "account_info_v2.json")
    server.futures = in_json(answer)
    page = await case.open().balances()

    assert told(page, Part.FUTURES).wallets == (MarginWallet((("tether", Decimal("23.72469206")),)),)
    assert {(one.sub_place, one.asset) for one in page.balances} >= {("spot", "bitcoin")}
    assert b"totalWalletBalance" in page.content


async def test_positions_have_a_sign_and_the_mark_that_their_gain_tells(case: Case, server: SmallBinance) -> None:
    server.futures = wallet(
        position("BTCUSDT", "-0.500", "90000", "-2500"),
        position("ETHUSDT", "2", "3000", "100", isolated=True, isolatedWallet="640"),
        position("LTCUSDT", "0", "0", "0"),
    )
    page = await case.open().balances()

    assert in_futures(page) == (
        FuturesPosition("BTCUSDT", "bitcoin", Decimal("-0.5"), "tether", Decimal(90000), Decimal(95000)),
        FuturesPosition("ETHUSDT", "ethereum", Decimal(2), "tether", Decimal(3000), Decimal(3050), Decimal(640)),
    )


async def test_a_contract_on_a_thousand_coins_is_told_coin_by_coin(case: Case, server: SmallBinance) -> None:
    server.futures = wallet(position("1000PEPEUSDT", "30", "0.0125", "0.015"))
    page = await case.open().balances()

    (one,) = in_futures(page)
    assert (one.asset, one.quantity, one.entry, one.mark) == (
        "pepe", Decimal(30_000), Decimal("0.0000125"), Decimal("0.000013"),
    )  # fmt: skip


async def test_a_key_that_may_see_nothing_beside_reads_all_else_and_what_is_unknown_is_told(case: Case) -> None:
    page = await case.open().balances()

    assert [(one.part, one.is_read) for one in page.beside] == [
        (Part.LOCKED, True), (Part.FUTURES, False), (Part.MARGIN, False), (Part.ISOLATED, False),
    ]  # fmt: skip
    assert page.balances
    assert not page.findings


async def test_a_position_that_cannot_be_read_is_told_and_the_others_are_read(case: Case, server: SmallBinance) -> None:
    server.futures = wallet(position("BTCDOMODD", "1", "5", "0"), position("BTCUSDT", "1", "90000", "0"))
    page = await case.open().balances()

    assert [one.symbol for one in in_futures(page)] == ["BTCUSDT"]
    assert [(one.code, one.subject) for one in page.findings] == [("futures-unread", "BTCDOMODD")]


@pytest.mark.parametrize(
    "answer",
    [
        {"assets": []},
        {"assets": [{"asset": "USDT", "walletBalance": "much"}], "positions": []},
        {"assets": [{"asset": "USDT", "walletBalance": "NaN"}], "positions": []},
        Reply({"code": -1001, "msg": "Internal error."}, 500),
    ],
)
async def test_a_part_that_does_not_answer_is_told_as_not_read_and_hides_no_other(
    case: Case, server: SmallBinance, answer: Any
) -> None:
    server.futures = answer
    server.margin = cross(coin("BTC", free="1"))
    page = await case.open().balances()

    assert not told(page, Part.FUTURES).is_read
    assert told(page, Part.MARGIN).wallets == (MarginWallet((("bitcoin", Decimal(1)),)),)
    assert page.balances
    assert [(one.code, one.subject) for one in page.findings] == [("futures-unread", "futures")]


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (Reply({"code": -1021, "msg": "Timestamp is outside of the recvWindow."}, 400), ClockSkewError),
        (Reply({"code": -1003, "msg": "Banned."}, 418, {"Retry-After": "600"}), RateLimitedError),
    ],
)
async def test_what_concerns_every_call_of_the_key_ends_the_reading(
    case: Case, server: SmallBinance, answer: Any, fault: type[Exception]
) -> None:
    server.margin = answer
    with pytest.raises(fault):
        await case.open().balances()


def coin(asset: str, **told: str) -> dict[str, str]:
    return {"asset": asset, "free": "0", "locked": "0", "borrowed": "0", "interest": "0", "netAsset": "0"} | told


def cross(*rows: dict[str, str]) -> dict[str, Any]:
    return {"created": True, "marginLevel": "3.5", "userAssets": [*rows]}


async def test_a_margin_wallet_has_what_lies_in_it_and_owes_the_loan_with_its_interest(
    case: Case, server: SmallBinance
) -> None:
    server.margin = cross(
        coin("BTC", free="0.75", locked="0.25"),
        coin("USDT", free="10", borrowed="25000", interest="12.5"),
        coin("ETH"),
    )
    page = await case.open().balances()

    assert told(page, Part.MARGIN) == Told(Part.MARGIN, (
        MarginWallet(
            (("bitcoin", Decimal(1)), ("tether", Decimal(10))), (), (("tether", Decimal("25012.5")),)
        ),
    ))  # fmt: skip
    assert {(one.sub_place, one.asset) for one in page.balances} == {
        ("spot", asset) for asset in ("bitcoin", "tether", "bnb", "ethereum", "eur")
    }


def pair(symbol: str, base: dict[str, str], quote: dict[str, str], price: str = "0") -> dict[str, Any]:
    return {"symbol": symbol, "baseAsset": base, "quoteAsset": quote, "liquidatePrice": price}


async def test_each_isolated_pair_is_a_wallet_of_its_own_and_empty_ones_are_none(
    case: Case, server: SmallBinance
) -> None:
    server.isolated = {"assets": [
        pair("ETHUSDT", coin("ETH", free="2"), coin("USDT", borrowed="3000", interest="0.5"), "1650.5"),
        pair("BTCUSDT", coin("BTC", borrowed="0.1"), coin("USDT", free="9000")),
        pair("BNBUSDT", coin("BNB"), coin("USDT"), "300"),
    ]}  # fmt: skip
    page = await case.open().balances()

    assert told(page, Part.ISOLATED).wallets == (
        MarginWallet((("tether", Decimal(9000)),), (), (("bitcoin", Decimal("0.1")),), "BTCUSDT"),
        MarginWallet(
            (("ethereum", Decimal(2)),), (), (("tether", Decimal("3000.5")),), "ETHUSDT",
            PairPrice("ethereum", "tether", Decimal("1650.5")),
        ),
    )  # fmt: skip


@pytest.mark.parametrize("price", ["NaN", "-1", "1E+300", "soon"])
async def test_an_isolated_pair_whose_price_of_liquidation_is_none_is_not_read_at_all(
    case: Case, server: SmallBinance, price: str
) -> None:
    server.isolated = {"assets": [pair("ETHUSDT", coin("ETH", free="2"), coin("USDT", borrowed="3000"), price)]}
    page = await case.open().balances()

    assert told(page, Part.ISOLATED) == Told(Part.ISOLATED, is_read=False)
    assert [one.subject for one in page.findings] == ["isolated margin"]


@pytest.mark.parametrize(
    "row",
    [
        coin("BTC", borrowed="-1"),
        coin("BTC", interest="NaN"),
        coin("BTC", free="Infinity"),
        coin("BTC", free="1E+300"),
        coin("BTC", locked=""),
        {"asset": "BTC", "free": "1", "locked": "0", "borrowed": "0"},
    ],
)
async def test_a_margin_wallet_with_a_figure_that_is_none_is_not_read_at_all(
    case: Case, server: SmallBinance, row: dict[str, str]
) -> None:
    server.margin = cross(coin("USDT", borrowed="100"), row)
    page = await case.open().balances()

    assert told(page, Part.MARGIN) == Told(Part.MARGIN, is_read=False)
    assert [one.subject for one in page.findings] == ["margin"]


@pytest.mark.parametrize("code", [-3003, -11001])
async def test_a_margin_account_that_there_is_not_owes_nothing(case: Case, server: SmallBinance, code: int) -> None:
    server.margin = server.isolated = Reply({"code": code, "msg": "Margin account does not exist."}, 400)
    page = await case.open().balances()

    assert told(page, Part.MARGIN) == Told(Part.MARGIN)
    assert told(page, Part.ISOLATED) == Told(Part.ISOLATED)


def locked(asset: str, amount: str, **more: Any) -> dict[str, Any]:
    row = {"positionId": "123", "projectId": f"{asset}*60", "asset": asset, "amount": amount, "duration": "60"}
    return row | {"deliverDate": "1651536000000", "status": "HOLDING"} | more


async def test_locked_products_are_a_balance_of_earn_and_have_their_day(case: Case, server: SmallBinance) -> None:
    server.positions = [{"asset": "BNB", "totalAmount": "1"}]
    server.locked = [
        locked("BNB", "4"), locked("BNB", "2"), locked("BNB", "3", deliverDate="1661536000000"),
        locked("BTC", "0.5", deliverDate=""), locked("LTC", "0"),
    ]  # fmt: skip
    page = await case.open().balances()
    earned = {one.asset: one.quantity for one in page.balances if one.sub_place == "earn"}

    assert earned == {"bnb": Decimal(10), "bitcoin": Decimal("0.5")}
    assert told(page, Part.LOCKED).locks == (
        Lock("bitcoin", Decimal("0.5")),
        Lock("bnb", Decimal(6), 1_651_536_000_000 * MILLISECOND),
        Lock("bnb", Decimal(3), 1_661_536_000_000 * MILLISECOND),
    )


async def test_more_locked_positions_than_a_page_has_are_all_read(case: Case, server: SmallBinance) -> None:
    server.locked = [locked("BNB", "1") for _ in range(230)]
    page = await case.open().balances()

    assert told(page, Part.LOCKED).locks == (Lock("bnb", Decimal(230), 1_651_536_000_000 * MILLISECOND),)


@pytest.mark.parametrize("day", ["soon", "-1", "99999999999999999999"])
async def test_a_day_that_is_none_is_not_known_and_the_quantity_stays(
    case: Case, server: SmallBinance, day: str
) -> None:
    server.locked = [locked("BNB", "4", deliverDate=day)]
    page = await case.open().balances()

    assert told(page, Part.LOCKED).locks == (Lock("bnb", Decimal(4)),)
    assert [(one.code, one.subject) for one in page.findings] == [("futures-unread", "BNB")]


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ([locked("BNB", "-4")], BadResponseError),
        ([locked("BNB", "NaN")], BadResponseError),
        (Reply({"code": -1001, "msg": "Internal error."}, 500), RetryableError),
    ],
)
async def test_balances_without_what_is_locked_are_none(
    case: Case, server: SmallBinance, answer: Any, fault: type[Exception]
) -> None:
    server.locked = answer
    with pytest.raises(fault):
        await case.open().balances()


async def test_a_key_that_may_not_see_locked_products_reads_all_else(case: Case, server: SmallBinance) -> None:
    server.locked = Reply({"code": -2015, "msg": "Invalid API-key, IP, or permissions for action."}, 401)
    page = await case.open().balances()

    assert told(page, Part.LOCKED) == Told(Part.LOCKED, is_read=False)
    assert page.balances
