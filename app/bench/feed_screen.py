"""The window's side of the feed's benchmark: thirty frames a second of marks, value, tail and table, painted."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
from msgspec import Struct

from app.bench.feed_measured import Durations, Memory, Stages, TimedPipe
from app.bench.feed_source import INSTRUMENTS
from app.core.feed_ports import Feeds, FramePipe
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
from app.ui.models.columns import Column, figure_column, text_column
from app.ui.models.live import LiveModel
from app.ui.models.rows import Branch
from app.ui.watch import Paintings, precise_timer
from app.ui.widgets.basics import column, text
from app.ui.widgets.tables import Table

HERTZ = 30
OUTCOMES = 1_000
LEVELS = (0.99, 0.975)
_SIZE = (800, 640)
_BITE = 0.02
"""Seconds of a frame for what came, at most."""

_MARKED_EVERY = 6
"""Frames between two makings of exact marks: five times a second, as in a window of so many assets."""

_MS = 1_000_000


class _Row(Struct, frozen=True, gc=False):
    """A line of the table; its price is exact."""

    name: str
    tick: Tick | None
    value: float


@dataclass(slots=True)
class Frames:
    """What was measured.

    Attributes:
        delays: From when a tick was sent until it was painted, of every tick that was.
        costs: What the main thread does for each frame before it is painted.
        shares: Shares of a core by what was done, the reader's thread beside the main one.
        bids: The last bid of each instrument as it is on the board.
    """

    delays: Durations = field(default_factory=Durations)
    costs: Durations = field(default_factory=Durations)
    memory: Memory = field(default_factory=Memory)
    shares: dict[str, float] = field(default_factory=dict)
    bids: dict[str, Decimal] = field(default_factory=dict)
    taken: int = 0
    frames: int = 0
    conflated: int = 0
    seconds: float = 0.0
    cpu_share: float = 0.0


class _Desk:
    """A table of positions with what they are worth and may lose.

    Value and tail follow every frame, by the middles of quotes, and so do the rows in sight; exact marks are made as
    often as the window makes them, and the other rows follow those.
    """

    def __init__(self, runtime: Runtime, market: LiveMarket) -> None:
        random = np.random.Generator(np.random.SFC64(5))
        self.board = MarkBoard("usd", runtime.assets)
        self.stages = Stages()
        self._market = market
        self._lines: list[Line] = []
        self._quantities = random.lognormal(1, 1, INSTRUMENTS)
        self._middles = np.zeros(INSTRUMENTS)
        self._tail = LiveTail(_scenarios(random), _nothing(), LEVELS)
        self.model = LiveModel(_columns(), lambda row: str(row.name))
        self.table = Table(self.model, "feed", "Feed")
        self.model.watch(self.table.seen_rows)
        self._figures = text("")
        self.window = column(self._figures, self.table)
        self.window.resize(*_SIZE)

    def frame(self) -> list[int]:
        """Bring what came since the last frame into value, tail and table; returns when each of it was sent."""
        if len(self._lines) < INSTRUMENTS:
            self._open()
        lines = self._lines
        middles = np.zeros(INSTRUMENTS)
        middles[: len(lines)] = [line.middle for line in lines]
        moved = np.flatnonzero(middles != self._middles)
        sent = [lines[place].at for place in moved]
        self._middles = middles
        values = middles * self._quantities
        self._tail.change_many(moved, values[moved])
        tails = self._tail.tails()
        self.stages.lap("value and tail")
        self._show(values, tails)
        self.stages.lap("table")
        return sent

    def mark(self, ticks: Sequence[Tick]) -> None:
        """Make exact marks."""
        for tick in ticks:
            self.board.take(tick)
        self.board.settle()
        self.stages.lap("exact marks")
        first, last = self.table.seen_rows()
        elsewhere = {}
        for tick in ticks:
            name = _symbol(tick)
            place = self.model.number(name)
            if place is not None and not first <= place <= last:
                elsewhere[name] = _Row(name, tick, float(tick.price) * float(self._quantities[place]))
        self.model.move(elsewhere)
        self.stages.lap("table")

    def _open(self) -> None:
        self._lines = list(self._market.lines())
        self.model.show([Branch(row.name, row) for row in map(self._row, self._lines, self._quantities)])

    def _show(self, values: Floats, tails: Sequence[tuple[float, float]]) -> None:
        first, last = self.table.seen_rows()
        seen = map(self._row, self._lines[first : last + 1], values[first : last + 1])
        self.model.move({row.name: row for row in seen})
        (var, _), (_, shortfall) = tails
        worth, loss, mean = (fmt.amount(_cents(float(one)), "USD") for one in (values.sum(), var, shortfall))
        self._figures.setText(f"{worth}; value at risk 99 % {loss}, shortfall 97.5 % {mean}")
        # Each frame is painted, also one whose figures look as before: the measurement waits for it.
        self._figures.update()

    @staticmethod
    def _row(line: Line, value: float) -> _Row:
        return _Row(line.instrument.symbol, line.tick(), float(value))


async def watched(runtime: Runtime, feeds: Feeds, pipe: FramePipe) -> Frames:
    """Show a feed until it ends."""
    timed = TimedPipe(pipe)
    feed = Feed(feeds, timed)
    desk, found = _Desk(runtime, feed.market), Frames()
    paintings = Paintings(desk.window)
    desk.window.show()
    feed.start()
    try:
        await asyncio.to_thread(feed.wait_for_first)
        # Held by a name: a signal holds on to nothing.
        beat = _Beat(desk, feed, paintings, found)
        await beat.ended
    finally:
        await asyncio.to_thread(feed.stop)
        desk.window.close()
    found.frames, found.conflated = feed.market.frames, feed.market.conflated
    spent = {"pipe": timed.spent, **desk.stages.spent}
    found.shares = {name: seconds / found.seconds for name, seconds in spent.items()}
    found.bids = {_symbol(tick): tick.bid or Decimal(0) for tick in desk.board.newest().values()}
    return found


class _Beat:
    """Thirty frames a second, each until it is painted; `ended` is done with the last one."""

    def __init__(self, desk: _Desk, feed: Feed, paintings: Paintings, found: Frames) -> None:
        self._desk, self._feed, self._found = desk, feed, found
        self.ended = asyncio.get_running_loop().create_future()
        self._number, self._sent = 0, [0]
        self._moment = self._began = self._due = time.perf_counter()
        self._cpu = time.process_time()
        paintings.painted.connect(self._painted)
        desk.stages.spent.clear()
        self._timer = precise_timer(desk.window, self._frame)
        self._wait()

    def _wait(self) -> None:
        self._due = max(self._due + 1 / HERTZ, time.perf_counter())
        self._timer.start(max(0, round((self._due - time.perf_counter()) * 1_000)))

    def _frame(self) -> None:
        desk, stages = self._desk, self._desk.stages
        stages.lap("waiting")
        self._moment = time.perf_counter()
        self._feed.catch_up(_BITE)
        stages.lap("decoding")
        self._sent = desk.frame()
        if self._feed.is_over or self._number % _MARKED_EVERY == 0:
            ticks = self._feed.take()
            self._found.taken += len(ticks)
            stages.lap("exact ticks")
            desk.mark(ticks)
        self._number += 1
        self._found.costs.note((time.perf_counter() - self._moment) * 1_000)
        stages.lap("measuring")

    def _painted(self, began: float, _ended: float) -> None:
        if began < self._moment or self.ended.done():
            return
        found, stages = self._found, self._desk.stages
        stages.lap("painting")
        found.delays.note((time.monotonic_ns() - np.array(self._sent, np.int64)) / _MS)
        found.memory.note(time.perf_counter())
        stages.lap("measuring")
        if self._feed.is_over:
            found.seconds = time.perf_counter() - self._began
            found.cpu_share = (time.process_time() - self._cpu) / found.seconds
            self.ended.set_result(None)
            return
        self._wait()


def _symbol(tick: Tick) -> str:
    """Return the venue's name of what a tick prices: the registry does not know made-up instruments."""
    return f"{tick.base.partition(':')[2]}USDT"


def _columns() -> list[Column]:
    return [
        text_column("asset", "Asset", lambda row: row.name),
        figure_column("price", "Price", _price, _price_words),
        figure_column("value", "Value", lambda row: row.value, lambda row: fmt.amount(_cents(row.value), "USD")),
    ]


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
