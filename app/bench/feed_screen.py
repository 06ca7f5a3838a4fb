"""The window's side of the feed's benchmark: thirty frames a second of marks, value, tail and table, painted."""

from __future__ import annotations

import asyncio
import gc
import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from app.bench.feed_source import INSTRUMENTS
from app.core.market.board import MarkBoard
from app.core.market.live import Line, LiveMarket
from app.core.model.market import Tick
from app.core.ports import Runtime
from app.core.risk.arrays import Floats
from app.core.risk.exposures import Book
from app.core.risk.live import LiveTail
from app.core.risk.scenarios import Scenarios
from app.services.replay import Feed
from app.ui import format as fmt
from app.ui.models.columns import figure_column, text_column
from app.ui.models.rows import Branch
from app.ui.models.table import TableModel
from app.ui.watch import Paintings
from app.ui.widgets.basics import column, text
from app.ui.widgets.tables import Table

HERTZ = 30
OUTCOMES = 1_000
LEVELS = (0.99, 0.975)
_SIZE = (800, 640)
_MARKED_EVERY = 6
"""Frames between two makings of exact marks: five times a second, as in the window."""

_MS = 1_000_000
_MEGABYTE = 1024
"""`ru_maxrss` counts kilobytes on Linux."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the table; its price is exact."""

    name: str
    tick: Tick | None
    value: float


@dataclass(slots=True)
class Frames:
    """What was measured.

    Attributes:
        delays: Milliseconds from when a tick was sent until it was painted, of every tick that was.
        costs: Milliseconds of the main thread for each frame before it is painted.
        bids: The last bid of each instrument as it is on the board.
    """

    delays: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)
    bids: dict[str, Decimal] = field(default_factory=dict)
    taken: int = 0
    frames: int = 0
    conflated: int = 0
    seconds: float = 0.0
    cpu_share: float = 0.0
    grown_mb: float = 0.0


class _Desk:
    """A table of positions with what they are worth and may lose.

    Value and tail follow every frame, by the middles of quotes; exact marks are made as often as the window makes them.
    """

    def __init__(self, runtime: Runtime, market: LiveMarket) -> None:
        random = np.random.Generator(np.random.SFC64(5))
        self.board = MarkBoard("usd", runtime.assets)
        self._market = market
        self._lines: list[Line] = []
        self._quantities = random.lognormal(1, 1, INSTRUMENTS)
        self._middles = np.zeros(INSTRUMENTS)
        self._tail = LiveTail(_scenarios(random), _nothing(), LEVELS)
        self._shown: list[Branch] = []
        self.model = TableModel(
            [
                text_column("asset", "Asset", lambda row: row.name),
                figure_column("price", "Price", _price, _price_words),
                figure_column(
                    "value", "Value", lambda row: row.value, lambda row: fmt.amount(_cents(row.value), "USD")
                ),
            ],
            lambda row: str(row.name),
        )
        self.table = Table(self.model, "feed", "Feed")
        self._figures = text("")
        self.window = column(self._figures, self.table)
        self.window.resize(*_SIZE)

    def frame(self) -> Sequence[int]:
        """Bring what came since the last frame into value, tail and table; returns when each of it was sent."""
        if len(self._lines) < INSTRUMENTS:
            self._lines = list(self._market.lines())
        lines = self._lines
        middles = np.zeros(INSTRUMENTS)
        middles[: len(lines)] = [line.middle for line in lines]
        moved = np.flatnonzero(middles != self._middles)
        sent = [lines[place].at for place in moved]
        self._middles = middles
        self._tail.change_many(moved, middles[moved] * self._quantities[moved])
        self._show(middles * self._quantities)
        return sent

    def mark(self, ticks: Sequence[Tick]) -> None:
        """Make exact marks."""
        for tick in ticks:
            self.board.take(tick)
        self.board.settle()

    def _show(self, values: Floats) -> None:
        if len(self._shown) != len(self._lines):
            self._shown = [self._branch(line, value) for line, value in zip(self._lines, values, strict=False)]
            self.model.show(self._shown)
        else:
            first, last = self.table.rowAt(0), self.table.rowAt(self.table.viewport().height() - 1)
            for place in range(max(first, 0), (last if last >= 0 else len(self._shown) - 1) + 1):
                self._shown[place] = self._branch(self._lines[place], values[place])
            self.model.update(self._shown)
        (var, _), (_, shortfall) = self._tail.tails()
        worth, loss, mean = (fmt.amount(_cents(float(one)), "USD") for one in (values.sum(), var, shortfall))
        self._figures.setText(f"{worth}; value at risk 99 % {loss}, shortfall 97.5 % {mean}")
        # Each frame is painted, also one whose figures look as before: the measurement waits for it.
        self._figures.update()

    def _branch(self, line: Line, value: float) -> Branch:
        name = line.instrument.symbol
        return Branch(name, _Row(name, line.tick(), float(value)))


async def watched(runtime: Runtime, feed: Feed) -> Frames:
    """Show a feed until it ends."""
    desk, found = _Desk(runtime, feed.market), Frames()
    paintings = Paintings(desk.window)
    desk.window.show()
    feed.start()
    try:
        gc.collect()
        await _frames(desk, feed, paintings, found)
    finally:
        await asyncio.to_thread(feed.stop)
        desk.window.close()
    found.frames, found.conflated = feed.market.frames, feed.market.conflated
    for key, tick in desk.board.newest().items():
        found.bids[f"{key[1].partition(':')[2]}USDT"] = tick.bid or Decimal(0)
    return found


async def _frames(desk: _Desk, feed: Feed, paintings: Paintings, found: Frames) -> None:
    await asyncio.to_thread(feed.wait_for_first)
    began, cpu, memory = time.perf_counter(), time.process_time(), [_resident()]
    due, is_last = began, False
    while not is_last:
        due = max(due + 1 / HERTZ, time.perf_counter())
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        is_last = feed.is_over
        moment = time.perf_counter()
        sent = desk.frame()
        if is_last or len(found.costs) % _MARKED_EVERY == 0:
            ticks = feed.take()
            found.taken += len(ticks)
            desk.mark(ticks)
        found.costs.append((time.perf_counter() - moment) * 1_000)
        await paintings.after(moment)
        now = time.monotonic_ns()
        found.delays += [(now - at) / _MS for at in sent]
        memory.append(_resident())
    found.seconds = time.perf_counter() - began
    found.cpu_share = (time.process_time() - cpu) / found.seconds
    # The measurement's own list of delays grows: a place and a float for each price that was painted.
    own = len(found.delays) / 2 * 32 / _MEGABYTE**2
    found.grown_mb = max(0.0, (memory[-1] - memory[len(memory) // 2]) / _MEGABYTE - own)


def _resident() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _scenarios(random: np.random.Generator) -> Scenarios:
    market = random.standard_t(4, OUTCOMES) * 0.02
    returns = market * random.uniform(0.5, 1.5, (INSTRUMENTS, 1)) + random.normal(0, 0.02, (INSTRUMENTS, OUTCOMES))
    return Scenarios(
        assets=_names(),
        by_asset=np.maximum(returns, -1.0),
        at=np.zeros(0, np.int64),
        method="made up",
        how="Drawn for the benchmark.",
        since=0,
        until=0,
        observations=OUTCOMES,
    )


def _nothing() -> Book:
    return Book(_names(), np.zeros(INSTRUMENTS))


def _price(row: _Row) -> Decimal | None:
    return None if row.tick is None else row.tick.price


def _price_words(row: _Row) -> str:
    return fmt.UNKNOWN if row.tick is None else fmt.price(row.tick.price)


def _names() -> tuple[str, ...]:
    return tuple(f"asset-{number:03d}" for number in range(INSTRUMENTS))


def _cents(value: float) -> Decimal:
    """Return money for the screen; the engine's floats are rounded at its edge."""
    return Decimal(round(value * 100)).scaleb(-2)
