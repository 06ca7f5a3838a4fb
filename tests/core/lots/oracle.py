"""The same rules once more, as plainly as they can be written: fractions, lists, no shortcut. Only tests use it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from app.core.clock import DAY
from app.core.lots.methods import Method, Scope
from app.core.tax.events import Transaction, TransactionType


@dataclass
class Part:
    """Units of one acquisition."""

    row: str
    number: int
    quantity: Fraction
    cost: Fraction
    price: Fraction

    def taken(self, quantity: Fraction) -> Part:
        """Return what is taken off."""
        cost = self.cost * quantity / self.quantity
        self.quantity -= quantity
        self.cost -= cost
        return Part(self.row, self.number, quantity, cost, self.price)


KEYS: dict[Method, Callable[[Part], tuple[Fraction | int, int]]] = {
    Method.FIFO: lambda part: (part.number, 0),
    Method.LIFO: lambda part: (-part.number, 0),
    Method.HIFO: lambda part: (-part.price, part.number),
    Method.LOFO: lambda part: (part.price, part.number),
}


def by_lot(transactions: list[Transaction], method: Method, scope: Scope) -> dict[str, Fraction]:
    """Return the cost of each covered sale."""
    pools: dict[tuple[str, str], list[Part]] = {}
    costs = {}
    for number, one in enumerate(transactions):
        key = (one.asset, one.wallet if scope is Scope.PER_WALLET else "")
        pool = pools.setdefault(key, [])
        quantity, value = Fraction(one.quantity), Fraction(one.value or 0)
        if one.type in (TransactionType.BUY, TransactionType.INCOME):
            pool.append(Part(one.row, number, quantity, value, value / quantity))
        elif one.type is TransactionType.SELL:
            costs[one.row] = sum((part.cost for part in drawn(pool, quantity, KEYS[method])), Fraction(0))
        elif one.type is TransactionType.TRANSFER and scope is Scope.PER_WALLET:
            pools.setdefault((one.asset, one.to_wallet), []).extend(drawn(pool, quantity, KEYS[Method.FIFO]))
        elif one.type is TransactionType.SPLIT:
            ratio = Fraction(one.ratio or 1)
            for part in (part for (asset, _), parts in pools.items() if asset == one.asset for part in parts):
                part.quantity *= ratio
                part.price /= ratio
    return costs


def drawn(pool: list[Part], quantity: Fraction, key: Callable[[Part], tuple[Fraction | int, int]]) -> list[Part]:
    """Take units off a pool."""
    found = []
    while quantity:
        part = min((part for part in pool if part.quantity), key=key)
        found.append(part.taken(min(part.quantity, quantity)))
        quantity -= found[-1].quantity
    return found


def factors(transactions: list[Transaction]) -> list[Fraction]:
    """Return what turns each quantity into the units after the last split."""
    found = []
    for place, one in enumerate(transactions):
        factor = Fraction(1)
        for later in transactions[place + 1 :]:
            if later.type is TransactionType.SPLIT and later.asset == one.asset:
                factor *= Fraction(later.ratio or 1)
        found.append(factor)
    return found


def section_104(transactions: list[Transaction]) -> dict[tuple[str, int], Fraction]:
    """Return the cost of each day's disposal by asset and day in UTC."""
    buys: dict[tuple[str, int], list[Fraction]] = {}
    sells: dict[tuple[str, int], Fraction] = {}
    for one, factor in zip(transactions, factors(transactions), strict=True):
        key = (one.asset, one.at // DAY)
        if one.type in (TransactionType.BUY, TransactionType.INCOME):
            total = buys.setdefault(key, [Fraction(0), Fraction(0)])
            total[0] += Fraction(one.quantity) * factor
            total[1] += Fraction(one.value or 0)
        elif one.type is TransactionType.SELL:
            sells[key] = sells.get(key, Fraction(0)) + Fraction(one.quantity) * factor
    costs = dict.fromkeys(sells, Fraction(0))
    for first, last in ((0, 0), (1, 30)):
        for asset, day in sorted(sells, key=lambda key: key[1]):
            for later in range(day + first, day + last + 1):
                bought = buys.get((asset, later))
                if bought and bought[0]:
                    quantity = min(bought[0], sells[asset, day])
                    cost = bought[1] * quantity / bought[0]
                    bought[0] -= quantity
                    bought[1] -= cost
                    sells[asset, day] -= quantity
                    costs[asset, day] += cost
    pools: dict[str, list[Fraction]] = {}
    for asset, day in sorted({*buys, *sells}, key=lambda key: key[1]):
        pool = pools.setdefault(asset, [Fraction(0), Fraction(0)])
        quantity, cost = buys.get((asset, day), [Fraction(0), Fraction(0)])
        pool[0] += quantity
        pool[1] += cost
        sold = sells.get((asset, day), Fraction(0))
        if sold:
            cost = pool[1] * sold / pool[0]
            pool[0] -= sold
            pool[1] -= cost
            costs[asset, day] += cost
    return costs


def canada(transactions: list[Transaction]) -> dict[str, tuple[Fraction, Fraction]]:
    """Return cost and denied loss of each sale."""
    units = [Fraction(one.quantity) * factor for one, factor in zip(transactions, factors(transactions), strict=True)]
    pools: dict[str, list[Fraction]] = {}
    found = {}
    for place, one in enumerate(transactions):
        pool = pools.setdefault(one.asset, [Fraction(0), Fraction(0)])
        if one.type in (TransactionType.BUY, TransactionType.INCOME):
            pool[0] += units[place]
            pool[1] += Fraction(one.value or 0)
        elif one.type is TransactionType.SELL:
            cost = pool[1] * units[place] / pool[0]
            pool[0] -= units[place]
            pool[1] -= cost
            loss = max(cost - Fraction(one.value or 0), Fraction(0))
            denied = loss * least(transactions, units, place) / units[place]
            pool[1] += denied
            found[one.row] = (cost, denied)
    return found


def least(transactions: list[Transaction], units: list[Fraction], place: int) -> Fraction:
    """Return the least of what was sold, bought within 30 days, and held at their end."""
    sale = transactions[place]
    day = sale.at // DAY
    bought = held = Fraction(0)
    for one, quantity in zip(transactions, units, strict=True):
        if one.asset != sale.asset or one.at // DAY > day + 30:
            continue
        if one.type in (TransactionType.BUY, TransactionType.INCOME):
            held += quantity
            bought += quantity if one.at // DAY >= day - 30 else 0
        elif one.type is TransactionType.SELL:
            held -= quantity
    return min(units[place], bought, held)
