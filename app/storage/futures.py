"""Futures wallets inside the records of balance readings: written where a source told them, read of the newest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from app.core.journal.bodies import read_decimal
from app.core.model.futures import FuturesPosition, FuturesReading, FuturesWallet
from app.storage.bodies import body
from app.storage.words import Words

FIELD = "futures"
_BACK = 100
"""So many readings are looked back through: an account that never had futures is no reason to read all of them."""


def fields_of(wallet: FuturesWallet | None) -> Mapping[str, Any]:
    """Return the field of a record; none where the source told nothing of futures."""
    if wallet is None:
        return {}
    told = [
        [one.symbol, one.asset, one.quantity, one.currency, one.entry, one.mark, one.margin, one.liquidation]
        for one in wallet.positions
    ]
    return {FIELD: {"collateral": [[asset, quantity] for asset, quantity in wallet.collateral], "positions": told}}


def newest(connection: Any, words: Words, book: int, accounts: tuple[str, list[int]]) -> list[FuturesReading]:
    """Return the wallet of each account as it was told last; none where no reading of late told of one."""
    rows = connection.execute(
        f"SELECT account, at, n FROM balance_readings WHERE book = ?{accounts[0]} ORDER BY account, at DESC, n DESC",  # noqa: S608
        (book, *accounts[1]),
    ).fetchall()
    names = words.words()
    found = (_told_last(connection, names[account], part) for account, part in groupby(rows, key=itemgetter(0)))
    return [one for one in found if one is not None]


def _told_last(connection: Any, account: str, rows: Iterable[tuple[int, int, int]]) -> FuturesReading | None:
    for back, (_, at, n) in enumerate(islice(rows, _BACK)):
        told = (body(connection, n) or {}).get(FIELD)
        if told is not None:
            return FuturesReading(account, at, _wallet(told), is_current=not back)
    return None


def _wallet(told: Mapping[str, Any]) -> FuturesWallet:
    return FuturesWallet(
        tuple((asset, read_decimal(quantity)) for asset, quantity in told["collateral"]),
        tuple(_position(*one) for one in told["positions"]),
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
