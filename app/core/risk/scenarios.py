"""Scenarios: what each asset might bring, one row an asset (contiguous), one column an outcome.

Where they come from is the model (history, filtered history, Monte Carlo); what is read off them is the same for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.core.errors import InputError
from app.core.risk.arrays import Flags, Floats, Moments, Scenario
from app.core.risk.basis import Basis, Coverage, Covered, Proxy
from app.core.risk.exposures import Book, book
from app.core.risk.returns import Kind, Returns

LEAST = 0.9
"""An asset that has fewer of the window's returns is new: it is proxied, or left out."""

_COMMON = 30
"""Below so many common returns, a beta is taken as 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Scenarios:
    """Outcomes of simple returns over a horizon.

    Attributes:
        by_asset: P × S; row i is contiguous, so that one asset's change costs one pass over S.
        at: Start of the bar of each outcome; empty where outcomes are drawn.
        since: Start of the first observation behind them.
        observations: How many bars of history are behind them.
    """

    assets: tuple[str, ...]
    by_asset: Scenario
    at: Moments
    method: str
    how: str
    since: int | None
    until: int | None
    observations: int
    horizon_days: int = 1
    left_out: tuple[str, ...] = ()
    proxied: tuple[Proxy, ...] = ()
    assumptions: tuple[str, ...] = ()

    @property
    def outcomes(self) -> int:
        """Return how many outcomes there are."""
        return int(self.by_asset.shape[1])

    def book(self, exposures: Mapping[str, float]) -> Book:
        """Return exposures in the order of these scenarios."""
        return book(exposures, self.assets)

    def gains(self, of: Book) -> Scenario:
        """Return gain or loss of a book in each outcome."""
        return gains_of(of.values, self.by_asset)

    def basis(self, of: Book, *, method: str = "", how: str = "", assumptions: Sequence[str] = ()) -> Basis:
        """Return the basis of a figure that is read off these scenarios for a book."""
        held = {asset for asset, value in zip(of.assets, of.values, strict=True) if value}
        return Basis(
            method=method or self.method,
            since=self.since,
            until=self.until,
            observations=self.observations,
            coverage=Coverage(
                of.gross,
                of.covered,
                tuple(asset for asset, _ in of.left_out),
                tuple(proxy for proxy in self.proxied if proxy.asset in held),
            ),
            how=how or self.how,
            assumptions=(*self.assumptions, *assumptions),
        )

    def market_basis(self, method: str, how: str, assumptions: Sequence[str] = ()) -> Basis:
        """Return the basis of a figure that is about these assets, whoever holds them."""
        count = len(self.assets)
        return Basis(
            method=method,
            since=self.since,
            until=self.until,
            observations=self.observations,
            coverage=Coverage(count + len(self.left_out), count, self.left_out, self.proxied, Covered.ASSETS),
            how=how,
            assumptions=(*self.assumptions, *assumptions),
        )

    def last(self, bars: int) -> Scenarios:
        """Return those of the last bars only."""
        if not 0 < bars <= self.outcomes or not self.at.size:
            raise InputError(
                f"{bars} bars are asked for, and the history has {self.at.size}", hint="Load a longer history."
            )
        at = self.at[-bars:]
        return replace(
            self, by_asset=self.by_asset[:, -bars:], at=at, since=int(at[0]), until=int(at[-1]), observations=bars
        )

    def own(self) -> Scenarios:
        """Return those of assets with a history of their own: a proxy's tell nothing of how two move together."""
        proxied = {one.asset: f"New asset: {one.told()}." for one in self.proxied}
        kept = [row for row, asset in enumerate(self.assets) if asset not in proxied]
        return replace(
            self,
            assets=tuple(self.assets[row] for row in kept),
            by_asset=np.ascontiguousarray(self.by_asset[kept], np.float64),
            left_out=(*self.left_out, *proxied),
            proxied=(),
            assumptions=tuple(one for one in self.assumptions if one not in proxied.values()),
        )

    @property
    def by_bar(self) -> Floats:
        """Return one row a bar, one column an asset."""
        return np.asarray(self.by_asset, np.float64).T

    def other(self, by_asset: Scenario, *, method: str, how: str, assumptions: Sequence[str] = ()) -> Scenarios:
        """Return other outcomes over the same history."""
        return replace(self, by_asset=by_asset, method=method, how=how, assumptions=(*self.assumptions, *assumptions))

    def without_order(self, horizon_days: int = 1) -> Scenarios:
        """Return the same as outcomes that were drawn, which have no moment."""
        return replace(self, horizon_days=horizon_days, at=self.at[:0])


def gains_of(values: Floats, by_asset: Scenario) -> Scenario:
    """Return the exposures' gains, in the precision of the scenarios."""
    if by_asset.dtype == np.float32:
        return np.asarray(np.matmul(values.astype(np.float32), by_asset), np.float32)
    return np.asarray(np.matmul(values, by_asset), np.float64)


def historical(  # noqa: PLR0913 - what an asset without a history is replaced by
    found: Returns,
    assets: Iterable[str],
    window: int,
    *,
    proxies: Mapping[str, str] | None = None,
    default_proxy: str = "",
    constant: Iterable[str] = (),
) -> Scenarios:
    """Return the last `window` bars as they were.

    An asset with less than 90 % of them takes its missing returns from its proxy, times beta; without a proxy it is
    left out. A single hole is filled with the median of the day. What is `constant`, such as the base currency
    itself, brings nothing.
    """
    if window < 1:
        raise InputError(f"a window of {window} bars is no history", hint="Give a positive number of bars.")
    some = (~np.isnan(found.values)).any(axis=1)
    rows = np.flatnonzero(some)[-window:]
    if not rows.size:
        raise InputError("no asset has two prices that follow each other", hint="Load a price history first.")
    values = np.expm1(found.values[rows]) if found.kind is Kind.LOG else found.values[rows]
    filling = _Filling(found, values, proxies or {}, default_proxy)
    wanted = dict.fromkeys(assets)
    still = frozenset(constant)
    columns = {one: np.zeros(rows.size) if one in still else filling.column(one) for one in wanted}
    taken = {one: column for one, column in columns.items() if column is not None}
    matrix = np.empty((len(taken), rows.size))
    for row, column in enumerate(taken.values()):
        matrix[row] = column
    at = found.at[rows]
    return Scenarios(
        assets=tuple(taken),
        by_asset=matrix,
        at=at,
        method=f"historical ({rows.size})",
        how=f"The book as it is now is put through each of the last {rows.size} bars; the worst of them are the tail.",
        since=int(at[0]),
        until=int(at[-1]),
        observations=int(rows.size),
        left_out=tuple(one for one, column in columns.items() if column is None),
        proxied=tuple(filling.proxied),
        assumptions=filling.told(),
    )


class _Filling:
    """Complete columns of returns, and the record of what had to be put in."""

    def __init__(self, found: Returns, window: Floats, proxies: Mapping[str, str], default_proxy: str) -> None:
        self._found, self._window, self._proxies, self._default = found, window, proxies, default_proxy
        self._medians: Floats | None = None
        self._filled: dict[str, int] = {}
        self._left_out: dict[str, int] = {}
        self.proxied: list[Proxy] = []

    def told(self) -> tuple[str, ...]:
        """Return what was assumed, a sentence each."""
        holes = [f"{asset}: {count}" for asset, count in sorted(self._filled.items())]
        proxied = [f"New asset: {proxy.told()}." for proxy in self.proxied]
        left = [
            f"Left out: {asset} has {count} of {self._window.shape[0]} returns, and nothing stands in for it."
            for asset, count in sorted(self._left_out.items())
        ]
        return (
            *proxied,
            *left,
            *([f"Holes filled with the median of their day ({', '.join(holes)})."] if holes else []),
        )

    def column(self, asset: str) -> Floats | None:
        """Return the returns of an asset over the window without a hole; None where it is left out."""
        own = self._own(asset)
        missing = np.isnan(own)
        if missing.mean() <= 1 - LEAST:
            return self._with_medians(asset, own, missing)
        name = self._proxies.get(asset, self._default)
        other = self._own(name)
        other_missing = np.isnan(other)
        if name == asset or other_missing.mean() > 1 - LEAST:
            self._left_out[asset] = int(own.size - missing.sum())
            return None
        whole = self._with_medians(name, other, other_missing)
        slope, is_estimated = beta(own, whole)
        count = int(own.size - missing.sum())
        self.proxied.append(Proxy(asset, name, slope, count, is_estimated))
        # A beta above one must not lose more than everything.
        return np.where(missing, np.maximum(slope * whole, -1.0), own)

    def _own(self, asset: str) -> Floats:
        if asset not in self._found.assets:
            return np.full(self._window.shape[0], np.nan)
        return self._window[:, self._found.assets.index(asset)]

    def _with_medians(self, asset: str, own: Floats, missing: Flags) -> Floats:
        if not missing.any():
            return own
        if self._medians is None:
            self._medians = np.nanmedian(self._window, axis=1)
        self._filled[asset] = int(missing.sum())
        return np.where(missing, self._medians, own)


def beta(own: Floats, other: Floats) -> tuple[float, bool]:
    """Return the slope of an asset's returns on another's, and whether it is estimated: 1 where too few are common."""
    common = ~(np.isnan(own) | np.isnan(other))
    x, y = other[common], own[common]
    spread = float(np.square(x - x.mean()).sum()) if x.size else 0.0
    if x.size < _COMMON or spread <= 0:
        return 1.0, False
    return float(((x - x.mean()) * (y - y.mean())).sum() / spread), True
