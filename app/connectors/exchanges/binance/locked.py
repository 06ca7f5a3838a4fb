"""Binance's locked products as they are now: what lies in them, and on which day each is handed out.

What lies there is a balance like any other, of the same sub-place as flexible products, as in the venue's statements;
the day is told beside it. Shapes of these answers are from memory.
"""

from __future__ import annotations

from decimal import Decimal

from app.connectors.exchanges.base import Answer, Reader
from app.connectors.exchanges.beside import Side, amount, named, summed, unread
from app.connectors.exchanges.binance.calls import LOCKED
from app.connectors.exchanges.rows import Row, RowError
from app.core.clock import DAY
from app.core.errors import BadResponseError
from app.core.findings import Finding
from app.core.model.futures import Lock, Part, Told
from app.core.money import ZERO, add

_ROWS = 100
_LATEST = 73_000 * DAY
"""Some day in 2169: nothing is promised for later."""


async def locked(reader: Reader) -> Side:
    """Return all pages of locked positions, with the day of each.

    A position that may be redeemed early loses its interest then, so its day counts all the same.
    """
    answers: list[Answer] = []
    while True:
        answers.append(await reader.ask(LOCKED, {"current": len(answers) + 1, "size": _ROWS}))
        if len(answers[-1].data["rows"]) < _ROWS:
            break
    locks: list[Lock] = []
    findings: list[Finding] = []
    for row in (Row(raw) for answer in answers for raw in answer.data["rows"]):
        quantity = _quantity(row)
        if quantity:
            until, odd = _day(row, reader)
            locks.append(Lock(reader.asset(str(row.raw["asset"])), quantity, until))
            findings += odd
    return Side(Told(Part.LOCKED, (), summed(locks)), answers, findings)


def locked_balances(told: Told) -> dict[str, Decimal]:
    """Return what locked products hold, by asset."""
    found: dict[str, Decimal] = {}
    for one in told.locks:
        found[one.asset] = add(found.get(one.asset, ZERO), one.quantity)
    return found


def _quantity(row: Row) -> Decimal:
    try:
        return amount(row, "amount")
    except RowError as error:
        # A balance without one of its parts would be a wrong balance.
        message = f"Binance gives a locked position that cannot be read: {error}."
        raise BadResponseError(message, hint="The balances before stay. Try again later.") from error


def _day(row: Row, reader: Reader) -> tuple[int | None, list[Finding]]:
    """Return when a position is handed out; a day that is none is not known, and told."""
    if row.text("deliverDate", "0") == "0":
        return None, []
    try:
        until = row.milliseconds("deliverDate")
    except RowError as error:
        return None, [_odd(row, error, reader)]
    if until > _LATEST:
        return None, [_odd(row, RowError(f"its deliverDate {row.raw['deliverDate']} is beyond all days"), reader)]
    return until, []


def _odd(row: Row, error: RowError, reader: Reader) -> Finding:
    return unread(reader, "The day of the locked position", named(row.raw, "asset"), error)
