"""Lots of long histories: every method in a process of its own, parsing on neither side.

The reference, rp2, computes universal lots only. Where it is not installed, its column stays empty and says so.
"""

from __future__ import annotations

import importlib.util
import json
import random
import sys
import time
from collections.abc import Iterable, Sequence
from heapq import heappop, heappush
from pathlib import Path
from zoneinfo import ZoneInfo

from app.bench.figures import AT_MOST, Figure
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
_UNIT, _PRICE = 10**18, 10**9
_BOUGHT, _SOLD = 0.5, 0.85
_MEGABYTE = 1_024 if sys.platform == "linux" else 1_048_576
_SIZE = 1_024
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
            for method in (Method.FIFO, Method.LIFO, Method.HIFO, Method.LOFO):
                seconds = _round(folder, method, Scope.UNIVERSAL, small, assets)["seconds"]
                name = f"{method}, universal, {small:,} events, {assets} assets"
                found.append(Figure(name, seconds, "CPU s", None, _reference()))
        for method, goal in _GOALS.items():
            scope = Scope.PER_WALLET if method in BY_LOT else Scope.UNIVERSAL
            told = _round(folder, method, scope, large, 20)
            name = f"{method}, {scope}, {large:,} events, 20 assets"
            found.append(Figure(name, told["seconds"], "CPU s", (AT_MOST, goal)))
            if "megabytes" in told:
                found.append(Figure(f"{name}: peak of the process", told["megabytes"], "MB", (AT_MOST, _SIZE)))
    return found


def _reference() -> str:
    return "rp2, not measured" if importlib.util.find_spec("rp2") else "rp2, not installed"


def _round(folder: Path, method: Method, scope: Scope, events: int, assets: int) -> dict[str, float]:
    asked = {"method": method, "scope": scope, "events": events, "assets": assets}
    (folder / "lots.json").write_text(json.dumps(asked), "utf-8")
    told: dict[str, float] = round_of("lots", folder)
    return told


def round_in(runtime: Runtime, folder: Path) -> dict[str, float]:
    """Measure one method in this process."""
    del runtime
    asked = json.loads((folder / "lots.json").read_text("utf-8"))
    method, scope = Method(asked["method"]), Scope(asked["scope"])
    events = history(asked["events"], asked["assets"], identifies=method is Method.SPEC_ID)
    started = time.process_time()
    matched = play(method, scope, events)
    seconds = time.process_time() - started
    return {"seconds": seconds, "disposals": len(matched.disposals), **_peak()}


def play(method: Method, scope: Scope, events: Sequence[Event]) -> Matched:
    """Match a history."""
    if method in BY_LOT:
        return Book(method, scope, events).played()
    day_of = Calendar(ZoneInfo("Europe/London")).day
    if method is Method.SECTION_104:
        return Section104(events, day_of).played()
    return Averages(scope, events, loss_rule=SuperficialLoss(events, day_of)).played()


def history(count: int, assets: int, *, wallets: int = 5, identifies: bool = False) -> list[Event]:
    """Return buys, sales and transfers of several years, in which nothing is sold that is not there.

    Sales identify the oldest of their lots where that is asked for.
    """
    dice = random.Random(1)  # noqa: S311 - made-up trades, no secret
    shelves: dict[tuple[str, str], _Shelf] = {}
    found = []
    at, step = _START, _YEARS * 365 * DAY // count
    for number in range(count):
        at += dice.randrange(2 * step)
        place, lot = dice.randrange(wallets), dice.random()
        asset, wallet, row = f"A{dice.randrange(assets)}", f"wallet {place}", f"e{number}"
        shelf = shelves.setdefault((asset, wallet), _Shelf())
        quantity = dice.randrange(1, 100 * _UNIT)
        is_purchase = lot < _BOUGHT or shelf.held < _UNIT
        quantity = quantity if is_purchase else min(quantity, shelf.held)
        value = quantity * dice.randrange(1, _PRICE) // _PRICE
        if is_purchase:
            found.append(Event(at, Kind.ACQUIRE, asset, wallet, quantity, value, row))
            shelf.put([(row, quantity)])
        elif lot < _SOLD:
            taken = tuple(shelf.taken(quantity))
            event = Event(at, Kind.DISPOSE, asset, wallet, quantity, value, row)
            found.append(event._replace(choice=taken) if identifies else event)
        else:
            target = f"wallet {(place + 1) % wallets}"
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
