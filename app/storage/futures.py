"""Futures wallets inside the records of balance readings: written where a source told them, read of the newest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.core.journal.bodies import read_decimal
from app.core.model.futures import FuturesPosition, FuturesReading, FuturesWallet
from app.storage.bodies import bodies
from app.storage.words import Words

FIELD = "futures"


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
    """Return the wallets that the newest reading of each account tells."""
    rows = connection.execute(
        f"SELECT account, at, n FROM balance_readings WHERE book = ?{accounts[0]} ORDER BY at, n",  # noqa: S608
        (book, *accounts[1]),
    ).fetchall()
    last = {account: (at, n) for account, at, n in rows}
    known, names = bodies(connection, [n for _, n in last.values()]), words.words()
    return [
        FuturesReading(names[account], at, _wallet(known[n][FIELD]))
        for account, (at, n) in last.items()
        if FIELD in known.get(n, {})
    ]


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
