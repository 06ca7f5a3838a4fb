"""What something was worth on its day in one currency, and how that is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal

from app.core.clock import DAY
from app.core.ledger.entries import Stated
from app.core.money import SHARES, multiply, plain, ratio
from app.core.tax.events import MONEY_PLACES, total
from app.core.values import made_quickly

ONE = Decimal(1)
_STILL_HOLDS = 7
"""Days for which a price stands in for one that is missing, where a value of about a day is told."""

_FINEST = ONE.scaleb(-MONEY_PLACES)


@made_quickly
@dataclass(frozen=True, slots=True)
class Valuation:
    """A value with where it comes from, in words; the amount is None where no source knows it.

    Attributes:
        costs: What was taken off it for the costs of a sale.
    """

    amount: Decimal | None
    source: str
    costs: Decimal = Decimal(0)


UNKNOWN = Valuation(None, "no price of that day is known")


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices by day, in the money in which the books keep them and from there in the wanted one.

    Attributes:
        currency: The wanted money, as an asset id.
        base: The money of the closes.
        closes: By asset and day number.
        marks: Newest price of an asset with its source and moment: it stands for the close of a day that has none yet.
        how: Returns of an asset and a day in words from whom its close is, or why there is none; "" for nothing known.
        published: Returns likewise which rates of an authority its price is; "" for a close.
    """

    currency: str
    base: str
    closes: Mapping[str, Mapping[int, Decimal]]
    marks: Mapping[str, tuple[Decimal, str, int]] = field(default_factory=dict)
    how: Callable[[str, int], str] = field(default=lambda _asset, _day: "", repr=False, compare=False)
    published: Callable[[str, int], str] = field(default=lambda _asset, _day: "", repr=False, compare=False)
    # Not handed on by `replace`: another money has other prices.
    _known: dict[tuple[str, int], tuple[Decimal, Decimal, str] | None] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def says_the_same_as(self, other: Prices) -> bool:
        """Tell whether two histories of prices value everything alike."""
        one = self.currency, self.base, self.closes, self.marks
        return one == (other.currency, other.base, other.closes, other.marks)

    def value(self, asset: str, quantity: Decimal, at: int) -> Valuation:
        """Return the value of a quantity on the day of a moment."""
        if asset == self.currency:
            return Valuation(quantity, "the currency itself")
        key = asset, at // DAY
        if key not in self._known:
            self._known[key] = self._price(*key)
        found = self._known[key]
        if found is None:
            return self._gap(*key)
        price, rate, how = found
        amount = multiply(quantity, price)
        told = amount if rate == 1 else _in_other_money(amount, rate)
        return Valuation(told, f"{plain(quantity)} {asset} at {how}")

    def stated(self, stated: Stated | None, at: int, how: str = "stated by the source") -> Valuation | None:
        """Return what somebody said that something was worth at a moment; None where nothing that can be used was said.

        What is stated in the money of the closes is carried over at the rate of its day; in a third money it counts
        for nothing, because not every computation reads the prices of that.
        """
        if stated is None or stated.currency not in (self.currency, self.base):
            return None
        if stated.currency == self.currency:
            return Valuation(abs(stated.amount), how)
        found = self.value(stated.currency, abs(stated.amount), at)
        return None if found.amount is None else Valuation(found.amount, f"{how}: {found.source}")

    def _gap(self, asset: str, day: int) -> Valuation:
        """Return that a value is not known, with what the sources said of the day."""
        said = [told for one in (asset, self.currency) if not self._in_base(one, day) and (told := self.how(one, day))]
        return Valuation(None, f"{UNKNOWN.source}: {'; '.join(said)}") if said else UNKNOWN

    def last_day(self) -> int:
        """Return the newest day of which any price is known; 0 where none is."""
        days = [max(closes) for closes in self.closes.values() if closes]
        return max((*days, *(mark[2] // DAY for mark in self.marks.values())), default=0)

    def last_value(self, asset: str, quantity: Decimal, day: int) -> Valuation:
        """Return the value on a day, or on the last known one of the week before; the source says which."""
        found = (self.value(asset, quantity, (day - back) * DAY) for back in range(_STILL_HOLDS + 1))
        return next((one for one in found if one.amount is not None), UNKNOWN)

    def together(self, parts: Iterable[tuple[str, Decimal]], at: int) -> Valuation:
        """Return the value of several quantities; not known where one of them is not."""
        found = [self.value(asset, quantity, at) for asset, quantity in parts]
        amount = total(one.amount for one in found)
        return UNKNOWN if amount is None else Valuation(amount, "; ".join(one.source for one in found))

    def _price(self, asset: str, day: int) -> tuple[Decimal, Decimal, str] | None:
        """Return the price in the base, what one unit of the currency costs there, and how both are known."""
        found = self._in_base(asset, day)
        rate = self._in_base(self.currency, day)
        if found is None or rate is None or not rate[0]:
            return None
        told = "" if self.currency == self.base else f", {self.currency} at {rate[1]}"
        return found[0], rate[0], f"{found[1]}{told}"

    def _in_base(self, asset: str, day: int) -> tuple[Decimal, str] | None:
        if asset == self.base:
            return ONE, f"1 {self.base}"
        close = self.closes.get(asset, {}).get(day)
        if close is not None:
            if published := self.published(asset, day):
                return close, published
            how = self.how(asset, day)
            return close, f"the close of {_date(day)}, {plain(close)} {self.base}{f' ({how})' if how else ''}"
        mark = self.marks.get(asset)
        if mark is None or mark[2] // DAY != day:
            return None
        return mark[0], f"the last price of {_date(day)} by {mark[1]}, {plain(mark[0])} {self.base}"


def _in_other_money(amount: Decimal, rate: Decimal) -> Decimal | None:
    """Return what need not end, to 34 digits and no finer than money is matched in; all that follows is exact."""
    told = ratio(amount, rate)
    if told is None or -int(told.as_tuple().exponent) <= MONEY_PLACES:
        return told
    return told.quantize(_FINEST, context=SHARES)


def _date(day: int) -> date:
    return datetime.fromtimestamp(day * 86_400, UTC).date()
