"""One exchange of assets: what each side was worth, and where its fees go."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from decimal import Decimal

from app.core.ledger.entries import Entry, EntryKind, Role
from app.core.lots.shares import share
from app.core.model.assets import AssetKind
from app.core.money import EXACT, to_fraction
from app.core.tax.events import MONEY_PLACES, Unit, total
from app.core.tax.valuations import UNKNOWN, Prices, Valuation

Part = tuple[str, Decimal, Valuation]
"""An asset, how much of it, and what it was sold for or bought at."""

_CASH = (AssetKind.FIAT, AssetKind.STABLE)
_RANKS = {AssetKind.FIAT: 1, AssetKind.STABLE: 2}


class Exchange:
    """A trade or a conversion, from the sums of its legs by asset."""

    def __init__(
        self,
        entry: Entry,
        moved: Mapping[str, Decimal],
        charged: Mapping[str, Decimal],
        prices: Prices,
        kind_of: Callable[[str], AssetKind],
    ) -> None:
        """Take what was moved and what fees changed, both signed; a fee that was paid back is positive."""
        self._entry = entry
        self._prices = prices
        self._kind_of = kind_of
        self._given: dict[str, Decimal] = {}
        self._taken: dict[str, Decimal] = {}
        for asset, quantity in moved.items():
            if quantity < 0:
                self._given[asset] = quantity.copy_negate()
            elif quantity:
                self._taken[asset] = quantity
        self._charged = {asset: quantity.copy_negate() for asset, quantity in charged.items()}
        self._value = self._valued()
        self._reduces_proceeds = self._is_sale()

    def sold(self) -> Iterator[Part]:
        """Yield what was given with its proceeds; of money there is nothing to tell."""
        coins = self._coins(self._given)
        if not coins:
            return
        value = self._value
        if self._reduces_proceeds:
            value = _plus(value, self._fees_beside(self._given), sign=-1)
        for asset, quantity, part in self._split(self._given, value):
            if asset not in coins:
                continue
            own = self._charged.get(asset)
            if own is None:
                yield asset, quantity, part
                continue
            # What was given away as a fee brought its own worth in service.
            served = [] if self._reduces_proceeds else [self._worth(asset, own)]
            left = EXACT.add(quantity, own)
            if left > 0:
                yield asset, left, _plus(part, served)

    def bought(self) -> Iterator[Part]:
        """Yield what was received with its cost; of money there is nothing to tell."""
        coins = self._coins(self._taken)
        if coins:
            yield from self._received(coins)
        for asset, fee in self._charged.items():
            if fee < 0 and asset not in self._given and asset not in self._taken:
                yield asset, fee.copy_negate(), self._worth(asset, fee.copy_negate())

    def _received(self, coins: Collection[str]) -> Iterator[Part]:
        value = self._value
        if self._reduces_proceeds:
            kept = [self._worth(asset, fee) for asset, fee in self._charged.items() if asset in self._taken]
            value = _plus(value, kept, sign=-1)
        else:
            value = _plus(value, self._fees_beside(self._taken))
        for asset, quantity, part in self._split(self._taken, value):
            fee = self._charged.get(asset)
            left = quantity if fee is None else EXACT.subtract(quantity, fee)
            if left > 0 and asset in coins:
                yield asset, left, part

    def fees(self) -> Iterator[Part]:
        """Yield what paid a fee beyond what was received, which sells it; a third asset pays with all of it."""
        for asset in self._coins(self._charged):
            beyond = EXACT.subtract(self._charged[asset], self._taken.get(asset, Decimal(0)))
            if asset not in self._given and beyond > 0:
                yield asset, beyond, self._worth(asset, beyond)

    def _coins(self, side: Iterable[str]) -> list[str]:
        """Return the assets that are no money."""
        return [asset for asset in side if self._kind_of(asset) is not AssetKind.FIAT]

    def _worth(self, asset: str, quantity: Decimal) -> Valuation:
        return self._prices.value(asset, quantity, self._entry.at)

    def _fees_beside(self, side: Mapping[str, Decimal]) -> list[Valuation]:
        """Return the worth of all fees that were not taken from this side's own units."""
        return [self._worth(asset, fee) for asset, fee in self._charged.items() if asset not in side]

    def _is_sale(self) -> bool:
        """Tell whether fees reduce proceeds: it brought money, or a stablecoin for something else."""
        if not self._taken:
            return True
        if len(self._taken) == 1 and len(self._given) == 1:
            taken_kind, given_kind = (self._kind_of(next(iter(side))) for side in (self._taken, self._given))
            return taken_kind is AssetKind.FIAT or (taken_kind in _CASH and given_kind not in _CASH)
        taken = {self._kind_of(asset) for asset in self._taken}
        if not taken.issubset(_CASH):
            return False
        return taken == {AssetKind.FIAT} or not {self._kind_of(asset) for asset in self._given}.issubset(_CASH)

    def _valued(self) -> Valuation:
        """Return what each side was worth, by what is nearest to the wanted money.

        That money itself, then the source's statement in it, then other money, then the source's statement in that of
        the books, then stablecoins, then what was received, then what was given, each at its price of the day.
        """
        currency = self._prices.currency
        for side in (self._taken, self._given):
            if len(side) == 1 and currency in side:
                return self._worth(currency, side[currency])
        sides = sorted((side for side in (self._taken, self._given) if side), key=self._distance)
        stated, told = self._entry.stated, self._prices.stated(self._entry.stated, self._entry.at)
        is_wanted = stated is not None and stated.currency == currency
        has_money = bool(sides) and self._distance(sides[0]) <= _RANKS[AssetKind.FIAT]
        if told is not None and (is_wanted or not has_money):
            return told
        # Where a side is missing, nobody knows what was paid: the day's price would be a guess.
        for side in sides if len(sides) > 1 else ():
            value = self._prices.together(side.items(), self._entry.at)
            if value.amount is not None:
                return value
        return UNKNOWN

    def _distance(self, side: Mapping[str, Decimal]) -> int:
        """Return how far a side is from the wanted money."""
        return max(0 if asset == self._prices.currency else _RANKS.get(self._kind_of(asset), 3) for asset in side)

    def _split(self, side: Mapping[str, Decimal], value: Valuation) -> Iterable[Part]:
        """Return the parts of a side with their shares of its value."""
        if len(side) <= 1 or value.amount is None:
            return [(asset, quantity, value) for asset, quantity in side.items()]
        return self._shared(side, value, value.amount)

    def _shared(self, side: Mapping[str, Decimal], value: Valuation, amount: Decimal) -> Iterator[Part]:
        """Yield parts with shares by their worth of the day; the rest goes to the last."""
        worths = {asset: self._worth(asset, quantity).amount for asset, quantity in side.items()}
        whole = total(worths.values())
        if not whole:
            yield from ((asset, quantity, UNKNOWN) for asset, quantity in side.items())
            return
        numbers = (amount, value.costs, whole, *(one or whole for one in worths.values()))
        unit = Unit(max(MONEY_PLACES, *(-to_fraction(number)[0] for number in numbers)))
        open_value, open_costs, open_worth = unit.count(amount), unit.count(value.costs), unit.count(whole)
        for asset, quantity in side.items():
            worth = unit.count(worths[asset] or Decimal(0))
            is_last = worth >= open_worth
            part = open_value if is_last else share(open_value, open_worth, worth)
            costs = open_costs if is_last else share(open_costs, open_worth, worth)
            open_value, open_costs, open_worth = open_value - part, open_costs - costs, open_worth - worth
            yield asset, quantity, Valuation(unit.number(part), f"its share of: {value.source}", unit.number(costs))


_ITSELF = "the currency itself"
_PLUS_FEES, _LESS_FEES = f"{_ITSELF}; plus fees: {_ITSELF}", f"{_ITSELF}; less fees: {_ITSELF}"


def for_money(
    moved: Mapping[str, Decimal], charged: Mapping[str, Decimal], currency: str
) -> tuple[str, Decimal, Valuation] | None:
    """Return asset, signed quantity and value of the most common exchange: one coin for the wanted money itself.

    It says what `Exchange` says, in a third of the time; None where it is another exchange.
    """
    paid = moved.get(currency)
    if paid is None or len(moved) != 2 or not (not charged or (len(charged) == 1 and currency in charged)):  # noqa: PLR2004
        return None
    first, second = moved
    asset = second if first == currency else first
    quantity, is_sale = moved[asset], paid > 0
    if (quantity > 0) is is_sale:
        return None
    if not charged:
        return asset, quantity, Valuation(paid if is_sale else paid.copy_negate(), _ITSELF)
    # Both are negative where money was paid: a fee adds to what was given, and takes from what was received.
    amount = EXACT.add(paid, charged[currency])
    if is_sale:
        return asset, quantity, Valuation(amount, _LESS_FEES, charged[currency].copy_negate())
    return asset, quantity, Valuation(EXACT.minus(amount), _PLUS_FEES)


def _plus(value: Valuation, more: list[Valuation], *, sign: int = 1) -> Valuation:
    """Return a value with fees added or taken off; not known where one of them is not."""
    if not more:
        return value
    fees, told = more[0].amount, more[0].source
    if len(more) > 1:
        fees, told = total(one.amount for one in more), "; ".join(one.source for one in more)
    if value.amount is None or fees is None:
        return Valuation(None, f"{value.source}; a fee: {told}")
    if sign > 0:
        return Valuation(EXACT.add(value.amount, fees), f"{value.source}; plus fees: {told}")
    return Valuation(EXACT.subtract(value.amount, fees), f"{value.source}; less fees: {told}", fees)


def moved_and_charged(entry: Entry) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """Return what an entry changes of each asset without its fees, and by them."""
    moved: dict[str, Decimal] = {}
    charged: dict[str, Decimal] = {}
    is_trade = entry.kind is EntryKind.TRADE
    for leg in entry.legs:
        is_fee = leg.role is Role.FEE or (is_trade and leg.role is Role.REBATE)
        found, asset = charged if is_fee else moved, leg.asset
        found[asset] = EXACT.add(found[asset], leg.quantity) if asset in found else leg.quantity
    return _without_zeros(moved), _without_zeros(charged)


def _without_zeros(sums: dict[str, Decimal]) -> dict[str, Decimal]:
    return sums if all(sums.values()) else {asset: quantity for asset, quantity in sums.items() if quantity}
