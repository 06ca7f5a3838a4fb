"""What Binance says that the spot wallet and flexible products hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from app.connectors.exchanges.base import Answer, Reader
from app.connectors.exchanges.binance.calls import POSITIONS
from app.connectors.exchanges.rows import Row, RowError
from app.core.errors import BadResponseError
from app.core.money import ZERO, add

_ROWS = 100
_LENT = "LD"
_UNMAPPED = "binance:"


async def flexible_positions(reader: Reader) -> list[Answer]:
    """Return all pages of what lies in flexible products."""
    answers: list[Answer] = []
    while True:
        answers.append(await reader.ask(POSITIONS, {"current": len(answers) + 1, "size": _ROWS}))
        if len(answers[-1].data["rows"]) < _ROWS:
            return answers


def spot_balances(account: Answer, reader: Reader) -> dict[str, Decimal]:
    """Return what the spot wallet holds, free and locked, by asset; what is lent out is told by the positions."""
    found: dict[str, Decimal] = {}
    for raw in account.data["balances"]:
        quantity = add(*_numbers(raw, "free", "locked"))
        if quantity and not _is_lent(str(raw["asset"]), reader):
            asset = reader.asset(raw["asset"])
            found[asset] = add(found.get(asset, ZERO), quantity)
    return found


def earn_balances(positions: Sequence[Answer], reader: Reader) -> dict[str, Decimal]:
    """Return what flexible products hold, by asset."""
    found: dict[str, Decimal] = {}
    for raw in (raw for answer in positions for raw in answer.data["rows"]):
        (quantity,) = _numbers(raw, "totalAmount")
        if quantity:
            asset = reader.asset(raw["asset"])
            found[asset] = add(found.get(asset, ZERO), quantity)
    return found


def merged(*places: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Return balances added up."""
    found: dict[str, Decimal] = {}
    for asset, quantity in (row for place in places for row in place.items()):
        found[asset] = add(found.get(asset, ZERO), quantity)
    return found


def _is_lent(coin: str, reader: Reader) -> bool:
    """Tell whether this is a receipt for a flexible product, as "LDUSDT" is for USDT."""
    is_unknown = coin.startswith(_LENT) and reader.asset(coin).startswith(_UNMAPPED)
    return is_unknown and not reader.asset(coin[len(_LENT) :]).startswith(_UNMAPPED)


def _numbers(raw: Any, *keys: str) -> list[Decimal]:
    try:
        numbers = [Row(raw).quantity(key) for key in keys]
    except RowError as error:
        message = f"Binance gives a balance that cannot be read: {error}."
        raise BadResponseError(message, hint="The balances before stay. Try again later.") from error
    if any(number < 0 for number in numbers):
        message = f"Binance gives a balance below zero: {raw.get('asset')}."
        raise BadResponseError(message, hint="The balances before stay. Try again later.")
    return numbers
