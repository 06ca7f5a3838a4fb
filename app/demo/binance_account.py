"""What the simulated Binance says of the account and its key, and which coins it knows."""

from __future__ import annotations

from decimal import Decimal

from app.core.money import ZERO, plain
from app.demo import binance_wire as wire
from app.demo.binance_access import BinanceKey
from app.demo.binance_books import SPOT, BinanceBooks
from app.demo.binance_history import Asked, page_of
from app.demo.binance_wire import DAY_MS, Row, eight
from app.demo.instruments import INSTRUMENTS
from app.demo.market import START_NS
from app.demo.transfers import NETWORKS

UID = 354_937_868
_NAMES = {"BTC": "Bitcoin", "ETH": "Ethereum", "USDT": "TetherUS", "USDC": "USD Coin", "EUR": "Euro"}
_LENT = "LD"
"""What lies in flexible products is listed in the spot account under the coin's name with this before it."""


def account(books: BinanceBooks, key: BinanceKey, asked: Asked) -> Row:
    """Return /api/v3/account: every coin, and what is lent out as LDUSDT and the like."""
    spot, earn = books.held(SPOT), books.flexible()
    balances = [(row.symbol, spot.get(row.asset, ZERO)) for row in INSTRUMENTS]
    balances += [(_LENT + row.symbol, earn[row.asset]) for row in INSTRUMENTS if row.asset in earn]
    if asked.get("omitZeroBalances", "") == "true":
        balances = [(name, held) for name, held in balances if held]
    return {
        "makerCommission": 10,
        "takerCommission": 10,
        "buyerCommission": 0,
        "sellerCommission": 0,
        "commissionRates": {
            "maker": "0.00100000",
            "taker": "0.00100000",
            "buyer": "0.00000000",
            "seller": "0.00000000",
        },
        "canTrade": True,
        "canWithdraw": True,
        "canDeposit": True,
        "brokered": False,
        "requireSelfTradePrevention": False,
        "preventSor": False,
        "updateTime": books.updated_ms,
        "accountType": "SPOT",
        "balances": [{"asset": name, "free": eight(held), "locked": eight(ZERO)} for name, held in balances],
        "permissions": ["SPOT"] if key.may_trade else ["TRD_GRP_002"],
        "uid": UID,
    }


def restrictions(key: BinanceKey) -> Row:
    """Return /sapi/v1/account/apiRestrictions: what the key may do."""
    return {
        "ipRestrict": key.may_withdraw,
        "createTime": wire.milliseconds(START_NS),
        "enableReading": True,
        "enableWithdrawals": key.may_withdraw,
        "enableInternalTransfer": False,
        "enableMargin": False,
        "enableFutures": False,
        "permitsUniversalTransfer": False,
        "enableVanillaOptions": False,
        "enableFixApiTrade": False,
        "enableFixReadOnly": False,
        "enableSpotAndMarginTrading": key.may_trade,
        "enablePortfolioMarginTrading": False,
    }


def user_assets(books: BinanceBooks, asked: Asked) -> list[Row]:
    """Return POST /sapi/v3/asset/getUserAsset: what is held in spot, and nothing that is not."""
    named = asked.get("asset", "")
    spot = books.held(SPOT)
    return [
        {
            "asset": row.symbol,
            "free": plain(spot[row.asset]),
            "locked": "0",
            "freeze": "0",
            "withdrawing": "0",
            "ipoable": "0",
            "btcValuation": "0",
        }
        for row in INSTRUMENTS
        if spot.get(row.asset, ZERO) > 0 and named in {"", row.symbol}
    ]


def positions(books: BinanceBooks, asked: Asked, now_ms: int) -> Row:
    """Return /sapi/v1/simple-earn/flexible/position."""
    rows = [
        wire.position_row(
            asset,
            held,
            books.rewards.get(asset, ZERO),
            books.rewards_between(asset, now_ms - DAY_MS, now_ms),
        )
        for asset, held in sorted(books.flexible().items())
    ]
    return _page(rows, asked)


def locked_positions(books: BinanceBooks, asked: Asked, now_ms: int) -> Row:
    """Return /sapi/v1/simple-earn/locked/position: one row a term, which renews itself on its last day."""
    rows = [
        wire.locked_row(asset, term.number, term.quantity, wire.milliseconds(term.at), now_ms)
        for asset, terms in sorted(books.terms.items())
        for term in terms
    ]
    return _page(rows, asked)


def _page(rows: list[Row], asked: Asked) -> Row:
    named = asked.get("asset", "")
    found = [row for row in rows if named in {"", row["asset"]}]
    start, size = page_of(asked)
    return {"rows": found[start : start + size], "total": len(found)}


def coins(books: BinanceBooks) -> list[Row]:
    """Return /sapi/v1/capital/config/getall: every coin with its networks."""
    spot = books.held(SPOT)
    return [
        {
            "coin": row.symbol,
            "depositAllEnable": True,
            "withdrawAllEnable": True,
            "name": _NAMES.get(row.symbol, row.asset.replace("-", " ").title()),
            "free": plain(spot.get(row.asset, ZERO)),
            "locked": "0",
            "freeze": "0",
            "withdrawing": "0",
            "ipoing": "0",
            "ipoable": "0",
            "storage": "0",
            "isLegalMoney": row.asset == "eur",
            "trading": row.asset != "eur",
            "networkList": _networks(row.asset, row.symbol),
        }
        for row in INSTRUMENTS
    ]


def _networks(asset: str, coin: str) -> list[Row]:
    network = NETWORKS.get(asset)
    if network is None:
        return []
    return [
        {
            "network": network.name,
            "coin": coin,
            "withdrawIntegerMultiple": "0.00000001",
            "isDefault": True,
            "depositEnable": True,
            "withdrawEnable": True,
            "depositDesc": "",
            "withdrawDesc": "",
            "specialTips": "",
            "specialWithdrawTips": "",
            "name": network.name,
            "resetAddressStatus": False,
            "addressRegex": "",
            "memoRegex": "",
            "withdrawFee": plain(network.fee),
            "withdrawMin": plain(network.fee * Decimal(2)),
            "withdrawMax": "9999999",
            "withdrawInternalMin": "0.00000001",
            "depositDust": "0",
            "minConfirm": 1,
            "unLockConfirm": 0,
            "sameAddress": False,
            "estimatedArrivalTime": network.minutes[1],
            "busy": False,
            "contractAddressUrl": "",
            "contractAddress": "",
        }
    ]
