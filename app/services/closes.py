"""Prices by day as figures take them: what the sources agree on, official rates of money, and prices set by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from app.core.clock import DAY, EPOCH
from app.core.model.price_overrides import PriceOverride
from app.core.money import plain
from app.core.ports import LedgerReader, OpenVault
from app.core.valuation.reference_rates import EURO, Crossed, crossed
from app.core.valuation.set_prices import in_force, overlaid

AUTHORITY = "ECB"
"""Whose rates of money are kept."""


def first_day(reader: LedgerReader) -> int | None:
    """Return the day of the first entry of all accounts; None for books without one."""
    spans = (reader.span(account.account_id) for account in reader.accounts())
    return min((span[0] // DAY for span in spans if span is not None), default=None)


class Closes(Mapping[str, Mapping[int, Decimal]]):
    """Daily closes in the book's base currency, each asset read when it is asked for.

    Of a money the authority's rates come first where figures of tax are told, and only fill the gaps of the venues'
    own closes in the portfolio, whose live marks are the venues' too.
    """

    def __init__(self, vault: OpenVault, today: int, *, official_first: bool = True) -> None:
        """Read what a person set, and nothing else yet; `today` is the last day for which an older rate may stand."""
        self._history = vault.prices
        self._base = vault.book.base_currency
        self._today, self._official_first = today, official_first
        self._set = in_force(vault.reader.decisions(PriceOverride))
        self._told: Mapping[str, Mapping[int, Decimal]] | None = None
        self._known: dict[str, Mapping[int, Decimal]] = {}
        self._official: dict[str, Mapping[int, Crossed]] = {}
        self._how: dict[str, Mapping[int, str]] = {}

    def __getitem__(self, asset: str) -> Mapping[int, Decimal]:
        """Return the closes of an asset; none where none are known."""
        known = self._known.get(asset)
        if known is None:
            known = self._known[asset] = {} if asset == self._base else self._overlaid(asset)
        return known

    def __iter__(self) -> Iterator[str]:
        """Yield what was read."""
        return iter(self._known)

    def __len__(self) -> int:
        """Return how many were read."""
        return len(self._known)

    def how(self, asset: str, day: int) -> str:
        """Return in words how a close is known, or why there is none; "" where no source told of the day."""
        one = self._set.get(asset, {}).get(day)
        if one is not None:
            return f"set by hand: {one.reason}"
        if asset not in self._how:
            self._how[asset] = self._history.how(asset, self._base)
        return self._how[asset].get(day, "")

    def published(self, asset: str, day: int) -> str:
        """Return in words which official rates a price of money is; "" where it is none, or set by hand."""
        rate = self._rates(asset).get(day)
        if rate is None or day in self._set.get(asset, {}):
            return ""
        if not self._official_first and day in self._history.daily(asset, self._base):
            return ""
        sides = [(rate.of_base, self._base), (rate.of_money, asset)]
        told = " = ".join(f"{plain(units)} {money}" for units, money in sides if money != EURO)
        return f"the {AUTHORITY}'s rates of {date.fromordinal(EPOCH + rate.published)}, 1 {EURO} = {told}"

    def _overlaid(self, asset: str) -> Mapping[int, Decimal]:
        daily = self._history.daily(asset, self._base)
        official = {day: rate.price for day, rate in self._rates(asset).items()}
        if official:
            first, then = (official, daily) if self._official_first else (daily, official)
            daily = dict(sorted({**then, **first}.items()))
        # The rate of another money may itself be set by hand, in the base currency only: this ends.
        return overlaid(daily, self._set.get(asset, {}), self._base, self.__getitem__)

    def _rates(self, asset: str) -> Mapping[int, Crossed]:
        if asset not in self._official:
            if self._told is None:
                self._told = self._history.official(AUTHORITY)
            self._official[asset] = crossed(asset, self._base, self._told, self._today)
        return self._official[asset]
