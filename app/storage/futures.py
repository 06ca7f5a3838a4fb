"""What is beside the ledger inside the records of balance readings: written as a source told it, read of the newest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from app.core.journal.bodies import read_decimal
from app.core.model.futures import PARTS, FuturesPosition, FuturesReading, Lock, MarginWallet, PairPrice, Part, Told
from app.storage.bodies import body
from app.storage.words import Words

FIELD = "beside"
_OLDER = "futures"
"""Where records of earlier versions keep the one wallet that was told then."""
_BACK = 100
"""So many readings are looked back through: an account that never had futures is no reason to read all of them."""

_LIQUIDATION = "liquidation"


def fields_of(beside: Sequence[Told]) -> Mapping[str, Any]:
    """Return the field of a record; none where the source has nothing of the kind."""
    return {FIELD: [_fields(one) for one in beside]} if beside else {}


def _fields(told: Told) -> Mapping[str, Any]:
    return {
        "is_read": told.is_read,
        "locks": [[one.asset, one.quantity, one.until, one.notice] for one in told.locks],
        "part": told.part.value,
        "wallets": [_wallet_fields(one) for one in told.wallets],
    }


def _wallet_fields(one: MarginWallet) -> Mapping[str, Any]:
    # What is not told has no field, so that a wallet without it is written as it always was.
    told, at = one.liquidation, {}
    if told is not None:
        at = {_LIQUIDATION: [told.base, told.quote, told.price]}
    return {
        "collateral": [[asset, quantity] for asset, quantity in one.collateral],
        "name": one.name,
        "owed": [[asset, quantity] for asset, quantity in one.owed],
        "positions": [_row(position) for position in one.positions],
        **at,
    }


def _row(one: FuturesPosition) -> list[Any]:
    return [one.symbol, one.asset, one.quantity, one.currency, one.entry, one.mark, one.margin, one.liquidation]


def newest(connection: Any, words: Words, book: int, accounts: tuple[str, list[int]]) -> list[FuturesReading]:
    """Return each part of each account as it was told last; none where no reading of late told of one."""
    rows = connection.execute(
        f"SELECT account, at, n FROM balance_readings WHERE book = ?{accounts[0]} ORDER BY account, at DESC, n DESC",  # noqa: S608
        (book, *accounts[1]),
    ).fetchall()
    names = words.words()
    return [
        one
        for account, part in groupby(rows, key=itemgetter(0))
        for one in _told_last(connection, names[account], part)
    ]


def _told_last(connection: Any, account: str, rows: Iterable[tuple[int, int, int]]) -> list[FuturesReading]:
    """Return what the newest reading told, and of what it was silent about the last that is known."""
    found: dict[Part, FuturesReading] = {}
    silent: set[Part] | None = None
    """Parts that the newest reading did not tell; None while it is not known of which it should have."""
    for back, (_, at, n) in enumerate(islice(rows, _BACK)):
        told = _told(body(connection, n) or {})
        for one in told:
            known = found.get(one.part)
            if known is None or (one.is_read and not known.told.is_read):
                found[one.part] = FuturesReading(account, at, one, is_current=one.is_read and not back)
        if not back and told:
            silent = {one.part for one in told}
        if silent is not None and all(found[part].told.is_read for part in silent):
            break
    return [found[part] for part in Part if part in found]


def _told(fields: Mapping[str, Any]) -> list[Told]:
    if _OLDER in fields:
        older = fields[_OLDER]
        return [Told(Part.FUTURES, (_wallet({**older, "owed": [], "name": ""}),))]
    # A part that only a later version knows is left to it.
    return [
        Told(
            PARTS[one["part"]],
            tuple(map(_wallet, one["wallets"])),
            tuple(Lock(asset, read_decimal(quantity), *days) for asset, quantity, *days in one["locks"]),
            one["is_read"],
        )
        for one in fields.get(FIELD, ())
        if one["part"] in PARTS
    ]


def _wallet(told: Mapping[str, Any]) -> MarginWallet:
    at = told.get(_LIQUIDATION)
    return MarginWallet(
        tuple((asset, read_decimal(quantity)) for asset, quantity in told["collateral"]),
        tuple(_position(*one) for one in told["positions"]),
        tuple((asset, read_decimal(quantity)) for asset, quantity in told["owed"]),
        told["name"],
        None if at is None else PairPrice(at[0], at[1], read_decimal(at[2])),
    )


def _position(symbol: str, asset: str, quantity: Any, currency: str, *figures: Any) -> FuturesPosition:
    entry, mark, margin, liquidation = figures
    return FuturesPosition(
        symbol,
        asset,
        read_decimal(quantity),
        currency,
        read_decimal(entry),
        None if mark is None else read_decimal(mark),
        read_decimal(margin),
        None if liquidation is None else read_decimal(liquidation),
    )
