"""The change from one pool to lots by wallet: open lots are dealt out, the oldest first (Rev. Proc. 2024-28)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.core.lots.book_lots import Lot, take
from app.core.lots.events import ACQUISITIONS, Event, Kind


@dataclass(frozen=True, slots=True)
class Allocation:
    """A global allocation.

    Attributes:
        at: From when lots belong to wallets, in nanoseconds.
        order: The wallets in the order in which they are served.
        held: Units by asset and wallet at that moment.
    """

    at: int
    order: Sequence[str]
    held: Mapping[str, Mapping[str, int]] = field(repr=False)

    def wallets(self, asset: str) -> list[tuple[str, int]]:
        """Return wallets with what each is to receive; wallets that were not named come last, in order of use."""
        held = self.held.get(asset, {})
        named = [wallet for wallet in self.order if wallet in held]
        rest = [wallet for wallet in held if wallet not in self.order]
        return [(wallet, held[wallet]) for wallet in [*named, *rest] if held[wallet] > 0]

    def unnamed(self) -> list[str]:
        """Return wallets that hold something and were not named."""
        return sorted({wallet for held in self.held.values() for wallet in held if held[wallet] > 0} - {*self.order})


def held_before(events: Iterable[Event], at: int) -> dict[str, dict[str, int]]:
    """Return units by asset and wallet before a moment, as the movements alone give them."""
    held: dict[str, dict[str, int]] = {}
    for event in events:
        if event.at >= at:
            break
        wallets = held.setdefault(event.asset, {})
        if event.kind == Kind.SPLIT:
            for wallet in wallets:
                wallets[wallet] = wallets[wallet] * event.ratio[0] // event.ratio[1]
            continue
        sign = 1 if event.kind in ACQUISITIONS else -1
        wallets[event.wallet] = wallets.get(event.wallet, 0) + sign * event.quantity
        if event.kind == Kind.CARRY and event.to_asset:
            target = held.setdefault(event.to_asset, {})
            place = event.to_wallet or event.wallet
            target[place] = target.get(place, 0) + event.to_quantity
        if event.kind == Kind.TRANSFER:
            wallets[event.to_wallet] = wallets.get(event.to_wallet, 0) + event.quantity
    return held


def deal(lots: Iterable[Lot], wallets: Iterable[tuple[str, int]]) -> Iterator[tuple[str, Lot, int, int]]:
    """Yield (wallet, lot, units, cost), taking from the lots in their order until every wallet has its units."""
    rest = iter(lots)
    lot = next(rest, None)
    for wallet, wanted in wallets:
        open_units = wanted
        while open_units and lot is not None:
            quantity = min(open_units, lot.quantity)
            yield wallet, lot, quantity, take(lot, quantity)
            open_units -= quantity
            if not lot.quantity:
                lot = next(rest, None)
