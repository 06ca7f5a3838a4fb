"""How much is traded in a day of perpetuals that somebody looks at: asked of their venue, and kept for a while."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from app.core.clock import SECOND
from app.core.errors import SourceError
from app.core.ports import Clock, Exchange

DAYS = 30
"""Whole days over which the volume of a day is an average."""

_KEPT_NS = 3_600 * SECOND
_AGAIN_NS = 60 * SECOND

Contract = tuple[str, str]
"""A perpetual: its venue, and what the venue calls it."""


class ContractVolumes:
    """Units by day of every perpetual that was asked for; nothing of one whose venue does not tell them."""

    def __init__(self, clock: Clock) -> None:
        """Know nothing yet."""
        self._clock = clock
        self.faults: dict[str, str] = {}
        """Why a venue could not be asked the last time, by venue."""
        self._known: dict[Contract, tuple[int, Mapping[int, Decimal]]] = {}

    def of(self, contract: Contract) -> Mapping[int, Decimal]:
        """Return units by day number."""
        known = self._known.get(contract)
        return {} if known is None else known[1]

    async def read(self, venue: str, client: Exchange, symbols: Iterable[str]) -> bool:
        """Ask for those that are not known or old; returns whether one is known now that was not.

        Who cannot be reached is asked again after a minute, and what was known stays.
        """
        is_new = False
        for symbol in sorted(symbols):
            contract, before = (venue, symbol), self.of((venue, symbol))
            if not self._is_due(contract):
                continue
            try:
                told = await client.traded(symbol, DAYS)
            except SourceError as error:
                told, self.faults[venue] = before, error.line()
            else:
                self.faults.pop(venue, None)
            self._known[contract] = self._clock.now_ns(), told
            is_new |= told != before
        return is_new

    def _is_due(self, contract: Contract) -> bool:
        known = self._known.get(contract)
        if known is None:
            return True
        at, told = known
        return self._clock.now_ns() - at >= (_KEPT_NS if told else _AGAIN_NS)
