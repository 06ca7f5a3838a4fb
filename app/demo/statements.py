"""The statements that the demo's venues would hand out: their own formats, written from what really happened."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

from app.core.clock import SECOND, iso
from app.core.money import plain
from app.demo import coinbase_wire, kraken_ledger
from app.demo.coinbase_books import CoinbaseBooks
from app.demo.events import Event, Kind, Move
from app.demo.instruments import symbol
from app.demo.world import World

_KRAKEN = ("txid", "refid", "time", "type", "subtype", "aclass", "asset", "amount", "fee", "balance")
_BINANCE = ("User_ID", "UTC_Time", "Account", "Operation", "Coin", "Change", "Remark")
_COINBASE = (
    *("ID", "Timestamp", "Transaction Type", "Asset", "Quantity Transacted", "Price Currency"),
    *("Price at Transaction", "Subtotal", "Total (inclusive of fees and/or spread)", "Fees and/or Spread", "Notes"),
)
_OPERATIONS = {
    Kind.CONVERT: "Binance Convert",
    Kind.DUST: "Small Assets Exchange BNB",
    Kind.DEPOSIT: "Deposit",
    Kind.WITHDRAWAL: "Withdraw",
    Kind.FIAT_DEPOSIT: "Fiat Deposit",
    Kind.FIAT_WITHDRAWAL: "Fiat Withdraw",
    Kind.DIVIDEND: "Distribution",
}
_REWARDS = {"REALTIME": "Simple Earn Flexible Interest", "BONUS": "Simple Earn Flexible Interest"}
_TYPES = {
    "fiat_deposit": "Deposit",
    "fiat_withdrawal": "Withdrawal",
    "receive": "Receive",
    "staking_reward": "Staking Income",
}


def written(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a file."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


def _second(at: int) -> str:
    return iso(at // SECOND * SECOND).replace("T", " ").rstrip("Z")


def kraken(world: World) -> str:
    """Return the ledgers CSV."""
    books = kraken_ledger.Books(world.seed)
    books.take(world.events("kraken"))
    wires = [(row, row.wire()) for row in books.rows]
    return written(
        _KRAKEN,
        ((row.ledger_id, wire["refid"], _second(row.at), *(wire[name] for name in _KRAKEN[3:])) for row, wire in wires),
    )


def binance(world: World) -> str:
    """Return the transaction history: one row per balance that an event changes."""
    rows: list[Sequence[object]] = []
    for event in world.events("binance"):
        for move in event.moves if event.kind is Kind.TRADE else _together(event.moves):
            place, coin = ("Earn" if move.place == "earn" else "Spot"), symbol(move.asset)
            if event.kind in {Kind.SUBSCRIBE, Kind.REDEEM} and place == "Earn" and event.detail != "Locked":
                place, coin = "Spot", f"LD{coin}"
            rows.append(("1", _second(event.at), place, _operation(event, move), coin, plain(move.quantity), ""))
    return written(_BINANCE, rows)


def _together(moves: Iterable[Move]) -> list[Move]:
    """Return one move per balance: outside of trades the history shows what is left after the fee."""
    sums: dict[tuple[str, str], Decimal] = {}
    for move in moves:
        sums[move.place, move.asset] = sums.get((move.place, move.asset), Decimal(0)) + move.quantity
    return [Move(place, asset, quantity) for (place, asset), quantity in sums.items() if quantity]


def _operation(event: Event, move: Move) -> str:
    if event.kind is Kind.TRADE:
        bought, sold = ("Transaction Buy", "Transaction Spend"), ("Transaction Sold", "Transaction Revenue")
        words = bought if event.side == "buy" else sold
        return "Transaction Fee" if move.is_fee else words[move.asset != event.base]
    if event.kind in {Kind.SUBSCRIBE, Kind.REDEEM}:
        word = "Subscription" if event.kind is Kind.SUBSCRIBE else "Redemption"
        return f"Simple Earn {event.detail or 'Flexible'} {word}"
    if event.kind is Kind.REWARD:
        return _REWARDS.get(event.detail, "Simple Earn Locked Rewards")
    return _OPERATIONS[event.kind]


def coinbase(world: World) -> str:
    """Return the transaction report: one row a transaction, trades and conversions from the side of their base."""
    books = CoinbaseBooks(world.seed)
    books.take(world.events("coinbase"))
    postings = sorted((one for wallet in books.postings.values() for one in wallet), key=lambda one: one.event.at)
    return written(
        _COINBASE, [_report_row(world, one) for one in postings if not one.event.quote or one.asset == one.event.base]
    )


def _report_row(world: World, posting: coinbase_wire.Posting) -> Sequence[object]:
    event, wire = posting.event, coinbase_wire.transaction_row(world.seed, posting, world.market)
    head = wire["id"], f"{_second(event.at)} UTC"
    base, quantity = symbol(posting.asset), plain(abs(Decimal(wire["amount"]["amount"])))
    worth = wire["native_amount"]["amount"].lstrip("-")
    if event.kind is Kind.TRADE:
        is_buy, money = event.side == "buy", symbol(event.quote)
        total = event.cost + event.fee if is_buy else event.cost - event.fee
        figures = [plain(one) for one in (event.price, event.cost, total, event.fee)]
        words = "Advanced Trade Buy" if is_buy else "Advanced Trade Sell"
        notes = f"{'Bought' if is_buy else 'Sold'} {quantity} {base} for {figures[1]} {money} on {base}-{money}"
        return *head, words, base, quantity, money, *figures, f"{notes} at {figures[0]} {money}/{base}"
    if event.kind is Kind.CONVERT:
        notes = f"Converted {quantity} {base} to {plain(event.cost)} {symbol(event.quote)}"
        return *head, "Convert", base, quantity, "USD", "1", worth, worth, "0", notes
    is_sent = Decimal(wire["amount"]["amount"]) < 0
    word = ("Send" if is_sent else "Receive") if wire["type"] == "send" else _TYPES[wire["type"]]
    return *head, word, base, quantity, "USD", "1", worth, worth, "0", ""
