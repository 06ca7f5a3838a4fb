"""The account at the simulated Coinbase, kept by wallet as its interfaces ask for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from app.core.money import ZERO, add
from app.demo import ids
from app.demo.coinbase_wire import VENUE, Posting
from app.demo.events import Event, Kind

_TWO_SIDED = (Kind.TRADE, Kind.CONVERT, Kind.DUST)


class CoinbaseBooks:
    """All that happened at the venue until now, by wallet."""

    def __init__(self, seed: int) -> None:
        """Begin with nothing."""
        self._seed = seed
        self.fills: list[Event] = []
        self.postings: dict[str, list[Posting]] = defaultdict(list)
        self.transfers: dict[tuple[str, Kind], list[Event]] = defaultdict(list)
        self.balances: dict[str, Decimal] = {}
        self.times: dict[str, tuple[int, int]] = {}
        self._taken = 0

    def take(self, events: Sequence[Event]) -> None:
        """Take what is new in the venue's list of events, which only grows."""
        for event in events[self._taken :]:
            if event.kind is Kind.TRADE:
                self.fills.append(event)
            if event.kind in {Kind.FIAT_DEPOSIT, Kind.FIAT_WITHDRAWAL}:
                self.transfers[event.base, event.kind].append(event)
            for asset, quantity in _changes(event).items():
                self._post(event, asset, quantity)
            for move in event.effect:
                self.balances[move.asset] = add(self.balances.get(move.asset, ZERO), move.quantity)
        self._taken = len(events)

    def _post(self, event: Event, asset: str, quantity: Decimal) -> None:
        first = self.times.get(asset, (event.at, 0))[0]
        self.times[asset] = first, event.at
        number = event.native_id
        if event.kind in _TWO_SIDED:
            number = ids.uuid(self._seed, VENUE, "transaction", event.native_id, asset)
        self.postings[asset].append(Posting(event, asset, quantity, number))


def _changes(event: Event) -> dict[str, Decimal]:
    """Return what an event changed by asset; the commission of a fill is not told as a transaction."""
    found: dict[str, Decimal] = {}
    for move in event.moves:
        if move.is_fee and event.kind is Kind.TRADE:
            continue
        found[move.asset] = add(found.get(move.asset, ZERO), move.quantity)
    return found
