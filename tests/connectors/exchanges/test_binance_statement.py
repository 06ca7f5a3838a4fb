"""The same account at Binance read by interface and by statement gives each event once, in whichever order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from app.connectors.exchanges.binance import earn_rows, fiat_rows, rows
from app.connectors.exchanges.rows import Read
from app.connectors.files.binance_history import BinanceHistory
from app.core.model.pages import AppendResult, Page
from tests.connectors.exchanges.binance_case import deposit, dividend, fiat, trade, withdrawal
from tests.connectors.exchanges.reading import ASSETS, Place, page
from tests.storage.journal_books import ACCOUNT, Books

AT = 1_680_000_000_456
"""2023-03-28 10:40:00 and a bit: the statement has whole seconds."""
SECOND = "2023-03-28 10:40:00"
PLACE = Place("binance")
HEADING = "User_ID,UTC_Time,Account,Operation,Coin,Change,Remark"


@dataclass(frozen=True)
class Told:
    """One event as both sources tell it; rows of the statement are "Operation|Coin|Change[|Account]"."""

    rows: list[dict[str, Any]]
    normalise: Callable[[list[dict[str, Any]], Place, str], Read]
    statement: list[str]


def traded(*deeds: str) -> list[dict[str, Any]]:
    """Return fills of one order in one second."""
    return [trade("BTCUSDT", number, AT + number, deed) for number, deed in enumerate(deeds, 1)]


def of_market(rows_of: list[dict[str, Any]], place: Place, stream: str) -> Read:
    """Return trades of BTCUSDT."""
    return rows.trades(rows_of, place, stream, ("BTC", "USDT"))


def earn(**words: Any) -> dict[str, Any]:
    """Return a row of simple earn."""
    return {"asset": "USDT", "time": AT, "status": "SUCCESS"} | words


CONVERSION = {
    "orderId": 940708407462087195,
    "orderStatus": "SUCCESS",
    "fromAsset": "USDT",
    "fromAmount": "20",
    "toAsset": "BNB",
    "toAmount": "0.06154036",
    "createTime": AT,
}
DUST = {
    "transId": 708,
    "operateTime": AT,
    "totalTransferedAmount": "0.00072693",
    "userAssetDribbletDetails": [
        {"fromAsset": "LTC", "amount": "0.000006", "transferedAmount": "0.00000267"},
        {"fromAsset": "GBP", "amount": "0.15949157", "transferedAmount": "0.00072426"},
    ],
}

EVENTS = {
    "a purchase with its fee in BNB": Told(
        traded("buy 0.5 for 10000 fee 0.01 BNB"),
        of_market,
        ["Buy|BTC|0.5", "Transaction Related|USDT|-10000", "Fee|BNB|-0.01"],
    ),
    "a purchase with its fee in the coin": Told(
        traded("buy 0.5 for 10000 fee 0.0005 BTC"),
        of_market,
        ["Transaction Buy|BTC|0.5", "Transaction Spend|USDT|-10000", "Transaction Fee|BTC|-0.0005"],
    ),
    "a purchase whose fee the statement takes off": Told(
        traded("buy 0.5 for 10000 fee 0.0005 BTC"),
        of_market,
        ["Buy|BTC|0.4995", "Transaction Related|USDT|-10000"],
    ),
    "a sale": Told(
        traded("sell 0.5 for 10000 fee 10 USDT"),
        of_market,
        ["Sell|BTC|-0.5", "Transaction Related|USDT|10000", "Fee|USDT|-10"],
    ),
    "three fills of one second": Told(
        traded("buy 0.5 for 10000", "buy 0.5 for 10000", "buy 0.25 for 5001 fee 0.01 BNB"),
        of_market,
        [
            "Buy|BTC|0.5",
            "Buy|BTC|0.5",
            "Buy|BTC|0.25",
            *(["Transaction Related|USDT|-10000"] * 2),
            "Transaction Related|USDT|-5001",
            "Fee|BNB|-0.01",
        ],
    ),
    "a purchase and a sale in one second": Told(
        traded("buy 0.5 for 10000", "sell 0.2 for 4100"),
        of_market,
        ["Buy|BTC|0.5", "Transaction Related|USDT|-10000", "Sell|BTC|-0.2", "Transaction Related|USDT|4100"],
    ),
    "a deposit": Told([deposit("D1", AT, "1.5", "ETH")], rows.deposits, ["Deposit|ETH|1.5"]),
    "a deposit into the funding wallet": Told(
        [deposit("D1", AT, "1.5", "ETH", walletType=1)], rows.deposits, ["Deposit|ETH|1.5|Funding"]
    ),
    "two equal deposits of one second": Told(
        [deposit("D1", AT, "1.5", "ETH"), deposit("D2", AT, "1.5", "ETH")],
        rows.deposits,
        ["Deposit|ETH|1.5", "Deposit|ETH|1.5"],
    ),
    "a withdrawal whose fee the statement includes": Told(
        [withdrawal("W1", AT, "0.4", "0.005", "ETH")], rows.withdrawals, ["Withdraw|ETH|-0.405"]
    ),
    "a conversion": Told(
        [CONVERSION], rows.conversions, ["Binance Convert|USDT|-20", "Binance Convert|BNB|0.06154036"]
    ),
    "dust of two coins": Told(
        [DUST],
        rows.dust,
        [
            "Small assets exchange BNB|LTC|-0.000006",
            "Small assets exchange BNB|GBP|-0.15949157",
            "Small assets exchange BNB|BNB|0.00000267",
            "Small assets exchange BNB|BNB|0.00072426",
        ],
    ),
    "a distribution": Told([dividend(5, AT, "10", "BNB")], rows.dividends, ["Distribution|BNB|10"]),
    "a subscription": Told(
        [earn(purchaseId=1, amount="100")],
        earn_rows.subscriptions,
        ["Simple Earn Flexible Subscription|USDT|-100", "Simple Earn Flexible Subscription|LDUSDT|100"],
    ),
    "a redemption": Told(
        [earn(redeemId=2, amount="40", destAccount="SPOT")],
        earn_rows.redemptions,
        ["Simple Earn Flexible Redemption|LDUSDT|-40", "Simple Earn Flexible Redemption|USDT|40"],
    ),
    "interest by the minute": Told(
        [earn(rewards="0.0123", type="REALTIME")],
        earn_rows.rewards,
        ["Simple Earn Flexible Interest|USDT|0.0123|Earn"],
    ),
    "a bonus": Told(
        [earn(rewards="0.0123", type="BONUS")], earn_rows.rewards, ["Simple Earn Flexible Interest|USDT|0.0123"]
    ),
    "equal interest twice in one second": Told(
        [earn(rewards="0.0123", type="REALTIME")] * 2,
        earn_rows.rewards,
        ["Simple Earn Flexible Interest|USDT|0.0123|Earn"] * 2,
    ),
    "money from a bank": Told(
        [fiat("F1", AT, "100.00")],
        lambda rows_of, place, stream: fiat_rows.orders(rows_of, place, stream, is_deposit=True),
        ["Fiat Deposit|EUR|100"],
    ),
    "money to a bank": Told(
        [fiat("F2", AT, "30.00", "1.00")],
        lambda rows_of, place, stream: fiat_rows.orders(rows_of, place, stream, is_deposit=False),
        ["Fiat Withdraw|EUR|-31"],
    ),
}


def interface_page(told: Told) -> Page:
    """Return the event as the interface gives it."""
    return page(told.normalise(told.rows, PLACE, "stream"), told.rows)


def statement_page(*events: Told) -> Page:
    """Return events as the statement gives them."""
    lines = [HEADING]
    for told in events:
        for text in told.statement:
            operation, coin, change, *account = text.split("|")
            lines.append(f"1,{SECOND},{account[0] if account else 'Spot'},{operation},{coin},{change},")
    content = "\n".join(lines).encode()
    return BinanceHistory(ASSETS, lambda: AT * 1_000_000).read(content, "history.csv", ACCOUNT)


def append(books: Books, one: Page, source: str) -> AppendResult:
    return books.writer.append_page(source, ACCOUNT, one)


@pytest.mark.parametrize("name", EVENTS)
@pytest.mark.parametrize("first", ["interface", "statement"])
def test_each_event_is_in_the_books_once(books: Books, name: str, first: str) -> None:
    told = EVENTS[name]
    pages = [(interface_page(told), "binance"), (statement_page(told), "file")]
    for one, source in pages if first == "interface" else pages[::-1]:
        append(books, one, source)
    once = books.balances()
    again = [append(books, one, source) for one, source in pages]

    assert once == expected(told)
    assert [(one.recorded, one.revised, one.quarantined) for one in again] == [(0, 0, 0)] * 2


@pytest.mark.parametrize("first", ["interface", "statement"])
def test_all_kinds_in_one_second_are_in_the_books_once(books: Books, first: str) -> None:
    kinds = [EVENTS[name] for name in ("a sale", "a deposit", "a conversion", "a distribution", "a subscription")]
    pages = [*((interface_page(told), "binance") for told in kinds)]
    statement = [(statement_page(*kinds), "file")]
    for one, source in [*pages, *statement] if first == "interface" else [*statement, *pages]:
        append(books, one, source)
    whole: dict[str, Decimal] = {}
    for told in kinds:
        for place, quantity in expected(told).items():
            whole[place] = whole.get(place, Decimal(0)) + Decimal(quantity)

    assert {place: Decimal(quantity) for place, quantity in books.balances().items()} == whole


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_that_only_the_statement_has_is_added(books: Books, name: str) -> None:
    other = deposit("D9", AT, "3", "SOL")
    append(books, page(rows.deposits([other], PLACE, "deposits"), [other]), "binance")
    append(books, statement_page(EVENTS[name]), "file")

    assert books.balances() == expected(EVENTS[name]) | {"spot/solana": "3"}


def expected(told: Told) -> dict[str, str]:
    """Return what the event leaves in the books."""
    sums: dict[str, Decimal] = {}
    for one in told.normalise(told.rows, PLACE, "stream").candidates:
        for leg in one.entry.legs:
            place = f"{leg.sub_place}/{leg.asset}"
            sums[place] = sums.get(place, Decimal(0)) + leg.quantity
    return {place: f"{quantity.normalize():f}" for place, quantity in sums.items() if quantity}
