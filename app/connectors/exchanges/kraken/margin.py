"""Kraken's positions on margin as they are now: the spot wallet answers for them, and the ledger has none yet."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.connectors.exchanges.base import Reader
from app.connectors.exchanges.beside import Side
from app.connectors.exchanges.kraken.calls import OPEN_POSITIONS
from app.connectors.exchanges.rows import Row, RowError, quarantined
from app.core.findings import Finding
from app.core.model.futures import FuturesPosition, MarginWallet, Part, Told
from app.core.money import SHARES, ZERO, add

_PLACES = Decimal("1e-12")
_SIDES = {"buy": Decimal(1), "sell": Decimal(-1)}

Pair = tuple[str, str]


async def positions(reader: Reader) -> Side:
    """Return what is open on margin."""
    answer = await reader.ask(OPEN_POSITIONS, {"docalcs": "true"})
    rows: Mapping[str, Any] = answer.data["result"] or {}
    # Markets are a large answer: whoever trades without margin never needs them here.
    pairs = await _pairs(reader) if rows else {}
    found: list[FuturesPosition] = []
    findings: list[Finding] = []
    for index, (name, raw) in enumerate(rows.items()):
        try:
            position = _position(Row(raw), pairs, reader)
        except RowError as error:
            findings.append(quarantined(reader, "positions", index, {"id": name, "row": raw}, str(error)))
            continue
        if position is not None:
            found.append(position)
    told = (MarginWallet(positions=tuple(found)),) if found else ()
    return Side(Told(Part.POSITIONS, told), (answer,), findings)


async def _pairs(reader: Reader) -> Mapping[str, Pair]:
    """Return Kraken's own ids of base and quote by every name of a pair."""
    found: dict[str, Pair] = {}
    for market in (await reader.markets()).values():
        told = market["info"]
        for name in (market["id"], told.get("altname")):
            if name:
                found[str(name)] = str(told["base"]), str(told["quote"])
    return found


def _position(row: Row, pairs: Mapping[str, Pair], reader: Reader) -> FuturesPosition | None:
    pair, side = row.text("pair"), row.text("type")
    if pair not in pairs:
        raise RowError(f"its pair {pair!r} is unknown")
    if side not in _SIDES:
        raise RowError(f"its type {side!r} is unknown")
    whole = row.positive("vol")
    left = add(whole, row.quantity("vol_closed", ZERO).copy_negate())
    if not left:
        return None
    base, quote = pairs[pair]
    value = row.quantity("value", ZERO)
    return FuturesPosition(
        symbol=pair,
        asset=reader.asset(base),
        quantity=SHARES.multiply(_SIDES[side], left),
        currency=reader.asset(quote),
        entry=_each(row.positive("cost"), whole),
        mark=_each(value, left) if value > 0 else None,
    )


def _each(amount: Decimal, quantity: Decimal) -> Decimal:
    return SHARES.divide(amount, quantity).quantize(_PLACES)
