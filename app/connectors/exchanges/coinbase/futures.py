"""Coinbase's US futures (CFM) as they are now: the cash that answers for contracts, and the contracts.

Their history is not read, nor are perpetuals of Coinbase International. Shape of positions: recorded; those of the
balance and of a contract's product, and that the right View is enough for all three, are from memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from app.connectors.exchanges.base import Answer, Reader
from app.connectors.exchanges.beside import Side, named, sane, unread, wallet_of
from app.connectors.exchanges.coinbase.calls import CFM_BALANCE, CFM_POSITIONS, PRODUCT
from app.connectors.exchanges.rows import Row, RowError
from app.core.errors import BadResponseError, SourceError
from app.core.findings import Finding
from app.core.model.futures import FuturesPosition, Part, Told
from app.core.money import multiply

_SIDES = {"LONG": Decimal(1), "SHORT": Decimal(-1)}
_CASH = "USD"


async def futures(reader: Reader) -> Side:
    """Return the cash and the contracts of the futures account."""
    balance = await reader.ask(CFM_BALANCE)
    cash = _cash(balance.data["balance_summary"])
    listed = await reader.ask(CFM_POSITIONS)
    answers: list[Answer] = [balance, listed]
    positions: list[FuturesPosition] = []
    findings: list[Finding] = []
    for raw in listed.data["positions"]:
        try:
            row = Row(raw)
            product = await _product(row, reader, answers)
            found = _position(row, product, reader)
        except RowError as error:
            findings.append(unread(reader, "The futures position", named(raw, "product_id"), error))
            continue
        if found is not None:
            positions.append(found)
    wallet = replace(wallet_of({reader.asset(_CASH): cash}), positions=tuple(positions))
    return Side(Told(Part.FUTURES, () if wallet.is_empty else (wallet,)), answers, findings)


def _cash(told: Any) -> Decimal:
    """Return the money in the futures account; an account without futures tells nothing there."""
    if told is None:
        return Decimal(0)
    try:
        return sane(_money(Row(told), "cfm_usd_balance"), "cfm_usd_balance")
    except RowError as error:
        message = f"Coinbase gives a futures balance that cannot be read: {error}."
        raise BadResponseError(message, hint="What was told before stands. Try again later.") from error


async def _product(row: Row, reader: Reader, answers: list[Answer]) -> Row:
    """Return what a contract is about, which no position tells."""
    try:
        answer = await reader.ask(PRODUCT, {"product_id": row.text("product_id")})
    except SourceError as error:
        if type(error) is not SourceError:
            raise
        raise RowError("its product is not known to the venue") from error
    answers.append(answer)
    return Row(answer.data).child("future_product_details")


def _position(row: Row, product: Row, reader: Reader) -> FuturesPosition | None:
    side, contracts = row.text("side"), sane(row.quantity("number_of_contracts"), "number_of_contracts")
    if not contracts:
        return None
    if side not in _SIDES or contracts < 0:
        raise RowError(f"its side {side!r} or its contracts {contracts} are unknown")
    size = row.positive("contract_size") if row.raw.get("contract_size") else product.positive("contract_size")
    entry, mark = _money(row, "avg_entry_price"), _money(row, "current_price")
    last = _money(row, "liquidation_price") if row.raw.get("liquidation_price") else Decimal(0)
    if entry <= 0:
        raise RowError(f"its avg_entry_price {entry} is not above zero")
    return FuturesPosition(
        symbol=row.text("product_id"),
        asset=reader.asset(product.text("contract_root_unit")),
        quantity=sane(multiply(multiply(_SIDES[side], contracts), size), "contract_size"),
        currency=reader.asset(_currency(row)),
        entry=sane(entry, "avg_entry_price"),
        mark=sane(mark, "current_price") if mark > 0 else None,
        liquidation=sane(last, "liquidation_price") if last > 0 else None,
    )


def _money(row: Row, key: str) -> Decimal:
    """Return an amount, which newer answers give with its currency and older ones as a bare text."""
    return row.child(key).quantity("value") if isinstance(row.raw.get(key), Mapping) else row.quantity(key)


def _currency(row: Row) -> str:
    told = row.raw.get("current_price")
    return Row(told).text("currency", _CASH) if isinstance(told, Mapping) else _CASH
