"""Binance's margin wallets as they are now: what lies in them, and what was borrowed with its interest.

The history of loans, interest and transfers from and to spot is not read: the wallets are told beside the books,
never in them. The shape of both answers, and that a key which only reads may ask for them, is from memory.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from app.connectors.exchanges.base import Reader
from app.connectors.exchanges.beside import Side, amount, wallet_of
from app.connectors.exchanges.binance.calls import ISOLATED, MARGIN
from app.connectors.exchanges.rows import Row, RowError
from app.core.errors import BadResponseError
from app.core.model.futures import MarginWallet, PairPrice, Part, Told
from app.core.money import ZERO, add

_HELD, _OWED = ("free", "locked"), ("borrowed", "interest")


async def cross(reader: Reader) -> Side:
    """Return the wallet that answers for all loans but those of isolated pairs."""
    answer = await reader.ask(MARGIN)
    wallet = _wallet(answer.data["userAssets"], reader, "")
    return Side(Told(Part.MARGIN, () if wallet.is_empty else (wallet,)), (answer,))


async def isolated(reader: Reader) -> Side:
    """Return the wallets of isolated pairs, each for itself."""
    answer = await reader.ask(ISOLATED)
    wallets = [_pair(raw, reader) for raw in answer.data["assets"]]
    told = sorted((one for one in wallets if not one.is_empty), key=lambda one: one.name)
    return Side(Told(Part.ISOLATED, tuple(told)), (answer,))


def _pair(raw: Any, reader: Reader) -> MarginWallet:
    """Return the wallet of a pair; a price of nothing is told where it owes nothing, and where none is known."""
    found = _wallet((raw["baseAsset"], raw["quoteAsset"]), reader, str(raw["symbol"]))
    try:
        price = amount(Row(raw), "liquidatePrice") if found.owed and "liquidatePrice" in raw else ZERO
    except RowError as error:
        raise _unreadable(error) from error
    base, quote = (reader.asset(str(raw[side]["asset"])) for side in ("baseAsset", "quoteAsset"))
    return replace(found, liquidation=PairPrice(base, quote, price)) if price else found


def _wallet(rows: Any, reader: Reader, name: str) -> MarginWallet:
    collateral, owed = dict[str, Decimal](), dict[str, Decimal]()
    for raw in rows:
        held, debt = _sums(raw)
        asset = reader.asset(str(raw["asset"]))
        collateral[asset] = add(collateral.get(asset, ZERO), held)
        owed[asset] = add(owed.get(asset, ZERO), debt)
    return wallet_of(collateral, owed, name)


def _sums(raw: Any) -> tuple[Decimal, Decimal]:
    """Return what a wallet has of an asset and what it owes; a wallet that tells one row wrongly is not believed."""
    try:
        row = Row(raw)
        held, debt = (add(*(amount(row, key) for key in keys)) for keys in (_HELD, _OWED))
    except RowError as error:
        raise _unreadable(error) from error
    return held, debt


def _unreadable(error: RowError) -> BadResponseError:
    message = f"Binance gives a margin wallet that cannot be read: {error}."
    return BadResponseError(message, hint="What was told before stands. Try again later.")
