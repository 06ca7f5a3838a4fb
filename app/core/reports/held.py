"""The lots behind what is held, each with its share of the value that its holding has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

from app.core.clock import EPOCH
from app.core.money import EXACT
from app.core.tax.events import Transaction, total
from app.core.tax.figures import TaxFigures
from app.core.tax.open_lots import LotFigures, open_at
from app.core.tax.profile import Profile
from app.core.tax.valuations import Prices, Valuation


@dataclass(frozen=True, slots=True)
class HeldLot:
    """A lot that is open, and what it is worth."""

    figures: LotFigures
    value: Valuation


@dataclass(frozen=True, slots=True)
class HeldAt:
    """What is held at the end of a day, valued on the last day up to then of which prices are known.

    Attributes:
        figures: Their holdings are those of that day.
        transactions: Up to that day at least.
    """

    figures: TaxFigures
    transactions: Sequence[Transaction]
    profile: Profile
    day: date
    prices: Prices

    @property
    def valued_on(self) -> date:
        """Return the day of the prices; the day itself where there are none."""
        last = self.prices.last_day()
        return min(self.day, date.fromordinal(last + EPOCH)) if last else self.day

    def values(self) -> tuple[Valuation, ...]:
        """Return what each holding is worth, in their order."""
        last = self.valued_on.toordinal() - EPOCH
        return tuple(self.prices.last_value(one.asset, one.quantity, last) for one in self.figures.holdings)

    def lots(self) -> tuple[HeldLot, ...]:
        """Return the open lots by asset, wallet and age, as they would be held on the day of the prices.

        RefusedError where the method averages. The last lot of a holding takes what rounding leaves of its value, so
        that lots add up to what they are together.
        """
        last, calendar = self.valued_on, self.profile.calendar
        until = calendar.start_of(self.day + timedelta(days=1)) - 1
        at = min(until, calendar.start_of(last + timedelta(days=1)) - 1)
        found = open_at(self.transactions, until, self.profile, judged_at=at)
        wholes = {
            (one.asset, one.wallet): value for one, value in zip(self.figures.holdings, self.values(), strict=True)
        }
        made: list[HeldLot] = []
        for key, lots in groupby(found, key=lambda one: (one.asset, one.wallet)):
            made += self._valued(list(lots), wholes[key], last.toordinal() - EPOCH)
        return tuple(made)

    def _valued(self, lots: Sequence[LotFigures], whole: Valuation, day: int) -> list[HeldLot]:
        made = [HeldLot(one, self.prices.last_value(one.asset, one.quantity, day)) for one in lots]
        others = total(one.value.amount for one in made[:-1])
        if whole.amount is not None and others is not None:
            rest = replace(made[-1].value, amount=EXACT.subtract(whole.amount, others))
            made[-1] = replace(made[-1], value=rest)
        return made
