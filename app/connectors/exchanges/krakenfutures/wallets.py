"""Kraken Futures' wallets and positions as they are now.

Positions of the multi-collateral wallet (PF_, FF_) are in units of their base. Those of single-collateral wallets
(PI_, FI_) are in dollars and pay in their base: size ÷ entry units gain and lose just as many dollars at any price.
Shape of positions: recorded; of accounts, and what the letters of a symbol mean, from memory and from ccxt.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from app.connectors.exchanges.base import Reader
from app.connectors.exchanges.beside import Side, named, sane, unread, wallet_of
from app.connectors.exchanges.krakenfutures.calls import ACCOUNTS, POSITIONS
from app.connectors.exchanges.rows import Row, RowError
from app.core.errors import BadResponseError
from app.core.findings import Finding
from app.core.model.futures import FuturesPosition, MarginWallet, Part, Told
from app.core.money import SHARES, ZERO, add, multiply

_REGISTERED = "kraken"
"""Assets have the names here that they have at Kraken."""
_SYMBOL = re.compile(r"(?P<kind>PI|FI|PF|FF)_(?P<base>[A-Z0-9]+?)(?P<quote>USD)(?:_\d{6})?")
_INVERSE = ("PI", "FI")
_SIDES = {"long": Decimal(1), "short": Decimal(-1)}
_PLACES = Decimal("1e-18")
_FLEX = "flex"
_READERS: Mapping[str, Callable[[Row], Mapping[str, Any]]] = {
    "cashAccount": lambda row: row.child("balances").raw,
    "marginAccount": lambda row: {
        name: quantity for name, quantity in row.child("balances").raw.items() if name == row.text("currency")
    },
    "multiCollateralMarginAccount": lambda row: {
        name: Row(one).raw.get("quantity") for name, one in row.child("currencies").raw.items()
    },
}


async def wallets(reader: Reader) -> Side:
    """Return the wallets, each with the positions that it answers for."""
    accounts, opened = await reader.ask(ACCOUNTS), await reader.ask(POSITIONS)
    told = accounts.data["accounts"]
    found = {name: _wallet(name, raw, reader) for name, raw in told.items() if raw["type"] in _READERS}
    odd = {name: RowError(f"its type {told[name]['type']!r} is unknown") for name in told if name not in found}
    findings: list[Finding] = [unread(reader, "The wallet", name, error) for name, error in odd.items()]
    for raw in opened.data["openPositions"]:
        try:
            name, position = _position(Row(raw), reader)
        except RowError as error:
            findings.append(unread(reader, "The futures position", named(raw, "symbol"), error))
            continue
        wallet = found.get(name, MarginWallet(name=name))
        found[name] = replace(wallet, positions=(*wallet.positions, position))
    filled = tuple(found[name] for name in sorted(found) if not found[name].is_empty)
    return Side(Told(Part.FUTURES, filled), (accounts, opened), findings)


def _wallet(name: str, raw: Any, reader: Reader) -> MarginWallet:
    """Return what lies in a wallet; one that tells a figure wrongly is not believed."""
    sums: dict[str, Decimal] = {}
    try:
        row = Row(_READERS[raw["type"]](Row(raw)))
        for native in row.raw:
            quantity = sane(row.quantity(native), native)
            asset = _asset(native, reader)
            sums[asset] = add(sums.get(asset, ZERO), quantity)
    except RowError as error:
        message = f"Kraken Futures gives a wallet that cannot be read, {name}: {error}."
        raise BadResponseError(message, hint="What was told before stands. Try again later.") from error
    return wallet_of(sums, None, name)


def _position(row: Row, reader: Reader) -> tuple[str, FuturesPosition]:
    """Return the name of the wallet that answers for a position, and the position."""
    symbol, side = row.text("symbol").upper(), row.text("side")
    told = _SYMBOL.fullmatch(symbol)
    if told is None:
        raise RowError(f"its symbol {symbol!r} names no contract that is known")
    if side not in _SIDES:
        raise RowError(f"its side {side!r} is unknown")
    entry, size = sane(row.positive("price"), "price"), sane(row.positive("size"), "size")
    is_inverse = told["kind"] in _INVERSE
    units = SHARES.divide(size, entry).quantize(_PLACES) if is_inverse else size
    wallet = f"fi_{told['base']}{told['quote']}".lower() if is_inverse else _FLEX
    return wallet, FuturesPosition(
        symbol=symbol,
        asset=_asset(told["base"], reader),
        quantity=multiply(_SIDES[side], units),
        currency=_asset(told["quote"], reader),
        entry=entry,
    )


def _asset(native: str, reader: Reader) -> str:
    return reader.assets.resolve(_REGISTERED, native.upper()).asset_id
