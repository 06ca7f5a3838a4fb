"""Transactions as people and venues state them, and the same in the whole units in which lots are matched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import reduce
from operator import mul

from app.core.clock import SECOND
from app.core.lots.events import ACQUISITIONS, NOTHING, Event, Kind, Rare
from app.core.money import EXACT, multiply, to_fraction
from app.core.values import made_quickly

MONEY_PLACES = 30
"""Decimal places of money while matching, more where a value has more: far below what any report rounds to."""

_SPLIT_PLACES = 30
"""Decimal places of an asset that is split, so that units converted back and forth stay exact to be shown."""


class TransactionType(StrEnum):
    """What a transaction does."""

    BUY = "buy"
    SELL = "sell"
    TRANSFER = "transfer"
    INCOME = "income"
    SPLIT = "split"
    CARRY = "carry"
    """Becomes another asset, or leaves for good, without a sale; a file of transactions cannot say so."""


KINDS = {
    TransactionType.BUY: Kind.ACQUIRE,
    TransactionType.SELL: Kind.DISPOSE,
    TransactionType.TRANSFER: Kind.TRANSFER,
    TransactionType.INCOME: Kind.INCOME,
    TransactionType.SPLIT: Kind.SPLIT,
    TransactionType.CARRY: Kind.CARRY,
}


@made_quickly
@dataclass(frozen=True, slots=True)
class Transaction:
    """One transaction.

    Attributes:
        quantity: Always positive; zero for a split.
        value: Cost with fees, market value of income, or net proceeds; None where it is not known.
        lots: What a sale identifies, as (row, quantity).
        unit_price: By which HIFO and LOFO rank the lot, where that is not value ÷ quantity.
        portfolio_value: Of everything held, just before a sale.
        ratio: New units for one old one, of a split.
        to_asset: What a carry makes of it; "" where it leaves for good.
        to_quantity: How much of that.
        acquired_ns: When an acquisition counts as made, where that is not its own moment, as of some gifts.
        costs: Of a sale, what was already taken off its value: France divides by the price before them.
        lower_value: What a gift was worth where that is less than it had cost its giver, and a loss is measured by it.
    """

    row: str
    at: int
    type: TransactionType
    wallet: str
    asset: str
    quantity: Decimal = Decimal(0)
    to_wallet: str = ""
    value: Decimal | None = None
    lots: tuple[tuple[str, Decimal], ...] = ()
    note: str = ""
    unit_price: Decimal | None = None
    portfolio_value: Decimal | None = None
    ratio: Decimal | None = None
    resolution: int = SECOND
    to_asset: str = ""
    to_quantity: Decimal = Decimal(0)
    acquired_ns: int | None = None
    costs: Decimal = Decimal(0)
    lower_value: Decimal | None = None

    @property
    def price(self) -> Decimal | None:
        """Return what a sale brought before its costs."""
        return EXACT.add(self.value, self.costs) if self.costs and self.value is not None else self.value


@dataclass(frozen=True, slots=True)
class Unit:
    """The smallest part of an asset or of money: 1 ÷ (10^places × divisor)."""

    places: int
    divisor: int = 1

    def count(self, value: Decimal) -> int:
        """Return how many units a number is; every number of the history is a whole one."""
        return int(value.scaleb(self.places, EXACT)) * self.divisor

    def number(self, count: int) -> Decimal:
        """Return the number that so many units are, cut to 30 more places where it does not end."""
        if self.divisor == 1:
            return Decimal(count).scaleb(-self.places, EXACT)
        sign = -1 if count < 0 else 1
        digits = abs(count) * 10**_SPLIT_PLACES // self.divisor
        return Decimal(sign * digits).scaleb(-self.places - _SPLIT_PLACES, EXACT)

    def parts(self, counts: Iterable[int]) -> list[Decimal]:
        """Return the numbers of parts, so that they add up to the number of the whole."""
        if self.divisor == 1:
            return [self.number(count) for count in counts]
        found, reached, before = [], 0, Decimal(0)
        for count in counts:
            reached += count
            upto = self.number(reached)
            found.append(EXACT.subtract(upto, before))
            before = upto
        return found


@dataclass(frozen=True, slots=True)
class Units:
    """The units of a history."""

    money: Unit
    assets: dict[str, Unit]

    def amount(self, count: int | None) -> Decimal | None:
        """Return an amount of money, None where it is not known."""
        return None if count is None else self.money.number(count)


def units_of(transactions: Iterable[Transaction]) -> Units:
    """Return units so small that every number of the transactions is a whole one, also after every split."""
    money = MONEY_PLACES
    places: dict[str, int] = {}
    ratios: dict[str, list[tuple[int, int]]] = {}
    for one in transactions:
        for value in (one.value, one.unit_price, one.portfolio_value, one.lower_value):
            if value is not None:
                money = _places(value, money)
        if one.costs and one.portfolio_value is not None:
            money = _places(one.costs, money)
        known = _places(one.quantity, places.get(one.asset, 0))
        for _, quantity in one.lots:
            known = _places(quantity, known)
        places[one.asset] = known
        if one.to_asset:
            places[one.to_asset] = _places(one.to_quantity, places.get(one.to_asset, 0))
        if one.ratio is not None:
            ratios.setdefault(one.asset, []).append(one.ratio.as_integer_ratio())
    found = {}
    for asset, digits in places.items():
        splits = ratios.get(asset, [])
        # Whichever way a quantity is converted, over all splits or back, nothing is left.
        divisor = reduce(mul, (new * old for new, old in splits), 1)
        found[asset] = Unit(max(digits, _SPLIT_PLACES) if splits else digits, divisor)
    return Units(Unit(money), found)


def _places(value: Decimal, least: int) -> int:
    """Return how many decimal places a number has, at least so many; most are settled by their length alone."""
    text = str(value)
    if "E" not in text and len(text) - text.find(".") <= least + 1:
        return least
    return max(least, -to_fraction(value)[0])


def in_units(transactions: Iterable[Transaction], units: Units, *, by_price: bool = True) -> list[Event]:
    """Return the events of transactions, in their order."""
    return [_event(one, units, by_price=by_price) for one in transactions]


def _event(one: Transaction, units: Units, *, by_price: bool) -> Event:
    unit, money, kind = units.assets[one.asset], units.money, KINDS[one.type]
    price = None
    if by_price and one.unit_price is not None and kind in ACQUISITIONS:
        price = money.count(one.unit_price), unit.count(Decimal(1))
    return Event(
        one.at,
        kind,
        one.asset,
        one.wallet,
        unit.count(one.quantity),
        None if one.value is None else money.count(one.value),
        one.row,
        one.to_wallet,
        price,
        tuple((row, unit.count(quantity)) for row, quantity in one.lots) if one.lots else (),
        _rare(one, units) if _is_rare(one) else NOTHING,
    )


def _is_rare(one: Transaction) -> bool:
    if one.to_asset or one.portfolio_value is not None:
        return True
    return one.ratio is not None or one.acquired_ns is not None or one.lower_value is not None


def _rare(one: Transaction, units: Units) -> Rare:
    return Rare(
        None if one.portfolio_value is None else units.money.count(one.portfolio_value),
        (1, 1) if one.ratio is None else one.ratio.as_integer_ratio(),
        one.to_asset,
        units.assets[one.to_asset].count(one.to_quantity) if one.to_asset else 0,
        one.acquired_ns,
        0 if one.portfolio_value is None else units.money.count(one.costs),
        None if one.lower_value is None else units.money.count(one.lower_value),
    )


def total(values: Iterable[Decimal | None]) -> Decimal | None:
    """Return the exact sum, None where one of the values is not known."""
    found = Decimal(0)
    for value in values:
        if value is None:
            return None
        found = EXACT.add(found, value)
    return found


def negative(value: Decimal) -> Decimal:
    """Return the number with the other sign."""
    return multiply(value, Decimal(-1))
