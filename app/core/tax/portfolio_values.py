"""The value of the whole portfolio just before each sale, which France divides by (CGI, article 150 VH bis, III)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from app.core.money import EXACT, ZERO, multiply, ratio
from app.core.tax.events import Transaction, TransactionType, total
from app.core.tax.from_entries import entry_of
from app.core.tax.valuations import Prices

_COMES = (TransactionType.BUY, TransactionType.INCOME)
_GOES = (TransactionType.SELL, TransactionType.CARRY)


def with_portfolio_values(transactions: Sequence[Transaction], prices: Prices) -> list[Transaction]:
    """Return transactions whose sales say what everything held was worth just before them.

    Everything is valued at the close of the day, what is sold at what the sale itself brought. A sale gets no value
    where one price is not known, and none where it is one side of an exchange, which is no sale.

    Args:
        transactions: The whole history in the order of time.
        prices: In the currency of every value.
    """
    exchanged = _exchanged(transactions)
    held: dict[str, Decimal] = {}
    found = []
    for one in transactions:
        if one.type is TransactionType.SELL and one.row not in exchanged:
            found.append(replace(one, portfolio_value=_value(one, held, prices)))
        else:
            found.append(one)
        _move(one, held)
    return found


def _exchanged(transactions: Iterable[Transaction]) -> set[str]:
    """Return the sales of entries that bought another asset at the same moment, but for their fees."""
    bought: dict[str, set[str]] = {}
    for one in transactions:
        if one.type is TransactionType.BUY:
            bought.setdefault(entry_of(one.row), set()).add(one.asset)
    return {
        one.row
        for one in transactions
        if one.type is TransactionType.SELL
        and "/fee/" not in one.row
        and bought.get(entry_of(one.row), set()) - {one.asset}
    }


def _value(sale: Transaction, held: dict[str, Decimal], prices: Prices) -> Decimal | None:
    amounts = [
        _own(sale, quantity) if asset == sale.asset else prices.value(asset, quantity, sale.at).amount
        for asset, quantity in held.items()
        if quantity > 0
    ]
    return total(amounts) if amounts else None


def _own(sale: Transaction, quantity: Decimal) -> Decimal | None:
    """Return what all units of the asset that is sold are worth, at what the sale brings for some."""
    price = sale.price
    if price is None or quantity <= sale.quantity:
        return price
    unit = ratio(price, sale.quantity)
    return None if unit is None else multiply(quantity, unit)


def _move(one: Transaction, held: dict[str, Decimal]) -> None:
    there = held.get(one.asset, ZERO)
    if one.type in _COMES:
        held[one.asset] = EXACT.add(there, one.quantity)
    elif one.type in _GOES:
        held[one.asset] = EXACT.subtract(there, one.quantity)
    elif one.type is TransactionType.SPLIT and one.ratio is not None:
        held[one.asset] = multiply(there, one.ratio)
    if one.to_asset:
        held[one.to_asset] = EXACT.add(held.get(one.to_asset, ZERO), one.to_quantity)
