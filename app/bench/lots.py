"""Lots of long histories: every method in a process of its own, parsing on neither side.

The reference, rp2, computes universal lots only, and rounds to 13 decimals where it compares: its histories have
numbers that both sides hold exactly, and every gain must come out equal. Both times are of the matching alone; what
each side matches was built before. Where rp2 is not installed, its column stays empty and says so.
"""

from __future__ import annotations

import importlib.util
import json
import random
import sys
import time
from collections.abc import Iterable, Sequence
from decimal import Decimal
from heapq import heappop, heappush
from pathlib import Path
from zoneinfo import ZoneInfo

from app.bench import late, lots_peer
from app.bench.figures import AT_LEAST, AT_MOST, Figure
from app.bench.processes import round_of
from app.bench.vaults import apart
from app.core.clock import DAY, SECOND
from app.core.lots.averages import Averages
from app.core.lots.book import Book
from app.core.lots.events import Event, Kind
from app.core.lots.methods import BY_LOT, Method, Scope
from app.core.lots.results import Matched
from app.core.lots.section104 import Section104
from app.core.lots.superficial import SuperficialLoss
from app.core.ports import Runtime
from app.core.tax.calendar import Calendar

_SMALL, _LARGE, _FEW = 100_000, 1_000_000, 2_000
_YEARS = 5
_START = 1_577_836_800 * SECOND
_UNIT, _PRICE = 10**lots_peer.PLACES, 10**9
_EVEN = _UNIT // 10**4
"""Quantities of the histories that rp2 matches too: four decimals, and prices that are whole and all different."""
_BOUGHT, _SOLD = 0.5, 0.85
_MEGABYTE = 1_024 if sys.platform == "linux" else 1_048_576
_SIZE = 1_024
_TIMES = 20
"""As fast as rp2."""

_GOALS = {
    Method.FIFO: 6,
    Method.LIFO: 12,
    Method.HIFO: 12,
    Method.SPEC_ID: 12,
    Method.SECTION_104: 6,
    Method.ACB: 6,
}
"""CPU seconds for a million events."""


def run(runtime: Runtime, *, quick: bool) -> Sequence[Figure]:
    """Measure methods over histories of both lengths."""
    small, large = (_FEW, 10 * _FEW) if quick else (_SMALL, _LARGE)
    found: list[Figure] = []
    with apart(runtime) as (_, folder):
        for assets in (1, 20):
            found += [
                _against_peer(_round(folder, method, Scope.UNIVERSAL, small, assets), method, assets)
                for method in (Method.FIFO, Method.LIFO, Method.HIFO, Method.LOFO)
            ]
        for method, goal in _GOALS.items():
            scope = Scope.PER_WALLET if method in BY_LOT else Scope.UNIVERSAL
            told = _round(folder, method, scope, large, 20)
            name = f"{method}, {scope}, {large:,} events, 20 assets"
            found.append(Figure(name, told["seconds"], "CPU s", (AT_MOST, goal)))
            if "megabytes" in told:
                found.append(Figure(f"{name}: peak of the process", told["megabytes"], "MB", (AT_MOST, _SIZE)))
        found += late.run(runtime, folder, quick=quick)
    return found


def _against_peer(told: dict[str, float], method: Method, assets: int) -> Figure:
    """Return events a second: the more the better, so that a ratio says how many times as fast we are."""
    name = f"{method}, universal, {told['events']:,} events, {assets} assets"
    own, peer = told["events"] / told["seconds"], told.get("peer_seconds")
    if peer is None:
        return Figure(name, own, "events/CPU s", None, "rp2, not installed")
    return Figure(name, own, "events/CPU s", (AT_LEAST, _TIMES), "rp2", told["events"] / peer, of_ratio=True)


def _round(folder: Path, method: Method, scope: Scope, events: int, assets: int) -> dict[str, float]:
    # Universal lots that are no average are what rp2 knows too.
    has_peer = scope is Scope.UNIVERSAL and method in BY_LOT and importlib.util.find_spec("rp2") is not None
    asked = {"method": method, "scope": scope, "events": events, "assets": assets, "has_peer": has_peer}
    (folder / "lots.json").write_text(json.dumps(asked), "utf-8")
    told: dict[str, float] = round_of("lots", folder)
    return told


def round_in(runtime: Runtime, folder: Path) -> dict[str, float]:
    """Measure one method, or late history, in this process."""
    if (folder / late.ASKED).exists():
        return late.round_in(runtime, folder)
    asked = json.loads((folder / "lots.json").read_text("utf-8"))
    method, scope = Method(asked["method"]), Scope(asked["scope"])
    has_peer = asked["has_peer"]
    events = history(asked["events"], asked["assets"], identifies=method is Method.SPEC_ID, is_even=has_peer)
    started = time.process_time()
    matched = play(method, scope, events)
    seconds = time.process_time() - started
    told = {"events": len(events), "seconds": seconds, "disposals": len(matched.disposals), **_peak()}
    return {**told, "peer_seconds": _peer_seconds(method, events, matched, folder)} if has_peer else told


def _peer_seconds(method: Method, events: Sequence[Event], own: Matched, folder: Path) -> float:
    """Return the time that rp2 takes; RuntimeError where it does not find every gain that we found."""
    theirs = lots_peer.matched(method, events, folder)
    gains = {one.row: (one.proceeds or 0) - (one.cost or 0) for one in own.disposals}
    wrong = [row for row in gains.keys() | theirs.gains if gains.get(row) != _units(theirs.gains.get(row))]
    if wrong or own.shortages:
        message = f"{len(wrong)} of {len(gains)} gains of rp2 are others than ours, such as that of {min(wrong)}."
        raise RuntimeError(message)
    return theirs.seconds


def _units(gain: Decimal | None) -> int | None:
    return None if gain is None else int(gain.scaleb(lots_peer.PLACES))


def play(method: Method, scope: Scope, events: Sequence[Event]) -> Matched:
    """Match a history."""
    if method in BY_LOT:
        return Book(method, scope, events).played()
    day_of = Calendar(ZoneInfo("Europe/London")).day
    if method is Method.SECTION_104:
        return Section104(events, day_of).played()
    return Averages(scope, events, loss_rule=SuperficialLoss(events, day_of)).played()


def history(
    count: int, assets: int, *, wallets: int = 5, identifies: bool = False, is_even: bool = False
) -> list[Event]:
    """Return buys, sales and transfers of several years, in which nothing is sold that is not there.

    Sales identify the oldest of their lots where that is asked for. Even numbers have few digits, and no two prices
    or moments are the same.
    """
    dice = random.Random(1)  # noqa: S311 - made-up trades, no secret
    grain, prices = (_EVEN, dice.sample(range(1, 10 * count), count)) if is_even else (1, [])
    shelves: dict[tuple[str, str], _Shelf] = {}
    # Each name is one text, as in transactions that are read from books or from a file.
    asset_names, wallet_names = [f"A{one}" for one in range(assets)], [f"wallet {one}" for one in range(wallets)]
    found = []
    at, step = _START, _YEARS * 365 * DAY // count
    for number in range(count):
        at += (1 + dice.randrange(2 * step) // SECOND) * SECOND if is_even else dice.randrange(2 * step)
        place, lot = dice.randrange(wallets), dice.random()
        asset, wallet, row = asset_names[dice.randrange(assets)], wallet_names[place], f"e{number}"
        shelf = shelves.setdefault((asset, wallet), _Shelf())
        quantity = dice.randrange(1, 100 * _UNIT // grain) * grain
        is_purchase = lot < _BOUGHT or shelf.held < _UNIT
        quantity = quantity if is_purchase else min(quantity, shelf.held)
        value = quantity * prices[number] if is_even else quantity * dice.randrange(1, _PRICE) // _PRICE
        if is_purchase:
            found.append(Event(at, Kind.ACQUIRE, asset, wallet, quantity, value, row))
            shelf.put([(row, quantity)])
        elif lot < _SOLD:
            taken = tuple(shelf.taken(quantity))
            event = Event(at, Kind.DISPOSE, asset, wallet, quantity, value, row)
            found.append(event._replace(choice=taken) if identifies else event)
        else:
            target = wallet_names[(place + 1) % wallets]
            found.append(Event(at, Kind.TRANSFER, asset, wallet, quantity, None, row, target))
            shelves.setdefault((asset, target), _Shelf()).put(shelf.taken(quantity))
    return found


class _Shelf:
    """Lots of one asset in one wallet, the oldest first."""

    def __init__(self) -> None:
        self.held = 0
        self._lots: list[tuple[int, str, int]] = []

    def put(self, lots: Iterable[tuple[str, int]]) -> None:
        for row, quantity in lots:
            heappush(self._lots, (int(row[1:]), row, quantity))
            self.held += quantity

    def taken(self, quantity: int) -> list[tuple[str, int]]:
        found = []
        self.held -= quantity
        while quantity:
            age, row, there = heappop(self._lots)
            part = min(there, quantity)
            if there > part:
                heappush(self._lots, (age, row, there - part))
            found.append((row, part))
            quantity -= part
        return found


def _peak() -> dict[str, float]:
    """Return the most memory that this process had; nothing where the system does not tell."""
    if sys.platform == "win32":
        return {}
    import resource  # noqa: PLC0415 - it exists on Unix only

    return {"megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MEGABYTE}
