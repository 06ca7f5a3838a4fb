"""What the simulated Binance tells of the account is all that happened, in the windows and pages the venue has."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from app.core.clock import DAY, MILLISECOND, from_datetime
from app.demo.binance import BinanceServer
from app.demo.binance_access import BinanceError
from app.demo.binance_account import locked_positions, positions
from app.demo.binance_books import LOCKED, BinanceBooks
from app.demo.binance_history import Histories
from app.demo.binance_markets import listings
from app.demo.binance_wire import DAY_MS
from app.demo.events import Kind
from app.demo.faults import Fault
from app.demo.instruments import symbol
from app.demo.market import START_NS
from app.demo.world import World

NOW = from_datetime(dt.datetime(2024, 6, 1, 12, tzinfo=dt.UTC))
NOW_MS = NOW // MILLISECOND
START_MS = START_NS // MILLISECOND


@pytest.fixture(scope="module")
def world() -> Any:
    return World(7, now=lambda: NOW)


def whole(_: Any, rows: Any, __: Any, cut: Any) -> Any:
    """Lose no page."""
    return rows, cut(rows)


@pytest.fixture
def told(world: World) -> Any:
    books = BinanceBooks()
    books.take(world.events("binance"))
    return Histories(books, world.seed, whole)


def happened(world: World, *kinds: Any) -> Any:
    return world.events("binance", kinds=kinds)


def refusal(call: Any, *arguments: Any) -> Any:
    with pytest.raises(BinanceError) as refused:
        call(*arguments)
    return refused.value.status, refused.value.code


def windows(days: Any) -> Iterator[Any]:
    """Yield windows from the start until now, each a millisecond after the one before."""
    start = START_MS
    while start <= NOW_MS:
        end = min(start + days * DAY_MS - 1, NOW_MS)
        yield {"startTime": str(start), "endTime": str(end)}
        start = end + 1


def all_trades(told: Histories) -> Iterator[Any]:
    """Read every market by its trade ids, a page of 100 at a time."""
    for name, listing in listings().items():
        following = 0
        while listing.trades:
            page = told.my_trades({"symbol": name, "fromId": str(following), "limit": "100"}, NOW_MS)
            yield from page
            if len(page) < 100:
                break
            following = page[-1]["id"] + 1


def test_paging_by_trade_id_finds_every_trade_once(world: World, told: Histories) -> None:
    found = Counter((row["symbol"], row["id"]) for row in all_trades(told))

    assert len(happened(world, Kind.TRADE)) == len(found)
    assert {1} == set(found.values())


def test_a_day_of_trades_is_the_longest_window(world: World, told: Histories) -> None:
    day = {"symbol": "BTCUSDT", "startTime": str(NOW_MS - DAY_MS), "endTime": str(NOW_MS)}
    longer = {**day, "startTime": str(NOW_MS - DAY_MS - 1)}

    events = world.events("binance", NOW - DAY, NOW, (Kind.TRADE,))

    assert [int(event.native_id) for event in events if (event.base, event.quote) == ("bitcoin", "tether")] == [
        row["id"] for row in told.my_trades(day, NOW_MS)
    ]
    assert refusal(told.my_trades, longer, NOW_MS) == (400, -1127)


def test_without_a_window_the_newest_trades_come_oldest_first(world: World, told: Histories) -> None:
    known = [int(e.native_id) for e in happened(world, Kind.TRADE) if (e.base, e.quote) == ("bitcoin", "tether")]

    shown = [row["id"] for row in told.my_trades({"symbol": "BTCUSDT", "limit": "5"}, NOW_MS)]

    assert known[-5:] == shown


def test_trades_of_one_order_are_found_by_its_id(world: World, told: Histories) -> None:
    order, count = Counter(event.order_id for event in happened(world, Kind.TRADE)).most_common(1)[0]
    event = next(event for event in happened(world, Kind.TRADE) if event.order_id == order)
    name = next(s for s, row in listings().items() if (row.base, row.quote) == (event.base, event.quote))

    assert count == len(told.my_trades({"symbol": name, "orderId": order}, NOW_MS))


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({}, -1102),
        ({"symbol": "NOCOIN"}, -1121),
        ({"symbol": "BTCUSDT", "fromId": "1", "startTime": "1"}, -1128),
        ({"symbol": "BTCUSDT", "limit": "1001"}, -1130),
        ({"symbol": "BTCUSDT", "fromId": "abc"}, -1100),
    ],
)
def test_what_the_venue_does_not_take_is_refused(told: Histories, asked: Any, code: Any) -> None:
    assert refusal(told.my_trades, asked, NOW_MS) == (400, code)


def test_ninety_days_are_the_longest_window_of_transfers(told: Histories) -> None:
    ninety = {"startTime": str(NOW_MS - 90 * DAY_MS), "endTime": str(NOW_MS)}
    longer = {**ninety, "startTime": str(NOW_MS - 90 * DAY_MS - 1)}

    for call in (told.deposits, told.withdrawals):
        assert call(ninety, NOW_MS) == call({}, NOW_MS)
        assert refusal(call, longer, NOW_MS) == (400, -4047)


def test_windows_over_all_time_find_every_transfer(world: World, told: Histories) -> None:
    deposits = [row["id"] for window in windows(90) for row in told.deposits(window, NOW_MS)]
    withdrawals = [row["id"] for window in windows(90) for row in told.withdrawals(window, NOW_MS)]

    assert sorted(event.native_id for event in happened(world, Kind.DEPOSIT)) == sorted(deposits)
    assert sorted(event.native_id for event in happened(world, Kind.WITHDRAWAL)) == sorted(withdrawals)


def test_transfers_come_newest_first_and_go_on_by_offset(told: Histories) -> None:
    window = list(windows(90))[-1]
    everything = told.deposits(window, NOW_MS)

    pages = [told.deposits({**window, "limit": "1", "offset": str(step)}, NOW_MS) for step in range(len(everything))]

    assert everything == [row for page in pages for row in page]
    assert sorted((row["insertTime"] for row in everything), reverse=True) == [row["insertTime"] for row in everything]


def test_conversions_need_both_ends_at_most_thirty_days_apart(world: World, told: Histories) -> None:
    found = [row for window in windows(30) for row in told.conversions(window, NOW_MS)["list"]]

    assert refusal(told.conversions, {"startTime": str(START_MS)}, NOW_MS) == (400, -1102)
    assert refusal(told.conversions, {"startTime": str(START_MS), "endTime": str(NOW_MS)}, NOW_MS) == (400, -9000)
    assert sorted(int(e.native_id) for e in happened(world, Kind.CONVERT)) == sorted(row["orderId"] for row in found)


def test_more_conversions_than_the_limit_are_announced(told: Histories) -> None:
    first = next(w for w in windows(30) if len(told.conversions(w, NOW_MS)["list"]) > 1)

    body = told.conversions({**first, "limit": "1"}, NOW_MS)

    assert (len(body["list"]), body["moreData"]) == (1, True)


def test_rewards_must_name_their_type_and_stay_below_ninety_days(world: World, told: Histories) -> None:
    found = [
        row
        for kind in ("REALTIME", "BONUS", "REWARDS")
        for window in windows(89)
        for page in range(1, 9)
        for row in told.rewards({**window, "type": kind, "size": "100", "current": str(page)}, NOW_MS)["rows"]
    ]

    assert refusal(told.rewards, {}, NOW_MS) == (400, -1102)
    assert refusal(told.rewards, {"type": "OTHER"}, NOW_MS) == (400, -1130)
    assert refusal(told.rewards, {**next(windows(90)), "type": "BONUS"}, NOW_MS) == (400, -6021)
    assert len([one for one in happened(world, Kind.REWARD) if one.detail != LOCKED]) == len(found)


def test_one_end_of_a_product_s_window_means_thirty_days(world: World, told: Histories) -> None:
    middle = START_MS + 60 * DAY_MS
    asked = {"startTime": str(middle), "type": "ALL", "size": "100"}

    expected = world.events("binance", middle * MILLISECOND, (middle + 30 * DAY_MS) * MILLISECOND, (Kind.REWARD,))

    assert len([one for one in expected if one.detail != LOCKED]) == told.rewards(asked, NOW_MS)["total"]


def test_ten_rows_are_a_page_of_a_product_unless_more_are_asked_for(told: Histories) -> None:
    asked = {"type": "REALTIME"}

    first, second = (told.rewards({**asked, "current": str(page)}, NOW_MS) for page in (1, 2))

    assert len(first["rows"]) == 10
    assert first["rows"] + second["rows"] == told.rewards({**asked, "size": "20"}, NOW_MS)["rows"]


def test_a_sweep_of_small_balances_is_one_row_with_its_details(world: World, told: Histories) -> None:
    body = told.dribblets({}, NOW_MS)

    details = [detail for row in body["userAssetDribblets"] for detail in row["userAssetDribbletDetails"]]

    assert len(happened(world, Kind.DUST)) == len(details)
    assert len({event.group for event in happened(world, Kind.DUST)}) == body["total"]


def test_bank_transfers_of_the_last_thirty_days_are_the_usual_answer(world: World, told: Histories) -> None:
    everything = {"transactionType": "0", "beginTime": "0", "rows": "500"}
    recent = world.events("binance", NOW - 30 * DAY, NOW, (Kind.FIAT_DEPOSIT,))

    assert len(recent) == told.fiat_orders({"transactionType": "0"}, NOW_MS)["total"]
    assert len(happened(world, Kind.FIAT_DEPOSIT)) == len(told.fiat_orders(everything, NOW_MS)["data"])
    assert refusal(told.fiat_orders, {}, NOW_MS) == (400, -1102)


def trade_moves(told: Histories) -> Iterator[Any]:
    for row in all_trades(told):
        listing, sign = listings()[row["symbol"]], 1 if row["isBuyer"] else -1
        yield "spot", listing.base_symbol, sign * Decimal(row["qty"])
        yield "spot", listing.quote_symbol, -sign * Decimal(row["quoteQty"])
        yield "spot", row["commissionAsset"], -Decimal(row["commission"])


def transfer_moves(told: Histories) -> Iterator[Any]:
    for window in windows(90):
        for row in told.deposits(window, NOW_MS):
            yield "spot", row["coin"], Decimal(row["amount"])
        for row in told.withdrawals(window, NOW_MS):
            yield "spot", row["coin"], -Decimal(row["amount"]) - Decimal(row["transactionFee"])
        for row in told.dividends({**window, "limit": "500"}, NOW_MS)["rows"]:
            yield "spot", row["asset"], Decimal(row["amount"])


def earn_moves(told: Histories) -> Iterator[Any]:
    for window in windows(30):
        page = {**window, "size": "100"}
        puts, takes = (told.subscriptions, told.locked_subscriptions), (told.redemptions, told.locked_redemptions)
        for call, sign in (*((one, 1) for one in puts), *((one, -1) for one in takes)):
            for row in call(page, NOW_MS)["rows"]:
                yield "spot", row["asset"], -sign * Decimal(row["amount"])
                yield "earn", row["asset"], sign * Decimal(row["amount"])
        for row in told.rewards({**page, "type": "ALL"}, NOW_MS)["rows"]:
            yield "earn" if row["type"] == "REALTIME" else "spot", row["asset"], Decimal(row["rewards"])
        for row in told.locked_rewards(page, NOW_MS)["rows"]:
            yield "spot", row["asset"], Decimal(row["amount"])


def swap_moves(told: Histories) -> Iterator[Any]:
    for window in windows(30):
        for row in told.conversions(window, NOW_MS)["list"]:
            yield "spot", row["fromAsset"], -Decimal(row["fromAmount"])
            yield "spot", row["toAsset"], Decimal(row["toAmount"])
    for sweep in told.dribblets({}, NOW_MS)["userAssetDribblets"]:
        for row in sweep["userAssetDribbletDetails"]:
            yield "spot", row["fromAsset"], -Decimal(row["amount"])
            yield "spot", "BNB", Decimal(row["transferedAmount"])


def bank_moves(told: Histories) -> Iterator[Any]:
    for kind, name, sign in (("0", "amount", 1), ("1", "indicatedAmount", -1)):
        for row in told.fiat_orders({"transactionType": kind, "beginTime": "0", "rows": "500"}, NOW_MS)["data"]:
            yield "spot", row["fiatCurrency"], sign * Decimal(row[name])


def test_all_that_is_told_sums_up_to_the_balances(world: World, told: Histories) -> None:
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)

    for moves in (trade_moves, transfer_moves, earn_moves, swap_moves, bank_moves):
        for place, coin, quantity in moves(told):
            sums[place, coin] += quantity

    expected = {(place, symbol(asset)): held for (place, asset), held in world.balances("binance").items()}
    assert expected == {key: quantity for key, quantity in sums.items() if quantity}


def test_locked_positions_are_what_was_put_in_and_not_taken_out_and_their_day_lies_ahead(world: World) -> None:
    server = BinanceServer(world)
    server.books.take(world.events("binance"))
    rows = locked_positions(server.books, {"size": "100"}, NOW_MS)["rows"]
    flexible = positions(server.books, {"size": "100"}, NOW_MS)["rows"]
    held = world.balances("binance")
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        sums[row["asset"]] += Decimal(row["amount"])

    assert sums == {symbol(asset): held["earn", asset] for asset in ("bnb", "solana")}
    assert all(NOW_MS < int(row["deliverDate"]) <= NOW_MS + 91 * DAY_MS for row in rows)
    assert {row["asset"] for row in flexible} == {"BTC", "ETH", "USDT"}


def test_a_lost_page_stays_lost_and_the_pages_after_it_are_told(world: World) -> None:
    server = BinanceServer(world)
    server.faults.add(Fault.MISSING_PAGE, "/api/v3/myTrades", after=1)
    server.books.take(world.events("binance"))
    told = Histories(server.books, world.seed, server.page)
    asked = {"symbol": "BTCUSDT", "limit": "10"}

    first = told.my_trades({**asked, "fromId": "0"}, NOW_MS)
    second = told.my_trades({**asked, "fromId": str(first[-1]["id"] + 1)}, NOW_MS)
    left = told.my_trades({"symbol": "BTCUSDT", "fromId": "0", "limit": "1000"}, NOW_MS)

    known = [
        int(event.native_id)
        for event in happened(world, Kind.TRADE)
        if (event.base, event.quote) == ("bitcoin", "tether")
    ]
    assert known[20:30] == [row["id"] for row in second]
    assert known[:10] + known[20:] == [row["id"] for row in left]


def test_rows_are_json(told: Histories) -> None:
    rows = told.my_trades({"symbol": "BTCUSDT", "limit": "1"}, NOW_MS)

    assert rows == json.loads(json.dumps(rows))
