"""The same account at Coinbase read by interface and by statement gives each event once, in whichever order."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from app.connectors.exchanges.coinbase import rows
from app.connectors.exchanges.rows import Read
from app.connectors.files.coinbase_transactions import CoinbaseTransactions
from app.core.clock import SECOND
from app.core.model.pages import AppendResult, Candidate, Page
from tests.connectors.exchanges.coinbase_case import START, fill, transaction
from tests.connectors.exchanges.reading import ASSETS, Place, page
from tests.storage.journal_books import ACCOUNT, Books

PLACE = Place("coinbase")
MOMENT = "2023-11-14 22:13:20 UTC"
HEADING = "ID,Timestamp,Transaction Type,Asset,Quantity Transacted,Price Currency,Price at Transaction,Subtotal,"
HEADING += "Total (inclusive of fees and/or spread),Fees and/or Spread,Notes"


@dataclass(frozen=True)
class Told:
    """One event as both sources tell it; rows of the statement are the cells between the time and the end."""

    statement: list[str]
    transactions: list[dict[str, Any]] = field(default_factory=list)
    fills: list[dict[str, Any]] = field(default_factory=list)


def single(kind: str, amount: str, word: str, quantity: str) -> Told:
    """Return a transaction that both sources know by its id."""
    asset = amount.split()[1]
    return Told([f"{word},{asset},{quantity},USD,$1.00,$1.00,$1.00,$0.00,"], [transaction("id-1", 0, kind, amount)])


EVENTS = {
    "a purchase": single("buy", "0.5 BTC", "Buy", "0.5"),
    "a sale": single("sell", "-0.5 BTC", "Sell", "0.5"),
    "something received": single("receive", "0.5 BTC", "Receive", "0.5"),
    "something received in older words": single("send", "0.5 BTC", "Receive", "0.5"),
    "something sent": single("send", "-0.5 BTC", "Send", "0.5"),
    "money from a bank": single("fiat_deposit", "100 USD", "Deposit", "100"),
    "money to a bank": single("fiat_withdrawal", "-100 USD", "Withdrawal", "100"),
    "a transfer to the older exchange": single("pro_deposit", "-1 BTC", "Pro Deposit", "1"),
    "a transfer from the older exchange": single("exchange_withdrawal", "1 BTC", "Exchange Withdrawal", "1"),
    "a staking reward": single("staking_reward", "0.01 SOL", "Staking Income", "0.01"),
    "an inflation reward": single("inflation_reward", "0.01 ATOM", "Inflation Reward", "0.01"),
    "interest": single("interest", "0.01 USDC", "Interest", "0.01"),
    "a lesson's reward": single("earn_payout", "3 XLM", "Learning Reward", "3"),
    "an incentive": single("incentives_rewards_payout", "3 USDC", "Incentives Rewards Payout", "3"),
    "a subscription": single("subscription", "-29.99 USD", "Subscription", "29.99"),
    "its rebate": single("subscription_rebate", "2 USD", "Subscription Rebate", "2"),
    "a staking transfer": single("staking_transfer", "-2 ETH", "Staking Transfer", "-2"),
    "its other side": single("staking_transfer", "2 ETH2", "Staking Transfer", "2"),
    "a card's payment": single("cardspend", "-12 USD", "Card Spend", "12"),
    "a fill": Told(
        [
            (
                "Advanced Trade Buy,BTC,0.5,USD,$20000,$10000.00,$10060.00,$60.00,"
                "Bought 0.5 BTC for 10000 USD on BTC-USD at 20000 USD/BTC"
            )
        ],
        fills=[fill(1, 0, "BUY 0.5 BTC-USD at 20000 fee 60")],
    ),
    "a sale by fill": Told(
        ["Advanced Trade Sell,ETH,2,USD,$2000,$4000.00,$3976.00,$24.00,"],
        fills=[fill(1, 0, "SELL 2 ETH-USD at 2000 fee 24")],
    ),
    "two fills that the statement tells as one order": Told(
        ["Advanced Trade Buy,BTC,0.75,USD,$20000,$15000.00,$15090.00,$90.00,"],
        fills=[fill(1, 0, "BUY 0.5 BTC-USD at 20000 fee 60"), fill(2, 0, "BUY 0.25 BTC-USD at 20000 fee 30")],
    ),
    "two equal fills": Told(
        ["Advanced Trade Buy,BTC,0.5,USD,$20000,$10000.00,$10060.00,$60.00,"] * 2,
        fills=[fill(1, 0, "BUY 0.5 BTC-USD at 20000 fee 60"), fill(2, 0, "BUY 0.5 BTC-USD at 20000 fee 60")],
    ),
    "a conversion": Told(
        ["Convert,ETH,1,USD,$2000,$2000.00,$2000.00,$0.00,Converted 1 ETH to 0.05 BTC"],
        [
            transaction("id-1", 0, "trade", "-1 ETH", trade={"id": "c-1"}),
            transaction("id-2", 1, "trade", "0.05 BTC", trade={"id": "c-1"}),
        ],
    ),
}


def interface_pages(told: Told) -> list[Page]:
    """Return the event as the interface gives it: fills, and transactions with their joined halves."""
    pages = [page(rows.fills(told.fills, PLACE, "fills"), told.fills)] if told.fills else []
    if told.transactions:
        read, halves = rows.transactions(told.transactions, PLACE, "transactions")
        if halves:
            entry = rows.conversion(PLACE, halves[0].trade_id, [half.raw for half in halves])
            read.candidates.append(Candidate(0, entry))
        pages.append(page(read, told.transactions))
    return pages


def statement_page(told: Told) -> Page:
    """Return the event as the statement gives it."""
    lines = [HEADING]
    for number, row in enumerate(told.statement, 1):
        *cells, notes = row.split(",", 8)
        quoted = [f'"{cell}"' for cell in (*cells, notes)]
        lines.append(f"id-{number},{MOMENT},{','.join(quoted)}")
    content = "\n".join(lines).encode()
    return CoinbaseTransactions(ASSETS, lambda: START * SECOND).read(content, "report.csv", ACCOUNT)


def append(books: Books, one: Page, source: str) -> AppendResult:
    return books.writer.append_page(source, ACCOUNT, one)


def expected(pages: list[Page]) -> dict[str, str]:
    """Return what entries leave in the books."""
    sums: dict[str, Decimal] = {}
    for leg in (leg for one in pages for candidate in one.candidates for leg in candidate.entry.legs):
        place = f"{leg.sub_place}/{leg.asset}"
        sums[place] = sums.get(place, Decimal(0)) + leg.quantity
    return {place: f"{quantity.normalize():f}" for place, quantity in sums.items() if quantity}


@pytest.mark.parametrize("name", EVENTS)
@pytest.mark.parametrize("first", ["interface", "statement"])
def test_each_event_is_in_the_books_once(books: Books, name: str, first: str) -> None:
    told = EVENTS[name]
    interface = interface_pages(told)
    pages = [*((one, "coinbase") for one in interface), (statement_page(told), "file")]
    results = [append(books, one, source) for one, source in (pages if first == "interface" else pages[::-1])]
    once = books.balances()
    again = [append(books, one, source) for one, source in pages]

    assert once == expected(interface) != {}
    assert [one.revised for one in results] == [0] * len(results)
    assert [(one.recorded, one.revised, one.quarantined) for one in again] == [(0, 0, 0)] * len(pages)


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_that_only_the_statement_has_is_added(books: Books, name: str) -> None:
    other = transaction("id-9", 0, "receive", "3 SOL")
    read: Read = rows.transactions([other], PLACE, "transactions")[0]
    append(books, page(read, [other]), "coinbase")
    append(books, statement_page(EVENTS[name]), "file")
    sums = expected([*interface_pages(EVENTS[name]), page(read, [other])])

    assert books.balances() == sums
