"""Rows of the simulated Coinbase: wallets, transactions and fills, field by field as the venue writes them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.core.clock import MILLISECOND, from_datetime, iso
from app.core.money import multiply, plain
from app.demo import ids
from app.demo.events import Event, Kind
from app.demo.instruments import INSTRUMENTS, USD, symbol
from app.demo.market import Market

Row = dict[str, Any]

VENUE = "coinbase"
FIAT = ("usd", "eur")
NATIVE = "USD"
_CENTS = Decimal("0.01")
_NEW_TYPES_NS = from_datetime(dt.datetime(2024, 2, 7, tzinfo=dt.UTC))
"""Since then what arrives has a type of its own; before it was a send like what leaves."""

_NETWORKS = {"BTC": "bitcoin", "ETH": "ethereum", "SOL": "solana", "LTC": "litecoin", "XRP": "ripple", "ADA": "cardano"}
_NAMES = {"bitcoin": "Bitcoin", "ethereum": "Ethereum", "usd": "US Dollar", "eur": "Euro", "tether": "Tether"}
_TYPES = {
    Kind.TRADE: "advanced_trade_fill",
    Kind.CONVERT: "trade",
    Kind.FIAT_DEPOSIT: "fiat_deposit",
    Kind.FIAT_WITHDRAWAL: "fiat_withdrawal",
    Kind.REWARD: "staking_reward",
    Kind.DIVIDEND: "earn_payout",
    Kind.STAKE: "staking_transfer",
    Kind.UNSTAKE: "unstaking_transfer",
    Kind.DUST: "retail_simple_dust",
}
NEVER_USED = (
    *("APT", "ARB", "BAT", "COMP", "CRV", "FIL", "FLOW", "GRT"),
    *("HBAR", "ICP", "IMX", "LDO", "MANA", "MKR", "OP", "SAND"),
)
"""Currencies of which there never was anything: the venue lists a wallet whose id is the ticker."""


@dataclass(frozen=True, slots=True)
class Posting:
    """What one event changed in one wallet: a transaction of the older interface."""

    event: Event
    asset: str
    quantity: Decimal
    number: str


def account_id(seed: int, asset: str) -> str:
    """Return the id of a wallet."""
    return ids.uuid(seed, VENUE, "account", asset)


def portfolio_id(seed: int) -> str:
    """Return the id of the only portfolio."""
    return ids.uuid(seed, VENUE, "portfolio")


def currency_name(asset: str) -> str:
    """Return what the venue calls a currency."""
    return _NAMES.get(asset, asset.replace("-", " ").title())


def written(quantity: Decimal, asset: str) -> str:
    """Return a quantity as the older interface writes it: cents for money where that is exact, else every digit."""
    least = 2 if asset in FIAT else 8
    return f"{quantity:.{least}f}" if quantity == round(quantity, least) else plain(quantity)


def currency_row(asset: str, code: str, number: int) -> Row:
    """Return a currency as it stands inside a wallet."""
    return {
        "code": code,
        "name": currency_name(asset),
        "color": "#0052FF",
        "sort_index": 100 + number,
        "exponent": 2 if asset in FIAT else 8,
        "type": "fiat" if asset in FIAT else "crypto",
        "address_regex": "",
        "asset_id": ids.uuid(0, VENUE, "asset", code),
        "slug": asset,
    }


def wallet_row(seed: int, asset: str, held: Decimal, times: tuple[int, int] | None) -> Row:
    """Return a wallet as /v2/accounts gives it; one never used has no times, and its ticker for an id."""
    code = symbol(asset)
    number = next((place for place, row in enumerate(INSTRUMENTS) if row.asset == asset), 0)
    return _wallet(account_id(seed, asset), currency_row(asset, code, number), held, times)


def unused_row(code: str, number: int) -> Row:
    """Return the wallet of a currency that was never touched."""
    return _wallet(code, currency_row(code.lower(), code, 500 + number), Decimal(0), None)


def _wallet(name: str, currency: Row, held: Decimal, times: tuple[int, int] | None) -> Row:
    is_fiat = currency["type"] == "fiat"
    return {
        "id": name,
        "name": f"{currency['code']} Wallet",
        "primary": False,
        "type": "fiat" if is_fiat else "wallet",
        "currency": currency,
        "balance": {"amount": f"{held:.{currency['exponent']}f}", "currency": currency["code"]},
        "created_at": None if times is None else iso(times[0]),
        "updated_at": None if times is None else iso(times[1]),
        "resource": "account",
        "resource_path": f"/v2/accounts/{name}",
        "allow_deposits": True,
        "allow_withdrawals": True,
    }


def trading_account_row(seed: int, asset: str, held: Decimal, times: tuple[int, int]) -> Row:
    """Return a wallet as /api/v3/brokerage/accounts gives it: with every digit."""
    code = symbol(asset)
    return {
        "uuid": account_id(seed, asset),
        "name": f"{code} Wallet",
        "currency": code,
        "available_balance": {"value": plain(held), "currency": code},
        "default": True,
        "active": True,
        "created_at": iso(times[0], MILLISECOND),
        "updated_at": iso(times[1], MILLISECOND),
        "deleted_at": None,
        "type": "ACCOUNT_TYPE_FIAT" if asset in FIAT else "ACCOUNT_TYPE_CRYPTO",
        "ready": True,
        "hold": {"value": "0", "currency": code},
        "retail_portfolio_id": portfolio_id(seed),
        "platform": "ACCOUNT_PLATFORM_CONSUMER",
    }


def fill_row(seed: int, event: Event) -> Row:
    """Return a fill as /api/v3/brokerage/orders/historical/fills gives it."""
    return {
        "entry_id": ids.hexadecimal(seed, 64, VENUE, "fill", event.native_id),
        "trade_id": event.native_id,
        "order_id": event.order_id,
        "trade_time": iso(event.at, MILLISECOND),
        "trade_type": "FILL",
        "price": plain(event.price),
        "size": plain(event.quantity),
        "commission": plain(event.fee),
        "product_id": f"{symbol(event.base)}-{symbol(event.quote)}",
        "sequence_timestamp": iso(event.at, MILLISECOND),
        "liquidity_indicator": "MAKER" if event.is_maker else "TAKER",
        "size_in_quote": False,
        "user_id": ids.uuid(seed, VENUE, "user"),
        "side": event.side.upper(),
        "retail_portfolio_id": portfolio_id(seed),
        "fillSource": "FILL_SOURCE_CLOB",
    }


def transaction_row(seed: int, posting: Posting, market: Market) -> Row:
    """Return a transaction of the older interface, with the part that only its type has."""
    event, code = posting.event, symbol(posting.asset)
    path = f"/v2/accounts/{account_id(seed, posting.asset)}/transactions/{posting.number}"
    shown = posting.quantity
    if event.kind is Kind.TRADE and posting.asset in FIAT:
        # The venue rounds the money side of a fill to cents and charges its commission apart: exact are the fills.
        shown = shown.quantize(_CENTS)
    return {
        "id": posting.number,
        "type": type_of(posting),
        "status": "completed",
        "amount": {"amount": written(shown, posting.asset), "currency": code},
        "native_amount": {"amount": f"{_native(posting, market):.2f}", "currency": NATIVE},
        "description": None,
        "created_at": iso(event.at),
        "updated_at": iso(event.at),
        "resource": "transaction",
        "resource_path": path,
        "instant_exchange": False,
        **_special(seed, posting),
    }


def type_of(posting: Posting) -> str:
    """Return the type of a transaction."""
    if posting.event.kind is Kind.DEPOSIT:
        return "receive" if posting.event.at >= _NEW_TYPES_NS else "send"
    if posting.event.kind is Kind.WITHDRAWAL:
        return "send"
    return _TYPES.get(posting.event.kind, "tx")


def _native(posting: Posting, market: Market) -> Decimal:
    if posting.asset == USD:
        return posting.quantity
    return multiply(posting.quantity, market.price(posting.asset, USD, posting.event.at, VENUE))


def _special(seed: int, posting: Posting) -> Row:
    event = posting.event
    if event.kind is Kind.TRADE:
        return {"advanced_trade_fill": _fill_part(posting)}
    if event.kind is Kind.CONVERT:
        trade = {"fee": _money(event.fee, event.quote), "id": event.native_id}
        return {"trade": {**trade, "payment_method_name": f"{symbol(event.base)} Wallet"}}
    if event.kind in {Kind.DEPOSIT, Kind.WITHDRAWAL}:
        return _chain_part(seed, event)
    if event.kind in {Kind.FIAT_DEPOSIT, Kind.FIAT_WITHDRAWAL}:
        word, plural = (
            ("fiat_deposit", "deposits") if event.kind is Kind.FIAT_DEPOSIT else ("fiat_withdrawal", "withdrawals")
        )
        path = f"/v2/accounts/{account_id(seed, posting.asset)}/{plural}/{transfer_id(seed, event)}"
        return {word: {"id": transfer_id(seed, event), "resource": word, "resource_path": path}}
    return {}


def _fill_part(posting: Posting) -> Row:
    event = posting.event
    part = {
        "fill_price": plain(event.price),
        "order_id": event.order_id,
        "order_side": event.side,
        "product_id": f"{symbol(event.base)}-{symbol(event.quote)}",
    }
    return {**part, "commission": plain(event.fee)} if posting.asset == event.base else part


def _chain_part(seed: int, event: Event) -> Row:
    network: Row = {
        "status": "confirmed",
        "hash": event.tx_hash,
        "network_name": _NETWORKS.get(event.network, event.network.lower()),
    }
    if event.kind is Kind.DEPOSIT:
        return {"network": network, "from": {"resource": "address", "currency": symbol(event.base)}}
    network["transaction_fee"] = _money(event.fee, event.base)
    network["transaction_amount"] = _money(event.quantity, event.base)
    sent = {"resource": "address", "address": event.address, "currency": symbol(event.base)}
    return {"network": network, "to": sent, "idem": ids.uuid(seed, VENUE, "idem", event.native_id)}


def _money(quantity: Decimal, asset: str) -> Row:
    return {"amount": written(quantity, asset), "currency": symbol(asset)}


def transfer_id(seed: int, event: Event) -> str:
    """Return the id that a bank transfer has beside that of its transaction."""
    return ids.uuid(seed, VENUE, "transfer", event.native_id)


def transfer_row(seed: int, event: Event) -> Row:
    """Return a bank transfer as /v2/accounts/{id}/deposits and withdrawals give it."""
    word = "deposit" if event.kind is Kind.FIAT_DEPOSIT else "withdrawal"
    name = account_id(seed, event.base)
    transaction = f"/v2/accounts/{name}/transactions/{event.native_id}"
    return {
        "id": transfer_id(seed, event),
        "status": "completed",
        "payment_method": {"id": ids.uuid(seed, VENUE, "bank"), "resource": "payment_method"},
        "transaction": {"id": event.native_id, "resource": "transaction", "resource_path": transaction},
        "user_reference": ids.letters(seed, 6, VENUE, event.native_id),
        "created_at": iso(event.at),
        "updated_at": iso(event.at),
        "resource": word,
        "resource_path": f"/v2/accounts/{name}/{word}s/{transfer_id(seed, event)}",
        "committed": True,
        "payout_at": iso(event.at),
        "instant": False,
        "fee": _money(event.fee, event.base),
        "amount": _money(event.quantity, event.base),
        "subtotal": _money(event.quantity, event.base),
        "hold_until": None,
        "hold_days": 0,
        "hold_business_days": 0,
        "next_step": None,
    }
