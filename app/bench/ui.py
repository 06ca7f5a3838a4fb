"""The window with the demo's books: standstills of the main thread under ticks, switches of screens, the start.

The tax place is measured over larger books, in `ui_tax`.

Each figure is the median of its rounds, and of the screens the slowest. A standstill is the longest pause between two
beats of a timer that beats every millisecond, so it also holds what the machine gave to others: the same loop without
a window stands beside it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from statistics import median

from app.bench import ui_tax
from app.bench.demo_window import with_demo
from app.bench.figures import AT_LEAST, AT_MOST, Figure
from app.bench.processes import first_window
from app.bench.sources import TickingExchange, WatchedExchanges
from app.bench.vaults import apart
from app.bench.windows import Watched, in_window, settle_platform
from app.core.model.accounts import Connection
from app.core.ports import Exchange, Runtime
from app.ui.watch import Stalls

PLACES = ("overview", "positions", "activity", "connections", "findings", "settings")
RATE = 100.0
_TICKING = "binance"
_VAULT, _TAX_VAULT = "bench.vault", "tax.vault"


@dataclass(frozen=True, slots=True)
class _Size:
    """How much is done."""

    scale: float
    rounds: int
    seconds: float
    starts: int
    entries: int


_WHOLE, _QUICK = _Size(1.0, 3, 3.0, 5, 100_000), _Size(0.02, 1, 0.4, 1, 2_000)

Found = dict[str, list[float]]
"""Seconds of the rounds by screen."""


@dataclass(slots=True)
class _Rounds:
    """What was measured, in seconds."""

    idle: list[float] = field(default_factory=list)
    stalls: Found = field(default_factory=dict)
    switches: Found = field(default_factory=dict)
    first_visits: Found = field(default_factory=dict)
    ticks: list[float] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)
    tax: Found = field(default_factory=dict)


def run(runtime: Runtime, *, quick: bool) -> Sequence[Figure]:
    """Measure standstills, switches and starts."""
    size = _QUICK if quick else _WHOLE
    settle_platform()
    with apart(runtime) as (here, folder):
        found = in_window(here, partial(_measured, here, folder / _VAULT, size))
        found.starts = [first_window(folder / _VAULT) for _ in range(size.starts)]
    return [*_figures(found), *ui_tax.figures(found.tax, size.entries)]


async def _measured(runtime: Runtime, path: Path, size: _Size) -> _Rounds:
    found, feeds = _Rounds(), dict[str, TickingExchange]()
    found.idle = [await _standstill(size.seconds) for _ in range(size.rounds)]

    def ticking(connection: Connection, exchange: Exchange) -> Exchange:
        feeds[connection.name] = TickingExchange(exchange, runtime.clock)
        return feeds[connection.name]

    here = replace(runtime, exchanges=WatchedExchanges(runtime.exchanges, ticking))
    async with with_demo(here, path, size.scale) as watched:
        await _switch(watched, size.rounds, found)
        for _ in range(size.rounds):
            for place in PLACES:
                await _stand(watched, place, size.seconds, feeds, found)
    found.tax = await ui_tax.standstills(runtime, path.with_name(_TAX_VAULT), size.entries, size.rounds)
    return found


async def _switch(watched: Watched, rounds: int, found: _Rounds) -> None:
    """Go to every screen: once while it is not built yet, then again and again."""
    for number in range(rounds + 1):
        for place in PLACES[1:] + PLACES[:1]:
            seconds = await watched.timed(partial(watched.desk.go, place))
            kept = found.switches if number else found.first_visits
            kept.setdefault(place, []).append(seconds)


async def _stand(
    watched: Watched, place: str, seconds: float, feeds: Mapping[str, TickingExchange], found: _Rounds
) -> None:
    """Look at a screen while prices tick."""
    watched.desk.go(place)
    await watched.settled()
    feed = feeds[_TICKING]
    feed.rate, before = RATE, feed.told
    await watched.until(lambda: feed.told > before, "The first tick")
    before = sum(one.told for one in feeds.values())
    found.stalls.setdefault(place, []).append(await _standstill(seconds))
    found.ticks.append((sum(one.told for one in feeds.values()) - before) / seconds)
    feed.rate = 0.0


async def _standstill(seconds: float) -> float:
    """Return the longest standstill of the main thread during some seconds."""
    stalls = Stalls()
    await asyncio.sleep(seconds)
    return stalls.ended()


def _figures(found: _Rounds) -> Sequence[Figure]:
    still, switched, visited = (_slowest(one) for one in (found.stalls, found.switches, found.first_visits))
    switch = (AT_MOST, 100.0)
    return [
        Figure(
            f"longest standstill under ticks ({still[0]})",
            still[1],
            "ms",
            (AT_MOST, 50.0),
            "the loop without a window",
            median(found.idle) * 1_000,
        ),
        Figure("ticks", median(found.ticks), "1/s", (AT_LEAST, RATE * 0.95)),
        *(Figure(f"standstill, {name}", median(one) * 1_000, "ms") for name, one in found.stalls.items()),
        Figure(f"slowest switch of screens ({switched[0]})", switched[1], "ms", switch),
        Figure(f"slowest first visit ({visited[0]})", visited[1], "ms", switch),
        *(Figure(f"switch to {name}", median(one) * 1_000, "ms") for name, one in found.switches.items()),
        Figure("start to first window", median(found.starts), "s", (AT_MOST, 2.0)),
    ]


def _slowest(found: Mapping[str, Sequence[float]]) -> tuple[str, float]:
    """Return the slowest screen and its median in milliseconds."""
    return max(((name, median(one) * 1_000) for name, one in found.items()), key=lambda one: one[1])
