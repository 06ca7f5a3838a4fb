"""The average of the whole portfolio of France: cost = total cost × price of the sale ÷ value of everything held.

Code général des impôts, article 150 VH bis. Exchanges of one digital asset for another are neutral: they are no
disposal, and what was paid for the old one remains part of the total cost. The share is that of the price before the
costs of the sale, which only come off the gain (BOI-RPPM-PVBMC-30-20, § 50).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.core.lots.events import ACQUISITIONS, Event, Kind
from app.core.lots.results import Disposal, Holding, Match, Matched, Shortage
from app.core.lots.shares import share

RULE = "portfolio-average"


class PortfolioAverage:
    """The total cost of a portfolio as its history is played."""

    def __init__(self, events: Sequence[Event]) -> None:
        """Find the exchanges."""
        self.matched = Matched()
        self._events = events
        self._cost = 0
        self._is_known = True
        self._held: dict[str, int] = {}
        self._swapped = _swaps(events)

    def played(self) -> Matched:
        """Play the whole history and return what it gives."""
        for event in self._events:
            self._play(event)
        self._close()
        return self.matched

    def _play(self, event: Event) -> None:
        held = self._held.get(event.asset, 0)
        if event.kind in ACQUISITIONS:
            self._held[event.asset] = held + event.quantity
            if event.row not in self._swapped:
                self._is_known = self._is_known and event.value is not None
                self._cost += event.value or 0
        elif event.kind == Kind.SPLIT:
            self._held[event.asset] = held * event.ratio[0] // event.ratio[1]
        elif event.kind == Kind.SPEND:
            self._held[event.asset] = held - min(held, event.quantity)
        elif event.kind == Kind.CARRY:
            self._carry(event, min(held, event.quantity))
        elif event.kind == Kind.DISPOSE:
            quantity = min(held, event.quantity)
            self._held[event.asset] = held - quantity
            if event.row in self._swapped:
                self.matched.neutral.append(event.row)
            else:
                self._dispose(event, event.quantity - quantity)

    def _carry(self, event: Event, quantity: int) -> None:
        """Let units become others; the cost of the whole stays, also where they were given away."""
        self._held[event.asset] = self._held.get(event.asset, 0) - quantity
        if event.to_asset:
            units = share(event.to_quantity, event.quantity, quantity)
            self._held[event.to_asset] = self._held.get(event.to_asset, 0) + units
        if quantity < event.quantity:
            self.matched.shortages.append(Shortage(event.row, event.asset, event.wallet, event.quantity - quantity))

    def _dispose(self, event: Event, missing: int) -> None:
        cost = self._share_of(event)
        matches: list[Match] = []
        if cost is not None:
            self._cost -= cost
            matches = [(None, RULE, event.quantity, cost, None)]
        else:
            # Without the value of the portfolio no later figure is known either.
            self._is_known = False
        self.matched.disposals.append(
            Disposal(
                event.row,
                event.asset,
                event.wallet,
                event.at,
                event.quantity,
                event.value,
                None if missing else cost,
                matches,
                0,
                missing,
            )
        )

    def _share_of(self, event: Event) -> int | None:
        net, whole = event.value, event.portfolio_value
        if not self._is_known or net is None or whole is None or whole <= 0:
            return None
        price = net + event.rare.costs
        return share(self._cost, whole, price) if 0 <= price <= whole else None

    def _close(self) -> None:
        cost = self._cost if self._is_known else None
        self.matched.portfolio_cost = cost
        held = {asset: quantity for asset, quantity in self._held.items() if quantity}
        # The law knows the cost of the whole only; it is an asset's own where nothing else was ever held.
        alone = len(self._held) == 1
        self.matched.holdings.extend(
            Holding(asset, None, quantity, cost if alone else None) for asset, quantity in held.items()
        )


def _swaps(events: Iterable[Event]) -> frozenset[str]:
    """Return the rows of exchanges: a sale without a portfolio value and a purchase, one moment, wallet and value."""
    open_sales: dict[tuple[int, str, int], list[Event]] = {}
    bought: list[Event] = []
    for event in events:
        if event.kind == Kind.ACQUIRE:
            bought.append(event)
        elif event.kind == Kind.DISPOSE and event.portfolio_value is None and event.value is not None:
            open_sales.setdefault((event.at, event.wallet, event.value), []).append(event)
    found: set[str] = set()
    for event in bought:
        sales = open_sales.get((event.at, event.wallet, event.value)) if event.value is not None else None
        sale = next((sale for sale in sales or () if sale.asset != event.asset and sale.row not in found), None)
        if sale is not None:
            found |= {sale.row, event.row}
    return frozenset(found)
