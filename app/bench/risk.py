"""Risk: the tail of a book whole, after a tick and with its parts, correlation, and Monte Carlo; pandas beside it."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy as np

from app.bench.figures import AT_LEAST, AT_MOST, Figure, best_of
from app.core.clock import DAY
from app.core.ports import Runtime
from app.core.risk.arrays import Floats
from app.core.risk.exposures import Book
from app.core.risk.live import LiveTail
from app.core.risk.metrics.contributions import contributions, what_if
from app.core.risk.metrics.covariance import EwmaCovariance, pearson, shrunk
from app.core.risk.metrics.monte_carlo import drawn
from app.core.risk.metrics.tail import tail
from app.core.risk.scenarios import Scenarios

_LEVELS = (0.975, 0.99)
_POSITIONS, _OUTCOMES = 500, 1_000
_ASSETS, _HOURS = 200, 8_760
_DRAWS, _FEW_DRAWS = 100_000, 5_000
_TICKS = 2_000


def run(runtime: Runtime, *, quick: bool) -> Sequence[Figure]:
    """Measure on made-up returns."""
    del runtime
    random = np.random.Generator(np.random.SFC64(9))
    pandas = _pandas()
    return [
        *_tails(random, pandas, 20 if quick else 300),
        *_related(random, pandas, _HOURS // 20 if quick else _HOURS),
        *_monte_carlo(random, _FEW_DRAWS if quick else _DRAWS),
    ]


def _pandas() -> Any:
    """Return pandas; None where it is not installed, which then has no figures beside ours."""
    try:
        return import_module("pandas")
    except ImportError:
        return None


def _tails(random: np.random.Generator, pandas: Any, rounds: int) -> Sequence[Figure]:
    scenarios = _scenarios(random, _POSITIONS, _OUTCOMES)
    of = scenarios.book(dict(zip(scenarios.assets, random.lognormal(9, 1, _POSITIONS).tolist(), strict=True)))
    live = LiveTail(scenarios, of, _LEVELS)
    size = f"{_POSITIONS} positions × {_OUTCOMES:,} scenarios"
    whole, simple = best_of(rounds, lambda: tail(scenarios, of, _LEVELS)), None
    if pandas is not None:
        frame, held = pandas.DataFrame(scenarios.by_bar), pandas.Series(of.values)
        simple = best_of(max(rounds // 10, 2), lambda: _by_pandas(frame, held))
    ticks = min(_TICKS, rounds * 10)
    rows, steps = random.integers(_POSITIONS, size=ticks).tolist(), random.normal(0, 50, ticks).tolist()
    one = best_of(3, lambda: _follow(live, of.values, rows, steps)) / ticks
    drift = live.recompute().drift
    parts = best_of(rounds, lambda: contributions(scenarios, of))
    trade = {scenarios.assets[7]: 5_000.0}
    kept = best_of(rounds, lambda: live.after(7, 5_000.0))
    return [
        Figure(f"VaR 99, ES 97.5, {size}", whole * 1e3, "ms", (AT_MOST, 0.5), "pandas", _thousand(simple)),
        Figure("the same after one tick", one * 1e6, "µs", (AT_MOST, 50), "pandas", _million(simple)),
        Figure("drift of ticks against a full computation", drift, "share", (AT_MOST, 1e-9)),
        Figure("with its parts by asset", (whole + parts) * 1e3, "ms", (AT_MOST, 1)),
        Figure("a trade before it is made", kept * 1e3, "ms", (AT_MOST, 0.1)),
        Figure("the same without what is kept", best_of(rounds, lambda: what_if(scenarios, of, trade)) * 1e3, "ms"),
    ]


def _by_pandas(frame: Any, held: Any) -> tuple[float, float]:
    gains = (frame * held).sum(axis=1)
    return -gains.quantile(0.01), -gains[gains <= gains.quantile(0.025)].mean()


def _follow(live: LiveTail, values: Floats, rows: Sequence[int], steps: Sequence[float]) -> None:
    for row, step in zip(rows, steps, strict=True):
        live.change(row, float(values[row]) + step)
        live.tails()


def _related(random: np.random.Generator, pandas: Any, bars: int) -> Sequence[Figure]:
    by_bar = _scenarios(random, _ASSETS, bars).by_bar
    frame = np.ascontiguousarray(by_bar)
    ours = best_of(15, lambda: pearson(frame))
    moving, bar = EwmaCovariance(_ASSETS), frame[0]
    update = best_of(5, lambda: _updates(moving, bar, 500)) / 500
    found = [Figure(f"EWMA covariance of {_ASSETS} assets, one bar", update * 1e6, "µs", (AT_MOST, 15))]
    name = f"correlation, {_ASSETS} assets × {bars:,} hours"
    if pandas is None:
        return [*found, Figure(name, ours * 1e3, "ms")]
    table = pandas.DataFrame(frame)
    simple = best_of(2, table.corr)
    return [
        *found,
        Figure(name, ours * 1e3, "ms", None, "pandas' corr", simple * 1e3),
        Figure("correlation, times as fast as pandas' corr", simple / ours, "×", (AT_LEAST, 60)),
    ]


def _updates(moving: EwmaCovariance, bar: Floats, count: int) -> None:
    for _ in range(count):
        moving.update(bar)


def _monte_carlo(random: np.random.Generator, draws: int) -> Sequence[Figure]:
    history = _scenarios(random, _ASSETS, 500)
    covariance, _ = shrunk(history.by_bar)
    kept = drawn(history, covariance, count=draws)
    of = Book(history.assets, random.lognormal(9, 1, _ASSETS))
    size = f"Monte Carlo, {draws:,} × {_ASSETS}"
    simple = best_of(1, lambda: random.multivariate_normal(np.zeros(_ASSETS), covariance, draws) @ of.values)
    return [
        Figure(size, best_of(2, lambda: drawn(history, covariance, count=draws)), "s", (AT_MOST, 1.5),
               "numpy's multivariate_normal", simple),
        Figure(f"{size}, another book over the same", best_of(5, lambda: tail(kept, of, _LEVELS)) * 1e3, "ms",
               (AT_MOST, 20)),
    ]  # fmt: skip


def _scenarios(random: np.random.Generator, assets: int, bars: int) -> Scenarios:
    market = random.standard_t(4, bars) * 0.02
    by_asset = np.ascontiguousarray(
        market * random.uniform(0.5, 1.5, (assets, 1)) + random.normal(0, 0.02, (assets, bars))
    )
    at = np.arange(bars, dtype=np.int64) * DAY
    return Scenarios(
        assets=tuple(f"asset-{number:03d}" for number in range(assets)),
        by_asset=np.maximum(by_asset, -1.0),
        at=at,
        method="made up",
        how="Drawn for the benchmark.",
        since=0,
        until=int(at[-1]),
        observations=bars,
    )


def _thousand(seconds: float | None) -> float | None:
    return None if seconds is None else seconds * 1e3


def _million(seconds: float | None) -> float | None:
    return None if seconds is None else seconds * 1e6
