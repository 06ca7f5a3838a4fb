"""Kraken's ledger of the demo's account: one row per balance that an event changes, with the balance after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from app.core.clock import MILLISECOND
from app.core.money import ZERO, add
from app.demo.accounts import SPOT, STAKED
from app.demo.events import Event, Kind, Move
from app.demo.ids import dashed
from app.demo.kraken_names import PAIR_OF, altname, amount, asset_id

EARN_SINCE_NS = 1_719_792_000 * 10**9
"""Since July 2024 staking is called earn, and both rows of an allocation share one reference."""

_SINGLE = {
    Kind.DEPOSIT: "deposit",
    Kind.FIAT_DEPOSIT: "deposit",
    Kind.WITHDRAWAL: "withdrawal",
    Kind.FIAT_WITHDRAWAL: "withdrawal",
}
_TRANSFERS = {
    (Kind.STAKE, SPOT): "spottostaking",
    (Kind.STAKE, STAKED): "stakingfromspot",
    (Kind.UNSTAKE, STAKED): "stakingtospot",
    (Kind.UNSTAKE, SPOT): "spotfromstaking",
}
_METHODS = {"bitcoin": "Bitcoin", "ethereum": "Ether", "solana": "Solana", "ripple": "Ripple XRP", "eur": "SEPA",
            "litecoin": "Litecoin", "polkadot": "Polkadot", "usd": "SWIFT"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One row of the ledger."""

    ledger_id: str
    refid: str
    at: int
    word: str
    subtype: str
    asset: str
    name: str
    change: Decimal
    fee: Decimal
    balance: Decimal

    @property
    def short_name(self) -> str:
        """Return the short name under which what it changes may be asked for too."""
        return altname(self.asset) if self.name == asset_id(self.asset) else self.name

    @property
    def seconds(self) -> Decimal:
        """Return its time in seconds, to the millisecond."""
        return seconds(self.at)

    def wire(self) -> dict[str, Any]:
        """Return the row as Ledgers shows it."""
        return {
            "refid": self.refid,
            "time": self.seconds,
            "type": self.word,
            "subtype": self.subtype,
            "aclass": "currency",
            "asset": self.name,
            "amount": amount(self.change, self.asset),
            "fee": amount(self.fee, self.asset),
            "balance": amount(self.balance, self.asset),
        }


def seconds(at: int) -> Decimal:
    """Return a moment in seconds, to the millisecond."""
    return Decimal(at // MILLISECOND).scaleb(-3)


@dataclass(slots=True)
class Books:
    """The account as Kraken keeps it: rows, trades, transfers and balances, taken from events as they happen."""

    seed: int
    rows: list[LedgerRow] = field(default_factory=list)
    trades: list[Event] = field(default_factory=list)
    deposits: list[Event] = field(default_factory=list)
    withdrawals: list[Event] = field(default_factory=list)
    balances: dict[str, tuple[str, Decimal]] = field(default_factory=dict)
    """Kraken's name of what is held → (asset, quantity)."""
    _taken: int = 0

    def take(self, events: Sequence[Event]) -> None:
        """Take what is new in the venue's list of events, which only grows."""
        for event in events[self._taken :]:
            held = dict(self.balances)
            self._rows(event)
            if event.real is not None:
                self.balances = held
                self._hold(event.real)
            if event.kind is Kind.TRADE:
                self.trades.append(event)
            elif event.kind in {Kind.DEPOSIT, Kind.FIAT_DEPOSIT}:
                self.deposits.append(event)
            elif event.kind in {Kind.WITHDRAWAL, Kind.FIAT_WITHDRAWAL}:
                self.withdrawals.append(event)
        self._taken = len(events)

    def _hold(self, moves: Sequence[Move]) -> None:
        """Change the balances by what really happened, where the rows tell something else."""
        for move in moves:
            name = asset_id(move.asset, move.place)
            self.balances[name] = move.asset, add(self.balances.get(name, ("", ZERO))[1], move.quantity)

    def rows_of(self, refid: str) -> list[str]:
        """Return the ids of the rows of one trade."""
        return [row.ledger_id for row in self.rows if row.refid == refid]

    def _rows(self, event: Event) -> None:
        """Write the rows of an event: what leaves first, each fee in the row of its asset."""
        fees = {(move.place, move.asset): -move.quantity for move in event.moves if move.is_fee}
        for move in sorted((move for move in event.moves if not move.is_fee), key=lambda move: move.quantity):
            name = asset_id(move.asset, move.place)
            fee = fees.get((move.place, move.asset), ZERO)
            balance = add(self.balances.get(name, ("", ZERO))[1], move.quantity, -fee)
            self.balances[name] = move.asset, balance
            word, subtype, refid = _words(self.seed, event, move)
            ledger_id = dashed("L", self.seed, "ledger", len(self.rows))
            self.rows.append(
                LedgerRow(ledger_id, refid, event.at, word, subtype, move.asset, name, move.quantity, fee, balance)
            )


def _words(seed: int, event: Event, move: Move) -> tuple[str, str, str]:
    """Return type, subtype and reference of a row."""
    is_earn = event.at >= EARN_SINCE_NS
    if event.kind is Kind.TRADE:
        return "trade", "tradespot", event.native_id
    if event.kind in _SINGLE:
        return _SINGLE[event.kind], "", event.native_id
    if event.kind in {Kind.CONVERT, Kind.DUST}:
        subtype = "dustsweeping" if event.kind is Kind.DUST else ""
        return "spend" if move.quantity < 0 else "receive", subtype, event.native_id
    if event.kind in {Kind.STAKE, Kind.UNSTAKE}:
        if is_earn:
            return "earn", "allocation" if event.kind is Kind.STAKE else "deallocation", event.native_id
        refid = dashed("B" if move.quantity < 0 else "R", seed, event.native_id)
        return "transfer", _TRANSFERS[event.kind, move.place], refid
    return ("earn", "reward", event.native_id) if is_earn else ("staking", "", event.native_id)


def trade_wire(event: Event) -> dict[str, Any]:
    """Return a trade as TradesHistory shows it. A fee taken in the base asset is shown in the quote asset there."""
    pair = PAIR_OF[event.base, event.quote]
    fee = event.fee if event.fee_asset == event.quote else event.fee * event.price
    return {
        "ordertxid": event.order_id,
        "postxid": dashed("T", 0, "position", event.native_id),
        "pair": pair.pair_id,
        "aclass": "forex",
        "time": seconds(event.at),
        "type": event.side,
        "ordertype": "limit" if event.is_maker else "market",
        "price": f"{event.price:.{max(5, pair.places)}f}",
        "cost": f"{event.cost:.{pair.cost_places}f}",
        "fee": f"{fee:.{pair.cost_places}f}",
        "vol": f"{event.quantity:.8f}",
        "margin": "0.00000",
        "leverage": "0",
        "misc": "fcib" if event.fee_asset == event.base else "",
        "trade_id": event.number + 10_000_000,
        "maker": event.is_maker,
    }


def transfer_wire(event: Event) -> dict[str, Any]:
    """Return a deposit or withdrawal as DepositStatus and WithdrawStatus show it."""
    row: dict[str, Any] = {
        "method": _METHODS.get(event.base, event.network),
        "aclass": "currency",
        "asset": asset_id(event.base),
        "refid": event.native_id,
        "txid": event.tx_hash or event.native_id,
        "info": event.address,
        "amount": amount(event.quantity, event.base),
        "fee": amount(event.fee, event.base),
        "time": event.at // 10**9,
        "status": "Success",
    }
    if event.kind in {Kind.WITHDRAWAL, Kind.FIAT_WITHDRAWAL}:
        row |= {"key": event.other or "my wallet", "network": _METHODS.get(event.base, event.network)}
    return row


def balances_wire(books: Books, *, extended: bool) -> Mapping[str, Any]:
    """Return the answer of Balance, or of BalanceEx."""
    held = {name: amount(quantity, asset) for name, (asset, quantity) in sorted(books.balances.items())}
    return {name: {"balance": text, "hold_trade": _nothing(text)} for name, text in held.items()} if extended else held


def _nothing(text: str) -> str:
    return f"{ZERO:.{len(text.partition('.')[2])}f}"
