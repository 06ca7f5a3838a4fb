"""Binance's USD-M futures: the wallet that answers for positions, and the positions, as they are now.

Their history (fills, funding, transfers from and to spot) is not read: the wallet is told beside the books, never in
them. Shape of the answer: recorded; that a key which only reads may ask for it is from memory.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from app.connectors.exchanges.base import Reader
from app.connectors.exchanges.beside import Side, named, unread, wallet_of
from app.connectors.exchanges.binance.calls import FUTURES
from app.connectors.exchanges.rows import Row, RowError
from app.core.errors import BadResponseError
from app.core.model.futures import FuturesPosition, Part, Told
from app.core.money import SHARES, ZERO, add, multiply, plain

_SYMBOL = re.compile(r"(?P<base>.+?)(?P<quote>USDT|USDC|FDUSD|BUSD|USD1)(?:_\d{6})?")
_MANY = re.compile(r"(?P<many>10{3,6})(?P<base>[A-Z].*)")
"""Contracts on a thousand or a million of a coin that is worth little, such as 1000PEPE."""
_PRICE_PLACES = 12
_UNMAPPED = "binance:"


async def futures(reader: Reader) -> Side:
    """Return the wallet that answers for all positions but isolated ones."""
    answer = await reader.ask(FUTURES)
    collateral: dict[str, Decimal] = {}
    for raw in answer.data["assets"]:
        quantity = _collateral(raw)
        if quantity:
            asset = reader.asset(str(raw["asset"]))
            collateral[asset] = add(collateral.get(asset, ZERO), quantity)
    positions, findings = [], []
    for raw in answer.data["positions"]:
        try:
            found = _position(Row(raw), reader)
        except RowError as error:
            findings.append(unread(reader, "The futures position", named(raw, "symbol"), error))
            continue
        if found is not None:
            positions.append(found)
    wallet = replace(wallet_of(collateral), positions=tuple(positions))
    return Side(Told(Part.FUTURES, () if wallet.is_empty else (wallet,)), (answer,), findings)


def _collateral(raw: Mapping[str, Any]) -> Decimal:
    try:
        # What answers for an isolated position alone is told with it.
        return Row(raw).quantity("crossWalletBalance", Row(raw).quantity("walletBalance"))
    except RowError as error:
        message = f"Binance gives a futures wallet that cannot be read: {error}."
        raise BadResponseError(message, hint="The balances before stay. Try again later.") from error


def _position(row: Row, reader: Reader) -> FuturesPosition | None:
    quantity = row.quantity("positionAmt")
    if not quantity:
        return None
    symbol = row.text("symbol")
    told = _SYMBOL.fullmatch(symbol)
    if told is None:
        raise RowError(f"its symbol {symbol!r} names no pair")
    entry, gain = row.positive("entryPrice"), row.quantity("unrealizedProfit")
    asset, many = _underlying(told["base"], reader.asset)
    mark = add(entry, SHARES.divide(gain, quantity).quantize(Decimal(1).scaleb(-_PRICE_PLACES)))
    is_isolated = row.flag("isolated")
    return FuturesPosition(
        symbol=symbol,
        asset=asset,
        quantity=multiply(quantity, many),
        currency=reader.asset(told["quote"]),
        entry=_each(entry, many),
        mark=_each(mark, many) if mark > 0 else None,
        margin=row.quantity("isolatedWallet", row.quantity("positionInitialMargin", ZERO)) if is_isolated else ZERO,
    )


def _underlying(base: str, asset: Callable[[str], str]) -> tuple[str, Decimal]:
    """Return the asset of a contract, and how many of it one contract is about."""
    found, many = asset(base), _MANY.fullmatch(base)
    if many is None or not found.startswith(_UNMAPPED):
        return found, Decimal(1)
    return asset(many["base"]), Decimal(many["many"])


def pair_of(symbol: str, asset: Callable[[str], str]) -> tuple[str, str] | None:
    """Return the assets of a contract on single units of one, and of its prices; None for any other."""
    told = _SYMBOL.fullmatch(symbol)
    if told is None:
        return None
    base, many = _underlying(told["base"], asset)
    return (base, asset(told["quote"])) if many == 1 else None


def _each(price: Decimal, many: Decimal) -> Decimal:
    """Return the price of one unit; a power of ten moves the point and rounds nothing."""
    return price.scaleb(-(len(plain(many)) - 1))
