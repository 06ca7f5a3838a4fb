"""The newest tick of every instrument and the marks that follow: bad ticks are refused, late ones never win."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from msgspec import structs

from app.core.model.market import Contribution, Mark, Tick
from app.core.ports import AssetRegistry
from app.core.valuation import consensus

NOT_FINITE, NOT_POSITIVE, CROSSED = "not a number", "not above zero", "bid not below ask"

_Key = tuple[str, str, str, bool]


def refusal(tick: Tick) -> str:
    """Return why a tick is none, "" where it is sound."""
    for price in (tick.price, tick.bid, tick.ask):
        if price is not None and not price.is_finite():
            return NOT_FINITE
        if price is not None and price <= 0:
            return NOT_POSITIVE
    return CROSSED if tick.bid is not None and tick.ask is not None and tick.bid >= tick.ask else ""


class MarkBoard:
    """Ticks in, marks out.

    Attributes:
        conflated: Ticks that took the place of one which was in no mark yet.
        late: Ticks that were older than the one that was there.
        refused: Numbers of bad ticks by (venue, why).
    """

    def __init__(self, currency: str, assets: AssetRegistry) -> None:
        self._currency, self._assets = currency, assets
        self._ticks: dict[_Key, Tick] = {}
        self._fresh: set[_Key] = set()
        self._marks: dict[str, Mark] = {}
        self._disputed: dict[str, tuple[Contribution, ...]] = {}
        self.conflated = 0
        self.late = 0
        self.refused: Counter[tuple[str, str]] = Counter()

    @property
    def marks(self) -> Mapping[str, Mark]:
        """Return the newest mark of each asset."""
        return self._marks

    @property
    def disputed(self) -> Mapping[str, tuple[Contribution, ...]]:
        """Return assets whose sources disagree while nothing tells who is right; their mark stays as it was."""
        return self._disputed

    @property
    def is_fresh(self) -> bool:
        """Tell whether ticks came that are in no mark yet."""
        return bool(self._fresh)

    def seed(self, marks: Iterable[Mark]) -> None:
        """Take marks of the last time, where there is none of now."""
        for mark in marks:
            self._marks.setdefault(mark.asset_id, mark)

    def take(self, tick: Tick) -> bool:
        """Keep a tick where it is sound and not older than what its venue said before; tells whether it is kept."""
        why = refusal(tick)
        if why:
            self.refused[tick.venue, why] += 1
            return False
        key = (tick.venue, tick.base, tick.quote, tick.is_perpetual)
        known = self._ticks.get(key)
        if known is not None:
            if tick.at < known.at:
                self.late += 1
                return False
            if tick.open_24h is None and known.open_24h is not None:
                tick = structs.replace(tick, open_24h=known.open_24h)
        self._ticks[key] = tick
        self.conflated += key in self._fresh
        self._fresh.add(key)
        return True

    def leave_only(self, base: str, venues: Collection[str]) -> None:
        """Forget what other venues said of an asset: what is replayed is of another day than theirs."""
        for key in [key for key in self._ticks if key[1] == base and key[0] not in venues]:
            del self._ticks[key]
            self._fresh.discard(key)

    def settle(self) -> frozenset[str]:
        """Make marks of the newest ticks; returns the assets whose mark is another now."""
        touched = self._touched()
        self._fresh.clear()
        found = consensus.marks(touched, self._currency, self._assets, self._marks)
        marks = {asset: mark if mark.parts else self._later(mark) for asset, mark in found.marks.items()}
        changed = frozenset(asset for asset, mark in marks.items() if _differs(self._marks.get(asset), mark))
        self._marks.update(marks)
        for asset in found.marks:
            self._disputed.pop(asset, None)
        self._disputed.update(found.disputed)
        return changed

    def _later(self, mark: Mark) -> Mark:
        """Return a mark at par as it was where it was confirmed later: not every tick that does so was looked at."""
        known = self._marks.get(mark.asset_id)
        is_confirmed = known is not None and replace(mark, at=known.at) == known
        return known if known is not None and is_confirmed and known.at > mark.at else mark

    def _touched(self) -> Iterable[Tick]:
        """Return the ticks of every asset whose mark may change, and of what carries those over."""
        quotes = {quote for _, _, quote, _ in self._ticks} | {self._currency}
        bases = {base for _, base, _, _ in self._fresh}
        moved = bases & quotes
        if moved:
            # A rate moved, and with it all that is quoted in it, and all that is quoted in those.
            return self._ticks.values()
        wanted = bases | quotes
        return [tick for key, tick in self._ticks.items() if key[1] in wanted]

    def newest(self) -> Mapping[_Key, Tick]:
        """Return the newest tick of each instrument."""
        return self._ticks

    def price(self, asset_id: str) -> Decimal | None:
        """Return the price of an asset; None where it has no mark."""
        mark = self._marks.get(asset_id)
        return None if mark is None else mark.price


def _differs(known: Mark | None, mark: Mark) -> bool:
    # Prices differ most of the time, and comparing them alone is the cheapest way to see it.
    return known is None or known.price != mark.price or known != mark
