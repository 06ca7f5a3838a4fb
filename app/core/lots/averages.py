"""Running averages: each disposal takes its share of what all units together cost at that moment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from app.core.lots.events import Event
from app.core.lots.methods import Scope
from app.core.lots.results import Departure, Disposal, Holding, Match, Matched, Shortage
from app.core.lots.shares import share
from app.core.lots.undisturbed import undisturbed

RULE = "average-cost"
_EVERYWHERE = ""


class LossRule(Protocol):
    """What part of a loss a law denies."""

    def denied(self, place: int, event: Event, loss: int) -> int:
        """Return the denied part of the loss of the event at this place of the history."""


class Pool:
    """Units held and what they cost together."""

    __slots__ = ("cost", "is_known", "quantity")

    def __init__(self) -> None:
        """Start empty."""
        self.quantity = 0
        self.cost = 0
        self.is_known = True

    def add(self, quantity: int, cost: int | None) -> None:
        """Take units in; one unknown cost makes the average unknown until the pool is empty."""
        self.quantity += quantity
        if cost is None:
            self.is_known = False
        else:
            self.cost += cost

    def take(self, wanted: int) -> tuple[int, int | None]:
        """Take units out; return how many were there and what they cost."""
        quantity = min(wanted, self.quantity)
        if not quantity:
            return 0, 0
        cost = share(self.cost, self.quantity, quantity)
        self.quantity -= quantity
        self.cost -= cost
        known = self.is_known
        if not self.quantity:
            self.is_known = True
        return quantity, cost if known else None


def departure(event: Event, quantity: int, cost: int | None) -> Departure:
    """Return what an event takes out of a pool for good."""
    matches: list[Match] = [(None, RULE, quantity, cost, None)] if quantity else []
    known = cost if quantity == event.quantity else None
    return Departure(event.row, event.asset, event.wallet, event.at, event.quantity, known, matches)


class Averages:
    """The pools of a history as it is played."""

    def __init__(self, scope: Scope, events: Sequence[Event], *, loss_rule: LossRule | None = None) -> None:
        """Choose one pool for an asset, or one for each of its wallets."""
        self.matched = Matched()
        self._events = events
        self._is_per_wallet = scope is Scope.PER_WALLET
        self._loss_rule = loss_rule
        self._pools: dict[tuple[str, str], Pool] = {}

    @undisturbed
    def played(self) -> Matched:
        """Play the whole history and return what it gives."""
        handlers = (
            self._acquire, self._acquire, self._dispose, self._transfer, self._split, self._spend, self._carry,
        )  # fmt: skip
        for place, event in enumerate(self._events):
            handlers[event.kind](place, event)
        self._close()
        return self.matched

    def _pool(self, asset: str, wallet: str) -> Pool:
        key = (asset, wallet if self._is_per_wallet else _EVERYWHERE)
        pool = self._pools.get(key)
        if pool is None:
            pool = self._pools[key] = Pool()
        return pool

    def _acquire(self, place: int, event: Event) -> None:
        del place
        self._pool(event.asset, event.wallet).add(event.quantity, event.value)

    def _dispose(self, place: int, event: Event) -> None:
        pool = self._pool(event.asset, event.wallet)
        quantity, cost = pool.take(event.quantity)
        missing = event.quantity - quantity
        matches: list[Match] = [(None, RULE, quantity, cost, None)] if quantity else []
        denied = 0
        proceeds = event.value
        if missing:
            cost = None
        if self._loss_rule and cost is not None and proceeds is not None and cost > proceeds:
            denied = self._loss_rule.denied(place, event, cost - proceeds)
            pool.cost += denied
        self.matched.disposals.append(
            Disposal(
                event.row,
                event.asset,
                event.wallet,
                event.at,
                event.quantity,
                proceeds,
                cost,
                matches,
                denied,
                missing,
            )
        )

    def _transfer(self, place: int, event: Event) -> None:
        del place
        if not self._is_per_wallet:
            return
        quantity, cost = self._pool(event.asset, event.wallet).take(event.quantity)
        if quantity:
            self._pool(event.asset, event.to_wallet).add(quantity, cost)
        if quantity < event.quantity:
            self._short(event, event.quantity - quantity)

    def _short(self, event: Event, missing: int) -> None:
        self.matched.shortages.append(Shortage(event.row, event.asset, event.wallet, missing))

    def _split(self, place: int, event: Event) -> None:
        del place
        new, old = event.ratio
        for (asset, wallet), pool in self._pools.items():
            if asset == event.asset and (not self._is_per_wallet or event.wallet in ("", wallet)):
                pool.quantity = pool.quantity * new // old

    def _spend(self, place: int, event: Event) -> None:
        pool = self._pool(event.asset, event.wallet)
        if pool.quantity <= event.quantity:
            # Nothing would be left that could bear the cost, so the units were given away after all.
            self._dispose(place, event)
        else:
            pool.quantity -= event.quantity

    def _carry(self, place: int, event: Event) -> None:
        del place
        quantity, cost = self._pool(event.asset, event.wallet).take(event.quantity)
        if event.to_asset:
            units = share(event.to_quantity, event.quantity, quantity)
            self._pool(event.to_asset, event.to_wallet or event.wallet).add(units, cost)
        else:
            self.matched.departures.append(departure(event, quantity, cost))
        if quantity < event.quantity:
            self._short(event, event.quantity - quantity)

    def _close(self) -> None:
        for (asset, wallet), pool in self._pools.items():
            if pool.quantity or pool.cost:
                cost = pool.cost if pool.is_known else None
                self.matched.holdings.append(
                    Holding(asset, wallet if self._is_per_wallet else None, pool.quantity, cost)
                )
