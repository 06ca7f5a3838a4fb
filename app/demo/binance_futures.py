"""The futures wallet of the simulated Binance: a hedge of part of the bitcoin that is held, and solana on margin.

What answers for it was brought from outside the demo's history, as the venue tells no history of it here.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from app.core.clock import DAY
from app.core.money import ZERO, add, multiply, plain
from app.demo import binance_wire as wire
from app.demo.binance_wire import Row, eight
from app.demo.instruments import symbol
from app.demo.market import START_NS, Market

_QUARTER = 91 * DAY
_MARGIN_COIN = "tether"
_WALLET = Decimal(20_000)


@dataclass(frozen=True, slots=True)
class _Held:
    """A position that this person opens anew each quarter."""

    asset: str
    quantity: Decimal
    leverage: int


_POSITIONS = (_Held("bitcoin", Decimal("-0.4"), 5), _Held("solana", Decimal(40), 4))


def account(market: Market, now_ns: int) -> Row:
    """Return /fapi/v2/account: a wallet in one coin, cross margin, one position a contract."""
    opened = START_NS + (now_ns - START_NS) // _QUARTER * _QUARTER
    rows = [_position(market, one, opened, now_ns) for one in _POSITIONS]
    gain = eight(add(*(Decimal(row["unrealizedProfit"]) for row in rows)))
    initial = eight(add(*(Decimal(row["initialMargin"]) for row in rows)))
    maintained = eight(add(*(Decimal(row["maintMargin"]) for row in rows)))
    equity = add(_WALLET, Decimal(gain))
    free = eight(max(add(equity, Decimal(initial).copy_negate()), ZERO))
    shared = {"availableBalance": free, "maxWithdrawAmount": free}
    return {
        "feeTier": 0,
        "canTrade": True,
        "canDeposit": True,
        "canWithdraw": True,
        "updateTime": 0,
        "multiAssetsMargin": False,
        "tradeGroupId": -1,
        "totalInitialMargin": initial,
        "totalMaintMargin": maintained,
        "totalWalletBalance": eight(_WALLET),
        "totalUnrealizedProfit": gain,
        "totalMarginBalance": eight(equity),
        "totalPositionInitialMargin": initial,
        "totalOpenOrderInitialMargin": eight(ZERO),
        "totalCrossWalletBalance": eight(_WALLET),
        "totalCrossUnPnl": gain,
        **shared,
        "assets": [_asset(gain, initial, maintained, opened) | {"marginBalance": eight(equity)} | shared],
        "positions": rows,
    }


def _asset(gain: str, initial: str, maintained: str, opened: int) -> Row:
    return {
        "asset": symbol(_MARGIN_COIN),
        "walletBalance": eight(_WALLET),
        "unrealizedProfit": gain,
        "maintMargin": maintained,
        "initialMargin": initial,
        "positionInitialMargin": initial,
        "openOrderInitialMargin": eight(ZERO),
        "crossWalletBalance": eight(_WALLET),
        "crossUnPnl": gain,
        "marginAvailable": True,
        "updateTime": wire.milliseconds(opened),
    }


def _position(market: Market, held: _Held, opened: int, now_ns: int) -> Row:
    entry, mark = (market.price(held.asset, _MARGIN_COIN, at, "binance") for at in (opened, now_ns))
    gain = multiply(held.quantity, add(mark, entry.copy_negate()))
    notional = multiply(held.quantity.copy_abs(), mark)
    initial = eight(notional / held.leverage)
    return {
        "symbol": wire.pair_id(held.asset, _MARGIN_COIN),
        "initialMargin": initial,
        "maintMargin": eight(notional / 200),
        "unrealizedProfit": eight(gain),
        "positionInitialMargin": initial,
        "openOrderInitialMargin": "0",
        "leverage": str(held.leverage),
        "isolated": False,
        "entryPrice": plain(entry),
        "maxNotional": "5000000",
        "bidNotional": "0",
        "askNotional": "0",
        "positionSide": "BOTH",
        "positionAmt": plain(held.quantity),
        "updateTime": wire.milliseconds(opened),
    }
