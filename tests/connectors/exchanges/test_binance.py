"""Binance over a socket: the contract of all venues, and what is Binance's own."""

from __future__ import annotations

import itertools
import json
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest

from app.core.clock import DAY, MILLISECOND, SECOND
from app.core.errors import RateLimitedError
from app.core.model.pages import Page
from tests.connectors.exchanges.binance_case import (
    HOUR,
    NOW_NS,
    START,
    SmallBinance,
    binance_case,
    deposit,
    trade,
    withdrawal,
)
from tests.connectors.exchanges.contract import Case, ExchangeContract, cursors_of, events, read
from tests.connectors.exchanges.reading import shown
from tests.connectors.exchanges.scripted import Reply

VENUE = SmallBinance

LATER_NS = 1_688_169_600 * SECOND
"""2023-07-01: conversions, dust and rewards of every kind exist."""
LATER = LATER_NS // MILLISECOND - 24 * HOUR


@pytest.fixture
async def later(server: SmallBinance) -> AsyncIterator[Case]:
    """Return the same venue five years later."""
    made = binance_case(server, now_ns=LATER_NS)
    yield made
    await made.close()


class TestContract(ExchangeContract):
    """Every venue's contract."""


def texts(pages: list[Page], stream: str) -> list[str]:
    """Return the entries of a stream."""
    return [shown(one.entry) for page in pages if page.stream == stream for one in page.candidates]


def recent(*but: str) -> dict[str, str]:
    """Return cursors that stand a month before, so that a test does not walk through the years."""
    streams = ["deposits", "withdrawals", "conversions", "dust", "dividends", "fiat-deposits", "fiat-withdrawals"]
    streams += ("fiat-purchases", "fiat-sales", "earn-subscriptions", "earn-redemptions", "earn-rewards")
    streams += ("earn-locked-subscriptions", "earn-locked-redemptions", "earn-locked-rewards")
    return {name: json.dumps({"to": LATER_NS - 30 * DAY}) for name in streams if name not in but}


async def test_the_history_adds_up_to_the_balances(case: Case) -> None:
    sums: dict[str, Decimal] = {}
    for entry in events(await read(case.open())).values():
        for leg in entry.legs:
            sums[leg.asset] = sums.get(leg.asset, Decimal(0)) + leg.quantity
    held = {one.asset: one.quantity for one in (await case.open().balances()).balances}

    assert held == {asset: quantity for asset, quantity in sums.items() if quantity}


async def test_trades_are_paged_by_id_and_go_on_after_the_last(case: Case, server: SmallBinance) -> None:
    exchange = case.open()
    first = await read(exchange)
    server.trades["BTCUSDT"].append(trade("BTCUSDT", 9_999, START + 9 * HOUR, "buy 1 for 9"))
    server.asked.clear()
    again = await read(exchange, cursors_of(first))
    ids = [one.fields["fromId"] for one in server.asked if one.fields.get("symbol") == "BTCUSDT"]

    assert ids == ["1104"]
    assert texts(again, "trades") == ["trade trade:BTCUSDT:9999: 1 bitcoin, -9 tether"]


async def test_only_markets_between_assets_whose_sums_disagree_are_asked(case: Case, server: SmallBinance) -> None:
    await read(case.open())
    asked = {one.fields["symbol"] for one in server.asked if one.path.endswith("myTrades")}

    assert asked == {"BTCUSDT", "BNBUSDT"}
    assert server.count("/api/v3/account") == 1


async def test_a_coin_that_came_and_went_is_found_because_the_sums_disagree(case: Case, server: SmallBinance) -> None:
    server.trades["LTCUSDT"] = [
        trade("LTCUSDT", 1, START + HOUR, "buy 5 for 50"),
        trade("LTCUSDT", 2, START + 2 * HOUR, "sell 5 for 55"),
    ]
    server.balances["USDT"] = "384.60"
    pages = await read(case.open())
    asked = [one.fields["symbol"] for one in server.asked if one.path.endswith("myTrades")]

    assert [text for text in texts(pages, "trades") if "litecoin" in text] == [
        "trade trade:LTCUSDT:1: 5 litecoin, -50 tether",
        "trade trade:LTCUSDT:2: -5 litecoin, 55 tether",
    ]
    assert asked[-2:] == ["LTCETH", "LTCUSDT"]


async def test_a_difference_that_no_market_explains_is_searched_for_once(case: Case, server: SmallBinance) -> None:
    server.balances["USDT"] = "1000"
    exchange = case.open()
    first = await read(exchange)
    count = server.count("myTrades")
    await read(exchange, cursors_of(first))

    assert (count, server.count("myTrades") - count) == (8, 2)


async def test_a_market_without_trades_so_far_is_asked_once_the_sums_disagree(case: Case, server: SmallBinance) -> None:
    exchange = case.open()
    first = await read(exchange)
    server.trades["ETHBTC"] = [trade("ETHBTC", 5, START + 9 * HOUR, "sell 1 for 0.05")]
    server.balances["BTC"] = str(Decimal(server.balances.get("BTC", "0")) + Decimal("0.05"))
    server.balances["ETH"] = str(Decimal(server.balances["ETH"]) - 1)
    server.asked.clear()
    again = await read(exchange, cursors_of(first))
    asked = [one.fields["symbol"] for one in server.asked if one.path.endswith("myTrades")]

    assert texts(again, "trades") == ["trade trade:ETHBTC:5: -1 ethereum, 0.05 bitcoin"]
    assert sorted(asked) == ["BNBUSDT", "BTCUSDT", "ETHBTC"]


async def test_a_market_that_the_venue_will_not_answer_for_leaves_the_others(case: Case, server: SmallBinance) -> None:
    refusals = Reply({"code": -1121, "msg": "Invalid symbol."}, 400)
    server.next("myTrades", refusals)
    pages = await read(case.open())

    assert len(events(pages)) == 1_010
    assert [one.code for page in pages for one in page.findings] == ["unread-history"]


async def test_a_fee_in_bnb_is_a_leg_of_its_own(case: Case) -> None:
    assert "trade trade:BNBUSDT:7: 2 bnb, -20 tether, -0.0015 bnb fee" in texts(await read(case.open()), "trades")


async def test_windows_advance_over_empty_years_up_to_now(later: Case, server: SmallBinance) -> None:
    server.deposits.append(deposit("D9", LATER, "7", "SOL"))
    pages = await read(later.open())
    windows = sorted(
        (int(one.fields["startTime"]), int(one.fields["endTime"])) for one in server.asked if "hisrec" in one.path
    )

    assert texts(pages, "deposits")[-1] == "deposit deposit:D9: 7 solana"
    assert windows[-1][1] == LATER_NS // MILLISECOND - 1
    assert all(begin == end + 1 for (_, end), (begin, _) in itertools.pairwise(windows))


async def test_a_window_with_more_rows_than_an_answer_takes_is_halved(later: Case, server: SmallBinance) -> None:
    server.dividends = [
        {"id": n, "amount": "1", "asset": "BNB", "divTime": LATER - n * 60_000, "tranId": n} for n in range(1_300)
    ]
    pages = await read(later.open(), recent())

    assert len(set(texts(pages, "dividends"))) == 1_300


async def test_a_deposit_under_way_is_read_once_it_is_credited(case: Case, server: SmallBinance) -> None:
    at = NOW_NS // MILLISECOND - 20 * 24 * HOUR
    server.deposits.append(deposit("D3", at, "2", "ETH", status=0))
    exchange = case.open()
    first = await read(exchange)
    server.deposits[-1]["status"] = 1
    again = await read(exchange, cursors_of(first))

    assert "deposit deposit:D3: 2 ethereum" not in texts(first, "deposits")
    assert texts(again, "deposits") == ["deposit deposit:D3: 2 ethereum"]


async def test_a_withdrawal_under_way_is_read_once_it_has_left(case: Case, server: SmallBinance) -> None:
    at = NOW_NS // MILLISECOND - 30 * 24 * HOUR
    server.withdrawals.append(withdrawal("W3", at, "0.1", "0.001", "BTC", status=4))
    exchange = case.open()
    first = await read(exchange)
    server.withdrawals[-1]["status"] = 6
    again = await read(exchange, cursors_of(first))

    assert texts(again, "withdrawals") == ["withdrawal withdrawal:W3: -0.1 bitcoin, -0.001 bitcoin fee"]


async def test_conversions_dust_and_earn_are_read(later: Case, server: SmallBinance) -> None:
    server.conversions = [
        {
            "orderId": 9407,
            "orderStatus": "SUCCESS",
            "fromAsset": "USDT",
            "fromAmount": "20",
            "toAsset": "BNB",
            "toAmount": "0.06154036",
            "createTime": LATER,
        }
    ]
    detail = {"fromAsset": "LTC", "amount": "0.001", "transferedAmount": "0.0003", "serviceChargeAmount": "0"}
    server.dust = [{"transId": 708, "operateTime": LATER, "userAssetDribbletDetails": [detail]}]
    server.subscriptions = [_earn(purchaseId=1, amount="10", status="SUCCESS", sourceAccount="SPOT")]
    server.redemptions = [_earn(redeemId=2, amount="4", status="PAID", destAccount="SPOT")]
    server.rewards = [_earn(rewards="0.01", type=kind) for kind in ("REALTIME", "BONUS", "REWARDS")]
    server.locked_subscriptions = [_earn(purchaseId=3, amount="5", positionId=1, lockPeriod="30", type="NORMAL")]
    server.locked_redemptions = [_earn(redeemId=4, amount="2", positionId=1, type="MATURE", status="PAID")]
    server.locked_rewards = [_earn(amount="0.03", positionId=1, lockPeriod="30", type="Locked Rewards")]
    pages = await read(later.open(), recent())

    assert [text for page in pages if page.stream != "trades" for text in map(shown, _of(page))] == [
        "conversion convert:9407: -20 tether, 0.06154036 bnb",
        "conversion dribblet:708: -0.001 litecoin, 0.0003 bnb",
        "move earn-subscription:1: -10 tether, earn/10 tether",
        "move earn-redemption:2: earn/-4 tether, 4 tether",
        "reward earn-reward:: earn/0.01 tether interest",
        "reward earn-reward:: 0.01 tether interest",
        "reward earn-reward:: 0.01 tether interest",
        "move earn-locked-subscription:3: -5 tether, earn/5 tether",
        "move earn-locked-redemption:4: earn/-2 tether, 2 tether",
        "reward earn-locked-reward:: 0.03 tether interest",
    ]


def _earn(**words: Any) -> dict[str, Any]:
    return {"asset": "USDT", "time": LATER, "productId": "USDT001", "projectId": "USDT001"} | words


def _of(page: Page) -> list[Any]:
    return [one.entry for one in page.candidates]


async def test_rewards_of_one_span_in_several_pages_are_one_page_here(later: Case, server: SmallBinance) -> None:
    """Rows without ids are told apart by their second, so no second may be cut in two."""
    server.rewards = [_earn(rewards="0.01", type="REALTIME") for _ in range(230)]
    pages = [page for page in await read(later.open(), recent()) if page.stream == "earn-rewards"]

    assert [len(page.candidates) for page in pages] == [230]
    assert [len(part["rows"]) for part in json.loads(pages[0].content)] == [100, 100, 30]


async def test_conversions_of_old_days_are_asked_only_of_old_accounts(later: Case, server: SmallBinance) -> None:
    server.trades, server.deposits, server.withdrawals, server.dividends = {}, [], [], []
    server.fiat = {"0": [], "1": []}
    server.deposits = [deposit("D1", LATER, "500", "USDT")]
    await read(later.open())
    young = min(int(one.fields["startTime"]) for one in server.asked if "tradeFlow" in one.path)
    server.deposits = [deposit("D0", START, "500", "USDT")]
    await read(later.open())
    old = min(int(one.fields["startTime"]) for one in server.asked if "tradeFlow" in one.path)

    assert (young, old) == (1_672_531_200_000, 1_575_158_400_000)


async def test_what_is_lent_out_is_told_by_its_position_and_not_twice(case: Case, server: SmallBinance) -> None:
    server.balances |= {"LDUSDT": "99.5", "LDO": "3"}
    server.positions = [{"asset": "USDT", "totalAmount": "100.25"}, {"asset": "USDT", "totalAmount": "1"}]
    held = {f"{one.sub_place} {one.asset} {one.quantity}" for one in (await case.open().balances()).balances}

    assert held - case.held == {"earn tether 101.25", "spot lido 3"}


async def test_no_call_but_those_for_spot_is_made_to_know_the_markets(case: Case, server: SmallBinance) -> None:
    await read(case.open())
    others = {one.path for one in server.asked if "capital/config" in one.path or "margin" in one.path}

    assert others == set()


async def test_the_venues_own_count_of_weight_is_heeded(case: Case, server: SmallBinance) -> None:
    server.headers = {"X-MBX-USED-WEIGHT-1M": "5990"}
    exchange = case.open()
    await exchange.balances()
    used = exchange.budget_used()
    server.headers = {}
    await exchange.balances()

    assert used > Decimal("0.99")
    assert any(0 < slept <= 60 for slept in case.time.slept)


async def test_being_shut_out_is_told_with_its_seconds(case: Case, server: SmallBinance) -> None:
    body = {"code": -1003, "msg": "Way too much request weight used; IP banned until 1562."}
    server.next(case.balance_path, Reply(body, 418, {"Retry-After": "600"}))
    with pytest.raises(RateLimitedError) as refused:
        await case.open().balances()

    assert refused.value.retry_after == 600


async def test_a_venue_without_earn_for_this_account_is_told_and_the_rest_is_read(
    case: Case, server: SmallBinance
) -> None:
    server.next("fiat/orders", Reply({"code": -9000, "msg": "not available in your region"}, 400))
    pages = await read(case.open())
    told = [(page.stream, one.code) for page in pages for one in page.findings]

    assert told == [("fiat-deposits", "unread-history")]
    assert len(events(pages)) == 1_010


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "read only"),
        ({"enableSpotAndMarginTrading": True}, "read · trade"),
        ({"enableWithdrawals": True}, "can withdraw"),
    ],
)
async def test_rights_are_what_the_venue_says(
    case: Case, server: SmallBinance, changes: dict[str, Any], words: str
) -> None:
    server.restrictions |= changes
    scope = await case.open().probe()

    assert (scope.words, scope.detail) == (words, "restricted to addresses")
