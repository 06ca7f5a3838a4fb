"""The whole window while recorded feeds are replayed in it: how long its main thread stands still, place by place.

At each speed a window is new, so that what opens for the first time counts too; the collector runs as it does in the
program. A standstill is a pause between two beats of a timer that beats every millisecond. The processor's time that
the main thread took in its longest turn stands beside it, since a pause also holds what the machine gave to others.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from app.bench import feed_source
from app.bench.demo_window import with_demo
from app.bench.figures import AT_MOST, Figure
from app.bench.vaults import apart
from app.bench.windows import Watched, in_window, settle_platform
from app.core.errors import InputError
from app.core.feed_ports import FASTEST
from app.core.model.order_books import BookState
from app.core.ports import Runtime
from app.services.replay import LiveReplay, recordings, replay
from app.services.workspace import Workspace
from app.ui.screens.markets import MarketsScreen
from app.ui.screens.markets_chart import CANDLES, DEPTH, MarketChart
from app.ui.screens.risk import PANES as RISK_PANES
from app.ui.watch import Stalls

_GOAL = 50.0
_NAMES = ("BTCUSDT", "ETHUSDT", "SOLUSDT", "XRPUSDT")
"""What is made up where no recording is given: of assets that the demo's books hold."""

_OTHERS = ("positions", "activity", "alerts", "performance", "track", "reconciliation", "tax", "prices", "settings")
"""Places that no recording moves, opened for the first time while it is replayed."""

_LOOK, _BEAT = 0.05, 0.01


@dataclass(frozen=True, slots=True)
class _Size:
    """How much is done; `frames` are made up over so many seconds, about as many a second as real ones."""

    scale: float
    stay: float
    speeds: tuple[float, ...]
    frames: int
    span: int


_WHOLE = _Size(1.0, 3.0, (1.0, 10.0, FASTEST), 170_000, 345)
_QUICK = _Size(0.02, 0.3, (10.0,), 4_000, 10)


@dataclass(frozen=True, slots=True)
class _Stood:
    """What was measured of one step, in seconds."""

    step: str
    speed: float
    longest: float
    busiest: float


def run(runtime: Runtime, *, quick: bool, recorded: Sequence[Path] = ()) -> Sequence[Figure]:
    """Replay recordings, or made-up ones, at each speed in a window of its own."""
    size = _QUICK if quick else _WHOLE
    settle_platform()
    with apart(runtime) as (here, folder):
        files = recordings(recorded) or feed_source.write_day(folder, size.frames, seconds=size.span, names=_NAMES)
        asset = _asset(here, files)
        idle, *found = in_window(here, partial(_measured, here, folder / "bench.vault", files, asset, size))
    return [
        Figure(idle.step, idle.longest * 1_000, "ms"),
        *(
            Figure(
                f"standstill at {_words(one.speed)}, {one.step}",
                one.longest * 1_000,
                "ms",
                (AT_MOST, _GOAL),
                "the main thread's processor",
                one.busiest * 1_000,
            )
            for one in found
        ),
    ]


def _asset(runtime: Runtime, files: Sequence[Path]) -> str:
    """Return what is looked at: an asset whose order book stands at the end of the recordings."""
    lines = replay(runtime, files, FASTEST, "usd").market.lines()
    found = next((line.instrument.base for line in lines if line.book.state is BookState.IN_STEP), "")
    if not found:
        raise InputError(
            f"none of {len(files)} recordings has an order book in step",
            hint="Give recordings with the changes of a book and one whole book among them.",
        )
    return found


def _words(speed: float) -> str:
    return "full speed" if speed == FASTEST else f"{speed:g}×"


async def _measured(runtime: Runtime, path: Path, files: Sequence[Path], asset: str, size: _Size) -> list[_Stood]:
    stalls = Stalls()
    await asyncio.sleep(size.stay)
    # What the machine itself gives to others.
    found = [_Stood("the loop without a window", 0, stalls.ended(), stalls.busiest)]
    for speed in size.speeds:
        async with (
            with_demo(runtime, path, size.scale) as watched,
            _replayed(runtime, watched.desk.workspace, files, speed),
        ):
            found += await _Walk(watched, asset, speed, size.stay).walked()
    return found


@asynccontextmanager
async def _replayed(runtime: Runtime, workspace: Workspace, files: Sequence[Path], speed: float) -> AsyncIterator[None]:
    """Replay the files again and again."""

    async def again() -> None:
        while True:
            live = LiveReplay(runtime, files, speed)
            await workspace.market_data.follow(live)
            while not await asyncio.to_thread(live.feed.wait, _LOOK):
                pass

    replaying = asyncio.create_task(again())
    try:
        yield
    finally:
        replaying.cancel()
        await asyncio.wait([replaying])


class _Walk:
    """Through the places that prices move."""

    def __init__(self, watched: Watched, asset: str, speed: float, stay: float) -> None:
        self._watched, self._asset, self._speed, self._stay = watched, asset, speed, stay
        self._found: list[_Stood] = []

    async def walked(self) -> Sequence[_Stood]:
        """Open each place and stay there; what a recording tells is there before anything is measured."""
        workspace, go = self._watched.desk.workspace, self._watched.desk.go
        await self._watched.until(lambda: bool(workspace.market_data.replayed_books(self._asset)), "An order book")
        await self._step("Overview", partial(go, "overview"))
        await self._step("Markets opens", partial(go, f"markets/{self._asset}"), self._has_candles)
        await self._step("Markets")
        await self._step("depth opens", partial(self._view, DEPTH), self._has_depth)
        await self._step("depth")
        await self._step("the book's table opens", self._turn, self._has_table)
        await self._step("the book's table")
        self._turn()
        await self._step("candles again", partial(self._view, CANDLES), self._has_candles)
        for word in ("", *(kind.word for kind in RISK_PANES[1:])):
            place = f"risk/{word}".strip("/")
            await self._step(place.replace("risk", "Risk"), partial(go, place))
        for place in _OTHERS:
            await self._step(f"{place} opens", partial(go, place), lambda: True)
        return self._found

    async def _step(
        self, step: str, act: Callable[[], object] | None = None, is_there: Callable[[], bool] | None = None
    ) -> None:
        """Do something and wait until it is there; stay for a while where what opens is not told by itself."""
        stalls = Stalls()
        # What is done has a beat before it.
        await asyncio.sleep(_BEAT)
        if act is not None:
            act()
        if is_there is not None:
            await self._watched.until(is_there, f"What was asked for ({step})")
        await self._watched.settled()
        await asyncio.sleep(_LOOK if is_there is not None else self._stay)
        longest = stalls.ended()
        self._found.append(_Stood(step, self._speed, longest, stalls.busiest))

    @property
    def _chart(self) -> MarketChart:
        screen = self._watched.desk.screen
        if not isinstance(screen, MarketsScreen):
            raise TypeError("Markets live is not what is shown.")
        return screen.chart

    def _view(self, kind: str) -> None:
        self._chart.kind.choose(kind)
        self._chart.kind.chosen.emit(kind)

    def _turn(self) -> None:
        self._chart.as_table.toggle()

    def _has_candles(self) -> bool:
        screen = self._watched.desk.screen
        plot = screen.chart.plot if isinstance(screen, MarketsScreen) else None
        return plot is not None and plot.isVisible()

    def _has_depth(self) -> bool:
        return self._chart.depth_plot.isVisible() and self._chart.depth_plot.book.is_known

    def _has_table(self) -> bool:
        return self._chart.table.isVisible()
