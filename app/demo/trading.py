"""How the demo's person trades: orders with their fills, fees in quote, base or BNB, conversions and dust."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.core.clock import MILLISECOND
from app.core.money import ZERO, multiply
from app.demo import ids
from app.demo.accounts import CASH, SPOT, Account, places_of, rounded
from app.demo.events import Event, Kind, Move
from app.demo.instruments import lot_places, price_places

LEAST_ORDER = 6.0
DUST_DOLLARS = 15.0
_SELLABLE = 0.98
_PARTS = (1, 1, 1, 2, 2, 3, 4, 5)
_MAKER_SHARE = 0.5
_FEES: Mapping[str, tuple[Decimal, Decimal]] = {
    "binance": (Decimal("0.001"), Decimal("0.001")),
    "coinbase": (Decimal("0.004"), Decimal("0.006")),
    "kraken": (Decimal("0.0016"), Decimal("0.0026")),
}
_BNB_RATE = Decimal("0.00075")
_BASE_FEE_SHARE = 0.08
_KRAKEN_LOT = 5
_SERVICE_FEE = Decimal("0.02")
_SPREADS = {"binance": 0.9985, "coinbase": 0.995, "kraken": 0.99}


@dataclass(frozen=True, slots=True)
class Order:
    """What the person wants to trade."""

    base: str
    quote: str
    side: str
    dollars: float


@dataclass(frozen=True, slots=True)
class _Fill:
    order: Order
    order_id: str
    price: Decimal
    quantity: Decimal
    cost: Decimal
    is_maker: bool


def trade(account: Account, at: int, order: Order) -> int:
    """Fill an order at the market price; return the number of its fills, 0 where there is too little to trade."""
    venue, rng = account.venue, account.rng
    price = account.market.price(order.base, order.quote, at, venue)
    given = order.quote if order.side == "buy" else order.base
    dollars = min(order.dollars, float(account.held(given)) * account.rates[given] * _SELLABLE)
    lot = min(_KRAKEN_LOT, places_of(venue, order.base), lot_places(order.base, order.quote, venue))
    units = int(dollars / account.rates[given] / (float(price) if order.side == "buy" else 1.0) * 10**lot)
    if dollars < LEAST_ORDER or not units:
        return 0
    tick = Decimal(1).scaleb(-price_places(order.base, order.quote, venue))
    worse = tick if order.side == "buy" else -tick
    order_id, is_maker = _order_id(account), rng.random() < _MAKER_SHARE
    together = rng.random() < _MAKER_SHARE
    parts = _split(account, units)
    for step, part in enumerate(parts):
        quantity, level = Decimal(part).scaleb(-lot), price + worse * step
        cost = multiply(level, quantity)
        if venue == "kraken":
            cost = rounded(cost, places_of(venue, order.quote))
        moment = at if together else at + step * rng.randint(1, 700) * MILLISECOND
        _fill(account, moment, _Fill(order, order_id, level, quantity, cost, is_maker))
    return len(parts)


def _split(account: Account, units: int) -> Sequence[int]:
    parts = min(account.rng.choice(_PARTS), units)
    edges = sorted(account.rng.randint(0, units) for _ in range(parts - 1))
    sizes = [after - before for before, after in zip([0, *edges], [*edges, units], strict=True)]
    return [size for size in sizes if size]


def _order_id(account: Account) -> str:
    number = account.next_number("orders", 3, 9_000)
    if account.venue == "binance":
        return str(number)
    name = account.venue, "order", number
    return ids.dashed("O", account.seed, *name) if account.venue == "kraken" else ids.uuid(account.seed, *name)


def _trade_id(account: Account, order: Order) -> str:
    if account.venue == "binance":
        return str(account.next_number(f"trades/{order.base}/{order.quote}", 2, 40_000))
    name = account.venue, "trade", account.next_number("trades")
    return ids.dashed("T", account.seed, *name) if account.venue == "kraken" else ids.uuid(account.seed, *name)


def _fill(account: Account, at: int, fill: _Fill) -> Event:
    order = fill.order
    sign = 1 if order.side == "buy" else -1
    fee, fee_asset = _fee(account, fill)
    moves = (
        Move(SPOT, order.base, fill.quantity * sign),
        Move(SPOT, order.quote, -fill.cost * sign),
        Move(SPOT, fee_asset, -fee, is_fee=True),
    )
    return account.record(
        at,
        Kind.TRADE,
        _trade_id(account, order),
        moves,
        base=order.base,
        quantity=fill.quantity,
        quote=order.quote,
        cost=fill.cost,
        side=order.side,
        price=fill.price,
        fee=fee,
        fee_asset=fee_asset,
        order_id=fill.order_id,
        is_maker=fill.is_maker,
    )


def _fee(account: Account, fill: _Fill) -> tuple[Decimal, str]:
    """Return the fee and its asset; there is always enough of that asset left."""
    order, venue = fill.order, account.venue
    rate = _FEES[venue][0 if fill.is_maker else 1]
    if venue == "binance":
        dollars = float(fill.cost) * account.rates[order.quote]
        in_bnb = rounded(float(_BNB_RATE) * dollars / account.rates["bnb"], 8)
        if "bnb" not in {order.base, order.quote} and in_bnb <= account.held("bnb"):
            return in_bnb, "bnb"
        if order.side == "buy":
            return rounded(multiply(fill.quantity, rate), 8), order.base
        return rounded(multiply(fill.cost, rate), 8), order.quote
    if venue == "kraken" and order.side == "buy" and account.rng.random() < _BASE_FEE_SHARE:
        return rounded(multiply(fill.quantity, rate), places_of(venue, order.base)), order.base
    return rounded(multiply(fill.cost, rate), places_of(venue, order.quote)), order.quote


def convert(account: Account, at: int, given: str, taken: str, dollars: float) -> Event | None:
    """Swap one asset for another at the venue's own price; None where there is too little."""
    wanted = min(dollars / account.rates[given], float(account.held(given)) * _SELLABLE)
    quantity = account.cut(wanted, given)
    received = _received(account, at, given, taken, quantity)
    if not quantity or not received:
        return None
    moves = (Move(SPOT, given, -quantity), Move(SPOT, taken, received))
    name = account.next_number("converts", 11, 90_000)
    return account.record(
        at,
        Kind.CONVERT,
        _swap_id(account, "convert", name),
        moves,
        base=given,
        quantity=quantity,
        quote=taken,
        cost=received,
        price=rounded(received / quantity, 12),
        order_id=str(account.next_number("orders", 3, 9_000)),
        fee_asset=taken,
    )


def sweep(account: Account, at: int, taken: str) -> int:
    """Turn all small balances into one asset: one event each, of one group; return their number."""
    small = [
        asset
        for (place, asset), held in sorted(account.balances.items())
        if place == SPOT and asset not in {*CASH, taken} and 0 < float(held) * account.rates[asset] < DUST_DOLLARS
    ]
    group = str(account.next_number("sweeps", 11, 90_000))
    swept = 0
    for asset in small:
        quantity = account.held(asset)
        gross = _received(account, at, asset, taken, quantity)
        if not gross:
            continue
        fee = account.cut(multiply(gross, _SERVICE_FEE), taken) if account.venue == "binance" else ZERO
        moves = (
            Move(SPOT, asset, -quantity),
            Move(SPOT, taken, gross),
            Move(SPOT, taken, -fee, is_fee=True),
        )
        words = {"quote": taken, "cost": gross, "fee": fee, "fee_asset": taken, "group": group}
        native_id = _swap_id(account, "dust", account.next_number("dust", 1, 50))
        account.record(at, Kind.DUST, native_id, moves, base=asset, quantity=quantity, **words)
        swept += 1
    return swept


def _received(account: Account, at: int, given: str, taken: str, quantity: Decimal) -> Decimal:
    rate = account.market.rate(given, taken, at) if given != "usd" else 1 / account.market.rate(taken, "usd", at)
    return account.cut(float(quantity) * rate * _SPREADS[account.venue], taken)


def _swap_id(account: Account, word: str, number: int) -> str:
    if account.venue == "binance":
        return str(number)
    name = account.venue, word, number
    return ids.dashed("T", account.seed, *name) if account.venue == "kraken" else ids.uuid(account.seed, *name)
