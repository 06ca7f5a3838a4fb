"""The way of a tick: another process, decoded, conflated, marked, valued with its tail, painted; and a whole day.

Fifty thousand frames a second of five hundred instruments go through the path that recordings and live feeds take. The
processor's time is that of everything the window's process does for them, painting included.
"""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory

import numpy as np

from app.bench import feed_source
from app.bench.feed_screen import LEVELS, OUTCOMES, Frames, watched
from app.bench.feed_source import INSTRUMENTS
from app.bench.figures import AT_MOST, Figure
from app.bench.vaults import apart
from app.bench.windows import in_window, settle_platform
from app.connectors.feeds.feeds import OtherProcess
from app.core.errors import VerificationError
from app.core.feed_ports import FASTEST, Feeds
from app.core.ports import Runtime
from app.core.risk import quantiles
from app.services.replay import Feed, replay

_RATE, _SLOW_RATE, _LOW_RATE = 50_000, 2_000, 5_000
_SECONDS, _FEW_SECONDS, _LOW_SECONDS = 60, 2, 15
_DAY, _SHORT_DAY = 2_300_000, 20_000
_REFERENCE = "json, a queue and the tail anew for every tick"
_PROBES = 300
_MOMENTS = (0.1, 0.25, 0.5, 0.75, 1.0)
"""When memory is told, as shares of the time."""


@dataclass(frozen=True, slots=True)
class _Size:
    rate: int
    low_rate: int
    seconds: int
    day: int


_WHOLE = _Size(_RATE, _LOW_RATE, _SECONDS, _DAY)
_QUICK = _Size(_SLOW_RATE, _SLOW_RATE // 2, _FEW_SECONDS, _SHORT_DAY)


def run(runtime: Runtime, *, quick: bool, seconds: int | None = None) -> Sequence[Figure]:
    """Measure the feed at two rates, then a day as fast as it can be read."""
    size = _QUICK if quick else _WHOLE
    size = replace(size, seconds=seconds or size.seconds)
    settle_platform()
    with apart(runtime) as (here, _):
        full = in_window(here, partial(watched, here, _feeds(here), _live(size.rate, size.seconds)))
        few = min(_LOW_SECONDS, size.seconds)
        low = in_window(here, partial(watched, here, _feeds(here), _live(size.low_rate, few)))
    _verify(full, size.rate * size.seconds)
    return [*_figures(full, low, size), *_stages(full, size), *_day(runtime, size.day)]


def _live(rate: int, seconds: int) -> OtherProcess:
    return OtherProcess("feed", feed_source.hand_on, rate, rate * seconds)


def _feeds(runtime: Runtime) -> Feeds:
    if runtime.feeds is None:
        raise RuntimeError("The benchmark needs the program's own feeds.")
    return runtime.feeds


def _verify(found: Frames, frames: int) -> None:
    """Raise where any instrument does not end at its last price, or a frame is nowhere counted."""
    lost = [
        number
        for number in range(INSTRUMENTS)
        if found.bids.get(feed_source.symbol(number)) != Decimal(feed_source.last_bid(number, frames))
    ]
    if lost or found.taken + found.conflated != frames:
        raise VerificationError(
            f"{len(lost)} of {INSTRUMENTS} instruments do not end at their last price; of {frames:,} ticks "
            f"{found.taken:,} were taken and {found.conflated:,} conflated",
            hint="The path from the feed to the table lost one.",
        )


def _figures(full: Frames, low: Frames, size: _Size) -> Sequence[Figure]:
    naive = _naive_share(size.rate)
    at = f"at {size.rate:,} ticks/s"
    return [
        Figure(f"tick to painted value and tail, p99, {at}", full.delays.percentile(0.99), "ms", (AT_MOST, 60.0)),
        Figure(f"the same, median, {at}", full.delays.percentile(0.5), "ms"),
        Figure(f"share of a core, {at}", full.cpu_share * 100, "%", (AT_MOST, 25.0), _REFERENCE, naive * 100),
        Figure(f"share of a core, at {size.low_rate:,} ticks/s", low.cpu_share * 100, "%", (AT_MOST, 10.0)),
        Figure("ticks handed on", full.frames / full.seconds, "1/s"),
        Figure("ticks conflated", full.conflated / full.frames * 100, "%"),
        Figure("frames painted", len(full.costs) / full.seconds, "1/s"),
        Figure("a frame: marks, value, tail and table, median", full.costs.percentile(0.5), "ms"),
        Figure("a frame, p99", full.costs.percentile(0.99), "ms"),
        Figure(f"memory grown in the last half of {full.seconds:.0f} s", full.memory.grown(), "MB", (AT_MOST, 5.0)),
        *(Figure(f"memory after {share:.0%}", full.memory.at(share), "MB") for share in _MOMENTS),
    ]


def _stages(full: Frames, size: _Size) -> Sequence[Figure]:
    """Return what the share of a core was spent on; what is told of no thread is the rest of the process."""
    return [
        Figure(f"at {size.rate:,} ticks/s: {name}", share * 100, "%")
        for name, share in sorted(full.shares.items(), key=lambda one: -one[1])
    ]


def _naive_share(rate: int) -> float:
    """Return the share of a core of the usual way: json, an exact price, a queue, and value and tail for every tick."""
    random = np.random.Generator(np.random.SFC64(5))
    by_asset, values = random.normal(0, 0.02, (INSTRUMENTS, OUTCOMES)), random.lognormal(5, 1, INSTRUMENTS)
    lines = [
        json.dumps({"data": {"u": number, "s": number, "b": feed_source.bid(number, 7), "a": "999.00500000"}})
        for number in range(_PROBES)
    ]
    queue: SimpleQueue[tuple[int, Decimal]] = SimpleQueue()
    began = time.process_time()
    for line in lines:
        data = json.loads(line)["data"]
        queue.put((data["s"] % INSTRUMENTS, (Decimal(data["b"]) + Decimal(data["a"])) / 2))
        place, price = queue.get()
        values[place] = float(price)
        quantiles.tails(values @ by_asset, LEVELS)
    return (time.process_time() - began) / _PROBES * rate


def _day(runtime: Runtime, frames: int) -> Sequence[Figure]:
    """Replay a day of recordings as fast as it can be read, twice and with other batches."""
    gc.collect()
    with TemporaryDirectory(prefix="counterfoil-bench-") as name:
        files = feed_source.write_day(Path(name), frames)
        began, cpu = time.perf_counter(), time.process_time()
        found = replay(runtime, files, FASTEST, "usd")
        seconds, spent = time.perf_counter() - began, time.process_time() - cpu
        feed = Feed(_feeds(runtime), _feeds(runtime).replayed(files, FASTEST))
        while feed.step():
            pass
        feed.stop()
    states = {found.market.fingerprint(), feed.market.fingerprint()}
    if found.market.frames != frames or found.market.unreadable:
        raise VerificationError(f"of {frames:,} frames {found.market.frames:,} were understood")
    if any(line.book.gaps for line in found.market.lines()):
        raise VerificationError("a book lost step in the replay of a day without a gap")
    return [
        Figure(f"a day of {frames:,} frames", seconds, "s", (AT_MOST, 60.0)),
        Figure("a day, processor of the reader", spent, "CPU s"),
        Figure("end states of two replays", len(states), "states", (AT_MOST, 1.0)),
    ]
