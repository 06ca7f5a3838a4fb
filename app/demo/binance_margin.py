"""The cross margin wallet of the simulated Binance: ether bought with a loan in dollars, and bitcoin that answers.

The loan is taken anew each quarter, with twice its worth beside it. What answers for it was brought from outside the
demo's history, as the venue tells no history of it here.
"""

from __future__ import annotations

from decimal import Decimal

from app.core.clock import DAY
from app.core.money import ZERO, add, multiply
from app.demo.binance_wire import Row, eight
from app.demo.instruments import symbol
from app.demo.market import START_NS, Market

_QUARTER = 91 * DAY
_LENT = "tether"
_LOAN = Decimal(60_000)
_DAILY = Decimal("0.00018")
"""Interest a day; it is paid at the end of each quarter."""
_BOUGHT = {"bitcoin": Decimal(58_000), "ethereum": _LOAN, _LENT: Decimal(2_000)}
"""Dollars' worth of each at the beginning of a quarter."""
_PLACES = Decimal("1e-4")


def account(market: Market, now_ns: int) -> Row:
    """Return /sapi/v1/margin/account: every coin that is held or owed."""
    opened = now_ns - (now_ns - START_NS) % _QUARTER
    interest = multiply(_LOAN, multiply(_DAILY, Decimal((now_ns - opened) // DAY)))
    lying = {asset: (dollars / _price(market, asset, opened)).quantize(_PLACES) for asset, dollars in _BOUGHT.items()}
    rows = [_row(asset, held, interest if asset == _LENT else None) for asset, held in lying.items()]
    bitcoin = market.price("bitcoin", _LENT, now_ns, "binance")
    worth = add(*(multiply(held, _price(market, asset, now_ns)) for asset, held in lying.items()))
    owed = add(_LOAN, interest)
    return {
        "created": True,
        "borrowEnabled": True,
        "marginLevel": eight(worth / owed),
        "collateralMarginLevel": eight(worth / owed),
        "totalAssetOfBtc": eight(worth / bitcoin),
        "totalLiabilityOfBtc": eight(owed / bitcoin),
        "totalNetAssetOfBtc": eight((worth - owed) / bitcoin),
        "totalCollateralValueInUSDT": eight(worth),
        "totalOpenOrderLossInUSDT": eight(ZERO),
        "tradeEnabled": True,
        "transferInEnabled": True,
        "transferOutEnabled": True,
        "accountType": "MARGIN_1",
        "userAssets": rows,
    }


def _price(market: Market, asset: str, now_ns: int) -> Decimal:
    return Decimal(1) if asset == _LENT else market.price(asset, _LENT, now_ns, "binance")


def _row(asset: str, held: Decimal, interest: Decimal | None) -> Row:
    loan, due = (ZERO, ZERO) if interest is None else (_LOAN, interest)
    return {
        "asset": symbol(asset),
        "borrowed": eight(loan),
        "free": eight(held),
        "interest": eight(due),
        "locked": eight(ZERO),
        "netAsset": eight(add(held, -loan, -due)),
    }
