"""Prices by day as figures take them: what the sources agree on, with what a person set in its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from app.core.model.price_overrides import PriceOverride
from app.core.ports import OpenVault
from app.core.valuation.set_prices import in_force, overlaid


class Closes(Mapping[str, Mapping[int, Decimal]]):
    """Daily closes in the book's base currency, each asset read when it is asked for."""

    def __init__(self, vault: OpenVault) -> None:
        """Read what a person set, and nothing else yet."""
        self._history = vault.prices
        self._base = vault.book.base_currency
        self._set = in_force(vault.reader.decisions(PriceOverride))
        self._known: dict[str, Mapping[int, Decimal]] = {}
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

    def _overlaid(self, asset: str) -> Mapping[int, Decimal]:
        daily = self._history.daily(asset, self._base)
        # The rate of another money may itself be set by hand, in the base currency only: this ends.
        return overlaid(daily, self._set.get(asset, {}), self._base, self.__getitem__)
